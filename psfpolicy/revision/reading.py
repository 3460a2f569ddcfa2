"""The files of a commit, read as those of a work tree are."""

from __future__ import annotations

import os
from dataclasses import dataclass
from errno import EISDIR, ELOOP, ENOENT
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from psfpolicy.files import KeptElsewhereError, is_pointer
from psfpolicy.globbing import matching
from psfpolicy.revision.running import blob, blobs, kept_by
from psfpolicy.revision.tree import tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from psfpolicy.revision.tree import Tree

_MOST_LINKS = 40
_LONGEST_LINK = 65_536


@dataclass(frozen=True, slots=True)
class Revision:
    """The files of a commit, at the paths that they have, or would have, in the work tree."""

    root: str
    """The repository's."""
    commit: str
    """In full."""
    near: str = ""
    """Another commit that is read too, and has mostly the same files."""

    def read(self, path: str, most: int) -> bytes:
        """See `Files`; of what git LFS keeps, the content where this clone has it.

        Raises:
            OSError: It is not there, is no file, or its content is somewhere else.
        """
        name = self._inside(self.real(path))
        entry = self._tree.file(name)
        if entry is None:
            kind = EISDIR if name in self._tree.folders else ENOENT
            raise OSError(kind, os.strerror(kind), path)
        data = blob(entry.repository, entry.blob, most)
        return self._large(data, path, most) if is_pointer(data) else data

    def read_many(self, names: Iterable[str], most: int) -> Iterator[tuple[str, bytes]]:
        """Give the content of files by their names relative to the root, in any order.

        Left out is what must be read by itself: no file, a link, what is in a submodule, larger than that, or kept
        by git LFS.
        """
        by_blob: dict[str, list[str]] = {}
        for name in names:
            entry = self._tree.file(name)
            if entry is not None and entry.repository == self.root:
                by_blob.setdefault(entry.blob, []).append(name)
        for digest, data in blobs(self.root, list(by_blob), most):
            if not is_pointer(data):
                yield from ((name, data) for name in by_blob[digest])

    def _large(self, pointer: bytes, path: str, most: int) -> bytes:
        """Give what a pointer of git LFS stands for."""
        digest = pointer.partition(b"oid sha256:")[2][:64].decode("ascii", errors="replace")
        kept = Path(kept_by(self.root), "lfs", "objects", digest[:2], digest[2:4], digest)
        if not digest.isalnum() or not kept.is_file():
            raise KeptElsewhereError(pointer, path)
        with kept.open("rb") as file:
            return file.read(most)

    def is_file(self, path: str) -> bool:
        """See `Files`."""
        return self._tree.is_file(self._inside(self._followed(path)))

    def is_folder(self, path: str) -> bool:
        """See `Files`."""
        return self._inside(self._followed(path)) in self._tree.folders

    def real(self, path: str) -> str:
        """See `Files`.

        Raises:
            OSError: Links lead in a circle.
        """
        if "\0" in path:
            raise ValueError(path)
        whole = path if path.startswith(f"{self.root}/") else os.path.join(_here(self.root, os.getcwd()), path)  # noqa: PTH109, PTH118  # a name may be no Unicode
        if not self._tree.links:
            return os.path.normpath(whole)
        steps = list(reversed(self._inside(whole).split("/")))
        found: list[str] = []
        links = 0
        while steps:
            step = steps.pop()
            if step == ".." and found and found[-1] != "..":
                found.pop()
                continue
            if step in {"", "."}:
                continue
            found.append(step)
            if found[0] == ".." and os.path.normpath(os.path.join(self.root, *found)) == self.root:  # noqa: PTH118
                found = []  # out of the repository, and into it again
                continue
            entry = self._tree.links.get("/".join(found))
            if entry is not None:
                links += 1
                if links > _MOST_LINKS:
                    raise OSError(ELOOP, os.strerror(ELOOP), path)
                aim = os.fsdecode(blob(entry.repository, entry.blob, _LONGEST_LINK))
                found = [] if os.path.isabs(aim) else found[:-1]  # noqa: PTH117
                steps += reversed((self._inside(aim) if os.path.isabs(aim) else aim).split("/"))  # noqa: PTH117
        return os.path.normpath(os.path.join(self.root, *found))  # noqa: PTH118

    def _followed(self, path: str) -> str:
        try:
            return self.real(path)
        except (OSError, ValueError):
            return "\0"

    def keeps(self, name: str) -> bool:
        """Say whether there is anything at a path relative to the root, as it is written."""
        return self._tree.holds(name)

    def glob(self, pattern: str, folder: str, root: str | None = None) -> list[str]:
        """See `Files`."""
        here = self._followed(folder)
        return [] if here == "\0" else matching(pattern, here, self, root)

    def names(self, folder: str) -> list[str]:
        """See `Folders`; of a folder around the repository, the way into it."""
        if self.root.startswith(_ended(folder)):
            return [self.root.removeprefix(_ended(folder)).partition("/")[0]]
        return self._tree.folders.get(self._inside(folder), [])

    def inner(self, folder: str, name: str) -> str | None:
        """See `Folders`."""
        path = f"{_ended(folder)}{name}"
        if self._inside(path) in self._tree.links:
            path = self._followed(path)
        return path if self.root.startswith(_ended(path)) or self._inside(path) in self._tree.folders else None

    def holds(self, folder: str, name: str) -> bool:
        """See `Folders`."""
        inside = self._inside(f"{_ended(folder)}{name}")
        return self._tree.holds(inside) or self.inner(folder, name) is not None

    def stamp(self, path: str) -> tuple[int | str, ...]:
        """See `Files`."""
        entry = self._tree.file(self._inside(self._followed(path)))
        return () if entry is None else (entry.blob,)

    def _inside(self, path: str) -> str:
        """Give a path relative to the root, as git writes it; one that leads outside begins with `..`."""
        if path.startswith(f"{self.root}/"):
            return path[len(self.root) + 1 :]
        return Path(os.path.relpath(path, self.root)).as_posix() if path != "\0" else path

    @property
    def _tree(self) -> Tree:
        return tree(self.root, self.commit, self.near)


def _ended(folder: str) -> str:
    return folder if folder.endswith("/") else f"{folder}/"


@cache
def _here(root: str, folder: str) -> str:
    """Give a working directory without symbolic links; the root, of a bare repository."""
    here = os.path.realpath(folder)
    return here if Path(here).is_relative_to(root) else root
