"""JUnit: a suite for each descriptor, a case for each control."""

from __future__ import annotations

from dataclasses import replace

from psfpolicy.formats import format_named
from psfpolicy.formats.base import Style
from psfpolicy.model.report import Reason, Report, Unassessed
from tests.unit.formats.reports import (
    ABSENT,
    BROKEN,
    COMPARISON,
    FAIL,
    GONE,
    NOTICE,
    PARTIAL,
    PASS,
    PROBLEM,
    assessment,
    report,
)


def xml(shown: Report) -> str:
    text = "".join(format_named("junit").render(shown, Style()))
    head, foot = '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="psfpolicy">\n', "</testsuites>\n"
    assert text.startswith(head)
    assert text.endswith(foot)
    return text.removeprefix(head).removesuffix(foot)


def test_a_case_for_each_control_with_passes() -> None:
    second = replace(FAIL, status="partial", place=replace(FAIL.place, start_line=13))
    waived = replace(PARTIAL, waiver="W-7")
    assert xml(report(assessment(FAIL, second, waived, PASS, ABSENT, undeclared=(NOTICE,)))) == (
        """\
  <testsuite name="production/notes" tests="5" failures="2" errors="0" skipped="2" file="deploy/notes.yaml">
    <testcase classname="production/notes" name="input-injection-defence">
      <failure type="fail" message="deploy/notes.yaml:12:5: fail, critical: no guard detects `injection`">"""
        """deploy/notes.yaml:12:5: fail, critical: no guard detects `injection`
deploy/notes.yaml:13:5: partial, critical: no guard detects `injection`</failure>
    </testcase>
    <testcase classname="production/notes" name="input-rate-limit">
      <skipped message="waived by W-7: deploy/notes.yaml:14:5: partial, high: limits requests, not tokens">"""
        """waived by W-7: deploy/notes.yaml:14:5: partial, high: limits requests, not tokens</skipped>
    </testcase>
    <testcase classname="production/notes" name="input-schema"/>
    <testcase classname="production/notes" name="input-audit-log">
      <skipped message="not applicable">not applicable</skipped>
    </testcase>
    <testcase classname="production/notes" name="evidence-undeclared">
      <failure type="fail" message="k8s/x.yaml:3:5: fail, critical: """
        """Deployment llm/x serves `org/x`, which the descriptor does not mention">k8s/x.yaml:3:5: fail, critical: """
        """Deployment llm/x serves `org/x`, which the descriptor does not mention</failure>
    </testcase>
  </testsuite>
"""
    )


def outcomes(shown: Report) -> list[str]:
    """Give what came of each case, and what it is called."""
    cases = xml(shown).split("<testcase ")[1:]
    names = [case.split('name="')[2].split('"')[0] for case in cases]
    tags = [case.split("<")[1].split(" ")[0] if ">\n      <" in case else "pass" for case in cases]
    return [f"{name}: {tag}" for name, tag in zip(names, tags, strict=True)]


def test_what_is_undecided_is_an_error_whatever_covers_it() -> None:
    covered = replace(BROKEN, waiver="W-1", accepted=True, change="existing")
    assert outcomes(report(assessment(covered, verdict="undecided"), comparison=COMPARISON)) == [
        "output-validation: error"
    ]


def test_what_was_there_before_or_accepted_is_skipped_where_it_is_let_pass() -> None:
    accepted = replace(FAIL, accepted=True, change="existing")
    there = replace(PARTIAL, change="existing")
    assert outcomes(report(assessment(accepted, there, verdict="pass"), comparison=COMPARISON)) == [
        "input-injection-defence: skipped",
        "input-rate-limit: skipped",
    ]
    comparison = replace(COMPARISON, fail_on_new=False)
    assert outcomes(report(assessment(there), comparison=comparison)) == ["input-rate-limit: failure"]
    assert "there before: deploy/" in xml(report(assessment(there, verdict="pass"), comparison=COMPARISON))
    assert "accepted: deploy/" in xml(report(assessment(accepted, verdict="pass"), comparison=COMPARISON))


def test_what_was_there_before_and_holds_the_gate_fails() -> None:
    item = assessment(replace(PARTIAL, change="existing"))
    reason = Reason(kind="new-finding", control="input-rate-limit", domain=None, score=None, threshold=None)
    held = replace(item, gate=replace(item.gate, reasons=(reason,)))
    assert outcomes(report(held, comparison=COMPARISON)) == ["input-rate-limit: failure"]


def test_a_suite_is_never_greener_than_its_verdict() -> None:
    assert outcomes(report(assessment(ABSENT, verdict="undecided"))) == ["input-audit-log: skipped", "gate: error"]
    reason = Reason(kind="domain-threshold", control=None, domain="PSF-1", score=39, threshold=60)
    item = assessment(replace(FAIL, waiver="W-7"))
    held = report(replace(item, gate=replace(item.gate, reasons=(reason,))))
    assert outcomes(held) == ["input-injection-defence: skipped", "gate: failure"]
    assert ">gate standard was not passed\ndomain-threshold PSF-1</failure>" in xml(held)


def test_a_file_that_was_not_assessed_is_a_suite_of_errors() -> None:
    shown = report(unassessed=(Unassessed(file="broken.yaml", problems=(PROBLEM,)),))
    assert xml(shown).startswith(
        '  <testsuite name="broken.yaml" tests="1" failures="0" errors="1" skipped="0" file="b'
    )
    assert outcomes(shown) == ["unknown-key: `spec` has no key `modle` (line 3): error"]


def test_a_descriptor_that_is_gone_is_a_suite() -> None:
    shown = report(comparison=replace(COMPARISON, vanished=(GONE,)))
    assert outcomes(shown) == ["scope-reduced: failure"]
