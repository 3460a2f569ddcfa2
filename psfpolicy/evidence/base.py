"""What every reader of manifests does, and what it makes its facts with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from psfpolicy.model.fact import Fact
from psfpolicy.model.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Certainty
    from psfpolicy.model.place import JsonValue
    from psfpolicy.source import Document, Node, Text


class Reader(Protocol):
    """A module of `psfpolicy.evidence.readers`."""

    def reads(self, document: Document) -> bool:
        """Say whether a document is of the kind that this reader knows, by its content."""
        ...

    def facts(self, document: Document, project: Project) -> Iterator[Fact]:
        """Give what a document shows, in the order of its text.

        What bears on a question and does not decide it is an inconclusive fact. Never raises for any document.

        Args:
            document: One that it reads.
            project: Every document of the same evidence, for what is said elsewhere.
        """
        ...


@runtime_checkable
class TextReader(Protocol):
    """A reader that reads files as well that are no YAML and no JSON: it has these two functions beside the others."""

    def reads_text(self, text: Text) -> bool:
        """Say whether a file is of the kind that this reader knows."""
        ...

    def text_facts(self, text: Text, project: Project) -> Iterator[Fact]:
        """Give what a file shows, in the order of its text; as `facts` of a document."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a reader is reading: it makes facts about it."""

    reader: str
    """Name of the reader."""
    document: Document
    subject: str
    """The thing that is read, for people: `Deployment llm/vllm, container vllm`."""
    workload: str = ""
    """The serving workload that facts are about; empty for none alone."""

    def within(self, part: str) -> Origin:
        """Give the origin of a part: `container vllm`."""
        return replace(self, subject=f"{self.subject}, {part}" if self.subject else part)

    def of(self, workload: str) -> Origin:
        """Give the same origin for facts about a serving workload."""
        return replace(self, workload=workload)

    def fact(
        self,
        path: str,
        value: JsonValue,
        where: Node | Place,
        *,
        item: bool = False,
        certainty: Certainty = "certain",
        reason: str = "",
        shown: str = "",
    ) -> Fact:
        """Give a fact.

        Args:
            path: The path of the descriptor, with dots.
            value: What the descriptor would say there.
            where: What shows it, or its place.
            item: The value is one item of the list at the path.
            certainty: How sure it is.
            reason: Why it is not certain.
            shown: What is written there, where the value does not say it.
        """
        return Fact(
            path=tuple(path.split(".")),
            value=value,
            item=item,
            certainty=certainty,
            reason=on_one_line(reason),
            place=where if isinstance(where, Place) else where.place,
            document=self.document.index,
            subject=self.subject,
            workload=self.workload,
            reader=self.reader,
            shown=on_one_line(shown),
        )

    def inferred(self, path: str, value: JsonValue, where: Node | Place, reason: str, *, shown: str = "") -> Fact:
        """Give a fact that follows by a rule which may be wrong; the reason names the rule."""
        return self.fact(path, value, where, certainty="inferred", reason=reason, shown=shown)

    def inconclusive(
        self, path: str, where: Node | Place, reason: str, *, item: JsonValue = None, shown: str = ""
    ) -> Fact:
        """Give what bears on a question without deciding it; the reason says what is missing.

        Args:
            path: The path of the descriptor, with dots.
            where: What bears on it, or its place.
            reason: What is missing.
            item: What tells the item of the list at the path that this is about (its name, its model), where it is
                about one alone; None where it may be about any.
            shown: What is written there.
        """
        told = item is not None
        return self.fact(path, item, where, item=told, certainty="inconclusive", reason=reason, shown=shown)


def on_one_line(text: str) -> str:
    """Give a text without line breaks: what is quoted from a manifest may have some."""
    return " ".join(text.split()) if "\n" in text or "\r" in text else text
