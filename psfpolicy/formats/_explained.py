"""Why a control decided so, in the text for a person."""

from __future__ import annotations

from itertools import groupby
from textwrap import indent
from typing import TYPE_CHECKING, Protocol

from psfpolicy.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.model.report import Answered, Assessment, Explained, Finding, Position, Read, RowUsed


class Look(Protocol):
    """How the text looks where it is written."""

    def paint(self, color: str, text: str) -> str:
        """Give a text in the colour of a status."""
        ...

    def spot(self, place: Position) -> str:
        """Give a place as `file:line:column`."""
        ...

    def source(self, place: Position, excerpt: str | None) -> Iterator[str]:
        """Give the line of a place, marked."""
        ...


def explained(item: Assessment, why: Explained, look: Look) -> Iterator[str]:
    """Give why a control decided so on a descriptor, line by line."""
    control = next((control for control in item.controls if control.id == why.control), None)
    if control is None:
        return
    effective = f", {control.effective} with waivers" if control.effective != control.status else ""
    word = look.paint(control.status, control.status)
    yield f"  why {inert(control.id)} is {word}{effective}: {inert(control.title)}, {control.severity}"
    findings = [finding for finding in item.findings if finding.control == why.control]
    for finding, answered in zip(findings, why.answers, strict=False):
        yield from _answer(finding, answered, look)
    remediation = next((finding.remediation for finding in findings if not finding.good), "")
    if remediation:
        yield "    what would have to change"
        yield from indent("\n".join(map(inert, remediation.strip().splitlines())), "      ").splitlines()
    yield f"    rules: {inert(why.rego)}; what they ask: psfpolicy explain {inert(control.id)}"
    if why.trace:
        yield "    what the engine evaluated"
        yield from (f"      {inert(line)}" for line in why.trace)
    yield ""


def _answer(finding: Finding, answered: Answered, look: Look) -> Iterator[str]:
    at = f"  {inert(finding.path)}" if finding.path else ""
    yield f"    {look.spot(finding.place)}: {look.paint(finding.status, finding.status)}{at}"
    yield f"      {inert(finding.message)}"
    yield f"      known as: {', '.join((finding.assurance, *_standing(finding)))}"
    yield f"      held: {inert(', '.join(answered.rules))}"
    if not answered.reads:
        yield "      no value of the descriptor was read for this"
    for place, absent, reads in _together(answered.reads):
        if absent:
            said = f"not declared: {', '.join(read.path for read in reads)}"
        else:
            said = "; ".join(f"{read.path}: {_value(read)}" for read in reads)
        yield f"      read {look.spot(place)}: {inert(said)}"
        yield from (f"  {line}" for line in look.source(place, reads[0].excerpt))
        yield from (
            f"          {inert(_row(row))}" for row in dict.fromkeys(row for read in reads for row in read.rows)
        )
    for shown in finding.evidence:
        seen = f": {shown.value}" if shown.value else ""
        reason = f": {shown.reason}" if shown.reason else ""
        said = f"{shown.bearing} {shown.path}{seen} ({shown.subject}){reason}"
        yield f"      evidence {look.spot(shown.place)}: {inert(said)}"


def _standing(finding: Finding) -> Iterator[str]:
    if finding.waiver is not None:
        yield f"waived by {inert(finding.waiver)}"
    if finding.accepted:
        yield "accepted"
    if finding.change is not None:
        yield f"{finding.change} since the base"


def _together(reads: tuple[Read, ...]) -> Iterator[tuple[Position, bool, list[Read]]]:
    """Give what was read by its place, which is said once for all that is missing there."""
    for (place, absent), group in groupby(reads, key=lambda read: (read.place, read.origin == "absent")):
        yield place, absent, list(group)


def _value(read: Read) -> str:
    if read.origin == "manifest":
        return f"{read.value} (not declared; shown by {read.subject})"
    return str(read.value)


def _row(row: RowUsed) -> str:
    whose = "your own row" if row.own else "row"
    day = f", as of {row.as_of}" if row.as_of else ""
    sources = f", {', '.join(row.sources)}" if row.sources else ""
    return f"{whose} {row.id} of {row.table}{day}{sources}"
