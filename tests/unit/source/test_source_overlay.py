"""A document laid over its base: what comes out, and where each value is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy.model.place import Place, Region
from psfpolicy.source import Located, overlay, read

if TYPE_CHECKING:
    from psfpolicy.source import Document

BASE = """\
apiVersion: psfpolicy/v1
kind: LLMDeploymentBase
metadata:
  owner: {team: ml}
spec:
  model: {id: llama, revision: abc}
  inputs:
    guards:
      - name: injection
        action: flag
        onPath: true
      - name: hazards
        action: block
  outputs:
    sinks: [{name: ui, kind: ui}]
"""
TOP = """\
apiVersion: psfpolicy/v1
kind: LLMDeployment
metadata:
  extends: ../base.yaml
  name: notes
spec:
  model: {revision: null, quantization: fp8}
  inputs:
    guards:
      - name: pii
        action: redact
      - name: injection
        action: block
  outputs:
    sinks: []
"""


def _document(content: str, file: str) -> Document:
    (document,) = read(content.encode(), file=file)
    return document


def _laid(base: str, top: str) -> Document:
    return overlay(_document(base, "base.yaml"), _document(top, "top.yaml"))


@pytest.fixture
def merged() -> Document:
    return _laid(BASE, TOP)


def test_maps_merge_named_items_merge_the_rest_replaces_and_null_removes(merged: Document) -> None:
    assert merged.data == {
        "apiVersion": "psfpolicy/v1",
        "kind": "LLMDeployment",
        "metadata": {"owner": {"team": "ml"}, "name": "notes"},
        "spec": {
            "model": {"id": "llama", "quantization": "fp8"},
            "inputs": {
                "guards": [
                    {"name": "injection", "action": "block", "onPath": True},
                    {"name": "hazards", "action": "block"},
                    {"name": "pii", "action": "redact"},
                ]
            },
            "outputs": {"sinks": []},
        },
    }


def test_keys_stand_in_the_order_of_the_base_and_then_the_new_ones(merged: Document) -> None:
    data: Any = merged.data
    assert list(data) == ["apiVersion", "kind", "metadata", "spec"]
    assert list(data["metadata"]) == ["owner", "name"]
    assert list(data["spec"]["model"]) == ["id", "quantization"]


def test_document_keeps_the_name_and_number_of_the_upper_one() -> None:
    _, top = read(b"x: 1\n---\ny: 2\n", file="top.yaml")
    merged = overlay(_document("y: 1\n", "base.yaml"), top)
    assert (merged.file, merged.index) == ("top.yaml", 1)


def test_every_value_keeps_the_place_where_it_was_written(merged: Document) -> None:
    guards = ("spec", "inputs", "guards")
    assert merged.locate((*guards, 0, "action")).place == Place("top.yaml", Region(13, 17, 13, 22))
    assert merged.locate((*guards, 0, "onPath")).place == Place("base.yaml", Region(11, 17, 11, 21))
    assert merged.locate((*guards, 1, "action")).place == Place("base.yaml", Region(13, 17, 13, 22))
    assert merged.locate((*guards, 2, "action")).place == Place("top.yaml", Region(11, 17, 11, 23))
    assert merged.locate_key(("spec", "model", "id")) == Place("base.yaml", Region(6, 11, 6, 13))
    assert merged.locate_key(("spec", "model")) == Place("top.yaml", Region(7, 3, 7, 8))


def test_missing_key_is_looked_for_in_the_upper_document_where_that_has_the_parent(merged: Document) -> None:
    guards = ("spec", "inputs", "guards")
    assert merged.locate(("spec", "model", "weights")) == Located(Place("top.yaml", Region(7, 3, 7, 8)), ("weights",))
    assert merged.locate((*guards, 0, "failClosed")) == Located(
        Place("top.yaml", Region(12, 9, 13, 22)), ("failClosed",)
    )
    assert merged.locate((*guards, 1, "failClosed")) == Located(
        Place("base.yaml", Region(12, 9, 13, 22)), ("failClosed",)
    )
    assert merged.locate(("metadata", "owner", "contact")) == Located(
        Place("base.yaml", Region(4, 3, 4, 8)), ("contact",)
    )
    assert merged.locate(("status",)) == Located(Place("top.yaml", Region(1, 1, 1, 11)), ("status",))


def test_missing_key_of_the_document_is_looked_for_in_the_upper_one_even_when_the_base_comes_first() -> None:
    merged = _laid("a: 1\nb: 2\n", "# said\nb: 3\nc: 4\n")
    assert merged.locate(("x",)) == Located(Place("top.yaml", Region(2, 1, 2, 2)), ("x",))


def test_missing_key_of_a_document_that_says_nothing_is_looked_for_in_the_base() -> None:
    merged = _laid("a: 1\n", "{}\n")
    assert merged.locate(("x",)) == Located(Place("base.yaml", Region(1, 1, 1, 2)), ("x",))


@pytest.mark.parametrize(
    ("base", "top", "expected"),
    [
        ("l: [1, 2]", "l: [3]", [3]),
        ("l: [{name: a}]", "l: [x]", ["x"]),
        ("l: [{name: a}, x]", "l: [{name: a, b: 1}]", [{"name": "a", "b": 1}]),
        ("l: [{name: a}]", "l: []", []),
        ("l: []", "l: [{name: a}]", [{"name": "a"}]),
        ("l: [{name: a, b: 1}]", "l: [{id: a, c: 1}]", [{"id": "a", "c": 1}]),
        ("l: [{name: a}]", "l: [{name: 1}]", [{"name": 1}]),
        ("l: [{name: a}]", "l: {name: a}", {"name": "a"}),
        ("l: {a: 1}", "l: x", "x"),
        ("l: x", "l: {a: 1}", {"a": 1}),
    ],
)
def test_what_is_not_two_maps_or_two_named_lists_is_replaced(base: str, top: str, expected: object) -> None:
    assert _laid(base, top).data == {"l": expected}


@pytest.mark.parametrize(
    ("base", "top", "expected"),
    [
        (
            "l: [{id: a, x: 1}, {id: b}]",
            "l: [{id: c}, {id: a, x: 2}]",
            [{"id": "a", "x": 2}, {"id": "b"}, {"id": "c"}],
        ),
        ("l: [{name: a, id: b}]", "l: [{name: a, id: c}]", [{"name": "a", "id": "c"}]),
        ("l: [{name: a, x: 1}]", "l: [{name: a, x: null}]", [{"name": "a"}]),
        ("l: [{name: a, m: {x: 1}}]", "l: [{name: a, m: {y: 2}}]", [{"name": "a", "m": {"x": 1, "y": 2}}]),
    ],
)
def test_lists_of_named_items_merge_by_name_or_else_id(base: str, top: str, expected: object) -> None:
    assert _laid(base, top).data == {"l": expected}


@pytest.mark.parametrize(
    ("base", "top", "names"),
    [
        ("l: [{name: a}]", "l: [{name: a}, {name: a}]", ["a", "a"]),
        ("l: [{name: a}, {name: a}]", "l: [{name: a}]", ["a", "a"]),
        ("l: [{name: a}]", "l: [{name: b}, {name: b}]", ["a", "b", "b"]),
    ],
)
def test_items_that_share_a_name_stay_for_the_check_of_names(base: str, top: str, names: list[str]) -> None:
    assert _laid(base, top).data == {"l": [{"name": name} for name in names]}


def test_removing_what_is_not_there_leaves_nothing() -> None:
    assert _laid("a: 1\n", "a: null\nb: ~\nc:\n").data == {}


def test_kind_and_extends_are_never_inherited() -> None:
    assert _laid("kind: X\nmetadata: {extends: y, name: n}\n", "metadata: {}\n").data == {"metadata": {"name": "n"}}
    assert _laid("kind: X\n", "metadata: {extends: y}\n").data == {"metadata": {}}
    assert _laid("a: {kind: X}\n", "metadata: 1\n").data == {"a": {"kind": "X"}, "metadata": 1}


@pytest.mark.parametrize("top", ["[1]", "x", "~"])
def test_document_that_is_no_map_stands_for_itself(top: str) -> None:
    assert _laid("a: 1\n", top).data == _document(top, "top.yaml").data


def test_base_that_is_no_map_gives_nothing() -> None:
    assert _laid("[1]", "a: 1\nkind: X\n").data == {"a": 1, "kind": "X"}


def test_several_levels_lie_over_one_another() -> None:
    lower = _document("a: {x: 1, y: 1, z: 1}\n", "lower.yaml")
    middle = _document("a: {y: 2, z: 2}\n", "middle.yaml")
    upper = _document("a: {z: 3}\n", "upper.yaml")
    merged = overlay(overlay(lower, middle), upper)
    assert merged.data == {"a": {"x": 1, "y": 2, "z": 3}}
    assert [merged.locate(("a", key)).place.file for key in "xyz"] == ["lower.yaml", "middle.yaml", "upper.yaml"]


def test_values_through_aliases_say_where_they_are_used_and_those_of_the_other_file_do_not() -> None:
    merged = _laid("m: &m {x: 1}\nspec: *m\n", "m: &m {y: 2}\nspec: *m\n")
    assert merged.locate(("spec", "x")).place == Place(
        "base.yaml", Region(1, 11, 1, 12), Place("base.yaml", Region(2, 7, 2, 9))
    )
    assert merged.locate(("spec", "y")).place == Place(
        "top.yaml", Region(1, 11, 1, 12), Place("top.yaml", Region(2, 7, 2, 9))
    )


def test_items_through_an_alias_say_where_they_are_used() -> None:
    merged = _laid("m: &m [{name: a, x: 1}]\nl: *m\n", "l: [{name: b}]\n")
    assert merged.locate(("l", 0, "x")).place == Place(
        "base.yaml", Region(1, 21, 1, 22), Place("base.yaml", Region(2, 4, 2, 6))
    )
    assert merged.locate(("l", 1, "name")).place == Place("top.yaml", Region(1, 12, 1, 13))


def test_neither_document_is_changed() -> None:
    base, top = _document(BASE, "base.yaml"), _document(TOP, "top.yaml")
    overlay(base, top)
    assert base.data == _document(BASE, "base.yaml").data
    assert top.data == _document(TOP, "top.yaml").data
