"""`psfpolicy validate`: say whether descriptors are valid, and assess none."""

from __future__ import annotations

import click

from psfpolicy.cli import options
from psfpolicy.cli.policy import bundle_option


@click.command("validate")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path())
@options.settings("The settings, by default the nearest .psfpolicy.yaml up to the repository's root.")
@click.option(
    "--skip-other",
    is_flag=True,
    help="Ignore named files that are no descriptor; a base stands for what extends it.",
)
@bundle_option
def command(paths: tuple[str, ...], *, settings_path: str | None, skip_other: bool) -> int:
    """Say whether descriptors are valid, without assessing them.

    Every mistake is reported at its place, and the exit code is 4 then. No evidence is read and no control is asked.

    PATH is a descriptor, a folder to search, or - for standard input. Without one, the repository is searched.
    """
    import sys

    from psfpolicy.cli.inputs import say_excluded, standard_input
    from psfpolicy.cli.output import style_of
    from psfpolicy.cli.policy import settings_of
    from psfpolicy.formats import format_named
    from psfpolicy.gates import GateRule
    from psfpolicy.model.run import Request
    from psfpolicy.pipeline import validate

    settings = settings_of(settings_path)
    request = Request(
        paths=paths,
        gate=GateRule(),
        today="",
        generated_at="",
        rows=settings.rows,
        exclusion=settings.exclusion,
        skip_other=skip_other,
        policy_files=settings.files,
        stdin=standard_input(paths),
    )
    report = validate(request)
    say_excluded(report, paths)
    sys.stdout.writelines(format_named("text").render(report, style_of("auto", quiet=True, verbose=False)))
    if not report.unassessed:
        click.echo(f"{len(report.inputs)} {'file is' if len(report.inputs) == 1 else 'files are'} valid")
    return report.exit_code
