"""What a text report says of waivers and of accepted findings."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from psfpolicy.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.model.report import Report, WaiverUse

SOON = 14
"""Days before its last in which a waiver is said to run out."""


def waivers(report: Report) -> Iterator[str]:
    """Give how many waivers there are, and each that has to be looked at."""
    if not report.waivers:
        return
    states = Counter(item.state for item in report.waivers)
    soon = [item for item in report.waivers if _expiring(item)]
    counts = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
    expiring = f"; {len(soon)} of them run out within {SOON} days" if soon else ""
    yield f"waivers: {counts}{expiring}"
    for item in report.waivers:
        if item.message and item.state != "not-assessed":
            yield f"  {_spot(item)}: {item.state}: {inert(item.message)}"
        elif _expiring(item):
            yield f"  {_spot(item)}: runs out in {item.days_left} days, after {inert(item.expires)}"
    yield "  who approved a waiver is who reviewed its file: the names in it are no signatures"


def accepted(report: Report) -> Iterator[str]:
    """Give what the file of accepted findings hides."""
    file = report.accepted
    if file is not None:
        at = f" at {file.commit[:12]}" if file.commit else ""
        held = f"{file.hidden} of its {file.entries} findings hold no gate in this run"
        yield inert(f"accepted on {file.date}{at}: {held}; {file.file}")


def _expiring(item: WaiverUse) -> bool:
    return item.state == "used" and item.days_left <= SOON


def _spot(item: WaiverUse) -> str:
    return inert(f"{item.place.file}:{item.place.start_line}: {item.id}")
