"""The words of a script: quotes taken off, variables that are known replaced."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from psfpolicy.evidence.engines.expansion import MAX_EXPANDED, closing
from psfpolicy.evidence.engines.written import Segment, Value, Written, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


class Words:
    """Reads a script word by word, from a position on.

    Args:
        text: The script.
        offsets: For each of its characters the offset that places are counted in. Negative ones below -1 stand for
            places elsewhere: they go down by one from character to character.
        value_of: Gives the value of a variable at that moment; None where it is not known.
        operators: Whether `;`, `|` and the like end a word, and not white space alone.
        interpolation: Of compose: what `${A}` takes before the shell reads it.
    """

    def __init__(
        self,
        text: str,
        offsets: Sequence[int],
        value_of: Callable[[str], Value | None],
        *,
        operators: bool,
        interpolation: Mapping[str, str] | None,
    ) -> None:
        self.text = text
        self.position = 0
        self._stop = len(text)
        self._offsets = offsets
        self._value_of = value_of
        self._interpolation = interpolation
        self._ends = _WORD_ENDS if operators else _BLANKS
        self._budget = MAX_EXPANDED

    def read(self, *, assigned: bool = False) -> list[Written]:
        """Read one word as it is written, and give the words that it becomes.

        Args:
            assigned: It is the value of an assignment, or the target of a redirection, which white space does not end.
        """
        start = self.position
        segments = self._segments(self._ends)
        quoted = any(char in "'\"" for char in self.text[start : self.position])
        return words_of(segments, self._at(start), self._behind(self.position - 1), split=not assigned, kept=quoted)

    def _segments(self, ends: str, depth: int = 0) -> list[Segment]:
        """Read up to one of some characters that is not quoted."""
        text, found = self.text, list[Segment]()
        while self.position < self._stop and text[self.position] not in ends:
            char, start = text[self.position], self.position
            if char == "'":
                end = or_end(text.find("'", start + 1, self._stop), self._stop)
                found.append(Segment(text[start + 1 : end], self._at(start + 1)))
                self.position = min(end + 1, self._stop)
            elif char == '"':
                self.position += 1
                found += self._double_quoted(depth)
            elif char == "\\":
                if not text.startswith(("\\\n", "\\\r\n"), start):
                    found.append(Segment(text[start + 1 : start + 2], self._at(start + 1)))
                self.position = min(start + (3 if text.startswith("\\\r\n", start) else 2), self._stop)
            elif text.startswith(("$'", '$"'), start):
                self.position += 1
            else:
                found += self._unquoted(ends, depth)
        return found

    def _unquoted(self, ends: str, depth: int) -> list[Segment]:
        text, start = self.text, self.position
        if text[start] in "$`":
            return self._expansion(depth, quoted=False)
        if text.startswith("{{", start):
            return [self._template()]
        self.position += 1
        while self.position < self._stop and text[self.position] not in ends and text[self.position] not in _SPECIAL:
            self.position += 1
        return [Segment(text[start : self.position], self._at(start))]

    def _double_quoted(self, depth: int) -> list[Segment]:
        text, found = self.text, list[Segment]()
        while self.position < self._stop and text[self.position] != '"':
            start = self.position
            if text[start] == "\\" and text[start + 1 : start + 2] in {"$", "`", '"', "\\", "\n"}:
                if text[start + 1] != "\n":
                    found.append(Segment(text[start + 1], self._at(start + 1)))
                self.position = min(start + 2, self._stop)
            elif text[start] in "$`":
                found += self._expansion(depth, quoted=True)
            elif text.startswith("{{", start):
                found.append(self._template())
            else:
                self.position += 1
                while self.position < self._stop and text[self.position] not in '"\\$`{':
                    self.position += 1
                found.append(Segment(text[start : self.position], self._at(start)))
        self.position = min(self.position + 1, self._stop)
        return found

    def _template(self) -> Segment:
        start = self.position
        end = self.text.find("}}", start, self._stop)
        self.position = self._stop if end < 0 else end + 2
        written = self.text[start : self.position]
        return Segment(written, self._at(start), unresolved=written)

    def _expansion(self, depth: int, *, quoted: bool) -> list[Segment]:
        """Read what a dollar sign or a backquote starts."""
        text, start = self.text, self.position
        if text[start] == "`":
            self.position = min(or_end(text.find("`", start + 1, self._stop), self._stop) + 1, self._stop)
            return [self._unknown(start, "`…`")]
        doubled = text.startswith("$$", start) and bool(_AFTER_DOLLAR.match(text, start + 2))
        self.position += 2 if doubled else 1
        if text.startswith("(", self.position):
            return self._parenthesis(start, doubled=doubled, quoted=quoted)
        if text.startswith("{", self.position):
            return self._braces(start, depth, outer=self._interpolation is not None and not doubled, quoted=quoted)
        return self._name(start, outer=self._interpolation is not None and not doubled, quoted=quoted)

    def _name(self, start: int, *, outer: bool, quoted: bool) -> list[Segment]:
        found = _NAME.match(self.text, self.position)
        if found is None:
            return [Segment("$", self._at(start))]
        self.position = found.end()
        if outer:
            return self._of(self._outer(found[0]), found[0], start, quoted=quoted)
        return self._of(self._value_of(found[0]), found[0], start, quoted=quoted, every=found[0] in "@*")

    def _parenthesis(self, start: int, *, doubled: bool, quoted: bool) -> list[Segment]:
        found = _KUBERNETES.match(self.text, start) if not doubled and self._interpolation is None else None
        value = self._value_of(found["name"]) if found else None
        if found is not None and value is not None and value.word().variable:
            self.position = found.end()
            return self._of(value, found["name"], start, quoted=quoted)
        self.position = self.balanced(self.position + 1)
        return [self._unknown(start, found["name"] if found else "$(…)")]

    def _braces(self, start: int, depth: int, *, outer: bool, quoted: bool) -> list[Segment]:
        inner_start = self.position + 1
        end = closing(self.text, inner_start)
        if end < 0 or end >= self._stop:
            self.position = self._stop
            return [self._unknown(start, "${")]
        found = _PARAMETER.fullmatch(self.text, inner_start, end)
        self.position = end + 1
        if found is None or depth > _MAX_DEPTH:
            return [self._unknown(start, self.text[inner_start:end][:80])]
        name, operator = found["name"], found["operator"] or ""
        value = self._outer(name) if outer else self._value_of(name)
        is_set = value is not None and not (operator.startswith(":") and value.word().text == "")
        if operator[-1:] in {"-", "="} and not is_set:
            assumed = "" if value is not None else name
            default = self._within(found.start("word"), end, depth + 1)
            return [each._replace(assumed=each.assumed or assumed, split=not quoted) for each in default]
        if operator.endswith("+"):
            return self._within(found.start("word"), end, depth + 1) if is_set else [self._unknown(start, name)]
        return self._of(value, name, start, quoted=quoted, every=bool(found["every"]) or name in "@*")

    def _within(self, start: int, end: int, depth: int) -> list[Segment]:
        """Read a stretch of the script as the inside of a word."""
        position, stop = self.position, self._stop
        self.position, self._stop = start, end
        found = self._segments("", depth)
        self.position, self._stop = position, stop
        return found

    def _outer(self, name: str) -> Value | None:
        known = (self._interpolation or {}).get(name)
        return None if known is None else Value((Written((Segment(known),), -1, -1),))

    def _of(self, value: Value | None, name: str, start: int, *, quoted: bool, every: bool = False) -> list[Segment]:
        """Give the segments of a variable's value."""
        if value is None:
            return [self._unknown(start, name, several=every or not quoted)]
        chosen = value.words if every else (value.word(),)
        found: list[Segment] = []
        for index, word in enumerate(chosen):
            found += [Segment("", is_break=True)] if index else []
            found += [each._replace(split=not (quoted or each.unresolved), is_expanded=True) for each in word.segments]
        self._budget -= sum(len(each.text) for each in found) + len(found)
        return [self._unknown(start, name)] if self._budget < 0 else found

    def _unknown(self, start: int, name: str, *, several: bool = False) -> Segment:
        written = self.text[start : self.position]
        return Segment(written, self._at(start), unresolved=name or written, several=several)

    def balanced(self, start: int) -> int:
        """Give the offset behind the parenthesis that closes the one before an offset."""
        depth, position, text = 1, start, self.text
        while position < self._stop:
            char = text[position]
            if char in "'\"":
                position = or_end(text.find(char, position + 1, self._stop), self._stop)
            elif char == "\\":
                position += 1
            depth += {"(": 1, ")": -1}.get(char, 0)
            position += 1
            if depth == 0:
                break
        return min(position, self._stop)

    def _at(self, index: int) -> int:
        return self._offsets[index] if 0 <= index < len(self._offsets) else -1

    def _behind(self, index: int) -> int:
        at = self._at(index)
        return at + 1 if at >= 0 else at - 1


def or_end(found: int, length: int) -> int:
    """Give an offset that was looked for, or the end where it was not found."""
    return length if found < 0 else found


_MAX_DEPTH = 8
_BLANKS = " \t\r\n"
_WORD_ENDS = _BLANKS + ";&|()<>"
_SPECIAL = "'\"\\$`{"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[@*#?$!0-9-]")
_AFTER_DOLLAR = re.compile(r"[A-Za-z_{(@*]")
_KUBERNETES = re.compile(r"\$\((?P<name>[A-Za-z_][A-Za-z0-9_.-]*)\)")
_PARAMETER = re.compile(
    r"(?P<name>[A-Za-z_][A-Za-z0-9_]*|[@*])(?P<every>\[[@*]\])?(?:(?P<operator>:?[-=+?])(?P<word>.*))?", re.DOTALL
)
