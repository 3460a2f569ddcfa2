"""The Markdown page of a run, cut to a size: for the summary of a job, and for a comment.

Every text that a user wrote stands in inline code, where it is no markup, no mention and no link.
What is left out is left out whole, the least grave first, and each list says how many it lacks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from heapq import nsmallest
from typing import TYPE_CHECKING
from urllib.parse import quote

from psfpolicy.formats._change import counted, moved, overall_moved, scores_before, then, told
from psfpolicy.formats._escapes import cell, code, uri
from psfpolicy.formats._items import NOT_ASSESSED, complete, in_repository, items, there_before, unshown
from psfpolicy.model.report import GATES, SEVERITIES, STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.formats._items import Item
    from psfpolicy.formats.base import Style
    from psfpolicy.model.report import Assessment, Domain, Position, Report, WaiverUse

_SOON = 14
"""Days before its last one from which a waiver is running out."""
_VERDICTS = ("undecided", "fail", "advisory", "pass")
_LONGEST = 2_000
"""Characters of one text."""
_LEAST = 100
"""Bytes that an entry of a list takes at least."""
_FOOT = 3_000
_PACKS = 10
"""Bytes kept for the last line, and for what lists say of what they lack."""


@dataclass(frozen=True, slots=True)
class _Section:
    """A list under a heading, of which as much is shown as there is room for."""

    title: str
    entries: list[str]
    """Worst first, each whole and ending with a line break."""
    total: int
    """How many there are, with those that are not even among the entries."""
    share: float
    """Part of the room that is left which it may take."""
    head: str = ""
    """What stands above the entries."""


def page(report: Report, style: Style, most: int) -> Iterator[str]:
    """Give the page, at most so many bytes of UTF-8.

    The first line is an invisible one with the id of the run, by which a comment is found again.
    """
    head = "".join(_head(report, style))
    yield head
    room = most - _FOOT - _size(head)
    for section in _sections(report, style, most // _LEAST):
        if section.total:
            shown = "".join(_cut(section, int(room * section.share)))
            room -= _size(shown)
            yield shown
    tool, policy = report.tool, report.policy
    made = f"{_code(tool.name[:20])} {_code(tool.version[:40])}, policy {_code(policy.digest[:19])}"
    for pack in policy.packs[:_PACKS]:
        over = f", overrides {counted(len(pack.overrides), 'control')}" if pack.overrides else ""
        made += f" with the pack {_code(pack.name[:40])} {_code(pack.version[:20])}{over}"
    yield f"\n{made}, as of {_code(report.as_of[:20])}\n"


def _head(report: Report, style: Style) -> Iterator[str]:
    yield f"<!-- psfpolicy {re.sub(r'[^A-Za-z0-9._-]', '', style.id)} -->\n"
    yield f"## psfpolicy: {_verdict(report)}\n"
    for sentence in told(report, _code):
        yield f"\n{sentence[0].upper()}{sentence[1:]}.\n"
    if report.exit_zero:
        yield "\nExit code 0 was asked for: a gate that was not passed does not show in it.\n"


def _verdict(report: Report) -> str:
    gone = report.comparison.vanished if report.comparison is not None else ()
    verdicts = report.summary.verdicts
    if not complete(report):
        return "not everything could be assessed"
    if verdicts.get("fail") or any(item.verdict == "fail" for item in gone):
        return "the gate was not passed"
    if not report.summary.descriptors:
        return "nothing to assess" if report.comparison is None else "nothing changed"
    return "advice" if verdicts.get("advisory") else "the gate was passed"


def _sections(report: Report, style: Style, most: int) -> Iterator[_Section]:
    several = report.summary.descriptors > 1
    worst = nsmallest(most, report.assessments, key=_worst_first)
    total = report.summary.descriptors
    broken = [item for item in _most(report, most) if item.rule == NOT_ASSESSED]
    yield _findings("Not assessed", broken, len(broken), 0.5, style, several=False)
    yield _Section("Descriptors", [_row(item, report) for item in worst], total, 0.3, _ROWS)
    tables = ["".join(_domains(item, several=several)) for item in worst]
    yield _Section("Domains", tables, total, 0.3)
    yield from _lists(report, style, most, several=several)


def _lists(report: Report, style: Style, most: int, *, several: bool) -> Iterator[_Section]:
    counts = {"open": 0, "rest": 0}

    def kind(item: Item) -> str:
        return "rest" if item.covered or (report.comparison is not None and there_before(item)) else "open"

    def of(wanted: str) -> Iterator[Item]:
        for item in items(report):
            if item.rule != NOT_ASSESSED and kind(item) == wanted:
                counts[wanted] += 1
                yield item

    open_ = nsmallest(most, of("open"), key=lambda item: item.rank)
    title = "Findings" if report.comparison is None else "New findings"
    yield _findings(title, open_, counts["open"], 0.7, style, several=several)
    waivers = [_waiver(use) for use in sorted(report.waivers, key=_soonest) if use.days_left <= _SOON]
    yield _Section("Waivers running out", waivers, len(waivers), 0.5)
    fixed = list(_fixed(report, several=several))
    yield _Section("Fixed", fixed, len(fixed), 0.5)
    rest = nsmallest(most, of("rest"), key=lambda item: item.rank)
    title = "Waived and accepted" if report.comparison is None else "There before, waived or accepted"
    yield _findings(title, rest, counts["rest"], 1.0, style, several=several)


def _most(report: Report, most: int) -> list[Item]:
    return nsmallest(most, items(report), key=lambda item: (item.rule != NOT_ASSESSED, item.rank))


def _cut(section: _Section, room: int) -> Iterator[str]:
    head = f"\n### {section.title}\n\n{section.head}"
    room -= _size(head)
    yield head
    shown = 0
    for entry in section.entries:
        room -= _size(entry)
        if room < 0:
            break
        shown += 1
        yield entry
    if shown < section.total:
        yield f"\n{section.total - shown} more are not shown here.\n"


_ROWS = "| descriptor | gate | verdict | overall | findings |\n|---|---|---|---|---|\n"


def _row(item: Assessment, report: Report) -> str:
    was = then(item, report)
    verdict = f"**{item.gate.verdict}**" + (f", {was}" if was else "")
    score = "none" if item.overall is None else str(item.overall.score)
    raw = item.overall_raw
    without = f", {raw.score} without waivers" if raw is not None and raw != item.overall else ""
    statuses = [finding.status for finding in item.findings if finding.waiver is None and not finding.accepted]
    counts = ", ".join(f"{statuses.count(status)} {status}" for status in STATUSES[:3] if status in statuses)
    shown = ", ".join(map(_code, unshown(item)))
    told = "; ".join(filter(None, (counts, shown and f"to be shown by manifests: {shown}")))
    gate = item.gate.name if item.gate.name in GATES else _cell(item.gate.name)
    cells = (_cell(item.id), gate, verdict, f"{overall_moved(item) or score}{without}", told or "none")
    return f"| {' | '.join(cells)} |\n"


def _domains(item: Assessment, *, several: bool) -> Iterator[str]:
    before = scores_before(item)
    if several:
        yield f"\n#### {_code(item.id)}\n\n"
    if before:
        yield "| domain | | before | now | |\n|---|---|--:|--:|---|\n"
    else:
        yield "| domain | | score | |\n|---|---|--:|---|\n"
    for domain in (*item.domains, *item.apart):
        score = "none" if domain.effective.score is None else str(domain.effective.score)
        was = before.get(domain.id)
        shown = [_cell(domain.id), _cell(domain.title), *([str(was) if was is not None else "none"] if before else [])]
        shown += [f"**{score}**" if moved(domain, before) else score, ", ".join(_remarks(domain))]
        yield f"| {' | '.join(shown)} |\n"


def _remarks(domain: Domain) -> Iterator[str]:
    if domain.effective.band is not None:
        yield domain.effective.band
    if domain.effective.capped:
        yield "capped: a critical control fails"
    if domain.raw.score != domain.effective.score:
        yield f"{domain.raw.score} without waivers"


def _findings(title: str, found: list[Item], total: int, share: float, style: Style, *, several: bool) -> _Section:
    return _Section(title, ["".join(_entry(item, style, several=several)) for item in found], total, share)


def _entry(item: Item, style: Style, *, several: bool) -> Iterator[str]:
    what = _code(item.rule) if item.rule != NOT_ASSESSED else "not assessed"
    yield f"- **{item.status}, {item.severity}** {what} at {_spot(item.place, style)}"
    if several and item.descriptor:
        yield f" of {_code(item.descriptor)}"
    if item.change is not None:
        yield f", {item.change}" + (" (a date in it has aged)" if item.aged else "")
    if item.waiver is not None:
        yield f", waived by {_code(item.waiver)}"
    if item.accepted:
        yield ", accepted"
    yield f"<br>\n  {_code(item.message)}"
    for shown in item.evidence:
        said = "contradicts" if shown.bearing == "contradicts" else "does not decide"
        yield f"<br>\n  {_code(shown.subject)} at {_spot(shown.place, style)} {said} {_code(shown.path)}"
    if item.remediation:
        yield f"<br>\n  Fix: {_code(item.remediation)}"
    yield "\n"


def _spot(place: Position, style: Style) -> str:
    shown = _code(f"{place.file}:{place.start_line}:{place.start_column}")
    name = in_repository(place.file, style.folder)
    if not style.link or name.startswith(("../", "<")):
        return shown
    last = f"-L{place.end_line}" if place.end_line > place.start_line else ""
    below = quote(style.link, safe=":/%@", errors="backslashreplace")
    return f"[{shown}]({below}/{uri(name)}#L{place.start_line}{last})"


def _waiver(use: WaiverUse) -> str:
    left = f"has {counted(use.days_left, 'day')} left" if use.days_left >= 0 else "has run out"
    whose = f"{_code(use.control)} of {_code(use.descriptor)}"
    asked = f"owner {_code(use.owner)}, {_code(use.ticket)}"
    return f"- {_code(use.id)} for {whose} {left}, to {_code(use.expires)}; {asked}\n"


def _soonest(use: WaiverUse) -> tuple[int, str]:
    return use.days_left, use.id


def _fixed(report: Report, *, several: bool) -> Iterator[str]:
    for assessment in report.assessments:
        for item in sorted(
            assessment.fixed, key=lambda item: (SEVERITIES.index(item.severity), item.control, item.path)
        ):
            whose = f" of {_code(assessment.id)}" if several else ""
            yield f"- {item.status}, {item.severity} {_code(item.control)} at {_code(item.path)}{whose}\n"


def _worst_first(item: Assessment) -> tuple[int, int, str, str]:
    score = -1 if item.overall is None else item.overall.score
    return _VERDICTS.index(item.gate.verdict), score, item.id, item.file


def _code(text: str) -> str:
    return code(_short(text))


def _cell(text: str) -> str:
    return cell(_short(text))


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _size(text: str) -> int:
    return len(text.encode())
