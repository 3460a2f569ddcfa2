"""SARIF 2.1.0 as GitHub's code scanning takes it up.

Everything that is no pass is a result, what could not be decided or assessed too, or an alert on it would be closed as
if it were fixed. What a waiver or the file of accepted findings covers is left out, unless it is asked for.
Code scanning shows 5,000 results of a run and refuses a file above 10 MB: what does not fit is left out, the least
grave first, and a notification says how much.
"""

from __future__ import annotations

import re
from heapq import nsmallest
from itertools import accumulate
from typing import TYPE_CHECKING

from psfpolicy.formats._escapes import json_text, uri
from psfpolicy.formats._items import NOT_ASSESSED, beyond_findings, complete, in_repository, items, level
from psfpolicy.formats._line_hashes import line_hashes
from psfpolicy.formats._rules import rules, unknown
from psfpolicy.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.formats._items import Item
    from psfpolicy.formats._rules import Rule
    from psfpolicy.formats.base import Style
    from psfpolicy.model.place import JsonValue
    from psfpolicy.model.report import Position, Report

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_MOST_RESULTS = 5_000
_MOST_BYTES = 9_000_000
"""Of the whole file as it is written, so that no compression has to be trusted."""
_LONGEST = 2_000
"""Characters of a message."""
_LEVELS = ("error", "warning", "note")
_BASELINE = {"new": "new", "worsened": "updated", "improved": "updated", "existing": "unchanged"}
_LINK = re.compile(r"\[(?=[^\]]*\]\()")


def render(report: Report, style: Style) -> Iterator[str]:
    """Give the report as one SARIF file, in ASCII."""
    yield from _Log(report, style).pieces()


class _Log:
    """One file being written."""

    def __init__(self, report: Report, style: Style) -> None:
        self._report = report
        self._style = style
        self._rules = rules()
        self._indexes = {str(rule["id"]): index for index, rule in enumerate(self._rules)}
        self._hashes: dict[str, list[str]] = {}

    def pieces(self) -> Iterator[str]:
        """Give the text of the file."""
        wanted = [0]
        worst = nsmallest(_MOST_RESULTS, self._wanted(wanted), key=lambda item: item.rank)
        results = [json_text(self._result(item)) for item in worst]
        # The rules are whole only now: a result may have brought one.
        head = json_text(self._run())
        # What could not be decided is told a second time, by a notification.
        sizes = [len(text) * (2 if item.status == "error" else 1) for item, text in zip(worst, results, strict=True)]
        kept = _fitting(sizes, _MOST_BYTES - len(head))
        invocation = json_text(self._invocation(worst[:kept], left_out=wanted[0] - kept))
        yield '{"$schema": ' + json_text(_SCHEMA) + ', "version": "2.1.0", "runs": [' + head.removesuffix("}")
        yield ', "invocations": [' + invocation + '], "results": ['
        for number, text in enumerate(results[:kept]):
            yield (",\n" if number else "\n") + text
        yield "\n]}]}\n"

    def _wanted(self, count: list[int]) -> Iterator[Item]:
        for item in items(self._report):
            if self._style.suppressed or not item.covered:
                count[0] += 1
                yield item

    def _run(self) -> dict[str, JsonValue]:
        tool = self._report.tool
        listed: list[JsonValue] = [*self._rules]
        name = f"{inert(tool.name)}/{inert(self._style.id)}/" if self._style.id else f"{inert(tool.name)}/"
        return {
            "tool": {
                "driver": {
                    "name": inert(tool.name),
                    "version": inert(tool.version),
                    "rules": listed,
                    "properties": {"policy": inert(self._report.policy.digest), "asOf": inert(self._report.as_of)},
                }
            },
            # Category and run of an analysis, as code scanning reads it: what stands before the last slash.
            "automationDetails": {"id": name},
            "columnKind": "unicodeCodePoints",
        }

    def _invocation(self, shown: list[Item], *, left_out: int) -> dict[str, JsonValue]:
        notes: list[JsonValue] = [self._undecided(item) for item in shown if item.status == "error"]
        for assessment, reason, grave in beyond_findings(self._report):
            notes.append(_note(f"{inert(assessment.id)}: {inert(reason)}", grave))
        if left_out:
            said = f"{left_out} results, the least grave, were left out to stay within the limits of code scanning"
            notes.append(_note(said, "warning"))
        return {
            "executionSuccessful": complete(self._report),
            "exitCode": self._report.exit_code,
            "toolExecutionNotifications": notes,
        }

    def _undecided(self, item: Item) -> dict[str, JsonValue]:
        rule: dict[str, JsonValue] = {"id": inert(item.rule), "index": self._index(item)}
        note = _note(_message(item), "error")
        return {**note, "associatedRule": rule, "locations": [self._location(item.place)]}

    def _result(self, item: Item) -> dict[str, JsonValue]:
        fingerprints: dict[str, JsonValue] = {
            "psfpolicyFinding/v1": item.fingerprint,
            "psfpolicyValues/v1": item.digest,
        }
        line = self._line_hash(item.place)
        if line is not None:
            fingerprints["primaryLocationLineHash"] = line
        told: dict[str, JsonValue] = {
            "status": item.status,
            "descriptor": inert(item.descriptor),
            "path": inert(item.path),
        }
        if item.assurance:
            told["assurance"] = item.assurance
        result: dict[str, JsonValue] = {
            "ruleId": inert(item.rule),
            "ruleIndex": self._index(item),
            "level": _LEVELS[level(item)],
            "message": {"text": _message(item)},
            "locations": [self._location(item.place)],
            "partialFingerprints": fingerprints,
            "properties": told,
        }
        related = self._related(item)
        if related:
            result["relatedLocations"] = related
        if self._report.comparison is not None:
            result["baselineState"] = _BASELINE.get(item.change or "new", "new")
        if item.covered:
            result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": _cover(item)}]
        return result

    def _index(self, item: Item) -> int:
        if item.rule not in self._indexes:
            self._indexes[item.rule] = len(self._rules)
            rule: Rule = unknown(inert(item.rule), item.severity, inert(item.remediation))
            self._rules.append(rule)
        return self._indexes[item.rule]

    def _related(self, item: Item) -> list[JsonValue]:
        """Give where else to look: uses of a value that is written elsewhere, and what manifests show."""
        found: list[tuple[Position, str]] = []
        use = item.place.used_at
        while use is not None:
            found.append((use, "used here"))
            use = use.used_at
        for shown in item.evidence:
            said = "contradicts" if shown.bearing == "contradicts" else "does not decide"
            found.append((shown.place, inert(f"{shown.subject} {said} {shown.path}")))
        return [
            {"id": number, "message": {"text": _cut(said)}, **self._location(place)}
            for number, (place, said) in enumerate(found, start=1)
        ]

    def _location(self, place: Position) -> dict[str, JsonValue]:
        name = in_repository(place.file, self._style.folder)
        artifact: dict[str, JsonValue] = {"uri": uri(name)}
        if not name.startswith("../"):
            artifact["uriBaseId"] = "%SRCROOT%"
        return {
            "physicalLocation": {
                "artifactLocation": artifact,
                "region": {
                    "startLine": place.start_line,
                    "startColumn": place.start_column,
                    "endLine": place.end_line,
                    "endColumn": place.end_column,
                },
            }
        }

    def _line_hash(self, place: Position) -> str | None:
        """Give the hash of the line that a place begins on; None where its file cannot be had as it was assessed."""
        if place.file not in self._hashes:
            data = self._style.read(place.file)
            self._hashes[place.file] = [] if data is None else line_hashes(data)
        known = self._hashes[place.file]
        return known[place.start_line - 1] if place.start_line <= len(known) else None


def _fitting(sizes: list[int], room: int) -> int:
    """Give how many texts of these sizes fit, one after the other on a line of its own."""
    return sum(used <= room for used in accumulate(size + 2 for size in sizes))


def _note(text: str, loud: str) -> dict[str, JsonValue]:
    return {"message": {"text": _cut(text)}, "level": loud}


def _message(item: Item) -> str:
    whose = f" ({inert(item.descriptor)})" if item.descriptor else ""
    fix = "" if item.rule != NOT_ASSESSED or not item.remediation else f"; {inert(item.remediation)}"
    return _cut(inert(item.message) + fix) + whose


def _cut(text: str) -> str:
    """Give a text that is not too long, in which brackets are no link."""
    short = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return _LINK.sub(r"\\[", short)


def _cover(item: Item) -> str:
    return f"waiver {inert(item.waiver)}" if item.waiver is not None else "accepted finding"
