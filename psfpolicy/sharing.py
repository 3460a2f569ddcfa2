"""The files of a run, shared out among processes; what comes of them comes back in their order.

A few files at a time are under way, so that a run over very many takes no more memory than one over some.
"""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from psfpolicy import resources
from psfpolicy.errors import NotAssessedError
from psfpolicy.stopping import SIGNALS

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from concurrent.futures import Future, ProcessPoolExecutor

    from psfpolicy.model.run import Outcome, Request
    from psfpolicy.targets import Row, Target

    Taking: TypeAlias = Callable[[Target], Outcome | None]

_CHUNK = 4
_AHEAD = 3
"""Chunks for each process that are waited for at most."""
_GARBAGE = 50_000
"""Objects that a process makes before it looks for cycles among them; a descriptor takes some ten thousand."""
_WORTH_A_PROCESS = 24
_FEW = 32


def assessed(found: Row, request: Request, taking: Taking = lambda _target: None) -> Generator[Outcome]:
    """Assess files, and give what each came to, in their order.

    Args:
        found: The files.
        request: What the run was asked.
        taking: Gives what is known already of a file; None where it has to be assessed.

    Raises:
        NotAssessedError: A process was ended from outside.
    """
    packing = len(found) > _FEW
    processes = min(request.jobs, len(found) // _WORTH_A_PROCESS)
    # What one process reads from a stream, another cannot.
    if processes < 2 or found.streams:
        before = gc.get_threshold()
        gc.set_threshold(_GARBAGE)
        try:
            for target in found:
                yield taking(target) or _work(target, request, packing=packing)
        finally:
            gc.set_threshold(*before)
        return
    # A run of a few files does not pay for importing these.
    import pickle  # noqa: PLC0415
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415
    from multiprocessing import active_children, get_context  # noqa: PLC0415

    # The policy in force is handed over, not read again: the file of a bundle may be another by then.
    pool = ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(resources.in_force(),)
    )
    try:
        yield from _shared(found, pickle.dumps((request, packing)), taking, pool, _AHEAD * processes)
    except BrokenProcessPool as error:
        # The pool ends the others by the signal that they leave to this process, and would wait for them.
        for process in active_children():
            process.kill()
        raise NotAssessedError(
            "a process that assesses was ended from outside",
            hint="it may have lacked memory: try a smaller `--jobs`",
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _shared(found: Row, how: bytes, taking: Taking, pool: ProcessPoolExecutor, most: int) -> Generator[Outcome]:
    """Hand out chunks, at most so many ahead of what is waited for."""
    under_way: deque[tuple[list[Outcome | None], Future[list[Outcome]] | None]] = deque()
    for start in range(0, len(found), _CHUNK):
        chunk = found[start : start + _CHUNK]
        taken = [taking(target) for target in chunk]
        left = [target for target, known in zip(chunk, taken, strict=True) if known is None]
        with _interrupts_held():
            coming = pool.submit(_chunk, left, how) if left else None
        under_way.append((taken, coming))
        if len(under_way) == most:
            yield from _joined(*under_way.popleft())
    while under_way:
        yield from _joined(*under_way.popleft())


def _joined(taken: list[Outcome | None], coming: Future[list[Outcome]] | None) -> Iterator[Outcome]:
    rest = iter(coming.result() if coming else ())
    for known in taken:
        yield known or next(rest)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Start processes that leave signals to this one: they inherit what is held back here, and for them it stays so."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(policy: Mapping[str, bytes] | None) -> None:
    """Make a process ready to assess."""
    resources.use(policy)
    _end_with_parent()


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, whatever ended that."""
    from multiprocessing import parent_process  # noqa: PLC0415  # as above
    from threading import Thread  # noqa: PLC0415

    parent = parent_process()
    if parent is not None:

        def end() -> None:
            parent.join()
            os._exit(1)

        Thread(target=end, name="psfpolicy-parent", daemon=True).start()


def _chunk(chunk: list[Target], how: bytes) -> list[Outcome]:
    request, packing = _how(how)
    return [_work(target, request, packing=packing) for target in chunk]


@lru_cache(1)
def _how(how: bytes) -> tuple[Request, bool]:
    """Give what every chunk of a run is done by; once for each process, which then makes little garbage in cycles."""
    import pickle  # noqa: PLC0415

    gc.set_threshold(_GARBAGE)
    found: tuple[Request, bool] = pickle.loads(how)  # noqa: S301  # from the process that started this one
    return found


def _work(target: Target, request: Request, *, packing: bool) -> Outcome:
    # Imported by the process that assesses: one that only gathers what others found needs no engine and no reader.
    from psfpolicy import packed, worker  # noqa: PLC0415

    return packed.kept(worker.assessed(target, request), request, packing=packing)
