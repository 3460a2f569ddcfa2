"""The hooks as users of pre-commit get them: its own program, this repository, a scratch repository, no network."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.packaging.wheels import write_wheels

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
HOOKS: dict[str, Any] = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
MANIFESTS = ["deploy.yaml", "a/b c/deploy.YML", ".psfpolicy.yaml", "é.json", "prod.tf", "x.tfvars", "a.hcl", "_h.tpl"]
OTHERS = ["README.md", "yaml", "deploy.yaml.bak", "deploy.yaml~", "ayaml", "main.py", "json/readme", "a.yaml.j2"]
SOME = {
    "psfpolicy": (MANIFESTS, OTHERS),
    "psfpolicy-validate": (["deploy.yaml", "a/b.yml", "C.JSON"], [*OTHERS, "prod.tf", "x.tfvars"]),
    "psfpolicy-waivers": (
        ["waivers.yaml", "a/waivers.yml", ".psfpolicy.yaml", "team-waivers.yaml", "Waivers.YAML"],
        ["deploy.yaml", "waivers/deploy.yaml", "x.psfpolicy.yaml", "waivers.md", "waivers.yaml.bak"],
    ),
}


def test_each_hook_is_python_and_runs_once() -> None:
    assert set(HOOKS) == set(SOME)
    assert {(hook["language"], hook["require_serial"]) for hook in HOOKS.values()} == {("python", True)}


@pytest.mark.parametrize("name", SOME)
def test_the_names_that_a_hook_is_for_are_these(name: str) -> None:
    good, bad = SOME[name]
    pattern = re.compile(HOOKS[name]["files"])
    assert [path for path in good if not pattern.search(path)] == []
    assert [path for path in bad if pattern.search(path)] == []


def test_the_file_of_hooks_is_one_that_pre_commit_accepts() -> None:
    if importlib.util.find_spec("pre_commit") is None:
        pytest.skip("pre-commit is not installed")
    done = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")], check=False
    )
    assert done.returncode == 0


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    git(folder, "init", "--quiet")
    return folder


def git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=team", "-c", "user.email=team@example.com", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *who, *words], cwd=folder, capture_output=True, text=True, check=True)  # noqa: S607
    return done.stdout.strip()


def committed_copy(into: Path) -> str:
    """Commit this work tree as it is in a repository of its own, and give the commit."""
    into.mkdir()
    for name in ("psfpolicy", "rego", "schemas"):
        shutil.copytree(ROOT / name, into / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, into / name)
    git(into, "init", "--quiet")
    git(into, "add", "--all", "--force")
    git(into, "commit", "--quiet", "-m", "one")
    return git(into, "rev-parse", "HEAD")


@pytest.fixture
def hooked(scratch: Path, tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Give what runs the hooks in the scratch repository: `hooked("run", "--all-files")`."""
    if importlib.util.find_spec("pre_commit") is None:
        assert not os.environ.get("CI"), "pre-commit is not installed"
        pytest.skip("pre-commit is not installed")
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    write_wheels([*project["project"]["dependencies"], *project["build-system"]["requires"]], wheels)
    commit = committed_copy(tmp_path / "source")
    hooks = [
        {"id": "psfpolicy", "args": ["--as-of", "2026-11-21", "-q"]},
        {"id": "psfpolicy-validate"},
        {"id": "psfpolicy-waivers", "args": ["--as-of", "2026-11-21"]},
    ]
    repo = {"repo": str(tmp_path / "source"), "rev": commit, "hooks": hooks}
    (scratch / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [repo]}))
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COV", "GIT_"))}
    offline = {
        "PRE_COMMIT_HOME": str(tmp_path / "home"),
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "VIRTUALENV_NO_PERIODIC_UPDATE": "1",
        "GIT_ALLOW_PROTOCOL": "file",
    }

    def ran(*words: str) -> tuple[int, str]:
        git(scratch, "add", "--all")
        done = subprocess.run(
            [sys.executable, "-m", "pre_commit", *words, "--color=never"],
            cwd=scratch,
            env=kept | offline,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return ran


PASSING = (ROOT / "examples/bank/deploy.yaml").read_text()
FAILING = (ROOT / "examples/minimal.yaml").read_text()
MANIFEST = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"

WAIVER = """\
waivers:
  - id: w-1
    control: ops-cost-crossover
    descriptor: production/adviser-search
    path: spec.cost
    status: partial
    digest: 885d38cf74728b3c7ed2369396a765037360d3d21f9b63ee456cb156a054b918
    reason: The comparison is made in spring
    owner: platform-team
    approver: platform-security
    ticket: SEC-1
    created: 2026-11-01
    expires: {expires}
"""


def outcomes(output: str) -> dict[str, str]:
    """Give what pre-commit says of each hook."""
    return dict(re.findall(r"^(psfpolicy(?: \w+)?)\.+(?:\(no files to check\))?(\w+)$", output, re.MULTILINE))


# One test, since the environment of the hooks is built once.
def test_the_real_pre_commit_runs_the_hooks_without_the_network(
    scratch: Path, hooked: Callable[..., tuple[int, str]]
) -> None:
    both = ("psfpolicy", "psfpolicy validate")
    passes = dict.fromkeys(both, "Passed") | {"psfpolicy waivers": "Skipped"}
    skipped = dict.fromkeys(passes, "Skipped")
    (scratch / "deploy.yaml").write_text(PASSING)
    code, output = hooked("run")
    assert (code, outcomes(output)) == (0, passes), output

    (scratch / "web.yaml").write_text(MANIFEST)
    (scratch / "notes.md").write_text("# psfpolicy/v1 LLMDeployment\n")
    assert outcomes(hooked("run", "--files", "web.yaml", "notes.md")[1]) == passes
    assert outcomes(hooked("run", "--files", "notes.md")[1]) == skipped

    (scratch / "failing.yaml").write_text(FAILING.replace("spec:\n", 'spec:\n  evidence: ["web.yaml"]\n'))
    code, output = hooked("run", "--all-files")
    assert (code, outcomes(output)) == (1, passes | {"psfpolicy": "Failed"}), output
    assert "- exit code: 1" in output
    assert "failing.yaml: production/assistant: FAIL at gate standard" in output

    git(scratch, "add", "--all")
    git(scratch, "commit", "--quiet", "--no-verify", "-m", "one")
    assert outcomes(hooked("run")[1]) == skipped
    (scratch / "web.yaml").write_text(MANIFEST + "spec: {type: LoadBalancer}\n")
    code, output = hooked("run")
    assert (code, outcomes(output)) == (1, passes | {"psfpolicy": "Failed"}), output
    assert "failing.yaml: production/assistant: FAIL" in output

    (scratch / "failing.yaml").write_text(FAILING.replace("purpose:", "purpos:"))
    code, output = hooked("run")
    assert (code, outcomes(output)) == (1, passes | dict.fromkeys(both, "Failed")), output
    assert "- exit code: 4" in output
    (scratch / "failing.yaml").unlink()

    for number in range(100):
        (scratch / f"{number} of hundred.yaml").write_text(PASSING.replace("\n  name: ", f"\n  name: n{number}-"))
    code, output = hooked("run", "--all-files", "--verbose")
    assert (code, outcomes(output)) == (0, passes), output
    assert output.count("PASS at gate standard") == 101

    # The waivers, with no file's name passed.
    for expires, outcome in (("2026-12-31", "Passed"), ("2026-11-30", "Failed"), ("2026-11-20", "Failed")):
        (scratch / "waivers.yaml").write_text(WAIVER.format(expires=expires))
        code, output = hooked("run", "psfpolicy-waivers", "--files", "waivers.yaml")
        assert (code, outcomes(output)) == (int(outcome == "Failed"), {"psfpolicy waivers": outcome}), output
    assert "waivers.yaml:2: w-1: expired: it ran out on 2026-11-20" in output
    (scratch / "waivers.yaml").write_text("waivers: [{id: w-1}]\n")
    code, output = hooked("run", "psfpolicy-waivers", "--files", "waivers.yaml")
    assert (code, "- exit code: 2" in output) == (1, True), output
