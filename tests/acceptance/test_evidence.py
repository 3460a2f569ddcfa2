"""Manifests beside a descriptor: what one line of them changes in a run, with the descriptor untouched."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.scratch import MANIFEST

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
  model: {id: microsoft/phi-4, remoteCode: false}
  serving: {hosting: on-prem, location: {country: DE}}
  data: {classification: confidential, categories: [pii], stores: []}
  network: {egress: {default: deny, rules: []}, telemetryOptOut: true}
"""
CHECK = ("check", "deploy.yaml", "--gate", "advisory", "--as-of", "2026-11-21")


@pytest.fixture
def folder(laid_out: Callable[..., Path]) -> Path:
    return laid_out({"deploy.yaml": DESCRIPTOR, "k8s/vllm.yaml": MANIFEST})


@pytest.fixture
def remote_code(run: Callable[..., Ran]) -> Callable[[], dict[str, object]]:
    """Give the finding about remote code."""

    def found() -> dict[str, object]:
        (assessment,) = json.loads(run(*CHECK, "--format", "json").out)["assessments"]
        finding: dict[str, object]
        (finding,) = [
            item
            for item in assessment["findings"]
            if (item["control"], item["path"]) == ("security-weights-integrity", "spec.model.remoteCode")
        ]
        return finding

    return found


@pytest.mark.usefixtures("folder")
def test_a_manifest_that_shows_what_is_declared_is_evidence_of_it(remote_code: Callable[[], dict[str, object]]) -> None:
    finding = remote_code()
    assert (finding["status"], finding["assurance"]) == ("pass", "evidenced")


def test_a_flag_in_a_manifest_turns_a_control_red_with_the_descriptor_untouched(
    folder: Path, remote_code: Callable[[], dict[str, object]], run: Callable[..., Ran]
) -> None:
    (folder / "k8s" / "vllm.yaml").write_text(MANIFEST + "            - --trust-remote-code\n")
    finding = remote_code()
    assert (finding["status"], finding["assurance"]) == ("fail", "contradicted")
    assert (
        """\
  deploy.yaml:7:44: fail  critical  security-weights-integrity
      `spec.model.remoteCode` is `false`; but evidence contradicts what is declared at `spec.model.remoteCode`
      7 |   model: {id: microsoft/phi-4, remoteCode: false}
        |                                            ^^^^^
      evidence: k8s/vllm.yaml:15:15: contradicts spec.model.remoteCode: --trust-remote-code """
        """(Deployment llm/vllm, container vllm)
      15 |             - --trust-remote-code
         |               ^^^^^^^^^^^^^^^^^^^
""" in run(*CHECK).out
    )


def test_what_the_descriptor_leaves_open_is_judged_at_the_line_of_the_manifest(
    folder: Path, remote_code: Callable[[], dict[str, object]]
) -> None:
    (folder / "deploy.yaml").write_text(DESCRIPTOR.replace(", remoteCode: false", ""))
    (folder / "k8s" / "vllm.yaml").write_text(MANIFEST + "            - --trust-remote-code\n")
    finding = remote_code()
    assert finding["status"] == "fail"
    assert finding["place"] == {
        "file": "k8s/vllm.yaml",
        "startLine": 15,
        "startColumn": 15,
        "endLine": 15,
        "endColumn": 34,
        "usedAt": None,
    }


def test_evidence_that_is_not_there_is_no_silence(folder: Path, run: Callable[..., Ran]) -> None:
    (folder / "k8s" / "vllm.yaml").unlink()
    ran = run(*CHECK)
    assert ran.code == 4
    assert "deploy.yaml:5:14: evidence-missing: `k8s/*.yaml` matches no file" in ran.out


def test_without_evidence_a_verdict_is_self_declared(folder: Path, run: Callable[..., Ran]) -> None:
    told = run(*CHECK).out
    (folder / "deploy.yaml").write_text(DESCRIPTOR.replace('  evidence: ["k8s/*.yaml"]\n', ""))
    alone = run(*CHECK).out
    assert "self-declared" not in told
    assert "  evidence: 1 file; " in told
    assert alone.startswith("deploy.yaml: production/case: ADVISORY at gate advisory, self-declared, as of")
    assert "  evidence: " not in alone


def test_settings_that_ask_for_evidence_fail_what_is_only_declared(
    folder: Path, remote_code: Callable[[], dict[str, object]]
) -> None:
    (folder / "deploy.yaml").write_text(DESCRIPTOR.replace('  evidence: ["k8s/*.yaml"]\n', ""))
    (folder / ".psfpolicy.yaml").write_text("requireEvidence: [security-weights-integrity]\n")
    finding = remote_code()
    assert finding["status"] == "fail"
    assert finding["message"] == (
        "`spec.model.remoteCode` is `false`; but the settings ask for evidence, and no manifest shows it"
    )


OPERATED = """\
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: {name: phi, namespace: llm}
spec:
  predictor:
    model:
      modelFormat: {name: vLLM}
      runtime: vllm
      storageUri: hf://microsoft/phi-4
      args: [--max-model-len=4096]
---
apiVersion: serving.kserve.io/v1alpha1
kind: ServingRuntime
metadata: {name: vllm, namespace: llm}
spec:
  containers:
    - {name: kserve-container, image: "vllm/vllm-openai:v0.33.0", args: [--model=/mnt/models]}
"""


def test_a_flag_in_an_operators_resource_turns_a_control_red(
    folder: Path, remote_code: Callable[[], dict[str, object]]
) -> None:
    (folder / "k8s" / "vllm.yaml").write_text(OPERATED)
    finding = remote_code()
    assert (finding["status"], finding["assurance"]) == ("pass", "evidenced")
    (folder / "k8s" / "vllm.yaml").write_text(OPERATED.replace("--max-model-len=4096", "--trust-remote-code"))
    finding = remote_code()
    assert (finding["status"], finding["assurance"]) == ("fail", "contradicted")


SAFE = DESCRIPTOR.replace(
    "  network:", "  parties: []\n  security: {secrets: {store: vault, rotationDays: 30}}\n  network:"
).replace(
    "telemetryOptOut: true", "ingress: {exposure: cluster, tls: true, authentication: oidc}, telemetryOptOut: true"
)
SERVICE = """\
---
apiVersion: v1
kind: Service
metadata: {name: vllm, namespace: llm}
spec:
  type: ClusterIP
  selector: {app: vllm}
  ports: [{port: 8000}]
---
apiVersion: v1
kind: Secret
metadata: {name: keys, namespace: llm}
stringData:
  token: <secret>
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: llm}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: example.org/web:1
          env:
            - {name: OPENAI_API_KEY, value: EMPTY}
"""
ENVIRONMENT = """\
          env:
            - {name: VLLM_NO_USAGE_STATS, value: "1"}
            - {name: VLLM_SERVER_DEV_MODE, value: "0"}
"""
WHOLE = MANIFEST + ENVIRONMENT + SERVICE


@pytest.fixture
def assessed(folder: Path, run: Callable[..., Ran]) -> Callable[[str, str], dict[str, Any]]:
    """Give the assessment, and see to it that no output shows what never may be shown."""

    def found(manifest: str, descriptor: str) -> dict[str, Any]:
        (folder / "deploy.yaml").write_text(descriptor)
        (folder / "k8s" / "vllm.yaml").write_text(manifest)
        written = run(*CHECK, "--format", "json").out
        assert "s3cretly" not in written + run(*CHECK).out
        (assessment,) = json.loads(written)["assessments"]
        return dict(assessment)

    return found


def red(assessment: dict[str, Any]) -> set[tuple[str, str, str]]:
    """Give what fails or is undeclared, with its assurance, and the places in manifests that it rests on."""
    failing = {
        (item["control"], item["assurance"], f"{shown['place']['file']}:{shown['place']['startLine']}")
        for item in assessment["findings"]
        if item["status"] == "fail"
        for shown in [*item["evidence"], item]
        if shown["place"]["file"].startswith("k8s/") and shown.get("bearing") != "confirms"
    }
    return failing | {
        (item["path"], item["severity"], f"{item['place']['file']}:{item['place']['startLine']}")
        for item in assessment["undeclared"]
    }


def line_of(manifest: str, text: str) -> str:
    return f"k8s/vllm.yaml:{manifest[: manifest.index(text)].count(chr(10)) + 1}"


@pytest.mark.parametrize(
    ("was", "is_", "expected"),
    [
        (
            'VLLM_SERVER_DEV_MODE, value: "0"',
            'VLLM_SERVER_DEV_MODE, value: "1"',
            {("security-endpoint-auth", "evidenced")},
        ),
        (
            "token: <secret>",
            "token: s3cretly",
            {("security-secrets", "contradicted"), ("security-secrets", "evidenced")},
        ),
        (
            "--model=microsoft/phi-4\n",
            "--model=microsoft/phi-4\n            - --api-key=s3cretly\n",
            {("security-secrets", "contradicted"), ("security-secrets", "evidenced")},
        ),
        (
            "OPENAI_API_KEY, value: EMPTY",
            "OPENAI_API_KEY, value: s3cretly",
            {("security-secrets", "contradicted"), ("security-secrets", "evidenced"), ("spec.parties", "high")},
        ),
        (
            "OPENAI_API_KEY, value: EMPTY",
            "OPENAI_API_KEY, valueFrom: {secretKeyRef: {name: keys, key: token}}",
            {("spec.parties", "high")},
        ),
        ("type: ClusterIP", "type: LoadBalancer", {("security-endpoint-auth", "contradicted")}),
        (
            "--model=microsoft/phi-4\n",
            "--model=microsoft/phi-4\n            - --otlp-traces-endpoint=http://otel.example.com:4317\n",
            set(),
        ),
    ],
)
def test_one_line_of_a_manifest_turns_its_control_red_with_the_descriptor_untouched(
    was: str, is_: str, expected: set[tuple[str, str]], assessed: Callable[[str, str], dict[str, Any]]
) -> None:
    before, after = red(assessed(WHOLE, SAFE)), red(assessed(WHOLE.replace(was, is_), SAFE))
    line = line_of(WHOLE.replace(was, is_), is_.rpartition("            - ")[2])
    found = {(name, how) for name, how, place in after - before if place == line}
    assert found >= expected
    assert expected or found


def test_the_unedited_manifests_leave_nothing_undeclared_and_no_secret(
    assessed: Callable[[str, str], dict[str, Any]],
) -> None:
    assessment = assessed(WHOLE, SAFE)
    assert assessment["undeclared"] == []
    found = {item["control"]: item for item in assessment["findings"]}
    assert (found["security-secrets"]["status"], found["security-secrets"]["assurance"]) == ("pass", "inconclusive")
    assert found["security-endpoint-auth"]["status"] == "pass"
    assert found["data-telemetry"]["assurance"] == "evidenced"
    shares = {domain["id"]: domain["evidenced"] for domain in assessment["domains"]}
    assert shares["PSF-3"]["passes"] > 0
    assert shares["PSF-3"]["share"] == round(100 * shares["PSF-3"]["evidenced"] / shares["PSF-3"]["passes"] + 1e-9)


def test_a_service_of_another_workload_is_not_the_deployments(assessed: Callable[[str, str], dict[str, Any]]) -> None:
    other = (
        SERVICE.replace("name: vllm,", "name: web,")
        .replace("{app: vllm}", "{app: web}")
        .replace("ClusterIP", "LoadBalancer")
    )
    assert red(assessed(WHOLE + other, SAFE)) == red(assessed(WHOLE, SAFE))


def test_a_way_from_outside_that_nobody_declared_is_undeclared(assessed: Callable[[str, str], dict[str, Any]]) -> None:
    public = WHOLE.replace("type: ClusterIP", "type: LoadBalancer")
    found = red(assessed(public, SAFE.replace("exposure: cluster, ", "")))
    assert ("spec.network.ingress.exposure", "high", line_of(public, "type: LoadBalancer")) in found


def test_an_undeclared_export_is_a_flow_at_the_manifests_line(assessed: Callable[[str, str], dict[str, Any]]) -> None:
    sending = WHOLE.replace(
        "microsoft/phi-4\n", "microsoft/phi-4\n            - --otlp-traces-endpoint=http://otel.example.com:4317\n"
    )
    line = line_of(sending, "--otlp-traces")
    undeclared = SAFE.replace("  network:", "  observability: {exports: []}\n  network:")
    found = red(assessed(sending, undeclared))
    assert ("data-third-party-egress", "evidenced", line) in found
    assert ("spec.observability.exports", "high", line) in found
    declared = undeclared.replace(
        "[]}\n  network", "[{name: t, kind: otlp, endpoint: 'OTEL.example.com:4317/'}]}\n  network"
    )
    assert line not in {
        place for name, how, place in red(assessed(sending, declared)) if how in {"high", "contradicted"}
    }


def test_a_provider_is_no_reason_where_an_engine_serves_the_model(
    assessed: Callable[[str, str], dict[str, Any]],
) -> None:
    hosted = SAFE.replace("hosting: on-prem", "hosting: managed-inference, platform: together")
    found = {name for name, how, _ in red(assessed(WHOLE, hosted)) if how == "contradicted"}
    assert {"security-hardening", "deploy-capacity-fit", "security-engine-advisories"} <= found


def test_a_switch_that_a_manifest_leaves_open_is_no_silence(assessed: Callable[[str, str], dict[str, Any]]) -> None:
    open_ = WHOLE.replace('value: "0"', "valueFrom: {configMapKeyRef: {name: elsewhere, key: dev}}")
    (finding,) = [item for item in assessed(open_, SAFE)["findings"] if item["control"] == "security-endpoint-auth"]
    assert (finding["status"], finding["assurance"]) == ("pass", "inconclusive")
    assert "spec.security.hardening.devEndpoints" in {shown["path"] for shown in finding["evidence"]}


def test_a_second_model_is_undeclared_and_critical(assessed: Callable[[str, str], dict[str, Any]]) -> None:
    second = MANIFEST.replace("name: vllm", "name: second").replace("microsoft/phi-4", "Qwen/Qwen3-8B")
    both = f"{WHOLE}---\n{second}"
    assert ("spec.model.id", "critical", line_of(both, "--model=Qwen")) in red(assessed(both, SAFE))
    guarded = SAFE.replace(
        "  network:", "  inputs: {guards: [{name: g, model: qwen/qwen3-8b, detects: [injection]}]}\n  network:"
    )
    assert "spec.model.id" not in {name for name, _, _ in red(assessed(both, guarded))}


@pytest.mark.parametrize(
    ("declared", "assurance"),
    [("docker.io/vllm/vllm-openai:v0.33.0", "evidenced"), ("quay.io/vllm/vllm-openai:v0.33.0", "contradicted")],
)
def test_an_image_is_the_same_however_its_registry_is_written(
    declared: str, assurance: str, assessed: Callable[[str, str], dict[str, Any]]
) -> None:
    named = SAFE.replace(
        "hosting: on-prem", f"engine: {{name: vllm, version: 0.33.0, image: {declared}}}, hosting: on-prem"
    )
    found = [item for item in assessed(WHOLE, named)["findings"] if item["path"] == "spec.serving.engine.image"]
    assert {item["assurance"] for item in found} == {assurance}


def test_a_model_that_drafts_is_reported_and_asked_to_be_pinned(folder: Path, run: Callable[..., Ran]) -> None:
    drafting = """            - '--speculative-config={"model": "org/small", "num_speculative_tokens": 3}'\n"""
    (folder / "k8s" / "vllm.yaml").write_text(MANIFEST + drafting)
    (assessment,) = json.loads(run(*CHECK, "--format", "json").out)["assessments"]
    assert [item["severity"] for item in assessment["undeclared"] if "org/small" in item["message"]] == ["high"]
    found = [item for item in assessment["findings"] if item["path"] == "spec.model.draft.id"]
    assert {item["control"]: (item["status"], item["place"]["file"]) for item in found} == {
        "deploy-model-pinned": ("fail", "k8s/vllm.yaml"),
        "vendor-licence-mau": ("partial", "k8s/vllm.yaml"),
        "vendor-licence-use": ("partial", "k8s/vllm.yaml"),
    }


def test_a_proxy_beside_the_engine_in_plain_text_fails_at_its_line(folder: Path, run: Callable[..., Ran]) -> None:
    proxy = (
        "        - {name: proxy, image: 'ghcr.io/llm-d/llm-d-routing-sidecar:v0.3.0', args: [--secure-proxy=false]}\n"
    )
    (folder / "k8s" / "vllm.yaml").write_text(MANIFEST + proxy)
    (assessment,) = json.loads(run(*CHECK, "--format", "json").out)["assessments"]
    (found,) = [item for item in assessment["findings"] if item["path"].endswith("plaintextSidecar")]
    assert (found["control"], found["status"], found["place"]["startLine"]) == ("security-endpoint-auth", "fail", 15)


def test_a_password_in_a_plan_is_in_no_report(folder: Path, run: Callable[..., Ran]) -> None:
    (folder / "k8s" / "own.yaml").write_text("database: {user: me, password: hunter2}\n")
    for form in ("text", "json"):
        assert "hunter2" not in run(*CHECK, "--format", form).out
