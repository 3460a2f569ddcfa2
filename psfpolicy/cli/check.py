"""`psfpolicy check`: assess descriptors."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from psfpolicy.cli import options
from psfpolicy.cli.complete import formats
from psfpolicy.cli.control import ControlId, control_named
from psfpolicy.cli.days import day
from psfpolicy.cli.policy import bundle_option, opened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from psfpolicy.cli.output import Output
    from psfpolicy.comparing import Between
    from psfpolicy.files import Files
    from psfpolicy.formats.base import Style
    from psfpolicy.model.report import Report
    from psfpolicy.model.run import Request
    from psfpolicy.settings import Settings

_INTERRUPTED = 130
_LINES = "ndjson"


class _Check(click.Command):
    """Lets the settings supply what neither the command line nor the environment says."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not ctx.resilient_parsing:
            # Where the settings are read is said among the options that they supply.
            said, *_ = self.make_parser(ctx).parse_args(list(args))
            if not said.get("help"):
                ctx.obj = {**ctx.obj, **self._policy(ctx, said), "skip_other": bool(said.get("skip_other"))}
                ctx.default_map = dict(ctx.obj["settings"].defaults)
        return super().parse_args(ctx, args)

    def _policy(self, ctx: click.Context, said: Mapping[str, Any]) -> dict[str, Any]:
        """Give the settings, and what to compare with."""
        from psfpolicy.settings import settings_of

        options = {option.name: option for option in self.params}
        path, bundle, base, head, policy_from, fail_on_new = (
            _said(options[name], ctx, said)
            for name in ("settings_path", "bundle", "base", "head", "policy_from", "fail_on_new")
        )
        ctx.obj["bundle"] = opened(bundle)
        if base is None:
            if head is not None or fail_on_new or policy_from == "base":
                raise click.UsageError(
                    "--head, --fail-on-new and --policy-from need --base, the revision to compare with"
                )
            return {"settings": settings_of(path, bundle=ctx.obj["bundle"]), "compare": None}
        from psfpolicy.comparing import policy
        from psfpolicy.model.run import Compare

        how = Compare(base=base, head=head, fail_on_new=bool(fail_on_new), policy_from=policy_from or "head")
        settings, compare = policy(how, path, ctx.obj["bundle"])
        return {"settings": settings, "compare": compare}


def _word(_ctx: click.Context, _option: click.Parameter, text: str) -> str:
    if all(letter.isascii() and (letter.isalnum() or letter in "._-") for letter in text):
        return text
    raise click.BadParameter(f"'{text}' may hold letters, digits, `.`, `_` and `-` only")


def _address(_ctx: click.Context, _option: click.Parameter, text: str) -> str:
    if not text or text.startswith(("https://", "http://")):
        return text.rstrip("/")
    raise click.BadParameter(f"'{text}' is no address; it begins with https:// or http://")


def _known(_ctx: click.Context, _option: click.Parameter, control: str | None) -> str | None:
    return None if control is None else control_named(control).id


@click.command("check", cls=_Check)
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path())
@options.settings(
    "The settings, by default the nearest .psfpolicy.yaml up to the repository's root, whose floors hold anyway.",
    expose_value=False,
)
@bundle_option
@options.gate(
    "What must hold for exit code 0; a floor in the settings can only be raised.",
    default="standard",
    envvar="PSFPOLICY_GATE",
)
@click.option(
    "--format",
    "format_",
    default="text",
    envvar="PSFPOLICY_FORMAT",
    show_default=True,
    metavar="FORMAT",
    shell_complete=formats,
    help="How to write the report: "
    "text, json, sarif, github, markdown, comment, junit, gitlab, csv, ndjson, decisions.",
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
@click.option("--as-of", metavar="DATE", callback=day, help="Judge ages and dates as of this day; default today, UTC.")
@options.color()
@click.option("-q", "--quiet", is_flag=True, envvar="PSFPOLICY_QUIET", help="Show the verdict lines only.")
@click.option("-v", "--verbose", is_flag=True, envvar="PSFPOLICY_VERBOSE", help="Show the passes too.")
@options.jobs()
@click.option(
    "--resume",
    metavar="FILE",
    type=click.Path(),
    help="Go on with an interrupted run: take over what FILE, written by -o ndjson=FILE, has of files as they are now.",
)
@options.engine()
@click.option(
    "--base",
    envvar="PSFPOLICY_BASE",
    metavar="REF",
    expose_value=False,
    help="Compare with the last commit in common with this branch, tag or commit; only what changed is assessed.",
)
@click.option(
    "--head",
    envvar="PSFPOLICY_HEAD",
    metavar="REF",
    expose_value=False,
    help="Assess this revision instead of the work tree; with --base.",
)
@click.option(
    "--fail-on-new",
    is_flag=True,
    envvar="PSFPOLICY_FAIL_ON_NEW",
    expose_value=False,
    help="Let findings pass that were there at the base; fail on what is new or worse.",
)
@click.option(
    "--policy-from",
    type=click.Choice(["head", "base"]),
    default="head",
    envvar="PSFPOLICY_POLICY_FROM",
    show_default=True,
    expose_value=False,
    help="Where settings, waivers and rows of the catalogue are read: a change of them at the head can wait.",
)
@click.option(
    "--skip-other",
    is_flag=True,
    expose_value=False,
    help="Ignore named files that are no descriptor; one that is evidence or a base stands for what rests on it.",
)
@click.option(
    "--id",
    default="",
    callback=_word,
    envvar="PSFPOLICY_ID",
    metavar="ID",
    help="Keeps several runs for one commit apart: the category in SARIF, the mark of a comment.",
)
@click.option(
    "--link",
    default="",
    callback=_address,
    envvar="PSFPOLICY_LINK",
    metavar="URL",
    help="Where the assessed tree can be read, such as https://github.com/OWNER/REPOSITORY/blob/COMMIT, for Markdown.",
)
@click.option(
    "--suppressed",
    is_flag=True,
    envvar="PSFPOLICY_SUPPRESSED",
    help="Show what is waived or accepted in sarif, as suppressed, and in gitlab, which leave it out.",
)
@click.option(
    "--explain",
    type=ControlId(),
    callback=_known,
    envvar="PSFPOLICY_EXPLAIN",
    metavar="CONTROL",
    help="Show why this control decided so: the values that it read, with their places; in text and JSON.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 where a gate was not passed, and say so in the report.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    *,
    gate: str,
    format_: str,
    outputs: tuple[str, ...],
    as_of: str | None,
    jobs: int | None,
    explain: str | None,
    resume: str | None,
    engine: str,
    exit_zero: bool,
    **look: Any,
) -> int:
    """Assess descriptors against the controls.

    The report says pass, partial or fail for each control, at its line, with domain scores and a gate.

    PATH is a descriptor, a folder to search, or - for standard input. Without one, the repository is searched
    for files with `apiVersion: psfpolicy/v1`.
    """
    from dataclasses import replace

    from psfpolicy.cli.inputs import asked, require_gate, say_excluded, standard_input
    from psfpolicy.cli.output import Output, reader, write
    from psfpolicy.cli.serving import served

    style = _style(ctx, **look)
    wanted = Output.parse(format_, outputs, paths)
    require_gate(gate)  # before any server is asked
    settings: Settings = ctx.obj["settings"]
    compare: Between | None = ctx.obj["compare"]
    with served(engine, settings) as serving:
        request = asked(
            settings,
            paths,
            gate=gate,
            as_of=as_of,
            skip_other=ctx.obj["skip_other"],
            jobs=jobs or options.processors(),
            serving=serving,
            exit_zero=exit_zero,
            explain=explain,
            stdin=standard_input(paths),
        )
        if compare is None:
            return _assessed(request, wanted, style, resume)
        report = _compared(request, compare, resume)
    say_excluded(report, paths)
    write(report, wanted, replace(style, read=reader(report, partial(_files, compare))))
    return report.exit_code


def _assessed(request: Request, wanted: tuple[Output, ...], style: Style, resume: str | None) -> int:
    """Run what compares with nothing: its lines are written as it goes on, the other reports at its end."""
    from dataclasses import replace

    from psfpolicy.cli.inputs import say_excluded
    from psfpolicy.cli.output import STDOUT, reader, write
    from psfpolicy.cli.progress import progress
    from psfpolicy.cli.streams import Streams
    from psfpolicy.errors import NothingToAssessError
    from psfpolicy.pipeline import check
    from psfpolicy.stopping import Stopping

    lines = [output for output in wanted if output.format == _LINES]
    others = tuple(output for output in wanted if output.format != _LINES)
    if resume is not None and not lines:
        raise click.UsageError("--resume goes on with a report of the format ndjson; ask for one with -o ndjson=FILE")
    streams = Streams(lines, resume)
    stopping = Stopping()
    covered = any(output.target == STDOUT for output in lines) and sys.stdout.isatty()
    request = replace(
        request, lines=bool(lines), keeping=_keeping(others, style, explaining=request.explain is not None)
    )
    try:
        with stopping.listening(), progress(shown=not covered) as show:
            report = check(
                request,
                progress=show,
                write=streams.write if lines else None,
                resume=resume,
                tell=lambda said: click.echo(f"psfpolicy: {said}", err=True),
                stopping=stopping,
            )
    except NothingToAssessError:
        streams.discard()
        raise
    finally:
        streams.close()
    say_excluded(report, request.paths)
    write(report, others, replace(style, read=reader(report, partial(_files, None))), whole=streams.finish)
    if report.exit_code == _INTERRUPTED:
        click.echo("psfpolicy: interrupted", err=True)
    return report.exit_code


def _keeping(others: tuple[Output, ...], style: Style, *, explaining: bool) -> Literal["whole", "verdicts", "nothing"]:
    """Give how much of each assessment the reports show that are written at the end."""
    if not others:
        return "nothing"
    # Files have the same verdict lines as standard output.
    brief = style.quiet and not explaining and all(output.format == "text" for output in others)
    return "verdicts" if brief else "whole"


def _said(option: click.Parameter, ctx: click.Context, said: Mapping[str, Any]) -> Any:
    """Give what the command line says, else the environment; None where neither says anything."""
    value = said.get(str(option.name))
    return option.type_cast_value(ctx, option.value_from_envvar(ctx) if value is None else value)


def _compared(request: Request, compare: Between, resume: str | None) -> Report:
    from psfpolicy import comparing
    from psfpolicy.cli.progress import progress

    if request.skip_other:
        raise click.UsageError("--skip-other is for files that are named; --base finds itself what changed")
    if "-" in request.paths:
        raise click.UsageError("standard input has no base to compare with")
    if resume is not None:
        raise click.UsageError("--resume goes on with a run that compares with nothing; with --base little is assessed")
    with progress() as show:
        return comparing.check(request, compare, progress=show)


def _style(ctx: click.Context, *, color: str, quiet: bool, verbose: bool, **rest: Any) -> Style:
    """Give how the reports are wanted; the rest are attributes of a style by their names."""
    from dataclasses import replace

    from psfpolicy.cli.output import folder, style_of

    quiet, verbose = _verbosity(ctx, quiet=quiet, verbose=verbose)
    return replace(style_of(color, quiet=quiet, verbose=verbose), folder=folder(), **rest)


def _files(compare: Between | None) -> Files:
    """Give where the assessed files are read from."""
    from psfpolicy.files import DISK

    return DISK if compare is None else compare.files


def _verbosity(ctx: click.Context, *, quiet: bool, verbose: bool) -> tuple[bool, bool]:
    """Let the nearer of two contradicting wishes win: the command line, then the environment, then the settings."""
    if not (quiet and verbose):
        return quiet, verbose
    nearness = [ParameterSource.DEFAULT_MAP, ParameterSource.ENVIRONMENT, ParameterSource.COMMANDLINE]
    near_quiet, near_verbose = (nearness.index(ctx.get_parameter_source(name)) for name in ("quiet", "verbose"))  # type: ignore[arg-type]  # both are set
    if near_quiet == near_verbose:
        raise click.UsageError("-q and -v contradict each other")
    return near_quiet > near_verbose, near_verbose > near_quiet
