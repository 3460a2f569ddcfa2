"""Laws of cost: self-hosting passes where it is cheaper, to the last digit, and from its break-even on it is."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache
from math import ceil
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from psfpolicy.engine.wasm import WasmEngine

CONTROL = "ops-cost-crossover"
BREAK_EVEN = re.compile(r"break-even is at ([0-9.]+)( million)? tokens a day")

prices = st.integers(1, 10**12)
"""Millionths, up to a million of the currency."""
counts = st.integers(1, 64)
tokens = st.integers(0, 10**12)
examples = settings(max_examples=150, deadline=None)


@cache
def engine() -> WasmEngine:
    return WasmEngine.bundled()


def asked(count: int, replicas: int, volume: int, hour: int, price: int) -> tuple[str, str]:
    """Give the status of the control and its message; prices in millionths."""
    cost = {"gpuHour": hour / 10**6, "hostedPricePerMillionTokens": price / 10**6, "currency": "USD"}
    serving = {"hosting": "on-prem", "accelerators": {"count": count}, "replicas": {"min": replicas}}
    spec = {"purpose": {"usage": {"tokensPerDay": volume}}, "serving": serving, "cost": cost}
    question: dict[str, Any] = {
        "descriptor": {"metadata": {}, "spec": spec},
        "facts": {"evidence": [], "secrets": []},
        "catalogue": {},
        "waivers": [],
        "today": "2026-11-21",
        "gate": "advisory",
        "parameters": {"unwaivable": [], "thresholds": {}},
    }
    report: Any = engine().evaluate(question)
    (finding,) = report["controls"][CONTROL]["findings"]
    return finding["status"], finding["message"]


def break_even(count: int, replicas: int, hour: int, price: int) -> int:
    return ceil(Fraction(count * replicas * 24 * hour * 10**6, price))


@examples
@given(count=counts, replicas=counts, volume=tokens, hour=prices, price=prices)
def test_it_passes_where_and_only_where_it_is_cheaper(
    count: int, replicas: int, volume: int, hour: int, price: int
) -> None:
    own, hosted = Fraction(count * replicas * 24 * hour), Fraction(volume * price, 10**6)
    within = own < 10**15
    assert asked(count, replicas, volume, hour, price)[0] == ("pass" if own < hosted and within else "partial")


@examples
@given(count=st.integers(1, 8), replicas=st.integers(1, 4), hour=st.integers(1, 10**8), price=prices)
def test_the_break_even_is_exact_and_a_token_more_or_less_decides(
    count: int, replicas: int, hour: int, price: int
) -> None:
    volume = break_even(count, replicas, hour, price)
    assume(volume < 10**14)
    below, message = asked(count, replicas, volume - 1, hour, price)
    found = BREAK_EVEN.search(message)
    assert found is not None
    assert Fraction(found[1]) * (10**6 if found[2] else 1) == volume
    assert (below, asked(count, replicas, volume + 1, hour, price)[0]) == ("partial", "pass")
