"""Keys that are unknown or missing, and the two that are one slip."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psfpolicy.mistake import Mistake, shown
from psfpolicy.schema.words import choice, closed_set, dotted, joined
from psfpolicy.suggest import listed, meant

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from psfpolicy.model.place import Path
    from psfpolicy.schema.tree import Tree

_MOST_PLACES = 3


@dataclass(slots=True)
class Keys:
    """What is wrong with the keys of one map."""

    path: Path
    unknown: list[str] = field(default_factory=list)
    missing: list[tuple[str, ...]] = field(default_factory=list)
    """Required keys; several in one where one of them is enough."""

    def mistakes(self, present: frozenset[str], tree: Tree) -> Iterator[Mistake]:
        """Give one mistake for each slip: a required key that is misspelt is one, not two.

        Args:
            present: The keys that the map has.
            tree: What it can have.
        """
        allowed = tuple(key for key in tree.keys(self.path) if key not in present)
        missing = list(dict.fromkeys(self.missing))
        for key in self.unknown:
            likely = meant_keys(key, allowed, tree)
            says = f"has no key {shown(key)}"
            slip = next((keys for keys in missing if set(keys) & set(likely)), None)
            if slip is not None:
                missing.remove(slip)
                says += f", and lacks {_required(slip)}"
            hint = self._hint(key, likely, allowed, tree)
            yield Mistake((*self.path, key), "unknown-key", says, hint, about=self.path, at_key=True)
        for keys in missing:
            path = (*self.path, keys[0])
            hint = _missing_hint(path, keys, tree)
            yield Mistake(path, "missing-key", f"lacks {_required(keys)}", hint, about=self.path)

    def _hint(self, key: str, likely: tuple[str, ...], allowed: tuple[str, ...], tree: Tree) -> str | None:
        if likely:
            meaning = tree.meaning((*self.path, likely[0])) if len(likely) == 1 else None
            return joined(f"did you mean {listed(likely)}?", meaning)
        places = tree.places(key)
        if 0 < len(places) <= _MOST_PLACES:
            return f"the key belongs elsewhere: {listed(dotted(place) for place in places)}"
        return f"what can be added here: {choice(key, allowed)}" if allowed else "nothing can be added here"


def meant_keys(key: str, allowed: Collection[str], tree: Tree) -> tuple[str, ...]:
    """Give the keys that a key may be a slip of; one slip tells more than the same key elsewhere, two tell less."""
    return meant(key, allowed, slips=1) or (() if tree.places(key) else meant(key, allowed))


def _required(keys: tuple[str, ...]) -> str:
    return f"{listed(keys)}, which is required" if len(keys) == 1 else f"one of {listed(keys)}"


def _missing_hint(path: Path, keys: tuple[str, ...], tree: Tree) -> str | None:
    if len(keys) > 1:
        return joined(tree.meaning(path[:-1]))
    values = closed_set(tree.at(path) or {})
    return joined(tree.meaning(path), f"Allowed: {choice('', values)}" if values else None)
