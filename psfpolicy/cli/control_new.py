"""`psfpolicy control`: a new control, with its tests."""

from __future__ import annotations

import click


@click.group("control")
def command() -> None:
    """Write controls of your own."""


@command.command("new")
@click.argument("named", metavar="DOMAIN/NAME")
@click.option("--pack", metavar="NAME", help="Name of the pack that is begun here; by default the folder's name.")
@click.option("--dry-run", is_flag=True, help="Show what would be written instead.")
def new(named: str, *, pack: str | None, dry_run: bool) -> None:
    """Write a control to start from, with its tests and descriptors to try it on.

    It goes into the pack that this folder is in, or begins one here: a folder with pack.yaml. What it asks is an
    example that works; put your own question in its place. In a checkout of psfpolicy it becomes one of its controls.

    A file that exists is never overwritten: nothing is written then.
    """
    from pathlib import Path

    from psfpolicy.cli.output import create
    from psfpolicy.drafting import draft
    from psfpolicy.inert import inert
    from psfpolicy.targets import display_name

    found = draft(named, Path.cwd(), pack)
    if dry_run:
        for file, text in found.files:
            click.echo(f"# {inert(display_name(str(file)))} would be written:\n{text}")
        return
    create(found.files)
    for file, _ in found.files:
        click.echo(f"wrote {inert(display_name(str(file)))}")
    if found.pack is None:
        click.echo(f"next: say in tests/policy/leaves what {found.id} reads, then `make generated`")
    else:
        click.echo(f"next: put the question of {found.id} in the place of the example, then `psfpolicy test`")
