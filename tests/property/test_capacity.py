"""Laws of capacity: more memory, a shorter length and smaller weights never make anything worse."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from psfpolicy import resources
from psfpolicy.engine.wasm import WasmEngine
from psfpolicy.sizing import CONTROL

MODELS = sorted(name for name, row in resources.catalogue("models").items() if "layers" in row)
FORMATS = sorted(
    name for name, row in resources.catalogue("quantizations").items() if "bytes_per_weight_thousandths" in row
)
ORDER = ("fail", "partial", "pass")
GPU = {"vendor": "nvidia", "memory_gb": 80, "fp8_native": True, "fp4_native": True}

models = st.sampled_from(MODELS)
formats = st.sampled_from(FORMATS)
counts = st.sampled_from([1, 2, 4, 8, 16])
lengths = st.integers(1, 2_000_000)
memories = st.integers(1, 2000)
examples = settings(max_examples=60, deadline=None)


@cache
def engine() -> WasmEngine:
    return WasmEngine.bundled()


def asked(
    model: dict[str, Any], accelerators: dict[str, Any], catalogue: dict[str, Any] | None = None
) -> tuple[str, dict[str, Any]]:
    """Give the status of the control and the figures of a deployment on one kind of GPU."""
    serving = {"hosting": "on-prem", "engine": {"name": "vllm"}, "accelerators": {"type": "gpu", **accelerators}}
    question: dict[str, Any] = {
        "descriptor": {"metadata": {}, "spec": {"model": model, "serving": serving}},
        "facts": {"evidence": [], "secrets": []},
        "catalogue": {"accelerators": {"gpu": GPU}, **(catalogue or {})},
        "waivers": [],
        "today": "2026-11-21",
        "gate": "advisory",
        "parameters": {"unwaivable": []},
    }
    report: Any = engine().evaluate(question)
    return report["controls"][CONTROL]["status"], report["capacity"]


def of(model: str, format_of: str, length: int) -> dict[str, Any]:
    return {"id": model, "quantization": format_of, "maxModelLen": length}


@examples
@given(model=models, format_of=formats, count=counts, length=lengths, pair=st.tuples(memories, memories))
def test_more_memory_never_makes_a_verdict_worse(
    model: str, format_of: str, count: int, length: int, pair: tuple[int, int]
) -> None:
    less, more = (
        asked(of(model, format_of, length), {"count": count}, {"accelerators": {"gpu": {**GPU, "memory_gb": memory}}})
        for memory in sorted(pair)
    )
    assert ORDER.index(less[0]) <= ORDER.index(more[0])


@examples
@given(model=models, format_of=formats, count=counts, length=lengths, pair=st.tuples(*[st.floats(0, 1)] * 2))
def test_a_larger_share_of_the_memory_never_makes_a_verdict_worse(
    model: str, format_of: str, count: int, length: int, pair: tuple[float, float]
) -> None:
    less, more = (
        asked(of(model, format_of, length), {"count": count, "memoryUtilization": share}) for share in sorted(pair)
    )
    assert ORDER.index(less[0]) <= ORDER.index(more[0])


@examples
@given(model=models, format_of=formats, count=counts, pair=st.tuples(lengths, lengths))
def test_a_longer_context_never_makes_a_verdict_better(
    model: str, format_of: str, count: int, pair: tuple[int, int]
) -> None:
    shorter, longer = (asked(of(model, format_of, length), {"count": count}) for length in sorted(pair))
    assert ORDER.index(longer[0]) <= ORDER.index(shorter[0])


@examples
@given(model=models, length=lengths, memory=memories, pair=st.tuples(*[st.integers(1, 8000)] * 2))
def test_fewer_bytes_a_weight_never_need_more_accelerators(
    model: str, length: int, memory: int, pair: tuple[int, int]
) -> None:
    smaller, larger = (
        asked(
            of(model, "bf16", length),
            {"count": 1},
            {
                "accelerators": {"gpu": {**GPU, "memory_gb": memory}},
                "quantizations": {"bf16": {"bytes_per_weight_thousandths": thousandths}},
            },
        )[1]["needed"]
        for thousandths in sorted(pair)
    )
    assert (smaller is None) == (larger is None)
    assert smaller is None or smaller["accelerators"] <= larger["accelerators"]


@examples
@given(model=models, format_of=formats, length=lengths)
def test_as_many_accelerators_as_are_needed_hold_a_full_length_sequence(
    model: str, format_of: str, length: int
) -> None:
    needed = asked(of(model, format_of, length), {"count": 1})[1]["needed"]
    if needed is None:
        return
    parallel = {key: needed[key] for key in ("tensorParallel", "pipelineParallel")}
    status, figures = asked(of(model, format_of, length), {"count": needed["accelerators"], **parallel})
    assert status != "fail"
    assert figures["fits"] >= 1


@examples
@given(model=models, format_of=formats, count=counts)
def test_the_longest_sequence_that_is_named_fits_and_one_token_more_does_not(
    model: str, format_of: str, count: int
) -> None:
    longest = asked(of(model, format_of, 1), {"count": count})[1]["longest"]
    if not longest:
        return
    assert asked(of(model, format_of, longest), {"count": count})[1]["fits"] >= 1
    assert asked(of(model, format_of, longest + 1), {"count": count})[1]["fits"] == 0


@examples
@given(
    parameters=st.integers(1, 10**12),
    layers=st.integers(1, 200),
    heads=st.sampled_from([1, 4, 8, 16]),
    dimension=st.sampled_from([64, 128, 256]),
    length=lengths,
    count=counts,
    memory=st.decimals(1, 500, places=3).map(float),
)
def test_the_figures_are_those_of_exact_arithmetic(
    parameters: int, layers: int, heads: int, dimension: int, length: int, count: int, memory: float
) -> None:
    sizes = {"parameters": parameters, "layers": layers, "kvHeads": heads, "attentionHeads": 64, "headDim": dimension}
    model = {"id": "acme/x", "quantization": "fp8", "maxModelLen": length, "architecture": sizes}
    gpu = {**GPU, "memory_gb": memory}
    figures = asked(model, {"count": count}, {"accelerators": {"gpu": gpu}})[1]
    token = 2 * layers * heads * dimension * 2
    assert figures["token"] == token
    assert figures["sequence"] == token * length
    assert figures["budget"] == Fraction(str(memory)) * 10**9 * count * 9 / 10
    # Parameters are taken in thousands, rounded up.
    weights = -(-parameters // 1000) * 1000
    assert (figures["weights"], figures["overhead"]) == (weights, -(-weights // 20))
    assert figures["spare"] == figures["budget"] - weights - figures["overhead"]
    assert figures["fits"] == (None if figures["spare"] < 0 else figures["spare"] // (token * length))
