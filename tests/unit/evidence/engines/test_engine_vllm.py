from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from psfpolicy.model.fact import Fact

Said = Callable[..., list[tuple[Any, ...]]]
Facts = Callable[..., "list[Fact]"]
REMOTE, REVISION, MODEL = "spec.model.remoteCode", "spec.model.revision", "spec.model.id"
SOURCE, TELEMETRY, STORE = "spec.model.weights.source", "spec.network.telemetryOptOut", "spec.security.secrets.store"
RAW, OFFLINE, ENGINE_AUTH = (
    "spec.observability.runLog.rawText",
    "spec.network.offlineHub",
    "spec.serving.engine.authentication",
)
OWN = "image: vllm/vllm-openai:v0.33.0"


def test_a_whole_command_line(said: Said) -> None:
    written = f"""{OWN}
args:
  - org/m
  - --revision=0123456789012345678901234567890123456789
  - --trust-remote-code
  - --quantization=awq_marlin
  - --kv-cache-dtype=fp8_e5m2
  - --max-model-len=32k
  - --load-format=pt
  - -tp=4
  - --pipeline-parallel-size=2
  - --data-parallel-size=3
  - --gpu-memory-utilization=0.85
  - --max-num-seqs=64
  - --max-num-queued-reqs=100
  - --structured-outputs-config.backend=guidance
  - --ssl-certfile=/tls.crt
  - --ssl-keyfile=/tls.key
  - --enable-auto-tool-choice
  - --chat-template=/chat.jinja
  - --disable-log-stats
  - --otlp-traces-endpoint=https://otel.example.com:4317
env:
  - {{name: VLLM_NO_USAGE_STATS, value: "1"}}
  - {{name: VLLM_SERVER_DEV_MODE, value: "1"}}
  - {{name: VLLM_API_KEY, valueFrom: {{secretKeyRef: {{name: a, key: b}}}}}}
"""
    exported = {
        "name": "otlp-traces-endpoint",
        "kind": "otlp",
        "endpoint": "https://otel.example.com:4317",
        "carries": ["traces"],
        "tls": True,
    }
    assert said(written) == [
        ("spec.serving.engine.image", "vllm/vllm-openai:v0.33.0", "1:8"),
        ("spec.serving.engine.name", "vllm", "1:8"),
        ("spec.serving.engine.version", "0.33.0", "1:8"),
        (MODEL, "org/m", "3:5"),
        (SOURCE, "hub", "3:5"),
        (RAW, False, "3:5", "inferred"),
        ("spec.model.adapters", [], "3:5"),
        (OFFLINE, False, "3:5"),
        (REVISION, "0123456789012345678901234567890123456789", "4:5"),
        (REMOTE, True, "5:5"),
        ("spec.model.quantization", "awq", "6:5"),
        ("spec.model.kvCacheDtype", "fp8", "7:5"),
        ("spec.model.maxModelLen", 32000, "8:5"),
        ("spec.model.weights.format", "pytorch-bin", "9:5"),
        ("spec.serving.accelerators.tensorParallel", 4, "10:5"),
        ("spec.serving.accelerators.pipelineParallel", 2, "11:5"),
        ("spec.serving.accelerators.dataParallel", 3, "12:5"),
        ("spec.serving.accelerators.memoryUtilization", 0.85, "13:5"),
        ("spec.serving.maxConcurrency", 64, "14:5"),
        ("spec.serving.queue.bounded", True, "15:5"),
        ("spec.outputs.constrainedDecoding.library", "guidance", "16:5"),
        ("spec.serving.engine.tls", True, "17:5"),
        ("spec.network.ingress.tls", True, "17:5"),
        ("spec.serving.engine.toolCalling", True, "19:5"),
        ("spec.serving.engine.chatTemplate", "/chat.jinja", "20:5"),
        ("spec.serving.engine.metrics", False, "21:5"),
        ("spec.observability.exports", exported, "22:5"),
        ("spec.observability.tracing.covers", "model", "22:5"),
        (TELEMETRY, True, "24:40"),
        ("spec.security.hardening.devEndpoints", True, "25:41"),
        (ENGINE_AUTH, "api-key", "26:5"),
        ("spec.network.ingress.authentication", "api-key", "26:5", "inferred"),
    ]


def test_what_is_not_said_is_a_fact_as_well(said: Said) -> None:
    written = f"{OWN}\ncommand: [vllm, serve, org/m]\n"

    found = said(written)

    assert (REMOTE, False, "2:11") in found
    assert (REVISION, "main", "2:24") in found
    assert (TELEMETRY, False, "2:11") in found
    assert (OFFLINE, False, "2:11") in found
    assert (ENGINE_AUTH, "none", "2:11") in found
    assert ("spec.serving.engine.tls", False, "2:11") in found
    assert ("spec.model.adapters", [], "2:11") in found
    assert ("spec.serving.accelerators.tensorParallel", 1, "2:11") in found
    assert ("spec.serving.accelerators.memoryUtilization", 0.92, "2:11") in found
    assert ("spec.model.maxModelLen", None, "2:11", "inconclusive") in found
    assert not [each for each in found if each[0].startswith("spec.network.ingress")]


@pytest.mark.parametrize(
    "words",
    [
        "[vllm, serve, org/m, $EXTRA]",
        "[vllm, serve, org/m, $(EXTRA)]",
        "[vllm, serve, org/m, '{{ .Values.args }}']",
        "[vllm, serve, org/m, --config, /gone.yaml]",
        "[vllm, serve, org/m, '--$(WHICH)']",
        "[bash, -c, 'vllm serve org/m $EXTRA']",
        "[bash, -c, 'vllm serve org/m $@ $NONE']",
        "[bash, -c, 'if [ -n x ]; then E=--port; fi; vllm serve org/m $E']",
        "[bash, -c, 'vllm serve org/m $(cat args)']",
        "[bash, -c, 'vllm serve org/m `cat args`']",
    ],
)
def test_nothing_is_absent_from_a_line_that_may_hold_more(said: Said, words: str) -> None:
    written = f"{OWN}\ncommand: {words}\n"
    place = f"2:{max(10 + words.index('vllm'), 11)}"

    assert [each[1:] for each in said(written, REMOTE)] == [(None, place, "inconclusive")]
    assert said(written, MODEL)[0][1] == "org/m"


@pytest.mark.parametrize("surroundings", ["partial: a patch", f"{OWN}\npartial: a patch"])
def test_nothing_is_absent_from_a_part(said: Said, surroundings: str) -> None:
    found = said(f"{surroundings}\nargs: [--trust-remote-code]\ncommand: [vllm, serve, org/m]\n")

    assert [each[1] for each in found if each[0] == REMOTE] == [True]
    assert {each[-1] for each in found if each[0] in {REVISION, SOURCE, TELEMETRY, OFFLINE, ENGINE_AUTH}} == {
        "inconclusive"
    }


def test_arguments_without_an_image_are_a_part(facts_of: Facts) -> None:
    assert facts_of("args: [--model, org/m]\n") == []


def test_variables_that_are_not_listed_may_switch_the_telemetry_off(facts_of: Facts) -> None:
    (fact,) = facts_of(f"{OWN}\nargs: [org/m]\nopenVariables: envFrom ConfigMap gone\n", TELEMETRY)

    assert (fact.certainty, fact.reason) == ("inconclusive", "envFrom ConfigMap gone")


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"VLLM_NO_USAGE_STATS": "1"}, True),
        ({"VLLM_DO_NOT_TRACK": "1"}, True),
        ({"DO_NOT_TRACK": "1"}, True),
        ({"VLLM_NO_USAGE_STATS": "true"}, False),
        ({"VLLM_NO_USAGE_STATS": " 1"}, False),
        ({"vllm_no_usage_stats": "1"}, False),
        ({"VLLM_DO_NOT_TRACK": "true", "DO_NOT_TRACK": "1"}, False),
        ({"VLLM_DO_NOT_TRACK": "", "DO_NOT_TRACK": "1"}, True),
        ({"VLLM_NO_USAGE_STATS": "0", "DO_NOT_TRACK": "1"}, True),
        ({}, False),
    ],
)
def test_only_the_value_one_switches_the_telemetry_off(said: Said, variables: dict[str, str], expected: bool) -> None:
    env = ", ".join(f'{{name: {name}, value: "{value}"}}' for name, value in variables.items())

    (fact,) = said(f"{OWN}\nargs: [org/m]\nenv: [{env}]\n", TELEMETRY)

    assert fact[1] is expected
    assert len(fact) == 3


def test_a_telemetry_switch_that_is_not_known_is_inconclusive(said: Said) -> None:
    written = f"{OWN}\nargs: [org/m]\nenv: [{{name: VLLM_NO_USAGE_STATS, valueFrom: {{fieldRef: {{}}}}}}]\n"

    assert said(written, TELEMETRY) == [(TELEMETRY, None, "3:7", "inconclusive")]


def test_another_image_may_set_what_is_not_set(facts_of: Facts) -> None:
    (fact,) = facts_of("image: example.com/vllm:1\ncommand: [vllm, serve, org/m]\n", TELEMETRY)

    assert (fact.value, fact.certainty) == (False, "inferred")


@pytest.mark.parametrize(
    ("args", "value", "certainty"),
    [
        ("--trust-remote-code", True, "certain"),
        ("--trust_remote_code", True, "certain"),
        ("--trust-remote", True, "inferred"),
        ("--no-trust-remote-code", False, "certain"),
        ("--trust-remote-code, --no-trust-remote-code", False, "certain"),
        ("--no-trust-remote-code, --trust-remote-code", True, "certain"),
        ("--trust-remote-code, 'False'", True, "certain"),
        ("--trust-remote-code=maybe", None, "inconclusive"),
        ("--, --trust-remote-code", False, "certain"),
        ("--TRUST-REMOTE-CODE", False, "certain"),
    ],
)
def test_remote_code(facts_of: Facts, args: str, value: object, certainty: str) -> None:
    (fact,) = facts_of(f"{OWN}\nargs: [org/m, {args}]\n", REMOTE)

    assert (fact.value, fact.certainty) == (value, certainty)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("org/m", [(MODEL, "org/m"), (SOURCE, "hub")]),
        ("gpt2", [(MODEL, "gpt2"), (SOURCE, "hub")]),
        ("/models/m", [("spec.model.weights.uri", "/models/m"), (SOURCE, "local"), (MODEL, None)]),
        ("s3://b/m", [("spec.model.weights.uri", "s3://b/m"), (SOURCE, "mirror"), (MODEL, None)]),
        ("hf://org/m", [(MODEL, "org/m"), (SOURCE, "hub")]),
        ("oci://r/m", [("spec.model.weights.uri", "oci://r/m"), (SOURCE, "image"), (MODEL, None)]),
        ("odd://m", [("spec.model.weights.uri", "odd://m"), (SOURCE, None), (MODEL, None)]),
        ("$(GONE)", [(MODEL, None), (SOURCE, None)]),
        ("a b c", [(MODEL, None)]),
    ],
)
def test_where_a_model_comes_from(said: Said, model: str, expected: list[tuple[str, object]]) -> None:
    written = f"{OWN}\nargs: ['--model', '{model}']\n"

    assert [each[:2] for each in said(written, MODEL, SOURCE, "spec.model.weights.uri")] == expected


def test_a_file_of_gguf_says_its_format(said: Said) -> None:
    found = said(f"{OWN}\nargs: [/models/m.Q4.gguf]\n", "spec.model.weights.format", "spec.model.quantization")

    assert [each[:2] for each in found] == [("spec.model.weights.format", "gguf"), ("spec.model.quantization", "gguf")]


def test_a_model_that_stays_off_the_hub_is_local(said: Said) -> None:
    written = f'{OWN}\nargs: [org/m]\nenv: [{{name: HF_HUB_OFFLINE, value: "true"}}]\n'

    assert said(written, SOURCE, OFFLINE, REVISION) == [
        (SOURCE, "local", "2:8", "inferred"),
        (REVISION, "main", "2:8", "inferred"),
        (OFFLINE, True, "3:37"),
    ]


@pytest.mark.parametrize("value", ["0", "no", "", "offline"])
def test_other_words_do_not_keep_it_off_the_hub(said: Said, value: str) -> None:
    written = f'{OWN}\nargs: [org/m]\nenv: [{{name: HF_HUB_OFFLINE, value: "{value}"}}]\n'

    assert said(written, OFFLINE) == [(OFFLINE, False, "3:37")]


def test_a_mirror_of_the_hub_is_a_mirror(said: Said) -> None:
    written = f"{OWN}\nargs: [org/m]\nenv: [{{name: HF_ENDPOINT, value: 'https://hub.example.com'}}]\n"

    assert said(written, SOURCE, "spec.model.weights.uri") == [
        (SOURCE, "mirror", "3:34"),
        ("spec.model.weights.uri", "https://hub.example.com", "3:34"),
    ]


def test_numbers_in_the_name_of_a_model_are_inferred(said: Said) -> None:
    path = "spec.model.quantization"

    assert said(f"{OWN}\nargs: [org/m-FP8]\n", path) == [(path, "fp8", "2:8", "inferred")]
    assert said(f"{OWN}\nargs: [org/m-FP8, -q, awq]\n", path) == [(path, "awq", "2:23")]
    assert said(f"{OWN}\nargs: [org/m, --dtype, bfloat16]\n", path) == [(path, "bf16", "2:24", "inferred")]
    assert said(f"{OWN}\nargs: [org/m, -q, odd]\n", path) == [(path, None, "2:19", "inconclusive")]


@pytest.mark.parametrize(
    ("args", "env", "expected"),
    [
        ("--api-key, s3cr3t-value", "", "api-key"),
        ("--api-key, $(KEY)", "{name: KEY, valueFrom: {secretKeyRef: {}}}", "api-key"),
        ("--api-key, ''", "", "none"),
        ("--api-key=", "", "none"),
        ("--api-key, ''", "{name: VLLM_API_KEY, value: abcdef}", "none"),
        ("--port, '1'", "{name: VLLM_API_KEY, value: ''}", "none"),
        ("--port, '1'", "{name: VLLM_API_KEY, value: abcdef}", "api-key"),
        ("--port, '1'", "{name: vllm_api_key, value: abcdef}", "none"),
        ("--port, '1'", "", "none"),
    ],
)
def test_an_empty_key_asks_for_none(said: Said, args: str, env: str, expected: str) -> None:
    found = said(f"{OWN}\nargs: [org/m, {args}]\nenv: [{env}]\n", ENGINE_AUTH)

    assert [each[1] for each in found] == [expected]


def test_a_key_that_is_not_known_is_inferred(said: Said) -> None:
    found = said(f"{OWN}\nargs: [org/m, --api-key, $(GONE)]\n", ENGINE_AUTH, "spec.network.ingress.authentication")

    assert [each[1:] for each in found] == [("api-key", "2:26", "inferred"), ("api-key", "2:26", "inferred")]


def test_a_literal_key_is_in_no_store_and_in_no_fact(facts_of: Facts) -> None:
    written = f"""{OWN}
args: [org/m, --api-key, s3cr3t-value, --hf-token=hf-s3cr3t]
env: [{{name: VLLM_API_KEY, value: s3cr3t-other}}]
"""
    facts = facts_of(written)

    assert [(fact.shown, fact.value) for fact in facts if fact.path[-1] == "store"] == [
        ("--api-key=…", "none"),
        ("--hf-token=…", "none"),
        ("VLLM_API_KEY=…", "none"),
    ]
    assert "s3cr3t" not in repr(facts)


@pytest.mark.parametrize("value", ["<secret>", "changeme", "your-token-here"])
def test_a_placeholder_is_no_secret(said: Said, value: str) -> None:
    written = f"{OWN}\nargs: [org/m]\nenv: [{{name: HF_TOKEN, value: '{value}'}}]\n"

    assert said(written, STORE) == [(STORE, None, "3:31", "inconclusive")]


@pytest.mark.parametrize(
    ("version", "args", "level", "expected"),
    [
        ("v0.10.0", "", "", (True, "certain")),
        ("v0.10.0", ", --disable-log-requests", "", (False, "inferred")),
        ("v0.10.1.1", "", "", (False, "inferred")),
        ("v0.33.0", ", --disable-log-requests", "", (False, "inferred")),
        ("v0.11.0", ", --enable-log-requests", "", (True, "certain")),
        ("v0.11.1", ", --enable-log-requests", "", (None, "inconclusive")),
        ("v0.33.0", ", --enable-log-requests", "", (None, "inconclusive")),
        ("v0.33.0", ", --enable-log-requests", "debug", (True, "certain")),
        ("v0.33.0", ", --enable-log-requests, --no-enable-log-requests", "debug", (False, "inferred")),
        ("latest", "", "", (None, "inconclusive")),
        ("latest", ", --enable-log-requests", "", (None, "inconclusive")),
    ],
)
def test_whether_prompts_are_logged_depends_on_the_version(
    facts_of: Facts, version: str, args: str, level: str, expected: tuple[object, str]
) -> None:
    env = f"{{name: VLLM_LOGGING_LEVEL, value: {level}}}" if level else ""

    (fact,) = facts_of(f"image: vllm/vllm-openai:{version}\nargs: [org/m{args}]\nenv: [{env}]\n", RAW)

    assert (fact.value, fact.certainty) == expected


def test_responses_are_logged_only_with_requests(said: Said) -> None:
    both = f"{OWN}\nargs: [org/m, --enable-log-outputs, --enable-log-requests]\n"

    assert (RAW, True, "2:15") in said(both, RAW)
    assert [each[1] for each in said(f"{OWN}\nargs: [org/m, --enable-log-outputs]\n", RAW)] == [False]


def test_an_old_flag_in_a_new_version_decides_nothing(facts_of: Facts) -> None:
    path, written = "spec.outputs.constrainedDecoding.library", "args: [org/m, --guided-decoding-backend, xgrammar]"

    (old,) = facts_of(f"image: vllm/vllm-openai:v0.10.0\n{written}\n", path)
    (new,) = facts_of(f"{OWN}\n{written}\n", path)

    assert (old.value, new.value) == ("xgrammar", None)
    assert new.reason == "vLLM 0.12.0 removed `--guided-decoding-backend`: use `--structured-outputs-config.backend`"


def test_adapters_are_items_at_their_places(said: Said) -> None:
    written = f"""{OWN}
args:
  - org/m
  - --lora-modules
  - a=org/a
  - '{{"name": "b", "path": "/l/b", "base_model_name": "org/m"}}'
"""
    assert said(written, "spec.model.adapters") == [
        ("spec.model.adapters", {"name": "a", "source": "org/a"}, "5:5"),
        ("spec.model.adapters", {"name": "b", "source": "/l/b"}, "6:5"),
    ]


def test_adapters_that_come_while_it_runs_are_not_known(said: Said) -> None:
    written = f"{OWN}\nargs: [org/m, --enable-lora]\nenv: [{{name: VLLM_ALLOW_RUNTIME_LORA_UPDATING, value: 'True'}}]\n"

    assert said(written, "spec.model.adapters", "spec.security.hardening.runtimeModelUpdates") == [
        ("spec.model.adapters", None, "2:15", "inconclusive"),
        ("spec.security.hardening.runtimeModelUpdates", True, "3:55"),
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", [(True, "3:43")]), ("2", [(True, "3:43")]), ("0", []), ("true", [(None, "3:43", "inconclusive")])],
)
def test_dev_mode_is_a_number(said: Said, value: str, expected: list[tuple[object, ...]]) -> None:
    path = "spec.security.hardening.devEndpoints"

    found = said(f"{OWN}\nargs: [org/m]\nenv: [{{name: VLLM_SERVER_DEV_MODE, value: '{value}'}}]\n", path)

    assert [each[1:] for each in found] == expected


def test_variables_of_opentelemetry_start_no_tracer(facts_of: Facts) -> None:
    written = f"{OWN}\nargs: [org/m]\nenv: [{{name: OTEL_EXPORTER_OTLP_ENDPOINT, value: 'http://otel:4317'}}]\n"

    facts = facts_of(written, "spec.observability.exports", "spec.observability.tracing.covers")

    assert [(fact.value, fact.certainty, fact.reason) for fact in facts] == [
        (None, "inconclusive", "the engine starts its tracer only from `--otlp-traces-endpoint`, which is not given")
    ] * 2


@pytest.mark.parametrize(
    ("endpoint", "env", "covered"),
    [
        ("http://otel:4317", "", True),
        ("http://otel:4318/v1/traces", "", False),
        ("http://otel:4318", "{name: OTEL_EXPORTER_OTLP_TRACES_PROTOCOL, value: http/protobuf}", True),
        ("http://otel:4317", "{name: OTEL_EXPORTER_OTLP_PROTOCOL, value: http/protobuf}", False),
    ],
)
def test_spans_that_may_not_arrive_cover_nothing(said: Said, endpoint: str, env: str, covered: bool) -> None:
    written = f"{OWN}\nargs: [org/m, --otlp-traces-endpoint={endpoint}]\nenv: [{env}]\n"

    found = said(written, "spec.observability.tracing.covers")

    assert [each[1] for each in found] == (["model"] if covered else [None])


def test_the_password_in_an_address_is_in_no_fact(facts_of: Facts) -> None:
    facts = facts_of(f"{OWN}\nargs: ['--otlp-traces-endpoint=http://user:s3cr3t@otel:4317', 's3://id:s3cr3t@b/m']\n")

    assert "s3cr3t" not in repr(facts)


def test_an_unknown_option_is_noted(facts_of: Facts) -> None:
    (fact,) = facts_of(f"{OWN}\nargs: [org/m, --log-requests=s3cr3t]\n", "spec.serving.engine.arguments")

    assert fact.certainty == "inconclusive"
    assert fact.shown == "--log-requests"
    assert "s3cr3t" not in repr(fact)


def test_a_word_behind_an_unknown_option_may_be_the_model(said: Said) -> None:
    found = said(f"{OWN}\nargs: [--made-up, org/m]\n", MODEL)

    assert {each[1] for each in found} == {None}


def test_the_tool_server_that_comes_with_it_runs_code(said: Said) -> None:
    found = said(
        f"{OWN}\nargs: [org/m, --tool-server, demo]\n", "spec.data.otherFlows", "spec.security.hardening.builtinTools"
    )

    assert found == [
        ("spec.data.otherFlows", {"name": "tool-server", "kind": "tool"}, "2:30"),
        ("spec.security.hardening.builtinTools", True, "2:30"),
    ]


def test_a_draft_model_is_a_model(said: Said) -> None:
    written = f"""{OWN}
args: [org/m, --speculative-config, '{{"model": "org/d", "revision": "abc"}}']
"""
    assert said(written, "spec.model.draft.id", "spec.model.draft.revision") == [
        ("spec.model.draft.id", "org/d", "2:37"),
        ("spec.model.draft.revision", "abc", "2:37"),
    ]


def test_a_configuration_file_yields_to_the_command_line(said: Said) -> None:
    written = f"""{OWN}
args: [--config, /c/vllm.yaml, --max-model-len, '10']
files:
  /c/vllm.yaml: |
    model: org/m
    trust-remote-code: true
    max_model_len: 20
    enable-lora: false
"""
    found = said(written, MODEL, REMOTE, "spec.model.maxModelLen")

    assert found == [("spec.model.maxModelLen", 10, "2:49"), (MODEL, "org/m", "5:12"), (REMOTE, True, "6:24")]


SCRIPT = f"""{OWN}
command: [/bin/bash, -c]
args:
  - |
    set -e
    # vllm serve other/model
    export VLLM_NO_USAGE_STATS=1
    ARGS="--trust-remote-code"
    exec vllm serve "$MODEL" \\
      $ARGS --port ${{PORT:-8000}} \\
      --max-model-len 10
env:
  - {{name: MODEL, value: org/m}}
"""


def test_a_script_is_read_at_its_words(said: Said) -> None:
    found = said(SCRIPT, MODEL, REMOTE, TELEMETRY, "spec.model.maxModelLen", "spec.serving.engine.name")

    assert found == [
        (TELEMETRY, True, "7:32"),
        (REMOTE, True, "8:11"),
        ("spec.serving.engine.name", "vllm", "9:10"),
        ("spec.model.maxModelLen", 10, "11:23"),
        (MODEL, "org/m", "13:26"),
    ]


@pytest.mark.parametrize(
    "command",
    [
        "[vllm, serve]",
        "[/usr/local/bin/vllm, serve]",
        "[python3, -m, vllm.entrypoints.openai.api_server, --model]",
        "[/usr/bin/python3.12, -u, -m, vllm.entrypoints.openai.api_server, --model]",
        "[tini, --, vllm, serve]",
        "[env, A=b, vllm, serve]",
        "[numactl, --cpunodebind=0, vllm, serve]",
        "[nohup, vllm, serve]",
    ],
)
def test_ways_to_start_it(said: Said, command: str) -> None:
    found = said(f"image: example.com/mine:1\ncommand: {command}\nargs: [org/m]\n", MODEL)

    assert found == [(MODEL, "org/m", "3:8")]


def test_a_server_behind_another_program_is_inferred(facts_of: Facts) -> None:
    (fact,) = facts_of(f"{OWN}\ncommand: [mpirun, -n, '2', vllm, serve, org/m]\n", MODEL)

    assert (fact.certainty, fact.reason) == ("inferred", "it is started through `mpirun`")


def test_two_starts_in_a_script_are_inferred(said: Said) -> None:
    script = "if [ $R = 0 ]; then vllm serve org/a --trust-remote-code; else vllm serve org/b; fi"
    found = said(f"{OWN}\ncommand: [bash, -c, '{script}']\n", MODEL, REMOTE)

    assert sorted(each[1] for each in found if each[0] == MODEL) == ["org/a", "org/b"]
    assert {each[-1] for each in found} == {"inferred"}


@pytest.mark.parametrize(
    "script",
    ["echo vllm serve org/m --trust-remote-code", "# vllm serve org/m", "which vllm serve", "cat <<E\nvllm serve m\nE"],
)
def test_a_script_that_only_talks_of_a_server_starts_none(container_of: Callable[[str], Any], script: str) -> None:
    from psfpolicy.evidence.engines import serves_model  # noqa: PLC0415

    inner = script.replace("\n", "\\n")
    assert not serves_model(container_of(f'{OWN}\ncommand: [bash, -c, "{inner}"]\n'))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (f"{OWN}\nargs: [org/m]\n", True),
        (f"{OWN}\n", True),
        (f"{OWN}\ncommand: [sleep, infinity]\n", False),
        (f"{OWN}\ncommand: [ray, start, --block]\n", False),
        (f"{OWN}\ncommand: [vllm, bench, serve]\n", False),
        (f"{OWN}\ncommand: [huggingface-cli, download, org/m]\n", False),
        (f"{OWN}\ncommand: [/usr/local/bin/run.sh]\n", True),
        (f"{OWN}\ncommand: ['$(CMD)']\n", True),
        ("image: nginx\nargs: [--model, org/m]\n", False),
        ("image: nginx\ncommand: [vllm, serve, org/m]\n", True),
        ("command: [vllm, serve, org/m]\n", True),
        ("args: [--model, org/m]\n", False),
        ("{}\n", False),
    ],
)
def test_which_containers_serve_a_model(container_of: Callable[[str], Any], written: str, expected: bool) -> None:
    from psfpolicy.evidence.engines import serves_model  # noqa: PLC0415

    assert serves_model(container_of(written)) is expected


def test_a_program_that_is_not_in_the_evidence_decides_nothing(facts_of: Facts) -> None:
    facts = facts_of(f"{OWN}\ncommand: [/usr/local/bin/run.sh]\n", MODEL, REMOTE, REVISION)

    assert {(fact.certainty, fact.reason) for fact in facts} == {
        ("inconclusive", "what `/usr/local/bin/run.sh` starts is not in the evidence")
    }
    assert {fact.path[-1] for fact in facts} == {"id", "remoteCode", "revision"}


def test_a_mounted_script_is_read(said: Said) -> None:
    written = f"""{OWN}
command: [bash, /s/run.sh]
files:
  /s/run.sh: |
    #!/bin/bash
    vllm serve org/m --trust-remote-code
"""
    assert said(written, MODEL, REMOTE) == [(MODEL, "org/m", "6:16"), (REMOTE, True, "6:22")]


def test_flags_in_a_variable_count_where_a_template_hands_them_on(said: Said) -> None:
    written = """image: ghcr.io/llm-d/llm-d-cuda:v0.9.0
env:
  - name: VLLM_ADDITIONAL_ARGS
    value: >-
      --enable-auto-tool-choice
      --trust-remote-code
"""
    assert said(written, REMOTE, "spec.serving.engine.toolCalling", MODEL) == [
        (MODEL, None, "1:8", "inconclusive"),
        ("spec.serving.engine.toolCalling", True, "5:7", "inferred"),
        (REMOTE, True, "6:7", "inferred"),
    ]


def test_little_is_asked_of_the_hub_for_weights_from_elsewhere(said: Said) -> None:
    assert said(f"{OWN}\nargs: [/models/m]\n", OFFLINE) == [(OFFLINE, False, "2:8", "inferred")]
    assert said(f"{OWN}\nargs: ['hf://org/m']\n", OFFLINE) == [(OFFLINE, False, "2:8")]


def test_channels_between_nodes_are_open(said: Said) -> None:
    path = "spec.security.hardening.openInterNodeChannel"
    written = f'{OWN}\nargs: [org/m, --kv-transfer-config, \'{{"kv_connector": "NixlConnector"}}\']\n'

    assert said(written, path) == [(path, True, "2:37")]
