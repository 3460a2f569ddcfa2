"""The text of a file by lines, and text made harmless for whoever prints it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_BREAK = re.compile(r"\r\n|\n|\r")
_WORKFLOW_COMMAND = re.compile(r"##(?=\[)|::(?=[a-z-]+[ :])")


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text of one file."""

    lines: tuple[str, ...]
    """Without line breaks; a line ends at \\n, \\r\\n or \\r, as the places count them."""

    @classmethod
    def of(cls, data: bytes) -> SourceText:
        """Read the lines of a file; bytes that are no UTF-8 become U+FFFD."""
        return cls(tuple(_BREAK.split(data.decode("utf-8-sig", errors="replace"))))

    def line(self, number: int) -> str | None:
        """Give a line by its 1-based number; None past the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else None


def inert(text: str) -> str:
    """Give a text on one line, in which nothing acts on a terminal or a build log.

    Control and formatting characters (terminal escapes, bidirectional overrides, invisible ones) are spelt out,
    and the markers of workflow commands (`::error …::`, `##[…]`) are broken.
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
