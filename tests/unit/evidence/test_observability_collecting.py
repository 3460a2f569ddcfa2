"""The reader of observability: what collects metrics, and what sends them on."""

from __future__ import annotations

import pytest

from psfpolicy.evidence.readers import observability
from tests.unit.evidence.observed import lines, read, reasons

EXPORTS = "spec.observability.exports"
METRICS = "spec.observability.metrics"
SERVER = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: vllm, namespace: llm}
spec:
  selector: {matchLabels: {app: vllm}}
  template:
    metadata: {labels: {app: vllm}}
    spec:
      containers:
        - {name: vllm, image: "vllm/vllm-openai:v0.33.0", args: [--model, org/model]}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: vllm, namespace: llm, labels: {app: vllm}}
spec: {selector: {app: vllm}}
"""
VLLM = [
    "requests",
    "latency",
    "throughput",
    "token-usage",
    "stop-reasons",
    "queue-depth",
    "kv-cache-usage",
    "time-to-first-token",
    "preemptions",
]


def monitor(kind: str, more: str = "", group: str = "monitoring.coreos.com/v1") -> str:
    return (
        f"apiVersion: {group}\nkind: {kind}\nmetadata: {{name: m, namespace: llm}}\nspec:\n"
        f"  selector: {{matchLabels: {{app: vllm}}}}\n  endpoints: [{{port: http}}]\n{more}"
    )


@pytest.mark.parametrize(
    ("kind", "group"),
    [
        ("ServiceMonitor", "monitoring.coreos.com/v1"),
        ("PodMonitor", "monitoring.coreos.com/v1"),
        ("VMServiceScrape", "operator.victoriametrics.com/v1beta1"),
        ("VMPodScrape", "operator.victoriametrics.com/v1beta1"),
    ],
)
def test_what_a_monitor_chooses_is_inferred_to_be_measured(kind: str, group: str) -> None:
    found = read(observability, monitor(kind, group=group), SERVER, SERVICE)
    assert lines(found) == [f"metrics {word} inferred 6:22" for word in VLLM]
    assert {fact.workload for fact in found} == {"Deployment llm/vllm, container vllm"}


@pytest.mark.parametrize(
    "change",
    [
        ("app: vllm", "app: web"),
        ("namespace: llm", "namespace: other"),
        ("port: http", "port: http, path: /other"),
        ("[{port: http}]", "[]"),
        ("endpoints: [{port: http}]", "x: 1"),
    ],
)
def test_what_a_monitor_does_not_choose_is_not(change: tuple[str, str]) -> None:
    for kind in ("ServiceMonitor", "PodMonitor"):
        assert read(observability, monitor(kind).replace(*change), SERVER, SERVICE) == []


def test_a_monitor_reaches_other_namespaces_where_it_says_so() -> None:
    text = monitor("PodMonitor").replace("namespace: llm", "namespace: obs")
    assert read(observability, text, SERVER) == []
    assert read(observability, text + "  namespaceSelector: {any: true}\n", SERVER)
    assert read(observability, text + "  namespaceSelector: {matchNames: [llm]}\n", SERVER)
    assert not read(observability, text + "  namespaceSelector: {matchNames: [web]}\n", SERVER)


def test_an_engine_that_is_told_to_measure_nothing_is_left_open() -> None:
    server = SERVER.replace("org/model]", "org/model, --disable-log-stats]")
    assert lines(read(observability, monitor("PodMonitor"), server)) == ["metrics None inconclusive 6:22"]


def test_an_engine_that_measures_only_when_told_to_measures_nothing_else() -> None:
    server = SERVER.replace("vllm/vllm-openai:v0.33.0", "lmsysorg/sglang:v0.5.0").replace(
        "args: [--model, org/model]", "command: [python3, -m, sglang.launch_server, --model-path, org/model]"
    )
    assert [fact.certainty for fact in read(observability, monitor("PodMonitor"), server)] == ["inconclusive"]
    told = server.replace("org/model]", "org/model, --enable-metrics]")
    assert len(read(observability, monitor("PodMonitor"), told)) == 7


def test_pods_that_are_annotated_to_be_scraped_are_measured() -> None:
    notes = SERVER.replace(
        "labels: {app: vllm}}\n    spec", "labels: {app: vllm}, annotations: {prometheus.io/scrape: 'true'}}\n    spec"
    )
    assert [fact.value for fact in read(observability, notes)] == VLLM
    assert read(observability, notes.replace("'true'", "'false'")) == []
    assert read(observability, notes.replace("'true'", "'true', prometheus.io/path: /x")) == []


@pytest.mark.parametrize("kind", ["PodMonitoring", "ClusterPodMonitoring"])
def test_managed_collection_sends_metrics_to_the_cloud(kind: str) -> None:
    found = read(observability, monitor(kind, group="monitoring.googleapis.com/v1"), SERVER)
    assert lines(found, EXPORTS) == [
        (
            "exports name=m kind=prometheus endpoint=https://monitoring.googleapis.com hosting=third-party tls=True "
            "carries=metrics certain 2:7"
        )
    ]
    assert len(lines(found, METRICS)) == len(VLLM)
    alone = read(observability, monitor(kind, group="monitoring.googleapis.com/v1"))
    assert reasons(alone) == ["the pods that it chooses are not in the evidence"]
    other = monitor(kind, group="monitoring.googleapis.com/v1").replace("app: vllm", "app: web")
    assert read(observability, other, SERVER) == []


@pytest.mark.parametrize(
    ("head", "certainty"),
    [
        ("apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nspec:\n  remoteWrite:\n", "certain"),
        ("scrape_configs: []\n# two lines\n# more\nremote_write:\n", "certain"),
        ("kube-prometheus-stack:\n prometheus:\n  prometheusSpec:\n   remoteWrite:\n", "inferred"),
        ("# a chart\nprometheus:\n prometheusSpec:\n   remoteWrite:\n", "inferred"),
    ],
)
def test_what_prometheus_sends_on_is_an_export(head: str, certainty: str) -> None:
    text = (
        head + "    - {url: 'https://u:p4ssw0rd@grafana.net/push?k=1'}\n    - {url: 'http://mimir/push', name: mimir}\n"
    )
    found = read(observability, text + "    - {url: '${REMOTE}'}\n    - {url: null}\n    - 1\n")
    assert lines(found, "spec.security") == ["store none certain 5:13"]
    shown = [line.replace("remote_write[", "remoteWrite[") for line in lines(found, EXPORTS)]
    assert shown == [
        (
            "exports name=remoteWrite[0] kind=prometheus endpoint=https://grafana.net/push tls=True carries=metrics "
            f"{certainty} 5:13"
        ),
        f"exports name=mimir kind=prometheus endpoint=http://mimir/push tls=False carries=metrics {certainty} 6:13",
        "exports name=remoteWrite[2] inconclusive 7:13",
    ]


def test_an_agent_of_datadog_sends_to_its_site() -> None:
    text = "apiVersion: datadoghq.com/v2alpha1\nkind: DatadogAgent\nspec:\n  global: {site: datadoghq.eu}\n"
    name = "exports name=datadog kind=datadog endpoint=https://api.datadoghq.eu hosting=third-party tls=True"
    name += " carries=metrics"
    assert lines(read(observability, text)) == [f"{name},traces certain 4:18"]
    logs = text + "  features: {logCollection: {enabled: true}, apm: {enabled: false}}\n"
    assert lines(read(observability, logs)) == [f"{name},logs certain 4:18"]
    bare = "apiVersion: datadoghq.com/v2alpha1\nkind: DatadogAgent\n"
    assert " endpoint=https://api.datadoghq.com " in lines(read(observability, bare))[0]
    assert [fact.certainty for fact in read(observability, bare)] == ["inferred"]
    assert lines(read(observability, text.replace("datadoghq.eu", "'${SITE}'"))) == ["exports None inconclusive 4:18"]
    values = "datadog: {apiKeyExistingSecret: s, site: datadoghq.com, logs: {enabled: true}}\n"
    assert lines(read(observability, values)) == [
        f"{name},traces,logs inferred 1:42".replace("datadoghq.eu", "datadoghq.com")
    ]


@pytest.mark.parametrize(
    ("secure", "tls"), [("secure: false", "tls=False "), ("secure: true", "tls=True "), ("x: 1", "")]
)
def test_the_router_of_the_production_stack_sends_traces(secure: str, tls: str) -> None:
    text = f"routerSpec:\n  otel: {{endpoint: 'otel-collector:4317', {secure}}}\n"
    assert lines(read(observability, text)) == [
        f"exports name=routerSpec.otel kind=otlp endpoint=otel-collector:4317 {tls}carries=traces inferred 2:20"
    ]
    assert read(observability, text.replace("otel-collector:4317", "")) == []
    assert lines(read(observability, text.replace("otel-collector", "${HOST}"))) == ["exports None inconclusive 2:20"]


def test_what_goes_into_a_kustomization_counts_as_it_is_built() -> None:
    text = (
        "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: p}\nspec:\n"
        "  remoteWrite: [{url: 'https://old/push'}]\n"
    )
    patch = (
        "kind: Kustomization\nresources: [0.yaml]\npatches:\n- patch: |\n"
        "    apiVersion: monitoring.coreos.com/v1\n    kind: Prometheus\n    metadata: {name: p}\n"
        "    spec: {remoteWrite: [{url: 'https://new/push'}]}\n"
    )
    found = read(observability, text, patch)
    assert [fact.value["endpoint"] for fact in found if isinstance(fact.value, dict)] == ["https://new/push"]


def test_what_a_patch_that_is_not_there_may_change_is_only_inferred() -> None:
    text = (
        "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: p}\nspec:\n"
        "  remoteWrite: [{url: 'https://old/push'}]\n"
    )
    patch = (
        "kind: Kustomization\nresources: [0.yaml]\npatches:\n- {path: gone.yaml, target: {kind: Prometheus, name: p}}\n"
    )
    assert [fact.certainty for fact in read(observability, text, patch)] == ["inferred"]


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nspec: null\n",
        (
            "apiVersion: monitoring.coreos.com/v1\nkind: PodMonitor\n"
            "spec: {selector: 1, endpoints: 2, namespaceSelector: []}\n"
        ),
        "apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nspec: {remoteWrite: {url: x}}\n",
        "apiVersion: monitoring.googleapis.com/v1\nkind: OperatorConfig\n",
        "datadog: null\n",
        "datadog: {x: 1}\n",
        "scrape_configs: null\nremote_write: 1\n",
        "prometheus: [1]\nserver: {remoteWrite: 1}\n",
        "[]",
    ],
)
def test_no_shape_raises(text: str) -> None:
    assert read(observability, text) == []
