"""Secrets and keys of providers in manifests of any kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy import source
from psfpolicy.evidence.files import Manifest
from psfpolicy.evidence.hiding import concealed, without_twins
from psfpolicy.evidence.plain import is_plain
from psfpolicy.evidence.project import Project
from psfpolicy.evidence.readers import kubernetes, secrets
from psfpolicy.source import Text, masked

if TYPE_CHECKING:
    from psfpolicy.model.fact import Fact

FILE = "k8s/app.yaml"
TOKEN = "hf_" + "a1B2c3D4e5" * 4
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: app, namespace: llm}
spec:
  template:
    spec:
      containers:
        - name: app
          env:
"""


def facts_of(written: str) -> list[Fact]:
    documents = source.read(written.encode(), file=FILE)
    project = Project(documents)
    return [fact for each in documents if secrets.reads(each) for fact in secrets.facts(each, project)]


def said(written: str) -> list[tuple[object, ...]]:
    return [
        (
            ".".join(map(str, fact.path)),
            fact.value,
            fact.certainty,
            f"{fact.place.region.start_line}:{fact.place.region.start_column}",
            fact.shown,
        )
        for fact in facts_of(written)
    ]


CONTAINER = "spec.template.spec.containers.0"
STORE = "spec.security.secrets.store"


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ("{name: ADMIN_PASSWORD, value: hunter2}", [(STORE, "none", "certain", "10:45", "ADMIN_PASSWORD=…")]),
        ("{name: HF_TOKEN, value: <secret>}", [(STORE, None, "inconclusive", "10:39", "HF_TOKEN=…")]),
        ("{name: HF_TOKEN, value: REPLACE_ME}", [(STORE, None, "inconclusive", "10:39", "HF_TOKEN=…")]),
        ("{name: HF_TOKEN, value: changeme}", [(STORE, None, "inconclusive", "10:39", "HF_TOKEN=…")]),
        ("{name: HF_TOKEN, value: '${HF_TOKEN}'}", [(STORE, None, "inconclusive", "10:39", "HF_TOKEN=…")]),
        ("{name: HF_TOKEN, value: ''}", []),
        ("{name: HF_TOKEN}", []),
        ("{name: HF_TOKEN, value: null}", []),
        ("{name: HF_TOKEN, value: [a]}", []),
        ("{name: DB_PASSWORD, value: /run/secrets/db}", []),
        ("{name: A_API_KEY, value: os.environ/A}", []),
        ("{name: A_API_KEY, value: 'ENC[AES256_GCM,data:x]'}", []),
        ("{name: A_API_KEY, valueFrom: {secretKeyRef: {name: s, key: k}}}", []),
        ("{name: MAX_TOKENS, value: '4096'}", []),
        (f"{{name: ANYTHING, value: {TOKEN}}}", [(STORE, "none", "certain", "10:39", f"{CONTAINER}.env.0.value")]),
    ],
)
def test_a_variable_that_is_a_secret_is_one_where_it_stands_as_it_is(
    variable: str, expected: list[tuple[object, ...]]
) -> None:
    assert said(f"{DEPLOYMENT}            - {variable}\n") == expected


PARTIES = "spec.parties"
OPENAI = {"id": "openai", "name": "OpenAI"}


def test_a_key_of_a_provider_says_who_is_dealt_with() -> None:
    reference = "{name: OPENAI_API_KEY, valueFrom: {secretKeyRef: {name: s, key: k}}}"
    (fact,) = facts_of(f"{DEPLOYMENT}            - {reference}\n")
    assert (fact.path, fact.value, fact.item, fact.certainty) == (("spec", "parties"), OPENAI, True, "inferred")
    assert (fact.place.region.start_line, fact.shown, fact.subject) == (10, "OPENAI_API_KEY", "Deployment llm/app")
    assert fact.workload == ""


@pytest.mark.parametrize(
    "variables",
    [
        ("{name: OPENAI_API_KEY, value: EMPTY}",),
        ("{name: OPENAI_API_KEY, value: ''}",),
        ("{name: OPENAI_API_KEY, valueFrom: {}}", "{name: OPENAI_BASE_URL, value: 'http://vllm:8000/v1'}"),
        ("{name: REPLICATE_API_KEY, valueFrom: {}}", "{name: REPLICATE_API_BASE, value: 'http://own:8000'}"),
        ("{name: TOGETHERAI_API_KEY, valueFrom: {}}", "{name: TOGETHER_AI_API_BASE, value: 'http://own:8000'}"),
        ("{name: XAI_API_KEY, valueFrom: {}}", "{name: XAI_API_BASE, value: 'http://own:8000'}"),
        ("{name: OPENAI_KEY, value: x}",),
    ],
)
def test_a_client_of_another_endpoint_deals_with_no_provider(variables: tuple[str, ...]) -> None:
    lines = "".join(f"            - {variable}\n" for variable in variables)
    assert [fact for fact in facts_of(DEPLOYMENT + lines) if fact.path == ("spec", "parties")] == []


@pytest.mark.parametrize("beside", ["value: 'https://api.OpenAI.com/v1'", "valueFrom: {}", "value: ''"])
def test_a_base_url_that_is_the_providers_or_not_known_changes_nothing(beside: str) -> None:
    lines = (
        f"            - {{name: OPENAI_API_KEY, valueFrom: {{}}}}\n            - {{name: OPENAI_BASE_URL, {beside}}}\n"
    )
    assert [fact.value for fact in facts_of(DEPLOYMENT + lines)] == [OPENAI]


def test_a_secret_in_a_script_is_one_beside_what_another_reader_leaves_open() -> None:
    script = f"args: [sh, -c, 'HF={TOKEN} vllm serve a/b --api-key $KEY']"
    _, found = all_facts(SERVER.replace("args: [--model=a/b, --api-key, plainly-here]", script))
    shown = [(fact.reader, fact.certainty) for fact in found if ".".join(map(str, fact.path)) == STORE]
    assert ("secrets", "certain") in shown


def test_variables_of_compose_and_of_config_maps_are_read() -> None:
    listed = "services:\n  a:\n    environment:\n      - X_API_KEY=secretly\n      - ALONE\n"
    compose = f"{listed}  b:\n    environment: {{Y_PASSWORD: hidden, Z: 1}}\n"
    assert [line for *_, line, _ in said(compose)] == ["4:9", "7:31"]
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {X_API_KEY: secretly}\n"
    assert [line for *_, line, _ in said(config)] == ["4:19"]
    inside = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, data: {X_API_KEY: secretly}}\n"
    assert [line for *_, line, _ in said(inside)] == ["4:55"]


@pytest.mark.parametrize("kind", ["Secret", "SealedSecret", "ExternalSecret"])
def test_what_keeps_secrets_is_left_to_its_own_reader(kind: str) -> None:
    assert said(f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: s}}\ndata: {{X_API_KEY: AgBy3i4OJSWK}}\n") == []


@pytest.mark.parametrize(
    "written", ["null\n", "[]\n", "env: 3\n", "env: [null, [x], {name: [a]}, {name: A_PASSWORD}]\n", "{}\n"]
)
def test_nothing_is_read_from_what_is_no_variable(written: str) -> None:
    assert said(written) == []


def test_a_secret_that_comes_through_an_alias_is_given_at_its_use_too() -> None:
    lines = "            - &a {name: X_API_KEY, value: secretly}\n            - {<<: *a, name: Y_API_KEY}\n"
    assert [(line, shown) for *_, line, shown in said(DEPLOYMENT + lines)] == [
        ("10:43", "X_API_KEY=…"),
        ("10:43", "Y_API_KEY=…"),
    ]


def test_a_word_with_a_reference_is_not_plain() -> None:
    assert [is_plain(word) for word in ("s3cret", "vault:kv/x", "$(X)", " ", "{{ .Values.key }}", "arn:aws:x")] == [
        True,
        *[False] * 5,
    ]


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
          args: [--model=a/b, --api-key, plainly-here]
          env: [{name: HF_TOKEN, value: hidden-one}, {name: B_PASSWORD, value: another}]
"""


def all_facts(written: str) -> tuple[Manifest, list[Fact]]:
    documents = source.read(written.encode(), file=FILE)
    project = Project(documents)
    found = [fact for each in documents for reader in (kubernetes, secrets) for fact in reader.facts(each, project)]
    return Manifest(FILE, "0", Text(FILE, masked(written)), documents), list(without_twins(found))


def test_a_secret_is_given_once_by_the_reader_that_knows_most_of_it() -> None:
    _, found = all_facts(SERVER)
    assert [(fact.reader, fact.shown) for fact in found if ".".join(map(str, fact.path)) == STORE] == [
        ("kubernetes", "--api-key=…"),
        ("kubernetes", "HF_TOKEN=…"),
        ("secrets", "B_PASSWORD=…"),
    ]


def test_no_text_shows_a_secret_that_a_fact_knows_of() -> None:
    manifest, found = all_facts(SERVER)
    (shown,) = concealed([manifest], found)
    assert shown.text.line(12) == "          args: [--model=a/b, --api-key, …[masked]]"
    assert shown.text.line(13) == (
        "          env: [{name: HF_TOKEN, value: …[masked]}, {name: B_PASSWORD, value: …[masked]}]"
    )
    assert shown.text.line(11) == manifest.text.line(11)


def test_a_secret_of_several_lines_is_hidden_on_each_of_them() -> None:
    written = "services:\n  a:\n    environment:\n      X_PASSWORD: |\n        one\n        two\n      Z: 1\n"
    manifest, found = all_facts(written)
    (shown,) = concealed([manifest], found)
    assert [shown.text.line(line) for line in (5, 6, 7)] == ["…[masked]", "…[masked]", "      Z: 1"]


def test_a_manifest_without_a_secret_keeps_its_text() -> None:
    manifest, found = all_facts(
        SERVER.replace("plainly-here", "''").replace("hidden-one", "''").replace("another", "''")
    )
    assert concealed([manifest], found) == (manifest,)
