"""What is asked of which descriptor: the gate that the user wants, raised by the settings' floors."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from psfpolicy.profiles import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from psfpolicy.profiles import Asked

NO_THRESHOLDS: Final[Mapping[str, int]] = MappingProxyType({})
"""Nothing but what the gate asks for itself."""


Scope: TypeAlias = "Mapping[str, tuple[str, ...]]"
"""Words that a descriptor must declare: `regimes`, `categories`."""
NO_SCOPE: Final[Scope] = MappingProxyType({})
"""Nothing that a descriptor must declare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFloor:
    """A least gate, with least scores and words to declare beside it, for some descriptors."""

    gate: str = "advisory"
    """The least gate, or a profile of a pack, which holds whatever else is asked for."""
    thresholds: Mapping[str, int] = field(default_factory=dict)
    """Least scores, 0 to 100, by domain."""
    scope: Scope = field(default_factory=dict)
    """Words that must be declared."""
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


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Files that are not assessed."""

    paths: tuple[str, ...]
    """Globs, read as those of a floor are."""
    folder: str
    """The folder of the settings file."""

    def covers(self, file: str) -> bool:
        """Say whether a file is excluded: by its name and, where that is a link, by what it leads to as well."""
        return all(_matched(file, self.paths, self.folder))


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRule:
    """The gate of a run."""

    requested: str = "standard"
    """What the command line, the environment or the settings ask for, in that order."""
    floors: tuple[GateFloor, ...] = ()
    """From the settings; nothing else can lower what they ask."""

    def effective(self, file: str | None, environment: str) -> Asked:
        """Give the gate for a descriptor: the highest of what was asked for and the floors that bind it.

        A profile among them holds with all that it asks for, whatever gate is higher.

        Args:
            file: Its path; None for standard input.
            environment: Its `metadata.environment`.
        """
        bound = [floor.gate for floor in self.floors if floor.binds(file, environment)]
        return joined([self.requested, *bound])

    def thresholds(
        self, file: str | None, environment: str, beside: Mapping[str, int] = NO_THRESHOLDS
    ) -> dict[str, int]:
        """Give the least scores for a descriptor, by domain: the highest of the floors that bind it.

        Args:
            file: Its path; None for standard input.
            environment: Its `metadata.environment`.
            beside: Those that hold anyway.
        """
        found = dict(beside)
        for floor in self.floors:
            if floor.binds(file, environment):
                found |= {name: max(score, found.get(name, 0)) for name, score in floor.thresholds.items()}
        return found

    def scope(self, file: str | None, environment: str) -> Scope:
        """Give the words that a descriptor must declare: those of all the floors that bind it.

        Args:
            file: Its path; None for standard input.
            environment: Its `metadata.environment`.
        """
        found: dict[str, tuple[str, ...]] = {}
        for floor in self.floors:
            if floor.scope and floor.binds(file, environment):
                found |= {key: tuple(sorted({*words, *found.get(key, ())})) for key, words in floor.scope.items()}
        return found


def chosen(file: str, globs: tuple[str, ...], folder: str) -> bool:
    """Say whether one of the settings' globs chooses a descriptor.

    Args:
        file: Its path.
        globs: Relative to the folder: `*` crosses folders, `**/` may stand for none, and a folder for all below it.
        folder: The folder of the settings file.
    """
    return any(_matched(file, globs, folder))


def _matched(file: str, globs: Iterable[str], folder: str) -> Iterator[bool]:
    """Say of the name of a file, and of the one without symbolic links, whether a glob matches it."""
    forms = [form for glob in globs for form in _forms(glob)]
    for name in (_relative(file, folder), _relative(os.path.realpath(file), os.path.realpath(folder))):
        yield any(fnmatchcase(name, form) for form in forms)


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
