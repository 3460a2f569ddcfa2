"""Removing a leaf of the recommended example changes the controls that read it, and no other.

`leaves/<domain>.yaml` says which leaves each control reads; it was written from the catalogue of controls, before the
Rego. `exceptions.yaml` says, with the reason, where a control that reads a leaf is not moved by its removal from this
example, which leaves nothing reads yet, and which leaves a descriptor cannot do without.
"""

from __future__ import annotations

import copy
import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from psfpolicy import source, validity
from psfpolicy.assess import assess
from psfpolicy.engine.wasm import WasmEngine
from psfpolicy.profiles import Asked

if TYPE_CHECKING:
    from psfpolicy.model.report import Assessment

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/llama-3.1-70b/recommended.yaml"
TABLES = Path(__file__).parent / "leaves"
Leaf = tuple[str | int, ...]


def leaves(value: Any, path: Leaf = ()) -> list[Leaf]:
    """Give the path of every scalar and of every empty list."""
    if isinstance(value, dict) and value:
        return [leaf for key, item in value.items() for leaf in leaves(item, (*path, key))]
    if isinstance(value, list) and value:
        return [leaf for index, item in enumerate(value) for leaf in leaves(item, (*path, index))]
    return [path]


def pattern(leaf: Leaf) -> str:
    """Give a leaf as the tables write it: `spec.inputs.guards[].action`; an item of a list of scalars is the list."""
    text = "".join("[]" if isinstance(step, int) else f".{step}" for step in leaf).lstrip(".")
    return text.removesuffix("[]")


def indexed(leaf: Leaf) -> str:
    """Give a leaf with its indexes: `spec.inputs.guards[1].action`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in leaf).lstrip(".")


def without(data: Any, leaf: Leaf) -> Any:
    changed = copy.deepcopy(data)
    parent = changed
    for step in leaf[:-1]:
        parent = parent[step]
    del parent[leaf[-1]]
    return changed


@cache
def engine() -> WasmEngine:
    return WasmEngine.bundled()


@cache
def example() -> Any:
    (document,) = source.read(EXAMPLE.read_bytes(), file=EXAMPLE.name)
    return document.data


@cache
def readers() -> dict[str, set[str]]:
    """Give the controls that read a leaf, by its pattern."""
    found: dict[str, set[str]] = {}
    for table in sorted(TABLES.glob("*.yaml")):
        for control, patterns in yaml.safe_load(table.read_text()).items():
            for item in patterns:
                found.setdefault(item.removesuffix("[]"), set()).add(control)
    return found


@cache
def exceptions() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "exceptions.yaml").read_text())
    return found


def answers(data: Any) -> dict[str, Any] | None:
    """Give each control's status and findings; None for a descriptor that is not valid."""
    (document,) = source.read(json.dumps(data).encode(), file="changed.json")
    if validity.diagnostics(document):
        return None
    assessment, *_ = assess(
        document, engine(), texts={}, today="2026-11-21", gate=Asked("strict"), requested="strict", unwaivable=()
    )
    return by_control(assessment)


def by_control(assessment: Assessment) -> dict[str, Any]:
    found: dict[str, Any] = {item.id: set() for item in assessment.controls}
    for finding in assessment.findings:
        found[finding.control].add((finding.status, finding.path, finding.message, finding.digest))
    return found


@cache
def before() -> dict[str, Any]:
    """Give what is said of the whole example."""
    found = answers(example())
    assert found is not None
    return found


LEAVES = leaves(example())


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda leaf: ".".join(map(str, leaf)))
def test_a_removed_leaf_changes_the_controls_that_read_it_and_no_other(leaf: Leaf) -> None:
    name = pattern(leaf)
    after = answers(without(example(), leaf))
    if {name, indexed(leaf)} & set(exceptions()["required"]):
        assert after is None
        return
    assert after is not None
    changed = {control for control in before() if before()[control] != after[control]}
    unmoved = set(exceptions()["unmoved"].get(name, {}))
    assert changed - readers().get(name, set()) == set()
    assert readers().get(name, set()) - changed - unmoved == set()


def test_each_leaf_is_read_or_required_or_listed_with_the_reason() -> None:
    names = {pattern(leaf) for leaf in LEAVES}
    listed = set(exceptions()["unread"])
    read = {name for name in names if readers().get(name)}
    assert names - read - set(exceptions()["required"]) == listed
    assert all(re.search(r"\w{3}", reason) for reason in exceptions()["unread"].values())


def test_no_exception_is_stale() -> None:
    known = {pattern(leaf) for leaf in LEAVES} | {indexed(leaf) for leaf in LEAVES}
    assert set(exceptions()["required"]) - known == set()
    for name, controls in exceptions()["unmoved"].items():
        assert set(controls) <= readers()[name]
        always = {
            control for control in controls if all(control in moves(leaf) for leaf in LEAVES if pattern(leaf) == name)
        }
        assert always == set(), f"{name} moves {always} wherever it stands"


@cache
def moves(leaf: Leaf) -> set[str]:
    after = answers(without(example(), leaf))
    return set() if after is None else {control for control in before() if before()[control] != after[control]}
