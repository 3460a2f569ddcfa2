from __future__ import annotations

import json
import pickle
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psfpolicy.model.record import json_of, jsonable, record
from psfpolicy.model.report import InputFile, Overall, Tool


@record
class One:
    """With one attribute."""

    only_one: int


def test_records_are_equal_when_they_are_of_one_kind_and_all_their_attributes_are() -> None:
    tool = Tool(name="psfpolicy", version="1")
    assert tool == Tool(name="psfpolicy", version="1")
    assert hash(tool) == hash(Tool(name="psfpolicy", version="1"))
    assert tool != replace(tool, version="2")
    others: list[object] = [InputFile(file="psfpolicy", sha256="1"), ("psfpolicy", "1")]
    assert tool not in others


def test_a_record_shows_its_attributes() -> None:
    assert repr(Overall(score=1, band="Gap")) == "Overall(score=1, band='Gap')"


def test_a_record_of_one_attribute_is_like_the_others() -> None:
    assert One(only_one=1) == One(only_one=1) != One(only_one=2)
    assert json_of(One(only_one=1)) == '{"onlyOne":1}'
    assert repr(One(only_one=1)) == "One(only_one=1)"


def test_a_record_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        One(only_one=1).only_one = 2  # type: ignore[misc]  # that is what is tried


_ATOMS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text())
_VALUES = st.recursive(
    _ATOMS, lambda inner: st.one_of(st.lists(inner), st.lists(inner).map(tuple), st.dictionaries(st.text(), inner))
)


@given(_VALUES)
def test_a_record_is_written_as_json_writes_its_members(value: Any) -> None:
    written = json_of((One(only_one=value), value))
    assert written == json.dumps([{"onlyOne": value}, value], separators=(",", ":"))
    assert json.loads(written) == jsonable((One(only_one=value), value))


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_is_not_written(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_of([number])


def test_a_record_that_was_packed_is_the_same_and_does_not_change() -> None:
    packed = pickle.dumps((Overall(score=1, band="Gap"), One(only_one=1)), pickle.HIGHEST_PROTOCOL)
    overall, one = pickle.loads(packed)  # noqa: S301  # from the line above
    assert (overall, one) == (Overall(score=1, band="Gap"), One(only_one=1))
    with pytest.raises(FrozenInstanceError):
        overall.score = 2
