"""A control that breaks its contract is an error in the embedded engine, never a silence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy.engine.wasm import WasmEngine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.policy.conftest import Opa

PLACES = 'places contains ["spec", "a"]\n\n'
FINDING = 'findings contains {"path": ["spec", "a"], "status": "%s", "message": "%s", "reads": []}\n\n'
PASSED = {"path": ["spec", "a"], "status": "pass", "message": "seen", "reads": []}


def error(path: list[str], message: str) -> dict[str, Any]:
    return {"path": path, "status": "error", "message": message, "reads": []}


@pytest.mark.parametrize(
    ("rules", "findings"),
    [
        (FINDING % ("pass", "seen"), [error([], "the control names no place that it answers for")]),
        (PLACES, [error(["spec", "a"], "the control gave no well-formed finding for this place")]),
        (
            PLACES + FINDING % ("pass", "seen") + FINDING % ("fail", "seen"),
            [error(["spec", "a"], "the control gave more than one finding for this place")],
        ),
        (
            PLACES + FINDING % ("good", "seen"),
            [error(["spec", "a"], "the control gave no well-formed finding for this place")],
        ),
        (
            PLACES + FINDING % ("pass", ""),
            [error(["spec", "a"], "the control gave no well-formed finding for this place")],
        ),
        (
            PLACES + FINDING % ("pass", "seen") + (FINDING % ("pass", "seen")).replace('"a"', '"b"'),
            [error([], "the control gave a finding for a place that it does not answer for"), PASSED],
        ),
        (
            PLACES + "not_applicable := true\n",
            [error([], "the control does not apply for a reason that is no text")],
        ),
    ],
    ids=["no place", "no finding", "two findings", "unknown status", "no message", "undeclared place", "no reason"],
)
def test_a_control_that_breaks_its_contract_is_an_error(
    rules: str,
    findings: list[dict[str, Any]],
    opa: Opa,
    staged: Callable[[dict[str, str]], Path],
    sample: Callable[[str], dict[str, str]],
    question: dict[str, Any],
    canonical: Callable[[Any], Any],
) -> None:
    tree = staged(sample(rules))
    report: Any = WasmEngine(*opa.built(tree, "psfpolicy/report")).evaluate(question)
    assert canonical(report["controls"]) == canonical(
        {
            "input-sample": {
                "domain": "PSF-1",
                "apart": False,
                "severity": "high",
                "status": "error",
                "effective": "error",
                "findings": findings,
            }
        }
    )
    assert report["gate"]["verdict"] == "undecided"
    assert canonical(report["gate"]["reasons"]) == canonical(
        [
            {"kind": "domain-threshold", "domain": "PSF-1", "score": 0, "threshold": 60},
            {"kind": "domain-zero", "domain": "PSF-1"},
            {"kind": "error", "control": "input-sample"},
        ]
    )


def test_a_control_without_metadata_is_an_error(
    opa: Opa,
    staged: Callable[[dict[str, str]], Path],
    sample: Callable[[str], dict[str, str]],
    question: dict[str, Any],
) -> None:
    ((name, text),) = sample(PLACES + FINDING % ("pass", "seen")).items()
    tree = staged({name: text.replace("metadata := rego.metadata.chain()\n", "")})
    report: Any = WasmEngine(*opa.built(tree, "psfpolicy/report")).evaluate(question)
    assert report["controls"]["input-sample"] == {
        "domain": None,
        "apart": False,
        "severity": "critical",
        "status": "error",
        "effective": "error",
        "findings": [error([], "the control has no metadata")],
    }
    assert report["gate"]["verdict"] == "undecided"


def test_the_metadata_of_a_control_and_its_domain_is_in_the_module(
    opa: Opa,
    staged: Callable[[dict[str, str]], Path],
    sample: Callable[[str], dict[str, str]],
    question: dict[str, Any],
) -> None:
    tree = staged(
        {
            **sample(PLACES + FINDING % ("pass", "seen")),
            "report.rego": 'package psfpolicy\n\nreport := {"chain": data.psfpolicy.controls.input.sample.metadata}\n',
        }
    )
    report: Any = WasmEngine(*opa.built(tree, "psfpolicy/report")).evaluate(question)
    _, own, domain = report["chain"]
    assert own["annotations"]["custom"]["severity"] == "high"
    assert domain["annotations"]["custom"]["domain"] == "PSF-1"
    assert domain["annotations"]["custom"]["crosswalk"]["owasp-llm-2025"] == ["LLM01"]
