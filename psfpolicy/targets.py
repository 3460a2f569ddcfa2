"""From paths to files: what a user names, and what the folders of a repository hold."""

from __future__ import annotations

import os
import re
import stat
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final, overload

from psfpolicy import source
from psfpolicy.contents import bytes_of
from psfpolicy.errors import NotAssessedError, NothingToAssessError, UsageError
from psfpolicy.files import DISK, LFS, KeptElsewhereError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import NoReturn

    from psfpolicy.files import Files
    from psfpolicy.gates import Exclusion

STDIN = "-"
"""The path that stands for standard input."""
STDIN_NAME = source.STANDARD_INPUT
"""What standard input is called in places."""

_SUFFIXES = (".yaml", ".yml", ".json")
_WORDS = ("psfpolicy/", "LLMDeployment")
# UTF-16, in either order of bytes, is refused by the reader; passed over it would be one descriptor less.
_MARKS = (*(word.encode() for word in _WORDS), *(word.encode("utf-16-le")[:-1] for word in _WORDS))
MARKS: Final = (*_WORDS, LFS, *map(os.fsdecode, (b"\xff\xfe", b"\xfe\xff")))
"""What a file has in it that may hold a descriptor, as searches for text take it: the words, what pointers of git LFS
begin with, or two bytes of UTF-16."""
_REPORT = re.compile(rb'\s*\{\s*"schema": ?"psfpolicy/(?:report|evidence|run)/')
_BLOCK = 64
"""Targets of a row that are packed together."""
_SKIPPED = {".git", ".hg", ".svn", ".tox", ".terraform", ".venv", "venv", "node_modules", "__pycache__"}


@dataclass(frozen=True, slots=True)
class Target:
    """A file to assess."""

    path: str
    """Where to open it; `-` for standard input."""
    name: str
    """How reports call it: relative to the working directory, with forward slashes."""
    named: bool
    """The user named it, so that a file without a descriptor is an error and not another file."""
    stream: bool
    """Standard input, a pipe or a device: it stands in no folder."""


class Row(Sequence[Target]):
    """Targets in the order of their names, in less memory than their paths take: there may be very many.

    Args:
        found: The targets, in any order, relative to the working directory of now.
    """

    def __init__(self, found: Iterable[Target]) -> None:
        self.streams = False
        """One of them at least is a stream."""
        # Only as bytes, and of those that are let go of as they come: at no time are there as many objects.
        named = []
        for item in found:
            self.streams = self.streams or item.stream
            how = f"{'n' if item.named else ''}{'s' if item.stream else ''}"
            named.append("\0".join((item.name, how, item.path)).encode(errors="surrogateescape"))
        named.sort()
        self._count = len(named)
        # Neighbours have most of a path in common.
        self._blocks = tuple(
            zlib.compress(b"\0".join(row.partition(b"\0")[2] for row in named[start : start + _BLOCK]), level=1)
            for start in range(0, self._count, _BLOCK)
        )
        self._open: tuple[int, list[str]] = -1, []
        """The block that was looked at last: its number, and how and where each of its targets is."""

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Target: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Target, ...]: ...

    def __getitem__(self, index: int | slice) -> Target | tuple[Target, ...]:
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(len(self))))
        block, at = divmod(range(self._count)[index], _BLOCK)
        if block != self._open[0]:
            text = zlib.decompress(self._blocks[block]).decode(errors="surrogateescape")
            self._open = block, text.split("\0")
        how, path = self._open[1][2 * at : 2 * at + 2]
        return Target(path, _name_of(path), named="n" in how, stream="s" in how)


def _name_of(path: str) -> str:
    return STDIN_NAME if path == STDIN else display_name(path)


def targets(paths: Sequence[str]) -> tuple[Target, ...]:
    """Find the files to assess.

    Args:
        paths: Files, folders and `-`, as the user named them; empty for the repository of the working directory.

    Returns:
        Each file once, named ones first in their order, then those of folders by name.

    Raises:
        UsageError: A path does not exist, or is neither a file nor a folder.
        NothingToAssessError: The folders hold no file that mentions a descriptor.
        NotAssessedError: A folder cannot be searched.
    """
    found = tuple(each(paths))
    if not found:
        raise nowhere()
    return found


def nowhere() -> NothingToAssessError:
    """Give the error that says that there is no file to assess."""
    return NothingToAssessError(
        "no descriptor found: no file here has `apiVersion: psfpolicy/v1`",
        hint="`psfpolicy init` writes one to start from",
    )


def each(paths: Sequence[str]) -> Iterator[Target]:
    """Find the files to assess, as `targets` does, one after the other; nothing where the folders hold none."""
    asked = paths or (str(repository_of(Path.cwd()) or "."),)
    kinds = {path: _mode(path) for path in asked}
    # Of very many files a digest takes half of what a path does.
    seen: set[bytes] = set()
    for path in (path for path in asked if not stat.S_ISDIR(kinds[path])):
        if not _among(path, seen):
            yield Target(path, _name_of(path), named=True, stream=not stat.S_ISREG(kinds[path]))
    for folder in (path for path in asked if stat.S_ISDIR(kinds[path])):
        for path in sorted(_mentioning(folder)):
            if not _among(path, seen):
                yield Target(path, display_name(path), named=False, stream=False)


def _among(path: str, seen: set[bytes]) -> bool:
    """Say whether a file was seen before, whatever name led to it; from now on it was."""
    real = path if path == STDIN else os.path.realpath(path)
    key = blake2b(os.fsencode(real), digest_size=16).digest()
    known = key in seen
    seen.add(key)
    return known


def parted(found: Iterable[Target], exclusion: Exclusion | None) -> tuple[tuple[Target, ...], tuple[str, ...]]:
    """Give what is assessed, and the names of what the settings exclude, sorted."""
    if exclusion is None:
        return tuple(found), ()
    kept: list[Target] = []
    excluded: list[str] = []
    for target in found:
        if excludes(exclusion, target):
            excluded.append(target.name)
        else:
            kept.append(target)
    return tuple(kept), tuple(sorted(excluded))


def excludes(exclusion: Exclusion, target: Target) -> bool:
    """Say whether the settings exclude a target; a stream stands in no folder."""
    return not target.stream and exclusion.covers(target.path)


def display_name(path: str) -> str:
    """Give the name of a file as reports show it: relative to the working directory, never absolute, and Unicode."""
    try:
        name = Path(os.path.relpath(path)).as_posix()
    except ValueError:  # another drive, on Windows
        name = Path(path).name
    return os.fsencode(name).decode(errors="backslashreplace")


def _mentioning(folder: str) -> Iterator[str]:
    """Give the files below a folder that mention a descriptor; what cannot be read is left for the reader to report."""
    for root, folders, files in os.walk(folder, onerror=_unsearchable):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        for name in files:
            path = os.path.join(root, name)  # noqa: PTH118  # a name that is not Unicode stays as it is
            if name.lower().endswith(_SUFFIXES) and os.path.isfile(path) and mentions(path):  # noqa: PTH113  # likewise
                yield path


def searched(name: str) -> bool:
    """Say whether a search of a folder comes to a file in it.

    Args:
        name: Its path, relative to the folder.
    """
    return _SKIPPED.isdisjoint(Path(name).parts[:-1])


def _unsearchable(error: OSError) -> NoReturn:
    raise NotAssessedError(
        f"the folder `{display_name(str(error.filename))}` cannot be searched: {error.strerror}",
        hint="it may hold a descriptor; name the files and folders to assess",
    ) from error


def mentions(path: str, files: Files = DISK) -> bool:
    """Say whether a file may hold a descriptor; one that cannot be read may, unless it is too large to be one."""
    try:
        data = bytes_of(path, files)
    except KeptElsewhereError as error:
        return error.size <= source.MAX_BYTES
    except OSError:
        return True
    return mentioned(data)


def mentioned(data: bytes) -> bool:
    """Say whether the content of a file may hold a descriptor."""
    return any(mark in data for mark in _MARKS) and not _REPORT.match(data)


def _mode(path: str) -> int:
    """Give what kind of file a path leads to.

    Raises:
        UsageError: To none, or to one that cannot be read from.
    """
    hint = "nothing was assessed; check the spelling, and the working directory"
    if path == STDIN:
        return stat.S_IFIFO
    try:
        mode = Path(path).stat().st_mode if path else 0
    except (FileNotFoundError, NotADirectoryError):
        mode = 0
    except (OSError, ValueError) as error:
        raise UsageError(f"`{path}` cannot be looked at: {getattr(error, 'strerror', error)}", hint=hint) from error
    if stat.S_ISDIR(mode) or stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or stat.S_ISCHR(mode):
        return mode
    missing = not path or not os.path.lexists(path)
    raise UsageError(f"`{path}` does not exist" if missing else f"`{path}` is no file or folder", hint=hint)


def repository_of(start: Path) -> Path | None:
    """Give the root of the git work tree that a folder lies in; a file `.git` marks a worktree or a submodule."""
    resolved = Path(os.path.realpath(start))
    # `os.path` takes a folder that may not be read for one without it, where `pathlib` raises.
    return next((folder for folder in (resolved, *resolved.parents) if os.path.exists(folder / ".git")), None)  # noqa: PTH110
