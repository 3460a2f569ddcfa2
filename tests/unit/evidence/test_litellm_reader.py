"""LiteLLM: where a proxy sends requests, what guards and logs them, and who may send some."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy import source
from psfpolicy.evidence.project import Project
from psfpolicy.evidence.readers import litellm

if TYPE_CHECKING:
    from psfpolicy.model.fact import Fact

GUARD = """\
model_list: []
guardrails:
  - guardrail_name: pii
    litellm_params: {guardrail: presidio, mode: pre_call, default_on: true}
"""


def read(*files: str) -> list[Fact]:
    documents = tuple(
        document for number, text in enumerate(files) for document in source.read(text.encode(), file=f"{number}.yaml")
    )
    project = Project(documents)
    return [fact for each in documents if litellm.reads(each) for fact in litellm.facts(each, project)]


def lines(facts: list[Fact], *prefixes: str) -> list[str]:
    return [
        f"{path} {fact.value} {fact.certainty} {fact.place.region.start_line}:{fact.place.region.start_column}"
        for fact in facts
        if (path := ".".join(map(str, fact.path[1:]))).startswith(prefixes)
    ]


def reasons(facts: list[Fact], prefix: str) -> list[str]:
    return [fact.reason for fact in facts if ".".join(map(str, fact.path[1:])).startswith(prefix)]


def model(parameters: str, more: str = "") -> str:
    return f"model_list:\n  - model_name: m\n    litellm_params: {{{parameters}}}\n{more}"


# Backends


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        (
            "model: azure/gpt-4o, api_base: 'https://x.openai.azure.com/'",
            [
                (
                    "network.egress.rules {'name': 'azure/gpt-4o', 'to': {'host': 'x.openai.azure.com'}, 'tls': True}"
                    " certain 3:53"
                )
            ],
        ),
        (
            "model: openai/*",
            ["network.egress.rules {'name': 'openai/*', 'to': {'host': 'api.openai.com'}, 'tls': True} inferred 3:29"],
        ),
        (
            "model: gpt-4o",
            ["network.egress.rules {'name': 'gpt-4o', 'to': {'host': 'api.openai.com'}, 'tls': True} inferred 3:29"],
        ),
        (
            "model: openai/m, base_url: 'http://8.8.8.8:80/v1'",
            ["network.egress.rules {'name': 'openai/m', 'to': {'cidr': '8.8.8.8/32'}, 'tls': False} certain 3:49"],
        ),
        (
            "model: bedrock/c, aws_region_name: eu-west-1",
            [
                (
                    "data.otherFlows {'name': 'bedrock/c', 'kind': 'other', 'hosting': 'third-party',"
                    " 'location': {'region': 'aws:eu-west-1'}} inferred 3:29"
                )
            ],
        ),
        (
            "model: bedrock/c, aws_region_name: os.environ/AWS_REGION",
            ["data.otherFlows {'name': 'bedrock/c', 'kind': 'other', 'hosting': 'third-party'} inferred 3:29"],
        ),
        (
            "model: m, custom_llm_provider: groq",
            ["data.otherFlows {'name': 'm', 'kind': 'other', 'hosting': 'third-party'} inferred 3:29"],
        ),
        ("model: openai/m, api_base: 'http://vllm.llm.svc:8000/v1'", []),
        ("model: openai/m, api_base: 'http://10.0.0.7:8000/v1'", []),
        ("model: openai/m, api_base: 'vllm:8000'", []),
        ("model: hosted_vllm/m", ["data.otherFlows None inconclusive 3:29"]),
        ("model: unheard-of", ["data.otherFlows None inconclusive 3:29"]),
        ("model: '{{ .Values.model }}'", ["data.otherFlows None inconclusive 3:29"]),
        ("model: openai/m, api_base: os.environ/BASE", ["network.egress.rules None inconclusive 3:49"]),
        ("model: openai/m, api_base: '${BASE}'", ["network.egress.rules None inconclusive 3:49"]),
        ("model: openai/m, api_base: 'http://[x'", ["network.egress.rules None inconclusive 3:49"]),
        ("model: openai/m, api_base: 'http://a b'", ["network.egress.rules None inconclusive 3:49"]),
        ("model: openai/m, api_base: {}", ["network.egress.rules None inconclusive 3:49"]),
        ("model: null", []),
        ("model: [openai/m]", []),
    ],
)
def test_a_model_shows_where_its_requests_go(parameters: str, expected: list[str]) -> None:
    assert lines(read(model(parameters)), "network.egress", "data.otherFlows") == expected


def test_an_address_of_two_words_is_a_service_where_the_evidence_has_it() -> None:
    config = model("model: openai/m, api_base: 'http://vllm.llm:8000'")
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: vllm, namespace: llm}\n"
    assert lines(read(config), "network.egress") == [
        "network.egress.rules {'name': 'openai/m', 'to': {'host': 'vllm.llm'}, 'tls': False} certain 3:49"
    ]
    assert lines(read(config, service), "network.egress") == []


def test_a_service_that_stands_for_a_name_outside_leaves() -> None:
    config = model("model: hosted_vllm/m, api_base: '%s'")
    service = (
        "apiVersion: v1\nkind: Service\nmetadata: {name: vllm, namespace: llm}\n"
        "spec: {type: ExternalName, externalName: API.openai.com.}\n"
    )
    for host in ("http://vllm", "http://vllm.llm:80/v1", "http://vllm.llm.svc", "http://vllm.llm.svc.cluster.local/v1"):
        (line,) = lines(read(config % host, service), "network.egress")
        assert "'to': {'host': 'api.openai.com'}" in line
    assert lines(read(config % "http://other.llm.svc", service), "network.egress") == []


def test_a_configuration_that_includes_others_may_say_more() -> None:
    assert lines(read("litellm_settings: {}\ninclude: [more.yaml]\n"), "network") == [
        "network.egress.rules None inconclusive 2:10"
    ]


def test_each_place_that_requests_go_to_is_told_once() -> None:
    found = read(
        "model_list:\n"
        "  - {model_name: a, litellm_params: {model: openai/a}}\n"
        "  - {model_name: b, litellm_params: {model: openai/b}}\n"
        "  - {model_name: c, litellm_params: {model: groq/c}}\n"
        "  - {model_name: d, litellm_params: {model: groq/d}}\n"
        "  - {model_name: e, litellm_params: {model: groq/e}, model_info: {mode: embedding}}\n"
    )
    assert lines(found, "network.egress", "data.otherFlows") == [
        "network.egress.rules {'name': 'openai/a', 'to': {'host': 'api.openai.com'}, 'tls': True} inferred 2:45",
        "data.otherFlows {'name': 'groq/c', 'kind': 'other', 'hosting': 'third-party'} inferred 4:45",
        "data.otherFlows {'name': 'groq/e', 'kind': 'embedding', 'hosting': 'third-party'} inferred 6:45",
    ]


def test_files_tuning_and_passing_through_leave_as_well() -> None:
    found = read(
        model(
            "model: hosted_vllm/m, api_base: 'http://vllm'",
            "files_settings: [{custom_llm_provider: openai}, {x: y}]\n"
            "finetune_settings: [{custom_llm_provider: azure, api_base: os.environ/B}]\n"
            "general_settings:\n  store_model_in_db: true\n  pass_through_endpoints:\n"
            "    - {path: /rerank, target: 'https://api.cohere.com/v1/rerank'}\n"
            "    - {path: /own, target: 'http://own'}\n"
            "    - {path: /again, target: 'https://api.cohere.com/v2'}\n"
            "    - {path: /open}\n",
        )
    )
    assert lines(found, "network.egress") == [
        "network.egress.rules {'name': 'openai', 'to': {'host': 'api.openai.com'}, 'tls': True} inferred 4:40",
        "network.egress.rules None inconclusive 5:60",
        "network.egress.rules None inconclusive 7:22",
        "network.egress.rules {'name': '/rerank', 'to': {'host': 'api.cohere.com'}, 'tls': True} certain 9:31",
        "network.egress.rules None inconclusive 12:7",
    ]


# Fallbacks


def test_a_fallback_is_a_second_provider_where_another_party_answers() -> None:
    found = read(
        "model_list:\n"
        "  - {model_name: big, litellm_params: {model: openai/gpt-4o}}\n"
        "  - {model_name: other, litellm_params: {model: anthropic/claude-x}}\n"
        "  - {model_name: small, litellm_params: {model: openai/gpt-4o-mini}}\n"
        "  - {model_name: own, litellm_params: {model: hosted_vllm/org/m, api_base: 'http://vllm'}}\n"
        "  - {model_name: any, litellm_params: {model: 'openai/*'}}\n"
        "  - {model_name: like, litellm_params: {model: openai/n, api_base: 'https://llm.example.com'}}\n"
        "  - {model_name: unknown, litellm_params: {model: x, api_base: os.environ/X}}\n"
        "litellm_settings:\n"
        "  fallbacks: [{big: [other, small, own, any, unknown, like, gone, '${F}', other, null]}]\n"
        "  default_fallbacks: [small]\n"
        "  context_window_fallbacks: [{big: [own]}]\n"
        "router_settings: {default_fallbacks: [big]}\n"
    )
    assert lines(found, "vendor.fallbacks") == [
        (
            "vendor.fallbacks {'name': 'other', 'model': 'claude-x', 'hosting': 'third-party',"
            " 'kind': 'second-provider'} certain 10:22"
        ),
        "vendor.fallbacks {'name': 'small', 'model': 'gpt-4o-mini', 'hosting': 'third-party'} certain 10:29",
        "vendor.fallbacks {'name': 'own', 'model': 'org/m', 'hosting': 'self'} certain 10:36",
        "vendor.fallbacks {'name': 'any', 'hosting': 'third-party'} certain 10:41",
        "vendor.fallbacks {'name': 'unknown', 'model': 'x'} certain 10:46",
        "vendor.fallbacks {'name': 'like', 'model': 'n'} certain 10:55",
        "vendor.fallbacks {'name': 'gone'} inconclusive 10:61",
        "vendor.fallbacks None inconclusive 10:67",
        "vendor.fallbacks {'name': 'big', 'model': 'gpt-4o', 'hosting': 'third-party'} certain 13:39",
    ]


# Limits


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (model("model: openai/m, tpm: 100"), ["inputs.rateLimits None inconclusive 3:44"]),
        (
            model(
                "model: openai/m, tpm: 100", "router_settings: {optional_pre_call_checks: [enforce_model_rate_limits]}"
            ),
            ["inputs.rateLimits {'unit': 'tokens', 'limit': 100, 'per': 'minute'} certain 3:44"],
        ),
        (
            (
                "model_list:\n  - {model_name: a, litellm_params: {model: openai/a, rpm: 5}}\n"
                "  - {model_name: b, litellm_params: {model: openai/b}}\n"
                "router_settings: {optional_pre_call_checks: [enforce_model_rate_limits]}\n"
            ),
            ["inputs.rateLimits None inconclusive 2:60"],
        ),
        (
            "litellm_settings: {default_key_generate_params: {tpm_limit: 7, rpm_limit: x}}",
            [
                "inputs.rateLimits {'unit': 'tokens', 'limit': 7, 'per': 'minute'} inferred 1:61",
                "inputs.rateLimits None inconclusive 1:75",
            ],
        ),
        (
            "litellm_settings: {default_key_generate_params: {tpm_limit: -1}}",
            ["inputs.rateLimits None inconclusive 1:61"],
        ),
    ],
)
def test_a_limit_counts_where_the_proxy_enforces_it(text: str, expected: list[str]) -> None:
    assert lines(read(text), "inputs.rateLimits") == expected


# Guards


def test_a_guard_that_always_runs_leaves_open_whether_anything_goes_past_the_proxy() -> None:
    found = read(GUARD)
    assert lines(found, "inputs.guards", "outputs") == [
        "inputs.guards {'name': 'pii', 'model': 'presidio', 'detects': ['pii']} certain 3:21",
        "inputs.guards {'name': 'pii', 'model': 'presidio'} inconclusive 3:21",
    ]
    assert "past the proxy" in reasons(found, "inputs.guards")[1]


@pytest.mark.parametrize("written", ["default_on: false", "x: y", "default_on: null"])
def test_a_guard_that_must_be_asked_for_is_not_on_every_path(written: str) -> None:
    assert lines(read(GUARD.replace("default_on: true", written)), "inputs") == [
        "inputs.guards {'name': 'pii', 'model': 'presidio', 'detects': ['pii'], 'onPath': False} certain 3:21"
    ]


@pytest.mark.parametrize(
    ("models", "on_path"),
    [
        ("[{model_name: a, litellm_params: {model: m, guardrails: [pii]}}]", False),
        (
            (
                "[{model_name: a, litellm_params: {model: m, guardrails: [pii]}},"
                " {model_name: b, litellm_params: {model: m}}]"
            ),
            True,
        ),
    ],
)
def test_a_guard_of_every_model_runs_always(models: str, on_path: bool) -> None:
    text = GUARD.replace("model_list: []", f"model_list: {models}").replace("default_on: true", "x: y")
    assert any("'onPath': False" in line for line in lines(read(text), "inputs.guards")) is on_path


def test_a_guard_that_only_logs_blocks_nothing() -> None:
    assert lines(read(GUARD.replace("pre_call", "logging_only")), "inputs", "outputs")[::2] == [
        "inputs.guards {'name': 'pii', 'model': 'presidio', 'detects': ['pii'], 'action': 'flag'} certain 3:21",
        "outputs.guards {'name': 'pii', 'model': 'presidio', 'detects': ['pii'], 'action': 'flag'} certain 3:21",
    ]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("guardrail: presidio, pii_entities_config: {A: MASK, B: MASK}", "'action': 'redact'"),
        ("guardrail: presidio, pii_entities_config: {A: BLOCK}", "'action': 'block'"),
        ("guardrail: presidio, pii_entities_config: {A: BLOCK, B: MASK}", "'detects': ['pii']}"),
        ("guardrail: model_armor, unreachable_fallback: fail_closed, fail_on_error: false", "'failClosed': False"),
        ("guardrail: model_armor, fail_on_error: true", "'failClosed': True"),
        ("guardrail: presidio, unreachable_fallback: fail_closed", "'detects': ['pii']}"),
        ("guardrail: x, fail_on_error: false", "{'name': 'pii'}"),
        (
            "guardrail: generic_guardrail_api, unreachable_fallback: FAIL_CLOSED, fail_on_error: false",
            "'failClosed': False",
        ),
        ("guardrail: bedrock", "'hosting': 'third-party'}"),
        ("guardrail: generic_guardrail_api, unreachable_fallback: fail_open", "'failClosed': False"),
        ("guardrail: generic_guardrail_api, unreachable_fallback: fail_closed", "'failClosed': True"),
        ("guardrail: own.Class", "{'name': 'pii'}"),
    ],
)
def test_what_a_guard_does_is_told_where_it_is_written(parameters: str, expected: str) -> None:
    assert expected in lines(read(GUARD.replace("guardrail: presidio", parameters)), "inputs.guards")[0]


@pytest.mark.parametrize("mode", ["", "[pre_call, never]", "'${MODE}'", "{tags: {}}"])
def test_a_guard_whose_stage_is_not_known_is_inconclusive(mode: str) -> None:
    guard = "{'name': 'pii', 'model': 'presidio'}"
    assert lines(read(GUARD.replace("mode: pre_call", f"mode: {mode}")), "inputs", "outputs") == [
        f"inputs.guards {guard} inconclusive {'4:47' if not mode else '4:49'}",
        f"outputs.guards {guard} inconclusive {'4:47' if not mode else '4:49'}",
    ]


def test_stages_of_one_guard_are_guards_of_their_sides() -> None:
    text = GUARD.replace("pre_call", "[during_call, post_call, pre_call]").replace(
        "default_on: true", "default_on: '${X}'"
    )
    found = read(text + "  - {litellm_params: {}}\n  - {guardrail_name: x}\n")
    assert [line.partition(" ")[0] for line in lines(found, "inputs", "outputs")] == [
        "inputs.guards",
        "outputs.guards",
        "inputs.guards",
        "outputs.guards",
    ]
    assert reasons(found, "inputs") == ["", "whether it always runs is not known"]


def test_pass_through_endpoints_go_past_guards() -> None:
    text = GUARD + "general_settings: {pass_through_endpoints: [{path: /x, target: 'http://x', auth: true}]}\n"
    assert "pass-through" in reasons(read(text), "inputs.guards")[1]


# Exports


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            "success_callback: [langfuse], failure_callback: [langfuse]",
            [
                "{'name': 'langfuse', 'kind': 'langfuse', 'endpoint': 'https://cloud.langfuse.com'} inferred 1:39",
            ],
        ),
        (
            "success_callback: langfuse}\nenvironment_variables: {LANGFUSE_HOST: 'https://u:pw@lf.example.com:8443/x?k=pw'",
            [
                (
                    "{'name': 'langfuse', 'kind': 'langfuse', 'endpoint': 'https://lf.example.com:8443', 'tls': True}"
                    " certain 1:38"
                )
            ],
        ),
        (
            "callbacks: [otel]}\nenvironment_variables: {OTEL_EXPORTER_OTLP_ENDPOINT: os.environ/OTEL",
            ["{'name': 'otel', 'kind': 'otlp'} certain 1:32", "{'name': 'otel'} inconclusive 2:54"],
        ),
        ("callbacks: [otel]", ["{'name': 'otel', 'kind': 'otlp'} certain 1:32", "{'name': 'otel'} inconclusive 1:32"]),
        (
            "callbacks: [otel]}\nenvironment_variables: {OTEL_EXPORTER_OTLP_ENDPOINT: 'otel:4317'",
            ["{'name': 'otel', 'kind': 'otlp', 'endpoint': 'otel:4317'} certain 1:32"],
        ),
        ("callbacks: [datadog]", ["{'name': 'datadog', 'kind': 'datadog'} certain 1:32"]),
        ("callbacks: [lunary]", ["{'name': 'lunary', 'kind': 'other'} inferred 1:32"]),
        ("callbacks: [own.module]", ["None inconclusive 1:32"]),
        ("callbacks: ['${CALLBACK}']", ["None inconclusive 1:32"]),
        ("callbacks: [prometheus, null]", []),
        ("callbacks: {}", []),
        (
            "default_team_settings: [{success_callback: [langfuse], langfuse_host: 'https://us.cloud.langfuse.com'}]",
            [
                (
                    "{'name': 'langfuse', 'kind': 'langfuse', 'endpoint': 'https://us.cloud.langfuse.com', 'tls': True}"
                    " certain 1:64"
                )
            ],
        ),
    ],
)
def test_a_callback_is_an_export(settings: str, expected: list[str]) -> None:
    found = read(f"litellm_settings: {{{settings}}}")
    assert lines(found, "observability.exports") == [f"observability.exports {line}" for line in expected]
    assert "pw" not in repr(found)


def test_callbacks_are_given_messages_unless_that_is_turned_off() -> None:
    text = "litellm_settings: {callbacks: [datadog], turn_off_message_logging: %s}"
    assert lines(read(text % "false"), "observability.runLog") == ["observability.runLog.rawText True inferred 1:68"]
    assert lines(read(text % "true"), "observability.runLog") == []


def test_a_cache_is_a_store() -> None:
    assert lines(read("litellm_settings: {cache: true}"), "data.stores") == [
        "data.stores {'name': 'redis', 'kind': 'cache'} certain 1:27"
    ]
    assert lines(read("litellm_settings: {cache: true, cache_params: {type: '${T}'}}"), "data.stores") == []
    assert lines(read("litellm_settings: {cache: false}"), "data.stores") == []


# Callers


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("{master_key: sk-1234}", ["api-key certain 2:32"]),
        ("{master_key: os.environ/KEY}", ["api-key inferred 2:32"]),
        ("{master_key: '${KEY}'}", ["None inconclusive 2:32"]),
        ("{master_key: ''}", ["None inconclusive 2:32"]),
        ("{}", ["None inconclusive 2:19"]),
        ("{enable_jwt_auth: true, master_key: sk-1234}", ["oidc certain 2:37"]),
        ("{enable_jwt_auth: false, master_key: sk-1234}", ["api-key certain 2:56"]),
        ("{custom_auth: own.auth}", ["None inconclusive 2:33"]),
        (
            "{master_key: sk-1234, pass_through_endpoints: [{path: /x, target: 'http://x'}]}",
            ["api-key certain 2:32", "None inconclusive 2:73"],
        ),
    ],
)
def test_what_a_caller_must_show(settings: str, expected: list[str]) -> None:
    found = read(f"model_list: [{{litellm_params: {{}}}}]\ngeneral_settings: {settings}\n")
    assert lines(found, "network.ingress") == [f"network.ingress.authentication {line}" for line in expected]


def test_a_key_that_is_written_is_told_by_its_place_alone() -> None:
    found = read(
        "model_list:\n"
        "  - {model_name: a, litellm_params: {model: openai/a, api_key: sk-verysecretverysecret1}}\n"
        "  - {model_name: b, litellm_params: {model: openai/b, api_key: os.environ/KEY}}\n"
        "  - {model_name: c, litellm_params: {model: openai/c, api_key: none, api_base: 'http://vllm'}}\n"
        "guardrails: [{guardrail_name: g, litellm_params: {mode: pre_call, api_key: secretsecret}}]\n"
        "router_settings: {redis_password: secretsecret}\n"
        "general_settings: {master_key: sk-verysecret}\n"
    )
    assert lines(found, "security") == [
        "security.secrets.store none certain 2:64",
        "security.secrets.store none certain 5:76",
        "security.secrets.store none certain 6:35",
        "security.secrets.store none certain 7:32",
    ]
    assert "secretsecret" not in repr(found)
    assert "sk-very" not in repr(found)


# Places and shapes


def test_a_configuration_in_a_config_map_has_its_own_lines() -> None:
    text = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: gate, namespace: llm}\ndata:\n"
        "  other.txt: plain\n  number: 1\n  notes: litellm_params are in config.yaml\n"
        "  config.yaml: |\n"
        "    model_list:\n      - model_name: m\n        litellm_params:\n          model: openai/gpt-4o\n"
        "  broken.yaml: |\n    model_list:\n    - litellm_params:\n        model: {{ .Values.model }}: x\n"
    )
    found = read(text)
    assert lines(found, "network.egress", "inputs", "outputs", "observability") == [
        "network.egress.rules {'name': 'openai/gpt-4o', 'to': {'host': 'api.openai.com'}, 'tls': True} inferred 12:18",
        "network.egress.rules None inconclusive 13:16",
        "inputs.guards None inconclusive 13:16",
        "outputs.guards None inconclusive 13:16",
        "observability.exports None inconclusive 13:16",
    ]
    assert {fact.subject.partition(",")[0] for fact in found} == {"ConfigMap llm/gate"}


def test_a_configuration_in_the_values_of_a_chart_is_inferred() -> None:
    found = read(
        "replicaCount: 1\nproxy_config:\n  model_list:\n    - litellm_params: {model: x, api_base: 'https://x.de'}\n"
    )
    assert lines(found, "network.egress") == [
        "network.egress.rules {'name': 'x', 'to': {'host': 'x.de'}, 'tls': True} inferred 4:44"
    ]
    assert all(fact.certainty != "certain" for fact in found)
    assert read("proxy_config: {a: b}") == []


def test_telemetry_that_is_switched_on_is_no_opt_out() -> None:
    assert lines(read("litellm_settings: {telemetry: true}"), "network") == [
        "network.telemetryOptOut False inferred 1:31"
    ]
    assert lines(read("litellm_settings: {telemetry: false}"), "network") == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a: b",
        "[]",
        "model_list: [1, null]",
        "guardrails: [{name: x}]",
        "services: {x: {image: y}}\nlitellm_settings: {}",
        "apiVersion: v1\nkind: Secret\nlitellm_settings: {}",
        "apiVersion: v1\nkind: ConfigMap\ndata: null",
        "apiVersion: v1\nkind: ConfigMap\ndata: {a: [litellm_], b: 'litellm_ x: y: z'}",
        "apiVersion: v1\nkind: ConfigMap\ndata: {a: 'litellm_: 1'}",
    ],
)
def test_what_is_not_a_configuration_is_not_read(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize("value", ["null", "1", "x", "[]", "[null, 1, x, [], {}]", "{}", "{a: null}", "{a: [b]}"])
@pytest.mark.parametrize(
    "key", ["model_list", "guardrails", "litellm_settings", "router_settings", "general_settings", "files_settings"]
)
def test_any_value_is_read_without_an_error(key: str, value: str) -> None:
    other = "router_settings" if key == "litellm_settings" else "litellm_settings"
    assert all(fact.certainty != "certain" for fact in read(f"{other}: {{}}\n{key}: {value}\n"))


def test_aliases_are_read_where_they_stand() -> None:
    found = read(
        "x: &p {model: openai/gpt-4o}\nmodel_list:\n  - {model_name: a, litellm_params: *p}\n"
        "  - {model_name: b, litellm_params: *p}\n"
    )
    assert len(lines(found, "network.egress")) == 1


# What else leaves, is kept, or is open


def guarded(parameters: str) -> str:
    return f"guardrails:\n  - guardrail_name: g\n    litellm_params: {{mode: pre_call, {parameters}}}\n"


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        (
            "guardrail: ibm_guardrails, base_url: 'https://guard.example.net/x'",
            ["network.egress.rules {'name': 'g', 'to': {'host': 'guard.example.net'}, 'tls': True} certain 3:75"],
        ),
        (
            "guardrail: presidio, presidio_analyzer_api_base: 'http://8.8.8.8:80'",
            ["network.egress.rules {'name': 'g', 'to': {'cidr': '8.8.8.8/32'}, 'tls': False} certain 3:87"],
        ),
        ("guardrail: unheard_of, api_base: os.environ/WHERE", ["network.egress.rules None inconclusive 3:71"]),
        ("guardrail: ibm_guardrails, base_url: 'https://detectors.a.svc:8443'", []),
        ("guardrail: ibm_guardrails", []),
        ("guardrail: aporia, api_base: 'https://gr.aporia.com/x'", []),
    ],
)
def test_a_guard_outside_is_shown_what_users_write(parameters: str, expected: list[str]) -> None:
    assert lines(read(guarded(parameters)), "network.egress.rules") == expected


def test_a_guard_without_parameters_is_asked_nowhere() -> None:
    assert lines(read(model("model: m") + "guardrails: [{guardrail_name: g}]\n"), "network.egress.rules") == []


def test_tools_of_a_proxy_are_flows_and_those_outside_need_an_opening() -> None:
    servers = (
        "mcp_servers:\n  out: {url: 'https://mcp.example.net/sse'}\n  in: {url: 'http://mcp.a.svc'}\n"
        "  run: {command: npx}\n  open: {url: os.environ/MCP}\n"
    )
    found = lines(read(model("model: hosted_vllm/m, api_base: 'http://localhost:1'", servers)), "data", "network.eg")
    assert found == [
        "data.otherFlows {'name': 'out', 'kind': 'tool'} certain 5:14",
        "network.egress.rules {'name': 'out', 'to': {'host': 'mcp.example.net'}, 'tls': True} certain 5:14",
        "data.otherFlows {'name': 'in', 'kind': 'tool'} certain 6:13",
        "data.otherFlows {'name': 'run', 'kind': 'tool'} certain 7:8",
        "data.otherFlows {'name': 'open', 'kind': 'tool'} certain 8:15",
        "network.egress.rules None inconclusive 8:15",
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("true", ["observability.runLog.rawText True certain 5:32"]),
        ("os.environ/KEEP", ["observability.runLog.rawText None inconclusive 5:32"]),
        ("false", []),
    ],
)
def test_prompts_may_be_kept_beside_the_costs(said: str, expected: list[str]) -> None:
    settings = f"general_settings:\n  store_prompts_in_spend_logs: {said}\n"
    assert lines(read(model("model: m", settings)), "observability.runLog") == expected


def test_alerts_leave_with_what_they_show() -> None:
    found = lines(read(model("model: m", "general_settings:\n  alerting: [slack]\n")), "observability.exports")
    assert found == ["observability.exports {'name': 'slack', 'kind': 'other'} inferred 5:14"]


def test_a_route_that_is_public_asks_for_nothing() -> None:
    routes = "general_settings:\n  enable_jwt_auth: true\n  public_routes: [LiteLLMRoutes.public_routes, /v1/chat]\n"
    assert lines(read(model("model: m", routes)), "network.ingress.authentication") == [
        "network.ingress.authentication oidc certain 5:20",
        "network.ingress.authentication None inconclusive 6:48",
    ]


# What the container of a proxy is told

MOUNTED = """\
apiVersion: v1
kind: ConfigMap
metadata: {{name: proxy}}
data:
  config.yaml: |
    model_list: [{{model_name: m, litellm_params: {{model: hosted_vllm/m, api_base: 'http://localhost:8000'}}}}]
---
apiVersion: v1
kind: Pod
metadata: {{name: proxy}}
spec:
  containers:
    - {{name: proxy, image: litellm, volumeMounts: [{{name: c, mountPath: /etc/litellm}}], {more}}}
  volumes: [{{name: c, configMap: {{name: proxy}}}}]
"""


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("args: [--detailed_debug]", ["observability.runLog.rawText True certain 13:96"]),
        ("args: [--debug]", []),
        ("env: [{name: LITELLM_LOG, value: debug}]", ["observability.runLog.rawText True certain 13:122"]),
        ("env: [{name: LITELLM_LOG, value: INFO}]", []),
        (
            "env: [{name: LITELLM_LOG, valueFrom: {configMapKeyRef: {name: gone, key: a}}}]",
            ["observability.runLog.rawText None inconclusive 13:95"],
        ),
        (
            "env: [{name: STORE_MODEL_IN_DB, value: 'True'}]",
            ["network.egress.rules None inconclusive 13:128"],
        ),
        ("env: [{name: STORE_MODEL_IN_DB, value: 'False'}]", []),
        (
            "envFrom: [{configMapRef: {name: gone}}]",
            ["observability.runLog.rawText None inconclusive 13:14", "network.egress.rules None inconclusive 13:14"],
        ),
    ],
)
def test_what_a_proxy_is_started_with_counts_beside_its_configuration(more: str, expected: list[str]) -> None:
    found = read(MOUNTED.format(more=more))

    assert lines(found, "observability.runLog.rawText", "network.egress.rules") == expected


def test_a_proxy_that_is_told_to_be_verbose_logs_prompts() -> None:
    found = read(model("model: hosted_vllm/m", "litellm_settings: {set_verbose: true}\n"))

    assert lines(found, "observability.runLog.rawText") == ["observability.runLog.rawText True certain 4:33"]


def test_a_callback_of_the_service_is_an_export_and_its_metrics_are_none() -> None:
    more = "litellm_settings: {service_callback: [prometheus_system, datadog]}\n"
    found = read(model("model: hosted_vllm/m", more))

    assert [fact.value for fact in found if fact.path[-1] == "exports"] == [{"name": "datadog", "kind": "datadog"}]
