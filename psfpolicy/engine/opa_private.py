"""A private OPA server, for as long as a run: on a socket in a folder that nobody else may enter.

A shell stands between, and reads a pipe whose other end is this process: when this process ends, however it does, the
pipe ends, and the shell ends the server and removes the folder. It needs no port, so that there is none to be taken or
guessed, and no token.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import IO, TYPE_CHECKING

from psfpolicy import resources
from psfpolicy.building.opa import Opa
from psfpolicy.building.plain import plain_bundle
from psfpolicy.building.staging import sources_digest
from psfpolicy.errors import ModuleError, ServerError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCRIPT = """
"$@" </dev/null >/dev/null &
server=$!
exec 2>/dev/null
read -r _
kill -KILL "$server"
wait "$server"
rm -rf "$0"
"""
_PATIENCE_SECONDS = 60.0
_LOOK_SECONDS = 0.02
_KEPT_LINES = 20
_LONGEST_FOLDER = 80
"""The path of a socket may have about a hundred bytes (`sun_path`)."""


@contextmanager
def private_server() -> Iterator[str]:
    """Run a server of the policy in force; give the path of its socket.

    Raises:
        OpaMissingError: The pinned OPA is not there.
        UsageError: This system has no sockets of that kind.
        ServerError: It does not start.
    """
    if sys.platform == "win32":
        raise UsageError(
            "a private OPA server needs sockets that this system lacks",
            hint="start one with `opa run --server`, and name it in the settings: `opa: {url: http://localhost:8181}`",
        )
    opa = Opa.pinned()
    bundle = _bundle()
    folder = Path(tempfile.mkdtemp(prefix="psfpolicy-", dir=_short_folder()))
    (folder / "bundle.tar.gz").write_bytes(bundle)
    path = folder / "opa.sock"
    process, end = _started(opa, folder, path)
    listening = _Listening(process)
    try:
        _await(path, listening)
        yield str(path)
    finally:
        os.close(end)
        process.wait()
        listening.wait()


def _started(opa: Opa, folder: Path, path: Path) -> tuple[subprocess.Popen[bytes], int]:
    """Give the shell around a server, and the end of its pipe that keeps both running."""
    words = ["run", "--server", "--bundle", str(folder / "bundle.tar.gz"), "--addr", f"unix://{path}"]
    words += ["--unix-socket-perm", "600", "--skip-verify", "--disable-telemetry", "--log-level", "error"]
    held, end = os.pipe()
    process = subprocess.Popen(  # noqa: S603  # the pinned program, with the words above
        ["/bin/sh", "-c", _SCRIPT, str(folder), opa.path, *words],
        stdin=held,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        # Neither the server's settings nor its secrets are to come from this process' environment; less collecting of
        # garbage takes a tenth off each question.
        env={"PATH": os.defpath, "GOGC": "400"},
        start_new_session=True,  # Ctrl-C is for this process, which then ends the server
    )
    os.close(held)
    return process, end


class _Listening:
    """What a server says of its errors; kept short, and read to the end so that it is never held up by it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.lines: list[str] = []
        self._thread = Thread(target=self._listen, args=(process.stderr,), name="psfpolicy-opa", daemon=True)
        self._thread.start()

    @property
    def ended(self) -> bool:
        """The server has ended."""
        return not self._thread.is_alive()

    def wait(self) -> None:
        """Wait until it has."""
        self._thread.join()

    def _listen(self, stream: IO[bytes]) -> None:
        with stream:
            for line in stream:
                self.lines = [*self.lines, line.decode(errors="replace").rstrip()][-_KEPT_LINES:]


def _await(path: Path, listening: _Listening) -> None:
    deadline = monotonic() + _PATIENCE_SECONDS
    while not _answers(path):
        if listening.ended or monotonic() > deadline:
            says = "ended before it answered" if listening.ended else f"did not start in {_PATIENCE_SECONDS:g} s"
            raise ServerError(f"the private OPA server {says}", details=tuple(listening.lines))
        sleep(_LOOK_SECONDS)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as made:
        try:
            made.connect(str(path))
        except OSError:
            return False
    return True


def _short_folder() -> str | None:
    """Give where temporary folders are to be made; None for the usual place."""
    return "/tmp" if len(tempfile.gettempdir()) > _LONGEST_FOLDER else None  # noqa: S108  # mkdtemp makes it private


def _bundle() -> bytes:
    """Give the policy in force as an OPA bundle.

    Raises:
        ModuleError: The sources that are here are not those that the policy in force was compiled from.
    """
    held = resources.server_bundle()
    if held is not None:
        return held
    root = resources.sources()
    if sources_digest(root / "rego") != resources.manifest().sources:
        raise ModuleError(
            "the sources under `rego` are not those of the compiled policy, so that a server would decide otherwise",
            hint="in a checkout, run `make policy`; else install psfpolicy again",
        )
    return plain_bundle(root, resources.policy_files())
