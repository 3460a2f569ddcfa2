"""The values of a chart, as the objects that charts make of such values: a workload, its Service, what scales it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psfpolicy.evidence.edits import entry_at, mapping, put, scalar
from psfpolicy.evidence.nodes import at, entries, flag, items, text
from psfpolicy.evidence.tables import table
from psfpolicy.source import Document, Entry, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.source import Node

OWN_TAG = "${tag}"
"""Stands for the tag that a chart has itself: a placeholder to every reader."""

_LABEL = "app.kubernetes.io/name"
_NAME = "values"
_SHARING = ("hostNetwork", "hostIPC", "hostPID", "shareProcessNamespace", "automountServiceAccountToken")
_OF_CONTAINER = (
    ("command", "command"),
    ("args", "args"),
    ("envFrom", "envFrom"),
    ("lifecycle", "lifecycle"),
    ("volumeMounts", "volumeMounts"),
    ("securityContext", "containerSecurityContext"),
)


@dataclass(frozen=True, slots=True)
class Block:
    """The values of one container of a chart: those of the chart itself, or of one that it contains."""

    name: str
    """The key that they stand below; empty for those of the chart itself."""
    node: Mapping
    image: Scalar


def blocks(root: Node) -> tuple[Block, ...]:
    """Give the parts of a file of values that name an image and look like the values of a workload."""
    known = table("helm")["keys"]["rows"]
    if not isinstance(root, Mapping) or any(key in root.members for key in known["foreign"]):
        return ()
    found: list[Block] = []
    for name, node in (("", root), *((each.key, each.value) for each in root.entries)):
        if not isinstance(node, Mapping) or flag(at(node, "enabled")) is False:
            continue
        image = _image(node)
        if image is not None and not node.members.keys().isdisjoint(known["marks"]):
            found.append(Block(name, node, image))
    return tuple(found)


def objects_of(block: Block, document: Document) -> tuple[Document, ...]:
    """Give the objects that a chart makes of a block, each value at its place; what it adds itself is not known."""
    made = [_workload(block), _service(block), _ingress(block), _autoscaler(block)]
    return tuple(Document(document.file, root, document.index) for root in made if root is not None)


def model(block: Block) -> Node | None:
    """Give the name of the model that a block names outside the command line."""
    return _first(block.node, "model")


def count(block: Block) -> Node | None:
    """Give how many accelerators a block asks for outside its resources."""
    return _first(block.node, "count")


def path_at(node: Node | None, path: str) -> Node | None:
    """Give what a path with dots leads to."""
    return at(node, *path.split("."))


def _image(node: Mapping) -> Scalar | None:
    """Give the image that values name, in one piece; with a placeholder for the tag that the chart has itself."""
    image = at(node, "image")
    if isinstance(image, Scalar):
        tag = at(node, "imageTag") or at(node, "tag")
        written = text(image)
        if not written:
            return None
        return scalar(f"{written}:{text(tag)}", tag) if tag is not None and text(tag) else image
    whole = at(image, "imageName")
    if isinstance(whole, Scalar) and text(whole):
        return whole
    repository = at(image, "repository") or at(image, "name")
    if repository is None or not text(repository):
        return None
    registry, tag, digest = (at(image, key) for key in ("registry", "tag", "digest"))
    name = f"{text(registry)}/{text(repository)}" if text(registry) else text(repository) or ""
    end = f":{text(tag)}" if text(tag) else ("" if text(digest) else f":{OWN_TAG}")
    end += f"@{text(digest)}" if text(digest) else ""
    where = digest if text(digest) else tag if text(tag) else repository
    return scalar(name + end, where or repository)


def _first(node: Node, what: str) -> Node | None:
    for path in table("helm")["keys"]["rows"][what]:
        found = path_at(node, path)
        if found is not None and (text(found) or items(found) or any(True for _ in entries(found))):
            return found
    return None


def _object(version: str, kind: str, like: Node) -> Node:
    name = scalar(_NAME, like)
    return mapping(
        (
            entry_at("apiVersion", scalar(version, like)),
            entry_at("kind", scalar(kind, like)),
            entry_at("metadata", mapping((entry_at("name", name),), like)),
        ),
        like,
    )


def _labelled(like: Node) -> Node:
    return mapping((entry_at(_LABEL, scalar(_NAME, like)),), like)


def _workload(block: Block) -> Node:
    node, pod = block.node, ("spec", "template", "spec")
    root = _object("apps/v1", "Deployment", block.image)
    root = put(root, ("spec", "template", "metadata", "labels"), _labelled(block.image))
    container = _container(block)
    beside = tuple(each for key in table("helm")["keys"]["rows"]["beside"] for each in items(at(node, key)))
    listed = Sequence((container, *beside), container.text, container.start, container.end)
    root = put(root, (*pod, "containers"), listed)
    replicas = at(node, "replicaCount")
    if replicas is not None and autoscaling(block) is None:
        root = put(root, ("spec", "replicas"), replicas)
    context = _first(node, "podSecurityContext")
    if context is not None:
        root = put(root, (*pod, "securityContext"), context)
    for key in ("nodeSelector", "affinity", "tolerations", "volumes", *_SHARING):
        value = at(node, key)
        if value is not None:
            root = put(root, (*pod, key), value)
    account = at(node, "serviceAccount")
    name = at(account, "name")
    if name is not None and text(name):
        root = put(root, (*pod, "serviceAccountName"), name)
    return root


def _container(block: Block) -> Mapping:
    node = block.node
    found: list[Entry] = [
        entry_at("name", scalar(block.name or _NAME, block.image)),
        entry_at("image", block.image),
    ]
    for key, what in _OF_CONTAINER:
        value = _first(node, what)
        if value is not None:
            found.append(entry_at(key, value))
    variables = tuple(_variables(node))
    if variables:
        found.append(entry_at("env", Sequence(variables, node.text, node.start, node.end)))
    resources = at(node, "resources")
    if resources is not None:
        found.append(entry_at("resources", resources))
    return mapping(found, block.image)


def _variables(node: Mapping) -> Iterator[Node]:
    """Give the variables of a block: those that are listed, and keys in capitals, which charts hand on as they are."""
    listed = _first(node, "env")
    for each in entries(listed):
        if isinstance(each.value, Scalar):
            yield mapping((entry_at("name", scalar(each.key, each.value)), entry_at("value", each.value)), each.value)
    yield from items(listed)
    for each in node.entries:
        if each.key.isupper() and isinstance(each.value, Scalar) and text(each.value):
            yield mapping((entry_at("name", scalar(each.key, each.value)), entry_at("value", each.value)), each.value)


def _service(block: Block) -> Node | None:
    kind = path_at(block.node, "service.type")
    if kind is None or not text(kind):
        return None
    root = put(_object("v1", "Service", kind), ("spec", "type"), kind)
    annotations = path_at(block.node, "service.annotations")
    if annotations is not None:
        root = put(root, ("metadata", "annotations"), annotations)
    return put(root, ("spec", "selector"), _labelled(kind))


def _ingress(block: Block) -> Node | None:
    ingress = at(block.node, "ingress")
    enabled = at(ingress, "enabled")
    if enabled is None or not flag(enabled):
        return None
    root = _object("networking.k8s.io/v1", "Ingress", enabled)
    root = put(root, ("spec", "defaultBackend", "service", "name"), scalar(_NAME, enabled))
    for key, path in (
        ("className", ("spec", "ingressClassName")),
        ("ingressClassName", ("spec", "ingressClassName")),
        ("tls", ("spec", "tls")),
        ("annotations", ("metadata", "annotations")),
    ):
        value = at(ingress, key)
        if value is not None:
            root = put(root, path, value)
    return root


def autoscaling(block: Block) -> Node | None:
    """Give the values of a block's autoscaler; None where it is not switched on."""
    scaling = at(block.node, "autoscaling")
    enabled = at(scaling, "enabled")
    on = flag(enabled) if enabled is not None else at(scaling, "minReplicas") is not None
    return scaling if on else None


def _autoscaler(block: Block) -> Node | None:
    scaling = autoscaling(block)
    if scaling is None:
        return None
    like = at(scaling, "enabled") or at(scaling, "minReplicas") or scaling
    root = _object("autoscaling/v2", "HorizontalPodAutoscaler", like)
    root = put(root, ("spec", "scaleTargetRef", "name"), scalar(_NAME, like))
    for key in ("minReplicas", "maxReplicas", "metrics", "targetCPUUtilizationPercentage"):
        value = at(scaling, key)
        if value is not None and text(value) != "":
            root = put(root, ("spec", key), value)
    return root
