"""Analyses of Argo Rollouts: what their metrics measure, and whether they can fail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from psfpolicy.evidence.nodes import at, entries, flag, items, number, text
from psfpolicy.evidence.placeholders import placeholder_in, template_in
from psfpolicy.evidence.tables import table
from psfpolicy.source import Mapping

if TYPE_CHECKING:
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.evidence.rollout.judging import Judged
    from psfpolicy.source import Node

_THRESHOLD = "the condition is filled in elsewhere"
_IN_A_ROW = "it waits for successes in a row, and how that ends is not worked out here"
_UNDECIDED = "neither condition may hold, and what that comes to is not worked out here"
_MOST = 100
_ENDS = re.compile(r"\s*(?:exit\s+0|true|:|echo\b[^;&|\n]*)\s*;?\s*(?:exit\s+0)?\s*")


def analysed(analysis: Node | None, item: Object, project: Project, judged: Judged) -> None:
    """Add what an analysis judges a release by.

    Args:
        analysis: What names its templates, as a step or a strategy does; None for none.
        item: The object that it stands in.
        project: The evidence.
        judged: What is added to.
    """
    specs: dict[int, Node] = {}
    named = [*items(at(analysis, "templates")), *([analysis] if at(analysis, "templateName") is not None else [])]
    for reference in named:
        if reference is not None:
            _collect(reference, item, project, judged, specs)
    # All templates of an analysis are one: what one of them measures another may set aside.
    dry = [each for holder in (analysis, *specs.values()) for each in _dry(holder)]
    for spec in specs.values():
        for metric in items(at(spec, "metrics")):
            _metric(metric, judged, dry)


def _collect(reference: Node, item: Object, project: Project, judged: Judged, specs: dict[int, Node]) -> None:
    """Add the template that is referred to, and those that it refers to, each once."""
    name = at(reference, "templateName")
    if name is None or not text(name):
        return
    clustered = flag(at(reference, "clusterScope")) is True
    kind = "ClusterAnalysisTemplate" if clustered else "AnalysisTemplate"
    found = project.named(kind, text(name) or "", "" if clustered else item.namespace)
    if found is None:
        called = placeholder_in(text(name) or "") or text(name)
        judged.unknown(name, f"the {kind} `{called}` is not in the evidence")
        return
    spec = at(found.node, "spec")
    if spec is None or id(spec) in specs or len(specs) >= _MOST:
        return
    specs[id(spec)] = spec
    for each in items(at(spec, "templates")):
        _collect(each, found, project, judged, specs)


def _dry(node: Node | None) -> tuple[Node, ...]:
    """Give the names, as patterns, of metrics that are measured and decide nothing."""
    found = (at(each, "metricName") for each in items(at(node, "dryRun")))
    return tuple(each for each in found if each is not None)


def _metric(metric: Node, judged: Judged, dry: list[Node]) -> None:
    name = text(at(metric, "name")) or ""
    if any(_matches(text(each) or "", name) for each in dry):
        judged.nothing(_deciding(metric))
        return
    if cannot_fail(metric):
        _held(metric, judged)
        return
    limits = [at(metric, key) for key in ("failureLimit", "count")]
    conditions = [text(at(metric, key)) or "" for key in ("successCondition", "failureCondition")]
    open_ = _THRESHOLD if any(template_in(each) for each in conditions) else ""
    filled = next((each for each in limits if each is not None and number(each) is None), None)
    if filled is not None:
        judged.unknown(filled, "it is filled in elsewhere when the metric fails")
        return
    queries = table("rollout")["providers"]["queries"]
    for provider in entries(at(metric, "provider")):
        query = at(provider.value, queries.get(provider.key, ""))
        if query is not None and text(query):
            judged.query(text(query) or "", query, open_)
        elif provider.key != "job" or not _does_nothing(provider.value):
            judged.unknown(provider.key_place, f"what `{provider.key}` measures is not in the manifest")


def _held(metric: Node, judged: Judged) -> None:
    """Leave open what a metric that never fails a release may still hold it by."""
    row = at(metric, "consecutiveSuccessLimit")
    if row is not None and number(row) != 0:
        judged.unknown(row, _IN_A_ROW)
    elif by_condition(metric, "success") and at(metric, "failureCondition") is not None:
        judged.unknown(at(metric, "successCondition") or metric, _UNDECIDED)
    else:
        judged.nothing(_deciding(metric))


def _deciding(metric: Node) -> Node:
    """Give what would decide a metric, to say there that it decides nothing."""
    said = (at(metric, key) for key in ("successCondition", "failureCondition", "name"))
    return next((node for node in said if node is not None), metric)


def cannot_fail(metric: Node) -> bool:
    """Say whether a metric of an analysis never fails a release, whatever it measures."""
    if not _asks(metric):
        return True
    limit, count = number(at(metric, "failureLimit")), number(at(metric, "count"))
    if limit is None:
        return False
    # As many failures are let pass as there are measurements; without an interval there is one.
    once = None if text(at(metric, "interval")) else 1
    measured = count if count is not None and count > 0 else once
    return limit < 0 or (measured is not None and limit >= measured)


def _asks(metric: Node) -> bool:
    """Say whether something that is measured fails: by a condition, or by what measures it.

    With both conditions only the one of failure fails a measurement; without one it is taken as it comes.
    """
    rows = table("rollout")["providers"]
    used = {each.key for each in entries(at(metric, "provider"))}
    if used & set(rows["verdicts"]):
        return True
    if text(at(metric, "failureCondition")):
        return by_condition(metric, "failure")
    if text(at(metric, "successCondition")):
        return by_condition(metric, "success")
    return bool(used & set(rows["errors"]))


def by_condition(metric: Node, kind: str) -> bool:
    """Say whether a condition may fail a measurement: it is written, and does not always come to the same."""
    written = "".join((text(at(metric, f"{kind}Condition")) or "").split())
    harmless = table("rollout")["conditions"]["always" if kind == "success" else "never"]
    return bool(written) and written not in harmless


def _matches(pattern: str, name: str) -> bool:
    """Say whether a pattern occurs anywhere in a name, as Go's `regexp.MatchString` has it."""
    try:
        return re.search(pattern[:200], name[:200]) is not None
    except (re.error, RecursionError, OverflowError):
        return True


def _does_nothing(job: Node) -> bool:
    """Say whether a Job only runs a script that always succeeds."""
    containers = items(at(job, "spec", "template", "spec", "containers"))
    if not containers or not isinstance(job, Mapping):
        return False
    for each in containers:
        words = [text(part) or "" for key in ("command", "args") for part in items(at(each, key))]
        if not words or not _ENDS.fullmatch(words[-1][:500]):
            return False
    return True
