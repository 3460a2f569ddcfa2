"""Values of the charts of production-stack and llm-d. What a chart makes of them is not in them: nothing is certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.operators.charts import parts
from psfpolicy.evidence.operators.objects import facts_of_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Document

NAME = "stack_values"


def reads(document: Document) -> bool:
    """Say whether a document holds the values of one of these charts, with a model that is served."""
    return any(True for _ in parts(document))


def facts(document: Document, project: Project) -> Iterator[Fact]:  # noqa: ARG001  # values refer to nothing
    """Give what values say of the models that they serve, in the order of the text."""
    yield from sorted(facts_of_parts(parts(document), NAME), key=lambda fact: fact.place.region)
