"""What a glob matches, on the disk as in a commit, in a time that links cannot stretch."""

from __future__ import annotations

import os
from collections import deque
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable


class Folders(Protocol):
    """Folders by their absolute paths, links resolved."""

    def names(self, folder: str) -> Iterable[str]:
        """Give the names in a folder, sorted; none where it cannot be searched."""
        ...

    def inner(self, folder: str, name: str) -> str | None:
        """Give the folder that a name in a folder is or leads to; None where it is none."""
        ...

    def holds(self, folder: str, name: str) -> bool:
        """Say whether a folder has a name, be it a link that leads nowhere."""
        ...


class OutsideError(Exception):
    """What a pattern writes out leads outside of where anything is looked for."""


def matching(pattern: str, folder: str, folders: Folders, root: str | None = None) -> list[str]:
    """Give what a pattern matches below a folder, relative to it; `**` crosses folders. An absolute one has none.

    As the standard library's `glob`, names with a dot at the front are matched by what has one. Unlike there, each
    folder is entered once for each part of the pattern, however many links lead to it, and by a way without links
    where there is one: of links in a circle `glob` makes ways without end, each of whose files it has given before.

    Args:
        pattern: With `/` between its parts.
        folder: An absolute path, links resolved.
        folders: What there is.
        root: The folder outside of which nothing is looked for, links resolved; None for anywhere.

    Raises:
        OutsideError: The pattern has a wildcard outside of the root, and no link that another one matched led there.
    """
    parts = pattern.split("/")
    found: dict[str, None] = {}
    waiting = deque([] if pattern.startswith("/") else [_Way("", folder, 0)])
    entered: set[tuple[int, str]] = set()
    while waiting:
        way = waiting.popleft()
        prefix, here, at, _ = way
        if (at, here) in entered:
            continue
        entered.add((at, here))
        part, last = parts[at], at == len(parts) - 1
        if part in {"", ".", ".."}:
            aim = os.path.dirname(here) if part == ".." else here  # noqa: PTH120  # a name may be no Unicode
            _go(waiting, found, way._replace(prefix=f"{prefix}{part}", folder=aim), None if last else at + 1)
            continue
        wild = _is_wild(part)
        if wild and root is not None and not way.led and not _within(here, root):
            raise OutsideError(pattern)
        if part == "**" and not last:
            waiting.appendleft(way._replace(at=at + 1))
        for name in _named(part, here, folders):
            path = f"{prefix}{name}"
            if last:
                found[path] = None
            if last and part != "**":
                continue
            there = folders.inner(here, name)
            if there is not None:
                link = there != os.path.join(here, name)  # noqa: PTH118  # likewise
                inner = _Way(path, there, at, led=way.led or (wild and link))
                _go(waiting, found, inner, at if part == "**" else at + 1, link=link)
    return list(found)


class _Way(NamedTuple):
    """How far a pattern has been followed."""

    prefix: str
    folder: str
    at: int
    """The part of the pattern that is matched next."""
    led: bool = False
    """Through a link that a wildcard matched."""


def _go(waiting: deque[_Way], found: dict[str, None], way: _Way, at: int | None, *, link: bool = False) -> None:
    if at is None:
        found[way.prefix] = None
        return
    onwards = way._replace(prefix=f"{way.prefix}/", at=at)
    if link:
        waiting.append(onwards)
    else:
        waiting.appendleft(onwards)


def _is_wild(part: str) -> bool:
    return any(character in part for character in "*?[")


def _within(folder: str, root: str) -> bool:
    return folder == root or folder.startswith(os.path.join(root, ""))  # noqa: PTH118  # a name may be no Unicode


def _named(part: str, folder: str, folders: Folders) -> Iterable[str]:
    if part == "**":
        return [name for name in folders.names(folder) if not name.startswith(".")]
    if _is_wild(part):
        hidden = part.startswith(".")
        return [n for n in folders.names(folder) if fnmatchcase(n, part) and (hidden or not n.startswith("."))]
    return [part] if folders.holds(folder, part) else []
