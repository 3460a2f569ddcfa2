"""What a document means to be, where a slip in its first lines would turn everything below into mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.schema.keys import meant_keys
from psfpolicy.schema.words import closed_set
from psfpolicy.suggest import meant

if TYPE_CHECKING:
    from psfpolicy.model.place import JsonValue, Path
    from psfpolicy.schema.tree import Tree

_HEAD = ("apiVersion", "kind")
_EXTENDS = "extends"


def intended(data: JsonValue, tree: Tree) -> tuple[JsonValue, frozenset[Path]]:
    """Give a document with the slips of its head put right.

    Which keys a document must have depends on its `kind` and on `metadata.extends`.

    Returns:
        The document as it was meant, and the paths of the slips in the one that was given.
    """
    if not isinstance(data, dict):
        return data, frozenset()
    right = dict(data)
    slips: set[Path] = set()
    for key in _HEAD:
        known = closed_set(tree.at((key,)) or {})
        slip = _slip_of(key, right, (), tree)
        value = right.pop(slip) if slip is not None else right.get(key)
        if value not in known:
            likely = meant(value, known) if isinstance(value, str) else ()
            value = (likely or known)[0]
        if slip is not None or right.get(key) != value:
            slips.add((key,) if slip is None else (slip,))
        right[key] = value
    metadata = right.get("metadata")
    if isinstance(metadata, dict):
        slip = _slip_of(_EXTENDS, metadata, ("metadata",), tree)
        if slip is not None:
            slips.add(("metadata", slip))
            rest = {key: value for key, value in metadata.items() if key != slip}
            right["metadata"] = {**rest, _EXTENDS: metadata[slip]}
    return right, frozenset(slips)


def _slip_of(key: str, of_map: dict[str, JsonValue], path: Path, tree: Tree) -> str | None:
    """Give the key that stands where another was meant; None when that one is there."""
    if key in of_map:
        return None
    allowed = tree.keys(path)
    unknown = (other for other in of_map if other not in allowed)
    return next((other for other in unknown if key in meant_keys(other, allowed, tree)), None)
