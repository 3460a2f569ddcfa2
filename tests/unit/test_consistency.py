"""Each thing that a schema cannot say, at its place, with what to write instead."""

from __future__ import annotations

import pytest

from psfpolicy import consistency, source, validity

HEAD = """\
apiVersion: psfpolicy/v1
kind: LLMDeployment
metadata: {name: notes, environment: production}
spec:
  purpose: {summary: Drafts notes}
  model: {id: some/model}
"""
ON_PREM = "  serving: {hosting: on-prem}\n"
WHOLE = HEAD + ON_PREM


def _found(text: str) -> list[str]:
    (document,) = source.read(text.encode(), file="deploy.yaml")
    return [
        f"{found.place.region.start_line}:{found.place.region.start_column}-{found.place.region.end_column}"
        f" {found.code}: {found.message} | {found.hint}"
        for found in validity.diagnostics(document)
    ]


# Names


def test_name_that_is_used_twice_in_a_list_is_shown_where_it_comes_again() -> None:
    text = WHOLE + "  data:\n    stores:\n      - {name: a, kind: logs}\n      - {name: a, kind: traces}\n"

    assert _found(text) == [
        (
            "11:16-17 duplicate-name: `spec.data.stores` has the name `a` twice; the first is at line 10 | give each"
            " item one of its own"
        )
    ]


def test_every_further_use_of_a_name_is_a_mistake() -> None:
    text = WHOLE + "  data: {stores: [{name: a, kind: logs}, {name: a, kind: logs}, {name: a, kind: logs}]}\n"

    assert [found.partition(" ")[0] for found in _found(text)] == ["8:49-50", "8:72-73"]


def test_same_name_in_two_lists_is_no_mistake() -> None:
    text = WHOLE + "  data: {stores: [{name: a, kind: logs}]}\n  outputs: {sinks: [{name: a, kind: ui}]}\n"

    assert _found(text) == []


def test_ids_and_names_of_parties_are_both_unique() -> None:
    text = WHOLE + "  parties: [{id: a, name: A}, {id: a, name: B}, {id: c, name: A}]\n"

    assert _found(text) == [
        (
            "8:36-37 duplicate-name: `spec.parties` has the id `a` twice; the first is at line 8 | give each item one"
            " of its own"
        ),
        (
            "8:63-64 duplicate-name: `spec.parties` has the name `A` twice; the first is at line 8 | give each item"
            " one of its own"
        ),
    ]


def test_party_that_is_called_self() -> None:
    assert _found(WHOLE + "  parties: [{id: self}]\n") == [
        (
            "8:18-22 reserved-name: `spec.parties[self].id` is `self`, which is the deploying organisation | give"
            " another party an id of its own"
        )
    ]


@pytest.mark.parametrize(
    "item",
    ["guards: [{name: constrainedDecoding, detects: [pii]}]", "validators: [{name: constrainedDecoding, kind: rules}]"],
)
def test_guard_or_validator_that_is_called_constrained_decoding(item: str) -> None:
    (found,) = _found(f"{WHOLE}  outputs: {{{item}}}\n")

    assert found.partition(" ")[2] == (
        f"reserved-name: `spec.outputs.{item.partition(':')[0]}[constrainedDecoding].name` is `constrainedDecoding`,"
        " which means constrained decoding in the `via` of a sink | give it another name"
    )


@pytest.mark.parametrize(
    ("added", "mistake"),
    [
        (
            "network: {egress: {rules: [{name: a, to: {host: b.example}, operator: asw}]}}",
            (
                "9:73-76 unknown-name: `spec.network.egress.rules[a].operator` is `asw`, which is not a party of this"
                " document | did you mean `aws`?"
            ),
        ),
        (
            "model: {id: m, weights: {operator: gcp}}",
            (
                "9:38-41 unknown-name: `spec.model.weights.operator` is `gcp`, which is not a party of this document |"
                " declare it in `spec.parties`: `{id: …, name: …, jurisdiction: …}`"
            ),
        ),
        (
            "vendor: {agreements: [{kind: dpa, with: self}]}",
            (
                "9:43-47 unknown-name: `spec.vendor.agreements[dpa, self].with` is `self`, which is not a party of this"
                " document | declare it in `spec.parties`: `{id: …, name: …, jurisdiction: …}`"
            ),
        ),
        (
            "data: {transfers: [{to: AWS, mechanism: scc}]}",
            (
                "9:27-30 unknown-name: `spec.data.transfers[AWS].to` is `AWS`, which is not a party of this document |"
                " did you mean `aws`?"
            ),
        ),
    ],
)
def test_party_that_is_not_declared(added: str, mistake: str) -> None:
    lines = [line for line in WHOLE.splitlines() if not line.startswith(f"  {added.partition(':')[0]}:")]
    text = "\n".join([*lines, "  parties: [{id: aws}]"]) + "\n" * (9 - len(lines) - 1) + f"  {added}\n"

    assert _found(text) == [mistake]


def test_operator_can_be_the_deploying_organisation_or_a_declared_party() -> None:
    text = HEAD + "  parties: [{id: aws}]\n  serving: {hosting: on-prem, operator: aws}\n  outputs:\n"

    assert _found(text + "    sinks: [{name: a, kind: ui, operator: self}]\n") == []


def test_alert_that_is_not_declared() -> None:
    text = WHOLE + "  inputs: {abuseAlert: abuse}\n  observability: {alerts: [{name: abuse-spike, signal: abuse}]}\n"

    assert _found(text) == [
        (
            "8:24-29 unknown-name: `spec.inputs.abuseAlert` is `abuse`, which is not an alert of"
            " `spec.observability.alerts` | did you mean `abuse-spike`?"
        )
    ]


def test_sink_that_goes_through_something_that_is_not_declared() -> None:
    text = WHOLE + "  outputs: {validators: [{name: rules, kind: rules}], sinks: [{name: a, kind: ui, via: review}]}\n"

    assert _found(text) == [
        (
            "8:88-94 unknown-name: `spec.outputs.sinks[a].via` is `review`, which is not a guard or validator of"
            " `spec.outputs` | declare it in `spec.outputs.guards` or `spec.outputs.validators`, or write"
            " `constrainedDecoding`"
        )
    ]


@pytest.mark.parametrize("via", ["a-guard", "a-validator", "constrainedDecoding"])
def test_sink_can_go_through_a_guard_a_validator_or_constrained_decoding(via: str) -> None:
    declared = "guards: [{name: a-guard, detects: [pii]}], validators: [{name: a-validator, kind: rules}]"

    assert _found(f"{WHOLE}  outputs: {{{declared}, sinks: [{{name: a, kind: ui, via: {via}}}]}}\n") == []


def test_input_guard_stands_before_no_sink() -> None:
    text = (
        WHOLE + "  inputs: {guards: [{name: in, detects: [pii]}]}\n  outputs: {sinks: [{name: a, kind: ui, via: in}]}\n"
    )

    assert [found.partition(":")[0] for found in _found(text)] == ["9"]


def test_regime_that_the_catalogue_does_not_have() -> None:
    assert _found(WHOLE + "  regimes: [hipaa, gdrp, ccpa]\n") == [
        (
            "8:20-24 unknown-name: `spec.regimes[1]` is `gdrp`, which is not a regime of the catalogue | did you mean"
            " `gdpr`?"
        ),
        (
            "8:26-30 unknown-name: `spec.regimes[2]` is `ccpa`, which is not a regime of the catalogue | it knows"
            " `air-gapped`, `eu-ai-act-high-risk`, `eu-sovereign`, `fedramp-high`, `gdpr`, `gdpr-strict-residency`,"
            " `hipaa`, `in-country`, `itar`, `no-third-party-egress`, `on-prem-only` and `uk-gdpr`"
        ),
    ]


# Values


@pytest.mark.parametrize(
    ("day", "hint"),
    [
        ("2026-02-30", "the last day of that month is `2026-02-28`"),
        ("2024-02-30", "the last day of that month is `2024-02-29`"),
        ("2026-04-31", "the last day of that month is `2026-04-30`"),
        ("2026-12-32", "the last day of that month is `2026-12-31`"),
        ("2026-13-01", "write year, month and day: `2026-11-21`"),
        ("2026-01-00", "write year, month and day: `2026-11-21`"),
        ("0000-01-01", "write year, month and day: `2026-11-21`"),
    ],
)
def test_day_that_does_not_exist(day: str, hint: str) -> None:
    assert _found(f"{WHOLE}  security: {{redTeam: {{lastRun: {day}}}}}\n") == [
        f"8:33-43 no-such-day: `spec.security.redTeam.lastRun` is `{day}`, a day that does not exist | {hint}"
    ]


def test_day_that_exists_every_four_years() -> None:
    assert _found(WHOLE + "  security: {redTeam: {lastRun: 2024-02-29}}\n") == []


def test_text_that_looks_like_a_day_where_none_is_wanted() -> None:
    assert _found(WHOLE.replace("some/model", "some/model, version: 2026-02-30")) == []


def test_country_that_does_not_exist() -> None:
    assert _found(WHOLE.replace("on-prem", "on-prem, location: {country: UK}")) == [
        (
            "7:51-53 unknown-country: `spec.serving.location.country` is `UK`, which is no country of ISO 3166-1 | did"
            " you mean `GB`?"
        )
    ]


def test_country_or_group_that_does_not_exist() -> None:
    assert _found(WHOLE + "  data: {residency: {allowed: [DE, EL, EU, EEA, ADEQUATE]}}\n") == [
        (
            "8:36-38 unknown-country: `spec.data.residency.allowed[1]` is `EL`, which is no country of ISO 3166-1 and"
            " no group of countries | did you mean `GR`?"
        )
    ]


def test_group_of_countries_is_no_country() -> None:
    assert _found(WHOLE + "  parties: [{id: a, jurisdiction: EU}]\n") == [
        (
            "8:35-37 unknown-country: `spec.parties[a].jurisdiction` is `EU`, which is no country of ISO 3166-1 |"
            " write the two letters of ISO 3166-1 alpha-2, in capitals (`DE`); groups of countries are not accepted"
            " here"
        )
    ]


def test_region_that_the_catalogue_does_not_have() -> None:
    assert _found(WHOLE.replace("on-prem", 'on-prem, location: {region: "aws:eu-west-9"}')) == [
        (
            "7:50-65 unknown-region: `spec.serving.location.region` is `aws:eu-west-9`, which is no region that the"
            " catalogue knows | the nearest that the catalogue knows are `aws:eu-west-1`, `aws:eu-west-2` and"
            " `aws:eu-west-3`"
        )
    ]


def test_fewer_replicas_at_most_than_at_least() -> None:
    assert _found(WHOLE.replace("on-prem", "on-prem, replicas: {min: 6, max: 2.0}")) == [
        (
            "7:47-48 contradiction: `spec.serving.replicas.min` is `6`, more than `max`, which is `2` | `min` is at"
            " most `max`"
        )
    ]


@pytest.mark.parametrize("replicas", ["{min: 2, max: 2}", "{min: 2}", "{max: 2}", "{min: 2, max: null}"])
def test_replicas_that_agree(replicas: str) -> None:
    assert _found(WHOLE.replace("on-prem", f"on-prem, replicas: {replicas}")) == []


@pytest.mark.parametrize(
    ("accelerators", "mistake"),
    [
        (
            "count: 4, tensorParallel: 2",
            "is `4`, but `tensorParallel` `2` is `2` | `count` is per replica; write that, or other parallelisms",
        ),
        (
            "count: 8, tensorParallel: 2, pipelineParallel: 2, dataParallel: 3",
            (
                "is `8`, but `tensorParallel` `2` × `pipelineParallel` `2` × `dataParallel` `3` is `12` | `count` is"
                " per replica; write that, or other parallelisms"
            ),
        ),
        (
            "count: 3, dataParallel: 2",
            (
                "is `3`, but `dataParallel` `2` is `2` | `count` is per replica; write a multiple of that, or other"
                " parallelisms"
            ),
        ),
    ],
)
def test_count_that_is_not_the_product_of_the_parallelisms(accelerators: str, mistake: str) -> None:
    assert _found(WHOLE.replace("on-prem", f"on-prem, accelerators: {{{accelerators}}}")) == [
        f"7:53-54 contradiction: `spec.serving.accelerators.count` {mistake}"
    ]


@pytest.mark.parametrize(
    "accelerators",
    [
        "count: 4",
        "count: 4, tensorParallel: 4",
        "count: 4, dataParallel: 2",
        "count: 8, tensorParallel: 2.0, pipelineParallel: 2, dataParallel: 2",
        "tensorParallel: 2, pipelineParallel: 2",
    ],
)
def test_count_that_agrees_with_the_parallelisms(accelerators: str) -> None:
    assert _found(WHOLE.replace("on-prem", f"on-prem, accelerators: {{{accelerators}}}")) == []


@pytest.mark.parametrize(
    ("added", "place"),
    [
        ("data: {categories: [pii, none]}", "8:28-32 contradiction: `spec.data.categories[1]`"),
        (
            "purpose: {summary: a, euAiAct: {roles: [none, deployer]}}",
            "8:43-47 contradiction: `spec.purpose.euAiAct.roles[0]`",
        ),
    ],
)
def test_none_beside_something(added: str, place: str) -> None:
    lines = [line for line in WHOLE.splitlines() if not line.startswith(f"  {added.partition(':')[0]}:")]
    text = "\n".join(lines) + "\n" * (8 - len(lines)) + f"  {added}\n"

    assert _found(text) == [
        f"{place} is `none`, which contradicts the others of the list | leave out `none`, or the others"
    ]


def test_none_alone() -> None:
    assert _found(WHOLE + "  data: {categories: [none]}\n") == []


def test_regimes_beside_the_declaration_that_none_is_required() -> None:
    assert _found(WHOLE + "  regimes: [gdpr]\n  regimesNotRequired: {reason: a, approver: b}\n") == [
        (
            "9:3-21 contradiction: `spec.regimesNotRequired` contradicts `spec.regimes`, which names some | leave out"
            " one of the two"
        )
    ]


def test_no_regimes_beside_the_declaration_that_none_is_required() -> None:
    assert _found(WHOLE + "  regimes: []\n  regimesNotRequired: {reason: a, approver: b}\n") == []


def test_third_party_that_is_the_deploying_organisation() -> None:
    text = WHOLE + "  outputs: {sinks: [{name: a, kind: ui, hosting: third-party, operator: self}]}\n"

    assert _found(text) == [
        (
            "8:73-77 contradiction: `spec.outputs.sinks[a].operator` is `self`, but `hosting` beside it is"
            " `third-party` | name the party that operates it, or write `hosting: self`"
        )
    ]


def test_platform_that_is_not_what_the_hosting_says() -> None:
    assert _found(HEAD + "  serving: {hosting: self-managed-kubernetes, platform: bedrock}\n") == [
        (
            "7:57-64 contradiction: `spec.serving.platform` is `bedrock`, which is `provider-hosted`, but `hosting` is"
            " `self-managed-kubernetes` | name the platform that the model is served on"
        )
    ]


def test_platform_of_a_company_that_the_organisation_is_said_to_operate() -> None:
    assert _found(HEAD + "  serving: {hosting: cloud-managed, platform: sagemaker, operator: self}\n") == [
        (
            "7:68-72 contradiction: `spec.serving.operator` is `self`, but Amazon Web Services operates `sagemaker`"
            " | name the party of `spec.parties` that it is"
        )
    ]


@pytest.mark.parametrize("platform", ["openshift", "kubernetes", "bare-metal", "vm", "other"])
def test_platform_on_own_premises_that_the_organisation_operates(platform: str) -> None:
    assert _found(HEAD + f"  serving: {{hosting: on-prem, platform: {platform}, operator: self}}\n") == []


def test_model_that_its_maker_alone_offers_said_to_run_here() -> None:
    assert _found(WHOLE.replace("some/model", "openai/gpt-5")) == [
        (
            "6:15-27 contradiction: `spec.model.id` is `openai/gpt-5`, which its maker's API alone offers, but"
            " `spec.serving.hosting` is `on-prem` | write the `hosting` of that API, or the model that runs here"
        )
    ]


@pytest.mark.parametrize("hosting", ["hosted-api", "provider-hosted", "managed-inference", "cloud-managed"])
def test_model_that_its_maker_alone_offers_at_a_provider(hosting: str) -> None:
    assert _found(HEAD.replace("some/model", "gpt-5") + f"  serving: {{hosting: {hosting}}}\n") == []


def test_guards_that_are_services_said_to_run_here() -> None:
    text = WHOLE + (
        "  inputs: {guards: [{name: a, model: Bedrock-Guardrails, detects: [injection], hosting: self}]}\n"
        "  outputs: {guards: [{name: b, model: model-armor, detects: [pii], operator: self}]}\n"
        "  data: {pii: {detector: {name: google-model-armor, hosting: self}}}\n"
        "  vendor: {fallbacks: [{name: c, kind: second-provider, model: gpt-5, hosting: self}]}\n"
    )

    assert _found(text) == [
        (
            "8:89-93 contradiction: `spec.inputs.guards[a].hosting` is `self`, but `Bedrock-Guardrails` is a service of"
            " Amazon Web Services | write `hosting: third-party`"
        ),
        (
            "9:78-82 contradiction: `spec.outputs.guards[b].operator` is `self`, but `model-armor` is a service of"
            " Google | name the party that runs it"
        ),
        (
            "10:62-66 contradiction: `spec.data.pii.detector.hosting` is `self`, but `google-model-armor` is a service"
            " of Google | write `hosting: third-party`"
        ),
        (
            "11:80-84 contradiction: `spec.vendor.fallbacks[c].hosting` is `self`, but `gpt-5` is offered by its"
            " maker's API alone | write `hosting: third-party`"
        ),
    ]


def test_guards_that_run_where_they_are_said_to() -> None:
    guards = (
        "{name: a, model: presidio, detects: [pii], hosting: self},"
        " {name: b, model: model-armor, detects: [pii], hosting: third-party},"
        " {name: c, model: acme/guard, detects: [pii], hosting: self}, {name: d, detects: [pii], hosting: self}"
    )
    assert _found(WHOLE + f"  inputs: {{guards: [{guards}]}}\n") == []


# Network


@pytest.mark.parametrize(
    ("cidr", "mistake"),
    [
        ("10.20.0.0", "an address without the length of its prefix | write `10.20.0.0/32`"),
        ("10.20.0.1/16", "an address inside the network, not the network | write `10.20.0.0/16`"),
        ("2001:db8::1/32", "an address inside the network, not the network | write `2001:db8::/32`"),
        ("::ffff:10.0.0.0/104", "an IPv4 network written as IPv6 | write `10.0.0.0/8`"),
        ("::ffff:0:0/96", "an IPv4 network written as IPv6 | write `0.0.0.0/0`"),
        ("10.0.0.0/255.0.0.0", "which is no CIDR | write `10.0.0.0/8`"),
        ("10.0.0.0/08", "which is no CIDR | write `10.0.0.0/8`"),
        ("fe80::%eth0/64", "which is no CIDR | write a network and the length of its prefix: `10.20.0.0/16`"),
        ("10.0.0.0/33", "which is no CIDR | write a network and the length of its prefix: `10.20.0.0/16`"),
        ("010.0.0.0/8", "which is no CIDR | write a network and the length of its prefix: `10.20.0.0/16`"),
        ("vpc", "which is no CIDR | write a network and the length of its prefix: `10.20.0.0/16`"),
    ],
)
def test_network_that_is_none(cidr: str, mistake: str) -> None:
    (found,) = _found(f"{WHOLE}  network: {{egress: {{rules: [{{name: a, to: {{cidr: '{cidr}'}}}}]}}}}\n")

    assert found.partition(" ")[2] == f"no-cidr: `spec.network.egress.rules[a].to.cidr` is `{cidr}`, {mistake}"


@pytest.mark.parametrize("cidr", ["10.20.0.0/16", "10.20.0.1/32", "0.0.0.0/0", "::/0", "FD00::/8", "2001:db8::1/128"])
def test_network_that_is_one(cidr: str) -> None:
    assert _found(f"{WHOLE}  network: {{egress: {{rules: [{{name: a, to: {{cidr: '{cidr}'}}}}]}}}}\n") == []


@pytest.mark.parametrize(
    ("host", "hint"),
    [
        ("https://hub.example.com/x", "write the name alone: no scheme, port or path"),
        ("hub.example.com:443", "write the name alone: no scheme, port or path"),
        ("10.0.0.1", "write an address as a network: `cidr: 10.0.0.1/32`"),
        ("[2001:db8::1]", "write an address as a network: `cidr: 2001:db8::1/128`"),
        ("bücher.example", "write the name as it is registered, in ASCII (`xn--…`)"),
        ("hub..example", "write letters, digits, `-` and `.`; `*.` at the start stands for any name below"),
        ("-hub.example", "write letters, digits, `-` and `.`; `*.` at the start stands for any name below"),
        ("a.*.example", "write letters, digits, `-` and `.`; `*.` at the start stands for any name below"),
        ("*hub.example", "write letters, digits, `-` and `.`; `*.` at the start stands for any name below"),
    ],
)
def test_host_that_is_none(host: str, hint: str) -> None:
    (found,) = _found(f"{WHOLE}  network: {{egress: {{rules: [{{name: a, to: {{host: '{host}'}}}}]}}}}\n")

    assert found.partition(" ")[2] == (
        f"no-host: `spec.network.egress.rules[a].to.host` is `{host}`, which is no host name | {hint}"
    )


@pytest.mark.parametrize("host", ["hub.example.com", "hub", "*", "*.example.com", "otel_collector.svc", "hub.example."])
def test_host_that_is_one(host: str) -> None:
    assert _found(f"{WHOLE}  network: {{egress: {{rules: [{{name: a, to: {{host: '{host}'}}}}]}}}}\n") == []


@pytest.mark.parametrize(
    "address", ["https://", "https://otel example:4317", "https://otel:99999", "https://[::1", "https://otel:0", "://x"]
)
def test_address_that_is_none(address: str) -> None:
    (found,) = _found(f"{WHOLE}  observability: {{exports: [{{name: a, kind: otlp, endpoint: '{address}'}}]}}\n")

    assert found.partition(" ")[2] == (
        f"no-address: `spec.observability.exports[a].endpoint` is `{address}`, which is no address"
        " | write scheme, host and port: `https://otel.example.com:4317`"
    )


@pytest.mark.parametrize(
    "address", ["https://otel.example.com:4317", "http://[::1]:4317", "otel:4317", "file:///var/log/x", "/var/log/x"]
)
def test_address_that_is_one(address: str) -> None:
    assert _found(f"{WHOLE}  observability: {{exports: [{{name: a, kind: otlp, endpoint: '{address}'}}]}}\n") == []


@pytest.mark.parametrize(
    ("glob", "mistake"),
    [
        ("/etc/*.yaml", "which is not relative to this file | write the path from this file's folder: `../base.yaml`"),
        ("~/k8s", "which is not relative to this file | write the path from this file's folder: `../base.yaml`"),
        ("C:/k8s", "which is not relative to this file | write the path from this file's folder: `../base.yaml`"),
        (
            "\\\\host\\k8s",
            "which is not relative to this file | write the path from this file's folder: `../base.yaml`",
        ),
        ("k8s\\*.yaml", "which has backslashes | write forward slashes on every system"),
    ],
)
def test_evidence_that_is_not_relative(glob: str, mistake: str) -> None:
    assert _found(f"{WHOLE}  evidence: [k8s/**/*.yaml, '{glob}']\n") == [
        f"8:29-{31 + len(glob)} absolute-path: `spec.evidence[1]` is `{glob}`, {mistake}"
    ]


def test_base_that_is_not_relative() -> None:
    assert _found("apiVersion: psfpolicy/v1\nkind: LLMDeployment\nmetadata: {extends: /srv/base.yaml}\n") == [
        (
            "3:21-35 absolute-path: `metadata.extends` is `/srv/base.yaml`, which is not relative to this file | write"
            " the path from this file's folder: `../base.yaml`"
        )
    ]


# Together with the schema


@pytest.mark.parametrize("text", ["5", "[]", "{spec: 5}", "{spec: {regimes: {a: b}, parties: [5], evidence: 5}}"])
def test_rules_skip_what_has_another_shape(text: str) -> None:
    (document,) = source.read(text.encode(), file="deploy.yaml")

    assert consistency.diagnostics(document) == ()


def test_mistakes_of_shape_and_of_agreement_come_in_one_run() -> None:
    text = WHOLE.replace("on-prem", "onprem, operator: aws") + "  security: {redTeam: {lastRun: 2026-02-30}}\n"

    assert [found.partition(":")[2].partition(":")[0] for found in _found(text)] == [
        "22-28 not-allowed",
        "40-43 unknown-name",
        "33-43 no-such-day",
    ]


@pytest.mark.parametrize(
    "text",
    [
        WHOLE.replace("on-prem", "on-prem, operator: aws") + "  partys: [{id: aws}]\n",
        WHOLE.replace("on-prem", "on-prem, operator: aws") + "  parties: [{di: aws}]\n",
        WHOLE.replace("on-prem", "on-prem, operator: aws") + "  parties: aws\n",
        WHOLE.replace("on-prem", "on-prem, accelerators: {count: 4, tensorParallel: 2, dataParallell: 2}"),
        WHOLE + "  inputs: {abuseAlert: a}\n  observability: {alert: [{name: a, signal: abuse}]}\n",
        WHOLE + "  outputs: {validator: [{name: a, kind: rules}], sinks: [{name: a, kind: ui, via: a}]}\n",
    ],
)
def test_rule_is_silent_where_what_it_needs_is_misspelt(text: str) -> None:
    assert len(_found(text)) == 1


def test_rule_speaks_where_what_is_wrong_does_not_bear_on_it() -> None:
    text = WHOLE.replace("on-prem", "on-prem, operator: aws") + "  parties: [{id: gcp, nme: a}]\n  foo: 1\n"

    assert [found.partition(" ")[2].partition(":")[0] for found in _found(text)] == [
        "unknown-name",
        "unknown-key",
        "unknown-key",
    ]


def test_base_may_refer_to_what_another_document_declares() -> None:
    text = WHOLE.replace("LLMDeployment", "LLMDeploymentBase").replace("on-prem", "on-prem, operator: aws")

    assert _found(text) == []


def test_labels_mean_nothing_to_the_rules() -> None:
    assert _found(WHOLE.replace("name: notes", "labels: {country: UK, operator: x}, name: notes")) == []


def test_mistake_in_a_base_is_told_with_its_file_after_those_of_the_document() -> None:
    base = WHOLE.replace("LLMDeployment", "LLMDeploymentBase") + "  data: {stores: [{name: b, kind: log}]}\n"
    top = HEAD + "  serving: {operator: nobody}\n"
    (below,), (above,) = source.read(base.encode(), file="base.yaml"), source.read(top.encode(), file="top.yaml")

    assert [
        (found.place.file, found.place.region.start_line, found.code)
        for found in validity.diagnostics(source.overlay(below, above))
    ] == [("top.yaml", 7, "unknown-name"), ("base.yaml", 8, "not-allowed")]


def test_consistency_of_a_valid_document_can_be_asked_alone() -> None:
    (document,) = source.read(WHOLE.replace("on-prem", "on-prem, operator: aws").encode(), file="deploy.yaml")

    assert [found.code for found in consistency.diagnostics(document)] == ["unknown-name"]


def test_partial_document_is_judged_by_its_shape_alone() -> None:
    (document,) = source.read(
        b"apiVersion: psfpolicy/v1\nkind: LLMDeployment\nspec: {regimes: [x], foo: 1}\n", file="a.yaml"
    )

    assert [found.code for found in validity.diagnostics(document, partial=True)] == ["unknown-key"]
