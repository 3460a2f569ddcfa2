"""JSON (RFC 8259), read into documents whose nodes know where they are written.

The packages that give positions for JSON walk it character by character and know no limits; this reader leaves the
characters to compiled expressions.
"""

from __future__ import annotations

import json
import re
from itertools import accumulate
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
_NOT_FINITE = frozenset({"NaN", "Infinity", "-Infinity"})
_SURROGATE = re.compile("[\ud800-\udfff]")
_STRING_OR_BRACKET = re.compile(rf"{_STRING.pattern}|[\[\]{{}}]")
_EMPTY = re.compile(r"\[[ \t\r\n]*\]|\{[ \t\r\n]*\}")
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}


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
        while not self._takes("}"):
            if members:
                self._comma_after(start)
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
        while not self._takes("]"):
            if items:
                self._comma_after(start)
            items.append(self._value(depth))
            self._skip_space()
        return Sequence(tuple(items), self._text, start, self._at)

    def _comma_after(self, opened_at: int) -> None:
        """Take the comma between two items of what was opened at an offset."""
        if self._takes(","):
            self._skip_space()
            return
        opening = self._content[opened_at]
        if self._at == len(self._content):
            message = f"the `{opening}` that opens here is not closed"
            self._mistakes.stop("unclosed-bracket", opened_at, opened_at + 1, message, "close it")
        closing = "}" if opening == "{" else "]"
        message = (
            f"`,` or `{closing}` is wanted after `{opening}` at {self._mistakes.where(opened_at)}, met {self._met}"
        )
        self._stop(message, "put commas between items, and close what is opened", "unclosed-bracket")

    def _key(self) -> str:
        if not self._content.startswith('"', self._at):
            closes = self._content.startswith("}", self._at)
            hint = "remove the comma before it" if closes else "write keys in double quotes"
            self._stop(f"a key is wanted, met {self._met}", hint)
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
            closes = self._content.startswith(("]", "}"), start)
            hint = "remove the comma before it, or write the value" if closes else "write strings in double quotes"
            self._stop(f"a value is wanted, met {self._met}", hint)
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
        self._mistakes.stop(code, self._at, min(self._at + 1, len(self._content)), message, hint)


def _measure(text: Text, mistakes: Mistakes) -> None:
    """Refuse a large text that passes a limit before anything is built from it."""
    bare = _STRING.sub('"', text.content)
    opened = bare.count("[") + bare.count("{")
    empty = sum(1 for _ in _EMPTY.finditer(bare))
    # Every value but the first of a collection follows a comma, and every key stands before a colon.
    if 1 + bare.count(",") + bare.count(":") + opened - empty > MAX_NODES:
        too_many_nodes(mistakes, len(text.content), len(text.content))
    brackets = bare.encode().translate(None, _NOT_BRACKETS)
    if max(accumulate(map(_STEP.__getitem__, brackets)), default=0) > MAX_DEPTH:
        offset = _offset_of_depth(text.content)
        too_deep(mistakes, offset, offset + 1)


def _offset_of_depth(content: str) -> int:
    """Give the offset of the first bracket that opens below `MAX_DEPTH`."""
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(content):
        depth += _STEP.get(ord(found[0]), 0) if len(found[0]) == 1 else 0
        if depth > MAX_DEPTH:
            return found.start()
    return len(content)
