"""The whole of a run: targets are loaded, assessed and gathered into one report."""

from __future__ import annotations

import signal
from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from psfpolicy import __version__, resources, waiving
from psfpolicy.engine.version import wasmtime_version
from psfpolicy.errors import NothingToAssessError
from psfpolicy.model.report import (
    STATUSES,
    Accepted,
    CatalogueInfo,
    EngineInfo,
    OwnRows,
    Policy,
    Problem,
    Report,
    Summary,
    Tool,
    Unassessed,
)
from psfpolicy.model.run import Outcome
from psfpolicy.targets import parted, targets

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from psfpolicy.catalogue import UserRows
    from psfpolicy.model.granted import AcceptedFile
    from psfpolicy.model.report import Assessment, Comparison, WaiverUse
    from psfpolicy.model.run import Decided, Request
    from psfpolicy.targets import Target

_CHUNK = 16
_WORTH_A_PROCESS = 24
_FEW = 32
_SHOWN = 5


def check(request: Request, *, progress: Callable[[int, int], None] = lambda _done, _all: None) -> Report:
    """Assess every descriptor that the request names.

    Args:
        request: What to assess, and how.
        progress: Told the files done and the files in all, as the run goes on.

    Raises:
        UsageError: A path does not exist; nothing was assessed.
        NothingToAssessError: There is no descriptor.
        ModuleError: The policy cannot be loaded.
    """
    found, excluded = _targets(request)
    outcomes = assessed(found, request, progress)
    if not request.skip_other and not any(outcome.decided or outcome.unassessed for outcome in outcomes):
        raise NothingToAssessError(
            "no descriptor found: no document here has `apiVersion: psfpolicy/v1` and `kind: LLMDeployment`",
            hint="`psfpolicy init` writes one to start from",
        )
    return replace(reported(request, outcomes, whole=not request.paths), excluded=excluded)


def _targets(request: Request) -> tuple[tuple[Target, ...], tuple[str, ...]]:
    """Give what is to be assessed, and the names of what the settings exclude."""
    if request.skip_other:
        from psfpolicy.leading import led_to  # noqa: PLC0415  # only this asks git

        return parted(led_to(request.paths, request.policy_files, request.evidence), request.exclusion)
    found, excluded = parted(targets(request.paths), request.exclusion)
    if not found:
        more = f" and {len(excluded) - _SHOWN} more" if len(excluded) > _SHOWN else ""
        raise NothingToAssessError(
            f"the settings exclude all that there is to assess: {', '.join(excluded[:_SHOWN])}{more}",
            hint="`exclude` in `.psfpolicy.yaml` says what is not assessed, named or not",
        )
    return found, excluded


def validate(request: Request) -> Report:
    """Read every descriptor that the request names and say what is wrong with it, without assessing any.

    Raises:
        UsageError: A path does not exist; nothing was read.
        NothingToAssessError: There is no descriptor.
    """
    from psfpolicy.loading import load  # noqa: PLC0415  # a run that assesses has its processes import it

    found, excluded = _targets(request)
    loaded = [load(target, request.stdin, request.own, files=request.files, gathering=False) for target in found]
    outcomes = [Outcome(item.name, (), item.inputs, unassessed=item.unassessed) for item in loaded]
    return replace(reported(request, sorted(outcomes, key=lambda outcome: outcome.name)), excluded=excluded)


def assessed(found: tuple[Target, ...], request: Request, progress: Callable[[int, int], None]) -> list[Outcome]:
    """Assess some files; what came of them is in the order of their names, so that the order of the paths is none."""
    outcomes = []
    # Closed even where an interrupt strikes between two outcomes, or the other processes would be waited for.
    with closing(_outcomes(found, request)) as coming:
        for outcome in coming:
            outcomes.append(outcome)
            progress(len(outcomes), len(found))
    return list(_told_apart(sorted(outcomes, key=lambda outcome: outcome.name)))


def _outcomes(found: tuple[Target, ...], request: Request) -> Generator[Outcome]:
    work = partial(_work, request=request, packing=len(found) > _FEW)
    processes = min(request.jobs, len(found) // _WORTH_A_PROCESS)
    # What one process reads from a stream, another cannot.
    if processes < 2 or any(target.stream for target in found):
        yield from map(work, found)
        return
    # A run of a few files does not pay for importing these.
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from multiprocessing import get_context  # noqa: PLC0415

    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"))
    try:
        with _interrupts_held():
            results = pool.map(work, found, chunksize=_CHUNK)
        yield from results
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Start processes that leave Ctrl-C to this one: they inherit what is held back here, and for them it stays so."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(target: Target, request: Request, *, packing: bool) -> Outcome:
    # Imported by the process that assesses: one that only gathers what others found needs no engine and no reader.
    from psfpolicy import worker  # noqa: PLC0415

    return worker.assessed(target, request, packing=packing)


def _told_apart(outcomes: Sequence[Outcome]) -> Iterator[Outcome]:
    """Turn descriptors that share an identity into problems: nobody could say which one a verdict is about."""
    spots: dict[str, list[str]] = {}
    for outcome in outcomes:
        for item in outcome.decided:
            spots.setdefault(item.id, []).append(f"{item.place.file}:{item.place.start_line}")
    for outcome in outcomes:
        shared = [item for item in outcome.decided if len(spots[item.id]) > 1]
        if not shared:
            yield outcome
            continue
        problems = tuple(
            Problem(
                code="duplicate-identity",
                message=f"`{item.id}` is described more than once: {', '.join(spots[item.id])}",
                hint="give each deployment its own `metadata.name` within an environment",
                place=item.place,
                excerpt=None,
            )
            for item in shared
        )
        kept = tuple(item for item in outcome.decided if item not in shared)
        yield replace(outcome, decided=kept, unassessed=Unassessed(file=outcome.name, problems=problems))


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
    summary = _summary(decided, unassessed)
    manifest = resources.manifest()
    return Report(
        schema="psfpolicy/report/v1",
        tool=Tool(name="psfpolicy", version=__version__),
        generated_at=request.generated_at,
        as_of=request.today,
        day_given=request.day_given,
        policy=Policy(digest=f"sha256:{manifest.digest}", opa_version=manifest.opa),
        engine=EngineInfo(name="wasm", version=wasmtime_version()),
        catalogue=CatalogueInfo(
            as_of=next((outcome.catalogue_age for outcome in outcomes if outcome.catalogue_age), None),
            user_rows=None if request.rows is None else _recorded(request.rows),
        ),
        exit_zero=request.exit_zero,
        exit_code=_exit_code(summary, comparison, exit_zero=request.exit_zero),
        summary=summary,
        inputs=tuple(sorted({item for outcome in outcomes for item in outcome.inputs}, key=lambda item: item.file)),
        assessments=_assessments(decided),
        unassessed=unassessed,
        comparison=comparison,
        waivers=waiving.gathered(
            request, (*(use for item in decided for use in item.waivers), *uses), whole=whole and not unassessed
        ),
        accepted=None if request.accepted is None else _accepted(request.accepted, decided),
    )


def _accepted(file: AcceptedFile, decided: list[Decided]) -> Accepted:
    return Accepted(
        file=file.file,
        date=file.date,
        commit=file.commit,
        entries=len(file.findings),
        hidden=sum(item.accepted for item in decided),
    )


def _recorded(rows: UserRows) -> OwnRows:
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
