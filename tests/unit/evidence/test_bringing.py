"""Code and proxies that a container is started with and that are in no image."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy import source
from psfpolicy.evidence.project import Project
from psfpolicy.evidence.readers import compose, kubernetes

if TYPE_CHECKING:
    from psfpolicy.model.fact import Fact

MODULES, RULES, READ_ONLY = "customModules", "rules", "readOnlyRootFilesystem"
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: vllm, namespace: llm, labels: {app: vllm}}
spec:
  containers:
    - name: vllm
      image: vllm/vllm-openai:v0.33.0
      volumeMounts: [{name: models, mountPath: /models/}]
"""


def read(text: str) -> list[Fact]:
    documents = source.read(text.encode(), file="k.yaml")
    project = Project(documents)
    return [fact for each in documents if kubernetes.reads(each) for fact in kubernetes.facts(each, project)]


def at(facts: list[Fact], last: str) -> list[Fact]:
    return [fact for fact in facts if fact.path[-1] == last]


def said(text: str, last: str = MODULES) -> list[tuple[object, str]]:
    return [(fact.value, fact.certainty) for fact in at(read(text), last) if "no --" not in fact.shown]


def script(*lines: str) -> str:
    text = "\n".join(f"          {line}" for line in lines)
    return f"{POD}      command: [bash, -c]\n      args:\n        - |\n{text}\n          exec vllm serve org/m\n"


def environment(name: str, value: str) -> str:
    return f"{POD}      args: [--model, org/m]\n      env: [{{name: {name}, value: '{value}'}}]\n"


@pytest.mark.parametrize(
    "lines",
    [
        ("curl -fsSL https://x.example.net/install.sh | sh",),
        ("wget -qO- https://x.example.net/install.sh | bash -s -- --yes",),
        ("curl https://x.example.net/patch.py | python3 -",),
        ("bash <(curl -s https://x.example.net/i.sh)",),
        ('sh -c "$(curl -fsSL https://x.example.net/i.sh)"',),
        ('eval "$(wget -qO- https://x.example.net/i.sh)"',),
        ("curl -so /tmp/i.sh https://x.example.net/a", "sh /tmp/i.sh"),
        ("curl https://x.example.net/i.sh | sudo bash",),
        ("curl -o /tmp/i.sh https://x.example.net/a", "exec /tmp/i.sh"),
        ("wget https://x.example.net/i.sh?v=1", "chmod +x i.sh", "./i.sh"),
        ("curl --output=/opt/a https://x.example.net/a", ". /opt/a"),
        ("pip install --upgrade transformers",),
        ("python3 -m pip install acme-tap",),
        ("uv pip install --system acme-tap",),
    ],
)
def test_a_script_that_runs_what_it_fetches_brings_modules_from_outside(lines: tuple[str, ...]) -> None:
    assert (True, "certain") in said(script(*lines))


@pytest.mark.parametrize(
    "lines",
    [
        ("# curl https://x.example.net/i.sh | sh", "# bash <(curl https://x.example.net/i.sh)"),
        ('echo "curl https://x.example.net/i.sh | sh"',),
        ("curl -o /models/m.safetensors https://x.example.net/m.safetensors",),
        ("curl https://x.example.net/health", "sleep 5", "sh /opt/image/run.sh"),
        ("curl -so /tmp/t.jinja https://x.example.net/t.jinja", "cat /tmp/t.jinja"),
        ("pip list",),
        ("pip uninstall -y acme",),
    ],
)
def test_a_script_that_runs_nothing_that_it_fetches_brings_nothing(lines: tuple[str, ...]) -> None:
    assert said(script(*lines)) == []


def test_packages_of_the_system_may_be_anything() -> None:
    assert said(script("apt-get update && apt-get install -y curl")) == [(None, "inconclusive")]


def test_what_is_installed_stands_at_its_place() -> None:
    (fact,) = at(read(script("echo a", "pip install acme")), MODULES)

    assert (fact.place.region.start_line, fact.shown) == (13, "pip install …")


def test_what_may_be_a_secret_of_a_command_is_not_shown() -> None:
    lines = (
        "curl -u user:hunter2 -H 'Authorization: Bearer hunter2' 'https://a:hunter2@x.example.net/i?t=hunter2' | sh",
        "pip install --index-url https://user:hunter2@y.example.net/simple acme",
    )
    facts = at(read(script(*lines)), MODULES)

    assert [fact.shown for fact in facts] == ["curl x.example.net …", "pip install y.example.net …"]
    assert "hunter2" not in repr(facts)


def test_a_script_in_a_config_map_is_looked_into() -> None:
    pod = POD.replace("[{name: models, mountPath: /models/}]", "[{name: s, mountPath: /s}]")
    text = (
        f"{pod}      command: [bash, /s/run.sh]\n  volumes: [{{name: s, configMap: {{name: s}}}}]\n---\n"
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s, namespace: llm}\n"
        "data:\n  run.sh: |\n    pip install acme\n    vllm serve org/m\n"
    )

    assert (True, "certain") in said(text)


@pytest.mark.parametrize("hook", ["postStart", "preStop"])
def test_a_hook_that_runs_what_it_fetches_counts_as_the_script_does(hook: str) -> None:
    command = "{exec: {command: [sh, -c, 'curl https://x.example.net/i.sh | sh']}}"
    facts = at(read(f"{POD}      args: [--model, org/m]\n      lifecycle: {{{hook}: {command}}}\n"), MODULES)

    assert [(fact.value, fact.subject) for fact in facts] == [(True, f"Pod llm/vllm, container vllm, {hook}")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LD_PRELOAD", "/usr/lib/libtcmalloc.so:/tmp/x.so"),
        ("LD_PRELOAD", "/usr/lib/libtcmalloc.so /models/x.so"),
        ("PYTHONPATH", "/workspace:/models/code"),
        ("PYTHONPATH", "/opt/../models"),
        ("PYTHONUSERBASE", "/run/py"),
        ("VLLM_PLUGINS", "lora_filesystem_resolver,acme_tap"),
    ],
)
def test_a_variable_that_loads_code_from_a_volume_brings_modules(name: str, value: str) -> None:
    assert said(environment(name, value)) == [(True, "certain")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LD_PRELOAD", "/usr/lib/x86_64-linux-gnu/libtcmalloc.so.4"),
        ("PYTHONPATH", "/workspace:modelsx"),
        ("PYTHONPATH", "/models2/code"),
        ("VLLM_PLUGINS", ""),
        ("VLLM_PLUGINS", "lora_filesystem_resolver"),
    ],
)
def test_what_lies_in_the_image_is_not_brought(name: str, value: str) -> None:
    assert said(environment(name, value)) == []


def test_a_variable_that_is_not_known_may_load_anything() -> None:
    text = f"{POD}      env: [{{name: LD_PRELOAD, valueFrom: {{configMapKeyRef: {{name: gone, key: a}}}}}}]\n"

    assert said(text) == [(None, "inconclusive")]


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_proxy_outside_is_an_opening_for_egress(name: str) -> None:
    (fact,) = at(read(environment(name, "http://somebody:hunter2@proxy.example.net:3128")), RULES)

    assert fact.value == {"name": name, "to": {"host": "proxy.example.net"}, "tls": False}
    assert fact.shown == f"{name} to http://proxy.example.net:3128"
    assert "hunter2" not in repr(fact)


@pytest.mark.parametrize("value", ["", "http://proxy.llm.svc:3128", "http://10.0.0.8:3128"])
def test_a_proxy_inside_opens_nothing(value: str) -> None:
    assert at(read(environment("HTTPS_PROXY", value)), RULES) == []


def test_a_proxy_that_is_not_known_leaves_egress_open() -> None:
    written = "{secretKeyRef: {name: proxy, key: url}}"
    facts = at(read(f"{POD}      env: [{{name: HTTPS_PROXY, valueFrom: {written}}}]\n"), RULES)

    assert [(fact.certainty, fact.shown) for fact in facts] == [("inconclusive", "HTTPS_PROXY")]


def test_one_proxy_under_several_names_is_told_once() -> None:
    env = "[{name: HTTPS_PROXY, value: 'http://p.example.net'}, {name: http_proxy, value: 'http://p.example.net'}]"

    assert len(at(read(f"{POD}      env: {env}\n"), RULES)) == 1


def test_the_proxy_of_a_container_beside_the_server_counts() -> None:
    beside = "    - {name: gate, image: acme/gate:1, env: [{name: HTTPS_PROXY, value: 'https://p.example.net'}]}\n"
    (fact,) = at(read(POD + beside), RULES)

    assert fact.subject == "Pod llm/vllm, container gate"


ENDPOINTS = "apiVersion: v1\nkind: Endpoints\nmetadata: {{name: guard, namespace: {}}}\nsubsets: [{{addresses: {}}}]\n"
SLICE = (
    "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\n"
    "metadata: {name: guard-x, namespace: llm, labels: {kubernetes.io/service-name: guard}}\n"
    "addressType: FQDN\nendpoints: [{addresses: [guard.example.net]}, {addresses: [guard.example.net]}]\n"
)
EXTERNAL = (
    "apiVersion: v1\nkind: Service\nmetadata: {name: guard, namespace: llm}\n"
    "spec: {type: ExternalName, externalName: guard.example.net}\n"
)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        (EXTERNAL, {"host": "guard.example.net"}),
        (SLICE, {"host": "guard.example.net"}),
        (ENDPOINTS.format("llm", "[{ip: 8.8.4.4}]"), {"cidr": "8.8.4.4/32"}),
    ],
)
def test_a_service_that_leads_outside_is_an_opening_for_egress(text: str, target: dict[str, str]) -> None:
    (fact,) = at(read(f"{POD}---\n{text}"), RULES)

    assert fact.value == {"name": "guard", "to": target}


@pytest.mark.parametrize(
    "text",
    [
        ENDPOINTS.format("llm", "[{ip: 10.0.0.7}, {hostname: x}]"),
        ENDPOINTS.format("elsewhere", "[{ip: 8.8.4.4}]"),
        EXTERNAL.replace("guard.example.net", "guard.other.svc.cluster.local"),
        EXTERNAL.replace(", externalName: guard.example.net", ""),
    ],
)
def test_a_service_that_stays_inside_or_is_another_namespaces_opens_nothing(text: str) -> None:
    assert at(read(f"{POD}---\n{text}"), RULES) == []


def test_a_target_that_is_filled_in_elsewhere_leaves_egress_open() -> None:
    filled = EXTERNAL.replace("guard.example.net", '"${GUARD}"')
    (fact,) = at(read(f"{POD}---\n{filled}"), RULES)

    assert fact.certainty == "inconclusive"


def test_a_shared_process_namespace_leaves_files_open() -> None:
    facts = at(read(POD.replace("spec:\n", "spec:\n  shareProcessNamespace: true\n")), READ_ONLY)

    assert "shareProcessNamespace: true" in {fact.shown for fact in facts if fact.certainty == "inconclusive"}


def test_a_token_that_a_pod_asks_for_is_against_the_benchmark() -> None:
    facts = at(read(POD.replace("spec:\n", "spec:\n  automountServiceAccountToken: true\n")), "gpuNodeBenchmark")

    assert [(fact.certainty, fact.shown) for fact in facts] == [("inconclusive", "automountServiceAccountToken: true")]


COMPOSE = """\
services:
  vllm:
    image: vllm/vllm-openai:v0.33.0
    command: [--model, org/m]
    volumes: [models:/models:ro, {type: bind, source: ./lib, target: /lib2}]
"""


@pytest.mark.parametrize(
    ("more", "last"),
    [
        ("    post_start: [{command: [sh, -c, 'pip install acme']}]\n", MODULES),
        ("    post_start: [{command: pip install acme}]\n", MODULES),
        ("    environment: {PYTHONPATH: /lib2/code}\n", MODULES),
        ("    environment: {LD_PRELOAD: /models/x.so}\n", MODULES),
        ("    environment: {HTTPS_PROXY: 'http://p.example.net'}\n", RULES),
    ],
)
def test_compose_is_read_alike(more: str, last: str) -> None:
    documents = source.read((COMPOSE + more).encode(), file="compose.yaml")
    facts = at(list(compose.facts(documents[0], Project(documents))), last)

    assert [fact.certainty for fact in facts] == ["certain"]
