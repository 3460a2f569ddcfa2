"""`psfpolicy completion`: completion for a shell."""

from __future__ import annotations

import click


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), metavar="SHELL")
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script for a shell: bash, zsh or fish.

    For bash: eval "$(psfpolicy completion bash)" in ~/.bashrc.
    """
    from click.shell_completion import get_completion_class

    complete = get_completion_class(shell)
    if complete is None:  # the choices above are the classes that click has
        raise click.UsageError(f"click knows no completion for {shell}")
    root = ctx.find_root()
    click.echo(complete(root.command, {}, "psfpolicy", "_PSFPOLICY_COMPLETE").source())
