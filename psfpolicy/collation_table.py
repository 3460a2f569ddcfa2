"""Descriptors beside their evidence, for people: a table as wide as its content.

Where that is wider than the terminal, each path is a block of lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.model.collation import Collation, Row, Seen
    from psfpolicy.model.report import Position, Unassessed

_HEAD = ("verdict", "path", "declared", "found", "at")
_LONGEST = 48


def table(item: Collation, width: int | None) -> Iterator[str]:
    """Give the lines for one descriptor.

    Args:
        item: What was compared.
        width: Columns of the terminal; None where nobody looks at it through one.
    """
    yield inert(f"{item.file}: {item.id}: {_summary(item)}")
    if not item.rows:
        return
    lines = [_HEAD, *(line for row in item.rows for line in _cells(row))]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    if width is not None and sum(widths) + 2 * len(widths) > width:
        for row in item.rows:
            yield from _block(row)
        return
    for line in lines:
        yield ("  " + "  ".join(f"{cell:<{size}}" for cell, size in zip(line, widths, strict=True))).rstrip()


def problems(failed: Unassessed) -> Iterator[str]:
    """Give the lines for a file that could not be read."""
    yield inert(f"{failed.file}: NOT ASSESSED")
    for problem in failed.problems:
        where = failed.file if problem.place is None else _spot(problem.place)
        yield inert(f"  {where}: {problem.code}: {problem.message}")
        if problem.hint:
            yield inert(f"      hint: {problem.hint}")


def _summary(item: Collation) -> str:
    if not item.evidence:
        return "no evidence, self-declared"
    counts = ", ".join(f"{count} {_WORDS.get(verdict, verdict)}" for verdict, count in item.verdicts.items() if count)
    return f"{len(item.evidence)} file{'s' if len(item.evidence) > 1 else ''} of evidence; {counts or 'nothing shown'}"


def _cells(row: Row) -> Iterator[tuple[str, ...]]:
    head = (_WORDS.get(row.verdict, row.verdict), inert(row.path), _cut(row.declared))
    if not row.found:
        yield *head, "-", _spot(row.place) if row.place else ""
    for number, seen in enumerate(row.found):
        yield *(("", "", "") if number else head), _cut(_found(seen)), _spot(seen.place)


def _block(row: Row) -> Iterator[str]:
    yield f"  {_WORDS.get(row.verdict, row.verdict)}: {inert(row.path)}"
    if row.declared is not None:
        yield f"    declared {_cut(row.declared)}" + (f", {_spot(row.place)}" if row.place else "")
    for seen in row.found:
        yield f"    found {_cut(_found(seen))}, {_spot(seen.place)}"


def _found(seen: Seen) -> str:
    """Give what is there: in the words of the descriptor, as it is written, and why it is not sure."""
    written = seen.written or ""
    aside = "" if not written or (seen.value is not None and seen.value in written) else f" ({written})"
    if seen.certainty == "inconclusive":
        return f"not decided{aside}: {seen.reason}"
    said = f"{seen.value}{aside}"
    return said if seen.certainty == "certain" else f"{said}, inferred: {seen.reason}"


def _cut(text: str | None) -> str:
    if text is None:
        return "-"
    shown = inert(text)
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 3] + "..."


def _spot(place: Position) -> str:
    return inert(f"{place.file}:{place.start_line}:{place.start_column}")


_WORDS = {"declared": "declared only"}
