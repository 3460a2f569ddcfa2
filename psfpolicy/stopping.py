"""Ctrl-C and SIGTERM: they end a run between two files, never within what has to be done as a whole."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)
"""What interrupts a run."""


class Stopping:
    """Turns signals into `KeyboardInterrupt`, and holds it back where that is asked."""

    def __init__(self) -> None:
        self._held = False
        self._asked = False

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen inside; only the main thread may. A signal that was ignored before stays ignored."""
        before = {number: signal.getsignal(number) for number in SIGNALS}
        ours = [number for number in SIGNALS if before[number] not in {signal.SIG_IGN, None}]
        for number in ours:
            signal.signal(number, self._heard)
        try:
            yield
        finally:
            for number in ours:
                signal.signal(number, before[number])

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold an interrupt back until what is inside is done; not to be nested."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
        if self._asked:
            self._asked = False
            raise KeyboardInterrupt

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        if not self._held:
            raise KeyboardInterrupt
        self._asked = True
