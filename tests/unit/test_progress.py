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
        now.append(101.25)
        show(12, 40)
    lines = ("10 of 40 files, 10 a second, 3 s left", "12 of 40 files, 10 a second, 3 s left")
    assert terminal.getvalue() == "".join(f"\r{line}" for line in lines) + f"\r{' ' * 37}\r"


def test_the_rate_is_that_of_the_last_seconds_and_a_shorter_line_leaves_nothing_of_a_longer_one(
    now: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with progress() as show:
        for second, done in ((2, 50_000), (3, 50_010), (14, 50_120), (400, 99_990), (401, 100_000)):
            now.append(100.0 + second)
            show(done, 100_000)
    assert [line.rstrip() for line in terminal.getvalue().split("\r")[1:]] == [
        "50000 of 100000 files, 25000 a second, 2 s left",
        "50010 of 100000 files, 16670 a second, 3 s left",
        "50120 of 100000 files, 10 a second, 1 h 23 min left",
        "99990 of 100000 files, 129 a second, 0 s left",
        "100000 of 100000 files, 10 a second, 0 s left",
        "",
        "",
    ]
    assert {len(line) for line in terminal.getvalue().split("\r")[4:7]} == {51}


def test_where_nothing_is_done_no_rate_is_told(now: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with progress() as show:
        now.append(102.0)
        show(0, 100)
    assert terminal.getvalue().startswith("\r0 of 100 files\r")


def test_there_is_no_progress_where_the_report_comes_on_the_terminal(
    now: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with progress(shown=False) as show:
        now.append(200.0)
        show(1, 2)
    assert terminal.getvalue() == ""


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
