"""JSON (RFC 8259), read into documents whose nodes know where they are written.

The packages that give positions for JSON walk it character by character and know no limits; this reader leaves the
characters to compiled expressions.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NoReturn

from psfpolicy.source.limits import MAX_DEPTH, MAX_NODES, SURELY_SMALL, too_deep, too_many_nodes
from psfpolicy.source.mistakes import Mistakes, met, quoted
from psfpolicy.source.node import Document, Entry, Mapping, Node, Scalar, Sequence
from psfpolicy.source.scalars import ScalarError, float_of, int_of

if TYPE_CHECKING:
    from psfpolicy.source.text import Text

_SPACE = re.compile(r"[ \t\r\n]*+")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"')
_STRING_SO_FAR = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(\.[0-9]++)?([eE][-+]?[0-9]++)?(?![0-9.eE+-])")
_WORD = re.compile(r"-?\w+")
_WORDS = {"true": True, "false": False, "null": None}
_STARTS_OF_NUMBER = tuple("+-.0123456789")
_NOT_FINITE = frozenset({"NaN", "Infinity", "-Infinity"})
_HINTS = {
    "": "write what is missing; the file may have been cut short",
    **dict.fromkeys("]}", "write what is missing, or remove the comma before it"),
    **dict.fromkeys("/#", "JSON has no comments: remove it, or name the file .yaml"),
}
"""What to do about a sign that stands where none may, whatever was wanted."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_OPENING, _CLOSING, _SEPARATING = 1, 2, 3
_STRUCTURE = re.compile(
    rf"{_STRING.pattern}|\[[ \t\r\n]*+\]|\{{[ \t\r\n]*+\}}|([\[{{])|([\]}}])|([,:])",
)
"""Passes over strings and empty collections; the groups are the three signs above."""


def parse(text: Text) -> tuple[Document, ...]:
    """Read the one document of a JSON text; there is none in a text without any content.

    Raises:
        DocumentError: The text is not JSON, or has mistakes; all that were met.
    """
    mistakes = Mistakes(text)
    if len(text.content) > SURELY_SMALL:
        _measure(text, mistakes)
    root = _Reader(text, mistakes).root()
    mistakes.check()
    return (Document(text.file, root, 0),) if root else ()


class _Reader:
    """Reads one text from its start to its end.

    Args:
        text: The text.
        mistakes: Where mistakes are noted; the reading goes on after those that are not of the syntax.
    """

    def __init__(self, text: Text, mistakes: Mistakes) -> None:
        self._text = text
        self._content = text.content
        self._mistakes = mistakes
        self._at = 0
        """Offset of what is read next."""

    def root(self) -> Node | None:
        self._skip_space()
        if self._at == len(self._content):
            return None
        root = self._value(0)
        self._skip_space()
        if self._at < len(self._content):
            self._stop(f"the document has ended, met {self._met}", "a JSON file holds one document")
        return root

    def _value(self, depth: int) -> Node:
        start = self._at
        first = self._content[start : start + 1]
        if first == '"':
            return Scalar(self._string(), self._text, start, self._at)
        if first in ("{", "["):
            if depth == MAX_DEPTH:
                too_deep(self._mistakes, start, start + 1)
            self._at += 1
            self._skip_space()
            return self._mapping(start, depth + 1) if first == "{" else self._sequence(start, depth + 1)
        number = _NUMBER.match(self._content, start)
        if number:
            return self._number(number)
        return self._word()

    def _mapping(self, start: int, depth: int) -> Mapping:
        members: dict[str, Entry] = {}
        while self._goes_on(start, "}", has_begun=bool(members)):
            key_start = self._at
            key = self._key()
            key_end = self._at
            self._skip_space()
            if not self._takes(":"):
                self._stop(f"`:` is wanted after the key {quoted(key)}, met {self._met}", "write `: ` and the value")
            self._skip_space()
            value = self._value(depth)
            self._skip_space()
            if key in members:
                message = f"the key {quoted(key)} is given already at {self._mistakes.where(members[key].key_start)}"
                self._mistakes.add("duplicate-key", key_start, key_end, message, "keep one of the two")
            else:
                members[key] = Entry(key, self._text, key_start, key_end, value)
        return Mapping(members, self._text, start, self._at)

    def _sequence(self, start: int, depth: int) -> Sequence:
        items: list[Node] = []
        while self._goes_on(start, "]", has_begun=bool(items)):
            items.append(self._value(depth))
            self._skip_space()
        return Sequence(tuple(items), self._text, start, self._at)

    def _goes_on(self, opened_at: int, closing: str, *, has_begun: bool) -> bool:
        """Take the end of what was opened at an offset, or else the comma before its next item."""
        if self._takes(closing):
            return False
        opening = self._content[opened_at]
        if self._at == len(self._content):
            message = f"the `{opening}` that opens here is not closed"
            self._mistakes.stop("unclosed-bracket", opened_at, opened_at + 1, message, f"close it with `{closing}`")
        if has_begun and not self._takes(","):
            where = self._mistakes.where(opened_at)
            message = f"`,` or `{closing}` is wanted after `{opening}` at {where}, met {self._met}"
            self._stop(message, "put commas between items, and close what is opened", "unclosed-bracket")
        self._skip_space()
        return True

    def _key(self) -> str:
        if not self._content.startswith('"', self._at):
            self._stop(f"a key is wanted, met {self._met}", "write keys in double quotes")
        return self._string()

    def _string(self) -> str:
        start = self._at
        found = _STRING.match(self._content, start)
        if not found:
            self._stop_in_string(start)
        self._at = found.end()
        written = found[0]
        if "\\" not in written:
            return written[1:-1]
        value: str = json.loads(written)
        if _SURROGATE.search(value):
            message = "an escape in this string is half of a surrogate pair, which is no character"
            hint = "write the character itself, or both halves"
            self._mistakes.add("lone-surrogate", start, self._at, message, hint)
        return value

    def _number(self, found: re.Match[str]) -> Scalar:
        start, self._at = found.span()
        value: int | float = 0
        try:
            value = float_of(found[0]) if found[1] or found[2] else int_of(found[0])
        except ScalarError as error:
            self._mistakes.add(error.code, start, self._at, error.message, error.hint)
        return Scalar(value, self._text, start, self._at)

    def _word(self) -> Scalar:
        start = self._at
        found = _WORD.match(self._content, start)
        word = found[0] if found else ""
        self._at = start + len(word)
        if word in _NOT_FINITE:
            hint = "leave the key out, or put the value in quotes if a text is meant"
            self._mistakes.add("not-finite", start, self._at, f"{quoted(word)} is not a finite number", hint)
        elif word not in _WORDS:
            self._at = start
            number = self._content.startswith(_STARTS_OF_NUMBER, start)
            hint = "write numbers without a plus or leading zeros, with digits around the point"
            words = "write strings in double quotes; the words of JSON are true, false and null"
            self._stop(f"a value is wanted, met {self._met}", hint if number else words)
        return Scalar(_WORDS.get(word), self._text, start, self._at)

    def _stop_in_string(self, start: int) -> NoReturn:
        so_far = _STRING_SO_FAR.match(self._content, start)
        self._at = so_far.end() if so_far else start
        if self._at == len(self._content) or self._content[self._at] in "\r\n":
            message = f"the quote that opens here is not closed before {self._met}"
            hint = "close it; a line break inside a string is written \\n"
            self._mistakes.stop("unclosed-quote", start, start + 1, message, hint)
        if self._content[self._at] == "\t":
            self._stop("a tab stands inside a string", "write it as \\t")
        self._stop("the escape is not known", "write a backslash as \\\\, and \\u with four hexadecimal digits")

    @property
    def _met(self) -> str:
        return met(self._content, self._at)

    def _takes(self, sign: str) -> bool:
        taken = self._content.startswith(sign, self._at)
        self._at += taken
        return taken

    def _skip_space(self) -> None:
        found = _SPACE.match(self._content, self._at)
        self._at = found.end() if found else self._at

    def _stop(self, message: str, hint: str, code: str = "syntax") -> NoReturn:
        sign = self._content[self._at : self._at + 1]
        self._mistakes.stop(code, self._at, self._at + len(sign), message, _HINTS.get(sign, hint))


def _measure(text: Text, mistakes: Mistakes) -> None:
    """Refuse a large text that passes a limit before anything is built from it."""
    # Every value but the first of a collection follows a comma, and every key stands before a colon.
    nodes = 1
    depth = 0
    for found in _STRUCTURE.finditer(text.content):
        group = found.lastindex
        if group == _OPENING:
            nodes += 1
            depth += 1
            if depth > MAX_DEPTH:
                too_deep(mistakes, *found.span())
        elif group == _CLOSING:
            depth -= 1
        elif group == _SEPARATING:
            nodes += 1
        if nodes > MAX_NODES:
            too_many_nodes(mistakes, *found.span())
