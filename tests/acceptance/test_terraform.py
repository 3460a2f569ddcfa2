"""Terraform beside a descriptor: one unsafe line of it turns a control red, with the descriptor untouched."""

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
  evidence: ["infra/*.tf"]
  purpose: {summary: Answers questions, organisation: {principalPlace: DE}, userRegions: [EEA]}
  model: {id: microsoft/phi-4, remoteCode: false, revision: 6f6073b423013f6a7d4d9f39144961bfbfbc386b}
  serving: {hosting: cloud-managed, platform: sagemaker, location: {region: "aws:eu-central-1"}}
  data: {classification: confidential, categories: [pii], residency: {allowed: [DE]}, stores: []}
  network: {egress: {default: deny, rules: []}}
  security: {secrets: {store: vault, rotationDays: 30}}
"""
MAIN = """\
provider "aws" { region = "eu-central-1" }

resource "aws_sagemaker_model" "llm" {
  enable_network_isolation = true
  primary_container {
    environment = {
      HF_MODEL_ID                = "microsoft/phi-4"
      HF_MODEL_REVISION          = "6f6073b423013f6a7d4d9f39144961bfbfbc386b"
      HF_MODEL_TRUST_REMOTE_CODE = "false"
    }
  }
}

resource "aws_sagemaker_endpoint_configuration" "llm" {
  production_variants {
    model_name    = aws_sagemaker_model.llm.name
    instance_type = "ml.p5.4xlarge"
  }
}
"""
CHECK = ("check", "deploy.yaml", "--gate", "advisory", "--as-of", "2026-11-21", "--format", "json")


@pytest.fixture
def findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran]
) -> Callable[[str], dict[tuple[str, str], tuple[str, str]]]:
    """Give status and assurance by control and path, for a configuration."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "infra").mkdir()
    (tmp_path / "deploy.yaml").write_text(DESCRIPTOR)
    monkeypatch.chdir(tmp_path)

    def found(text: str) -> dict[tuple[str, str], tuple[str, str]]:
        (tmp_path / "infra" / "main.tf").write_text(text)
        (assessment,) = json.loads(run(*CHECK).out)["assessments"]
        return {(item["control"], item["path"]): (item["status"], item["assurance"]) for item in assessment["findings"]}

    return found


@pytest.mark.parametrize(
    ("old", "new", "control", "path", "before"),
    [
        ("isolation = true", "isolation = false", "residency-egress-closed", "spec.network.egress.default", "pass"),
        ('CODE = "false"', 'CODE = "true"', "security-weights-integrity", "spec.model.remoteCode", "pass"),
        ('"eu-central-1"', '"us-east-1"', "residency-location", "spec.serving", "pass"),
    ],
)
def test_an_unsafe_line_of_a_configuration_turns_its_control_red(
    findings: Callable[[str], dict[tuple[str, str], tuple[str, str]]],
    old: str,
    new: str,
    control: str,
    path: str,
    before: str,
) -> None:
    keys = [key for key in findings(MAIN) if key[0] == control and key[1].startswith(path)]
    assert keys
    assert {findings(MAIN)[key][0] for key in keys} == {before}
    assert ("fail", "contradicted") in {findings(MAIN.replace(old, new))[key] for key in keys}


def test_a_token_in_a_configuration_contradicts_the_store_and_is_not_shown(
    findings: Callable[[str], dict[tuple[str, str], tuple[str, str]]], run: Callable[..., Ran]
) -> None:
    token = "hf_" + "aBcDeFgHiJkLmNoPqRsTuVwXyZ01234567"
    found = findings(MAIN.replace("HF_MODEL_ID ", f'HF_TOKEN = "{token}"\n      HF_MODEL_ID '))
    assert ("fail", "contradicted") in {found[key] for key in found if key[0] == "security-secrets"}
    assert token not in run("check", "deploy.yaml", "--gate", "advisory").out


def test_a_configuration_that_cannot_be_read_is_an_error_at_its_line(
    findings: Callable[[str], dict[tuple[str, str], tuple[str, str]]], run: Callable[..., Ran], tmp_path: Path
) -> None:
    findings(MAIN)
    (tmp_path / "infra" / "main.tf").write_text(MAIN.replace("model_name    = aws", "model_name    aws"))
    ran = run("check", "deploy.yaml")
    assert ran.code == 4
    assert "infra/main.tf:16:" in ran.out
