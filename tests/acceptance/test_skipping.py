"""What a hook asks of `check` and `validate`: some named files, of which most may be nothing of ours."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

ROOT = Path(__file__).parents[2]
PASSING = (ROOT / "examples/bank/deploy.yaml").read_text()
FAILING = (ROOT / "examples/minimal.yaml").read_text()
DAY = ("--as-of", "2026-11-21")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)  # noqa: S607
    monkeypatch.chdir(tmp_path)
    (tmp_path / "failing.yaml").write_text(FAILING)
    (tmp_path / "service.yaml").write_text("apiVersion: v1\nkind: Service\n")
    return tmp_path


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("check", "service.yaml"), 4),
        (("check", "--skip-other", "service.yaml"), 0),
        (("check", "--skip-other", "service.yaml", "failing.yaml"), 1),
        (("validate", "service.yaml"), 4),
        (("validate", "--skip-other", "service.yaml"), 0),
        (("validate", "failing.yaml"), 0),
        (("validate",), 0),
        (("check", "--skip-other", "gone.yaml"), 2),
    ],
    ids=str,
)
def test_other_files_are_ignored_where_that_is_asked_for_and_an_error_elsewhere(
    words: tuple[str, ...], code: int, run: Callable[..., Ran]
) -> None:
    assert run(*words).code == code


def test_a_named_manifest_assesses_the_descriptor_that_it_is_evidence_of(here: Path, run: Callable[..., Ran]) -> None:
    (here / "failing.yaml").write_text(FAILING.replace("spec:\n", 'spec:\n  evidence: ["service.yaml"]\n'))
    ran = run("check", "-q", "--skip-other", *DAY, "service.yaml")
    assert (ran.code, ran.out) == (1, "failing.yaml: production/assistant: FAIL at gate standard, as of 2026-11-21\n")


def test_with_a_base_there_is_nothing_to_skip(here: Path, run: Callable[..., Ran]) -> None:
    for words in (["add", "."], ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "one"]):
        subprocess.run(["git", *words], check=True, cwd=here)  # noqa: S607
    ran = run("check", "--base", "HEAD", "--skip-other", "failing.yaml")
    assert ran.code == 2
    assert "--base finds itself what changed" in ran.err


def test_a_mistake_is_shown_at_its_place_and_no_evidence_is_read(here: Path, run: Callable[..., Ran]) -> None:
    (here / "failing.yaml").write_text(FAILING.replace("spec:\n", 'spec:\n  evidence: ["gone.yaml"]\n'))
    assert run("validate").out == "1 file is valid\n"
    (here / "failing.yaml").write_text(FAILING.replace("purpose:", "purpos:"))
    ran = run("validate", "failing.yaml")
    assert ran.code == 4
    assert "unknown-key: `spec` has no key `purpos`" in ran.out
    assert "did you mean `purpose`?" in ran.out


def test_a_named_file_that_is_excluded_is_said_and_not_assessed(here: Path, run: Callable[..., Ran]) -> None:
    (here / "passing.yaml").write_text(PASSING)
    (here / ".psfpolicy.yaml").write_text("exclude: [fail*]\n")
    said = "psfpolicy: `failing.yaml` is excluded by the settings, and was not assessed\n"
    ran = run("check", "--format", "json", *DAY, "passing.yaml", "failing.yaml")
    report = json.loads(ran.out)
    assert (ran.code, ran.err, report["excluded"]) == (0, said, ["failing.yaml"])
    assert [item["file"] for item in report["assessments"]] == ["passing.yaml"]
    found = run("check", "--format", "json", *DAY)
    assert (found.code, json.loads(found.out)["excluded"]) == (0, ["failing.yaml"])
    assert found.err == "psfpolicy: the settings exclude 1 file that mentions a descriptor\n"
    skipped = run("check", "-q", "--skip-other", *DAY, "failing.yaml")
    assert (skipped.code, skipped.err) == (0, said)


@pytest.mark.parametrize("command", ["check", "validate"])
def test_where_everything_is_excluded_there_is_nothing_to_assess(
    command: str, here: Path, run: Callable[..., Ran]
) -> None:
    for number in range(6):
        (here / f"{number}.yaml").write_text(FAILING)
    (here / ".psfpolicy.yaml").write_text('exclude: ["**"]\n')
    ran = run(command)
    assert ran.code == 3
    assert "exclude all that there is to assess: 0.yaml, 1.yaml, 2.yaml, 3.yaml, 4.yaml and 2 more" in ran.err


def test_settings_that_are_named_exclude_no_more_than_those_of_the_repository(
    here: Path, run: Callable[..., Ran]
) -> None:
    (here / "mine.yaml").write_text('exclude: ["**"]\n')
    assert run("check", "--settings", "mine.yaml", "failing.yaml").code == 3
    (here / ".psfpolicy.yaml").write_text("gate: baseline\n")
    assert run("check", "--settings", "mine.yaml", "failing.yaml").code == 1


@pytest.mark.parametrize("policy_from", ["head", "base"])
def test_a_change_that_excludes_a_descriptor_to_let_itself_through_is_red(
    policy_from: str, here: Path, run: Callable[..., Ran]
) -> None:
    for words in (["add", "."], ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "one"]):
        subprocess.run(["git", *words], check=True, cwd=here)  # noqa: S607
    (here / ".psfpolicy.yaml").write_text("exclude: [failing.yaml]\n")
    (here / "failing.yaml").write_text(FAILING.replace("phi-4", "phi-4-mini-instruct"))
    ran = run("check", "--base", "HEAD", "--policy-from", policy_from, "--format", "json", *DAY)
    report = json.loads(ran.out)
    assert ran.code == 1
    gone = [item["id"] for item in report["comparison"]["vanished"]]
    assert gone == (["production/assistant"] if policy_from == "head" else [])
