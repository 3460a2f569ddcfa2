"""What a run is asked, and what one file came to, as the processes of a run hand it to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from psfpolicy.files import DISK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psfpolicy.catalogue import Tables, UserRows
    from psfpolicy.engine.serving import Serving
    from psfpolicy.evidence.rules import EvidenceRule
    from psfpolicy.files import Files
    from psfpolicy.gates import Exclusion, GateRule
    from psfpolicy.model.granted import AcceptedFile, Ignoring, Waiver
    from psfpolicy.model.place import JsonValue
    from psfpolicy.model.report import (
        Assessment,
        CatalogueAge,
        InputFile,
        Position,
        Status,
        Unassessed,
        Verdict,
        WaiverUse,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """What a run is compared with."""

    base: str
    """A revision of the repository of the working directory."""
    head: str | None = None
    """The revision to assess; None for the work tree."""
    fail_on_new: bool = False
    """Findings that were there before let the gate pass."""
    policy_from: Literal["base", "head"] = "head"
    """Where settings, waivers, accepted findings and rows of the catalogue were read."""
    policy_files: tuple[str, ...] = ()
    """Paths of settings, waivers, accepted findings and rows of the catalogue, at either side."""
    policy_changes: tuple[str, ...] = ()
    """Files of them that the head changes, and that therefore did not count."""
    excluded: Exclusion | None = None
    """What the settings of the base exclude: what only the head does leaves the scope."""


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
    day_given: bool = False
    """The user named the as-of date."""
    unwaivable: tuple[str, ...] = ()
    """Ids of controls that no waiver may cover."""
    waivers: tuple[Waiver, ...] = ()
    """What the file of waivers holds."""
    ignoring: Ignoring | None = None
    """Which comments may waive; None for none."""
    accepted: AcceptedFile | None = None
    """The file of accepted findings; None where there is none."""
    required_evidence: tuple[str, ...] = ()
    """Ids of controls whose pass must be evidenced."""
    evidence: tuple[EvidenceRule, ...] = ()
    """Manifests that the settings name."""
    rows: UserRows | None = None
    """The user's own rows of the catalogue."""
    serving: Serving | None = None
    """Where OPA serves the policy; None for the embedded engine."""
    jobs: int = 1
    """Processes that assess, at most."""
    exit_zero: bool = False
    """Exit with 0 where a gate was not passed."""
    stdin: bytes | None = None
    """What standard input held, where a path is `-`."""
    exclusion: Exclusion | None = None
    """What is not assessed, named or not."""
    skip_other: bool = False
    """Ignore named files that lead to no descriptor; one that is evidence or a base leads to what rests on it."""
    policy_files: tuple[str, ...] = ()
    """Paths of the settings and of what they name, which lead to every descriptor."""
    files: Files = DISK
    """Where descriptors and what they name are read from."""
    then: str | None = None
    """An earlier day, YYYY-MM-DD, as of which findings are wanted too."""
    compare: Compare | None = None
    """What to compare with; None for nothing."""
    explain: str | None = None
    """Id of the control whose answers are explained; None for none."""
    lines: bool = False
    """The line of each file is wanted too."""
    keeping: Literal["whole", "verdicts", "nothing"] = "whole"
    """How much of each assessment the report shows."""

    @property
    def brief(self) -> bool:
        """Nothing that is written, nor what the run compares with, has to do with more than verdicts rest on."""
        compares = self.compare is not None or self.accepted is not None
        return not (self.lines or self.keeping == "whole" or compares)

    @property
    def own(self) -> Tables:
        """The user's own rows by table; empty where there are none."""
        return {} if self.rows is None else self.rows.tables


class Standing(NamedTuple):
    """A finding that is no pass, as comparisons know it."""

    fingerprint: str
    status: Status
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One descriptor's assessment, and what a run needs to know of it without unpacking it."""

    id: str
    place: Position
    """Where the descriptor begins."""
    file: str
    """The file that it is written in, as reports call it."""
    verdict: Verdict
    statuses: Mapping[str, int]
    """Findings by status."""
    assessment: Assessment | bytes
    """Packed where there are many; no bytes where the report shows none."""
    descriptor: JsonValue = None
    """The descriptor, where the run compares."""
    then: tuple[Standing, ...] = ()
    """Its findings as of the earlier day."""
    changes: Mapping[str, int] = field(default_factory=dict)
    """Findings by how they compare."""
    waivers: tuple[WaiverUse, ...] = ()
    """What became of the waivers that are for it, and of the comments that ignore."""
    expired: tuple[str, ...] = ()
    """Fingerprints of its findings whose waiver has run out."""
    accepted: int = 0
    """Findings that were accepted."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one file came to."""

    name: str
    decided: tuple[Decided, ...]
    inputs: tuple[InputFile, ...]
    catalogue_age: CatalogueAge | None = None
    """How old the rows are that decided; None where nothing was decided."""
    unassessed: Unassessed | None = None
    line: str | None = None
    """Its line in `ndjson`, where lines are wanted."""
