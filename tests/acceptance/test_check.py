"""`psfpolicy check` as a user meets it: exit codes, several reports, standard input, settings, bad paths."""

from __future__ import annotations

import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

ROOT = Path(__file__).parents[2]
RECOMMENDED = (ROOT / "examples/llama-3.1-70b/recommended.yaml").read_text()
MINIMAL = (ROOT / "examples/minimal.yaml").read_text()
DAY = ("--as-of", "2026-11-21")

Run = "Callable[..., Ran]"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def report(ran: Ran) -> Any:
    return json.loads(ran.out)


def test_a_passed_gate_is_exit_0(here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_text(RECOMMENDED)
    assert run("check", *DAY, "--gate", "strict", "deploy.yaml").code == 0


def test_a_failed_gate_is_exit_1(here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_text(MINIMAL)
    assert run("check", *DAY, "deploy.yaml").code == 1


def test_exit_zero_masks_1_and_says_so(here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_text(MINIMAL)
    ran = run("check", *DAY, "--exit-zero", "deploy.yaml")
    assert ran.code == 0
    assert "--exit-zero" in ran.out
    assert report(run("check", *DAY, "--exit-zero", "--format", "json", "deploy.yaml"))["exitZero"] is True


def test_exit_zero_does_not_mask_4(here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_text(MINIMAL + "  oops: 1\n")
    assert run("check", *DAY, "--exit-zero", "deploy.yaml").code == 4


def test_an_invalid_descriptor_wins_over_a_failed_gate(here: Path, run: Callable[..., Ran]) -> None:
    (here / "a.yaml").write_text(MINIMAL)
    (here / "b.yaml").write_text(MINIMAL.replace("name: assistant", "name: other") + "  oops: 1\n")
    ran = run("check", *DAY, "--gate", "advisory", "a.yaml", "b.yaml")
    assert ran.code == 4
    assert "b.yaml: NOT ASSESSED" in ran.out


def test_advisory_passes_and_says_what_standard_would_have_said(here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_text(MINIMAL)
    ran = run("check", *DAY, "--gate", "advisory", "-q", "deploy.yaml")
    assert ran.code == 0
    assert (
        ran.out == "deploy.yaml: production/assistant: ADVISORY at gate advisory, self-declared, as of 2026-11-21: "
        "standard would fail\n"
    )


@pytest.mark.parametrize("path", ["missing.yaml", "missing/", ""])
def test_a_path_that_does_not_exist_is_exit_2_and_nothing_is_assessed(
    path: str, here: Path, run: Callable[..., Ran]
) -> None:
    (here / "deploy.yaml").write_text(RECOMMENDED)
    ran = run("check", *DAY, "deploy.yaml", path)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"psfpolicy: `{path}` does not exist\n"
        "hint: nothing was assessed; check the spelling, and the working directory\n"
    )


@pytest.mark.parametrize(
    "content", ["", "# only a comment\n", "apiVersion: v1\nkind: ConfigMap\n", "[]\n", "just text\n"]
)
def test_a_named_file_without_a_descriptor_is_exit_4(content: str, here: Path, run: Callable[..., Ran]) -> None:
    (here / "other.yaml").write_text(content)
    ran = run("check", *DAY, "other.yaml")
    assert ran.code == 4
    assert "no-descriptor" in ran.out


def test_a_folder_without_a_descriptor_is_exit_3(here: Path, run: Callable[..., Ran]) -> None:
    (here / "other.yaml").write_text("apiVersion: v1\nkind: ConfigMap\n")
    ran = run("check", *DAY, ".")
    assert (ran.code, ran.out) == (3, "")
    assert "no descriptor found" in ran.err


def test_a_folder_with_only_a_base_is_exit_3(here: Path, run: Callable[..., Ran]) -> None:
    (here / "base.yaml").write_text("apiVersion: psfpolicy/v1\nkind: LLMDeploymentBase\n")
    assert run("check", *DAY, ".").code == 3


def test_without_a_path_the_repository_is_searched(
    here: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "deploy").mkdir()
    (here / "src").mkdir()
    (here / "node_modules").mkdir()
    (here / "deploy/one.yml").write_text(MINIMAL)
    (here / "node_modules/two.yaml").write_text(MINIMAL)
    monkeypatch.chdir(here / "src")
    ran = run("check", *DAY, "--format", "json")
    assert [item["file"] for item in report(ran)["assessments"]] == ["../deploy/one.yml"]


@pytest.mark.parametrize(
    "content",
    [
        "apiVersion: psfpolicy/v1\nkind: LLMDeploymnt\n",
        "apiVersion: psfpolicy/v2\nkind: LLMDeployment\n",
        "apiVersion: psfpolicy/v1\nkind: LLMDeployment\nspec: [\n",
    ],
)
def test_a_found_file_that_means_to_be_a_descriptor_is_never_passed_over(
    content: str, here: Path, run: Callable[..., Ran]
) -> None:
    (here / "good.yaml").write_text(RECOMMENDED)
    (here / "slip.yaml").write_text(content)
    ran = run("check", *DAY, ".")
    assert ran.code == 4
    assert "slip.yaml: NOT ASSESSED" in ran.out


def test_standard_input_is_assessed(run: Callable[..., Ran]) -> None:
    ran = run("check", *DAY, "--gate", "strict", "-q", "-", stdin=RECOMMENDED)
    assert ran.code == 0
    assert ran.out.startswith("<stdin>: production/clinical-notes: PASS at gate strict")


def test_json_on_standard_input_is_assessed(run: Callable[..., Ran]) -> None:
    text = json.dumps(yaml.safe_load(MINIMAL))
    assert run("check", *DAY, "-", stdin=text).code == 1


def test_several_documents_of_a_file_are_each_assessed(here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_text(MINIMAL + "---\n" + MINIMAL.replace("name: assistant", "name: other"))
    found = report(run("check", *DAY, "--format", "json", "deploy.yaml"))["assessments"]
    assert [(item["id"], item["document"], item["line"]) for item in found] == [
        ("production/assistant", 0, 6),
        ("production/other", 1, 24),
    ]


def test_two_descriptors_with_one_identity_are_both_an_error(here: Path, run: Callable[..., Ran]) -> None:
    (here / "a.yaml").write_text(MINIMAL)
    (here / "b.yaml").write_text(MINIMAL)
    ran = run("check", *DAY, "a.yaml", "b.yaml")
    assert ran.code == 4
    said = "duplicate-identity: `production/assistant` is described more than once: a.yaml:9, b.yaml:9"
    assert ran.out.count(said) == 2


def test_a_file_named_twice_is_assessed_once(here: Path, run: Callable[..., Ran]) -> None:
    (here / "a.yaml").write_text(MINIMAL)
    (here / "b.yaml").symlink_to("a.yaml")
    ran = run("check", *DAY, "--format", "json", "a.yaml", "./a.yaml", "b.yaml", ".")
    assert [item["file"] for item in report(ran)["assessments"]] == ["a.yaml"]


def test_one_run_writes_several_reports(here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_text(MINIMAL)
    ran = run("check", *DAY, "-o", "json=report.json", "-o", "text=report.txt", "-q", "deploy.yaml")
    assert ran.code == 1
    assert json.loads((here / "report.json").read_text())["exitCode"] == 1
    assert (here / "report.txt").read_text() == ran.out
    assert sorted(path.name for path in here.iterdir()) == [".git", "deploy.yaml", "report.json", "report.txt"]


def test_an_output_on_standard_output_takes_its_place(here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_text(MINIMAL)
    ran = run("check", *DAY, "-o", "json=-", "deploy.yaml")
    assert report(ran)["schema"] == "psfpolicy/report/v1"


def test_a_report_keeps_the_mode_of_the_file_that_it_replaces(here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_text(MINIMAL)
    (here / "report.json").write_text("old")
    (here / "report.json").chmod(0o640)
    run("check", *DAY, "-o", "json=report.json", "deploy.yaml")
    assert stat.S_IMODE((here / "report.json").stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--format", "yaml"), "unknown format `yaml`"),
        (("-o", "yaml=x"), "unknown format `yaml`"),
        (("-o", "json"), "says no file"),
        (("-o", "json="), "says no file"),
        (("-o", "json=x", "-o", "text=./x"), "two reports go to the same place"),
        (("-o", "json=-", "-o", "text=-"), "two reports go to the same place"),
        (("-o", "json=./deploy.yaml"), "a report would overwrite what is to be assessed"),
        (("--gate", "lenient"), "known gates: advisory, baseline, standard, strict"),
        (("--as-of", "2026-02-30"), "is no date"),
        (("--as-of", "20261121"), "is no date"),
        (("--jobs", "0"), "0 is not in the range"),
        (("-q", "-v"), "contradict"),
        (("--engine", "regorus"), "is not one of"),
    ],
)
def test_wrong_usage_is_exit_2(words: tuple[str, ...], complaint: str, here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_text(MINIMAL)
    ran = run("check", *words, "deploy.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert complaint in ran.err


def test_a_report_that_cannot_be_written_is_exit_4_and_leaves_nothing(here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_text(MINIMAL)
    ran = run("check", *DAY, "-o", "json=missing/report.json", "deploy.yaml")
    assert ran.code == 4
    assert "`missing/report.json` could not be written: No such file or directory" in ran.err
    assert sorted(path.name for path in here.iterdir()) == [".git", "deploy.yaml"]


def test_settings_supply_what_nothing_else_says(here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_text(MINIMAL)
    (here / ".psfpolicy.yaml").write_text("gate: strict\nformat: json\n")
    found = report(run("check", *DAY, "deploy.yaml"))
    assert found["assessments"][0]["gate"]["name"] == "strict"


def test_the_command_line_wins_over_the_environment_and_that_over_the_settings(
    here: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "deploy.yaml").write_text(MINIMAL)
    (here / ".psfpolicy.yaml").write_text("verbose: true\n")
    monkeypatch.setenv("PSFPOLICY_QUIET", "1")
    assert len(run("check", *DAY, "deploy.yaml").out.splitlines()) == 1
    assert len(run("check", *DAY, "-v", "deploy.yaml").out.splitlines()) > 100


def test_a_gate_in_the_settings_can_only_be_raised(here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_text(MINIMAL)
    (here / ".psfpolicy.yaml").write_text("gate: baseline\n")
    lowered = run("check", *DAY, "-q", "--gate", "advisory", "deploy.yaml")
    assert lowered.code == 1
    assert "FAIL at gate baseline (raised from advisory by a floor in the settings)" in lowered.out
    raised = run("check", *DAY, "-q", "--gate", "strict", "deploy.yaml")
    assert raised.out.endswith("FAIL at gate strict, self-declared, as of 2026-11-21\n")


def test_operations_that_fail_block_no_gate(here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_text(RECOMMENDED[: RECOMMENDED.index("  operations:\n")])
    ran = run("check", *DAY, "--gate", "strict", "deploy.yaml")
    assert (ran.code, ran.err) == (0, "")
    assert "fail  medium  ops-team-capacity" in ran.out
    assert "Gap, apart from the overall; the gate does not ask for it\n" in ran.out
    assert "nothing stands in the way of strict" in ran.out


def test_a_threshold_in_the_settings_makes_the_operations_score_count(here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_text(RECOMMENDED)
    (here / ".psfpolicy.yaml").write_text("thresholds: {OPS: 98}\n")
    met = run("check", *DAY, "--gate", "strict", "--format", "json", "deploy.yaml")
    assert (met.code, report(met)["assessments"][0]["gate"]["thresholds"]) == (0, {"OPS": 98})
    (here / ".psfpolicy.yaml").write_text("thresholds: {OPS: 99}\n")
    missed = run("check", *DAY, "--gate", "baseline", "deploy.yaml")
    assert missed.code == 1
    assert "Strong, apart from the overall; the settings ask for 99\n" in missed.out
    assert "  to pass baseline: lift OPS from 98 to 99\n" in missed.out


def test_a_threshold_holds_for_the_environments_of_its_floor(here: Path, run: Callable[..., Ran]) -> None:
    (here / "a.yaml").write_text(RECOMMENDED)
    (here / "b.yaml").write_text(RECOMMENDED.replace("environment: production", "environment: staging"))
    floor = "{environments: [production], gate: advisory, thresholds: {OPS: 99}}"
    (here / ".psfpolicy.yaml").write_text(f"gates: [{floor}]\n")
    found = report(run("check", *DAY, "--gate", "baseline", "--format", "json", "."))["assessments"]
    assert {item["file"]: item["gate"]["verdict"] for item in found} == {"a.yaml": "fail", "b.yaml": "pass"}


def test_a_floor_holds_for_its_files_and_environments(here: Path, run: Callable[..., Ran]) -> None:
    (here / "prod").mkdir()
    (here / "prod/a.yaml").write_text(MINIMAL)
    (here / "b.yaml").write_text(MINIMAL.replace("name: assistant", "name: other"))
    floor = "{paths: ['prod/*'], environments: [production], gate: baseline}"
    (here / ".psfpolicy.yaml").write_text(f"gates: [{floor}]\n")
    found = report(run("check", *DAY, "--gate", "advisory", "--format", "json", "."))["assessments"]
    assert {item["file"]: item["gate"]["name"] for item in found} == {"prod/a.yaml": "baseline", "b.yaml": "advisory"}


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ("gaet: strict\n", ".psfpolicy.yaml:1:1: "),
        ("gate: strickt\n", "did you mean `strict`?"),
        ("unwaivable: [input-injection-defense]\n", "did you mean `input-injection-defence`?"),
        ("gate: [\n", ".psfpolicy.yaml:"),
        ("gate: strict\n---\ngate: baseline\n", "more than one document"),
        ("- gate\n", ".psfpolicy.yaml:1:1"),
    ],
)
def test_settings_that_cannot_be_used_are_exit_2(
    settings: str, complaint: str, here: Path, run: Callable[..., Ran]
) -> None:
    (here / "deploy.yaml").write_text(MINIMAL)
    (here / ".psfpolicy.yaml").write_text(settings)
    ran = run("check", *DAY, "deploy.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert complaint in ran.err


def test_named_settings_that_do_not_exist_are_exit_2(here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_text(MINIMAL)
    ran = run("check", "--settings", "nowhere.yaml", "deploy.yaml")
    assert ran.code == 2
    assert "`nowhere.yaml` cannot be read" in ran.err


def test_the_same_input_gives_the_same_bytes(here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_text(MINIMAL)
    words = ("check", *DAY, "--format", "json", "deploy.yaml")
    assert run(*words).out == run(*words).out


def test_a_report_holds_nothing_of_the_machine(here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_text(MINIMAL)
    ran = run("check", *DAY, "--format", "json", str(here / "deploy.yaml"))
    assert str(here) not in ran.out


@pytest.mark.parametrize(
    ("epoch", "words", "expected"),
    [
        ("1735787045", (), ("2025-01-02", "2025-01-02T03:04:05Z")),
        ("1735787045", ("--as-of", "2024-12-31"), ("2024-12-31", "2025-01-02T03:04:05Z")),
        (None, ("--as-of", "2024-12-31"), ("2024-12-31", "2024-12-31T00:00:00Z")),
    ],
)
def test_the_day_and_the_time_are_those_that_were_named(
    here: Path,
    run: Callable[..., Ran],
    monkeypatch: pytest.MonkeyPatch,
    epoch: str | None,
    words: tuple[str, ...],
    expected: tuple[str, str],
) -> None:
    (here / "deploy.yaml").write_text(MINIMAL)
    named(monkeypatch, epoch)
    found = report(run("check", *words, "--format", "json", "deploy.yaml"))
    assert (found["asOf"], found["generatedAt"]) == expected


def test_without_either_it_is_today(here: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "deploy.yaml").write_text(MINIMAL)
    named(monkeypatch, None)
    before = datetime.now(UTC).replace(microsecond=0)
    found = report(run("check", "--format", "json", "deploy.yaml"))
    assert before <= datetime.fromisoformat(found["generatedAt"]) <= datetime.now(UTC)
    assert found["generatedAt"].startswith(found["asOf"])


def named(monkeypatch: pytest.MonkeyPatch, epoch: str | None) -> None:
    """Say in the environment what time it is; None: say nothing."""
    if epoch is None:
        monkeypatch.delenv("SOURCE_DATE_EPOCH")
    else:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)


@pytest.mark.parametrize("epoch", ["", "soon", "1e9", "\u00b2", "-99999999999999", "9" * 30])
def test_a_source_date_epoch_that_is_no_time_is_exit_2(
    epoch: str, here: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "deploy.yaml").write_text(MINIMAL)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    ran = run("check", "deploy.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert f"SOURCE_DATE_EPOCH is '{epoch}', and must be a number of seconds" in ran.err


def test_the_order_of_the_paths_does_not_change_the_report(here: Path, run: Callable[..., Ran]) -> None:
    for name in ("a", "b", "c"):
        (here / f"{name}.yaml").write_text(MINIMAL.replace("name: assistant", f"name: {name}"))
    (here / "broken.yaml").write_text("kind: LLMDeployment\n")
    words = ("check", *DAY, "--format", "json")
    assert (
        run(*words, "a.yaml", "b.yaml", "c.yaml", "broken.yaml").out
        == run(*words, "c.yaml", "broken.yaml", "a.yaml", "b.yaml").out
    )


def test_a_report_in_the_repository_is_no_descriptor(here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_text(MINIMAL)
    words = ("check", *DAY, "-o", "json=report.json", "-q")
    first = run(*words)
    assert first.code == 1
    assert run(*words) == first


def test_settings_named_on_the_command_line_do_not_lower_the_repositorys_floor(
    here: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "deploy.yaml").write_text(MINIMAL)
    (here / ".psfpolicy.yaml").write_text("gate: strict\n")
    (here / "lax.yaml").write_text("gate: advisory\n")
    assert "FAIL at gate strict" in run("check", *DAY, "-q", "--settings", "lax.yaml", "deploy.yaml").out
    monkeypatch.setenv("PSFPOLICY_SETTINGS", "lax.yaml")
    assert "FAIL at gate strict" in run("check", *DAY, "-q", "--gate", "advisory", "deploy.yaml").out


def test_jobs_do_not_change_the_report(here: Path, run: Callable[..., Ran]) -> None:
    for number in range(60):
        (here / f"{number}.yaml").write_text(MINIMAL.replace("name: assistant", f"name: assistant-{number}"))
    words = ("check", *DAY, "--format", "json", ".")
    assert run(*words, "--jobs", "1").out == run(*words, "--jobs", "2").out


def test_an_unreadable_file_is_exit_4(here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_bytes(b"apiVersion: psfpolicy/v1\nname: \xff\n")
    ran = run("check", *DAY, "deploy.yaml")
    assert ran.code == 4
    assert "deploy.yaml:2:7: " in ran.out


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission_is_exit_4(here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_text(MINIMAL)
    (here / "deploy.yaml").chmod(0)
    assert run("check", *DAY, "deploy.yaml").code == 4


def test_nothing_in_a_descriptor_acts_on_a_terminal_or_a_build_log(here: Path, run: Callable[..., Ran]) -> None:
    hostile = MINIMAL.replace("name: assistant", 'name: "a\\u001b[2J ::error::x ##[error]y \\u202e"')
    (here / "deploy.yaml").write_text(hostile)
    for format_ in ("text", "json"):
        out = run("check", *DAY, "--format", format_, "deploy.yaml").out
        assert "\x1b" not in out
        assert "\u202e" not in out
    text = run("check", *DAY, "deploy.yaml").out
    assert " ::error::" not in text
    assert "##[error]" not in text


def test_a_secret_is_a_finding_and_is_shown_nowhere(here: Path, run: Callable[..., Ran]) -> None:
    secret = "hf_" + "A1b2C3d4E5" * 3 + "AbCd"
    (here / "deploy.yaml").write_text(MINIMAL.replace("Answers questions", f"Answers {secret} questions"))
    for words in (("--format", "json"), ("-v",)):
        ran = run("check", *DAY, *words, "deploy.yaml")
        assert ran.code == 1
        assert secret not in ran.out
    found = report(run("check", *DAY, "--format", "json", "deploy.yaml"))["assessments"][0]["findings"]
    assert ("security-secrets", "fail", "spec.purpose.summary") in {
        (item["control"], item["status"], item["path"]) for item in found
    }


def test_every_report_is_of_its_schema(here: Path, run: Callable[..., Ran]) -> None:
    (here / "a.yaml").write_text(MINIMAL)
    (here / "b.yaml").write_text("apiVersion: psfpolicy/v1\nkind: LLMDeployment\noops: 1\n")
    schema = json.loads((ROOT / "schemas/report-v1.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(report(run("check", *DAY, "--format", "json", ".")))
