"""The reader of kustomizations: what is built of bases, patches, images and generators, and what cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy import source
from psfpolicy.evidence.kustomize.build import builds
from psfpolicy.evidence.project import Project
from psfpolicy.evidence.readers import kubernetes, kustomize

if TYPE_CHECKING:
    from psfpolicy.model.fact import Fact

BASE = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: vllm}
spec:
  replicas: 1
  selector: {matchLabels: {app: vllm}}
  template:
    metadata: {labels: {app: vllm}}
    spec:
      serviceAccountName: vllm
      containers:
        - name: vllm
          image: vllm/vllm-openai:v0.10.0
          args: [--model, org/base]
          env: [{name: A, value: "1"}]
          securityContext: {runAsNonRoot: true, readOnlyRootFilesystem: true}
        - name: proxy
          image: envoyproxy/envoy:v1.31.0
          securityContext: {runAsNonRoot: true, readOnlyRootFilesystem: true}
"""
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: vllm}\nspec: {selector: {app: vllm}, ports: [{port: 80}]}\n"
HEAD = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n"
MODEL = "spec.model.id"


def read(**files: str) -> list[Fact]:
    """Read files, whose names are written `overlay__kustomization`, with both readers."""
    documents: list[source.Document] = []
    texts: list[source.Text] = []
    for name, content in files.items():
        file = name.replace("__", "/")
        if name.endswith("_env"):
            texts.append(source.Text(file.replace("_env", ".env"), content))
        else:
            documents += source.read(content.encode(), file=f"{file}.yaml")
    project = Project(tuple(documents), tuple(texts))
    return [
        fact
        for document in documents
        for reader in (kubernetes, kustomize)
        if reader.reads(document)
        for fact in reader.facts(document, project)
    ]


def shown(facts: list[Fact], *prefixes: str) -> list[str]:
    return [
        f"{fact.path[-1]} {fact.value} {fact.certainty} {fact.place.file}:{fact.place.region.start_line}"
        for fact in facts
        if ".".join(map(str, fact.path)).startswith(prefixes)
    ]


def built(overlay: str, *prefixes: str, **more: str) -> list[str]:
    base = f"{BASE}---\n{SERVICE}"
    facts = read(base__kustomization="resources: [all.yaml]\n", base__all=base, prod__kustomization=overlay, **more)
    return shown(facts, *prefixes)


REPLICAS, EXPOSURE = "spec.serving.replicas", "spec.network.ingress.exposure"
IMAGE, ROOT = "spec.serving.engine.image", "spec.security.hardening.nonRoot"


def test_base_shows_nothing_for_itself() -> None:
    facts = read(base__kustomization="resources: [all.yaml]\n", base__all=BASE)
    assert shown(facts, REPLICAS) == ["min 1 certain base/all.yaml:5", "max 1 certain base/all.yaml:5"]
    assert {fact.reader for fact in facts} == {"kustomize"}
    assert {fact.workload for fact in facts} == {"Deployment vllm, container vllm"}


def test_overlay_changes_replicas_image_and_namespace() -> None:
    overlay = f"""\
{HEAD}namespace: llm
resources: [../base]
replicas: [{{name: vllm, count: 3}}]
images:
  - name: vllm/vllm-openai
    newTag: v0.33.0
"""
    assert built(overlay, REPLICAS, IMAGE) == [
        "min 3 certain prod/kustomization.yaml:5",
        "max 3 certain prod/kustomization.yaml:5",
        "image vllm/vllm-openai:v0.33.0 certain prod/kustomization.yaml:8",
    ]


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        ("{name: vllm/vllm-openai, newTag: v1}", "vllm/vllm-openai:v1"),
        ("{name: vllm/vllm-openai, newName: mirror.example.com:5000/vllm}", "mirror.example.com:5000/vllm:v0.10.0"),
        ("{name: vllm/vllm-openai, newName: m/v, newTag: v1}", "m/v:v1"),
        ("{name: vllm/vllm-openai, digest: 'sha256:ab'}", "vllm/vllm-openai@sha256:ab"),
        ("{name: vllm/vllm-openai, newTag: v1, digest: 'sha256:ab'}", "vllm/vllm-openai:v1@sha256:ab"),
        ("{name: vllm, newTag: v1}", "vllm/vllm-openai:v0.10.0"),
        ("{name: vllm/vllm-openai}", "vllm/vllm-openai:v0.10.0"),
        ("{name: [x], newTag: {a: 1}}", "vllm/vllm-openai:v0.10.0"),
    ],
)
def test_images_are_renamed_as_kustomize_does(images: str, expected: str) -> None:
    document = source.read(BASE.encode(), file="all.yaml")
    kustomization = source.read(f"resources: [all.yaml]\nimages: [{images}]\n".encode(), file="kustomization.yaml")
    project = Project((*document, *kustomization))
    (build,) = project.once(builds).by_root.values()
    root = build.built.documents[0].data
    assert isinstance(root, dict)
    assert f"'image': '{expected}'" in str(root)


PATCH = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: vllm}
spec:
  replicas: 4
  template:
    spec:
      containers:
        - name: vllm
          securityContext: {runAsNonRoot: null, runAsUser: 0}
"""


def test_patch_merges_containers_by_name_and_shows_where_it_changes() -> None:
    overlay = f"{HEAD}resources: [../base]\npatches: [{{path: patch.yaml}}]\n"
    assert built(overlay, REPLICAS, ROOT, prod__patch=PATCH) == [
        "nonRoot True certain base/all.yaml:19",
        "min 4 certain prod/patch.yaml:5",
        "max 4 certain prod/patch.yaml:5",
        "nonRoot False certain prod/patch.yaml:10",
    ]
    listed = overlay.replace("patches: [{path: patch.yaml}]", "patchesStrategicMerge: [patch.yaml]")
    assert built(listed, REPLICAS, prod__patch=PATCH) == [
        "min 4 certain prod/patch.yaml:5",
        "max 4 certain prod/patch.yaml:5",
    ]


def test_patch_that_is_written_inline_stands_in_the_kustomization() -> None:
    indented = "".join(f"      {line}\n" for line in PATCH.splitlines())
    overlay = f"{HEAD}resources: [../base]\npatches:\n  - patch: |-\n{indented}"
    assert built(overlay, REPLICAS) == [
        "min 4 certain prod/kustomization.yaml:10",
        "max 4 certain prod/kustomization.yaml:10",
    ]


def test_patch_deletes_a_container_and_adds_one_before() -> None:
    patch = PATCH.replace(
        "- name: vllm\n          securityContext: {runAsNonRoot: null, runAsUser: 0}", "- {name: proxy, $patch: delete}"
    )
    overlay = f"{HEAD}resources: [../base]\npatches: [{{path: patch.yaml}}]\n"
    assert built(overlay, ROOT, prod__patch=patch) == ["nonRoot True certain base/all.yaml:16"]
    added = patch.replace("{name: proxy, $patch: delete}", "{name: extra, image: a:1, securityContext: {runAsUser: 0}}")
    assert built(overlay, ROOT, prod__patch=added) == [
        "nonRoot True certain base/all.yaml:16",
        "nonRoot True certain base/all.yaml:19",
        "nonRoot False certain prod/patch.yaml:9",
    ]


OPERATIONS = """\
{HEAD}resources: [../base]
patches:
  - target: {target}
    patch: |-
      - op: {op}
        path: {path}
        value: {value}
"""


def operation(op: str, path: str, value: str = "true", target: str = "{kind: Deployment, name: vllm}") -> str:
    text = OPERATIONS.replace("{HEAD}", HEAD).replace("{target}", target)
    return text.replace("{op}", op).replace("{path}", path).replace("{value}", value)


@pytest.mark.parametrize(
    ("overlay", "prefix", "expected"),
    [
        (operation("replace", "/spec/replicas", "5"), REPLICAS + ".min", ["min 5 certain prod/kustomization.yaml:9"]),
        (operation("add", "/spec/replicas", "5"), REPLICAS + ".min", ["min 5 certain prod/kustomization.yaml:9"]),
        (operation("remove", "/spec/replicas"), REPLICAS + ".min", ["min 1 inferred base/all.yaml:2"]),
        (
            operation("remove", "/spec/template/spec/containers/0/securityContext/runAsNonRoot"),
            ROOT,
            ["nonRoot None inconclusive base/all.yaml:16", "nonRoot True certain base/all.yaml:19"],
        ),
        (
            operation("add", "/spec/template/spec/containers/0/securityContext/runAsUser", "0"),
            ROOT,
            ["nonRoot True certain base/all.yaml:19", "nonRoot None inconclusive prod/kustomization.yaml:9"],
        ),
        (
            operation("replace", "/metadata/labels", "{a: b}"),
            IMAGE,
            ["image None inconclusive prod/kustomization.yaml:6"],
        ),
        (
            operation("replace", "/spec/template/spec/containers/7/image", "x"),
            IMAGE,
            ["image None inconclusive prod/kustomization.yaml:6"],
        ),
        (
            operation("add", "/spec/replicas", "5", "{kind: Service}"),
            REPLICAS + ".min",
            ["min 1 certain base/all.yaml:5"],
        ),
        (
            operation("replace", "/spec/replicas", "5", "{kind: Deploy.*, name: '^vl.*m$'}"),
            REPLICAS + ".min",
            ["min 5 certain prod/kustomization.yaml:9"],
        ),
        (
            operation("replace", "/spec/replicas", "5", "{kind: Deployment, name: other}"),
            REPLICAS + ".min",
            ["min 1 certain base/all.yaml:5", "min None inconclusive prod/kustomization.yaml:6"],
        ),
    ],
)
def test_operations_of_a_json_patch_are_applied_where_they_fit(overlay: str, prefix: str, expected: list[str]) -> None:
    found = [line for line in built(overlay, prefix) if "image v" not in line]
    assert found == expected


@pytest.mark.parametrize("name", ["(a+)+$", "vllm|web", "[a-z]+", ".*.*.*.*.*"])
def test_target_that_is_a_real_pattern_leaves_open_what_the_patch_changes(name: str) -> None:
    overlay = operation("replace", "/spec/replicas", "5", f"{{kind: Deployment, name: '{name}'}}")
    assert "min None inconclusive prod/kustomization.yaml:6" in built(overlay, REPLICAS)


def test_base_that_is_not_there_leaves_the_model_open() -> None:
    overlay = f"{HEAD}resources:\n  - https://github.com/org/repo//base?ref=v1\n  - ../nowhere\n  - '{{{{ base }}}}'\n"
    facts = read(prod__kustomization=overlay)
    assert shown(facts, MODEL) == [f"id None inconclusive prod/kustomization.yaml:{line}" for line in (4, 5, 6)]
    assert [fact.reason for fact in facts if fact.path[-1] == "id"] == [
        "`https://github.com/org/repo//base?ref=v1` is not in the evidence",
        "`../nowhere` is not in the evidence",
        "`{{ base }}` is filled in elsewhere",
    ]


def test_patch_of_a_base_that_is_not_there_still_says_what_it_says() -> None:
    patch = PATCH.replace(
        "name: vllm\n          sec", "name: vllm\n          command: [vllm, serve, org/m]\n          sec"
    )
    inline = "".join(f"      {line}\n" for line in patch.splitlines())
    facts = read(prod__kustomization=f"{HEAD}resources: [https://x.example.com/b]\npatches:\n  - patch: |-\n{inline}")
    assert "min 4 certain prod/kustomization.yaml:10" in shown(facts, REPLICAS)
    assert "nonRoot False certain prod/kustomization.yaml:16" in shown(facts, ROOT)
    filed = read(prod__kustomization=f"{HEAD}resources: [../gone]\npatches: [{{path: p.yaml}}]\n", prod__p=patch)
    assert "nonRoot False certain prod/p.yaml:11" in shown(filed, ROOT)
    assert {fact.reader for fact in filed} == {"kubernetes", "kustomize"}


def test_patch_that_is_not_there_leaves_what_it_may_touch_open() -> None:
    overlay = f"{HEAD}resources: [../base]\npatches: [{{path: gone.yaml}}]\n"
    assert "id None inconclusive prod/kustomization.yaml:4" in built(overlay, MODEL)


def test_what_is_done_by_other_means_is_open() -> None:
    overlay = f"""\
{HEAD}resources: [../base]
replacements: [{{targets: [{{fieldPaths: [spec.replicas]}}]}}]
helmCharts:
  - {{name: vllm, repo: https://charts.example.com}}
"""
    assert built(overlay, REPLICAS, MODEL)[-3:] == [
        "id None inconclusive prod/kustomization.yaml:6",
        "min None inconclusive prod/kustomization.yaml:4",
        "max None inconclusive prod/kustomization.yaml:4",
    ]


def test_generated_config_map_gives_variables_at_its_literal() -> None:
    base = BASE.replace('env: [{name: A, value: "1"}]', "envFrom: [{configMapRef: {name: cfg}}]").replace(
        "[--model, org/base]", "[--model, $(MODEL)]"
    )
    kustomization = "resources: [all.yaml]\nconfigMapGenerator:\n  - name: cfg\n    literals: [MODEL=org/generated]\n"
    facts = read(base__kustomization=kustomization, base__all=base)
    assert any(fact.value == "org/generated" for fact in facts if fact.path == ("spec", "model", "id"))
    from_file = kustomization.replace("literals: [MODEL=org/generated]", "envs: [model.env]")
    with_file = read(base__kustomization=from_file, base__all=base, base__model_env="# c\nMODEL=org/file\n")
    assert any(fact.value == "org/file" for fact in with_file if fact.path == ("spec", "model", "id"))
    without = read(base__kustomization=from_file, base__all=base)
    assert "id None inconclusive base/kustomization.yaml:4" in shown(without, MODEL)


def test_generated_secret_is_in_no_store() -> None:
    kustomization = (
        "resources: [all.yaml]\nsecretGenerator: [{name: s, literals: ['token=hf_aBcDeFgHiJk', 'b=<x>'], files: [f]}]\n"
    )
    facts = read(base__kustomization=kustomization, base__all=BASE)
    assert shown(facts, "spec.security.secrets") == [
        "store none certain base/kustomization.yaml:2",
        "store None inconclusive base/kustomization.yaml:2",
        "store None inconclusive base/kustomization.yaml:2",
    ]
    assert "aBcDeF" not in repr(facts)


def test_labels_reach_the_pods() -> None:
    service = SERVICE.replace("{app: vllm}", "{app: vllm, env: prod}").replace("ports", "type: LoadBalancer, ports")
    for labels in ("commonLabels: {env: prod}", "labels: [{pairs: {env: prod}, includeSelectors: true}]"):
        facts = read(base__kustomization=f"resources: [all.yaml, s.yaml]\n{labels}\n", base__all=BASE, base__s=service)
        assert shown(facts, EXPOSURE) == ["exposure public certain base/s.yaml:4"], labels
    shallow = "resources: [all.yaml, s.yaml]\nlabels: [{pairs: {env: prod}}]\n"
    assert shown(read(base__kustomization=shallow, base__all=BASE, base__s=service), EXPOSURE) == []


def test_objects_outside_are_joined_with_what_is_built() -> None:
    balancer = SERVICE.replace("ports", "type: LoadBalancer, ports").replace(
        "name: vllm}", "name: out, namespace: llm}", 1
    )
    facts = read(base__kustomization="namespace: llm\nresources: [all.yaml]\n", base__all=BASE, more__out=balancer)
    found = [fact for fact in facts if fact.path[-1] == "exposure"]
    assert [(fact.reader, fact.workload) for fact in found] == [("kubernetes", "Deployment llm/vllm, container vllm")]


def test_components_are_laid_over_what_is_there() -> None:
    component = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: p.yaml}]\n"
    overlay = f"{HEAD}resources: [../base]\ncomponents: [../part]\n"
    assert built(overlay, REPLICAS, part__kustomization=component, part__p=PATCH) == [
        "min 4 certain part/p.yaml:5",
        "max 4 certain part/p.yaml:5",
    ]


def test_circles_and_repetitions_end() -> None:
    facts = read(
        a__kustomization=f"{HEAD}resources: [../b, ../b, d.yaml]\n",
        b__kustomization=f"{HEAD}resources: [../a]\n",
        a__d=BASE,
    )
    assert {fact.reader for fact in facts} == {"kubernetes"}
    chain = {
        f"k{level}__kustomization": f"{HEAD}resources: [../k{level + 1}, ../k{level + 1}/, ../x{level + 1}]\n"
        for level in range(20)
    }
    chain |= {
        f"x{level}__kustomization": f"{HEAD}resources: [../k{level + 1}, ../x{level + 1}]\n" for level in range(1, 20)
    }
    facts = read(
        **chain, k20__kustomization="resources: [d.yaml]\n", x20__kustomization="resources: [../k20]\n", k20__d=BASE
    )
    assert len([line for line in shown(facts, REPLICAS) if "min" in line]) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("resources: [a.yaml]\n", True),
        (HEAD, True),
        ("kind: Kustomization\nresources: []\n", True),
        ("resources: [a.yaml]\nother: 1\n", False),
        ("resources: {limits: {}}\n", False),
        ("apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nspec: {}\n", False),
        ("kind: Pod\nresources: [a]\n", False),
        ("[resources]\n", False),
    ],
)
def test_kustomization_is_known_by_its_kind_or_its_keys(text: str, expected: bool) -> None:
    assert kustomize.reads(source.read(text.encode(), file="k.yaml")[0]) is expected


@pytest.mark.parametrize(
    "wrong", ["null", "[]", "{}", "text", "1", "[null]", "[[]]", "{a: [b]}", "[{}]", "[{path: 1}]"]
)
def test_wrong_types_everywhere_raise_nothing(wrong: str) -> None:
    keys = (
        "resources", "bases", "components", "patches", "patchesStrategicMerge", "patchesJson6902", "images", "replicas",
        "namespace", "namePrefix", "commonLabels", "labels", "configMapGenerator", "secretGenerator", "replacements",
        "helmCharts", "generators",
    )  # fmt: skip
    for key in keys:
        head = "" if key == "resources" else "resources: [../base]\n"
        assert isinstance(built(f"{HEAD}{head}{key}: {wrong}\n", ""), list)
    for part in ("patch", "path", "target", "name", "literals", "files", "envs", "pairs", "newTag", "count"):
        for key in ("patches", "images", "replicas", "labels", "configMapGenerator", "secretGenerator"):
            text = f"{HEAD}resources: [../base]\n{key}: [{{name: vllm, {part}: {wrong}}}]\n"
            if part != "name":
                assert isinstance(built(text, ""), list)
