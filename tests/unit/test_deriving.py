"""What facts settle, how it is written, and what an update leaves as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy import schema
from psfpolicy.deriving import derive
from psfpolicy.deriving.choosing import Workload
from psfpolicy.deriving.derive import derived, least
from psfpolicy.deriving.gathered import patterns
from psfpolicy.deriving.settling import Settled, Settlement, settled
from psfpolicy.deriving.updating import Refusal, update_of
from psfpolicy.deriving.writing import descriptor
from psfpolicy.deriving.yaml import rewritten, written
from psfpolicy.errors import NotAssessedError, UsageError
from psfpolicy.model.fact import Fact
from psfpolicy.model.place import Place, Region
from psfpolicy.source import read

if TYPE_CHECKING:
    from pathlib import Path

    from psfpolicy.model.place import JsonValue

GUARDS = "spec.inputs.guards"
EXPORTS = "spec.observability.exports"


def fact(path: str, value: JsonValue, line: int = 1, **changes: Any) -> Fact:
    place = Place("k8s/a.yaml", Region(line, 1, line, 2))
    made: dict[str, Any] = {"place": place, "document": 0, "subject": "Deployment vllm", "reader": "kubernetes"}
    return Fact(path=tuple(path.split(".")), value=value, **{**made, **changes})


def inconclusive(path: str, line: int, reason: str, **changes: Any) -> Fact:
    return fact(path, None, line, certainty="inconclusive", reason=reason, **changes)


def lines_of(*facts: Fact) -> list[str]:
    """Give the lines of a descriptor without their indentation, that of comments neither."""
    return [re.sub(r"^# +", "# ", line.strip()) for line in descriptor(settled(facts, ".")).splitlines()]


def whole(*facts: Fact) -> str:
    known = settled(facts, ".")
    return derive._valid(known, least((), is_in_cluster=False), (), {})


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ([fact("spec.model.maxModelLen", 5)], "maxModelLen: 5 # from k8s/a.yaml:1"),
        (
            [fact("spec.model.maxModelLen", 5, line) for line in (1, 2, 2, 3, 4)],
            "maxModelLen: 5 # from k8s/a.yaml:1, k8s/a.yaml:2, k8s/a.yaml:3 and 1 more",
        ),
        (
            [
                fact("spec.model.maxModelLen", 5, certainty="inferred", reason="x\x1b[2J"),
                fact("spec.model.maxModelLen", 5, 2),
            ],
            "maxModelLen: 5 # from k8s/a.yaml:2",
        ),
        (
            [fact("spec.model.maxModelLen", 5, certainty="inferred", reason="by\x1b[2J name")],
            "maxModelLen: 5 # inferred from k8s/a.yaml:1: by\\x1b[2J name",
        ),
        (
            [fact("spec.model.maxModelLen", 5), inconclusive("spec.model.maxModelLen", 2, "a word")],
            "# maxModelLen: # 5 is shown by k8s/a.yaml:1, but not everywhere; k8s/a.yaml:2 does not decide it: a word",
        ),
        (
            [inconclusive("spec.model.remoteCode", line, "a variable") for line in (2, 3)],
            "# remoteCode: # k8s/a.yaml:2, k8s/a.yaml:3 do not decide it: a variable",
        ),
        (
            [fact("spec.model.remoteCode", value, 1 + value) for value in (True, False)],
            "# remoteCode: # manifests show several: true (k8s/a.yaml:2), false (k8s/a.yaml:1)",
        ),
        ([fact("spec.model.maxModelLen", True)], "# maxModelLen: # from k8s/a.yaml:1 true, which is no value for it"),
        ([fact("spec.serving.location", {"country": "DE"})], "country: DE # from k8s/a.yaml:1"),
        ([fact("spec.network.egress.rules", [])], "rules: [] # from k8s/a.yaml:1"),
        (
            [fact("spec.model.weights.uri", "https://user:hunter2hunter2@example.com/x")],
            "# uri: # from k8s/a.yaml:1 something that is not written here: it looks like a secret, or cannot be read",
        ),
        (
            [fact(EXPORTS, {"name": "x", "kind": "otlp"}, item=True)],
            "- {name: x, kind: otlp} # from k8s/a.yaml:1",
        ),
        (
            [fact(EXPORTS, {"kind": "otlp"}, item=True)],
            (
                "# exports: # from k8s/a.yaml:1 {kind: otlp}, which lacks what an item needs "
                "{name, kind, endpoint, hosting, operator, location, premises, tls, carries}"
            ),
        ),
        (
            [
                fact(EXPORTS, {"name": "x", "kind": "otlp"}, item=True),
                inconclusive(EXPORTS, 3, "a variable", item=True),
            ],
            "# k8s/a.yaml:3 may add to it: a variable",
        ),
    ],
)
def test_what_facts_settle_and_what_is_asked(facts: list[Fact], line: str) -> None:
    assert line in lines_of(*facts)


def test_an_item_with_a_secret_is_not_written() -> None:
    endpoint = "https://user:hunter2hunter2@example.com/x"
    text = "\n".join(lines_of(fact(EXPORTS, {"kind": "otlp", "endpoint": endpoint}, item=True)))
    assert "hunter2" not in text
    assert "something that looks like a secret" in text


def test_what_does_not_fit_the_rest_becomes_a_question() -> None:
    text = whole(
        fact("spec.serving.replicas.min", 3),
        fact("spec.serving.replicas.max", 2),
        fact(GUARDS, {"name": "a", "model": "x"}, item=True),
        fact(GUARDS, {"name": "b", "detects": ["pii"]}, 2, item=True),
        fact(GUARDS, {"name": "b", "detects": ["secrets"]}, 3, item=True),
    )
    (document,) = read(text.encode(), file="deploy.yaml")
    assert schema.mistakes(document) == ()
    data: Any = document.data
    assert [guard["name"] for guard in data["spec"]["inputs"]["guards"]] == ["b"]
    assert "from k8s/a.yaml:1 {name: a, model: x}, which is not taken: lacks `detects`, which is required" in text
    assert text.count("which is not taken") == 3


def test_many_items_of_one_name_are_one_item_and_questions() -> None:
    guards = [fact(GUARDS, {"name": "b", "detects": ["pii"], "chunking": True}, 1, item=True)]
    guards += [fact(GUARDS, {"name": "b", "detects": ["pii"], "model": f"m{n}"}, n, item=True) for n in range(1, 300)]
    (document,) = read(whole(*guards).encode(), file="deploy.yaml")
    data: Any = document.data
    assert data["spec"]["inputs"]["guards"] == [{"name": "b", "detects": ["pii"], "chunking": True}]


def test_nothing_valid_is_said_where_nothing_valid_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settlement, "refuse", lambda _known, _path, _reason: False)
    with pytest.raises(NotAssessedError) as error:
        whole(fact("spec.serving.replicas.min", 3), fact("spec.serving.replicas.max", 2))
    assert "spec.serving.replicas" in error.value.details[0]


def test_the_hosting_follows_from_the_platform() -> None:
    text = whole(fact("spec.serving.platform", "eks"))
    assert "hosting: self-managed-kubernetes # inferred from the platform, from k8s/a.yaml:1" in text


def test_the_hosting_follows_from_a_model_that_only_its_maker_serves() -> None:
    workload = Workload("Deployment x", "claude-sonnet-4-6", Place("a.yaml", Region(1, 1, 1, 1)))
    known = settled([fact("spec.model.id", "claude-sonnet-4-6")], ".")
    text = derive._valid(known, least([workload], is_in_cluster=False), (), {})
    assert "id: claude-sonnet-4-6 # from k8s/a.yaml:1" in text
    assert "hosting: hosted-api # inferred from the model" in text


def test_a_descriptor_says_at_least_what_its_schema_requires() -> None:
    required = schema.schema()["else"]["properties"]
    wanted: set[tuple[str, ...]] = {("metadata", key) for key in required["metadata"]["required"]}
    for section in required["spec"]["required"]:
        wanted |= {("spec", section, key) for key in required["spec"]["properties"][section]["required"]}
    assert set(least((), is_in_cluster=False)) == wanted


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a/b:c", "a/b:c"),
        ("no", '"no"'),
        ("5", '"5"'),
        ("a: b", '"a: b"'),
        ("a:", '"a:"'),
        ("", '""'),
        ("é", '"é"'),
        (None, "null"),
        (True, "true"),
        (1.5, "1.5"),
        ({"a b": [1, "x"]}, '{"a b": [1, x]}'),
    ],
)
def test_a_value_is_read_as_it_was_written(value: JsonValue, text: str) -> None:
    assert written(value) == text
    (document,) = read(f"[{text}]".encode(), file="x.yaml")
    assert document.data == [value]


@pytest.mark.parametrize(
    ("value", "before", "text"),
    [
        ("it's", "'x'", "'it''s'"),
        ('a"b', '"x"', '"a\\"b"'),
        ("fp8", "awq", "fp8"),
        (4, "'x'", "4"),
        ("a\tb", "'x'", '"a\\tb"'),
    ],
)
def test_a_value_keeps_the_quotes_of_the_one_before(value: JsonValue, before: str, text: str) -> None:
    assert rewritten(value, before, as_json=False) == text


def test_paths_become_globs_that_a_descriptor_can_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a/x.yaml", "a/b/y.tf", "c[1]/z.yaml", "d/readme.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("a: 1\n")
    assert patterns(["a", "c[1]/z.yaml", "*/x.yaml", "a"], ".") == (
        "a/**/*.yaml", "a/**/*.tf", "c[[]1]/z.yaml", "*/x.yaml",
    )  # fmt: skip
    assert patterns(["."], "d") == ("../**/*.yaml", "../**/*.tf")
    assert patterns(["a"], "a") == ("**/*.yaml", "**/*.tf")
    hidden = "a\u202eb.yaml"
    (tmp_path / hidden).write_text("a: 1\n")
    for wrong in ("d", "none", "", "a\0", hidden):
        with pytest.raises(UsageError):
            patterns([wrong], ".")
    with pytest.raises(UsageError):
        patterns([], ".")


MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME}
spec:
  replicas: 2
  selector: {matchLabels: {app: NAME}}
  template:
    metadata: {labels: {app: NAME}}
    spec:
      containers:
        - name: NAME
          image: vllm/vllm-openai:v0.33.0
          args: [--model=microsoft/phi-4, --trust-remote-code, --tensor-parallel-size=4]
"""
DESCRIPTOR = """\
apiVersion: psfpolicy/v1
kind: LLMDeployment
metadata: {name: case, environment: production}
spec:
  evidence: ["k8s/*.yaml"]
  purpose: {summary: x}
  model: {id: microsoft/phi-4, remoteCode: false}
  serving: {hosting: on-prem}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "k8s").mkdir()
    (tmp_path / "k8s" / "a.yaml").write_text(MANIFEST.replace("NAME", "a"))
    (tmp_path / "deploy.yaml").write_text(DESCRIPTOR)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_manifests_do_not_agree_on_is_left(folder: Path) -> None:
    (folder / "k8s" / "b.yaml").write_text(MANIFEST.replace("NAME", "b").replace("--trust-remote-code, ", ""))
    text = DESCRIPTOR.replace("on-prem}", "on-prem, accelerators: {tensorParallel: 1}, replicas: {min: 1}}")
    (folder / "deploy.yaml").write_text(text)
    (folder / "k8s" / "c.yaml").write_text(MANIFEST.replace("NAME", "c").replace("size=4", "size=8"))
    update = update_of("deploy.yaml", (), {})
    assert update.refusals == (
        Refusal(
            "spec.model.remoteCode",
            "manifests do not agree: k8s/a.yaml:13, k8s/c.yaml:13 contradicts it, and k8s/b.yaml:13 does not",
        ),
        Refusal(
            "spec.serving.accelerators.tensorParallel",
            "manifests show more than one value (k8s/a.yaml:13, k8s/b.yaml:13, k8s/c.yaml:13)",
        ),
    )
    assert update.after == text.replace("min: 1", "min: 2")
    (folder / "deploy.yaml").write_text(DESCRIPTOR.replace(", remoteCode: false", ""))
    assert update_of("deploy.yaml", (), {}).refusals == ()


def test_what_would_not_be_valid_is_left_and_the_rest_is_changed(folder: Path) -> None:
    text = DESCRIPTOR.replace(
        "on-prem}", "on-prem, replicas: {min: 1, max: 1}, accelerators: {count: 2, tensorParallel: 2}}"
    )
    (folder / "deploy.yaml").write_text(text)
    update = update_of("deploy.yaml", (), {})
    assert [refusal.path for refusal in update.refusals] == ["spec.serving.accelerators.tensorParallel"]
    assert update.refusals[0].reason.startswith(
        "with it the descriptor would not hold: `spec.serving.accelerators.count`"
    )
    assert "remoteCode: true" in update.after
    # Alone, the one is more than the other allows; together they hold.
    assert "replicas: {min: 2, max: 2}" in update.after or "{min: 1, max: 2}" in update.after


def test_an_anchor_that_an_alias_repeats_is_left(folder: Path) -> None:
    text = DESCRIPTOR.replace("remoteCode: false", "remoteCode: &no false").replace(
        "on-prem}", "on-prem}\n  vendor: {weightsMirrored: *no}"
    )
    (folder / "deploy.yaml").write_text(text)
    update = update_of("deploy.yaml", (), {})
    assert update.after == text
    assert update.refusals[0].reason == ("with it the descriptor would not hold: another value would change with it")


def test_an_item_is_changed_key_by_key(folder: Path) -> None:
    lora = "--enable-lora, --lora-modules, law=acme/law"
    (folder / "k8s" / "a.yaml").write_text(MANIFEST.replace("NAME", "a").replace("--trust-remote-code", lora))
    text = DESCRIPTOR.replace(
        "model: {id: microsoft/phi-4, remoteCode: false}",
        "model:\n    id: microsoft/phi-4\n    adapters:\n"
        "    - name: law # of the courts\n      source: acme/old # said\n    # end",
    )
    (folder / "deploy.yaml").write_text(text)
    assert update_of("deploy.yaml", (), {}).after == text.replace("acme/old", "acme/law")


def test_a_list_is_replaced_as_a_whole(folder: Path) -> None:
    text = DESCRIPTOR.replace(
        "model: {id: microsoft/phi-4, remoteCode: false}",
        "model:\n    adapters:\n      - name: law\n      - name: tax\n    # end\n    id: microsoft/phi-4",
    )
    (folder / "deploy.yaml").write_text(text)
    assert update_of("deploy.yaml", (), {}).after == text.replace("- name: law\n      - name: tax\n", "[]\n")


def test_a_value_in_a_block_of_text_is_left(folder: Path) -> None:
    text = DESCRIPTOR.replace(
        "model: {id: microsoft/phi-4, remoteCode: false}", "model:\n    id: |-\n      other/model\n"
    )
    (folder / "deploy.yaml").write_text(text)
    update = update_of("deploy.yaml", (), {})
    assert update.after == text
    assert [refusal.path for refusal in update.refusals] == ["spec.model.id"]


def test_each_descriptor_of_a_file_has_its_own_evidence(folder: Path) -> None:
    second = DESCRIPTOR.replace("name: case", "name: second").replace('  evidence: ["k8s/*.yaml"]\n', "")
    (folder / "deploy.yaml").write_text(f"{DESCRIPTOR}---\n{second}")
    update = update_of("deploy.yaml", (), {})
    assert update.after == f"{DESCRIPTOR.replace('false', 'true')}---\n{second}"
    with pytest.raises(UsageError):
        update_of("deploy.yaml", ("k8s",), {})


def test_what_is_no_file_or_not_valid_is_refused(folder: Path) -> None:
    (folder / "second.yaml").write_text(DESCRIPTOR.replace("name: case", "name: second"))
    for file in ("-", "."):
        with pytest.raises(UsageError):
            update_of(file, (), {})
    (folder / "deploy.yaml").write_text(DESCRIPTOR.replace("on-prem", "nowhere"))
    with pytest.raises(NotAssessedError):
        update_of("deploy.yaml", (), {})


def test_a_diff_shows_no_secret(folder: Path) -> None:
    key = "sk-" + "proj-" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6"
    (folder / "deploy.yaml").write_text(DESCRIPTOR.replace("summary: x", f"summary: {key}"))
    shown = "\n".join(update_of("deploy.yaml", (), {}).diff())
    assert "+  model: {id: microsoft/phi-4, remoteCode: true}" in shown
    assert key not in shown


def test_a_diff_acts_on_no_terminal_and_shows_no_line_end(folder: Path) -> None:
    text = DESCRIPTOR.replace("summary: x}", "summary: x} # ##[error]\u202e").replace("\n", "\r\n")
    (folder / "deploy.yaml").write_bytes(text.encode())
    lines = list(update_of("deploy.yaml", (), {}).diff())
    assert "   purpose: {summary: x} # #\\#[error]\\u202e" in lines
    assert "+  model: {id: microsoft/phi-4, remoteCode: true}" in lines


def test_workloads_beside_kubernetes_are_told_by_their_kind(folder: Path) -> None:
    (folder / "compose.yaml").write_text(
        "services:\n  llm:\n    image: vllm/vllm-openai:v0.33.0\n    command: [--model, microsoft/phi-4]\n"
    )
    text = derived(["compose.yaml"], ".")
    assert "name: llm # inferred from the name of compose service llm" in text
    assert "hosting: self-managed-vm # inferred from the kind of the workload" in text


@pytest.mark.parametrize(
    "manifest",
    [
        (
            "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: llm}\nspec:\n"
            "  predictor:\n    model:\n      modelFormat: {name: huggingface}\n"
            "      args: [--model_id=microsoft/phi-4]\n"
        ),
        (
            "apiVersion: apps.nvidia.com/v1alpha1\nkind: NIMService\nmetadata: {name: llm}\nspec:\n"
            "  image: {repository: nvcr.io/nim/meta/llama-3.1-8b-instruct, tag: 1.3.3}\n"
        ),
        (
            "servingEngineSpec:\n  modelSpec:\n"
            "  - {name: llm, repository: vllm/vllm-openai, tag: v0.33.0, replicaCount: 1,"
            " modelURL: microsoft/phi-4, vllmConfig: {}}\n"
        ),
    ],
)
def test_what_an_operator_or_a_chart_makes_of_a_manifest_runs_in_a_cluster(folder: Path, manifest: str) -> None:
    (folder / "model.yaml").write_text(manifest)
    assert "hosting: self-managed-kubernetes # inferred from the kind of the workload" in derived(["model.yaml"], ".")


def test_a_note_is_said_once() -> None:
    known = Settlement({("spec", "evidence"): Settled(["a"], "")})
    known.note(("spec",), "once")
    known.note(("spec",), "once")
    assert known.notes == {("spec",): ["once"]}
    assert not known.refuse(("metadata",), "x")
