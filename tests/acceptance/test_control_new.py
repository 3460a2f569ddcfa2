"""`psfpolicy control new`: what it writes works at once, beside what psfpolicy has."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

ROOT = Path(__file__).parents[2]
CONTROLS = "rego/psfpolicy/controls"
NEW = ("guards/own-registry", "bank/x")


@pytest.fixture
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bank"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def opa(*words: str, folder: Path) -> str:
    """Run the pinned OPA, as the build does."""
    script = (sys.executable, "policy/build.py", "--print-opa")
    program = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    ran = subprocess.run((program, *words), cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def catalogue(inspected: str, folder: Path) -> Any:
    """Give the rows of the catalogue of controls, as the build makes them; incomplete metadata is an error."""
    code = "import json, pathlib, sys; from psfpolicy.building.annotations import control_rows; "
    code += "print(json.dumps(control_rows(json.load(sys.stdin), pathlib.Path(sys.argv[1]))))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = (sys.executable, "-c", code, str(folder))
    ran = subprocess.run(words, input=inspected, capture_output=True, text=True, check=True, env=environment)
    return json.loads(ran.stdout)


def test_what_is_written_is_told_with_what_comes_next(bank: Path, run: Callable[..., Ran]) -> None:
    ran = run("control", "new", NEW[0])
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "wrote pack.yaml\n"
        f"wrote {CONTROLS}/guards.rego\n"
        f"wrote {CONTROLS}/guards/own_registry.rego\n"
        f"wrote {CONTROLS}/guards/own_registry_test.rego\n"
        "wrote fixtures/own-registry-pass.yaml\n"
        "wrote fixtures/own-registry-fail.yaml\n"
        "next: put the question of guards-own-registry in the place of the example, then `psfpolicy test`\n"
    )
    assert len(files(bank)) == 6


def test_the_pinned_opa_takes_it_beside_our_own(bank: Path, run: Callable[..., Ran], tmp_path: Path) -> None:
    for named in NEW:
        assert run("control", "new", named).code == 0
    opa("fmt", "--fail", "--diff", str(bank / "rego"), folder=tmp_path)
    shutil.copytree(ROOT / "rego", tmp_path / "staged/rego")
    shutil.copytree(ROOT / "policy", tmp_path / "staged/policy")
    shutil.copytree(bank / "rego", tmp_path / "staged/rego", dirs_exist_ok=True)
    staged = tmp_path / "staged"
    opa("check", "--strict", "rego", folder=staged)
    built = ("--schema", "policy/input.schema.json", "--capabilities", "policy/capabilities.json")
    opa("check", "--strict", *built, "--ignore", "*_test.rego", "rego", folder=staged)
    told = opa("test", "--format", "json", "--run", r"controls\.(guards|bank)", "rego", folder=staged)
    assert len(json.loads(told)) == 6
    rows = {row["id"]: row for row in catalogue(opa("inspect", "-a", "-f", "json", "rego", folder=staged), staged)}
    assert (rows["guards-own-registry"]["domain"], rows["guards-own-registry"]["apart"]) == ("BANK-GUARDS", True)
    assert rows["bank-x"]["title"] == "X"


def test_the_fixtures_are_valid_and_found_as_they_expect(bank: Path, run: Callable[..., Ran], tmp_path: Path) -> None:
    run("control", "new", NEW[0])
    shutil.copytree(ROOT / "rego", tmp_path / "staged")
    shutil.copytree(bank / "rego", tmp_path / "staged", dirs_exist_ok=True)
    for status in ("pass", "fail"):
        fixture = bank / f"fixtures/own-registry-{status}.yaml"
        assert run("validate", str(fixture)).code == 0
        (line,) = [line for line in fixture.read_text().splitlines() if "# expect:" in line]
        assert line.endswith(f"# expect: guards-own-registry {status}")
        owner = line.split()[1]
        question = {"descriptor": {"spec": {"operations": {"owner": owner}}}}
        (tmp_path / "input.json").write_text(json.dumps(question))
        told = opa(
            "eval", "--format", "raw", "-d", "staged", "-i", "input.json",
            "[f.status | some f in data.psfpolicy.controls.guards.own_registry.findings]", folder=tmp_path,
        )  # fmt: skip
        assert json.loads(told) == [status]


def test_nothing_is_overwritten_and_nothing_is_written_then(bank: Path, run: Callable[..., Ran]) -> None:
    run("control", "new", NEW[0])
    before = {name: (bank / name).read_bytes() for name in files(bank)}
    ran = run("control", "new", NEW[0])
    assert (ran.code, ran.out) == (2, "")
    assert "own_registry.rego` and " in ran.err
    assert "hint: give the control another name; nothing was written\n" in ran.err
    assert {name: (bank / name).read_bytes() for name in files(bank)} == before


def test_a_dry_run_shows_each_file_and_writes_none(bank: Path, run: Callable[..., Ran]) -> None:
    ran = run("control", "new", NEW[0], "--dry-run", "--pack", "acme")
    assert ran.code == 0
    assert ran.out.count(" would be written:\n") == 6
    assert "\nname: acme\n" in ran.out
    assert files(bank) == []


def test_a_file_that_cannot_be_written_leaves_none_behind(bank: Path, run: Callable[..., Ran]) -> None:
    (bank / "fixtures").write_text("no folder\n")
    ran = run("control", "new", NEW[0])
    assert ran.code == 4
    assert "could not be written: " in ran.err
    assert files(bank) == ["fixtures"]


def test_in_a_checkout_it_becomes_a_control_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran]
) -> None:
    shutil.copytree(ROOT / "rego", tmp_path / "rego")
    monkeypatch.chdir(tmp_path)
    ran = run("control", "new", "input/own-limit")
    assert ran.code == 0
    assert ran.out == (
        f"wrote {CONTROLS}/input/own_limit.rego\n"
        f"wrote {CONTROLS}/input/own_limit_test.rego\n"
        "next: say in tests/policy/leaves what input-own-limit reads, then `make generated`\n"
    )
    assert run("control", "new", "input/rate-limit").code == 2


def test_wrong_usage_is_told_without_a_traceback(bank: Path, run: Callable[..., Ran]) -> None:
    ran = run("control", "new", "\x1b[31mguards/own")
    assert (ran.code, "\x1b" in ran.err, "Traceback" in ran.err) == (2, False, False)
    assert files(bank) == []
    assert run("control").code in {0, 2}


def test_help_imports_no_more_than_click() -> None:
    words = "['control', 'new', '--help']"
    heavy = "print(sorted(name for name in sys.modules if name in {'yaml', 'wasmtime', 'pydantic'}))"
    code = f"import atexit, sys\nfrom psfpolicy.cli import main\natexit.register(lambda: {heavy})\nmain({words})"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True, env=environment)
    assert ran.stdout.splitlines()[-1] == "[]"
