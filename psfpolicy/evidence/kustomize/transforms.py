"""What a kustomization changes in every object that fits: namespace, labels, images, replicas."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy.evidence.edits import put, replaced_items, scalar, with_entry
from psfpolicy.evidence.nodes import at, entries, flag, items, text
from psfpolicy.source import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psfpolicy.evidence.kustomize.resources import Resource
    from psfpolicy.source import Entry, Node

_LISTS = frozenset({"containers", "initContainers"})
_COUNTED = frozenset({"Deployment", "ReplicaSet", "ReplicationController", "StatefulSet"})
_TEMPLATES = (("spec", "template"), ("spec", "jobTemplate", "spec", "template"))


def transformed(resource: Resource, kustomization: Node) -> Resource:
    """Apply namespace, name prefix and suffix, labels, replicas and images of a kustomization to an object."""
    root = resource.document.root
    namespace = at(kustomization, "namespace")
    if namespace is not None and text(namespace):
        root = put(root, ("metadata", "namespace"), namespace)
    for pairs, templates in _labels(kustomization):
        root = _labelled(root, pairs, templates=templates)
    for each in items(at(kustomization, "replicas")):
        count = at(each, "count")
        kind = text(at(root, "kind"))
        if count is not None and kind in _COUNTED and text(at(each, "name")) in resource.names:
            root = put(root, ("spec", "replicas"), count)
    images = items(at(kustomization, "images"))
    if images:
        root = _in_containers(root, lambda image: _renamed(image, images))
    return _named(resource, kustomization).with_root(root)


def _named(resource: Resource, kustomization: Node) -> Resource:
    """Give the object with the name that it has from here on beside those that it had: all references follow it."""
    prefix, suffix = text(at(kustomization, "namePrefix")) or "", text(at(kustomization, "nameSuffix")) or ""
    if not prefix and not suffix:
        return resource
    return replace(resource, names=resource.names | {f"{prefix}{name}{suffix}" for name in resource.names})


def _labels(kustomization: Node) -> Iterator[tuple[tuple[Entry, ...], bool]]:
    common = tuple(entries(at(kustomization, "commonLabels")))
    if common:
        yield common, True
    for each in items(at(kustomization, "labels")):
        deep = any(flag(at(each, key)) for key in ("includeTemplates", "includeSelectors"))
        yield tuple(entries(at(each, "pairs"))), deep


def _labelled(root: Node, pairs: tuple[Entry, ...], *, templates: bool) -> Node:
    found = [()] + [path for path in _TEMPLATES if templates and isinstance(at(root, *path), Mapping)]
    for path in found:
        for pair in pairs:
            root = put(root, (*path, "metadata", "labels", pair.key), pair.value)
    return root


def _in_containers(node: Node, change: Callable[[Scalar], Scalar]) -> Node:
    """Change the image of every container, wherever a list of containers stands."""
    if isinstance(node, Sequence):
        return replaced_items(node, (_in_containers(item, change) for item in node.items))
    if not isinstance(node, Mapping):
        return node
    for entry in node.entries:
        if entry.key in _LISTS and isinstance(entry.value, Sequence):
            value: Node = replaced_items(entry.value, (_with_image(item, change) for item in entry.value.items))
        else:
            value = _in_containers(entry.value, change)
        if value is not entry.value:
            node = with_entry(node, entry._replace(value=value))
    return node


def _with_image(node: Node, change: Callable[[Scalar], Scalar]) -> Node:
    image = node.members.get("image") if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping) or image is None or not isinstance(image.value, Scalar):
        return node
    return with_entry(node, image._replace(value=change(image.value)))


def _renamed(image: Scalar, images: tuple[Node, ...]) -> Scalar:
    for each in images:
        name, tag, digest = split_image(text(image) or "")
        if name != text(at(each, "name")):
            continue
        given = {key: at(each, key) for key in ("digest", "newTag", "newName")}
        where = next((node for node in given.values() if node is not None and text(node)), None)
        if where is None:
            continue
        name = text(given["newName"]) or name
        new_tag, new_digest = text(given["newTag"]), text(given["digest"])
        if new_tag or new_digest:
            tag, digest = new_tag or "", new_digest or ""
        image = scalar(f"{name}{':' if tag else ''}{tag}{'@' if digest else ''}{digest}", where)
    return image


def split_image(image: str) -> tuple[str, str, str]:
    """Give the name, the tag and the digest of an image; a port of the registry belongs to the name."""
    rest, _, digest = image.partition("@")
    path, slash, last = rest.rpartition("/")
    name, _, tag = last.partition(":")
    return f"{path}{slash}{name}", tag, digest
