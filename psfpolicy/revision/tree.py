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

    files: dict[str, Entry]
    links: dict[str, Entry]
    folders: dict[str, list[str]]
    """Names in a folder, sorted; the root is `.`."""


@cache
def tree(root: str, commit: str, near: str = "") -> Tree:
    """Give the paths of a commit; what is in a submodule too, where this clone has it.

    Args:
        root: The repository's.
        commit: In full.
        near: A commit whose paths are known and mostly the same.
    """
    entries = _listing(root, commit) if not near else _moved(root, near, commit)
    folders: dict[str, list[str]] = {".": []}
    for path in entries:
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
    return Tree(
        files={name: entry for name, entry in entries.items() if entry.mode != _LINK},
        links={name: entry for name, entry in entries.items() if entry.mode == _LINK},
        folders=folders,
    )


@cache
def _listing(root: str, commit: str) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for line in names(told(root, "ls-tree", "-r", "-z", "--full-tree", commit)):
        head, _, name = line.partition("\t")
        mode, _, blob = head.split(" ")
        if mode == _SUBMODULE:
            found |= _within(root, name, blob)
        else:
            found[name] = Entry(mode, blob, root)
    return found


def _moved(root: str, near: str, commit: str) -> dict[str, Entry]:
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
            found[name] = Entry(mode, blob, root)
    return found


def _within(root: str, name: str, commit: str) -> Iterable[tuple[str, Entry]]:
    """Give what is in a submodule."""
    inner = os.path.join(root, name)  # noqa: PTH118  # a name that is not Unicode stays as it is
    try:
        # Its own repository, and not the one around it, where it has not been initialised.
        known = root_of(inner)[0] == os.path.realpath(inner)
        return [(f"{name}/{path}", entry) for path, entry in _listing(inner, commit).items()] if known else []
    except UsageError:
        return []
