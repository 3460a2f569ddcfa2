"""The report on what the files of a run came to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psfpolicy import __version__, resources, waiving
from psfpolicy.engine.version import wasmtime_version
from psfpolicy.model.report import (
    STATUSES,
    Accepted,
    CatalogueInfo,
    EngineInfo,
    OwnRows,
    Pack,
    Policy,
    Report,
    Summary,
    Tool,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psfpolicy.catalogue import UserRows
    from psfpolicy.model.granted import AcceptedFile
    from psfpolicy.model.report import Assessment, CatalogueAge, Comparison, InputFile, Unassessed, WaiverUse
    from psfpolicy.model.run import Decided, Outcome, Request


def reported(
    request: Request,
    outcomes: list[Outcome],
    comparison: Comparison | None = None,
    *,
    uses: Iterable[WaiverUse] = (),
    whole: bool = False,
) -> Report:
    """Give the report on what some files came to.

    Args:
        request: What was asked.
        outcomes: What each file came to.
        comparison: What they were compared with.
        uses: What became of waivers that are for no descriptor of these.
        whole: Everything was looked at, so that a descriptor which was not met is not there.
    """
    decided = [item for outcome in outcomes for item in outcome.decided]
    unassessed = tuple(outcome.unassessed for outcome in outcomes if outcome.unassessed)
    came = Came(
        summary=_summary(decided, unassessed),
        catalogue_age=next((outcome.catalogue_age for outcome in outcomes if outcome.catalogue_age), None),
        inputs=tuple(sorted({item for outcome in outcomes for item in outcome.inputs}, key=lambda item: item.file)),
        assessments=_assessments(decided),
        unassessed=unassessed,
        uses=(*(use for item in decided for use in item.waivers), *uses),
        accepted=sum(item.accepted for item in decided),
    )
    return report_on(request, came, comparison, whole=whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What the files of a run came to, together."""

    summary: Summary
    catalogue_age: CatalogueAge | None
    inputs: tuple[InputFile, ...]
    assessments: Sequence[Assessment]
    unassessed: tuple[Unassessed, ...]
    uses: tuple[WaiverUse, ...]
    accepted: int
    """Findings that were accepted."""


def report_on(request: Request, came: Came, comparison: Comparison | None = None, *, whole: bool) -> Report:
    """Give the report on what the files of a run came to; see `reported`."""
    return Report(
        schema="psfpolicy/report/v1",
        tool=tool(),
        generated_at=request.generated_at,
        as_of=request.today,
        day_given=request.day_given,
        policy=policy(),
        engine=engine(request),
        catalogue=CatalogueInfo(as_of=came.catalogue_age, user_rows=own_rows(request.rows)),
        exit_zero=request.exit_zero,
        exit_code=_exit_code(came.summary, comparison, exit_zero=request.exit_zero),
        summary=came.summary,
        inputs=came.inputs,
        assessments=came.assessments,
        unassessed=came.unassessed,
        comparison=comparison,
        waivers=waiving.gathered(request, came.uses, whole=whole and not came.summary.unassessed),
        accepted=None if request.accepted is None else _accepted(request.accepted, came.accepted),
    )


def tool() -> Tool:
    """Give what writes reports."""
    return Tool(name="psfpolicy", version=__version__)


def policy() -> Policy:
    """Give what decides."""
    manifest = resources.manifest()
    packs = (
        Pack(
            name=pack.name,
            version=pack.version,
            digest=f"sha256:{pack.digest}",
            controls=pack.controls,
            overrides=pack.overrides,
        )
        for pack in resources.packs()
    )
    return Policy(digest=f"sha256:{manifest.digest}", opa_version=manifest.opa, packs=tuple(packs))


def engine(request: Request) -> EngineInfo:
    """Give what evaluates."""
    if request.serving is None:
        return EngineInfo(name="wasm", version=wasmtime_version())
    return EngineInfo(name="opa", version=", ".join(request.serving.versions))


def _accepted(file: AcceptedFile, hidden: int) -> Accepted:
    return Accepted(file=file.file, date=file.date, commit=file.commit, entries=len(file.findings), hidden=hidden)


def own_rows(rows: UserRows | None) -> OwnRows | None:
    """Give the user's own rows as reports name them; None where there are none."""
    if rows is None:
        return None
    by_table = {table: tuple(sorted(rows.tables[table])) for table in sorted(rows.tables)}
    return OwnRows(file=rows.file, digest=rows.digest, rows=by_table)


def _assessments(decided: list[Decided]) -> Sequence[Assessment]:
    items = [item.assessment for item in decided]
    plain = tuple(item for item in items if not isinstance(item, bytes))
    if len(plain) == len(items):
        return plain
    from psfpolicy.packed import Packed  # noqa: PLC0415  # a run of a few files needs none of it

    return Packed([item for item in items if isinstance(item, bytes)])


def _exit_code(summary: Summary, comparison: Comparison | None, *, exit_zero: bool) -> int:
    if summary.unassessed or summary.verdicts["undecided"]:
        return 4
    gone = comparison is not None and any(item.verdict == "fail" for item in comparison.vanished)
    return 1 if (summary.verdicts["fail"] or gone) and not exit_zero else 0


def _summary(decided: list[Decided], unassessed: tuple[Unassessed, ...]) -> Summary:
    verdicts = Counter(item.verdict for item in decided)
    statuses: Counter[str] = Counter()
    for item in decided:
        statuses.update(item.statuses)
    return Summary(
        descriptors=len(decided),
        unassessed=len(unassessed),
        verdicts={name: verdicts[name] for name in ("undecided", "fail", "advisory", "pass")},
        statuses={name: statuses[name] for name in STATUSES},
    )
