"""JUnit XML, as Jenkins and GitLab read it: a suite for each descriptor, a case for each control.

A partial answer is a failure of the type `partial`. What is waived, accepted, or let pass because it was there before
is skipped, and says so; what could not be decided is an error. A suite is never greener than its descriptor's verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal

from psfpolicy.formats._items import NOT_ASSESSED, let_pass, of_descriptor, of_notice, problems
from psfpolicy.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from psfpolicy.formats._items import Item
    from psfpolicy.formats.base import Style
    from psfpolicy.model.report import Assessment, Report

_GATE = "gate"


@dataclass(frozen=True, slots=True)
class _Case:
    """One case: what it is called and what came of it."""

    name: str
    outcome: Literal["error", "failure", "skipped", ""] = ""
    """Empty for a pass."""
    kind: str = ""
    said: tuple[str, ...] = ()
    """One line each; the first is the message."""


def render(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001  # the suites are the same for everybody
    """Give the suites, one after the other."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="psfpolicy">\n'
    for failed in report.unassessed:
        cases = [_Case(_at(item), "error", NOT_ASSESSED, (_told(item),)) for item in problems(failed)]
        yield from _suite(failed.file, failed.file, cases)
    for assessment in report.assessments:
        yield from _suite(assessment.id, assessment.file, _cases(assessment, report))
    for gone in () if report.comparison is None else report.comparison.vanished:
        item = of_notice(gone.notice, gone.id)
        yield from _suite(gone.id, gone.file, [_case(item.rule, [item], report)])
    yield "</testsuites>\n"


def _cases(assessment: Assessment, report: Report) -> list[_Case]:
    by_rule: dict[str, list[Item]] = {}
    for item in of_descriptor(assessment):
        by_rule.setdefault(item.rule, []).append(item)
    found = []
    for control in assessment.controls:
        bad = by_rule.pop(control.id, [])
        if bad or control.status != "not-applicable":
            found.append(_case(control.id, bad, report))
        else:
            found.append(_Case(control.id, "skipped", said=("not applicable",)))
    found.extend(_case(rule, bad, report) for rule, bad in sorted(by_rule.items()))
    verdict = assessment.gate.verdict
    outcomes = {case.outcome for case in found}
    if verdict == "undecided" and "error" not in outcomes:
        found.append(_Case(_GATE, "error", verdict, (f"no verdict at gate {assessment.gate.name}",)))
    elif verdict == "fail" and outcomes.isdisjoint({"error", "failure"}):
        reasons = tuple(
            " ".join(filter(None, (item.kind, item.control, item.domain))) for item in assessment.gate.reasons
        )
        found.append(_Case(_GATE, "failure", verdict, (f"gate {assessment.gate.name} was not passed", *reasons)))
    return found


def _case(rule: str, bad: Sequence[Item], report: Report) -> _Case:
    if not bad:
        return _Case(rule)
    errors = [item for item in bad if item.status == "error"]
    open_ = [item for item in bad if not item.covered and not let_pass(item, report)]
    if errors:
        return _Case(rule, "error", "error", tuple(map(_told, errors)))
    if open_:
        kind = "fail" if any(item.status == "fail" for item in open_) else "partial"
        return _Case(rule, "failure", kind, tuple(map(_told, open_)))
    return _Case(rule, "skipped", said=tuple(f"{_why(item)}: {_told(item)}" for item in bad))


def _why(item: Item) -> str:
    if item.waiver is not None:
        return f"waived by {item.waiver}"
    return "accepted" if item.accepted else "there before"


def _told(item: Item) -> str:
    change = f", {item.change}" if item.change else ""
    place = item.place
    return (
        f"{place.file}:{place.start_line}:{place.start_column}: {item.status}, {item.severity}{change}: {item.message}"
    )


def _at(item: Item) -> str:
    return f"{item.message} (line {item.place.start_line})"


def _suite(name: str, file: str, cases: Iterable[_Case]) -> Iterator[str]:
    listed = list(cases)
    outcomes = [case.outcome for case in listed]
    counts = {"tests": len(listed), "failures": outcomes.count("failure"), "errors": outcomes.count("error")}
    counts["skipped"] = outcomes.count("skipped")
    shown = " ".join(f'{what}="{number}"' for what, number in counts.items())
    yield f"  <testsuite name={_quoted(name)} {shown} file={_quoted(file)}>\n"
    for case in listed:
        yield from _written(case, name)
    yield "  </testsuite>\n"


def _written(case: _Case, suite: str) -> Iterator[str]:
    # GitLab calls the suite what the class is called, and tells cases apart by both names.
    head = f"    <testcase classname={_quoted(suite)} name={_quoted(case.name)}"
    if not case.outcome:
        yield f"{head}/>\n"
        return
    kind = f" type={_quoted(case.kind)}" if case.kind else ""
    body = "\n".join(escape(inert(line)) for line in case.said)
    yield f"{head}>\n      <{case.outcome}{kind} message={_quoted(case.said[0])}>{body}</{case.outcome}>\n"
    yield "    </testcase>\n"


def _quoted(text: str) -> str:
    return f'"{escape(inert(text))}"'
