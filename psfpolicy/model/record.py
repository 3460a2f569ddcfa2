"""How the records of a report are made: frozen, slotted, keyword-only, with camelCase names outside.

The records are standard dataclasses, because a run that shows a report should not pay for importing pydantic;
pydantic still writes their JSON Schema, from the same annotations and attribute docstrings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, TypeVar, Union, cast, dataclass_transform, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Callable

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
    # Three methods that dataclasses would write anew for each class: a quarter of the time to import all records.
    for name, method in (("__eq__", _equals), ("__hash__", _hash), ("__repr__", _repr)):
        setattr(cls, name, method)
    return dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)(cls)


def _equals(self: object, other: object) -> Any:
    return _values(self) == _values(other) if type(self) is type(other) else NotImplemented


def _hash(self: object) -> int:
    return hash(_values(self))


def _repr(self: object) -> str:
    shown = (f"{name}={getattr(self, name)!r}" for name, _ in _names(type(self)))  # type: ignore[arg-type]  # as below
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _values(value: object) -> tuple[object, ...]:
    _, values = _members(type(value))  # type: ignore[arg-type]  # as below
    return values(value)


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


def members(value: object) -> dict[str, object]:
    """Give the members of a record by their outside names, as they are."""
    outside, _ = _members(type(value))  # type: ignore[arg-type]  # as above
    return dict(zip(outside, _values(value), strict=True))


@cache
def _members(cls: type) -> tuple[tuple[str, ...], Callable[[object], tuple[object, ...]]]:
    """Give the outside names of a record's attributes, and what gives their values."""
    inside, outside = zip(*_names(cls), strict=True)
    if len(inside) == 1:
        return outside, lambda value: (getattr(value, inside[0]),)
    return outside, attrgetter(*inside)


def recorded(kind: type[RecordT], value: Any) -> RecordT:
    """Give the record that `jsonable` made a value of.

    Args:
        kind: Its class.
        value: What `jsonable` gave: nothing else is ever read so, and no other shape is looked for.
    """
    reader: Any = _reader  # mypy takes no class for something that can be hashed
    return cast("RecordT", reader(kind)(value))


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:
    """Give what reads a value of a type."""
    arguments = [item for item in get_args(kind) if item is not NoneType]
    origin = get_origin(kind)
    if is_dataclass(kind):
        return _record_reader(cast("type", kind))
    if origin in {Union, UnionType}:
        (inner,) = arguments
        return lambda value: None if value is None else _reader(inner)(value)
    if origin is dict:
        return lambda value: {key: _reader(arguments[1])(item) for key, item in value.items()}
    if origin in {tuple, Sequence}:
        return lambda value: tuple(map(_reader(arguments[0]), value))
    return lambda value: value


def _record_reader(kind: type) -> Callable[[Any], Any]:
    hints = get_type_hints(kind)

    def read(value: Any) -> Any:
        return kind(**{inside: _reader(hints[inside])(value[outside]) for inside, outside in _names(kind)})

    return read
