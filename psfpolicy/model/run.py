"""What a run is asked, and what one file came to, as the processes of a run hand it to each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psfpolicy.catalogue import Tables, UserRows
    from psfpolicy.evidence.rules import EvidenceRule
    from psfpolicy.gates import GateRule
    from psfpolicy.model.report import Assessment, CatalogueAge, InputFile, Position, Unassessed, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a user asks of one run."""

    paths: tuple[str, ...]
    """Files, folders and `-`; empty for the repository of the working directory."""
    gate: GateRule
    """Which gate holds for which descriptor."""
    today: str
    """The as-of date, YYYY-MM-DD."""
    generated_at: str
    """RFC 3339, UTC."""
    unwaivable: tuple[str, ...] = ()
    """Ids of controls that no waiver may cover."""
    required_evidence: tuple[str, ...] = ()
    """Ids of controls whose pass must be evidenced."""
    evidence: tuple[EvidenceRule, ...] = ()
    """Manifests that the settings name."""
    rows: UserRows | None = None
    """The user's own rows of the catalogue."""
    jobs: int = 1
    """Processes that assess, at most."""
    exit_zero: bool = False
    """Exit with 0 where a gate was not passed."""
    stdin: bytes | None = None
    """What standard input held, where a path is `-`."""

    @property
    def own(self) -> Tables:
        """The user's own rows by table; empty where there are none."""
        return {} if self.rows is None else self.rows.tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One descriptor's assessment, and what a run needs to know of it without unpacking it."""

    id: str
    place: Position
    """Where the descriptor begins."""
    verdict: Verdict
    statuses: Mapping[str, int]
    """Findings by status."""
    assessment: Assessment | bytes
    """Packed where there are many."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one file came to."""

    name: str
    decided: tuple[Decided, ...]
    inputs: tuple[InputFile, ...]
    catalogue_age: CatalogueAge | None = None
    """How old the rows are that decided; None where nothing was decided."""
    unassessed: Unassessed | None = None
