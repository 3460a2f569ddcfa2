"""What is declared beside what manifests show: `psfpolicy/evidence/v1`, additive only."""

from __future__ import annotations

from typing import Literal, TypeAlias

from psfpolicy.model.fact import Certainty  # noqa: TC001  # pydantic reads the annotations where the schema is written
from psfpolicy.model.record import record
from psfpolicy.model.report import Policy, Position, Tool, Unassessed  # noqa: TC001  # likewise

Standing: TypeAlias = Literal["contradicted", "open", "undeclared", "confirmed", "declared"]
"""What becomes of a path: `contradicted` by a manifest; `open`, since manifests bear on it and do not decide it;
`undeclared`, but shown by one; `confirmed`; or `declared` only, though manifests could show it."""
Bearing: TypeAlias = Literal["confirms", "contradicts", "open", "shows"]
"""What one thing that is shown says of what is declared; `shows` where nothing is."""

STANDINGS: tuple[Standing, ...] = ("contradicted", "open", "undeclared", "confirmed", "declared")
"""What asks for most comes first."""


@record
class Seen:
    """One thing that a manifest shows."""

    bearing: Bearing
    """What it says of what is declared."""
    value: str | None
    """What the descriptor would say, for people; null where that is not known. Secrets are masked."""
    written: str | None
    """What is written there, where the value does not say it. Secrets are masked."""
    certainty: Certainty
    """How sure it is."""
    reason: str | None
    """Why it is inferred, or decides nothing."""
    subject: str
    """The thing that it was read from."""
    reader: str
    """Which reader read it."""
    place: Position
    """Where it stands."""


@record
class Row:
    """One path of the descriptor."""

    path: str
    """The path; items of named lists by name."""
    verdict: Standing
    """What becomes of it."""
    declared: str | None
    """What the descriptor says, for people; null where it says nothing. Secrets are masked."""
    place: Position | None
    """Where it says so; null where it says nothing."""
    found: tuple[Seen, ...]
    """What manifests show of it, by place."""


@record
class Collation:
    """One descriptor beside its evidence."""

    id: str
    """`environment/name`."""
    file: str
    """Where it is written, relative to the working directory."""
    document: int
    """0-based index of the document in the file."""
    line: int
    """1-based line on which the document starts."""
    evidence: tuple[str, ...]
    """Files of evidence, by name; empty where the descriptor is all there is."""
    verdicts: dict[Standing, int]
    """Paths by what becomes of them."""
    rows: tuple[Row, ...]
    """By path, in the order of the descriptor's schema."""


@record
class CollationReport:
    """One run of `psfpolicy evidence`."""

    schema: Literal["psfpolicy/evidence/v1"]
    """Name and version of this shape."""
    tool: Tool
    """What wrote it."""
    policy: Policy
    """What decided."""
    exit_code: int
    """What the run exits with."""
    descriptors: tuple[Collation, ...]
    """By file and document."""
    unassessed: tuple[Unassessed, ...]
    """Files that could not be read, and why."""
