"""A run of another command than `check`: the repository, or what was named, as the settings have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.cli.inputs import asked

if TYPE_CHECKING:
    from psfpolicy.model.report import Report
    from psfpolicy.settings import Settings


def assessed(paths: tuple[str, ...], settings: Settings, as_of: str | None, engine: str) -> Report:
    """Assess descriptors and give the report; one without any where there is no descriptor.

    Raises:
        UsageError: The settings require servers, and the user asks for another engine.
        EngineError: No server is there, or one serves another policy.
    """
    from psfpolicy.cli.options import processors
    from psfpolicy.cli.serving import served
    from psfpolicy.errors import NothingToAssessError
    from psfpolicy.pipeline import check
    from psfpolicy.reporting import reported

    with served(engine, settings) as serving:
        jobs = settings.defaults.get("jobs") or processors()
        request = asked(settings, paths, gate="advisory", as_of=as_of, jobs=jobs, serving=serving)
        try:
            return check(request)
        except NothingToAssessError:
            return reported(request, [], whole=not paths)


def refuse_unassessed(report: Report) -> None:
    """Refuse to go on from a report that lacks something.

    Raises:
        NotAssessedError: A file could not be assessed, or a control could not be decided.
    """
    from psfpolicy.errors import NotAssessedError

    if report.exit_code == 4:
        names = [item.file for item in report.unassessed]
        names += [item.file for item in report.assessments if item.gate.verdict == "undecided"]
        says = f"not everything could be assessed: {', '.join(sorted(set(names)))}"
        raise NotAssessedError(says, hint="`psfpolicy check` shows what is wrong")
