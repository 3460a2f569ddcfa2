"""The example with manifests: all that they can show is shown, and a line of them turns the controls that it should."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

EXAMPLE = Path(__file__).parents[2] / "examples/kubernetes-vllm"
DEPLOY = "examples/kubernetes-vllm/deploy.yaml"
CHECK = ("check", "deploy.yaml", "--gate", "advisory", "--as-of", "2026-11-21", "--format", "json")
EDITS = yaml.safe_load((EXAMPLE / "edits.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def edits() -> dict[str, Any]:
    """Give what is in the script that a user calls."""
    return runpy.run_path(str(EXAMPLE / "edits.py"))


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit["name"])
def test_a_line_turns_the_controls_that_it_should_and_no_other(
    edit: dict[str, Any], edits: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert edits["tried"](edit), capsys.readouterr().out


def test_without_an_edit_nothing_is_red(edits: dict[str, Any]) -> None:
    assert edits["turned"](EXAMPLE, "", 0) == {}


def test_an_edit_that_turns_something_else_fails(edits: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    edit = {**EDITS[0], "turns": ["security-secrets"]}
    assert not edits["tried"](edit)
    assert capsys.readouterr().out.endswith("    turns security-weights-integrity\n    wanted: security-secrets\n")


def test_a_line_that_is_not_there_and_a_name_that_is_none_are_told(
    edits: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert not edits["tried"]({**EDITS[0], "before": "  gone: true"})
    assert edits["main"](["nothing of the kind"]) == 2
    told = capsys.readouterr()
    assert told.out.endswith("`k8s/serving.yaml` does not have the line once: gone: true\n")
    assert told.err == "no edit is called nothing of the kind; `edits.yaml` has their names\n"


@pytest.mark.usefixtures("in_root")
def test_all_that_manifests_can_show_is_shown(run: Callable[..., Ran]) -> None:
    ran = run("check", DEPLOY, "--gate", "strict", "--as-of", "2026-11-21", "--format", "json")
    (assessment,) = json.loads(ran.out)["assessments"]
    assert assessment["undeclared"] == []
    assert {item["assurance"] for item in assessment["findings"]} == {"declared", "evidenced"}
    (compared,) = json.loads(run("evidence", DEPLOY, "--format", "json").out)["descriptors"]
    assert {item["verdict"] for item in compared["rows"]} == {"confirmed"}


def test_the_descriptor_that_is_derived_from_the_manifests_is_evidenced(
    run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(EXAMPLE)
    derived = run("derive", "k8s")
    assert (derived.code, derived.err) == (0, "")
    (tmp_path / ".git").mkdir()
    (tmp_path / "k8s").mkdir()
    for file in (EXAMPLE / "k8s").iterdir():
        (tmp_path / "k8s" / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "deploy.yaml").write_text(derived.out, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (assessment,) = json.loads(run(*CHECK).out)["assessments"]
    evidenced = {item["control"] for item in assessment["findings"] if item["assurance"] == "evidenced"}
    assert {"deploy-canary", "input-rate-limit", "observe-export", "security-hardening"} <= evidenced
    assert {item["assurance"] for item in assessment["findings"]} == {"declared", "evidenced"}
