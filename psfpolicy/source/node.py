"""What a document is made of: scalars, maps and lists, each of which knows where it is written.

The nodes are named tuples: immutable as frozen dataclasses are, and made in less than half the time, which counts
where a run reads ten thousand files. A place is worked out when it is asked for, since most never are.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import collections.abc

    from psfpolicy.model.place import JsonValue, Path, Place
    from psfpolicy.source.text import Text

Atom: TypeAlias = "bool | int | float | str | None"
"""The value of a scalar."""


class Scalar(NamedTuple):
    """A null, a truth value, a number or a string."""

    value: Atom
    text: Text
    """The text that it is written in."""
    start: int
    """Offset of its first character in `text`; an anchor or a tag before it is not part of it."""
    end: int
    """Offset behind its last character; an empty value has no characters."""
    used_at: Place | None = None
    """Where the alias or the merge key stands through which it comes."""

    @property
    def place(self) -> Place:
        """Where it is written, quotes included."""
        return self.text.place(self.start, self.end, self.used_at)


class Sequence(NamedTuple):
    """A list."""

    items: tuple[Node, ...]
    text: Text
    """The text that it is written in."""
    start: int
    """Offset of its first character: the bracket or the first dash."""
    end: int
    """Offset behind the bracket or the last item."""
    used_at: Place | None = None
    """Where the alias or the merge key stands through which it comes."""

    @property
    def place(self) -> Place:
        """Where it is written."""
        return self.text.place(self.start, self.end, self.used_at)


class Entry(NamedTuple):
    """A key of a map with its value."""

    key: str
    text: Text
    """The text that the key is written in."""
    key_start: int
    """Offset of the key's first character."""
    key_end: int
    """Offset behind the key's last character."""
    value: Node
    used_at: Place | None = None
    """Where the alias or the merge key stands through which the key comes."""

    @property
    def key_place(self) -> Place:
        """Where the key is written."""
        return self.text.place(self.key_start, self.key_end, self.used_at)


class Mapping(NamedTuple):
    """A map: its own keys in their order, then those that come through a merge key."""

    members: collections.abc.Mapping[str, Entry]
    """The entries by their key."""
    text: Text
    """The text that it is written in."""
    start: int
    """Offset of its first character: the brace or the first key."""
    end: int
    """Offset behind the brace or the last value."""
    used_at: Place | None = None
    """Where the alias or the merge key stands through which it comes."""

    @property
    def place(self) -> Place:
        """Where it is written."""
        return self.text.place(self.start, self.end, self.used_at)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries in their order."""
        return tuple(self.members.values())


Node: TypeAlias = Scalar | Mapping | Sequence
"""Anything that a document is made of."""


def plain(node: Node) -> JsonValue:
    """Give the value of a node without its places; nothing of it is shared."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Mapping):
        return {key: plain(entry.value) for key, entry in node.members.items()}
    return [plain(item) for item in node.items]


def chained(inner: Place | None, outer: Place | None) -> Place | None:
    """Give the place of use of what comes through two aliases: the nearer one, used in turn at the farther."""
    if inner is None or outer is None:
        return inner or outer
    return replace(inner, used_at=chained(inner.used_at, outer))


def used(node: Node, use: Place | None) -> Node:
    """Give the node as it is seen through an alias or a merge key that stands at a place."""
    return node if use is None else node._replace(used_at=chained(node.used_at, use))


class Located(NamedTuple):
    """Where a path leads."""

    place: Place
    """The value's own place; of a path that does not exist, the key of the nearest parent that does."""
    missing: Path = ()
    """What of the path is not there; empty when it all is."""


@dataclass(frozen=True)
class Document:
    """One document of a file, or of several laid over one another."""

    file: str
    """The file as the user named it; of an overlaid document, the topmost file."""
    root: Node
    index: int
    """0-based number of the document among those of its file that are not empty."""

    @cached_property
    def data(self) -> JsonValue:
        """The plain value of the document; made once, so do not change it."""
        return plain(self.root)

    def locate(self, path: Path) -> Located:
        """Say where a value stands, or where it would be looked for.

        A key that is missing points at the key of the nearest parent that exists; where that parent is an item of a
        list, at the item; where it is the whole document, at the document's first key.
        """
        steps = self._walk(path)
        node, entry, use = steps[-1]
        missing = path[len(steps) - 1 :]
        if not missing or (entry is None and len(steps) > 1):
            return Located(_seen(node.place, use), missing)
        return Located(self._first_place() if entry is None else _seen(entry.key_place, use), missing)

    def locate_key(self, path: Path) -> Place:
        """Give the place of the key that a path ends with; for an item of a list, and what is missing, as `locate`."""
        steps = self._walk(path)
        _, entry, use = steps[-1]
        if entry is None or len(steps) <= len(path):
            return self.locate(path).place
        return _seen(entry.key_place, use)

    def named(self, path: Path) -> str:
        """Write a path for people: `spec.inputs.guards[prompt-guard].action`; the root is the empty string.

        An item of a list is written by its `name`, else its `id`, else by what tells it apart from all the others in
        the list, so that one more before it changes nothing; else by its index. What could be mistaken for another path
        (a key with a dot, a name with a bracket or of digits only) is written in double quotes.
        """
        return self._written(path)[0].removeprefix(".")

    def _written(self, path: Path) -> tuple[str, Node | None]:
        """Give a path as `named` does, with the dot before it, and the node that it leads to.

        Findings share most of their paths, so each beginning of a path is written once.
        """
        if not path:
            return "", self.root
        known = self._names.get(path)
        if known is None:
            above, key = path[:-1], path[-1]
            before, parent = self._written(above)
            node = _child(parent, key)
            written = _key(key) if isinstance(key, str) else _item(key, self._item_name(above, key, parent, node))
            known = self._names[path] = before + written, node
        return known

    def _item_name(self, above: Path, index: int, parent: Node | None, node: Node | None) -> str | None:
        """Give what an item of the list at a path is called, or else what tells it apart; None where nothing does."""
        name = item_name(node) if node else None
        if name is None and isinstance(parent, Sequence) and node is not None:
            labels = self._labels.get(above)
            if labels is None:
                labels = self._labels[above] = _labels(parent)
            name = labels[index]
        return name

    @cached_property
    def _names(self) -> dict[Path, tuple[str, Node | None]]:
        return {}

    @cached_property
    def _labels(self) -> dict[Path, list[str | None]]:
        return {}

    def _walk(self, path: Path) -> list[tuple[Node, Entry | None, Place | None]]:
        """Follow a path as far as it exists, from the root on.

        Returns:
            Each node on the way, the entry that leads to it when it is the value of a key, and the place where the
            nearest alias above it is used.
        """
        steps: list[tuple[Node, Entry | None, Place | None]] = [(self.root, None, None)]
        for key in path:
            node, _, use = steps[-1]
            if node.used_at is not None:
                use = chained(node.used_at, use)
            if isinstance(node, Mapping) and isinstance(key, str) and key in node.members:
                entry = node.members[key]
                steps.append((entry.value, entry, use))
            elif isinstance(node, Sequence) and isinstance(key, int) and 0 <= key < len(node.items):
                steps.append((node.items[key], None, use))
            else:
                break
        return steps

    def _first_place(self) -> Place:
        if not isinstance(self.root, Mapping) or not self.root.members:
            return self.root.place
        # Of an overlaid document the first key of the upper file: that is the one to edit.
        own = (entry for entry in self.root.entries if entry.text is self.root.text)
        return next(own, self.root.entries[0]).key_place


def item_name(node: Node, keys: tuple[str, ...] = ("name", "id")) -> str | None:
    """Give what an item of a list is called: the first of the keys that holds a string that is not empty."""
    for key in keys:
        entry = node.members.get(key) if isinstance(node, Mapping) else None
        if entry and isinstance(entry.value, Scalar) and isinstance(entry.value.value, str) and entry.value.value:
            return entry.value.value
    return None


_TELLING = (("duty",), ("kind", "with"), ("to", "country"), ("unit", "scope", "per"))
"""Keys whose values tell items without a name apart: of duties, agreements, transfers and limits of a rate.

Always all of a row that are there: a shorter name would no longer do when another item comes."""


def _labels(node: Sequence) -> list[str | None]:
    """Give what tells each item of a list apart from the others; None where nothing does."""
    labels = [_label(item) for item in node.items]
    counts = Counter(labels)
    return [label if counts[label] == 1 else None for label in labels]


def _label(item: Node) -> str | None:
    for keys in _TELLING:
        words = [item_name(item, (key,)) for key in keys]
        if words[0] is not None:
            return ", ".join(word for word in words if word is not None)
    return None


def _child(node: Node | None, key: str | int) -> Node | None:
    if isinstance(node, Mapping) and isinstance(key, str) and key in node.members:
        return node.members[key].value
    if isinstance(node, Sequence) and isinstance(key, int) and 0 <= key < len(node.items):
        return node.items[key]
    return None


_BARE_KEY = re.compile(r"[\w$-]+")
_BARE_NAME = re.compile(r"[^\[\]\"\x00-\x1f\x7f]*[^\[\]\"\x00-\x1f\x7f0-9][^\[\]\"\x00-\x1f\x7f]*")


def _key(key: str) -> str:
    # Most keys are letters and digits alone, and need no pattern to say so.
    return f".{key}" if key.isalnum() or _BARE_KEY.fullmatch(key) else f"[{_in_quotes(key)}]"


def _item(index: int, name: str | None) -> str:
    if name is None:
        return f"[{index}]"
    return f"[{name}]" if _BARE_NAME.fullmatch(name) else f"[{_in_quotes(name)}]"


def _in_quotes(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _seen(place: Place, use: Place | None) -> Place:
    return place if use is None else replace(place, used_at=chained(place.used_at, use))
