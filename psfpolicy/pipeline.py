"""The whole of a run: targets are loaded, assessed and gathered into one report."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from psfpolicy import sharing
from psfpolicy.errors import NothingToAssessError
from psfpolicy.inert import inert
from psfpolicy.model.report import Problem, Unassessed
from psfpolicy.model.run import Outcome
from psfpolicy.reporting import reported
from psfpolicy.running import Run
from psfpolicy.stopping import Stopping
from psfpolicy.targets import Row, each, excludes, nowhere, parted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from psfpolicy.model.report import Report
    from psfpolicy.model.run import Request
    from psfpolicy.targets import Target

    Progress: TypeAlias = Callable[[int, int], None]

_SHOWN = 5


def check(
    request: Request,
    *,
    progress: Progress = lambda _done, _all: None,
    write: Callable[[str], None] | None = None,
    resume: str | None = None,
    tell: Callable[[str], None] = lambda _said: None,
    stopping: Stopping | None = None,
) -> Report:
    """Assess every descriptor that the request names.

    Args:
        request: What to assess, and how.
        progress: Told the files done and the files in all, as the run goes on.
        write: Told each line of `ndjson`, as soon as it is known; only where the request wants lines.
        resume: A file with lines of a run that was interrupted, which are taken over where they still hold.
        tell: Told, in a sentence, what was taken over.
        stopping: Holds an interrupt back while what a file came to is counted and written.

    Returns:
        The report; of a run that was interrupted, one on what it did, which says so and has exit code 130.

    Raises:
        UsageError: A path does not exist, or the earlier run was asked something else; nothing was assessed.
        NothingToAssessError: There is no descriptor.
        ModuleError: The policy cannot be loaded.
    """
    found, excluded = _targets(request)
    run = Run(request, found, excluded, write, stopping or Stopping())
    with ExitStack() as stack:
        run.begin(resume, stack)
        run.go_on(progress)
        if resume is not None:
            tell(_taken_over(run, resume))
        return run.ended()


def _taken_over(run: Run, resume: str) -> str:
    results = "1 result was" if run.taken_over == 1 else f"{run.taken_over} results were"
    said = f"{results} taken over from `{inert(resume)}`"
    if not run.unknown:
        return said
    why = f"it cannot be used: {inert(run.missing)}" if run.missing else "it has no note of them"
    return f"{said}; {run.unknown} that the cache cannot vouch for were assessed again ({why})"


def _targets(request: Request) -> tuple[Row, tuple[str, ...]]:
    """Give what is to be assessed, and the names of what the settings exclude."""
    if request.skip_other:
        from psfpolicy.leading import led_to  # noqa: PLC0415  # only this asks git

        found, excluded = parted(led_to(request.paths, request.policy_files, request.evidence), request.exclusion)
        return Row(found), excluded
    exclusion = request.exclusion
    names: list[str] = []

    def kept() -> Iterator[Target]:
        for target in each(request.paths):
            if exclusion is not None and excludes(exclusion, target):
                names.append(target.name)
            else:
                yield target

    row = Row(kept())
    if not row and not names:
        raise nowhere()
    if not row:
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        raise NothingToAssessError(
            f"the settings exclude all that there is to assess: {', '.join(sorted(names)[:_SHOWN])}{more}",
            hint="`exclude` in `.psfpolicy.yaml` says what is not assessed, named or not",
        )
    return row, tuple(sorted(names))


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
    return replace(reported(request, outcomes), excluded=excluded)


def assessed(found: Iterable[Target], request: Request, progress: Progress) -> list[Outcome]:
    """Assess some files; what came of them is in the order of their names, so that the order of the paths is none."""
    outcomes = []
    row = Row(found)
    # Closed even where an interrupt strikes between two outcomes, or the other processes would be waited for.
    with closing(sharing.assessed(row, request)) as coming:
        for outcome in coming:
            outcomes.append(outcome)
            progress(len(outcomes), len(row))
    return list(_told_apart(outcomes))


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
