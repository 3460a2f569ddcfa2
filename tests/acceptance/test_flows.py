"""`psfpolicy flows` as a user meets it: a table, graphs and JSON, and what it says where there is nothing to show."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Ran

DESCRIPTOR = """\
apiVersion: psfpolicy/v1
kind: LLMDeployment
metadata: {name: a, environment: production}
spec:
  parties:
    - {id: acme, name: Acme, jurisdiction: US}
  purpose: {summary: Answers questions, organisation: {principalPlace: DE}}
  model: {id: microsoft/phi-4, weights: {source: local}}
  serving: {hosting: on-prem, location: {country: DE}}
  inputs:
    guards:
      - {name: own, detects: [injection], hosting: self}
      - {name: far, detects: [jailbreak], operator: acme, location: {country: US}, carries: [prompts]}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.yaml").write_text(DESCRIPTOR)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("here")
def test_the_table_marks_third_parties_and_borders(run: Callable[..., Ran]) -> None:
    ran = run("flows", "a.yaml")
    assert ran.code == 0
    assert ran.out == (
        "a.yaml: production/a\n"
        "  flow       carries             country  operator  law of  marks                            place\n"
        "  weights    weights             DE       self      DE      -                                a.yaml:8:41\n"
        "  inference  prompts, responses  DE       self      DE      -                                a.yaml:9:12\n"
        "  guard own  prompts, responses  DE       self      DE      -                                a.yaml:12:9\n"
        "  guard far  prompts             US       acme      US      third party, crosses the border  a.yaml:13:9\n"
        "  flows: 4; to third parties: 1; over the border: 1; not said: 0\n"
    )


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("format_", "first", "marked"),
    [
        ("mermaid", "flowchart LR", "d0 ==>"),
        ("dot", "digraph flows {", "style=bold"),
    ],
)
def test_a_graph_marks_the_same(format_: str, first: str, marked: str, run: Callable[..., Ran]) -> None:
    lines = run("flows", "a.yaml", "--format", format_).out.splitlines()
    assert lines[0] == first
    assert len([line for line in lines if marked in line]) == 1


@pytest.mark.usefixtures("here")
def test_json_has_the_flows_as_the_report_does(run: Callable[..., Ran]) -> None:
    (found,) = json.loads(run("flows", "a.yaml", "--format", "json").out)
    report = json.loads(run("check", "a.yaml", "--gate", "advisory", "--format", "json").out)
    assert found["flows"] == report["assessments"][0]["flows"]
    assert found["flows"][3] == {
        "path": "spec.inputs.guards[far]",
        "kind": "guard",
        "name": "far",
        "carries": ["prompts"],
        "country": "US",
        "operator": "acme",
        "jurisdiction": "US",
        "thirdParty": True,
        "border": True,
        "place": {
            "file": "a.yaml",
            "startLine": 13,
            "startColumn": 9,
            "endLine": 13,
            "endColumn": 103,
            "usedAt": None,
        },
    }


def test_what_is_not_valid_is_exit_4_at_its_place(here: Path, run: Callable[..., Ran]) -> None:
    (here / "a.yaml").write_text(DESCRIPTOR + "  oops: 1\n")
    ran = run("flows", "a.yaml")
    assert ran.code == 4
    assert ran.out == ""
    assert "`a.yaml` is not valid: a.yaml:14:3: " in ran.err


def test_a_folder_without_a_descriptor_is_exit_3(here: Path, run: Callable[..., Ran]) -> None:
    (here / "empty").mkdir()
    assert run("flows", "empty").code == 3


@pytest.mark.usefixtures("here")
def test_a_file_must_be_named(run: Callable[..., Ran]) -> None:
    assert run("flows").code == 2
