"""`psfpolicy input`: what an engine is asked of descriptors, for programs that ask it themselves."""

from __future__ import annotations

import click

from psfpolicy.cli import options
from psfpolicy.cli.days import day
from psfpolicy.cli.policy import bundle_option


@click.command("input")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@options.gate("The gate to ask for; a floor in the settings can only be raised.", default="standard")
@click.option("--as-of", metavar="DATE", callback=day, help="The day to ask for; default today, UTC.")
@options.settings("The settings, by default the nearest .psfpolicy.yaml up to the repository's root.")
@bundle_option
def command(files: tuple[str, ...], *, gate: str, as_of: str | None, settings_path: str | None) -> None:
    """Write what the policy is asked of descriptors, for OPA, conftest and the like.

    FILE is a descriptor, a folder to search, or - for standard input. Each descriptor is one line of JSON, with what
    its manifests show and the waivers that count on the day; secrets are masked. Nothing is written where one of them
    cannot be read.
    """
    import sys

    from psfpolicy.cli.inputs import asked, standard_input
    from psfpolicy.cli.policy import settings_of
    from psfpolicy.engine.question import question_text
    from psfpolicy.errors import NothingToAssessError
    from psfpolicy.targets import parted, targets
    from psfpolicy.worker import questions

    settings = settings_of(settings_path)
    request = asked(settings, files, gate=gate, as_of=as_of, stdin=standard_input(files))
    found, _ = parted(targets(files), settings.exclusion)
    lines = [question_text(question).decode() for target in found for question in questions(target, request)]
    if not lines:
        raise NothingToAssessError("no descriptor found", hint="`psfpolicy init` writes one to start from")
    sys.stdout.writelines(f"{line}\n" for line in lines)
