"""KServe's LLMInferenceService with the configurations that it is merged with, and those that nothing uses."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from psfpolicy.evidence.kubernetes.exposure import EXPOSURE
from psfpolicy.evidence.kubernetes.scaling import MAX, METRIC, MIN
from psfpolicy.evidence.kubernetes.values import count
from psfpolicy.evidence.kustomize.merging import CannotBeMergedError, merged
from psfpolicy.evidence.nodes import at, entries, items, text
from psfpolicy.evidence.operators.addresses import ADAPTERS, adapter, address_facts
from psfpolicy.evidence.operators.counting import bounds, counted
from psfpolicy.evidence.operators.inference_service import GROUP, ORCHESTRATOR
from psfpolicy.evidence.operators.part import Part
from psfpolicy.evidence.operators.tracing import tracing_facts
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.tables import table
from psfpolicy.source import Mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node

CONFIG = "LLMInferenceServiceConfig"
SERVICE = "LLMInferenceService"

_UNUSED = "a configuration says it; which services are merged with it is not in the evidence"
_ROUTED = "the router of the service decides from where it is reached, and its gateway is not worked out here"
_PARALLEL = {"tensor": "tensorParallel", "pipeline": "pipelineParallel", "data": "dataParallel"}


def _service(item: Object, project: Project) -> Iterator[Part]:
    bases, lack = _bases(item, project)
    spec = at(item.node, "spec")
    try:
        for base in reversed(bases):
            over = merged(at(base.node, "spec") or base.node, spec, known=True) if spec is not None else None
            spec = over if over is not None else spec
    except CannotBeMergedError:
        lack = lack or "the service and its configurations merge in a way that is not worked out here"
    yield from _parts(item, spec, lack, "")


def _config(item: Object, project: Project) -> Iterator[Part]:
    if id(item.node) not in project.once(_used):
        yield from _parts(item, at(item.node, "spec"), _UNUSED, _UNUSED)


def _parts(item: Object, spec: Node | None, lack: str, doubt: str) -> Iterator[Part]:
    if at(spec, "template") is not None or at(spec, "prefill") is None or not doubt:
        yield Part(
            item=item, pod=at(spec, "template"), own=partial(_own, item, spec, spec, not lack),
            lack=lack, doubt=doubt, engine="vllm",
        )  # fmt: skip
    prefill = at(spec, "prefill")
    if isinstance(prefill, Mapping):
        yield Part(
            item=item, name="prefill", pod=at(prefill, "template"), own=partial(_own, item, spec, prefill, not lack),
            lack=lack, doubt=doubt, engine="vllm",
        )  # fmt: skip


def _bases(item: Object, project: Project) -> tuple[list[Object], str]:
    """Give the configurations that a service is merged with, the last one over the others, and why some are missing."""
    referred: list[Object] = []
    lack = ""
    for reference in items(at(item.node, "spec", "baseRefs")):
        name = text(at(reference, "name")) or ""
        base = _named(name, item, project)
        if base is not None:
            referred.append(base)
        else:
            placeholder = placeholder_in(name)
            lack = f"the configuration `{placeholder or name}`, which it is merged with, is not in the evidence"
    known = table("operators")["default_config"]
    written = [at(item.node, "spec"), *(at(base.node, "spec") for base in referred)]
    default = _named(known["rows"]["plain"], item, project)
    if default is None or any(at(spec, key) is not None for spec in written for key in known["otherwise"]):
        usual = known["rows"]["plain"]
        lack = lack or f"it is merged with configurations of KServe, such as `{usual}`, which are not in the evidence"
        return referred, lack
    return [default, *referred], lack


def _named(name: str, item: Object, project: Project) -> Object | None:
    """Give a configuration by its name: beside the service, or in the namespace of KServe."""
    shared = table("operators")["default_config"]["namespace"]
    return project.named(CONFIG, name, item.namespace) or project.named(CONFIG, name, shared)


def _used(project: Project) -> frozenset[int]:
    services = project.of_kind(SERVICE)
    return frozenset(id(base.node) for item in services for base in _bases(item, project)[0])


def _own(item: Object, spec: Node | None, part: Node | None, whole: bool, origin: Origin) -> Iterator[Fact]:  # noqa: FBT001  # bound by `partial`
    kind = at(item.node, "kind") or item.node
    yield origin.fact(ORCHESTRATOR, "kserve", kind)
    address = at(spec, "model", "uri")
    if address is not None:
        yield from address_facts(address, origin)
    yield from _adapters(at(spec, "model", "lora"), origin)
    yield from _replicas(spec, part, kind, origin, whole=whole)
    yield from _parallelism(part, origin)
    yield origin.inconclusive(EXPOSURE, at(spec, "router", "gateway") or at(spec, "router") or kind, _ROUTED)
    yield from tracing_facts(at(spec, "tracing"), origin)


def _adapters(lora: Node | None, origin: Origin) -> Iterator[Fact]:
    for each in items(at(lora, "adapters")):
        found = adapter(at(each, "name"), at(each, "uri"))
        if found:
            yield origin.fact(ADAPTERS, found, at(each, "uri") or at(each, "name") or each, item=True)
        else:
            yield origin.inconclusive(ADAPTERS, each, "an adapter is named in a way that is not known")


def _replicas(spec: Node | None, part: Node | None, kind: Node, origin: Origin, *, whole: bool) -> Iterator[Fact]:
    scaling = at(part, "scaling") or at(spec, "scaling")
    written = at(part, "replicas")
    if isinstance(scaling, Mapping):
        lack = " is written beside what scales the service"
        yield from bounds(origin, scaling, ("minReplicas", "maxReplicas"), kind, lack)
        yield origin.inconclusive(METRIC, kind, "how the service is scaled is not worked out here")
    elif written is not None and text(written) is not None:
        yield from counted(origin, written)
    elif whole:
        reason = "no `replicas` is written, which is 1 unless an autoscaler that is not in the evidence sets another"
        yield from (origin.inferred(path, 1, kind, reason) for path in (MIN, MAX))
    else:
        yield from (origin.inconclusive(path, kind, "no `replicas` is written here") for path in (MIN, MAX))


def _parallelism(part: Node | None, origin: Origin) -> Iterator[Fact]:
    for key, word in _PARALLEL.items():
        written = at(part, "parallelism", key)
        if written is not None and text(written) is not None:
            yield count(origin, f"spec.serving.accelerators.{word}", written)
    worker = at(part, "worker")
    if isinstance(worker, Mapping):
        first = next(iter(entries(worker)), None)
        reason = "several pods are one replica, and how many is the operator's to work out"
        yield origin.inconclusive("spec.serving.accelerators.count", worker if first is None else first.value, reason)


KINDS = {(GROUP, SERVICE): _service, (GROUP, CONFIG): _config}
