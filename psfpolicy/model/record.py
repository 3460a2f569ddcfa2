"""How the records of a report are made: frozen, slotted, keyword-only, with camelCase names outside.

The records are standard dataclasses, because a run that shows a report should not pay for importing pydantic;
pydantic still writes their JSON Schema, from the same annotations and attribute docstrings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from json import JSONEncoder
from json.encoder import encode_basestring_ascii as _quoted
from operator import attrgetter
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, TypeVar, Union, cast, dataclass_transform, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Callable

    from psfpolicy.model.place import JsonValue

RecordT = TypeVar("RecordT")

_encoded = JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode


def camel(name: str) -> str:
    """Give the outside name of an attribute: `start_line` is `startLine`."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


@dataclass_transform(frozen_default=True, kw_only_default=True)
def record(cls: type[RecordT]) -> type[RecordT]:
    """Make a class a record of a report."""
    config = {"alias_generator": camel, "use_attribute_docstrings": True, "extra": "forbid"}
    cls.__pydantic_config__ = config  # type: ignore[attr-defined]  # read by pydantic where the schemas are written
    # Five methods that dataclasses would write anew for each class, which is a quarter of the time to import all
    # records, or that would look up the attributes of each record anew, which is half of the time to pack one.
    methods = {
        "__eq__": _equals,
        "__hash__": _hash,
        "__repr__": _repr,
        "__getstate__": _values,
        "__setstate__": _restore,
    }
    for name, method in methods.items():
        setattr(cls, name, method)
    return dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)(cls)


def _equals(self: object, other: object) -> Any:
    return _values(self) == _values(other) if type(self) is type(other) else NotImplemented


def _hash(self: object) -> int:
    return hash(_values(self))


def _repr(self: object) -> str:
    shown = (f"{name}={getattr(self, name)!r}" for name, _ in _names(type(self)))  # type: ignore[arg-type]  # as below
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _restore(self: object, state: tuple[object, ...]) -> None:
    for set_, value in zip(_setters(type(self)), state, strict=True):  # type: ignore[arg-type]  # as below
        set_(self, value)


@cache
def _setters(cls: type) -> tuple[Callable[[object, object], None], ...]:
    """Give what sets each attribute of a record that is being made."""
    return tuple(vars(cls)[name].__set__ for name, _ in _names(cls))


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


def json_of(value: object) -> str:
    """Give a record, or JSON that holds records, as JSON in ASCII on one line, without blanks.

    Raises:
        ValueError: It holds a number that is not finite.
    """
    return _WRITERS[type(value)](value)


class _Writers(dict[type, "Callable[[Any], str]"]):
    """What writes the values of each class. A line has thousands: nothing looks a writer up in less time."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        writer = self[kind] = self._record_writer(kind) if is_dataclass(kind) else _encoded
        return writer

    def _record_writer(self, kind: type) -> Callable[[Any], str]:
        """Give what writes the records of a class, whose keys are written here, once."""
        outside, values = _members(kind)
        form = f"{{{','.join(f'{_quoted(name)}:%s' for name in outside)}}}"
        return lambda value: form % tuple([self[type(item)](item) for item in values(value)])


def _list_written(value: Any) -> str:
    return f"[{','.join([_WRITERS[type(item)](item) for item in value])}]"


def _dict_written(value: Any) -> str:
    return f"{{{','.join([f'{_quoted(key)}:{_WRITERS[type(item)](item)}' for key, item in value.items()])}}}"


_WRITERS = _Writers(
    {
        str: _quoted,
        bool: {True: "true", False: "false"}.__getitem__,
        int: int.__repr__,
        NoneType: lambda _: "null",
        tuple: _list_written,
        list: _list_written,
        dict: _dict_written,
    }
)


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
