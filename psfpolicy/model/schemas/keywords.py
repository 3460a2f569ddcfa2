"""JSON Schemas as values: walked, made readable, and put in a stable order."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

Schema: TypeAlias = dict[str, Any]
"""A JSON Schema, or a part of one that is a schema itself."""

Change: TypeAlias = Callable[[Schema], Schema]
"""Gives another schema for one whose parts were changed already; leaves its argument as it was."""

_SCHEMA: Final = frozenset({"items", "additionalProperties", "not", "if", "then", "else"})
_SCHEMAS: Final = frozenset({"anyOf", "oneOf", "allOf", "prefixItems"})
_NAMED_SCHEMAS: Final = frozenset({"properties", "$defs"})

# What a reader looks for first stands first; what is not named here follows.
_ORDER: Final = (
    "$comment",
    "$schema",
    "$id",
    "title",
    "description",
    "$ref",
    "type",
    "format",
    "enum",
    "pattern",
    "patternErrorMessage",
    "minimum",
    "maximum",
    "minItems",
    "items",
    "additionalProperties",
    "required",
    "properties",
    "oneOf",
    "anyOf",
    "allOf",
    "if",
    "then",
    "else",
    "examples",
    "$defs",
)
_RANK: Final = {keyword: rank for rank, keyword in enumerate(_ORDER)}


def changed(schema: Schema, change: Change) -> Schema:
    """Change every schema in a schema, the innermost first, and the schema itself last."""
    parts: Schema = {}
    for keyword, value in schema.items():
        if keyword in _SCHEMA and isinstance(value, dict):
            parts[keyword] = changed(value, change)
        elif keyword in _SCHEMAS:
            parts[keyword] = [changed(part, change) for part in value]
        elif keyword in _NAMED_SCHEMAS:
            parts[keyword] = {name: changed(part, change) for name, part in value.items()}
        else:
            parts[keyword] = value
    return change(parts)


def readable(schema: Schema) -> Schema:
    """Give a schema that accepts the same, with fewer words and errors that name one thing.

    Titles that repeat a key and defaults that say "absent" go; a closed set of one value is still an `enum`;
    what may be null says so in its type, rather than in an `anyOf` below which an error is hard to read.
    """
    plain = changed(schema, lambda part: _one_branch(_plain(part)))
    refs = _optional_refs(plain)
    plain["$defs"] = {
        name: _or_null(part) if f"#/$defs/{name}" in refs else part for name, part in plain.get("$defs", {}).items()
    }
    return changed(plain, lambda part: ordered(_without_null(part) if _optional_ref(part) in refs else part))


def ordered(schema: Schema) -> Schema:
    """Put the keywords of one schema into the order in which they are read, its definitions by name."""
    keywords = sorted(schema, key=lambda keyword: _RANK.get(keyword, len(_RANK)))
    placed = {keyword: schema[keyword] for keyword in keywords}
    if "$defs" in placed:
        placed["$defs"] = dict(sorted(placed["$defs"].items()))
    return placed


def _plain(schema: Schema) -> Schema:
    kept = {keyword: value for keyword, value in schema.items() if keyword not in {"title", "const"}}
    if kept.get("default", ...) is None:
        del kept["default"]
    if "const" in schema:
        kept["enum"] = [schema["const"]]
    return kept


def _one_branch(schema: Schema) -> Schema:
    """Fold `anyOf` of something and null into the something; what stands beside it says more of the key, and wins."""
    something, null = _split(schema)
    if not null or "$ref" in something:
        return schema
    return _or_null(something) | {keyword: value for keyword, value in schema.items() if keyword != "anyOf"}


def _split(schema: Schema) -> tuple[Schema, bool]:
    match schema.get("anyOf"):
        case [dict() as something, {"type": "null"}]:
            return something, True
    return {}, False


def _or_null(schema: Schema) -> Schema:
    widened = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        widened["enum"] = [*schema["enum"], None]
    return widened


def _optional_ref(schema: Schema) -> str | None:
    something, _ = _split(schema)
    return something.get("$ref")


def _without_null(schema: Schema) -> Schema:
    something, _ = _split(schema)
    return something | {keyword: value for keyword, value in schema.items() if keyword != "anyOf"}


def _optional_refs(schema: Schema) -> set[str]:
    """Give the references that may be null wherever they stand."""
    seen: dict[str, list[bool]] = {}

    def note(part: Schema) -> Schema:
        if "$ref" in part:
            seen.setdefault(part["$ref"], []).append(False)
        if (ref := _optional_ref(part)) is not None:
            seen[ref][-1] = True  # noted a moment ago, as a part of this part
        return part

    changed(schema, note)
    return {ref for ref, optional in seen.items() if all(optional)}
