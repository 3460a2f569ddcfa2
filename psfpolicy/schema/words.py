"""What a schema wants, in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from psfpolicy.suggest import listed, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psfpolicy.model.place import JsonValue, Path

_MOST_LISTED = 12
_MOST_NEAREST = 5
_TYPES = {
    "array": "a list",
    "boolean": "`true` or `false`",
    "integer": "a whole number",
    "null": "`null`",
    "number": "a number",
    "object": "a map",
    "string": "text",
}
_TRUE = ("true", "yes", "on", "y")
_FALSE = ("false", "no", "off", "n")
_NUMBER = re.compile(r"[-+]?[0-9][0-9_, ]*(?:\.[0-9]+)?")
_QUANTITY = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(?:%|[A-Za-z]+)")


def dotted(path: Path) -> str:
    """Give a path of the schema for a person: `spec.inputs.guards[].action`."""
    return ".".join(str(step) for step in path).replace(".[]", "[]")


def types(wanted: str | Sequence[str]) -> str:
    """Give types in words; null is left out where something else is wanted, since it says nothing."""
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    said = [name for name in names if name != "null"] or names
    return " or ".join(_TYPES[name] for name in said)


def kind(value: JsonValue) -> str:
    """Give what a value is: "the text `32k`", "a list", "empty"."""
    ...


def choice(written: str, known: Sequence[str]) -> str:
    """Give the words that can be written: all when they are few, otherwise the nearest and how many more there are."""
    if len(known) <= _MOST_LISTED:
        return listed(known)
    near = nearest(written, known, count=_MOST_NEAREST)
    return f"{', '.join(f'`{word}`' for word in near)} … and {len(known) - len(near)} more"


def alternatives(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the values of a closed set; empty for what is none."""
    values = [schema["const"]] if "const" in schema else schema.get("enum", ())
    return tuple(value for value in values if isinstance(value, str))
