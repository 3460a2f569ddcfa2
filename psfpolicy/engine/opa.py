"""The engine over OPA servers: the same policy, asked through opa-python-client.

Nothing changes by itself: where no server answers with the policy in force, that is an error, and never another engine.
"""

from __future__ import annotations

import threading
from time import monotonic, sleep
from typing import TYPE_CHECKING, TypeVar

from psfpolicy.engine.limits import Limits
from psfpolicy.engine.opa_failures import BusyError, LostError
from psfpolicy.engine.opa_server import Server
from psfpolicy.engine.question import prepared_question
from psfpolicy.errors import LimitError, ServerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from psfpolicy.engine.base import Rule
    from psfpolicy.engine.serving import Serving
    from psfpolicy.model.place import JsonValue

_PAUSES_SECONDS = (0.2, 0.8, 2.0)
"""How long a question that nobody took is held back before it is asked again."""
_LEFT_ALONE_SECONDS = 5.0
"""How long a server that was lost is not asked."""
_TRACE_LINES = 2000
_TRACE_COLUMNS = 400

T = TypeVar("T")


class OpaEngine:
    """An `Engine`, for any number of threads: each has its own connection to each server.

    A question goes to one server; where that is lost, or has too much to do, to the next. What one refuses to decide,
    or is too slow for while it answers others, is asked of no other.

    Args:
        serving: Where the servers are, and how they are asked.
        limits: Of the answer's size; its time is that of `serving`.
        pauses_seconds: How long to hold back a question that no server took, each time.
    """

    def __init__(
        self, serving: Serving, *, limits: Limits | None = None, pauses_seconds: Sequence[float] = _PAUSES_SECONDS
    ) -> None:
        self._serving = serving
        self._limits = limits or Limits()
        self._pauses_seconds = pauses_seconds
        self._urls: tuple[str | None, ...] = (None,) if serving.socket is not None else serving.urls
        self._known: set[str] = set()
        self._versions = serving.versions
        self._lost: dict[str | None, tuple[float, LostError]] = {}
        self._threads = threading.local()
        self._turn = 0

    @property
    def name(self) -> str:
        """`opa`."""
        return "opa"

    @property
    def version(self) -> str:
        """The version of OPA that the servers are; several where they differ; empty before `connect`."""
        return ", ".join(self._versions)

    def connect(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Require that the servers serve the policy in force.

        Returns:
            The versions of OPA that they are, and what is wrong with those that are not there.

        Raises:
            EngineError: None of them is there, or one serves another policy or refuses to say which.
        """
        versions: set[str] = set()
        lost: list[LostError] = []
        for server in self._servers():
            try:
                versions.add(self._patiently(server.checked))
            except LostError as error:
                lost.append(error)
        if not versions:
            raise lost[0]
        self._versions = tuple(sorted(versions))
        return self._versions, tuple(error.message for error in lost)

    def evaluate(self, question: dict[str, JsonValue], rule: Rule = "report") -> dict[str, JsonValue]:
        """Give the policy's answer on one input document.

        Raises:
            EngineError: No server gave one; see `opa_failures`.
        """
        asked = prepared_question(question)
        answered = self._somewhere(lambda server: server.answer(asked, rule))
        if answered.decision is not None:
            self._decisions().append(answered.decision)
        return answered.result

    def decisions(self) -> tuple[str, ...]:
        """Give the ids under which servers logged what this thread asked since it last called this."""
        taken = tuple(self._decisions())
        self._decisions().clear()
        return taken

    def trace(self, question: dict[str, JsonValue], package: str) -> tuple[str, ...]:
        """Give how OPA came to what a package says, line by line, as far as 2,000 lines.

        Args:
            question: As for `evaluate`.
            package: The control's, such as `data.psfpolicy.controls.input.rate_limit`.

        Raises:
            EngineError: No server gave one.
        """
        asked = prepared_question(question)
        lines = self._somewhere(lambda server: server.explained(asked, package.removeprefix("data.")))
        kept = tuple(line[:_TRACE_COLUMNS] for line in lines[:_TRACE_LINES])
        more = len(lines) - len(kept)
        return (*kept, f"… and {more} more lines") if more else kept

    def close(self) -> None:
        """Let go of the connections of this thread."""
        for server in self._servers():
            server.close()
        del self._threads.servers

    def _servers(self) -> list[Server]:
        """Give the servers as this thread asks them."""
        try:
            servers: list[Server] = self._threads.servers
        except AttributeError:
            most = self._limits.output_bytes
            servers = [Server(self._serving, url, most, self._known) for url in self._urls]
            self._threads.servers = servers
        return servers

    def _decisions(self) -> list[str]:
        try:
            taken: list[str] = self._threads.decisions
        except AttributeError:
            taken = self._threads.decisions = []
        return taken

    def _somewhere(self, ask: Callable[[Server], T]) -> T:
        """Ask one server after another until one takes the question.

        Raises:
            EngineError: One refused it, or none took it, several times over.
        """
        pauses = iter(self._pauses_seconds)
        while True:
            problem: LostError | BusyError | None = None
            for url, server in self._in_turn():
                try:
                    return self._from(server, ask)
                except LostError as error:
                    self._lost[url] = monotonic(), error
                    problem = problem or error
                except BusyError as error:
                    problem = error
            if problem is None:  # all are left alone
                raise self._all_lost()
            pause = next(pauses, None)
            if pause is None:
                raise problem
            sleep(max(pause, problem.wait_seconds) if isinstance(problem, BusyError) else pause)
            self._lost.clear()

    def _from(self, server: Server, ask: Callable[[Server], T]) -> T:
        try:
            return ask(server)
        except LimitError as error:
            # One that answers others is there, and the question is what is too large: for every server alike.
            if server.alive():
                raise
            raise LostError(error.message, hint=error.hint) from error

    def _in_turn(self) -> Iterator[tuple[str | None, Server]]:
        """Give the servers that are not left alone, another one first each time."""
        self._turn += 1
        both = list(zip(self._urls, self._servers(), strict=True))
        start = self._turn % len(both)
        for url, server in both[start:] + both[:start]:
            since, _ = self._lost.get(url, (float("-inf"), None))
            if monotonic() - since >= _LEFT_ALONE_SECONDS:
                yield url, server

    def _all_lost(self) -> ServerError:
        _, error = max(self._lost.values(), key=lambda item: item[0])
        return ServerError(error.message, hint=error.hint)

    def _patiently(self, ask: Callable[[], T]) -> T:
        """Ask again, some times, what has too much to do."""
        for pause in self._pauses_seconds:
            try:
                return ask()
            except BusyError as error:
                sleep(max(pause, error.wait_seconds))
        return ask()
