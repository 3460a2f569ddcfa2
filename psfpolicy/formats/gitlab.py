"""GitLab's code quality report: a list of what is no pass, for the merge request and its lines.

GitLab compares the reports of two branches by itself. What is waived or accepted is left out, unless it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.formats._escapes import json_text
from psfpolicy.formats._items import in_repository, items
from psfpolicy.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.formats._items import Item
    from psfpolicy.formats.base import Style
    from psfpolicy.model.place import JsonValue
    from psfpolicy.model.report import Report

_SEVERITIES = ("blocker", "critical", "major", "minor", "info")
_GRAVE = {"critical": 0, "high": 1, "medium": 2, "low": 3}


def render(report: Report, style: Style) -> Iterator[str]:
    """Give the list, in ASCII."""
    yield "["
    first = True
    for item in items(report, asked=True):
        if style.suppressed or not item.covered:
            yield ("\n" if first else ",\n") + json_text(_issue(item, style))
            first = False
    yield "]\n" if first else "\n]\n"


def _issue(item: Item, style: Style) -> JsonValue:
    place = item.place
    grave = 0 if item.status == "error" else _GRAVE[item.severity] + (item.status == "partial")
    return {
        "description": inert(f"{item.message} ({item.descriptor})" if item.descriptor else item.message),
        "check_name": inert(item.rule),
        "fingerprint": item.fingerprint,
        "severity": _SEVERITIES[grave],
        "location": {
            "path": inert(in_repository(place.file, style.folder)),
            "lines": {"begin": place.start_line, "end": place.end_line},
        },
    }
