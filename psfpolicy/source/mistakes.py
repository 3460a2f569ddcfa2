"""The mistakes of one file: collected while it is read, so that one run shows all of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NoReturn

from psfpolicy.errors import DocumentError
from psfpolicy.model.place import Diagnostic
from psfpolicy.source.secrets import masked

if TYPE_CHECKING:
    from psfpolicy.source.text import Text

MAX_MISTAKES = 1_000
"""So many mistakes of one file are collected; the reading ends there."""

_LONGEST_QUOTE = 60
# A word is looked at so far before it is shortened: a secret that is cut short would not be known for one.
_LONGEST_WORD = 4_096
_BLANKS = {" ": "a space", "\t": "a tab", "\n": "the end of the line", "\r": "the end of the line"}
_WORD = re.compile(r"[^\s,\[\]{}]+|\S")


def quoted(value: str) -> str:
    """Give a text as a message shows it: in backticks, on one line, inert and short, without secrets."""
    value = masked(value)
    shown = value if len(value) <= _LONGEST_QUOTE else f"{value[: _LONGEST_QUOTE - 1]}…"
    inert = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in shown)
    return f"`{inert}`"


def met(content: str, offset: int) -> str:
    """Say what stands at an offset: a word, a space, the end of the line or of the file."""
    if offset >= len(content):
        return "the end of the file"
    word = _WORD.match(content, offset, offset + _LONGEST_WORD)
    return quoted(word[0]) if word else _BLANKS.get(content[offset], "a blank character")


class Mistakes:
    """What was found wrong with one text so far.

    Args:
        text: The text that is read.
    """

    def __init__(self, text: Text) -> None:
        self._text = text
        self._found: list[Diagnostic] = []

    def add(self, code: str, start: int, end: int, message: str, hint: str | None = None) -> None:
        """Note a mistake and go on.

        Args:
            code: Its kind.
            start: Offset of the first character that is wrong.
            end: Offset behind the last.
            message: What was met and what was wanted.
            hint: What to write instead.

        Raises:
            DocumentError: There are `MAX_MISTAKES` now.
        """
        self._found.append(Diagnostic(self._text.place(start, end), code, message, hint))
        if len(self._found) >= MAX_MISTAKES:
            message = f"the first {MAX_MISTAKES:,} mistakes are shown, and the rest of the file was not read"
            self._found.append(Diagnostic(self._text.place(end, end), "too-many-mistakes", message))
            self.check()

    def stop(self, code: str, start: int, end: int, message: str, hint: str | None = None) -> NoReturn:
        """Note a mistake behind which nothing can be read; arguments as for `add`.

        Raises:
            DocumentError: Always.
        """
        self._found.append(Diagnostic(self._text.place(start, end), code, message, hint))
        raise self._error()

    def check(self) -> None:
        """Go on only when nothing is wrong.

        Raises:
            DocumentError: Something was noted.
        """
        if self._found:
            raise self._error()

    def where(self, offset: int) -> str:
        """Give a position as a message names it: `line:column`."""
        region = self._text.place(offset, offset).region
        return f"{region.start_line}:{region.start_column}"

    def _error(self) -> DocumentError:
        found = tuple(sorted(self._found, key=lambda mistake: mistake.place.region))
        count = "one mistake" if len(found) == 1 else f"{len(found):,} mistakes"
        return DocumentError(f"{self._text.file} cannot be read: {count}", found)
