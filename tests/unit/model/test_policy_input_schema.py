from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

import jsonschema_rs
import pytest

from psfpolicy.engine.question import prepared

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
CHECK = ("check", "--strict", "--schema", "policy/input.schema.json", "rego")


class Opa(Protocol):
    """What the build's own OPA does for these tests."""

    def run(self, *arguments: str) -> str: ...


@pytest.fixture(scope="module")
def opa() -> Iterator[Opa]:
    """The OPA that compiles the policy, found as the build finds it."""
    spec = importlib.util.spec_from_file_location("pinned_opa", ROOT / "policy/pinned_opa.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["pinned_opa"] = module
    spec.loader.exec_module(module)
    yield cast("Opa", module.Opa.pinned())
    del sys.modules["pinned_opa"]


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
    assert opa.run(*CHECK) == ""


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
    with pytest.raises(Exception, match=rf'(?s)undefined ref: .*have: "{seen}"'):
        opa.run(*CHECK, str(tmp_path))
