"""When to run again: a file of a folder is new, gone, or has changed."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, TypeAlias

from psfpolicy.targets import searched

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

State: TypeAlias = frozenset[tuple[str, int, int]]
"""Name, time of the last change in nanoseconds and size of each file."""

SECONDS = 0.25
"""Between two looks; one at a pack of some hundred files takes a millisecond."""


def state(folder: Path) -> State:
    """Look at the files that tests rest on: Rego, YAML and JSON, wherever they lie in a folder."""
    found = set()
    for at, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if searched(f"{name}/x") and not name.startswith(".")]
        for name in files:
            if name.endswith((".rego", ".yaml", ".yml", ".json", ".tf")):
                try:
                    known = os.stat(os.path.join(at, name))  # noqa: PTH116, PTH118  # a name need not be Unicode
                except OSError:  # gone since; the next look will not list it
                    continue
                found.add((os.path.join(at, name), known.st_mtime_ns, known.st_size))  # noqa: PTH118  # likewise
    return frozenset(found)


def changed(folder: Path, before: State, sleep: Callable[[float], None] = time.sleep) -> State:
    """Wait until something differs, and then until it has come to rest.

    Args:
        folder: What is looked at.
        before: What it was when the tests were last run.
        sleep: What waits.

    Returns:
        What it is now.
    """
    now = state(folder)
    while now == before:
        sleep(SECONDS)
        now = state(folder)
    settled = False
    while not settled:
        sleep(SECONDS / 5)
        later = state(folder)
        settled, now = later == now, later
    return now
