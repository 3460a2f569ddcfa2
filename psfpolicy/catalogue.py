"""The catalogue: the tables that psfpolicy ships, and the user's own rows laid over them."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from psfpolicy import resources

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Tables: TypeAlias = "Mapping[str, Mapping[str, Any]]"
"""Rows by table and id."""

NONE: Final[Tables] = MappingProxyType({})
"""No rows."""

NAMED: Final = ("accelerators", "decoding", "engines", "guards", "licences", "models", "platforms")
"""Tables whose rows are also known by other names."""

_CAPITALS: Final = str.maketrans(ascii_uppercase, ascii_lowercase)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRows:
    """A file with rows of the user's own, read and valid."""

    file: str
    """How reports call the file."""
    digest: str
    """`sha256:` and the digest of its bytes."""
    tables: Tables
    """Its rows, as they are handed to the policy."""


def rows(table: str, own: Tables = NONE) -> Mapping[str, Any]:
    """Give the rows of a table by id; a row of the user's own replaces ours of the same id as a whole.

    Raises:
        ModuleError: The data is missing or damaged, or has no such table.
    """
    ours = resources.catalogue(table)
    theirs = own.get(table)
    return {**ours, **theirs} if theirs else ours


def names(table: str, own: Tables = NONE) -> Mapping[str, tuple[str, ...]]:
    """Give the ids of the rows of a table by every name that they are known under; one each, in a sound catalogue."""
    return _names(table, rows(table, own)) if own.get(table) else _shipped_names(table)


@resources.per_policy
def _shipped_names(table: str) -> Mapping[str, tuple[str, ...]]:
    return _names(table, resources.catalogue(table))


def _names(table: str, known: Mapping[str, Any]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for id_, row in known.items():
        for name in dict.fromkeys((id_, *other_names(table, row))):
            found[name] = (*found.get(name, ()), id_)
    return MappingProxyType(found)


def other_names(table: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the names of a row beside its id: its aliases, and those of its repacks."""
    return (*row.get("aliases", ()), *row.get("repacks", ())) if table in NAMED else ()


def resolved(table: str, name: str, own: Tables = NONE) -> str | None:
    """Give the id of the one row that a name stands for, as the policy finds it.

    A name is taken letter by letter; one that no row has so may differ in the capitals of ASCII.
    """
    known = names(table, own)
    ids = known.get(name) or {id_ for other, ids in known.items() if _small(other) == _small(name) for id_ in ids}
    return next(iter(ids)) if len(ids) == 1 else None


def _small(name: str) -> str:
    return name.translate(_CAPITALS)


def title(row: Mapping[str, Any]) -> str:
    """Give what a row is called, for a person: of a region its country."""
    return str(row.get("title") or row.get("name") or row.get("country") or "")


def facts(row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Give what a row says beside its title, sources and day, as text by dotted key."""
    unsaid = {"title", "name", "as_of"}
    return tuple((key, text) for key, text in _leaves((), row) if key not in unsaid and not _is_source(key, text))


def sources(row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Give the sources of a row by what each is for: first the row's own, for the empty text, then those of keys."""
    found = []
    for key, text in _leaves((), row):
        if _is_source(key, text):
            about = key.removesuffix("s").removesuffix("source").rstrip("._")
            found += [(about, address) for address in text.split(", ")]
    return tuple(sorted(found, key=lambda item: item[0]))


def _is_source(key: str, text: str) -> bool:
    return key.endswith(("source", "sources")) and (text == "ours" or text.startswith("https://"))


def _leaves(path: tuple[str, ...], value: object) -> Iterator[tuple[str, str]]:
    """Give the values of a row by their dotted keys; a list of plain values is one value."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves((*path, str(key)), item)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for index, item in enumerate(value):
            yield from _leaves((*path, str(index)), item)
    elif isinstance(value, list) and path[-1] == "path":
        yield ".".join(path), ".".join(map(str, value))
    elif isinstance(value, list):
        items = [_plain(item) for item in value]
        yield ".".join(path), ("; " if any(", " in item for item in items) else ", ").join(items) or "none"
    else:
        yield ".".join(path), _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return f"[{', '.join(map(_plain, value))}]"
    if value is None:
        return "open"
    return f"{value:,}" if isinstance(value, int) else str(value)
