"""The NIM operator: NIMService with the NIMCache that it uses."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from psfpolicy.evidence.edits import entry_at, mapping, put, scalar
from psfpolicy.evidence.kubernetes.scaling import MAX, MIN, scaled
from psfpolicy.evidence.nodes import at, flag, text
from psfpolicy.evidence.operators.addresses import ADDRESS, MODEL, REVISION, SOURCE
from psfpolicy.evidence.operators.counting import counted
from psfpolicy.evidence.operators.part import (
    BY_OPERATOR,
    Part,
    annotated,
    chosen,
    container_of,
    made_object,
    pod_of,
    secret_variable,
    with_variables,
)
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.project import objects
from psfpolicy.evidence.tables import table
from psfpolicy.source import Document, Mapping, Scalar, masked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node

GROUP = "apps.nvidia.com"

_TAG = "${tag}"


def _service(item: Object, project: Project) -> Iterator[Part]:
    spec = at(item.node, "spec")
    like = at(item.node, "kind") or item.node
    image = _image(at(spec, "image"))
    found = [entry_at("image", image)] if image is not None else []
    known = table("operators")["nim"]
    found += chosen(spec, known["container"])
    secret = at(spec, "authSecret")
    given = [secret_variable("NGC_API_KEY", secret, "NGC_API_KEY")] if secret is not None and text(secret) else []
    found.append(entry_at("env", with_variables(at(spec, "env"), given, like)))
    pod: Node = pod_of(container_of("nim", like, found), chosen(spec, known["pod"]))
    user = at(spec, "userID")
    if user is not None and text(user) is not None:
        pod = put(pod, ("securityContext", "runAsUser"), user)
    yield Part(
        item=item,
        pod=pod,
        labels=at(spec, "labels"),
        own=partial(_own, item, spec, project),
        beside=tuple(_beside(item, spec)),
        lack=BY_OPERATOR,
    )


def _image(image: Node | None) -> Scalar | None:
    """Give the image in one piece; with a placeholder for a tag that is not written."""
    repository, tag = at(image, "repository"), at(image, "tag")
    if repository is None or not text(repository):
        return None
    return scalar(f"{text(repository)}:{text(tag) or _TAG}", tag if tag is not None and text(tag) else repository)


def _beside(item: Object, spec: Node | None) -> Iterator[Node]:
    service = at(spec, "expose", "service")
    kind = at(service, "type")
    like = kind or at(item.node, "kind") or item.node
    made = made_object("Service", "v1", like, type=kind if text(kind) else None)
    made = put(made, ("metadata", "name"), at(service, "name") or scalar(item.name, like))
    annotations = at(service, "annotations")
    yield annotated(made, annotations)
    for path in (("expose", "ingress"), ("expose", "router", "ingress")):
        ingress = at(spec, *path)
        inner = at(ingress, "spec")
        where = at(ingress, "enabled") or inner
        if where is None or flag(at(ingress, "enabled")) is False:
            continue
        yield made_object("Service", "v1", where)
        made = made_object("Ingress", "networking.k8s.io/v1", where, defaultBackend=mapping((), where))
        for key in ("ingressClassName", "tls"):
            value = at(inner, key)
            made = made if value is None else put(made, ("spec", key), value)
        annotations = at(ingress, "annotations")
        yield annotated(made, annotations)


def _own(item: Object, spec: Node | None, project: Project, origin: Origin) -> Iterator[Fact]:
    kind = at(item.node, "kind") or item.node
    yield from _replicas(spec, kind, origin)
    cache = at(spec, "storage", "nimCache", "name")
    if cache is not None and text(cache):
        yield from _cached(cache, item, project, origin)


def _replicas(spec: Node | None, kind: Node, origin: Origin) -> Iterator[Fact]:
    scale, written = at(spec, "scale"), at(spec, "replicas")
    enabled = at(scale, "enabled")
    hpa = at(scale, "hpa")
    if enabled is not None and flag(enabled) is None:
        yield from (origin.inconclusive(path, enabled, "whether it is scaled is not known") for path in (MIN, MAX))
    elif flag(enabled) and isinstance(hpa, Mapping):
        root = made_object(
            "HorizontalPodAutoscaler", "autoscaling/v2", enabled or kind, scaleTargetRef=mapping((), kind)
        )
        for key in ("minReplicas", "maxReplicas", "metrics"):
            value = at(hpa, key)
            root = root if value is None else put(root, ("spec", key), value)
        for made in objects(Document(origin.document.file, root, origin.document.index)):
            yield from scaled(made, origin)
    elif flag(enabled):
        yield from (origin.inconclusive(path, kind, "it is scaled, and not said how") for path in (MIN, MAX))
    elif written is not None and text(written) is not None:
        yield from counted(origin, written)
    else:
        reason = "no `replicas` is written, which is 1 unless an autoscaler that is not in the evidence sets another"
        yield from (origin.inferred(path, 1, kind, reason) for path in (MIN, MAX))


def _cached(name: Node, item: Object, project: Project, origin: Origin) -> Iterator[Fact]:
    """Give where the weights come from that a NIMCache has fetched for a service."""
    cache = project.named("NIMCache", text(name) or "", item.namespace)
    source = at(cache.node, "spec", "source") if cache is not None else None
    hub, ngc, store = at(source, "hf"), at(source, "ngc"), at(source, "dataStore")
    if cache is None:
        yield origin.inconclusive(SOURCE, name, f"the NIMCache `{text(name)}` is not in the evidence")
    elif isinstance(ngc, Mapping):
        where = at(ngc, "modelPuller") or name
        yield origin.fact(SOURCE, "hub", where, shown="source.ngc")
    elif isinstance(hub, Mapping):
        yield from _from_hub(hub, name, origin)
    elif isinstance(store, Mapping):
        yield origin.fact(SOURCE, "mirror", at(store, "endpoint") or name, shown="source.dataStore")


def _from_hub(hub: Mapping, name: Node, origin: Origin) -> Iterator[Fact]:
    owner, model, endpoint = at(hub, "namespace"), at(hub, "modelName"), at(hub, "endpoint")
    revision = at(hub, "revision")
    word = f"{text(owner)}/{text(model)}"
    where = model or name
    if not text(owner) or not text(model) or placeholder_in(word):
        yield origin.inconclusive(MODEL, where, "the name of the model is not written in full")
    else:
        yield origin.fact(MODEL, word, where)
    if (
        endpoint is not None
        and text(endpoint)
        and table("engines/hub")["hosts"].get(_host(text(endpoint) or "")) is None
    ):
        yield origin.inferred(SOURCE, "mirror", endpoint, "the address is no hub that is known")
        yield origin.fact(ADDRESS, masked((text(endpoint) or "").partition("?")[0]), endpoint)
    else:
        yield origin.fact(SOURCE, "hub", endpoint or where, shown="source.hf")
    if revision is not None and text(revision):
        yield origin.fact(REVISION, text(revision), revision)
    else:
        yield origin.inferred(REVISION, "main", where, "the cache names no revision")


def _host(address: str) -> str:
    return address.partition("://")[2].partition("/")[0].partition(":")[0].lower()


def _cache(item: Object, project: Project) -> Iterator[Part]:  # noqa: ARG001  # a cache serves nothing itself
    yield from ()


KINDS = {(GROUP, "NIMService"): _service, (GROUP, "NIMCache"): _cache}
