"""JUnit XML, as Jenkins and GitLab read it: a suite for each descriptor, a case for each control.

A partial answer is a failure of the type `partial`. What is waived, accepted, or let pass because it was there before
is skipped, and says so; what could not be decided is an error. A suite is never greener than its descriptor's verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.formats._items import NOT_ASSESSED, let_pass, of_descriptor, of_notice, problems, unshown
from psfpolicy.formats._suites import FOOT, HEAD, SuiteCase, suite

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psfpolicy.formats._items import Item
    from psfpolicy.formats.base import Style
    from psfpolicy.model.report import Assessment, Report

_GATE = "gate"


def render(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001  # the suites are the same for everybody
    """Give the suites, one after the other."""
    yield HEAD
    for failed in report.unassessed:
        cases = [SuiteCase(_at(item), "error", NOT_ASSESSED, (_told(item),)) for item in problems(failed)]
        yield from suite(failed.file, failed.file, cases)
    for assessment in report.assessments:
        yield from suite(assessment.id, assessment.file, _cases(assessment, report))
    for gone in () if report.comparison is None else report.comparison.vanished:
        item = of_notice(gone.notice, gone.id)
        yield from suite(gone.id, gone.file, [_case(item.rule, [item], report)])
    yield FOOT


def _cases(assessment: Assessment, report: Report) -> list[SuiteCase]:
    by_rule: dict[str, list[Item]] = {}
    for item in of_descriptor(assessment):
        by_rule.setdefault(item.rule, []).append(item)
    found = []
    for control in assessment.controls:
        bad = by_rule.pop(control.id, [])
        if bad or control.status != "not-applicable":
            found.append(_case(control.id, bad, report))
        else:
            found.append(SuiteCase(control.id, "skipped", said=("not applicable",)))
    found.extend(_case(rule, bad, report) for rule, bad in sorted(by_rule.items()))
    verdict = assessment.gate.verdict
    outcomes = {case.outcome for case in found}
    if verdict == "undecided" and "error" not in outcomes:
        found.append(SuiteCase(_GATE, "error", verdict, (f"no verdict at gate {assessment.gate.name}",)))
    elif verdict == "fail" and (outcomes.isdisjoint({"error", "failure"}) or unshown(assessment)):
        reasons = tuple(
            " ".join(filter(None, (item.kind, item.control, item.domain))) for item in assessment.gate.reasons
        )
        found.append(SuiteCase(_GATE, "failure", verdict, (f"gate {assessment.gate.name} was not passed", *reasons)))
    return found


def _case(rule: str, bad: Sequence[Item], report: Report) -> SuiteCase:
    if not bad:
        return SuiteCase(rule)
    errors = [item for item in bad if item.status == "error"]
    open_ = [item for item in bad if not item.covered and not let_pass(item, report)]
    if errors:
        return SuiteCase(rule, "error", "error", tuple(map(_told, errors)))
    if open_:
        kind = "fail" if any(item.status == "fail" for item in open_) else "partial"
        return SuiteCase(rule, "failure", kind, tuple(map(_told, open_)))
    return SuiteCase(rule, "skipped", said=tuple(f"{_why(item)}: {_told(item)}" for item in bad))


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
