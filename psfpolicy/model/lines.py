"""The lines of a run as it goes on: `psfpolicy/run/v1`, additive only. A head, a line for each file, a summary."""

from __future__ import annotations

from typing import Literal, TypeAlias

from psfpolicy.model.record import record
from psfpolicy.model.report import (  # noqa: TC001  # pydantic reads the annotations where the schema is written
    Accepted,
    Assessment,
    CatalogueAge,
    Comparison,
    EngineInfo,
    InputFile,
    OwnRows,
    Policy,
    Position,
    Summary,
    Tool,
    Unassessed,
    WaiverUse,
)

SCHEMA: Literal["psfpolicy/run/v1"] = "psfpolicy/run/v1"
"""Name and version of the shape."""


@record
class RunHead:
    """The first line: what was asked, before anything is decided."""

    schema: Literal["psfpolicy/run/v1"]
    """Name and version of this shape."""
    kind: Literal["head"]
    """What the line is."""
    tool: Tool
    """What wrote it."""
    generated_at: str
    """RFC 3339, UTC."""
    as_of: str
    """The date for which ages and dates were judged, YYYY-MM-DD."""
    day_given: bool
    """The user asked for this day with `--as-of`."""
    policy: Policy
    """What decides."""
    engine: EngineInfo
    """What evaluates it."""
    gate: str | None
    """What the user asked for, which a floor may raise; null where the run compares with a base."""
    settings: str | None
    """`sha256:` and the digest of what the settings, the waivers and the accepted findings ask for, the same
    wherever the repository lies; null where the run compares with a base."""
    user_rows: OwnRows | None
    """Rows of the catalogue of the user's own; null where the settings name no file of them."""
    exit_zero: bool
    """The run was told to exit with 0 where a gate was not passed."""
    files: int
    """Files that there are to assess: a line for each follows, unless the run is interrupted."""
    excluded: tuple[str, ...]
    """By name: files that may hold a descriptor, and are not assessed because the settings exclude them."""
    comparison: Comparison | None = None
    """What the run compares with; null where it does not."""


@record
class RunFile:
    """What one file came to; the lines stand in the order of the names."""

    schema: Literal["psfpolicy/run/v1"]
    """Name and version of this shape."""
    kind: Literal["file"]
    """What the line is."""
    file: str
    """The file, relative to the working directory."""
    inputs: tuple[InputFile, ...]
    """Every file that was read for it, itself first, as it was read."""
    catalogue: CatalogueAge | None
    """How old the rows are that decided; null where nothing was decided."""
    assessments: tuple[Assessment, ...]
    """The descriptors in it, in its order; empty where it holds none, such as a file of bases."""
    named_at: tuple[Position, ...]
    """Where the name of each of them stands; empty where the run compares with a base."""
    unassessed: Unassessed | None
    """Why it could not be fully assessed; null where it could."""
    waivers: tuple[WaiverUse, ...]
    """What became of the waivers that are for it, and of its comments that ignore a finding."""


@record
class Withdrawn:
    """An assessment of an earlier line that does not count, since a later file describes the same deployment."""

    id: str
    """`environment/name`."""
    file: str
    """The file whose line has it."""
    line: int
    """1-based line of its name in that file."""


@record
class RunSummary:
    """The last line: what the run came to. A run without it was ended from outside, and came to nothing."""

    schema: Literal["psfpolicy/run/v1"]
    """Name and version of this shape."""
    kind: Literal["summary"]
    """What the line is."""
    interrupted: bool
    """The run was interrupted: not every file has a line."""
    remaining: int
    """Files that have none."""
    taken_over: int
    """Lines that were taken over from an interrupted run, with `--resume`."""
    exit_code: int
    """What the run exits with, and means: see the table of exit codes."""
    summary: Summary
    """Counts of what was assessed, without what was withdrawn."""
    withdrawn: tuple[Withdrawn, ...]
    """By file: assessments that do not count."""
    catalogue: CatalogueAge | None
    """How old the rows are that decided; null where nothing was decided."""
    waivers: tuple[WaiverUse, ...]
    """By id: waivers that no line tells of."""
    accepted: Accepted | None
    """Null where there is no file of accepted findings."""
    inputs: tuple[InputFile, ...] = ()
    """Files that were read and that no line names."""


RunLine: TypeAlias = RunHead | RunFile | RunSummary
"""A line."""
