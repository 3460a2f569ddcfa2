"""JSON patches, RFC 6902: operations on the values that JSON pointers lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.edits import entry_at, replaced_items, with_entry, without
from psfpolicy.evidence.nodes import at, entry, items, text
from psfpolicy.source import Mapping, Sequence, plain

if TYPE_CHECKING:
    from psfpolicy.source import Node

_LONGEST_INDEX = 6


class CannotBeAppliedError(Exception):
    """An operation does not fit the object, so that nothing would be built."""


def patched(base: Node, operations: Node) -> Node:
    """Apply the operations of a patch in their order.

    Raises:
        CannotBeAppliedError: One of them does not fit the object, or is none.
    """
    for operation in items(operations):
        base = _applied(base, operation)
    return base


def pointers(operations: Node) -> tuple[str, ...]:
    """Give the paths that the operations of a patch are about."""
    return tuple(text(at(operation, "path")) or "" for operation in items(operations))


def _applied(base: Node, operation: Node) -> Node:
    kind, path = text(at(operation, "op")), _steps(text(at(operation, "path")))
    value = at(operation, "value")
    if kind in {"copy", "move"}:
        source = _steps(text(at(operation, "from")))
        value = _found(base, source)
        base = _changed(base, source, None, insert=False) if kind == "move" else base
        return _changed(base, path, value, insert=True)
    if kind == "remove":
        _found(base, path)
        return _changed(base, path, None, insert=False)
    if value is None:
        raise CannotBeAppliedError
    if kind == "test":
        if plain(_found(base, path)) != plain(value):
            raise CannotBeAppliedError
        return base
    if kind == "replace":
        _found(base, path)
        return _changed(base, path, value, insert=False)
    if kind == "add":
        return _changed(base, path, value, insert=True)
    raise CannotBeAppliedError


def _steps(pointer: str | None) -> tuple[str, ...]:
    if pointer is None or (pointer and not pointer.startswith("/")):
        raise CannotBeAppliedError
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])


def _found(base: Node, path: tuple[str, ...]) -> Node:
    node: Node | None = base
    for step in path:
        node = at(node, _index(step)) if isinstance(node, Sequence) else at(node, step)
    if node is None:
        raise CannotBeAppliedError
    return node


def _changed(base: Node, path: tuple[str, ...], value: Node | None, *, insert: bool) -> Node:
    """Put a value where a path leads, or take it away where there is none; what leads there must exist."""
    if not path:
        if value is None:
            raise CannotBeAppliedError
        return value
    step, *rest = path
    if isinstance(base, Mapping):
        return _changed_map(base, step, tuple(rest), value, insert=insert)
    if isinstance(base, Sequence):
        return _changed_list(base, step, tuple(rest), value, insert=insert)
    raise CannotBeAppliedError


def _changed_map(base: Mapping, step: str, rest: tuple[str, ...], value: Node | None, *, insert: bool) -> Node:
    old = entry(base, step)
    if rest:
        if old is None:
            raise CannotBeAppliedError
        return with_entry(base, old._replace(value=_changed(old.value, rest, value, insert=insert)))
    if value is None:
        return without(base, step)
    return with_entry(base, entry_at(step, value) if old is None else old._replace(value=value))


def _changed_list(base: Sequence, step: str, rest: tuple[str, ...], value: Node | None, *, insert: bool) -> Node:
    found = list(base.items)
    index = len(found) if step == "-" else _index(step)
    if rest:
        if index >= len(found):
            raise CannotBeAppliedError
        found[index] = _changed(found[index], rest, value, insert=insert)
    elif value is None:
        del found[index]
    elif insert:
        if index > len(found):
            raise CannotBeAppliedError
        found.insert(index, value)
    else:
        found[index] = value
    return replaced_items(base, found)


def _index(step: str) -> int:
    if not (step.isascii() and step.isdigit() and len(step) <= _LONGEST_INDEX):
        raise CannotBeAppliedError
    return int(step)
