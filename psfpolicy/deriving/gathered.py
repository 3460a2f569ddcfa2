"""The manifests that a user names: as globs that a descriptor can name, and what they show."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import TYPE_CHECKING

from psfpolicy.errors import DocumentError, NotAssessedError, UsageError
from psfpolicy.evidence.gathering import Globs, gather
from psfpolicy.files import DISK
from psfpolicy.inert import inert
from psfpolicy.model.place import Place, Region
from psfpolicy.targets import display_name, repository_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psfpolicy.evidence.gathering import Evidence
    from psfpolicy.model.place import JsonValue

_NOWHERE = Place("<command line>", Region(1, 1, 1, 1))
_SUFFIXES = (".yaml", ".yml", ".json", ".tf", ".tfvars", ".hcl")


def patterns(paths: Sequence[str], folder: str) -> tuple[str, ...]:
    """Give globs of manifests, relative to the folder of the descriptor that names them, each once.

    Args:
        paths: Files, folders and globs, as the user named them.
        folder: The folder of the descriptor.

    Raises:
        UsageError: A path does not exist, and as a glob matches nothing; a folder has no manifests; or a name has
            characters that nobody can see.
    """
    found = tuple(dict.fromkeys(pattern for path in paths for pattern in _patterns(path, folder)))
    if not found:
        raise UsageError("no manifests are named", hint="name files, folders or globs")
    for pattern in found:
        if inert(pattern) != pattern:
            raise UsageError(
                f"`{inert(pattern)}` cannot be written in a descriptor", hint="rename the file, or use a glob"
            )
    return found


def _patterns(path: str, folder: str) -> Iterator[str]:
    hint = "nothing was read; check the spelling, and the working directory"
    if "\0" in path or not path:
        raise UsageError("a path is empty or has a NUL in it", hint=hint)
    near = Path(os.path.relpath(path, folder)).as_posix()
    if os.path.isdir(path):  # noqa: PTH112  # `pathlib` raises for a name that is too long
        inside = "" if near == "." else f"{glob.escape(near)}/"
        held = [f"{inside}**/*{suffix}" for suffix in _SUFFIXES]
        held = [pattern for pattern in held if DISK.glob(pattern, folder)]
        if not held:
            raise UsageError(f"the folder `{path}` holds no file ending in {', '.join(_SUFFIXES)}", hint=hint)
        yield from held
    elif os.path.lexists(path):
        yield glob.escape(near)
    elif glob.glob(path, recursive=True):  # noqa: PTH207  # `Path.glob` has no root of its own
        yield near
    else:
        raise UsageError(f"`{path}` does not exist", hint=hint)


def evidence_of(descriptor: JsonValue, globs: Sequence[str], folder: str) -> Evidence:
    """Gather what manifests show.

    Args:
        descriptor: What it is about; an empty map where that is to be found out.
        globs: Relative to the folder.
        folder: The folder of the descriptor.

    Raises:
        NotAssessedError: A manifest cannot be read, or lies outside the repository, with every mistake at its place.
    """
    root = str(repository_of(Path(folder)) or os.path.realpath(folder))
    named = Globs(patterns=tuple((pattern, _NOWHERE) for pattern in globs), folder=folder, root=root)
    try:
        return gather(descriptor, (named,), display_name)
    except DocumentError as error:
        details = []
        for item in error.diagnostics:
            region = item.place.region
            where = "" if item.place is _NOWHERE else f"{item.place.file}:{region.start_line}:{region.start_column}: "
            details.append(f"  {where}{item.message}")
            details += [f"      hint: {item.hint}"] if item.hint else []
        raise NotAssessedError("the manifests cannot be read", details=tuple(details)) from error
