"""`psfpolicy check`: assess descriptors."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, cast

import click
from click.core import ParameterSource

from psfpolicy.cli.complete import formats

if TYPE_CHECKING:
    from typing import TextIO

    from psfpolicy.model.report import GateName, Report
    from psfpolicy.settings import Settings

_GATES = ("advisory", "baseline", "standard", "strict")


def _settings(ctx: click.Context, _option: click.Parameter, path: str | None) -> str | None:
    """Let the settings file supply what neither the command line nor the environment says."""
    from psfpolicy.settings import settings_of

    if not ctx.resilient_parsing:
        settings = settings_of(path)
        ctx.obj = {**ctx.obj, "settings": settings}
        ctx.default_map = dict(settings.defaults)
    return path


def _date(_ctx: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    from datetime import date

    if text is None:
        return None
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise click.BadParameter(f"'{text}' is no date; write it as YYYY-MM-DD")


def _positive(_ctx: click.Context, _option: click.Parameter, jobs: int | None) -> int:
    if jobs is not None:
        return jobs
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


@click.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path())
@click.option(
    "--settings",
    "settings_path",
    is_eager=True,
    callback=_settings,
    envvar="PSFPOLICY_SETTINGS",
    metavar="FILE",
    expose_value=False,
    help="The settings, by default the nearest .psfpolicy.yaml up to the repository's root, whose floors hold anyway.",
)
@click.option(
    "--gate",
    type=click.Choice(_GATES),
    default="standard",
    envvar="PSFPOLICY_GATE",
    show_default=True,
    help="What must hold for exit code 0; a floor in the settings can only be raised.",
)
@click.option(
    "--format",
    "format_",
    default="text",
    envvar="PSFPOLICY_FORMAT",
    show_default=True,
    metavar="FORMAT",
    shell_complete=formats,
    help="How to write the report to standard output: text or json.",
)
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    envvar="PSFPOLICY_OUTPUT",
    metavar="FORMAT=FILE",
    help="Write the report to a file too; repeatable; - is standard output.",
)
@click.option(
    "--as-of", metavar="DATE", callback=_date, help="Judge ages and dates as of this day; default today, UTC."
)
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    envvar="PSFPOLICY_COLOR",
    show_default=True,
    help="When to colour the text.",
)
@click.option("-q", "--quiet", is_flag=True, envvar="PSFPOLICY_QUIET", help="Show the verdict lines only.")
@click.option("-v", "--verbose", is_flag=True, envvar="PSFPOLICY_VERBOSE", help="Show the passes too.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    callback=_positive,
    envvar="PSFPOLICY_JOBS",
    metavar="N",
    help="Processes at most; default the processors of this machine.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 where a gate was not passed, and say so in the report.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    *,
    gate: GateName,
    format_: str,
    outputs: tuple[str, ...],
    as_of: str | None,
    color: str,
    quiet: bool,
    verbose: bool,
    jobs: int,
    exit_zero: bool,
) -> int:
    """Assess descriptors against the controls.

    The report says pass, partial or fail for each control, at its line, with domain scores and a gate.

    PATH is a descriptor, a folder to search, or - for standard input. Without one, the repository is searched
    for files with `apiVersion: psfpolicy/v1`.
    """
    from psfpolicy.cli.output import Output, style_of, write
    from psfpolicy.cli.progress import progress
    from psfpolicy.gates import GateRule
    from psfpolicy.model.run import Request
    from psfpolicy.pipeline import check

    quiet, verbose = _verbosity(ctx, quiet=quiet, verbose=verbose)
    wanted = Output.parse(format_, outputs, paths)
    settings: Settings = ctx.obj["settings"]
    today, generated_at = _clock(as_of)
    with progress() as report_progress:
        report: Report = check(
            Request(
                paths=paths,
                gate=GateRule(requested=gate, floors=settings.floors),
                today=today,
                generated_at=generated_at,
                unwaivable=settings.unwaivable,
                required_evidence=settings.required_evidence,
                evidence=settings.evidence,
                rows=settings.rows,
                jobs=jobs,
                exit_zero=exit_zero,
                stdin=standard_input() if "-" in paths else None,
            ),
            progress=report_progress,
        )
    write(report, wanted, style_of(color, quiet=quiet, verbose=verbose))
    return report.exit_code


def _verbosity(ctx: click.Context, *, quiet: bool, verbose: bool) -> tuple[bool, bool]:
    """Let the nearer of two contradicting wishes win: the command line, then the environment, then the settings."""
    if not (quiet and verbose):
        return quiet, verbose
    nearness = [ParameterSource.DEFAULT_MAP, ParameterSource.ENVIRONMENT, ParameterSource.COMMANDLINE]
    near_quiet, near_verbose = (nearness.index(ctx.get_parameter_source(name)) for name in ("quiet", "verbose"))  # type: ignore[arg-type]  # both are set
    if near_quiet == near_verbose:
        raise click.UsageError("-q and -v contradict each other")
    return near_quiet > near_verbose, near_verbose > near_quiet


def standard_input() -> bytes:
    """Give what standard input holds, as far as it is read at all."""
    from psfpolicy.errors import UsageError
    from psfpolicy.source import MAX_BYTES

    stdin = cast("TextIO | None", sys.stdin)
    if stdin is None:
        raise UsageError("standard input is closed", hint="nothing was assessed")
    try:
        # One byte more than is allowed shows that there is too much.
        return stdin.buffer.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"standard input cannot be read: {error.strerror}", hint="nothing was assessed") from error


def _clock(as_of: str | None) -> tuple[str, str]:
    """Give the as-of date and the time of the report; the only place where a clock is read."""
    from datetime import UTC, datetime

    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        now = datetime.now(UTC) if epoch is None else datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise click.UsageError(f"SOURCE_DATE_EPOCH is '{epoch}', and must be a number of seconds") from error
    if as_of is not None and epoch is None:
        return as_of, f"{as_of}T00:00:00Z"
    return as_of or now.date().isoformat(), now.strftime("%Y-%m-%dT%H:%M:%SZ")
