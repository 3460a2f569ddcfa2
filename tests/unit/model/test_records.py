from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from psfpolicy.model.record import members, record
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
    assert members(One(only_one=1)) == {"onlyOne": 1}
    assert repr(One(only_one=1)) == "One(only_one=1)"


def test_a_record_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        One(only_one=1).only_one = 2  # type: ignore[misc]  # that is what is tried
