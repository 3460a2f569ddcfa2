"""AIBrix: StormService, RoleSet and ModelAdapter. Its autoscaler is read with the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.kustomize.build import builds
from psfpolicy.evidence.nodes import at
from psfpolicy.evidence.operators.addresses import ADAPTERS, adapter
from psfpolicy.evidence.operators.aibrix import GROUP
from psfpolicy.evidence.operators.objects import chosen_workloads, facts_in, holds
from psfpolicy.evidence.project import objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Document

NAME = "aibrix"


def reads(document: Document) -> bool:
    """Say whether a document holds a resource of AIBrix."""
    return holds(document, GROUP) or any(_is_adapter(item) for item in objects(document))


def facts(document: Document, project: Project) -> Iterator[Fact]:
    """Give what the resources of a document show of the models that are served, in the order of the text."""
    yield from facts_in(document, project, GROUP, NAME)
    built = project.once(builds)
    if id(document.root) not in built.consumed:
        for item in objects(document):
            if _is_adapter(item):
                yield from _adapter(item, built.view)


def _is_adapter(item: Object) -> bool:
    return (item.group, item.kind) == ("model.aibrix.ai", "ModelAdapter")


def _adapter(item: Object, project: Project) -> Iterator[Fact]:
    address = at(item.node, "spec", "artifactURL")
    named = at(item.node, "metadata", "name")
    where = address or named or at(item.node, "kind") or item.node
    found = adapter(named, address)
    selector = at(item.node, "spec", "podSelector")
    workloads = chosen_workloads(selector, item.namespace, project) if selector is not None else ()
    for workload in workloads or ("",):
        origin = Origin(reader=NAME, document=item.document, subject=item.title, workload=workload)
        if found.get("source"):
            yield origin.fact(ADAPTERS, found, where, item=True)
        else:
            yield origin.inconclusive(ADAPTERS, where, "the address of an adapter is not written in full")
