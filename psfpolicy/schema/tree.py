"""A JSON Schema as a tree of keys: what stands at a path, what it means, and where else a key stands."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from psfpolicy.suggest import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.model.place import Path

Node: TypeAlias = "dict[str, Any]"
"""A schema, or a part of one."""

_END = re.compile(r"\. (?![a-z])")
"""The end of a sentence; an abbreviation goes on in small letters."""
_DEEPEST = 12
"""Levels of keys; the descriptor has six, and a schema that refers to itself must end."""


class Tree:
    """The keys of a schema.

    Args:
        root: The whole schema; its references all lie in its own `$defs`.
    """

    def __init__(self, root: Node) -> None:
        self.root = root

    def resolved(self, node: Node) -> Node:
        """Give a part with its references followed; what stands beside a reference wins."""
        while "$ref" in node:
            beside = {key: value for key, value in node.items() if key != "$ref"}
            node = {**self.root["$defs"][node["$ref"].removeprefix("#/$defs/")], **beside}
        return node

    def at(self, path: Path) -> Node | None:
        """Give the part that describes the value at a path of a document; None where the schema says nothing."""
        node = self.resolved(self.root)
        for step in path:
            child = next(self._children(node, step), None)
            if child is None:
                return None
            node = self.resolved(child)
        return node

    def keys(self, path: Path) -> tuple[str, ...]:
        """Give the keys that the map at a path of a document can have."""
        return tuple(key for key, _ in self._own(self.at(path) or {}) if key != "[]")

    def meaning(self, path: Path) -> str | None:
        """Give the first sentence of what describes the value at a path, or the list that it is an item of."""
        description = (self.at(path) or {}).get("description")
        if description is None and path and isinstance(path[-1], int):
            return self.meaning(path[:-1])
        return None if description is None else first_sentence(description)

    def places(self, key: str) -> tuple[Path, ...]:
        """Give the paths at which a key stands in the schema, written in any style; lists are written `[]`."""
        return self._by_key.get(folded(key), ())

    @cached_property
    def _by_key(self) -> dict[str, tuple[Path, ...]]:
        found: dict[str, tuple[Path, ...]] = {}
        for path in self._keys():
            key = folded(str(path[-1]))
            found[key] = (*found.get(key, ()), path)
        return found

    def _keys(self) -> Iterator[Path]:
        waiting: list[tuple[Path, Node]] = [((), self.root)]
        while waiting:
            path, node = waiting.pop(0)
            for key, child in self._own(self.resolved(node)):
                if len(path) < _DEEPEST:
                    if key != "[]":
                        yield (*path, key)
                    waiting.append(((*path, key), child))

    def _own(self, node: Node) -> Iterator[tuple[str, Node]]:
        yield from node.get("properties", {}).items()
        if isinstance(node.get("items"), dict):
            yield "[]", node["items"]
        for branch in (*node.get("anyOf", ()), *node.get("oneOf", ())):
            if "properties" not in node:
                yield from self._own(self.resolved(branch))

    def _children(self, node: Node, step: str | int) -> Iterator[Node]:
        name = "[]" if isinstance(step, int) else step
        yield from (child for key, child in self._own(node) if key == name)
        free = node.get("additionalProperties")
        if isinstance(step, str) and isinstance(free, dict):
            yield free


def first_sentence(text: str) -> str:
    """Give the first sentence of a description, on one line and without its full stop."""
    return _END.split(" ".join(text.split()), maxsplit=1)[0].removesuffix(".")
