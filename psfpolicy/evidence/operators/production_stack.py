"""The operator of vLLM's production-stack: VLLMRuntime and VLLMRouter."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from psfpolicy.evidence.container import Word
from psfpolicy.evidence.edits import entry_at, mapping, put, scalar
from psfpolicy.evidence.engines import Keywords, keyword_facts
from psfpolicy.evidence.engines.expansion import left_open
from psfpolicy.evidence.kubernetes.exposure import EXPOSURE
from psfpolicy.evidence.kubernetes.machines import NODE_TERMS
from psfpolicy.evidence.kubernetes.scaling import MAX, METRIC, MIN
from psfpolicy.evidence.kubernetes.variables import environment
from psfpolicy.evidence.nodes import at, flag, items, text
from psfpolicy.evidence.operators.counting import bounds, counted
from psfpolicy.evidence.operators.part import (
    BY_OPERATOR,
    Part,
    chosen,
    container_of,
    limited,
    pod_of,
    secret_variable,
    with_variables,
)
from psfpolicy.evidence.tables import table
from psfpolicy.source import Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Entry, Node

GROUP = "production-stack.vllm.ai"

_ROUTED = "clients come through the router, and from where that is reached is not in the evidence"
_GPU = "nvidia.com/gpu"


def _runtime(item: Object, project: Project) -> Iterator[Part]:
    spec = at(item.node, "spec")
    like = at(item.node, "kind") or item.node
    deployment = at(spec, "deploymentConfig")
    image = joined_image(at(deployment, "image"))
    found = [entry_at("image", image)] if image is not None else []
    resources = _resources(at(deployment, "resources"))
    found += [entry_at("resources", resources)] if resources is not None else []
    env = with_variables(at(spec, "vllmConfig", "env"), _token(at(spec, "model", "hfTokenSecret")), like)
    found.append(entry_at("env", env))
    beside = _sidecar(at(deployment, "sidecarConfig"))
    pod: Node = pod_of(container_of("vllm", like, found), (), beside)
    terms = at(deployment, "nodeSelectorTerms")
    if terms is not None:
        pod = put(pod, NODE_TERMS, terms)
    yield Part(
        item=item,
        pod=pod,
        labels=at(item.node, "metadata", "labels"),
        own=partial(_own, item, spec, env, project),
        lack=BY_OPERATOR,
        engine="vllm",
    )


def _router(item: Object, project: Project) -> Iterator[Part]:  # noqa: ARG001  # a router serves no model itself
    yield from ()


def joined_image(image: Node | None) -> Scalar | None:
    """Give the image that is written as a registry and a name."""
    name, registry, tag = at(image, "name"), text(at(image, "registry")), at(image, "tag")
    if name is None or not text(name):
        return None
    word = f"{registry.rstrip('/')}/{text(name)}" if registry else text(name) or ""
    return scalar(f"{word}:{text(tag)}" if text(tag) else word, name)


def _resources(written: Node | None) -> Node | None:
    """Give the resources as a container has them: `gpu` with `gpuType` is a limit of that name."""
    amount, kind = at(written, "gpu"), text(at(written, "gpuType")) or _GPU
    if amount is None or text(amount) is None:
        return None
    return limited(kind, amount)


def _token(secret: Node | None) -> Iterator[Node]:
    name = at(secret, "hfTokenSecretName")
    if name is not None and text(name):
        yield secret_variable("HF_TOKEN", name, text(at(secret, "hfTokenKeyName")) or "token")


def _sidecar(config: Node | None) -> Iterator[Node]:
    image = joined_image(at(config, "image"))
    if image is not None and flag(at(config, "enabled")):
        yield container_of(text(at(config, "name")) or "sidecar", image, (entry_at("image", image),))


def _own(item: Object, spec: Node | None, env: Node, project: Project, origin: Origin) -> Iterator[Fact]:
    kind = at(item.node, "kind") or item.node
    config, model = at(spec, "vllmConfig"), at(spec, "model")
    address = at(model, "modelURL")
    yield from keyword_facts(
        Keywords(
            node=mapping(engine_entries(config, model, "operator"), config or model or kind),
            place=(address or kind).place,
            model=address,
            words=words(at(config, "extraArgs")),
            variables=environment(mapping((entry_at("env", env),), kind), item.namespace, project).variables,
            partial=BY_OPERATOR,
            serves=True,
        ),
        origin,
    )
    yield from _replicas(spec, kind, origin)
    yield origin.inconclusive(EXPOSURE, kind, _ROUTED)


def engine_entries(config: Node | None, model: Node | None, made_by: str) -> Iterator[Entry]:
    """Give the arguments of vLLM among the keys of a configuration and of a model, as its options are called.

    Args:
        config: The map `vllmConfig`.
        model: The map beside it that describes the model.
        made_by: `chart` or `operator`: what makes the arguments, and leaves out all keys that it does not know.
    """
    known = table("operators")["production_stack"][made_by]
    yield from chosen(config, known["config"])
    for each in chosen(model, known["model"]):
        option = known["switches"].get(each.key)
        if option is None and text(each.value):
            yield each
        elif option is not None and flag(each.value):
            yield each._replace(key=option)


def words(written: Node | None) -> tuple[Word, ...]:
    """Give a command line that is a list."""
    return tuple(Word(text(node) or "", node.place, left_open(text(node) or "")) for node in items(written))


def _replicas(spec: Node | None, kind: Node, origin: Origin) -> Iterator[Fact]:
    scaling, written = at(spec, "autoscalingConfig"), at(spec, "deploymentConfig", "replicas")
    enabled = at(scaling, "enabled")
    if isinstance(scaling, Mapping) and flag(enabled) is not False and enabled is not None:
        lack = ": the operator's own default holds"
        yield from bounds(origin, scaling, ("minReplicas", "maxReplicas"), enabled, lack)
        reason = "the operator adds replicas by running requests and by tokens, whichever asks for more"
        yield origin.inferred(METRIC, "requests", enabled, reason)
    elif written is not None and text(written) is not None:
        yield from counted(origin, written)
    else:
        reason = "no `replicas` is written, which is 1 unless an autoscaler that is not in the evidence sets another"
        yield from (origin.inferred(path, 1, kind, reason) for path in (MIN, MAX))


KINDS = {(GROUP, "VLLMRuntime"): _runtime, (GROUP, "VLLMRouter"): _router}
