"""Many deployments at once: `psfpolicy/fleet/v1`, additive only."""

from __future__ import annotations

from typing import Literal, TypeAlias

from psfpolicy.model.record import record
from psfpolicy.model.report import (  # noqa: TC001  # pydantic reads the annotations where the schema is written
    AdvisoryStanding,
    EngineStanding,
    LimitStanding,
    Overall,
    Severity,
    Tool,
    Verdict,
)

SourceKind: TypeAlias = Literal["report", "run", "assessed"]
"""A JSON report, the lines of a run, or descriptors that were assessed for this view."""

LIMIT_STANDINGS: tuple[LimitStanding, ...] = ("above", "open", "near", "below", "replaced")
"""What asks for most comes first."""


@record
class Source:
    """Where answers came from."""

    name: str
    """The file as it was named; `<assessed>` for descriptors that were assessed for this view."""
    kind: SourceKind
    """What it is."""
    as_of: str
    """Day for which it judged, YYYY-MM-DD."""
    generated_at: str
    """RFC 3339, UTC."""
    version: str
    """The version of psfpolicy that wrote it."""
    policy: str
    """Digest of the policy that decided."""
    deployments: int
    """Deployments that it holds."""
    superseded: int
    """Those of them of which another source has a newer answer."""
    only_new: bool
    """It let findings pass that were there before."""


@record
class NotAssessed:
    """A file that could not be assessed."""

    source: str
    """Where that is said."""
    file: str
    """The file; empty for those to which an interrupted run did not come."""
    problems: int
    """How many there are."""
    code: str
    """Kind of the first."""
    message: str
    """What the first one says."""


@record
class Deployment:
    """One deployment."""

    id: str
    """`environment/name`."""
    source: str
    """Where the answer came from."""
    file: str
    """Where the descriptor is written."""
    as_of: str
    """Day for which it was judged."""
    gate: str | None
    """The gate that it was held against; null for one that is gone."""
    verdict: Verdict
    """What came of it."""
    overall: Overall | None
    """Effective mean of the domains; null when nothing applies, and for one that is gone."""
    worst: tuple[str, ...]
    """Ids of the domains with the least score; empty where none has one, and where none is below 100."""
    error: int
    """Controls that could not be decided."""
    fail: int
    """Controls that fail, waived ones left out."""
    partial: int
    """Likewise, partial ones."""
    waived: int
    """Controls all of whose findings are waived."""
    gone: bool
    """Its descriptor is not there any more."""


@record
class DomainCount:
    """How deployments do in a domain."""

    id: str
    """Its id."""
    title: str
    """Its title."""
    gap: int
    """Deployments whose effective score is in the band Gap."""
    partial: int
    """In the band Partial."""
    strong: int
    """In the band Strong."""
    none: int
    """Without a score."""
    capped: int
    """Deployments in which a critical control of it fails."""
    lowest: int | None
    """The least score; null where none has one."""
    lowest_of: str | None
    """The deployment that has it; the first by id where several do."""


@record
class ControlCount:
    """What a control says of deployments; what is waived is counted as that alone."""

    id: str
    """Its id."""
    title: str
    """Its title."""
    domain: str
    """Its domain."""
    severity: Severity
    """Its severity."""
    error: int
    """Deployments in which it could not be decided."""
    fail: int
    """In which it fails."""
    partial: int
    """In which it is partial."""
    passed: int
    """In which it passes."""
    waived: int
    """In which it is waived."""
    not_applicable: int
    """To which it does not apply."""


@record
class Border:
    """Flows from one country to another; null for a country that is not known."""

    home: str | None
    """Country that the border is told from."""
    country: str | None
    """Country in which the flows end."""
    known: bool
    """They cross it; false where nobody can say whether they do."""
    deployments: int
    """Deployments with such flows."""
    flows: int
    """The flows."""
    third_party: int
    """Those of them that go to a third party."""
    prompts: int
    """Those of them that carry prompts or responses."""


@record
class EngineCount:
    """An engine in one version."""

    name: str | None
    """What the catalogue calls it, else as declared; null where it is not."""
    version: str | None
    """As declared; null where it is not."""
    tag: str | None
    """The tag of its image where that is the engine's own."""
    standing: EngineStanding
    """Whether the version was compared with advisories."""
    deployments: int
    """Deployments that are served with it."""
    affected: int
    """Deployments in which an advisory defeats a control."""
    open: int
    """Further ones in which one may do so."""
    advisories: tuple[str, ...]
    """Ids of the advisories on the version whose condition was met or is open, or that defeat no control."""


@record
class AdvisoryCount:
    """An advisory on versions that are served with."""

    id: str
    """Its id."""
    engine: str | None
    """What the catalogue calls the engine, else as declared."""
    severity: Severity | None
    """As published; null where it is not."""
    deployments: dict[AdvisoryStanding, int]
    """Deployments by what it does there."""


@record
class LicenceUse:
    """How near the users of a deployment come to the limit of a licence."""

    deployment: str
    """`environment/name`."""
    name: str
    """What is under the licence."""
    licence: str | None
    """What the catalogue calls it, else its id; null where it is not known."""
    limit: int | None
    """Users that it permits."""
    users: int | None
    """Users that are declared."""
    percent: int | None
    """100 × users / limit, rounded down."""
    standing: LimitStanding
    """How they stand to it."""


@record
class Superseded:
    """An answer that a newer one of the same deployment has replaced."""

    id: str
    """`environment/name`."""
    source: str
    """Where the older answer is."""
    as_of: str
    """Day for which that was judged."""
    newer: str
    """Where the newer one is."""


@record
class FleetSummary:
    """Counts of everything, whatever the lists are cut to."""

    deployments: int
    """Deployments, those that are gone too."""
    unassessed: int
    """Files that could not be assessed."""
    verdicts: dict[Verdict, int]
    """Deployments by verdict."""
    gates: dict[str, int]
    """Deployments by gate; of those with profiles of packs, the ones that there are, after psfpolicy's own."""
    as_of: tuple[str, ...]
    """The oldest day for which one was judged, and the newest where that is another."""
    policies: int
    """Policies that decided, told apart by their digests."""
    superseded: int
    """Answers that a newer one of the same deployment has replaced."""
    not_told: int
    """Deployments of which the report does not tell engine, home and licences, since an older psfpolicy wrote it."""
    limits: dict[LimitStanding, int]
    """Licences in use that limit the users, or may, by how the users stand to the limit."""
    rows: dict[str, int]
    """How many rows each list has in all, by its name here: a list that holds fewer was cut."""


@record
class Fleet:
    """One view over many deployments. Nothing is decided in it: it counts and sorts what reports say."""

    schema: Literal["psfpolicy/fleet/v1"]
    """Name and version of this shape."""
    tool: Tool
    """What wrote it."""
    exit_code: int
    """What the view means: 4 where anything was not assessed, else 1 where a gate was not passed, else 0."""
    summary: FleetSummary
    """Counts."""
    not_assessed: tuple[NotAssessed, ...]
    """By source and file."""
    deployments: tuple[Deployment, ...]
    """Undecided ones first, then those that fail; the least overall score first."""
    domains: tuple[DomainCount, ...]
    """The most gaps first."""
    controls: tuple[ControlCount, ...]
    """Those that ask anybody to do anything; most errors, then most fails first."""
    borders: tuple[Border, ...]
    """Those that nobody can tell first; most deployments first."""
    engines: tuple[EngineCount, ...]
    """Most affected deployments first."""
    advisories: tuple[AdvisoryCount, ...]
    """Most affected deployments first; those that would defeat a control, and do so nowhere, are left out."""
    licences: tuple[LicenceUse, ...]
    """Those above their limits first, then what is open, then those near their limits; others are counted alone."""
    superseded: tuple[Superseded, ...]
    """By deployment."""
    sources: tuple[Source, ...]
    """By name."""
