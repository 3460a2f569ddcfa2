"""What a release is judged by: the criteria of its checks, and what of them is not known."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from psfpolicy.evidence.observing.signals import watched
from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.model.fact import Certainty, Fact
    from psfpolicy.model.place import JsonValue, Place
    from psfpolicy.source import Node

CRITERIA = "spec.release.canary.criteria"
PERCENT = "spec.release.canary.percent"


@dataclass(slots=True)
class Judged:
    """What the checks of a release come to."""

    criteria: dict[str, tuple[Node, str]] = field(default_factory=dict)
    """Where each is measured, and why it only may be that."""
    open: list[tuple[Node | Place, str]] = field(default_factory=list)
    """What may judge by something that is not known, and why."""
    idle: list[Node | Place] = field(default_factory=list)
    """What makes checks judge nothing."""

    def measures(self, criterion: str, where: Node, reason: str = "") -> None:
        """Add a criterion; one that is certain goes before one that is not."""
        if criterion not in self.criteria or (self.criteria[criterion][1] and not reason):
            self.criteria[criterion] = where, reason

    def nothing(self, where: Node | Place) -> None:
        """Add a check that judges nothing, whatever it measures."""
        self.idle.append(where)

    def unknown(self, where: Node | Place, reason: str) -> None:
        """Add something that may judge by anything."""
        self.open.append((where, reason))

    def query(self, written: str, where: Node, lack: str = "") -> None:
        """Add what a query measures; a lack says why it may not count."""
        found = watched(written)
        criterion = table("rollout")["criteria"]["rows"].get(found.signal, "")
        if criterion:
            self.measures(criterion, where, found.reason or lack)
        elif found.unknown:
            self.unknown(where, found.unknown)

    def facts(self, origin: Origin, otherwise: Node | Place) -> Iterator[Fact]:
        """Give the criteria: all of them as one where nothing is left open, else each for itself.

        Args:
            origin: What is read.
            otherwise: Where to say that there are none.
        """
        doubtful = any(reason for _, reason in self.criteria.values())
        if not self.open and not doubtful:
            words: list[JsonValue] = [*sorted(self.criteria)]
            where = next(iter((*self.idle, *(node for node, _ in self.criteria.values()))), otherwise)
            shown = "a check judges nothing" if self.idle else ""
            yield origin.fact(CRITERIA, words, where, shown=shown if words else "nothing judges the release")
            return
        for criterion in sorted(self.criteria):
            node, reason = self.criteria[criterion]
            certainty: Certainty = "inferred" if reason else "certain"
            yield origin.fact(CRITERIA, criterion, node, item=True, certainty=certainty, reason=reason)
        for place, reason in self.open:
            yield origin.inconclusive(CRITERIA, place, reason)


def guarded(facts: Iterator[Fact], lack: str) -> Iterator[Fact]:
    """Give facts, or, where it is not known whose they are, that they decide nothing."""
    for fact in facts:
        if not lack or fact.certainty == "inconclusive":
            yield fact
        else:
            shown = fact.shown or f"{fact.path[-1]}: {fact.value}"
            yield replace(fact, value=None, item=False, certainty="inconclusive", reason=lack, shown=shown)
