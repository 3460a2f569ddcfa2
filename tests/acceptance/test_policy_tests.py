"""`psfpolicy test`: a pack from its first command on, and every way in which a test can fail."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from tests.packs import begin, ran
from tests.programs import opa_program

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/writing-policy.md"
CONTROL = "rego/psfpolicy/controls/bank/night_owner.rego"
TESTS = "rego/psfpolicy/controls/bank/night_owner_test.rego"
FAILING = "fixtures/night-owner-fail.yaml"


@pytest.fixture(autouse=True)
def _opa() -> None:
    """Skip where no OPA is; the machine that decides whether a change is good must have it."""
    opa_program()


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack with its first control; not to be changed."""
    folder = tmp_path_factory.mktemp("begun")
    (folder / ".git").mkdir()
    begin(folder, "bank", "night-owner")
    return folder


@pytest.fixture
def pack(begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def edit(path: str, old: str, new: str) -> None:
    text = Path(path).read_text(encoding="utf-8")
    assert old in text
    Path(path).write_text(text.replace(old, new), encoding="utf-8")


def test_the_commands_of_the_page_lead_from_an_empty_folder_to_a_tested_control(tmp_path: Path) -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    (tmp_path / ".git").mkdir()
    folder, tested = tmp_path, []
    for line in "".join(blocks).splitlines():
        if line.startswith("cd "):
            folder /= line.removeprefix("cd ")
            continue
        done = ran(line, folder)
        assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"
        tested += [done.stdout.splitlines()[-1]] if line.startswith("psfpolicy test") else []
    assert [re.sub(r"; opa .*", "", line) for line in tested] == [
        "pack bank 0.1.0: 3 rules, 2 fixtures, 1 control: all passed",
        "pack bank 0.1.0: 3 rules, 0 fixtures: all passed",
        "pack bank 0.1.0: 0 rules, 2 fixtures: all passed",
        "pack bank 0.1.0: 3 rules, 2 fixtures, 1 control: all passed",
    ]
    suites = ET.parse(folder / "tests.xml").getroot()  # noqa: S314  # our own
    assert [(suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in suites] == [
        (FAILING, "1", "0"),
        ("fixtures/night-owner-pass.yaml", "1", "0"),
        (TESTS, "3", "0"),
    ]


@pytest.mark.usefixtures("pack")
def test_what_fails_says_where_and_what_was_found_instead(run: Callable[..., Ran]) -> None:
    edit(TESTS, '[[_path, "fail"]]', '[[_path, "partial"]]')
    edit(FAILING, "bank-night-owner fail", "bank-night-owner partial")
    edit(FAILING, "metadata:", "# expect: bank-night-owner pass, bank-nigth-owner fail\nmetadata:")
    edit("fixtures/night-owner-pass.yaml", "owner: ml-platform # expect: bank-night-owner pass", "owner: none")
    done = run("test", "--as-of", "2026-11-21")
    assert (done.code, done.err) == (1, "")
    for said in (
        f"{TESTS}:15:2: `test_fail_when_the_word_names_nobody` does not hold\n",
        '      15 |  outcome.is(control, [[_path, "partial"]])',
        'found:  "fail" at ["spec", "operations", "owner"]: ',
        f"{FAILING}:4:1: this expectation names `bank-nigth-owner`, which is no control; did you mean `bank-night",
        f"{FAILING}:5: `bank-night-owner` should be pass here\n",
        f"found at {FAILING}:16: fail: `spec.operations.owner` is `tbd`; wanted: who runs the deployment\n",
        f"{FAILING}:16: `bank-night-owner` should be partial here\n",
        "found here: fail: `spec.operations.owner` is `tbd`",
        "fixtures/night-owner-pass.yaml:15:12: `bank-night-owner` is fail here, and no comment expects it: ",
        "write `# expect: bank-night-owner fail` at the end of the line, if it should be\n",
        "3 rules, 2 fixtures, 1 control: 4 FAILED; opa 1.22.0 and wasm",
        f"FAIL bank-night-owner\n  {CONTROL}: no case shows `bank-night-owner` to fail\n",
    ):
        assert said in done.out


@pytest.mark.usefixtures("pack")
def test_a_control_without_a_case_that_fails_is_a_failure(run: Callable[..., Ran]) -> None:
    Path(FAILING).unlink()
    Path(TESTS).unlink()
    done = run("test", "--format", "json")
    told = json.loads(done.out)
    assert done.code == 1
    assert [(case["name"], case["outcome"]) for case in told["cases"]] == [
        ("fixtures/night-owner-pass.yaml", "pass"),
        ("bank-night-owner", "fail"),
    ]
    assert [(row["control"], row["passing"], row["failing"]) for row in told["coverage"]] == [
        ("bank-night-owner", 1, 0)
    ]


@pytest.mark.usefixtures("pack")
def test_a_rule_that_holds_whatever_the_control_finds_is_no_case(run: Callable[..., Ran]) -> None:
    Path(FAILING).unlink()
    tests = Path(TESTS).read_text(encoding="utf-8").replace("test_fail_when", "test_when")
    Path(TESTS).write_text(f"{tests}\ntest_fail_of_nothing if count(control.findings) >= 0\n", encoding="utf-8")
    done = run("test")
    assert done.code == 1
    assert (
        "no case shows `bank-night-owner` to fail\n    `test_fail_of_nothing` shows nothing: it holds where" in done.out
    )

    # Without what else the control declares the tests would not compile, and nothing can be told of them.
    whole = Path(CONTROL).read_text(encoding="utf-8")
    Path(CONTROL).write_text(f"{whole}\nhalf(x) := x / 2\n", encoding="utf-8")
    Path(TESTS).write_text(f"{tests}\ntest_fail_of_half if control.half(4) == 2\n", encoding="utf-8")
    assert run("test").code == 0


@pytest.mark.usefixtures("pack")
def test_what_does_not_compile_is_shown_in_the_file_of_the_pack(run: Callable[..., Ran]) -> None:
    whole = Path(CONTROL).read_text(encoding="utf-8")
    Path(CONTROL).write_text(f'{whole}\n_a := sprintf("%s", ["a"])\n', encoding="utf-8")
    done = run("test")
    line = len(whole.splitlines()) + 2
    assert (done.code, done.out, done.err.splitlines()) == (
        2,
        "",
        [
            "psfpolicy: the policy does not compile: 1 mistake",
            f"{CONTROL}:{line}:7: undefined function sprintf",
            f'    {line} | _a := sprintf("%s", ["a"])',
            "       |       ^",
            '  write a template string: `$"guard {name} has action {action}"`',
        ],
    )
    Path(CONTROL).write_text(f"{whole}\n_a := input.descriptor.spec.inptus\n", encoding="utf-8")
    assert "no descriptor has such a key" in run("test").err
    Path(CONTROL).write_text(f"{whole}\nallow {{ true }}\n", encoding="utf-8")
    done = run("test")
    assert (done.code, "write `allow if { … }`" in done.err) == (2, True)
    Path(CONTROL).write_text(whole, encoding="utf-8")
    Path(TESTS).write_text('package psfpolicy.controls.bank.night_owner_test\n\ntest_a if http.send({"url": "x"})\n')
    done = run("test")
    assert (done.code, f"{TESTS}:3:11: undefined function http.send" in done.err) == (2, True)


@pytest.mark.usefixtures("pack")
def test_a_fixture_that_is_no_descriptor_is_a_failure_at_its_line(run: Callable[..., Ran]) -> None:
    edit(FAILING, "hosting: self-managed-kubernetes", "hostnig: self-managed-kubernetes")
    done = run("test", "--run", "fixtures/night-owner-fail")
    assert done.code == 1
    assert f"{FAILING}:13:5: `spec.serving` has no key `hostnig`" in done.out


@pytest.mark.usefixtures("pack")
def test_a_policy_that_gives_two_answers_is_a_failure_and_no_verdict(run: Callable[..., Ran]) -> None:
    text = Path(CONTROL).read_text(encoding="utf-8")
    Path(CONTROL).write_text(f'{text}\n_descriptor := {{"a": 1}}\n', encoding="utf-8")
    done = run("test", "--run", "fixtures/night-owner-fail")
    assert (done.code, "production/night-owner-fail: the embedded engine gave no answer: " in done.out) == (1, True)


def test_in_a_checkout_it_runs_the_tests_of_our_own_policy(run: Callable[..., Ran]) -> None:
    done = run("test", str(ROOT / "rego"), "--run", "outcome_test|lib.status_test")
    assert (done.code, done.out.startswith("the policy of psfpolicy: ")) == (0, True)
    done = run("test", str(ROOT), "--run", "no_such_test")
    assert (done.code, "no test of the policy of psfpolicy" in done.err) == (3, True)


@pytest.mark.usefixtures("pack")
def test_what_stands_in_a_base_is_expected_there(run: Callable[..., Ran]) -> None:
    text = Path(FAILING).read_text(encoding="utf-8")
    Path("fixtures/base.yaml").write_text(text.replace("LLMDeployment", "LLMDeploymentBase"), encoding="utf-8")
    metadata = "{name: over, environment: production, extends: base.yaml}"
    over = f"apiVersion: psfpolicy/v1\nkind: LLMDeployment\nmetadata: {metadata}\nspec: {{}}\n"
    Path("fixtures/over.yaml").write_text(over, encoding="utf-8")
    done = run("test", "--run", "fixtures/(base|over)")
    assert (done.code, ", 1 skipped: all passed" in done.out) == (0, True), done.out
    edit("fixtures/base.yaml", "bank-night-owner fail", "bank-night-owner partial")
    done = run("test", "--run", "fixtures/(base|over)")
    assert (done.code, "fixtures/base.yaml:15: `bank-night-owner` should be partial here" in done.out) == (1, True)


@pytest.mark.usefixtures("pack")
def test_a_run_of_nothing_is_not_green(run: Callable[..., Ran]) -> None:
    assert run("test", "--run", "no_such_test").code == 3
    assert run("test", "--run", "(").code == 2
    assert run("test", "nowhere").code == 2
    assert run("test", "-o", "junit").code == 2
    assert run("test", "-o", "html=x").code == 2
    assert run("test", "-o", "json=x", "-o", "junit=x").code == 2
    for path in (TESTS, FAILING, "fixtures/night-owner-pass.yaml"):
        Path(path).unlink()
    done = run("test")
    assert (done.code, done.err.splitlines()[0]) == (3, "psfpolicy: pack bank 0.1.0 has no test")


def test_outside_of_a_pack_it_says_how_to_begin_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran]
) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    done = run("test")
    assert (done.code, "psfpolicy control new DOMAIN/NAME" in done.err) == (2, True)


@pytest.mark.measured
def test_watching_runs_again_when_a_file_changes_and_ends_with_130(pack: Path) -> None:
    words = [sys.executable, "-m", "psfpolicy", "test", "--watch", "--run", "night_owner_test"]
    with subprocess.Popen(words, cwd=pack, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watching:
        assert watching.stdout
        assert watching.stderr
        assert "all passed" in watching.stdout.readline()
        assert watching.stderr.readline() == "passed; waiting for a change in ., Ctrl-C ends it\n"
        edit(TESTS, '[[_path, "pass"]]', '[[_path, "fail"]]')
        assert watching.stdout.readline().startswith("FAIL controls.bank.night_owner_test.test_pass")
        assert watching.stderr.readline().startswith("failed; waiting")
        time.sleep(0.1)
        watching.send_signal(signal.SIGINT)
        watching.stdout.read()
        assert (watching.wait(30), watching.stderr.read()) == (130, "psfpolicy: interrupted\n")
