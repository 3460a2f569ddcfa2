"""The action's own step of installing: an environment of its own, built with the pins and without the network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.packaging.wheels import write_wheels

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PINS = dict(re.findall(r"^([\w.-]+)==(.+)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE))


def step(name: str, temp: Path, work: Path, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV", "GIT_"))}
    files = {"GITHUB_OUTPUT": str(temp / "output"), "GITHUB_STEP_SUMMARY": str(temp / "summary")}
    return subprocess.run(
        [sys.executable, "-I", str(ROOT / "action/run.py"), name],
        cwd=work,
        env=kept | files | {"RUNNER_TEMP": str(temp), "INPUT_ID": "psfpolicy", "GITHUB_EVENT_NAME": "push"} | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )


def test_every_dependency_is_pinned() -> None:
    names = {Requirement(text).name for text in PROJECT["project"]["dependencies"]}
    assert names <= set(PINS) | {name.replace("_", "-") for name in PINS}


def test_what_is_installed_is_this_tree_and_it_assesses(tmp_path: Path) -> None:
    pinned = {Requirement(text).name for text in PROJECT["project"]["dependencies"]} & set(PINS)
    if any(distribution(name).version != PINS[name] for name in pinned):
        pytest.skip("other versions are installed here than are pinned")
    wheels, work = tmp_path / "wheels", tmp_path / "work"
    wheels.mkdir()
    work.mkdir()
    write_wheels([*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]], wheels)
    done = step("install", tmp_path, work, PIP_NO_INDEX="1", PIP_FIND_LINKS=str(wheels))
    assert done.returncode == 0, done.stdout
    (work / ".git").mkdir()
    (work / "deploy.yaml").write_text((ROOT / "examples/bank/deploy.yaml").read_text())
    checked = step("check", tmp_path, work)
    assert (checked.returncode, "PASS at gate standard" in checked.stdout) == (0, True), checked.stdout
    assert "verdict=pass\n" in (tmp_path / "output").read_text()
