"""`psfpolicy accepted`: the findings that were there when the gate came, which only become fewer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from psfpolicy.cli import options
from psfpolicy.cli.days import day
from psfpolicy.cli.policy import bundle_option

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from psfpolicy.model.granted import AcceptedEntry
    from psfpolicy.settings import Settings

_SHOWN = 20


@click.group("accepted")
def command() -> None:
    """Accept the findings that are there, once; they hold no gate, and every report counts them.

    The settings name the file: `accepted: psfpolicy-accepted.json`. It only shrinks: what is fixed leaves it, and what
    is new never enters it.
    """


def _options(function: Callable[..., object]) -> Callable[..., object]:
    settings = click.option(
        "--settings",
        "settings_path",
        envvar="PSFPOLICY_SETTINGS",
        metavar="FILE",
        help="The settings that name the file, by default the nearest .psfpolicy.yaml.",
    )
    as_of = click.option(
        "--as-of", metavar="DATE", callback=day, help="Judge ages and dates as of this day; default today, UTC."
    )
    return settings(as_of(bundle_option(options.engine()(function))))


@command.command("write")
@_options
def write(settings_path: str | None, as_of: str | None, engine: str) -> int:
    """Write the file: all findings where it is not there yet, else without those that are fixed."""
    from psfpolicy.cli.assessing import assessed, refuse_unassessed
    from psfpolicy.cli.output import put
    from psfpolicy.granting import accepted_now, accepted_text, shrunk
    from psfpolicy.targets import display_name

    settings, path = _settings(settings_path)
    report = assessed((), settings, as_of, engine)
    refuse_unassessed(report)
    now, file, name = accepted_now(report), settings.accepted, display_name(path)
    if file is None:
        kept = tuple(item for item in now if item.control not in _barred(settings))
        put(path, accepted_text(report.as_of, _commit(), kept))
        click.echo(f"{name}: {len(kept)} findings accepted on {report.as_of}")
    else:
        kept = shrunk(file, report)
        put(path, accepted_text(file.date, file.commit, kept))
        click.echo(f"{name}: {len(kept)} findings, {len(file.findings) - len(kept)} fixed and taken out")
    held = {item.fingerprint for item in kept}
    _left_out([item for item in now if item.fingerprint not in held])
    return 0


@command.command("check")
@_options
def check(settings_path: str | None, as_of: str | None, engine: str) -> int:
    """Exit with 1 where the file holds what is fixed; `psfpolicy accepted write` takes it out."""
    from psfpolicy.cli.assessing import assessed, refuse_unassessed
    from psfpolicy.granting import shrunk
    from psfpolicy.inert import inert
    from psfpolicy.targets import display_name

    settings, path = _settings(settings_path)
    name = display_name(path)
    if settings.accepted is None:
        click.echo(f"{name}: it is not there, and nothing is accepted")
        return 0
    report = assessed((), settings, as_of, engine)
    refuse_unassessed(report)
    kept = set(shrunk(settings.accepted, report))
    gone = [item for item in settings.accepted.findings if item not in kept]
    for item in gone:
        click.echo(inert(f"{name}: {item.descriptor}: {item.control} at `{item.path}` is fixed, or is another now"))
    click.echo(f"{name}: {len(settings.accepted.findings)} findings, {len(gone)} to take out")
    return 1 if gone else 0


def _settings(path: str | None) -> tuple[Settings, str]:
    """Give the settings, and the path of the file.

    Raises:
        UsageError: They name none.
    """
    from psfpolicy.cli.policy import settings_of
    from psfpolicy.errors import UsageError

    settings = settings_of(path)
    if settings.accepted_file is None:
        hint = "write `accepted: psfpolicy-accepted.json` into .psfpolicy.yaml"
        raise UsageError("the settings name no file of accepted findings", hint=hint)
    return settings, settings.accepted_file


def _barred(settings: Settings) -> frozenset[str]:
    """Give the controls whose findings are not accepted: those that no waiver may cover."""
    from psfpolicy import resources
    from psfpolicy.profiles import joined

    profiled = joined(("advisory", *(floor.gate for floor in settings.floors))).unwaivable
    never = (info.id for info in resources.controls() if not info.waivable)
    return frozenset((*settings.unwaivable, *profiled, *never))


def _commit() -> str | None:
    """Give the commit that is checked out; None outside a repository, and before its first commit."""
    from psfpolicy.errors import UsageError
    from psfpolicy.revision import repository

    try:
        return repository().revision("HEAD").commit
    except UsageError:
        return None


def _left_out(items: Iterable[AcceptedEntry]) -> None:
    from psfpolicy.inert import inert

    items = tuple(items)
    if not items:
        return
    click.echo(f"not taken up, since what is new or may not be waived is not accepted: {len(items)}")
    for item in items[:_SHOWN]:
        click.echo(inert(f"  {item.descriptor}: {item.control} at `{item.path}`"))
    if len(items) > _SHOWN:
        click.echo(f"  and {len(items) - _SHOWN} more, which `psfpolicy check` shows")
