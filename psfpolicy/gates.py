"""Which gate and which least scores hold for which descriptor: what was asked for, raised by the settings' floors."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from psfpolicy.model.report import GATES, GateName

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_THRESHOLDS: Final[Mapping[str, int]] = MappingProxyType({})
"""Nothing but what the gate asks for itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFloor:
    """A least gate, and least scores beside it, for some descriptors."""

    gate: GateName = "advisory"
    """The least gate."""
    thresholds: Mapping[str, int] = field(default_factory=dict)
    """Least scores, 0 to 100, by domain."""
    paths: tuple[str, ...] = ()
    """Globs over the file's path relative to `folder`: `*` crosses folders, `**/` may stand for none, and a folder
    for all below it; empty for every file."""
    environments: tuple[str, ...] = ()
    """Values of `metadata.environment`; empty for every one."""
    folder: str = "."
    """The folder of the settings file."""

    def binds(self, file: str | None, environment: str) -> bool:
        """Say whether the floor holds for a descriptor.

        Args:
            file: Its path; None for standard input, which no path can keep from under a floor.
            environment: Its `metadata.environment`.
        """
        bound = not self.paths or file is None or chosen(file, self.paths, self.folder)
        return bound and (not self.environments or environment in self.environments)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRule:
    """The gate of a run."""

    requested: GateName = "standard"
    """What the command line, the environment or the settings ask for, in that order."""
    floors: tuple[GateFloor, ...] = ()
    """From the settings; nothing else can lower what they ask."""

    def effective(self, file: str | None, environment: str) -> GateName:
        """Give the gate for a descriptor: the highest of what was asked for and the floors that bind it.

        Args:
            file: Its path; None for standard input.
            environment: Its `metadata.environment`.
        """
        bound = [floor.gate for floor in self.floors if floor.binds(file, environment)]
        return max([self.requested, *bound], key=GATES.index)

    def thresholds(self, file: str | None, environment: str) -> dict[str, int]:
        """Give the least scores for a descriptor, by domain: the highest of the floors that bind it.

        Args:
            file: Its path; None for standard input.
            environment: Its `metadata.environment`.
        """
        found: dict[str, int] = {}
        for floor in self.floors:
            if floor.binds(file, environment):
                found |= {name: max(score, found.get(name, 0)) for name, score in floor.thresholds.items()}
        return found


def chosen(file: str, globs: tuple[str, ...], folder: str) -> bool:
    """Say whether one of the settings' globs chooses a descriptor.

    Args:
        file: Its path.
        globs: Relative to the folder: `*` crosses folders, `**/` may stand for none, and a folder for all below it.
        folder: The folder of the settings file.
    """
    names = (_relative(file, folder), _relative(os.path.realpath(file), os.path.realpath(folder)))
    return any(fnmatchcase(name, form) for name in names for glob in globs for form in _forms(glob))


def _forms(glob: str) -> tuple[str, ...]:
    """Give the globs that a glob stands for, so that no reading of it leaves a file without its floor."""
    plain = glob.removeprefix("./").removeprefix("/").rstrip("/")
    if plain in {"", "."}:
        return ("*",)
    bare = plain.replace("**/", "")
    return plain, bare, f"{plain}/*", f"{bare}/*"


def _relative(path: str, folder: str) -> str:
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive, on Windows
        return Path(path).as_posix()
