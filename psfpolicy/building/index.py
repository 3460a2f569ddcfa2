"""The index of the catalogue: what an evaluation would look for in every row, worked out at build time."""

from __future__ import annotations

import string
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE = "rego/psfpolicy/index/data.json"
"""Where it is kept; generated and committed, as the policy needs it in any OPA."""

NAMED = ("accelerators", "decoding", "engines", "guards", "licences", "models", "platforms")
"""Tables whose rows are also known by other names."""

YEARS = range(2000, 2060)
"""Years whose days `lib.dates` looks up; it calculates those of others."""

_AGELESS = "regions"
_EPOCH = date(1970, 1, 1).toordinal()
_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def index(root: Path) -> dict[str, Any]:
    """Give ids by name, as written and in ASCII small letters, the days of the oldest and newest row, and months.

    Args:
        root: The folder of `rego`.
    """
    folder = root / "rego" / "psfpolicy" / "catalogue"
    tables = {path.parent.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in folder.glob("*/data.yaml")}
    days = sorted(str(row["as_of"]) for table, rows in tables.items() if table != _AGELESS for row in rows.values())
    return {
        "names": {table: _names(tables[table]) for table in NAMED},
        "days": {"oldest": days[0], "newest": days[-1]},
        "months": {f"{year:04}": _months(year) for year in YEARS},
    }


def names_of(id_: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the names of a row of such a table, each once, the id first."""
    return tuple(dict.fromkeys((id_, *(row.get("aliases") or ()), *(row.get("repacks") or ()))))


def _months(year: int) -> dict[str, int]:
    """Give the day before each month, in days since 1970-01-01."""
    return {f"{month:02}": date(year, month, 1).toordinal() - _EPOCH - 1 for month in range(1, 13)}


def _names(rows: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    found: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for id_, row in sorted(rows.items()):
        for name in names_of(id_, row):
            for key in {name, name.translate(_SMALL)}:
                found[key][name].append(id_)
    return {key: dict(written) for key, written in found.items()}
