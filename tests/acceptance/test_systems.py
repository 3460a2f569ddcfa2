"""Every system that the source material names is decided by a case, and each case depends on the row that it is for.

`systems/<table>.yaml` has a case for each row of a table of the catalogue, and `systems/published.yaml` one or more for
each published claim. A case is laid over `examples/minimal.yaml`, and says which status the controls that it is about
have; `<table>.txt` beside it is the reviewed snapshot of what they say, which `make snapshots` writes anew.
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from functools import cache, reduce
from operator import getitem
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml

from psfpolicy import resources, source, validity
from psfpolicy.assess import assess
from psfpolicy.engine.folder import cache_folder
from psfpolicy.engine.wasm import WasmEngine
from psfpolicy.profiles import Asked
from psfpolicy.source import overlay

if TYPE_CHECKING:
    from psfpolicy.model.report import Assessment
    from psfpolicy.source import Document

ROOT = Path(__file__).parents[2]
SYSTEMS = Path(__file__).parent / "systems"
CLAIMS = "published"
"""The file whose cases are claims and not rows."""
PLATFORMS = yaml.safe_load((SYSTEMS / "platforms.yaml").read_text(encoding="utf-8"))
"""What a platform can be: it decides whether a descriptor is valid, and no control reads it."""
FILES = sorted(path.stem for path in SYSTEMS.glob("*.yaml") if path.stem != "platforms")
TABLES = [file for file in FILES if file != CLAIMS]
UNREAD = {
    ("quantizations", "none"): "stands for the format of the checkpoint, which the row of the model names",
    ("transfers", "derogation"): "carries no standing flow, and neither does a mechanism that is not known",
}
"""Rows that change no answer by being there, with the reason; their cases hold what is answered."""
GENERAL = {"countries", "domains", "duties", "regions"}
"""Tables that name no system: of places and of numbers that laws set; tests of their own read them."""


class Case(NamedTuple):
    """A descriptor, and what it is to come to."""

    file: str
    name: str
    """The id of a row, or the claim."""
    document: Document
    expected: dict[str, str]
    """Statuses by control."""
    own: dict[str, dict[str, Any]]
    """Rows of the user's own, by table."""
    says: list[str]
    """Parts of what the controls say, written down by hand."""
    baseline: dict[str, int]
    """The published scores of the model, overall and by domain."""

    def __str__(self) -> str:
        return f"{self.file}-{self.name}"


def layer(spec: dict[str, Any], environment: str) -> Document:
    """Give a descriptor of what a case says below `spec`."""
    head = {"apiVersion": "psfpolicy/v1", "kind": "LLMDeployment"}
    whole = {**head, "metadata": {"name": "case", "environment": environment}, "spec": spec}
    (document,) = source.read(yaml.safe_dump(whole, sort_keys=False).encode(), file="case.yaml")
    return document


@cache
def cases(file: str) -> tuple[Case, ...]:
    written = yaml.safe_load((SYSTEMS / f"{file}.yaml").read_text(encoding="utf-8"))
    (minimal,) = source.read((ROOT / "examples/minimal.yaml").read_bytes(), file="minimal.yaml")
    found = []
    for name, case in written["cases"].items():
        said = {"own": case.get("own", {}), "says": case.get("says", []), "baseline": case.get("baseline", {})}
        environment = case.get("environment", "production")
        over = overlay(minimal, layer(written.get("over", {}), environment))
        document = overlay(over, layer(case["spec"], environment))
        found.append(Case(file, str(name), document, case["expect"], **said))
    return tuple(found)


ALL = [case for file in FILES for case in cases(file)]
OF_ROWS = [case for case in ALL if case.file != CLAIMS and (case.file, case.name) not in UNREAD]


@cache
def engine() -> WasmEngine:
    return WasmEngine.bundled()


def without(table: str, row: str, *keys: str) -> WasmEngine:
    """Give the policy as it would be without a row of its catalogue, or without a key of one."""
    data = json.loads(resources.policy_data())
    *path, last = ["psfpolicy", "catalogue", table, row, *keys]
    del reduce(getitem, path, data)[last]
    return WasmEngine(resources.policy_module(), json.dumps(data).encode(), cache=cache_folder(os.environ))


def assessed(case: Case, policy: WasmEngine) -> Assessment:
    assessment, *_ = assess(
        case.document,
        policy,
        texts={},
        today="2026-11-21",
        gate=Asked("strict"),
        requested="strict",
        unwaivable=(),
        own=case.own,
    )
    return assessment


@cache
def answers(file: str) -> dict[str, Assessment]:
    """Give the assessments of the cases of a file, by name."""
    return {case.name: assessed(case, engine()) for case in cases(file)}


def told(case: Case, assessment: Assessment) -> str:
    """Give what the controls of a case say, as far as it decides their status."""
    lines = [case.name]
    for control in case.expected:
        (status,) = (item.status for item in assessment.controls if item.id == control)
        lines.append(f"  {control}: {status}")
        said = [item for item in assessment.findings if item.control == control and item.status == status]
        lines += [f"    {item.path}: {item.message}" for item in said]
    return "\n".join(lines)


@pytest.mark.parametrize("case", ALL, ids=str)
def test_a_case_is_a_valid_descriptor(case: Case) -> None:
    assert [item.message for item in validity.diagnostics(case.document)] == []


@pytest.mark.parametrize("case", ALL, ids=str)
def test_the_controls_of_a_case_have_the_status_that_it_says(case: Case) -> None:
    statuses = {item.id: item.status for item in answers(case.file)[case.name].controls}
    assert {control: statuses[control] for control in case.expected} == case.expected


@pytest.mark.parametrize("case", ALL, ids=str)
def test_a_case_is_answered_with_the_figure_or_ground_that_decides_it(case: Case) -> None:
    text = told(case, answers(case.file)[case.name])
    assert [part for part in case.says if part not in text] == []


@pytest.mark.parametrize("file", FILES)
def test_what_the_controls_of_a_case_say_is_as_reviewed(file: str, update_snapshots: bool) -> None:
    text = "\n\n".join(told(case, answers(file)[case.name]) for case in cases(file)) + "\n"
    expected = SYSTEMS / f"{file}.txt"
    if update_snapshots:
        expected.write_text(text, encoding="utf-8")
    assert expected.read_text(encoding="utf-8") == text


def test_every_table_of_systems_has_its_cases() -> None:
    assert {*TABLES, "platforms", *GENERAL} == set(resources.tables())


@pytest.mark.parametrize("table", TABLES)
def test_every_row_has_a_case(table: str) -> None:
    assert [case.name for case in cases(table)] == list(resources.catalogue(table))


@pytest.mark.parametrize("case", OF_ROWS, ids=str)
def test_without_its_row_a_case_comes_to_something_else(case: Case) -> None:
    without_it = assessed(case, without(case.file, case.name))
    assert told(case, without_it) != told(case, answers(case.file)[case.name])


def published(assessment: Assessment) -> dict[str, int]:
    """Give the baseline of an assessment, overall and by domain."""
    if assessment.baseline is None:
        return {}
    return {"overall": assessment.baseline.overall, **{item.id: item.score for item in assessment.baseline.domains}}


@pytest.mark.parametrize("case", cases("models"), ids=str)
def test_the_published_assessment_of_a_model_is_shown(case: Case) -> None:
    assert published(answers(case.file)[case.name]) == case.baseline


ASSESSED = [case for case in cases("models") if case.baseline]


@pytest.mark.parametrize("case", ASSESSED, ids=str)
def test_the_published_assessment_enters_no_score_no_finding_and_no_gate(case: Case) -> None:
    unpublished = assessed(case, without("models", case.name, "assessment"))
    assert unpublished == replace(answers(case.file)[case.name], baseline=None)


def test_every_platform_has_its_row_here() -> None:
    assert list(PLATFORMS) == list(resources.catalogue("platforms"))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_platform_is_held_against_the_hosting_and_against_who_operates_it(platform: str) -> None:
    def mistakes(hosting: str, operator: str) -> list[str]:
        served = {"platform": platform, "hosting": hosting, "operator": operator}
        party = {"id": "party", "name": "Party", "jurisdiction": "US"}
        spec = {"purpose": {"summary": "a"}, "model": {"id": "a"}, "parties": [party], "serving": served}
        return [item.message for item in validity.diagnostics(layer(spec, "production"))]

    row = PLATFORMS[platform]
    assert {kind for kind in resources.catalogue("hosting") if mistakes(kind, "party") == []} == set(row["hosting"])
    operated = [f"`spec.serving.operator` is `self`, but {company} operates `{platform}`" for company in operators(row)]
    assert mistakes(row["hosting"][0], "self") == operated


def operators(row: dict[str, Any]) -> list[str]:
    """Give the company that operates a platform, where it is always the same."""
    return [row["operator"]] if "operator" in row else []


HOSTED_UNDER = [
    (kind, regime) for kind, row in resources.catalogue("hosting").items() for regime in row["cannot_satisfy"]
]


@pytest.mark.parametrize(("hosting", "regime"), HOSTED_UNDER)
def test_a_regime_that_a_kind_of_hosting_cannot_satisfy_objects_to_it(hosting: str, regime: str) -> None:
    party = {"id": "cloud", "name": "Cloud", "jurisdiction": "DE"}
    served = {"hosting": hosting, "operator": "cloud", "location": {"country": "DE"}}
    agreements = [{"kind": kind, "with": "cloud", "ref": "a.pdf", "expires": "2029-01-01"} for kind in ("dpa", "sla")]
    spec = {"regimes": [regime], "parties": [party], "serving": served, "vendor": {"agreements": agreements}}
    (minimal,) = source.read((ROOT / "examples/minimal.yaml").read_bytes(), file="minimal.yaml")
    case = Case("hosting", hosting, overlay(minimal, layer(spec, "production")), {}, {}, [], {})
    objecting = {"residency-location", "residency-egress-closed", "data-third-party-egress"}
    found = {
        item.control
        for item in assessed(case, engine()).findings
        if item.status == "fail" and item.path == "spec.serving" and f"`{regime}`" in item.message
    }
    assert found & objecting != set()
