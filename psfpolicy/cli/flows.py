"""`psfpolicy flows`: where data goes, who runs it there, and what leaves to a third party or over a border."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from psfpolicy.cli import options
from psfpolicy.cli.policy import bundle_option

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psfpolicy.model.report import Assessment, Report


@click.command("flows")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@options.format_of(["table", "mermaid", "dot", "json"], "A table, a graph for Mermaid or Graphviz, or JSON.")
@options.settings()
@bundle_option
def command(files: tuple[str, ...], *, format_: str, settings_path: str | None) -> None:
    """Show every flow of data of deployments.

    FILE is a descriptor, a folder to search, or - for standard input. For each flow: what it carries, in which country
    it ends, who operates it and under whose law. Third parties, borders and what nobody said are marked.
    """
    report = _report(files, settings_path)
    if report.unassessed:
        raise _unread(report)
    for line in _lines(report.assessments, format_):
        click.echo(line)


def _report(files: tuple[str, ...], settings_path: str | None) -> Report:
    from psfpolicy.cli.days import clock
    from psfpolicy.cli.inputs import standard_input
    from psfpolicy.cli.policy import settings_of
    from psfpolicy.gates import GateRule
    from psfpolicy.model.run import Request
    from psfpolicy.pipeline import check

    settings = settings_of(settings_path)
    today, generated_at = clock(None)
    return check(
        Request(
            paths=files,
            gate=GateRule(requested="advisory"),
            today=today,
            generated_at=generated_at,
            evidence=settings.evidence,
            rows=settings.rows,
            stdin=standard_input(files),
        )
    )


def _unread(report: Report) -> Exception:
    from psfpolicy.errors import NotAssessedError

    first = report.unassessed[0]
    problem = first.problems[0]
    where = "" if problem.place is None else f":{problem.place.start_line}:{problem.place.start_column}"
    said = f"`{first.file}` is not valid: {first.file}{where}: {problem.message}"
    return NotAssessedError(said, hint="`psfpolicy check` shows everything that is wrong in it")


def _lines(assessments: Sequence[Assessment], format_: str) -> Iterator[str]:
    if format_ == "json":
        yield _json(assessments)
        return
    from psfpolicy import flowchart

    yield from {"table": flowchart.table, "mermaid": flowchart.mermaid, "dot": flowchart.dot}[format_](assessments)


def _json(assessments: Sequence[Assessment]) -> str:
    import json

    from psfpolicy.model.record import jsonable

    found = [{"deployment": item.id, "file": item.file, "flows": jsonable(item.flows)} for item in assessments]
    # Broken for build logs as the report is.
    return json.dumps(found, ensure_ascii=True, indent=2).replace("##", "#\\u0023")
