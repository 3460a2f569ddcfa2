"""Argo Rollouts: the steps of a canary, and the analyses that judge it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.evidence.kubernetes.ways import key_place
from psfpolicy.evidence.nodes import at, entry, flag, items, number, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.rollout.analysis import analysed
from psfpolicy.evidence.rollout.judging import PERCENT, Judged, guarded
from psfpolicy.evidence.rollout.target import released
from psfpolicy.source import Mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node

GROUP = "argoproj.io"

_WHOLE = 100
_BY_HAND = "a person goes on from here; what they judge by is not in the manifest"
_NOTHING_HOLDS = "nothing holds the release at this weight: no pause and no analysis follows it"
_BOTH = "all of the traffic goes to the release at once"
_AUTOSCALERS = ("HorizontalPodAutoscaler", "ScaledObject")


class _Weight(NamedTuple):
    """How much of the traffic a step sends to the release."""

    node: Node
    held: bool
    """Something holds the release there."""


def rolled(item: Object, project: Project, origin: Origin) -> Iterator[Fact]:
    """Give how a Rollout releases, of each server that it releases."""
    whose = released(item, at(item.node, "spec", "workloadRef"), project)
    if whose is None:
        return
    workloads, lack = whose
    for workload in workloads:
        yield from guarded(_released(item, project, origin.of(workload)), lack)


def _released(item: Object, project: Project, origin: Origin) -> Iterator[Fact]:
    strategy = at(item.node, "spec", "strategy")
    canary, swap = at(strategy, "canary"), at(strategy, "blueGreen")
    if isinstance(swap, Mapping):
        yield from _swapped(swap, strategy or item.node, item, project, origin)
    elif isinstance(canary, Mapping):
        yield from _canary(canary, strategy or item.node, item, project, origin)
    else:
        yield origin.inconclusive(PERCENT, at(item.node, "kind") or item.node, "no strategy is written here")


def _swapped(swap: Node, holder: Node, item: Object, project: Project, origin: Origin) -> Iterator[Fact]:
    """Give what a blue-green release does: all of the traffic goes over at once, after what judges it before that."""
    yield origin.fact(PERCENT, _WHOLE, key_place(holder, "blueGreen"), shown=f"blueGreen: {_BOTH}")
    judged = Judged()
    for key in ("prePromotionAnalysis", "postPromotionAnalysis"):
        analysed(at(swap, key), item, project, judged)
    promoted = at(swap, "autoPromotionEnabled")
    if promoted is not None and flag(promoted) is not True:
        judged.unknown(promoted, _BY_HAND)
    yield from judged.facts(origin, key_place(holder, "blueGreen"))


def _canary(canary: Node, holder: Node, item: Object, project: Project, origin: Origin) -> Iterator[Fact]:
    steps, where = items(at(canary, "steps")), key_place(holder, "canary")
    written = entry(canary, "steps")
    if written is None or (not steps and at(canary, "steps") is not None and text(at(canary, "steps")) is None):
        yield origin.fact(PERCENT, _WHOLE, where, shown="canary without steps: a rolling update")
    else:
        yield from _percent(_first(steps), canary, item, project, origin)
    judged = Judged()
    analysed(at(canary, "analysis"), item, project, judged)
    for step in steps:
        _step(step, item, project, judged)
    yield from judged.facts(origin, where)


def _step(step: Node, item: Object, project: Project, judged: Judged) -> None:
    analysed(at(step, "analysis"), item, project, judged)
    pause = entry(step, "pause")
    if pause is not None and _is_endless(pause.value):
        judged.unknown(pause.key_place, _BY_HAND)
    for each in items(at(step, "experiment", "analyses")):
        analysed(each, item, project, judged)
    plugin = entry(step, "plugin")
    if plugin is not None:
        judged.unknown(plugin.key_place, "what the plugin judges by is not in the manifest")


def _is_endless(pause: Node) -> bool:
    """Say whether a pause lasts until somebody ends it."""
    duration = at(pause, "duration")
    return duration is None or text(duration) in {None, "0"}


def _first(steps: tuple[Node, ...]) -> _Weight | None:
    """Give the first weight above 0, and whether something holds it."""
    for index, step in enumerate(steps):
        node = at(step, "setWeight")
        if node is None or number(node) == 0:
            continue
        for later in steps[index + 1 :]:
            if at(later, "setWeight") is not None:
                break
            if any(entry(later, key) is not None for key in ("pause", "analysis", "experiment")):
                return _Weight(node, held=True)
        return _Weight(node, held=False)
    return None


def _percent(found: _Weight | None, canary: Node, item: Object, project: Project, origin: Origin) -> Iterator[Fact]:
    if found is None:
        node = at(canary, "steps") or canary
        yield origin.inconclusive(PERCENT, node, "no step says how much of the traffic the release meets")
        return
    weight = number(found.node)
    most = number(at(canary, "trafficRouting", "maxTrafficWeight"))
    if weight is None or weight < 0:
        placeholder = placeholder_in(text(found.node) or "")
        reason = f"`{placeholder}` is filled in elsewhere" if placeholder else "the weight is not a whole number"
        yield origin.inconclusive(PERCENT, found.node, reason)
    elif most is not None and most != _WHOLE:
        yield origin.inconclusive(PERCENT, found.node, f"the weight is one of {most}")
    elif weight >= _WHOLE:
        yield origin.fact(PERCENT, _WHOLE, found.node, shown=f"setWeight: {weight}")
    elif not found.held:
        yield origin.inconclusive(PERCENT, found.node, _NOTHING_HOLDS, shown=f"setWeight: {weight}")
    else:
        lack = "" if isinstance(at(canary, "trafficRouting"), Mapping) else _by_replicas(weight, item, project)
        if lack:
            yield origin.inconclusive(PERCENT, found.node, lack, shown=f"setWeight: {weight}")
        else:
            yield origin.fact(PERCENT, weight, found.node, shown=f"setWeight: {weight}")


def _by_replicas(weight: int, item: Object, project: Project) -> str:
    """Say why whole replicas may not come to a weight, where nothing routes by it; nothing where they do."""
    replicas = number(at(item.node, "spec", "replicas"))
    if replicas is None or item.name in project.once(_scaled):
        return "without `trafficRouting` it depends on how many replicas run, which changes"
    if not replicas > 0 or weight * replicas % _WHOLE:
        return f"without `trafficRouting` {weight} percent of {replicas} replicas is not a whole number of them"
    return ""


def _scaled(project: Project) -> frozenset[str]:
    """Give the names of what autoscalers scale."""
    return frozenset(
        text(at(each.node, "spec", "scaleTargetRef", "name")) or "" for each in project.of_kind(*_AUTOSCALERS)
    )
