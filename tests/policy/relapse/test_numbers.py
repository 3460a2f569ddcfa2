"""Numbers and dates come out alike in both engines, and as Python's own arithmetic has them.

What differs between the engines (decimals that are computed, `floor` of negatives, printing) is in no rule of ours:
`lib.numbers` and `lib.dates` are what rules use instead, so they are held to the truth here, over many values at once.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from psfpolicy.engine.wasm import WasmEngine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.policy.conftest import Opa

PROBE = """package psfpolicy

import data.psfpolicy.lib.dates
import data.psfpolicy.lib.numbers

report := {
	"halves": [numbers.half_up(pair[0], pair[1]) | some pair in input.pairs],
	"millionths": [numbers.millionths(value) | some value in input.decimals],
	"shown": [numbers.shown(value) | some value in input.decimals],
	"days": [dates.day(text) | some text in input.dates],
}
"""

SAFE = 10**15
EPOCH = date(1970, 1, 1)
NOTHING: dict[str, Any] = {"pairs": [], "decimals": [], "dates": []}

pairs = st.tuples(st.integers(0, SAFE // 4), st.integers(1, 10**6)).map(list)
# What a descriptor can say and a rule compares: at most six places, below 10^9.
decimals = st.decimals(Decimal(-(10**9)), Decimal(10**9), places=6, allow_nan=False).map(float)
values_of_both_kinds = decimals | st.integers(-(10**9), 10**9)


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory, tree: Path) -> Path:
    folder = tmp_path_factory.mktemp("probe")
    for name in ("numbers", "dates"):
        target = folder / "rego/psfpolicy/lib" / f"{name}.rego"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text((tree / f"rego/psfpolicy/lib/{name}.rego").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "rego/psfpolicy/report.rego").write_text(PROBE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def ask(probe: Path, opa: Opa) -> Callable[[dict[str, Any]], Any]:
    """Ask both engines, and give the one answer of both."""
    engine = WasmEngine(*opa.built(probe, "psfpolicy/report"))

    def asked(changes: dict[str, Any]) -> Any:
        question = NOTHING | changes
        embedded = engine.evaluate(question)
        assert opa.evaluated(probe, question) == embedded
        return embedded

    return asked


def shown(value: float) -> str:
    """Print a decimal exactly to six places, without trailing zeros."""
    text = f"{Decimal(repr(value)).quantize(Decimal('0.000001')):f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


# One example holds hundreds of values, since each one starts an `opa`.
few = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@few
@given(values=st.lists(pairs, min_size=200, max_size=400))
def test_half_up_is_exact(values: list[list[int]], ask: Callable[[dict[str, Any]], Any]) -> None:
    assert ask({"pairs": values})["halves"] == [(2 * a + b) // (2 * b) for a, b in values]


@few
@given(values=st.lists(values_of_both_kinds, min_size=200, max_size=400))
def test_decimals_become_exact_integers_and_texts(values: list[float], ask: Callable[[dict[str, Any]], Any]) -> None:
    answer = ask({"decimals": values})
    assert answer["millionths"] == [int(Fraction(repr(value)) * 10**6) for value in values]
    assert answer["shown"] == [shown(value) for value in values]


def test_decimals_that_engines_print_unlike_are_printed_alike(ask: Callable[[dict[str, Any]], Any]) -> None:
    values = [0.52, 141.2, 2.8, 0.1, 0.000001, 999999999.999999, -0.25, 70000000000, 36712000000.0]
    texts = ["0.52", "141.2", "2.8", "0.1", "0.000001", "999999999.999999", "-0.25", "70000000000", "36712000000"]
    assert ask({"decimals": values})["shown"] == texts


def test_every_day_of_270_years_has_its_number(ask: Callable[[dict[str, Any]], Any]) -> None:
    for start in range(0, 98_705, 20_000):
        days = [date(1900, 1, 1) + timedelta(days=number) for number in range(start, min(start + 20_000, 98_705))]
        assert ask({"dates": [day.isoformat() for day in days]})["days"] == [(day - EPOCH).days for day in days]
