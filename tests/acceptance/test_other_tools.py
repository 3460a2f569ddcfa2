"""The policy with OPA or conftest alone: each command of the page, and what could fool it."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.programs import conftest_program, opa_program

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/other-tools.md").read_text()
COMMANDS = [
    line for block in re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL) for line in block.splitlines()
]
RECOMMENDED = "examples/llama-3.1-70b/recommended.yaml"
PARTS = ("catalogue", "descriptor", "facts", "gate", "parameters", "today", "waivers")


@pytest.fixture
def question(run: Callable[..., Ran], in_root: Path) -> Any:  # noqa: ARG001  # the examples are named from there
    return json.loads(run("input", "--as-of", "2026-11-21", RECOMMENDED).out)


def by_conftest(
    question: Any, folder: Path, *words: str, name: str = "question.json"
) -> subprocess.CompletedProcess[str]:
    """Run conftest as the page says."""
    (folder / name).write_text(question if isinstance(question, str) else json.dumps(question))
    command = [conftest_program(), "test", "--no-color", "-p", "rego", "-p", "policy/conftest", *words]
    return subprocess.run(
        [*command, str(folder / name)], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )


def denied(questions: list[Any], folder: Path, *words: str) -> list[set[str]]:
    """Give what the view denies of each, as the pinned OPA says it."""
    (folder / "questions.json").write_text(json.dumps({"cases": questions}))
    query = "[denied | some asked in input.cases; denied := data.main.deny with input as asked]"
    command = [opa_program(), "eval", *words, "-i", str(folder / "questions.json"), "-f", "raw", query]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300)
    return [set(item) for item in json.loads(done.stdout)]


WITH_DATA = ("-d", "rego", "-d", "policy/conftest")


def test_the_page_shows_each_tool() -> None:
    assert [shlex.split(command)[0] for command in COMMANDS] == ["psfpolicy", "opa", "opa", "conftest", "opa"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_does_what_it_says(command: str, tmp_path: Path) -> None:
    for part in ("rego", "policy", "examples"):  # opa follows no link
        shutil.copytree(ROOT / part, tmp_path / part)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/opa").symlink_to(opa_program())
    if command.startswith("conftest"):
        (tmp_path / "bin/conftest").symlink_to(conftest_program())
    ours = tmp_path / "bin/psfpolicy"
    ours.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m psfpolicy "$@"\n')
    ours.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    for line in dict.fromkeys((COMMANDS[0], command)):
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=500,
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert re.search(r"pass|PASS", done.stdout) or command == COMMANDS[0]


@pytest.mark.parametrize(
    ("change", "code"),
    [({}, 0), ({"today": None}, 1), ({"gate": "lenient"}, 1), ({"descriptor": {}}, 1), ({"gate": "advisory"}, 1)],
)
def test_opa_eval_ends_with_0_for_a_pass_alone(
    change: dict[str, Any], code: int, question: Any, tmp_path: Path
) -> None:
    (tmp_path / "question.json").write_text(json.dumps(question | change))
    words = shlex.split(COMMANDS[1].replace("question.json", str(tmp_path / "question.json")))
    done = subprocess.run([opa_program(), *words[1:]], cwd=ROOT, capture_output=True, check=False, timeout=300)
    assert done.returncode == code


def test_conftest_says_what_check_says(question: Any, run: Callable[..., Ran], tmp_path: Path) -> None:
    assert by_conftest(question, tmp_path, "-d", "rego").returncode == 0
    other: Any = json.loads(run("input", "--as-of", "2026-11-21", "examples/llama-3.1-70b/out-of-the-box.yaml").out)
    done = by_conftest(other, tmp_path, "-d", "rego")
    assert done.returncode == 1
    assert "the gate `standard` says `fail`" in done.stdout
    advised = by_conftest(other | {"gate": "advisory"}, tmp_path, "-d", "rego")
    assert advised.returncode == 0
    assert "WARN" in advised.stdout


def test_conftest_is_told_what_to_give_instead(question: Any, tmp_path: Path) -> None:
    descriptor = by_conftest((ROOT / RECOMMENDED).read_text(), tmp_path, "-d", "rego", name="deploy.yaml")
    assert descriptor.returncode == 1
    assert "this is a descriptor, and not the question about it; `psfpolicy input FILE" in descriptor.stdout
    assert by_conftest(question, tmp_path).returncode == 1  # without data
    assert by_conftest("", tmp_path, "-d", "rego").returncode == 1
    combined = by_conftest(question, tmp_path, "-d", "rego", "--combine")
    assert combined.returncode == 1
    assert "without --combine" in combined.stdout


def test_yaml_that_made_a_country_false_is_denied(question: Any, tmp_path: Path) -> None:
    question["descriptor"]["spec"]["purpose"]["organisation"]["principalPlace"] = "@"
    done = by_conftest(json.dumps(question).replace('"@"', "NO"), tmp_path, "-d", "rego", name="question.yaml")
    assert done.returncode == 1
    assert "`principalPlace` is the boolean false, as YAML reads the country NO" in done.stdout


def test_whatever_is_no_whole_question_is_denied(question: Any, tmp_path: Path) -> None:
    others: tuple[Any, ...] = (None, "x", 1, True, [], {})
    wrong = [question | {part: other} for part in PARTS for other in others if type(other) is not type(question[part])]
    wrong += [{key: value for key, value in question.items() if key != part} for part in PARTS]
    for part in question["facts"]:
        wrong += [question | {"facts": question["facts"] | {part: other}} for other in others if other != []]
    wrong += [*others, [question], [question, question], question["descriptor"]]
    wrong += [question | {"today": "yesterday"}, question | {"today": ""}, question | {"gate": "lenient"}]
    found = denied([question, *wrong], tmp_path, *WITH_DATA)
    assert found[0] == set()
    assert [asked for asked, said in zip(wrong, found[1:], strict=True) if not said] == []
    assert {message.partition(":")[0] for said in found[1:] for message in said} == {"not assessed"}


def test_a_control_that_could_not_be_decided_is_denied(question: Any, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rego", tmp_path / "rego", ignore=shutil.ignore_patterns("*_test.rego"))
    control = tmp_path / "rego/psfpolicy/controls/input/rate_limit.rego"
    control.write_text(control.read_text().replace("findings contains", "others contains"))
    (said,) = denied([question], tmp_path, "-d", str(tmp_path / "rego"), "-d", "policy/conftest")
    assert "the gate `standard` says `undecided`" in said
    assert [message for message in said if message.startswith("not assessed: input-rate-limit: ")] != []


def test_the_view_without_the_data_of_the_policy_denies(question: Any, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rego", tmp_path / "rego", ignore=shutil.ignore_patterns("*_test.rego", "*.yaml", "*.json"))
    (said,) = denied([question], tmp_path, "-d", str(tmp_path / "rego"), "-d", "policy/conftest")
    assert [message for message in said if "the policy's data is not there" in message] != []
