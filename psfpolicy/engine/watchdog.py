"""The clock that stops an evaluation: wasmtime ends what runs when the epoch of its engine is raised."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LOOKS = 8
"""How often it looks at the clock within one timeout; it stops late by at most one part in so many."""


class Watchdog:
    """Raises the epoch when what it watches takes too long.

    One thread serves all evaluations, since starting one for each takes as long as half an evaluation. It ends by
    itself when it has found nothing to watch, and never keeps the process from exiting.

    Args:
        timeout_seconds: How long one evaluation may take.
        bark: Raises the epoch; called from the thread, only while something is watched.
    """

    def __init__(self, timeout_seconds: float, bark: Callable[[], None]) -> None:
        self._timeout_seconds = timeout_seconds
        self._bark = bark
        self._lock = Lock()
        self._thread: Thread | None = None
        self._deadline: float | None = None
        self._used = False

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch what runs inside; not to be nested."""
        with self._lock:
            self._deadline = monotonic() + self._timeout_seconds
            self._used = True
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._run, name="psfpolicy-watchdog", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            # Under the lock, so that a late bark cannot hit the next evaluation.
            with self._lock:
                self._deadline = None

    def _run(self) -> None:
        pause = Event()
        while True:
            pause.wait(self._timeout_seconds / _LOOKS)
            with self._lock:
                if self._deadline is not None and monotonic() >= self._deadline:
                    self._bark()
                    self._deadline = None
                if self._deadline is None and not self._used:
                    self._thread = None
                    return
                self._used = self._deadline is not None
