"""`psfpolicy schema`: print a JSON Schema."""

from __future__ import annotations

import click

from psfpolicy.cli.complete import schemas


@click.command("schema")
@click.argument("name", default="llm-deployment-v1", shell_complete=schemas)
@click.option("--list", "list_", is_flag=True, help="List the names instead.")
def command(name: str, *, list_: bool) -> None:
    """Print a JSON Schema.

    NAME is the descriptor's by default; --list shows the others.
    """
    from psfpolicy import resources
    from psfpolicy.errors import UsageError
    from psfpolicy.suggest import listed, meant

    names = resources.schema_names()
    if list_:
        click.echo("\n".join(names))
        return
    if name not in names:
        close = meant(name, names)
        hint = f"did you mean {listed(close)}?" if close else "`psfpolicy schema --list` names them"
        raise UsageError(f"unknown schema `{name}`", hint=hint)
    click.echo(resources.schema(name), nl=False)
