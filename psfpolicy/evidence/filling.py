"""What is proved and not declared: the descriptor, with the values that manifests show where it leaves them open."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psfpolicy.schema.parts import fits_item

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psfpolicy.evidence.joining import Joined
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import JsonValue, Path


@dataclass(frozen=True, slots=True)
class Filled:
    """A descriptor with what was proved."""

    data: JsonValue
    places: Mapping[Path, Fact]
    """The fact that each value comes from that was filled in, by its path."""


def filled(descriptor: JsonValue, facts: Sequence[Joined]) -> Filled:
    """Fill in what the descriptor does not say.

    A value is filled in where it is certain, all facts about it agree and none leaves it open; of a list that is not
    declared, every certain item. What is declared never changes: an empty list declares that there is none.
    """
    data: Any = descriptor
    places: dict[Path, Fact] = {}
    by_path: dict[Path, list[Fact]] = {}
    for item in facts:
        if item.about == "deployment":
            by_path.setdefault(item.fact.path, []).append(item.fact)
    for path in sorted(by_path, key=str):
        found = by_path[path]
        if _said(descriptor, path):
            continue
        values = _items(found) if any(fact.item for fact in found) else _value(found)
        if values:
            data = deepcopy(descriptor) if data is descriptor else data
            if _put(data, path, [fact.value for fact in values] if values[0].item else values[0].value):
                places |= {(*path, index): fact for index, fact in enumerate(values)} if values[0].item else {}
                places.setdefault(path, values[0])
    return Filled(data, places)


def _value(found: list[Fact]) -> list[Fact]:
    same = all(fact.certainty == "certain" and fact.value == found[0].value for fact in found)
    return found[:1] if same else []


def _items(found: list[Fact]) -> list[Fact]:
    kept: list[Fact] = []
    for fact in found:
        whole = fact.item and fact.certainty == "certain" and fits_item(fact.path, fact.value)
        if whole and all(fact.value != other.value for other in kept):
            kept.append(fact)
    return kept


def _said(value: JsonValue, path: Path) -> bool:
    for step in path:
        if not isinstance(value, dict) or step not in value:
            return False
        value = value[str(step)]
    return value is not None


def _put(data: dict[str, Any], path: Path, value: JsonValue) -> bool:
    """Put a value at a path, making the maps on the way; say whether nothing else stood in the way."""
    *steps, last = path
    section: Any = data
    for step in steps:
        if section.get(step) is None:
            section[step] = {}
        section = section[step]
        if not isinstance(section, dict):
            return False
    section[last] = deepcopy(value)
    return True
