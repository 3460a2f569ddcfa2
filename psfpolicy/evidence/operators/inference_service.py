"""KServe's InferenceService with the ServingRuntime that it uses, and runtimes that nothing of the evidence uses."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from psfpolicy.evidence.edits import entry_at, mapping, scalar
from psfpolicy.evidence.kubernetes import metrics
from psfpolicy.evidence.kubernetes.exposure import EXPOSURE
from psfpolicy.evidence.kubernetes.scaling import MAX, METRIC, MIN
from psfpolicy.evidence.kubernetes.values import count, unreadable
from psfpolicy.evidence.kustomize.merging import CannotBeMergedError, merged
from psfpolicy.evidence.nodes import at, entries, flag, items, text
from psfpolicy.evidence.operators.addresses import MODEL, SOURCE, address_facts
from psfpolicy.evidence.operators.part import Part, chosen, listed
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.tables import table
from psfpolicy.source import Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node

GROUP = "serving.kserve.io"
ORCHESTRATOR = "spec.serving.orchestrator"
CANARY = "spec.release.canary.percent"

_RUNTIMES = ("ServingRuntime", "ClusterServingRuntime")
_GUESSED = "the engine is guessed by the name of a runtime that is not in the evidence"
_UNUSED = "a runtime says it; which services use it is not in the evidence"
_THROUGH = "clients come through the gateway of KServe, and from where that is reached is not in the evidence"
_STORED = "the place of the weights stands in a storage configuration, which is not in the evidence"


def _service(item: Object, project: Project) -> Iterator[Part]:
    predictor = at(item.node, "spec", "predictor")
    model = _model(predictor)
    own = partial(_own, item, predictor, model)
    if model is None:
        lack = "" if items(at(predictor, "containers")) else "the predictor has no model and no container"
        yield Part(item=item, pod=_pod(predictor, ()), labels=_labels(item, predictor), own=own, lack=lack)
        return
    runtime, lack = _runtime(model, item, project)
    engine = _engine(model) if runtime is None else ""
    spec = at(runtime.node, "spec") if runtime is not None else None
    try:
        pod = _merged(spec, predictor, model)
    except CannotBeMergedError:
        lack, pod = "the service and its runtime merge in a way that is not worked out here", None
    yield Part(item=item, pod=pod, labels=_labels(item, predictor), own=own, lack=lack, engine=engine, guess=_GUESSED)


def _engine(model: Node) -> str:
    """Give the engine that a runtime has by its name, or by the format of the model."""
    names = (text(at(model, "runtime")) or "", text(at(model, "modelFormat", "name")) or "")
    known = table("operators")["formats"]["rows"]
    return next((engine for name in names for word, engine in known.items() if word in name.lower()), "")


def _labels(item: Object, predictor: Node | None) -> Node:
    """Give the labels of the pods: those of the service, and those by which KServe knows them."""
    like = at(item.node, "kind") or item.node
    given = dict(table("operators")["kserve_labels"]["rows"]) | {f"{GROUP}/inferenceservice": item.name}
    own = (*entries(at(item.node, "metadata", "labels")), *entries(at(predictor, "labels")))
    return mapping((*own, *(entry_at(key, scalar(value, like)) for key, value in given.items())), like)


def _serving_runtime(item: Object, project: Project) -> Iterator[Part]:
    if id(item.node) in project.once(_used) or flag(at(item.node, "spec", "disabled")):
        return
    pod = _pod(at(item.node, "spec"), ())
    yield Part(item=item, pod=pod, lack=_UNUSED, doubt=_UNUSED, serves=False)


def _used(project: Project) -> frozenset[int]:
    """Give the runtimes that services of the evidence use, by `id` of their nodes."""
    found = set()
    for item in project.of_kind("InferenceService"):
        model = _model(at(item.node, "spec", "predictor"))
        runtime = _runtime(model, item, project)[0] if model is not None else None
        if runtime is not None:
            found.add(id(runtime.node))
    return frozenset(found)


def _model(predictor: Node | None) -> Node | None:
    """Give the model of a predictor, which older manifests write below the name of its framework."""
    for key in ("model", *table("operators")["frameworks"]["rows"]):
        found = at(predictor, key)
        if isinstance(found, Mapping):
            return found
    return None


def _runtime(model: Node, item: Object, project: Project) -> tuple[Object | None, str]:
    """Give the runtime that a model names, and why it is not known where it is not."""
    name = text(at(model, "runtime")) or ""
    if not name:
        return None, "no runtime is named, so the cluster chooses one by the format of the model"
    placeholder = placeholder_in(name)
    if placeholder:
        return None, f"the name of the runtime, `{placeholder}`, is filled in elsewhere"
    found = project.named(_RUNTIMES[0], name, item.namespace) or project.named(_RUNTIMES[1], name)
    return found, "" if found is not None else f"the runtime `{name}` is not in the evidence"


def _merged(spec: Node | None, predictor: Node | None, model: Node) -> Node | None:
    """Give the pod that KServe makes: the runtime's, the predictor's over it, the model's container over the runtime's.

    Arguments stand behind each other, all else is a strategic merge (kserve: MergeRuntimeContainers, MergePodSpec).
    """
    known = table("operators")["containers"]["rows"]
    runtimes = items(at(spec, "containers"))
    main = next((node for node in runtimes if text(at(node, "name")) == known["runtime"]), None)
    main = main if main is not None else (runtimes[0] if runtimes else None)
    keys = (each for each in entries(model) if each.key not in table("operators")["model_keys"]["rows"])
    over = mapping((each for each in keys if each.key != "name"), model)
    first = main if main is not None else mapping((entry_at("name", scalar(known["runtime"], model)),), model)
    container = merged(first, over, known=True)
    if not isinstance(container, Mapping):
        return None
    words = (*items(at(first, "args")), *items(at(over, "args")))
    if words:
        container = mapping((*container.entries, entry_at("args", listed(words, words[0]))), container)
    container = _versioned(container, at(model, "runtimeVersion"))
    others = [node for node in runtimes if node is not main]
    base, top = _pod(spec, ()), _pod(predictor, ())
    pod = merged(base, top, known=True) if base is not None and top is not None else top or base
    beside = [node for node in items(at(predictor, "containers")) if text(at(node, "name")) != known["runtime"]]
    return _pod(pod, (container, *others, *beside))


def _versioned(container: Mapping, version: Node | None) -> Mapping:
    """Give a container whose image has the tag that `runtimeVersion` says."""
    image = text(at(container, "image"))
    if version is None or not text(version) or not image:
        return container
    name, slash, last = image.partition("@")[0].rpartition("/")
    tagged = f"{name}{slash}{last.partition(':')[0]}:{text(version)}"
    return mapping((*container.entries, entry_at("image", scalar(tagged, version))), container)


def _pod(node: Node | None, containers: tuple[Node, ...]) -> Node | None:
    """Give the keys of a pod's specification that a predictor or a runtime has beside its own."""
    if not isinstance(node, Mapping):
        return None
    found = list(chosen(node, table("operators")["pod_keys"]["rows"]))
    if containers:
        found = [each for each in found if each.key != "containers"]
        found.append(entry_at("containers", listed(containers, containers[0])))
    return mapping(found, node)


def _own(item: Object, predictor: Node | None, model: Node | None, origin: Origin) -> Iterator[Fact]:
    kind = at(item.node, "kind") or item.node
    yield origin.fact(ORCHESTRATOR, "kserve", kind)
    yield from _weights(predictor, model, origin)
    yield from _replicas(predictor, kind, origin, whole=model is not None or bool(items(at(predictor, "containers"))))
    yield from _metric(item, predictor, kind, origin)
    percent = at(predictor, "canaryTrafficPercent")
    if percent is not None and text(percent) is not None:
        yield _share(percent, origin)
    yield _exposure(item, kind, origin)
    yield from _workers(at(predictor, "workerSpec"), origin)


def _weights(predictor: Node | None, model: Node | None, origin: Origin) -> Iterator[Fact]:
    address = at(model, "storageUri") or at(predictor, "storageUris", 0, "uri")
    if address is None:
        variables = (node for each in items(at(predictor, "containers")) for node in items(at(each, "env")))
        address = next((at(node, "value") for node in variables if text(at(node, "name")) == "STORAGE_URI"), None)
    stored = at(model, "storage")
    if address is not None and text(address):
        yield from address_facts(address, origin)
    elif isinstance(stored, Mapping):
        where = at(stored, "path") or at(stored, "key") or stored
        for path in (MODEL, SOURCE):
            yield origin.inconclusive(path, where, _STORED)


def _replicas(predictor: Node | None, kind: Node, origin: Origin, *, whole: bool) -> Iterator[Fact]:
    least, most = at(predictor, "minReplicas"), at(predictor, "maxReplicas")
    if least is not None and text(least) is not None:
        yield count(origin, MIN, least, key="minReplicas")
    elif not whole:
        yield origin.inconclusive(MIN, kind, "no `minReplicas` is written here, which is a part of a service")
    else:
        yield origin.inferred(MIN, 1, kind, "no `minReplicas` is written, which is 1 unless the cluster says otherwise")
    if most is not None and text(most) not in {None, "0"}:
        yield count(origin, MAX, most, key="maxReplicas")
    else:
        yield origin.inconclusive(MAX, most or kind, "no `maxReplicas`: the autoscaler of the cluster sets the bound")


def _metric(item: Object, predictor: Node | None, kind: Node, origin: Origin) -> Iterator[Fact]:
    known = table("operators")["scale_metrics"]["rows"]
    written = at(predictor, "scaleMetric")
    if written is None:
        written = next((node for node in _annotated(item, predictor, "autoscaling.knative.dev/metric")), None)
    if written is not None and text(written):
        value = known.get((text(written) or "").lower())
        if value is None:
            yield origin.inconclusive(METRIC, written, unreadable(written, "a metric that is known"))
        else:
            yield origin.fact(METRIC, value, written, shown=text(written) or "")
        return
    found = [each for each in map(_measured, items(at(predictor, "autoScaling", "metrics"))) if each is not None]
    measured = metrics.best(found)
    if measured is None:
        reason = "nothing says what replicas are added by: KServe's way of deploying decides it"
        yield origin.inconclusive(METRIC, kind, reason)
    elif measured.metric and not measured.guessed:
        yield origin.fact(METRIC, measured.metric, measured.node)
    elif measured.metric:
        yield origin.inferred(METRIC, measured.metric, measured.node, "a word in the metric's name says so")
    else:
        yield origin.inconclusive(METRIC, measured.node, "what it measures is not known")


def _measured(node: Node) -> metrics.Measured | None:
    resource = at(node, "resource", "name")
    if resource is not None:
        return metrics.Measured(resource, "cpu" if text(resource) == "cpu" else "")
    for key in ("external", "podmetric"):
        query = at(node, key, "metric", "query")
        if query is not None:
            return metrics.queried(text(query) or "", query)
    return None


def _annotated(item: Object, predictor: Node | None, key: str) -> Iterator[Node]:
    for found in (at(predictor, "annotations", key), at(item.node, "metadata", "annotations", key)):
        if found is not None:
            yield found


def _share(written: Node, origin: Origin) -> Fact:
    word = text(written) or ""
    value = int(word) if word.isascii() and word.isdigit() and len(word) <= 3 else -1
    if not 0 <= value <= 100:
        return origin.inconclusive(CANARY, written, unreadable(written, "a share of 100"))
    return origin.fact(CANARY, value, written, shown=f"canaryTrafficPercent: {value}")


def _exposure(item: Object, kind: Node, origin: Origin) -> Fact:
    for key in table("operators")["visibility"]["rows"]:
        found = at(item.node, "metadata", "labels", key)
        if text(found) == "cluster-local" and isinstance(found, Scalar):
            return origin.inferred(EXPOSURE, "cluster", found, "the label keeps it from the gateway of KServe")
    return origin.inconclusive(EXPOSURE, kind, _THROUGH)


def _workers(workers: Node | None, origin: Origin) -> Iterator[Fact]:
    if not isinstance(workers, Mapping):
        return
    for key in ("tensorParallelSize", "pipelineParallelSize"):
        written = at(workers, key)
        if written is not None and text(written) is not None:
            yield count(origin, f"spec.serving.accelerators.{key.removesuffix('Size')}", written)
    reason = "several pods are one replica, and how many is the operator's to work out"
    first = next(iter(entries(workers)), None)
    where = workers if first is None else first.value
    yield origin.inconclusive("spec.serving.accelerators.count", where, reason)


KINDS = {(GROUP, "InferenceService"): _service, **{(GROUP, kind): _serving_runtime for kind in _RUNTIMES}}
