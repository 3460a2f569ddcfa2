"""Keys that are unknown or missing, and the two that are one slip."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psfpolicy.mistake import Mistake, shown
from psfpolicy.schema.words import alternatives, choice, dotted
from psfpolicy.suggest import listed, meant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psfpolicy.model.place import Path
    from psfpolicy.schema.tree import Tree

_MOST_PLACES = 3


@dataclass(slots=True)
class Keys:
    """What is wrong with the keys of one map."""

    path: Path
    allowed: tuple[str, ...] = ()
    """Keys that it can have and lacks."""
    unknown: list[str] = field(default_factory=list)
    missing: list[tuple[str, ...]] = field(default_factory=list)
    """Required keys; several in one where any of them would do."""

    def mistakes(self, tree: Tree, named: Callable[[Path], str]) -> Iterator[Mistake]:
        """Give one mistake for each slip: a required key that is misspelt is one, not two."""
        where = f"`{named(self.path)}`" if self.path else "the document"
        missing = list(dict.fromkeys(self.missing))
        for key in self.unknown:
            likely = self._meant(key, tree)
            path = (*self.path, key)
            slip = next((keys for keys in missing if set(keys) & set(likely)), None)
            if slip is not None:
                missing.remove(slip)
                message = f"{where} has no key {shown(key)}, and lacks {listed(slip)}, which is required"
            else:
                message = f"{where} has no key {shown(key)}"
            yield Mistake(path, "unknown-key", message, self._hint(key, likely, tree), at_key=True)
        for keys in missing:
            message = f"{where} lacks {listed(keys)}, which is required"
            yield Mistake((*self.path, keys[0]), "missing-key", message, _missing_hint((*self.path, keys[0]), keys, tree))

    def _meant(self, key: str, tree: Tree) -> tuple[str, ...]:
        """Give the keys of this map that a key may be a slip of; one slip counts more than the same key elsewhere."""
        return meant(key, self.allowed, slips=1) or (() if tree.places(key) else meant(key, self.allowed))

    def _hint(self, key: str, likely: tuple[str, ...], tree: Tree) -> str:
        if likely:
            meaning = tree.meaning((*self.path, likely[0])) if len(likely) == 1 else None
            return f"did you mean {listed(likely)}?" + (f" {meaning}" if meaning else "")
        places = tree.places(key)
        if 0 < len(places) <= _MOST_PLACES:
            return f"the key belongs elsewhere: write {listed(dotted(place) for place in places)}"
        return f"its other keys are {choice(key, self.allowed)}" if self.allowed else "it has no other keys"


def _missing_hint(path: Path, keys: tuple[str, ...], tree: Tree) -> str | None:
    meaning = tree.meaning(path) if len(keys) == 1 else None
    values = alternatives(tree.at(path) or {})
    allowed = f"write {choice('', values)}" if values else None
    return " ".join(part for part in (meaning, allowed) if part) or None
