"""`psfpolicy init`: a descriptor to start from, and what a repository needs to have it assessed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_DESCRIPTOR = "deploy.yaml"
_SETTINGS = ".psfpolicy.yaml"
_CI = {"github": ".github/workflows/psfpolicy.yml", "gitlab": ".gitlab-ci.yml"}
_PRE_COMMIT = ".pre-commit-config.yaml"
_UNKNOWN = "OWNER"


@click.command("init")
@click.argument("path", required=False, type=click.Path())
@click.option("--ci", type=click.Choice(list(_CI)), help="Write a workflow that runs the check, and settings.")
@click.option("--pre-commit", "pre_commit", is_flag=True, help="Write a configuration for pre-commit, and settings.")
@click.option(
    "--repository",
    default=f"https://github.com/{_UNKNOWN}/psfpolicy",
    metavar="URL",
    help="Where workflow and hooks have psfpolicy from.",
)
@click.option("--revision", metavar="COMMIT", help="Which of it; by default the tag of this version.")
@click.option("--dry-run", is_flag=True, help="Show what would be written instead.")
def command(
    path: str | None, *, ci: str | None, pre_commit: bool, repository: str, revision: str | None, dry_run: bool
) -> None:
    """Write a descriptor to start from, or what a repository needs to have its descriptors assessed.

    The descriptor is commented, validates, and goes to PATH, by default deploy.yaml. With --ci or --pre-commit, one is
    written only where PATH is given; the rest goes to the root of the repository.

    A file that exists is never overwritten: nothing is written then. Settings that exist are kept.
    """
    from psfpolicy.inert import inert

    files = list(_files(path, ci, pre_commit=pre_commit, repository=repository, revision=revision))
    kept = [file for file, _ in files if file.name == _SETTINGS and _taken(file)]
    if dry_run:
        for file, text in files:
            state = "exists, and would be left as it is" if _taken(file) else "would be written"
            click.echo(f"# {inert(_shown(file))} {state}:\n{text}")
        return
    _write([(file, text) for file, text in files if file not in kept])
    for file, _ in files:
        click.echo(
            f"kept {inert(_shown(file))}, which exists" if file in kept else f"wrote {inert(_shown(file))}{_next(file)}"
        )
    if any(f"{_UNKNOWN}/psfpolicy" in text for _, text in files):
        click.echo(f"next: put the owner of your psfpolicy in the place of {_UNKNOWN}, and pin it by commit")


def _files(
    path: str | None, ci: str | None, *, pre_commit: bool, repository: str, revision: str | None
) -> Iterator[tuple[Path, str]]:
    """Give the files and their texts."""
    import re

    from psfpolicy import __version__, resources
    from psfpolicy.targets import repository_of

    root = repository_of(Path.cwd()) or Path.cwd()
    revision = revision or f"v{__version__}"
    address = re.fullmatch(r"[\w@:/.~-]*?(?P<name>[\w.-]+/[\w.-]+?)(?:\.git)?/?", repository, re.ASCII)
    if address is None:
        raise click.UsageError(
            "--repository is the address of a repository, such as https://git.example.com/acme/psfpolicy"
        )
    if not re.fullmatch(r"\w[\w./-]*", revision, re.ASCII):
        raise click.UsageError("--revision is a commit or a tag")
    filled = {
        "@ACTION@": f"{address['name']}@{revision}",
        "@REPOSITORY@": repository,
        "@REVISION@": revision,
        "@VERSION@": __version__,
    }

    def template(name: str) -> str:
        text = resources.template(name)
        for mark, value in filled.items():
            text = text.replace(mark, value)
        return text

    if path is not None or not (ci or pre_commit):
        yield Path(path or _DESCRIPTOR), template("deploy.yaml")
    if ci:
        yield root / _CI[ci], template(f"{ci}.yml")
    if pre_commit:
        yield root / _PRE_COMMIT, template("pre-commit.yaml")
    if ci or pre_commit:
        yield root / _SETTINGS, template("settings.yaml")


def _write(files: Sequence[tuple[Path, str]]) -> None:
    """Write all of the files or none.

    Raises:
        UsageError: One exists.
        ReportError: One could not be written.
    """
    from psfpolicy.cli.output import create
    from psfpolicy.errors import UsageError

    taken = [f"`{_shown(file)}`" for file, _ in files if _taken(file)]
    if taken:
        verb = "exists, and is left as it is" if len(taken) == 1 else "exist, and are left as they are"
        other = "name another file, or " if len(files) == 1 else ""
        them = "it" if len(taken) == 1 else "them"
        hint = f"{other}see with --dry-run what to add to {them}; nothing was written"
        raise UsageError(f"{' and '.join(taken)} {verb}", hint=hint)
    create(files, {file.parent for file, _ in files if file.parent.name == "workflows"})


def _taken(file: Path) -> bool:
    return file.exists() or file.is_symlink()


def _shown(file: Path) -> str:
    from psfpolicy.targets import display_name

    return display_name(str(file))


def _next(file: Path) -> str:
    from psfpolicy.inert import inert

    ours = file.name not in {_SETTINGS, _PRE_COMMIT, *(Path(name).name for name in _CI.values())}
    return f"; next: psfpolicy check {inert(_shown(file))}" if ours else ""
