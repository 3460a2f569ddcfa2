"""Where files are read from: the disk, or a revision of a repository that looks like it."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from errno import EREMOTE
from pathlib import Path
from typing import Final, Protocol

from psfpolicy.globbing import matching

LFS: Final = "version https://git-lfs.github.com/spec/"
"""What a file begins with that git LFS keeps the content of (git-lfs, docs/spec.md, "The Pointer")."""
_SIZE = re.compile(rb"^size ([0-9]{1,18})$", re.MULTILINE)


class KeptElsewhereError(OSError):
    """A file that is a pointer of git LFS, whose content is not in this clone."""

    def __init__(self, pointer: bytes, path: str) -> None:
        super().__init__(EREMOTE, "its content is kept by git LFS, and is not here; `git lfs pull` gets it", path)
        size = _SIZE.search(pointer)
        self.size = int(size[1]) if size else 0
        """Bytes of the content; 0 where the pointer does not say."""


def is_pointer(data: bytes) -> bool:
    """Say whether the bytes of a file are a pointer of git LFS."""
    return data.startswith(LFS.encode())


class Files(Protocol):
    """Files by the paths that they have in the work tree, relative to the working directory or absolute."""

    def read(self, path: str, most: int) -> bytes:
        """Give the content of a file, at most so many bytes of it.

        Raises:
            OSError: It cannot be read.
            KeptElsewhereError: Only a pointer to the content is there.
        """
        ...

    def is_file(self, path: str) -> bool:
        """Say whether a path leads to a file."""
        ...

    def is_folder(self, path: str) -> bool:
        """Say whether a path leads to a folder."""
        ...

    def real(self, path: str) -> str:
        """Give the absolute path without symbolic links.

        Raises:
            OSError, ValueError: No file can have such a name.
        """
        ...

    def glob(self, pattern: str, folder: str, root: str | None = None) -> list[str]:
        """Give what a pattern matches below a folder, relative to it, in any order: see `globbing.matching`.

        Raises:
            OutsideError: It looks for something outside of the root.
        """
        ...

    def stamp(self, path: str) -> tuple[int | str, ...]:
        """Give what changes when somebody writes the file anew; empty where that cannot be told."""
        ...


@dataclass(frozen=True, slots=True)
class Disk:
    """The files that are there now."""

    def read(self, path: str, most: int) -> bytes:
        """See `Files`."""
        with Path(path).open("rb") as file:
            data = file.read(most)
        if is_pointer(data):
            raise KeptElsewhereError(data, path)
        return data

    def is_file(self, path: str) -> bool:
        """See `Files`."""
        return os.path.isfile(path)  # noqa: PTH113  # `pathlib` raises for a name that is too long

    def is_folder(self, path: str) -> bool:
        """See `Files`."""
        return os.path.isdir(path)  # noqa: PTH112  # likewise

    def real(self, path: str) -> str:
        """See `Files`."""
        return os.path.realpath(path)

    def glob(self, pattern: str, folder: str, root: str | None = None) -> list[str]:
        """See `Files`."""
        return matching(pattern, os.path.realpath(folder), self, root)

    def names(self, folder: str) -> list[str]:
        """See `Folders`."""
        try:
            return sorted(os.listdir(folder))  # noqa: PTH208  # a name that is not Unicode stays as it is
        except OSError:
            return []

    def inner(self, folder: str, name: str) -> str | None:
        """See `Folders`."""
        path = os.path.join(folder, name)  # noqa: PTH118  # likewise
        if not self.is_folder(path):
            return None
        return os.path.realpath(path) if os.path.islink(path) else path  # noqa: PTH114  # likewise

    def holds(self, folder: str, name: str) -> bool:
        """See `Folders`."""
        return os.path.lexists(os.path.join(folder, name))  # noqa: PTH118  # likewise

    def stamp(self, path: str) -> tuple[int | str, ...]:
        """See `Files`."""
        try:
            found = Path(path).stat()
        except OSError:  # reading it says what is wrong
            return ()
        return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


DISK = Disk()
"""The files that are there now."""
