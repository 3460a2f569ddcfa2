"""What a run is asked: what the user named and the settings say, what standard input holds, what is kept out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, cast

import click

from psfpolicy.cli.days import clock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from psfpolicy.model.report import Report
    from psfpolicy.model.run import Request
    from psfpolicy.settings import Settings


def asked(settings: Settings, paths: tuple[str, ...], *, gate: str | None, as_of: str | None, **more: Any) -> Request:
    """Give what a run is asked that assesses as `psfpolicy check` does.

    Args:
        settings: What holds for every run.
        paths: What the user named.
        gate: The gate or profile that the user asked for; None for the one of the settings.
        as_of: The day that the user asked for, YYYY-MM-DD; None for today.
        more: Further attributes of the request, by name.

    Raises:
        UsageError: No gate has that name, and no profile of the policy in force.
    """
    from psfpolicy.gates import GateRule
    from psfpolicy.model.run import Request

    today, generated_at = clock(as_of)
    requested = settings.defaults.get("gate", "standard") if gate is None else gate
    require_gate(requested)
    return Request(
        paths=paths,
        gate=GateRule(requested=requested, floors=settings.floors),
        today=today,
        generated_at=generated_at,
        day_given=as_of is not None,
        unwaivable=settings.unwaivable,
        required_evidence=settings.required_evidence,
        evidence=settings.evidence,
        rows=settings.rows,
        exclusion=settings.exclusion,
        policy_files=settings.files,
        waivers=settings.waivers,
        ignoring=settings.ignoring,
        accepted=settings.accepted,
        **more,
    )


def require_gate(name: str) -> None:
    """Raise a `UsageError` for a name that no gate has, and no profile of the policy in force."""
    from psfpolicy.errors import UsageError
    from psfpolicy.profiles import complaint

    if said := complaint(name):
        raise UsageError(said[0], hint=said[1])


def standard_input(paths: Sequence[str]) -> bytes | None:
    """Give what standard input holds, as far as it is read at all; None where no path is `-`.

    Raises:
        UsageError: It is closed or cannot be read.
    """
    if "-" not in paths:
        return None
    from psfpolicy.errors import UsageError
    from psfpolicy.source import MAX_BYTES

    stdin = cast("TextIO | None", sys.stdin)
    if stdin is None:
        raise UsageError("standard input is closed", hint="nothing was assessed")
    try:
        # One byte more than is allowed shows that there is too much.
        return stdin.buffer.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"standard input cannot be read: {error.strerror}", hint="nothing was assessed") from error


def say_excluded(report: Report, paths: Sequence[str]) -> None:
    """Say, beside every format, what the settings keep from being assessed: by name where it was named."""
    from psfpolicy.inert import inert
    from psfpolicy.targets import display_name

    named = {display_name(path) for path in paths} & set(report.excluded)
    for name in sorted(named):
        click.echo(f"psfpolicy: `{inert(name)}` is excluded by the settings, and was not assessed", err=True)
    if found := len(report.excluded) - len(named):
        files = "1 file that mentions a descriptor" if found == 1 else f"{found} files that mention a descriptor"
        click.echo(f"psfpolicy: the settings exclude {files}", err=True)
