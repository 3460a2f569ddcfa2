"""Where a document fails its schema, in the terms of JSON Schema: the only user of jsonschema.

Importing jsonschema takes longer than validating with a compiled validator, so this module is imported only when a
document has already been refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psfpolicy.model.place import JsonValue, Path


@dataclass(frozen=True, slots=True)
class Failure:
    """One keyword of the schema that one value does not meet; the most specific of its alternatives."""

    path: Path
    keyword: str
    """`type`, `required`, `additionalProperties` …"""
    wanted: Any
    """What the schema says under the keyword."""
    value: JsonValue
    """What the document says."""
    schema: Mapping[str, Any]
    """The part of the schema that the keyword stands in."""
    branches: tuple[tuple[Failure, ...], ...] = ()
    """For alternatives that the value could all have meant: why each was not met."""


def failures(schema: Mapping[str, Any], data: JsonValue) -> Iterator[Failure]:
    """Give every failure of a document.

    Args:
        schema: A JSON Schema, draft 2020-12.
        data: Any document that is made of JSON values.
    """
    for error in _Validator(_without_false(schema)).iter_errors(data):
        yield from _specific(error)


def fits(pattern: str, text: str) -> bool:
    """Say whether a text matches a pattern in the dialect of JSON Schema (ECMA 262), which is not Python's."""
    try:
        return _compiled(pattern).is_valid(text)
    except UnicodeEncodeError:  # a lone surrogate, which is no text
        return False


def _without_false(schema: Any) -> Any:
    """Say `false` as `{"not": {}}`: jsonschema 4 leaves the key out of the path of what a property `false` refuses."""
    if isinstance(schema, list):
        return [_without_false(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    said = {keyword: _without_false(value) for keyword, value in schema.items()}
    if isinstance(said.get("properties"), dict):
        said["properties"] = {
            key: {"not": {}} if value is False else value for key, value in said["properties"].items()
        }
    return said


def _specific(error: ValidationError) -> Iterator[Failure]:
    """Follow alternatives down to the one that was meant: of the type of the value, and with least to put right."""
    branches = _branches(error)
    likely = [branch for branch in branches if not any(_is_of_another_type(inner, error) for inner in branch)]
    if likely and not _differ_by_key(error):
        for inner in min(likely, key=len):
            yield from _specific(inner)
        return
    yield Failure(
        path=tuple(error.absolute_path),
        keyword=str(error.validator),
        wanted=error.validator_value,
        value=error.instance,  # type: ignore[arg-type]  # set on every error that a validator gives
        schema=error.schema,  # type: ignore[arg-type]  # likewise
        branches=tuple(
            tuple(failure for inner in branch for failure in _specific(inner)) for branch in likely or branches
        ),
    )


def _differ_by_key(error: ValidationError) -> bool:
    """Say whether alternatives are told apart by the key that each requires, so that none is more likely."""
    branches: list[dict[str, Any]] = error.validator_value  # type: ignore[assignment]  # set on every error of a validator
    return all("required" in branch for branch in branches)


def _branches(error: ValidationError) -> list[list[ValidationError]]:
    found: dict[str | int, list[ValidationError]] = {}
    for inner in error.context or ():
        found.setdefault(inner.relative_schema_path[0], []).append(inner)
    return list(found.values())


def _is_of_another_type(inner: ValidationError, outer: ValidationError) -> bool:
    return inner.validator == "type" and inner.absolute_path == outer.absolute_path


def _pattern(_: object, pattern: str, value: object, __: object) -> Iterator[ValidationError]:
    if isinstance(value, str) and not fits(pattern, value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


@cache
def _compiled(pattern: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for({"pattern": pattern})


_Validator = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call]  # types-jsonschema leaves it untyped
