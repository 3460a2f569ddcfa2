"""How releases reach users: Argo Rollouts, Flagger, Iter8."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.kustomize.build import is_kustomization
from psfpolicy.evidence.nodes import at
from psfpolicy.evidence.observing.view import deployed, unsure
from psfpolicy.evidence.project import objects
from psfpolicy.evidence.rollout import argo, flagger
from psfpolicy.evidence.rollout.judging import CRITERIA, PERCENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Document

NAME = "rollout"

_ITER8 = "iter8.tools"


def reads(document: Document) -> bool:
    """Say whether a document holds an object that says how a release reaches users."""
    return is_kustomization(document) or any(_is_read(item) for item in objects(document))


def facts(document: Document, project: Project) -> Iterator[Fact]:
    """Give how releases reach users, in the order of the text; what stands in other files comes last."""
    items, view = deployed(document, project)
    for item, lack in items:
        origin = Origin(reader=NAME, document=document, subject=item.title)
        read = (unsure(fact, lack) for fact in _facts(item, view, origin))
        found = sorted(read, key=lambda fact: (fact.place.file != document.file, fact.place.region))
        yield from (replace(fact, document=project.document_of(fact.place, fact.document)) for fact in found)


def _facts(item: Object, view: Project, origin: Origin) -> Iterator[Fact]:
    if (item.group, item.kind) == (argo.GROUP, "Rollout"):
        yield from argo.rolled(item, view, origin)
    elif (item.group, item.kind) == (flagger.GROUP, "Canary"):
        yield from flagger.rolled(item, view, origin)
    elif item.group == _ITER8 and item.kind == "Experiment":
        where = at(item.node, "kind") or item.node
        for path in (PERCENT, CRITERIA):
            yield origin.inconclusive(path, where, "what an Experiment of Iter8 does is not read")


def _is_read(item: Object) -> bool:
    return (item.group, item.kind) in {(argo.GROUP, "Rollout"), (flagger.GROUP, "Canary")} or item.group == _ITER8
