"""Where reports go: standard output as it can carry them, and files that are whole or not there."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from psfpolicy.errors import ReportError, UsageError
from psfpolicy.formats import format_named
from psfpolicy.formats.base import Style

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psfpolicy.model.report import Report

_STDOUT = "-"


@dataclass(frozen=True, slots=True)
class Output:
    """One report to write."""

    format: str
    """Name of the format."""
    target: str
    """A file, or `-` for standard output."""

    @classmethod
    def parse(cls, format_: str, outputs: tuple[str, ...]) -> tuple[Output, ...]:
        """Read the options of the command line.

        Args:
            format_: What goes to standard output, where no `-o` claims it.
            outputs: `FORMAT=FILE` each.

        Raises:
            UsageError: A format is unknown, a target is missing or given twice.
        """
        found = []
        for text in outputs:
            name, sign, target = text.partition("=")
            if not sign or not target:
                raise UsageError(f"`-o {text}` says no file", hint="write it as FORMAT=FILE, such as json=report.json")
            found.append(cls(name, target))
        if all(output.target != _STDOUT for output in found):
            found.insert(0, cls(format_, _STDOUT))
        for output in found:
            format_named(output.format)
        targets = [output.target if output.target == _STDOUT else os.path.realpath(output.target) for output in found]
        if len(set(targets)) < len(targets):
            raise UsageError("two reports go to the same place", hint="give each `-o` a file of its own")
        return tuple(found)


def style_of(color: str, *, quiet: bool, verbose: bool) -> Style:
    """Give how standard output wants its text.

    Args:
        color: `always`, `never`, or `auto`: on a terminal, unless NO_COLOR is set (no-color.org) or it is a dumb one.
        quiet: Verdict lines only.
        verbose: The passes too.
    """
    willing = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Style(
        color=color == "always" or (color == "auto" and willing),
        unicode=(sys.stdout.encoding or "ascii").lower().replace("-", "") in {"utf8", "utf16", "utf32", "gb18030"},
        quiet=quiet,
        verbose=verbose,
    )


def write(report: Report, outputs: tuple[Output, ...], style: Style) -> None:
    """Write a report everywhere it is wanted, files first.

    Raises:
        ReportError: A file could not be written; no half of it is left behind.
        BrokenPipeError: Whoever read standard output has gone.
    """
    for output in sorted(outputs, key=lambda output: output.target == _STDOUT):
        if output.target == _STDOUT:
            _print(format_named(output.format).render(report, style))
        else:
            plain = replace(style, color=False, unicode=True)
            _save(Path(output.target), format_named(output.format).render(report, plain))


def _print(pieces: Iterable[str]) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    try:
        for piece in pieces:
            sys.stdout.write(piece.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ReportError(f"the report could not be written to standard output: {error.strerror}") from error


def _save(path: Path, pieces: Iterable[str]) -> None:
    try:
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8", newline="\n") as device:
                device.writelines(pieces)
            return
        _replace(path, pieces)
    except OSError as error:
        raise ReportError(f"`{path}` could not be written: {error.strerror}", hint="nothing was left behind") from error


def _replace(path: Path, pieces: Iterable[str]) -> None:
    """Write aside, then rename, so that nobody ever reads half a report."""
    whole = Path(os.path.realpath(path))
    handle, aside = tempfile.mkstemp(prefix=".psfpolicy-", dir=whole.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(pieces)
        umask = os.umask(0)
        os.umask(umask)
        Path(aside).chmod(whole.stat().st_mode & 0o777 if whole.exists() else 0o666 & ~umask)
        Path(aside).replace(whole)
    except BaseException:
        with suppress(OSError):
            Path(aside).unlink()
        raise
