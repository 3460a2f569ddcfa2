"""Resources of operators that no other reader knows, where they hold a container that serves a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.kustomize.build import builds
from psfpolicy.evidence.operators.unknown import facts_of, is_read
from psfpolicy.evidence.project import objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Document

NAME = "custom_resources"


def reads(document: Document) -> bool:
    """Say whether a document holds a resource that serves a model and is of no kind that is known."""
    return any(is_read(item) for item in objects(document))


def facts(document: Document, project: Project) -> Iterator[Fact]:
    """Give that such resources serve a model, and what they leave open, in the order of the text."""
    built = project.once(builds)
    if id(document.root) not in built.consumed:
        for item in objects(document):
            if is_read(item):
                yield from facts_of(item, built.view, NAME)
