"""Collectors, rules and rollouts beside a descriptor: what one line of them changes, with the descriptor untouched."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Ran

DESCRIPTOR = """\
apiVersion: psfpolicy/v1
kind: LLMDeployment
metadata: {name: case, environment: production}
spec:
  evidence: ["k8s/*.yaml"]
  purpose: {summary: Answers questions, organisation: {principalPlace: DE}, userRegions: [EEA]}
  regimes: [gdpr]
  model: {id: microsoft/phi-4}
  serving: {hosting: on-prem, location: {country: DE}}
  data: {classification: confidential, categories: [pii], stores: [], residency: {allowed: [DE]}}
  network: {egress: {default: deny, rules: []}, telemetryOptOut: true}
  observability:
    tracing: {propagation: w3c, covers: [gateway, guards, model, tools], sampling: 1.0}
    exports:
      - {name: otlp, kind: otlp, endpoint: "https://otel.example.com", carries: [metrics, traces], operator: self,
         location: {country: DE}, tls: true}
    alerts: [{name: slow, signal: latency-p99, owner: ml-oncall}]
  release:
    canary: {percent: 5, criteria: [error-rate]}
"""
COLLECTOR = """\
apiVersion: opentelemetry.io/v1beta1
kind: OpenTelemetryCollector
metadata: {name: gateway, namespace: obs}
spec:
  config:
    receivers: {otlp: {protocols: {grpc: {}}}}
    processors: {probabilistic_sampler: {sampling_percentage: 100}}
    exporters:
      otlphttp: {endpoint: "https://otel.example.com"}
      otlphttp/us: {endpoint: "https://otlp.us5.datadoghq.com"}
    service:
      pipelines:
        traces: {receivers: [otlp], processors: [probabilistic_sampler], exporters: [otlphttp]}
        metrics: {receivers: [otlp], exporters: [otlphttp]}
"""
RULES = """\
groups:
- name: serving
  rules:
  - alert: Slow
    expr: histogram_quantile(0.99, rate(vllm:e2e_request_latency_seconds_bucket[5m])) > 30
    labels: {owner: ml-oncall}
"""
ROLLOUT = """\
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: vllm, namespace: llm}
spec:
  selector: {matchLabels: {app: vllm}}
  template:
    metadata: {labels: {app: vllm}}
    spec:
      containers: [{name: vllm, image: "vllm/vllm-openai:v0.33.0", args: [--model=microsoft/phi-4]}]
  strategy:
    canary:
      trafficRouting: {istio: {virtualService: {name: vllm}}}
      analysis: {templates: [{templateName: errors}]}
      steps: [{setWeight: 5}, {pause: {duration: 10m}}]
---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: errors, namespace: llm}
spec:
  metrics:
  - name: errors
    successCondition: result[0] < 0.05
    provider: {prometheus: {query: "sum(rate(istio_requests_total{response_code=~'5..'}[5m]))"}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "k8s").mkdir()
    (tmp_path / "deploy.yaml").write_text(DESCRIPTOR)
    for name, text in (("collector", COLLECTOR), ("rules", RULES), ("rollout", ROLLOUT)):
        (tmp_path / "k8s" / f"{name}.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def findings(run: Callable[..., Ran]) -> Callable[[str], set[tuple[str, str, str]]]:
    """Give status and assurance of what a control finds, and the file that it points to."""

    def found(control: str) -> set[tuple[str, str, str]]:
        ran = run("check", "deploy.yaml", "--gate", "advisory", "--as-of", "2026-11-21", "--format", "json")
        (assessment,) = json.loads(ran.out)["assessments"]
        items: list[dict[str, Any]] = assessment["findings"]
        return {
            (item["status"], item["assurance"], item["place"]["file"]) for item in items if item["control"] == control
        }

    return found


@pytest.mark.usefixtures("folder")
def test_what_the_manifests_show_is_evidenced(findings: Callable[[str], set[tuple[str, str, str]]]) -> None:
    assert findings("observe-export") == {("pass", "evidenced", "deploy.yaml")}
    assert findings("deploy-canary") == {("partial", "evidenced", "deploy.yaml")}
    assert ("pass", "evidenced", "deploy.yaml") in findings("observe-alerts")
    assert ("pass", "evidenced", "deploy.yaml") in findings("observe-tracing")


@pytest.mark.parametrize(
    ("file", "old", "new", "control"),
    [
        ("collector", "sampling_percentage: 100", "sampling_percentage: 1", "observe-tracing"),
        ("collector", "https://otel.example.com", "http://otel.example.com", "data-encryption"),
        ("collector", "exporters: [otlphttp]}", "exporters: [otlphttp, otlphttp/us]}", "residency-location"),
        ("collector", "exporters: [otlphttp]}", "exporters: [otlphttp, otlphttp/us]}", "data-third-party-egress"),
        ("rules", "owner: ml-oncall", "owner: nobody", "observe-alerts"),
        ("rollout", "setWeight: 5", "setWeight: 100", "deploy-canary"),
        ("rollout", "result[0] < 0.05", "'true'", "deploy-canary"),
    ],
)
def test_one_line_of_a_manifest_turns_the_control_red(
    folder: Path, findings: Callable[[str], set[tuple[str, str, str]]], file: str, old: str, new: str, control: str
) -> None:
    before = findings(control)
    path = folder / "k8s" / f"{file}.yaml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    assert "fail" in {status for status, _, _ in findings(control) - before}
