from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy import resources
from psfpolicy.evidence.engines.table import ENGINES, engine, hub
from psfpolicy.evidence.engines.values import is_on
from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from psfpolicy.evidence.engines.table import Row

ROWS = [(key, row) for key in ENGINES for row in engine(key).rows]
OWN = {
    *("spec.serving.engine." + name for name in ("bind", "chatTemplate", "metrics", "toolCalling")),
    *("spec.security.hardening." + name for name in ("grpcMutualTls", "mediaDomains", "openInterNodeChannel")),
}
"""Paths for what the descriptor has no key for."""


def schema_at(path: str) -> dict[str, Any] | None:
    """Give what the schema of a descriptor says of a path; None where it has no such path."""
    whole = json.loads(resources.schema("llm-deployment-v1"))
    found: dict[str, Any] = whole
    for step in path.split("."):
        while "$ref" in found:
            found = whole["$defs"][found["$ref"].rpartition("/")[2]]
        inner = [found, *found.get("anyOf", ()), *found.get("allOf", ())]
        options = [whole["$defs"][each["$ref"].rpartition("/")[2]] if "$ref" in each else each for each in inner]
        chosen = next((each["properties"][step] for each in options if step in each.get("properties", {})), None)
        if chosen is None:
            return None
        found = chosen
    return found


@pytest.mark.parametrize("path", sorted({row.path for _, row in ROWS if row.path}))
def test_every_path_is_the_descriptors_or_a_known_addition(path: str) -> None:
    assert (schema_at(path) is None) == (path in OWN)


@pytest.mark.parametrize(
    ("path", "words"),
    sorted(
        {(row.path, tuple({**row.words, **row.inferred}.values())) for _, row in ROWS if row.kind == "choice"}, key=str
    ),
)
def test_every_word_is_one_of_the_schemas(path: str, words: tuple[str, ...]) -> None:
    said = json.dumps(schema_at(path)) if schema_at(path) else ""
    names = set(words) if path in OWN else {word for word in words if f'"{word}"' not in said}
    whole = json.loads(resources.schema("llm-deployment-v1"))

    for name in names - {True, False}:
        assert any(name in each.get("enum", ()) for each in whole["$defs"].values())


@pytest.mark.parametrize("key", ENGINES)
def test_every_option_of_a_row_is_known(key: str) -> None:
    given = engine(key)
    top = {name for name, _ in given.grammar.options.values()}

    missing = [row.name for row in given.rows if row.name and "." not in row.name and row.name not in top]

    assert key == "nim" or missing in ([], ["guided-decoding-backend"])


@pytest.mark.parametrize(
    "name", ["images", "devices", "engines/hub", "engines/programs", *(f"engines/{key}" for key in ENGINES)]
)
def test_every_table_is_dated_and_has_a_source(name: str) -> None:
    data = table(name)

    assert data["as_of"] == "2026-11-20"
    assert "https://" in json.dumps(data)


@pytest.mark.parametrize(("key", "row"), ROWS, ids=lambda each: each if isinstance(each, str) else each.written)
def test_a_rows_way_of_reading_exists(key: str, row: Row) -> None:
    assert row.kind in {"text", "count", "tokens", "share", "choice", "present", "foreign", "on", "off"}, key
    is_on(row.truth, "1")


def test_names_of_models_are_read_by_patterns_that_hold() -> None:
    assert [row["quantization"] for row in hub()["names"]] == ["fp8", "fp4", "awq", "gptq", "int8", "gguf"]
