"""What a glob matches, on the disk as in a commit, in a time that links cannot stretch."""

from __future__ import annotations

import os
from collections import deque
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Protocol

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


def matching(pattern: str, folder: str, folders: Folders) -> list[str]:
    """Give what a pattern matches below a folder, relative to it; `**` crosses folders. An absolute one has none.

    As the standard library's `glob`, names with a dot at the front are matched by what has one. Unlike there, each
    folder is entered once for each part of the pattern, however many links lead to it, and by a way without links
    where there is one: of links in a circle `glob` makes ways without end, each of whose files it has given before.
    """
    parts = pattern.split("/")
    found: dict[str, None] = {}
    waiting = deque([] if pattern.startswith("/") else [("", folder, 0)])
    entered: set[tuple[int, str]] = set()
    while waiting:
        prefix, here, at = waiting.popleft()
        if (at, here) in entered:
            continue
        entered.add((at, here))
        part, last = parts[at], at == len(parts) - 1
        if part in {"", ".", ".."}:
            aim = os.path.dirname(here) if part == ".." else here  # noqa: PTH120  # a name may be no Unicode
            _go(waiting, found, f"{prefix}{part}", aim, None if last else at + 1, link=False)
            continue
        if part == "**" and not last:
            waiting.appendleft((prefix, here, at + 1))
        for name in _named(part, here, folders):
            path = f"{prefix}{name}"
            if last:
                found[path] = None
            if last and part != "**":
                continue
            there = folders.inner(here, name)
            if there is not None:
                link = there != os.path.join(here, name)  # noqa: PTH118  # likewise
                _go(waiting, found, path, there, at if part == "**" else at + 1, link=link)
    return list(found)


def _go(
    waiting: deque[tuple[str, str, int]], found: dict[str, None], path: str, there: str, at: int | None, *, link: bool
) -> None:
    if at is None:
        found[path] = None
    elif link:
        waiting.append((f"{path}/", there, at))
    else:
        waiting.appendleft((f"{path}/", there, at))


def _named(part: str, folder: str, folders: Folders) -> Iterable[str]:
    if part == "**":
        return [name for name in folders.names(folder) if not name.startswith(".")]
    if any(character in part for character in "*?["):
        hidden = part.startswith(".")
        return [n for n in folders.names(folder) if fnmatchcase(n, part) and (hidden or not n.startswith("."))]
    return [part] if folders.holds(folder, part) else []
