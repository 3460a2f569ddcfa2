"""`psfpolicy check --explain CONTROL`: why a control decided so, on this document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy import schema, source
from tests.scratch import DESCRIPTOR

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran
    from tests.scratch import Scratch

TODAY = ("--as-of", "2026-11-21")
MINIMAL = "examples/minimal.yaml"
BOTH = (MINIMAL, "examples/gemma-3-27b/deploy.yaml")


EXPLAINED = """\
examples/minimal.yaml: production/assistant: FAIL at gate standard, self-declared, as of 2026-11-21
  why ops-capacity-planning is fail: Capacity planning has an owner, medium
    examples/minimal.yaml:11:1: fail  spec.operations.duties
      no entry of `spec.operations.duties` is `capacity-planning`; wanted: an `owner`, and `cadenceDays` from 1 to 365 that is kept, or a `reviewed` day in the last 365
      known as: declared
      held: data.psfpolicy.controls.ops.capacity_planning.findings
      read examples/minimal.yaml:11:1: not declared: spec.operations.duties
        11 | spec:
           | ^^^^
      read examples/minimal.yaml:17:14: spec.serving.hosting: self-managed-kubernetes
        17 |     hosting: self-managed-kubernetes
           |              ^^^^^^^^^^^^^^^^^^^^^^^
          row self-managed-kubernetes of hosting, as of 2026-11-20, ours
    what would have to change
      Name who plans capacity, and how often:

      operations:
        duties: [{duty: capacity-planning, owner: ml-platform, cadenceDays: 90}]
    rules: rego/psfpolicy/controls/ops/capacity_planning.rego; what they ask: psfpolicy explain ops-capacity-planning

"""  # noqa: E501  # as long as the lines of the output


def report(ran: Ran) -> Any:
    (document,) = source.read(ran.out.encode(), file="report.json")
    assert schema.diagnostics_of(document, "report-v1") == ()
    return document.data


@pytest.mark.usefixtures("in_root")
def test_a_quiet_run_shows_the_verdict_and_why(run: Callable[..., Ran]) -> None:
    ran = run("check", MINIMAL, "-q", "--explain", "ops-capacity-planning", *TODAY)
    assert ran.code == 1
    assert ran.out == EXPLAINED


@pytest.mark.usefixtures("in_root")
def test_each_descriptor_is_explained_in_text_and_json(run: Callable[..., Ran]) -> None:
    ran = run("check", *BOTH, "--explain", "vendor-licence-use", *TODAY)
    assert ran.out.count("  why vendor-licence-use is ") == 2
    found = report(run("check", *BOTH, "--explain", "vendor-licence-use", "--format", "json", *TODAY))
    for item in found["assessments"]:
        findings = [finding for finding in item["findings"] if finding["control"] == "vendor-licence-use"]
        answers = item["explained"]["answers"]
        assert [answer["fingerprint"] for answer in answers] == [finding["fingerprint"] for finding in findings]
        (model,) = [read for read in answers[0]["reads"] if read["path"] == "spec.model.id"]
        assert model["origin"] == "declared"
        assert [row["table"] for row in model["rows"]] == ["models"]
        assert item["explained"]["trace"] == []


@pytest.mark.usefixtures("in_root")
def test_without_it_a_report_has_no_explanation_and_the_verdicts_are_the_same(run: Callable[..., Ran]) -> None:
    plain = report(run("check", *BOTH, "--format", "json", *TODAY))
    why = report(run("check", *BOTH, "--explain", "data-encryption", "--format", "json", *TODAY))
    assert [item.pop("explained") for item in plain["assessments"]] == [None, None]
    assert None not in [item.pop("explained") for item in why["assessments"]]
    assert plain == why


@pytest.mark.usefixtures("in_root")
def test_what_manifests_confirm_is_shown_with_its_place(run: Callable[..., Ran]) -> None:
    ran = run("check", "examples/kubernetes-vllm", "-q", "--explain", "deploy-redundancy", *TODAY)
    assert "known as: evidenced\n" in ran.out
    assert "evidence examples/kubernetes-vllm/k8s/serving.yaml:" in ran.out


@pytest.mark.usefixtures("in_root")
def test_what_does_not_apply_shows_what_its_reason_rests_on(run: Callable[..., Ran]) -> None:
    ran = run("check", "examples/saas-bedrock/traces-abroad.yaml", "-q", "--explain", "deploy-autoscaling", *TODAY)
    assert "why deploy-autoscaling is not-applicable" in ran.out
    assert "held: data.psfpolicy.controls.deploy.autoscaling.not_applicable\n" in ran.out
    assert ": spec.serving.hosting: " in ran.out


@pytest.mark.usefixtures("in_root")
@pytest.mark.parametrize(
    ("word", "hint"),
    [("data-encrypton", "did you mean `data-encryption`?"), ("", "`psfpolicy controls` lists them")],
)
def test_an_unknown_control_is_wrong_usage(word: str, hint: str, run: Callable[..., Ran]) -> None:
    ran = run("check", MINIMAL, "--explain", word)
    assert (ran.code, ran.out, ran.err) == (2, "", f"psfpolicy: unknown control `{word}`\nhint: {hint}\n")


def test_a_comparison_explains_the_head(scratch: Scratch, run: Callable[..., Ran]) -> None:
    scratch.write({"deploy.yaml": DESCRIPTOR})
    scratch.commit()
    scratch.write({"deploy.yaml": DESCRIPTOR.replace("remoteCode: false", "remoteCode: true")})
    ran = run("check", "--base", "main", "-q", "--explain", "security-weights-integrity", *TODAY)
    assert ran.out.count("  why security-weights-integrity is ") == 1
    assert ": spec.model.remoteCode: true\n" in ran.out
    assert "known as: declared, new since the base\n" in ran.out
    assert "read deploy.yaml:" in run("check", "-q", "--explain", "data-encryption", *TODAY).out


SECRET = "hf_" + "A1b2C3d4E5" * 3 + "AbCd"


def test_no_secret_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran]) -> None:
    root = Path(__file__).parents[2]
    weights = f'    weights: {{source: mirror, uri: "https://u:{SECRET}@w.example/x"}}\n'
    (tmp_path / "deploy.yaml").write_text((root / MINIMAL).read_text().replace("  model:\n", f"  model:\n{weights}"))
    monkeypatch.chdir(tmp_path)
    for control in ("data-encryption", "security-secrets", "residency-location", "security-weights-integrity"):
        for format_ in ("text", "json"):
            ran = run("check", "deploy.yaml", "--explain", control, "--format", format_, *TODAY)
            assert ran.code == 1
            assert SECRET not in ran.out + ran.err
