"""The files of a pack, as they lie on the disk: plain files at paths that mean something, and not too many."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from psfpolicy.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_FILES = 2_000
"""Files that a pack may hold."""
MOST_BYTES = 4 * 2**20
"""Bytes that one of them may have."""

_PATHS = re.compile(
    r"rego/psfpolicy/(?:"
    r"controls/[^/]+\.rego|controls/[^/]+/[^/]+\.rego|packs/[^/]+/(?:[^/]+/)*[^/]+\.rego|packs/[^/]+\.rego"
    r"|catalogue/[^/]+/data\.yaml)"
)
PLACES = "controls/<domain>.rego, controls/<domain>/<control>.rego, packs/<pack>/….rego, catalogue/<table>/data.yaml"
"""Where the files of a pack lie, below `rego/psfpolicy`."""


def sources_of(folder: Path) -> dict[str, bytes]:
    """Give the files below `rego` of a pack, by path below its folder: `rego/psfpolicy/controls/bank/region.rego`.

    Raises:
        BuildError: One is a link or no plain file, lies where nothing of a pack lies, or is too large; or they are
            too many.
    """
    names = sorted(_names(folder))
    if len(names) > MOST_FILES:
        raise BuildError(f"the pack `{folder}` holds more than {MOST_FILES:,} files below rego/")
    problems = [f"{folder / name}: {complaint}" for name in names if (complaint := _complaint(folder / name, name))]
    if problems:
        raise BuildError(f"the pack `{folder}` holds files that are none of a pack", details=tuple(problems))
    return {name: contents(folder / name) for name in names}


def contents(path: Path) -> bytes:
    """Give what a file of a pack holds.

    Raises:
        BuildError: It cannot be read, is a link, or is too large.
    """
    if complaint := _complaint(path):
        raise BuildError(f"`{path}`: {complaint}")
    try:
        with path.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise BuildError(f"`{path}` cannot be read: {error.strerror}") from error
    if len(data) > MOST_BYTES:
        raise BuildError(f"`{path}` is larger than {MOST_BYTES // 2**20} MiB")
    return data


def _names(folder: Path) -> Iterator[str]:
    """Give all that is below `rego`, links to folders among them, which are not followed."""
    if (folder / "rego").is_symlink():
        raise BuildError(f"`{folder / 'rego'}` is a symbolic link: a pack holds its own files")
    for at, folders, files in os.walk(folder / "rego"):
        links = [name for name in folders if (Path(at) / name).is_symlink()]
        for name in (*files, *links):
            yield (Path(at) / name).relative_to(folder).as_posix()


def _complaint(path: Path, name: str | None = None) -> str | None:
    if path.is_symlink():
        return "is a symbolic link: a pack holds its own files"
    if path.exists() and not path.is_file():
        return "is no plain file"
    if name is not None and not _PATHS.fullmatch(name):
        return f"is none of what a pack holds below rego/psfpolicy: {PLACES}"
    return None
