"""The report: what was assessed, what was decided, and where. `psfpolicy/report/v1`, additive only."""

from __future__ import annotations

from collections.abc import Sequence  # noqa: TC003  # pydantic reads the annotations where the schema is written
from typing import Literal, TypeAlias

from psfpolicy.model.record import record

Status: TypeAlias = Literal["pass", "partial", "fail", "not-applicable", "error"]
Severity: TypeAlias = Literal["critical", "high", "medium", "low"]
Verdict: TypeAlias = Literal["pass", "fail", "undecided", "advisory"]
Band: TypeAlias = Literal["Strong", "Partial", "Gap"]
GateName: TypeAlias = Literal["advisory", "baseline", "standard", "strict"]

VERDICTS: tuple[Verdict, ...] = ("undecided", "fail", "advisory", "pass")
"""What asks for most first."""
STATUSES: tuple[Status, ...] = ("error", "fail", "partial", "pass", "not-applicable")
"""Worst first."""
GOOD: frozenset[Status] = frozenset({"pass", "not-applicable"})
"""Statuses that ask nobody to do anything."""
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")
"""Worst first."""
FlowKind: TypeAlias = Literal[
    "inference",
    "guard",
    "validator",
    "detector",
    "sink",
    "store",
    "export",
    "egress",
    "fallback",
    "weights",
    "telemetry",
    "other",
]
"""What a flow is."""
Carried: TypeAlias = Literal["logs", "metrics", "prompts", "responses", "traces", "weights"]
"""What a flow takes along."""

Change: TypeAlias = Literal["new", "worsened", "improved", "existing"]
"""How a finding compares with the base: `existing` has the same status and was decided by the same values; `worsened`
and `improved` have another status than at the base, where it was no pass either; every other one is `new`."""
NoticeKind: TypeAlias = Literal["evidence-undeclared", "scope-reduced", "inline-ignore"]
"""What a finding of no control is about."""

WaiverState: TypeAlias = Literal[
    "used",
    "unused",
    "expired",
    "not-yet-valid",
    "self-approved",
    "unknown-control",
    "unwaivable",
    "ambiguous",
    "outdated",
    "not-assessed",
]
"""What became of a waiver; `outdated`: status or values are not those that it was granted for; `not-assessed`: this run
did not look where it is for."""

EngineStanding: TypeAlias = Literal["provider", "open", "compared"]
"""Whether the version of an engine was compared with advisories: it is a `provider`'s own; `open`, since there is none
to compare, or two contradict each other; or `compared`."""
AdvisoryStanding: TypeAlias = Literal["affected", "open", "unmet", "noted"]
"""What an advisory on a version does: it defeats a control here, may do so, does not since its condition is not met, or
defeats none whatever the condition."""
LimitStanding: TypeAlias = Literal["above", "open", "near", "below", "replaced"]
"""How users stand to the limit of a licence: `open` where one of the two is not known; `near` from 80 % of it, and at
it; `replaced` where an agreement stands in the place of the licence."""

Assurance: TypeAlias = Literal["declared", "evidenced", "contradicted", "inconclusive"]
"""How an answer is known."""
Bearing: TypeAlias = Literal["confirms", "contradicts", "open"]
"""What a fact says of what is declared; `open` decides nothing."""

Origin: TypeAlias = Literal["declared", "manifest", "absent"]
"""Where a value is from: the descriptor, a manifest that shows it, or nowhere."""

GATES: tuple[GateName, ...] = ("advisory", "baseline", "standard", "strict")
"""The gates of psfpolicy: each includes the one before it."""

LONGEST_EXCERPT = 240
"""Characters of a line that are shown."""
_NEAR = 200
_BEFORE = 40


@record
class Position:
    """A region of a file: 1-based lines and columns, columns in code points, the end exclusive."""

    file: str
    """The file, relative to the working directory; `<stdin>` for standard input."""
    start_line: int
    """First line."""
    start_column: int
    """Column of the first code point."""
    end_line: int
    """Line on which the region ends."""
    end_column: int
    """Column after the last code point."""
    used_at: Position | None = None
    """Where the value is used, when it is written elsewhere and comes through an alias or a merge key."""

    @property
    def excerpt_start(self) -> int:
        """0-based column at which an excerpt of the first line begins: 0, unless the place is far to the right."""
        return 0 if self.start_column <= _NEAR else self.start_column - 1 - _BEFORE


@record
class Shown:
    """What a manifest shows that bears on a finding."""

    path: str
    """Path of the descriptor that it is about."""
    bearing: Bearing
    """What it says of what is declared."""
    value: str | None
    """What is there, for people; null where that is not known. Secrets are masked."""
    reason: str | None
    """Why it is inferred, or decides nothing."""
    subject: str
    """The thing that it was read from."""
    reader: str
    """Which reader read it."""
    place: Position
    """Where it stands."""
    excerpt: str | None
    """The first line of the place, with secrets masked; null where it confirms."""


@record
class Notice:
    """A finding of no control of the catalogue: it has no domain and no weight, and a critical one holds the gate."""

    control: NoticeKind
    """What it is, where a control's finding has the control's id; a waiver names it likewise."""
    severity: Severity
    """How grave it is."""
    message: str
    """Names the thing, what shows it and what is wanted. Secrets are masked."""
    path: str
    """Path of the descriptor that it is about; of what is undeclared, where it would be declared."""
    place: Position
    """Where it stands; of what is gone, where it stood or what has come in its place."""
    excerpt: str | None
    """The first line of the place, with secrets masked."""
    fingerprint: str
    """SHA-256 over kind, deployment and path, of what is undeclared also subject and name; survives edits elsewhere."""
    digest: str
    """SHA-256 over the values that it is about."""
    remediation: str
    """What to do, in words."""
    waiver: str | None = None
    """Id of the waiver that covers it."""
    change: Change | None = None
    """How it compares with the base; null where nothing is compared."""
    accepted: bool = False
    """The file of accepted findings holds it."""


@record
class Finding:
    """The answer of one control at one place."""

    control: str
    """Id of the control."""
    status: Status
    """What was decided here."""
    severity: Severity
    """Severity of the control."""
    domain: str
    """Domain of the control, such as `PSF-1`."""
    message: str
    """Names the subject, the value seen and the value wanted. Secrets are masked."""
    path: str
    """Path in the document; items of named lists by name, as in `spec.inputs.guards[prompt-guard].action`."""
    missing: str | None
    """The key that is missing at the place, where the path does not exist; the place is then its nearest parent's."""
    place: Position
    """Where it stands."""
    excerpt: str | None
    """The first line of the place, with secrets masked, cut where it is long; null for a finding that passes or does
    not apply."""
    assurance: Assurance
    """How the answer is known: `declared` means that the descriptor says so; `evidenced` that manifests confirm every
    value that they can show; `contradicted` that one says the opposite; `inconclusive` that one does not decide."""
    fingerprint: str
    """SHA-256 over control, deployment and path; survives edits elsewhere in the file."""
    digest: str
    """SHA-256 over the values that the control read, and what manifests show against them."""
    waiver: str | None
    """Id of the waiver that covers the finding."""
    remediation: str
    """What to do, in words, with an example; empty for a pass."""
    evidence: tuple[Shown, ...] = ()
    """What manifests show of the values that decided, by place."""
    change: Change | None = None
    """How it compares with the base; null where nothing is compared, and for a finding that passes."""
    aged: bool = False
    """It is no worse by any change: a date in it has aged."""
    accepted: bool = False
    """The file of accepted findings holds it."""

    @property
    def good(self) -> bool:
        """It asks nobody to do anything."""
        return self.status in GOOD


@record
class Control:
    """The answer of one control for the whole descriptor: the worst of its findings."""

    id: str
    """Permanent id of the control."""
    title: str
    """Its title."""
    domain: str
    """Domain that it is scored in, such as `PSF-1`."""
    criterion: str | None
    """The framework's own criterion, where its official text exists."""
    severity: Severity
    """How much it weighs."""
    status: Status
    """Worst status of its findings."""
    effective: Literal["pass", "partial", "fail", "not-applicable", "error", "waived"]
    """The same without the waived findings; `waived` leaves both sums of the score."""


@record
class Flow:
    """A way by which data leaves the serving process or comes to rest."""

    path: str
    """Path in the document; items of named lists by name."""
    kind: FlowKind
    """What it is."""
    name: str
    """Its name; secrets are masked."""
    carries: tuple[Carried, ...]
    """What it takes along, in alphabetical order."""
    country: str | None
    """Where its bytes are, ISO 3166-1 alpha-2; null where nobody said."""
    operator: str | None
    """Party that runs it, or `self`; null where nobody said."""
    jurisdiction: str | None
    """Country under whose law the operator is; null where nobody said."""
    third_party: bool | None
    """Another party runs it, and not merely the machines; null where nobody said who does."""
    border: bool | None
    """It leaves the country in which the deployment is, or the organisation's where another party runs the model; null
    where one of the two is not known."""
    place: Position
    """Where it is declared, or the nearest parent of it."""


@record
class AdvisoryFound:
    """An advisory on the version of an engine."""

    id: str
    """Its id, such as `CVE-2026-0599`."""
    severity: Severity | None
    """As published; null where it is not."""
    standing: AdvisoryStanding
    """What it does here."""


@record
class ServedEngine:
    """The engine that a deployment is served with."""

    name: str | None
    """As declared; null where it is not. Secrets are masked, here and below."""
    row: str | None
    """Id of its row in the catalogue; null where that has none."""
    title: str | None
    """What the catalogue calls it."""
    version: str | None
    """As declared; null where it is not."""
    tag: str | None
    """The tag of its image, where that is the engine's own."""
    standing: EngineStanding
    """Whether its version was compared with advisories."""
    advisories: tuple[AdvisoryFound, ...]
    """By id; none where it is a provider's own."""


@record
class UserLimit:
    """A thing whose licence limits the number of users, or may do so."""

    path: str
    """Path in the document; items of named lists by name."""
    name: str
    """What is under the licence. Secrets are masked."""
    licence: str | None
    """Id of the licence's row in the catalogue; null where that has none, so that its limit is not known."""
    title: str | None
    """What the catalogue calls the licence."""
    limit: int | None
    """Users in a month that it permits."""
    counted: str | None
    """Day of a release before whose calendar month it counts, YYYY-MM-DD; null where it counts at any time."""
    users: int | None
    """The most that is declared of the moment at which it counts; null where nothing is."""
    percent: int | None
    """100 × users / limit, rounded down."""
    standing: LimitStanding
    """How the users stand to the limit."""


@record
class Served:
    """What a deployment is served with, for views over many; it enters no score and no gate."""

    home: str | None
    """Country that the borders of the flows are told from; null where it is not known."""
    engine: ServedEngine
    """Its engine."""
    licences: tuple[UserLimit, ...]
    """By path and licence."""


@record
class Score:
    """A sum of weights, and what is shown of it."""

    earned: int
    """Weight earned, in half points: a pass earns two for each unit of weight, a partial one."""
    possible: int
    """Weight possible, in half points; 0 when no control applies."""
    score: int | None
    """100 × earned / possible, rounded half up; null when no control applies."""
    capped: bool
    """A critical control fails, so that the score is at most 39."""
    band: Band | None
    """Strong from 70, Partial from 40, else Gap (bands of psfpolicy, not of the framework), by the unrounded score."""


@record
class Overall:
    """Mean of the domain scores that are not null."""

    score: int
    """Rounded half up."""
    band: Band
    """By the unrounded mean."""


@record
class Evidenced:
    """How much of what passes in a domain manifests show."""

    passes: int
    """Findings that pass."""
    evidenced: int
    """Those of them that manifests show to."""
    share: int | None
    """100 × evidenced / passes, rounded half up; null where nothing passes."""


@record
class Domain:
    """The score of a domain: of the framework, or of one that is scored apart."""

    id: str
    """`PSF-1` to `PSF-8`; of one that is scored apart, an id of ours, such as `OPS`."""
    title: str
    """Its title, such as `Input Governance` or `Operations`."""
    raw: Score
    """Waivers ignored."""
    effective: Score
    """What validly waived controls leave."""
    evidenced: Evidenced | None = None
    """How much of what passes manifests show; null where there is no evidence. It changes no score."""


@record
class Reason:
    """One thing that stands between a descriptor and its gate."""

    kind: str
    """`critical-fail`, `critical-partial`, `fail`, `domain-threshold`, `domain-zero`, `error`, `nothing-applicable`,
    `undeclared`, `scope-reduced`, and where only what is new holds the gate `new-finding`; of profiles of packs
    `partial`, `must-pass`, `unevidenced`."""
    control: str | None
    """The control, where it is one."""
    domain: str | None
    """The domain, where it is one."""
    score: int | None
    """The domain's effective score, rounded."""
    threshold: int | None
    """The least score that the gate, a profile of it, or a floor of the settings asks of the domain."""


@record
class Gate:
    """The gate that a descriptor was held against."""

    name: str
    """`advisory`, `baseline`, `standard` or `strict`; the ids of profiles of packs, joined by `+`, and after them the
    gate where it is higher than those that they extend: `bank`, `bank+strict`."""
    requested: str
    """What the user asked for; other than `name` where the settings have a floor that asks for more."""
    thresholds: dict[str, int]
    """Least scores that the settings and profiles of packs ask for beside the gate's own, by domain; empty where they
    ask for none."""
    verdict: Verdict
    """`undecided` wherever a control could not be decided."""
    reasons: tuple[Reason, ...]
    """What stands in the way; empty for a pass. For `advisory`: what `standard` would have said."""


@record
class BaselineDomain:
    """What the published assessment of a model says of one domain."""

    id: str
    """`PSF-1` to `PSF-8`."""
    score: int
    """0 to 100, as published."""
    band: str
    """`strong`, `partial` or `gap`, as published: no function of the score, and none of our bands."""


@record
class Baseline:
    """The published assessment of the model: what it brings before any control. It enters no score and no gate."""

    model: str
    """Id of the model's row in the catalogue."""
    title: str
    """What the model is called."""
    of_base: bool
    """It is of the model that the served one was made from, which may answer otherwise."""
    configuration: str | None
    """What was assessed, where the assessment says so."""
    overall: int
    """0 to 100, as published."""
    domains: tuple[BaselineDomain, ...]
    """By id; those that were published."""
    date: str
    """Month or day of the assessment."""
    source: str
    """Where it can be read."""


@record
class Before:
    """A descriptor as it was at the base of a comparison."""

    file: str
    """Where it was written, relative to the working directory."""
    verdict: Verdict
    """Of the gate that the descriptor is held against now."""
    overall: Overall | None
    """Effective mean of the domains; null when nothing applied."""
    domains: tuple[Domain, ...]
    """By id; those of the framework."""
    apart: tuple[Domain, ...]
    """By id; those that are scored apart."""


@record
class Fixed:
    """A finding of the base that is none any more."""

    control: str
    """Id of the control, or the kind of a notice."""
    status: Status
    """What it was."""
    severity: Severity
    """Severity of the control, or of the notice."""
    path: str
    """Path in the document; items of named lists by name."""
    message: str
    """What it said."""
    fingerprint: str
    """As it was."""


@record
class RowUsed:
    """A row of the catalogue that a value names."""

    table: str
    """Its table, such as `models`."""
    id: str
    """Its id."""
    as_of: str | None
    """Day on which its source was read, YYYY-MM-DD; null where it does not say."""
    sources: tuple[str, ...]
    """Where what it says can be read; `ours` for what is a decision of this project."""
    own: bool
    """It is of the user's own rows."""


@record
class Read:
    """A value that a control read."""

    path: str
    """Path in the document; items of named lists by name."""
    origin: Origin
    """Where the value is from."""
    value: str | None
    """What is there, for people, cut where it is long; null where nothing is. Secrets are masked."""
    missing: str | None
    """The key that is missing at the place, where nothing is there; the place is then its nearest parent's."""
    subject: str | None
    """What the manifest is of that the value was read from; null for what is declared or absent."""
    place: Position
    """Where it stands."""
    excerpt: str | None
    """The first line of the place, with secrets masked."""
    rows: tuple[RowUsed, ...]
    """Rows of the catalogue that it names, or that what lies below it names."""


@record
class Answered:
    """Why a control decided so at one place."""

    fingerprint: str
    """Fingerprint of the finding."""
    reads: tuple[Read, ...]
    """The values that decided, by place; empty where none did."""
    rules: tuple[str, ...]
    """Rules of the policy that held, such as `data.psfpolicy.controls.input.schema.findings`."""


@record
class Explained:
    """Why one control decided so."""

    control: str
    """Id of the control."""
    rego: str
    """Its Rego, relative to the root of the sources."""
    answers: tuple[Answered, ...]
    """One for each finding of the control, in their order."""
    trace: tuple[str, ...]
    """Lines of what the engine evaluated; empty where it tells none. Secrets are masked."""


@record
class Assessment:
    """One descriptor, fully read and decided."""

    id: str
    """`environment/name`."""
    file: str
    """Where it is written, relative to the working directory."""
    document: int
    """0-based index of the document in the file."""
    line: int
    """1-based line on which the document starts."""
    gate: Gate
    """The verdict."""
    overall: Overall | None
    """Effective mean of the domains; null when nothing applies."""
    overall_raw: Overall | None
    """The same with waivers ignored."""
    domains: tuple[Domain, ...]
    """By id; those of the framework."""
    apart: tuple[Domain, ...]
    """By id; the domains with a score of their own, such as Operations. They enter no overall score, and a gate only
    where the settings ask for a least score."""
    controls: tuple[Control, ...]
    """By domain and id, those that are scored apart last."""
    findings: tuple[Finding, ...]
    """By domain, control and place, those that are scored apart last."""
    baseline: Baseline | None
    """The published assessment of the model; null where none is known."""
    flows: tuple[Flow, ...]
    """By place: where data goes, whether or not a control asks about it."""
    evidence: tuple[str, ...]
    """Files of evidence that belong to the deployment, by name; empty where the descriptor is all there is: then it is
    self-declared."""
    undeclared: tuple[Notice, ...]
    """By place: what manifests show and the descriptor does not mention."""
    declared_none: tuple[str, ...]
    """Paths of the lists that are declared empty: the descriptor's word that there is none."""
    reduced: tuple[Notice, ...] = ()
    """By path: what the base asked for and this does not, and what lies below a floor of the settings."""
    ignores: tuple[Notice, ...] = ()
    """By place: comments that would ignore a finding and may not, are malformed, or ignore none."""
    before: Before | None = None
    """The same descriptor at the base; null where nothing is compared, or it was not there."""
    fixed: tuple[Fixed, ...] = ()
    """By control and path: findings of the base that are none any more."""
    served: Served | None = None
    """What it is served with; null in a report that was written before this was told."""
    explained: Explained | None = None
    """Why the control decided so that the run was asked to explain; null where it was asked for none."""
    decisions: tuple[str, ...] = ()
    """Ids under which an OPA server logged what it was asked; empty where it logs nothing."""

    @property
    def answers(self) -> tuple[Finding | Notice, ...]:
        """The findings, and what is undeclared."""
        return (*self.findings, *self.undeclared)


@record
class Problem:
    """Something that was asked for and could not be fully assessed."""

    code: str
    """Kebab-case kind: `unknown-key`, `syntax`, `engine` …"""
    message: str
    """What was seen and what was wanted."""
    hint: str | None
    """What to do about it."""
    place: Position | None
    """Where, when it is at a place."""
    excerpt: str | None
    """The first line of the place, with secrets masked, cut where it is long."""


@record
class Unassessed:
    """A file that could not be fully assessed, and why."""

    file: str
    """The file, relative to the working directory."""
    problems: tuple[Problem, ...]
    """Each mistake at its place; at least one."""


@record
class Tool:
    """What wrote the report."""

    name: str
    """`psfpolicy`."""
    version: str
    """Its version."""


@record
class Pack:
    """Policy of others in the bundle that decided."""

    name: str
    """`bank`."""
    version: str
    """Its version."""
    digest: str
    """`sha256:` and the digest of its sources."""
    controls: tuple[str, ...]
    """Ids of its controls."""
    overrides: tuple[str, ...]
    """Those of them that stand in the place of controls of psfpolicy; each of their findings says so."""


@record
class Policy:
    """What decided."""

    digest: str
    """`sha256:` and the digest of the compiled policy, its data and its controls, and of what it says of its packs."""
    opa_version: str
    """The version of OPA that compiled it."""
    packs: tuple[Pack, ...] = ()
    """Policy of others in it, by name; empty for the policy that psfpolicy ships."""


@record
class EngineInfo:
    """What evaluated the policy."""

    name: str
    """`wasm`, or `opa` for servers."""
    version: str
    """Version of wasmtime, or of the servers' OPA: `1.22.0`, or `1.22.0, 1.23.1` where they differ."""


@record
class CatalogueAge:
    """How old the rows of the catalogue are, regions left out: where one stands does not change."""

    oldest: str
    """Day on which the source of the oldest row was read, YYYY-MM-DD."""
    newest: str
    """The same of the newest row."""
    days: int
    """Age of the oldest row on the as-of date."""
    stale: bool
    """It is so old that a report warns."""


@record
class OwnRows:
    """The user's own rows, which were laid over those that psfpolicy ships."""

    file: str
    """The file, relative to the working directory."""
    digest: str
    """`sha256:` and the digest of its bytes."""
    rows: dict[str, tuple[str, ...]]
    """Ids of the rows, sorted, by table."""


@record
class CatalogueInfo:
    """The data that the policy judged by."""

    as_of: CatalogueAge | None
    """How old it is; null where nothing was assessed."""
    user_rows: OwnRows | None
    """Null where the settings name no file of them."""


@record
class WaiverUse:
    """One waiver, and what became of it in this run."""

    id: str
    """Its id."""
    control: str
    """The control, or the kind of notice, that it is for."""
    descriptor: str
    """`environment/name` of the deployment."""
    owner: str
    """Who answers for it; empty for a comment."""
    approver: str
    """Who approved it, by the file's word: a name in a file is no signature; empty for a comment."""
    ticket: str
    """Where it is tracked; empty for a comment."""
    expires: str
    """Last day on which it counts, YYYY-MM-DD."""
    days_left: int
    """Days from the as-of date to the last day; negative when it has run out."""
    state: WaiverState
    """What became of it."""
    message: str
    """Why, where it covers nothing."""
    place: Position
    """Where it is written."""


@record
class Vanished:
    """A descriptor that the base has and that is not there any more."""

    id: str
    """`environment/name`."""
    file: str
    """Where it was."""
    notice: Notice
    """What the gate says of it."""
    verdict: Verdict
    """Of the gate that it was held against."""


@record
class Comparison:
    """What a run was compared with."""

    base: str
    """The revision that the user named."""
    merge_base: str
    """The commit that was compared with, in full."""
    head: str | None
    """The commit that was assessed, in full; null for the work tree."""
    policy_from: Literal["base", "head"]
    """Where settings, waivers, accepted findings and rows of the catalogue were read."""
    policy_changes: tuple[str, ...]
    """What the head changes of them, and that therefore did not count; by file."""
    fail_on_new: bool
    """Findings that were there before let the gate pass."""
    changes: dict[Literal["new", "worsened", "improved", "existing", "fixed"], int]
    """Findings by how they compare."""
    vanished: tuple[Vanished, ...]
    """By id: descriptors that are not there any more."""
    unread: tuple[str, ...]
    """Files of the base that could not be assessed: what they hold now is new."""
    ignored: tuple[str, ...]
    """Files that were read and that git ignores: the base has none of them, so that what they show is new."""


@record
class Accepted:
    """The file of accepted findings."""

    file: str
    """The file, relative to the working directory."""
    date: str
    """Day on which they were accepted, YYYY-MM-DD."""
    commit: str | None
    """Commit of that day's work, in full."""
    entries: int
    """Findings that it holds."""
    hidden: int
    """Findings of this run that do not hold the gate because of it."""


@record
class InputFile:
    """A file that was read."""

    file: str
    """Relative to the working directory."""
    sha256: str
    """Digest of its bytes."""


@record
class Summary:
    """Counts."""

    descriptors: int
    """Descriptors that were assessed."""
    unassessed: int
    """Files that could not be fully assessed."""
    verdicts: dict[Verdict, int]
    """Descriptors by verdict."""
    statuses: dict[Status, int]
    """Findings by status."""


@record
class Report:
    """One run."""

    schema: Literal["psfpolicy/report/v1"]
    """Name and version of this shape."""
    tool: Tool
    """What wrote it."""
    generated_at: str
    """RFC 3339, UTC."""
    as_of: str
    """The date for which ages and dates were judged, YYYY-MM-DD."""
    policy: Policy
    """What decided."""
    engine: EngineInfo
    """What evaluated it."""
    catalogue: CatalogueInfo
    """The data that it judged by."""
    day_given: bool = False
    """The user asked for this day with `--as-of`, so that it may be another than the day of the run."""
    exit_zero: bool
    """The run was told to exit with 0 where a gate was not passed."""
    exit_code: int
    """What the run exits with, and means: see the table of exit codes."""
    summary: Summary
    """Counts."""
    inputs: tuple[InputFile, ...]
    """Every file that was read, by name."""
    assessments: Sequence[Assessment]
    """By file and document."""
    unassessed: tuple[Unassessed, ...]
    """By file."""
    comparison: Comparison | None = None
    """What it was compared with; null where it was not."""
    waivers: tuple[WaiverUse, ...] = ()
    """By id and descriptor: every waiver that the run knew, and every comment that is for a finding."""
    accepted: Accepted | None = None
    """Null where there is no file of accepted findings."""
    excluded: tuple[str, ...] = ()
    """By name: files that may hold a descriptor, and were not assessed because the settings exclude them."""
