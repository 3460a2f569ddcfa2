"""Alerts: rules of Prometheus that tell somebody. A rule that records tells nobody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from psfpolicy.evidence.inside import embedded
from psfpolicy.evidence.kubernetes.ways import key_place
from psfpolicy.evidence.nodes import at, entries, items, text
from psfpolicy.evidence.observing.promql import read
from psfpolicy.evidence.observing.signals import watched
from psfpolicy.evidence.placeholders import template_in
from psfpolicy.evidence.tables import table
from psfpolicy.source import Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.project import Object
    from psfpolicy.model.fact import Certainty, Fact
    from psfpolicy.model.place import JsonValue, Place
    from psfpolicy.source import Node

ALERTS = "spec.observability.alerts"

_LONG = re.compile(r"\s*(?:\d{4,}h|\d{2,}d|\d{1,}[wy]).*")
# Keys that only rules which alert may have: Prometheus refuses the file otherwise.
_OF_ALERTS = ("annotations", "for", "keep_firing_for")
_NO_ALERT = "it is written as an alert is, and has no `alert`: Prometheus refuses the file, with every alert in it"
_CHART = "values of a chart: what it makes of them is not in the evidence"


def is_rules(item: Object) -> bool:
    """Say whether an object holds rules of Prometheus."""
    return item.kind in table("alerts")["kinds"]["rules"].get(item.group, ())


def may_hold_rules(item: Object) -> bool:
    """Say whether a ConfigMap holds something that looks like rules."""
    return (item.group, item.kind) == ("", "ConfigMap") and any(
        _looks_like_rules(each.value) for each in entries(at(item.node, "data"))
    )


def has_groups(node: Node | None) -> bool:
    """Say whether a map is a file of rules: groups with a name and rules."""
    groups = items(at(node, "groups"))
    return bool(groups) and all(text(at(each, "name")) is not None and at(each, "rules") is not None for each in groups)


def rules_of(item: Object) -> Iterator[Node]:
    """Give the maps of an object that have groups of rules."""
    if is_rules(item):
        spec = at(item.node, "spec")
        yield from (spec,) if spec is not None else ()
        return
    for each in entries(at(item.node, "data")):
        if _looks_like_rules(each.value) and isinstance(each.value, Scalar):
            yield from (document.root for document in embedded(each.value) or () if has_groups(document.root))


def values_rules(root: Node) -> Iterator[Node]:
    """Give the maps in the values of a chart that have groups of rules."""
    if at(root, "kind") is not None or not isinstance(root, Mapping):
        return
    for holder in (root, *(each.value for each in entries(root))):
        for each in entries(holder):
            if each.key in table("alerts")["charts"]["rules"]:
                yield from (inner.value for inner in entries(each.value) if has_groups(inner.value))


def alerts(holder: Node, origin: Origin, *, chart: bool = False) -> Iterator[Fact]:
    """Give the alerts among the rules of a map that has groups of them."""
    for group in items(at(holder, "groups")):
        for rule in items(at(group, "rules")):
            name = at(rule, "alert")
            if name is not None and text(name):
                yield _alert(rule, name, origin, chart=chart)
            elif name is None and any(at(rule, key) is not None for key in _OF_ALERTS):
                yield origin.inconclusive(ALERTS, at(rule, "record") or rule, _NO_ALERT)


def _alert(rule: Node, name: Node, origin: Origin, *, chart: bool) -> Fact:
    title, query = text(name) or "", at(rule, "expr")
    shown = f"alert: {title}"
    written = text(query)
    if template_in(title):
        return origin.inconclusive(ALERTS, name, f"`{template_in(title)}` is filled in elsewhere")
    lack = watched(written or "").idle if (written or "").strip() else "it has no `expr`"
    if lack:
        return origin.inconclusive(
            ALERTS, query or name, f"the alert can never fire: {lack}", item={"name": title}, shown=shown
        )
    found = watched(written or "")
    value: dict[str, JsonValue] = {"name": title}
    owner = text(at(rule, "labels", "owner"))
    if owner and not template_in(owner):
        value["owner"] = owner
    reason = found.reason or (_CHART if chart else "")
    if found.signal:
        value["signal"] = found.signal
        reason = reason or _doubtful(written or "", rule)
    where: Node | Place = query if query is not None and found.signal else name
    if not owner and found.signal:
        # What it lacks is looked for at its labels.
        where = key_place(rule, "labels") if at(rule, "labels") is not None else where
    certainty: Certainty = "inferred" if reason else "certain"
    return origin.fact(ALERTS, value, where, item=True, certainty=certainty, reason=reason, shown=shown)


def _doubtful(written: str, rule: Node) -> str:
    if not read(written).compares:
        return "it compares what it measures with nothing"
    lasting = at(rule, "for")
    return "it fires only after days" if lasting is not None and _LONG.fullmatch(text(lasting) or "") else ""


def _looks_like_rules(node: Node) -> bool:
    return (
        isinstance(node, Scalar) and isinstance(node.value, str) and "groups:" in node.value and "rules:" in node.value
    )
