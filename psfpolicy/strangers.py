"""Names that a descriptor gives and that the catalogue does not have, with what was probably meant by each.

Nothing is decided here: for the policy such a name stands for nothing. A person is told which known one is near.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from psfpolicy import catalogue
from psfpolicy.suggest import folded, listed, meant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from psfpolicy.catalogue import Tables
    from psfpolicy.model.place import JsonValue, Path


class Stranger(NamedTuple):
    """A name that no row has, and what is near it."""

    name: str
    near: tuple[str, ...]
    """Known names that it may be a slip of, of one row each."""
    base: str | None
    """The model that it adds a number format to, as `acme/phi-4-AWQ` does to `microsoft/phi-4`."""


_SINGLE: Final[tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]] = (
    (("model", "id"), ("models",)),
    (("model", "base", "id"), ("models",)),
    (("model", "licence", "id"), ("licences",)),
    (("serving", "accelerators", "type"), ("accelerators",)),
    (("data", "pii", "detector", "name"), ("guards",)),
)
"""Keys below `spec` that name a row, and the tables that it may be in."""

_LISTED: Final[tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...]] = (
    (("inputs", "guards"), "model", ("guards", "models")),
    (("outputs", "guards"), "model", ("guards", "models")),
    (("model", "adapters"), "source", ("models",)),
    (("vendor", "fallbacks"), "model", ("models",)),
)
"""Lists below `spec`, the key of an item that names a row, and the tables that it may be in."""

_MOST: Final = 3
"""Names that are offered for one."""
_ASKED: Final = 20
"""Strangers that are compared with what is known; more of them are no slips."""
_MODEL: Final = ("spec", "model", "id")
_BASE: Final = ("spec", "model", "base", "id")
_WORD_END = re.compile(r"[-_.:]")


def strangers(data: JsonValue, own: Tables = catalogue.NONE) -> Mapping[Path, Stranger]:
    """Give the names of a valid descriptor that no row has, by their paths, as far as a known one is near."""
    found: dict[Path, Stranger] = {}
    unknown = (one for one in _given(data) if not any(catalogue.resolved(table, one[1], own) for table in one[2]))
    for path, name, tables in islice(unknown, _ASKED):
        near = _near(name, tables, own)
        base = None if near or path != _MODEL or _at(data, *_BASE) else _base(name, own)
        if near or base:
            found[path] = Stranger(name, near, base)
    return found


def asked(found: Sequence[Stranger]) -> str:
    """Put into words what was probably meant, to follow a message: "did you mean `microsoft/phi-4`?"."""
    slips = [item for item in found if item.near]
    for_each = [f"{listed(item.near)} for `{item.name}`" for item in slips] if len(slips) > 1 else []
    alone = [listed(item.near) for item in slips]
    questions = [f"did you mean {', and '.join(for_each or alone)}?"] if slips else []
    bases = [f"if it comes from `{item.base}`, `spec.model.base.id` can say so" for item in found if item.base]
    return "; ".join((*questions, *bases))


def _given(data: JsonValue) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    for below, tables in _SINGLE:
        name = _at(data, "spec", *below)
        if isinstance(name, str):
            yield ("spec", *below), name, tables
    for section, key, tables in _LISTED:
        things = _at(data, "spec", *section)
        for index, thing in enumerate(things if isinstance(things, list) else ()):
            name = _at(thing, key)
            if isinstance(name, str):
                yield ("spec", *section, index, key), name, tables


def _at(value: JsonValue, *keys: str) -> JsonValue:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _near(name: str, tables: tuple[str, ...], own: Tables) -> tuple[str, ...]:
    # An address of the hub, or a folder that is named after it, ends with what the catalogue knows.
    ending = "/".join(name.split("/")[-2:])
    if ending != name and any(catalogue.resolved(table, ending, own) for table in tables):
        return (ending,)
    known = {word: ids for table in tables for word, ids in catalogue.names(table, own).items()}
    of_rows = {known[word]: word for word in reversed(meant(name, known))}
    return tuple(reversed(of_rows.values()))[:_MOST]


def _base(name: str, own: Tables) -> str | None:
    formats = {folded(format_) for format_ in catalogue.rows("quantizations", own)}
    *words, last = _WORD_END.split(name.rpartition("/")[2])
    while words and folded(last) not in formats:
        *words, last = words
    bare = folded("".join(words))
    known = catalogue.names("models", own)
    return next((word for word in known if bare and folded(word.rpartition("/")[2]) == bare), None)
