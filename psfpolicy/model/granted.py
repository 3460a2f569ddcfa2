"""What lets a finding stand: waivers, comments that ignore, accepted findings; as a run knows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from psfpolicy.files import Files
    from psfpolicy.model.report import Position

LONGEST_DAYS: Final = 365
"""Days from the day on which a waiver was created to its last, at most."""

REDUCED: Final = "scope-reduced"
"""What a waiver names that is for something which left the scope."""

NOTICES: Final = ("evidence-undeclared", REDUCED)
"""What a waiver may name that is no control."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """Leave for one finding until a day, as a file of waivers has it."""

    id: str
    control: str
    """Id of the control, or one of `NOTICES`."""
    descriptor: str
    """`environment/name`."""
    path: str
    """As reports write it, or the named item that the finding lies in."""
    status: Literal["fail", "partial"]
    digest: str
    owner: str
    approver: str
    ticket: str
    created: str
    """First day on which it counts, YYYY-MM-DD."""
    expires: str
    """Last day on which it counts, YYYY-MM-DD."""
    place: Position
    """Where it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignoring:
    """Which comments may waive."""

    controls: tuple[str, ...] | None = ()
    """Ids of the controls whose findings they may; None for all."""
    days: int = LONGEST_DAYS
    """Days from the as-of date to the last, at most."""
    base: Files | None = None
    """Where a comment must stand already to count; None for anywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedEntry:
    """One finding that was accepted."""

    descriptor: str
    """`environment/name`."""
    control: str
    path: str
    """As reports write it."""
    status: Literal["fail", "partial"]
    fingerprint: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedFile:
    """A file of accepted findings."""

    file: str
    """Its name, as reports call it."""
    date: str
    """Day on which they were accepted, YYYY-MM-DD."""
    commit: str | None
    """Commit of that day's work, in full."""
    findings: tuple[AcceptedEntry, ...]
