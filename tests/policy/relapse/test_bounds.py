"""Bounds hold for what OPA really compiles: its allocator, its loops, its output."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy.engine.limits import Limits
from psfpolicy.engine.wasm import WasmEngine
from psfpolicy.errors import EvaluationError, LimitError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.policy.conftest import Opa

BOMBS = """package psfpolicy

_many := numbers.range(1, 3000)

report := {"n": count({[i, j] | some i in _many; some j in _many})} if input.bomb == "memory"

report := {"n": count([1 | some i in [1, 2, 3]; walk(input.deep, [_, a]); walk(input.deep, [_, b]); i > 5])} if {
	input.bomb == "time"
}

report := {"text": concat("", [input.text | some _ in input.times])} if input.bomb == "output"

report := {"n": n} if {
	input.bomb == "conflict"
	some n in input.values
}

report := {"n": 1} if input.bomb == "none"
"""


@pytest.fixture
def bombs(opa: Opa, tmp_path: Path) -> Callable[[Limits], WasmEngine]:
    path = tmp_path / "rego/psfpolicy/report.rego"
    path.parent.mkdir(parents=True)
    path.write_text(BOMBS, encoding="utf-8")
    module, data = opa.built(tmp_path, "psfpolicy/report")
    return lambda limits: WasmEngine(module, data, limits=limits)


def test_a_set_of_nine_million_pairs_ends_at_the_bound_of_memory(bombs: Callable[[Limits], WasmEngine]) -> None:
    engine = bombs(Limits(memory_bytes=32 * 2**20))
    with pytest.raises(LimitError) as error:
        engine.evaluate({"bomb": "memory"})
    assert error.value.message == "the policy needs more than 32 MiB for this descriptor"
    assert engine.evaluate({"bomb": "none"}) == {"n": 1}


def test_a_square_of_a_large_document_ends_at_the_bound_of_time(bombs: Callable[[Limits], WasmEngine]) -> None:
    engine = bombs(Limits(timeout_seconds=0.3, memory_bytes=2**30))
    with pytest.raises(LimitError) as error:
        engine.evaluate({"bomb": "time", "deep": [{"a": number} for number in range(5000)]})
    assert error.value.message == "the policy did not answer within 0.3 s"
    assert engine.evaluate({"bomb": "none"}) == {"n": 1}


def test_an_answer_that_repeats_the_question_ends_at_the_bound_of_output(
    bombs: Callable[[Limits], WasmEngine],
) -> None:
    engine = bombs(Limits(output_bytes=2**20))
    with pytest.raises(LimitError) as error:
        engine.evaluate({"bomb": "output", "text": "x" * 2**16, "times": list(range(32))})
    assert error.value.message == "the answer of the policy is larger than 1 MiB"
    assert engine.evaluate({"bomb": "none"}) == {"n": 1}


def test_two_values_for_one_rule_abort_at_its_line(bombs: Callable[[Limits], WasmEngine]) -> None:
    engine = bombs(Limits())
    with pytest.raises(EvaluationError) as error:
        engine.evaluate({"bomb": "conflict", "values": [1, 2]})
    assert error.value.message == "the policy aborted: rego/psfpolicy/report.rego:13:1: var assignment conflict"
    assert engine.evaluate({"bomb": "none"}) == {"n": 1}
