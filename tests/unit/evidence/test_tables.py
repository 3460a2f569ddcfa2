"""The tables of the readers: what each of their rows claims has an address that says it, and the day it was read."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy.evidence import tables
from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(tables.__file__).parent
NAMES = sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.yaml"))
ABOUT = {"source", "also", "as_of", "ours"}
"""Keys of a file that are about its blocks, and no blocks themselves."""
NAMED = re.compile(r"https://[^\s/]+\.[a-z]+(?:/[^\s,]*)?(?: [^,]+)?\Z|version[s]? .+\Z|\d[\d.]*(?: and [\d.]+)?\Z")
"""An address, perhaps with a word after it; beside one may stand the versions that were read."""


def blocks(data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from ((key, block) for key, block in data.items() if key not in ABOUT and isinstance(block, (dict, list)))


def of_rows(block: Any, key: str) -> list[Any]:  # what a table holds
    """Give what each row of a block says under a key, or nothing where one row has none. A row can be an address."""
    rows = block.get("rows", block) if isinstance(block, dict) else block
    each = list(rows.values()) if isinstance(rows, dict) else list(rows)
    if key == "source" and each and all(str(row).startswith("https://") for row in each):
        return each
    found = [row.get(key) if isinstance(row, dict) else None for row in each]
    return found if found and all(found) else []


def said(data: dict[str, Any], block: Any, key: str) -> list[Any]:  # what a table holds
    own = [block[key]] if isinstance(block, dict) and key in block else []
    return own or of_rows(block, key) or ([data[key]] if key in data else [])


def test_there_are_tables() -> None:
    assert {"alerts", "collector", "engines/vllm", "operators", "rollout", "terraform"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_block_of_a_table_names_its_source(name: str) -> None:
    data = table(name)
    without = []
    for key, block in blocks(data):
        sources = [part for one in said(data, block, "source") for part in re.split(r",\s+", str(one))]
        named = bool(sources) and sources[0].startswith("https://") and all(NAMED.match(part) for part in sources)
        if not named and key not in data.get("ours", {}):
            without.append(key)
    assert without == []


@pytest.mark.parametrize("name", NAMES)
def test_every_block_of_a_table_says_when_it_was_read(name: str) -> None:
    data = table(name)
    days = {key: [str(day) for day in said(data, block, "as_of")] for key, block in blocks(data)}
    assert all(days.values()), [key for key, found in days.items() if not found]
    assert all(date.fromisoformat(day) for found in days.values() for day in found)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_ours_is_a_block_and_has_a_reason(name: str) -> None:
    data = table(name)
    ours = data.get("ours", {})
    assert set(ours) <= {key for key, _ in blocks(data)}
    assert all(isinstance(reason, str) and reason for reason in ours.values())
    assert not [key for key, block in blocks(data) if key in ours and isinstance(block, dict) and "source" in block]
