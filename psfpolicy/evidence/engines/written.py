"""What a script is made of: words as they are written and as a program gets them, with their places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Segment(NamedTuple):
    """Characters of a word that come from one place."""

    text: str
    at: int = -1
    """Offset in the script, or in the value of the variable outside; -1 where there is no place."""
    variable: str = ""
    """The variable outside the script that they come from."""
    split: bool = False
    """White space in it ends the word: it is the value of a variable that is not quoted."""
    unresolved: str = ""
    assumed: str = ""
    several: bool = False
    is_expanded: bool = False
    """It is the value of a variable."""
    is_break: bool = False
    """The word ends here: between two elements of an array."""


class Written(NamedTuple):
    """A word."""

    segments: tuple[Segment, ...]
    start: int
    """Offset in the script, or in the value of the variable outside, of its first character."""
    end: int
    variable: str = ""

    @property
    def text(self) -> str:
        """The word as the program gets it."""
        return "".join(segment.text for segment in self.segments)

    @property
    def unresolved(self) -> str:
        """The first thing in it that is not known."""
        return next((segment.unresolved for segment in self.segments if segment.unresolved), "")

    @property
    def assumed(self) -> str:
        """The first variable in it whose default was taken."""
        return next((segment.assumed for segment in self.segments if segment.assumed), "")

    @property
    def several(self) -> bool:
        """Whether it stands for any number of words."""
        return any(segment.several for segment in self.segments)


class Value(NamedTuple):
    """The value of a variable."""

    words: tuple[Written, ...]
    """One; of an array, its elements."""
    is_array: bool = False

    @staticmethod
    def outside(name: str, text: str) -> Value:
        """Give the value of a variable of the environment."""
        return Value((Written((Segment(text, 0, name),), 0, len(text), name),))

    def word(self) -> Written:
        """Give it as one word; of an array the first element, as a shell does."""
        return self.words[0] if self.words else Written((), -1, -1)

    def joined(self, other: Value) -> Value:
        """Give it with another appended."""
        if self.is_array or other.is_array:
            return Value((*self.words, *other.words), is_array=True)
        first, second = self.word(), other.word()
        start = second.start if first.start < 0 else first.start
        return Value((Written((*first.segments, *second.segments), start, second.end),))

    @property
    def is_long(self) -> bool:
        """Whether it has more parts than any flag needs."""
        return len(self.words) + sum(len(word.segments) for word in self.words) > _MAX_PARTS


class Assignment(NamedTuple):
    """`A=b`."""

    name: str
    value: Value | None
    """None where it is not known."""
    append: bool = False


class Command(NamedTuple):
    """A simple command: assignments, then words."""

    words: tuple[Written, ...]
    assignments: tuple[Assignment, ...]
    conditional: bool
    """It stands in a block, in a subshell, or behind `&&` or `||`."""


DECLARING = frozenset({"export", "declare", "typeset", "readonly", "local"})
"""Commands whose words may be assignments."""


def words_of(segments: Iterable[Segment], start: int, end: int, *, split: bool, kept: bool) -> list[Written]:
    """Give the words that the segments of a written one become.

    Args:
        segments: In their order.
        start: Where it is written.
        end: Behind where it is written.
        split: Whether white space in the value of a variable that is not quoted ends a word.
        kept: Whether it is a word even if it is empty: it has quotes.
    """
    found: list[list[Segment]] = [[]]
    for segment in segments:
        if segment.is_break:
            found.append([])
        elif not (split and segment.split):
            found[-1].append(segment)
        else:
            for piece in _PIECES.finditer(segment.text):
                if piece[0].isspace():
                    found.append([])
                else:
                    at = segment.at + piece.start() if segment.at >= 0 else -1
                    found[-1].append(segment._replace(text=piece[0], at=at))
    filled = [tuple(each) for each in found if each and (kept or any(part.text for part in each))]
    if kept and not filled:
        return [Written((), start, end)]
    return [_placed(each, start, end) for each in filled]


def _placed(segments: tuple[Segment, ...], start: int, end: int) -> Written:
    """Give a word with its place: as it is written, or where the variable that all of it comes from got its value."""
    first, last = segments[0], segments[-1]
    variables = {each.variable for each in segments}
    if all(each.is_expanded for each in segments) and len(variables) == 1 and first.at >= 0 and last.at >= first.at:
        return Written(segments, first.at, last.at + len(last.text), first.variable)
    return Written(segments, start, end)


_MAX_PARTS = 2_000
_PIECES = re.compile(r"\s+|\S+")
