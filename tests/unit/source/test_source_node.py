"""Paths in a document: where they lead, and how they are written for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy.model.place import Place, Region
from psfpolicy.source import Located, Mapping, Scalar, Sequence, plain, read

if TYPE_CHECKING:
    from psfpolicy.model.place import Path

CONTENT = """\
# a descriptor
kind: LLMDeployment
spec:
  purpose:
  inputs:
    guards:
      - name: prompt-guard
        action: block
      - {id: hazards, detects: [injection]}
      - plain
  rules: []
"""


def _located(path: Path) -> Located:
    (document,) = read(CONTENT.encode(), file="d.yaml")
    return document.locate(path)


@pytest.mark.parametrize(
    ("path", "region"),
    [
        (("kind",), Region(2, 7, 2, 20)),
        (("spec", "purpose"), Region(4, 11, 4, 11)),
        (("spec", "inputs", "guards", 0), Region(7, 9, 8, 22)),
        (("spec", "inputs", "guards", 0, "action"), Region(8, 17, 8, 22)),
        (("spec", "inputs", "guards", 1, "detects", 0), Region(9, 33, 9, 42)),
        (("spec", "rules"), Region(11, 10, 11, 12)),
    ],
)
def test_value_that_exists_is_at_its_own_region(path: Path, region: Region) -> None:
    assert _located(path) == Located(Place("d.yaml", region))


@pytest.mark.parametrize(
    ("path", "region", "missing"),
    [
        (("spec", "outputs"), Region(3, 1, 3, 5), ("outputs",)),
        (("spec", "outputs", "guards", 0), Region(3, 1, 3, 5), ("outputs", "guards", 0)),
        (("spec", "purpose", "summary"), Region(4, 3, 4, 10), ("summary",)),
        (("kind", "x"), Region(2, 1, 2, 5), ("x",)),
        (("spec", "inputs", "guards", 3), Region(6, 5, 6, 11), (3,)),
        (("spec", "inputs", "guards", -1), Region(6, 5, 6, 11), (-1,)),
        (("spec", "inputs", "guards", "name"), Region(6, 5, 6, 11), ("name",)),
        (("spec", "inputs", 0), Region(5, 3, 5, 9), (0,)),
    ],
)
def test_missing_key_points_at_the_key_of_the_nearest_parent(path: Path, region: Region, missing: Path) -> None:
    assert _located(path) == Located(Place("d.yaml", region), missing)


@pytest.mark.parametrize(
    ("path", "region", "missing"),
    [
        (("spec", "inputs", "guards", 0, "failClosed"), Region(7, 9, 8, 22), ("failClosed",)),
        (("spec", "inputs", "guards", 1, "onPath"), Region(9, 9, 9, 44), ("onPath",)),
        (("spec", "inputs", "guards", 2, "name"), Region(10, 9, 10, 14), ("name",)),
        (("spec", "inputs", "guards", 1, "detects", 0, "x"), Region(9, 33, 9, 42), ("x",)),
    ],
)
def test_missing_key_of_an_item_points_at_the_item(path: Path, region: Region, missing: Path) -> None:
    assert _located(path) == Located(Place("d.yaml", region), missing)


def test_missing_key_of_the_document_points_at_its_first_key() -> None:
    assert _located(("metadata", "name")) == Located(Place("d.yaml", Region(2, 1, 2, 5)), ("metadata", "name"))


@pytest.mark.parametrize(("content", "region"), [(b" {}", Region(1, 2, 1, 4)), (b"- x", Region(1, 1, 1, 4))])
def test_missing_key_of_a_document_without_keys_points_at_the_document(content: bytes, region: Region) -> None:
    (document,) = read(content, file="d.yaml")
    assert document.locate(("a",)) == Located(Place("d.yaml", region), ("a",))


@pytest.mark.parametrize(
    ("path", "region"),
    [
        (("spec", "inputs", "guards", 0, "action"), Region(8, 9, 8, 15)),
        (("spec", "inputs"), Region(5, 3, 5, 9)),
        (("spec", "inputs", "guards", 2), Region(10, 9, 10, 14)),
        (("spec", "outputs"), Region(3, 1, 3, 5)),
        (("spec", "inputs", "guards", 0, "failClosed"), Region(7, 9, 8, 22)),
        (("metadata",), Region(2, 1, 2, 5)),
        ((), Region(2, 1, 11, 12)),
    ],
)
def test_key_has_a_region_of_its_own(path: Path, region: Region) -> None:
    (document,) = read(CONTENT.encode(), file="d.yaml")
    assert document.locate_key(path) == Place("d.yaml", region)


@pytest.mark.parametrize(
    ("path", "written"),
    [
        ((), ""),
        (("spec",), "spec"),
        (("spec", "inputs", "guards", 0, "action"), "spec.inputs.guards[prompt-guard].action"),
        (("spec", "inputs", "guards", 1), "spec.inputs.guards[hazards]"),
        (("spec", "inputs", "guards", 1, "detects", 0), "spec.inputs.guards[hazards].detects[0]"),
        (("spec", "inputs", "guards", 2), "spec.inputs.guards[2]"),
        (("spec", "inputs", "guards", 7, "name"), "spec.inputs.guards[7].name"),
        (("spec", "outputs", "sinks", 0), "spec.outputs.sinks[0]"),
    ],
)
def test_path_is_written_with_the_names_of_items(path: Path, written: str) -> None:
    (document,) = read(CONTENT.encode(), file="d.yaml")
    assert document.named(path) == written


@pytest.mark.parametrize(
    ("item", "written"),
    [
        ("{name: two words}", "list[two words]"),
        ("{name: a.b/c}", "list[a.b/c]"),
        ("{name: '0'}", 'list["0"]'),
        ("{name: 'a]b'}", 'list["a]b"]'),
        ("{name: 'a\"b'}", 'list["a\\"b"]'),
        ('{name: "a\\nb"}', 'list["a\\nb"]'),
        ("{name: '', id: x}", "list[x]"),
        ("{name: 1, id: x}", "list[x]"),
        ("{name: null}", "list[0]"),
        ("{name: [x]}", "list[0]"),
        ("{id: [x]}", "list[0]"),
    ],
)
def test_name_that_could_be_mistaken_is_written_in_quotes(item: str, written: str) -> None:
    (document,) = read(f"list:\n  - {item}\n".encode(), file="d.yaml")
    assert document.named(("list", 0)) == written


@pytest.mark.parametrize(
    ("items", "written"),
    [
        (["{duty: patching}", "{duty: cost, owner: a}"], ["list[patching]", "list[cost]"]),
        (["{duty: patching}", "{duty: patching}", "{duty: cost}"], ["list[0]", "list[1]", "list[cost]"]),
        (["{kind: dpa, with: a}", "{with: b, kind: dpa}"], ["list[dpa, a]", "list[dpa, b]"]),
        (["{to: a}", "{to: a, country: US}"], ["list[a]", "list[a, US]"]),
        (["{unit: tokens, per: minute}", "{unit: tokens, per: day}"], ["list[tokens, minute]", "list[tokens, day]"]),
        (["{to: 1}", "{to: ''}", "x"], ["list[0]", "list[1]", "list[2]"]),
        (["{name: n, to: a}", "{to: a}"], ["list[n]", "list[1]"]),
        (["{to: '7'}"], ['list["7"]']),
    ],
)
def test_an_item_without_a_name_is_written_by_what_tells_it_apart(items: list[str], written: list[str]) -> None:
    (document,) = read(f"list: [{', '.join(items)}]\n".encode(), file="d.yaml")
    assert [document.named(("list", index)) for index in range(len(items))] == written


def test_one_more_item_before_the_others_renames_none() -> None:
    items = ["{kind: dpa, with: a}", "{kind: scc, with: a}"]
    (before,) = read(f"list: [{', '.join(items)}]\n".encode(), file="d.yaml")
    (after,) = read(f"list: [{', '.join(['{kind: dpa, with: b}', *items])}]\n".encode(), file="d.yaml")
    assert [before.named(("list", index, "ref")) for index in (0, 1)] == [
        after.named(("list", index, "ref")) for index in (1, 2)
    ]


@pytest.mark.parametrize(
    ("key", "written"),
    [("app.kubernetes.io/name", '["app.kubernetes.io/name"].x'), ("a-b_1", "a-b_1.x"), ("", '[""].x'), ("é", "é.x")],
)
def test_key_that_could_be_mistaken_is_written_in_quotes(key: str, written: str) -> None:
    (document,) = read(b"a: 1\n", file="d.yaml")
    assert document.named((key, "x")) == written


def test_nodes_give_their_entries_items_and_places() -> None:
    (document,) = read(b"a: [1]\n", file="d.yaml")
    root = document.root
    assert isinstance(root, Mapping)
    (entry,) = root.entries
    assert isinstance(entry.value, Sequence)
    (item,) = entry.value.items
    assert isinstance(item, Scalar)
    assert (entry.key, item.value) == ("a", 1)
    assert root.place == Place("d.yaml", Region(1, 1, 1, 7))
    assert entry.key_place == Place("d.yaml", Region(1, 1, 1, 2))
    assert entry.value.place == Place("d.yaml", Region(1, 4, 1, 7))
    assert item.place == Place("d.yaml", Region(1, 5, 1, 6))


def test_plain_value_of_a_document_is_made_once_and_of_a_node_each_time() -> None:
    (document,) = read(b"a: {b: [1, x]}\n", file="d.yaml")
    assert document.data == {"a": {"b": [1, "x"]}}
    assert document.data is document.data
    assert plain(document.root) == document.data
    assert plain(document.root) is not document.data
