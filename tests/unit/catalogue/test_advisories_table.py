"""The table of advisories: ranges that can be compared, conditions that a descriptor can decide."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.catalogue.test_catalogue_tables import ROOT, _mistakes, _table

DEFEATING = {
    "deploy-model-pinned": ["CVE-2026-47155"],
    "security-endpoint-auth": [
        "CVE-2025-59425",
        "CVE-2026-114053",
        "CVE-2026-24206",
        "CVE-2026-24207",
        "CVE-2026-3059",
        "CVE-2026-3060",
        "CVE-2026-48746",
        "CVE-2026-7301",
    ],
    "security-least-privilege": [
        "CVE-2025-46570",
        "CVE-2026-53923",
        "GHSA-fpch-3xrf-7q96",
        "GHSA-v97p-wpxp-px84",
    ],
    "security-weights-integrity": ["CVE-2025-66448", "CVE-2026-22807", "CVE-2026-27893"],
}


def _at(path: list[str]) -> dict[str, Any]:
    """Give the schema of the value at a path of a descriptor."""
    schema = json.loads((ROOT / "schemas/llm-deployment-v1.schema.json").read_text(encoding="utf-8"))
    node: dict[str, Any] = schema
    for key in path:
        while "$ref" in node or "anyOf" in node:
            node = schema["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node["anyOf"][0]
        node = node["properties"][key]
    return node


def _affects(row: dict[str, Any], version: list[int]) -> bool:
    """Compare as the policy does: number by number, a missing one before any other."""
    return any(first <= version and (end is None or version < end) for first, end in row["ranges"])


def _clauses() -> list[dict[str, Any]]:
    return [clause for row in _table("advisories").values() for clause in row.get("when", [])]


def test_advisories_that_defeat_a_control() -> None:
    rows = _table("advisories")
    controls = {control for row in rows.values() for control in row["defeats"]}

    assert {control: [id_ for id_, row in rows.items() if control in row["defeats"]] for control in controls} == (
        DEFEATING
    )


@pytest.mark.parametrize("control", DEFEATING)
def test_control_that_is_defeated_exists(control: str) -> None:
    domain, _, name = control.partition("-")

    assert (ROOT / f"rego/psfpolicy/controls/{domain}/{name.replace('-', '_')}.rego").is_file()


def test_every_advisory_is_about_an_engine_of_the_catalogue() -> None:
    assert {row["engine"] for row in _table("advisories").values()} - set(_table("engines")) == set()


def test_id_stands_for_one_advisory() -> None:
    ids = [name for id_, row in _table("advisories").items() for name in [id_, *row["aliases"]]]

    assert sorted(ids) == sorted(set(ids))


def test_range_ends_after_it_begins() -> None:
    ranges = [range_ for row in _table("advisories").values() for range_ in row.get("ranges", [])]

    assert [range_ for range_ in ranges if range_[1] is not None and range_[0] >= range_[1]] == []


@pytest.mark.parametrize(
    ("advisory", "version", "affected"),
    [
        ("CVE-2026-22807", [0, 10, 0], False),
        ("CVE-2026-22807", [0, 10, 1], True),
        ("CVE-2026-22807", [0, 13, 0], True),
        ("CVE-2026-22807", [0, 14, 0], False),
        ("CVE-2026-27893", [0, 17, 1], True),
        ("CVE-2026-27893", [0, 18, 0], False),
        ("CVE-2025-66448", [0, 11, 0], True),
        ("CVE-2025-66448", [0, 11, 1], False),
        ("CVE-2026-114053", [0, 30, 0], True),
        ("CVE-2026-114053", [0, 31, 0], False),
        ("CVE-2026-47155", [0, 21, 0], True),
        ("CVE-2026-47155", [0, 22, 0], False),
        ("CVE-2026-48746", [0, 2, 7], False),
        ("CVE-2026-48746", [0, 21, 0], True),
        ("CVE-2026-48746", [0, 22, 0], False),
        ("CVE-2025-59425", [0, 10, 2], True),
        ("CVE-2025-59425", [0, 11, 0], False),
        ("CVE-2024-9052", [0, 8, 1], True),
        ("CVE-2024-9052", [0, 8, 2], False),
        ("CVE-2026-7301", [0, 5, 22], True),
        ("CVE-2026-24207", [26, 2], True),
        ("CVE-2026-24207", [26, 3], False),
    ],
)
def test_versions_that_an_advisory_affects(advisory: str, version: list[int], affected: bool) -> None:
    assert _affects(_table("advisories")[advisory], version) is affected


def test_current_engine_is_outside_every_range_that_ends() -> None:
    rows = _table("advisories")
    current = {"ray": [2, 52, 0], "sglang": [0, 5, 23], "tensorrt-llm": [1, 2, 1], "tgi": [3, 3, 7], "triton": [26, 7]}
    versions = {**current, "vllm": [0, 33, 0]}

    assert [id_ for id_, row in rows.items() if "ranges" in row and _affects(row, versions[row["engine"]])] == [
        "CVE-2026-7301"
    ]


def test_condition_reads_keys_that_a_descriptor_has() -> None:
    for clause in _clauses():
        assert clause.keys() & {"family", "takes", "gives"} or _at(clause["path"])


def test_condition_compares_with_values_that_a_descriptor_can_have() -> None:
    for clause in _clauses():
        for value in clause.get("in", []):
            assert value in _at(clause["path"]).get("enum", [True, False])
        for value in clause.get("has", []):
            assert value in _at(clause["path"])["items"]["enum"]


def test_advisory_that_defeats_a_control_says_when() -> None:
    row = _table("advisories")["CVE-2026-22807"]
    unsaid = {key: value for key, value in row.items() if key not in {"when", "condition", "whole"}}

    assert sorted(_mistakes("advisories", {"CVE-2026-22807": unsaid})) == [
        "'condition' is a required property",
        "'when' is a required property",
    ]


def test_rows_that_rest_on_one_excerpt_say_so() -> None:
    assert [id_ for id_, row in _table("advisories").items() if "single_source" in row] == [
        "CVE-2026-114053",
        "GHSA-5r3c-5x4v-8gjh",
        "GHSA-fpch-3xrf-7q96",
        "GHSA-v97p-wpxp-px84",
    ]
