"""Each mistake of shape at its place, once, with what was probably meant."""

from __future__ import annotations

import sys
from subprocess import run

import pytest

from psfpolicy import schema, source

MINIMAL = """\
apiVersion: psfpolicy/v1
kind: LLMDeployment
metadata: {name: notes, environment: production}
spec:
  purpose: {summary: Drafts notes}
  model: {id: some/model}
  serving: {hosting: on-prem}
"""


def _mistakes(text: str, *, partial: bool = False) -> list[str]:
    (document,) = source.read(text.encode(), file="deploy.yaml")
    return [
        f"{found.place.region.start_line}:{found.place.region.start_column}-{found.place.region.end_column}"
        f" {found.code}: {found.message} | {found.hint}"
        for found in schema.diagnostics(document, partial=partial)
    ]


def test_smallest_descriptor_is_valid() -> None:
    assert _mistakes(MINIMAL) == []


def test_key_that_says_nothing_is_valid() -> None:
    assert _mistakes(MINIMAL + "  inputs:\n  regimes: null\n") == []


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("5", "1:1-2 wrong-type: the document is the number `5`, and must be a map | None"),
        ("text", "1:1-5 wrong-type: the document is the text `text`, and must be a map | None"),
        ("[]", "1:1-3 wrong-type: the document is a list, and must be a map | None"),
    ],
)
def test_document_that_is_no_map(text: str, mistake: str) -> None:
    assert _mistakes(text) == [mistake]


# Slips in keys


@pytest.mark.parametrize(
    ("right", "wrong", "mistake"),
    [
        (
            "apiVersion:",
            "apiVerison:",
            (
                "1:1-11 unknown-key: the document has no key `apiVerison`, and lacks `apiVersion`, which is required |"
                " did you mean `apiVersion`? Version of the shape of this document"
            ),
        ),
        (
            "kind:",
            "knd:",
            (
                "2:1-4 unknown-key: the document has no key `knd`, and lacks `kind`, which is required | did you mean"
                " `kind`? What this document describes; an `LLMDeploymentBase` is never assessed alone"
            ),
        ),
        (
            "spec:",
            "specs:",
            (
                "4:1-6 unknown-key: the document has no key `specs`, and lacks `spec`, which is required | did you"
                " mean `spec`? What is deployed"
            ),
        ),
        (
            "environment:",
            "env:",
            (
                "3:25-28 unknown-key: `metadata` has no key `env`, and lacks `environment`, which is required | did"
                " you mean `environment`? Stage that the deployment serves"
            ),
        ),
        (
            "{hosting:",
            "{Hosting:",
            (
                "7:13-20 unknown-key: `spec.serving` has no key `Hosting`, and lacks `hosting`, which is required |"
                " did you mean `hosting`? Whose machines, whose engine and whose weights these are"
            ),
        ),
    ],
)
def test_slip_in_a_required_key_is_one_mistake_that_names_both(right: str, wrong: str, mistake: str) -> None:
    assert _mistakes(MINIMAL.replace(right, wrong)) == [mistake]


def test_slip_in_one_of_two_keys_of_which_one_is_needed_is_one_mistake() -> None:
    assert _mistakes(MINIMAL.replace("on-prem", "on-prem, location: {countri: DE}")) == [
        (
            "7:42-49 unknown-key: `spec.serving.location` has no key `countri`, and lacks one of `country` or `region`"
            " | did you mean `country`? Country in which the bytes are, ISO 3166-1 alpha-2"
        )
    ]


@pytest.mark.parametrize(
    ("added", "mistake"),
    [
        (
            "  obsrevability: {}",
            (
                "8:3-16 unknown-key: `spec` has no key `obsrevability` | did you mean `observability`? What is"
                " recorded about each request, and who is told when it goes wrong"
            ),
        ),
        (
            "  cost: {gpu_hour: 2}",
            (
                "8:10-18 unknown-key: `spec.cost` has no key `gpu_hour` | did you mean `gpuHour`? Price of one"
                " accelerator for one hour, in `currency`"
            ),
        ),
        (
            "  remoteCode: false",
            ("8:3-13 unknown-key: `spec` has no key `remoteCode` | the key belongs elsewhere: `spec.model.remoteCode`"),
        ),
        (
            "  outputs: {schema: x.json}",
            (
                "8:13-19 unknown-key: `spec.outputs` has no key `schema` | the key belongs elsewhere:"
                " `spec.inputs.schema` or `spec.outputs.constrainedDecoding.schema`"
            ),
        ),
        (
            "  operations: {pager: x}",
            (
                "8:16-21 unknown-key: `spec.operations` has no key `pager` | what can be added here: `owner`, `onCall`"
                " or `duties`"
            ),
        ),
        (
            "  data: {pii: {justification: {ref: a, approver: b, date: 2026-11-21, reviewers: []}}}",
            ("8:71-80 unknown-key: `spec.data.pii.justification` has no key `reviewers` | nothing can be added here"),
        ),
        (
            "  tls: true",
            (
                "8:3-6 unknown-key: `spec` has no key `tls` | what can be added here: `cost`, `data`, `parties`,"
                " `inputs`, `outputs` and 10 more"
            ),
        ),
    ],
)
def test_unknown_key_says_what_was_meant_or_what_there_is(added: str, mistake: str) -> None:
    assert _mistakes(f"{MINIMAL}{added}\n") == [mistake]


def test_key_that_is_there_already_is_not_suggested_again() -> None:
    assert _mistakes(MINIMAL.replace("on-prem", "on-prem, replicas: {min: 1, mix: 2}")) == [
        (
            "7:50-53 unknown-key: `spec.serving.replicas` has no key `mix` | did you mean `max`? Most replicas, at"
            " least `min`"
        )
    ]


def test_key_that_could_be_two_names_both() -> None:
    assert _mistakes(MINIMAL.replace("on-prem", "on-prem, replicas: {mix: 2}")) == [
        "7:42-45 unknown-key: `spec.serving.replicas` has no key `mix` | did you mean `min` or `max`?"
    ]


# Keys that are missing


def test_missing_key_is_shown_at_the_nearest_parent() -> None:
    assert _mistakes(MINIMAL.replace("{hosting: on-prem}", "{platform: eks}")) == [
        (
            "7:3-10 missing-key: `spec.serving` lacks `hosting`, which is required | Whose machines, whose engine and"
            " whose weights these are. Allowed: `on-prem`, `self-managed-kubernetes`, `self-managed-vm`,"
            " `cloud-managed`, `managed-inference`, `provider-hosted` or `hosted-api`"
        )
    ]


def test_missing_key_of_an_item_is_shown_at_the_item() -> None:
    assert _mistakes(MINIMAL + "  inputs: {guards: [{name: a, detects: [pii]}, {detects: [pii]}]}\n") == [
        "8:48-64 missing-key: `spec.inputs.guards[1]` lacks `name`, which is required | Name of the guard"
    ]


def test_every_missing_key_is_said() -> None:
    assert _mistakes("apiVersion: psfpolicy/v1\nkind: LLMDeployment\n") == [
        "1:1-11 missing-key: the document lacks `metadata`, which is required | Which deployment this is",
        "1:1-11 missing-key: the document lacks `spec`, which is required | What is deployed",
    ]


def test_map_that_needs_one_of_two_keys() -> None:
    assert _mistakes(MINIMAL.replace("on-prem", "on-prem, location: {}")) == [
        "7:31-39 missing-key: `spec.serving.location` lacks one of `country` or `region` | Where the model is served"
    ]


def test_map_whose_only_key_says_nothing_lacks_both() -> None:
    assert _mistakes(MINIMAL.replace("on-prem", "on-prem, location: {country: null}")) == [
        "7:51-55 missing-key: `spec.serving.location` lacks one of `country` or `region` | Where the model is served"
    ]


def test_map_that_has_both_of_two_keys() -> None:
    both = 'on-prem, location: {country: DE, region: "aws:eu-central-1"}'

    assert _mistakes(MINIMAL.replace("on-prem", both)) == [
        (
            "7:41-82 contradiction: `spec.serving.location` has `country` and `region`, and must have one of them |"
            " leave out the others. Where the model is served"
        )
    ]


# What a document is


@pytest.mark.parametrize(
    ("right", "wrong", "mistake"),
    [
        (
            "psfpolicy/v1",
            "psfpolicy/v2",
            (
                "1:13-25 not-allowed: `apiVersion` is `psfpolicy/v2`, which is not allowed | did you mean"
                " `psfpolicy/v1`? Allowed: `psfpolicy/v1`. Version of the shape of this document"
            ),
        ),
        (
            "LLMDeployment",
            "LLMDeploymnt",
            (
                "2:7-19 not-allowed: `kind` is `LLMDeploymnt`, which is not allowed | did you mean `LLMDeployment`?"
                " Allowed: `LLMDeployment` or `LLMDeploymentBase`. What this document describes; an"
                " `LLMDeploymentBase` is never assessed alone"
            ),
        ),
        (
            "LLMDeployment",
            "Deployment",
            (
                "2:7-17 not-allowed: `kind` is `Deployment`, which is not allowed | did you mean `LLMDeployment`?"
                " Allowed: `LLMDeployment` or `LLMDeploymentBase`. What this document describes; an"
                " `LLMDeploymentBase` is never assessed alone"
            ),
        ),
        (
            "LLMDeployment",
            "5",
            (
                "2:7-8 wrong-type: `kind` is `5`, which is not allowed | Allowed: `LLMDeployment` or"
                " `LLMDeploymentBase`. What this document describes; an `LLMDeploymentBase` is never assessed alone"
            ),
        ),
    ],
)
def test_unknown_version_or_kind_says_which_are_known(right: str, wrong: str, mistake: str) -> None:
    assert _mistakes(MINIMAL.replace(right, wrong)) == [mistake]


def test_missing_kind_is_one_mistake() -> None:
    assert _mistakes(MINIMAL.replace("kind: LLMDeployment\n", "")) == [
        (
            "1:1-11 missing-key: the document lacks `kind`, which is required | What this document describes; an"
            " `LLMDeploymentBase` is never assessed alone. Allowed: `LLMDeployment` or `LLMDeploymentBase`"
        )
    ]


def test_base_needs_none_of_the_sections() -> None:
    assert _mistakes("apiVersion: psfpolicy/v1\nkind: LLMDeploymentBase\nspec: {cost: {currency: EUR}}\n") == []


def test_slip_in_the_kind_of_a_base_is_one_mistake() -> None:
    assert _mistakes("apiVersion: psfpolicy/v1\nkind: LLMDeploymentBse\n") == [
        (
            "2:7-23 not-allowed: `kind` is `LLMDeploymentBse`, which is not allowed | did you mean"
            " `LLMDeploymentBase`? Allowed: `LLMDeployment` or `LLMDeploymentBase`. What this document describes; an"
            " `LLMDeploymentBase` is never assessed alone"
        )
    ]


def test_slip_in_the_head_does_not_hide_what_is_wrong_below() -> None:
    assert _mistakes("apiVersion: psfpolicy/v1\nknd: LLMDeploymentBase\nspec: {cots: {currency: EUR}}\n") == [
        (
            "2:1-4 unknown-key: the document has no key `knd`, and lacks `kind`, which is required | did you mean"
            " `kind`? What this document describes; an `LLMDeploymentBase` is never assessed alone"
        ),
        (
            "3:8-12 unknown-key: `spec` has no key `cots` | did you mean `cost`? What serving costs, and what the same"
            " would cost elsewhere"
        ),
    ]


def test_document_that_extends_another_need_not_be_complete() -> None:
    assert _mistakes("apiVersion: psfpolicy/v1\nkind: LLMDeployment\nmetadata: {extends: ../base.yaml}\n") == []


def test_slip_in_extends_is_one_mistake() -> None:
    assert _mistakes("apiVersion: psfpolicy/v1\nkind: LLMDeployment\nmetadata: {extend: ../base.yaml}\n") == [
        (
            "3:12-18 unknown-key: `metadata` has no key `extend` | did you mean `extends`? Path of the descriptor that"
            " this one is laid over, relative to this file and inside the repository"
        )
    ]


def test_document_that_another_completes_is_partial() -> None:
    text = "apiVersion: psfpolicy/v1\nkind: LLMDeployment\nspec: {cots: {}}\n"

    assert _mistakes(text, partial=True) == [
        (
            "3:8-12 unknown-key: `spec` has no key `cots` | did you mean `cost`? What serving costs, and what the same"
            " would cost elsewhere"
        )
    ]


def test_base_that_another_completes_is_partial_too() -> None:
    text = "apiVersion: psfpolicy/v1\nkind: LLMDeploymentBase\nspec: {cost: {}, foo: 1}\n"

    assert [found.partition(":")[2] for found in _mistakes(text, partial=True)] == [
        (
            "18-21 unknown-key: `spec` has no key `foo` | what can be added here: `model`, `data`, `vendor`, `purpose`,"
            " `inputs` and 12 more"
        )
    ]


# Values


@pytest.mark.parametrize(
    ("value", "mistake"),
    [
        (
            "Production",
            (
                "3:38-48 not-allowed: `metadata.environment` is `Production`, which is not allowed | did you mean"
                " `production`? Allowed: `development`, `staging` or `production`. Stage that the deployment serves"
            ),
        ),
        (
            "live",
            (
                "3:38-42 not-allowed: `metadata.environment` is `live`, which is not allowed | Allowed: `development`,"
                " `staging` or `production`. Stage that the deployment serves"
            ),
        ),
        (
            "[production]",
            (
                "3:38-50 wrong-type: `metadata.environment` is a list, which is not allowed | Allowed: `development`,"
                " `staging` or `production`. Stage that the deployment serves"
            ),
        ),
        (
            "null",
            (
                "3:38-42 wrong-type: `metadata.environment` is empty, which is not allowed | Allowed: `development`,"
                " `staging` or `production`. Stage that the deployment serves"
            ),
        ),
    ],
)
def test_value_outside_a_closed_set_lists_the_set(value: str, mistake: str) -> None:
    assert _mistakes(MINIMAL.replace("production", value)) == [mistake]


def test_large_closed_set_lists_the_nearest_and_how_many_more_there_are() -> None:
    assert _mistakes(MINIMAL.replace("on-prem", "on-prem, platform: azure-foundry")) == [
        (
            "7:41-54 not-allowed: `spec.serving.platform` is `azure-foundry`, which is not allowed | Allowed:"
            " `azure-ml`, `fireworks`, `kubernetes`, `bare-metal`, `sagemaker` and 15 more. What the model is served on"
        )
    ]


def test_item_of_a_list_is_described_by_its_list() -> None:
    assert _mistakes(MINIMAL + "  data: {categories: [pii, self_harm]}\n") == [
        (
            "8:28-37 not-allowed: `spec.data.categories[1]` is `self_harm`, which is not allowed | Allowed: `pii`,"
            " `phi`, `health`, `financial`, `cardholder`, `legal`, `biometric`, `children`, `criminal`,"
            " `export-controlled`, `credentials` or `none`. Kinds of data that rules ask about; `[]` or `[none]` says"
            " that there is none of them"
        )
    ]


@pytest.mark.parametrize(
    ("added", "mistake"),
    [
        (
            "remoteCode: yes",
            (
                "is the text `yes`, and must be `true` or `false` | in YAML 1.2 `yes` is text: write `true`. Whether"
                " code that comes with the weights is run"
            ),
        ),
        (
            "remoteCode: 'false'",
            (
                "is the text `false`, and must be `true` or `false` | write `false` without quotes. Whether code that"
                " comes with the weights is run"
            ),
        ),
        (
            "remoteCode: 1",
            "is the number `1`, and must be `true` or `false` | Whether code that comes with the weights is run",
        ),
        (
            "maxModelLen: 32_768",
            (
                "is the text `32_768`, and must be a whole number | write `32768`: digits alone are a number. Longest"
                " sequence that is served, prompt and response together, in tokens"
            ),
        ),
        (
            "maxModelLen: '32768'",
            (
                "is the text `32768`, and must be a whole number | write `32768` without quotes. Longest sequence that"
                " is served, prompt and response together, in tokens"
            ),
        ),
        (
            "maxModelLen: 32k",
            (
                "is the text `32k`, and must be a whole number | write the number alone, in full: its unit is in the"
                " name of the key. Longest sequence that is served, prompt and response together, in tokens"
            ),
        ),
        (
            "maxModelLen: 32768.5",
            (
                "is the number `32768.5`, and must be a whole number | write a number without decimals. Longest"
                " sequence that is served, prompt and response together, in tokens"
            ),
        ),
        (
            "maxModelLen: true",
            (
                "is `true`, and must be a whole number | Longest sequence that is served, prompt and response"
                " together, in tokens"
            ),
        ),
        (
            "version: 1.10",
            "is the number `1.1`, and must be text | write it in quotes. Dated version of a hosted model",
        ),
        (
            "adapters: lora",
            (
                "is the text `lora`, and must be a list | write a list: `[lora]`. LoRA adapters that are served with"
                " the model; `[]` says that there are none"
            ),
        ),
        (
            "adapters: {name: lora}",
            (
                "is a map, and must be a list | write each item after a `-`. LoRA adapters that are served with the"
                " model; `[]` says that there are none"
            ),
        ),
        ("licence: mit", "is the text `mit`, and must be a map | Licence of the model"),
    ],
)
def test_value_of_another_type_says_how_to_write_it(added: str, mistake: str) -> None:
    key = added.partition(":")[0]
    (found,) = _mistakes(MINIMAL.replace("{id: some/model}", f"{{id: some/model, {added}}}"))

    assert found.partition(" ")[2] == f"wrong-type: `spec.model.{key}` {mistake}"


def test_required_text_that_is_empty() -> None:
    assert _mistakes(MINIMAL.replace("{id: some/model}", "{id: }")) == [
        (
            "6:13-13 wrong-type: `spec.model.id` is empty, and must be text | Hub id or hosted name; the catalogue"
            " resolves family, size and licence"
        )
    ]


def test_text_of_blanks_declares_nothing() -> None:
    assert _mistakes(MINIMAL.replace("some/model", "'  '")) == [
        (
            "6:15-19 pattern: `spec.model.id` must not be empty | leave the key out where there is nothing to say. Hub"
            " id or hosted name; the catalogue resolves family, size and licence"
        )
    ]


@pytest.mark.parametrize(
    ("added", "mistake"),
    [
        (
            "parties: [{id: a, jurisdiction: Germany}]",
            (
                "8:35-42 pattern: `spec.parties[a].jurisdiction` is `Germany`, and must be an ISO 3166-1 alpha-2 code"
                " such as DE | did you mean `DE`? Country that can compel the party: that of its ultimate parent, ISO"
                " 3166-1 alpha-2"
            ),
        ),
        (
            "purpose: {summary: a, userRegions: [eea]}",
            (
                "8:39-42 pattern: `spec.purpose.userRegions[0]` is `eea`, and must be an ISO 3166-1 alpha-2 code, or"
                " one of EEA, EU, ADEQUATE | did you mean `EEA`? Where the users are: countries, or the groups EEA,"
                " EU, ADEQUATE"
            ),
        ),
        (
            "serving: {hosting: on-prem, location: {region: eu-central-1}}",
            (
                "8:50-62 pattern: `spec.serving.location.region` is `eu-central-1`, and must be <cloud>:<region> with"
                " the cloud aws, gcp or azure | did you mean `aws:eu-central-1`? Cloud region in which the bytes are,"
                " written `<cloud>:<region>` with the cloud aws, gcp or azure"
            ),
        ),
        (
            "cost: {currency: eur}",
            (
                "8:20-23 pattern: `spec.cost.currency` is `eur`, and must be an ISO 4217 code such as USD | did you"
                " mean `EUR`? Currency of the prices, ISO 4217"
            ),
        ),
        (
            "release: {rollback: {lastTested: 2026/9/4}}",
            (
                "8:36-44 pattern: `spec.release.rollback.lastTested` is `2026/9/4`, and must be a day written"
                " YYYY-MM-DD | did you mean `2026-09-04`? Day on which it was last tried"
            ),
        ),
        (
            "release: {rollback: {lastTested: 2026-02-30T10:00:00Z}}",
            (
                "8:36-56 pattern: `spec.release.rollback.lastTested` is `2026-02-30T10:00:00Z`, and must be a day"
                " written YYYY-MM-DD | write year, month and day: `2026-11-21`. Day on which it was last tried"
            ),
        ),
        (
            "release: {rollback: {lastTested: yesterday}}",
            (
                "8:36-45 pattern: `spec.release.rollback.lastTested` is `yesterday`, and must be a day written"
                " YYYY-MM-DD | write year, month and day: `2026-11-21`. Day on which it was last tried"
            ),
        ),
    ],
)
def test_text_of_another_form_says_what_was_meant(added: str, mistake: str) -> None:
    key = added.partition(":")[0]
    lines = [line for line in MINIMAL.splitlines(keepends=True) if not line.startswith(f"  {key}:")]

    assert _mistakes("".join(lines) + "\n" * (7 - len(lines)) + f"  {added}\n") == [mistake]


@pytest.mark.parametrize(
    ("added", "mistake"),
    [
        (
            "outputs: {quality: {sampleRate: 5}}",
            (
                "8:35-36 out-of-range: `spec.outputs.quality.sampleRate` is `5`, and must be at most 1 | a share is"
                " written as a part of 1: half is `0.5`. Share of the responses that are measured"
            ),
        ),
        (
            "release: {canary: {percent: 101}}",
            (
                "8:31-34 out-of-range: `spec.release.canary.percent` is `101`, and must be at most 100 | Percent of"
                " the traffic"
            ),
        ),
        (
            "data: {retention: {days: -1}}",
            (
                "8:28-30 out-of-range: `spec.data.retention.days` is `-1`, and must be at least 0 | Days after which"
                " data is deleted"
            ),
        ),
        (
            "inputs: {guards: [{name: a, detects: []}]}",
            "8:40-42 too-few: `spec.inputs.guards[a].detects` must have at least 1 item | What it detects",
        ),
    ],
)
def test_value_out_of_its_bounds_says_the_bound(added: str, mistake: str) -> None:
    assert _mistakes(f"{MINIMAL}  {added}\n") == [mistake]


def test_all_mistakes_are_given_in_the_order_of_the_document() -> None:
    text = MINIMAL.replace("production", "prod").replace("on-prem", "onprem") + "  foo: 1\n  inputs: []\n"

    assert [mistake.split(":")[0:2] for mistake in _mistakes(text)] == [
        ["3", "38-42 not-allowed"],
        ["7", "22-28 not-allowed"],
        ["8", "3-6 unknown-key"],
        ["9", "11-13 wrong-type"],
    ]


def test_after_very_many_mistakes_the_last_one_says_that_there_are_more() -> None:
    found = _mistakes(MINIMAL + "".join(f"  key{number}: 1\n" for number in range(1001)))

    assert len(found) == 1001
    assert found[-1] == (
        "1:1-13 too-many-mistakes: the document has more than 1000 mistakes, and the others are not shown | put these"
        " right and look again"
    )


def test_secret_in_a_value_is_masked() -> None:
    (found,) = _mistakes(MINIMAL.replace("production", "ghp_" + "a1B2" * 9))

    assert "a1B2a1B2" not in found


def test_text_that_would_break_a_line_or_is_long_is_quoted_on_one_line_and_cut() -> None:
    (found,) = _mistakes(MINIMAL.replace("production", '"a\\nb\\e[31m' + "x" * 99 + '"'))

    assert found.partition("|")[0] == (
        "3:38-149 not-allowed: `metadata.environment` is"
        " `a\\nb\\x1b[31mxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…`, which is not allowed "
    )


def test_mistake_in_an_alias_is_placed_where_it_is_written() -> None:
    text = MINIMAL.replace("{summary: Drafts notes}", "&shared {summary: Drafts notes, tasks: [chatt]}")
    (document,) = source.read(text.encode(), file="deploy.yaml")
    (found,) = schema.diagnostics(document)

    assert (found.place.region.start_line, found.place.region.start_column) == (5, 52)


def test_value_that_is_no_json_is_refused_even_where_no_keyword_refuses_it() -> None:
    document = source.read(MINIMAL.encode(), file="deploy.yaml")[0]
    document.data["spec"]["cost"] = {"gpuHour": float("nan")}  # type: ignore[index, call-overload]

    assert [(found.code, found.message, found.hint) for found in schema.diagnostics(document)] == [
        (
            "not-valid",
            "the document does not meet its schema",
            "see https://psfpolicy.dev/schemas/llm-deployment-v1.schema.json",
        )
    ]


def test_lone_surrogate_is_no_text() -> None:
    document = source.read(MINIMAL.encode(), file="deploy.yaml")[0]
    document.data["metadata"]["name"] = "\ud800"  # type: ignore[index, call-overload]

    assert [found.message for found in schema.diagnostics(document)] == [
        "`metadata.name` is `\\ud800`, and must not be empty"
    ]


def test_formats_of_the_schema_lead_to_their_keys() -> None:
    assert {name: sorted(schema.keys_of_format(name)) for name in ("date", "country", "area", "region")} == {
        "date": ["accepted", "certified", "date", "expires", "lastRun", "lastTested", "reviewed"],
        "country": ["country", "jurisdiction", "principalPlace"],
        "area": ["allowed", "userRegions"],
        "region": ["region"],
    }


def test_valid_document_costs_no_import_of_jsonschema() -> None:
    program = (
        "import sys; from psfpolicy import schema, source;"
        f"(document,) = source.read({MINIMAL!r}.encode(), file='deploy.yaml');"
        "schema.diagnostics(document);print('jsonschema' in sys.modules)"
    )

    assert run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "False\n"


def test_document_of_another_kind_is_held_to_its_own_schema() -> None:
    (document,) = source.read(b"engine: opaa\ncolour: never\n", file=".psfpolicy.yaml")

    assert [(found.code, found.message, found.hint) for found in schema.diagnostics_of(document, "settings-v1")] == [
        (
            "not-allowed",
            "`engine` is `opaa`, which is not allowed",
            (
                "did you mean `opa`? Allowed: `wasm` or `opa`. What evaluates the policy: the embedded engine, or OPA"
                " servers; `opa` cannot be switched off elsewhere"
            ),
        ),
        (
            "unknown-key",
            "the document has no key `colour`",
            "did you mean `color`? Whether the text report is coloured; `auto` does so on a terminal",
        ),
    ]


def test_valid_document_of_another_kind() -> None:
    (document,) = source.read(b"gate: strict\n", file=".psfpolicy.yaml")

    assert schema.diagnostics_of(document, "settings-v1") == ()
