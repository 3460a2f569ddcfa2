"""Workflow commands of GitHub Actions: annotations at the lines, in the log of a step.

GitHub shows ten annotations of each kind for a step and passes over the rest in silence, so there are ten in all, the
new and the worst, and a line that counts the others. Escaped as `packages/core/src/command.ts` of actions/toolkit does.
"""

from __future__ import annotations

from heapq import nsmallest
from typing import TYPE_CHECKING

from psfpolicy.formats import text
from psfpolicy.formats._change import counted
from psfpolicy.formats._items import in_repository, items, let_pass, level
from psfpolicy.formats.base import Style
from psfpolicy.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.formats._items import Item
    from psfpolicy.model.report import Report

_MOST = 10
_COMMANDS = ("error", "warning", "notice")


def render(report: Report, style: Style) -> Iterator[str]:
    """Give the verdict lines, then the annotations."""
    yield from text.render(report, Style(unicode=style.unicode, quiet=True))
    counts = {"": 0, "covered": 0, "passed": 0}

    def wanted() -> Iterator[Item]:
        for item in items(report, asked=True):
            kind = "covered" if item.covered else "passed" if let_pass(item, report) else ""
            counts[kind] += 1
            if not kind:
                yield item

    shown = nsmallest(_MOST, wanted(), key=lambda item: item.rank)
    for item in shown:
        yield _annotation(item, style) + "\n"
    left = counts[""] - len(shown)
    if left:
        yield f"{counted(left, 'finding')} more, for which a step has no annotation\n"
    if counts["passed"]:
        yield f"{counted(counts['passed'], 'finding')} let pass, as there before\n"
    if counts["covered"]:
        yield f"{counted(counts['covered'], 'finding')} waived or accepted\n"


def _annotation(item: Item, style: Style) -> str:
    place = item.place
    properties = {"file": inert(in_repository(place.file, style.folder)), "line": str(place.start_line)}
    properties["endLine"] = str(place.end_line)
    if place.end_line == place.start_line:  # columns of several lines are refused
        properties |= {"col": str(place.start_column), "endColumn": str(place.end_column)}
    change = f", {item.change}" if item.change else ""
    properties["title"] = inert(f"{item.rule}: {item.status}, {item.severity}{change}")
    said = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    whose = f" ({inert(item.descriptor)})" if item.descriptor else ""
    fix = f"\nfix: {inert(item.remediation)}" if item.remediation else ""
    return f"::{_COMMANDS[level(item)]} {said}::{_data(inert(item.message) + whose + fix)}"


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")
