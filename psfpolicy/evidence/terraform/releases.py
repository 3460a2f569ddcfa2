"""What Terraform hands to a cluster: releases of Helm charts, manifests, and workloads in its own words."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from psfpolicy.evidence.edits import mapping, put
from psfpolicy.evidence.inside import embedded
from psfpolicy.evidence.kubernetes.objects import facts_of, is_read
from psfpolicy.evidence.nodes import at, items, text
from psfpolicy.evidence.project import Project, objects
from psfpolicy.evidence.readers import helm_values
from psfpolicy.evidence.tables import table
from psfpolicy.evidence.terraform.values import MODEL, absent, left, part, parts, said, unresolved
from psfpolicy.source import Document, Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.terraform.resources import Estate, Resource
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node

_IMAGE = "spec.serving.engine.image"
_FILE = re.compile(r'(?:file\(\s*|\$\{file\(\s*)"(?:\$\{path\.module\}/)?([^"$]+)"\s*\)\}?')
_DOT = re.compile(r"(?<!\\)\.")
_ELSEWHERE = "the values of the chart are not all in the evidence"
_IN_HCL = "what a container is started with is not read where it is written in HCL"


def release_facts(resource: Resource, estate: Estate) -> Iterator[Fact]:
    """Give what the values of a release say, as the reader of values has it."""
    root, missing = _values(resource, estate)
    document = replace(resource.document, root=root) if isinstance(root, Mapping) and root.members else None
    found = tuple(helm_values.facts(document, estate.project)) if document and helm_values.reads(document) else ()
    for fact in found:
        of_release = replace(fact, subject=resource.address, workload=resource.address)
        if missing is not None and fact.certainty != "inconclusive":
            of_release = replace(
                of_release, value=None, item=False, certainty="inconclusive", reason=_ELSEWHERE, shown=""
            )
        yield of_release
    if not found and _serves(*(text(at(resource.body, key)) or "" for key in ("name", "chart", "repository"))):
        origin = resource.origin(workload=resource.address)
        for path in (MODEL, _IMAGE):
            yield origin.inconclusive(path, resource.heading if missing is None else missing, _ELSEWHERE)


def manifest_facts(resource: Resource, estate: Estate) -> Iterator[Fact]:
    """Give what objects of Kubernetes show that stand in a resource, as their reader has it."""
    view = estate.project.once(_Embedded).of(estate)
    for document in _objects(resource):
        for item in objects(document):
            if is_read(item):
                yield from facts_of(item, view, "kubernetes", view)
    body = at(resource.body, "yaml_body")
    if left(body) and not _objects(resource) and _serves(resource.name):
        yield resource.origin().inconclusive(MODEL, body or resource.heading, unresolved(body))


def workload_facts(resource: Resource, _: Estate) -> Iterator[Fact]:
    """Give the images of the containers of a workload that is written in HCL, where they serve a model."""
    pod = part(resource.body, "spec", "template", "spec") or part(resource.body, "spec")
    for container in parts(at(pod, "container")) or (
        each for one in parts(pod) for each in parts(at(one, "container"))
    ):
        image = at(container, "image")
        if image is not None and (_serves(text(image) or "") or (left(image) and _serves(resource.name))):
            origin = resource.origin(workload=resource.address)
            yield from said(origin, _IMAGE, image)
            yield origin.inconclusive(MODEL, image, _IN_HCL)


def _values(resource: Resource, estate: Estate) -> tuple[Node, Node | None]:
    """Give the values of a release as one map, and what of them is not in the evidence."""
    root: Node = mapping((), resource.heading)
    given, missing = at(resource.body, "values"), None
    if left(given):
        missing = given
    for each in items(given):
        documents = _documents(each, resource, estate)
        if documents is None:
            missing = missing or each
        for document in documents or ():
            root = _merged(root, document.root)
    sets = at(resource.body, "set")
    missing = missing or (sets if left(sets) else None)
    for each in parts(sets):
        name, value = text(at(each, "name")), at(each, "value")
        if name and value is not None and "[" not in name and not left(at(each, "name")):
            root = put(root, tuple(step.replace("\\.", ".") for step in _DOT.split(name)), value)
        else:
            missing = missing or each
    return root, missing


def _documents(node: Node, resource: Resource, estate: Estate) -> tuple[Document, ...] | None:
    """Give the values that stand in a text, or in a file of the evidence; None where they stand in neither."""
    named = _FILE.fullmatch(_source(node).strip('"'))
    if named is not None:
        path = normpath(join(dirname(resource.document.file), named[1]))
        return estate.project.once(_by_file).get(path)
    return _read(node)


def _by_file(project: Project) -> dict[str, tuple[Document, ...]]:
    found: dict[str, tuple[Document, ...]] = {}
    for document in project.documents:
        name = normpath(document.file)
        found[name] = (*found.get(name, ()), document)
    return found


def _read(node: Node) -> tuple[Document, ...] | None:
    if not isinstance(node, Scalar) or not isinstance(node.value, str) or left(node) == node.value:
        return None
    found = embedded(node)
    return None if found is None or any(not isinstance(each.root, Mapping) for each in found) else found


def _merged(one: Node, other: Node) -> Node:
    if not isinstance(one, Mapping) or not isinstance(other, Mapping):
        return other
    members = dict(one.members)
    for each in other.entries:
        old = members.get(each.key)
        members[each.key] = each if old is None else each._replace(value=_merged(old.value, each.value))
    return other._replace(members=members)


def _objects(resource: Resource) -> tuple[Document, ...]:
    """Give the objects that a resource holds: as a map, or as a text."""
    for key in ("manifest", "yaml_body"):
        node = at(resource.body, key)
        if isinstance(node, Mapping):
            return (replace(resource.document, root=node),)
        if node is not None and not absent(node):
            return _read(node) or ()
    return ()


class _Embedded:
    """The objects in resources together with those in files, put together once for each configuration."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._views: dict[int, Project] = {}

    def of(self, estate: Estate) -> Project:
        if id(estate) not in self._views:
            inner = (document for each in estate.resources if not each.open for document in _objects(each))
            self._views[id(estate)] = Project((*self._project.documents, *inner))
        return self._views[id(estate)]


def _serves(*names: str) -> bool:
    plain = " ".join(names).lower()
    return any(name in plain for name in _engines())


@cache
def _engines() -> tuple[str, ...]:
    return (*table("images")["names"], *table("terraform")["charts"]["rows"])


def _source(node: Node) -> str:
    return node.text.content[node.start : node.end]
