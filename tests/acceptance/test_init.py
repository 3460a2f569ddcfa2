"""`psfpolicy init --ci --pre-commit`: what a repository needs, written once and never over what is there."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from psfpolicy import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

ROOT = Path(__file__).parents[2]
FROM = ("--repository", "https://github.com/acme/psfpolicy", "--revision", "0123456789abcdef0123456789abcdef01234567")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "deploy").mkdir()
    monkeypatch.chdir(tmp_path / "deploy")
    return tmp_path


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_workflow_hooks_and_settings_are_written_at_the_root(here: Path, run: Callable[..., Ran]) -> None:
    ran = run("init", "--ci", "github", "--pre-commit", *FROM)
    assert ran == type(ran)(
        0,
        "wrote ../.github/workflows/psfpolicy.yml\nwrote ../.pre-commit-config.yaml\nwrote ../.psfpolicy.yaml\n",
        "",
    )
    assert files(here) == [".github/workflows/psfpolicy.yml", ".pre-commit-config.yaml", ".psfpolicy.yaml"]
    steps = read(here / ".github/workflows/psfpolicy.yml")["jobs"]["psfpolicy"]["steps"]
    assert steps[-1]["uses"] == f"acme/psfpolicy@{FROM[3]}"
    inputs = read(ROOT / "action.yml")["inputs"]
    assert set(steps[-1]["with"]) <= set(inputs)
    (repo,) = read(here / ".pre-commit-config.yaml")["repos"]
    assert (repo["repo"], repo["rev"]) == FROM[1::2]
    hooks = {hook["id"] for hook in read(ROOT / ".pre-commit-hooks.yaml")}
    assert {hook["id"] for hook in repo["hooks"]} == hooks


def test_the_settings_are_valid_and_so_is_each_line_of_them_that_is_a_comment(
    here: Path, run: Callable[..., Ran]
) -> None:
    run("init", "--pre-commit", *FROM)
    (here / "deploy/a.yaml").write_text((ROOT / "examples/bank/deploy.yaml").read_text())
    assert run("check", "a.yaml").code == 0
    settings = here / ".psfpolicy.yaml"
    written = settings.read_text()
    keys = [line for line in written.splitlines() if line.startswith(("# gates:", "#   -", "# ex", "# unw", "# req"))]
    settings.write_text(written + "\n".join(line.removeprefix("# ") for line in keys) + "\n")
    assert len(keys) == 5
    assert run("check", "a.yaml").code in {0, 1}


@pytest.mark.parametrize("tool", ["actionlint", "zizmor"])
def test_the_workflow_is_one_that_linters_accept(tool: str, here: Path, run: Callable[..., Ran]) -> None:
    found = sorted((ROOT / f".cache/{tool}").glob(f"*/{tool}")) or [Path(sys.executable).parent / tool]
    program = shutil.which(found[-1])
    if program is None:
        pytest.skip(f"{tool} is not installed")
    run("init", "--ci", "github", *FROM)
    options = ["--quiet", "--color=never", "--pedantic", "--offline"] if tool == "zizmor" else []
    workflow = here / ".github/workflows/psfpolicy.yml"
    done = subprocess.run([program, *options, str(workflow)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (
        0,
        "No findings to report. Good job!\n" * (tool == "zizmor"),
    )


def test_a_pipeline_for_gitlab_installs_this_version(here: Path, run: Callable[..., Ran]) -> None:
    assert run("init", "--ci", "gitlab").code == 0
    job = read(here / ".gitlab-ci.yml")["psfpolicy"]
    assert f'pip install --quiet "psfpolicy=={__version__}"' in job["before_script"]
    (script,) = job["script"]
    assert subprocess.run(["sh", "-n"], input=script, text=True, check=False).returncode == 0  # noqa: S607
    assert job["variables"]["GIT_DEPTH"] == 0


def test_without_a_repository_it_says_what_to_fill_in(run: Callable[..., Ran], here: Path) -> None:
    ran = run("init", "--ci", "github")
    assert ran.out.endswith("next: put the owner of your psfpolicy in the place of OWNER, and pin it by commit\n")
    assert f"uses: OWNER/psfpolicy@v{__version__}" in (here / ".github/workflows/psfpolicy.yml").read_text()


def test_a_dry_run_shows_every_file_and_writes_none(here: Path, run: Callable[..., Ran]) -> None:
    (here / ".pre-commit-config.yaml").write_text("mine\n")
    ran = run("init", "deploy.yaml", "--ci", "github", "--pre-commit", "--dry-run", *FROM)
    assert (ran.code, ran.err) == (0, "")
    assert [line for line in ran.out.splitlines() if line.startswith("# ") and "would be" in line] == [
        "# deploy.yaml would be written:",
        "# ../.github/workflows/psfpolicy.yml would be written:",
        "# ../.pre-commit-config.yaml exists, and would be left as it is:",
        "# ../.psfpolicy.yaml would be written:",
    ]
    assert f"uses: acme/psfpolicy@{FROM[3]}" in ran.out
    assert files(here) == [".pre-commit-config.yaml"]


def test_what_exists_is_never_overwritten_and_then_nothing_is_written(here: Path, run: Callable[..., Ran]) -> None:
    (here / ".pre-commit-config.yaml").write_text("mine\n")
    ran = run("init", "--ci", "gitlab", "--pre-commit")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("psfpolicy: `../.pre-commit-config.yaml` exists, and is left as it is\n")
    (here / ".gitlab-ci.yml").symlink_to("nowhere")
    ran = run("init", "--ci", "gitlab", "--pre-commit")
    assert "`../.gitlab-ci.yml` and `../.pre-commit-config.yaml` exist, and are left as they are" in ran.err
    assert files(here) == [".pre-commit-config.yaml"]
    assert (here / ".pre-commit-config.yaml").read_text() == "mine\n"


def test_settings_that_exist_are_kept(here: Path, run: Callable[..., Ran]) -> None:
    (here / ".psfpolicy.yaml").write_text("gate: strict\n")
    ran = run("init", "--ci", "gitlab")
    assert (ran.code, ran.out) == (0, "wrote ../.gitlab-ci.yml\nkept ../.psfpolicy.yaml, which exists\n")
    assert (here / ".psfpolicy.yaml").read_text() == "gate: strict\n"


@pytest.mark.parametrize(
    "words",
    [
        ("--repository", "https://example.com/a/b\n      run: x"),
        ("--repository", "x"),
        ("--repository", ""),
        ("--revision", "main # v1"),
        ("--revision", "-x"),
    ],
)
def test_an_address_cannot_write_lines_of_its_own(words: tuple[str, ...], here: Path, run: Callable[..., Ran]) -> None:
    ran = run("init", "--ci", "github", *words)
    assert (ran.code, files(here)) == (2, [])
