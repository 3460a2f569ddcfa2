"""A run that compares with nothing, as it goes on: its lines, its counts, and what it comes to."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy import sharing
from psfpolicy.errors import NothingToAssessError
from psfpolicy.model.report import Problem, Unassessed
from psfpolicy.reporting import Came, engine, own_rows, policy, report_on, tool
from psfpolicy.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack

    from psfpolicy.model.lines import RunSummary
    from psfpolicy.model.report import Report
    from psfpolicy.model.run import Outcome, Request
    from psfpolicy.resuming import Earlier, Journal
    from psfpolicy.stopping import Stopping
    from psfpolicy.targets import Row, Target


class Run:
    """A run that compares with nothing: what each file comes to is counted, written and forgotten.

    Args:
        request: What was asked.
        found: The files.
        excluded: Names of files that the settings exclude.
        write: Told each line; None where none are wanted.
        stopping: Holds an interrupt back.
    """

    def __init__(
        self,
        request: Request,
        found: Row,
        excluded: tuple[str, ...],
        write: Callable[[str], None] | None,
        stopping: Stopping,
    ) -> None:
        self._request = request
        self._found = found
        self._excluded = excluded
        self._write = write
        self._stopping = stopping
        self._tally = Tally(request, found)
        self._journal: Journal | None = None
        self._earlier: Earlier | None = None
        self._interrupted = False

    def begin(self, resume: str | None, stack: ExitStack) -> None:
        """Write the head, and open the earlier run; the stack closes what is opened."""
        if self._write is None:
            return
        # A run that writes no lines needs none of it.
        from psfpolicy.formats.ndjson import line_of  # noqa: PLC0415
        from psfpolicy.model.lines import SCHEMA, RunHead  # noqa: PLC0415
        from psfpolicy.resuming import Earlier, Journal, opened, settings_digest  # noqa: PLC0415

        request = self._request
        head = RunHead(
            schema=SCHEMA,
            kind="head",
            tool=tool(),
            generated_at=request.generated_at,
            as_of=request.today,
            day_given=request.day_given,
            policy=policy(),
            engine=engine(request),
            gate=request.gate.requested,
            settings=settings_digest(request),
            user_rows=own_rows(request.rows),
            exit_zero=request.exit_zero,
            files=len(self._found),
            excluded=self._excluded,
        )
        self._journal = stack.enter_context(closing(Journal(head)))
        if resume is not None:
            file = stack.enter_context(opened(resume))
            self._earlier = Earlier(resume, file, head, self._journal, request)
        try:
            with self._stopping.held():
                self._write(line_of(head))
        except KeyboardInterrupt:
            self._interrupted = True

    def go_on(self, progress: Callable[[int, int], None]) -> None:
        """Assess the files, until there are no more or an interrupt comes."""
        if self._interrupted:
            return
        try:
            # Closed even where an interrupt strikes between two outcomes, or the other processes would be waited for.
            with closing(sharing.assessed(self._found, self._request, self._known)) as coming:
                for outcome in coming:
                    with self._stopping.held():
                        self._take(outcome)
                        progress(self._tally.files, len(self._found))
        except KeyboardInterrupt:
            self._interrupted = self._tally.files < len(self._found)

    @property
    def taken_over(self) -> int:
        """Results that were taken over from an earlier run."""
        return 0 if self._earlier is None else self._earlier.taken

    @property
    def unknown(self) -> int:
        """Results that were not, though their files are as they were, since no run of this user wrote them."""
        return 0 if self._earlier is None else self._earlier.unknown

    @property
    def missing(self) -> str | None:
        """Why no line is known, where the cache cannot be used."""
        return None if self._journal is None else self._journal.missing

    def _known(self, target: Target) -> Outcome | None:
        return None if self._earlier is None else self._earlier(target)

    def _take(self, outcome: Outcome) -> None:
        target = self._found[self._tally.files]
        line = self._tally.add(outcome)
        if self._write is not None and self._journal is not None:
            self._write(line)
            if line == outcome.line:
                self._journal.note(target, outcome, line)

    def ended(self) -> Report:
        """Write the summary, and give the report.

        Raises:
            NothingToAssessError: There was no descriptor.
        """
        nothing = self._tally.empty and not self._interrupted and not self._request.skip_other
        report = self._report()
        if self._write is not None:
            from psfpolicy.formats.ndjson import line_of  # noqa: PLC0415  # as for the head

            with self._stopping.held():
                self._write(line_of(self._summary(report, 3 if nothing else report.exit_code)))
        if nothing:
            raise NothingToAssessError(
                "no descriptor found: no document here has `apiVersion: psfpolicy/v1` and `kind: LLMDeployment`",
                hint="`psfpolicy init` writes one to start from",
            )
        return report

    def _report(self) -> Report:
        tally = self._tally
        unassessed = tally.unassessed()
        summary = tally.summary()
        report = report_on(
            self._request,
            Came(
                summary=summary,
                catalogue_age=tally.catalogue_age,
                inputs=tally.inputs,
                assessments=tally.assessments(),
                unassessed=unassessed,
                uses=tally.uses,
                accepted=tally.accepted,
            ),
            whole=not self._request.paths and not self._interrupted,
        )
        report = replace(report, excluded=self._excluded)
        if not self._interrupted:
            return report
        return replace(
            report,
            exit_code=130,
            unassessed=(*unassessed, self._cut_off()),
            summary=replace(summary, unassessed=summary.unassessed + 1),
        )

    def _cut_off(self) -> Unassessed:
        """Say, where a report lists what could not be assessed, that it is not whole."""
        done, every = self._tally.files, len(self._found)
        problem = Problem(
            code="interrupted",
            message=f"the run was interrupted here: {every - done} of {every} files were not assessed",
            hint="run it again; `--resume` goes on with what `-o ndjson=FILE` has written",
            place=None,
            excerpt=None,
        )
        return Unassessed(file=self._found[done].name, problems=(problem,))

    def _summary(self, report: Report, exit_code: int) -> RunSummary:
        from psfpolicy.model.lines import SCHEMA, RunSummary  # noqa: PLC0415  # as for the head

        told = {(use.id, use.descriptor) for use in self._tally.uses}
        return RunSummary(
            schema=SCHEMA,
            kind="summary",
            interrupted=self._interrupted,
            remaining=len(self._found) - self._tally.files,
            taken_over=self.taken_over,
            exit_code=exit_code,
            summary=self._tally.summary(),
            withdrawn=self._tally.withdrawn(),
            catalogue=report.catalogue.as_of,
            waivers=tuple(use for use in report.waivers if (use.id, use.descriptor) not in told),
            accepted=report.accepted,
        )
