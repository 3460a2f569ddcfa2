"""What a control says that it read is all that decides: a leaf that moves its answer is among its reads on one side.

`--explain`, evidence and the digest of accepted findings rest on that.
"""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy import source, validity
from psfpolicy.asking import Question
from psfpolicy.engine.wasm import WasmEngine
from psfpolicy.loading import load
from psfpolicy.targets import targets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.model.place import Path as Steps

ROOT = Path(__file__).parents[2]
EXAMPLES = ("minimal.yaml", "saas-bedrock/traces-abroad.yaml", "cloud-managed/azure-ml.yaml")
OTHERS: dict[str, tuple[Any, ...]] = {
    "metadata.environment": ("staging", "production"),
    "spec.serving.hosting": ("hosted-api", "on-prem", "self-managed-kubernetes"),
    "spec.serving.location.region": ("aws:us-east-1", "azure:swedencentral"),
}
"""Values that decide more than a strange one."""


@cache
def engine() -> WasmEngine:
    return WasmEngine.bundled()


@cache
def example(name: str) -> Any:
    (target,) = targets((str(ROOT / "examples" / name),))
    return load(target, gathering=False).documents[0].data


def answers(data: Any) -> dict[str, Any]:
    answer: Any = engine().evaluate(Question(descriptor=data, today="2026-11-21", gate="strict").document())
    return dict(answer["controls"])


def leaves(value: Any, path: Steps = ()) -> Iterator[Steps]:
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    below = [leaf for key, item in items for leaf in leaves(item, (*path, key))]
    yield from below or [path]


def changed(data: Any, leaf: Steps) -> Iterator[Any]:
    """Give the descriptor without a leaf, and with other values of it."""
    value = data
    for step in leaf:
        value = value[step]
    name = ".".join(str(step) for step in leaf)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    others = OTHERS.get(
        name, ("stranger-9",) if isinstance(value, str) else (0, value * 1000) if number else (not value,)
    )
    for other in (None, *(other for other in others if other != value)):
        made = copy.deepcopy(data)
        parent = made
        for step in leaf[:-1]:
            parent = parent[step]
        if other is None:
            del parent[leaf[-1]]
        else:
            parent[leaf[-1]] = other
        yield made


def decided(control: Any) -> set[tuple[str, ...]]:
    """Give what a control decided; where it does not apply, the reason: it answers for no place then."""
    return {
        ("", item["message"]) if item["status"] == "not-applicable" else (json.dumps(item["path"]), item["status"])
        for item in control["findings"]
    }


def reads(control: Any) -> set[Steps]:
    return {tuple(path) for item in control["findings"] for path in item["reads"]}


def among(leaf: Steps, paths: set[Steps]) -> bool:
    # The index of a word in a list says nothing: another may stand there.
    leaf = leaf[:-1] if isinstance(leaf[-1], int) else leaf
    return any(path[: len(leaf)] == leaf or leaf[: len(path)] == path for path in paths)


def valid(data: Any) -> bool:
    (document,) = source.read(json.dumps(data).encode(), file="changed.json")
    return not validity.diagnostics(document)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_leaf_that_moves_an_answer_is_among_what_the_control_read(name: str) -> None:
    data = example(name)
    before = answers(data)
    unread = [
        (control, leaf)
        for leaf in leaves(data)
        for other in filter(valid, changed(data, leaf))
        for after in [answers(other)]
        for control in before
        if decided(before[control]) != decided(after[control])
        and not among(leaf, reads(before[control]) | reads(after[control]))
    ]
    assert unread == []
