"""Guards and gateways beside a descriptor: what one line of theirs changes, with the descriptor untouched."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

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
  evidence: ["gateway/*.yaml"]
  purpose: {summary: Answers questions, organisation: {principalPlace: DE}, userRegions: [EEA]}
  regimes: [gdpr-strict-residency]
  model: {id: microsoft/phi-4, remoteCode: false}
  serving: {hosting: on-prem, location: {country: DE}}
  inputs:
    guards:
      - {name: injections, model: meta-llama/Llama-Prompt-Guard-2-86M, detects: [injection, jailbreak],
         scans: [user], action: block, onPath: true, failClosed: true, hosting: self, chunking: true}
    rateLimits: [{scope: per-client, unit: tokens, limit: 1000, per: minute}]
  data: {classification: confidential, categories: [pii], stores: [], residency: {allowed: [DE]}}
  network: {egress: {default: deny, rules: []}, ingress: {authentication: api-key}, telemetryOptOut: true}
  observability: {exports: []}
"""
CONFIG = """\
model_list:
  - model_name: own
    litellm_params:
      model: hosted_vllm/microsoft/phi-4
      api_base: http://vllm.llm.svc:8000/v1
guardrails:
  - guardrail_name: injections
    litellm_params:
      guardrail: generic_guardrail_api
      mode: pre_call
      default_on: true
      unreachable_fallback: fail_closed
litellm_settings: {telemetry: false}
general_settings: {master_key: os.environ/LITELLM_MASTER_KEY}
"""
PERSONAL = "spec.inputs.guards[personal]"
CHECK = ("check", "deploy.yaml", "--gate", "advisory", "--as-of", "2026-11-21", "--format", "json")


@pytest.fixture
def findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran]
) -> Callable[[str], dict[tuple[str, str], str]]:
    """Give what is said of each control at each path, by the configuration."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "gateway").mkdir()
    (tmp_path / "deploy.yaml").write_text(DESCRIPTOR)
    monkeypatch.chdir(tmp_path)

    def found(config: str) -> dict[tuple[str, str], str]:
        (tmp_path / "gateway" / "config.yaml").write_text(config)
        (assessment,) = json.loads(run(*CHECK).out)["assessments"]
        return {
            (item["control"], item["path"]): f"{item['status']} {item['assurance']}" for item in assessment["findings"]
        }

    return found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("default_on: true", "default_on: false"),
        ("mode: pre_call", "mode: logging_only"),
        ("fail_closed", "fail_open"),
    ],
)
def test_a_guard_that_is_weakened_is_no_defence(
    findings: Callable[[str], dict[tuple[str, str], str]], old: str, new: str
) -> None:
    at = ("input-injection-defence", "spec.inputs.guards[injections]")
    assert findings(CONFIG)[at] == "pass inconclusive"
    assert findings(CONFIG.replace(old, new))[at] == "fail contradicted"


def test_a_backend_at_a_provider_and_a_callback_leave(findings: Callable[[str], dict[tuple[str, str], str]]) -> None:
    before = findings(CONFIG)
    for old, new, name in (
        ("http://vllm.llm.svc:8000/v1", "https://api.openai.com/v1", "egress.rules[hosted_vllm/microsoft/phi-4]"),
        ("telemetry: false", "callbacks: [langfuse]", "observability.exports[langfuse]"),
    ):
        after = findings(CONFIG.replace(old, new))
        failed = {
            control
            for (control, path), said in after.items()
            if path.endswith(name) and said == "fail evidenced" and (control, path) not in before
        }
        assert failed == {"data-third-party-egress", "residency-agreements", "residency-location"}


def test_a_key_that_is_written_fails_the_control_of_secrets(
    findings: Callable[[str], dict[tuple[str, str], str]],
) -> None:
    at = ("security-secrets", "spec.security.secrets")
    assert findings(CONFIG)[at] == "fail declared"
    assert findings(CONFIG.replace("os.environ/LITELLM_MASTER_KEY", "sk-1234"))[at] == "fail evidenced"


def test_a_guard_is_the_declared_one_by_each_of_its_names_and_what_it_leaves_open_is_its_own(
    tmp_path: Path, findings: Callable[[str], dict[tuple[str, str], str]], run: Callable[..., Ran]
) -> None:
    more = """\
      - {name: personal, model: microsoft/presidio, detects: [pii], action: redact, onPath: true, hosting: self}
    rateLimits:"""
    (tmp_path / "deploy.yaml").write_text(DESCRIPTOR.replace("    rateLimits:", more))
    masking = "  - {guardrail_name: pii, litellm_params: {guardrail: presidio, mode: pre_call}}\nlitellm_settings:"

    def verdicts(config: str) -> dict[str, str]:
        findings(config)
        rows = json.loads(run("evidence", "deploy.yaml", "--format", "json").out)["descriptors"][0]["rows"]
        return {row["path"]: row["verdict"] for row in rows if row["path"].startswith("spec.inputs.guards")}

    whole = verdicts(CONFIG.replace("litellm_settings:", masking))
    assert whole[f"{PERSONAL}.model"] == whole[f"{PERSONAL}.detects"] == "confirmed"
    assert (whole[PERSONAL], whole["spec.inputs.guards[injections]"]) == ("confirmed", "open")
    open_ = verdicts(CONFIG.replace("litellm_settings:", masking.replace("pre_call", "'${MODE}'")))
    assert (open_[PERSONAL], open_.get("spec.inputs.guards")) == ("open", None)
