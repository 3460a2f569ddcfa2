"""Reading a document that nobody has validated: what is there, or nothing, and never an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.source import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.source import Entry, Node


def at(node: Node | None, *path: str | int) -> Node | None:
    """Give what a path leads to from a node; None where it leads nowhere."""
    for step in path:
        if isinstance(node, Mapping) and isinstance(step, str) and step in node.members:
            node = node.members[step].value
        elif isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node


def entry(node: Node | None, key: str) -> Entry | None:
    """Give a key of a map with its value; None where it is no map or lacks the key."""
    return node.members.get(key) if isinstance(node, Mapping) else None


def entries(node: Node | None) -> Iterator[Entry]:
    """Give the keys of a map with their values, in order; none for anything else."""
    yield from node.entries if isinstance(node, Mapping) else ()


def items(node: Node | None) -> tuple[Node, ...]:
    """Give the items of a list; none for anything else."""
    return node.items if isinstance(node, Sequence) else ()


def text(node: Node | None) -> str | None:
    """Give a scalar as text, a number or a truth value as YAML writes it; None for null, a map, a list and nothing."""
    if not isinstance(node, Scalar) or node.value is None:
        return None
    if isinstance(node.value, bool):
        return "true" if node.value else "false"
    return str(node.value)


def number(node: Node | None) -> int | None:
    """Give a whole number, written as one or as text; None for anything else."""
    word = text(node)
    try:
        return None if word is None else int(word)
    except ValueError:
        return None


def flag(node: Node | None) -> bool | None:
    """Give a truth value as Kubernetes reads it, which takes the words of YAML 1.1 too; None for anything else."""
    word = text(node)
    return None if word is None else _TRUTH.get(word.lower())


_TRUTH = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
