"""`psfpolicy evidence`: what is declared beside what manifests show; and manifests that the settings name."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from tests import scratch

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

ROOT = Path(__file__).parents[2]
ARGUMENTS = "args: [--model=microsoft/phi-4, --trust-remote-code, --max-model-len=$(LEN)]"
MANIFEST = scratch.MANIFEST.replace("args:\n            - --model=microsoft/phi-4", ARGUMENTS)
DESCRIPTOR = """\
apiVersion: psfpolicy/v1
kind: LLMDeployment
metadata: {name: case, environment: production}
spec:
  evidence: ["k8s/*.yaml"]
  purpose: {summary: Answers questions}
  model: {id: microsoft/phi-4, remoteCode: false, maxModelLen: 4096}
  serving: {hosting: on-prem}
  network: {egress: {default: deny}}
"""


@pytest.fixture
def folder(laid_out: Callable[..., Path]) -> Path:
    return laid_out({"deploy.yaml": DESCRIPTOR, "k8s/vllm.yaml": MANIFEST})


@pytest.mark.usefixtures("folder")
def test_each_verdict_stands_with_its_places(run: Callable[..., Ran]) -> None:
    ran = run("evidence", "deploy.yaml")
    assert (ran.code, ran.err) == (0, "")
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert lines[0].startswith("deploy.yaml: production/case: 1 file of evidence; 1 contradicted, ")
    assert lines[1] == "verdict path declared found at"
    for line in (
        "confirmed spec.model.id microsoft/phi-4 microsoft/phi-4 k8s/vllm.yaml:13:18",
        "contradicted spec.model.remoteCode false true (--trust-remote-code) k8s/vllm.yaml:13:43",
        "open spec.model.maxModelLen 4096 not decided (--max-model-len): `LEN` is not k... k8s/vllm.yaml:13:64",
        "undeclared spec.serving.replicas.min - 2 k8s/vllm.yaml:5:13",
        "declared only spec.network.egress.default deny - deploy.yaml:9:31",
    ):
        assert line in lines


def test_json_has_the_shape_of_its_schema_and_is_no_descriptor(folder: Path, run: Callable[..., Ran]) -> None:
    (folder / "broken.yaml").write_text(DESCRIPTOR.replace("k8s/*.yaml", "nothing/*.yaml"))
    ran = run("evidence", ".", "--format", "json")
    found: dict[str, Any] = json.loads(ran.out)
    jsonschema.validate(found, json.loads((ROOT / "schemas/evidence-v1.schema.json").read_text()))
    assert (ran.code, found["exitCode"], found["schema"]) == (4, 4, "psfpolicy/evidence/v1")
    (collation,) = found["descriptors"]
    rows = {row["path"]: row for row in collation["rows"]}
    assert collation["evidence"] == ["k8s/vllm.yaml"]
    assert collation["verdicts"]["contradicted"] == 1
    assert rows["spec.model.remoteCode"]["place"]["startLine"] == 7
    assert [item["bearing"] for item in rows["spec.model.remoteCode"]["found"]] == ["contradicts"]
    assert rows["spec.network.egress.default"]["found"] == []
    (failed,) = found["unassessed"]
    assert failed["problems"][0]["code"] == "evidence-missing"
    (folder / "broken.yaml").unlink()
    (folder / "found.json").write_text(ran.out)
    assert run("check", ".", "--gate", "advisory", "-q").code == 0


def test_a_thing_that_nobody_declared_is_named_by_the_list_it_belongs_to(folder: Path, run: Callable[..., Ran]) -> None:
    second = MANIFEST.replace("name: vllm", "name: second").replace("microsoft/phi-4", "Qwen/Qwen3-8B")
    (folder / "k8s" / "second.yaml").write_text(second)
    rows = [" ".join(line.split()) for line in run("evidence", "deploy.yaml").out.splitlines()]
    assert "undeclared spec.model.id - Qwen/Qwen3-8B k8s/second.yaml:13:18" in rows


def test_a_descriptor_is_no_evidence_of_itself(folder: Path, run: Callable[..., Ran]) -> None:
    (folder / "deploy.yaml").write_text(DESCRIPTOR.replace("k8s/*.yaml", "*.yaml"))
    (folder / "notes.yaml").write_text("remember: the milk\n")
    assert "self-declared" in run("evidence", "deploy.yaml").out
    assert "self-declared" in run("check", "deploy.yaml", "-q").out


def test_an_item_that_nobody_declared_is_named(folder: Path, run: Callable[..., Ran]) -> None:
    manifest = MANIFEST.replace("--trust-remote-code", "--enable-lora, --lora-modules, law=acme/law")
    (folder / "k8s" / "vllm.yaml").write_text(manifest)
    rows = [" ".join(line.split()) for line in run("evidence", "deploy.yaml").out.splitlines()]
    (row,) = [row for row in rows if "adapters" in row]
    assert row == (
        'undeclared spec.model.adapters[law] - {"name": "law", "source": "acme/law"} (--lora... k8s/vllm.yaml:13:74'
    )


def test_a_folder_of_bases_alone_has_nothing_to_compare(folder: Path, run: Callable[..., Ran]) -> None:
    (folder / "deploy.yaml").write_text(DESCRIPTOR.replace("kind: LLMDeployment", "kind: LLMDeploymentBase"))
    assert run("evidence", ".").code == 3


def test_without_evidence_it_says_so(folder: Path, run: Callable[..., Ran]) -> None:
    (folder / "deploy.yaml").write_text(DESCRIPTOR.replace('  evidence: ["k8s/*.yaml"]\n', ""))
    ran = run("evidence", "deploy.yaml")
    assert ran.code == 0
    assert ran.out.splitlines()[0] == "deploy.yaml: production/case: no evidence, self-declared"


def test_what_cannot_be_read_is_said_and_is_exit_code_4(folder: Path, run: Callable[..., Ran]) -> None:
    (folder / "k8s" / "vllm.yaml").unlink()
    ran = run("evidence", "deploy.yaml")
    assert ran.code == 4
    assert ran.out == (
        "deploy.yaml: NOT ASSESSED\n"
        "  deploy.yaml:5:14: evidence-missing: `k8s/*.yaml` matches no file\n"
        "      hint: the path is relative to this file\n"
    )
    assert run("evidence", "nothing.yaml").code == 2
    assert run("evidence", "k8s").code == 3


@pytest.mark.usefixtures("folder")
@pytest.mark.measured
def test_in_a_narrow_terminal_each_path_is_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    main, terminal = pty.openpty()
    command = [sys.executable, "-m", "psfpolicy", "evidence", "deploy.yaml"]
    subprocess.run(command, stdout=terminal, check=True)
    os.close(terminal)
    text = os.read(main, 65536).decode().replace("\r\n", "\n")
    os.close(main)
    assert (
        "  contradicted: spec.model.remoteCode\n"
        "    declared false, deploy.yaml:7:44\n"
        "    found true (--trust-remote-code), k8s/vllm.yaml:13:43\n"
    ) in text
    assert "\x1b" not in text


SETTINGS = """\
evidence:
  - descriptors: ["deploy*.yaml"]
    files: ["k8s/*.yaml"]
    namespace: llm
    selector: {app: vllm}
"""


@pytest.fixture
def settled(folder: Path) -> Path:
    (folder / "deploy.yaml").write_text(DESCRIPTOR.replace('  evidence: ["k8s/*.yaml"]\n', ""))
    other = MANIFEST.replace("name: vllm", "name: other").replace("namespace: llm", "namespace: web")
    (folder / "k8s" / "other.yaml").write_text(other.replace("app: vllm", "app: other"))
    (folder / ".psfpolicy.yaml").write_text(SETTINGS)
    return folder


@pytest.mark.usefixtures("settled")
def test_the_settings_name_manifests_and_the_report_says_which_belong(run: Callable[..., Ran]) -> None:
    report = json.loads(run("check", "deploy.yaml", "--gate", "advisory", "--format", "json").out)
    (assessment,) = report["assessments"]
    assert assessment["evidence"] == ["k8s/vllm.yaml"]
    assert "  manifests: k8s/vllm.yaml\n" in run("check", "deploy.yaml", "--gate", "advisory").out
    assert "1 contradicted" in run("evidence", "deploy.yaml").out


def test_what_the_settings_name_belongs_to_the_descriptors_that_they_name(
    settled: Path, run: Callable[..., Ran]
) -> None:
    (settled / ".psfpolicy.yaml").write_text(SETTINGS.replace("deploy*", "prod/*"))
    assert "self-declared" in run("check", "deploy.yaml", "-q").out
    text = (settled / "deploy.yaml").read_text()
    assert "self-declared" in run("check", "-", "-q", stdin=text).out


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("k8s/*.yaml", "k9s/*.yaml", "  .psfpolicy.yaml:3:13: evidence-missing: `k9s/*.yaml` matches no file"),
        (
            "app: vllm",
            "app: nobody",
            "  .psfpolicy.yaml:2:5: evidence-missing: the namespace and the labels choose none",
        ),
        ("k8s/*.yaml", "/etc/*", "  .psfpolicy.yaml:3:13: evidence-outside: "),
    ],
)
def test_a_rule_that_chooses_nothing_is_exit_code_4_at_its_line(
    settled: Path, tmp_path: Path, before: str, after: str, line: str, run: Callable[..., Ran]
) -> None:
    assert settled == tmp_path
    (settled / ".psfpolicy.yaml").write_text(SETTINGS.replace(before, after))
    ran = run("check", "deploy.yaml")
    assert ran.code == 4
    assert line in ran.out


def test_settings_that_are_named_add_to_those_of_the_repository(settled: Path, run: Callable[..., Ran]) -> None:
    (settled / "more").mkdir()
    (settled / "more" / "settings.yaml").write_text("evidence:\n  - {files: [policies.yaml]}\n")
    (settled / "more" / "policies.yaml").write_text(MANIFEST.replace("name: vllm", "name: more"))
    report = json.loads(
        run("check", "deploy.yaml", "--settings", "more/settings.yaml", "--gate", "advisory", "--format", "json").out
    )
    assert report["assessments"][0]["evidence"] == ["k8s/vllm.yaml", "more/policies.yaml"]


def test_a_rule_without_files_is_wrong_usage(settled: Path, run: Callable[..., Ran]) -> None:
    (settled / ".psfpolicy.yaml").write_text("evidence:\n  - {namespace: llm}\n")
    ran = run("check", "deploy.yaml")
    assert ran.code == 2
    assert ".psfpolicy.yaml:2:5" in ran.err
    assert "lacks `files`" in ran.err
