"""Licences, users, engines and unknown names, as `psfpolicy check` answers for them."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml

from psfpolicy import resources

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

ROOT = Path(__file__).parents[2]
RECOMMENDED = (ROOT / "examples/llama-3.1-70b/recommended.yaml").read_text(encoding="utf-8")


NOT_CODESTRAL = (
    "does not permit the environment `production` and permits the use `evaluation` or `research` and not `commercial`"
)


class Answer(NamedTuple):
    """What a control says at a place."""

    path: str
    status: str
    message: str


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def report(here: Path, run: Callable[..., Ran]) -> Callable[..., Any]:
    """Give the report on a descriptor with this below `spec`."""

    def reported(spec: str, environment: str = "production") -> Any:
        whole: dict[str, Any] = {
            "apiVersion": "psfpolicy/v1",
            "kind": "LLMDeployment",
            "metadata": {"name": "assistant", "environment": environment},
            "spec": {"purpose": {"summary": "x"}, "serving": {"hosting": "on-prem"}, **yaml.safe_load(spec)},
        }
        whole["spec"]["purpose"]["summary"] = "x"
        (here / "deploy.json").write_text(json.dumps(whole, default=str), encoding="utf-8")
        return json.loads(run("check", "--as-of", "2026-11-21", "--format", "json", "deploy.json").out)

    return reported


@pytest.fixture
def answers(report: Callable[..., Any]) -> Callable[..., list[Answer]]:
    """Give what a control says of a descriptor with this below `spec`."""

    def answered(control: str, spec: str, environment: str = "production") -> list[Answer]:
        (assessment,) = report(spec, environment)["assessments"]
        return [
            Answer(finding["path"], finding["status"], finding["message"])
            for finding in assessment["findings"]
            if finding["control"] == control
        ]

    return answered


@pytest.mark.parametrize(
    ("spec", "path", "says"),
    [
        (
            "{purpose: {use: commercial}, model: {id: mistralai/Codestral-22B-v0.1}}",
            "spec.model.id",
            NOT_CODESTRAL,
        ),
        (
            "{purpose: {use: commercial}, model: {id: mistralai/Mistral-Large-Instruct-2407}}",
            "spec.model.id",
            "does not permit the environment `production` and permits the use `research` and not `commercial`",
        ),
        (
            "{purpose: {use: internal, sectors: [defence]}, model: {id: meta-llama/Llama-3.1-70B-Instruct}}",
            "spec.model.id",
            "forbids the sectors `defence`",
        ),
        (
            "{purpose: {sectors: [critical-infrastructure]}, model: {id: meta-llama/Llama-3.3-70B-Instruct}}",
            "spec.model.id",
            "forbids the sectors `critical-infrastructure`",
        ),
        (
            "{purpose: {sectors: [general]}, regimes: [itar], model: {id: meta-llama/Llama-3.3-70B-Instruct}}",
            "spec.model.id",
            "forbids what falls under ITAR",
        ),
        (
            (
                "{purpose: {sectors: [general], organisation: {principalPlace: IE}},"
                " model: {id: meta-llama/Llama-4-Scout-17B-16E-Instruct}}"
            ),
            "spec.model.id",
            (
                "gives in models that take more than text no rights to those whose principal place is in `EU`: "
                "`spec.purpose.organisation.principalPlace` is `IE`"
            ),
        ),
        (
            (
                "{purpose: {sectors: [general]}, model: {id: deepseek-ai/DeepSeek-V3},"
                " oversight: {decisions: [{name: loan, autonomy: L2, affectsRights: true}]}}"
            ),
            "spec.model.id",
            "forbids decisions that affect rights and that no person takes, as `loan` at `L2` or above",
        ),
        (
            (
                "{purpose: {use: commercial}, model: {id: acme/code, base: {id: MistralAI/codestral-22b-v0.1},"
                " licence: {id: mit}}}"
            ),
            "spec.model.base.id",
            NOT_CODESTRAL,
        ),
        (
            (
                "{purpose: {sectors: [defence]}, model: {id: microsoft/phi-4},"
                " inputs: {guards: [{name: hazards, model: meta-llama/Llama-Guard-3-8B, detects: [unsafe-content]}]}}"
            ),
            "spec.inputs.guards[hazards]",
            "forbids the sectors `defence`",
        ),
        (
            (
                "{purpose: {use: commercial}, model: {id: microsoft/phi-4},"
                " vendor: {fallbacks: [{name: small, kind: smaller-model, model: codestral-22b}]}}"
            ),
            "spec.vendor.fallbacks[small]",
            NOT_CODESTRAL,
        ),
        (
            (
                "{purpose: {use: commercial}, model: {id: microsoft/phi-4,"
                " adapters: [{name: code, source: mistralai/Codestral-22B-v0.1}]}}"
            ),
            "spec.model.adapters[code]",
            NOT_CODESTRAL,
        ),
    ],
)
def test_use_that_a_licence_in_play_forbids_fails_at_the_thing_that_it_comes_with(
    spec: str, path: str, says: str, answers: Callable[..., list[Answer]]
) -> None:
    failed = [answer for answer in answers("vendor-licence-use", spec) if answer.status == "fail"]
    assert [(answer.path, says in answer.message) for answer in failed] == [(path, True)]


@pytest.mark.parametrize(
    ("model", "usage", "status"),
    [
        ("Qwen/Qwen2.5-72B-Instruct", "{monthlyActiveUsers: 99999999}", "pass"),
        ("Qwen/Qwen2.5-72B-Instruct", "{monthlyActiveUsers: 100000000}", "pass"),
        ("Qwen/Qwen2.5-72B-Instruct", "{monthlyActiveUsers: 100000001}", "fail"),
        ("meta-llama/Llama-3.1-70B-Instruct", "{monthlyActiveUsersAtModelRelease: 700000000}", "pass"),
        ("meta-llama/Llama-3.1-70B-Instruct", "{monthlyActiveUsersAtModelRelease: 700000001}", "fail"),
        ("meta-llama/Llama-3.1-70B-Instruct", "{monthlyActiveUsers: 12000}", "partial"),
        ("meta-llama/Llama-3.1-70B-Instruct", "{}", "partial"),
        ("Qwen/Qwen2.5-7B-Instruct", "{}", "not-applicable"),
    ],
)
def test_users_are_counted_as_the_licence_words_it(
    model: str, usage: str, status: str, answers: Callable[..., list[Answer]]
) -> None:
    (answer,) = answers("vendor-licence-mau", f"{{purpose: {{usage: {usage}}}, model: {{id: {model}}}}}")
    assert (answer.path, answer.status) == ("spec.model.id", status)


@pytest.mark.parametrize(
    ("agreements", "status"),
    [
        ("[]", "pass"),
        ("[{kind: licence, with: mistral, ref: legal/a, expires: 2026-11-21}]", "pass"),
        ("[{kind: licence, with: mistral, ref: legal/a, expires: 2026-11-20}]", "fail"),
        ("[{kind: licence, with: meta, ref: legal/a}]", "fail"),
        ("[{kind: dpa, with: meta, ref: legal/a}]", "pass"),
    ],
)
def test_an_agreement_counts_with_the_licensor_and_to_its_last_day(
    agreements: str, status: str, answers: Callable[..., list[Answer]]
) -> None:
    spec = (
        "{parties: [{id: mistral, name: Mistral AI}, {id: meta, name: Meta Platforms}], purpose: {use: commercial},"
        " model: {id: mistralai/Mistral-Large-Instruct-2407, licence: {commercialAgreement: legal/a}},"
        f" vendor: {{agreements: {agreements}}}}}"
    )
    assert [answer.status for answer in answers("vendor-licence-use", spec)] == [status]


def test_a_repack_that_is_only_similar_is_asked_about_and_not_taken_for_it(
    answers: Callable[..., list[Answer]],
) -> None:
    spec = "{purpose: {use: commercial}, model: {id: TheBloke/Codestral-22B-v0.1-AWQ}}"
    assert answers("vendor-licence-use", spec) == [
        Answer(
            "spec.model.id",
            "partial",
            "`TheBloke/Codestral-22B-v0.1-AWQ` is under a licence that the catalogue does not know; "
            "wanted: `spec.model.licence.id` or `spec.model.base`, as the catalogue or your own knows them; "
            "if it comes from `mistralai/Codestral-22B-v0.1`, `spec.model.base.id` can say so",
        )
    ]


UNKNOWN = """
purpose: {use: internal, sectors: [general], usage: {monthlyActiveUsers: 1}, audience: internal}
model: {id: acme/notes-70b, quantization: fp8, maxModelLen: 8192, licence: {id: apache2, accepted: 2026-05-01}}
serving: {hosting: on-prem, engine: {name: other, version: 1.0.0}, accelerators: {type: nvidia-h100-80, count: 2}}
inputs:
  guards:
    - {name: g, model: meta-llama/LlamaGuard-3-8B, detects: [unsafe-content], action: block, onPath: true}
outputs: {constrainedDecoding: {library: outlines, schema: a.json}}
oversight: {decisions: []}
"""


@pytest.mark.parametrize(
    ("control", "path", "says"),
    [
        ("vendor-licence-use", "spec.model.id", "`spec.model.licence.id` or `spec.model.base`"),
        ("vendor-licence-use", "spec.model.id", "did you mean `apache-2.0`?"),
        (
            "vendor-licence-mau",
            "spec.inputs.guards[g]",
            "a row with the `licence` of `meta-llama/LlamaGuard-3-8B` in `models`",
        ),
        ("vendor-licence-mau", "spec.inputs.guards[g]", "did you mean `meta-llama/Llama-Guard-3-8B`?"),
        ("vendor-licence-duties", "spec.model.licence", "the licence of `acme/notes-70b`"),
        (
            "vendor-engine-maintained",
            "spec.serving.engine.name",
            "a row with `maintained` in `engines` of your own catalogue",
        ),
        (
            "vendor-abstraction",
            "spec.vendor.abstractionLayer",
            "a row with `openai_compatible` in `engines` of your own",
        ),
        (
            "security-engine-advisories",
            "spec.serving.engine.version",
            "rows about it in `advisories` of your own catalogue",
        ),
        (
            "output-structured",
            "spec.outputs.constrainedDecoding",
            "a row with `structured_output` in `engines` of your own",
        ),
        ("input-content-classification", "spec.inputs.guards[g]", "did you mean `meta-llama/Llama-Guard-3-8B`?"),
        ("deploy-capacity-fit", "spec.serving.accelerators", "`spec.model.architecture`"),
        ("deploy-capacity-fit", "spec.serving.accelerators", "`spec.serving.accelerators.memoryGb`"),
        ("deploy-capacity-fit", "spec.serving.accelerators", "did you mean `nvidia-h100-80gb`?"),
    ],
)
def test_an_unknown_name_is_no_mistake_and_the_finding_says_what_would_decide(
    control: str, path: str, says: str, answers: Callable[..., list[Answer]]
) -> None:
    found = {answer.path: answer for answer in answers(control, UNKNOWN)}
    assert (found[path].status, says in found[path].message) == ("partial", True)


def test_what_the_descriptor_says_of_an_unknown_model_decides(answers: Callable[..., list[Answer]]) -> None:
    known = UNKNOWN.replace("apache2", "apache-2.0")
    assert {answer.path: answer.status for answer in answers("vendor-licence-use", known)} == {
        "spec.model.id": "pass",
        "spec.inputs.guards[g]": "partial",
    }
    based = known.replace("licence: {", "base: {id: Qwen/Qwen2.5-72B}, licence: {")
    assert {answer.path: answer.status for answer in answers("vendor-licence-mau", based)} == {
        "spec.model.base.id": "pass",
        "spec.inputs.guards[g]": "partial",
    }


@pytest.mark.parametrize(
    ("engine", "status"),
    [
        ("{name: vllm, version: 0.33.0}", "pass"),
        ("{name: vllm, version: v0.33.0}", "pass"),
        ("{name: vllm, version: 0.33.0.post1}", "pass"),
        ("{name: vllm, version: 0.33.0+cu129}", "pass"),
        ("{name: vllm, version: 0.22.0rc1}", "partial"),
        ("{name: vllm, version: 0.34.0.dev12+g1234567}", "partial"),
        ("{name: vllm, version: nightly}", "partial"),
        ("{name: vllm, version: latest}", "partial"),
        ("{name: vllm}", "partial"),
        ("{name: vllm, version: 0.13.9}", "fail"),
        ("{name: vllm, version: 0.14.0}", "pass"),
        ("{name: vllm, version: 0.33.0, image: 'vllm/vllm-openai:v0.13.9'}", "fail"),
        ("{name: vllm, version: 0.33.0, image: 'vllm/vllm-openai:v0.32.0'}", "partial"),
        ("{name: vllm, version: 0.33.0, image: 'registry.example.com/vllm/vllm-openai:v0.33.0-cu129'}", "pass"),
    ],
)
def test_versions_against_the_advisories_that_defeat_a_control(
    engine: str, status: str, answers: Callable[..., list[Answer]]
) -> None:
    spec = (
        "{model: {id: microsoft/phi-4, remoteCode: false}, security: {tenancy: single},"
        f" network: {{ingress: {{authentication: oidc}}}}, serving: {{hosting: on-prem, engine: {engine}}}}}"
    )
    (answer,) = answers("security-engine-advisories", spec)
    assert (answer.path, answer.status) == ("spec.serving.engine.version", status)


NOT_THEIRS = {
    "deploy-capacity-fit": {"managed-inference", "provider-hosted", "hosted-api"},
    "deploy-redundancy": {"cloud-managed", "managed-inference", "provider-hosted", "hosted-api"},
    "security-weights-integrity": {"provider-hosted", "hosted-api"},
    "security-supply-chain": {"cloud-managed", "managed-inference", "provider-hosted", "hosted-api"},
    "security-hardening": {"cloud-managed", "managed-inference", "provider-hosted", "hosted-api"},
    "security-patching": {"cloud-managed", "managed-inference", "provider-hosted", "hosted-api"},
    "security-engine-advisories": {"cloud-managed", "managed-inference", "provider-hosted", "hosted-api"},
    "vendor-engine-maintained": {"cloud-managed", "managed-inference", "provider-hosted", "hosted-api"},
    "data-telemetry": {"hosted-api"},
    "vendor-licence-use": {"hosted-api"},
    "vendor-licence-mau": {"hosted-api"},
    "vendor-licence-duties": {"hosted-api"},
}
"""The kinds of hosting in which the team does not control what a control asks."""


@pytest.mark.parametrize("hosting", sorted(resources.catalogue("hosting")))
def test_what_the_team_does_not_control_is_not_asked_of_it(hosting: str, report: Callable[..., Any]) -> None:
    spec = f"{{model: {{id: Qwen/Qwen2.5-72B-Instruct}}, serving: {{hosting: {hosting}}}, parties: []}}"
    (assessment,) = report(spec)["assessments"]
    excused = {
        item["control"]: item["message"] for item in assessment["findings"] if item["status"] == "not-applicable"
    }
    assert NOT_THEIRS.keys() & excused.keys() == {name for name, kinds in NOT_THEIRS.items() if hosting in kinds}
    assert [name for name in NOT_THEIRS.keys() & excused.keys() if not excused[name]] == []


def test_a_hosted_api_is_excused_for_its_weights_and_a_third_party_for_its_prompts(report: Callable[..., Any]) -> None:
    spec = """
      parties: [{id: openai, name: OpenAI, jurisdiction: US}]
      data: {classification: confidential, categories: [pii]}
      model: {id: gpt-5}
      serving: {hosting: hosted-api, platform: openai, operator: openai, location: {country: US}}
    """
    (assessment,) = report(spec)["assessments"]
    found = {(item["control"], item["path"]): item for item in assessment["findings"]}
    assert found["security-weights-integrity", "spec.model.weights"]["status"] == "not-applicable"
    assert found["data-third-party-egress", "spec.serving"]["status"] == "fail"
    assert [item["thirdParty"] for item in assessment["flows"] if item["kind"] == "inference"] == [True]


SOURCED = {"source": "https://example.org/x", "as_of": "2026-11-20"}
PERMITTING = {
    "title": "All is permitted",
    "production_use": True,
    "commercial_use": True,
    "uses": ["commercial", "internal", "research", "evaluation"],
    "forbidden_sectors": [],
    "forbids_itar": False,
    "forbids_automated_adverse_decisions": False,
    "attribution": {"required": False},
    "duties": ["None"],
    **SOURCED,
}
GUARD = {
    "title": "Guard",
    "family": "acme",
    "aliases": ["Acme/Guard-1"],
    "hosted": False,
    "licence": "acme-eula",
    "licence_source": "https://example.org/x",
    "modalities": {"input": ["text"], "output": ["label"]},
    **SOURCED,
}


def test_the_users_rows_add_and_replace_and_stand_in_the_report(here: Path, report: Callable[..., Any]) -> None:
    licences = {"mistral-non-production": PERMITTING, "acme-eula": PERMITTING}
    rows = json.dumps({"licences": licences, "models": {"acme-guard": GUARD}})
    (here / ".psfpolicy.yaml").write_text("catalogue: rows.yaml\n", encoding="utf-8")
    (here / "rows.yaml").write_text(rows, encoding="utf-8")
    spec = (
        "{purpose: {use: commercial}, model: {id: mistralai/Codestral-22B-v0.1},"
        " inputs: {guards: [{name: g, model: acme/guard-1, detects: [injection]}]}}"
    )
    found = report(spec)
    statuses = {
        item["path"]: item["status"]
        for item in found["assessments"][0]["findings"]
        if item["control"] == "vendor-licence-use"
    }
    assert statuses == {"spec.model.id": "pass", "spec.inputs.guards[g]": "pass"}
    assert found["catalogue"]["userRows"] == {
        "file": "rows.yaml",
        "digest": f"sha256:{sha256(rows.encode()).hexdigest()}",
        "rows": {"licences": ["acme-eula", "mistral-non-production"], "models": ["acme-guard"]},
    }


def test_the_recommended_example_is_no_worse_under_other_capitals(here: Path, run: Callable[..., Ran]) -> None:
    (here / "deploy.yaml").write_text(RECOMMENDED.replace("meta-llama/Llama-3", "META-Llama/llama-3"), encoding="utf-8")
    assert run("check", "--as-of", "2026-11-21", "--gate", "strict", "deploy.yaml").code == 0
