"""Progress of a long run on a terminal: one line on standard error, gone when done."""

from __future__ import annotations

import sys
import time
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

_QUIET_SECONDS = 1.0
_STEP_SECONDS = 0.1
_LATELY_SECONDS = 10.0
"""The rate is that of so many seconds, since what was taken over or was quick says nothing of the rest."""


@contextmanager
def progress(*, shown: bool = True) -> Iterator[Callable[[int, int], None]]:
    """Give what a run tells of its files done and in all; it shows after a second, on a terminal only.

    Args:
        shown: It may; not where the report itself comes on the terminal meanwhile.
    """
    begun = time.monotonic()
    shown_at = begun + _QUIET_SECONDS - _STEP_SECONDS
    widest = 0
    lately = deque([(begun, 0)])
    stderr = cast("TextIO | None", sys.stderr)
    terminal = shown and stderr is not None and stderr.isatty()

    def show(done: int, total: int) -> None:
        nonlocal shown_at, widest
        now = time.monotonic()
        if terminal and now - shown_at >= _STEP_SECONDS:
            shown_at = now
            lately.append((now, done))
            while now - lately[0][0] > _LATELY_SECONDS and len(lately) > 2:
                lately.popleft()
            line = f"{done} of {total} files{_pace(*lately[0], now, done, total)}"
            sys.stderr.write(f"\r{line:<{widest}}")
            sys.stderr.flush()
            widest = max(widest, len(line))

    try:
        yield show
    finally:
        if widest:
            # Blanks, since not every terminal knows an escape.
            sys.stderr.write(f"\r{' ' * widest}\r")
            sys.stderr.flush()


def _pace(since: float, before: int, now: float, done: int, total: int) -> str:
    """Give the rate and the time left; nothing where no rate can be told."""
    if done <= before or now <= since:
        return ""
    rate = (done - before) / (now - since)
    return f", {rate:.0f} a second, {_lasting(round((total - done) / rate))} left"


def _lasting(seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"
