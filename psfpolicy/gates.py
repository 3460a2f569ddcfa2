"""Which gate holds for which descriptor: what was asked for, raised by the floors of the settings."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from psfpolicy.model.report import GATES, GateName


@dataclass(frozen=True, slots=True, kw_only=True)
class GateFloor:
    """A least gate for some descriptors."""

    gate: GateName
    """The least gate."""
    paths: tuple[str, ...] = ()
    """Globs over the file's name relative to the settings file; `*` crosses folders; empty for every file."""
    environments: tuple[str, ...] = ()
    """Values of `metadata.environment`; empty for every one."""

    def binds(self, file: str, environment: str) -> bool:
        """Say whether the floor holds for a descriptor."""
        path_binds = not self.paths or any(fnmatchcase(file, glob) for glob in self.paths)
        return path_binds and (not self.environments or environment in self.environments)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRule:
    """The gate of a run."""

    requested: GateName = "standard"
    """What the command line, the environment or the settings ask for, in that order."""
    floors: tuple[GateFloor, ...] = ()
    """From the settings; nothing else can lower what they ask."""

    def effective(self, file: str, environment: str) -> GateName:
        """Give the gate for a descriptor: the highest of what was asked for and the floors that bind it."""
        bound = [floor.gate for floor in self.floors if floor.binds(file, environment)]
        return max([self.requested, *bound], key=GATES.index)
