"""`psfpolicy input`: what is written is what an engine is asked, and holds no secret."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy.engine.wasm import WasmEngine
from tests.scratch import DESCRIPTOR

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran
    from tests.scratch import Scratch

ROOT = Path(__file__).parents[2]
DAY = ("--as-of", "2026-11-21")
TOKEN = "ghp_" + "Ab3" * 12


def questions(ran: Ran) -> list[Any]:
    assert (ran.code, ran.err) == (0, "")
    return [json.loads(line) for line in ran.out.splitlines()]


@pytest.mark.parametrize("gate", ["advisory", "standard", "strict"])
@pytest.mark.parametrize("name", ["llama-3.1-70b/recommended", "hosted-api/deploy", "kubernetes-vllm/deploy"])
@pytest.mark.usefixtures("in_root")
def test_the_answer_to_what_is_written_is_that_of_check(gate: str, name: str, run: Callable[..., Ran]) -> None:
    file = f"examples/{name}.yaml"
    (question,) = questions(run("input", *DAY, "--gate", gate, file))
    (assessment,) = json.loads(run("check", *DAY, "--gate", gate, "--format", "json", file).out)["assessments"]
    answer: Any = WasmEngine.bundled().evaluate(question)
    assert answer["gate"]["verdict"] == assessment["gate"]["verdict"]
    assert {key: control["status"] for key, control in answer["controls"].items()} == {
        control["id"]: control["status"] for control in assessment["controls"]
    }


def test_a_floor_of_the_settings_raises_the_gate_that_is_asked_for(
    run: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".psfpolicy.yaml").write_text("gate: strict\nthresholds: {OPS: 70}\n")
    Path("deploy.yaml").write_text(DESCRIPTOR)
    (question,) = questions(run("input", *DAY, "--settings", ".psfpolicy.yaml", "--gate", "advisory", "deploy.yaml"))
    assert (question["gate"], question["parameters"]["thresholds"]) == ("strict", {"OPS": 70})


@pytest.mark.parametrize(("day", "counting"), [("2026-12-01", 1), ("2026-12-02", 0)])
def test_a_waiver_is_part_of_the_question_as_long_as_it_counts(
    day: str, counting: int, run: Callable[..., Ran], scratch: Scratch
) -> None:
    scratch.commit({"deploy.yaml": DESCRIPTOR})
    (assessment,) = json.loads(run("check", *DAY, "--format", "json").out)["assessments"]
    fingerprint = next(item["fingerprint"] for item in assessment["findings"] if item["control"] == "input-audit-log")
    names = ("--owner", "platform", "--approver", "security", "--ticket", "SEC-1", "--reason", "as agreed")
    assert run("waivers", "new", fingerprint, *names, "--expires", "2026-12-01", *DAY).code == 0
    (question,) = questions(run("input", "--as-of", day, "deploy.yaml"))
    assert [waiver["control"] for waiver in question["waivers"]] == ["input-audit-log"] * counting


def test_no_secret_is_written_and_the_verdict_stays(run: Callable[..., Ran]) -> None:
    text = DESCRIPTOR.replace("Answers questions", f"Answers questions with {TOKEN}")
    (question,) = questions(run("input", *DAY, "-", stdin=text))
    assert TOKEN not in json.dumps(question)
    assert question["facts"]["secrets"] == [["spec", "purpose", "summary"]]
    assert question["descriptor"]["spec"]["purpose"]["summary"].startswith("Answers questions with ghp_…")
    masked: Any = WasmEngine.bundled().evaluate(question)
    question["descriptor"]["spec"]["purpose"]["summary"] = f"Answers questions with {TOKEN}"
    assert masked["gate"] == WasmEngine.bundled().evaluate(question)["gate"]


def test_several_descriptors_are_a_line_each(run: Callable[..., Ran], tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(DESCRIPTOR.replace("name: case", f"name: {name}"))
    found = questions(run("input", *DAY, str(tmp_path)))
    assert [question["descriptor"]["metadata"]["name"] for question in found] == ["one", "two"]


def test_nothing_is_written_where_one_cannot_be_read(run: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(DESCRIPTOR)
    (tmp_path / "b.yaml").write_text(DESCRIPTOR.replace("hosting: on-prem", "hosting: on-perm\n    engin: x"))
    ran = run("input", *DAY, str(tmp_path))
    assert (ran.code, ran.out) == (4, "")
    assert "b.yaml` could not be read" in ran.err


@pytest.mark.parametrize(("words", "code"), [(["none.yaml"], 2), ([], 2), (["--as-of", "today", "x"], 2)])
def test_wrong_usage_is_told_from_what_cannot_be_read(words: list[str], code: int, run: Callable[..., Ran]) -> None:
    ran = run("input", *words)
    assert (ran.code, ran.out) == (code, "")


def test_a_file_without_a_descriptor_is_no_question(run: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("a: 1\n")
    assert run("input", str(tmp_path / "other.yaml")).code == 4
    assert run("input", str(tmp_path)).code == 3
    (tmp_path / "other.yaml").write_text("# apiVersion: psfpolicy/v1\na: 1\n")
    assert run("input", str(tmp_path)).code == 3
