"""`psfpolicy check`: assess descriptors."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import click
from click.core import ParameterSource

from psfpolicy.cli.complete import formats
from psfpolicy.cli.days import clock, day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TextIO

    from psfpolicy.files import Files
    from psfpolicy.formats.base import Style
    from psfpolicy.model.report import GateName, Report
    from psfpolicy.model.run import Compare, Request
    from psfpolicy.settings import Settings

_GATES = ("advisory", "baseline", "standard", "strict")


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
        path, base, head, policy_from, fail_on_new = (
            _said(options[name], ctx, said) for name in ("settings_path", "base", "head", "policy_from", "fail_on_new")
        )
        if base is None:
            if head is not None or fail_on_new or policy_from == "base":
                raise click.UsageError(
                    "--head, --fail-on-new and --policy-from need --base, the revision to compare with"
                )
            return {"settings": settings_of(path), "compare": None}
        from psfpolicy.comparing import policy
        from psfpolicy.model.run import Compare

        how = Compare(base=base, head=head, fail_on_new=bool(fail_on_new), policy_from=policy_from or "head")
        settings, compare = policy(how, path)
        return {"settings": settings, "compare": compare}


def _word(_ctx: click.Context, _option: click.Parameter, text: str) -> str:
    if all(letter.isascii() and (letter.isalnum() or letter in "._-") for letter in text):
        return text
    raise click.BadParameter(f"'{text}' may hold letters, digits, `.`, `_` and `-` only")


def _address(_ctx: click.Context, _option: click.Parameter, text: str) -> str:
    if not text or text.startswith(("https://", "http://")):
        return text.rstrip("/")
    raise click.BadParameter(f"'{text}' is no address; it begins with https:// or http://")


def _positive(_ctx: click.Context, _option: click.Parameter, jobs: int | None) -> int:
    if jobs is not None:
        return jobs
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


@click.command("check", cls=_Check)
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path())
@click.option(
    "--settings",
    "settings_path",
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
    help="How to write the report: text, json, sarif, github, markdown, comment, junit, gitlab, csv.",
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
    jobs: int,
    exit_zero: bool,
    **look: Any,
) -> int:
    """Assess descriptors against the controls.

    The report says pass, partial or fail for each control, at its line, with domain scores and a gate.

    PATH is a descriptor, a folder to search, or - for standard input. Without one, the repository is searched
    for files with `apiVersion: psfpolicy/v1`.
    """
    from dataclasses import replace

    from psfpolicy.cli.output import Output, reader, write
    from psfpolicy.cli.progress import progress
    from psfpolicy.gates import GateRule
    from psfpolicy.model.run import Request

    style = _style(ctx, **look)
    wanted = Output.parse(format_, outputs, paths)
    settings: Settings = ctx.obj["settings"]
    today, generated_at = clock(as_of)
    with progress() as report_progress:
        request = Request(
            paths=paths,
            gate=GateRule(requested=gate, floors=settings.floors),
            today=today,
            generated_at=generated_at,
            unwaivable=settings.unwaivable,
            required_evidence=settings.required_evidence,
            evidence=settings.evidence,
            rows=settings.rows,
            exclusion=settings.exclusion,
            skip_other=ctx.obj["skip_other"],
            policy_files=settings.files,
            waivers=settings.waivers,
            ignoring=settings.ignoring,
            accepted=settings.accepted,
            day_given=as_of is not None,
            jobs=jobs,
            exit_zero=exit_zero,
            stdin=standard_input() if "-" in paths else None,
        )
        report = _report(request, ctx.obj["compare"], report_progress)
    say_excluded(report, paths)
    write(report, wanted, replace(style, read=reader(report, partial(_files, ctx.obj["compare"]))))
    return report.exit_code


def _said(option: click.Parameter, ctx: click.Context, said: Mapping[str, Any]) -> Any:
    """Give what the command line says, else the environment; None where neither says anything."""
    value = said.get(str(option.name))
    return option.type_cast_value(ctx, option.value_from_envvar(ctx) if value is None else value)


def _report(request: Request, compare: Compare | None, progress: Callable[[int, int], None]) -> Report:
    if compare is None:
        from psfpolicy.pipeline import check

        return check(request, progress=progress)
    from psfpolicy import comparing

    if request.skip_other:
        raise click.UsageError("--skip-other is for files that are named; --base finds itself what changed")
    if "-" in request.paths:
        raise click.UsageError("standard input has no base to compare with")
    return comparing.check(request, compare, progress=progress)


def say_excluded(report: Report, paths: tuple[str, ...]) -> None:
    """Say, beside every format, what the settings keep from being assessed: by name where it was named."""
    from psfpolicy.inert import inert
    from psfpolicy.targets import display_name

    named = {display_name(path) for path in paths} & set(report.excluded)
    for name in sorted(named):
        click.echo(f"psfpolicy: `{inert(name)}` is excluded by the settings, and was not assessed", err=True)
    if found := len(report.excluded) - len(named):
        files = "1 file that mentions a descriptor" if found == 1 else f"{found} files that mention a descriptor"
        click.echo(f"psfpolicy: the settings exclude {files}", err=True)


def _style(ctx: click.Context, *, color: str, quiet: bool, verbose: bool, **rest: Any) -> Style:
    """Give how the reports are wanted; the rest are attributes of a style by their names."""
    from dataclasses import replace

    from psfpolicy.cli.output import folder, style_of

    quiet, verbose = _verbosity(ctx, quiet=quiet, verbose=verbose)
    return replace(style_of(color, quiet=quiet, verbose=verbose), folder=folder(), **rest)


def _files(compare: Compare | None) -> Files:
    """Give where the assessed files are read from."""
    from psfpolicy.files import DISK

    if compare is None or compare.head is None:
        return DISK
    from psfpolicy.revision import repository

    return repository().revision(compare.head)


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
