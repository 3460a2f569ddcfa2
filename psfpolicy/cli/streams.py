"""Where the lines of a run go as it goes on: standard output, and files that are renamed once they are whole."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from psfpolicy.cli.output import STDOUT
from psfpolicy.errors import ReportError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psfpolicy.cli.output import Output

_PART = ".part"
"""What the name of a file ends in while it is being written."""


class Streams:
    """Everything that lines are written to; each is opened at the first line, so that wrong usage writes nothing.

    A run that is ended from outside leaves what it has written in FILE.part, which another can go on with.

    Args:
        outputs: Where the lines go.
        resume: The file with the lines of an earlier run, which is read while this one writes.
    """

    def __init__(self, outputs: Sequence[Output], resume: str | None) -> None:
        self._targets = [output.target for output in outputs]
        self._resume = resume and os.path.realpath(resume)
        self._open: dict[str, TextIO] = {}
        self._parts: dict[str, Path] = {}

    def write(self, line: str) -> None:
        """Write a line everywhere, and let go of it: whoever reads along has it, and so has a run that goes on.

        Raises:
            ReportError: A file could not be written.
            OSError: Standard output could not be written.
        """
        for target in self._targets:
            try:
                stream = self._stream(target)
                stream.write(line)
                stream.flush()
            except OSError as error:
                if target == STDOUT:
                    raise
                raise ReportError(f"`{target}` could not be written: {error.strerror}", hint=self._left()) from error

    def finish(self) -> None:
        """Give the files their names, now that they are whole.

        Raises:
            ReportError: One could not be renamed.
        """
        self.close()
        for target, part in self._parts.items():
            path = os.path.realpath(target)
            try:
                part.replace(path)
                if self._resume == path + _PART:
                    Path(self._resume).unlink(missing_ok=True)
            except OSError as error:
                raise ReportError(f"`{target}` could not be written: {error.strerror}", hint=self._left()) from error

    def discard(self) -> None:
        """Leave no file: there was nothing to assess."""
        self.close()
        for part in self._parts.values():
            part.unlink(missing_ok=True)

    def close(self) -> None:
        """Write no more."""
        for target, stream in self._open.items():
            if target != STDOUT:
                with suppress(OSError):  # each line was flushed; what is left of a broken one does not count
                    stream.close()
        self._open = {}

    def _stream(self, target: str) -> TextIO:
        if target not in self._open:
            self._open[target] = sys.stdout if target == STDOUT else self._aside(target)
        return self._open[target]

    def _aside(self, target: str) -> TextIO:
        given = Path(target)
        path = os.path.realpath(target)
        if not given.exists() or given.is_file():
            path += _PART
            if path == self._resume:
                path += _PART
            self._parts[target] = Path(path)
        return open(path, "w", encoding="utf-8", newline="\n")  # noqa: PTH123  # open until the run ends

    def _left(self) -> str:
        parts = [part.name for part in self._parts.values() if part.exists()]
        if not parts:
            return "nothing was left behind"
        return f"what was assessed so far is in {', '.join(parts)}; `--resume` goes on with it"
