"""Laws of validation: one slip is one mistake with its remedy, and the two validators accept the same documents."""

from __future__ import annotations

import copy
import json
import pathlib
import re
import string
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from psfpolicy import consistency, schema, source, validity
from psfpolicy.schema.failures import failures
from psfpolicy.schema.tree import Tree

if TYPE_CHECKING:
    from psfpolicy.model.place import JsonValue, Path, Region

REFERENCE = (pathlib.Path(__file__).parents[1] / "unit/model/reference.yaml").read_bytes()
"""A descriptor with every key."""

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def _reference() -> source.Document:
    return source.read(REFERENCE, file="reference.yaml")[0]


def _paths(value: JsonValue, path: Path = ()) -> list[Path]:
    """Give the path of every value below one; the labels are the user's own."""
    if isinstance(value, dict):
        below: list[tuple[str | int, JsonValue]] = [] if path == ("metadata", "labels") else list(value.items())
    elif isinstance(value, list):
        below = list(enumerate(value))
    else:
        below = []
    return [found for step, item in below for found in [(*path, step), *_paths(item, (*path, step))]]


PLACES = _paths(_reference().data)
KEYS = [path for path in PLACES if isinstance(path[-1], str)]
TREE = Tree(schema.schema())


def _with(path: Path, value: JsonValue) -> source.Document:
    """Give the reference with another value at a path, written as JSON."""
    data: Any = copy.deepcopy(_reference().data)
    holder = reduce(lambda inner, step: inner[step], path[:-1], data)
    holder[path[-1]] = value
    return source.read(json.dumps(data).encode(), file="reference.json")[0]


def _slips(key: str) -> st.SearchStrategy[str]:
    """One letter too few, another one, two swapped, one too many."""
    letters = st.sampled_from(string.ascii_letters)
    at = st.integers(0, len(key) - 1)
    return st.one_of(
        at.map(lambda i: key[:i] + key[i + 1 :]),
        st.builds(lambda i, letter: key[:i] + letter + key[i + 1 :], at, letters),
        st.builds(lambda i: key[:i] + key[i + 1 : i + 2] + key[i] + key[i + 2 :], at),
        st.builds(lambda i, letter: key[:i] + letter + key[i:], at, letters),
    )


def _renamed(text: str, region: Region, name: str) -> str:
    lines = text.split("\n")
    line = lines[region.start_line - 1]
    lines[region.start_line - 1] = line[: region.start_column - 1] + name + line[region.end_column - 1 :]
    return "\n".join(lines)


def _after(path: Path, slip: str) -> list[tuple[str, Region, str, bool]]:
    """Give what is found when a key of the reference is misspelt, and whether the remedy names the right one."""
    place = _reference().locate_key(path).region
    text = _renamed(REFERENCE.decode(), place, slip)
    found = validity.diagnostics(source.read(text.encode(), file="reference.yaml")[0])
    remedy = re.compile(rf"did you mean [^?]*`{path[-1]}`[^?]*\?")
    return [(each.code, each.place.region, slip, bool(remedy.match(each.hint or ""))) for each in found]


def _one_mistake(path: Path, slip: str) -> list[tuple[str, Region, str, bool]]:
    region = _reference().locate_key(path).region
    return [("unknown-key", replace(region, end_column=region.start_column + len(slip)), slip, True)]


def test_reference_is_valid() -> None:
    assert validity.diagnostics(_reference()) == ()


@pytest.mark.parametrize("path", KEYS, ids=lambda path: ".".join(str(step) for step in path))
def test_letter_that_is_missing_in_any_key_is_one_mistake_with_its_remedy(path: Path) -> None:
    key = str(path[-1])
    slip = key[: len(key) // 2] + key[len(key) // 2 + 1 :]

    assert _after(path, slip) == _one_mistake(path, slip)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(KEYS).flatmap(lambda path: st.tuples(st.just(path), _slips(str(path[-1])))))
def test_any_slip_in_any_key_is_one_mistake_with_its_remedy(case: tuple[Path, str]) -> None:
    path, slip = case
    assume(slip not in TREE.at(path[:-1])["properties"])  # type: ignore[index]  # every path of the reference is known

    assert _after(path, slip) == _one_mistake(path, slip)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(PLACES), JSON)
def test_the_two_validators_accept_the_same_documents(path: Path, value: JsonValue) -> None:
    document = _with(path, value)

    assert schema.accepts(document.data) == (list(failures(schema.schema(), document.data)) == [])


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PLACES), JSON, st.booleans())
def test_whatever_is_refused_is_explained_at_places_in_their_order(path: Path, value: JsonValue, partial: bool) -> None:
    document = _with(path, value)
    found = validity.diagnostics(document, partial=partial)
    places = [each.place for each in found]

    assert found or schema.accepts(document.data) or partial
    assert places == sorted(places, key=lambda place: (place.region.start_line, place.region.start_column))
    assert all("\n" not in f"{each.message}{each.hint}" for each in found)


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_any_document_at_all_is_judged(value: JsonValue) -> None:
    (document,) = source.read(json.dumps([value]).encode(), file="any.json")

    assert validity.diagnostics(document) != ()


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PLACES), JSON)
def test_no_rule_trips_over_a_value_of_another_shape(path: Path, value: JsonValue) -> None:
    assert all(isinstance(each.code, str) for each in consistency.mistakes(_with(path, value)))
