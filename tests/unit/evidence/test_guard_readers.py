"""NeMo Guardrails, LLM Guard, Model Armor, and guards among the values of charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy import source
from psfpolicy.evidence.project import Project
from psfpolicy.evidence.readers import guard_values, llm_guard, model_armor, nemo_guardrails

if TYPE_CHECKING:
    from psfpolicy.evidence.base import Reader
    from psfpolicy.model.fact import Fact

READERS = (guard_values, llm_guard, model_armor, nemo_guardrails)
ARMOR = """\
apiVersion: networking.gke.io/v1
kind: GCPTrafficExtension
metadata: {name: armor, namespace: llm}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: gate}]
  extensionChains:
    - name: chain
      extensions:
        - name: callout
          googleAPIServiceName: modelarmor.europe-west4.rep.googleapis.com
          supportedEvents: [RequestBody, ResponseBody]
          metadata:
            model_armor_settings: |
              [{"user_prompt_template_id": "a", "model_response_template_id": "b"}]
          failOpen: false
"""
GATEWAY = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: gate, namespace: llm}\n"
SHOWN = "{'name': 'callout', 'model': 'model-armor', 'hosting': 'third-party', 'failClosed': True"
PLACE = "'location': {'region': 'gcp:europe-west4'}"


def read(reader: Reader, *files: str) -> list[Fact]:
    documents = tuple(
        document for number, text in enumerate(files) for document in source.read(text.encode(), file=f"{number}.yaml")
    )
    project = Project(documents)
    return [fact for each in documents if reader.reads(each) for fact in reader.facts(each, project)]


def lines(facts: list[Fact], *prefixes: str) -> list[str]:
    return [
        f"{path} {fact.value} {fact.certainty} {fact.place.region.start_line}:{fact.place.region.start_column}"
        for fact in facts
        if (path := ".".join(map(str, fact.path[1:]))).startswith(prefixes or ("",))
    ]


# NeMo Guardrails


def test_rails_are_guards_of_their_sides_and_their_models_answer_elsewhere() -> None:
    found = read(
        nemo_guardrails,
        "models:\n"
        "  - {type: main, engine: openai, model: gpt-4o}\n"
        "  - type: llama_guard\n"
        "    engine: vllm_openai\n"
        "    parameters: {openai_api_base: 'http://localhost:5000/v1', model_name: meta-llama/LlamaGuard-7b}\n"
        "  - {type: safety, engine: nim, model: org/safety, parameters: {base_url: 'https://nim.example.com/v1'}}\n"
        "rails:\n"
        "  input: {flows: [llama guard check input, own flow,"
        " content safety check input $model=safety, '{{ x }}', null]}\n"
        "  retrieval: {flows: [own retrieval]}\n"
        "  output: {flows: [self check output], streaming: {stream_first: true}}\n",
    )
    assert lines(found) == [
        "network.egress.rules {'name': 'openai/gpt-4o', 'to': {'host': 'api.openai.com'}, 'tls': True} inferred 2:26",
        "network.egress.rules {'name': 'nim/org/safety', 'to': {'host': 'nim.example.com'}, 'tls': True} certain 6:75",
        "inputs.guards None inconclusive 8:18",
        (
            "inputs.guards {'name': 'llama guard check input', 'detects': ['unsafe-content'], 'action': 'block',"
            " 'model': 'meta-llama/LlamaGuard-7b', 'hosting': 'self'} certain 8:19"
        ),
        "inputs.guards {'name': 'own flow'} certain 8:44",
        (
            "inputs.guards {'name': 'content safety check input', 'detects': ['unsafe-content'], 'action': 'block',"
            " 'model': 'org/safety'} certain 8:54"
        ),
        "inputs.guards None inconclusive 8:96",
        "inputs.guards None inconclusive 8:107",
        "inputs.guards None inconclusive 9:22",
        "inputs.guards {'name': 'own retrieval', 'scans': ['retrieved']} certain 9:23",
        "outputs.guards None inconclusive 10:19",
        "outputs.guards {'name': 'self check output', 'detects': ['unsafe-content'], 'action': 'block'} certain 10:20",
        "outputs.guards None inconclusive 10:66",
    ]


def test_rails_that_are_commented_out_are_no_guards() -> None:
    found = read(nemo_guardrails, "rails:\n  input:\n    flows:\n      # - self check input\n  output: {flows: []}\n")
    assert found == []


@pytest.mark.parametrize(
    ("adapter", "expected"),
    [
        ("{name: OpenTelemetry, exporter: console}", ["{'name': 'OpenTelemetry', 'kind': 'console'} certain 2:44"]),
        ("{name: FileSystem, filepath: x}", ["{'name': 'FileSystem', 'kind': 'file'} certain 2:44"]),
        (
            "{name: OpenTelemetry, exporter: otlp, endpoint: 'https://o.example.com:4317'}",
            [
                (
                    "{'name': 'OpenTelemetry', 'kind': 'otlp', 'endpoint': 'https://o.example.com:4317', 'tls': True}"
                    " certain 2:44"
                )
            ],
        ),
        (
            "{name: OpenTelemetry, exporter: zipkin}",
            ["None inconclusive 2:44", "{'name': 'OpenTelemetry', 'kind': 'other'} certain 2:44"],
        ),
        ("{name: Own}", ["None inconclusive 2:44", "{'name': 'Own'} certain 2:44"]),
        ("{exporter: console}", []),
    ],
)
def test_tracing_is_an_export(adapter: str, expected: list[str]) -> None:
    text = f"models: [{{type: main, engine: own}}]\ntracing: {{enabled: true, adapters: [{adapter}]}}\n"
    assert lines(read(nemo_guardrails, text), "observability") == [f"observability.exports {line}" for line in expected]
    assert lines(read(nemo_guardrails, text.replace("true", "false")), "observability") == []


def test_models_that_are_one_are_told_once_and_unknown_engines_are_inconclusive() -> None:
    found = read(
        nemo_guardrails,
        "models:\n  - {type: main, engine: openai}\n  - {type: other, engine: openai}\n"
        "  - {type: x, engine: own}\n  - {type: y}\n",
    )
    assert lines(found) == [
        "network.egress.rules {'name': 'openai', 'to': {'host': 'api.openai.com'}, 'tls': True} inferred 2:26",
        "data.otherFlows None inconclusive 4:23",
    ]


# LLM Guard


def test_scanners_are_one_guard_of_each_side() -> None:
    found = read(
        llm_guard,
        "input_scanners:\n  - {type: PromptInjection}\n  - {type: Toxicity}\n  - {type: Language}\n"
        "output_scanners: [{type: Bias}, {params: {}}]\ntracing: {exporter: '${TRACING_EXPORTER:console}'}\n",
    )
    assert lines(found) == [
        "inputs.guards {'name': 'llm-guard', 'model': 'llm-guard', 'detects': ['injection', 'toxicity']} inferred 2:3",
        "inputs.guards {'name': 'llm-guard', 'model': 'llm-guard'} inconclusive 2:3",
        "outputs.guards {'name': 'llm-guard', 'model': 'llm-guard'} inferred 5:18",
        "outputs.guards {'name': 'llm-guard', 'model': 'llm-guard'} inconclusive 5:18",
        "observability.exports None inconclusive 6:21",
    ]


@pytest.mark.parametrize(
    ("tracing", "expected"),
    [
        ("{exporter: console}", ["{'name': 'tracing', 'kind': 'console'} certain 2:21"]),
        (
            "{exporter: otel_http, endpoint: 'https://o.example.com/v1/traces'}",
            ["{'name': 'tracing', 'kind': 'otlp', 'endpoint': 'https://o.example.com'} certain 2:21"],
        ),
        ("{exporter: otel_http}", ["{'name': 'tracing', 'kind': 'otlp'} certain 2:21"]),
        ("{exporter: ''}", []),
    ],
)
def test_traces_of_scanners_are_an_export(tracing: str, expected: list[str]) -> None:
    found = read(llm_guard, f"input_scanners: [{{type: Toxicity}}]\ntracing: {tracing}\n")
    assert lines(found, "observability") == [f"observability.exports {line}" for line in expected]


@pytest.mark.parametrize(
    ("service", "line"),
    [
        ("build: ., volumes: ['./config/scanners.yml:/home/user/app/config/scanners.yml:ro']", "2:27"),
        ("build: ., volumes: [{source: x, target: /home/user/app/config/scanners.yml}]", "2:27"),
        ("image: 'docker.io/laiyer/llm-guard-api:latest'", "2:14"),
        ("image: 'opea/guardrails@sha256:ab'", "2:14"),
    ],
)
def test_a_service_that_guards_leaves_open_what_it_scans(service: str, line: str) -> None:
    found = read(llm_guard, f"services:\n  a: {{{service}}}\n  b: {{image: redis, volumes: [x, 'a:b']}}\n")
    guard = "{'name': 'llm-guard', 'model': 'llm-guard'}"
    assert lines(found) == [f"{side}.guards {guard} inconclusive {line}" for side in ("inputs", "outputs")]
    assert "not in the evidence" in found[0].reason


def test_a_service_whose_scanners_are_there_leaves_open_who_asks_it() -> None:
    found = read(llm_guard, "services:\n  a: {image: laiyer/llm-guard-api}\n", "input_scanners: [{type: Toxicity}]\n")
    assert "which requests" in found[0].reason


# Model Armor


def test_model_armor_guards_what_it_is_shown() -> None:
    found = read(model_armor, ARMOR, GATEWAY)
    assert lines(found) == [
        f"inputs.guards {SHOWN}, {PLACE}}} certain 9:17",
        "inputs.guards None inconclusive 9:17",
        f"outputs.guards {SHOWN}, {PLACE}}} certain 9:17",
        "outputs.guards None inconclusive 9:17",
    ]
    assert "past it" in found[1].reason
    assert "not in the evidence" in read(model_armor, ARMOR)[1].reason


@pytest.mark.parametrize(
    ("condition", "covers"),
    [
        ('request.path == "/v1/chat/completions"', False),
        ('request.path.startsWith("/v1/")', False),
        ('request.path.startsWith("/")', True),
        ("true", True),
        ("request.host == 'x'", None),
        ("${CONDITION}", None),
    ],
)
def test_a_guard_of_some_paths_is_not_on_every_path(condition: str, covers: bool | None) -> None:
    text = ARMOR.replace(
        "    - name: chain\n",
        "    - name: chain\n      matchCondition:\n        celExpressions:\n          - celMatcher: |-\n"
        f"              {condition}\n",
    )
    found = read(model_armor, text, GATEWAY)
    assert any("'onPath': False" in line for line in lines(found)) is (covers is False)
    assert [fact.reason for fact in found if fact.certainty == "inconclusive"] == {
        False: [],
        None: ["which requests its conditions choose is not known"] * 2,
        True: ["requests through the Gateway pass it; whether any reach the model past it is not in the manifest"] * 2,
    }[covers]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("failOpen: false", "failOpen: true", "'failClosed': False"),
        (
            "          failOpen: false\n",
            "",
            "what happens when it cannot be asked is not written, or filled in elsewhere",
        ),
        ("failOpen: false", "failOpen: '{{ .x }}'", "what happens when it cannot be asked"),
        ("[RequestBody, ResponseBody]", "[ResponseBody]", "it is not given the RequestBody"),
        ('"user_prompt_template_id": "a", ', "", "no `user_prompt_template_id` is set"),
        ("- name: callout\n          google", "- google", "{'name': 'armor'"),
    ],
)
def test_what_weakens_the_guard_is_told(old: str, new: str, expected: str) -> None:
    assert old in ARMOR
    found = read(model_armor, ARMOR.replace(old, new), GATEWAY)
    assert any(expected in f"{fact.value} {fact.reason}" for fact in found)


def test_settings_that_cannot_be_read_take_no_guard_away() -> None:
    text = ARMOR.replace("model_armor_settings: |\n", "model_armor_settings: {}\n            other: |\n")
    assert len(lines(read(model_armor, text, GATEWAY), "inputs")) == 2


@pytest.mark.parametrize(
    "text",
    [
        ARMOR.replace("modelarmor.", "other."),
        ARMOR.replace("GCPTrafficExtension", "GCPRoutingExtension"),
        ARMOR.replace("extensionChains:", "other:"),
        "spec: {extensionChains: null}",
    ],
)
def test_other_extensions_are_no_guards(text: str) -> None:
    assert read(model_armor, text) == []


# Values


def test_a_guard_that_values_switch_on_is_inferred() -> None:
    text = "guardrails-usvc:\n  enabled: %s\n  SAFETY_GUARD_MODEL_ID: meta-llama/Meta-Llama-Guard-2-8B\n"
    assert lines(read(guard_values, text % "true")) == [
        (
            "inputs.guards {'name': 'guardrails-usvc', 'detects': ['unsafe-content'],"
            " 'model': 'meta-llama/Meta-Llama-Guard-2-8B'} inferred 3:26"
        ),
        "inputs.guards None inconclusive 3:26",
    ]
    assert read(guard_values, text % "false") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "SAFETY_GUARD_MODEL_ID: '{{ x }}'",
            [
                "inputs.guards {'name': 'guardrails-usvc', 'detects': ['unsafe-content']} inferred 1:24",
                "inputs.guards None inconclusive 1:24",
            ],
        ),
        (
            "guardrails-usvc: {enabled: true}",
            [
                "inputs.guards {'name': 'guardrails-usvc', 'detects': ['unsafe-content']} inferred 1:28",
                "inputs.guards None inconclusive 1:28",
            ],
        ),
        (
            "externalLLM: {enabled: true, LLM_SERVER_HOST: 'https://api.openai.com', OPENAI_API_KEY: sk-secretsecret}",
            [
                (
                    "network.egress.rules {'name': 'externalLLM', 'to': {'host': 'api.openai.com'}, 'tls': True}"
                    " inferred 1:47"
                ),
                "security.secrets.store none inferred 1:89",
            ],
        ),
        (
            "externalLLM: {enabled: true, LLM_SERVER_HOST: 'http://llm', OPENAI_API_KEY: your-api-key}",
            ["security.secrets.store None inconclusive 1:77"],
        ),
        ("externalLLM: {enabled: true}", ["network.egress.rules None inconclusive 1:24"]),
        ("externalLLM: {enabled: false, LLM_SERVER_HOST: x}", []),
        ("kind: x\nSAFETY_GUARD_MODEL_ID: x", []),
    ],
)
def test_values_tell_of_guards_and_of_models_outside(text: str, expected: list[str]) -> None:
    found = read(guard_values, text)
    assert lines(found) == expected
    assert "secretsecret" not in repr(found)


# Shapes


@pytest.mark.parametrize("reader", [nemo_guardrails, llm_guard])
def test_a_configuration_in_a_config_map_that_cannot_be_read_is_inconclusive(reader: Reader) -> None:
    text = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n"
        "  a: |\n    rails: {input: {flows: [self check input]}}\n    input_scanners: [{type: Toxicity}]\n"
        "  b: |\n    rails:\n    flows: {{ x }}: y\n    input_scanners: x\n    type: x\n"
        "  c: |\n    input_scanners: [x]\n    flows: x\n"
    )
    assert [fact.value for fact in read(reader, text)][-2:] == [None, None]
    assert lines(read(reader, text), "outputs")[-1] == "outputs.guards None inconclusive 8:6"


@pytest.mark.parametrize("value", ["null", "1", "x", "[]", "[null, 1, [], {}, {type: null}]", "{}", "{input: null}"])
@pytest.mark.parametrize(
    "key",
    ["rails", "models", "tracing", "input_scanners", "services", "guardrails-usvc", "externalLLM", "spec", "data"],
)
@pytest.mark.parametrize("reader", READERS)
def test_any_value_is_read_without_an_error(reader: Reader, key: str, value: str) -> None:
    assert all(fact.certainty != "certain" for fact in read(reader, f"{key}: {value}\n"))


@pytest.mark.parametrize("value", ["null", "1", "x", "[]", "[null, 1, [], {}]", "{}", "{a: null}"])
@pytest.mark.parametrize("key", ["targetRefs", "extensionChains", "matchCondition", "supportedEvents", "metadata"])
def test_any_value_in_an_extension_is_read_without_an_error(key: str, value: str) -> None:
    start = ARMOR.index(f"{key}:") if key in ARMOR else ARMOR.index("extensions:")
    read(model_armor, f"{ARMOR[:start]}{key}: {value}\n")
