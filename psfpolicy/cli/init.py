"""`psfpolicy init`: a descriptor to start from."""

from __future__ import annotations

import click


@click.command("init")
@click.argument("path", default="deploy.yaml", type=click.Path())
def command(path: str) -> None:
    """Write a descriptor to start from.

    It is commented, validates, and goes to PATH, by default deploy.yaml. A file that exists is never overwritten.
    """
    from psfpolicy import resources
    from psfpolicy.cli.output import write_new
    from psfpolicy.inert import inert

    write_new(path, resources.starter())
    click.echo(f"wrote {inert(path)}; next: psfpolicy check {inert(path)}")
