"""What was probably meant by a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psfpolicy.suggest import distance, folded, listed, meant, nearest

ENVIRONMENTS = ("development", "staging", "production")


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("", "", 0),
        ("vllm", "vllm", 0),
        ("vllm", "vlm", 1),
        ("vllm", "vlllm", 1),
        ("vllm", "vlln", 1),
        ("vllm", "vlml", 1),
        ("", "eks", 3),
        ("ca", "abc", 3),
        ("gpu-hours", "gpuHour", 3),
    ],
)
def test_slips_are_letters_too_many_too_few_different_or_swapped(one: str, other: str, slips: int) -> None:
    assert distance(one, other) == slips
    assert distance(other, one) == slips


@pytest.mark.parametrize("written", ["Max_model-len", "maxModelLen", "MAX MODEL LEN", "max.model.len"])
def test_style_of_a_word_does_not_count(written: str) -> None:
    assert folded(written) == "maxmodellen"


@pytest.mark.parametrize(
    ("written", "likely"),
    [
        ("production", ("production",)),
        ("Production", ("production",)),
        ("prodcution", ("production",)),
        ("prod", ("production",)),
        ("dev", ("development",)),
        ("stagng", ("staging",)),
        ("pr", ()),
        ("live", ()),
        ("", ()),
        ("production" * 9, ()),
    ],
)
def test_known_word_is_recognised_from_a_slip_a_style_or_its_beginning(written: str, likely: tuple[str, ...]) -> None:
    assert meant(written, ENVIRONMENTS) == likely


def test_words_that_are_equally_near_are_all_given_in_their_order() -> None:
    assert meant("mix", ("max", "mode", "min")) == ("max", "min")


def test_slips_to_forgive_can_be_fewer() -> None:
    assert meant("prodcutoin", ENVIRONMENTS) == ("production",)
    assert meant("prodcutoin", ENVIRONMENTS, slips=1) == ()


def test_short_words_forgive_one_slip() -> None:
    assert meant("vm2", ("vm", "eks")) == ("vm",)
    assert meant("x", ("vm", "eks")) == ()


def test_nearest_words_come_first_however_far_they_are() -> None:
    assert nearest("ek", ("openshift", "eks", "vm", "aks"), count=3) == ("eks", "vm", "aks")


def test_word_that_is_too_long_is_near_to_nothing_in_particular() -> None:
    assert nearest("x" * 81, ("openshift", "eks", "vm"), count=2) == ("openshift", "eks")


def test_list_in_prose() -> None:
    assert listed(["a"]) == "`a`"
    assert listed(["a", "b"]) == "`a` or `b`"
    assert listed(["a", "b", "c"], last="and") == "`a`, `b` and `c`"


def test_among_very_many_words_only_another_style_is_recognised() -> None:
    known = tuple(f"party-{number}" for number in range(501))

    assert meant("Party_7", known) == ("party-7",)
    assert meant("party-7x", known) == ()


@given(st.text("abc", min_size=1, max_size=9), st.text("abc", min_size=1, max_size=9))
def test_a_word_within_the_slips_that_are_forgiven_is_always_meant(word: str, known: str) -> None:
    assert meant(word, [known], slips=distance(word, known)) == (known,)
