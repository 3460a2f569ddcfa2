"""Rows that a pack adds to the catalogue: new ids and names, in tables where only a descriptor that names them asks.

A row that takes effect where nobody names it (an advisory, a domain of a provider) would change what our controls say
of descriptors that know nothing of the pack.
"""

from __future__ import annotations

import json
import re
import string
from typing import TYPE_CHECKING, Any

import yaml

from psfpolicy.building import gate_rows
from psfpolicy.building.index import NAMED, names_of
from psfpolicy.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from psfpolicy.building.packs import Pack

NAMED_BY_DESCRIPTORS = frozenset(
    {"accelerators", "decoding", "duties", "engines", "guards", "hosting", "licences", "models", "platforms"}
    | {"quantizations", "regimes", "regions"}
)
"""Tables of ours whose rows take effect only where a descriptor, or a row that it names, names them."""

_TABLE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_UNASKED = {
    "implied_by": "would ask for it in descriptors that do not name it; `regimes` in the settings asks for it",
    "answers": "would do without regimes of psfpolicy that a descriptor must name",
}
"""Keys of a regime that reach beyond the descriptors that name it."""


def rows_of(
    folder: Path, files: Mapping[str, bytes], ours: Mapping[str, Mapping[str, Any]], known: gate_rows.Known
) -> dict[str, Any]:
    """Give the rows of a pack by table and id.

    Args:
        folder: Its folder, for messages.
        files: The contents of its `data.yaml`, by path below the folder.
        ours: Our rows, by table and id.
        known: What its gate profiles may name.

    Raises:
        BuildError: A file is no map of rows, or has rows that a pack may not add; the details say where.
    """
    tables: dict[str, Any] = {}
    problems: list[str] = []
    for name, content in sorted(files.items()):
        table = name.split("/")[-2]
        try:
            rows, lines = _read(content)
            faults = _of_gates(rows, lines, known) if table == gate_rows.TABLE else _faults(table, rows, lines, ours)
            problems += [f"{folder / name}:{line}: {text}" for line, text in faults]
            tables[table] = rows
        except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
            problems.append(_unreadable(f"{folder / name}", error))
    if problems:
        raise BuildError(f"the pack `{folder}` has rows that a pack may not add", details=tuple(problems))
    return tables


def shared(packs: Mapping[str, Pack]) -> Iterator[str]:
    """Say which rows and names of rows two packs share.

    Args:
        packs: By name.
    """
    known: dict[tuple[str, str], str] = {}
    for pack, read in sorted(packs.items()):
        for table, rows in sorted(read.rows.items()):
            for id_, row in sorted(rows.items()):
                for name in {written.translate(_SMALL) for written in _names(table, id_, row)}:
                    other = known.setdefault((table, name), pack)
                    if other != pack:
                        yield f"{read.folder}: the name `{name}` of `{table}` is one of the pack in {other}, too"


def joined(before: str, rows: Mapping[str, Any]) -> str:
    """Give the text of a table with rows added: YAML, one line of JSON for each, which every reader reads alike."""
    lines = (
        f"{json.dumps(id_, ensure_ascii=False)}: {json.dumps(rows[id_], sort_keys=True, ensure_ascii=False)}\n"
        for id_ in sorted(rows)
    )
    return f"{before}{''.join(lines)}"


def _read(content: bytes) -> tuple[dict[str, Any], dict[str, int]]:
    """Give the rows of a file, and the line of each."""
    text = content.decode()
    if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=yaml.CSafeLoader)):
        raise ValueError("an alias: each row is written out")
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    if not isinstance(node, yaml.MappingNode):
        raise ValueError("a table is a map of rows by id")  # noqa: TRY004 - it is said of a file, not of a type
    ids = [str(key.value) for key, _ in node.value]
    lines = {str(key.value): key.start_mark.line + 1 for key, _ in node.value}
    if doubled := sorted({id_ for id_ in ids if ids.count(id_) > 1}):
        raise ValueError(f"the row `{doubled[0]}` is there twice")
    rows = yaml.load(text, Loader=yaml.CSafeLoader)
    for value in _leaves(rows):
        if value is not None and not isinstance(value, str | int):
            raise ValueError(f"`{value}` is neither text, integer nor boolean: write text, and days, in quotes")
    if not all(isinstance(id_, str) for id_ in rows):
        raise ValueError("ids of rows are texts: write them in quotes")
    return rows, lines


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _leaves(item)
        if isinstance(value, dict):
            yield from (key for key in value if not isinstance(key, str))
    else:
        yield value


def _faults(
    table: str, rows: Mapping[str, Any], lines: Mapping[str, int], ours: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[int, str]]:
    if not _TABLE.fullmatch(table):
        yield 1, f"`{table}` is no name of a table: small letters, digits and single `_`"
    if table in ours and table not in NAMED_BY_DESCRIPTORS:
        why = f"rows of `{table}` take effect in descriptors that do not name them"
        yield 1, f"{why}; add them to the file that `catalogue` names in the settings"
        return
    known = {
        name.translate(_SMALL): id_ for id_, row in ours.get(table, {}).items() for name in _names(table, id_, row)
    }
    for id_, row in rows.items():
        line = lines[id_]
        if not isinstance(row, dict):
            yield line, f"the row `{id_}` is no map"
            continue
        if table != "regions" and not (isinstance(row.get("as_of"), str) and _DAY.fullmatch(row["as_of"])):
            yield line, f"the row `{id_}` has no `as_of`, the day on which it held, in quotes"
        for name in dict.fromkeys(_names(table, id_, row)):
            small = name.translate(_SMALL)
            if small in known:
                yield line, f"the name `{name}` of the row `{id_}` is one of psfpolicy's row `{known[small]}`"
        for key in sorted(_UNASKED.keys() & row.keys()) if table == "regimes" else ():
            yield line, f"`{key}` of the regime `{id_}` {_UNASKED[key]}"


def _of_gates(rows: Mapping[str, Any], lines: Mapping[str, int], known: gate_rows.Known) -> Iterator[tuple[int, str]]:
    for id_, row in rows.items():
        yield from ((lines[id_], text) for text in gate_rows.faults(id_, row, known))


def _names(table: str, id_: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    return names_of(id_, row) if table in NAMED and isinstance(row, dict) else (id_,)


def _unreadable(path: str, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    where = "" if mark is None else f":{mark.line + 1}:{mark.column + 1}"
    return f"{path}{where}: {getattr(error, 'problem', None) or error}"
