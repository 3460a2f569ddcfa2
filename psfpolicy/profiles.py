"""Gate profiles: what packs ask beside a gate of psfpolicy, by names that are taken where those of gates are.

A profile is at least the gate that it extends, and its conditions hold wherever it is named: several names together ask
for the highest of their gates and for the conditions of all profiles among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psfpolicy import resources
from psfpolicy.building.gate_rows import TABLE
from psfpolicy.model.report import GATES, GateName
from psfpolicy.suggest import listed, meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A profile of a pack in force; what it asks for, the policy decides."""

    title: str
    extends: GateName
    """The gate that it is at least."""
    thresholds: Mapping[str, int]
    """Least scores, 0 to 100, by domain."""
    must_pass: tuple[str, ...]
    """Ids of controls that must pass, or not apply."""
    must_be_evidenced: tuple[str, ...]
    """Ids of controls whose passes manifests must show."""
    unwaivable: tuple[str, ...]
    """Ids of controls, and kinds of notices, that no waiver may cover."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one or several names of gates ask for together."""

    level: GateName
    """The highest gate of psfpolicy among them, and among those that the profiles extend."""
    profiles: tuple[str, ...] = ()
    """Ids of profiles, sorted."""

    @property
    def name(self) -> str:
        """What reports call it: `strict`, `bank`, `bank+strict` where the gate is higher than the profile's own."""
        beside = () if self.profiles and joined(self.profiles).level == self.level else (self.level,)
        return "+".join((*self.profiles, *beside))

    @property
    def thresholds(self) -> dict[str, int]:
        """Least scores of the profiles by domain, the highest of each."""
        found: dict[str, int] = {}
        for profile in self._rows():
            found |= {name: max(least, found.get(name, 0)) for name, least in profile.thresholds.items()}
        return found

    @property
    def unwaivable(self) -> tuple[str, ...]:
        """What no waiver may cover, sorted."""
        return tuple(sorted({id_ for profile in self._rows() for id_ in profile.unwaivable}))

    def _rows(self) -> tuple[Profile, ...]:
        return tuple(profiles()[id_] for id_ in self.profiles)


@resources.per_policy
def profiles() -> Mapping[str, Profile]:
    """Give the profiles of the policy in force by id; the one that psfpolicy ships has none.

    Raises:
        ModuleError: The data is missing or damaged.
    """
    return {
        id_: Profile(
            title=row["title"],
            extends=row["extends"],
            thresholds=row.get("thresholds", {}),
            must_pass=tuple(row.get("must_pass", ())),
            must_be_evidenced=tuple(row.get("must_be_evidenced", ())),
            unwaivable=tuple(row.get("unwaivable", ())),
        )
        for id_, row in sorted(resources.tables().get(TABLE, {}).items())
    }


def joined(names: Iterable[str]) -> Asked:
    """Give what names ask for together.

    Args:
        names: Gates of psfpolicy, profiles that are in force, and names that `Asked` gave.
    """
    parts = {part for name in names for part in name.split("+")}
    named = tuple(sorted(parts.difference(GATES)))
    levels = [name for name in GATES if name in parts]
    levels += [profiles()[id_].extends for id_ in named]
    return Asked(max(levels, key=GATES.index), named)


def complaint(name: str) -> tuple[str, str] | None:
    """Say, of a name that no gate has, what is wrong and what was probably meant; None for one that holds."""
    if name in GATES or name in profiles():
        return None
    known = (*GATES, *profiles())
    close = meant(name, known)
    asked = f"did you mean {listed(close)}? " if close else ""
    return f"no gate is called `{name}`", f"{asked}known gates: {', '.join(known)}"
