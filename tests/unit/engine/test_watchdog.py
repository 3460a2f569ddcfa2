"""The watchdog stops what takes too long, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import threading
from time import monotonic

from psfpolicy.engine.watchdog import Watchdog


def test_it_barks_when_what_it_watches_takes_too_long() -> None:
    barked = threading.Event()
    with Watchdog(0.05, barked.set).watching():
        assert barked.wait(5)


def test_it_barks_once() -> None:
    barks: list[float] = []
    first, again = threading.Event(), threading.Event()

    def bark() -> None:
        (again if barks else first).set()
        barks.append(monotonic())

    with Watchdog(0.02, bark).watching():
        assert first.wait(5)
        assert not again.wait(0.2)


def test_it_is_silent_after_what_it_watched() -> None:
    barked = threading.Event()
    watchdog = Watchdog(0.05, barked.set)
    with watchdog.watching():
        pass
    assert not barked.wait(0.3)


def test_it_gives_each_watch_its_whole_time() -> None:
    barked = threading.Event()
    watchdog = Watchdog(0.4, barked.set)
    for _ in range(3):
        with watchdog.watching():
            assert not barked.wait(0.2)


def test_its_thread_ends_when_there_is_nothing_to_watch_and_comes_back() -> None:
    barked = threading.Event()
    watchdog = Watchdog(0.05, barked.set)
    with watchdog.watching():
        thread = watchdog._thread
    assert thread is not None
    thread.join(5)
    assert not thread.is_alive()
    with watchdog.watching():
        assert barked.wait(5)


def test_it_keeps_one_thread_for_many_watches() -> None:
    watchdog = Watchdog(5, lambda: None)
    with watchdog.watching():
        first = watchdog._thread
    with watchdog.watching():
        assert watchdog._thread is first


def test_it_does_not_keep_the_process_from_exiting() -> None:
    program = "from psfpolicy.engine.watchdog import Watchdog\nwith Watchdog(600, print).watching():\n    pass\n"
    start = monotonic()
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], timeout=60, check=False, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert monotonic() - start < 30
