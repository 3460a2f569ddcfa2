"""Where reports go: standard output as it can carry them, and files that are whole or not there."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from psfpolicy.errors import ReportError, UsageError
from psfpolicy.formats import format_named
from psfpolicy.formats.base import Style
from psfpolicy.source import MAX_BYTES
from psfpolicy.targets import display_name, repository_of

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence

    from psfpolicy.files import Files
    from psfpolicy.model.report import Report

STDOUT = "-"
"""The target that stands for standard output."""
_STREAMS = {"/dev/stdout": STDOUT, "/dev/fd/1": STDOUT}


@dataclass(frozen=True, slots=True)
class Output:
    """One report to write."""

    format: str
    """Name of the format."""
    target: str
    """A file, or `-` for standard output."""

    @classmethod
    def parse(
        cls,
        format_: str,
        outputs: tuple[str, ...],
        paths: tuple[str, ...],
        *,
        known: Callable[[str], object] = format_named,
    ) -> tuple[Output, ...]:
        """Read the options of the command line.

        Args:
            format_: What goes to standard output, where no `-o` claims it.
            outputs: `FORMAT=FILE` each.
            paths: What is to be assessed, which no report may overwrite.
            known: Refuses the name of a format that there is not.

        Raises:
            UsageError: A format is unknown, a target is missing, given twice, or to be assessed.
        """
        found = []
        for text in outputs:
            name, sign, target = text.partition("=")
            if not sign or not target:
                raise UsageError(f"`-o {text}` says no file", hint="write it as FORMAT=FILE, such as json=report.json")
            found.append(cls(name, _STREAMS.get(target, target)))
        if all(output.target != STDOUT for output in found):
            found.insert(0, cls(format_, STDOUT))
        for output in found:
            known(output.format)
        targets = [output.target if output.target == STDOUT else os.path.realpath(output.target) for output in found]
        if len(set(targets)) < len(targets):
            raise UsageError("two reports go to the same place", hint="give each `-o` a file of its own")
        overwritten = {os.path.realpath(path) for path in paths if path != STDOUT} & set(targets)
        if overwritten:
            raise UsageError("a report would overwrite what is to be assessed", hint="give the report another file")
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


def folder() -> str:
    """Give the working directory relative to the root of its repository; empty for the root, and outside of one."""
    root = repository_of(Path.cwd())
    name = "." if root is None else Path(os.path.realpath(".")).relative_to(root).as_posix()
    return "" if name == "." else os.fsencode(name).decode(errors="backslashreplace")


def reader(report: Report, files: Callable[[], Files]) -> Callable[[str], bytes | None]:
    """Give what reads an assessed file once more, and gives nothing where it is not what was assessed.

    Args:
        report: Names the files, with their digests.
        files: Gives where they were read from; asked where a format wants one.
    """
    known = {item.file: item.sha256 for item in report.inputs}

    def read(name: str) -> bytes | None:
        if name not in known:
            return None
        try:
            data = files().read(name, MAX_BYTES)
        except OSError:
            return None
        return data if sha256(data).hexdigest() == known[name] else None

    return read


def write(
    report: Report, outputs: tuple[Output, ...], style: Style, *, whole: Callable[[], None] = lambda: None
) -> None:
    """Write a report everywhere it is wanted, as `write_all` does."""
    write_all(outputs, style, lambda name, style: format_named(name).render(report, style), whole=whole)


def write_all(
    outputs: tuple[Output, ...],
    style: Style,
    rendered: Callable[[str, Style], Iterable[str]],
    *,
    whole: Callable[[], None] = lambda: None,
) -> None:
    """Write everything that is wanted: all of the files or none, then standard output.

    Args:
        outputs: What is wanted.
        style: How standard output wants its text.
        rendered: Gives the text in a format.
        whole: Gives files that were written as the run went on their names, once the others are written.

    Raises:
        ReportError: A file could not be written; nothing of any is left behind.
        OSError: Standard output could not be written.
    """
    plain = replace(style, color=False, unicode=True)
    with ExitStack() as undo:
        files = [output for output in outputs if output.target != STDOUT]
        asides = [_written(output.target, rendered(output.format, plain), undo) for output in files]
        for output, aside in zip(files, asides, strict=True):
            with _named(output.target):
                if aside is not None:
                    aside.replace(os.path.realpath(output.target))
        whole()
    for output in outputs:
        if output.target == STDOUT:
            sys.stdout.writelines(rendered(output.format, style))


def write_new(path: str, text: str) -> None:
    """Write a file that is not there yet.

    Raises:
        UsageError: It is there, and is left as it is.
        ReportError: It could not be written; nothing of it is left behind.
    """
    made = False
    try:
        with Path(path).open("x", encoding="utf-8", newline="\n") as file:
            made = True
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"`{path}` exists, and is left as it is", hint="name another file") from error
    except OSError as error:
        if made:
            with suppress(OSError):
                Path(path).unlink()
        raise ReportError(f"`{path}` could not be written: {error.strerror}") from error


def create(files: Sequence[tuple[Path, str]], folders: Container[Path] | None = None) -> None:
    """Write files that are not there yet, and the folders that they lie in: all of them, or none of the files.

    Args:
        files: Where each goes, and its text.
        folders: Those that are made where they are not there; None for all.

    Raises:
        ReportError: One could not be written; nothing of any is left behind but folders.
    """
    made: list[Path] = []
    try:
        for path, text in files:
            if folders is None or path.parent in folders:
                path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                made.append(path)
                file.write(text)
    except OSError as error:
        for path in made:
            with suppress(OSError):
                path.unlink()
        raise ReportError(
            f"`{error.filename or display_name(str(made[-1]))}` could not be written: {error.strerror}"
        ) from error


def rewrite(path: str, before: str, after: str) -> None:
    """Write a file anew, whole or not at all.

    Args:
        path: The file.
        before: What it held when it was read.
        after: What it is to hold.

    Raises:
        ReportError: Somebody else has changed it since, or it could not be written.
    """
    with ExitStack() as undo, _named(path):
        if Path(path).read_bytes() != before.encode():
            raise ReportError(f"`{path}` has changed since it was read", hint="run it again")
        aside = _written(path, (after,), undo)
        if aside is not None:
            aside.replace(os.path.realpath(path))


def put(target: str, text: str) -> None:
    """Write a file, whole or not at all.

    Raises:
        ReportError: It could not be written.
    """
    with ExitStack() as undo:
        aside = _written(target, [text], undo)
        with _named(target):
            if aside is not None:
                aside.replace(os.path.realpath(target))


def put_bytes(target: str, data: bytes) -> None:
    """Write a file that is no text, whole or not at all; a device or a pipe is written to, and stays one.

    Raises:
        ReportError: It could not be written.
    """
    with ExitStack() as undo, _named(target):
        given = Path(target)
        if given.exists() and not given.is_file():
            given.write_bytes(data)
            return
        path = Path(os.path.realpath(target))
        handle, aside = _aside(path, undo)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        _permit(aside, path)
        aside.replace(path)


def _aside(path: Path, undo: ExitStack) -> tuple[int, Path]:
    """Open a file beside one that is to be written."""
    handle, name = tempfile.mkstemp(prefix=".psfpolicy-", dir=path.parent)
    undo.callback(Path(name).unlink, missing_ok=True)
    return handle, Path(name)


def _permit(aside: Path, path: Path) -> None:
    aside.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())


def _written(target: str, pieces: Iterable[str], undo: ExitStack) -> Path | None:
    """Write a report aside, so that nobody ever reads half of it, and give what to rename; None for a device."""
    with _named(target):
        given = Path(target)
        if given.exists() and not given.is_file():
            with given.open("w", encoding="utf-8", newline="\n") as device:
                device.writelines(pieces)
            return None
        path = Path(os.path.realpath(target))
        handle, aside = _aside(path, undo)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(pieces)
        _permit(aside, path)
        return aside


def _umask() -> int:
    umask = os.umask(0)  # there is no way to read it
    os.umask(umask)
    return umask


@contextmanager
def _named(target: str) -> Iterator[None]:
    """Say which file could not be written."""
    try:
        yield
    except OSError as error:
        said = f"`{target}` could not be written: {error.strerror}"
        raise ReportError(said, hint="nothing was left behind") from error
