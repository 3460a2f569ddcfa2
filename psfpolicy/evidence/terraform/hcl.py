"""HCL: blocks, attributes and literals, each at its place. Any other expression is kept as it is written, in `${}`."""

from __future__ import annotations

import re
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from psfpolicy.source import MAX_DEPTH, Entry, Mapping, Scalar, Sequence
from psfpolicy.source.mistakes import Mistakes, met

if TYPE_CHECKING:
    from psfpolicy.source import Node, Text

_IGNORED = r"#[^\r\n]*+|//[^\r\n]*+|/\*.*?\*/"
_SPACE = re.compile(rf"(?:[ \t\r]++|{_IGNORED})*+", re.DOTALL)
_LINES = re.compile(rf"(?:[ \t\r\n]++|{_IGNORED})*+", re.DOTALL)
_NAME = re.compile(r"[^\W\d][\w-]*+")
_NUMBER = re.compile(r"-?[0-9]++(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?(?![\w.])")
_HEREDOC = re.compile(r"<<(-?)([^\W\d][\w-]*+)[ \t]*\r?\n")
_ESCAPE = re.compile(r'\\(?:([nrt"\\])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))')
_PLAIN = re.compile(r'[^"\\$%\r\n]++')
_TO_BRACE = re.compile(r'[^"{}<]++')
_OPAQUE = re.compile(r"[^\"'(){}\[\],\n#/<]++")
_FOR = re.compile(r"for\b")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_WORDS = {"true": True, "false": False, "null": None}
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_ENDS = frozenset({"", ",", "]", "}", ")"})
_STARTS = re.compile(r'[\w"{]')
_KEY = re.compile(r"[\w.-]+(?:\[[^\]\n]*\])?")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_LONGEST_NUMBER = 300


class Block(NamedTuple):
    """A block at the top of a file."""

    kind: str
    """`resource`, `variable`, `locals` …"""
    labels: tuple[str, ...]
    body: Mapping
    """Its attributes, and the blocks in it by their kind: a list of maps each."""
    heading: Scalar
    """What it is called, from its kind to its last label."""


class File(NamedTuple):
    """What stands in a file of HCL."""

    blocks: tuple[Block, ...]
    root: Mapping
    """The attributes at the top: of a file of variables, all."""


@lru_cache(maxsize=256)
def parsed(text: Text) -> File:
    """Read a file of HCL.

    Raises:
        DocumentError: It is none.
    """
    return _Parser(text).file()


def opaque(source: str) -> str:
    """Give an expression as a reference that nobody has replaced, on one line; quoted text in it may be a secret."""
    return "${" + " ".join(_QUOTED.sub("…", source).translate(_FLAT).split())[:200] + "}"


_FLAT = str.maketrans("{}", "()")


class _Parser:
    """One pass over a text; `_at` is the offset of what is read next."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self._content = text.content
        self._at = 0
        self._open_templates = 0

    def file(self) -> File:
        blocks: list[Block] = []
        members = self._body(0, blocks)
        return File(tuple(blocks), Mapping(members, self._text, 0, len(self._content)))

    def _body(self, depth: int, top: list[Block] | None = None) -> dict[str, Entry]:
        members: dict[str, Entry] = {}
        while True:
            self._skip(_LINES)
            if self._at >= len(self._content) or (self._peek() == "}" and depth):
                return members
            start = self._at
            name = self._word("an attribute or a block")
            self._skip(_SPACE)
            if self._peek() == "=" and not self._content.startswith("==", self._at):
                self._at += 1
                self._attribute(members, name, start, depth)
                continue
            labels = self._labels()
            heading = Scalar(" ".join((name, *labels)), self._text, start, self._at)
            self._skip(_SPACE)
            body = self._braces(depth + 1)
            if top is not None:
                top.append(Block(name, labels, body, heading))
            else:
                self._nested(members, name, labels, body, heading)
            self._end_of_line("a block")

    def _attribute(self, members: dict[str, Entry], name: str, start: int, depth: int) -> None:
        if name in members:
            self._stop(start, f"the attribute `{name}` is there twice", "keep one of them", "duplicate-key")
        end = start + len(name)
        value = self._expression(depth + 1, newline_ends=True)
        members[name] = Entry(name, self._text, start, end, value)
        self._end_of_line("an attribute")

    def _nested(
        self, members: dict[str, Entry], name: str, labels: tuple[str, ...], body: Mapping, heading: Scalar
    ) -> None:
        """Put a block among the members of the one around it; what is made of an expression is not known."""
        if name == "dynamic" and labels:
            name, made = labels[0], Scalar(opaque("dynamic"), self._text, heading.start, heading.end)
            members[name] = Entry(name, self._text, heading.start, heading.end, made)
            return
        known = members.get(name)
        if known is None:
            found = Sequence((body,), self._text, body.start, body.end)
            members[name] = Entry(name, self._text, heading.start, heading.end, found)
        elif isinstance(known.value, Sequence):
            more = known.value._replace(items=(*known.value.items, body), end=body.end)
            members[name] = known._replace(value=more)

    def _labels(self) -> tuple[str, ...]:
        found: list[str] = []
        while True:
            before = self._at
            self._skip(_SPACE)
            if self._peek() == '"':
                found.append(str(self._string().value))
            elif _NAME.match(self._content, self._at):
                found.append(self._word("a label"))
            else:
                self._at = before
                return tuple(found)

    def _braces(self, depth: int) -> Mapping:
        start = self._at
        self._too_deep(depth)
        if self._peek() != "{":
            self._stop(start, f"`{{` or `=` is missing before {met(self._content, start)}", "a block stands in braces")
        self._at += 1
        members = self._body(depth)
        if self._peek() != "}":
            self._stop(start, "the brace is never closed", "add `}` where the block ends")
        self._at += 1
        return Mapping(members, self._text, start, self._at)

    def _end_of_line(self, what: str) -> None:
        self._skip(_SPACE)
        if self._peek() not in {"", "\n", "}"}:
            message = f"the line goes on after {what}: {met(self._content, self._at)}"
            self._stop(self._at, message, "start a new line")

    def _expression(self, depth: int, *, newline_ends: bool) -> Node:
        space = _SPACE if newline_ends else _LINES
        self._skip(space)
        self._too_deep(depth)
        start = self._at
        value = self._literal(depth)
        if value is not None:
            after = self._at
            self._skip(space)
            if self._peek() in _ENDS or (newline_ends and self._peek() == "\n"):
                self._at = after
                return value
            if _STARTS.match(self._content, self._at):
                self._stop(self._at, f"a value goes on with {met(self._content, self._at)}", "start a new line")
        self._at = start
        return self._opaque(start, newline_ends=newline_ends)

    def _literal(self, depth: int) -> Node | None:
        """Give the literal that stands here; None where something else does."""
        first = self._peek()
        if first == '"':
            return self._string()
        if first == "<" and (heredoc := _HEREDOC.match(self._content, self._at)):
            return self._heredoc(heredoc)
        if first in {"[", "{"}:
            inside = _LINES.match(self._content, self._at + 1)
            if inside is not None and _FOR.match(self._content, inside.end()):
                return None
            return self._list(depth) if first == "[" else self._object(depth)
        return self._atom()

    def _atom(self) -> Scalar | None:
        if number := _NUMBER.match(self._content, self._at):
            start, self._at = self._at, number.end()
            return Scalar(_number(number[0]), self._text, start, self._at)
        word = _NAME.match(self._content, self._at)
        if word is not None and word[0] in _WORDS:
            start, self._at = self._at, word.end()
            return Scalar(_WORDS[word[0]], self._text, start, self._at)
        return None

    def _list(self, depth: int) -> Sequence:
        start = self._at
        self._at += 1
        found: list[Node] = []
        while True:
            self._skip(_LINES)
            if self._peek() == "]":
                self._at += 1
                return Sequence(tuple(found), self._text, start, self._at)
            found.append(self._expression(depth + 1, newline_ends=False))
            self._skip(_LINES)
            if self._peek() == ",":
                self._at += 1
            elif self._peek() != "]":  # what follows a value is a comma, an end, or no HCL
                self._stop(start, "the list is never closed", "add `]` where the list ends")

    def _object(self, depth: int) -> Mapping:
        start = self._at
        self._at += 1
        members: dict[str, Entry] = {}
        while True:
            self._skip(_LINES)
            if self._peek() == "}":
                self._at += 1
                return Mapping(members, self._text, start, self._at)
            if self._at >= len(self._content):
                self._stop(start, "the brace is never closed", "add `}` where the map ends")
            key, key_start, key_end = self._key()
            self._skip(_SPACE)
            if self._peek() not in {"=", ":"}:
                self._stop(self._at, f"`=` is missing before {met(self._content, self._at)}", "write `key = value`")
            self._at += 1
            value = self._expression(depth + 1, newline_ends=True)
            members[key] = Entry(key, self._text, key_start, key_end, value)
            self._skip(_SPACE)
            if self._peek() == ",":
                self._at += 1
            elif self._peek() not in {"\n", "}"}:
                self._stop(self._at, f"the line goes on after a value: {met(self._content, self._at)}", "add a comma")

    def _key(self) -> tuple[str, int, int]:
        start = self._at
        if self._peek() == '"':
            return str(self._string().value), start, self._at
        if self._peek() == "(":
            self._balanced()
            return opaque(self._content[start : self._at]), start, self._at
        found = _KEY.match(self._content, start)
        if found is None:
            self._stop(start, f"a key is wanted, and here is {met(self._content, start)}", "write `key = value`")
        self._at = found.end()
        return found[0], start, self._at

    def _string(self) -> Scalar:
        """Read a text in quotes; what is filled in stays in it as `${…}`."""
        start = self._at
        self._at += 1
        pieces: list[str] = []
        while True:
            char = self._peek()
            if char == '"':
                self._at += 1
                return Scalar("".join(pieces), self._text, start, self._at)
            if char in {"", "\n", "\r"}:
                self._stop(start, "the text is never closed", 'add `"` where the text ends')
            pieces.append(self._piece(char))

    def _piece(self, char: str) -> str:
        start = self._at
        if char == "\\":
            found = _ESCAPE.match(self._content, start)
            if found is None:
                self._stop(start, f"{met(self._content, start)} is no escape", "write `\\\\` for a backslash")
            self._at = found.end()
            code = int(found[2] or found[3] or "0", 16)
            return _ESCAPED[found[1]] if found[1] else chr(code) if code <= 0x10FFFF else "\ufffd"
        if char in "$%" and self._content.startswith(f"{char}{{", start):
            escaped = start > 0 and self._content[start - 1] == char
            self._at += 1
            if escaped:
                return char
            self._template(start)
            return opaque(self._content[start + 2 : self._at - 1])
        plain = _PLAIN.match(self._content, start)
        self._at = plain.end() if plain else start + 1
        return self._content[start : self._at]

    def _template(self, start: int) -> None:
        """Go behind the brace that closes the one here, texts and braces inside left aside."""
        depth = 0
        self._open_templates += 1
        self._too_deep(self._open_templates)
        while True:
            char = self._peek()
            if char == "":
                self._stop(start, "what is filled in is never closed", "add `}`")
            if char == '"':
                self._string()
                continue
            found = _TO_BRACE.match(self._content, self._at)
            self._at = found.end() if found else self._at + 1
            depth += {"{": 1, "}": -1}.get(char, 0) if not found else 0
            if depth == 0:
                self._open_templates -= 1
                return

    def _heredoc(self, heading: re.Match[str]) -> Scalar:
        start = heading.end()
        ending = re.compile(rf"^[ \t]*{re.escape(heading[2])}(?=[ \t]*\r?$)", re.MULTILINE).search(self._content, start)
        if ending is None:
            self._stop(heading.start(), f"the text up to `{heading[2]}` never ends", f"end it with `{heading[2]}`")
        self._at = ending.end()
        return Scalar(self._content[start : ending.start()], self._text, start, ending.start())

    def _opaque(self, start: int, *, newline_ends: bool) -> Scalar:
        """Read an expression that is no literal, up to what ends it."""
        while (char := self._peek()) not in _ENDS and not (newline_ends and char == "\n"):
            if char in _PAIRS:
                self._balanced()
            else:
                self._token(char)
        source = self._content[start : self._at].rstrip()
        if not source:
            self._stop(start, f"a value is wanted, and here is {met(self._content, start)}", "write a value")
        return Scalar(opaque(source), self._text, start, start + len(source))

    def _balanced(self) -> None:
        """Go behind the bracket that closes the one here."""
        start, wanted = self._at, [_PAIRS[self._peek()]]
        self._at += 1
        while wanted:
            char = self._peek()
            if char == wanted[-1]:
                wanted.pop()
                self._at += 1
            elif char in _PAIRS:
                wanted.append(_PAIRS[char])
                self._at += 1
            elif char in _ENDS - {","}:
                self._stop(start, "the bracket is never closed", f"add `{wanted[-1]}`")
            else:
                self._token(char)

    def _token(self, char: str) -> None:
        if char == '"':
            self._string()
        elif char == "<" and (heredoc := _HEREDOC.match(self._content, self._at)):
            self._heredoc(heredoc)
        else:
            found = _OPAQUE.match(self._content, self._at)
            before = self._at
            self._at = found.end() if found else before
            if not found:
                self._skip(_SPACE)
            if self._at == before:
                self._at += 1

    def _word(self, what: str) -> str:
        found = _NAME.match(self._content, self._at)
        if found is None:
            message = f"{what} is wanted, and here is {met(self._content, self._at)}"
            self._stop(self._at, message, "write `name = value`, or a block in braces")
        self._at = found.end()
        return found[0]

    def _peek(self) -> str:
        return self._content[self._at : self._at + 1]

    def _skip(self, what: re.Pattern[str]) -> None:
        found = what.match(self._content, self._at)
        self._at = found.end() if found else self._at

    def _too_deep(self, depth: int) -> None:
        if depth > MAX_DEPTH:
            self._stop(self._at, f"blocks are nested deeper than {MAX_DEPTH} levels here", "flatten it", "too-deep")

    def _stop(self, start: int, message: str, hint: str, code: str = "syntax") -> NoReturn:
        Mistakes(self._text).stop(code, start, min(start + 1, len(self._content)), message, hint)


def _number(written: str) -> int | float | str:
    if len(written) > _LONGEST_NUMBER:
        return written
    if written.lstrip("-").isdigit():
        return int(written)
    value = float(written)
    return value if isfinite(value) else written
