"""One grammar for what controls say.

`<subject> <seen>; wanted: <wanted>` where something is amiss, and a statement elsewhere.
"""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy.source import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.engine.wasm import WasmEngine

ROOT = Path(__file__).parents[2]
DESCRIPTORS = (
    "examples/minimal.yaml",
    "examples/llama-3.1-70b/out-of-the-box.yaml",
    "examples/llama-3.1-70b/recommended.yaml",
    "tests/unit/model/reference.yaml",
)

ASKED_BY_A_REGIME = {"residency-agreements", "residency-location", "residency-operator", "residency-transfer"}
"""Controls that ask what a declared regime asks; whether one has to be declared, `residency-regime-declared` says."""


def parts(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Give the path of everything below a document but names, which items cannot be without."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if key != "name":
            yield (*path, key)
        yield from parts(item, (*path, key))


def thinned(value: Any, gone: set[tuple[str | int, ...]], path: tuple[str | int, ...] = ()) -> Any:
    """Give a copy of a document without some of its parts."""
    if isinstance(value, dict):
        return {key: thinned(item, gone, (*path, key)) for key, item in value.items() if (*path, key) not in gone}
    if isinstance(value, list):
        return [thinned(item, gone, (*path, index)) for index, item in enumerate(value) if (*path, index) not in gone]
    return value


def breach(status: str, message: str) -> bool:
    wishes = message.count("; wanted: ")
    return (
        wishes != (status in {"fail", "partial"})
        or re.search(r"<undefined>|\n|\.$|  ", message) is not None
        or not message.strip()
    )


@pytest.mark.parametrize("name", DESCRIPTORS)
def test_each_message_says_what_is_seen_and_what_is_wanted(
    name: str, engine: WasmEngine, question: dict[str, Any]
) -> None:
    (document,) = read((ROOT / name).read_bytes(), file=name)
    everything = list(parts(document.data))
    breaches = set()
    for number in range(30):
        choice = random.Random(number)  # noqa: S311 - which parts is no secret
        gone = set(choice.sample(everything, len(everything) * (number % 6) // 20))
        report: Any = engine.evaluate(question | {"descriptor": thinned(document.data, gone)})
        breaches |= {
            (key, finding["status"], finding["message"])
            for key, control in report["controls"].items()
            for finding in control["findings"]
            if breach(finding["status"], finding["message"])
        }
    assert breaches == set()


def test_each_control_has_an_answer_where_no_descriptor_is_given(engine: WasmEngine, question: dict[str, Any]) -> None:
    del question["descriptor"]
    report: Any = engine.evaluate(question)
    answers = [
        (key, finding["status"], breach(finding["status"], finding["message"]))
        for key, control in report["controls"].items()
        for finding in control["findings"]
    ]
    assert {key for key, _, _ in answers} == set(report["controls"])
    assert {key for key, status, _ in answers if status == "not-applicable"} == ASKED_BY_A_REGIME
    assert {status for _, status, _ in answers} == {"fail", "partial", "not-applicable"}
    assert [key for key, _, breached in answers if breached] == []
