"""A question is JSON that every engine reads alike, or an error before anything is asked."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psfpolicy.engine.question import MAX_DEPTH, prepared, question_text
from psfpolicy.engine.wasm import WasmEngine
from psfpolicy.errors import EngineError, LimitError

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def nested(depth: int) -> dict[str, Any]:
    """Give a question of so many containers inside one another."""
    inner: Any = 1
    for _ in range(depth - 1):
        inner = [inner]
    return {"descriptor": inner}


def test_a_null_of_a_mapping_is_left_out_at_every_depth() -> None:
    assert prepared({"a": None, "b": {"c": None, "d": [{"e": None}]}}) == {"b": {"d": [{}]}}


def test_a_null_of_a_list_stays_since_paths_count_the_items() -> None:
    assert prepared({"a": [None, 1]}) == {"a": [None, 1]}


def test_a_float_without_a_fraction_is_an_integer() -> None:
    assert (
        question_text({"a": [32768.0, 1e15, -0.0, 2.5, True, False]})
        == b'{"a":[32768,1000000000000000,0,2.5,true,false]}'
    )


def test_text_is_utf8() -> None:
    assert question_text({"a": "é😀\u2028"}) == '{"a":"é😀\u2028"}'.encode()


def test_what_is_given_is_not_changed() -> None:
    given_question: dict[str, Any] = {"a": {"b": None, "c": 1.0}}
    question_text(given_question)
    assert given_question == {"a": {"b": None, "c": 1.0}}


@pytest.mark.parametrize("text", ["\ud800", "a\udfff", "\udc00\ud800"])
@pytest.mark.parametrize("within", [lambda text: text, lambda text: [text], lambda text: {text: 1}])
def test_half_of_a_surrogate_pair_is_refused(text: str, within: Any) -> None:
    with pytest.raises(EngineError) as error:
        question_text({"a": within(text)})
    half = next(char for char in text if "\ud800" <= char <= "\udfff")
    assert (error.value.message, error.value.hint) == (
        f"a text holds half of a surrogate pair, U+{ord(half):04X}, which is no character",
        "write the character itself, or both halves of its escape",
    )


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 10**5000], ids=["nan", "inf", "-inf", "huge"])
def test_a_number_that_json_cannot_say_is_refused(number: float) -> None:
    with pytest.raises(EngineError) as error:
        question_text({"a": number})
    assert error.value.message.startswith("a number cannot be written as JSON: ")


def test_the_deepest_document_is_asked_about() -> None:
    assert json.loads(question_text(nested(MAX_DEPTH))) == nested(MAX_DEPTH)


def test_a_document_that_is_deeper_is_refused() -> None:
    with pytest.raises(LimitError) as error:
        question_text(nested(MAX_DEPTH + 1))
    assert (error.value.message, error.value.hint) == (
        "the document is nested more than 64 levels deep",
        "flatten what is nested so deep",
    )


def test_a_document_without_an_end_is_refused() -> None:
    endless: dict[str, Any] = {}
    endless["again"] = endless
    with pytest.raises(LimitError):
        question_text(endless)


def test_what_cannot_be_asked_does_not_reach_the_policy() -> None:
    with pytest.raises(EngineError) as error:
        WasmEngine(b"not a module", b"").evaluate({"a": "\ud800"})
    assert error.value.message.startswith("a text holds half of a surrogate pair")


@given(values)
def test_what_is_asked_reads_back_as_what_was_prepared(value: Any) -> None:
    assert json.loads(question_text({"value": value})) == prepared({"value": value})


@given(values)
def test_what_was_prepared_stays_as_it_is(value: Any) -> None:
    assert prepared(prepared(value)) == prepared(value)
