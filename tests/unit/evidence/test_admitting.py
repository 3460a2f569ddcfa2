"""A proxy in the pod of an engine: whether clients get past it, and so whether its guards are on the path."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy import source
from psfpolicy.evidence.project import Project
from psfpolicy.evidence.readers import envoy_ai_gateway, kubernetes, litellm, observability

if TYPE_CHECKING:
    from types import ModuleType

CONFIG = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: proxy, namespace: llm}
data:
  config.yaml: |
    model_list:
      - model_name: m
        litellm_params: {model: hosted_vllm/m, api_base: "http://localhost:8000/v1"}
    litellm_settings: {callbacks: [prometheus]}
    general_settings: {enable_jwt_auth: true}
    guardrails:
      - guardrail_name: injection
        litellm_params:
          guardrail: ibm_guardrails
          mode: pre_call
          default_on: true
          base_url: https://detectors.llm.svc:8443
          optional_params:
            block_on_detection: true
"""
PODS = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: m, namespace: llm}
spec:
  selector: {matchLabels: {app: m}}
  template:
    metadata: {labels: {app: m}}
    spec:
      containers:
        - name: vllm
          image: vllm/vllm-openai:v0.33.0
          args: [--model=org/m]
          ports: [{name: engine, containerPort: 8000}]
        - name: proxy
          image: ghcr.io/berriai/litellm:v1.107.2
          ports: [{name: proxy, containerPort: 4000}]
          volumeMounts: [{name: config, mountPath: /etc/litellm}]
      volumes: [{name: config, configMap: {name: proxy}}]
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: m, namespace: llm}
spec:
  podSelector: {matchLabels: {app: m}}
  policyTypes: [Ingress]
  ingress:
    - from: [{namespaceSelector: {matchLabels: {name: gateways}}}]
      ports: [{port: 4000}]
    - from: [{podSelector: {matchLabels: {app.kubernetes.io/name: prometheus}}}]
      ports: [{port: 8000}]
"""
GUARD = "inputs.guards {'name': 'injection', 'hosting': 'self', 'action': 'block', 'failClosed': True"
# Streamed responses may go by it, so that it is on their way is only inferred.
ON_PATH = [
    "inputs.guards {'name': 'injection', 'onPath': True} inferred 0.yaml:12:25",
    f"{GUARD}}} certain 0.yaml:12:25",
]
PAST = f"{GUARD}, 'onPath': False}} certain "


def read(reader: ModuleType, about: str, *files: str) -> list[str]:
    documents = tuple(
        document for number, text in enumerate(files) for document in source.read(text.encode(), file=f"{number}.yaml")
    )
    project = Project(documents)
    found = [fact for each in documents if reader.reads(each) for fact in reader.facts(each, project)]
    return [
        f"{path} {fact.value} {fact.certainty} {place.file}:{place.region.start_line}:{place.region.start_column}"
        for fact in found
        if (path := ".".join(map(str, fact.path[1:]))).startswith(about) and (place := fact.place)
    ]


def guards(policy: str = POLICY, pods: str = PODS, config: str = CONFIG) -> list[str]:
    return read(litellm, "inputs.guards", config, pods, policy)


def test_a_guard_is_on_the_path_where_clients_get_at_the_proxy_alone() -> None:
    assert guards() == ON_PATH
    assert guards(POLICY.replace("port: 4000", "port: proxy")) == ON_PATH
    assert guards(POLICY.replace("  policyTypes: [Ingress]\n", "")) == ON_PATH


@pytest.mark.parametrize(
    ("was", "is_", "place"),
    [
        ("port: 4000", "port: 8000", "2.yaml:9:22"),
        ("port: 4000", "port: engine", "2.yaml:9:22"),
        ("port: 4000", "port: 4000, endPort: 9000", "2.yaml:9:22"),
        ("      ports: [{port: 4000}]\n", "", "2.yaml:8:7"),
        ("[{podSelector: {matchLabels: {app.kubernetes.io/name: prometheus}}}]", "[]", "2.yaml:11:22"),
        ("name: prometheus", "name: shop", "2.yaml:11:22"),
        ("from: [{podSelector", "from: [{ipBlock: {cidr: 10.0.0.0/8}}, {podSelector", "2.yaml:11:22"),
    ],
)  # fmt: skip
def test_a_rule_that_lets_clients_get_at_the_engine_takes_the_guard_off_the_path(
    was: str, is_: str, place: str
) -> None:
    assert guards(POLICY.replace(was, is_)) == [PAST + place]


def test_another_policy_of_the_same_pods_may_open_more() -> None:
    more = POLICY.replace("{name: m, ", "{name: more, ").replace("port: 4000", "port: 8000")
    assert guards(f"{POLICY}---\n{more}") == [f"{PAST}2.yaml:21:22"]


OPEN = [ON_PATH[1], "inputs.guards {'name': 'injection'} inconclusive 0.yaml:12:25"]


@pytest.mark.parametrize(
    ("was", "is_"),
    [
        ("port: 4000", "port: 5000"),
        ("port: 4000", "port: '${PORT}'"),
        ("port: 4000", "port: 4000, endPort: '${PORT}'"),
        ("port: 4000", "protocol: TCP"),
        ("    - from: [{namespaceSelector", "    - null\n    - from: [{namespaceSelector"),
        ("    - from: [{namespaceSelector", "    - form: []\n    - from: [{namespaceSelector"),
        ("[Ingress]", "[Egress]"),
        ("[Ingress]", "[Egress, '${TYPE}']"),
        ("[Ingress]", "'${TYPES}'"),
        ("from: [{namespaceSelector: {matchLabels: {name: gateways}}}]", "from: '${PEERS}'"),
        ("ports: [{port: 4000}]", "ports: '${PORTS}'"),
        (POLICY[POLICY.index("  ingress:") :], "  ingress: '${RULES}'\n"),
        ("{app: m}", "{app: other}"),
        ("{app: m}", "{app: '${APP}'}"),
        ("name: m,", "name: '${NAME}',"),
        ("namespace: llm", "namespace: other"),
        ("networking.k8s.io/v1", "networking.k8s.io/v2"),
        (
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy",
            "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy",
        ),
    ],
)
def test_a_policy_that_may_not_hold_or_cannot_be_read_leaves_it_open(was: str, is_: str) -> None:
    assert guards(POLICY.replace(was, is_)) == OPEN


def test_two_policies_of_one_name_leave_it_open() -> None:
    assert guards(f"{POLICY}---\n{POLICY}") == OPEN


@pytest.mark.parametrize(
    ("was", "is_"),
    [
        ("    spec:\n      containers", "    spec:\n      hostNetwork: true\n      containers"),
        ("containerPort: 8000", "containerPort: 8000, hostPort: 8000"),
        ("configMap: {name: proxy}", "configMap: {name: another}"),
        ("metadata: {name: m, namespace: llm}", "metadata: {name: m, namespace: other}"),
        ("kind: Deployment", "kind: Service"),
        ("containerPort: 4000", "containerPort: 4100"),
    ],
)
def test_a_pod_that_is_reached_in_another_way_leaves_it_open(was: str, is_: str) -> None:
    assert guards(pods=PODS.replace(was, is_)) == OPEN


def test_a_port_that_two_containers_declare_is_the_engines_too() -> None:
    assert guards(pods=PODS.replace("containerPort: 8000", "containerPort: 4000")) == [f"{PAST}2.yaml:9:22"]


def test_a_proxy_that_asks_elsewhere_and_an_engine_without_one_leave_it_open() -> None:
    assert guards(config=CONFIG.replace("localhost", "other")) == OPEN
    alone = PODS.replace("name: m, n", "name: n, n")[: PODS.index("        - name: proxy")]
    assert guards(pods=f"{PODS}---\n{alone}") == OPEN


@pytest.mark.parametrize(
    ("was", "is_", "expected"),
    [
        ("block_on_detection: true", "block_on_detection: false", "'action': 'flag', "),
        ("block_on_detection: true", "score_threshold: 0.5", "'action': 'block', "),
        ("block_on_detection: true", "block_on_detection: '${B}'", ""),
    ],
)
def test_a_detector_blocks_unless_it_is_told_not_to(was: str, is_: str, expected: str) -> None:
    _, found = guards(config=CONFIG.replace(was, is_))
    assert found.startswith(f"inputs.guards {{'name': 'injection', 'hosting': 'self', {expected}'failClosed': True")


def test_a_detector_that_only_flags_stands_at_what_says_so() -> None:
    _, found = guards(config=CONFIG.replace("block_on_detection: true", "block_on_detection: false"))
    assert found.endswith("0.yaml:19:33")


def test_a_detector_outside_is_not_said_to_be_ones_own() -> None:
    _, found = guards(config=CONFIG.replace("detectors.llm.svc:8443", "detectors.example.com"))
    assert "hosting" not in found


MONITOR = """\
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: m, namespace: llm}
spec:
  selector: {matchLabels: {app: m}}
  podMetricsEndpoints: [{port: proxy, path: /metrics}]
"""


def test_what_a_proxy_measures_is_collected_at_its_own_port() -> None:
    asked = read(observability, "observability.metrics", CONFIG, PODS, MONITOR)
    assert "observability.metrics token-usage-per-client inferred 2.yaml:6:32" in asked
    for config, monitor in (
        (CONFIG.replace("[prometheus]", "[otel]"), MONITOR),
        (CONFIG, MONITOR.replace("port: proxy", "port: engine")),
        (CONFIG, MONITOR.replace("path: /metrics", "path: /other")),
        (CONFIG, MONITOR.replace("port: proxy, ", "")),
    ):
        asked = read(observability, "observability.metrics", config, PODS, monitor)
        assert "token-usage-per-client" not in " ".join(asked)


ROUTE = """\
apiVersion: v1
kind: Service
metadata: {name: m, namespace: llm}
spec: {selector: {app: m}, ports: [{port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: m, namespace: llm}
spec:
  parentRefs: [{name: gate}]
  rules: [{backendRefs: [{name: m, port: 80}]}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gate, namespace: llm}
spec:
  gatewayClassName: envoy
  infrastructure:
    annotations: {networking.gke.io/load-balancer-type: Internal}
  listeners: [{name: https, protocol: HTTPS, port: 443}]
"""
SECURITY = """\
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: SecurityPolicy
metadata: {name: m, namespace: llm}
spec:
  targetRefs: [{kind: HTTPRoute, name: m}]
  jwt: {providers: [{name: shop}]}
"""


def test_annotations_of_a_gateway_say_from_where_its_load_balancer_is_reached() -> None:
    exposure = "network.ingress.exposure"
    assert read(kubernetes, exposure, PODS, ROUTE) == [f"{exposure} private inferred 1.yaml:19:57"]
    assert read(kubernetes, exposure, PODS, ROUTE.replace("Internal", "External")) == [
        f"{exposure} public inferred 1.yaml:10:23"
    ]


@pytest.mark.parametrize("target", ["kind: HTTPRoute, name: m", "kind: Gateway, name: gate"])
def test_a_policy_on_a_route_to_a_model_says_how_callers_show_who_they_are(target: str) -> None:
    policy = SECURITY.replace("kind: HTTPRoute, name: m", target)
    authentication = "network.ingress.authentication"
    assert read(envoy_ai_gateway, authentication, PODS, ROUTE, policy) == [f"{authentication} oidc certain 2.yaml:6:8"]


def test_a_policy_on_one_of_two_routes_leaves_the_other_open() -> None:
    other = "---".join(ROUTE.split("---")[1:2])
    other = other.replace("metadata: {name: m,", "metadata: {name: other,")
    authentication = "network.ingress.authentication"
    found = read(envoy_ai_gateway, authentication, PODS, ROUTE, SECURITY, other)
    assert found == [f"{authentication} None inconclusive 2.yaml:6:8"]


RULES = """\
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: m, namespace: llm}
spec:
  groups:
    - name: m
      rules:
        - alert: Spend
          expr: increase(litellm_spend_metric_total[1h]) > 2
          for: 5m
          labels: {severity: page}
"""


def test_an_alert_without_an_owner_stands_at_its_labels() -> None:
    alerts = "observability.alerts"
    assert read(observability, alerts, RULES) == [
        f"{alerts} {{'name': 'Spend', 'signal': 'cost-anomaly'}} certain 0.yaml:11:11"
    ]


def test_a_recording_that_is_written_as_an_alert_leaves_alerts_open() -> None:
    alerts = "observability.alerts"
    assert read(observability, alerts, RULES.replace("alert: Spend", "record: spend")) == [
        f"{alerts} None inconclusive 0.yaml:8:19"
    ]
    plain = RULES.replace("alert: Spend", "record: spend").replace("          for: 5m\n", "")
    assert read(observability, alerts, plain) == []
