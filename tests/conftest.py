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

from psfpolicy import cli, resources
from tests.scratch import ENVIRONMENT, Scratch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parent.parent
AS_OF = "2026-11-21"

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


@pytest.fixture(autouse=True)
def _scrubbed(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in list(os.environ):
        if name.startswith(("PSFPOLICY_", "GITHUB_")) or name in {"NO_COLOR", "FORCE_COLOR", "SOURCE_DATE_EPOCH"}:
            monkeypatch.delenv(name)
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
def in_root(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in the root of the repository, as its reader does."""
    monkeypatch.chdir(ROOT)
    return ROOT
