"""Places inside a scalar: the words of a script, and documents that are embedded in a text."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy import source
from psfpolicy.errors import DocumentError
from psfpolicy.source import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from psfpolicy.model.place import Place
    from psfpolicy.source import Document, Scalar

_NOT_BREAKS = re.compile(r"[^\r\n]+")
_HEADER = re.compile(r"[|>][-+0-9]*[^\r\n]*\r?\n?")


def places(scalar: Scalar, words: Iterable[str]) -> Iterator[Place]:
    """Give the places of words as they are written in a scalar, in their order; of one that is not found, the scalar's.

    Args:
        scalar: A text, plain, quoted or as a block.
        words: Words as the scalar writes them, in the order in which they stand there.
    """
    cursor = scalar.start
    for word in words:
        found = scalar.text.content.find(word, cursor, scalar.end) if word else -1
        if found < 0:
            yield scalar.place
        else:
            cursor = found + len(word)
            yield scalar.text.place(found, cursor, scalar.used_at)


class _Run(NamedTuple):
    """Characters of a value that stand in the file one after another."""

    start: int
    """Offset in the value."""
    at: int
    """Offset in the file."""
    length: int
    written: int
    """How many characters the file needs for them: more than `length` where one of them is escaped."""


class Stretches:
    """Where stretches of a scalar's value stand in its file.

    Indentation, folding and quotes keep a value from being a slice of its file, so each run of it without white space
    is looked up by itself. One that is not found, because it is escaped in an unusual way, has the scalar's place.

    Args:
        scalar: A text, plain, quoted or as a block.
    """

    def __init__(self, scalar: Scalar) -> None:
        self._scalar = scalar

    def place(self, start: int, end: int) -> Place:
        """Give the place of a stretch.

        Args:
            start: Offset in the value of its first character.
            end: Offset behind its last character.
        """
        first, last = self._run(start), self._run(max(start, end - 1))
        if first is None or last is None:
            return self._scalar.place
        inner = first.length == first.written
        begin = first.at + start - first.start if inner else first.at
        stop = last.at + end - last.start if last.length == last.written else last.at + last.written
        return self._scalar.text.place(begin, max(begin, stop), self._scalar.used_at)

    def _run(self, offset: int) -> _Run | None:
        index = bisect_right(self._runs, offset, key=lambda run: run.start) - 1
        found = self._runs[index] if index >= 0 else None
        return found if found and found.start <= offset < found.start + found.length else None

    @cached_property
    def _runs(self) -> list[_Run]:
        content, end = self._scalar.text.content, self._scalar.end
        header = _HEADER.match(content, self._scalar.start, end)
        cursor, misses = header.end() if header else self._scalar.start, 0
        runs: list[_Run] = []
        for match in _NOT_SPACE.finditer(str(self._scalar.value)):
            plain = match[0]
            for written in (plain, plain.replace("\\", "\\\\").replace('"', '\\"'), plain.replace("'", "''")):
                at = content.find(written, cursor, end)
                if at >= 0:
                    runs.append(_Run(match.start(), at, len(plain), len(written)))
                    cursor = at + len(written)
                    break
            else:
                misses += 1
                if misses > _MAX_MISSES:
                    break
        return runs


_MAX_MISSES = 50
"""Each costs a search to the scalar's end."""
_NOT_SPACE = re.compile(r"\S+")


def embedded(scalar: Scalar) -> tuple[Document, ...] | None:
    """Read the YAML or JSON that a scalar holds, with places in the file around it; None where it is neither.

    A block of text is read where it stands: YAML does not mind that all of it is indented.
    Any other text is read by its value, and places are those of the whole scalar's first line at best.
    """
    content = scalar.text.content
    raw = content[scalar.start : scalar.end]
    header = _HEADER.match(raw) if raw.startswith("|") else None
    if header is None:
        body = scalar.start + (raw[:1] in {"'", '"'}), scalar.end - (raw[-1:] in {"'", '"'})
        if content[slice(*body)] != scalar.value:
            return _read(Text(scalar.text.file, str(scalar.value)))
    else:
        body = scalar.start + header.end(), scalar.end
    # What stands before is made blank, so that lines and columns stay what they are in the file.
    start = max(content.rfind(end, 0, body[0]) for end in "\r\n") + 1
    blank = _NOT_BREAKS.sub("", content[:start]) + " " * (body[0] - start) + content[slice(*body)]
    return _read(Text(scalar.text.file, blank))


def _read(text: Text) -> tuple[Document, ...] | None:
    try:
        return source.read(text.content.encode(), file=text.file.removesuffix(".json"), any_keys=True)
    except DocumentError:
        return None
