"""The whole of a run: targets are loaded, assessed and gathered into one report."""

from __future__ import annotations

import signal
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING

from psfpolicy import __version__, catalogue, resources
from psfpolicy.assess import assess, identity, position
from psfpolicy.engine.wasm import WasmEngine
from psfpolicy.errors import EngineError, NothingToAssessError
from psfpolicy.loading import Loaded, load
from psfpolicy.model.report import (
    STATUSES,
    Assessment,
    CatalogueInfo,
    EngineInfo,
    InputFile,
    OwnRows,
    Policy,
    Position,
    Problem,
    Report,
    Summary,
    Tool,
    Unassessed,
    Verdict,
)
from psfpolicy.source import masked
from psfpolicy.targets import targets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from psfpolicy.answer import OfPolicy
    from psfpolicy.catalogue import Tables, UserRows
    from psfpolicy.engine.base import Engine
    from psfpolicy.gates import GateRule
    from psfpolicy.source import Document
    from psfpolicy.targets import Target

_CHUNK = 16
_WORTH_A_PROCESS = 24
_FEW = 32


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
    rows: UserRows | None = None
    """The user's own rows of the catalogue."""

    @property
    def own(self) -> Tables:
        """The user's own rows by table; empty where there are none."""
        return catalogue.NONE if self.rows is None else self.rows.tables

    jobs: int = 1
    """Processes that assess, at most."""
    exit_zero: bool = False
    """Exit with 0 where a gate was not passed."""
    stdin: bytes | None = None
    """What standard input held, where a path is `-`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decided:
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
class _Outcome:
    """What one file came to."""

    name: str
    decided: tuple[_Decided, ...]
    inputs: tuple[InputFile, ...]
    of_policy: OfPolicy | None = None
    """None where nothing was decided."""
    unassessed: Unassessed | None = None


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
    found = targets(request.paths)
    outcomes = []
    for outcome in _outcomes(found, request):
        outcomes.append(outcome)
        progress(len(outcomes), len(found))
    # By file, so that the order of the paths does not change the report.
    outcomes = list(_told_apart(sorted(outcomes, key=lambda outcome: outcome.name)))
    if not any(outcome.decided or outcome.unassessed for outcome in outcomes):
        raise NothingToAssessError(
            "no descriptor found: no document here has `apiVersion: psfpolicy/v1` and `kind: LLMDeployment`",
            hint="`psfpolicy init` writes one to start from",
        )
    return _report(request, outcomes)


def _outcomes(found: tuple[Target, ...], request: Request) -> Iterator[_Outcome]:
    work = partial(_assessed, request=request, packing=len(found) > _FEW)
    processes = min(request.jobs, len(found) // _WORTH_A_PROCESS)
    # What one process reads from a stream, another cannot.
    if processes < 2 or any(target.stream for target in found):
        yield from map(work, found)
        return
    # A run of a few files does not pay for importing these.
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from multiprocessing import get_context  # noqa: PLC0415

    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        with _interrupts_held():
            results = pool.map(work, found, chunksize=_CHUNK)
        yield from results


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


@cache
def _engine() -> Engine:
    """Give the engine of this process, loaded once."""
    return WasmEngine.bundled()


def _assessed(target: Target, request: Request, *, packing: bool) -> _Outcome:
    loaded = load(target, request.stdin, request.own)
    path = None if target.stream else target.path
    decided = []
    of_policy: OfPolicy | None = None
    for document in loaded.documents:
        try:
            assessment, of_policy = _assess(document, path, loaded, request)
        except EngineError as error:
            message = f"{masked(identity(document))}: {error.message}"
            problem = Problem(code="engine", message=message, hint=error.hint, place=None, excerpt=None)
            failure = Unassessed(file=loaded.name, problems=(problem,))
            return _Outcome(loaded.name, (), loaded.inputs, unassessed=failure)
        decided.append(_decided(document, assessment, packing=packing))
    return _Outcome(loaded.name, tuple(decided), loaded.inputs, of_policy, loaded.unassessed)


def _decided(document: Document, assessment: Assessment, *, packing: bool) -> _Decided:
    if packing:
        from psfpolicy.packed import packed  # noqa: PLC0415  # a run of a few files needs none of it
    return _Decided(
        id=assessment.id,
        place=position(document.locate(("metadata", "name")).place),
        verdict=assessment.gate.verdict,
        statuses=Counter(finding.status for finding in assessment.findings),
        assessment=packed(assessment) if packing else assessment,
    )


def _assess(document: Document, path: str | None, loaded: Loaded, request: Request) -> tuple[Assessment, OfPolicy]:
    environment = identity(document).partition("/")[0]
    return assess(
        document,
        _engine(),
        texts=loaded.texts,
        today=request.today,
        gate=request.gate.effective(path, environment),
        requested=request.gate.requested,
        unwaivable=request.unwaivable,
        own=request.own,
    )


def _told_apart(outcomes: Sequence[_Outcome]) -> Iterator[_Outcome]:
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


def _report(request: Request, outcomes: list[_Outcome]) -> Report:
    decided = [item for outcome in outcomes for item in outcome.decided]
    unassessed = tuple(outcome.unassessed for outcome in outcomes if outcome.unassessed)
    summary = _summary(decided, unassessed)
    manifest = resources.manifest()
    engine = _engine()
    of_policy = next((outcome.of_policy for outcome in outcomes if outcome.of_policy), None)
    return Report(
        schema="psfpolicy/report/v1",
        tool=Tool(name="psfpolicy", version=__version__),
        generated_at=request.generated_at,
        as_of=request.today,
        policy=Policy(digest=f"sha256:{manifest.digest}", opa_version=manifest.opa),
        engine=EngineInfo(name=engine.name, version=engine.version),
        catalogue=CatalogueInfo(
            as_of=None if of_policy is None else of_policy.catalogue_age,
            user_rows=None if request.rows is None else _recorded(request.rows),
        ),
        not_assessed=() if of_policy is None else of_policy.not_assessed,
        exit_zero=request.exit_zero,
        exit_code=_exit_code(summary, exit_zero=request.exit_zero),
        summary=summary,
        inputs=tuple(sorted({item for outcome in outcomes for item in outcome.inputs}, key=lambda item: item.file)),
        assessments=_assessments(decided),
        unassessed=unassessed,
    )


def _recorded(rows: UserRows) -> OwnRows:
    by_table = {table: tuple(sorted(rows.tables[table])) for table in sorted(rows.tables)}
    return OwnRows(file=rows.file, digest=rows.digest, rows=by_table)


def _assessments(decided: list[_Decided]) -> Sequence[Assessment]:
    items = [item.assessment for item in decided]
    plain = tuple(item for item in items if not isinstance(item, bytes))
    if len(plain) == len(items):
        return plain
    from psfpolicy.packed import Packed  # noqa: PLC0415  # a run of a few files needs none of it

    return Packed([item for item in items if isinstance(item, bytes)])


def _exit_code(summary: Summary, *, exit_zero: bool) -> int:
    if summary.unassessed or summary.verdicts["undecided"]:
        return 4
    return 1 if summary.verdicts["fail"] and not exit_zero else 0


def _summary(decided: list[_Decided], unassessed: tuple[Unassessed, ...]) -> Summary:
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
