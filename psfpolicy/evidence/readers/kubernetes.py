"""Objects of Kubernetes: those that make pods, and those that scale, expose and protect them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.kubernetes.objects import facts_of, is_read
from psfpolicy.evidence.kustomize.build import builds
from psfpolicy.evidence.project import objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Document

NAME = "kubernetes"


def reads(document: Document) -> bool:
    """Say whether a document holds an object that makes pods, scales or exposes them, or keeps their secrets."""
    return any(is_read(item) for item in objects(document))


def facts(document: Document, project: Project) -> Iterator[Fact]:
    """Give what the objects of a document show of the models that are served, in the order of the text.

    What goes into a kustomization shows nothing for itself: what is built of it does.
    """
    built = project.once(builds)
    if id(document.root) not in built.consumed:
        for item in objects(document):
            yield from facts_of(item, built.view, NAME, project)
