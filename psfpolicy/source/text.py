"""The characters of one file, and the way from an offset in them to a line and a column."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from psfpolicy.model.place import Place, Region

_LINE_BREAK = re.compile(r"\r\n?|\n")
_STRIDE = 512


class _Checkpoint(NamedTuple):
    """What is known of an offset: looking something up starts at the nearest one before it.

    An index of all lines would be quicker to ask, and for a hostile file larger than the file by far.
    """

    offset: int
    line: int
    """1-based number of the line that the offset is in."""
    line_start: int


class Text:
    r"""What stands in a file, after its byte order mark.

    Offsets are 0-based and count code points, the end exclusive.
    A line ends at `\n`, `\r\n` or `\r`, as YAML 1.2 (section 5.4) and editors have it, and nowhere else.

    Args:
        file: The name of the file, as a place shows it.
        content: Its characters.
    """

    def __init__(self, file: str, content: str) -> None:
        self.file = file
        self.content = content

    def place(self, start: int, end: int, used_at: Place | None = None) -> Place:
        """Give the place of a stretch of the text.

        Args:
            start: Offset of its first character.
            end: Offset behind its last character.
            used_at: Where an alias or a merge key uses what stands there.
        """
        first = self._seen_from(start)
        # Most of what has a place is short, and ends on the line that it starts on.
        on_one_line = end - start < _STRIDE and not _LINE_BREAK.search(self.content, start, end)
        last = first if on_one_line else self._seen_from(end)
        region = Region(first.line, start - first.line_start + 1, last.line, end - last.line_start + 1)
        return Place(self.file, region, used_at)

    def line(self, number: int) -> str:
        """Give a line without its line break; empty when the text has no such line.

        Args:
            number: 1-based, as in a region.
        """
        if number < 1:
            return ""
        # The last checkpoint on an earlier line: the line starts behind it.
        known = bisect_left(self._checkpoints, number, lo=1, key=lambda checkpoint: checkpoint.line)
        nearest = self._checkpoints[known - 1]
        offset = number - nearest.line
        breaks = islice(_LINE_BREAK.finditer(self.content, nearest.line_start), offset + 1)
        bounds = [(0, nearest.line_start), *(found.span() for found in breaks), (len(self.content), 0)]
        return self.content[bounds[offset][1] : bounds[offset + 1][0]] if offset + 1 < len(bounds) else ""

    def _seen_from(self, offset: int) -> _Checkpoint:
        known = min(offset // _STRIDE, len(self._checkpoints) - 1)
        # One that would have stood inside a break stands behind it.
        known -= self._checkpoints[known].offset > offset
        return self._advanced(self._checkpoints[known], offset)

    @cached_property
    def _has_returns(self) -> bool:
        return "\r" in self.content

    @cached_property
    def _checkpoints(self) -> list[_Checkpoint]:
        checkpoints = [_Checkpoint(0, 1, 0)]
        for offset in range(_STRIDE, len(self.content), _STRIDE):
            inside_break = self.content.startswith("\r\n", offset - 1)
            checkpoints.append(self._advanced(checkpoints[-1], offset + inside_break))
        return checkpoints

    def _advanced(self, start: _Checkpoint, offset: int) -> _Checkpoint:
        stretch = (start.offset, offset)
        count, last = self.content.count, self.content.rfind
        breaks = count("\n", *stretch)
        line_start = last("\n", *stretch) + 1
        if self._has_returns:
            breaks += count("\r", *stretch) - count("\r\n", *stretch)
            line_start = max(line_start, last("\r", *stretch) + 1)
        return _Checkpoint(offset, start.line + breaks, line_start or start.line_start)
