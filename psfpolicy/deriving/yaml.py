"""Values as YAML on one line, quoted where a reader would take them for something else."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psfpolicy.model.place import JsonValue

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./@+-]*(?::[A-Za-z0-9_./@+-]+)*")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
"""Readers of YAML 1.1 take some of them for truth values."""


def written(value: JsonValue) -> str:
    """Give a value as YAML, which stands for it in a block and in brackets alike."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_text(key)}: {written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def rewritten(value: JsonValue, before: str, *, as_json: bool) -> str:
    """Give a value in the style of what stands there now.

    Args:
        value: The new value.
        before: The text of the old one.
        as_json: The file is JSON.
    """
    if as_json:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and before.startswith('"'):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and before.startswith("'") and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return written(value)


def _text(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)
