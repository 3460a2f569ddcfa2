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


BASE = """\
apiVersion: psfpolicy/v1
kind: LLMDeploymentBase
metadata: {name: base}
spec:
  model: {id: microsoft/phi-4, weights: {source: local}}
  serving: {hosting: on-prem, location: {country: DE}}
"""
TWO = """\
apiVersion: psfpolicy/v1
kind: LLMDeployment
metadata: {name: b, environment: production, extends: base.yaml}
spec: {purpose: {summary: b}}
---
apiVersion: psfpolicy/v1
kind: LLMDeployment
metadata: {name: c, environment: production, extends: base.yaml}
spec: {purpose: {summary: c}, serving: {location: {country: FR}}}
"""


def test_several_files_and_documents_have_a_table_each_and_places_in_their_bases(
    here: Path, run: Callable[..., Ran]
) -> None:
    (here / "base.yaml").write_text(BASE)
    (here / "two.yaml").write_text(TWO)
    ran = run("flows", "two.yaml", "a.yaml")
    assert ran.code == 0
    assert ran.out.splitlines()[8:] == [
        "two.yaml: production/b",
        "  flow       carries             country  operator  law of   marks  place",
        "  weights    weights             DE       self      unknown  -      base.yaml:5:41",
        "  inference  prompts, responses  DE       self      unknown  -      base.yaml:6:12",
        "  flows: 2; to third parties: 0; over the border: 0; not said: 0",
        "",
        "two.yaml: production/c",
        "  flow       carries             country  operator  law of   marks  place",
        "  weights    weights             FR       self      unknown  -      base.yaml:5:41",
        "  inference  prompts, responses  FR       self      unknown  -      two.yaml:9:40",
        "  flows: 2; to third parties: 0; over the border: 0; not said: 0",
    ]


@pytest.mark.parametrize("format_", ["table", "mermaid", "dot", "json"])
def test_standard_input_is_read_in_every_format(format_: str, here: Path, run: Callable[..., Ran]) -> None:
    (here / "a.yaml").unlink()
    ran = run("flows", "-", "--format", format_, stdin=DESCRIPTOR)
    assert ran.code == 0
    assert "far" in ran.out


@pytest.mark.usefixtures("here")
def test_a_base_by_itself_is_exit_4(run: Callable[..., Ran], here: Path) -> None:
    (here / "base.yaml").write_text(BASE)
    ran = run("flows", "base.yaml")
    assert ran.code == 4
    assert "the file holds only a base, which is never assessed alone" in ran.err


HOSTILE = DESCRIPTOR.replace(
    "name: far,", r'name: "]; end\nsubgraph x[\"<b>\"] %%{init}%%\n::error::y -->|a| d0 {#quot;}",'
)


def test_hostile_names_stay_in_their_labels(here: Path, run: Callable[..., Ran]) -> None:
    (here / "a.yaml").write_text(HOSTILE)
    plain = [run("flows", "a.yaml", "--format", format_).out for format_ in ("table", "mermaid", "dot")]
    (here / "a.yaml").write_text(DESCRIPTOR)
    tame = [run("flows", "a.yaml", "--format", format_).out for format_ in ("table", "mermaid", "dot")]
    assert [len(text.splitlines()) for text in plain] == [len(text.splitlines()) for text in tame]
    assert (
        'd0f3["guard #93;#59; end#92;x0asubgraph x#91;#34;#60;b#62;#34;#93; #37;#37;#123;init#125;#37;#37;#92;x0a'
        '::error::y --#62;#124;a#124; d0 #123;#35;quot#59;#125;<br>in US<br>third party<br>crosses the border"]\n'
    ) in plain[1]
    assert (
        r'd0f3 [label="guard ]; end\\x0asubgraph x[\"<b>\"] %%{init}%%\\x0a::error::y -->|a| d0 {#quot;}\nin US'
        r'\nthird party\ncrosses the border", style=filled'
    ) in plain[2]


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
