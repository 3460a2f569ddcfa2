"""The tables of what serves a model: engines, decoding libraries, guards, hosting kinds and platforms."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
import yaml

from tests.unit.catalogue.test_catalogue_tables import ROOT, _mistakes, _table

TABLES = ["advisories", "decoding", "engines", "guards", "hosting", "platforms", "regimes", "transfers"]
BOOLEANS = {"true": True, "false": False}
CORE_NULL = {"", "~", "null", "Null", "NULL"}


def _descriptor(definition: str, *keys: str) -> set[str]:
    """Give the words that the schema of the descriptor allows for a key."""
    schema = json.loads((ROOT / "schemas/llm-deployment-v1.schema.json").read_text(encoding="utf-8"))
    node: dict[str, Any] = schema["$defs"][definition]
    for key in keys:
        node = node["items"] if key == "items" else node["properties"][key]
    return {word for word in node["enum"] if word is not None}


def _core(text: str) -> object:
    """Read a plain scalar as the core schema of YAML 1.2 does, which is what this project reads."""
    if text in CORE_NULL:
        return None
    if text.lower() in BOOLEANS and text in {text.lower(), text.upper(), text.title()}:
        return BOOLEANS[text.lower()]
    return int(text) if re.fullmatch(r"[-+]?[0-9]+", text) else text


def _plain_scalars(name: str) -> set[str]:
    text = (ROOT / "rego/psfpolicy/catalogue" / name / "data.yaml").read_text(encoding="utf-8")
    return {
        event.value
        for event in yaml.parse(text, yaml.SafeLoader)
        if isinstance(event, yaml.ScalarEvent) and event.style is None
    }


def _without(row: dict[str, Any], key: str) -> dict[str, Any]:
    return {column: value for column, value in row.items() if column != key}


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_its_shape(name: str) -> None:
    assert _mistakes(name, _table(name)) == []


@pytest.mark.parametrize("name", TABLES)
def test_rows_stand_in_the_order_of_their_ids(name: str) -> None:
    assert list(_table(name)) == sorted(_table(name))


@pytest.mark.parametrize("name", TABLES)
def test_every_day_exists(name: str) -> None:
    days = [row[key] for row in _table(name).values() for key in ("as_of", "applies_from", "until") if key in row]

    assert [date.fromisoformat(day).isoformat() for day in days] == days


@pytest.mark.parametrize("name", TABLES)
def test_plain_scalars_mean_the_same_in_yaml_1_1_and_1_2(name: str) -> None:
    read = {text: yaml.safe_load(text) for text in _plain_scalars(name)}

    assert read == {text: _core(text) for text in read}


@pytest.mark.parametrize("key", ["source", "as_of"])
@pytest.mark.parametrize("name", TABLES)
def test_row_without_its_source_or_day_is_refused(name: str, key: str) -> None:
    id_, row = next(iter(_table(name).items()))

    assert _mistakes(name, {id_: _without(row, key)}) == [f"'{key}' is a required property"]


@pytest.mark.parametrize("name", TABLES)
def test_key_that_the_table_does_not_know_is_refused(name: str) -> None:
    id_, row = next(iter(_table(name).items()))

    assert _mistakes(name, {id_: {**row, "guess": True}}) != []


@pytest.mark.parametrize("name", ["decoding", "engines", "guards"])
def test_name_stands_for_one_row(name: str) -> None:
    names = [alias.lower() for id_, row in _table(name).items() for alias in [id_, *row["aliases"]]]

    assert sorted(names) == sorted(set(names))


def test_engines_are_those_that_a_descriptor_can_name() -> None:
    kinds = {id_: row["kind"] for id_, row in _table("engines").items()}

    assert {id_ for id_, kind in kinds.items() if kind == "engine"} == _descriptor("Engine", "name") - {"other"}
    assert [id_ for id_, kind in kinds.items() if kind == "orchestrator"] == ["ray"]


def test_what_phones_home_by_default() -> None:
    rows = _table("engines")

    assert {id_: row["telemetry"]["default"] for id_, row in rows.items() if "telemetry" in row} == {
        "ray": "on",
        "sglang": "off",
        "tensorrt-llm": "on",
        "tgi": "on",
        "vllm": "on",
    }
    assert [id_ for id_, row in rows.items() if row.get("telemetry", {}).get("containers_only")] == ["tgi"]
    assert [id_ for id_, row in _table("guards").items() if "telemetry" in row] == ["nemo-guardrails"]


@pytest.mark.parametrize(
    ("engine", "default"), [("llama-cpp", "off"), ("sglang", "off"), ("tgi", "on"), ("triton", "on"), ("vllm", "on")]
)
def test_metrics_that_are_there_without_asking(engine: str, default: str) -> None:
    assert _table("engines")[engine]["metrics"]["default"] == default


def test_no_engine_guards_its_endpoint_by_itself() -> None:
    rows = _table("engines")

    assert {
        id_: row["authentication"]["default"] for id_, row in rows.items() if "authentication" in row
    } == dict.fromkeys(["llama-cpp", "ray", "sglang", "tgi", "triton", "vllm"], "none")


def test_telemetry_without_a_switch_is_refused() -> None:
    row = _table("engines")["vllm"]

    assert _mistakes("engines", {"vllm": {**row, "telemetry": _without(row["telemetry"], "switch")}}) == [
        "'switch' is a required property"
    ]


def test_only_text_generation_inference_is_no_longer_developed() -> None:
    statuses = {id_: row["maintained"] for id_, row in _table("engines").items()}

    assert {id_: status["since"] for id_, status in statuses.items() if status["status"] != "maintained"} == {
        "tgi": "2025-12-11"
    }
    assert {name for status in statuses.values() for name in status.get("instead", [])} - set(statuses) == set()


@pytest.mark.parametrize(
    ("engine", "vendors", "complete"),
    [
        ("nim", ["nvidia"], True),
        ("sglang", ["amd", "intel", "nvidia"], False),
        ("tensorrt-llm", ["nvidia"], True),
        ("tgi", ["amd", "intel", "nvidia"], False),
        ("triton", ["nvidia"], True),
        ("vllm", ["amd", "intel", "nvidia"], False),
    ],
)
def test_accelerators_that_an_engine_runs_on(engine: str, vendors: list[str], complete: bool) -> None:
    accelerators = _table("engines")[engine]["accelerators"]

    assert (sorted(accelerators["vendors"]), accelerators["complete"]) == (vendors, complete)


def test_engine_runs_on_amd_with_caveats_only() -> None:
    rows = [row["accelerators"]["vendors"] for row in _table("engines").values() if "accelerators" in row]

    assert [vendors for vendors in rows if "amd" in vendors and "caveat" not in vendors["amd"]] == []


def test_quantisation_is_not_both_supported_and_unsupported() -> None:
    known = [
        (set(vendor.get("quantizations", [])), set(vendor.get("unsupported", [])))
        for row in _table("engines").values()
        for vendor in row.get("accelerators", {}).get("vendors", {}).values()
    ]

    assert [runs & not_ for runs, not_ in known if runs & not_] == []
    assert {word for pair in known for words in pair for word in words} - set(_table("quantizations")) == set()


def test_vendors_are_those_of_the_accelerators() -> None:
    named = {vendor for row in _table("engines").values() for vendor in row.get("accelerators", {}).get("vendors", {})}

    assert named == {row["vendor"] for row in _table("accelerators").values()}


def test_decoding_libraries_are_those_that_a_descriptor_can_name() -> None:
    assert set(_table("decoding")) == _descriptor("ConstrainedDecoding", "library") - {"fine-tuned", "none"}


def test_built_in_libraries_are_rows_that_run_in_an_engine() -> None:
    decoding = _table("decoding")
    built_in = {library for row in _table("engines").values() for library in row.get("structured_output", [])}

    assert built_in == {library for library, row in decoding.items() if row["runs_in"] == "engine"}


@pytest.mark.parametrize(
    ("engine", "libraries"),
    [
        ("nim", ["lm-format-enforcer", "outlines", "xgrammar"]),
        ("sglang", ["guidance", "outlines", "xgrammar"]),
        ("tensorrt-llm", ["guidance", "xgrammar"]),
        ("tgi", ["outlines"]),
        ("triton", ["xgrammar"]),
        ("vllm", ["guidance", "lm-format-enforcer", "outlines", "xgrammar"]),
    ],
)
def test_libraries_that_an_engine_has_built_in(engine: str, libraries: list[str]) -> None:
    assert _table("engines")[engine]["structured_output"] == libraries


def test_library_that_only_checks_afterwards_constrains_nothing() -> None:
    assert [library for library, row in _table("decoding").items() if not row["constrains"]] == ["instructor"]


@pytest.mark.parametrize(
    ("guard", "detects"),
    [
        ("bedrock-guardrails", "hallucination injection jailbreak out-of-scope pii toxicity unsafe-content"),
        ("llama-guard-3-8b", "unsafe-content"),
        ("llm-guard", "hallucination injection out-of-scope pii secrets toxicity"),
        ("model-armor", "injection jailbreak pii unsafe-content"),
        ("nemo-guardrails", "hallucination jailbreak out-of-scope pii unsafe-content"),
        ("presidio", "pii"),
        ("prompt-guard-2", "injection jailbreak"),
        ("provider-moderation", "toxicity unsafe-content"),
        ("shieldgemma", "toxicity unsafe-content"),
    ],
)
def test_what_a_guard_detects(guard: str, detects: str) -> None:
    assert " ".join(_table("guards")[guard]["detects"]) == detects


def test_detections_are_words_of_the_descriptor() -> None:
    named = {word for row in _table("guards").values() for word in row["detects"]}

    assert named == _descriptor("Guard", "detects", "items")


def test_prompt_guard_reads_512_tokens() -> None:
    assert _table("guards")["prompt-guard-2"]["context_tokens"] == 512


@pytest.mark.parametrize(
    ("written", "guard"),
    [
        ("meta-llama/Llama-Guard-3-8B", "llama-guard-3-8b"),
        ("meta-llama/Llama-Prompt-Guard-2-22M", "prompt-guard-2"),
        ("meta-llama/Llama-Prompt-Guard-2-86M", "prompt-guard-2"),
        ("google/shieldgemma-9b", "shieldgemma"),
        ("presidio", "presidio"),
        ("omni-moderation-latest", "provider-moderation"),
    ],
)
def test_name_that_a_descriptor_writes_finds_its_guard(written: str, guard: str) -> None:
    rows = _table("guards")

    assert [id_ for id_, row in rows.items() if written in [id_, *row["aliases"]]] == [guard]


def test_licence_of_a_guard_is_a_row_and_that_of_its_model() -> None:
    models = _table("models")
    guards = {id_: row for id_, row in _table("guards").items() if "licence" in row}

    assert {row["licence"] for row in guards.values()} - set(_table("licences")) == set()
    assert [
        (id_, model)
        for id_, row in guards.items()
        for model in row.get("models", [])
        if (models[model]["licence"], models[model].get("context_length")) != (row["licence"], row["context_tokens"])
    ] == []


def test_hosting_kinds_are_those_that_a_descriptor_can_name() -> None:
    assert set(_table("hosting")) == _descriptor("Serving", "hosting")


@pytest.mark.parametrize(
    ("claim", "kinds"),
    [
        ("self_run", ["on-prem", "self-managed-kubernetes", "self-managed-vm"]),
        ("third_party_model", ["hosted-api", "managed-inference", "provider-hosted"]),
        ("prompts_leave", ["cloud-managed", "hosted-api", "managed-inference", "provider-hosted"]),
        ("own_terms", ["hosted-api"]),
    ],
)
def test_classes_of_hosting(claim: str, kinds: list[str]) -> None:
    assert [kind for kind, row in _table("hosting").items() if row[claim]] == kinds


def test_weights_are_foreign_where_the_provider_holds_them() -> None:
    assert [kind for kind, row in _table("hosting").items() if row["weights"] == "provider"] == [
        "hosted-api",
        "provider-hosted",
    ]


def test_hosting_that_sends_prompts_away_cannot_keep_them() -> None:
    regimes = _table("regimes")
    closed = sorted(id_ for id_, row in regimes.items() if "third_parties" in row or row.get("egress") == "none")

    assert {kind: row["cannot_satisfy"] for kind, row in _table("hosting").items()} == {
        kind: closed if row["prompts_leave"] else [] for kind, row in _table("hosting").items()
    }


def test_platforms_are_those_that_a_descriptor_can_name() -> None:
    assert set(_table("platforms")) == _descriptor("Serving", "platform")


def test_platform_belongs_to_kinds_of_hosting_that_exist() -> None:
    named = {kind for row in _table("platforms").values() for kind in row["hosting"]}

    assert named == set(_table("hosting"))


def test_platform_without_an_operator_of_its_own_can_be_run_by_anyone() -> None:
    assert [id_ for id_, row in _table("platforms").items() if "operator" not in row] == [
        "bare-metal",
        "kubernetes",
        "openshift",
        "other",
        "vm",
    ]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("engines", "vLLM, TGI, SGLang, TensorRT-LLM, Triton, NIM"),
        ("decoding", "Outlines, Guidance, Instructor, XGrammar, LM Format Enforcer"),
        ("guards", "Llama Guard 3, Prompt Guard 2, ShieldGemma, NeMo Guardrails, LLM Guard, Presidio"),
        ("guards", "Bedrock Guardrails, Model Armor, provider moderation"),
        ("platforms", "EKS, GKE, AKS, OpenShift, SageMaker, Vertex AI, Azure ML, Bedrock, OpenAI, Anthropic, Google"),
        ("platforms", "Modal, Replicate, Together, Fireworks, Anyscale"),
    ],
)
def test_system_of_the_source_material_is_a_row(name: str, written: str) -> None:
    names = {alias.lower() for id_, row in _table(name).items() for alias in [id_, *row.get("aliases", [])]}

    assert {word.lower().replace(" ", "-") for word in written.split(", ")} - names == set()
