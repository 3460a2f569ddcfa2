"""Policies of the network and of a mesh: what leaves the pods that serve a model, and who may call them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.kustomize.build import builds
from psfpolicy.evidence.network import callers, mesh
from psfpolicy.evidence.network.egress import DEFAULT, egress, is_policy
from psfpolicy.evidence.project import objects
from psfpolicy.source import Document, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.kustomize.build import Build
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact

NAME = "network_policy"

_POLICY = re.compile(r"^[ \t]*kind:[ \t]*[\"']?(?:\w*NetworkPolicy)\b", re.MULTILINE)
_FILLED_IN = "a template of a policy: what it is filled in with is not in the evidence, and it may open more"


def reads(document: Document) -> bool:
    """Say whether a document holds a policy of the network, or what configures a mesh."""
    return any(map(_is_read, objects(document)))


def facts(document: Document, project: Project) -> Iterator[Fact]:
    """Give what all policies together show of the pods that serve a model, once: with the first of their documents.

    What holds for a pod follows from no policy alone, and that none holds for it stands in none of them.
    """
    if document is project.once(_first):
        yield from project.once(_all)


def _is_read(item: Object) -> bool:
    return is_policy(item) or mesh.is_read(item) or callers.is_read(item)


def _first(project: Project) -> Document | None:
    return next((document for document in project.documents if reads(document)), None)


def _all(project: Project) -> tuple[Fact, ...]:
    found: dict[object, Fact] = {}
    built = project.once(builds)
    made = tuple(built.by_root.values())
    for view in tuple(build.view for build in made) or (built.view,):
        for fact in (*egress(view, NAME), *callers.callers(view, NAME)):
            known = (fact.path, fact.place, fact.workload, fact.certainty, fact.reason, str(fact.value))
            found.setdefault(known, fact)
    for fact in _templates(project):
        found[fact.place] = fact
    found |= {(id(build), index): fact for build in made for index, fact in enumerate(_lacking(build))}
    return tuple(
        replace(fact, document=project.document_of(fact.place, fact.document))
        for fact in sorted(found.values(), key=lambda fact: (fact.place.file, fact.place.region))
    )


def _templates(project: Project) -> Iterator[Fact]:
    """Give the policies that are no YAML before they are filled in."""
    for text in project.texts:
        for found in _POLICY.finditer(text.content) if "{{" in text.content else ():
            document = Document(text.file, Scalar("", text, found.start(), found.start()), 0)
            origin = Origin(reader=NAME, document=document, subject=f"template {text.file}")
            yield origin.inconclusive(DEFAULT, text.place(found.start(), found.end()), _FILLED_IN)


def _lacking(build: Build) -> Iterator[Fact]:
    """Give what a kustomization takes in that is not in the evidence, or changes in its policies: it may open more."""
    names = {resource.names for resource in build.built.resources if resource.item and is_policy(resource.item)}
    origin = Origin(reader=NAME, document=build.document, subject=f"Kustomization {build.document.file}")
    for lack in build.built.lacks if names else ():
        if not lack.touched or any(lack.touched & each for each in names):
            yield origin.inconclusive(DEFAULT, lack.where, lack.reason)
