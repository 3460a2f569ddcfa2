"""Lines and columns of a text."""

from __future__ import annotations

import re

import pytest

from psfpolicy.model.place import Place, Region
from psfpolicy.source import Text

LONG = "".join(f"line {number}\r\n" for number in range(1, 2001))


def test_offsets_become_one_based_lines_and_columns() -> None:
    text = Text("f", "ab\ncd\r\n\re")
    assert text.place(0, 2) == Place("f", Region(1, 1, 1, 3))
    assert text.place(3, 5) == Place("f", Region(2, 1, 2, 3))
    assert text.place(7, 7) == Place("f", Region(3, 1, 3, 1))
    assert text.place(8, 9) == Place("f", Region(4, 1, 4, 2))


def test_text_that_ends_with_a_line_break_has_an_empty_last_line() -> None:
    assert Text("f", "a\n").place(2, 2) == Place("f", Region(2, 1, 2, 1))


def test_place_says_where_it_is_used() -> None:
    use = Place("f", Region(1, 1, 1, 2))
    assert Text("f", "ab").place(1, 2, use) == Place("f", Region(1, 2, 1, 3), use)


@pytest.mark.parametrize("number", [1, 2, 511, 512, 999, 1000, 1024, 2000])
def test_every_line_of_a_long_text_is_found_from_its_offset_and_its_number(number: int) -> None:
    text = Text("f", LONG)
    start = LONG.index(f"line {number}\r")
    width = len(f"line {number}")
    assert text.place(start, start + width) == Place("f", Region(number, 1, number, width + 1))
    assert text.line(number) == f"line {number}"


def test_lines_across_the_end_of_a_stretch_of_the_index_count_once() -> None:
    breaks = "\r\n" * 5000
    for content in (breaks + "x", " " + breaks + "x"):
        text = Text("f", content)
        assert text.place(len(content) - 1, len(content)) == Place("f", Region(5001, 1, 5001, 2))
        assert text.line(5001) == "x"


@pytest.mark.parametrize(
    "content",
    ["", "x" * 512, "x" * 1024, "x\n" * 512, "\r\n" * 512, " " + "\r\n" * 512, "\r" * 513, "a\r\nb\n\r" * 200],
)
def test_the_place_of_every_offset_is_what_stands_before_it_says(content: str) -> None:
    text = Text("f", content)
    for offset in range(len(content) + 1):
        *before, line = re.split(r"\r\n?|\n", content[:offset])
        at = (len(before) + 1, len(line) + 1)
        assert text.place(offset, offset).region == Region(*at, *at)
        first = text.place(0, offset).region
        assert first == Region(1, 1, *at)


@pytest.mark.parametrize("number", [-1, 0, 3, 4])
def test_line_that_the_text_does_not_have_is_empty(number: int) -> None:
    assert Text("f", "a\nb").line(number) == ""


def test_line_is_given_without_its_break_and_with_its_separators() -> None:
    text = Text("f", "a\u2028b\x85\r\nc\r\nd")
    assert [text.line(number) for number in (1, 2, 3)] == ["a\u2028b\x85", "c", "d"]
