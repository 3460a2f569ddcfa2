"""Flagger: the weights of a canary, the checks that judge it, and the hooks that stop it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from psfpolicy.evidence.kubernetes.ways import key_place
from psfpolicy.evidence.nodes import at, flag, items, number, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.rollout.judging import PERCENT, Judged, guarded
from psfpolicy.evidence.rollout.target import released
from psfpolicy.evidence.tables import table
from psfpolicy.source import Mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Entry, Node

GROUP = "flagger.app"

_WHOLE = 100
_NOTHING = re.compile(r"-.*|\+?[0.]+(?:[eE].*)?")
_HOOK = "what the hook judges by is not in the manifest"


def rolled(item: Object, project: Project, origin: Origin) -> Iterator[Fact]:
    """Give how a Canary releases, of each server that it releases."""
    whose = released(item, at(item.node, "spec", "targetRef"), project)
    if whose is None or at(item.node, "spec", "targetRef") is None:
        return
    workloads, lack = whose
    for workload in workloads:
        yield from guarded(_released(item, project, origin.of(workload)), lack)


def _released(item: Object, project: Project, origin: Origin) -> Iterator[Fact]:
    spec = at(item.node, "spec")
    analysis = at(spec, "analysis") if at(spec, "analysis") is not None else at(spec, "canaryAnalysis")
    skipped = at(spec, "skipAnalysis")
    where = skipped or at(item.node, "kind") or item.node
    if skipped is not None and flag(skipped) is not False:
        yield from _skipped(skipped, origin)
        return
    if not isinstance(analysis, Mapping):
        yield origin.inconclusive(PERCENT, where, "no analysis is written here")
        return
    yield from _percent(spec, analysis, origin)
    judged = Judged()
    for metric in items(at(analysis, "metrics")):
        _metric(metric, item, project, judged)
    for hook in items(at(analysis, "webhooks")):
        _hook(hook, judged)
    key = "analysis" if at(spec, "analysis") is not None else "canaryAnalysis"
    yield from judged.facts(origin, key_place(spec or item.node, key))


def _skipped(node: Node, origin: Origin) -> Iterator[Fact]:
    if flag(node) is True:
        yield origin.fact(PERCENT, _WHOLE, node, shown="skipAnalysis: true")
        yield from Judged().facts(origin, node)
    else:
        judged = Judged()
        judged.unknown(node, "it is filled in elsewhere whether the analysis is skipped")
        yield origin.inconclusive(PERCENT, node, judged.open[0][1])
        yield from judged.facts(origin, node)


def _percent(spec: Node | None, analysis: Node, origin: Origin) -> Iterator[Fact]:
    weights = items(at(analysis, "stepWeights"))
    node = weights[0] if weights else at(analysis, "stepWeight")
    rounds = at(analysis, "iterations")
    if rounds is not None and at(analysis, "match") is not None:
        yield origin.inconclusive(PERCENT, rounds, "what requests say decides which of them the release meets")
    elif node is None or (text(at(spec, "provider")) == "kubernetes"):
        where = rounds or node or next((entry.value for entry in _members(analysis)), analysis)
        yield origin.fact(PERCENT, _WHOLE, where, shown="all of the traffic goes to the release at once")
    else:
        weight = number(node)
        if weight is None or weight < 1:
            placeholder = placeholder_in(text(node) or "")
            reason = f"`{placeholder}` is filled in elsewhere" if placeholder else "the weight is not a whole number"
            yield origin.inconclusive(PERCENT, node, reason)
        else:
            yield origin.fact(PERCENT, min(weight, _WHOLE), node, shown=f"stepWeight: {weight}")


def _members(node: Node) -> Iterator[Entry]:
    yield from node.entries if isinstance(node, Mapping) else ()


def _metric(metric: Node, item: Object, project: Project, judged: Judged) -> None:
    name = at(metric, "name")
    bounds = {key: text(at(metric, "thresholdRange", key)) for key in ("min", "max")}
    # A range takes the place of the older bound, also where it sets no bound of this kind.
    old = None if isinstance(at(metric, "thresholdRange"), Mapping) else text(at(metric, "threshold"))
    row = table("rollout")["flagger"]["rows"].get(text(name) or "")
    reference, query = at(metric, "templateRef", "name"), at(metric, "query")
    if name is None or not (any(bounds.values()) or old):
        return
    if reference is not None:
        space = text(at(metric, "templateRef", "namespace")) or item.namespace
        template = project.named("MetricTemplate", text(reference) or "", space)
        query = at(template.node, "spec", "query") if template is not None else None
        if query is None or not text(query):
            judged.unknown(reference, f"the MetricTemplate `{text(reference)}` is not in the evidence")
            return
    if query is not None and text(query):
        judged.query(text(query) or "", query)
    elif row is None:
        judged.unknown(name, "nothing says what it measures")
    elif _binds(bounds.get(row["bound"]) or old, row["bound"]):
        judged.measures(row["criterion"], name)


def _binds(bound: str | None, kind: str) -> bool:
    """Say whether a bound refuses anything: none does, and neither does the least of all rates."""
    if bound is None:
        return False
    return kind == "max" or not _NOTHING.fullmatch(bound)


def _hook(hook: Node, judged: Judged) -> None:
    known = table("rollout")["webhooks"]
    kind, command = text(at(hook, "type")) or known["usual"], text(at(hook, "metadata", "cmd")) or ""
    where = at(hook, "name") or at(hook, "url") or hook
    if kind not in known["rows"]:
        return
    if not command.lstrip().startswith(tuple(known["load"])):
        judged.unknown(where, _HOOK)
