"""The reader of Terraform: what resources show, and what variables, counts, functions and plans leave open."""

from __future__ import annotations

import json
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import pytest

from psfpolicy import source
from psfpolicy.evidence.project import Project
from psfpolicy.evidence.readers import terraform

if TYPE_CHECKING:
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import JsonValue

EGRESS, EXPOSURE, LOCATION = "spec.network.egress.default", "spec.network.ingress.exposure", "spec.serving.location"
MODEL, STORE, TYPE = "spec.model.id", "spec.security.secrets.store", "spec.serving.accelerators.type"
TOKEN = "hf_" + "aBcDeFgHiJkLmNoPqRsTuVwXyZ01234567"
PROVIDER = 'provider "aws" { region = "eu-central-1" }\n'
MODEL_RESOURCE = """\
resource "aws_sagemaker_model" "llm" {
  name = "llm"
  primary_container {
    environment = { HF_MODEL_ID = "microsoft/phi-4" }
  }
}
"""


def project(text: str, *documents: source.Document, **files: str) -> Project:
    texts = {
        "infra/main.tf": text,
        **{name.replace("__", "/").replace("_dot_", "."): each for name, each in files.items()},
    }
    return Project(documents, tuple(source.Text(name, each) for name, each in texts.items()))


def read(text: str, *documents: source.Document, **files: str) -> list[Fact]:
    known = project(text, *documents, **files)
    return [fact for each in known.texts if terraform.reads_text(each) for fact in terraform.text_facts(each, known)]


def made(kind: str, *lines: str) -> str:
    """Give a resource of some lines."""
    return f'resource "{kind}" "x" {{\n' + "".join(f"{line}\n" for line in lines) + "}\n"


def shown(facts: list[Fact], *paths: str) -> list[str]:
    return [
        f"{fact.path[-1]} {fact.value} {fact.certainty} {fact.place.region.start_line}:{fact.place.region.start_column}"
        for fact in facts
        if not paths or ".".join(map(str, fact.path)) in paths
    ]


def reasons(facts: list[Fact], path: str) -> list[str]:
    return [fact.reason for fact in facts if ".".join(map(str, fact.path)) == path]


def test_a_model_of_sagemaker_shows_what_it_is_and_that_nothing_closes_its_network() -> None:
    facts = read(PROVIDER + MODEL_RESOURCE)
    assert shown(facts) == [
        "location {'region': 'aws:eu-central-1'} certain 1:27",
        "hosting cloud-managed certain 2:1",
        "platform sagemaker certain 2:1",
        "default allow certain 2:1",
        "id microsoft/phi-4 certain 5:35",
    ]
    assert {fact.workload for fact in facts} == {"aws_sagemaker_model.llm"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("enable_network_isolation = true", ["default deny certain 3:30"]),
        ("enable_network_isolation = false", ["default allow certain 3:30"]),
        ("enable_network_isolation = null", ["default allow certain 2:1"]),
        ("enable_network_isolation = var.closed", ["default None inconclusive 3:30"]),
        ("enable_network_isolation = local.closed", ["default deny certain 3:30"]),
        ("vpc_config { security_group_ids = [var.group] }", ["default None inconclusive 3:37"]),
        ("vpc_config {}", ["default None inconclusive 3:14"]),
        ('dynamic "vpc_config" { for_each = [] }', ["default None inconclusive 3:3"]),
    ],
)
def test_a_model_reaches_what_its_network_lets_it(line: str, expected: list[str]) -> None:
    text = MODEL_RESOURCE.replace('  name = "llm"', f"  {line}").replace(
        "resource", "locals { closed = true }\nresource", 1
    )
    assert shown(read(text), EGRESS) == expected


GROUP = """\
resource "aws_security_group" "llm" {
  egress {
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/8"]
  }
}
"""
BEHIND = MODEL_RESOURCE.replace('name = "llm"', "vpc_config { security_group_ids = [aws_security_group.llm.id] }")


def test_a_security_group_of_a_model_opens_what_it_names() -> None:
    (fact,) = [fact for fact in read(GROUP + BEHIND) if "egress" in fact.path]
    assert (fact.path, fact.value, fact.item, fact.certainty, fact.workload) == (
        ("spec", "network", "egress", "rules"),
        {"name": "aws_security_group.llm", "to": {"cidr": "10.0.0.0/8"}, "ports": [443]},
        True,
        "certain",
        "aws_sagemaker_model.llm",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GROUP.replace("10.0.0.0/8", "0.0.0.0/0") + BEHIND, ["default allow certain 5:20"]),
        (GROUP.replace("10.0.0.0/8", "0.0.0.0/0"), ["default None inconclusive 5:20"]),
        (GROUP.replace('"10.0.0.0/8"', "var.c") + BEHIND, ["default None inconclusive 5:20"]),
        (GROUP.replace('["10.0.0.0/8"]', "var.c") + BEHIND, ["default None inconclusive 5:19"]),
        (GROUP.replace("  egress {", "  egress = var.e\n  x {") + BEHIND, ["default None inconclusive 2:12"]),
        (
            GROUP.replace("10.0.0.0/8", "0.0.0.0/0")
            + BEHIND.replace("  primary", "  enable_network_isolation = true\n  primary"),
            ["default deny certain 10:30"],
        ),
        (
            'resource "aws_vpc_security_group_egress_rule" "all" {\n  security_group_id = aws_security_group.llm.id\n'
            '  cidr_ipv4 = "0.0.0.0/0"\n}\n' + GROUP + BEHIND,
            ["default allow certain 3:15"],
        ),
        (
            made("aws_security_group_rule", '  type = "ingress"', '  cidr_blocks = ["0.0.0.0/0"]'),
            [],
        ),
        (
            made("aws_security_group_rule", '  type = "egress"', '  ipv6_cidr_blocks = ["::/0", ""]'),
            ["default None inconclusive 3:23"],
        ),
        (
            made(
                "google_compute_firewall",
                '  direction = "EGRESS"',
                "  allow {}",
                '  destination_ranges = ["0.0.0.0/0"]',
            ),
            ["default None inconclusive 4:25"],
        ),
        (
            made("google_compute_firewall", '  direction = "EGRESS"', '  allow { protocol = "all" }'),
            ["default None inconclusive 1:1"],
        ),
        (made("google_compute_firewall", '  direction = "EGRESS"', '  deny { protocol = "all" }'), []),
        (
            made(
                "azurerm_network_security_rule",
                '  direction = "Outbound"',
                '  access = "Allow"',
                '  destination_address_prefix = "*"',
            ),
            ["default None inconclusive 4:32"],
        ),
        (made("azurerm_network_security_rule", '  direction = "Inbound"', '  access = "Allow"'), []),
    ],
)
def test_an_open_rule_counts_where_a_model_stands_behind_it(text: str, expected: list[str]) -> None:
    assert shown(read(text), EGRESS) == expected


CONFIGURATION = """\
resource "aws_sagemaker_endpoint_configuration" "llm" {
  production_variants {
    model_name             = aws_sagemaker_model.llm.name
    instance_type          = "ml.g5.12xlarge"
    initial_instance_count = 2
  }
  data_capture_config {
    enable_capture     = true
    destination_s3_uri = "s3://captured/llm"
    kms_key_id         = aws_kms_key.k.arn
  }
}
"""


def test_an_endpoint_shows_its_machines_and_what_it_keeps() -> None:
    facts = read(CONFIGURATION + MODEL_RESOURCE)
    found = [fact for fact in facts if fact.subject.startswith("aws_sagemaker_endpoint_configuration")]
    assert shown(found) == [
        "type nvidia-a10g certain 4:30",
        "count 4 certain 4:30",
        "min 2 certain 5:30",
        "rawText True certain 8:26",
        "stores {'name': 's3://captured/llm', 'kind': 'prompts', 'encrypted': True} certain 9:26",
    ]
    assert [fact.workload for fact in found] == ["aws_sagemaker_model.llm"] * 3 + ["", ""]


@pytest.mark.parametrize(
    ("old", "new", "path", "expected"),
    [
        ('"ml.g5.12xlarge"', "var.kind", TYPE, ["type None inconclusive 4:30"]),
        ('"ml.g5.12xlarge"', "null", TYPE, []),
        ("= true", "= false", "spec.data.stores", []),
        ("= true", "= var.c", "spec.data.stores", ["stores None inconclusive 9:26"]),
        ('"s3://captured/llm"', "var.c", "spec.data.stores", ["stores None inconclusive 9:26"]),
        ("production_variants {", "dynamic production_variants {", TYPE, ["type None inconclusive 1:1"]),
        (
            "data_capture_config {",
            "dynamic data_capture_config {",
            "spec.data.stores",
            ["stores None inconclusive 7:3"],
        ),
        ("aws_sagemaker_model.llm.name", '"llm"', "spec.serving.replicas.min", ["min 2 certain 5:30"]),
    ],
)
def test_what_is_not_known_of_an_endpoint_is_left_open(old: str, new: str, path: str, expected: list[str]) -> None:
    assert shown(read(CONFIGURATION.replace(old, new) + MODEL_RESOURCE), path) == expected


def test_scaling_replaces_the_first_count_and_a_canary_is_a_share() -> None:
    text = (
        CONFIGURATION
        + MODEL_RESOURCE
        + """\
resource "aws_appautoscaling_target" "t" {
  service_namespace = "sagemaker"
  min_capacity      = 3
  max_capacity      = 6
}
resource "aws_appautoscaling_target" "other" {
  service_namespace = "ecs"
  min_capacity      = 1
}
resource "aws_sagemaker_endpoint" "llm" {
  deployment_config {
    blue_green_update_policy {
      traffic_routing_configuration {
        type = "CANARY"
        canary_size {
          type  = "CAPACITY_PERCENT"
          value = 10
        }
      }
    }
  }
}
"""
    )
    assert shown(
        read(text), "spec.serving.replicas.min", "spec.serving.replicas.max", "spec.release.canary.percent"
    ) == [
        "min 3 certain 21:23",
        "max 6 certain 22:23",
        "percent 10 certain 35:19",
    ]


def test_variables_of_a_container_are_known_by_the_names_that_its_guide_has() -> None:
    text = """\
resource "aws_sagemaker_model" "llm" {
  container {
    image       = "763104351884.dkr.ecr.us-east-1.amazonaws.com/djl-inference:0.30.0-lmi12.0.0-cu124"
    environment = { HF_REVISION = "abc", TENSOR_PARALLEL_DEGREE = 4 }
  }
}
"""
    assert shown(read(text), "spec.model.revision", "spec.serving.accelerators.tensorParallel") == [
        "revision abc inferred 4:35",
        "tensorParallel 4 inferred 4:67",
    ]


def test_variables_of_a_container_say_what_it_serves() -> None:
    text = f"""\
resource "aws_sagemaker_model" "llm" {{
  container {{
    image          = "vllm/vllm-openai:v0.33.0"
    model_data_url = "s3://weights/llama"
    environment = {{
      OPTION_TRUST_REMOTE_CODE = "true"
      SM_NUM_GPUS              = jsonencode(8)
      HF_MODEL_REVISION        = ""
      HF_TOKEN                 = "{TOKEN}"
      HF_API_TOKEN             = var.token
      NGC_API_KEY              = "changeme"
    }}
  }}
}}
"""
    facts = read(text)
    assert shown(
        facts,
        "spec.model.remoteCode",
        "spec.serving.accelerators.tensorParallel",
        "spec.model.revision",
        STORE,
        "spec.model.weights.uri",
        "spec.serving.engine.version",
    ) == [
        "version 0.33.0 certain 3:22",
        "uri s3://weights/llama certain 4:22",
        "remoteCode True certain 6:34",
        "tensorParallel None inconclusive 7:34",
        "revision None inconclusive 8:34",
        "store none certain 9:34",
        "store None inconclusive 10:34",
        "store None inconclusive 11:34",
    ]
    assert TOKEN not in repr(facts)


def test_variables_that_are_an_expression_leave_the_model_open() -> None:
    text = made("aws_sagemaker_model", "  primary_container { environment = merge(var.a, var.b) }")
    assert shown(read(text), MODEL) == ["id None inconclusive 2:37"]
    text = made("aws_sagemaker_model", "  primary_container = var.container")
    assert shown(read(text), MODEL) == ["id None inconclusive 1:1"]


@pytest.mark.parametrize(
    ("more", "files", "expected"),
    [
        ("", {}, ["id None inconclusive 1:80"]),
        ('variable "m" { default = "a/b" }', {}, ["id a/b inferred 1:80"]),
        ('variable "m" { default = null }', {}, ["id None inconclusive 1:80"]),
        ('variable "m" {\n default = "a/b"\n sensitive = true\n}', {}, ["id None inconclusive 1:80"]),
        ('variable "m" {}', {"infra__x_dot_tfvars": 'm = "c/d"'}, ["id c/d inferred 1:80"]),
        ('variable "m" { default = "a/b" }', {"infra__env__x_dot_tfvars": 'm = "c/d"'}, ["id c/d inferred 1:80"]),
        ("", {"infra__x_dot_tfvars": 'm = "c/d"', "infra__y_dot_tfvars": 'm = "e/f"'}, ["id None inconclusive 1:80"]),
        ("", {"other__x_dot_tfvars": 'm = "c/d"'}, ["id None inconclusive 1:80"]),
        ("", {"root_dot_tf": 'module "x" {\n source = "./infra"\n m = "c/d"\n}'}, ["id c/d inferred 1:80"]),
        ("", {"root_dot_tf": 'module "x" {\n source = "./infra"\n m = var.m\n}'}, ["id None inconclusive 1:80"]),
    ],
)
def test_a_variable_is_what_the_evidence_says_and_no_more(
    more: str, files: dict[str, str], expected: list[str]
) -> None:
    text = 'resource "aws_sagemaker_model" "m" { primary_container { environment = { HF_MODEL_ID = var.m } } }\n'
    text = text.replace("HF_MODEL_ID = var.m", "HF_MODEL_ID = var.m").replace('" {', '" {', 1)
    column = text.index("var.m") + 1
    wanted = [each.replace("1:80", f"1:{column}") for each in expected]
    assert shown(read(text + more + "\n", **files), MODEL) == wanted


def test_locals_are_followed_through_one_another_and_never_for_ever() -> None:
    text = """\
locals {
  org   = "microsoft"
  model = "${local.org}/${local.name}"
  name  = "phi-4"
  loop  = local.pool
  pool  = local.loop
  many  = "${local.wide}${local.wide}"
  wide  = "${local.many}x"
  doubt = "${var.org}/phi-4"
  nodes = [local.nodes2, local.nodes2]
  nodes2 = ["a", "b"]
}
variable "org" { default = "microsoft" }
"""
    model = made("aws_sagemaker_model", "  primary_container { environment = { HF_MODEL_ID = local.model } }")
    assert shown(read(text + model), MODEL) == ["id microsoft/phi-4 certain 15:53"]
    for name, expected in (
        ("loop", "id None inconclusive 15:53"),
        ("many", "id None inconclusive 15:53"),
        ("doubt", "id microsoft/phi-4 inferred 15:53"),
        ("none", "id None inconclusive 15:53"),
    ):
        assert shown(read(text + model.replace("local.model", f"local.{name}")), MODEL) == [expected]


def test_locals_that_grow_without_end_are_left_alone() -> None:
    lines = ['  a0 = "xxxxxxxxxx"', '  l0 = ["x", "y"]']
    lines += [
        f'  a{n} = "${{local.a{n - 1}}}${{local.a{n - 1}}}"\n  l{n} = [local.l{n - 1}, local.l{n - 1}]'
        for n in range(1, 60)
    ]
    text = "locals {\n" + "\n".join(lines) + "\n}\n" + MODEL_RESOURCE.replace('"microsoft/phi-4"', "local.a59")
    text = text.replace('name = "llm"', "name = local.l59")
    started = perf_counter()
    assert [fact.certainty for fact in read(text) if fact.path[-1] == "id"] == ["inconclusive"]
    assert perf_counter() - started < 2


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("count = 0", []),
        ("count = 2", ["certain"]),
        ("count = var.on ? 1 : 0", ["inconclusive"]),
        ("count = var.n", ["inconclusive"]),
        ("for_each = toset([])", ["inconclusive"]),
    ],
)
def test_a_resource_that_may_not_be_there_proves_nothing(line: str, expected: list[str]) -> None:
    text = MODEL_RESOURCE.replace('name = "llm"', line) + 'variable "n" { default = 0 }\n'
    assert [fact.certainty for fact in read(text) if fact.path[-1] == "hosting"] == expected


def test_a_resource_that_is_overridden_proves_nothing() -> None:
    facts = read(MODEL_RESOURCE, infra__override_dot_tf=MODEL_RESOURCE.replace("phi-4", "phi-3"))
    assert {fact.certainty for fact in facts} == {"inconclusive"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["location None inconclusive 1:1"]),
        ('provider "aws" { region = "eu-west-1" }\n', ["location {'region': 'aws:eu-west-1'} certain 7:27"]),
        ('provider "aws" { region = var.r }\n', ["location None inconclusive 7:27"]),
        (
            'provider "aws" { region = var.r }\nvariable "r" { default = "eu-west-1" }\n',
            ["location {'region': 'aws:eu-west-1'} inferred 7:27"],
        ),
        ('provider "aws" { region = "moon-1" }\n', ["location None inconclusive 7:27"]),
        ('provider "aws" {}\n', ["location None inconclusive 1:1"]),
        (
            'provider "aws" { region = "eu-west-1" }\nprovider "aws" { region = "us-east-1" }\n',
            ["location None inconclusive 1:1"],
        ),
    ],
)
def test_the_region_is_that_of_the_provider(text: str, expected: list[str]) -> None:
    assert shown(read(MODEL_RESOURCE + text), LOCATION) == expected


def test_a_provider_with_an_alias_counts_for_those_that_name_it() -> None:
    text = PROVIDER + 'provider "aws" {\n  alias = "us"\n  region = "us-east-1"\n}\n'
    facts = read(text + MODEL_RESOURCE.replace('name = "llm"', "provider = aws.us"))
    assert shown(facts, LOCATION) == ["location {'region': 'aws:us-east-1'} certain 4:12"]


GUARDRAIL = """\
resource "aws_bedrock_guardrail" "g" {
  name = "front"
  content_policy_config {
    filters_config {
      type            = "PROMPT_ATTACK"
      input_strength  = "HIGH"
      output_strength = "NONE"
    }
    filters_config {
      type            = "HATE"
      input_strength  = "LOW"
      output_strength = "HIGH"
    }
  }
  topic_policy_config {
    topics_config {
      name = "money"
      type = "DENY"
    }
  }
}
resource "aws_bedrockagent_agent" "a" {
  foundation_model = "meta.llama3-3-70b-instruct-v1:0"
  guardrail_configuration { guardrail_identifier = aws_bedrock_guardrail.g.guardrail_id }
}
"""


def guards(text: str, **files: str) -> dict[str, tuple[JsonValue, str]]:
    return {
        str(fact.path[1]): (fact.value, fact.certainty) for fact in read(text, **files) if fact.path[-1] == "guards"
    }


def test_a_guardrail_guards_what_its_strengths_say() -> None:
    front = {"name": "front", "model": "bedrock-guardrails"}
    acts = {"action": "block", "onPath": True}
    assert guards(GUARDRAIL) == {
        "inputs": (
            {**front, "detects": ["injection", "jailbreak", "out-of-scope", "unsafe-content"], **acts},
            "certain",
        ),
        "outputs": ({**front, "detects": ["out-of-scope", "unsafe-content"], **acts}, "certain"),
    }


@pytest.mark.parametrize(
    ("old", "new", "inputs"),
    [
        ('input_strength  = "HIGH"', 'input_strength  = "NONE"', ["out-of-scope", "unsafe-content"]),
        ('input_strength  = "HIGH"', "", ["out-of-scope", "unsafe-content"]),
        (
            'input_strength  = "HIGH"',
            'input_strength  = "HIGH"\n      input_enabled = false',
            ["out-of-scope", "unsafe-content"],
        ),
        (
            'input_strength  = "HIGH"',
            'input_strength  = "HIGH"\n      input_action = "NONE"',
            ["out-of-scope", "unsafe-content"],
        ),
        ('"PROMPT_ATTACK"', '"UNHEARD_OF"', ["out-of-scope", "unsafe-content"]),
    ],
)
def test_a_filter_that_is_off_detects_nothing(old: str, new: str, inputs: list[str]) -> None:
    value, certainty = guards(GUARDRAIL.replace(old, new, 1))["inputs"]
    assert isinstance(value, dict)
    assert (value["detects"], certainty) == (inputs, "certain")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"HIGH"\n      output', "var.s\n      output"),
        (
            "  content_policy_config {\n",
            "  content_policy_config {\n    tier = 1\n  }\n  dynamic content_policy_config {\n",
        ),
        ('"PROMPT_ATTACK"', "var.t"),
        ("topics_config {", "dynamic topics_config {"),
    ],
)
def test_a_filter_that_is_not_known_leaves_the_guard_open(old: str, new: str) -> None:
    value, certainty = guards(GUARDRAIL.replace(old, new, 1))["inputs"]
    assert (value, certainty) == (None, "inconclusive")


def test_a_guardrail_with_a_default_for_its_strength_is_inferred_and_one_without_an_agent_not_on_the_path() -> None:
    text = GUARDRAIL.replace('"HIGH"\n      output', "var.s\n      output", 1)
    found, certainty = guards(text + 'variable "s" { default = "HIGH" }\n')["inputs"]
    assert certainty == "inferred"
    alone, _ = guards(text.partition('resource "aws_bedrockagent')[0].replace("var.s", '"HIGH"'))["inputs"]
    assert isinstance(found, dict)
    assert isinstance(alone, dict)
    assert ("onPath" in found, "onPath" in alone) == (True, False)


def test_an_agent_without_the_guardrail_goes_past_it() -> None:
    past, certainty = guards(GUARDRAIL.replace("guardrail_configuration {", "other {"))["inputs"]
    other = read(GUARDRAIL.replace("aws_bedrock_guardrail.g.guardrail_id", '"abc"'))
    (unknown,) = [fact.value for fact in other if fact.path[1:] == ("inputs", "guards") and fact.item]
    second = GUARDRAIL + made("aws_bedrockagent_agent", "  count = var.n", '  foundation_model = "a.b"')
    maybe, _ = guards(second)["inputs"]
    assert isinstance(past, dict)
    assert isinstance(unknown, dict)
    assert isinstance(maybe, dict)
    assert (past["onPath"], certainty) == (False, "certain")
    assert ("onPath" in unknown, "onPath" in maybe) == (False, False)


def test_a_module_that_is_called_on_a_condition_proves_nothing() -> None:
    call = 'module "x" {\n  source = "./infra"\n  count = var.n\n}\n'
    assert {fact.certainty for fact in read(MODEL_RESOURCE, root_dot_tf=call)} == {"inconclusive"}
    both = call + call.replace("  count = var.n\n", "").replace('"x"', '"y"')
    assert "certain" in {fact.certainty for fact in read(MODEL_RESOURCE, root_dot_tf=both)}


def test_an_address_of_weights_is_no_model() -> None:
    text = MODEL_RESOURCE.replace("microsoft/phi-4", "s3://weights/phi-4")
    assert shown(read(text), MODEL, "spec.model.weights.uri") == [
        "uri s3://weights/phi-4 certain 4:35",
        "id None inconclusive 4:35",
    ]


def test_what_is_safe_by_a_variable_holds_if_the_image_heeds_it() -> None:
    text = MODEL_RESOURCE.replace('"microsoft/phi-4"', '"a/b", HF_MODEL_TRUST_REMOTE_CODE = "false"')
    assert shown(read(text), "spec.model.remoteCode") == ["remoteCode False inferred 4:71"]


def test_personal_data_are_blocked_or_redacted_and_attributes_count_as_blocks_do() -> None:
    text = """\
resource "awscc_bedrock_guardrail" "g" {
  name = var.name
  sensitive_information_policy_config = {
    pii_entities_config = [{ type = "NAME", action = "ANONYMIZE" }]
    regexes_config = [{ name = "n", pattern = "x", action = "ANONYMIZE" }]
  }
}
"""
    assert guards(text)["inputs"] == (
        {"name": "awscc_bedrock_guardrail.g", "model": "bedrock-guardrails", "detects": ["pii"], "action": "redact"},
        "certain",
    )
    more = (
        "word_policy_config = {",
        '    words_config = [{ text = "x" }]',
        '    managed_word_lists_config = [{ type = "PROFANITY" }]',
        "  }",
        "  sensitive_information_policy_config",
    )
    words = text.replace("sensitive_information_policy_config", "\n".join(more))
    mixed, _ = guards(words)["outputs"]
    assert mixed == {"name": "awscc_bedrock_guardrail.g", "model": "bedrock-guardrails", "detects": ["pii", "toxicity"]}
    grounding = made(
        "aws_bedrock_guardrail",
        ' name = "g"',
        " contextual_grounding_policy_config {",
        "  filters_config {",
        '   type = "GROUNDING"',
        "   threshold = 0.7",
        "  }",
        " }",
    )
    assert list(guards(grounding)) == ["outputs"]


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (
            '"meta.llama3-3-70b-instruct-v1:0"',
            ["id meta.llama3-3-70b-instruct-v1:0 certain 3:22", "location {'region': 'aws:eu-central-1'} certain 1:27"],
        ),
        (
            '"eu.anthropic.claude-sonnet-4-6"',
            ["id eu.anthropic.claude-sonnet-4-6 certain 3:22", "location None inconclusive 3:22"],
        ),
        (
            '"arn:aws:bedrock:eu-central-1::foundation-model/mistral.mistral-large"',
            ["id mistral.mistral-large certain 3:22", "location {'region': 'aws:eu-central-1'} certain 1:27"],
        ),
        ("var.m", ["id None inconclusive 3:22", "location {'region': 'aws:eu-central-1'} certain 1:27"]),
    ],
)
def test_an_agent_asks_a_model_in_its_region_unless_a_profile_chooses(model: str, expected: list[str]) -> None:
    lines = (f"  foundation_model = {model}", "  guardrail_configuration {}")
    text = PROVIDER + made("aws_bedrockagent_agent", *lines)
    facts = read(text)
    assert sorted(shown(facts, MODEL, LOCATION)) == sorted(expected)
    assert len(reasons(facts, "spec.inputs.guards")) == 1


def test_provisioned_throughput_is_of_a_model() -> None:
    text = made(
        "aws_bedrock_provisioned_model_throughput", '  model_arn = "arn:aws:bedrock:eu-central-1::foundation-model/a.b"'
    )
    assert shown(read(text), MODEL) == ["id a.b certain 2:15"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            's3_config { bucket_name = "prompts" }',
            ["rawText True certain 1:1", "stores {'name': 'prompts', 'kind': 'prompts'} certain 3:31"],
        ),
        (
            'cloudwatch_config { log_group_name = "/llm" }',
            [
                "rawText True certain 1:1",
                "stores {'name': '/llm', 'kind': 'prompts'} certain 3:42",
                "exports {'name': '/llm', 'kind': 'cloudwatch', 'carries': ['prompts', 'responses']} certain 3:42",
            ],
        ),
        ("text_data_delivery_enabled = false", []),
        ("text_data_delivery_enabled = var.t", ["rawText None inconclusive 3:34"]),
        ("s3_config { bucket_name = var.b }", ["rawText True certain 1:1", "stores None inconclusive 3:31"]),
    ],
)
def test_the_log_of_invocations_keeps_prompts(lines: str, expected: list[str]) -> None:
    text = made("aws_bedrock_model_invocation_logging_configuration", "  logging_config {", f"    {lines}", "  }")
    assert shown(read(text)) == expected


def test_the_log_of_invocations_may_be_an_expression() -> None:
    text = made("aws_bedrock_model_invocation_logging_configuration", "  logging_config = var.l")
    assert shown(read(text)) == ["stores None inconclusive 2:20"]


KNOWLEDGE = """\
resource "aws_bedrockagent_knowledge_base" "k" {
  name = "docs"
  knowledge_base_configuration {
    vector_knowledge_base_configuration {
      embedding_model_arn = "arn:aws:bedrock:eu-central-1::foundation-model/amazon.titan-embed"
    }
  }
  storage_configuration {
    type = "PINECONE"
    pinecone_configuration { connection_string = "https://x" }
  }
}
"""


def test_a_knowledge_base_is_a_store_and_has_embeddings_made() -> None:
    assert shown(read(KNOWLEDGE)) == [
        "stores {'name': 'docs', 'kind': 'vector-store', 'hosting': 'third-party'} certain 1:1",
        "otherFlows {'name': 'amazon.titan-embed', 'kind': 'embedding'} certain 5:29",
    ]
    changed = KNOWLEDGE.replace('"PINECONE"', "var.t").replace(
        '"arn:aws:bedrock:eu-central-1::foundation-model/amazon.titan-embed"', "var.e"
    )
    assert shown(read(changed)) == ["otherFlows None inconclusive 5:29", "stores None inconclusive 9:12"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            made("google_vertex_ai_endpoint", '  location = "europe-west4"', "  network = var.n"),
            [
                "platform vertex-ai certain 1:1",
                "hosting cloud-managed certain 1:1",
                "location {'region': 'gcp:europe-west4'} certain 2:14",
                "exposure private inferred 3:3",
            ],
        ),
        (
            'resource "google_vertex_ai_endpoint" "e" {\n  location = "eu"\n}\n',
            [
                "platform vertex-ai certain 1:1",
                "hosting cloud-managed certain 1:1",
                "exposure public inferred 1:1",
                "location None inconclusive 2:14",
            ],
        ),
        (
            made(
                "azurerm_cognitive_account",
                '  kind = "OpenAI"',
                '  location = "West Europe"',
                "  public_network_access_enabled = true",
            ),
            ["location {'region': 'azure:westeurope'} certain 3:14", "exposure public certain 4:35"],
        ),
        (
            made(
                "azurerm_cognitive_account",
                '  kind = "OpenAI"',
                '  location = "West Europe"',
                "  public_network_access_enabled = var.p",
            ),
            ["location {'region': 'azure:westeurope'} certain 3:14", "exposure None inconclusive 4:35"],
        ),
        (
            made("azurerm_cognitive_account", '  kind = "OpenAI"', '  location = "westeurope"'),
            ["location {'region': 'azure:westeurope'} certain 3:14"],
        ),
        (made("azurerm_cognitive_account", '  kind = "Face"', '  location = "West Europe"'), []),
        (
            made(
                "azurerm_cognitive_deployment",
                "  model {",
                '    name = "gpt-4o"',
                '    version = "2024-08-06"',
                "  }",
                '  sku { name = "DataZoneStandard" }',
            ),
            [
                "hosting provider-hosted certain 1:1",
                "id gpt-4o certain 3:12",
                "version 2024-08-06 certain 4:15",
                "location None inconclusive 6:16",
            ],
        ),
        (
            made("azurerm_cognitive_deployment", '  model { name = "gpt-4o" }', '  sku { name = "Standard" }'),
            ["hosting provider-hosted certain 1:1", "location None inconclusive 1:1", "id gpt-4o certain 2:18"],
        ),
        (
            made("azurerm_cognitive_deployment", '  model { name = "gpt-4o" }', "  sku { name = var.s }"),
            ["hosting provider-hosted certain 1:1", "id gpt-4o certain 2:18", "location None inconclusive 3:16"],
        ),
        (
            made("aws_vpc_endpoint", '  service_name = "com.amazonaws.eu-central-1.bedrock-runtime"'),
            ["exposure private inferred 2:18"],
        ),
        (made("aws_vpc_endpoint", '  service_name = "com.amazonaws.eu-central-1.s3"'), []),
        (
            made("aws_eks_node_group", '  instance_types = ["g6.12xlarge", "t3.large"]', '  capacity_type = "SPOT"'),
            [
                "hosting self-managed-kubernetes inferred 1:1",
                "platform eks inferred 1:1",
                "location None inconclusive 1:1",
                "type nvidia-l4 inferred 2:21",
                "purchase spot inferred 3:19",
            ],
        ),
        (made("aws_eks_node_group", '  instance_types = ["t3.large"]'), []),
        (
            made("azurerm_kubernetes_cluster_node_pool", "  vm_size = var.size"),
            [
                "hosting self-managed-kubernetes inferred 1:1",
                "platform aks inferred 1:1",
                "type None inconclusive 2:13",
            ],
        ),
        (
            made(
                "google_container_node_pool",
                "  node_config {",
                "    spot = true",
                '    guest_accelerator { type = "nvidia-l4" }',
                "  }",
            ),
            [
                "hosting self-managed-kubernetes inferred 1:1",
                "platform gke inferred 1:1",
                "purchase spot inferred 3:12",
                "type nvidia-l4 inferred 4:32",
            ],
        ),
    ],
)
def test_what_each_kind_of_resource_shows(text: str, expected: list[str]) -> None:
    assert shown(read(text)) == expected


GARDEN = """\
resource "google_vertex_ai_endpoint_with_model_garden_deployment" "d" {
  location = "us-central1"
  publisher_model_name = "publishers/google/models/gemma3@gemma-3-27b-it"
  deploy_config {
    dedicated_resources {
      min_replica_count = 1
      machine_spec {
        machine_type = "g2-standard-24"
        accelerator_type = "NVIDIA_L4"
        accelerator_count = 2
      }
    }
  }
}
"""


def test_a_model_of_the_garden_has_machines_of_its_own() -> None:
    paths = (MODEL, TYPE, "spec.serving.accelerators.count", "spec.serving.replicas.min")
    assert shown(read(GARDEN), *paths) == [
        "id gemma-3-27b-it inferred 3:26",
        "min 1 certain 6:27",
        "type nvidia-l4 certain 9:28",
        "count 2 certain 10:29",
    ]
    machine = "\n".join(line for line in GARDEN.splitlines() if "accelerator_" not in line) + "\n"
    assert shown(read(machine), TYPE) == ["type nvidia-l4 certain 8:24"]
    hub = GARDEN.replace(
        'publisher_model_name = "publishers/google/models/gemma3@gemma-3-27b-it"', 'hugging_face_model_id = "a/b"'
    )
    assert shown(read(hub), MODEL) == ["id a/b certain 3:27"]
    assert shown(
        read(hub.replace("hugging_face_model_id", "publisher_model_name").replace('"a/b"', "var.m")), MODEL
    ) == ["id None inconclusive 3:26"]
    opened = GARDEN.replace("dedicated_resources {", "dynamic dedicated_resources {")
    assert shown(read(opened), "spec.serving.accelerators.count") == ["count None inconclusive 5:5"]


RELEASE = """\
resource "helm_release" "vllm" {
  name  = "vllm"
  chart = "vllm-stack"
  values = [<<-EOF
    image: {repository: vllm/vllm-openai, tag: v0.33.0}
    args: [--model=microsoft/phi-4, --trust-remote-code]
    resources: {limits: {nvidia.com/gpu: 1}}
  EOF
  ]
  set {
    name  = "image.tag"
    value = "v0.20.0"
  }
}
"""
NAMING = {("model", "id"), ("engine", "image")}
VALUES = "image: {repository: vllm/vllm-openai, tag: v0.33.0}\nargs: [--model=microsoft/phi-4]\nresources: {}\n"


def test_a_release_says_what_its_values_say() -> None:
    facts = read(RELEASE)
    assert shown(facts, MODEL, "spec.model.remoteCode", "spec.serving.engine.version") == [
        "id microsoft/phi-4 inferred 6:12",
        "remoteCode True inferred 6:37",
        "version 0.20.0 inferred 12:13",
    ]
    assert {fact.workload for fact in facts} == {"helm_release.vllm"}


@pytest.mark.parametrize(
    ("values", "certainty"),
    [
        ('[file("${path.module}/values.yaml")]', "inferred"),
        ('["${file("${path.module}/values.yaml")}"]', "inferred"),
        ('[file("values.yaml"), file("gone.yaml")]', "inconclusive"),
        ('[file("gone.yaml")]', "inconclusive"),
        ('[templatefile("values.yaml", {})]', "inconclusive"),
        ("[data.template_file.v.rendered]", "inconclusive"),
        ("var.values", "inconclusive"),
        ('["just a text", file("values.yaml")]', "inconclusive"),
        ('[1, file("values.yaml")]', "inconclusive"),
        ('[": : :", file("values.yaml")]', "inconclusive"),
    ],
)
def test_values_in_a_file_are_followed_where_it_is_there(values: str, certainty: str) -> None:
    (document,) = source.read(VALUES.encode(), file="infra/values.yaml")
    text = f'resource "helm_release" "vllm" {{\n  chart = "vllm-stack"\n  values = {values}\n}}\n'
    assert {fact.certainty for fact in read(text, document) if fact.path[-2:] in NAMING} == {certainty}


def test_a_setting_that_nobody_can_place_leaves_the_release_open() -> None:
    for line in ('name = "image[0].tag"', "name = var.n"):
        facts = read(RELEASE.replace('name  = "image.tag"', line))
        assert {fact.certainty for fact in facts} == {"inconclusive"}
    assert read(RELEASE.replace("vllm", "web").replace("values = [", "nothing = [")) == []


def test_objects_of_kubernetes_are_read_where_they_stand() -> None:
    text = """\
resource "kubernetes_manifest" "d" {
  manifest = {
    apiVersion = "apps/v1"
    kind = "Deployment"
    metadata = { name = "vllm" }
    spec = { selector = {}, template = { spec = { containers = [{ name = "vllm", image = "vllm/vllm-openai:v0.33.0",
      args = ["--model=microsoft/phi-4", "--trust-remote-code"] }] } } }
  }
}
resource "kubectl_manifest" "d" {
  yaml_body = <<YAML
apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {containers: [{name: vllm, image: "vllm/vllm-openai:v0.33.0", args: [--model=a/b]}]}
YAML
}
resource "kubectl_manifest" "vllm" { yaml_body = file("x.yaml") }
"""
    assert shown(read(text), MODEL, "spec.model.remoteCode") == [
        "id microsoft/phi-4 certain 7:15",
        "remoteCode True certain 7:42",
        "remoteCode False certain 15:76",
        "id a/b certain 15:76",
        "id None inconclusive 18:50",
    ]


@pytest.mark.parametrize(
    ("kind", "spec", "expected"),
    [
        ("kubernetes_deployment", 'template { spec { container { image = "vllm/vllm-openai:v0.33.0" } } }', 2),
        ("kubernetes_pod_v1", 'container { image = "vllm/vllm-openai:v0.33.0" }', 2),
        ("kubernetes_deployment_v1", "template { spec { container { image = var.image } } }", 2),
        ("kubernetes_deployment", 'template { spec { container { image = "nginx:1" } } }', 0),
        ("kubernetes_job", "template = var.t", 0),
    ],
)
def test_a_workload_in_hcl_is_no_silence(kind: str, spec: str, expected: int) -> None:
    facts = read(f'resource "{kind}" "vllm" {{\n  spec {{ {spec} }}\n}}\n')
    assert [".".join(map(str, fact.path)) for fact in facts] == ["spec.serving.engine.image", MODEL][:expected]
    assert all(fact.certainty == "inconclusive" for fact in facts if fact.path[-1] == "id")


def test_secrets_in_a_configuration_are_seen_and_never_shown() -> None:
    text = f"""\
variable "hf_token" {{
  default = "{TOKEN}"
}}
module "x" {{
  source       = "acme/llm/aws"
  hf_api_token = "hunter2hunter2"
  api_key      = "<key>"
  password     = ""
  db_password  = var.p
  hf_model_id  = "a/b"
  list         = ["{TOKEN}"]
}}
"""
    facts = read(text)
    assert shown(facts) == [
        "store none certain 2:13",
        "store none inferred 6:18",
        "store None inconclusive 7:18",
        "id None inconclusive 10:18",
        "store none certain 11:19",
    ]
    assert TOKEN not in repr(facts)
    assert "hunter2" not in repr(facts)


def test_values_of_variables_may_be_secrets_too() -> None:
    assert shown(read("", infra__x_dot_tfvars=f'hf_token = "{TOKEN}"\n')) == ["store none certain 1:12"]


def plan(*resources: JsonValue, **more: JsonValue) -> source.Document:
    data = {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": list(resources)}},
        **more,
    }
    (document,) = source.read(json.dumps(data, indent=1).encode(), file="plan.json")
    return document


def planned(document: source.Document, *more: source.Document) -> list[Fact]:
    assert terraform.reads(document)
    return list(terraform.facts(document, Project((document, *more))))


def resource(kind: str, values: JsonValue, name: str = "llm", **more: JsonValue) -> JsonValue:
    address = f"{kind}.{name}"
    return {"address": address, "mode": "managed", "type": kind, "name": name, "values": values, **more}


SERVED: JsonValue = {
    "name": "llm",
    "enable_network_isolation": None,
    "vpc_config": [],
    "primary_container": [{"image": None, "environment": {"HF_MODEL_ID": "microsoft/phi-4", "HF_TOKEN": TOKEN}}],
}


def test_a_plan_says_what_will_be_there() -> None:
    configuration: JsonValue = {
        "provider_config": {"aws": {"expressions": {"region": {"references": ["var.region"]}}}},
        "root_module": {
            "resources": [
                {"address": "aws_sagemaker_model.llm", "provider_config_key": "aws", "expressions": {}},
                {
                    "address": "aws_sagemaker_endpoint_configuration.llm",
                    "provider_config_key": "aws",
                    "expressions": {
                        "production_variants": [{"model_name": {"references": ["aws_sagemaker_model.llm.name"]}}]
                    },
                },
            ]
        },
    }
    changes: JsonValue = [
        {
            "address": "aws_sagemaker_endpoint_configuration.llm",
            "change": {
                "after_unknown": {"production_variants": [{"model_name": True}], "arn": True, "kms": {"x": False}}
            },
        }
    ]
    variants: JsonValue = {"production_variants": [{"instance_type": "ml.p5.48xlarge", "initial_instance_count": 2}]}
    document = plan(
        resource(
            "aws_sagemaker_model", SERVED, sensitive_values={"primary_container": [{"environment": {"HF_TOKEN": True}}]}
        ),
        resource("aws_sagemaker_endpoint_configuration", variants),
        {"address": "data.x.y", "mode": "data", "type": "x", "name": "y", "values": {}},
        resource_changes=changes,
        configuration=configuration,
        variables={"region": {"value": "eu-central-1"}},
    )
    facts = planned(document)
    assert [each.rpartition(" ")[0] for each in shown(facts)] == [
        "hosting cloud-managed certain",
        "platform sagemaker certain",
        "location {'region': 'aws:eu-central-1'} certain",
        "id microsoft/phi-4 certain",
        "store None inconclusive",
        "default allow certain",
        "type nvidia-h100-80gb certain",
        "count 8 certain",
        "min 2 certain",
    ]
    assert {fact.workload for fact in facts} == {"aws_sagemaker_model.llm"}
    assert TOKEN not in repr(facts)
    lines = source.plain(document.root)
    assert isinstance(lines, dict)


def test_what_is_known_after_apply_is_open() -> None:
    changes: JsonValue = [
        {"address": "aws_sagemaker_model.llm", "change": {"after_unknown": {"enable_network_isolation": True}}}
    ]
    facts = planned(plan(resource("aws_sagemaker_model", SERVED), resource_changes=changes))
    assert [each.split()[:3] for each in shown(facts, EGRESS)] == [["default", "None", "inconclusive"]]


def test_modules_of_a_plan_are_walked_and_their_regions_found() -> None:
    inner: JsonValue = {
        "address": 'module.llm["a"]',
        "resources": [resource("aws_sagemaker_model", SERVED)],
        "child_modules": [None, {"address": "module.llm.module.x", "resources": [None, {"mode": "managed"}]}],
    }
    configuration: JsonValue = {
        "provider_config": {
            "aws": {"expressions": {"region": {"constant_value": "eu-west-1"}}},
            "google": {"expressions": {"region": {"references": ["local.x"]}}},
        },
        "root_module": {
            "module_calls": {
                "llm": {
                    "module": {
                        "resources": [{"address": "aws_sagemaker_model.llm", "provider_config_key": "module.llm:aws"}]
                    }
                }
            }
        },
    }
    document = plan(planned_values={"root_module": {"child_modules": [inner]}}, configuration=configuration)
    assert [each.split(" certain")[0] for each in shown(planned(document), LOCATION)] == [
        "location {'region': 'aws:eu-west-1'}"
    ]


def test_a_plan_of_a_format_that_is_not_known_decides_nothing() -> None:
    facts = planned(plan(resource("aws_sagemaker_model", SERVED), format_version="2.0"))
    assert [(fact.certainty, fact.path[-1]) for fact in facts] == [("inconclusive", "hosting")]


def test_a_plan_decides_what_the_configuration_leaves_open_and_hides_nothing_that_it_says() -> None:
    text = MODEL_RESOURCE.replace('"microsoft/phi-4"', "var.m").replace(
        'name = "llm"', "enable_network_isolation = true"
    )
    assert shown(read(text, plan(resource("aws_sagemaker_model", SERVED)))) == [
        "hosting cloud-managed certain 1:1",
        "platform sagemaker certain 1:1",
        "default deny certain 2:30",
    ]


@pytest.mark.parametrize(
    "data",
    [
        {"planned_values": None},
        {"planned_values": {"root_module": {"resources": [1, None, {"mode": "managed", "address": 1, "values": {}}]}}},
        {"planned_values": {"root_module": []}, "configuration": [], "resource_changes": {}},
        {
            "values": {
                "root_module": {
                    "resources": [resource("aws_sagemaker_model", {"primary_container": "x", "vpc_config": 1})]
                }
            }
        },
        {
            "planned_values": {
                "root_module": {"resources": [resource("aws_bedrock_guardrail", {"content_policy_config": [None, 3]})]}
            }
        },
        {
            "planned_values": {
                "root_module": {"resources": [resource("aws_security_group", {"egress": [{"cidr_blocks": {"a": 1}}]})]}
            },
            "resource_changes": [{"address": "aws_security_group.llm", "change": {"after_unknown": True}}],
        },
    ],
)
def test_no_plan_makes_it_raise(data: dict[str, JsonValue]) -> None:
    content = json.dumps({"format_version": "1.0", "terraform_version": "1", **data}).encode()
    for document in source.read(content, file="plan.json"):
        if terraform.reads(document):
            assert isinstance(list(terraform.facts(document, Project((document,)))), list)


def test_every_kind_of_resource_bears_values_of_any_type() -> None:
    from psfpolicy.evidence.terraform.kinds import READS  # noqa: PLC0415

    keys = {
        key for name in ("bedrock", "machines", "managed", "network", "releases", "sagemaker") for key in _keys(name)
    }
    for value in (
        "null",
        "1",
        '""',
        "[]",
        "{}",
        "[null]",
        "[{}]",
        "[[1]]",
        "var.x",
        '"${var.x}"',
        "true",
        "{ a = { b = [1] } }",
    ):
        body = "\n".join(f"  {key} = {value}" for key in sorted(keys))
        text = "\n".join(f'resource "{kind}" "x" {{\n{body}\n}}' for kind in READS)
        assert isinstance(read(text), list)


def _keys(name: str) -> set[str]:
    import re  # noqa: PLC0415

    folder = Path(terraform.__file__).parents[1] / "terraform"
    return set(
        re.findall(
            r'"([a-z]+(?:_[a-z0-9]+)+|values|set|image|type|name|region|location|kind|spec|egress)"',
            (folder / f"{name}.py").read_text(),
        )
    )
