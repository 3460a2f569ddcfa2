"""A view for a person in a terminal, readable without colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.fleet.tables import headline, notes, tables
from psfpolicy.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.fleet.tables import Cell, Column, Table
    from psfpolicy.formats.base import Style
    from psfpolicy.model.fleet import Fleet

_COLORS = {"fail": "31", "error": "35", "partial": "33", "pass": "32", "advisory": "36"}
_QUIET = frozenset({"notAssessed"})


def render(fleet: Fleet, style: Style) -> Iterator[str]:
    """Give the view as text, line by line."""
    for line in _lines(fleet, style):
        yield line.rstrip() + "\n"


def _lines(fleet: Fleet, style: Style) -> Iterator[str]:
    yield f"Fleet of {headline(fleet)}"
    for note in notes(fleet):
        yield f"  {inert(note)}"
    for table in tables(fleet):
        if not style.quiet or table.name in _QUIET:
            yield ""
            yield from _table(table, style)


def _table(table: Table, style: Style) -> Iterator[str]:
    yield table.title
    head = [column.title for column in table.columns]
    cells = [[inert(cell.text) or "-" for cell in row] for row in table.rows]
    widths = [max(map(len, column)) for column in zip(head, *cells, strict=True)]
    yield "  " + "  ".join(map(_aligned, head, widths, table.columns))
    for row, texts in zip(table.rows, cells, strict=True):
        shown = map(_aligned, texts, widths, table.columns)
        yield "  " + "  ".join(_painted(cell, text, style) for cell, text in zip(row, shown, strict=True))
    if table.total > len(table.rows):
        yield f"  {table.more}"


def _aligned(text: str, width: int, column: Column) -> str:
    return f"{text:>{width}}" if column.number else f"{text:<{width}}"


def _painted(cell: Cell, text: str, style: Style) -> str:
    return f"\x1b[{_COLORS[cell.tone]}m{text}\x1b[0m" if style.color and cell.tone else text
