"""Progress of a long run on a terminal: one line on standard error, gone when done."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

_QUIET_SECONDS = 1.0
_STEP_SECONDS = 0.1


@contextmanager
def progress() -> Iterator[Callable[[int, int], None]]:
    """Give what a run tells of its files done and in all; it shows after a second, on a terminal only."""
    shown_at = time.monotonic() + _QUIET_SECONDS - _STEP_SECONDS
    shown = ""
    stderr = cast("TextIO | None", sys.stderr)
    terminal = stderr is not None and stderr.isatty()

    def show(done: int, total: int) -> None:
        nonlocal shown_at, shown
        if terminal and time.monotonic() - shown_at >= _STEP_SECONDS:
            shown_at, shown = time.monotonic(), f"{done} of {total} files"
            sys.stderr.write(f"\r{shown}")
            sys.stderr.flush()

    try:
        yield show
    finally:
        if shown:
            # Blanks, since not every terminal knows an escape; the line only ever grows.
            sys.stderr.write(f"\r{' ' * len(shown)}\r")
            sys.stderr.flush()
