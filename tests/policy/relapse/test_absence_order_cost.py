"""Absence is not null, no order is relied upon, and cost grows with the descriptor and not with its square."""

from __future__ import annotations

import random
from pathlib import Path
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any

from psfpolicy.source import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from psfpolicy.engine.wasm import WasmEngine

ROOT = Path(__file__).parents[3]
REFERENCE = "tests/unit/model/reference.yaml"


def reference() -> Any:
    (document,) = read((ROOT / REFERENCE).read_bytes(), file=REFERENCE)
    return document.data


def shuffled(value: Any, choice: random.Random) -> Any:
    """Give a document with the keys of every mapping in another order."""
    if isinstance(value, dict):
        keys = choice.sample(list(value), len(value))
        return {key: shuffled(value[key], choice) for key in keys}
    return [shuffled(item, choice) for item in value] if isinstance(value, list) else value


def with_nulls(value: Any) -> Any:
    """Give a document with a null beside each value of a mapping."""
    if isinstance(value, dict):
        return {key: item for name in value for key, item in ((name, with_nulls(value[name])), (f"{name}_", None))}
    return [with_nulls(item) for item in value] if isinstance(value, list) else value


def test_a_null_is_what_is_not_said(
    engine: WasmEngine, question: dict[str, Any], canonical: Callable[[Any], Any]
) -> None:
    sink = {"name": "db", "kind": "database"}
    absent = question | {"descriptor": {"spec": {"outputs": {"sinks": [sink]}}}}
    null = question | {"descriptor": {"spec": {"outputs": {"sinks": [{**sink, "via": None}], "validation": None}}}}
    assert canonical(engine.evaluate(null)) == canonical(engine.evaluate(absent))


def test_nulls_everywhere_change_nothing(
    engine: WasmEngine, question: dict[str, Any], canonical: Callable[[Any], Any]
) -> None:
    asked = question | {"descriptor": reference()}
    report = canonical(engine.evaluate(asked))
    assert canonical(engine.evaluate(with_nulls(asked))) == report


def test_an_integral_float_is_an_integer(
    engine: WasmEngine, question: dict[str, Any], canonical: Callable[[Any], Any]
) -> None:
    def asked(length: float) -> dict[str, Any]:
        spec = {"model": {"maxModelLen": length}, "inputs": {"schema": {"ref": "s.json", "maxTokens": length}}}
        return question | {"descriptor": {"spec": spec}}

    assert canonical(engine.evaluate(asked(32768.0))) == canonical(engine.evaluate(asked(32768)))


def test_the_order_of_keys_changes_nothing(
    engine: WasmEngine, question: dict[str, Any], canonical: Callable[[Any], Any]
) -> None:
    asked = question | {"descriptor": reference()}
    report = canonical(engine.evaluate(asked))
    choices = [random.Random(number) for number in range(5)]  # noqa: S311 - an order is no secret
    assert [canonical(engine.evaluate(shuffled(asked, choice))) for choice in choices] == [report] * 5


def test_an_evaluation_leaves_no_trace_in_the_next(
    engine: WasmEngine, question: dict[str, Any], canonical: Callable[[Any], Any]
) -> None:
    small, large = question, question | {"descriptor": reference()}
    first = canonical(engine.evaluate(small))
    engine.evaluate(large)
    assert canonical(engine.evaluate(small)) == first


def sized(question: dict[str, Any], sinks: int, guards: int) -> dict[str, Any]:
    guard = {"detects": ["injection", "pii"], "action": "block", "onPath": True, "failClosed": True}
    named = [{"name": f"g{number}", **guard} for number in range(guards)]
    outputs = {"guards": named, "sinks": [{"name": f"s{n}", "kind": "api", "via": "g0"} for n in range(sinks)]}
    return question | {"descriptor": {"spec": {"inputs": {"guards": named}, "outputs": outputs}}}


def seconds(engine: WasmEngine, asked: dict[str, Any]) -> float:
    # Of this process alone, whatever else the machine is at.
    times = []
    for _ in range(5):
        start = process_time()
        engine.evaluate(asked)
        times.append(process_time() - start)
    return median(times)


def test_a_thousand_sinks_and_two_hundred_guards_cost_no_square(engine: WasmEngine, question: dict[str, Any]) -> None:
    engine.evaluate(question)
    quarter = seconds(engine, sized(question, sinks=250, guards=50))
    whole = seconds(engine, sized(question, sinks=1000, guards=200))
    # Four times the items: 4 where cost is linear, 16 where it is a square.
    assert whole / quarter < 9
    assert whole < 0.5
