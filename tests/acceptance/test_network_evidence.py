"""Policies of the network beside an example: one line of them that opens more turns a control red."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

EXAMPLE = Path(__file__).parents[2] / "examples/llama-3.1-70b/recommended.yaml"
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
        - name: vllm
          image: vllm/vllm-openai:v0.33.0
          args: [--model=meta-llama/Llama-3.1-70B-Instruct]
"""
POLICY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: vllm, namespace: llm}
spec:
  podSelector: {matchLabels: {app: vllm}}
  policyTypes: [Egress]
  egress:
    - to: [{ipBlock: {cidr: 10.20.0.0/16}}]
      ports: [{port: 4317}]
"""
SECTION = "spec.network.egress"


@pytest.fixture
def closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran]
) -> Callable[[str], dict[str, tuple[str, str]]]:
    """Give status and assurance of what is found about egress, by path, for a policy."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "deploy.yaml").write_text(f'{EXAMPLE.read_text().rstrip()}\n  evidence: ["k8s/*.yaml"]\n')
    (tmp_path / "k8s").mkdir()
    (tmp_path / "k8s" / "vllm.yaml").write_text(SERVER)
    monkeypatch.chdir(tmp_path)

    def found(policy: str) -> dict[str, tuple[str, str]]:
        (tmp_path / "k8s" / "policy.yaml").write_text(policy)
        ran = run("check", "deploy.yaml", "--gate", "advisory", "--as-of", "2026-11-21", "--format", "json")
        (assessment,) = json.loads(ran.out)["assessments"]
        return {
            item["path"]: (item["status"], item["assurance"])
            for item in assessment["findings"]
            if item["control"] == "residency-egress-closed"
        }

    return found


def test_a_policy_that_denies_and_opens_what_is_declared_is_evidence(
    closed: Callable[[str], dict[str, tuple[str, str]]],
) -> None:
    found = closed(POLICY)
    assert found[f"{SECTION}.default"] == ("pass", "evidenced")
    assert found[f"{SECTION}.rules[traces]"] == ("pass", "evidenced")


@pytest.mark.parametrize(
    ("edit", "path", "expected"),
    [
        (("egress:\n", "egress:\n    - {}\n"), f"{SECTION}.default", ("fail", "contradicted")),
        (("10.20.0.0/16", "0.0.0.0/0"), "evidence[NetworkPolicy llm/vllm].", ("fail", "evidenced")),
        (("- to: [{ipBlock: {cidr: 10.20.0.0/16}}]\n      ports", "- ports"), "evidence[", ("fail", "evidenced")),
        (("[Egress]", "[Ingress]"), f"{SECTION}.default", ("pass", "inconclusive")),
        (("{app: vllm}", "{app: web}"), f"{SECTION}.default", ("pass", "inconclusive")),
        (("namespace: llm", "namespace: web"), f"{SECTION}.default", ("pass", "inconclusive")),
    ],
)
def test_one_line_that_opens_more_is_seen_with_the_descriptor_untouched(
    closed: Callable[[str], dict[str, tuple[str, str]]], edit: tuple[str, str], path: str, expected: tuple[str, str]
) -> None:
    assert edit[0] in POLICY
    found = closed(POLICY.replace(*edit))
    assert expected in [answer for at, answer in found.items() if at.startswith(path)]
