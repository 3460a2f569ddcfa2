"""One document laid over another: what `metadata.extends` means.

Maps merge; lists whose items all have a name merge by it; other lists and scalars replace; null removes. Every value
keeps the file and the position where it was written.
"""

from __future__ import annotations

from psfpolicy.source.node import Document, Entry, Mapping, Node, Scalar, Sequence, chained, item_name, used


def overlay(base: Document, top: Document) -> Document:
    """Lay a document over the one that it extends.

    Keys and items stand in the order of the base, then the new ones. A key that both have is the upper one's, so that
    what is missing below it is looked for there. `kind` is never inherited, and `metadata.extends` has done its work.

    Args:
        base: The document below, itself already laid over what it extends.
        top: The document that extends it.

    Returns:
        The merged document, under the name and number of the upper one.
    """
    root = _laid(base.root, top.root)
    if isinstance(root, Mapping) and isinstance(top.root, Mapping):
        members = {key: entry for key, entry in root.members.items() if key != "kind" or key in top.root.members}
        metadata = members.get("metadata")
        if metadata and isinstance(metadata.value, Mapping):
            kept = {key: entry for key, entry in metadata.value.members.items() if key != "extends"}
            members["metadata"] = metadata._replace(value=metadata.value._replace(members=kept))
        root = root._replace(members=members)
    return Document(top.file, root, top.index)


def _laid(base: Node, top: Node) -> Node:
    if isinstance(base, Mapping) and isinstance(top, Mapping):
        return _laid_map(base, top)
    if isinstance(base, Sequence) and isinstance(top, Sequence):
        key = next((key for key in ("name", "id") if _names_all(base, key) and _names_all(top, key)), None)
        return _laid_list(base, top, key) if key else top
    return top


def _laid_map(base: Mapping, top: Mapping) -> Mapping:
    below, above = _members(base), _members(top)
    members: dict[str, Entry] = {}
    for key, entry in below.items():
        over = above.get(key)
        if over is None:
            members[key] = entry
        elif not _is_null(over.value):
            members[key] = over._replace(value=_laid(entry.value, over.value))
    members.update((key, entry) for key, entry in above.items() if key not in below and not _is_null(entry.value))
    return Mapping(members, top.text, top.start, top.end)


def _laid_list(base: Sequence, top: Sequence, key: str) -> Sequence:
    above = _items(top)
    # Of items that share a name the first one merges; the others stay, for the check of names to find.
    position: dict[str | None, int] = {}
    for index, item in enumerate(above):
        position.setdefault(item_name(item, (key,)), index)
    merged: set[int] = set()
    items: list[Node] = []
    for item in _items(base):
        index = position.pop(item_name(item, (key,)), -1)
        items.append(_laid(item, above[index]) if index >= 0 else item)
        merged.add(index)
    items += [item for index, item in enumerate(above) if index not in merged]
    return Sequence(tuple(items), top.text, top.start, top.end)


def _names_all(node: Sequence, key: str) -> bool:
    """Whether the list has items and all have a name; an empty list says "none", which replaces."""
    return bool(node.items) and all(item_name(item, (key,)) is not None for item in node.items)


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _members(node: Mapping) -> dict[str, Entry]:
    """Give the entries of a map, each with the place of use that so far the map alone knows."""
    use = node.used_at
    return {
        key: entry._replace(value=used(entry.value, use), used_at=chained(entry.used_at, use))
        for key, entry in node.members.items()
    }


def _items(node: Sequence) -> list[Node]:
    return [used(item, node.used_at) for item in node.items]
