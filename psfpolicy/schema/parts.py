"""Parts of the descriptor's schema: whether it has a key, and whether a value may stand there."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from psfpolicy.schema import schema
from psfpolicy.schema.tree import Tree
from psfpolicy.schema.words import closed_set

if TYPE_CHECKING:
    from psfpolicy.model.place import JsonValue, Path


def has_key(path: Path) -> bool:
    """Say whether a descriptor can say something at a path; one that leads into a list is none."""
    return _part(path) is not None


def fits(path: Path, value: JsonValue) -> bool:
    """Say whether a value may stand at a path; nothing may where the descriptor has no such key."""
    part = _part(path)
    return part is not None and value is not None and _valid(path, value)


def fits_item(path: Path, value: JsonValue) -> bool:
    """Say whether a value may be an item of the list at a path."""
    return value is not None and _part((*path, 0)) is not None and _valid((*path, 0), value)


def worded_item(path: Path, value: JsonValue) -> JsonValue:
    """Give what a descriptor could say of an item of the list at a path; None where it could say nothing.

    Of an object, the keys whose values may stand there: it may lack others that a whole item needs.
    """
    item = (*path, 0)
    if _part(item) is None:
        return None
    if not isinstance(value, dict):
        return value if value is not None and _valid(item, value) else None
    kept: dict[str, Any] = {key: inner for key, inner in value.items() if fits((*item, key), inner)}
    return kept or None


@cache
def _tree() -> Tree:
    return Tree(schema())


@cache
def _part(path: Path) -> dict[str, Any] | None:
    return _tree().at(path)


@cache
def _validator(path: Path) -> jsonschema_rs.Validator:
    part = {"$defs": schema()["$defs"], **(_part(path) or {})}
    return jsonschema_rs.validator_for(part, validate_formats=False)


def _valid(path: Path, value: JsonValue) -> bool:
    try:
        return _validator(path).is_valid(value)
    except ValueError:  # no JSON value after all
        return False


def rank(path: Path) -> tuple[int, ...]:
    """Give where a path stands among others in the order of the schema; what it does not know comes last."""
    found = []
    for depth, step in enumerate(path):
        known = _keys(path[:depth]) if isinstance(step, str) else ()
        found.append(step if isinstance(step, int) else known.index(step) if step in known else len(known))
    return tuple(found)


@cache
def _keys(path: Path) -> tuple[str, ...]:
    return _tree().keys(path)


def keys_at(path: Path) -> tuple[str, ...]:
    """Give the keys that the map at a path can have, in the order of the schema; none where it is no map."""
    return _keys(path)


def meaning_of(path: Path) -> str | None:
    """Give in a sentence what stands at a path."""
    return _tree().meaning(path)


def choices_at(path: Path) -> tuple[str, ...]:
    """Give the words that the value at a path, or each item of the list there, is one of; none where it is free."""
    return closed_set(_part(path) or {}) or closed_set(_part((*path, 0)) or {})
