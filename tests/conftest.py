"""What every test stands on: a scrubbed environment, a fixed day, and the command line run in this process."""

from __future__ import annotations

import io
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from coverage import Coverage

from psfpolicy import cli, resources
from tests.scratch import ENVIRONMENT, Scratch

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

ROOT = Path(__file__).parent.parent
AS_OF = "2026-11-21"
TODAY = "1795219200"
"""The same day, as what nobody told the date takes for today: what passes now must pass in a year."""

# A job in a shell's background ignores Ctrl-C, and so would every process that a test starts and interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass(frozen=True)
class Ran:
    """What a command came to."""

    code: int
    out: str
    err: str


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-snapshots", action="store_true", help="write the expected outputs anew, for review")


@pytest.fixture
def update_snapshots(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-snapshots"))


_UNMEASURED = (
    "tests/acceptance/test_manifest_attacks.py",
    "tests/acceptance/test_manifest_edits.py",
    "tests/acceptance/test_other_validators.py",
    "tests/acceptance/test_systems.py",
    "tests/packaging/",
    "tests/policy/relapse/",
    "tests/policy/test_",
    "tests/property/test_capacity.py",
    "tests/property/test_formats.py",
    "tests/property/test_validity.py",
)
"""Long tests of what others reach as well. Tracing makes everything in a process two or three times as slow.

A process that a test starts is measured where the test is marked `measured`, at a fifth of a second more: those reach
what this one does not, such as the parts of a run that are processes of their own, signals, and the ends of pipes.
"""
_MEASURING = "COVERAGE_PROCESS_CONFIG"
_MEASURED = pytest.StashKey[str | None]()
_UNCOLLECTED = {"GOGC": "off", "GOMEMLIMIT": "1GiB"}
"""Halves what a short run of OPA or conftest costs; see `psfpolicy.building.opa`."""


def pytest_configure(config: pytest.Config) -> None:
    # Out of the environment before workers start: each measures itself.
    config.stash[_MEASURED] = os.environ.pop(_MEASURING, None)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    coverage = Coverage.current() if item.nodeid.startswith(_UNMEASURED) else None
    if coverage is None:
        return (yield)
    coverage.stop()
    try:
        return (yield)
    finally:
        coverage.start()


@pytest.fixture(scope="session")
def measuring(request: pytest.FixtureRequest) -> dict[str, str]:
    """What a process needs in its environment to be measured; it is taken out of ours."""
    value = os.environ.pop(_MEASURING, None) or request.config.stash[_MEASURED]
    return {_MEASURING: value} if value else {}


@pytest.fixture(scope="session", autouse=True)
def _uncollected() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in _UNCOLLECTED.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(autouse=True)
def _scrubbed(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
    measuring: dict[str, str],
) -> None:
    for name, value in measuring.items() if request.node.get_closest_marker("measured") else ():
        monkeypatch.setenv(name, value)
    for name in list(os.environ):
        if name.startswith(("PSFPOLICY_", "GITHUB_")) or name in {"NO_COLOR", "FORCE_COLOR"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", TODAY)
    monkeypatch.setenv("PSFPOLICY_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "policy-cache"))
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture(autouse=True)
def _no_git_at_hand() -> Iterator[None]:
    """End the processes of git that a test's repositories keep."""
    yield
    running = sys.modules.get("psfpolicy.revision.running")
    for repo in running.opened.values() if running else ():
        repo.close()
    if running:
        running.opened.clear()


@pytest.fixture(autouse=True)
def _shipped_policy() -> Iterator[None]:
    """Leave the policy in force that psfpolicy ships."""
    yield
    resources.use(None)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run the command line in this process: `run("check", "deploy.yaml", stdin="…")`."""

    def ran(*words: str, stdin: str | bytes = b"") -> Ran:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            cli.main(list(words))
        captured = capsys.readouterr()
        return Ran(int(stop.value.code or 0), captured.out, captured.err)

    return ran


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scratch:
    """Work in an empty repository of real git, apart from the machine's own configuration."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    found = Scratch(tmp_path / "repository")
    found.start()
    monkeypatch.chdir(found.root)
    return found


@pytest.fixture
def laid_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Mapping[str, str]], Path]:
    """Work in a folder that is the root of a repository, with some files by their path."""

    def laid(files: Mapping[str, str]) -> Path:
        (tmp_path / ".git").mkdir()
        Scratch(tmp_path).write(files)
        monkeypatch.chdir(tmp_path)
        return tmp_path

    return laid


@pytest.fixture
def in_root(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in the root of the repository, as its reader does."""
    monkeypatch.chdir(ROOT)
    return ROOT
