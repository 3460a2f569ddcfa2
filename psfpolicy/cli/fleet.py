"""`psfpolicy fleet`: many deployments in one view, from reports or from their descriptors."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import click

from psfpolicy.cli import options
from psfpolicy.cli.days import day
from psfpolicy.cli.policy import bundle_option

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from psfpolicy.fleet.held import Opened
    from psfpolicy.formats.base import Style
    from psfpolicy.model.fleet import Fleet
    from psfpolicy.model.report import Report

_FORMATS = ("html", "json", "text")
_STDIN = "<stdin>"


class _Found(NamedTuple):
    """What the paths lead to."""

    reports: list[Opened]
    descriptors: list[str]
    stdin: bytes | None
    """What standard input holds, where that is a descriptor."""


@click.command("fleet")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@click.option(
    "--format",
    "format_",
    default="text",
    show_default=True,
    metavar="FORMAT",
    help="How to write the view: text, json, or html, a page that needs nothing else.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT=FILE",
    help="Write the view to a file too; repeatable; - is standard output.",
)
@click.option(
    "--top",
    type=click.IntRange(min=1, max=1_000_000),
    default=20,
    show_default=True,
    metavar="N",
    help="Rows of each list; one that is cut says how many more there are.",
)
@options.gate(
    "For descriptors: what must hold, as in `psfpolicy check`; a report has its own.", envvar="PSFPOLICY_GATE"
)
@click.option(
    "--as-of", metavar="DATE", callback=day, help="For descriptors: judge as of this day; default today, UTC."
)
@options.jobs()
@options.engine()
@options.settings("For descriptors: the settings, by default the nearest .psfpolicy.yaml.")
@bundle_option
@options.color()
@click.option("-q", "--quiet", is_flag=True, help="Show the counts by verdict, and what was not assessed.")
def command(
    files: tuple[str, ...],
    *,
    format_: str,
    outputs: tuple[str, ...],
    top: int,
    color: str,
    quiet: bool,
    **assessing: Any,
) -> int:
    """Show many deployments in one view.

    FILE is a JSON report of `psfpolicy check`, the lines of a run (ndjson), a descriptor or a folder of descriptors,
    which are assessed as `psfpolicy check` does, or - for standard input. What a file is, its content says.

    The view counts and sorts what the reports say: the worst domains, the controls that fail most often, flows over
    borders, engines and their versions with advisories, and users near the limits of licences. Of a deployment in two
    reports the newer answer counts.
    """
    from psfpolicy.cli.output import Output, style_of, write_all
    from psfpolicy.fleet.view import of_report, viewed

    wanted = Output.parse(format_, outputs, files, known=_known)
    found = _found(files)
    reports = found.reports
    if found.descriptors:
        reports.append(of_report(_assessed(found, **assessing)))
    fleet = viewed(reports, top)
    style = style_of(color, quiet=quiet, verbose=False)
    write_all(wanted, style, lambda name, style: _rendered(fleet, name, style))
    return fleet.exit_code


def _known(name: str) -> None:
    from psfpolicy.errors import UsageError

    if name not in _FORMATS:
        raise UsageError(f"unknown format `{name}`", hint=f"known formats: {', '.join(_FORMATS)}")


def _rendered(fleet: Fleet, name: str, style: Style) -> Iterable[str]:
    from psfpolicy.fleet import html, json, text

    render = {"html": html.render, "json": json.render, "text": text.render}[name]
    return render(fleet, style)


def _found(files: tuple[str, ...]) -> _Found:
    from psfpolicy.fleet.reading import opened_file
    from psfpolicy.targets import display_name

    found = _Found([], [], None)
    for path in {os.path.realpath(path) if path != "-" else path: path for path in files}.values():
        if path == "-":
            found = _with_stdin(found)
        elif Path(path).is_dir() or (report := opened_file(path, display_name(path))) is None:
            found.descriptors.append(path)
        else:
            found.reports.append(report)
    return found


def _with_stdin(found: _Found) -> _Found:
    """Read standard input as far as says what it is; the lines of a run are read while they are counted."""
    from psfpolicy.errors import UsageError
    from psfpolicy.fleet.reading import opened
    from psfpolicy.source import MAX_BYTES

    stdin = cast("TextIO | None", sys.stdin)
    if stdin is None:
        raise UsageError("standard input is closed", hint="nothing was counted")
    read = opened(_STDIN, stdin.buffer)
    if isinstance(read, bytes):
        found.descriptors.append("-")
        # One byte more than is allowed shows that there is too much.
        return found._replace(stdin=(read + stdin.buffer.read(MAX_BYTES + 1))[: MAX_BYTES + 1])
    found.reports.append(read)
    return found


def _assessed(
    found: _Found,
    *,
    gate: str | None,
    as_of: str | None,
    jobs: int | None,
    engine: str,
    settings_path: str | None,
) -> Report:
    """Assess descriptors as `psfpolicy check` does."""
    from psfpolicy.cli.inputs import asked, say_excluded
    from psfpolicy.cli.policy import settings_of
    from psfpolicy.cli.progress import progress
    from psfpolicy.cli.serving import served
    from psfpolicy.pipeline import check

    paths = tuple(found.descriptors)
    settings = settings_of(settings_path)
    jobs = jobs or settings.defaults.get("jobs") or options.processors()
    with served(engine, settings) as serving, progress() as report_progress:
        request = asked(settings, paths, gate=gate, as_of=as_of, jobs=jobs, serving=serving, stdin=found.stdin)
        report = check(request, progress=report_progress)
    say_excluded(report, paths)
    return report
