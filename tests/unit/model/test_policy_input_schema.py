from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from psfpolicy.building.opa import Opa
from psfpolicy.engine.question import prepared
from psfpolicy.errors import BuildError

ROOT = Path(__file__).parents[3]
CHECK = ("check", "--strict", "--schema", "policy/input.schema.json")


@pytest.fixture(scope="module")
def opa() -> Opa:
    """The OPA that compiles the policy, found as the build finds it."""
    return Opa.pinned()


def _question(descriptor: dict[str, Any]) -> dict[str, Any]:
    return {
        "descriptor": prepared(descriptor),
        "facts": {"evidence": [], "secrets": [["spec", "inputs", "guards", 0, "model"]]},
        "catalogue": {},
        "waivers": [{"id": "w", "control": "deploy-canary", "path": ["spec", "release"]}],
        "today": "2026-11-21",
        "gate": "standard",
        "parameters": {"unwaivable": ["deploy-model-pinned"], "thresholds": {"OPS": 60}},
    }


def test_a_question_about_the_whole_shape_is_valid(
    reference: dict[str, Any], rest: dict[str, Any], question_schema: dict[str, Any]
) -> None:
    validator = jsonschema_rs.Draft202012Validator(question_schema)
    assert [error.message for error in validator.iter_errors(_question(reference))] == []
    assert [error.message for error in validator.iter_errors(_question(rest))] == []


def test_no_reference_leads_to_what_the_checker_cannot_see(question_schema: dict[str, Any]) -> None:
    text = json.dumps(question_schema)
    assert [word for word in ('"null"', "null", "anyOf", "oneOf", '"if"', '"not"') if word in text] == []


def test_the_policy_refers_to_keys_that_exist(opa: Opa) -> None:
    assert opa.run(*CHECK, "rego", folder=ROOT) == ""


@pytest.mark.parametrize(
    ("reference_to", "seen"),
    [
        ("input.descriptor.spec.inptus", "inptus"),
        ("input.descriptor.spec.inputs.guards[0].acton", "acton"),
        ("input.descriptor.spec.serving.location.county", "county"),
        ("input.descriptor.spec.network.egress.rules[0].to.hots", "hots"),
        ("input.descriptor.metadata.enviroment", "enviroment"),
        ("input.fcats", "fcats"),
        ("input.facts.secret", "secret"),
        ("input.parameters.unwaiveable", "unwaiveable"),
        ("input.waivers[0].controls", "controls"),
    ],
)
def test_a_reference_to_a_key_that_does_not_exist_is_refused(
    reference_to: str, seen: str, opa: Opa, tmp_path: Path
) -> None:
    (tmp_path / "misspelt.rego").write_text(f"package misspelt\n\nholds if {reference_to}\n", encoding="utf-8")
    with pytest.raises(BuildError) as refused:
        opa.run(*CHECK, str(tmp_path), folder=ROOT)
    assert re.search(rf'(?s)undefined ref: .*have: "{seen}"', "\n".join(refused.value.details))
