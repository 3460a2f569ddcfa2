"""Days on the command line, and the only place where a clock is read."""

from __future__ import annotations

import os

import click


def day(_ctx: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    """Read an option that is a day, YYYY-MM-DD.

    Raises:
        BadParameter: It is none.
    """
    from datetime import date

    if text is None:
        return None
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise click.BadParameter(f"'{text}' is no date; write it as YYYY-MM-DD")


def clock(as_of: str | None) -> tuple[str, str]:
    """Give the as-of date and the time of the report."""
    from datetime import UTC, datetime

    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        now = datetime.now(UTC) if epoch is None else datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise click.UsageError(f"SOURCE_DATE_EPOCH is '{epoch}', and must be a number of seconds") from error
    if as_of is not None and epoch is None:
        return as_of, f"{as_of}T00:00:00Z"
    return as_of or now.date().isoformat(), now.strftime("%Y-%m-%dT%H:%M:%SZ")
