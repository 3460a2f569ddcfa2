"""Envoy AI Gateway: backends, fallbacks, limits, callers and logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy import source
from psfpolicy.evidence.project import Project
from psfpolicy.evidence.readers import envoy_ai_gateway

if TYPE_CHECKING:
    from psfpolicy.model.fact import Fact

ROUTE = """\
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIGatewayRoute
metadata: {name: route, namespace: llm}
spec:
  parentRefs: [{name: gate, kind: Gateway}]
  llmRequestCosts:
    - {metadataKey: out, type: OutputToken}
    - {metadataKey: cel, type: CEL, cel: "1"}
  rules:
    - backendRefs: [{name: first}, {name: second, priority: 1, modelNameOverride: small}]
"""
BACKENDS = """\
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIServiceBackend
metadata: {name: first, namespace: llm}
spec: {backendRef: {name: first, kind: Backend, group: gateway.envoyproxy.io}}
---
apiVersion: aigateway.envoyproxy.io/v1beta1
kind: AIServiceBackend
metadata: {name: second, namespace: llm}
spec: {backendRef: {name: second, kind: Backend, group: gateway.envoyproxy.io}}
---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: Backend
metadata: {name: first, namespace: llm}
spec: {endpoints: [{fqdn: {hostname: api.openai.com, port: 443}}]}
---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: Backend
metadata: {name: second, namespace: llm}
spec: {endpoints: [{fqdn: {hostname: api.anthropic.com, port: 443}}]}
"""
LIMIT = """\
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: BackendTrafficPolicy
metadata: {name: limit, namespace: llm}
spec:
  targetRefs: [{name: gate, kind: Gateway}]
  rateLimit:
    type: Global
    global:
      rules:
        - limit: {requests: 100, unit: Hour}
          cost:
            request: {from: Number, number: 0}
            response: {from: Metadata, metadata: {namespace: io.envoy.ai_gateway, key: out}}
"""
PROXY = """\
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: EnvoyProxy
metadata: {name: logs, namespace: llm}
spec:
  telemetry:
    accessLog:
      settings:
        - format: {json: {path: "%REQ(:PATH)%", tokens: "%DYNAMIC_METADATA(io.envoy.ai_gateway:out)%"}}
          sinks: [{type: File, file: {path: /dev/stdout}}]
"""
GATEWAY = (
    "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: gate, namespace: llm}\n"
    "spec: {infrastructure: {parametersRef: {kind: EnvoyProxy, name: logs}}}\n"
)


def read(*files: str) -> list[Fact]:
    documents = tuple(
        document for number, text in enumerate(files) for document in source.read(text.encode(), file=f"{number}.yaml")
    )
    project = Project(documents)
    return [
        fact for each in documents if envoy_ai_gateway.reads(each) for fact in envoy_ai_gateway.facts(each, project)
    ]


def lines(facts: list[Fact], *prefixes: str) -> list[str]:
    return [
        f"{path} {fact.value} {fact.certainty} {fact.place.region.start_line}:{fact.place.region.start_column}"
        for fact in facts
        if (path := ".".join(map(str, fact.path[1:]))).startswith(prefixes or ("",))
    ]


# Backends


def test_backends_outside_are_openings_and_the_second_takes_over() -> None:
    assert lines(read(ROUTE, BACKENDS)) == [
        "vendor.fallbacks {'name': 'second', 'model': 'small', 'kind': 'second-provider'} certain 10:43",
        "network.egress.rules {'name': 'first', 'to': {'host': 'api.openai.com'}} certain 14:38",
        "network.egress.rules {'name': 'second', 'to': {'host': 'api.anthropic.com'}} certain 19:38",
    ]


def test_a_backend_at_the_same_host_is_no_second_provider() -> None:
    found = read(ROUTE.replace("small", "'${MODEL}'"), BACKENDS.replace("api.anthropic.com", "api.openai.com"))
    assert lines(found, "vendor") == ["vendor.fallbacks {'name': 'second'} certain 10:43"]


def test_backends_that_are_not_there_are_inconclusive() -> None:
    assert lines(read(ROUTE)) == [
        "data.otherFlows None inconclusive 10:28",
        "data.otherFlows None inconclusive 10:43",
        "vendor.fallbacks {'name': 'second', 'model': 'small'} certain 10:43",
    ]
    service = "\n".join(BACKENDS.splitlines()[:4]) + "\n"
    assert lines(read(service)) == ["network.egress.rules None inconclusive 4:27"]
    assert read(service.replace("kind: Backend,", "kind: Service,")) == []


def test_a_pool_is_another_readers() -> None:
    text = ROUTE.replace("{name: first}", "{name: pool, kind: InferencePool, group: inference.networking.k8s.io}")
    assert lines(read(text, BACKENDS), "data") == []


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("fqdn: {hostname: vllm.llm.svc.cluster.local}", []),
        ("ip: {address: 10.0.0.1}", []),
        ("ip: {address: 8.8.8.8}", ["{'name': 'b', 'to': {'cidr': '8.8.8.8/32'}} certain 4:35"]),
        ("fqdn: {hostname: '${HOST}'}", ["None inconclusive 4:38"]),
        ("unix: {path: /x}", []),
        ("other: x", ["None inconclusive 4:20"]),
    ],
)
def test_an_endpoint_is_inside_or_leaves(endpoint: str, expected: list[str]) -> None:
    head = "apiVersion: gateway.envoyproxy.io/v1alpha1\nkind: Backend\nmetadata: {name: b}\n"
    text = f"{head}spec: {{endpoints: [{{{endpoint}}}]}}\n"
    assert lines(read(text)) == [f"network.egress.rules {line}" for line in expected]


def test_a_policy_encrypts_the_way_to_a_backend() -> None:
    policy = (
        "apiVersion: gateway.networking.k8s.io/v1\nkind: BackendTLSPolicy\nmetadata: {name: t, namespace: %s}\n"
        "spec: {targetRefs: [{kind: Backend, name: first}, {kind: Service, name: x}]}\n"
    )
    assert "'tls': True" in lines(read(BACKENDS, policy % "llm"))[0]
    assert "tls" not in lines(read(BACKENDS, policy % "other"))[0]
    assert "'tls': True" in lines(read(BACKENDS.replace("spec: {endpoints", "spec: {tls: {}, endpoints")))[0]


# Limits


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("x", "x", "{'unit': 'tokens', 'limit': 100, 'per': 'hour'} certain"),
        ("key: out", "key: gone", "None inconclusive"),
        ("key: out", "key: cel", "None inconclusive"),
        ("io.envoy.ai_gateway", "other", "None inconclusive"),
        ("name: gate", "name: other", "None inconclusive"),
        ("namespace: llm", "namespace: other", "None inconclusive"),
        ("requests: 100", "requests: many", "None inconclusive"),
        ("kind: Gateway, name: gate", "kind: HTTPRoute, name: route", "{'unit': 'tokens'"),
        ("targetRefs: [{name: gate, kind: Gateway}]", "targetRef: {name: route, kind: HTTPRoute}", "{'unit': 'tokens'"),
        ("targetRefs: [{name: gate, kind: Gateway}]", "x: y", "None inconclusive"),
        ("Global\n    global:", "Local\n    local:", "{'unit': 'tokens', 'limit': 100, 'per': 'hour'} inferred"),
        ("type: Global", "type: Local", "None inconclusive"),
        ("response: {from: Metadata", "response: {from: Number", "None inconclusive"),
        ("cost:", "other:", "{'unit': 'requests', 'limit': 100, 'per': 'hour'} certain"),
        ("- limit", "- clientSelectors: [{headers: [{name: t, type: Distinct}]}]\n          limit", "'hour'} inferred"),
        ("- limit", "- clientSelectors: [{sourceCIDR: {type: Distinct}}]\n          limit", "'hour'} certain"),
        ("- limit", "- clientSelectors: [{sourceCIDR: {value: 10.0.0.0/8}}]\n          limit", "None inconclusive"),
        ("- limit", "- clientSelectors: [{headers: [{name: t, value: a}]}]\n          limit", "None inconclusive"),
    ],
)
def test_a_limit_counts_tokens_where_a_route_counts_them(old: str, new: str, expected: str) -> None:
    (found,) = lines(read(LIMIT.replace(old, new), ROUTE), "inputs.rateLimits")
    assert expected in found


def test_how_much_one_of_several_limits_allows_is_not_held_against_a_declared_one() -> None:
    rule = LIMIT[LIMIT.index("        - limit") :]
    assert lines(read(LIMIT + rule.replace("100", "200"), ROUTE), "inputs.rateLimits") == [
        "inputs.rateLimits {'unit': 'tokens', 'per': 'hour'} certain 10:29",
        "inputs.rateLimits {'unit': 'tokens', 'per': 'hour'} certain 14:29",
    ]


def test_a_route_that_counts_nothing_leaves_the_limit_open() -> None:
    other = ROUTE.replace("name: route", "name: other").replace("metadataKey: out", "metadataKey: mine")
    (found,) = lines(read(LIMIT, ROUTE, other), "inputs.rateLimits")
    assert "inconclusive" in found


def test_a_limit_that_some_routes_do_without_is_open() -> None:
    on_route = LIMIT.replace("kind: Gateway, name: gate", "x").replace(
        "name: gate, kind: Gateway", "name: route, kind: HTTPRoute"
    )
    other = ROUTE.replace("name: route", "name: other")
    assert "certain" in lines(read(on_route, ROUTE), "inputs")[0]
    assert "inconclusive" in lines(read(on_route, ROUTE, other), "inputs")[0]
    assert (
        "inconclusive"
        in lines(read(LIMIT.replace("kind: Gateway", "kind: Gateway, sectionName: a"), ROUTE), "inputs")[0]
    )


def test_a_policy_on_a_route_takes_the_place_of_the_gateways() -> None:
    own = LIMIT[: LIMIT.index("spec:")] + "spec: {targetRefs: [{name: route, kind: HTTPRoute}]}\n"
    assert lines(read(own, LIMIT, ROUTE), "inputs") == [
        "inputs.rateLimits None inconclusive 3:18",
        "inputs.rateLimits {'unit': 'tokens', 'limit': 100, 'per': 'hour'} certain 10:29",
    ]
    assert lines(read(own, ROUTE), "inputs") == []


# Callers


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("jwt: {providers: []}", ["oidc certain 4:68"]),
        ("jwt: {optional: true}", ["None inconclusive 4:79"]),
        ("oidc: {}", ["oidc certain 4:69"]),
        ("apiKeyAuth: {}", ["api-key certain 4:75"]),
        ("cors: {}", []),
        ("extAuth: {}", ["None inconclusive 4:75"]),
    ],
)
def test_a_security_policy_on_the_way_to_a_model_asks_callers(spec: str, expected: list[str]) -> None:
    text = (
        "apiVersion: gateway.envoyproxy.io/v1alpha1\nkind: SecurityPolicy\nmetadata: {name: s, namespace: llm}\n"
        f"spec: {{targetRefs: [{{name: gate, kind: Gateway, section: abcdefg}}], {spec}}}\n"
    )
    assert [line.rpartition(":")[0] for line in lines(read(text, ROUTE), "network.ingress")] == [
        f"network.ingress.authentication {line}".rpartition(":")[0] for line in expected
    ]
    assert lines(read(text), "network.ingress") == []


def test_a_policy_that_leaves_out_a_route_or_replaces_another_proves_nothing() -> None:
    text = (
        "apiVersion: gateway.envoyproxy.io/v1alpha1\nkind: SecurityPolicy\nmetadata: {name: s, namespace: llm}\n"
        "spec: {targetRefs: [{name: %s}], %s}\n"
    )
    whole, part = text % ("gate, kind: Gateway", "jwt: {}"), text % ("route, kind: HTTPRoute", "jwt: {}")
    other = ROUTE.replace("name: route", "name: other")
    assert "certain" in lines(read(whole, ROUTE, other), "network.ingress")[0]
    assert "inconclusive" in lines(read(part, ROUTE, other), "network.ingress")[0]
    replaced = lines(read(whole, text % ("route, kind: HTTPRoute", "cors: {}"), ROUTE), "network.ingress")
    assert [line.split()[2] for line in replaced] == ["certain", "inconclusive"]


# Logs


def test_an_access_log_records_the_tokens_that_a_route_counts() -> None:
    assert lines(read(PROXY, ROUTE, GATEWAY), "observability") == ["observability.runLog.fields tokens certain 8:57"]
    assert lines(read(PROXY, ROUTE), "observability") == ["observability.runLog.fields None inconclusive 8:57"]
    assert lines(read(PROXY, GATEWAY), "observability") == []


@pytest.mark.parametrize(
    ("sink", "expected"),
    [
        (
            "{type: OpenTelemetry, openTelemetry: {host: otel.example.com, port: 4317}}",
            "{'name': 'logs', 'kind': 'otlp', 'carries': ['logs'], 'endpoint': 'otel.example.com:4317'} certain",
        ),
        (
            "{type: OpenTelemetry, openTelemetry: {host: otel}}",
            "{'name': 'logs', 'kind': 'otlp', 'carries': ['logs'], 'endpoint': 'otel'} certain",
        ),
        ("{type: OpenTelemetry, openTelemetry: {backendRefs: []}}", "None inconclusive"),
        ("{type: ALS}", "None inconclusive"),
        ("{}", ""),
    ],
)
def test_a_sink_of_access_logs_is_an_export(sink: str, expected: str) -> None:
    found = lines(read(PROXY.replace("{type: File, file: {path: /dev/stdout}}", sink)), "observability.exports")
    assert (f"observability.exports {expected}" in found[0]) if expected else found == []


# Shapes


@pytest.mark.parametrize("value", ["null", "1", "x", "[]", "[null, 1, x, [], {}]", "{}", "{a: null}"])
@pytest.mark.parametrize(
    "key", ["endpoints", "targetRefs", "rules", "parentRefs", "rateLimit", "telemetry", "backendRef", "llmRequestCosts"]
)
@pytest.mark.parametrize("text", [ROUTE, BACKENDS, LIMIT, PROXY])
def test_any_value_is_read_without_an_error(text: str, key: str, value: str) -> None:
    head = text[: text.index("spec:")]
    assert all(fact.certainty != "certain" for fact in read(f"{head}spec: {{{key}: {value}}}\n"))


def test_objects_in_a_list_are_read_and_others_are_not() -> None:
    body = "".join(f"    {line}\n" for line in BACKENDS.split("---\n")[2].splitlines())
    listed = f"apiVersion: v1\nkind: List\nitems:\n  -\n{body}"
    assert lines(read(listed)) == [
        "network.egress.rules {'name': 'first', 'to': {'host': 'api.openai.com'}} certain 8:42"
    ]
    assert read(BACKENDS.replace("envoyproxy.io", "example.com"), "a: b") == []
