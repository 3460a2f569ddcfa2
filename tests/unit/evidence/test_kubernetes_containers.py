"""Containers as Kubernetes writes them: words, variables, scripts and files that engines read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy import source
from psfpolicy.evidence.kubernetes.containers import container
from psfpolicy.evidence.kubernetes.pods import containers, pods
from psfpolicy.evidence.project import Project

if TYPE_CHECKING:
    from psfpolicy.evidence.container import Container, Word

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: p, namespace: llm}
spec:
  containers:
    - name: c
      image: vllm/vllm-openai:v0.33.0
"""


def made(text: str, *more: str) -> Container:
    documents = tuple(each for part in (text, *more) for each in source.read(part.encode(), file="k.yaml"))
    project = Project(documents)
    pod = pods(project.objects[0])[0]
    return container(containers(pod)[0], pod, project)


def with_lines(*lines: str) -> Container:
    return made(POD + "".join(f"      {line}\n" for line in lines))


def shown(words: tuple[Word, ...] | None) -> list[tuple[str, str]] | None:
    return None if words is None else [(word.text, word.unresolved) for word in words]


def test_command_and_args_are_words_at_their_places() -> None:
    found = with_lines('command: ["vllm", serve]', "args:", "  - '--model=a/b'")
    assert shown(found.command) == [("vllm", ""), ("serve", "")]
    assert shown(found.arguments) == [("--model=a/b", "")]
    assert found.arguments is not None
    assert found.arguments[0].place.region.start_line == 10
    assert found.arguments[0].place.region.start_column == 11
    assert found.script is None
    assert found.partial == found.open_variables == ""


@pytest.mark.parametrize("written", ["args: null", "args:", "args: []"])
def test_nothing_or_an_empty_list_keeps_what_the_image_has(written: str) -> None:
    assert with_lines(written).arguments is None


def test_wrong_types_are_words_that_are_not_known() -> None:
    found = with_lines("command: vllm serve", "args: [null, {a: 1}, 8000, true]")
    assert shown(found.command) == [("vllm serve", "`command`, which is no list")]
    assert shown(found.arguments) == [
        ("", "an argument that is no text"),
        ("", "an argument that is no text"),
        ("8000", ""),
        ("true", ""),
    ]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("--model=$(MODEL)", ("--model=a/b", "")),
        ("$$(MODEL)", ("$(MODEL)", "")),
        ("$(LATER)", ("x-a/b", "")),
        ("$(FORWARD)", ("$(FORWARD)", "FORWARD")),
        ("$(NOBODY)", ("$(NOBODY)", "NOBODY")),
        ("$(KEY)", ("$(KEY)", "KEY")),
        ("$(NODE)", ("$(NODE)", "NODE")),
        ("${MODEL}", ("${MODEL}", "${MODEL}")),
        ("$MODEL", ("$MODEL", "$MODEL")),
        ("{{ .Values.model }}", ("{{ .Values.model }}", "{{ .Values.model }}")),
        ("a$b", ("a$b", "")),
        ("cost$5", ("cost$5", "")),
    ],
)
def test_variables_in_words_are_expanded_as_kubernetes_does(word: str, expected: tuple[str, str]) -> None:
    found = with_lines(
        "env:",
        "  - {name: FIRST, value: $(LAST)}",
        "  - {name: FORWARD, value: $(LAST)}",
        "  - {name: MODEL, value: a/b}",
        "  - {name: LATER, value: x-$(MODEL)}",
        "  - {name: KEY, valueFrom: {secretKeyRef: {name: s, key: k}}}",
        "  - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}",
        "  - {name: LAST, value: z}",
        f"args: ['{word}']",
    )
    assert shown(found.arguments) == [expected]


def test_variables_say_where_they_come_from() -> None:
    found = with_lines(
        "env:",
        "  - {name: A, value: '1'}",
        "  - {name: A, value: '2'}",
        "  - {name: EMPTY}",
        "  - {name: NOTHING, value: null}",
        "  - {name: MAP, value: {a: 1}}",
        "  - {name: OPEN, value: '${HF_TOKEN}'}",
        "  - {name: KEY, valueFrom: {secretKeyRef: {name: s, key: k}}}",
        "  - {name: HOST, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}",
        "  - {name: GONE, valueFrom: {configMapKeyRef: {name: not-there, key: k}}}",
        "  - {name: ODD, valueFrom: {}}",
        "  - {value: nameless}",
    )
    assert {name: (each.kind, each.value) for name, each in found.variables.items()} == {
        "A": ("literal", "2"),
        "EMPTY": ("literal", ""),
        "NOTHING": ("literal", ""),
        "MAP": ("unknown", None),
        "OPEN": ("unknown", None),
        "KEY": ("secret", None),
        "HOST": ("field", None),
        "GONE": ("unknown", None),
        "ODD": ("unknown", None),
    }
    assert found.variables["A"].place.region.start_line == 10


def test_config_maps_of_the_evidence_give_values_at_their_place() -> None:
    config = (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cfg, namespace: llm}\ndata:\n  MODEL: a/b\n  T: '{{ t }}'\n"
    )
    lines = "      envFrom:\n        - {prefix: X_, configMapRef: {name: cfg}}\n      env:\n"
    lines += "        - {name: M, valueFrom: {configMapKeyRef: {name: cfg, key: MODEL}}}\n"
    found = made(POD + lines, config)
    assert {name: (each.kind, each.value) for name, each in found.variables.items()} == {
        "X_MODEL": ("config", "a/b"),
        "X_T": ("unknown", None),
        "M": ("config", "a/b"),
    }
    assert (found.variables["M"].place.region.start_line, found.open_variables) == (5, "")


def test_config_map_of_another_namespace_is_not_there() -> None:
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cfg, namespace: other}\ndata: {MODEL: a/b}\n"
    found = made(POD + "      envFrom: [{configMapRef: {name: cfg}}]\n", config)
    assert found.variables == {}
    assert found.open_variables == "the ConfigMap `cfg`, from which variables come, is not in the evidence"


def test_secrets_give_names_and_never_values() -> None:
    kept = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {HF_TOKEN: hf_very_secret}\n"
    found = made(POD + "      envFrom: [{secretRef: {name: s}}]\n", kept)
    assert {name: (each.kind, each.value) for name, each in found.variables.items()} == {"HF_TOKEN": ("secret", None)}
    assert "very_secret" not in repr(found.variables)


@pytest.mark.parametrize(
    ("lines", "script", "arguments"),
    [
        (('command: ["sh", "-c"]', 'args: ["vllm serve a/b"]'), "vllm serve a/b", []),
        (('command: ["/bin/bash", "-euxo", "pipefail", "-c", "run", "zero"]',), "run", None),
        (('command: ["bash", "-lc", "run"]', 'args: ["one"]'), "run", [("one", "")]),
        (('command: ["/usr/bin/tini", "--", "sh", "-c"]', "args: [run]"), "run", []),
        (('command: ["sh"]', 'args: ["-c", "run", "x"]'), "run", [("-c", ""), ("x", "")]),
        (('args: ["bash", "-c", "run"]',), "run", [("bash", ""), ("-c", "")]),
    ],
)
def test_script_of_a_shell_is_taken_out_of_the_words(
    lines: tuple[str, ...], script: str, arguments: list[tuple[str, str]] | None
) -> None:
    found = with_lines(*lines)
    assert found.script is not None
    assert found.script.value == script
    assert shown(found.arguments) == arguments


@pytest.mark.parametrize(
    "lines",
    [
        ('command: ["bash", "run.sh", "-c", "x"]',),
        ('command: ["vllm", "serve", "-c", "x"]',),
        ('command: ["bash"]', 'args: ["run.sh"]'),
        ('command: ["bash", "-c"]',),
        ('command: ["bash", "--norc"]', "args: [x]"),
    ],
)
def test_words_that_are_no_script_stay_words(lines: tuple[str, ...]) -> None:
    assert with_lines(*lines).script is None


def test_mounted_config_maps_are_files() -> None:
    config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cfg}\ndata: {a.jinja: one, b.yaml: two}\n"
    lines = """\
      volumeMounts:
        - {name: whole, mountPath: /etc/vllm/}
        - {name: part, mountPath: /chat.jinja, subPath: renamed}
        - {name: both, mountPath: /both}
        - {name: secret, mountPath: /keys}
        - {name: nowhere, mountPath: /x}
        - {mountPath: /y}
  volumes:
    - {name: whole, configMap: {name: cfg}}
    - {name: part, configMap: {name: cfg, items: [{key: a.jinja, path: renamed}]}}
    - {name: both, projected: {sources: [{configMap: {name: cfg}}, {secret: {name: s}}]}}
    - {name: secret, secret: {secretName: s}}
"""
    found = made(POD + lines, config)
    assert {path: content.value for path, content in found.files.items() if isinstance(content, source.Scalar)} == {
        "/etc/vllm/a.jinja": "one",
        "/etc/vllm/b.yaml": "two",
        "/chat.jinja": "one",
        "/both/a.jinja": "one",
        "/both/b.yaml": "two",
    }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "apiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: [{name: c, image: i}]}}}\n",
            "this Deployment has no `spec.selector`, so it is a part of one",
        ),
        (
            "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: c, args: [a]}]}\n",
            "a container of this Pod has no image, so it is a part of one",
        ),
        ("apiVersion: v1\nkind: Pod\nspec: {containers: [{name: c, image: i, $patch: delete}]}\n", "this is a patch"),
    ],
)
def test_what_is_a_part_of_an_object_says_so(text: str, reason: str) -> None:
    assert made(text).partial == reason


def test_every_kind_that_makes_pods_has_its_template() -> None:
    spec = "{template: {spec: {containers: [{name: c}]}}}"
    kinds = {
        "apps/v1": ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"),
        "batch/v1": ("Job",),
        "argoproj.io/v1alpha1": ("Rollout",),
        "serving.knative.dev/v1": ("Service",),
    }
    for version, names in kinds.items():
        for kind in names:
            document = source.read(f"apiVersion: {version}\nkind: {kind}\nspec: {spec}\n".encode(), file="k")[0]
            assert [len(containers(pod)) for pod in pods(Project((document,)).objects[0])] == [1], kind
    cron = f"apiVersion: batch/v1\nkind: CronJob\nspec: {{jobTemplate: {{spec: {spec}}}}}\n"
    document = source.read(cron.encode(), file="k")[0]
    assert [len(containers(pod)) for pod in pods(Project((document,)).objects[0])] == [1]


def test_group_of_pods_has_a_leader_and_workers() -> None:
    text = """\
apiVersion: leaderworkerset.x-k8s.io/v1
kind: LeaderWorkerSet
metadata: {name: big}
spec:
  leaderWorkerTemplate:
    size: 4
    workerTemplate: {metadata: {labels: {role: w}}, spec: {containers: [{name: worker}]}}
"""
    found = pods(Project(source.read(text.encode(), file="k")).objects[0])
    assert [(pod.role, dict(pod.labels)) for pod in found] == [
        (
            "leader",
            {
                "role": "w",
                "leaderworkerset.sigs.k8s.io/name": "big",
                "leaderworkerset.sigs.k8s.io/worker-index": "0",
            },
        ),
        ("worker", {"role": "w", "leaderworkerset.sigs.k8s.io/name": "big"}),
    ]


def test_init_containers_that_restart_run_as_long_as_the_others() -> None:
    text = (
        "apiVersion: v1\nkind: Pod\nspec:\n  initContainers: [{name: proxy, restartPolicy: Always}, {name: download}]\n"
        "  containers: [{name: c}]\n"
    )
    pod = pods(Project(source.read(text.encode(), file="k")).objects[0])[0]
    assert [source.plain(node) for node in containers(pod, starting=True)] == [{"name": "download"}]
    assert len(containers(pod)) == 2
