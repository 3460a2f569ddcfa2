from __future__ import annotations

import io
import sys

import pytest

from psfpolicy.cli.progress import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that stands still until a test moves its last reading."""
    readings = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: readings[-1])
    return readings


def test_a_short_run_shows_nothing(now: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with progress() as show:
        now.append(100.9)
        show(1, 2)
    assert terminal.getvalue() == ""


def test_a_run_of_more_than_a_second_shows_where_it_is_and_leaves_no_trace(
    now: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with progress() as show:
        now.append(101.01)
        show(10, 40)
        now.append(101.05)
        show(11, 40)
        now.append(101.2)
        show(12, 40)
    assert terminal.getvalue() == f"\r10 of 40 files\r12 of 40 files\r{' ' * 14}\r"


def test_progress_is_cleared_when_the_run_breaks(now: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())

    def broken() -> None:
        with progress() as show:
            now.append(102.0)
            show(1, 2)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert terminal.getvalue().endswith(" \r")


@pytest.mark.parametrize("stream", [io.StringIO(), None])
def test_without_a_terminal_there_is_no_progress(
    stream: io.StringIO | None, now: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    with progress() as show:
        now.append(200.0)
        show(1, 2)
    assert stream is None or stream.getvalue() == ""
