"""The NIM operator of NVIDIA: NIMService with its NIMCache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.operators.objects import facts_in, holds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Document

NAME = "nim_operator"

_GROUP = "apps.nvidia.com"


def reads(document: Document) -> bool:
    """Say whether a document holds a resource of this operator."""
    return holds(document, _GROUP)


def facts(document: Document, project: Project) -> Iterator[Fact]:
    """Give what the resources of a document show of the models that are served, in the order of the text."""
    yield from facts_in(document, project, _GROUP, NAME)
