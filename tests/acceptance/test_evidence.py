"""Manifests beside a descriptor: what one line of them changes in a run, with the descriptor untouched."""

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
  evidence: ["k8s/*.yaml"]
  purpose: {summary: Answers questions, organisation: {principalPlace: DE}, userRegions: [EEA]}
  model: {id: microsoft/phi-4, remoteCode: false}
  serving: {hosting: on-prem, location: {country: DE}}
  data: {classification: confidential, categories: [pii], stores: []}
  network: {egress: {default: deny, rules: []}, telemetryOptOut: true}
"""
MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: vllm, namespace: llm}
spec:
  replicas: 2
  selector: {matchLabels: {app: vllm}}
  template:
    metadata: {labels: {app: vllm}}
    spec:
      containers:
        - name: vllm
          image: vllm/vllm-openai:v0.33.0
          args:
            - --model=microsoft/phi-4
"""
CHECK = ("check", "deploy.yaml", "--gate", "advisory", "--as-of", "2026-11-21")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "k8s").mkdir()
    (tmp_path / "deploy.yaml").write_text(DESCRIPTOR)
    (tmp_path / "k8s" / "vllm.yaml").write_text(MANIFEST)
    monkeypatch.chdir(tmp_path)
    return tmp_path


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
    assert alone.startswith("deploy.yaml: production/case: ADVISORY at gate advisory, self-declared: standard would")
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
