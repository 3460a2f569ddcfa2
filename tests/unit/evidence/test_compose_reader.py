"""The reader of compose files: services that serve a model, their variables, what they open and what they may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy import source
from psfpolicy.evidence.compose.containers import container
from psfpolicy.evidence.compose.services import services
from psfpolicy.evidence.project import Project
from psfpolicy.evidence.readers import compose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.container import Container
    from psfpolicy.model.fact import Fact

HEAD = """\
services:
  vllm:
    image: vllm/vllm-openai:v0.33.0
"""
EXPOSURE, EGRESS = "spec.network.ingress.exposure", "spec.network.egress.default"


def project(text: str, **texts: str) -> Project:
    documents = source.read(text.encode(), file="app/compose.yaml")
    more: list[source.Text] = []
    for name, content in texts.items():
        if name.endswith("_yaml"):
            documents += source.read(content.encode(), file=f"app/{name.removesuffix('_yaml')}.yaml")
        else:
            more.append(source.Text(f"app/{name.removesuffix('_env')}.env", content))
    return Project(documents, tuple(more))


def read(text: str, **texts: str) -> list[Fact]:
    known = project(text, **texts)
    return [fact for each in known.documents if compose.reads(each) for fact in compose.facts(each, known)]


def shown(facts: list[Fact], *prefixes: str) -> list[str]:
    return [
        f"{fact.path[-1]} {fact.value} {fact.certainty} {fact.place.region.start_line}:{fact.place.region.start_column}"
        for fact in facts
        if ".".join(map(str, fact.path)).startswith(prefixes)
    ]


def with_lines(*lines: str, **texts: str) -> list[Fact]:
    return read(HEAD + "".join(f"    {line}\n" for line in lines), **texts)


def made(*lines: str, **texts: str) -> Container:
    known = project(HEAD + "".join(f"    {line}\n" for line in lines), **texts)
    return container(next(services(known.documents[0], known)), known)


def words(found: Container) -> list[tuple[str, str, str]]:
    return [(word.text, word.unresolved, word.assumed) for word in found.arguments or ()]


# Containers


def test_command_that_is_a_text_is_split_into_words_at_their_places() -> None:
    found = made("command: --model 'org/m' --seed $SEED ${EXTRA:---x y}")
    assert words(found) == [
        ("--model", "", ""),
        ("org/m", "", ""),
        ("--seed", "", ""),
        ("$SEED", "SEED", ""),
        ("--x", "", "EXTRA"),
        ("y", "", "EXTRA"),
    ]
    assert found.arguments is not None
    region = found.arguments[0].place.region
    assert (region.start_line, region.start_column) == (4, 14)


def test_command_that_is_a_list_is_filled_in_word_by_word() -> None:
    found = made('command: ["--model", "${MODEL:-org/m}", "$KNOWN", "$$x", 8000]', _env="KNOWN='yes' # c\n#A=1\n")
    assert words(found) == [
        ("--model", "", ""),
        ("org/m", "", "MODEL"),
        ("yes", "", ""),
        ("$x", "", ""),
        ("8000", "", ""),
    ]
    assert found.interpolation == {"KNOWN": "yes"}


@pytest.mark.parametrize(
    ("lines", "script"),
    [
        (('entrypoint: ["bash", "-c", "vllm serve org/m"]',), "vllm serve org/m"),
        (('entrypoint: ["/bin/sh", "-c"]', 'command: ["vllm serve org/m"]'), "vllm serve org/m"),
        (("command: sh -c 'vllm serve org/m'",), "vllm serve org/m"),
        (('command: ["bash", "-lc", "vllm serve $$M"]',), "vllm serve $$M"),
        (("command: --model org/m",), None),
    ],
)
def test_script_that_a_shell_is_given(lines: tuple[str, ...], script: str | None) -> None:
    found = made(*lines).script
    assert (found.value if found else None) == script


def test_environment_is_a_map_or_a_list() -> None:
    found = made("environment:", "  A: 1", "  B: ${HF_TOKEN}", "  C:", "  D: ${X:-y}", "  E: [1]")
    assert {name: (each.kind, each.value) for name, each in found.variables.items()} == {
        "A": ("literal", "1"),
        "B": ("unknown", None),
        "C": ("unknown", None),
        "D": ("unknown", None),
        "E": ("unknown", None),
    }
    listed = made("environment:", "  - A=1=2", "  - B", "  - C=${T}", "  - 3")
    assert {name: (each.kind, each.value) for name, each in listed.variables.items()} == {
        "A": ("literal", "1=2"),
        "B": ("unknown", None),
        "C": ("unknown", None),
        "3": ("unknown", None),
    }


def test_environment_files_come_first_and_must_be_there() -> None:
    found = made("env_file: model.env", "environment: [A=2]", model_env="A=1\nexport B='x y'\n\n# C=3\n")
    assert {name: each.value for name, each in found.variables.items()} == {"A": "2", "B": "x y"}
    assert found.variables["B"].place.region.start_line == 2
    assert found.open_variables == ""
    assert made("env_file: [model.env]").open_variables == "`model.env` is not in the evidence"
    assert made("env_file: [{path: model.env, required: false}]").open_variables == ""


def test_image_with_a_default_is_that_image_as_far_as_it_is_known() -> None:
    text = HEAD.replace("vllm/vllm-openai:v0.33.0", "vllm/vllm-openai:${TAG:-v0.33.0}")
    facts = [fact for fact in read(text) if fact.path[-1] == "image"]
    assert [(fact.value, fact.certainty, fact.reason) for fact in facts] == [
        ("vllm/vllm-openai:v0.33.0", "inferred", "the default of `TAG`, which may be set elsewhere")
    ]
    known = [fact for fact in read(text, _env="TAG=v0.40.0\n") if fact.path[-1] == "image"]
    assert [(fact.value, fact.certainty) for fact in known] == [("vllm/vllm-openai:v0.40.0", "certain")]


# What runs


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((), ["min 1 inferred 2:3", "max 1 inferred 2:3"]),
        (("deploy: {replicas: 3}",), ["min 3 certain 4:24", "max 3 certain 4:24"]),
        (("scale: 2",), ["min 2 certain 4:12", "max 2 certain 4:12"]),
        (("deploy: {replicas: '${N:-2}'}",), ["min 2 inferred 4:24", "max 2 inferred 4:24"]),
        (("deploy: {replicas: '${N}'}",), ["min None inconclusive 4:24", "max None inconclusive 4:24"]),
        (("deploy: {replicas: many}",), ["min None inconclusive 4:24", "max None inconclusive 4:24"]),
    ],
)
def test_replicas(lines: tuple[str, ...], expected: list[str]) -> None:
    assert shown(with_lines(*lines), "spec.serving.replicas") == expected


DEVICES = "deploy: {{resources: {{reservations: {{devices: [{{driver: nvidia, capabilities: [gpu], {}}}]}}}}}}"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (DEVICES.format("count: 2"), ["count 2 certain 4:96"]),
        (DEVICES.format("count: all"), ["count None inconclusive 4:96"]),
        (DEVICES.format("device_ids: ['0', '3']"), ["count 2 certain 4:101"]),
        (DEVICES.format("options: {}"), ["count None inconclusive 4:51"]),
        (DEVICES.format("count: '${GPUS:-4}'"), ["count 4 inferred 4:96"]),
        (DEVICES.format("count: '${GPUS}'"), ["count None inconclusive 4:96"]),
        ("gpus: all", ["count None inconclusive 4:11"]),
        ("gpus: [{count: 1}]", ["count 1 certain 4:20"]),
        ("runtime: nvidia", ["count None inconclusive 4:14"]),
        ("devices: [/dev/kfd, /dev/dri]", ["count None inconclusive 4:15"]),
        ("deploy: {resources: {limits: {cpus: '2'}}}", []),
    ],
)
def test_accelerators_that_are_reserved(line: str, expected: list[str]) -> None:
    assert shown(with_lines(line), "spec.serving.accelerators.count") == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("user: '1000:1000'", "nonRoot True certain 4:11"),
        ("user: 0", "nonRoot False certain 4:11"),
        ("user: root", "nonRoot False certain 4:11"),
        ("user: root:1000", "nonRoot False certain 4:11"),
        ("user: app", "nonRoot True inferred 4:11"),
        ("user: ${UID}", "nonRoot None inconclusive 4:11"),
        ("user: ${UID:-0}", "nonRoot False inferred 4:11"),
        ("tty: true", "nonRoot None inconclusive 2:3"),
    ],
)
def test_user(line: str, expected: str) -> None:
    assert shown(with_lines(line), "spec.security.hardening.nonRoot") == [expected]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("read_only: true", "readOnlyRootFilesystem True certain 4:16"),
        ("read_only: false", "readOnlyRootFilesystem False certain 4:16"),
        ("read_only: maybe", "readOnlyRootFilesystem None inconclusive 4:16"),
        ("tty: true", "readOnlyRootFilesystem False certain 2:3"),
    ],
)
def test_root_filesystem(line: str, expected: str) -> None:
    assert shown(with_lines(line), "spec.security.hardening.readOnly") == [expected]


def test_what_is_shared_with_the_host() -> None:
    facts = with_lines("privileged: true", "ipc: host", "pid: private")
    assert [fact.shown for fact in facts if fact.path[-1] == "gpuNodeBenchmark"] == ["privileged: true", "ipc: host"]


# Network


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        ("['8008:80']", ["exposure public inferred 4:13"]),
        ("['8008-8010:80-82/tcp']", ["exposure public inferred 4:13"]),
        ("[8000]", ["exposure public inferred 4:13"]),
        ("['0.0.0.0:8008:80']", ["exposure public inferred 4:13"]),
        ("['127.0.0.1:8008:80']", ["exposure cluster inferred 4:13"]),
        ("['[::1]:8008:80']", ["exposure cluster inferred 4:13"]),
        ("['10.0.0.5:8008:80']", ["exposure private certain 4:13"]),
        ("['1.1.1.1:8008:80']", ["exposure public certain 4:13"]),
        ("['127.0.0.1:8008:80', '9000:80']", ["exposure public inferred 4:34"]),
        ("['${PORT:-80}:80']", ["exposure public inferred 4:13"]),
        ("['${PORT}:80']", ["exposure public inferred 4:13"]),
        ("['${BIND:-127.0.0.1}:8000:80']", ["exposure cluster inferred 4:13"]),
        ("['${BIND}:8000:80']", ["exposure None inconclusive 4:13"]),
        ("[{target: 80, published: '8008'}]", ["exposure public inferred 4:37"]),
        ("[{target: 80, published: 8008, host_ip: 127.0.0.1}]", ["exposure cluster inferred 4:52"]),
        ("[]", ["exposure cluster inferred 2:3"]),
        ("null", ["exposure cluster inferred 2:3"]),
    ],
)
def test_published_ports_expose_a_service(ports: str, expected: list[str]) -> None:
    assert shown(with_lines(f"ports: {ports}"), EXPOSURE) == expected


def test_published_port_of_a_plain_engine_is_plain() -> None:
    command = "command: --model org/m"
    assert shown(with_lines(command, "ports: ['8000:8000']"), "spec.network.ingress.tls") == ["tls False certain 5:13"]
    assert shown(with_lines(command, "ports: ['127.0.0.1:8000:8000']"), "spec.network.ingress.tls") == []
    own = "command: --model org/m --ssl-certfile /c --ssl-keyfile /k"
    assert shown(with_lines(own, "ports: ['8000:8000']"), "spec.network.ingress.tls") == ["tls True certain 4:43"]


def test_published_port_of_an_engine_that_asks_for_no_key_lets_anyone_in() -> None:
    path = "spec.network.ingress.authentication"
    command = "command: --model org/m"
    assert shown(with_lines(command, "ports: ['8000:8000']"), path) == ["authentication none inferred 5:13"]
    assert shown(with_lines(command, "ports: ['127.0.0.1:8000:8000']"), path) == []
    asking = "command: --model org/m --api-key $KEY"
    assert "authentication none" not in " ".join(shown(with_lines(asking, "ports: ['8000:8000']"), path))


@pytest.mark.parametrize(
    ("command", "certainty"),
    [
        ("--model $UNKNOWN", "inconclusive"),
        ("--model=${UNKNOWN}", "inconclusive"),
        ('["--model", "$UNKNOWN"]', "certain"),
        ("--model '${UNKNOWN}'", "certain"),
        ("--model org/m", "certain"),
    ],
)
def test_variable_in_a_command_that_is_one_text_may_hold_more_options(command: str, certainty: str) -> None:
    found = [
        fact for fact in with_lines(f"command: {command}") if ".".join(map(str, fact.path)) == "spec.model.remoteCode"
    ]
    assert [fact.certainty for fact in found] == [certainty]


def test_network_of_the_host_exposes_a_service() -> None:
    facts = with_lines("network_mode: host")
    assert shown(facts, EXPOSURE, EGRESS) == ["exposure public inferred 4:19", "default allow inferred 4:19"]


@pytest.mark.parametrize(
    ("service", "networks", "expected"),
    [
        ("networks: [inner]", "{inner: {internal: true}}", ["default deny certain 5:30"]),
        ("networks: {inner: null}", "{inner: {internal: true}}", ["default deny certain 5:30"]),
        ("networks: [inner, outer]", "{inner: {internal: true}, outer: {}}", ["default allow inferred 4:15"]),
        ("networks: [inner]", "{inner: {external: true}}", ["default None inconclusive 4:15"]),
        ("networks: [inner]", "{}", ["default None inconclusive 4:15"]),
        ("networks: [inner]", "{inner: {internal: false}}", ["default allow inferred 4:15"]),
        ("tty: true", "{default: {internal: true}}", ["default deny certain 5:32"]),
        ("tty: true", "{}", ["default allow inferred 2:3"]),
        ("network_mode: none", "{}", ["default deny certain 4:19"]),
        ("network_mode: 'service:vpn'", "{}", ["default None inconclusive 4:19"]),
    ],
)
def test_networks_let_out_unless_all_are_internal(service: str, networks: str, expected: list[str]) -> None:
    facts = read(f"{HEAD}    {service}\nnetworks: {networks}\n")
    assert shown(facts, EGRESS) == expected


# Parts, and what is no compose file


def test_part_of_a_service_proves_nothing_by_what_it_lacks() -> None:
    text = "services:\n  vllm:\n    command: vllm serve org/m\n    ports: ['8000:8000']\n"
    found = [fact for fact in read(text) if fact.certainty != "inconclusive"]
    assert shown(found, "spec.network.ingress", EGRESS, "spec.security", "spec.serving.replicas") == [
        "exposure public inferred 4:13"
    ]


def test_service_that_extends_another_has_what_that_has() -> None:
    base = "services:\n  base:\n    image: vllm/vllm-openai:v0.33.0\n    user: '1000'\n    ports: ['127.0.0.1:1:1']\n"
    text = "services:\n  vllm:\n    extends: {file: base.yaml, service: base}\n    ports: ['8000:8000']\n"
    facts = [fact for fact in read(text, base_yaml=base) if fact.workload == "compose service vllm"]
    assert [
        (fact.path[-1], fact.value, fact.place.file) for fact in facts if fact.path[-1] in {"nonRoot", "exposure"}
    ] == [
        ("exposure", "public", "app/compose.yaml"),
        ("nonRoot", True, "app/base.yaml"),
    ]
    alone = read(text.replace("    ports", "    command: vllm serve org/m\n    ports"))
    assert shown([fact for fact in alone if fact.certainty != "inconclusive"], "spec.security", EGRESS) == []


def test_services_that_serve_no_model_are_silent() -> None:
    text = "services:\n  db: {image: 'postgres:16', ports: ['5432:5432']}\n  web: {build: .}\n"
    assert compose.reads(source.read(text.encode(), file="c")[0])
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEAD, True),
        ("version: '3'\nx-common: {}\nservices: {a: {build: .}}\n", True),
        ("services: {a: {kind: x}}\n", False),
        ("services: [a]\n", False),
        ("services: null\n", False),
        ("apiVersion: v1\nkind: X\nservices: {a: {image: b}}\n", False),
        ("spec: {services: {a: {image: b}}}\n", False),
        ("service: {pipelines: {}}\n", False),
    ],
)
def test_compose_file_is_known_by_its_services(text: str, expected: bool) -> None:
    assert compose.reads(source.read(text.encode(), file="any.yaml")[0]) is expected


FULL = """\
services:
  vllm:
    image: vllm/vllm-openai:${TAG:-v1}
    entrypoint: [vllm, serve]
    command: --model org/m
    environment: {A: b}
    env_file: [{path: x.env, required: true}]
    ports: [{target: 80, published: 80, host_ip: 1.1.1.1}]
    networks: {inner: null}
    network_mode: bridge
    user: app
    read_only: true
    gpus: [{count: 1}]
    devices: [/dev/kfd]
    extends: {service: other}
    deploy: {replicas: 2, resources: {reservations: {devices: [{capabilities: [gpu], count: 1}]}}}
  other: {image: a}
networks: {inner: {internal: true, external: true}}
"""


@pytest.mark.parametrize("wrong", ["null", "[]", "{}", "text", "1", "[null]", "[[]]", "{a: [b]}", "${A"])
def test_wrong_types_everywhere_raise_nothing(wrong: str) -> None:
    replacement = source.read(f"- {wrong}".encode(), file="w")[0].root
    assert isinstance(replacement, source.Sequence)
    document = source.read(FULL.encode(), file="c")[0]
    for root in _with(document.root, replacement.items[0]):
        known = Project((source.Document("c", root, 0),))
        assert all(fact.reader == "compose" for fact in compose.facts(known.documents[0], known))


def _with(node: source.Node, wrong: source.Node) -> Iterator[source.Node]:
    """Give a document as often as it has values, each time with another of them replaced."""
    yield wrong
    if isinstance(node, source.Mapping):
        for key, entry in node.members.items():
            for value in _with(entry.value, wrong):
                yield node._replace(members={**node.members, key: entry._replace(value=value)})
    elif isinstance(node, source.Sequence):
        for index, item in enumerate(node.items):
            for value in _with(item, wrong):
                yield node._replace(items=(*node.items[:index], value, *node.items[index + 1 :]))


# Files that lie over others


OVER = (
    "services:\n  vllm:\n    image: vllm/vllm-openai:v0.33.0\n    command: [--model, org/m, --no-trust-remote-code]\n"
)


def laid(text: str, name: str, base: str = OVER, below: str = "compose.yaml") -> list[str]:
    documents = [
        *source.read(base.encode(), file=f"app/{below}"),
        *source.read(text.encode(), file=f"app/{name}"),
        *source.read(b"services: {other: {image: 'nginx:1'}}\n", file="app/aside.yaml"),
    ]
    facts = compose.facts(documents[1], Project(tuple(documents)))
    return shown(
        [fact for fact in facts if fact.certainty != "inconclusive"], "spec.model", "spec.security.hardening.d"
    )


@pytest.mark.parametrize("name", ["compose.override.yaml", "compose.gpu.yaml"])
@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("command: [--model, org/m, --trust-remote-code]", "remoteCode True certain 3:31"),
        ("environment: {VLLM_SERVER_DEV_MODE: '1'}", "devEndpoints True certain 3:41"),
    ],
)
def test_file_that_lies_over_another_changes_what_that_starts(name: str, more: str, expected: str) -> None:
    assert expected in laid(f"services:\n  vllm:\n    {more}\n", name)


def test_file_that_lies_over_another_says_only_what_it_changes() -> None:
    text = "services:\n  vllm:\n    environment: {A: b}\n"
    assert laid(text, "compose.override.yaml") == []
    image = "services:\n  vllm:\n    image: acme/vllm-openai:v0.30.0\n"
    assert "remoteCode False certain 4:32" not in laid(image, "compose.override.yaml")


def test_file_that_lies_over_nothing_is_a_part() -> None:
    text = "services:\n  engine:\n    command: [vllm, serve, org/m]\n"
    assert "remoteCode" not in " ".join(laid(text, "compose.override.yaml"))
    assert laid(text, "compose.gpu.yaml", "services: {engine: {command: [vllm, serve, org/m]}}\n") == [
        "id org/m certain 3:28"
    ]


@pytest.mark.parametrize(
    ("line", "is_shared"),
    [
        ("volumes: ['/var/run/docker.sock:/var/run/docker.sock']", True),
        ("volumes: [{type: bind, source: /, target: /host}]", True),
        ("volumes: ['/srv/models:/models', models:/m]", False),
        ("cap_add: [SYS_ADMIN]", True),
        ("cap_add: [CAP_SYS_PTRACE]", True),
        ("cap_add: [IPC_LOCK]", False),
    ],
)
def test_what_a_service_gets_of_its_host_is_what_benchmarks_ask_to_avoid(line: str, is_shared: bool) -> None:
    facts = [fact for fact in with_lines(line) if fact.path[-1] == "gpuNodeBenchmark"]
    assert [fact.certainty for fact in facts] == (["inconclusive"] if is_shared else [])


# What stands before a service, and what is included

INNER = (
    HEAD
    + """\
    command: [--model, org/m]
  gate:
    image: nginx
    %s
"""
)


@pytest.mark.parametrize(
    ("gate", "expected"),
    [
        ("ports: ['443:443']\n    environment: {UPSTREAM: 'http://vllm:8000'}", "exposure None inconclusive 5:3"),
        ("network_mode: host\n    command: [proxy, 'vllm:8000']", "exposure None inconclusive 5:3"),
        ("ports: ['443:443']\n    environment: {UPSTREAM: 'http://my-vllm:8000'}", "exposure cluster inferred 2:3"),
        ("expose: ['443']\n    environment: {UPSTREAM: 'http://vllm:8000'}", "exposure cluster inferred 2:3"),
    ],
)
def test_a_service_that_publishes_a_port_may_pass_requests_on_to_one_that_it_names(gate: str, expected: str) -> None:
    assert shown(read(INNER % gate), EXPOSURE) == [expected]


@pytest.mark.parametrize("include", ["[gone.yaml]", "[{path: gone.yaml}]", "[{path: [there.yaml, gone.yaml]}]"])
def test_a_file_that_is_included_and_not_there_leaves_open_what_is_published(include: str) -> None:
    text = f"include: {include}\n{HEAD}    ports: ['127.0.0.1:8000:8000']\n"

    facts = read(text, there_yaml="services: {}\n")

    open_paths = {fact.path[-2:] for fact in facts if fact.shown == "include: gone.yaml"}
    assert open_paths == {("ingress", "exposure"), ("egress", "default")}
    assert not any("there.yaml" in fact.shown for fact in facts)
