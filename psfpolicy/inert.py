"""Text made harmless for whoever prints it."""

from __future__ import annotations

import re
import unicodedata

_WORKFLOW_COMMAND = re.compile(r"##(?=[a-z]*\[)|(?<!\S)::(?=[a-z-]+[ :])", re.IGNORECASE)


def inert(text: str) -> str:
    """Give a text on one line, in which nothing acts on a terminal or a build log.

    Control and formatting characters (terminal escapes, bidirectional overrides, invisible ones) are spelt out,
    and the markers of workflow commands (`::error …::`, `##[…]`, `##vso[…]`) are broken.
    """
    harmless = text.isascii() and text.isprintable()
    plain = text if harmless else "".join(_spelt(character) for character in text)
    return _WORKFLOW_COMMAND.sub(lambda match: match[0][0] + "\\" + match[0][1], plain)


def _spelt(character: str) -> str:
    if character == "\t":
        return " "
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
        code = ord(character)
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    return character
