"""A table for spreadsheets: every finding, passes too, and whatever else a run has to say of a place.

What a spreadsheet would take for a formula begins with an apostrophe.
"""

from __future__ import annotations

import csv
import re
from io import StringIO
from typing import TYPE_CHECKING

from psfpolicy.formats._items import items
from psfpolicy.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.formats.base import Style
    from psfpolicy.model.report import Report

_COLUMNS = (
    "descriptor",
    "file",
    "line",
    "column",
    "domain",
    "control",
    "severity",
    "status",
    "change",
    "waiver",
    "accepted",
    "assurance",
    "path",
    "message",
    "fingerprint",
)
# Excel takes the wide signs for the same. A semicolon begins a cell where it separates them, whatever is quoted.
_FORMULA = re.compile(r"""(^|;)(?=[\s"']*[=+\-@\uff1d\uff0b\uff0d\uff20])""")


def render(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001  # the table is the same for everybody
    """Give the table, a row at a time."""
    yield _line(_COLUMNS)
    for item in items(report, passes=True, asked=True):
        yield _line(
            (
                item.descriptor,
                item.place.file,
                item.place.start_line,
                item.place.start_column,
                item.domain,
                item.rule,
                item.severity,
                item.status,
                item.change or "",
                item.waiver or "",
                "yes" if item.accepted else "",
                item.assurance,
                item.path,
                item.message,
                item.fingerprint,
            )
        )


def _line(cells: tuple[str | int, ...]) -> str:
    line = StringIO()
    shown = [cell if isinstance(cell, int) else _defused(inert(cell)) for cell in cells]
    csv.writer(line, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").writerow(shown)
    return line.getvalue()


def _defused(text: str) -> str:
    return _FORMULA.sub(r"\1'", text)
