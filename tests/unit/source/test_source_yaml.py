"""What YAML stands for, and where each part of it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy.model.place import Place, Region
from psfpolicy.source import read

if TYPE_CHECKING:
    from psfpolicy.model.place import JsonValue, Path
    from psfpolicy.source import Document


def _one(content: str) -> Document:
    (document,) = read(content.encode(), file="d.yaml")
    return document


def _value(written: str) -> JsonValue:
    data = _one(f"key: {written}\n").data
    assert isinstance(data, dict)
    return data["key"]


def _slice(content: str, path: Path) -> str:
    """Give what stands in the region of a value; all on one line."""
    region = _one(content).locate(path).place.region
    assert region.start_line == region.end_line
    return content.splitlines()[region.start_line - 1][region.start_column - 1 : region.end_column - 1]


@pytest.mark.parametrize("written", ["", "~", "null", "Null", "NULL", "!!null ''", "!!null null"])
def test_null_of_the_core_schema(written: str) -> None:
    assert _value(written) is None


@pytest.mark.parametrize("written", ["true", "True", "TRUE", "!!bool 'true'"])
def test_truth_of_the_core_schema(written: str) -> None:
    assert _value(written) is True


@pytest.mark.parametrize("written", ["false", "False", "FALSE"])
def test_falsehood_of_the_core_schema(written: str) -> None:
    assert _value(written) is False


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0", 0),
        ("-19", -19),
        ("+12", 12),
        ("012", 12),
        ("0o14", 12),
        ("0x1F", 31),
        ("1152921504606846977", 2**60 + 1),
        ("!!int '5'", 5),
        ("9" * 4300, 10**4300 - 1),
    ],
)
def test_whole_number_of_the_core_schema(written: str, number: int) -> None:
    value = _value(written)
    assert value == number
    assert type(value) is int


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0.", 0.0),
        (".5", 0.5),
        ("-1.5", -1.5),
        ("+12e03", 12000.0),
        ("1e3", 1000.0),
        ("-2E+05", -200000.0),
        ("1.0", 1.0),
        ("!!float 1", 1.0),
    ],
)
def test_decimal_number_of_the_core_schema_stays_one(written: str, number: float) -> None:
    value = _value(written)
    assert value == number
    assert type(value) is float


@pytest.mark.parametrize(
    "written",
    [
        *("NO", "no", "Yes", "on", "off", "y", "nULL", "tRUE"),
        *("1_000", "0b1", "0o18", "0x", "1:30", "190:20:30", "2026-11-21", "2026-11-21T10:00:00Z"),
        *("1e", ".", "+", "-.", "++1", "1.2.3", "1x", ".infinity", "=", "<<x"),
    ],
)
def test_what_the_core_schema_does_not_name_is_a_string(written: str) -> None:
    assert _value(written) == written


@pytest.mark.parametrize("written", ["'1'", '"1"', "!!str 1", "! 1", ">-\n  1", "|-\n  1", "&a !!str 1", "!!str &a 1"])
def test_quotes_blocks_and_the_tag_of_strings_make_a_string(written: str) -> None:
    assert _value(written) == "1"


def test_names_that_yaml_1_1_takes_for_truth_values_are_keys() -> None:
    assert _one("on: 1\nNO: 2\ny: 3\n'true': 4\n").data == {"on": 1, "NO": 2, "y": 3, "true": 4}


def test_documents_without_content_are_left_out_and_the_others_numbered() -> None:
    documents = read(b"---\n# nothing\n---\na: 1\n---\n...\n---\nb: 2\n--- ~\n", file="d.yaml")
    assert [(document.index, document.data, document.file) for document in documents] == [
        (0, {"a": 1}, "d.yaml"),
        (1, {"b": 2}, "d.yaml"),
        (2, None, "d.yaml"),
    ]


@pytest.mark.parametrize("content", [b"", b"\n", b"# only a comment\n", b"---\n", b"\xef\xbb\xbf"])
def test_file_without_content_has_no_documents(content: bytes) -> None:
    assert read(content, file="d.yaml") == ()


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_every_line_break_of_yaml_counts_once(line_break: str) -> None:
    document = _one(f"a: 1{line_break}b:{line_break}  - x{line_break}  - y{line_break}")
    assert document.locate(("b", 1)).place == Place("d.yaml", Region(4, 5, 4, 6))


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
def test_separators_that_break_lines_in_yaml_1_1_alone_are_characters(separator: str) -> None:
    document = _one(f'a: x{separator}y # {separator}\n"{separator}": |\n  {separator}\nc: 1\n')
    assert document.data == {"a": f"x{separator}y", separator: f"{separator}\n", "c": 1}
    assert document.locate(("a",)).place.region == Region(1, 4, 1, 7)
    assert document.locate(("c",)).place.region == Region(4, 4, 4, 5)


def test_escapes_of_noncharacters_survive_beside_a_separator() -> None:
    assert _one('a: "\\uFDD0\\ufdd1\u2028"\n').data == {"a": "\ufdd0\ufdd1\u2028"}


def test_columns_count_characters_and_not_bytes_or_cells() -> None:
    assert _one("a: {😀é: 1, b: 2}\n").locate(("a", "b")).place.region == Region(1, 15, 1, 16)
    assert _one("a:\t1\n").locate(("a",)).place.region == Region(1, 4, 1, 5)


def test_byte_order_mark_is_no_character_of_the_first_line() -> None:
    (document,) = read(b"\xef\xbb\xbfa: 1\n", file="d.yaml")
    assert document.locate(("a",)).place.region == Region(1, 4, 1, 5)


@pytest.mark.parametrize(
    ("content", "path", "expected"),
    [
        ("a: word  # said\n", ("a",), "word"),
        ("a: 'it''s'  \n", ("a",), "'it''s'"),
        ('a: "x\\ny"\n', ("a",), '"x\\ny"'),
        ("a: {b: [1, 2] }\n", ("a",), "{b: [1, 2] }"),
        ("a: {b: [1, 2] }\n", ("a", "b"), "[1, 2]"),
        ("a: &x !!str 1\n", ("a",), "1"),
        ("a: !!int &x 1\n", ("a",), "1"),
        ("a: !<tag:yaml.org,2002:str> 1\n", ("a",), "1"),
        ("a: &x [1]\n", ("a",), "[1]"),
        ("- &x b: 1\n", (0,), "&x b: 1"),
        ("a:   # none\nb: 1\n", ("a",), ""),
        ("- - x\n  - y: z  # said\n", (0, 1), "y: z"),
        ("{a, b: 1}\n", ("a",), ""),
        ("a: &x\nb: 1\n", ("a",), ""),
    ],
)
def test_region_of_a_value_is_its_own_text(content: str, path: Path, expected: str) -> None:
    assert _slice(content, path) == expected


@pytest.mark.parametrize(
    ("content", "path", "region"),
    [
        ("a:\n  b: 1\n  c:\n    - x\n\n# said\nd: 1\n", ("a",), Region(2, 3, 4, 8)),
        ("a:\n- x\n- y\nb: 1\n", ("a",), Region(2, 1, 3, 4)),
        ("a: |\n  x\n  y\n\nb: 1\n", ("a",), Region(1, 4, 3, 4)),
        ("a: >-  # said\n  x\n\n  y  \n# said\nb: 1\n", ("a",), Region(1, 4, 4, 4)),
        ("a: |\nb: 1\n", ("a",), Region(1, 4, 1, 5)),
        ("a: x\n  y\nb: 1\n", ("a",), Region(1, 4, 2, 4)),
        ("a: &x\n  # said\n  b: 1\n", ("a",), Region(3, 3, 3, 7)),
        ("a:\n  b:\nc: 1\n", ("a",), Region(2, 3, 2, 5)),
        ("? a\n# said\nb: 1\n", ("a",), Region(1, 4, 1, 4)),
        ("a: 1\nb: 2\n", (), Region(1, 1, 2, 5)),
    ],
)
def test_region_of_what_spans_lines_ends_with_its_last_character(content: str, path: Path, region: Region) -> None:
    assert _one(content).locate(path).place == Place("d.yaml", region)


def test_value_through_an_alias_is_where_it_is_written_and_says_where_it_is_used() -> None:
    document = _one("a: &x {b: 1}\nc: *x\n")
    used_at = Place("d.yaml", Region(2, 4, 2, 6))
    assert document.data == {"a": {"b": 1}, "c": {"b": 1}}
    assert document.locate(("a", "b")).place == Place("d.yaml", Region(1, 11, 1, 12))
    assert document.locate(("c", "b")).place == Place("d.yaml", Region(1, 11, 1, 12), used_at)
    assert document.locate(("c",)).place == Place("d.yaml", Region(1, 7, 1, 13), used_at)
    assert document.locate_key(("c", "b")) == Place("d.yaml", Region(1, 8, 1, 9), used_at)
    assert document.locate_key(("c",)) == Place("d.yaml", Region(2, 1, 2, 2))


def test_value_through_an_alias_of_an_alias_says_both_uses_nearest_first() -> None:
    document = _one("a: &x {k: 1}\nb: &y [*x]\nc: *y\n")
    outer = Place("d.yaml", Region(3, 4, 3, 6))
    inner = Place("d.yaml", Region(2, 8, 2, 10), outer)
    assert document.locate(("c", 0, "k")).place == Place("d.yaml", Region(1, 11, 1, 12), inner)


def test_alias_means_the_last_anchor_of_that_name_before_it() -> None:
    assert _one("a: &x 1\nb: *x\nc: &x 2\nd: *x\n").data == {"a": 1, "b": 1, "c": 2, "d": 2}
    assert _one("a: &x [&x 1, *x]\nb: *x\n").data == {"a": [1, 1], "b": 1}


def test_alias_may_be_a_key_when_it_stands_for_a_string() -> None:
    document = _one("a: &x word\n*x : 1\n")
    assert document.data == {"a": "word", "word": 1}
    assert document.locate_key(("word",)) == Place("d.yaml", Region(1, 7, 1, 11), Place("d.yaml", Region(2, 1, 2, 3)))


MERGED = """\
base: &base {name: x, size: 1}
more: &more
  size: 2
  colour: red
one:
  <<: *base
  name: y
two:
  <<: [*more, *base, {depth: 3}]
"""


def test_merge_key_gives_way_to_own_keys_and_earlier_maps() -> None:
    data = _one(MERGED).data
    assert isinstance(data, dict)
    assert data["one"] == {"name": "y", "size": 1}
    assert data["two"] == {"size": 2, "colour": "red", "name": "x", "depth": 3}


def test_value_through_a_merge_key_is_where_it_is_written_and_says_where_it_is_used() -> None:
    document = _one(MERGED)
    in_one, in_two = Place("d.yaml", Region(6, 7, 6, 12)), Place("d.yaml", Region(9, 8, 9, 13))
    assert document.locate(("one", "size")).place == Place("d.yaml", Region(1, 29, 1, 30), in_one)
    assert document.locate_key(("one", "size")) == Place("d.yaml", Region(1, 23, 1, 27), in_one)
    assert document.locate(("one", "name")).place == Place("d.yaml", Region(7, 9, 7, 10))
    assert document.locate(("two", "size")).place == Place("d.yaml", Region(3, 9, 3, 10), in_two)
    assert document.locate(("two", "depth")).place == Place("d.yaml", Region(9, 30, 9, 31))


def test_merge_key_through_a_list_that_is_an_alias_says_each_use() -> None:
    document = _one("a: &a {k: 1}\nb: &b [*a]\nc: {<<: *b}\n")
    assert document.data == {"a": {"k": 1}, "b": [{"k": 1}], "c": {"k": 1}}
    use = Place("d.yaml", Region(2, 8, 2, 10), Place("d.yaml", Region(3, 9, 3, 11)))
    assert document.locate(("c", "k")).place == Place("d.yaml", Region(1, 11, 1, 12), use)


def test_merge_key_in_quotes_is_a_key() -> None:
    assert _one('"<<": 1\n').data == {"<<": 1}


def test_aliased_values_are_not_shared_in_the_plain_value() -> None:
    data = _one("a: &x [1]\nb: *x\n").data
    assert isinstance(data, dict)
    assert data["a"] is not data["b"]


def test_yaml_1_2_may_be_asked_for() -> None:
    assert _one("%YAML 1.2\n---\na: no\n").data == {"a": "no"}
