"""`psfpolicy derive`: a descriptor from manifests, and one brought in line with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from psfpolicy.cli import options
from psfpolicy.cli.policy import bundle_option

if TYPE_CHECKING:
    from psfpolicy.catalogue import Tables
    from psfpolicy.deriving.updating import Update


@click.command("derive")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path())
@click.option("-o", "--output", default="-", metavar="FILE", help="The file to write; default - is standard output.")
@click.option("--model", metavar="ID", help="The model that it is about, where the manifests serve several.")
@click.option("--workload", metavar="NAME", help="The workload that it is about, by a part of its name.")
@click.option(
    "--update", metavar="FILE", help="Change what the manifests contradict in a descriptor, and nothing else."
)
@click.option("--yes", is_flag=True, help="With --update: write without asking.")
@options.settings()
@bundle_option
@click.pass_context
def command(ctx: click.Context, /, paths: tuple[str, ...], **options: str | bool | None) -> int:
    """Write a descriptor from manifests.

    PATH is a manifest, a folder of them, or a glob. What they prove is written with where it stands, what is inferred
    is marked, and what no manifest says is asked in a comment. A file that exists is never overwritten.

    With --update, the manifests default to the descriptor's own evidence. The change is shown first and asked about;
    where nobody can be asked, --yes writes it, and without it the exit code is 1 if there is something to change.
    """
    from psfpolicy.cli.policy import settings_of

    settings = settings_of(_text(options["settings_path"]))
    own = {} if settings.rows is None else settings.rows.tables
    file = _text(options["update"])
    if file is None:
        if options["yes"]:
            raise click.UsageError("--yes belongs to --update")
        if not paths:
            raise click.UsageError("name manifests: files, folders or globs")
        _derive(paths, str(options["output"]), _text(options["workload"]), _text(options["model"]), own)
        return 0
    for name in ("model", "workload", "output"):
        if ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name} does not go with --update")
    from psfpolicy.deriving.updating import update_of

    return _update(file, update_of(file, paths, own, settings.evidence), yes=bool(options["yes"]))


def _text(value: str | bool | None) -> str | None:  # noqa: FBT001  # click's value
    return value if isinstance(value, str) else None


def _derive(paths: tuple[str, ...], output: str, workload: str | None, model: str | None, own: Tables) -> None:
    import os
    from pathlib import Path

    from psfpolicy.cli.output import write_new
    from psfpolicy.deriving.derive import derived
    from psfpolicy.errors import UsageError
    from psfpolicy.inert import inert

    if output != "-" and os.path.lexists(output):
        hint = f"`psfpolicy derive --update {output}` changes what manifests contradict; or name another file"
        raise UsageError(f"`{output}` exists, and is left as it is", hint=hint)
    folder = "." if output == "-" else str(Path(output).parent)
    if not os.path.isdir(folder):  # noqa: PTH112  # `pathlib` raises for a name that is too long
        raise UsageError(f"`{folder}` is no folder", hint="nothing was read; make it, or name another file")
    text = derived(paths, folder, workload=workload, model=model, own=own)
    if output == "-":
        click.echo(text, nl=False)
        return
    write_new(output, text)
    click.echo(f"wrote {inert(output)}; next: psfpolicy check {inert(output)}")


def _update(file: str, update: Update, *, yes: bool) -> int:
    import sys

    from psfpolicy.cli.output import rewrite
    from psfpolicy.inert import inert

    for line in update.diff():
        click.echo(line)
    for refusal in update.refusals:
        click.echo(inert(f"not changed: {refusal.path}: {refusal.reason}"), err=True)
    if not update.changes:
        click.echo("nothing to change" if not update.refusals else "nothing that can be changed here", err=True)
        return 1 if update.refusals else 0
    asked = sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
    if not yes and not (asked and _agreed(inert(file))):
        click.echo("nothing was written; --yes writes it", err=True)
        return 1
    rewrite(file, update.before, update.after)
    click.echo(f"wrote {inert(file)}", err=True)
    return 1 if update.refusals else 0


def _agreed(file: str) -> bool:
    try:
        return click.confirm(f"Write {file}?", err=True)
    except click.Abort as error:
        raise KeyboardInterrupt from error
