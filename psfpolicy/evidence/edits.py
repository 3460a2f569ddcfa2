"""Changing documents without losing where each value is written: every change gives new nodes, and old ones stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.source import Entry, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psfpolicy.source import Node


def with_entry(node: Mapping, entry: Entry) -> Mapping:
    """Give a map in which an entry stands for whatever its key had."""
    return node._replace(members={**node.members, entry.key: entry})


def without(node: Mapping, key: str) -> Mapping:
    """Give a map without a key."""
    return node._replace(members={name: entry for name, entry in node.members.items() if name != key})


def entry_at(key: str, value: Node) -> Entry:
    """Give an entry whose key is written nowhere: its place is that of the value."""
    return Entry(key, value.text, value.start, value.end, value, value.used_at)


def mapping(entries: Iterable[Entry], like: Node) -> Mapping:
    """Give a map that is written nowhere: its place is that of another node."""
    return Mapping({entry.key: entry for entry in entries}, like.text, like.start, like.end, like.used_at)


def scalar(value: str, like: Node) -> Scalar:
    """Give a text that is written nowhere: its place is that of another node."""
    return Scalar(value, like.text, like.start, like.end, like.used_at)


def put(node: Node | None, path: tuple[str, ...], value: Node) -> Node:
    """Give a node in which a value stands at a path of keys, with the maps on the way made where they are missing."""
    if not path:
        return value
    step, *rest = path
    base = node if isinstance(node, Mapping) else mapping((), value)
    old = base.members.get(step)
    inner = put(old.value if old else None, tuple(rest), value)
    return with_entry(base, entry_at(step, inner) if old is None else old._replace(value=inner))


def replaced_items(node: Sequence, items: Iterable[Node]) -> Sequence:
    """Give a list with other items."""
    return node._replace(items=tuple(items))
