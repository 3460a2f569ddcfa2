"""Values of the charts of production-stack and llm-d, as the pods that those charts make of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from psfpolicy.evidence.edits import entry_at, mapping, put, scalar
from psfpolicy.evidence.engines import Keywords, keyword_facts
from psfpolicy.evidence.kubernetes.machines import NODE_TERMS
from psfpolicy.evidence.kubernetes.scaling import MAX, METRIC, MIN
from psfpolicy.evidence.kubernetes.values import count
from psfpolicy.evidence.kubernetes.variables import environment
from psfpolicy.evidence.nodes import at, flag, items, text
from psfpolicy.evidence.operators.addresses import address_facts
from psfpolicy.evidence.operators.counting import bounds, counted
from psfpolicy.evidence.operators.part import (
    Part,
    annotated,
    chosen,
    container_of,
    limited,
    listed,
    made_object,
    pod_of,
    secret_variable,
    variable,
    with_variables,
)
from psfpolicy.evidence.operators.production_stack import engine_entries, words
from psfpolicy.evidence.project import Object, Project
from psfpolicy.evidence.tables import table
from psfpolicy.source import Document, Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Entry, Node

REASON = "values of a chart: what it makes of them is not in the evidence"

_GPU = "nvidia.com/gpu"
_MODELS = ("servingEngineSpec", "modelSpec")
_ACCELERATORS = "spec.serving.accelerators"


def parts(document: Document) -> Iterator[Part]:
    """Give the pods that serve a model which a chart makes of values; none where they are of another chart."""
    root = document.root
    if not isinstance(root, Mapping) or at(root, "kind") is not None:
        return
    served = () if flag(at(root, "servingEngineSpec", "enableEngine")) is False else _MODELS
    for node in items(at(root, *served)) if served else ():
        if isinstance(node, Mapping) and at(node, "modelURL") is not None and flag(at(node, "enabled")) is not False:
            yield _stack(document, root, node)
    if isinstance(at(root, "modelArtifacts"), Mapping):
        for name in ("decode", "prefill"):
            phase = at(root, name)
            off = flag(at(phase, "create")) is False or text(at(phase, "replicas")) == "0"
            if isinstance(phase, Mapping) and not off:
                yield _llm_d(document, root, phase, name)


def _item(document: Document, node: Node, name: str) -> Object:
    return Object(document, node, "", "Helm values", "", name, {})


# production-stack


def _stack(document: Document, root: Mapping, node: Mapping) -> Part:
    shared = at(root, "servingEngineSpec")
    like = at(node, "modelURL") or node
    name = text(at(node, "name")) or ""
    repository, tag = at(node, "repository"), at(node, "tag")
    found: list[Entry] = []
    if repository is not None and text(repository):
        where = tag if tag is not None and text(tag) else repository
        found.append(entry_at("image", scalar(f"{text(repository)}:{text(tag) or '${tag}'}", where)))
    resources = _requested(node)
    if resources is not None:
        found.append(entry_at("resources", resources))
    context = at(shared, "containerSecurityContext")
    if context is not None:
        found.append(entry_at("securityContext", context))
    secrets = (
        *_secret("HF_TOKEN", at(node, "hf_token"), "token"),
        *_secret("VLLM_API_KEY", at(shared, "vllmApiKey"), "key"),
    )
    env = with_variables(at(node, "env"), (*secrets, *items(at(shared, "env"))), like)
    found.append(entry_at("env", env))
    terms = at(node, "nodeSelectorTerms")
    pod: Node = pod_of(container_of("vllm", like, found), _of_pod(node, shared))
    affinity = at(node, "affinity")
    if isinstance(affinity, Mapping) and affinity.entries:
        pod = put(pod, ("affinity",), affinity)
    elif items(terms) and terms is not None and not text(at(node, "nodeName")):
        pod = put(pod, NODE_TERMS, terms)
    return Part(
        item=_item(document, node, name),
        pod=pod,
        own=partial(_stack_own, node, env),
        beside=tuple(_router(at(root, "routerSpec"))),
        lack=REASON,
        doubt=REASON,
        engine="vllm",
    )


def _requested(node: Mapping) -> Node | None:
    amount, written = at(node, "requestGPU"), at(node, "resources")
    if (isinstance(written, Mapping) and written.entries) or amount is None or text(amount) in {None, "0"}:
        return written
    kind = text(at(node, "requestGPUType")) or _GPU
    return limited(kind, amount)


def _secret(name: str, written: Node | None, key: str) -> Iterator[Node]:
    """Give a variable with a secret: from a Secret that is named, or as it is written.

    Args:
        name: The variable's name.
        written: What the values say.
        key: The key of the Secret where none is written.
    """
    secret = at(written, "secretName")
    if secret is not None and text(secret):
        yield secret_variable(name, secret, text(at(written, "secretKey")) or key)
    elif isinstance(written, Scalar) and text(written):
        yield variable(name, text(written) or "", written)


def _of_pod(node: Mapping, shared: Node | None) -> Iterator[Entry]:
    account, context = at(node, "serviceAccountName"), at(shared, "securityContext")
    if account is not None and text(account):
        yield entry_at("serviceAccountName", account)
    if context is not None:
        yield entry_at("securityContext", context)


def _router(router: Node | None) -> Iterator[Node]:
    kind, ingress = at(router, "serviceType"), at(router, "ingress")
    enabled = at(ingress, "enabled")
    if kind is not None and text(kind):
        made = made_object("Service", "v1", kind, type=kind)
        annotations = at(router, "serviceAnnotations")
        yield annotated(made, annotations)
    elif enabled is not None and flag(enabled):
        yield made_object("Service", "v1", enabled)
    if enabled is not None and flag(enabled):
        made = made_object(
            "Ingress",
            "networking.k8s.io/v1",
            enabled,
            defaultBackend=mapping((), enabled),
            ingressClassName=at(ingress, "className"),
            tls=at(ingress, "tls"),
        )
        annotations = at(ingress, "annotations")
        yield annotated(made, annotations)


def _stack_own(node: Mapping, env: Node, origin: Origin) -> Iterator[Fact]:
    config, address, revision = at(node, "vllmConfig"), at(node, "modelURL"), at(node, "modelRevision")
    like = address or node
    more = [entry_at("revision", revision)] if revision is not None and text(revision) else []
    yield from keyword_facts(
        Keywords(
            node=mapping((*engine_entries(config, node, "chart"), *more), config or like),
            place=like.place,
            model=address,
            words=words(at(config, "extraArgs")),
            variables=environment(mapping((entry_at("env", env),), like), "", Project(())).variables,
            partial=REASON,
            serves=True,
        ),
        origin,
    )
    yield from _scaled(node, like, origin)


def _scaled(node: Mapping, like: Node, origin: Origin) -> Iterator[Fact]:
    keda, written = at(node, "keda"), at(node, "replicaCount")
    enabled = at(keda, "enabled")
    if enabled is not None and flag(enabled):
        lack = ": the chart's own default holds"
        yield from bounds(origin, keda, ("minReplicaCount", "maxReplicaCount"), enabled, lack)
        triggers = at(keda, "triggers")
        if triggers is None:
            yield origin.inferred(METRIC, "queue-depth", enabled, "the chart's own trigger counts waiting requests")
        else:
            yield origin.inconclusive(METRIC, enabled, "triggers of one's own take the place of the chart's")
    elif written is not None and text(written) is not None:
        yield from counted(origin, written, "replicaCount")
    else:
        yield from (origin.inconclusive(path, like, "the chart's own count holds") for path in (MIN, MAX))


# llm-d


def _llm_d(document: Document, root: Mapping, phase: Mapping, name: str) -> Part:
    made = [_container(each) for each in items(at(phase, "containers"))]
    keys = [key for key in table("operators")["pod_keys"]["rows"] if key != "containers"]
    like = made[0] if made else phase
    pod = mapping((*chosen(phase, keys), entry_at("containers", listed(made, like))), like) if made else None
    return Part(
        item=_item(document, phase, name),
        pod=pod,
        own=partial(_llm_d_own, root, phase),
        lack=REASON,
        doubt=REASON,
        engine="vllm",
    )


def _container(node: Node) -> Node:
    """Give a container as the chart makes it: `modelCommand: vllmServe` puts the command before the arguments."""
    command = at(node, "modelCommand")
    if text(command) != "vllmServe" or command is None:
        return node
    return put(node, ("command",), listed((scalar("vllm", command), scalar("serve", command)), command))


def _llm_d_own(root: Mapping, phase: Mapping, origin: Origin) -> Iterator[Fact]:
    artifacts = at(root, "modelArtifacts")
    address = at(artifacts, "uri")
    if address is not None:
        yield from address_facts(address, origin)
    written = at(phase, "replicas")
    if written is not None and text(written) is not None:
        yield from counted(origin, written)
    for key, word in (("tensor", "tensorParallel"), ("data", "dataParallel")):
        size = at(phase, "parallelism", key)
        if size is not None and text(size) is not None:
            yield count(origin, f"{_ACCELERATORS}.{word}", size)
