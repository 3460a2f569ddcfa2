"""How the records of a report are made: frozen, slotted, keyword-only, with camelCase names outside.

The records are standard dataclasses, because a run that shows a report should not pay for importing pydantic;
pydantic still writes their JSON Schema, from the same annotations and attribute docstrings.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from psfpolicy.model.place import JsonValue

RecordT = TypeVar("RecordT")


def camel(name: str) -> str:
    """Give the outside name of an attribute: `start_line` is `startLine`."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


@dataclass_transform(frozen_default=True, kw_only_default=True)
def record(cls: type[RecordT]) -> type[RecordT]:
    """Make a class a record of a report."""
    config = {"alias_generator": camel, "use_attribute_docstrings": True, "extra": "forbid"}
    cls.__pydantic_config__ = config  # type: ignore[attr-defined]  # read by pydantic where the schemas are written
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)


@cache
def _names(cls: type) -> tuple[tuple[str, str], ...]:
    return tuple((field.name, camel(field.name)) for field in fields(cls))


def jsonable(value: object) -> JsonValue:
    """Give the JSON value of a record, a tuple, a dictionary or a scalar."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple | list):
        return [jsonable(item) for item in value]
    if isinstance(value, dict):
        return {str(key): jsonable(item) for key, item in value.items()}
    return {outside: jsonable(getattr(value, inside)) for inside, outside in _names(type(value))}  # type: ignore[arg-type]  # every class can be hashed
