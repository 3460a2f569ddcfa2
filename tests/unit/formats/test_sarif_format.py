"""SARIF as code scanning takes it up: rules, results, lines known again, limits."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import Any

from psfpolicy import resources
from psfpolicy.formats import format_named
from psfpolicy.formats._line_hashes import line_hashes
from psfpolicy.formats.base import Style
from psfpolicy.model.report import Position, Report
from tests.unit.formats.reports import BROKEN, FAIL, PARTIAL, PASS, assessment, full, place, report

SOURCE = b"\n" * 11 + b"    guards: []\n"


def run(shown: Report, style: Style | None = None) -> dict[str, Any]:
    log = json.loads("".join(format_named("sarif").render(shown, style or Style())))
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    found: dict[str, Any] = log["runs"][0]
    return found


def test_a_result_has_its_rule_its_region_and_its_fingerprints() -> None:
    style = Style(read={"deploy/notes.yaml": SOURCE}.get)
    found = run(report(assessment(FAIL, PASS)), style)
    (result,) = found["results"]
    rule = found["tool"]["driver"]["rules"][result.pop("ruleIndex")]
    assert rule["id"] == "input-injection-defence"
    assert result == {
        "ruleId": "input-injection-defence",
        "level": "error",
        "message": {"text": "no guard detects `injection` (production/notes)"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "deploy/notes.yaml", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 12, "startColumn": 5, "endLine": 12, "endColumn": 11},
                }
            }
        ],
        "partialFingerprints": {
            "psfpolicyFinding/v1": "a" * 64,
            "psfpolicyValues/v1": "b" * 64,
            "primaryLocationLineHash": line_hashes(SOURCE)[11],
        },
        "properties": {
            "status": "fail",
            "descriptor": "production/notes",
            "path": "spec.inputs.guards",
            "assurance": "declared",
        },
    }
    assert found["columnKind"] == "unicodeCodePoints"


def test_each_control_is_a_rule_with_help_severity_and_precision() -> None:
    rules = {rule["id"]: rule for rule in run(report())["tool"]["driver"]["rules"]}
    beside = {"evidence-undeclared", "inline-ignore", "not-assessed", "scope-reduced"}
    assert set(rules) == {info.id for info in resources.controls()} | beside
    rule = rules["residency-location"]
    assert rule["name"] == "ResidencyLocation"
    assert rule["defaultConfiguration"] == {"level": "error"}
    assert "\n## How to fix it\n" in rule["help"]["markdown"]
    assert "\n```yaml\n" in rule["help"]["markdown"]
    assert rule["properties"]["precision"] == "very-high"
    assert rule["properties"]["security-severity"] == "9.5"
    assert {"PSF-3", "security", "owasp-llm-2025/LLM02"} <= set(rule["properties"]["tags"])
    for listed in rules.values():
        assert len(listed["properties"]["tags"]) <= 10
        assert 0 < len(listed["shortDescription"]["text"]) <= 1024
        assert 0 < len(listed["fullDescription"]["text"]) <= 1024
        assert listed["help"]["text"]


def test_a_control_of_operations_is_no_security_result() -> None:
    rules = {rule["id"]: rule["properties"] for rule in run(report())["tool"]["driver"]["rules"]}
    apart = {info.id for info in resources.controls() if info.apart}
    assert apart
    assert {id_ for id_, properties in rules.items() if "security-severity" not in properties} == apart
    assert {id_ for id_, properties in rules.items() if "problem.severity" in properties} == apart


def test_a_clean_run_has_no_results_and_was_successful() -> None:
    found = run(report(assessment(PASS, verdict="pass")))
    assert found["results"] == []
    assert found["invocations"] == [{"executionSuccessful": True, "exitCode": 0, "toolExecutionNotifications": []}]


def test_what_could_not_be_decided_is_a_result_and_a_notification() -> None:
    found = run(report(assessment(BROKEN, verdict="undecided")))
    assert [result["level"] for result in found["results"]] == ["error"]
    (invocation,) = found["invocations"]
    assert invocation["executionSuccessful"] is False
    (note,) = invocation["toolExecutionNotifications"]
    assert note["message"]["text"] == "the control broke (production/notes)"
    assert note["associatedRule"]["id"] == "output-validation"


def test_a_verdict_that_nothing_led_to_is_a_notification() -> None:
    (invocation,) = run(report(assessment(verdict="undecided")))["invocations"]
    assert invocation["toolExecutionNotifications"] == [
        {"message": {"text": "production/notes: no verdict: no control applies"}, "level": "error"}
    ]


def test_a_file_that_was_not_assessed_stays_in_the_results() -> None:
    found = run(replace(full(), assessments=(), comparison=None))
    assert [(result["ruleId"], result["message"]["text"]) for result in found["results"]] == [
        ("not-assessed", "unknown-key: `spec` has no key `modle`"),
        ("not-assessed", "unknown-key: `spec` has no key `modle`; did you mean `model`?"),
    ]
    assert len(found["invocations"][0]["toolExecutionNotifications"]) == 2


def test_what_is_covered_is_left_out_and_comes_as_suppressed_when_asked_for() -> None:
    shown = report(assessment(FAIL, replace(PARTIAL, waiver="W-7"), replace(FAIL, control="x", accepted=True)))
    assert [result["ruleId"] for result in run(shown)["results"]] == ["input-injection-defence"]
    found = run(shown, Style(suppressed=True))["results"]
    assert [(result["ruleId"], result.get("suppressions")) for result in found] == [
        ("input-injection-defence", None),
        ("x", [{"kind": "external", "status": "accepted", "justification": "accepted finding"}]),
        ("input-rate-limit", [{"kind": "external", "status": "accepted", "justification": "waiver W-7"}]),
    ]


def test_results_of_a_run_that_compares_say_how() -> None:
    found = run(full())["results"]
    assert {(result["ruleId"], result["baselineState"]) for result in found} == {
        ("not-assessed", "new"),
        ("input-injection-defence", "new"),
        ("data-telemetry", "unchanged"),
        ("evidence-undeclared", "new"),
        ("scope-reduced", "new"),
        ("inline-ignore", "new"),
    }


def test_uses_and_evidence_are_related_locations() -> None:
    found = {result["ruleId"]: result for result in run(full(), Style(suppressed=True))["results"]}
    (use,) = found["input-rate-limit"]["relatedLocations"]
    assert (use["message"]["text"], use["physicalLocation"]["region"]["startLine"]) == ("used here", 40)
    (shown,) = found["data-telemetry"]["relatedLocations"]
    assert shown["message"]["text"] == "Deployment llm/vllm contradicts spec.data.telemetry"
    assert shown["physicalLocation"]["artifactLocation"]["uri"] == "k8s/vllm.yaml"


def uri(file: str, folder: str = "") -> dict[str, str]:
    shown = report(assessment(replace(FAIL, place=place(1, file=file))))
    location = run(shown, Style(folder=folder))["results"][0]["locations"][0]["physicalLocation"]
    found: dict[str, str] = location["artifactLocation"]
    return found


def test_addresses_are_relative_to_the_root_of_the_repository_and_percent_encoded() -> None:
    root = {"uriBaseId": "%SRCROOT%"}
    assert uri("a b/ü#1?.yaml") == {"uri": "a%20b/%C3%BC%231%3F.yaml", **root}
    assert uri("c:d.yaml") == {"uri": "c%3Ad.yaml", **root}
    assert uri("notes.yaml", "infra/llm") == {"uri": "infra/llm/notes.yaml", **root}
    assert uri("../shared/base.yaml", "infra/llm") == {"uri": "infra/shared/base.yaml", **root}


def test_a_file_outside_of_the_repository_has_no_root() -> None:
    assert uri("../elsewhere.yaml") == {"uri": "../elsewhere.yaml"}


def test_a_line_that_is_not_known_has_no_hash() -> None:
    beyond = replace(FAIL, place=place(99), control="x")
    found = run(report(assessment(FAIL, beyond)), Style(read={"deploy/notes.yaml": b"short"}.get))["results"]
    assert ["primaryLocationLineHash" in result["partialFingerprints"] for result in found] == [False, False]


def test_the_id_is_the_category_of_the_run() -> None:
    assert run(report())["automationDetails"] == {"id": "psfpolicy/"}
    assert run(report(), Style(id="eu"))["automationDetails"] == {"id": "psfpolicy/eu/"}


def test_brackets_of_a_user_make_no_link() -> None:
    shown = report(assessment(replace(FAIL, message="see [here](1), [x](https://evil.example) and a[0]")))
    text = run(shown)["results"][0]["message"]["text"]
    assert text == "see \\[here](1), \\[x](https://evil.example) and a[0] (production/notes)"


def test_more_results_than_code_scanning_shows_are_cut_worst_first_and_said() -> None:
    low = [replace(FAIL, severity="low", path=f"spec.{number}") for number in range(5_100)]
    found = run(report(assessment(*low, FAIL)))
    assert len(found["results"]) == 5_000
    assert found["results"][0]["level"] == "error"
    said = "101 results, the least grave, were left out to stay within the limits of code scanning"
    assert found["invocations"][0]["toolExecutionNotifications"] == [{"message": {"text": said}, "level": "warning"}]


def test_a_file_stays_below_ten_megabytes_whatever_stands_in_it() -> None:
    long = [replace(FAIL, path=f"{number}" + "p" * 3_000, message="é" * 2_100) for number in range(1_000)]
    shown = report(assessment(*long))
    text = "".join(format_named("sarif").render(shown, Style()))
    assert len(text) < 9_000_000
    assert len(gzip.compress(text.encode())) < 10_000_000
    found = json.loads(text)["runs"][0]
    kept = len(found["results"])
    said = found["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    assert 0 < kept < 1_000
    assert said.startswith(f"{1_000 - kept} results")


def test_a_region_of_several_lines_ends_on_its_last() -> None:
    where = Position(file="a.yaml", start_line=2, start_column=3, end_line=5, end_column=1)
    location = run(report(assessment(replace(FAIL, place=where))))["results"][0]["locations"][0]
    assert location["physicalLocation"]["region"] == {"startLine": 2, "startColumn": 3, "endLine": 5, "endColumn": 1}
