"""The user's own rows of the catalogue: reading their file, and everything that is wrong with it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from psfpolicy import catalogue, resources, schema, source
from psfpolicy.building.gate_rows import TABLE as GATES
from psfpolicy.catalogue import UserRows
from psfpolicy.contents import bytes_of
from psfpolicy.errors import DocumentError
from psfpolicy.files import DISK
from psfpolicy.mistake import Mistake, located, shown
from psfpolicy.suggest import listed, meant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psfpolicy.files import Files
    from psfpolicy.model.place import Diagnostic, JsonValue
    from psfpolicy.model.place import Path as Steps


class _Reference(NamedTuple):
    """A key whose value, or each item of whose list, is the id of a row elsewhere."""

    table: str
    key: str
    to: str


_REFERENCES: Final = (
    _Reference("advisories", "engine", "engines"),
    _Reference("countries", "part_of", "countries"),
    _Reference("engines", "structured_output", "decoding"),
    _Reference("guards", "licence", "licences"),
    _Reference("guards", "models", "models"),
    _Reference("hosting", "cannot_satisfy", "regimes"),
    _Reference("models", "base", "models"),
    _Reference("models", "licence", "licences"),
    _Reference("platforms", "hosting", "hosting"),
    _Reference("regimes", "answers", "regimes"),
    _Reference("regimes", "duties", "duties"),
    _Reference("regimes", "mechanisms", "transfers"),
    _Reference("regions", "country", "countries"),
)

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def read_own_rows(path: str, file: str, files: Files = DISK) -> UserRows:
    """Read a file of rows: `{models: {id: row}, regimes: {id: row}}`.

    Args:
        path: Where to open it.
        file: How reports call it.
        files: Where it is read from.

    Raises:
        OSError: It cannot be read.
        DocumentError: It is not valid; with everything that is wrong, each at its place.
    """
    data = bytes_of(path, files)
    documents = source.read(data, file=file)
    tables: dict[str, Any] = {}
    for number, document in enumerate(documents):
        found = list(_too_many() if number else _mistakes(document.data))
        if found:
            raise DocumentError("the rows are not valid", located(found, document))
        tables = document.data if isinstance(document.data, dict) else {}
    return UserRows(file=file, digest=f"sha256:{sha256(data).hexdigest()}", tables=tables)


def mistakes_of_pack(files: Mapping[str, tuple[str, bytes]]) -> tuple[Diagnostic, ...]:
    """Give what is wrong with the rows that a pack adds to tables of ours, each at its place.

    Args:
        files: What messages call the file of a table, and its content, by table; tables of its own are left alone.

    Raises:
        DocumentError: A file cannot be read.
    """
    known = {table: files[table] for table in sorted(files) if f"catalogue/{table}" in resources.schema_names()}
    documents = {table: source.read(content, file=file)[0] for table, (file, content) in known.items()}
    data = {table: document.data for table, document in documents.items()}
    of_shape = {table: schema.mistakes_of(rows, f"catalogue/{table}") for table, rows in data.items()}
    sound = {table: rows for table, rows in data.items() if not of_shape[table] and isinstance(rows, dict)}
    beyond = [mistake for table, rows in sound.items() for mistake in _days((table,), rows)]
    beyond += _unresolved(cast("dict[str, dict[str, Any]]", sound), data)
    diagnostics: list[Diagnostic] = []
    for table, document in documents.items():
        of_table = [replace(mistake, path=mistake.path[1:]) for mistake in beyond if mistake.path[0] == table]
        if found := [*of_shape[table], *of_table]:
            diagnostics += located(found, document)
    return tuple(diagnostics)


def _too_many() -> Iterator[Mistake]:
    yield Mistake((), "too-many", "is the second of its file, which must hold one", "put all rows into one document")


def _mistakes(data: JsonValue) -> Iterator[Mistake]:
    if not isinstance(data, dict):
        hint = "write `{models: {id: row}, regimes: {id: row}}`"
        yield Mistake((), "wrong-type", f"is {shown(data)}, and must be a map of tables", hint)
        return
    sound: dict[str, dict[str, Any]] = {}
    for table, rows in data.items():
        if table not in resources.tables():
            close = meant(table, resources.tables())
            hint = f"did you mean {listed(close)}?" if close else f"tables: {listed(sorted(resources.tables()))}"
            yield Mistake((table,), "unknown-table", "is no table of the catalogue", hint, at_key=True)
            continue
        if table == GATES or f"catalogue/{table}" not in resources.schema_names():
            hint = "its rows come with the pack; add yours there"
            yield Mistake((table,), "unknown-table", "is a table of a pack's own", hint, at_key=True)
            continue
        of_shape = [_below(table, mistake) for mistake in schema.mistakes_of(rows, f"catalogue/{table}")]
        yield from of_shape
        if not of_shape and isinstance(rows, dict):
            sound[table] = rows
    for table, rows in sound.items():
        yield from _days((table,), rows)
        yield from _shared_names(table, sound)
    yield from _unresolved(sound, data)


def _below(table: str, mistake: Mistake) -> Mistake:
    """Give a mistake of a table as one of the file."""
    about = None if mistake.about is None else (table, *mistake.about)
    first = None if mistake.first is None else (table, *mistake.first)
    return replace(mistake, path=(table, *mistake.path), about=about, first=first)


def _days(path: Steps, value: JsonValue) -> Iterator[Mistake]:
    """Find days that no calendar has; the schemas know only their form."""
    if isinstance(value, str) and _DAY.fullmatch(value) and not _exists(value):
        yield Mistake(path, "no-such-day", f"is {shown(value)}, a day that does not exist")
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in items:
        yield from _days((*path, step), item)


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _shared_names(table: str, own: dict[str, dict[str, Any]]) -> Iterator[Mistake]:
    """Find names that would stand for two rows, so that they would stand for none."""
    known = catalogue.names(table, own)
    for id_, row in own[table].items():
        if table not in catalogue.NAMED:
            continue
        written: list[tuple[Steps, str]] = [((table, id_), id_)]
        written += [((table, id_, "aliases", index), name) for index, name in enumerate(row.get("aliases", ()))]
        written += [((table, id_, "repacks", name), name) for name in row.get("repacks", ())]
        for path, name in written:
            others = [other for other in known[name] if other != id_]
            if others:
                says = f"is {shown(name)}, a name that {listed(others, last='and')} has too"
                hint = f"to replace that row, write yours as `{others[0]}`"
                yield Mistake(path, "ambiguous-name", says, hint, at_key="aliases" not in path)


def _unresolved(own: dict[str, dict[str, Any]], data: dict[str, JsonValue]) -> Iterator[Mistake]:
    """Find references to rows that are nowhere; a table whose own rows are not sound is left alone."""
    for table, key, to in _REFERENCES:
        if to in data and to not in own:
            continue
        known = catalogue.rows(to, own)
        for id_, row in own.get(table, {}).items():
            value = row.get(key)
            path: Steps = (table, id_, key)
            written: list[tuple[Steps, JsonValue]] = [(path, value)]
            if isinstance(value, list):
                written = [((*path, index), item) for index, item in enumerate(value)]
            for place, name in written:
                if isinstance(name, str) and name not in known:
                    close = meant(name, known)
                    says = f"is {shown(name)}, which is no row of `{to}`"
                    hint = f"did you mean {listed(close)}?" if close else f"add it to `{to}`"
                    yield Mistake(place, "unknown-name", says, hint)
