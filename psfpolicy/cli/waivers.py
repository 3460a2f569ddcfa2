"""`psfpolicy waivers`: which there are, a new one, and whether they are in order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from psfpolicy.cli import options
from psfpolicy.cli.days import day
from psfpolicy.cli.policy import bundle_option

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Final

    from psfpolicy.granting import Found
    from psfpolicy.model.report import Report, WaiverState, WaiverUse

_IN_ORDER: Final = frozenset[str]({"used", "not-yet-valid", "not-assessed"})
"""What is nothing to put right."""
_DAYS = re.compile(r"([0-9]{1,4})d?")


@click.group("waivers")
def command() -> None:
    """Show, write and check waivers.

    Names in a file are no signatures: who approved a waiver is who reviewed the change of the file.
    """


def _policy_options(function: Callable[..., object]) -> Callable[..., object]:
    option = click.option(
        "--settings",
        "settings_path",
        envvar="PSFPOLICY_SETTINGS",
        metavar="FILE",
        help="The settings that name the waivers, by default the nearest .psfpolicy.yaml.",
    )
    return option(bundle_option(options.engine()(function)))


def _as_of_option(function: Callable[..., object]) -> Callable[..., object]:
    return click.option("--as-of", metavar="DATE", callback=day, help="Judge as of this day; default today, UTC.")(
        function
    )


def _days(_ctx: click.Context, _option: click.Parameter, text: str) -> int:
    found = _DAYS.fullmatch(text)
    if found is None:
        raise click.BadParameter(f"'{text}' is no number of days; write it as 14d")
    return int(found[1])


@command.command("list")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path())
@_policy_options
@_as_of_option
def list_(paths: tuple[str, ...], settings_path: str | None, as_of: str | None, engine: str) -> None:
    """Show every waiver, with the days that are left of it and what became of it.

    PATH is as in `psfpolicy check`. `--as-of` answers what breaks next month.
    """
    for line in _table(_report(paths, settings_path, as_of, engine)):
        click.echo(line)


@command.command("check")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path())
@click.option(
    "--within",
    default="14d",
    show_default=True,
    metavar="DAYS",
    callback=_days,
    help="Fail on those that run out in so many days, too.",
)
@_policy_options
@_as_of_option
def check(paths: tuple[str, ...], *, within: int, settings_path: str | None, as_of: str | None, engine: str) -> int:
    """Exit with 1 where a waiver has to be renewed, put right or taken out."""
    from psfpolicy.inert import inert

    report = _report(paths, settings_path, as_of, engine)
    faults = [*_faults(report, within)]
    for fault in faults:
        click.echo(inert(fault))
    click.echo(f"{_counted(report)} as of {report.as_of}, {len(faults)} to put right")
    return 1 if faults else 0


@command.command("new")
@click.argument("fingerprints", nargs=-1, required=True, metavar="FINGERPRINT...")
@click.option("--owner", required=True, metavar="NAME", help="Who answers for it.")
@click.option("--approver", required=True, metavar="NAME", help="Who approves it; another than the owner.")
@click.option("--ticket", required=True, metavar="TEXT", help="Where it is tracked.")
@click.option("--reason", required=True, metavar="TEXT", help="Why the finding may stand until then.")
@click.option("--expires", required=True, metavar="DATE", callback=day, help="The last day on which it counts.")
@click.option("--id", "id_", metavar="ID", help="What it is called; by default control and fingerprint.")
@click.option(
    "--report",
    "report_path",
    metavar="FILE",
    type=click.Path(),
    help="A JSON report to take the findings from; without it the repository is assessed.",
)
@_policy_options
@_as_of_option
def new(
    fingerprints: tuple[str, ...],
    *,
    id_: str | None,
    report_path: str | None,
    settings_path: str | None,
    as_of: str | None,
    engine: str,
    **said: str,
) -> None:
    """Write a waiver for each finding at the end of the file of waivers.

    FINGERPRINT is that of a finding, or as much of its beginning as no other has.
    """
    from psfpolicy.cli.days import clock
    from psfpolicy.cli.output import put
    from psfpolicy.cli.policy import settings_of
    from psfpolicy.errors import UsageError
    from psfpolicy.granting import picked
    from psfpolicy.targets import display_name

    settings = settings_of(settings_path)
    today, _ = clock(as_of)
    found = _findings(report_path, settings_path, as_of, engine)
    chosen = list(dict.fromkeys(picked(prefix, found) for prefix in fingerprints))
    if id_ is not None and len(chosen) > 1:
        raise click.UsageError("--id names one waiver, and these are several findings")
    entries = [_entry(item, said, id_, today) for item in chosen]
    taken = {item.id for item in settings.waivers} & {entry["id"] for entry in entries}
    if taken:
        says = f"there is a waiver `{min(taken)}` already"
        raise UsageError(says, hint="change that one in the file, or give this one a name with --id")
    name = display_name(settings.waivers_file)
    put(settings.waivers_file, _text(settings.waivers_file, name, entries, settings.waiver_days, today))
    for entry in entries:
        click.echo(f"{name}: wrote {entry['id']}, which counts up to {entry['expires']} once its review is merged")


def _entry(item: Found, said: dict[str, str], id_: str | None, today: str) -> dict[str, str]:
    return {
        "id": id_ or f"{item.control}-{item.fingerprint[:8]}",
        "control": item.control,
        "descriptor": item.descriptor,
        "path": item.path,
        "status": item.status,
        "digest": item.digest,
        "reason": said["reason"],
        "owner": said["owner"],
        "approver": said["approver"],
        "ticket": said["ticket"],
        "created": today,
        "expires": said["expires"],
    }


def _text(path: str, name: str, entries: list[dict[str, str]], days: int, today: str) -> str:
    """Give the file with the new waivers.

    Raises:
        UsageError: One of them would not count, or the file cannot be added to.
    """
    from pathlib import Path

    from psfpolicy.errors import DocumentError, UsageError
    from psfpolicy.granting import appended
    from psfpolicy.waivers import waivers_in
    from psfpolicy.waiving import barring

    data = Path(path).read_bytes() if Path(path).is_file() else b""
    try:
        whole = appended(data, name, entries, days=days)
    except DocumentError as error:
        details = tuple(f"  {item.message}" for item in error.diagnostics)
        raise UsageError("such a waiver would not be valid; nothing was written", details=details) from error
    except UnicodeEncodeError as error:
        raise UsageError("such a waiver would not be text; nothing was written") from error
    written = {entry["id"] for entry in entries}
    for waiver in waivers_in(whole.encode(), name, days=days):
        barred = barring(waiver, today=today, unwaivable=()) if waiver.id in written else None
        if barred is not None:
            raise UsageError(f"`{waiver.id}` would not count: {barred[1]}", hint="nothing was written")
    return whole


def _findings(report_path: str | None, settings_path: str | None, as_of: str | None, engine: str) -> tuple[Found, ...]:
    """Give the findings of a report, else of the repository.

    Raises:
        UsageError: The report cannot be read, or is none.
    """
    import json
    from pathlib import Path

    from psfpolicy.errors import UsageError
    from psfpolicy.granting import found_in
    from psfpolicy.model.record import jsonable

    if report_path is None:
        return found_in(jsonable(_report((), settings_path, as_of, engine)))
    try:
        value: Any = json.loads(Path(report_path).read_bytes())
        return found_in(value)
    except OSError as error:
        raise UsageError(f"`{report_path}` cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        hint = "`psfpolicy check --format json` writes one"
        raise UsageError(f"`{report_path}` is no report of psfpolicy in JSON", hint=hint) from error


def _report(paths: tuple[str, ...], settings_path: str | None, as_of: str | None, engine: str) -> Report:
    from psfpolicy.cli.assessing import assessed, refuse_unassessed
    from psfpolicy.cli.policy import settings_of

    report = assessed(paths, settings_of(settings_path), as_of, engine)
    refuse_unassessed(report)
    return report


def _faults(report: Report, within: int) -> Iterator[str]:
    for item in report.waivers:
        spot = f"{item.place.file}:{item.place.start_line}: {item.id}"
        if item.state not in _IN_ORDER:
            yield f"{spot}: {item.state}: {item.message}"
        elif item.days_left <= within:
            yield f"{spot}: runs out in {item.days_left} days, after {item.expires}"
    for assessment in report.assessments:
        for notice in assessment.ignores:
            yield f"{notice.place.file}:{notice.place.start_line}: {notice.message}; {notice.remediation}"


def _table(report: Report) -> Iterator[str]:
    from psfpolicy.inert import inert

    if not report.waivers:
        yield f"no waivers as of {report.as_of}"
        return
    head = ("id", "days left", "expires", "state", "control", "descriptor", "owner", "approver", "ticket")
    rows = [head, *(_row(item) for item in report.waivers)]
    widths = [max(len(inert(row[column])) for row in rows) for column in range(len(head))]
    for row, message in zip(rows, ("", *(item.message for item in report.waivers)), strict=True):
        yield "  ".join(f"{inert(cell):<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        if message:
            yield f"    {inert(message)}"
    yield f"{_counted(report)} as of {report.as_of}; names in a file are no signatures"


def _counted(report: Report) -> str:
    return "1 waiver" if len(report.waivers) == 1 else f"{len(report.waivers)} waivers"


def _row(item: WaiverUse) -> tuple[str, ...]:
    state: WaiverState = item.state
    names = (item.control, item.descriptor, item.owner or "-", item.approver or "-", item.ticket or "-")
    return item.id, str(item.days_left), item.expires, state, *names
