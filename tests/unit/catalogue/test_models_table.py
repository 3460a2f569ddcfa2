"""The models: names, references, and figures that make the published placements come out."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import pytest

from tests.unit.catalogue.test_catalogue_tables import _mistakes, _table

GB = 10**9
LARGEST = 10**15
"""What arithmetic on integers has to stay below to be the same in every engine."""

MODELS = {
    "meta-llama/Meta-Llama-3-8B-Instruct": "llama-3-8b",
    "meta-llama/Llama-3.1-8B-Instruct": "llama-3.1-8b",
    "meta-llama/Llama-3.1-70B-Instruct": "llama-3.1-70b",
    "meta-llama/Llama-3.1-405B-Instruct": "llama-3.1-405b",
    "meta-llama/Llama-3.3-70B-Instruct": "llama-3.3-70b",
    "meta-llama/Llama-4-Scout-17B-16E-Instruct": "llama-4-scout",
    "meta-llama/Llama-4-Maverick-17B-128E-Instruct": "llama-4-maverick",
    "mistralai/Mistral-Large-Instruct-2407": "mistral-large-2",
    "mistralai/Codestral-22B-v0.1": "codestral-22b",
    "google/gemma-3-1b-it": "gemma-3-1b",
    "google/gemma-3-4b-it": "gemma-3-4b",
    "google/gemma-3-12b-it": "gemma-3-12b",
    "google/gemma-3-27b-it": "gemma-3-27b",
    "Qwen/Qwen2.5-7B-Instruct": "qwen2.5-7b",
    "Qwen/Qwen2.5-14B-Instruct": "qwen2.5-14b",
    "Qwen/Qwen2.5-32B-Instruct": "qwen2.5-32b",
    "Qwen/Qwen2.5-72B-Instruct": "qwen2.5-72b",
    "Qwen/Qwen3-8B": "qwen3-8b",
    "Qwen/Qwen3-14B": "qwen3-14b",
    "Qwen/Qwen3-32B": "qwen3-32b",
    "Qwen/Qwen3-30B-A3B": "qwen3-30b-a3b",
    "Qwen/Qwen3-235B-A22B": "qwen3-235b-a22b",
    "deepseek-ai/DeepSeek-V3": "deepseek-v3",
    "deepseek-ai/DeepSeek-R1": "deepseek-r1",
    "deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B": "deepseek-r1-distill-qwen-1.5b",
    "deepseek-ai/DeepSeek-R1-Distill-Qwen-7B": "deepseek-r1-distill-qwen-7b",
    "deepseek-ai/DeepSeek-R1-Distill-Qwen-14B": "deepseek-r1-distill-qwen-14b",
    "deepseek-ai/DeepSeek-R1-Distill-Qwen-32B": "deepseek-r1-distill-qwen-32b",
    "deepseek-ai/DeepSeek-R1-Distill-Llama-8B": "deepseek-r1-distill-llama-8b",
    "deepseek-ai/DeepSeek-R1-Distill-Llama-70B": "deepseek-r1-distill-llama-70b",
    "microsoft/phi-4": "phi-4",
    "meta-llama/Llama-Guard-3-8B": "llama-guard-3-8b",
    "meta-llama/Llama-Prompt-Guard-2-86M": "prompt-guard-2-86m",
    "meta-llama/Llama-Prompt-Guard-2-22M": "prompt-guard-2-22m",
    "GPT-4.1": "gpt-4.1",
    "GPT-5": "gpt-5",
    "o3": "o3",
    "claude-sonnet-4-6": "claude-sonnet-4.6",
    "claude-opus-4-7": "claude-opus-4.7",
    "Gemini": "gemini",
    "Whisper": "whisper",
}
"""A name by which each model is met, and the row that it leads to."""

KV_BYTES_PER_TOKEN = {
    "llama-3.1-8b": 131_072,
    "llama-3.3-70b": 327_680,
    "llama-3.1-405b": 516_096,
    "llama-4-scout": 196_608,
    "llama-4-maverick": 196_608,
    "mistral-large-2": 360_448,
    "codestral-22b": 229_376,
    "gemma-3-1b": 26_624,
    "gemma-3-4b": 139_264,
    "gemma-3-12b": 393_216,
    "gemma-3-27b": 507_904,
    "qwen2.5-7b": 57_344,
    "qwen2.5-14b": 196_608,
    "qwen2.5-32b": 262_144,
    "qwen2.5-72b": 327_680,
    "qwen3-8b": 147_456,
    "qwen3-14b": 163_840,
    "qwen3-32b": 262_144,
    "qwen3-30b-a3b": 98_304,
    "qwen3-235b-a22b": 192_512,
    "deepseek-r1": 70_272,
    "phi-4": 204_800,
}
"""With a 16-bit cache, the first token: none is beyond a window yet."""

Row = dict[str, Any]


@cache
def _rows(table: str) -> dict[str, Row]:
    """Give a table, read once; nothing here changes it."""
    return _table(table)


def _names(row: Row) -> tuple[str, ...]:
    return (*row["aliases"], *row.get("repacks", {}))


def _by_name() -> dict[str, str]:
    return {name.lower(): id_ for id_, row in _rows("models").items() for name in (id_, *_names(row))}


def _cached(row: Row, tokens: int) -> int:
    """Give the bytes of a 16-bit cache of one sequence."""
    if row["attention"] == "mla":
        return int(2 * row["layers"] * (row["mla"]["kv_lora_rank"] + row["mla"]["rope_head_dim"]) * tokens)
    per_layer = 2 * row["kv_heads"] * row["head_dim"] * 2
    if row["attention"] == "gqa":
        return int(per_layer * row["layers"] * tokens)
    unlimited = row["layers"] // row["window"]["global_every"]
    limited = row["layers"] - unlimited
    return int(per_layer * (unlimited * tokens + limited * min(tokens, row["window"]["tokens"])))


def _weights(row: Row, quantization: str) -> int:
    """Give the bytes of the weights."""
    formats = _rows("quantizations")
    own = formats[row["checkpoint_dtype"]]["bytes_per_weight_thousandths"]
    return int(row["parameters"] // 1000 * formats[quantization].get("bytes_per_weight_thousandths", own))


def _needed(row: Row, quantization: str) -> int:
    """Give the bytes of the weights and 5 % on top, rounded up."""
    return (_weights(row, quantization) * 105 + 99) // 100


def _budget(accelerator: str, count: int) -> int:
    """Give the bytes that an engine may use, 0.9 of the memory."""
    return int(_rows("accelerators")[accelerator]["memory_gb"]) * GB * count * 9 // 10


def _fits(model: str, quantization: str, accelerator: str, count: int, tokens: int) -> str:
    """Say whether the weights, and a sequence of full length beside them, have room."""
    row = _rows("models")[model]
    spare = _budget(accelerator, count) - _needed(row, quantization)
    if spare < 0:
        return "fail"
    return "partial" if spare < _cached(row, tokens) else "pass"


def _self_hosted() -> list[str]:
    return [id_ for id_, row in _rows("models").items() if "attention" in row]


def test_every_row_has_its_shape() -> None:
    assert _mistakes("models", _rows("models")) == []


def test_rows_stand_in_the_order_of_their_ids() -> None:
    assert list(_rows("models")) == sorted(_rows("models"))


def test_every_day_exists() -> None:
    days = [row[key] for row in _rows("models").values() for key in ("as_of", "released") if key in row]

    assert [date.fromisoformat(day).isoformat() for day in days] == days


@pytest.mark.parametrize("key", ["source", "as_of"])
@pytest.mark.parametrize("row", ["llama-3.1-70b", "gpt-4.1"])
def test_row_without_its_source_or_day_is_refused(row: str, key: str) -> None:
    rest = {column: value for column, value in _rows("models")[row].items() if column != key}

    assert _mistakes("models", {row: rest}) == [f"'{key}' is a required property"]


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("llama-3.1-70b", "kv_heads"),
        ("llama-3.1-70b", "licence"),
        ("llama-3.1-70b", "licence_source"),
        ("llama-3.1-70b", "parameters"),
        ("gemma-3-27b", "repacks_sources"),
        ("gemma-3-27b", "window"),
        ("deepseek-r1", "mla"),
    ],
)
def test_model_that_is_half_described_is_refused(row: str, key: str) -> None:
    rest = {column: value for column, value in _rows("models")[row].items() if column != key}

    assert any(f"'{key}' is a " in mistake for mistake in _mistakes("models", {row: rest}))


@pytest.mark.parametrize("parameters", [70_600_000_001, 70.6, "70.6B"])
def test_parameters_that_are_no_multiple_of_a_thousand_are_refused(parameters: object) -> None:
    row = {**_rows("models")["llama-3.1-70b"], "parameters": parameters}

    assert _mistakes("models", {"llama-3.1-70b": row}) != []


def test_a_name_leads_to_one_model() -> None:
    names = [name.lower() for id_, row in _rows("models").items() for name in (id_, *_names(row))]

    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_every_model_is_met_by_its_name() -> None:
    ids = _by_name()

    assert {name: ids.get(name.lower()) for name in MODELS} == MODELS


def test_models_beside_those_that_have_to_be_known() -> None:
    assert sorted(set(_rows("models")) - set(MODELS.values())) == [
        "deepseek-v3-0324",
        "gemini-1.5-pro",
        "mistral-large-2411",
        "qwen3-235b-a22b-2507",
        "qwen3-30b-a3b-2507",
        "whisper-1",
        "whisper-large-v3",
    ]


@pytest.mark.parametrize(
    ("key", "table"), [("licence", "licences"), ("base", "models"), ("checkpoint_dtype", "quantizations")]
)
def test_a_reference_leads_to_a_row(key: str, table: str) -> None:
    assert {row[key] for row in _rows("models").values() if key in row} - set(_rows(table)) == set()


def test_a_repack_is_in_a_known_format() -> None:
    formats = {format_ for row in _rows("models").values() for format_ in row.get("repacks", {}).values()}

    assert formats - set(_rows("quantizations")) == set()


def test_a_source_of_one_key_stands_beside_that_key() -> None:
    keys = [
        (id_, key)
        for id_, row in _rows("models").items()
        for key in row
        if key.endswith("_source") and key.removesuffix("_source") not in row
    ]

    assert keys == []


def test_aliases_have_sources() -> None:
    assert [id_ for id_, row in _rows("models").items() if bool(row["aliases"]) != ("aliases_sources" in row)] == []


def test_values_are_texts_integers_and_truths_in_every_yaml() -> None:
    def kinds(value: object) -> set[type]:
        if isinstance(value, dict):
            return {str, *(kind for item in value.values() for kind in kinds(item))}
        if isinstance(value, list):
            return {kind for item in value for kind in kinds(item)}
        return {type(value)}

    assert {
        kind for name in ("models", "licences", "accelerators", "quantizations") for kind in kinds(_rows(name))
    } == {
        str,
        int,
        bool,
    }


@pytest.mark.parametrize(
    ("model", "licence"),
    [
        ("deepseek-r1-distill-llama-8b", "llama-3.1-community"),
        ("deepseek-r1-distill-llama-70b", "llama-3.3-community"),
        ("deepseek-r1-distill-qwen-32b", "apache-2.0"),
    ],
)
def test_a_distilled_model_keeps_the_licence_of_its_base(model: str, licence: str) -> None:
    row = _rows("models")[model]

    assert row["licence"] == licence == _rows("models")[row["base"]]["licence"]


@pytest.mark.parametrize(
    ("model", "licence"),
    [
        ("codestral-22b", "mistral-non-production"),
        ("mistral-large-2", "mistral-research"),
        ("qwen2.5-32b", "apache-2.0"),
        ("qwen2.5-72b", "qwen"),
        ("qwen3-235b-a22b", "apache-2.0"),
        ("deepseek-v3", "deepseek-1.0"),
        ("deepseek-v3-0324", "mit"),
        ("deepseek-r1", "mit"),
        ("gemma-3-27b", "gemma-terms"),
        ("phi-4", "mit"),
        ("llama-guard-3-8b", "llama-3.2-community"),
        ("prompt-guard-2-86m", "llama-4-community"),
    ],
)
def test_licence_of_a_model(model: str, licence: str) -> None:
    assert _rows("models")[model]["licence"] == licence


def test_models_of_a_licence_with_a_territory_that_take_more_than_text() -> None:
    licences = _rows("licences")

    assert [
        id_
        for id_, row in _rows("models").items()
        if "territorial" in licences.get(row.get("licence", ""), {}) and row["modalities"]["input"] != ["text"]
    ] == ["llama-4-maverick", "llama-4-scout"]


def test_assessment_of_the_self_hosted_model_by_domain() -> None:
    assessment = _rows("models")["llama-3.1-70b"]["assessment"]
    domains = assessment["domains"]

    assert {id_: (domain["name"], domain["score"]) for id_, domain in domains.items()} == {
        "PSF-1": ("Input Governance", 67),
        "PSF-2": ("Output Validation", 64),
        "PSF-3": ("Data Protection", 71),
        "PSF-4": ("Observability", 59),
        "PSF-5": ("Deployment Safety", 62),
        "PSF-6": ("Human Oversight", 61),
        "PSF-7": ("Security Posture", 58),
        "PSF-8": ("Vendor Resilience", 62),
    }
    assert [id_ for id_, domain in domains.items() if domain["band"] == "strong"] == ["PSF-3"]
    assert assessment["overall"] == 63
    assert sum(domain["score"] for domain in domains.values()) == 63 * 8


def test_models_that_were_assessed() -> None:
    rows = _rows("models")

    assert {id_: row["assessment"]["overall"] for id_, row in rows.items() if "assessment" in row} == {
        "claude-sonnet-4.6": 79,
        "gemini-1.5-pro": 71,
        "gpt-4.1": 74,
        "llama-3.1-70b": 63,
    }


def test_cache_of_a_token() -> None:
    rows = _rows("models")

    assert {id_: _cached(rows[id_], 1) for id_ in KV_BYTES_PER_TOKEN} == KV_BYTES_PER_TOKEN


@pytest.mark.parametrize(
    ("model", "unlimited", "tokens", "tenths_of_gb"),
    [
        ("gemma-3-4b", 5, 32_768, 8),
        ("gemma-3-4b", 5, 131_072, 28),
        ("gemma-3-12b", 8, 32_768, 25),
        ("gemma-3-12b", 8, 131_072, 89),
        ("gemma-3-27b", 10, 32_768, 31),
        ("gemma-3-27b", 10, 131_072, 112),
    ],
)
def test_cache_with_a_window(model: str, unlimited: int, tokens: int, tenths_of_gb: int) -> None:
    row = _rows("models")[model]

    assert row["layers"] // row["window"]["global_every"] == unlimited
    assert (_cached(row, tokens) * 10 + GB // 2) // GB == tenths_of_gb


@pytest.mark.parametrize("model", _self_hosted())
def test_heads_divide_and_lengths_grow(model: str) -> None:
    row = _rows("models")[model]

    assert row.get("attention_heads", 0) % row.get("kv_heads", 1) == 0
    assert row.get("extended_context_length", row["context_length"]) >= row["context_length"]
    assert row.get("active_parameters", row["parameters"]) <= row["parameters"]


@pytest.mark.parametrize("model", _self_hosted())
def test_capacity_stays_below_what_every_engine_counts_exactly(model: str) -> None:
    row = _rows("models")[model]
    longest = max(row[key] for key in ("context_length", "extended_context_length") if key in row)

    assert max(_weights(row, format_) * 105 for format_ in _rows("quantizations")) < LARGEST
    assert _cached(row, longest) < LARGEST


def test_every_accelerator_stays_below_what_every_engine_counts_exactly() -> None:
    assert max(row["memory_gb"] * GB * 72 * 9 for row in _rows("accelerators").values()) < LARGEST


@pytest.mark.parametrize("model", _self_hosted())
def test_suitability_is_what_the_arithmetic_says(model: str) -> None:
    row = _rows("models")[model]
    needed = _needed(row, "none")

    assert row["suitability"] == (
        "edge"
        if needed <= _budget("nvidia-t4", 1)
        else "single-gpu"
        if needed <= _budget("nvidia-h100-80gb", 1)
        else "multi-gpu"
    )


@pytest.mark.parametrize(
    ("model", "quantization", "accelerator", "count", "tokens", "verdict"),
    [
        ("llama-3.3-70b", "fp8", "nvidia-h100-80gb", 1, 32_768, "fail"),
        ("llama-3.3-70b", "fp8", "nvidia-h100-80gb", 2, 32_768, "pass"),
        ("llama-3.3-70b", "bf16", "nvidia-h100-80gb", 2, 8_192, "fail"),
        ("gemma-3-27b", "bf16", "nvidia-h100-80gb", 1, 8_192, "pass"),
        ("codestral-22b", "bf16", "nvidia-h100-80gb", 1, 32_768, "pass"),
        ("qwen2.5-72b", "bf16", "nvidia-h100-80gb", 2, 8_192, "fail"),
        ("qwen2.5-72b", "fp8", "nvidia-h100-80gb", 2, 32_768, "pass"),
        ("mistral-large-2", "fp8", "nvidia-h100-80gb", 2, 8_192, "pass"),
        ("mistral-large-2", "bf16", "nvidia-h100-80gb", 3, 8_192, "fail"),
        ("mistral-large-2", "bf16", "nvidia-h100-80gb", 4, 8_192, "pass"),
        ("deepseek-r1", "none", "nvidia-h100-80gb", 8, 32_768, "fail"),
        ("deepseek-r1", "none", "nvidia-h200", 8, 131_072, "pass"),
        ("phi-4", "bf16", "nvidia-l4", 1, 8_192, "fail"),
        ("phi-4", "bf16", "nvidia-l40s", 1, 16_384, "pass"),
    ],
)
def test_verdict_on_a_published_placement(
    model: str, quantization: str, accelerator: str, count: int, tokens: int, verdict: str
) -> None:
    assert _fits(model, quantization, accelerator, count, tokens) == verdict


def test_largest_llama_fits_one_accelerator_in_no_format() -> None:
    verdicts = {_fits("llama-3.1-405b", format_, "nvidia-h100-80gb", 1, 1) for format_ in _rows("quantizations")}

    assert verdicts == {"fail"}


def test_figures_of_the_seventy_billion_on_one_accelerator() -> None:
    row = _rows("models")["llama-3.3-70b"]

    assert _budget("nvidia-h100-80gb", 1) == 72 * GB
    assert _weights(row, "fp8") == 70_600_000_000
    assert _needed(row, "fp8") == 74_130_000_000
    assert _weights(row, "bf16") == 141_200_000_000


def test_codestral_fits_and_may_not_be_used_in_production() -> None:
    licence = _rows("models")["codestral-22b"]["licence"]

    assert _rows("licences")[licence]["production_use"] is False
