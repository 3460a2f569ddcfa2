"""The reader of Kubernetes objects: what they show of the servers that they make, scale, expose and protect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy import source
from psfpolicy.evidence.project import Project
from psfpolicy.evidence.readers import kubernetes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.model.fact import Fact

CONTEXT = "{runAsNonRoot: true, readOnlyRootFilesystem: true}"
SERVER = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: vllm, namespace: llm}
spec:
  replicas: 2
  selector: {matchLabels: {app: vllm}}
  template:
    metadata: {labels: {app: vllm}}
    spec:
      serviceAccountName: vllm
      containers:
        - name: vllm
          image: vllm/vllm-openai:v0.33.0
          args: [--model, org/model]
          securityContext: {runAsNonRoot: true, readOnlyRootFilesystem: true}
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: vllm, namespace: llm}
spec: {selector: {app: vllm}}
"""
WORKLOAD = "Deployment llm/vllm, container vllm"


def read(*texts: str) -> list[Fact]:
    parts = [
        source.read(text.encode(), file=f"{index}.yaml" if len(texts) > 1 else "k.yaml")
        for index, text in enumerate(texts)
    ]
    documents = tuple(document for part in parts for document in part)
    project = Project(documents)
    return [fact for each in documents if kubernetes.reads(each) for fact in kubernetes.facts(each, project)]


def shown(facts: list[Fact], *prefixes: str) -> list[str]:
    """Write the facts below some paths as lines: path, value, certainty, place."""
    return [_line(fact) for fact in facts if ".".join(map(str, fact.path)).startswith(prefixes)]


def _line(fact: Fact) -> str:
    region = fact.place.region
    where = f"{region.start_line}:{region.start_column}"
    file = "" if fact.place.file == "k.yaml" else f"{fact.place.file}:"
    last = fact.path[-1]
    return f"{last} {fact.value} {fact.certainty} {file}{where}"


def changed(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


# Replicas


def test_replicas_of_an_object_are_its_fewest_and_its_most() -> None:
    facts = read(SERVER)
    assert shown(facts, "spec.serving.replicas") == ["min 2 certain 5:13", "max 2 certain 5:13"]
    assert {fact.workload for fact in facts} == {WORKLOAD}
    assert {fact.subject for fact in facts} == {WORKLOAD}
    assert {fact.reader for fact in facts} == {"kubernetes"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("replicas: 0", ["min 1 certain 5:13", "max 1 certain 5:13"]),
        ("replicas: '3'", ["min 3 certain 5:13", "max 3 certain 5:13"]),
        ("replicas: -1", ["min None inconclusive 5:13", "max None inconclusive 5:13"]),
        ("replicas: many", ["min None inconclusive 5:13", "max None inconclusive 5:13"]),
        ('replicas: "{{ .Values.replicas }}"', ["min None inconclusive 5:13", "max None inconclusive 5:13"]),
        ("replicas: 99999999999999999999", ["min None inconclusive 5:13", "max None inconclusive 5:13"]),
        ("replicas: null", ["min 1 inferred 2:7", "max 1 inferred 2:7"]),
        ("paused: false", ["min 1 inferred 2:7", "max 1 inferred 2:7"]),
    ],
)
def test_replicas_that_are_no_count_decide_nothing_and_none_are_one(written: str, expected: list[str]) -> None:
    assert shown(read(changed(SERVER, ("replicas: 2", written))), "spec.serving.replicas") == expected


def test_replicas_of_a_patch_count_only_where_they_are_written() -> None:
    patch = changed(SERVER, ("  selector: {matchLabels: {app: vllm}}\n", ""))
    assert shown(read(patch), "spec.serving.replicas") == ["min 2 certain 5:13", "max 2 certain 5:13"]
    assert shown(read(changed(patch, ("  replicas: 2\n", ""))), "spec.serving.replicas") == []


HPA = """\
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: vllm, namespace: llm}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: vllm}
  minReplicas: 2
  maxReplicas: 6
  metrics:
    - type: Pods
      pods: {metric: {name: "vllm:num_requests_waiting"}, target: {type: AverageValue, averageValue: 5}}
"""


def test_autoscaler_decides_how_many_run_of_what_it_scales() -> None:
    facts = read(SERVER, HPA)
    assert shown(facts, "spec.serving.replicas", "spec.serving.autoscaling") == [
        "min 2 certain 1.yaml:6:16",
        "max 6 certain 1.yaml:7:16",
        "metric queue-depth certain 1.yaml:10:29",
    ]
    about = {(fact.subject, fact.workload) for fact in facts if fact.place.file == "1.yaml"}
    assert about == {("HorizontalPodAutoscaler llm/vllm", WORKLOAD)}


def test_order_of_documents_changes_no_fact() -> None:
    everything = (SERVER, HPA, SERVICE)
    one = read("---\n".join(everything))
    assert len(one) > 8
    forth = {(fact.path, str(fact.value), fact.certainty, fact.shown, fact.workload) for fact in one}
    back = read("---\n".join(reversed(everything)))
    assert {(fact.path, str(fact.value), fact.certainty, fact.shown, fact.workload) for fact in back} == forth


def test_autoscaler_of_another_object_says_nothing() -> None:
    other = changed(HPA, ("name: vllm}\n  min", "name: web}\n  min"))
    assert shown(read(SERVER, other), "spec.serving.replicas") == [
        "min 2 certain 0.yaml:5:13",
        "max 2 certain 0.yaml:5:13",
    ]
    elsewhere = changed(HPA, ("namespace: llm", "namespace: other"))
    assert shown(read(SERVER, elsewhere), "spec.serving.replicas") == [
        "min 2 certain 0.yaml:5:13",
        "max 2 certain 0.yaml:5:13",
    ]


def test_autoscaler_of_what_is_not_there_decides_nothing_unless_it_measures_an_engine() -> None:
    assert shown(read(HPA), "spec.serving") == [
        "min 2 inferred 6:16",
        "max 6 inferred 7:16",
        "metric queue-depth inferred 10:29",
    ]
    assert {fact.workload for fact in read(HPA)} == {""}
    by_cpu = changed(HPA, ('"vllm:num_requests_waiting"', "cpu_seconds"))
    assert shown(read(by_cpu), "spec.serving") == [
        "min None inconclusive 5:19",
        "max None inconclusive 5:19",
        "metric None inconclusive 5:19",
    ]


@pytest.mark.parametrize(
    ("metrics", "expected"),
    [
        ("", "metric cpu certain 2:7"),
        ("[]", "metric cpu certain 2:7"),
        ("[{type: Resource, resource: {name: cpu}}]", "metric cpu certain 8:47"),
        ("[{type: Resource, resource: {name: memory}}]", "metric None inconclusive 8:47"),
        ("[{type: ContainerResource, containerResource: {name: cpu, container: c}}]", "metric cpu certain 8:65"),
        ("[{resource: {name: cpu}}, {pods: {metric: {name: own}}}]", "metric cpu inferred 8:31"),
        ("[{resource: {name: cpu}}, {pods: {metric: {name: tgi_queue_size}}}]", "metric queue-depth certain 8:61"),
        ("[{external: {metric: {name: sglang_num_running_reqs}}}]", "metric requests certain 8:40"),
        ("[{object: {metric: {name: 'vllm:gpu_cache_usage_perc'}}}]", "metric None inconclusive 8:38"),
        ("[{pods: {metricName: DCGM_FI_DEV_GPU_UTIL}}]", "metric gpu-utilization certain 8:33"),
        ("[{pods: {metric: {name: my_queue_length}}}]", "metric queue-depth inferred 8:36"),
        ("[{pods: {metric: {name: '{{ .Values.metric }}'}}}]", "metric None inconclusive 8:36"),
        (
            "[{pods: {metric: {name: 'prometheus.googleapis.com|vllm:num_requests_waiting|gauge'}}}]",
            "metric queue-depth certain 8:36",
        ),
    ],
)
def test_what_an_autoscaler_measures(metrics: str, expected: str) -> None:
    hpa = HPA[: HPA.index("  metrics:")] + f"  metrics: {metrics}\n"
    found = shown(read(SERVER, hpa), "spec.serving.autoscaling")
    assert found == [expected.replace(" 8:", " 1.yaml:8:").replace(" 2:", " 1.yaml:2:")]


KEDA = """\
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: vllm, namespace: llm}
spec:
  scaleTargetRef: {name: vllm}
  triggers: TRIGGERS
"""


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("vllm:num_requests_waiting", "queue-depth certain"),
        ("sum(rate(vllm:num_requests_waiting{model='a'}[1m])) by (pod)", "queue-depth certain"),
        ("max_over_time(vllm:num_requests_waiting[5m]) + on(pod) sglang:num_queue_reqs", "queue-depth certain"),
        ("up{job='vllm:num_requests_waiting'}", "None inconclusive"),
        ("up # vllm:num_requests_waiting", "None inconclusive"),
        ("vllm:num_requests_waiting / vllm:num_requests_running", "None inconclusive"),
        ("sum(vllm:num_requests_waiting) or vector(0)", "queue-depth certain"),
        ("", "None inconclusive"),
    ],
)
def test_query_measures_what_all_its_metrics_are(query: str, expected: str) -> None:
    trigger = f'[{{type: prometheus, metadata: {{query: "{query}"}}}}]'
    facts = read(SERVER, KEDA.replace("TRIGGERS", trigger))
    assert [line.rpartition(" ")[0] for line in shown(facts, "spec.serving.autoscaling")] == [f"metric {expected}"]


@pytest.mark.parametrize(
    ("trigger", "expected"),
    [
        ("{type: cpu}", "cpu certain"),
        ("{type: kafka, metadata: {topic: t}}", "queue-depth certain"),
        ("{type: cron}", "None inconclusive"),
        ("{type: metrics-api, metadata: {valueLocation: queue.length}}", "queue-depth inferred"),
    ],
)
def test_scalers_of_keda_measure_by_their_kind(trigger: str, expected: str) -> None:
    facts = read(SERVER, KEDA.replace("TRIGGERS", f"[{trigger}]"))
    assert [line.rpartition(" ")[0] for line in shown(facts, "spec.serving.autoscaling")] == [f"metric {expected}"]


def test_keda_keeps_none_and_stops_at_a_hundred_unless_told() -> None:
    facts = read(SERVER, KEDA.replace("TRIGGERS", "[{type: cpu}]"))
    assert shown(facts, "spec.serving.replicas") == ["min 1 certain 1.yaml:2:7", "max 100 certain 1.yaml:2:7"]
    assert [fact.shown for fact in facts if fact.path[2] == "replicas"] == ["no minReplicaCount", "no maxReplicaCount"]


def test_disruption_budget_says_how_many_run_where_nothing_else_does() -> None:
    budget = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: b, namespace: llm}\n"
    budget += "spec: {minAvailable: 3, selector: {matchLabels: {app: vllm}}}\n"
    assert shown(read(SERVER, budget), "spec.serving.replicas") == [
        "min 2 certain 0.yaml:5:13",
        "max 2 certain 0.yaml:5:13",
    ]
    silent = changed(SERVER, ("  replicas: 2\n", ""))
    assert "min 3 inferred 1.yaml:4:22" in shown(read(silent, budget), "spec.serving.replicas")
    assert "min 3 inferred 1.yaml:4:22" not in shown(read(silent, budget, HPA), "spec.serving.replicas")


def test_rollout_that_uses_the_template_of_a_deployment_counts_for_it() -> None:
    rollout = "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: r, namespace: llm}\n"
    rollout += "spec:\n  replicas: 5\n  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: vllm}\n"
    facts = read(changed(SERVER, ("replicas: 2", "replicas: 0")), rollout)
    assert shown(facts, "spec.serving.replicas") == ["min 5 certain 1.yaml:5:13", "max 5 certain 1.yaml:5:13"]
    assert {fact.workload for fact in facts} == {WORKLOAD}
    scaled = read(
        SERVER, rollout, changed(HPA, ("kind: Deployment", "kind: Rollout"), ("name: vllm}\n  min", "name: r}\n  min"))
    )
    assert shown(scaled, "spec.serving.replicas") == ["min 2 certain 2.yaml:6:16", "max 6 certain 2.yaml:7:16"]


# Exposure


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("{selector: {app: vllm}}", ["exposure cluster inferred 1.yaml:2:7"]),
        ("{selector: {app: vllm}, type: ClusterIP}", ["exposure cluster inferred 1.yaml:4:37"]),
        ("{selector: {app: vllm}, type: NodePort}", ["exposure private inferred 1.yaml:4:37"]),
        ("{selector: {app: vllm}, type: LoadBalancer}", ["exposure public certain 1.yaml:4:37"]),
        (
            "{selector: {app: vllm}, type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8]}",
            ["exposure private inferred 1.yaml:4:77"],
        ),
        (
            "{selector: {app: vllm}, type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.0/8, 0.0.0.0/0]}",
            ["exposure public certain 1.yaml:4:37"],
        ),
        (
            "{selector: {app: vllm}, type: LoadBalancer, loadBalancerClass: service.k8s.aws/nlb}",
            ["exposure private inferred 1.yaml:4:70"],
        ),
        ("{selector: {app: vllm}, externalIPs: [10.0.0.7]}", ["exposure private certain 1.yaml:4:45"]),
        ("{selector: {app: vllm}, externalIPs: [10.0.0.7, 1.1.1.1]}", ["exposure public certain 1.yaml:4:55"]),
        ('{selector: {app: vllm}, type: "{{ .Values.type }}"}', ["exposure None inconclusive 1.yaml:4:37"]),
        ("{selector: {app: vllm}, type: ExternalName}", []),
        ("{selector: {app: other}, type: LoadBalancer}", []),
        ("{selector: {}, type: LoadBalancer}", []),
        ("{type: LoadBalancer}", []),
        ("{selector: {app: vllm, more: x}, type: LoadBalancer}", []),
    ],
)
def test_services_expose_what_they_select(spec: str, expected: list[str]) -> None:
    service = SERVICE[: SERVICE.index("spec:")] + f"spec: {spec}\n"
    facts = read(SERVER, service)
    assert shown(facts, "spec.network.ingress.exposure") == expected


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ('service.beta.kubernetes.io/aws-load-balancer-scheme: "Internal"', "private certain"),
        ("service.beta.kubernetes.io/aws-load-balancer-scheme: internet-facing", "public certain"),
        ('service.beta.kubernetes.io/azure-load-balancer-internal: "true"', "private certain"),
        ('service.beta.kubernetes.io/azure-load-balancer-internal: "false"', "public certain"),
        ("networking.gke.io/load-balancer-type: Internal", "private certain"),
        ("service.beta.kubernetes.io/load-balancer-source-ranges: 10.0.0.0/8", "private inferred"),
    ],
)
def test_annotations_of_clouds_keep_a_load_balancer_inside(annotation: str, expected: str) -> None:
    service = f"{SERVICE[: SERVICE.index('spec:')]}spec: {{selector: {{app: vllm}}, type: LoadBalancer}}\n"
    service = service.replace("namespace: llm}", f"namespace: llm, annotations: {{{annotation}}}}}")
    assert [
        line.split(" ", 1)[1].rpartition(" ")[0]
        for line in shown(read(SERVER, service), "spec.network.ingress.exposure")
    ] == [expected]


def test_service_of_another_namespace_or_group_selects_nothing() -> None:
    assert (
        shown(
            read(SERVER, changed(SERVICE, ("namespace: llm", "namespace: x"))),
            "spec.network.ingress",
            "spec.network.egress",
        )
        == []
    )
    knative = changed(SERVICE, ("apiVersion: v1", "apiVersion: serving.knative.dev/v1"))
    assert shown(read(SERVER, knative), "spec.network.ingress.exposure") == []


def test_widest_way_counts() -> None:
    balancer = changed(SERVICE, ("spec: {", "spec: {type: LoadBalancer, "), ("name: vllm", "name: out"))
    facts = read(SERVER, SERVICE, balancer)
    assert shown(facts, "spec.network.ingress.exposure") == ["exposure public certain 2.yaml:4:14"]


def test_ports_and_network_of_the_node_expose_the_pod() -> None:
    facts = read(
        changed(SERVER, ("          args", "          ports: [{containerPort: 80, hostPort: 80}]\n          args"))
    )
    assert shown(facts, "spec.network.ingress.exposure") == ["exposure private inferred 14:49"]
    loopback = changed(
        SERVER, ("          args", "          ports: [{hostPort: 80, hostIP: 127.0.0.1}]\n          args")
    )
    assert shown(read(loopback), "spec.network.ingress.exposure") == []
    host = read(changed(SERVER, ("      containers:", "      hostNetwork: true\n      containers:")))
    assert shown(host, "spec.network.ingress.exposure", "spec.network.egress") == [
        "default None inconclusive 11:20",
        "exposure private inferred 11:20",
    ]


BALANCER = SERVICE.replace("spec: {", "spec: {type: LoadBalancer, ")


def test_load_balancer_passes_on_what_the_engine_serves() -> None:
    assert shown(read(SERVER, BALANCER), "spec.network.ingress") == [
        "exposure public certain 1.yaml:4:14",
        "tls False certain 1.yaml:4:14",
        "authentication none inferred 1.yaml:4:14",
    ]
    beside = SERVER + "        - {name: proxy, image: envoyproxy/envoy:v1.31.0}\n"
    assert "tls False inferred 1.yaml:4:14" in shown(read(beside, BALANCER), "spec.network.ingress")
    node = changed(BALANCER, ("LoadBalancer", "NodePort"))
    assert "tls False inferred 1.yaml:4:14" in shown(read(SERVER, node), "spec.network.ingress")


@pytest.mark.parametrize(
    ("spec", "inject", "expected"),
    [
        ("{mtls: {mode: STRICT}}", "enabled", "inferred"),
        ("{mtls: {mode: '${MODE}'}}", "enabled", "inferred"),
        ("{mtls: {mode: PERMISSIVE}}", "enabled", "certain"),
        ("{mtls: {mode: STRICT}}", "disabled", "certain"),
    ],
)
def test_mesh_that_insists_on_certificates_lets_nobody_in_in_plain_text(spec: str, inject: str, expected: str) -> None:
    peers = f"apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {{namespace: llm}}\nspec: {spec}\n"
    space = f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: llm, labels: {{istio-injection: {inject}}}}}\n"
    found = shown(read(SERVER, BALANCER, peers, space), "spec.network.ingress.tls")
    assert found == [f"tls False {expected} 1.yaml:4:14"]


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("--secure-proxy=false", ["plaintextSidecar True certain k"]),
        ("-secure-proxy=0", ["plaintextSidecar True certain k"]),
        ("--secure-proxy", ["plaintextSidecar False certain k"]),
        ("--secure-proxy=true", ["plaintextSidecar False certain k"]),
        ("--secure-proxy=false, --secure-proxy=true", ["plaintextSidecar False certain k"]),
        ("--secure-proxy=$(PLAIN)", ["plaintextSidecar None inconclusive k"]),
        ("--port=8000", []),
        ("secure-proxy=false", []),
    ],
)
def test_proxy_beside_the_server_may_be_told_to_serve_in_plain_text(argument: str, expected: list[str]) -> None:
    beside = f"      initContainers: [{{name: p, image: p:1, restartPolicy: Always, args: ['{argument}']}}]\n"
    text = SERVER + beside.replace(", --", "', '--")
    found = shown(read(text), "spec.security.hardening.plaintextSidecar")
    assert [line.rpartition(" ")[0] + " k" for line in found] == expected


def test_engine_or_load_balancer_that_encrypts_is_not_plain() -> None:
    own = changed(SERVER, ("org/model]", "org/model, --ssl-certfile, /c, --ssl-keyfile, /k, --api-key, $(KEY)]"))
    lines = shown(read(own, BALANCER), "spec.network.ingress")
    assert not any(line.startswith(("tls False", "authentication none")) for line in lines)
    annotations = "namespace: llm, annotations: {service.beta.kubernetes.io/KEY: x}}"
    known = changed(BALANCER, ("namespace: llm}", annotations.replace("KEY", "aws-load-balancer-ssl-cert")))
    assert "tls True certain 1.yaml:3:109" in shown(read(SERVER, known), "spec.network.ingress")
    other = changed(BALANCER, ("namespace: llm}", annotations.replace("KEY", "do-loadbalancer-certificate-id")))
    assert "tls None inconclusive 1.yaml:3:113" in shown(read(SERVER, other), "spec.network.ingress")


INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: way, namespace: llm}
spec:
  ingressClassName: nginx
  tls: [{hosts: [llm.example.com], secretName: cert}]
  rules:
    - host: llm.example.com
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: vllm, port: {number: 80}}}}]}
"""


def ingress(*pairs: tuple[str, str]) -> list[str]:
    return shown(read(SERVER, SERVICE, changed(INGRESS, *pairs)), "spec.network.ingress", "spec.network.egress")


def test_ingress_opens_a_way_from_outside() -> None:
    assert ingress() == [
        "gateway nginx inferred 2.yaml:5:21",
        "tls True certain 2.yaml:6:9",
        "exposure public inferred 2.yaml:9:76",
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("  tls: [{hosts: [llm.example.com], secretName: cert}]\n", "", "tls False certain 2.yaml:4:1"),
        ("hosts: [llm.example.com]", "hosts: [other.example.com]", "tls False certain 2.yaml:8:13"),
        ("hosts: [llm.example.com]", 'hosts: ["*.example.com"]', "tls True certain 2.yaml:6:9"),
        ("hosts: [llm.example.com]", 'hosts: ["*.com"]', "tls False certain 2.yaml:8:13"),
        ("{hosts: [llm.example.com], secretName: cert}", "{secretName: cert}", "tls True certain 2.yaml:6:9"),
        ("tls: [{hosts: [llm.example.com], secretName: cert}]", "tls: []", "tls False certain 2.yaml:4:1"),
        ("tls: [{hosts: [llm.example.com], secretName: cert}]", "tls: '{{ tls }}'", "tls None inconclusive 2.yaml:6:8"),
    ],
)
def test_tls_of_an_ingress_covers_the_hosts_that_it_names(old: str, new: str, expected: str) -> None:
    assert [line for line in ingress((old, new)) if line.startswith("tls")] == [expected]


@pytest.mark.parametrize(
    ("annotations", "expected"),
    [
        ("alb.ingress.kubernetes.io/certificate-arn: arn", "tls True certain 2.yaml:3:96"),
        ("nginx.ingress.kubernetes.io/ssl-passthrough: 'true'", "tls None inconclusive 2.yaml:3:98"),
        ("nginx.ingress.kubernetes.io/ssl-redirect: 'false'", "tls False certain 2.yaml:4:1"),
    ],
)
def test_certificate_of_an_ingress_may_be_an_annotation(annotations: str, expected: str) -> None:
    lines = ingress(
        ("  tls: [{hosts: [llm.example.com], secretName: cert}]\n", ""),
        ("namespace: llm}", f"namespace: llm, annotations: {{{annotations}}}}}"),
    )
    assert [line for line in lines if line.startswith("tls")] == [expected]


def test_class_of_an_ingress_may_say_from_where_it_is_reached() -> None:
    assert "exposure private certain 2.yaml:5:21" in ingress(("nginx", "gce-internal"))
    assert "exposure private inferred 2.yaml:5:21" in ingress(("nginx", "alb"))
    assert "exposure public certain 2.yaml:5:21" in ingress(("nginx", "gce"))


def test_ingress_to_something_else_says_nothing() -> None:
    assert ingress(("name: vllm, port", "name: web, port")) == ["exposure cluster inferred 1.yaml:2:7"]


GATEWAY = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gate, namespace: infra}
spec:
  gatewayClassName: envoy
  listeners:
    - {name: https, port: 443, protocol: HTTPS}
    - {name: http, port: 80, protocol: HTTP}
"""
ROUTE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: way, namespace: llm}
spec:
  parentRefs: [{name: gate, namespace: infra, sectionName: https}]
  rules: [{backendRefs: [{name: vllm, port: 80}]}]
"""


def test_route_hangs_on_the_listener_that_it_names() -> None:
    assert shown(read(SERVER, SERVICE, GATEWAY, ROUTE), "spec.network.ingress", "spec.network.egress") == [
        "exposure public inferred 3.yaml:5:23",
        "gateway envoy inferred 3.yaml:5:23",
        "tls True certain 2.yaml:7:42",
    ]


def test_route_on_all_listeners_is_also_plain() -> None:
    facts = read(SERVER, SERVICE, GATEWAY, changed(ROUTE, (", sectionName: https", "")))
    assert [line for line in shown(facts, "spec.network.ingress", "spec.network.egress") if line.startswith("tls")] == [
        "tls True certain 2.yaml:7:42",
        "tls False certain 2.yaml:8:40",
    ]
    by_port = read(SERVER, SERVICE, GATEWAY, changed(ROUTE, ("sectionName: https", "port: 80")))
    assert "tls False certain 2.yaml:8:40" in shown(by_port, "spec.network.ingress", "spec.network.egress")


def test_facts_of_another_document_carry_its_number() -> None:
    facts = read(SERVER, SERVICE, "a: 1\n---\n" + GATEWAY, ROUTE)
    assert [(fact.place.file, fact.document) for fact in facts if fact.path[-2:] == ("ingress", "tls")] == [
        ("2.yaml", 1)
    ]


def test_gateway_that_is_not_there_decides_nothing() -> None:
    assert shown(read(SERVER, SERVICE, ROUTE), "spec.network.ingress", "spec.network.egress") == [
        "exposure cluster inferred 1.yaml:2:7",
        "exposure None inconclusive 2.yaml:5:23",
        "tls None inconclusive 2.yaml:5:23",
        "gateway gate inferred 2.yaml:5:23",
    ]


def test_route_reaches_a_pool_of_servers() -> None:
    pool = "apiVersion: inference.networking.k8s.io/v1\nkind: InferencePool\nmetadata: {name: pool, namespace: llm}\n"
    pool += "spec: {selector: {matchLabels: {app: vllm}}}\n"
    route = changed(
        ROUTE, ("{name: vllm, port: 80}", "{group: inference.networking.k8s.io, kind: InferencePool, name: pool}")
    )
    assert "tls True certain 2.yaml:7:42" in shown(
        read(SERVER, pool, GATEWAY, route), "spec.network.ingress", "spec.network.egress"
    )


def test_class_of_a_gateway_may_say_from_where_it_is_reached() -> None:
    inside = changed(GATEWAY, ("envoy", "gke-l7-rilb"))
    assert "exposure private certain 3.yaml:5:23" in shown(
        read(SERVER, SERVICE, inside, ROUTE), "spec.network.ingress", "spec.network.egress"
    )


@pytest.mark.parametrize(
    ("tls", "expected"),
    [
        ("{termination: edge}", "tls True certain 2.yaml:6:22"),
        ("{termination: edge, insecureEdgeTerminationPolicy: Allow}", "tls False certain 2.yaml:6:59"),
        ("null", "tls False certain 2.yaml:4:1"),
    ],
)
def test_route_of_openshift_says_where_tls_ends(tls: str, expected: str) -> None:
    route = "apiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: r, namespace: llm}\n"
    route += f"spec:\n  to: {{kind: Service, name: vllm}}\n  tls: {tls}\n"
    lines = shown(read(SERVER, SERVICE, route), "spec.network.ingress", "spec.network.egress")
    assert [line for line in lines if line.startswith("tls")] == [expected]


# Hardening


@pytest.mark.parametrize(
    ("pod", "own", "expected"),
    [
        ("null", "{runAsNonRoot: true}", "nonRoot True certain 15:43"),
        ("null", "{runAsUser: 1000}", "nonRoot True certain 15:40"),
        ("null", "{runAsUser: 0}", "nonRoot False certain 15:40"),
        ("{runAsUser: 1000}", "{runAsUser: 0}", "nonRoot False certain 15:40"),
        ("{runAsUser: 0}", "{runAsUser: 1000}", "nonRoot True certain 15:40"),
        ("{runAsUser: 0}", "{}", "nonRoot False certain 10:36"),
        ("{runAsNonRoot: true}", "{}", "nonRoot True certain 10:39"),
        ("{runAsNonRoot: true}", "{runAsNonRoot: false}", "nonRoot None inconclusive 15:43"),
        ("{runAsNonRoot: false}", "{runAsNonRoot: yes}", "nonRoot True certain 15:43"),
        ("null", "{runAsNonRoot: true, runAsUser: 0}", "nonRoot None inconclusive 15:60"),
        ("null", "{runAsNonRoot: maybe}", "nonRoot None inconclusive 15:43"),
        ("null", '{runAsUser: "{{ .Values.user }}"}', "nonRoot None inconclusive 15:40"),
        ("null", "{runAsUser: null}", "nonRoot None inconclusive 15:11"),
        ("null", "null", "nonRoot None inconclusive 15:11"),
        ("[]", "[]", "nonRoot None inconclusive 15:11"),
    ],
)
def test_user_of_a_container_is_its_own_or_the_pods(pod: str, own: str, expected: str) -> None:
    text = changed(SERVER, ("      serviceAccountName: vllm\n", f"      securityContext: {pod}\n"), (CONTEXT, own))
    assert shown(read(text), "spec.security.hardening.nonRoot") == [expected]


def test_root_filesystem_may_be_written_unless_it_is_said() -> None:
    assert shown(read(SERVER), "spec.security.hardening.readOnly") == ["readOnlyRootFilesystem True certain 15:73"]
    silent = changed(SERVER, (f"          securityContext: {CONTEXT}\n", ""))
    assert shown(read(silent), "spec.security.hardening.readOnly") == ["readOnlyRootFilesystem False certain 12:11"]
    null = changed(SERVER, ("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: null"))
    assert shown(read(null), "spec.security.hardening.readOnly") == ["readOnlyRootFilesystem False certain 15:11"]


def test_every_container_of_the_pod_is_asked() -> None:
    beside = "        - {name: proxy, image: envoy:1, securityContext: {runAsUser: 0}}\n"
    start = "      initContainers: [{name: chown, image: busybox:1, securityContext: {runAsUser: 0}}]\n"
    facts = read(changed(SERVER, ("      containers:\n", f"{start}      containers:\n")) + beside)
    assert shown(facts, "spec.security.hardening") == [
        "nonRoot False certain 11:85",
        "nonRoot True certain 16:43",
        "readOnlyRootFilesystem True certain 16:73",
        "readOnlyRootFilesystem False certain 17:41",
        "nonRoot False certain 17:70",
    ]
    assert [fact.subject for fact in facts if fact.path[-1] == "nonRoot"] == [
        "Deployment llm/vllm, container chown",
        WORKLOAD,
        "Deployment llm/vllm, container proxy",
    ]
    assert {fact.workload for fact in facts} == {WORKLOAD}


def test_part_of_an_object_proves_nothing_by_what_it_lacks() -> None:
    patch = changed(SERVER, ("  selector: {matchLabels: {app: vllm}}\n", ""), ("      serviceAccountName: vllm\n", ""))
    patch = changed(patch, (f"          securityContext: {CONTEXT}\n", ""))
    assert shown([fact for fact in read(patch) if fact.certainty != "inconclusive"], "spec.security") == []
    shared = changed(
        patch, ("    spec:\n      cont", "    spec:\n      securityContext: {runAsNonRoot: true}\n      cont")
    )
    decided = [fact for fact in read(shared) if fact.certainty != "inconclusive"]
    assert shown(decided, "spec.security") == ["nonRoot True inferred 9:39"]


def test_what_a_pod_shares_with_its_node_is_what_benchmarks_ask_to_avoid() -> None:
    text = changed(SERVER, ("      containers:", "      hostIPC: true\n      hostPID: off\n      containers:"))
    text = changed(text, ("readOnlyRootFilesystem: true", "privileged: true"))
    text += "      volumes: [{name: w, hostPath: {path: /models}}, {name: x, hostPath: null}]\n"
    facts = [fact for fact in read(text) if fact.path[-1] == "gpuNodeBenchmark"]
    assert [(fact.certainty, fact.shown, fact.place.region.start_line) for fact in facts] == [
        ("inconclusive", "hostIPC: true", 11),
        ("inconclusive", "privileged: true", 17),
        ("inconclusive", "hostPath: /models", 18),
    ]
    assert facts[0].reason == "`hostIPC` is what check 5.2.4 of the CIS Kubernetes Benchmark asks to avoid"


def test_capabilities_that_are_added_are_what_benchmarks_ask_to_avoid() -> None:
    added = "readOnlyRootFilesystem: true, capabilities: {drop: [ALL], add: [NET_BIND_SERVICE, SYS_ADMIN]}"
    text = changed(SERVER, ("readOnlyRootFilesystem: true", added))
    facts = [fact for fact in read(text) if fact.path[-1] == "gpuNodeBenchmark"]
    assert [(fact.certainty, fact.shown, fact.place.region.start_column) for fact in facts] == [
        ("inconclusive", "SYS_ADMIN", 131)
    ]
    assert facts[0].reason == "`capabilities.add` is what check 5.2.9 of the CIS Kubernetes Benchmark asks to avoid"


# Accounts


def test_account_is_dedicated_as_far_as_the_evidence_goes() -> None:
    assert shown(read(SERVER), "spec.security.leastPrivilege") == ["serviceAccount dedicated inferred 10:27"]


def test_account_that_others_have_is_shared() -> None:
    other = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: NS}\n"
    other += "spec: {serviceAccountName: vllm, containers: [{name: c, image: nginx:1}]}\n"
    shared = shown(read(SERVER, other.replace("NS", "llm")), "spec.security.leastPrivilege")
    assert shared == ["serviceAccount shared certain 0.yaml:10:27"]
    apart = shown(read(SERVER, other.replace("NS", "x")), "spec.security.leastPrivilege")
    assert apart == ["serviceAccount dedicated inferred 0.yaml:10:27"]
    also_serving = changed(SERVER, ("name: vllm, namespace", "name: decode, namespace"))
    assert shown(read(SERVER, also_serving), "spec.security.leastPrivilege") == [
        "serviceAccount dedicated inferred 0.yaml:10:27",
        "serviceAccount dedicated inferred 1.yaml:10:27",
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("      serviceAccountName: default\n", "default certain 10:27"),
        ("      serviceAccountName: ''\n", "default certain 11:7"),
        ("      serviceAccount: default\n", "default certain 10:23"),
        ("      tty: 1\n", "default certain 11:7"),
        ("      serviceAccountName: '{{ .Values.account }}'\n", "None inconclusive 10:27"),
    ],
)
def test_default_account_is_the_default(written: str, expected: str) -> None:
    text = changed(SERVER, ("      serviceAccountName: vllm\n", written))
    assert shown(read(text), "spec.security.leastPrivilege") == [f"serviceAccount {expected}"]


BINDING = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: b, namespace: llm}
roleRef: {kind: ROLE}
subjects: [SUBJECT]
"""
ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: r, namespace: llm}
rules: [RULE]
"""
MEANT = "{kind: ServiceAccount, name: vllm, namespace: llm}"


@pytest.mark.parametrize(
    ("role", "subject", "reason"),
    [
        (
            "ClusterRole, name: cluster-admin",
            MEANT,
            "it is bound to `cluster-admin`, which may change nearly everything",
        ),
        (
            "ClusterRole, name: cluster-admin",
            "{kind: Group, name: 'system:serviceaccounts:llm'}",
            "it is bound to `cluster-admin`, which may change nearly everything",
        ),
        ("Role, name: r", MEANT, "it is bound to the Role `r`, which may read all secrets"),
        ("ClusterRole, name: view", MEANT, ""),
        ("ClusterRole, name: cluster-admin", "{kind: ServiceAccount, name: other}", ""),
        ("ClusterRole, name: cluster-admin", "{kind: ServiceAccount, name: vllm, namespace: x}", ""),
    ],
)
def test_binding_to_a_broad_role_leaves_privilege_open(role: str, subject: str, reason: str) -> None:
    binding = BINDING.replace("ROLE", role).replace("SUBJECT", subject)
    rule = ROLE.replace("RULE", "{apiGroups: [''], resources: [secrets], verbs: [get]}")
    found = [fact for fact in read(SERVER, binding, rule) if fact.place.file == "1.yaml"]
    assert [fact.reason for fact in found] == ([reason] if reason else [])


# Secrets

KEPT = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: llm}\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("stringData: {key: hf_aBcDeFgHiJkLmNo}", ["store none certain 4:19"]),
        ("data: {key: aGZfYUJjRGVGZ0hpSmtMbU5v}", ["store none certain 4:13"]),
        ("stringData: {key: <token>}", ["store None inconclusive 4:19"]),
        ("stringData: {key: '${HF_TOKEN}'}", ["store None inconclusive 4:19"]),
        ("stringData: {key: ''}", ["store None inconclusive 4:19"]),
        ("stringData: {key: OPENAI_API_KEY}", ["store None inconclusive 4:19"]),
        ("data: {key: PHRva2VuPg==}", ["store None inconclusive 4:13"]),
        ("data: {key: '{{ .Values.token | b64enc }}'}", ["store None inconclusive 4:13"]),
        ("stringData: {username: admin, region: eu-central-1}", []),
        ("stringData: {url: 'postgres://u:realpassword@db/x'}", ["store none certain 4:19"]),
        ("stringData: null", []),
        ("data: [a]", []),
        ("data: {key: 'ENC[AES256_GCM]'}\nsops: {version: 3}", ["store sops inferred 5:1"]),
    ],
)
def test_secret_in_a_manifest_is_in_no_store(content: str, expected: list[str]) -> None:
    facts = read(f"{KEPT}{content}\n")
    assert shown(facts, "spec.security.secrets") == expected
    assert not any(word in repr(facts) for word in ("aBcDeF", "YUJj", "realpassword"))


def test_secret_is_of_the_servers_that_use_it() -> None:
    env = "          env: [{name: HF_TOKEN, valueFrom: {secretKeyRef: {name: s, key: k}}}]\n"
    facts = read(SERVER + env, f"{KEPT}stringData: {{k: hf_aBcDeFgHiJkLmNo}}\n")
    assert [(fact.workload, fact.shown) for fact in facts if fact.path[2] == "secrets"] == [(WORKLOAD, "stringData.k")]


STORE = "apiVersion: external-secrets.io/v1\nkind: ClusterSecretStore\nmetadata: {name: main}\n"
STORE += "spec: {provider: {vault: {}}}\n"
EXTERNAL = "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: e, namespace: llm}\n"
EXTERNAL += "spec: {secretStoreRef: {kind: ClusterSecretStore, name: main}, target: {name: s}}\n"


def test_secret_that_is_fetched_is_in_the_store_that_it_is_fetched_from() -> None:
    env = "          env: [{name: HF_TOKEN, valueFrom: {secretKeyRef: {name: s, key: k}}}]\n"
    alone = read(SERVER + env)
    assert shown(alone, "spec.security.secrets") == ["store None inconclusive 16:67"]
    fetched = read(SERVER + env, EXTERNAL, STORE)
    assert shown(fetched, "spec.security.secrets") == ["store vault inferred 1.yaml:4:57"]
    assert [fact.workload for fact in fetched if fact.path[2] == "secrets"] == [WORKLOAD]
    without = read(SERVER + env, EXTERNAL)
    assert shown(without, "spec.security.secrets") == ["store None inconclusive 1.yaml:4:57"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: s}\nspec: {}\n",
            "store sealed-secrets inferred 2:7",
        ),
        (
            "apiVersion: secrets-store.csi.x-k8s.io/v1\nkind: SecretProviderClass\nspec: {provider: azure}\n",
            "store azure-key-vault inferred 3:18",
        ),
    ],
)
def test_other_kinds_that_fetch_secrets(text: str, expected: str) -> None:
    assert shown(read(text), "spec.security.secrets") == [expected]


# Weights

DOWNLOAD = "      initContainers: [{{name: init, image: tools:1, {}}}]\n      containers:\n"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (
            "args: [hf, download, org/m, --revision, abc]",
            ["source hub", "id org/m inferred", "revision abc inferred"],
        ),
        ("args: [huggingface-cli, download, --local-dir, /m, org/m]", ["source hub"]),
        ("command: [sh, -c, 'hf download org/m --local-dir /m']", ["source hub", "id org/m inferred"]),
        (
            "command: [sh, -c, 'pip install x; exec aws s3 sync s3://b/m /models --quiet']",
            ["source mirror", "uri s3://b/m"],
        ),
        ("command: [sh, -c, 'gcloud storage cp -r gs://b/m /models']", ["source mirror", "uri gs://b/m", "tls True"]),
        ("command: [sh, -c, 'aws s3 sync s3://$BUCKET/m /m']", ["source mirror", "uri None"]),
        (
            "command: [sh, -c, 'wget http://w.example.com/m.gguf']",
            ["source mirror", "uri http://w.example.com/m.gguf", "tls False"],
        ),
        ("command: [sh, -c, 'until curl http://db:80/health; do sleep 1; done']", []),
        (
            "command: [git, clone, 'https://huggingface.co/org/m']",
            ["source hub", "id org/m inferred", "tls True"],
        ),
        ("command: [git, clone, 'https://github.com/org/tools.git']", []),
        ("command: [python, -c, 'snapshot_download(repo_id=\"org/m\")']", ["source hub", "id org/m inferred"]),
        ("args: ['hf://org/m', /mnt/models]", ["source hub", "id org/m inferred", "tls True"]),
        ("args: ['pvc://claim/m', /mnt/models]", ["source local"]),
        ("command: [chown, '-R', '1000', /models]", []),
    ],
)
def test_init_containers_that_fetch_weights_say_where_from(command: str, expected: list[str]) -> None:
    facts = read(changed(SERVER, ("      containers:\n", DOWNLOAD.format(command))))
    found = [fact for fact in facts if "init container" in fact.subject and fact.path[1] == "model"]
    words = [
        f"{fact.path[-1]} {fact.value}{' inferred' if fact.certainty == 'inferred' else ''}"
        for fact in sorted(found, key=lambda fact: ("source", "uri", "id", "revision", "tls").index(str(fact.path[-1])))
    ]
    assert words == expected
    assert {fact.workload for fact in found} <= {WORKLOAD}


def test_hooks_and_the_servers_own_script_fetch_weights_too() -> None:
    fetches = "[sh, -c, 'curl -Lo /models/m.bin http://w.example.com/m.bin']"
    hook = f"          lifecycle: {{postStart: {{exec: {{command: {fetches}}}}}}}\n          securityContext:"
    found = read(changed(SERVER, ("          securityContext:", hook)))
    assert "source mirror certain 15:84" in shown(found, "spec.model.weights")
    assert {fact.subject for fact in found if fact.value == "mirror"} == {f"{WORKLOAD}, postStart"}
    script = "command: [sh, -c, 'wget http://w.example.com/m.bin; exec vllm serve /models']"
    found = read(changed(SERVER, ("args: [--model, org/model]", script)))
    assert "source mirror certain 14:35" in shown(found, "spec.model.weights")


def test_init_container_that_fetches_weights_by_its_name_alone_decides_nothing() -> None:
    text = changed(
        SERVER, ("      containers:\n", DOWNLOAD.format("command: [/run]").replace("tools:1", "acme/model-loader:1"))
    )
    assert shown([fact for fact in read(text) if "init" in fact.subject], "spec.model") == [
        "source None inconclusive 11:44"
    ]


def test_volumes_that_are_images_or_buckets_hold_the_weights_that_are_served() -> None:
    mount = "          volumeMounts: [{name: w, mountPath: /models}, {name: b, mountPath: /bucket}]\n      volumes:\n"
    mount += "        - {name: w, image: {reference: 'registry.example.com/m:1'}}\n"
    mount += "        - {name: b, csi: {driver: gcsfuse.csi.storage.gke.io, volumeAttributes: {bucketName: b}}}\n"
    image = changed(SERVER, ("org/model", "/models/m")) + mount
    assert shown(read(image), "spec.model.weights.source", "spec.model.weights.uri") == [
        "source image certain 18:40",
        "uri registry.example.com/m:1 certain 18:40",
    ]
    bucket = changed(SERVER, ("org/model", "/bucket/m")) + mount
    assert shown(read(bucket), "spec.model.weights.source", "spec.model.weights.uri") == [
        "source mirror certain 19:35",
        "uri gs://b certain 19:94",
    ]


# What is read, and what is not


def test_items_of_a_list_are_objects() -> None:
    indented = "".join(f"    {line}\n" for line in SERVER.splitlines())
    text = f"apiVersion: v1\nkind: List\nitems:\n  -\n{indented}"
    assert shown(read(text), "spec.serving.replicas") == ["min 2 certain 9:17", "max 2 certain 9:17"]


def test_guards_and_proxies_beside_a_server_are_no_servers() -> None:
    beside = "        - {name: proxy, image: envoyproxy/envoy:v1.31.0}\n"
    assert {fact.workload for fact in read(SERVER + beside)} == {WORKLOAD}


def test_aliases_and_merge_keys_lead_to_where_things_are_written() -> None:
    text = changed(SERVER, (CONTEXT, "&c {<<: {runAsNonRoot: true}, readOnlyRootFilesystem: true}"))
    beside = "        - {name: proxy, image: envoyproxy/envoy:v1.31.0, securityContext: *c}\n"
    facts = [fact for fact in read(text + beside) if fact.path[-1] == "nonRoot"]
    assert [(fact.value, fact.place.region.start_line) for fact in facts] == [(True, 15), (True, 15)]


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: Namespace\n",
        "kind: Deployment\n",
        "apiVersion: 1\nkind: [Deployment]\n",
        "services: {a: {image: vllm/vllm-openai}}\n",
        "just text\n",
    ],
)
def test_what_is_no_object_of_these_kinds_is_not_read(text: str) -> None:
    assert not any(kubernetes.reads(document) for document in source.read(text.encode(), file="k"))


@pytest.mark.parametrize("wrong", ["null", "[]", "{}", "text", "1", "[null]", "[[]]", "{a: [b]}"])
def test_wrong_types_everywhere_raise_nothing(wrong: str) -> None:
    objects = (SERVER, HPA, SERVICE, INGRESS, GATEWAY, ROUTE, KEPT, EXTERNAL, STORE, KEDA, BINDING, ROLE)
    for text in objects:
        document = source.read(text.encode(), file="k")[0]
        others = tuple(each for other in objects if other is not text for each in source.read(other.encode(), file="o"))
        for root in _with(document.root, source.read(wrong.encode(), file="w") or source.read(b"~", file="w")):
            changed_one = source.Document("k", root, 0)
            project = Project((changed_one, *others))
            for each in project.documents:
                assert all(fact.reader == "kubernetes" for fact in kubernetes.facts(each, project))


def _with(node: source.Node, wrong: tuple[source.Document, ...]) -> Iterator[source.Node]:
    """Give a document as often as it has values, each time with another of them replaced."""
    yield wrong[0].root
    if isinstance(node, source.Mapping):
        for key, entry in node.members.items():
            for value in _with(entry.value, wrong):
                yield node._replace(members={**node.members, key: entry._replace(value=value)})
    elif isinstance(node, source.Sequence):
        for index, item in enumerate(node.items):
            for value in _with(item, wrong):
                yield node._replace(items=(*node.items[:index], value, *node.items[index + 1 :]))


# Parts and groups


def test_patch_without_an_image_is_an_engines_by_its_name() -> None:
    patch = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: vllm}
spec:
  template:
    spec:
      containers:
        - name: NAME
          args: [--trust-remote-code]
          securityContext: {runAsUser: 0}
"""
    facts = read(patch.replace("NAME", "server"))
    assert shown(facts, "spec.model.remoteCode", "spec.security.hardening.nonRoot") == [
        "remoteCode True certain 9:18",
        "nonRoot False certain 10:40",
    ]
    assert {fact.certainty for fact in facts if fact.shown.startswith("no ")} == {"inconclusive"}
    assert {fact.workload for fact in facts} == {"Deployment vllm, container server"}
    assert read(changed(patch, ("name: vllm", "name: web"), ("NAME", "server"))) == []
    assert read(changed(patch, ("name: vllm", "name: vllm-router"), ("NAME", "router"))) == []


GROUP = """\
apiVersion: leaderworkerset.x-k8s.io/v1
kind: LeaderWorkerSet
metadata: {name: big}
spec:
  replicas: 2
  leaderWorkerTemplate:
    size: 2
    leaderTemplate:
      spec:
        containers:
          - {name: lead, image: 'lmsysorg/sglang:v0.5.10', command: [python3, -m, sglang.launch_server, --model, o/m]}
    workerTemplate:
      spec:
        containers:
          - {name: worker, image: 'lmsysorg/sglang:v0.5.10', command: [python3, -m, sglang.launch_server, WORDS]}
"""


def test_group_is_as_open_as_its_workers() -> None:
    group = GROUP.replace("WORDS", "--model-path, o/m, --trust-remote-code")
    facts = read(group)
    assert {fact.workload for fact in facts} == {"LeaderWorkerSet big, leader container lead"}
    assert shown(facts, "spec.model.remoteCode", "spec.serving.replicas.min") == [
        "min 2 certain 5:13",
        "remoteCode False certain 11:70",
        "remoteCode True certain 15:126",
    ]
    subjects = [fact.subject for fact in facts if fact.path[-1] == "remoteCode"]
    assert subjects[1] == "LeaderWorkerSet big, worker container worker"
    rays = read(
        changed(group, ("[python3, -m, sglang.launch_server, --model-path, o/m, --trust-remote-code]", "[ray, start]"))
    )
    assert not any("worker" in fact.subject for fact in rays)


# Machines


def machines(spec: str, *prefixes: str) -> list[str]:
    text = changed(SERVER, ("      containers:", f"      {spec}\n      containers:"))
    return shown(read(text), *(f"spec.serving.{prefix}" for prefix in prefixes))


def test_resources_count_the_accelerators_of_a_replica() -> None:
    text = SERVER + "          resources: {limits: {nvidia.com/gpu: '4'}, requests: {nvidia.com/gpu: 4}}\n"
    assert shown(read(text), "spec.serving.accelerators.count") == ["count 4 certain 16:48"]
    template = SERVER + "          resources: {limits: {nvidia.com/gpu: '{{ .Values.gpus }}'}}\n"
    assert shown(read(template), "spec.serving.accelerators.count") == ["count None inconclusive 16:48"]


def test_group_of_pods_has_the_accelerators_of_all() -> None:
    lead = "command: [vllm, serve, o/m], resources: {limits: {nvidia.com/gpu: 8}}"
    work = "command: [ray, start], resources: {limits: {nvidia.com/gpu: COUNT}}"
    text = GROUP.replace("command: [python3, -m, sglang.launch_server, --model, o/m]", lead)
    text = text.replace("command: [python3, -m, sglang.launch_server, WORDS]", work).replace("size: 2", "size: 3")
    path = "spec.serving.accelerators.count"
    assert shown(read(text.replace("COUNT", "4")), path) == ["count 16 certain 7:11"]
    assert shown(read(text.replace("COUNT", "'{{ n }}'")), path) == ["count None inconclusive 15:122"]
    assert shown(read(text.replace("COUNT", "4").replace("size: 3", "size: x")), path) == [
        "count None inconclusive 7:11"
    ]
    assert shown(read(text.replace("COUNT", "4").replace("    size: 3\n", "")), path) == ["count 8 certain 10:126"]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        (
            "nodeSelector: {nvidia.com/gpu.product: NVIDIA-H100-80GB-HBM3}",
            ["type nvidia-h100-80gb certain 11:46"],
        ),
        (
            "nodeSelector: {cloud.google.com/gke-accelerator: nvidia-l4, cloud.google.com/gke-spot: 'true'}",
            ["type nvidia-l4 certain 11:56", "platform gke inferred 11:56", "purchase spot certain 11:94"],
        ),
        (
            "nodeSelector: {eks.amazonaws.com/capacityType: ON_DEMAND}",
            ["purchase on-demand certain 11:54", "platform eks inferred 11:54"],
        ),
        (
            "nodeSelector: {topology.kubernetes.io/region: eu-central-1}",
            ["location {'region': 'aws:eu-central-1'} certain 11:53"],
        ),
        ("nodeSelector: {topology.kubernetes.io/region: nowhere-1}", ["location None inconclusive 11:53"]),
        ("nodeSelector: {topology.kubernetes.io/region: '{{ r }}'}", ["location None inconclusive 11:53"]),
        ("nodeSelector: {disktype: ssd}", []),
    ],
)
def test_labels_of_nodes_say_what_a_replica_runs_on(spec: str, expected: list[str]) -> None:
    assert sorted(machines(spec, "accelerators.type", "accelerators.purchase", "platform", "location")) == sorted(
        expected
    )


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ("[{matchExpressions: [{key: K, operator: In, values: [nvidia-l4]}]}]", ["type nvidia-l4 certain"]),
        ("[{matchExpressions: [{key: K, operator: In, values: [nvidia-l4, nvidia-l4]}]}]", ["type nvidia-l4 certain"]),
        (
            "[{matchExpressions: [{key: K, operator: In, values: [nvidia-l4, nvidia-tesla-t4]}]}]",
            ["type None inconclusive"],
        ),
        (
            "[{matchExpressions: [{key: K, operator: In, values: [nvidia-l4]}]}, {matchExpressions: []}]",
            ["type None inconclusive"],
        ),
        ("[{matchExpressions: [{key: K, operator: NotIn, values: [nvidia-l4]}]}]", []),
        ("[{matchExpressions: [{key: K, operator: In}]}]", []),
    ],
)
def test_affinity_says_it_where_it_leaves_one_kind(terms: str, expected: list[str]) -> None:
    terms = terms.replace("K,", "cloud.google.com/gke-accelerator,")
    required = f"requiredDuringSchedulingIgnoredDuringExecution: {{nodeSelectorTerms: {terms}}}"
    spec = f"affinity: {{nodeAffinity: {{{required}}}}}"
    assert [line.rpartition(" ")[0] for line in machines(spec, "accelerators.type")] == expected


def test_container_with_accelerators_that_runs_what_is_not_known_is_not_silent() -> None:
    text = changed(
        SERVER, ("vllm/vllm-openai:v0.33.0", "acme/own-server:1"), ("args: [--model, org/model]", "tty: false")
    )
    text += "          resources: {limits: {nvidia.com/gpu: 1}}\n"
    facts = read(text)
    assert shown(facts, "spec") == ["name None inconclusive 13:18", "id None inconclusive 13:18"]
    assert {fact.workload for fact in facts} == {WORKLOAD}
    assert read(changed(text, ("apiVersion: apps/v1\nkind: Deployment", "apiVersion: batch/v1\nkind: Job"))) == []
    assert read(changed(text, ("nvidia.com/gpu: 1", "cpu: 1"))) == []


def test_patch_of_the_nodes_of_an_engine_says_their_type() -> None:
    text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: vllm}\n"
    text += "spec: {template: {spec: {nodeSelector: {gpu: l4}}}}\n"
    assert shown(read(text), "spec") == ["type nvidia-l4 inferred 4:46"]
    assert read(changed(text, ("name: vllm", "name: web"))) == []
