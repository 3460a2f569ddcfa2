"""The command line: options in, exit code out. The only layer that prints or exits.

Each command is a module of this package, imported when it is needed; help costs the import of click alone.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import NoReturn

import click

from psfpolicy.errors import PsfpolicyError

_COMMANDS = ("check", "completion", "controls", "explain", "init", "schema")


class _Commands(click.Group):
    """A group whose commands are modules of this package."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # the signature is click's
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # likewise
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"psfpolicy.cli.{cmd_name}").command
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
            raise click.UsageError(f"{error.message}{hint}", ctx) from error


def _version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:  # noqa: FBT001  # click's signature
    if not wanted or ctx.resilient_parsing:
        return
    from importlib.metadata import version

    from psfpolicy import __version__, resources

    manifest = resources.manifest()
    click.echo(f"psfpolicy {__version__}")
    click.echo(f"policy sha256:{manifest.digest}, compiled by OPA {manifest.opa}")
    click.echo(f"engine wasm, wasmtime {version('wasmtime')}")
    ctx.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the versions of the tool, the policy, its compiler and the engine.",
)
@click.option("--debug", is_flag=True, envvar="PSFPOLICY_DEBUG", help="Show a traceback where something breaks.")
@click.pass_context
def psfpolicy(ctx: click.Context, *, debug: bool) -> None:
    """Compliance-as-code for LLM deployments.

    Exit codes: 0 passed; 1 a gate was not passed; 2 wrong usage; 3 nothing to assess; 4 not fully assessed;
    130 interrupted.
    """
    ctx.obj = {"debug": debug}


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line and exit with the code that `psfpolicy.errors` and the report decide."""
    words = sys.argv[1:] if args is None else args
    debug = "--debug" in words
    sys.exit(_run(words, debug=debug))


def _run(words: list[str], *, debug: bool) -> int:
    try:
        result = psfpolicy.main(args=words, prog_name="psfpolicy", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("psfpolicy: interrupted", err=True)
        return 130
    except BrokenPipeError:
        return _unread()
    except PsfpolicyError as error:
        _complain(error.message, error.hint)
        if debug:
            _trace()
        return error.exit_code
    except Exception as error:  # noqa: BLE001  # no traceback reaches a user without --debug
        if debug:
            _trace()
        _complain(
            f"internal error: {type(error).__name__}: {error}",
            "please report it; --debug before the command shows where it happened",
        )
        return 4
    return result if isinstance(result, int) else 0


def _trace() -> None:
    import traceback

    traceback.print_exc()


def _complain(message: str, hint: str | None) -> None:
    from psfpolicy.inert import inert

    click.echo(f"psfpolicy: {inert(message)}", err=True)
    if hint:
        click.echo(f"hint: {inert(hint)}", err=True)


def _unread() -> int:
    """Say that whoever read standard output has gone; Python must not try to flush it again at exit."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    click.echo("psfpolicy: standard output was closed before the report was written", err=True)
    return 4
