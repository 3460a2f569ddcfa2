"""What would fool residency: each trap is written as a user would write it, and checked as a user would check it.

A case lies over one deployment that is in order, on own machines in Germany. What a test compares are the findings of
the controls of residency, and of those that ask about third parties, that are neither passes nor not applicable.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Ran

BASE = """\
apiVersion: psfpolicy/v1
kind: LLMDeploymentBase
metadata: {name: base}
spec:
  parties:
    - {id: aws, name: Amazon Web Services, jurisdiction: US}
    - {id: hoster, name: Hoster, jurisdiction: DE}
    - {id: openai, name: OpenAI, jurisdiction: US}
  purpose: {summary: Answers questions, organisation: {principalPlace: DE}, userRegions: [EEA]}
  model: {id: microsoft/phi-4, weights: {source: image}}
  serving: {hosting: on-prem, location: {country: DE}}
  data: {classification: confidential, categories: [pii], stores: []}
  network: {egress: {default: deny, rules: []}, telemetryOptOut: true}
"""
CASE = """\
apiVersion: psfpolicy/v1
kind: LLMDeployment
metadata: {name: case, environment: production, extends: base.yaml}
spec:
"""
ASKED = (
    "data-third-party-egress",
    "residency-agreements",
    "residency-egress-closed",
    "residency-location",
    "residency-operator",
    "residency-regime-declared",
    "residency-transfer",
    "vendor-fallback",
)
QUIET = ("pass", "not-applicable")


@pytest.fixture
def checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Ran]) -> Callable[..., Ran]:
    """Check a case, given as the lines of its `spec`, and give the report as JSON."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "base.yaml").write_text(BASE)
    monkeypatch.chdir(tmp_path)

    def ran(spec: str, *, as_of: str = "2026-11-21") -> Ran:
        (tmp_path / "case.yaml").write_text(CASE + "".join(f"  {line}\n" for line in spec.strip().splitlines()))
        return run("check", "case.yaml", "--gate", "advisory", "--as-of", as_of, "--format", "json")

    return ran


@pytest.fixture
def found(checked: Callable[..., Ran]) -> Callable[..., list[str]]:
    """Give the findings of a case that ask for something, as `control status path`."""

    def findings(spec: str, *controls: str, as_of: str = "2026-11-21") -> list[str]:
        (assessment,) = json.loads(checked(spec, as_of=as_of).out)["assessments"]
        asked = controls or ASKED
        return sorted(
            f"{item['control']} {item['status']} {item['path'].removeprefix('spec.')}"
            for item in assessment["findings"]
            if item["control"] in asked and item["status"] not in QUIET
        )

    return findings


WITHOUT_FALLBACK = ASKED[:-1]


def test_nothing_is_found_where_all_is_in_order(found: Callable[..., list[str]]) -> None:
    assert found("regimes: [gdpr-strict-residency, eu-sovereign, on-prem-only]", *WITHOUT_FALLBACK) == []


@pytest.mark.parametrize("users", ["EEA", "EU", "NO", "RE"])
def test_users_in_europe_ask_for_the_gdpr_of_an_organisation_elsewhere(
    users: str, found: Callable[..., list[str]]
) -> None:
    purpose = f"purpose: {{organisation: {{principalPlace: US}}, userRegions: [{users}]}}"
    missing = ["residency-regime-declared fail regimes"]
    assert found(f"regimes: [no-third-party-egress]\n{purpose}", *WITHOUT_FALLBACK) == missing
    assert found(f"regimes: [no-third-party-egress, gdpr]\n{purpose}", *WITHOUT_FALLBACK) == []


def test_a_region_in_the_union_of_an_american_operator_is_no_sovereignty(found: Callable[..., list[str]]) -> None:
    spec = """
regimes: [gdpr, eu-sovereign]
serving:
  {hosting: self-managed-vm, platform: vm, operator: aws, location: {country: null, region: "aws:eu-central-1"}}
vendor: {agreements: [{kind: dpa, with: aws, ref: legal/dpa.pdf}]}
"""
    assert found(spec, *WITHOUT_FALLBACK) == ["residency-operator fail serving"]


@pytest.mark.parametrize("hosting", ["on-prem", "self-managed-vm"])
def test_saying_self_does_not_make_the_machines_of_a_cloud_ones_own(
    hosting: str, found: Callable[..., list[str]]
) -> None:
    spec = f"""
regimes: [gdpr, eu-sovereign]
serving: {{hosting: {hosting}, operator: self, location: {{country: null, region: "aws:eu-central-1"}}}}
"""
    assert found(spec, *WITHOUT_FALLBACK) == ["residency-agreements fail serving", "residency-operator partial serving"]


GUARD_ABROAD = [
    "data-third-party-egress fail inputs.guards[moderation]",
    "residency-agreements fail inputs.guards[moderation]",
    "residency-location fail inputs.guards[moderation]",
    "residency-transfer fail inputs.guards[moderation]",
]


@pytest.mark.parametrize("carries", ["[prompts]", "[metrics]", "[]", "null"])
def test_a_guard_abroad_takes_prompts_there_while_inference_is_local(
    carries: str, found: Callable[..., list[str]]
) -> None:
    spec = f"""
regimes: [gdpr-strict-residency]
inputs:
  guards:
    - {{name: moderation, detects: [unsafe-content], operator: openai, location: {{country: US}}, carries: {carries}}}
"""
    assert found(spec, *WITHOUT_FALLBACK) == GUARD_ABROAD


def test_a_service_of_another_is_not_ones_own_because_it_says_so(found: Callable[..., list[str]]) -> None:
    spec = """
regimes: [no-third-party-egress]
inputs: {guards: [{name: armor, model: google-model-armor, detects: [injection]}]}
observability: {exports: [{name: dd, kind: datadog, operator: self, carries: [traces]}]}
network: {egress: {rules: [{name: api, to: {host: API.OpenAI.com}, operator: self}]}}
vendor: {fallbacks: [{name: big, kind: second-provider, model: gpt-4.1, lastTested: 2026-11-01}]}
"""
    assert found(spec, "data-third-party-egress") == [
        "data-third-party-egress fail inputs.guards[armor]",
        "data-third-party-egress fail network.egress.rules[api]",
        "data-third-party-egress fail observability.exports[dd]",
        "data-third-party-egress fail vendor.fallbacks[big]",
    ]


def test_a_model_that_others_run_is_not_ones_own_because_it_says_so(found: Callable[..., list[str]]) -> None:
    spec = """
regimes: [no-third-party-egress]
serving: {hosting: hosted-api, operator: self}
"""
    assert found(spec, "data-third-party-egress") == ["data-third-party-egress fail serving"]


def test_traces_that_are_exported_to_another_country_are_found(found: Callable[..., list[str]]) -> None:
    spec = """
regimes: [gdpr-strict-residency]
observability:
  exports:
    - name: traces
      kind: otlp
      endpoint: https://otel.example.com
      carries: [traces]
      operator: self
      location: {country: US}
"""
    assert found(spec, *WITHOUT_FALLBACK) == [
        "residency-location fail observability.exports[traces]",
        "residency-transfer fail observability.exports[traces]",
    ]


def test_a_private_link_does_not_make_a_providers_model_ones_own(found: Callable[..., list[str]]) -> None:
    spec = """
regimes: [gdpr, no-third-party-egress]
serving:
  {hosting: provider-hosted, platform: bedrock, operator: aws, location: {country: null, region: "aws:eu-central-1"}}
network:
  egress: {rules: [{name: link, to: {cidr: 10.1.0.0/24}}]}
  ingress: {tls: true, exposure: private}
vendor: {agreements: [{kind: dpa, with: aws, ref: legal/dpa.pdf}]}
"""
    assert found(spec, *WITHOUT_FALLBACK) == ["data-third-party-egress fail serving"]


@pytest.mark.parametrize("kind", ["judge", "embedding", "tool", "reviewer", "gateway"])
def test_what_a_third_party_runs_beside_the_model_is_a_third_partys(kind: str, found: Callable[..., list[str]]) -> None:
    spec = f"""
regimes: [no-third-party-egress]
data: {{otherFlows: [{{name: other, kind: {kind}, operator: openai, location: {{country: DE}}}}]}}
outputs: {{validators: [{{name: judge, kind: model, operator: openai, location: {{country: DE}}}}]}}
"""
    assert found(spec, "data-third-party-egress") == [
        "data-third-party-egress fail data.otherFlows[other]",
        "data-third-party-egress fail outputs.validators[judge]",
    ]


def test_a_fallback_that_breaks_the_regime_only_when_it_is_used_fails_now(found: Callable[..., list[str]]) -> None:
    spec = """
regimes: [gdpr-strict-residency]
vendor:
  agreements: [{kind: dpa, with: openai, ref: legal/dpa.pdf}]
  fallbacks:
    - name: b
      kind: second-provider
      model: gpt-4.1
      operator: openai
      location: {country: US}
      lastTested: 2026-11-01
"""
    assert found(spec) == [
        "data-third-party-egress partial vendor.fallbacks[b]",
        "residency-location fail vendor.fallbacks[b]",
        "residency-transfer fail vendor.fallbacks[b]",
        "vendor-fallback fail vendor.fallbacks[b]",
    ]


STORES_IN_EUROPE = """
data:
  stores:
    - {name: norway, kind: logs, operator: self, location: {country: NO}}
    - {name: britain, kind: logs, operator: self, location: {country: GB}}
    - {name: swiss, kind: logs, operator: self, location: {country: CH}}
    - {name: zurich, kind: logs, operator: self, location: {region: "aws:eu-central-2"}}
"""


def test_norway_is_in_the_area_and_britain_and_switzerland_are_not(found: Callable[..., list[str]]) -> None:
    spec = f"regimes: [gdpr-strict-residency]{STORES_IN_EUROPE}"
    assert found(spec, "residency-location") == [
        "residency-location fail data.stores[britain]",
        "residency-location fail data.stores[swiss]",
        "residency-location fail data.stores[zurich]",
    ]


def test_norway_britain_and_switzerland_are_adequate(found: Callable[..., list[str]]) -> None:
    assert found(f"regimes: [gdpr]{STORES_IN_EUROPE}", "residency-location", "residency-transfer") == []


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2025-12-18", ["residency-location fail data.stores[britain]"]),
        ("2031-12-27", []),
        ("2031-12-28", ["residency-location fail data.stores[britain]"]),
    ],
)
def test_britain_is_adequate_while_the_decision_holds(
    as_of: str, expected: list[str], found: Callable[..., list[str]]
) -> None:
    assert found(f"regimes: [gdpr]{STORES_IN_EUROPE}", "residency-location", as_of=as_of) == expected


def test_the_united_kingdoms_own_law_follows_its_own_list(found: Callable[..., list[str]]) -> None:
    spec = """
regimes: [gdpr, uk-gdpr]
data:
  stores:
    - {name: brazil, kind: logs, operator: self, location: {country: BR}}
    - {name: gibraltar, kind: logs, operator: self, location: {country: GI}}
    - {name: jersey, kind: logs, operator: self, location: {country: JE}}
"""
    assert found(spec, "residency-location") == [
        "residency-location fail data.stores[brazil]",
        "residency-location fail data.stores[gibraltar]",
    ]


def test_a_region_that_does_not_exist_is_a_mistake_at_its_place(checked: Callable[..., Ran]) -> None:
    ran = checked('regimes: [gdpr]\nserving: {location: {country: null, region: "aws:eu-atlantis-1"}}')
    (problem,) = json.loads(ran.out)["unassessed"][0]["problems"]
    assert ran.code == 4
    assert problem["message"].startswith("`spec.serving.location.region` is `aws:eu-atlantis-1`, which is no region")
    assert (problem["place"]["file"], problem["place"]["startLine"]) == ("case.yaml", 6)


SENT = """
regimes: [gdpr]
data:
  stores: [{{name: logs, kind: logs, operator: openai, location: {{country: US}}}}]
  transfers: [{{to: openai, country: US, {entry}}}]
vendor: {{agreements: [{{kind: dpa, with: openai, ref: legal/dpa.pdf}}]}}
"""


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("mechanism: dpf, certified: 2026-01-15, assessment: legal/tia.pdf", []),
        ("mechanism: scc, assessment: legal/tia.pdf", []),
        ("mechanism: scc", ["residency-transfer partial data.stores[logs]"]),
        (
            "mechanism: dpf, assessment: legal/tia.pdf",
            ["residency-location fail data.stores[logs]", "residency-transfer fail data.stores[logs]"],
        ),
        (
            "mechanism: dpf, certified: 2027-01-15, assessment: legal/tia.pdf",
            ["residency-location fail data.stores[logs]", "residency-transfer fail data.stores[logs]"],
        ),
        (
            "mechanism: derogation, assessment: legal/tia.pdf",
            ["residency-location fail data.stores[logs]", "residency-transfer fail data.stores[logs]"],
        ),
    ],
    ids=["dpf", "scc", "scc-unassessed", "dpf-uncertified", "dpf-certified-tomorrow", "derogation"],
)
def test_data_reaches_the_united_states_by_what_carries_a_standing_flow(
    entry: str, expected: list[str], found: Callable[..., list[str]]
) -> None:
    assert found(SENT.format(entry=entry), "residency-location", "residency-transfer") == expected


def test_the_strictest_of_several_regimes_wins_and_each_that_objects_is_named(
    checked: Callable[..., Ran],
) -> None:
    spec = f"{SENT.format(entry='mechanism: scc, assessment: a')}\n".replace(
        "regimes: [gdpr]", "regimes: [gdpr, gdpr-strict-residency, in-country]"
    ).replace("data:\n", "data:\n  residency: {allowed: [DE]}\n")
    (assessment,) = json.loads(checked(spec).out)["assessments"]
    (message,) = [
        item["message"]
        for item in assessment["findings"]
        if item["control"] == "residency-location" and item["path"] == "spec.data.stores[logs]"
    ]
    assert message == (
        "store `logs` is in `US`: `gdpr-strict-residency` allows `EEA` and `in-country` allows `DE`; "
        "wanted: a country that each allows"
    )


def test_weights_from_the_hub_cross_an_air_gap(found: Callable[..., list[str]]) -> None:
    spec = """
regimes: [air-gapped]
model: {weights: {source: hub}}
network: {offlineHub: true}
vendor: {weightsMirrored: true}
"""
    assert found(spec, "residency-egress-closed") == [
        "residency-egress-closed fail model.weights",
        "residency-egress-closed fail model.weights.source",
    ]


def test_an_air_gap_holds_with_what_is_inside(found: Callable[..., list[str]]) -> None:
    spec = """
regimes: [air-gapped]
serving: {engine: {name: vllm}}
inputs: {guards: [{name: own, model: meta-llama/Llama-Guard-3-8B, detects: [unsafe-content], hosting: self}]}
data: {stores: [{name: logs, kind: logs, hosting: self}]}
network: {egress: {rules: [{name: traces, to: {cidr: 10.20.0.0/16}}]}, offlineHub: true}
observability: {exports: [{name: traces, kind: otlp, endpoint: "http://otel.monitoring.svc:4317", hosting: self}]}
vendor: {weightsMirrored: true}
"""
    assert found(spec, "residency-egress-closed") == []


@pytest.mark.parametrize(
    "target",
    [
        "cidr: 0.0.0.0/0",
        'cidr: "::/0"',
        'cidr: "2000::/3"',
        'cidr: "64:ff9b::/96"',
        'host: "*"',
        'host: "*.com"',
        'host: "*.COM."',
        'host: "*.co.uk"',
        'host: "*.amazonaws.com"',
        'host: "*.S3.eu-central-1.AmazonAWS.com."',
    ],
)
def test_a_rule_that_opens_the_network_is_too_wide(target: str, found: Callable[..., list[str]]) -> None:
    spec = f"network: {{egress: {{rules: [{{name: wide, to: {{{target}}}}}]}}}}"
    assert found(spec, "residency-egress-closed") == ["residency-egress-closed fail network.egress.rules[wide]"]


@pytest.mark.parametrize(
    "cidrs",
    [
        ["0.0.0.0/1", "128.0.0.0/1"],
        ["4.0.0.0/9", "5.0.0.0/9", "6.0.0.0/32"],
        ["2001::/16", "2002::/32"],
        ["4.0.0.0/6", "4.0.0.0/6"],
    ],
    ids=["halves", "one-more-address", "ipv6", "twice"],
)
def test_rules_that_open_the_network_together_are_too_wide(cidrs: list[str], found: Callable[..., list[str]]) -> None:
    rules = ", ".join(f'{{name: r{number}, to: {{cidr: "{cidr}"}}}}' for number, cidr in enumerate(cidrs))
    assert found(f"network: {{egress: {{rules: [{rules}]}}}}", "residency-egress-closed") == [
        f"residency-egress-closed fail network.egress.rules[r{number}]" for number, _ in enumerate(cidrs)
    ]


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ('cidr: "::ffff:0:0/96"', "an IPv4 network written as IPv6"),
        ('cidr: "::ffff:10.0.0.0/104"', "an IPv4 network written as IPv6"),
        ("cidr: 0.0.0.0", "an address without the length of its prefix"),
        ("cidr: 10.0.0.1/8", "an address inside the network, not the network"),
        ('host: "https://*"', "which is no host name"),
        ('host: "a.*.com"', "which is no host name"),
        ('host: "0.0.0.0"', "which is no host name"),
    ],
)
def test_a_target_that_readers_take_differently_is_a_mistake_at_its_place(
    target: str, said: str, checked: Callable[..., Ran]
) -> None:
    ran = checked(f"network: {{egress: {{rules: [{{name: wide, to: {{{target}}}}}]}}}}")
    (problem,) = json.loads(ran.out)["unassessed"][0]["problems"]
    assert ran.code == 4
    assert said in problem["message"]
    assert (problem["place"]["file"], problem["place"]["startLine"]) == ("case.yaml", 5)


def test_a_private_range_leads_where_it_says(found: Callable[..., list[str]]) -> None:
    spec = """
regimes: [gdpr]
network:
  egress:
    rules:
      - {name: near, to: {cidr: 10.1.0.0/16}}
      - {name: peered, to: {cidr: 10.2.0.0/16}, location: {country: US}}
      - {name: partner, to: {cidr: "fd00::/8"}, operator: hoster, location: {country: DE}, carries: [metrics]}
"""
    assert found(spec, *WITHOUT_FALLBACK) == [
        "data-third-party-egress fail network.egress.rules[peered]",
        "residency-agreements fail network.egress.rules[peered]",
        "residency-location fail network.egress.rules[peered]",
        "residency-transfer fail network.egress.rules[peered]",
    ]


@pytest.mark.parametrize(
    ("expires", "expected"),
    [
        ("2026-12-22", []),
        ("2026-12-21", ["residency-agreements partial serving"]),
        ("2026-11-21", ["residency-agreements partial serving"]),
        ("2026-11-20", ["residency-agreements fail serving"]),
    ],
    ids=["in-31-days", "in-30-days", "today", "yesterday"],
)
def test_a_business_associate_agreement_holds_to_its_last_day(
    expires: str, expected: list[str], found: Callable[..., list[str]]
) -> None:
    spec = f"""
regimes: [hipaa]
purpose: {{organisation: {{principalPlace: US}}}}
data: {{categories: [phi]}}
serving: {{hosting: self-managed-vm, operator: aws, location: {{country: US}}}}
vendor: {{agreements: [{{kind: baa, with: aws, ref: legal/baa.pdf, expires: {expires}}}]}}
"""
    assert found(spec, "residency-agreements") == expected


def test_off_site_backup_and_remote_support_need_an_agreement(found: Callable[..., list[str]]) -> None:
    spec = """
regimes: [hipaa]
data:
  categories: [phi]
  stores:
    - {name: vault, kind: backups, operator: hoster}
    - {name: colocated, kind: backups, operator: self, premises: other}
    - {name: bucket, kind: backups, operator: self, location: {region: "aws:us-east-1"}}
    - {name: second-site, kind: backups, operator: self, location: {country: FR}}
  otherFlows:
    - {name: desk, kind: support, operator: hoster}
    - {name: own-desk, kind: support, hosting: self}
"""
    assert found(spec, "residency-agreements") == [
        "residency-agreements fail data.otherFlows[desk]",
        "residency-agreements fail data.stores[bucket]",
        "residency-agreements fail data.stores[colocated]",
        "residency-agreements fail data.stores[vault]",
    ]


def test_a_flow_that_does_not_say_what_it_carries_or_who_runs_it_carries_the_text_to_nobody_known(
    found: Callable[..., list[str]],
) -> None:
    spec = """
regimes: [gdpr]
data: {otherFlows: [{name: silent, kind: other}]}
"""
    assert found(spec, *WITHOUT_FALLBACK) == [
        "data-third-party-egress fail data.otherFlows[silent]",
        "residency-agreements fail data.otherFlows[silent]",
        "residency-location fail data.otherFlows[silent]",
        "residency-transfer partial data.otherFlows[silent]",
    ]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("purpose: {}", ["residency-regime-declared fail regimes"]),
        (
            "purpose: {organisation: {principalPlace: JP}, userRegions: [JP]}",
            ["residency-regime-declared fail regimes"],
        ),
        ("regimes: [uk-gdpr]", ["residency-regime-declared fail regimes"]),
        (
            "regimes: [hipaa]\npurpose: {organisation: {principalPlace: JP}, userRegions: [JP]}",
            ["residency-regime-declared fail regimes"],
        ),
        ("regimesNotRequired: {reason: invented people}", ["residency-regime-declared partial regimesNotRequired"]),
        ("regimesNotRequired: {reason: invented people, approver: dpo}", []),
    ],
    ids=["none", "none-elsewhere", "another", "one-about-other-data", "excuse", "approved-excuse"],
)
def test_personal_data_needs_a_regime(spec: str, expected: list[str], found: Callable[..., list[str]]) -> None:
    assert found(spec, "residency-regime-declared") == expected


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (
            "data: {otherFlows: [{name: f, kind: tool, operator: azure}]}",
            "is `azure`, which is not a party of this document",
        ),
        ("data: {transfers: [{to: azure, mechanism: scc}]}", "is `azure`, which is not a party of this document"),
        ("vendor: {agreements: [{kind: baa, with: self, ref: a}]}", "is `self`, which is not a party of this document"),
        ("parties: [{id: self, name: OpenAI, jurisdiction: US}]", "is `self`, which is the deploying organisation"),
        (
            "inputs: {guards: [{name: g, detects: [pii], hosting: third-party, operator: self}]}",
            "is `self`, but `hosting` beside it is `third-party`",
        ),
        ("serving: {hosting: hosted-api, platform: openai, operator: self}", "is `self`, but OpenAI operates `openai`"),
    ],
    ids=["operator", "transfer", "agreement-with-self", "party-called-self", "third-party-self", "platform-self"],
)
def test_a_party_that_is_not_there_or_not_itself_is_a_mistake_at_its_place(
    spec: str, said: str, checked: Callable[..., Ran]
) -> None:
    ran = checked(spec)
    (problem,) = json.loads(ran.out)["unassessed"][0]["problems"]
    assert ran.code == 4
    assert problem["message"].endswith(said)
    assert (problem["place"]["file"], problem["place"]["startLine"]) == ("case.yaml", 5)


def test_arms_are_for_american_machines_operators_and_persons(found: Callable[..., list[str]]) -> None:
    spec = """
regimes: [itar]
purpose: {organisation: {principalPlace: US}}
data:
  categories: [export-controlled]
  usPersonsOnly: false
  stores: [{name: toronto, kind: logs, operator: self, location: {country: CA}}]
model: {weights: {source: hub, location: {country: US}}}
serving: {hosting: self-managed-vm, operator: hoster, location: {country: null, region: "aws:us-gov-west-1"}}
"""
    assert found(spec, "residency-location", "residency-operator") == [
        "residency-location fail data.stores[toronto]",
        "residency-operator fail data.usPersonsOnly",
        "residency-operator fail serving",
        "residency-operator partial model.weights",
    ]


def test_regions_and_services_must_be_authorised(found: Callable[..., list[str]]) -> None:
    spec = """
regimes: [fedramp-high]
purpose: {organisation: {principalPlace: US}}
serving:
  {hosting: provider-hosted, platform: bedrock, operator: aws, location: {country: null, region: "aws:us-gov-west-1"}}
inputs: {guards: [{name: g, detects: [injection], operator: openai, location: {region: "azure:usgovvirginia"}}]}
data:
  stores:
    - {name: commercial, kind: logs, operator: aws, location: {region: "aws:us-east-1"}}
    - {name: government, kind: logs, operator: aws, location: {region: "aws:us-gov-east-1"}}
    - {name: somewhere, kind: logs, operator: aws, location: {country: US}}
"""
    assert found(spec, "residency-location") == [
        "residency-location fail data.stores[commercial]",
        "residency-location fail inputs.guards[g]",
        "residency-location fail serving",
        "residency-location partial data.stores[somewhere]",
    ]


@pytest.mark.parametrize(("as_of", "expected"), [("2027-12-01", []), ("2027-12-02", ["fail", "partial"])])
def test_logs_of_a_high_risk_system_are_kept_for_184_days_once_the_duty_applies(
    as_of: str, expected: list[str], checked: Callable[..., Ran]
) -> None:
    spec = """
regimes: [eu-ai-act-high-risk]
purpose: {sectors: [general], euAiAct: {risk: limited}}
data:
  retention: {enforcedBy: cron}
  stores:
    - {name: logs, kind: logs, hosting: self, retentionDays: 183}
    - {name: traces, kind: traces, hosting: self, retentionDays: 183}
observability: {replayHours: 24}
"""
    (assessment,) = json.loads(checked(spec, as_of=as_of).out)["assessments"]
    asked = {"data-retention-enforced", "observe-trace-retention"}
    statuses = [item["status"] for item in assessment["findings"] if item["control"] in asked]
    assert sorted(set(statuses) - {"pass"}) == expected


def test_a_country_of_ones_own_must_be_said(found: Callable[..., list[str]]) -> None:
    spec = "regimes: [gdpr, in-country]"
    assert found(spec, "residency-location") == ["residency-location fail serving"]
    assert found(f"{spec}\ndata: {{residency: {{allowed: [DE]}}}}", "residency-location") == []


def test_premises_are_ones_own_on_prem_and_where_nothing_says_otherwise(found: Callable[..., list[str]]) -> None:
    spec = """
regimes: [gdpr, on-prem-only]
data:
  stores:
    - {name: own, kind: logs, hosting: self}
    - {name: unsaid, kind: logs}
    - {name: cloud, kind: logs, hosting: self, premises: own, location: {region: "aws:eu-central-1"}}
    - {name: housed, kind: logs, operator: hoster, premises: own, location: {country: DE}}
"""
    assert found(spec, "data-third-party-egress", "residency-location") == [
        "data-third-party-egress fail data.stores[housed]",
        "data-third-party-egress fail data.stores[unsaid]",
        "residency-location fail data.stores[cloud]",
        "residency-location fail data.stores[unsaid]",
    ]


def test_premises_of_a_rented_machine_are_not_ones_own(found: Callable[..., list[str]]) -> None:
    spec = """
regimes: [gdpr, on-prem-only]
serving: {hosting: self-managed-vm, operator: hoster}
vendor: {agreements: [{kind: dpa, with: hoster, ref: legal/dpa.pdf}]}
"""
    assert found(spec, *WITHOUT_FALLBACK) == ["data-third-party-egress fail serving", "residency-location fail serving"]
