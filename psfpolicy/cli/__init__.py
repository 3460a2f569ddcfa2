"""The command line: options in, exit code out. The only layer that prints or exits.

Each command is a module of this package, imported when it is needed; help costs the import of click alone.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn, cast

import click

from psfpolicy.errors import PsfpolicyError, ReportError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

_COMMANDS = (
    "accepted",
    "bundle",
    "capacity",
    "catalogue",
    "check",
    "completion",
    "control",
    "controls",
    "derive",
    "evidence",
    "explain",
    "fleet",
    "flows",
    "init",
    "input",
    "schema",
    "test",
    "validate",
    "waivers",
)
_ELSEWHERE = {"control": "control_new"}
"""Modules that are not called as their command is."""
_COMPLETION = "_PSFPOLICY_COMPLETE"


class _Commands(click.Group):
    """A group whose commands are modules of this package."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # the signature is click's
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # likewise
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"psfpolicy.cli.{_ELSEWHERE.get(cmd_name, cmd_name)}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from psfpolicy.suggest import meant

            close = meant(args[0], _COMMANDS)
            hint = f" Did you mean '{close[0]}'?" if close else f" To assess a file: psfpolicy check {args[0]}"
            raise click.UsageError(f"No such command '{args[0]}'.{hint}", ctx) from error


def _debug(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001  # click's signature
    if not ctx.resilient_parsing:
        ctx.obj["debug"] = wanted


def _version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001  # click's signature
    if not wanted or ctx.resilient_parsing:
        return
    from psfpolicy import __version__, resources
    from psfpolicy.engine.version import wasmtime_version

    manifest = resources.manifest()
    click.echo(f"psfpolicy {__version__}")
    click.echo(f"policy sha256:{manifest.digest}, compiled by OPA {manifest.opa}")
    click.echo(f"engine wasm, wasmtime {wasmtime_version()}")
    ctx.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--debug",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_debug,
    envvar="PSFPOLICY_DEBUG",
    help="Show a traceback where something breaks.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the versions of the tool, the policy, its compiler and the engine.",
)
def psfpolicy() -> None:
    """Compliance-as-code for LLM deployments.

    Exit codes: 0 passed; 1 a gate was not passed; 2 wrong usage; 3 nothing to assess; 4 not fully assessed;
    130 interrupted.
    """


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line and exit with the code that `psfpolicy.errors` and the report decide."""
    sys.exit(_run(sys.argv[1:] if args is None else args))


def _run(words: list[str]) -> int:
    state = {"debug": False}
    try:
        return _answered(words, state)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # no traceback reaches a user without --debug
        if state["debug"]:
            import traceback

            traceback.print_exc()
        return _told(error)


def _answered(words: list[str], state: dict[str, bool]) -> int:
    """Do what click's own `main` does, which ends with 1 where a pipe breaks: here that says that a gate failed."""
    stdout = cast("TextIO | None", sys.stdout)
    if stdout is None:
        raise ReportError("standard output is closed")
    # What an output cannot carry is spelt out, whoever prints it.
    if callable(reconfigure := getattr(stdout, "reconfigure", None)):
        reconfigure(errors="backslashreplace")
    if asked := os.environ.get(_COMPLETION):
        from click.shell_completion import shell_complete

        code: object = shell_complete(psfpolicy, {}, "psfpolicy", _COMPLETION, asked)
    else:
        code = _invoked(words, state)
    stdout.flush()
    return code if isinstance(code, int) else 0


def _invoked(words: list[str], state: dict[str, bool]) -> object:
    try:
        with psfpolicy.make_context("psfpolicy", list(words), obj=state) as ctx:
            return psfpolicy.invoke(ctx)
    except click.exceptions.Exit as stop:
        return stop.exit_code


def _told(error: BaseException) -> int:
    """Tell the user what ended the run, and give its exit code: the one place where an exception becomes one."""
    if isinstance(error, KeyboardInterrupt):
        return _complain(["psfpolicy: interrupted"], 130)
    if isinstance(error, click.ClickException):
        return _complain(_explained(error), 2)
    if isinstance(error, PsfpolicyError):
        return _complain([f"psfpolicy: {error.message}", *error.details, *_hint(error.hint)], error.exit_code)
    if isinstance(error, OSError) and error.filename is None:
        return _unheard(error)
    return _complain(
        [
            f"psfpolicy: internal error: {type(error).__name__}: {error}",
            *_hint("please report it; --debug before the command shows where it happened"),
        ],
        4,
    )


def _explained(error: click.ClickException) -> list[str]:
    import io

    text = io.StringIO()
    error.show(text)
    return text.getvalue().splitlines()


def _hint(hint: str | None) -> list[str]:
    return [f"hint: {hint}"] if hint else []


def _complain(lines: Iterable[str], code: int) -> int:
    from contextlib import suppress

    from psfpolicy.inert import inert

    with suppress(OSError):  # nobody is left to tell
        for line in lines:
            click.echo(inert(line), err=True)
    return code


def _unheard(error: OSError) -> int:
    """Say that nobody got what was printed; Python must not try to write the rest of it at exit."""
    if isinstance(error, BrokenPipeError):
        said = "standard output was closed before all of it was written"
    else:
        said = f"standard output could not be written: {error.strerror}"
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return _complain([f"psfpolicy: {said}"], 4)
