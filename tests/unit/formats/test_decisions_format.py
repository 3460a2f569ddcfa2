"""Decisions of a run are events of OPA's decision log."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from psfpolicy.formats.base import Style
from psfpolicy.formats.decisions import render
from psfpolicy.model.report import Report, Unassessed
from tests.unit.formats.reports import BROKEN, HOSTILE, PASS, PROBLEM, assessment, full, hostile, report

KNOWN = {"labels", "decision_id", "bundles", "path", "result", "erased", "error", "timestamp"}
"""Members of `EventV1` of OPA 1.22.0 that are written."""


def events(shown: Report, **style: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in render(shown, Style(**style))]


def test_an_event_says_what_decided_what_and_when() -> None:
    shown = report(assessment(PASS, verdict="pass"))
    (event,) = events(shown, id="nightly")
    (item,) = shown.assessments
    assert set(event) == KNOWN - {"error"}
    assert event["path"] == "psfpolicy/report"
    assert event["bundles"] == {"psfpolicy": {"revision": shown.policy.digest.removeprefix("sha256:")}}
    assert event["timestamp"] == shown.generated_at
    assert event["labels"] | {"deployment": item.id, "file": item.file, "run": "nightly"} == event["labels"]
    assert event["result"]["gate"] == {"name": item.gate.name, "verdict": "pass", "reasons": []}
    assert set(event["result"]["controls"]) == {control.id for control in item.controls}


def test_the_input_is_left_out_and_the_event_says_so() -> None:
    for event in events(full()):
        assert "input" not in event
        assert event["erased"] == ["/input"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_message_and_no_place_is_written(text: str) -> None:
    for event in events(hostile(text)):
        result = event.get("result", {"gate": {"reasons": []}})
        assert {key for control in result.get("controls", {}).values() for key in control} <= {"status", "effective"}
        reasons = result["gate"]["reasons"]
        assert {key for each in reasons for key in each} <= {"kind", "control", "domain", "score", "threshold"}
        assert all(isinstance(value, str) and value.isprintable() for value in event["labels"].values())


def test_an_id_is_a_uuid_of_its_own_and_the_same_for_the_same_decision() -> None:
    shown = full()
    ids = [event["decision_id"] for event in events(shown)]
    assert len(set(ids)) == len(ids) > 2
    assert {(UUID(id_).version, UUID(id_).variant) for id_ in ids} == {(8, "specified in RFC 4122")}
    assert ids == [event["decision_id"] for event in events(shown)]
    later = replace(shown, generated_at="2030-01-01T00:00:00Z")
    assert set(ids) & {event["decision_id"] for event in events(later)} == set()
    other = replace(shown, policy=replace(shown.policy, digest="sha256:" + "0" * 64))
    assert set(ids) & {event["decision_id"] for event in events(other)} == set()


def test_what_could_not_be_assessed_is_an_error_and_no_result() -> None:
    (event,) = events(report(unassessed=(Unassessed(file="broken.yaml", problems=(PROBLEM,)),)))
    assert set(event) == KNOWN - {"result"}
    assert (event["error"]["code"], event["error"]["message"]) == ("not_assessed", "1 problem")
    assert [error["code"] for error in event["error"]["errors"]] == [PROBLEM.code]
    (undecided,) = events(report(assessment(BROKEN, verdict="undecided")))
    assert undecided["result"]["gate"]["verdict"] == "undecided"


def test_a_descriptor_that_is_gone_is_an_event() -> None:
    shown = full()
    assert shown.comparison is not None
    gone = {item.id for item in shown.comparison.vanished}
    assert gone
    assert gone <= {event["labels"].get("deployment") for event in events(shown)}
