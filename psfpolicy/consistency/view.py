"""A descriptor as the rules look at it: what stands under a key, wherever that is, and every list of maps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from psfpolicy.catalogue import Tables
    from psfpolicy.model.place import JsonValue, Path

_FREE_KEYS = ("metadata", "labels")
"""The map whose keys the user chooses, so that they mean nothing to a rule."""


@dataclass(frozen=True, slots=True)
class View:
    """The values of a descriptor, found once; of a wrong type where the schema was not met, which rules skip."""

    data: JsonValue
    own: Tables = field(default_factory=dict)
    """The user's own rows of the catalogue."""
    lists: list[tuple[Path, list[JsonValue]]] = field(default_factory=list)
    """Every list that holds maps, in the order of the document."""
    _by_key: dict[str, list[tuple[Path, JsonValue]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._walk((), self.data)

    def at(self, *path: str) -> JsonValue:
        """Give the value at a path of keys; None where it is absent or said to be null."""
        value = self.data
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def under(self, keys: Iterable[str]) -> Iterator[tuple[Path, JsonValue]]:
        """Give the values under keys of these names, wherever they are; the items one by one where it is a list."""
        for key in keys:
            for path, value in self._by_key.get(key, ()):
                if isinstance(value, list):
                    yield from (((*path, index), item) for index, item in enumerate(value))
                else:
                    yield path, value

    def texts(self, *keys: str) -> Iterator[tuple[Path, str]]:
        """Give what `under` gives, as far as it is text."""
        return ((path, value) for path, value in self.under(keys) if isinstance(value, str))

    def items(self, *path: str) -> Iterator[tuple[Path, dict[str, JsonValue]]]:
        """Give the maps of the list at a path of keys."""
        found = self.at(*path)
        for index, item in enumerate(found if isinstance(found, list) else ()):
            if isinstance(item, dict):
                yield (*path, index), item

    def declared(self, key: str, *path: str) -> tuple[str, ...]:
        """Give what the items of the list at a path of keys have under their key `name` or `id`."""
        found = (item.get(key) for _, item in self.items(*path))
        return tuple(name for name in found if isinstance(name, str))

    def _walk(self, path: Path, value: JsonValue) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                child = (*path, key)
                self._by_key.setdefault(key, []).append((child, item))
                if isinstance(item, (dict, list)) and child != _FREE_KEYS:
                    self._walk(child, item)
        elif isinstance(value, list):
            if any(isinstance(item, dict) for item in value):
                self.lists.append((path, value))
            for index, item in enumerate(value):
                if isinstance(item, (dict, list)):
                    self._walk((*path, index), item)
