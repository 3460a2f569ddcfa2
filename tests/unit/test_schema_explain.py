"""Explanations of what the schema of descriptors has none of: alternatives, and keywords without words of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy.schema.explain import explained
from psfpolicy.schema.tree import Tree

if TYPE_CHECKING:
    from psfpolicy.model.place import JsonValue

REFERENCE = {
    "type": "object",
    "required": ["path"],
    "properties": {"path": {"type": "string", "description": "Where it is. Relative."}},
    "additionalProperties": False,
}
ALTERNATIVES = {
    "$id": "https://example.com/s",
    "type": "object",
    "properties": {
        "source": {"anyOf": [{"type": "string", "minLength": 3}, {"$ref": "#/$defs/Reference"}, {"type": "null"}]},
        "inner": {"$ref": "#/$defs/Inner"},
        "either": {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]},
        "free": {"type": "object", "additionalProperties": {"type": "integer", "description": "How many."}},
        "words": {"type": "array", "uniqueItems": True, "minItems": 2, "description": "Some words."},
        "count": {"type": "integer", "exclusiveMinimum": 0, "pattern": "x"},
        "code": {"pattern": "^a$"},
    },
    "$defs": {
        "Reference": REFERENCE,
        "Inner": {"type": "object", "properties": {"inner": {"$ref": "#/$defs/Inner"}}, "additionalProperties": False},
    },
}


def _said(data: JsonValue, schema: dict[str, Any] = ALTERNATIVES) -> list[tuple[str, str, str, str | None]]:
    found = explained(Tree(schema), data)
    return [(".".join(str(step) for step in each.path), each.code, each.says, each.hint) for each in found]


@pytest.mark.parametrize(
    ("data", "mistake"),
    [
        ({"source": 5}, ("source", "wrong-type", "is the number `5`, and must be text or a map", None)),
        (
            {"source": "ab"},
            ("source", "not-valid", "is the text `ab`, which its schema does not accept (`minLength`)", None),
        ),
        (
            {"source": {"pth": "x"}},
            (
                "source.pth",
                "unknown-key",
                "has no key `pth`, and lacks `path`, which is required",
                "did you mean `path`? Where it is",
            ),
        ),
        (
            {"source": {"path": 5}},
            ("source.path", "wrong-type", "is the number `5`, and must be text", "write it in quotes. Where it is"),
        ),
    ],
)
def test_alternative_of_the_type_of_the_value_is_the_one_that_was_meant(
    data: JsonValue, mistake: tuple[str, str, str, str | None]
) -> None:
    assert _said(data) == [mistake]


@pytest.mark.parametrize(
    ("data", "mistake"),
    [
        ({"either": {}}, ("either.a", "missing-key", "lacks one of `a` or `b`", None)),
        (
            {"either": {"a": 1, "b": 2}},
            ("either", "contradiction", "has `a` and `b`, and must have one of them", "leave out the others"),
        ),
        ({"either": 5}, ("either", "not-valid", "is the number `5`, which its schema does not accept (`oneOf`)", None)),
    ],
)
def test_alternatives_by_key(data: JsonValue, mistake: tuple[str, str, str, str | None]) -> None:
    assert _said(data) == [mistake]


@pytest.mark.parametrize(
    ("data", "mistake"),
    [
        ({"free": {"any": "x"}}, ("free.any", "wrong-type", "is the text `x`, and must be a whole number", "How many")),
        (
            {"words": ["a", "a"]},
            ("words", "not-valid", "is a list, which its schema does not accept (`uniqueItems`)", "Some words"),
        ),
        ({"words": ["a"]}, ("words", "too-few", "must have at least 2 items", "Some words")),
        ({"count": 0}, ("count", "out-of-range", "is `0`, and must be more than 0", None)),
        ({"code": "b"}, ("code", "pattern", "is `b`, and has the wrong form", None)),
        ({"code": "A"}, ("code", "pattern", "is `A`, and has the wrong form", "did you mean `a`?")),
    ],
)
def test_value_that_is_not_accepted(data: JsonValue, mistake: tuple[str, str, str, str | None]) -> None:
    assert _said(data) == [mistake]


def test_schema_that_refers_to_itself() -> None:
    assert _said({"inner": {"inner": {"innner": {}}}}) == [
        ("inner.inner.innner", "unknown-key", "has no key `innner`", "did you mean `inner`?")
    ]


def test_key_that_stands_in_many_places_is_sent_to_none() -> None:
    assert _said({"inner": {"inner": {}, "path": 1}}) == [
        ("inner.path", "unknown-key", "has no key `path`", "the key belongs elsewhere: `source.path`")
    ]


def test_path_that_the_schema_does_not_know_means_nothing() -> None:
    assert Tree(ALTERNATIVES).meaning(("inner", "unknown")) is None
    assert Tree(ALTERNATIVES).meaning(("words", 0)) == "Some words"


def test_what_no_keyword_refuses_is_refused_all_the_same() -> None:
    assert _said({}) == [("", "not-valid", "does not meet its schema", "see https://example.com/s")]
