from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from psfpolicy.model.fact import Fact

Said = Callable[..., list[tuple[Any, ...]]]
Facts = Callable[..., "list[Fact]"]
MODEL, REMOTE, TELEMETRY = "spec.model.id", "spec.model.remoteCode", "spec.network.telemetryOptOut"
RAW, METRICS, AUTH = (
    "spec.observability.runLog.rawText",
    "spec.serving.engine.metrics",
    "spec.serving.engine.authentication",
)
UPDATES = "spec.security.hardening.runtimeModelUpdates"
TGI = "image: ghcr.io/huggingface/text-generation-inference:2.4.1"
SGLANG = "image: lmsysorg/sglang:v0.5.23\ncommand: [python3, -m, sglang.launch_server]"
TRITON = "image: nvcr.io/nvidia/tritonserver:26.07-py3"


def test_tgi_takes_every_option_from_a_variable(said: Said) -> None:
    written = f"""{TGI}
env:
  - {{name: MODEL_ID, value: org/m}}
  - {{name: REVISION, value: abc}}
  - {{name: NUM_SHARD, value: "2"}}
  - {{name: QUANTIZE, value: bitsandbytes-nf4}}
  - {{name: MAX_TOTAL_TOKENS, value: "2048"}}
  - {{name: MAX_INPUT_LENGTH, value: "1024"}}
  - {{name: TRUST_REMOTE_CODE, value: "true"}}
  - {{name: USAGE_STATS, value: "off"}}
"""
    assert said(written) == [
        ("spec.serving.engine.image", "ghcr.io/huggingface/text-generation-inference:2.4.1", "1:8"),
        ("spec.serving.engine.name", "tgi", "1:8"),
        ("spec.serving.engine.version", "2.4.1", "1:8"),
        ("spec.model.kvCacheDtype", "auto", "1:8"),
        ("spec.serving.accelerators.memoryUtilization", 1.0, "1:8"),
        ("spec.serving.queue.bounded", True, "1:8"),
        (METRICS, True, "1:8"),
        ("spec.model.adapters", [], "1:8"),
        ("spec.network.offlineHub", False, "1:8"),
        (AUTH, "none", "1:8"),
        (MODEL, "org/m", "3:29"),
        ("spec.model.weights.source", "hub", "3:29"),
        ("spec.model.revision", "abc", "4:29"),
        ("spec.serving.accelerators.tensorParallel", 2, "5:30"),
        ("spec.model.quantization", "nf4", "6:29"),
        ("spec.model.maxModelLen", 2048, "7:37"),
        ("spec.inputs.schema.maxTokens", 1024, "8:37"),
        (REMOTE, True, "9:38"),
        (TELEMETRY, True, "10:32"),
    ]


def test_a_flag_of_tgi_wins_over_the_variable(said: Said) -> None:
    written = f"{TGI}\nargs: [--model-id, org/flag]\nenv: [{{name: MODEL_ID, value: org/variable}}]\n"

    assert said(written, MODEL) == [(MODEL, "org/flag", "2:20")]


@pytest.mark.parametrize(("value", "expected"), [("off", True), ("on", False), ("no-stack", False), ("Off", False)])
def test_only_off_switches_the_telemetry_of_tgi_off(said: Said, value: str, expected: bool) -> None:
    found = said(f"{TGI}\nargs: [--model-id, org/m, --usage-stats={value}]\n", TELEMETRY)

    assert [each[1] for each in found] == [expected]


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("false", False), ("1", None), ("True", None)])
def test_a_variable_of_tgi_is_true_or_false(said: Said, value: str, expected: bool | None) -> None:
    found = said(f"{TGI}\nenv: [{{name: TRUST_REMOTE_CODE, value: '{value}'}}]\n", REMOTE)

    assert [each[1] for each in found] == [expected]


def test_sglang_measures_nothing_unless_it_is_asked(said: Said) -> None:
    assert said(f"{SGLANG}\nargs: [--model-path, org/m]\n", METRICS) == [(METRICS, False, "2:11")]
    assert said(f"{SGLANG}\nargs: [--model-path, org/m, --enable-metrics]\n", METRICS) == [(METRICS, True, "3:29")]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ("", (False, "inferred")),
        (", --log-requests", (True, "certain")),
        (", --log-requests, --log-requests-level=3", (True, "certain")),
        (", --log-requests, --log-requests-level=0", (False, "inferred")),
        (", --log-requests, --log-requests-level=$(L)", (True, "inferred")),
    ],
)
def test_sglang_logs_requests_by_level(facts_of: Facts, args: str, expected: tuple[bool, str]) -> None:
    (fact,) = facts_of(f"{SGLANG}\nargs: [--model-path, org/m{args}]\n", RAW)

    assert (fact.value, fact.certainty) == expected


def test_weights_of_sglang_can_be_replaced_unless_a_key_guards_them(said: Said) -> None:
    assert said(f"{SGLANG}\nargs: [--model-path, org/m]\n", UPDATES) == [(UPDATES, True, "2:11", "inferred")]
    assert said(f"{SGLANG}\nargs: [--model-path, org/m, --api-key=abcdef]\n", UPDATES) == []


def test_sglang_traces_only_with_its_switch(said: Said) -> None:
    path = "spec.observability.exports"
    without = f"{SGLANG}\nargs: [--model-path, org/m, --otlp-traces-endpoint=otel:4317]\n"
    bare = f"{SGLANG}\nargs: [--model-path, org/m, --enable-trace]\n"

    assert said(without, path) == []
    (found,) = said(bare, path)
    assert found[1] == {"name": "--enable-trace", "kind": "otlp", "endpoint": "localhost:4317", "carries": ["traces"]}


def test_sglang_has_no_telemetry_to_switch_off(said: Said) -> None:
    assert said(f"{SGLANG}\nargs: [--model-path, org/m]\n", TELEMETRY) == []


def test_triton_keeps_its_models_elsewhere(said: Said) -> None:
    written = f"""{TRITON}
args:
  - tritonserver
  - --model-store=s3://b/models
  - --model-control-mode=explicit
  - --allow-metrics=false
  - --trace-config=mode=opentelemetry
  - --trace-config=opentelemetry,url=http://otel:4318/v1/traces
"""
    found = said(written, MODEL, "spec.model.weights.uri", UPDATES, METRICS, AUTH, "spec.observability.exports")

    assert found == [
        (AUTH, "none", "3:5"),
        ("spec.model.weights.uri", "s3://b/models", "4:5"),
        (MODEL, None, "4:5", "inconclusive"),
        (UPDATES, True, "5:5"),
        (METRICS, False, "6:5"),
        (
            "spec.observability.exports",
            {
                "name": "trace-config",
                "kind": "otlp",
                "carries": ["traces"],
                "endpoint": "http://otel:4318/v1/traces",
                "tls": False,
            },
            "8:5",
        ),
    ]


def test_a_restriction_of_triton_is_a_secret_and_guards_a_part(facts_of: Facts) -> None:
    facts = facts_of(
        f"{TRITON}\nargs: [tritonserver, '--http-restricted-api=model-repository,trace:admin=s3cr3t-word']\n"
    )

    assert [(fact.value, fact.certainty) for fact in facts if fact.path[-1] == "authentication"] == [
        ("none", "inferred")
    ]
    assert [fact.value for fact in facts if fact.path[-1] == "store"] == ["none"]
    assert not [fact for fact in facts if fact.path[-1] == "openAdminPaths"]
    assert "s3cr3t" not in repr(facts)


def test_the_entry_point_of_triton_starts_nothing_by_itself(said: Said) -> None:
    assert {each[-1] for each in said(f"{TRITON}\n", AUTH, METRICS)} == {"inconclusive"}


def test_a_file_of_tensorrt_llm_wins_over_the_command_line(said: Said) -> None:
    written = """image: nvcr.io/nvidia/tensorrt-llm/release:1.2.0
command: [trtllm-serve, org/m, --tp_size, "2", --max_seq_len, "10", --extra_llm_api_options, /c.yaml]
files:
  /c.yaml: |
    tensor_parallel_size: 8
    kv_cache_config: {dtype: fp8}
    trust_remote_code: true
"""
    found = said(written, MODEL, REMOTE, "spec.model.kvCacheDtype", "spec.serving.accelerators.tensorParallel")

    assert found == [
        (MODEL, "org/m", "2:25"),
        ("spec.serving.accelerators.tensorParallel", 8, "5:27"),
        ("spec.model.kvCacheDtype", "fp8", "6:22"),
        (REMOTE, True, "7:24"),
    ]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("TRTLLM_NO_USAGE_STATS", "1", True),
        ("TRTLLM_NO_USAGE_STATS", "true", False),
        ("TELEMETRY_DISABLED", "true", True),
        ("DO_NOT_TRACK", "1", True),
        ("DO_NOT_TRACK", "yes", False),
    ],
)
def test_switches_of_tensorrt_llms_telemetry(said: Said, name: str, value: str, expected: bool) -> None:
    written = f"""image: nvcr.io/nvidia/tensorrt-llm/release:1.2.0
command: [trtllm-serve, serve, org/m]
env: [{{name: {name}, value: '{value}'}}]
"""
    assert [each[1] for each in said(written, TELEMETRY)] == [expected]


def test_the_image_of_nim_is_the_model(facts_of: Facts) -> None:
    written = """image: nvcr.io/nim/meta/llama-3.1-8b-instruct:1.3.0
env:
  - {name: NIM_MAX_MODEL_LEN, value: "8192"}
  - name: NIM_PASSTHROUGH_ARGS
    value: "--trust-remote-code --api-key s3cr3t-word"
"""
    facts = facts_of(written)

    def found(path: str) -> list[tuple[object, str]]:
        return [(fact.value, fact.certainty) for fact in facts if ".".join(map(str, fact.path)) == path]

    assert found(MODEL) == [("meta/llama-3.1-8b-instruct", "inferred")]
    assert found("spec.serving.engine.name") == [("nim", "certain")]
    assert found("spec.model.maxModelLen") == [(8192, "certain")]
    assert (True, "inferred") in found(REMOTE)
    assert found("spec.security.secrets.store") == [("none", "inferred")]
    assert "s3cr3t" not in repr(facts)


def test_nim_may_be_told_its_model(said: Said) -> None:
    written = "image: nvcr.io/nim/nvidia/llm-nim:1.15.0\nenv: [{name: NIM_MODEL_PATH, value: 'hf://org/m'}]\n"

    assert (MODEL, "org/m", "2:37") in said(written, MODEL)


def test_llama_cpp_shares_its_context_out(said: Said) -> None:
    written = """image: ghcr.io/ggml-org/llama.cpp:server-b4719
args: [-hf, "org/m-GGUF:Q4_K_M", -c, "8192", -np, "4", --metrics]
env: [{name: LLAMA_API_KEY, value: abcdefgh}]
"""
    found = said(written, MODEL, "spec.model.maxModelLen", "spec.serving.maxConcurrency", METRICS, AUTH)

    assert found == [
        (MODEL, "org/m-GGUF", "2:13"),
        ("spec.model.maxModelLen", 2048, "2:38"),
        ("spec.serving.maxConcurrency", 4, "2:51"),
        (METRICS, True, "2:56"),
        (AUTH, "api-key", "3:36"),
    ]


def test_prompts_that_llama_cpp_writes_down_are_raw_text(said: Said) -> None:
    written = "image: x\ncommand: [llama-server, -m, /m.gguf, --log-prompts-dir, /p]\n"

    assert said(written, RAW) == [(RAW, True, "2:57")]


def test_a_server_of_embeddings_serves_a_model(said: Said) -> None:
    written = (
        "image: ghcr.io/huggingface/text-embeddings-inference:1.5\nargs: [--model-id, BAAI/bge-m3, --auto-truncate]\n"
    )

    assert said(written, MODEL, "spec.serving.engine.name") == [
        ("spec.serving.engine.name", "other", "1:8"),
        (MODEL, "BAAI/bge-m3", "2:20"),
    ]


def test_a_server_whose_flags_nobody_knows_is_not_passed_over(facts_of: Facts) -> None:
    (fact,) = facts_of("image: huggingfaceserver:replace\nargs: [--model_name=x]\n", MODEL)

    assert (fact.certainty, fact.reason) == ("inconclusive", "the flags of `docker.io/huggingfaceserver` are not known")


def test_nim_whose_image_is_a_variable_serves_a_model_that_is_not_known(said: Said) -> None:
    found = said("image: nvcr.io/${NIM_ORG}/${NIM_NAME}:${NIM_TAG}\n", "spec.model.id")
    assert [each[3] for each in found] == ["inconclusive"]
