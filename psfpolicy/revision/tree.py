"""The paths of a commit."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.errors import UsageError
from psfpolicy.revision.running import names, root_of, told

if TYPE_CHECKING:
    from collections.abc import Iterable

_LINK, _SUBMODULE = "120000", "160000"
_NOTHING = "000000"
_DIFFERENCE = ("-r", "-z", "--no-renames", "--no-ext-diff", "--ignore-submodules=none")


class Entry(NamedTuple):
    """What a tree says of a path."""

    mode: str
    blob: str
    repository: str
    """The root of the repository that has the blob: that of a submodule for what is in it."""


class Tree(NamedTuple):
    """Everything in a commit, by its path."""

    root: str
    """The repository's."""
    said: dict[str, str]
    """What git says of a file or link; of thousands, few are asked for. `_entry` reads it."""
    links: dict[str, Entry]
    folders: dict[str, list[str]]
    """Names in a folder, sorted; the root is `.`."""

    def file(self, name: str) -> Entry | None:
        """Give what is at a path; None where that is no file."""
        return _entry(self.said[name], self.root) if self.is_file(name) else None

    def is_file(self, name: str) -> bool:
        """Say whether a path is that of a file."""
        return name in self.said and name not in self.links

    def holds(self, name: str) -> bool:
        """Say whether there is anything at a path."""
        return name in self.said or name in self.folders


@cache
def tree(root: str, commit: str, near: str = "") -> Tree:
    """Give the paths of a commit; what is in a submodule too, where this clone has it.

    Args:
        root: The repository's.
        commit: In full.
        near: A commit whose paths are known and mostly the same.
    """
    said = _listing(root, commit) if not near else _moved(root, near, commit)
    folders: dict[str, list[str]] = {".": []}
    for path in said:
        name = path
        while name:
            parent, _, last = name.rpartition("/")
            inside = folders.get(parent or ".")
            if inside is not None:
                inside.append(last)
                break
            folders[parent] = [last]
            name = parent
    for inside in folders.values():
        inside.sort()
    links = {name: _entry(head, root) for name, head in said.items() if head.startswith(_LINK)}
    return Tree(root, said, links, folders)


@cache
def _listing(root: str, commit: str) -> dict[str, str]:
    found: dict[str, str] = {}
    submodules: list[str] = []
    for line in names(told(root, "ls-tree", "-r", "-z", "--full-tree", commit)):
        head, _, name = line.partition("\t")
        found[name] = head
        if head.startswith(_SUBMODULE):
            submodules.append(name)
    for name in submodules:
        found |= _within(root, name, found.pop(name).rpartition(" ")[2])
    return found


def _moved(root: str, near: str, commit: str) -> dict[str, str]:
    """Give the paths of a commit by what differs from another."""
    changed = iter(names(told(root, "diff-tree", *_DIFFERENCE, near, commit)))
    found = dict(_listing(root, near))
    for line, name in zip(changed, changed, strict=True):
        before, mode, _, blob, _ = line.removeprefix(":").split(" ")
        if before == _SUBMODULE:
            for inner in [inner for inner in found if inner.startswith(f"{name}/")]:
                del found[inner]
        found.pop(name, None)
        if mode == _SUBMODULE:
            found |= _within(root, name, blob)
        elif mode != _NOTHING:
            found[name] = f"{mode} blob {blob}"
    return found


def _within(root: str, name: str, commit: str) -> Iterable[tuple[str, str]]:
    """Give what is in a submodule, each with the submodule's root, or that of one inside it."""
    inner = os.path.join(root, name)  # noqa: PTH118  # a name that is not Unicode stays as it is
    try:
        # Its own repository, and not the one around it, where it has not been initialised.
        known = root_of(inner)[0] == os.path.realpath(inner)
        listed = _listing(inner, commit) if known else {}
    except UsageError:
        return []
    return [(f"{name}/{path}", head if "\t" in head else f"{head}\t{inner}") for path, head in listed.items()]


def _entry(head: str, root: str) -> Entry:
    head, _, elsewhere = head.partition("\t")
    mode, _, blob = head.split(" ")
    return Entry(mode, blob, elsewhere or root)
