from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy.evidence.engines.shell import statements
from psfpolicy.evidence.engines.table import Row
from psfpolicy.evidence.engines.values import Reading, is_on, reading

if TYPE_CHECKING:
    from psfpolicy.model.fact import Fact

Said = Callable[..., list[tuple[Any, ...]]]
Facts = Callable[..., "list[Fact]"]
OWN = "image: vllm/vllm-openai:v0.33.0"
SOURCE, MODEL, TELEMETRY = "spec.model.weights.source", "spec.model.id", "spec.network.telemetryOptOut"
KV, OFFLINE, RAW = "spec.model.kvCacheDtype", "spec.network.offlineHub", "spec.observability.runLog.rawText"


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("count", "4", 4),
        ("count", " 4 ", 4),
        ("count", "0", None),
        ("count", "-1", None),
        ("count", "4.0", None),
        ("count", "9" * 30, None),
        ("tokens", "32768", 32768),
        ("tokens", "32k", 32000),
        ("tokens", "32K", 32768),
        ("tokens", "1.5k", 1500),
        ("tokens", "1.5K", None),
        ("tokens", "auto", None),
        ("tokens", "-1", None),
        ("share", "0.9", 0.9),
        ("share", ".9", 0.9),
        ("share", "1", 1.0),
        ("share", "90", None),
        ("share", "nan", None),
        ("share", "ninety", None),
        ("present", "x", True),
        ("present", "", None),
        ("present", "none", None),
        ("text", "x", "x"),
        ("text", "", None),
        ("on", "maybe", None),
        ("off", "true", False),
        ("off", "false", True),
    ],
)
def test_values(kind: str, text: str, expected: object) -> None:
    found = reading(Row(name="x", kind=kind), text)

    assert found.value == expected
    assert bool(found.unclear) == (expected is None)


def test_a_word_may_only_suggest_a_value() -> None:
    row = Row(name="x", kind="choice", inferred={"modelopt": "fp8"})

    assert reading(row, "modelopt") == Reading("fp8", doubt="`modelopt` is most often that")


@pytest.mark.parametrize(
    ("truth", "yes", "no", "neither"),
    [
        ("one", ["1"], ["true", "", " 1"], []),
        ("one-true", ["1", "True"], ["yes", ""], []),
        ("integer", ["1", "-2"], ["0"], ["true", ""]),
        ("hub", ["1", "on", "Yes", "TRUE"], ["0", "", "y"], []),
        ("clap", ["true"], ["false"], ["1", "True", ""]),
        ("llama", ["1", "on", "enabled", "true"], ["0", "off", "disabled", "false"], ["True", "yes"]),
        ("words", ["1", "Y", "On"], ["0", "No", ""], ["maybe"]),
        ("triton", ["1", "True"], ["0", "off"], ["maybe"]),
    ],
)
def test_switches(truth: str, yes: list[str], no: list[str], neither: list[str]) -> None:
    assert [is_on(truth, text) for text in (*yes, *no, *neither)] == [
        *[True] * len(yes),
        *[False] * len(no),
        *[None] * len(neither),
    ]


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ("{name: VLLM_USE_MODELSCOPE, value: 'true'}", [("hub", "certain")]),
        ("{name: HF_ENDPOINT, valueFrom: {configMapKeyRef: {}}}", [(None, "inconclusive")]),
        ("{name: HF_HUB_OFFLINE, valueFrom: {configMapKeyRef: {}}}", [("hub", "certain")]),
    ],
)
def test_hubs_by_variables(facts_of: Facts, env: str, expected: list[tuple[object, str]]) -> None:
    facts = facts_of(f"{OWN}\nargs: [org/m]\nenv: [{env}]\n", SOURCE)

    assert [(fact.value, fact.certainty) for fact in facts] == expected


def test_an_offline_switch_that_is_not_known_is_inconclusive(said: Said) -> None:
    written = f"{OWN}\nargs: [org/m]\nenv: [{{name: HF_HUB_OFFLINE, valueFrom: {{configMapKeyRef: {{}}}}}}]\n"

    assert [each[1:] for each in said(written, OFFLINE)] == [(None, "3:7", "inconclusive")]


def test_transformers_alone_stay_offline_in_part(said: Said) -> None:
    written = f"{OWN}\nargs: [org/m]\nenv: [{{name: TRANSFORMERS_OFFLINE, value: '1'}}]\n"

    assert [each[1:] for each in said(written, OFFLINE)] == [(True, "3:43", "inferred")]


def test_weights_from_an_address_of_the_web(said: Said) -> None:
    hub = "image: x\ncommand: [llama-server, --model-url, 'https://huggingface.co/org/m/resolve/main/m.gguf']\n"
    other = "image: x\ncommand: [llama-server, --model-url, 'https://example.com/m.gguf']\n"

    assert [each[1] for each in said(hub, SOURCE)] == ["hub"]
    assert [(each[1], each[-1]) for each in said(other, SOURCE)] == [("mirror", "inferred")]


@pytest.mark.parametrize(
    ("args", "expected"),
    [("", ("auto", "certain")), (", -ctk, f16", ("auto", "certain")), (", -ctk, q8_0", (None, "inconclusive"))],
)
def test_the_cache_of_llama_cpp(facts_of: Facts, args: str, expected: tuple[object, str]) -> None:
    (fact,) = facts_of(f"image: ghcr.io/ggml-org/llama.cpp:server\nargs: [-m, /m.gguf{args}]\n", KV)

    assert (fact.value, fact.certainty) == expected


@pytest.mark.parametrize(("args", "expected"), [(", -c, '0'", None), (", -c, '8192'", 8192), ("", "nothing")])
def test_the_context_of_llama_cpp_without_slots(said: Said, args: str, expected: object) -> None:
    found = said(f"image: ghcr.io/ggml-org/llama.cpp:server\nargs: [-m, /m.gguf{args}]\n", "spec.model.maxModelLen")

    assert [each[1] for each in found] == ([] if expected == "nothing" else [expected])


def test_variables_of_nim(facts_of: Facts) -> None:
    written = """image: nvcr.io/nim/a/b:2.0.0
env:
  - {name: DO_NOT_TRACK, value: "1"}
  - {name: NIM_LOG_LEVEL, value: debug}
  - {name: NIM_DISABLE_MODEL_DOWNLOAD, value: "true"}
  - {name: NIM_PASSTHROUGH_ARGS, value: "--enable-log-requests"}
"""
    facts = facts_of(written, TELEMETRY, RAW, SOURCE)

    assert [(fact.value, fact.certainty) for fact in facts] == [
        (True, "inferred"),
        (None, "inconclusive"),
        ("local", "inferred"),
        (None, "inconclusive"),
    ]


def test_telemetry_switches_that_are_not_known(said: Said) -> None:
    tgi = "image: ghcr.io/huggingface/text-generation-inference:2.4.1\nenv: [{name: USAGE_STATS}]\n"
    trt = "image: nvcr.io/nvidia/tensorrt-llm/release:1.2.0\ncommand: [trtllm-serve, m]\nenv: [{name: DO_NOT_TRACK}]\n"

    assert [each[-1] for each in said(tgi, TELEMETRY)] == ["inconclusive"]
    assert [each[-1] for each in said(trt, TELEMETRY)] == ["inconclusive"]


def test_a_script_that_runs_a_mounted_one(said: Said) -> None:
    written = f"""{OWN}
command: [bash, -c, 'echo hi; /s/run.sh org/m']
files:
  /s/run.sh: |
    vllm serve "$1"
"""
    assert said(written, MODEL) == [(MODEL, "org/m", "2:41")]


def test_variables_before_a_program_are_its_own(said: Said) -> None:
    switched = f"{OWN}\ncommand: [env, VLLM_NO_USAGE_STATS=1, vllm, serve, org/m]\n"

    assert said(switched, TELEMETRY) == [(TELEMETRY, True, "2:16")]


def test_a_configuration_file_with_a_name_that_is_not_known(facts_of: Facts) -> None:
    (fact,) = facts_of(f"{OWN}\nargs: [org/m, --config, $(FILE)]\n", "spec.model.remoteCode")

    assert (fact.certainty, fact.reason) == ("inconclusive", "`--config` names a file that is not known")


def test_flags_in_json_that_is_not_known(said: Said) -> None:
    written = f'{OWN}\nargs: [org/m, --speculative-config, \'{{"model": "$(DRAFT)"}}\']\n'

    assert said(written, "spec.model.draft.id") == [("spec.model.draft.id", None, "2:37", "inconclusive")]


def test_adapters_of_other_engines(said: Said) -> None:
    tgi = "image: ghcr.io/huggingface/text-generation-inference:2.4.1\nargs: [--lora-adapters, 'org/a,b=org/c@abc']\n"

    assert [each[1] for each in said(tgi, "spec.model.adapters")] == [
        {"name": "org/a", "source": "org/a"},
        {"name": "b", "source": "org/c", "revision": "abc"},
    ]


@pytest.mark.parametrize("text", ["'{'", "'[1, {}]'", '\'{"path": "x"}\''])
def test_adapters_that_cannot_be_read_are_none(said: Said, text: str) -> None:
    assert said(f"{OWN}\nargs: [org/m, --lora-modules, {text}]\n", "spec.model.adapters") == []


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("diff <(vllm serve m) x\nls", [["diff", "", "x"], ["ls"]]),
        ("A[1]=x\nls $A", [["ls", "$A"]]),
        ("A=(x # y\n z\\\n)\nls ${A[@]}", [["ls", "x", "z"]]),
        ("function f { ls; }", [["ls"]]),
        ("x $'a b' $\"c\"", [["x", "a b", "c"]]),
        ('x "a\\"b\\$c\\\n"', [["x", 'a"b$c']]),
        ("x a\\\nb", [["x", "ab"]]),
        ("x $ $", [["x", "$", "$"]]),
        ("x ${A!}", [["x", "${A!}"]]),
        ("set -a; A=1; x", [["x"]]),
        ("x 2>&1 3 >y", [["x", "3"]]),
    ],
)
def test_corners_of_the_shell(script: str, expected: list[list[str]]) -> None:
    assert [[word.text for word in each.words] for each in statements(script, {})] == expected


@pytest.mark.parametrize(
    "args",
    [
        "'https://b.example.com/m.gguf?X-Signature=s3cr3t'",
        "org/m, --otlp-traces-endpoint, 'https://otel.example.com/?token=s3cr3t'",
        "org/m, -s3cr3t",
        "org/m, --made-up=s3cr3t",
        "org/m, --api-key, 'a$s3cr3t'",
        "org/m, --api-key=s3cr3t, --api-key, other-s3cr3t",
        "org/m, --hf-token, hf_s3cr3t",
    ],
)
def test_secrets_in_arguments_are_in_no_fact(facts_of: Facts, args: str) -> None:
    facts = facts_of(f"{OWN}\nargs: [{args}]\n")

    assert facts
    assert "s3cr3t" not in repr(facts)


def test_a_secret_that_holds_a_dollar_sign_is_not_shown(facts_of: Facts) -> None:
    facts = facts_of("image: ghcr.io/ggml-org/llama.cpp:server\nargs: ['--mcp-servers-json', '{\"a\": \"$s3cr3t\"}']\n")

    assert "s3cr3t" not in repr(facts)


@pytest.mark.parametrize(("written", "value"), [("$MODEL", None), ('"$MODEL"', False)])
def test_variable_that_is_not_quoted_may_hold_more_options(said: Said, written: str, value: object) -> None:
    args = f"'vllm serve --port 1 --model {written}'"
    found = said(f"image: vllm/vllm-openai:v0.33.0\ncommand: [sh, -c]\nargs: [{args}]\n", "spec.model.remoteCode")
    assert [each[1] for each in found] == [value]
