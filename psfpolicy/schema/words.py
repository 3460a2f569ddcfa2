"""What a schema wants, what a document says instead, and what to write, in words."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from psfpolicy.geography import country_hint, region_hint
from psfpolicy.mistake import shown
from psfpolicy.suggest import listed, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from psfpolicy.model.place import JsonValue, Path

_MOST_LISTED = 12
_MOST_NEAREST = 5
_LONGEST_NUMBER = 20
_TYPES = {
    "array": "a list",
    "boolean": "`true` or `false`",
    "integer": "a whole number",
    "null": "empty",
    "number": "a number",
    "object": "a map",
    "string": "text",
}
_BOOLEANS = {**dict.fromkeys(("true", "yes", "on", "y"), "true"), **dict.fromkeys(("false", "no", "off", "n"), "false")}
_NUMBER = re.compile(r"([-+]?)([0-9][0-9_, ]*)((?:\.[0-9]+)?)")
_QUANTITY = re.compile(r"[0-9][0-9_.]*\s*(?:%|[A-Za-z]+)")
_DAY = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ].*)?")


def dotted(path: Path) -> str:
    """Give a path of the schema for a person: `spec.inputs.guards[].action`."""
    return ".".join(str(step) for step in path).replace(".[]", "[]")


def types(wanted: str | Sequence[str]) -> str:
    """Give types in words; null is left out where something else is wanted, since it says nothing."""
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    return " or ".join(_TYPES[name] for name in [name for name in names if name != "null"] or names)


def seen(value: JsonValue) -> str:
    """Give a value with its type: "the text `32k`", "the number `5`", "a list"."""
    if value is None:
        return "empty"
    if isinstance(value, str):
        return f"the text {shown(value)}"
    return shown(value) if isinstance(value, (bool, dict, list)) else f"the number {shown(value)}"


def choice(written: str, known: Sequence[str]) -> str:
    """Give the words that can be written: all when they are few, otherwise the nearest and how many more there are."""
    if len(known) <= _MOST_LISTED:
        return listed(known)
    near = nearest(written, known, count=_MOST_NEAREST)
    return f"{', '.join(f'`{word}`' for word in near)} and {len(known) - len(near)} more"


def joined(*sentences: str | None) -> str | None:
    """Give sentences as one line without a last full stop; None when there is none."""
    return ". ".join(sentence for sentence in sentences if sentence).replace("?. ", "? ") or None


def closed_set(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the values of a closed set; empty for what is none."""
    return tuple(value for value in schema.get("enum", ()) if isinstance(value, str))


def hint_for_type(value: JsonValue, schema: Mapping[str, Any]) -> str | None:
    """Say how to write a value of the type that is wanted, where the one that stands there tells it."""
    wanted = schema["type"]
    name = wanted if isinstance(wanted, str) else wanted[0]
    hint = _HINTS.get(name)
    return None if hint is None else hint(value)


def hint_for_pattern(text: str, schema: Mapping[str, Any], fits: Callable[[str], bool]) -> str | None:
    """Say what a text of the wrong form was probably meant to be.

    Args:
        text: What stands there.
        schema: What describes it.
        fits: Says whether another text has the right form.
    """
    match schema.get("format"):
        case "country" | "area" as kind:
            return country_hint(text, groups=kind == "area")
        case "region":
            return region_hint(text)
        case "date":
            return _day_hint(text)
    variants = (text.strip(), text.strip().upper(), text.strip().lower())
    likely = next((variant for variant in variants if fits(variant)), None)
    return None if likely is None else f"did you mean {shown(likely)}?"


def _boolean_hint(value: JsonValue) -> str | None:
    word = _BOOLEANS.get(value.casefold()) if isinstance(value, str) else None
    if word is None:
        return None
    return f"write `{word}` without quotes" if value == word else f"in YAML 1.2 {shown(value)} is text: write `{word}`"


def _number_hint(value: JsonValue) -> str | None:
    match = _NUMBER.fullmatch(value) if isinstance(value, str) and len(value) < _LONGEST_NUMBER else None
    if match is not None:
        sign, digits, decimals = match.groups()
        number = sign.removeprefix("+") + re.sub("[_, ]", "", digits) + decimals
        return f"write `{number}` without quotes" if number == value else f"write `{number}`: digits alone are a number"
    if isinstance(value, str) and _QUANTITY.fullmatch(value):
        return "write the number alone, in full: its unit is in the name of the key"
    return "write a number without decimals" if isinstance(value, float) else None


def _text_hint(value: JsonValue) -> str | None:
    return "write it in quotes" if isinstance(value, (bool, int, float)) else None


def _list_hint(value: JsonValue) -> str | None:
    if isinstance(value, dict):
        return "write each item after a `-`"
    return None if value is None else f"write a list: `[{shown(value).strip('`')}]`"


def _day_hint(text: str) -> str:
    match = _DAY.fullmatch(text)
    if match is not None:
        year, month, day = match.groups()
        try:
            return f"did you mean `{date(int(year), int(month), int(day)).isoformat()}`?"
        except ValueError:
            pass
    return "write year, month and day: `2026-11-21`"


_HINTS: dict[str, Callable[[JsonValue], str | None]] = {
    "array": _list_hint,
    "boolean": _boolean_hint,
    "integer": _number_hint,
    "number": _number_hint,
    "string": _text_hint,
}
