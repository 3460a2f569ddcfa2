"""A runner of GitHub, simulated, in which the script of the action runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())


@dataclass(frozen=True)
class Step:
    """What a step came to."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str


@dataclass
class Runner:
    """A runner with its files and one checkout."""

    temp: Path
    work: Path
    event: dict[str, Any] = field(default_factory=dict)
    name: str = "push"

    def step(self, step: str, **inputs: str) -> Step:
        """Run a step of the script as the action does; inputs not given have their defaults."""
        for path, text in (("event.json", json.dumps(self.event)), ("output", ""), ("summary", "")):
            (self.temp / path).write_text(text)
        defaults = {key: str(value.get("default", "")) for key, value in ACTION["inputs"].items()}
        given = defaults | {key.replace("_", "-"): value for key, value in inputs.items() if key.islower()}
        environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        environment |= {f"INPUT_{key.upper().replace('-', '_')}": value for key, value in given.items()}
        environment |= {
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_EVENT_NAME": self.name,
            "GITHUB_EVENT_PATH": str(self.temp / "event.json"),
            "GITHUB_OUTPUT": str(self.temp / "output"),
            "GITHUB_STEP_SUMMARY": str(self.temp / "summary"),
            "GITHUB_REPOSITORY": "acme/deployments",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_SHA": "0" * 40,
            "SOURCE_DATE_EPOCH": "1795219200",
        }
        environment |= {key: value for key, value in inputs.items() if key.isupper()}
        done = subprocess.run(
            [sys.executable, "-I", str(ROOT / "action/run.py"), step],
            cwd=self.work,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        lines = (self.temp / "output").read_text().splitlines()
        outputs = dict(line.split("=", 1) for line in lines)
        return Step(done.returncode, done.stdout, outputs, (self.temp / "summary").read_text())

    def pull_request(self, base: str, *, head: str = "acme/deployments") -> None:
        """Be triggered by a pull request."""
        change = {"number": 7, "base": {"sha": base}, "head": {"sha": "1" * 40, "repo": {"full_name": head}}}
        self.name = "pull_request"
        self.event = {"pull_request": change, "repository": {"full_name": "acme/deployments"}}

    def install(self) -> None:
        """Put the environment of the tests in the place of the one that the action's own step would make."""
        program = self.temp / "psfpolicy/psfpolicy/environment/bin/python"
        program.parent.mkdir(parents=True)
        start = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from psfpolicy.cli import main; main(sys.argv[1:])"
        program.write_text(
            '#!/bin/sh\ntest "$1 $2 $3" = "-I -m psfpolicy" || exit 99\nshift 3\n'
            f'exec "{sys.executable}" -I -c "{start}" "$@"\n'
        )
        program.chmod(0o755)
