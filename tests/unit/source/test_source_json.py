"""What JSON stands for, and where each part of it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy.model.place import Place, Region
from psfpolicy.source import read

if TYPE_CHECKING:
    from collections.abc import Callable

    Found = Callable[[str | bytes, str], list[dict[str, str | None]]]


def test_every_kind_of_value_is_read() -> None:
    content = rb'{"a": [null, true, false, 0, -0, -1.5, 1E2, 1.0], "b\n": "\ud83d\ude00\u00e9\\\/\"", "": {}, "c": []}'
    (document,) = read(content, file="d.json")
    data: Any = document.data
    assert data == {
        "a": [None, True, False, 0, 0, -1.5, 100.0, 1.0],
        "b\n": '😀é\\/"',
        "": {},
        "c": [],
    }
    assert [type(item) for item in data["a"][3:]] == [int, int, float, float, float]


def test_values_and_keys_know_their_places() -> None:
    (document,) = read(b'{"a": [1,\r\n  "\xf0\x9f\x98\x80", {"b" : null}]}\n', file="d.json")
    assert document.locate(()).place == Place("d.json", Region(1, 1, 2, 22))
    assert document.locate(("a",)).place == Place("d.json", Region(1, 7, 2, 21))
    assert document.locate(("a", 0)).place == Place("d.json", Region(1, 8, 1, 9))
    assert document.locate(("a", 1)).place == Place("d.json", Region(2, 3, 2, 6))
    assert document.locate(("a", 2, "b")).place == Place("d.json", Region(2, 15, 2, 19))
    assert document.locate_key(("a", 2, "b")) == Place("d.json", Region(2, 9, 2, 12))


@pytest.mark.parametrize("content", [b"", b" \n\t", b"\xef\xbb\xbf"])
def test_json_file_without_content_has_no_documents(content: bytes) -> None:
    assert read(content, file="d.json") == ()


def test_document_may_be_any_value() -> None:
    assert [document.data for document in read(b' "x" ', file="d.json")] == ["x"]
    assert [document.data for document in read(b"12", file="d.json")] == [12]


def test_name_decides_whether_a_file_is_json() -> None:
    assert read(b"[yes]", file="d.yaml")[0].data == ["yes"]
    assert read(b"{a: 1}", file="json")[0].data == {"a": 1}
    assert read(b'["\\/"]', file="D.JSON")[0].data == ["/"]


def test_standard_input_that_starts_with_a_brace_is_json() -> None:
    (document,) = read(b' {"a": "\\ud83d\\ude00"}', file="<stdin>")
    assert document.data == {"a": "😀"}


@pytest.mark.parametrize("content", [b"{a: 1}", b"{a: 1}\n---\n{b: 2}\n", b"{\n  # said\n  'a': 1,\n}\n"])
def test_standard_input_that_only_yaml_can_read_is_yaml(content: bytes) -> None:
    assert read(content, file="<stdin>")[0].data == {"a": 1}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"a": 1, "b": 2,\n "a": 3}', "the key `a` is given already at 1:2"),
        ('{"a": "\\ud83d\\ude00",\n "c": tru}', "a value is wanted, met `tru`"),
        ("{a: {b: 1},\n c: [}", "a value is wanted, met `}`"),
    ],
)
def test_standard_input_that_neither_can_read_is_explained_by_the_reader_that_came_farther(
    content: str, message: str, mistakes: Found
) -> None:
    assert [mistake["message"] for mistake in mistakes(content, "<stdin>")] == [message]
