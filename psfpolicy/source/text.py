"""The characters of one file, and the way from an offset in them to a line and a column."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from psfpolicy.model.place import Place, Region

_LINE_BREAK = re.compile(r"\r\n?|\n")


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

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in _LINE_BREAK.finditer(self.content))]

    def place(self, start: int, end: int, used_at: Place | None = None) -> Place:
        """Give the place of a stretch of the text.

        Args:
            start: Offset of its first character.
            end: Offset behind its last character.
            used_at: Where an alias or a merge key uses what stands there.
        """
        start_line, start_column = self._position(start)
        end_line, end_column = self._position(end)
        return Place(self.file, Region(start_line, start_column, end_line, end_column), used_at)

    def line(self, number: int) -> str:
        """Give a line without its line break; empty when the text has no such line.

        Args:
            number: 1-based, as in a region.
        """
        if not 1 <= number <= len(self._starts):
            return ""
        end = self._starts[number] if number < len(self._starts) else len(self.content)
        return self.content[self._starts[number - 1] : end].rstrip("\r\n")

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
