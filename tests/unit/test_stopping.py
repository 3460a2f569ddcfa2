"""Signals that end a run."""

from __future__ import annotations

import os
import signal

import pytest

from psfpolicy.stopping import SIGNALS, Stopping

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a process can tell itself only so")


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_interrupts_while_it_is_listened_for(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), Stopping().listening():
        os.kill(os.getpid(), number)
    assert signal.getsignal(number) is before


def test_what_is_held_is_done_as_a_whole_before_the_interrupt_comes() -> None:
    stopping, done = Stopping(), []

    def whole() -> None:
        with stopping.held():
            os.kill(os.getpid(), signal.SIGINT)
            done.append("first")
            os.kill(os.getpid(), signal.SIGTERM)
            done.append("second")
        done.append("never")

    with stopping.listening():
        with pytest.raises(KeyboardInterrupt):
            whole()
        with stopping.held():
            done.append("it was asked once")
    assert done == ["first", "second", "it was asked once"]


def test_what_fails_while_it_is_held_says_so_and_not_that_it_was_interrupted() -> None:
    stopping = Stopping()

    def broken() -> None:
        with stopping.held():
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with Stopping().listening():
            os.kill(os.getpid(), signal.SIGTERM)
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGTERM, before)
