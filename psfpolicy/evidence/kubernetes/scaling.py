"""How many replicas run and what adds more: the object's own count, autoscalers, disruption budgets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin, on_one_line
from psfpolicy.evidence.kubernetes import metrics
from psfpolicy.evidence.kubernetes.pods import makes_pods, template_of
from psfpolicy.evidence.kubernetes.serving import Server, alike, all_servers, selected, servers
from psfpolicy.evidence.kubernetes.values import count
from psfpolicy.evidence.nodes import at, entry, items, number, text
from psfpolicy.evidence.placeholders import placeholder_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.kubernetes.metrics import Measured
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node

MIN = "spec.serving.replicas.min"
MAX = "spec.serving.replicas.max"
METRIC = "spec.serving.autoscaling.metric"

_COUNTED = frozenset({"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout", "LeaderWorkerSet"})
_AUTOSCALERS = {
    ("autoscaling", "HorizontalPodAutoscaler"): ("minReplicas", "maxReplicas"),
    ("keda.sh", "ScaledObject"): ("minReplicaCount", "maxReplicaCount"),
    ("autoscaling.aibrix.ai", "PodAutoscaler"): ("minReplicas", "maxReplicas"),
}


def autoscales(item: Object) -> bool:
    """Say whether an object is an autoscaler."""
    return (item.group, item.kind) in _AUTOSCALERS


def is_budget(item: Object) -> bool:
    """Say whether an object is a disruption budget."""
    return item.group == "policy" and item.kind == "PodDisruptionBudget"


def own_count(server: Server, project: Project, origin: Origin) -> Iterator[Fact]:
    """Give how many copies an object asks for itself, unless an autoscaler of the evidence decides that."""
    item = _counting(server, project)
    if item.kind == "Pod":
        kind = at(item.node, "kind")
        if kind is not None:
            yield from (origin.fact(path, 1, kind, shown="kind: Pod") for path in (MIN, MAX))
        return
    if item.kind not in _COUNTED or any(True for _ in _scaling(item, project)):
        return
    written = at(item.node, "spec", "replicas")
    if entry(at(item.node, "spec"), "replicas") is not None and written is not None and text(written) is not None:
        yield from (count(origin, path, written, key="replicas") for path in (MIN, MAX))
    elif not server.pod.partial:
        where = at(item.node, "kind") or item.node
        reason = "no `replicas` is written, which is 1 unless an autoscaler that is not in the evidence sets another"
        yield from (origin.inferred(path, 1, where, reason) for path in (MIN, MAX))


def autoscaled(item: Object, project: Project, reader: str) -> Iterator[Fact]:
    """Give what an autoscaler says of the servers that it scales, and of none where it may scale one."""
    reference = at(item.node, "spec", "scaleTargetRef")
    known, lack = _target(item, project)
    origin = Origin(reader=reader, document=item.document, subject=item.title)
    if known is not None:
        for server in servers(template_of(known, project), project):
            yield from scaled(item, origin.of(server.workload))
    elif lack and reference is not None:
        measured = metrics.best(_measured(item))
        if measured is not None and measured.engine:
            for fact in scaled(item, origin):
                yield _weakened(fact, lack)
        else:
            yield from (origin.inconclusive(path, reference, lack) for path in (MIN, MAX, METRIC))


def budget(item: Object, project: Project, reader: str) -> Iterator[Fact]:
    """Give how many replicas a disruption budget counts on, where nothing else of the evidence says how many run."""
    written = at(item.node, "spec", "minAvailable")
    least = number(written)
    if written is None or least is None or least < 1:
        return
    for server in selected(at(item.node, "spec", "selector"), item.namespace, project):
        counting = _counting(server, project)
        if at(counting.node, "spec", "replicas") is None and not any(True for _ in _scaling(counting, project)):
            origin = Origin(reader=reader, document=item.document, subject=item.title, workload=server.workload)
            reason = "a disruption budget keeps as many available; how many run is not in the evidence"
            yield origin.inferred(MIN, least, written, reason)


def _counting(server: Server, project: Project) -> Object:
    """Give the object that says how many copies run: a Rollout that uses the template of another says it for that."""
    item = server.pod.item
    for rollout in project.of_kind("Rollout"):
        if rollout.node is not item.node and template_of(rollout, project).node is item.node:
            return rollout
    return item


def _scaling(item: Object, project: Project) -> Iterator[Object]:
    """Give the autoscalers of the evidence whose target is an object."""
    yield from scalers_of(item.kind, item.name, item.namespace, project)


def scalers_of(kind: str, name: str, namespace: str, project: Project) -> Iterator[Object]:
    """Give the autoscalers of the evidence whose target has a kind and a name."""
    for scaler in project.once(_by_target).get((kind, name), ()):
        if alike(scaler.namespace, namespace):
            yield scaler


def _by_target(project: Project) -> dict[tuple[str, str], list[Object]]:
    found: dict[tuple[str, str], list[Object]] = {}
    for group, kind in _AUTOSCALERS:
        for scaler in project.of_kind(kind):
            reference = at(scaler.node, "spec", "scaleTargetRef")
            name = text(at(reference, "name"))
            if scaler.group == group and name:
                found.setdefault((text(at(reference, "kind")) or "Deployment", name), []).append(scaler)
    return found


def _target(item: Object, project: Project) -> tuple[Object | None, str]:
    """Give the object that an autoscaler scales, else why that may be one that serves a model; neither where not."""
    reference = at(item.node, "spec", "scaleTargetRef")
    kind, name = text(at(reference, "kind")) or "Deployment", text(at(reference, "name")) or ""
    known = project.named(kind, name, item.namespace)
    if known is not None:
        return (known if makes_pods(known) else None), ""
    placeholder = placeholder_in(name)
    if placeholder:
        return None, f"the name of what it scales, `{placeholder}`, is filled in elsewhere"
    if name and not all_servers(project):
        return None, f"what it scales, the {kind} `{name}`, is not in the evidence"
    return None, ""


def scaled(item: Object, origin: Origin) -> Iterator[Fact]:
    """Give what an autoscaler says of what it scales."""
    least, most = _AUTOSCALERS[item.group, item.kind]
    spec = at(item.node, "spec")
    lowest, highest = at(spec, least), at(spec, most)
    where = at(item.node, "kind") or item.node
    whole = at(spec, "scaleTargetRef") is not None
    keda = item.kind == "ScaledObject"
    if lowest is not None and text(lowest) is not None:
        yield count(origin, MIN, lowest, key=least)
    elif whole and item.kind == "PodAutoscaler":
        yield origin.inconclusive(MIN, where, f"no `{least}`: the autoscaler's own default holds")
    elif whole:
        # The API's defaults: an HPA keeps one replica, KEDA keeps none.
        yield origin.fact(MIN, 1, where, shown=f"no {least}")
    if highest is not None and text(highest) is not None:
        yield count(origin, MAX, highest, key=most)
    elif whole and keda:
        yield origin.fact(MAX, 100, where, shown=f"no {most}")
    yield from _metric(item, origin, where, whole=whole)


def _metric(item: Object, origin: Origin, where: Node, *, whole: bool) -> Iterator[Fact]:
    found = tuple(_measured(item))
    measured = metrics.best(found)
    if measured is None:
        if whole and item.kind == "HorizontalPodAutoscaler":
            yield origin.fact(METRIC, "cpu", where, shown="no metrics")
        return
    written = text(measured.node) or ""
    if not measured.metric:
        placeholder = placeholder_in(written)
        reason = f"`{placeholder}` is filled in elsewhere" if placeholder else "what it measures is not known"
        yield origin.inconclusive(METRIC, measured.node, reason, shown=" ".join(written.split())[:200])
    elif measured.metric == "cpu" and any(not other.metric for other in found):
        yield origin.inferred(METRIC, "cpu", measured.node, "beside it stands a metric that is not known")
    elif measured.guessed:
        shown = " ".join(written.split())[:200]
        yield origin.inferred(
            METRIC, measured.metric, measured.node, "a word in the metric's name says so", shown=shown
        )
    else:
        yield origin.fact(METRIC, measured.metric, measured.node, shown=" ".join(written.split())[:200])


def _measured(item: Object) -> Iterator[Measured]:
    spec = at(item.node, "spec")
    if item.kind == "ScaledObject":
        for trigger in items(at(spec, "triggers")):
            yield from _trigger(trigger)
        return
    if item.kind == "PodAutoscaler":
        for source in items(at(spec, "metricsSources")):
            name = at(source, "targetMetric")
            if name is not None:
                yield metrics.named(text(name) or "", name)
        return
    percentage = at(spec, "targetCPUUtilizationPercentage")
    if percentage is not None:
        yield metrics.Measured(percentage, "cpu")
    for metric in items(at(spec, "metrics")):
        yield from _hpa_metric(metric)


def _hpa_metric(metric: Node) -> Iterator[Measured]:
    for key in ("resource", "containerResource"):
        # autoscaling/v2 and v2beta1 write the name of a resource alike.
        resource = at(metric, key, "name")
        if resource is not None:
            yield metrics.Measured(resource, "cpu" if text(resource) == "cpu" else "")
    for key in ("pods", "object", "external"):
        part = at(metric, key)
        name = at(part, "metric", "name") or at(part, "metricName")
        if name is not None:
            yield metrics.named(text(name) or "", name)


def _trigger(trigger: Node) -> Iterator[Measured]:
    kind = at(trigger, "type")
    details = at(trigger, "metadata")
    query = at(details, "query")
    if kind is None:
        return
    if query is not None and text(kind) in {"prometheus", "predictkube"}:
        yield metrics.queried(text(query) or "", query)
        return
    known = metrics.triggered(text(kind) or "", kind)
    name = at(details, "metricName") or at(details, "valueLocation")
    if not known.metric and name is not None:
        yield metrics.named(text(name) or "", name)
    else:
        yield known


def _weakened(fact: Fact, reason: str) -> Fact:
    return fact if fact.certainty == "inconclusive" else replace(fact, certainty="inferred", reason=on_one_line(reason))
