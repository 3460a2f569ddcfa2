"""Texts and addresses of a report made harmless for what shows them."""

from __future__ import annotations

import re
from json import JSONEncoder
from typing import TYPE_CHECKING
from urllib.parse import quote

from psfpolicy.inert import inert
from psfpolicy.model.record import json_of

if TYPE_CHECKING:
    from psfpolicy.model.place import JsonValue

_BACKTICKS = re.compile("`+")
_ENCODE = JSONEncoder(ensure_ascii=True, allow_nan=False).encode
_ENCODE_LINES = JSONEncoder(ensure_ascii=True, allow_nan=False, indent=2).encode


def json_text(value: JsonValue, *, lines: bool = False) -> str:
    """Give a value as JSON in ASCII, without what a build log takes for a command wherever it stands: `##[…]`.

    Args:
        value: What to write.
        lines: One line for each member and item.
    """
    return (_ENCODE_LINES if lines else _ENCODE)(value).replace("##", "#\\u0023")


def json_line(value: object) -> str:
    """Give a record, or JSON that holds records, as a line of JSON in ASCII; see `json_text`."""
    return json_of(value).replace("##", "#\\u0023") + "\n"


def uri(file: str) -> str:
    """Give the name of a file as a relative reference, percent-encoded (RFC 3986, section 4.2)."""
    return quote(file, safe="/", errors="backslashreplace")


def code(text: str) -> str:
    """Give a text as Markdown's inline code, where no markup, mention, reference or address in it means anything."""
    plain = inert(text) or " "
    fence = "`" * (max((len(run) for run in _BACKTICKS.findall(plain)), default=0) + 1)
    # A blank at each side is taken off again; one backtick next to the fence would lengthen it.
    around = " " if plain.startswith(("`", " ")) or plain.endswith(("`", " ")) else ""
    return f"{fence}{around}{plain}{around}{fence}"


def cell(text: str) -> str:
    """Give inline code for a table, where a bar would end the cell whatever stands before it."""
    return code(text.replace("|", "¦"))
