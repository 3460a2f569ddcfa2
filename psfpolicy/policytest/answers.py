"""What OPA's own evaluator answers to the questions of fixtures: all of them in one run of `opa eval`."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from psfpolicy.engine.question import prepared
from psfpolicy.policytest.rules import coverage_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psfpolicy.building.opa import Opa
    from psfpolicy.model.place import JsonValue
    from psfpolicy.policytest.rules import Reached

_QUERY: Final = (
    "{number: report | some number, asked in input.questions; report := data.psfpolicy.report with input as asked}"
)


class Answers(NamedTuple):
    """What OPA answered."""

    reports: Mapping[int, JsonValue]
    """By the number of the question; one that has none was not answered."""
    refused: Mapping[int, str]
    """Why a question has no answer, where OPA says so."""
    reached: tuple[Mapping[str, Reached], ...]
    """What the questions reached of the policy, by staged file; one for each run."""


def answers(opa: Opa, tree: Path, questions: Sequence[dict[str, JsonValue]]) -> Answers:
    """Ask OPA.

    Args:
        opa: What evaluates.
        tree: The folder of `rego`.
        questions: Inputs of the policy.
    """
    return _asked(opa, tree, dict(enumerate(questions))) if questions else Answers({}, {}, ())


def _asked(opa: Opa, tree: Path, questions: Mapping[int, dict[str, JsonValue]]) -> Answers:
    with tempfile.TemporaryDirectory() as name:
        asked = Path(name) / "input.json"
        # Each as an engine gets it: they lie deeper here than they would alone, so each is prepared by itself.
        listed = {str(number): prepared(question) for number, question in questions.items()}
        asked.write_text(json.dumps({"questions": listed}, allow_nan=False), encoding="utf-8")
        options = ("--ignore", "*_test.rego", "--coverage", "--coverage-runs", "", "--format", "json")
        done = opa.ran("eval", "-b", "rego", "-i", str(asked), *options, _QUERY, folder=tree)
    try:
        said: dict[str, Any] = json.loads(done.stdout)
        found = said["result"][0]["expressions"][0]["value"]
    except (ValueError, LookupError, TypeError):
        return _one_by_one(opa, tree, questions, _said(done.stdout) or done.stderr.strip())
    return Answers({int(number): report for number, report in found.items()}, {}, (coverage_of(done.stdout),))


def _said(text: str) -> str:
    """Give what OPA says of its errors, in one line; nothing where it says nothing that can be read."""
    try:
        errors: list[dict[str, Any]] = json.loads(text)["errors"]
    except (ValueError, LookupError, TypeError):
        return ""
    return "; ".join(str(error.get("message")) for error in errors)


def _one_by_one(opa: Opa, tree: Path, questions: Mapping[int, dict[str, JsonValue]], said: str) -> Answers:
    """Ask each question alone: one that OPA stops at takes the answers of all the others away."""
    if len(questions) == 1:
        return Answers({}, dict.fromkeys(questions, said), ())
    parts = [_asked(opa, tree, {number: question}) for number, question in questions.items()]
    return Answers(
        {number: report for part in parts for number, report in part.reports.items()},
        {number: text for part in parts for number, text in part.refused.items()},
        tuple(reached for part in parts for reached in part.reached),
    )


def canonical(value: JsonValue) -> JsonValue:
    """Put each list of an answer into one order: no engine promises an order for a set."""
    if isinstance(value, dict):
        return {key: canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted((canonical(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    return value
