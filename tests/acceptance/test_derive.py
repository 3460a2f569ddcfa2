"""`psfpolicy derive`: a descriptor from manifests, and one that is brought in line with them."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy.source import read
from tests import scratch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Ran

MANIFEST = f"{scratch.MANIFEST}            - --trust-remote-code\n            - --max-model-len=$(LEN)\n"
OTHER = MANIFEST.replace("name: vllm", "name: guard").replace("microsoft/phi-4", "meta-llama/Llama-Guard-3-8B")
DESCRIPTOR = """\
# Ours.
apiVersion: psfpolicy/v1
kind: LLMDeployment
metadata: {name: case,   environment: production}
spec:
  evidence: ["k8s/*.yaml"] # beside it
  purpose:
      summary: 'Answers questions'
  model: {id: "microsoft/phi-4", remoteCode:   false} # never

  serving: {hosting: on-prem, replicas: {min: 1, max: 1}}
"""
CHANGED = (
    DESCRIPTOR.replace("remoteCode:   false", "remoteCode:   true")
    .replace("min: 1", "min: 2")
    .replace("max: 1", "max: 2")
)
DIFF = f"""\
--- deploy.yaml
+++ deploy.yaml
@@ -6,6 +6,6 @@
   evidence: ["k8s/*.yaml"] # beside it
   purpose:
       summary: 'Answers questions'
-  model: {{id: "microsoft/phi-4", remoteCode:   false}} # never
+  model: {{id: "microsoft/phi-4", remoteCode:   true}} # never
{" "}
-  serving: {{hosting: on-prem, replicas: {{min: 1, max: 1}}}}
+  serving: {{hosting: on-prem, replicas: {{min: 2, max: 2}}}}
"""


@pytest.fixture
def folder(laid_out: Callable[..., Path]) -> Path:
    return laid_out({"k8s/vllm.yaml": MANIFEST})


def values(text: str) -> Any:
    (document,) = read(text.encode(), file="deploy.yaml")
    return document.data


@pytest.mark.usefixtures("folder")
def test_what_is_proved_inferred_and_open_is_told_apart(run: Callable[..., Ran]) -> None:
    ran = run("derive", "k8s")
    assert (ran.code, ran.err) == (0, "")
    for line in (
        "  name: vllm # inferred from the name of Deployment llm/vllm",
        "    id: microsoft/phi-4 # from k8s/vllm.yaml:14",
        "    remoteCode: true # from k8s/vllm.yaml:15",
        "    kvCacheDtype: auto # inferred from k8s/vllm.yaml:14: a checkpoint may say otherwise",
        "    # maxModelLen: # k8s/vllm.yaml:16 does not decide it: `LEN` is not known",
        "    # audience: # Who meets the outputs? internal | customer | public",
        '  evidence: ["k8s/**/*.yaml"]',
    ):
        assert line in ran.out.splitlines()


@pytest.mark.usefixtures("folder")
def test_the_descriptor_is_valid_and_check_finds_its_values_evidenced(run: Callable[..., Ran]) -> None:
    assert run("derive", "k8s/vllm.yaml", "-o", "deploy.yaml").out == (
        "wrote deploy.yaml; next: psfpolicy check deploy.yaml\n"
    )
    report = json.loads(run("check", "deploy.yaml", "--gate", "advisory", "--format", "json").out)
    (assessment,) = report["assessments"]
    known = {item["assurance"] for item in assessment["findings"]}
    assert "evidenced" in known
    assert "contradicted" not in known
    assert assessment["evidence"] == ["k8s/vllm.yaml"]
    assert assessment["undeclared"] == []


def test_a_value_that_no_manifest_gives_satisfies_no_control(folder: Path, run: Callable[..., Ran]) -> None:
    (folder / "k8s" / "vllm.yaml").write_text(
        "apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {type: LoadBalancer, ports: [{port: 80}]}\n"
        "---\n" + MANIFEST.replace("--model=microsoft/phi-4", "--model=$(MODEL)")
    )
    assert run("derive", "k8s", "-o", "deploy.yaml").code == 0
    report = json.loads(run("check", "deploy.yaml", "--gate", "advisory", "--format", "json").out)
    (assessment,) = report["assessments"]
    least = {"metadata.environment", "spec.purpose.summary", "spec.model.id"}
    assert [f["control"] for f in assessment["findings"] if f["status"] == "pass" and f["path"] in least] == []


def test_a_file_that_exists_is_left_as_it_is(folder: Path, run: Callable[..., Ran]) -> None:
    (folder / "deploy.yaml").write_text("mine\n")
    ran = run("derive", "k8s", "-o", "deploy.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "psfpolicy: `deploy.yaml` exists, and is left as it is\n"
        "hint: `psfpolicy derive --update deploy.yaml` changes what manifests contradict; or name another file\n"
    )
    assert (folder / "deploy.yaml").read_text() == "mine\n"


@pytest.mark.usefixtures("folder")
def test_the_bytes_are_the_same_each_time_whatever_the_order_of_the_paths(run: Callable[..., Ran]) -> None:
    once = run("derive", "k8s").out
    assert run("derive", "k8s").out == once
    assert values(run("derive", "-o", "-", "k8s/vllm.yaml").out)["spec"] == {
        **values(once)["spec"],
        "evidence": ["k8s/vllm.yaml"],
    }


def test_the_globs_are_relative_to_the_file_that_is_written(folder: Path, run: Callable[..., Ran]) -> None:
    (folder / "deploy").mkdir()
    assert run("derive", "k8s", "-o", "deploy/prod.yaml").code == 0
    text = (folder / "deploy" / "prod.yaml").read_text()
    assert 'evidence: ["../k8s/**/*.yaml"]' in text
    assert "# from ../k8s/vllm.yaml:15" in text
    assert run("check", "deploy/prod.yaml", "--gate", "advisory").code == 0


def test_of_several_models_one_is_chosen_and_the_others_are_named(folder: Path, run: Callable[..., Ran]) -> None:
    (folder / "k8s" / "guard.yaml").write_text(OTHER)
    ran = run("derive", "k8s")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "psfpolicy: the manifests may serve several models, and a descriptor describes one\n"
        "  k8s/guard.yaml:14: Deployment llm/guard, container guard serves `meta-llama/Llama-Guard-3-8B`\n"
        "  k8s/vllm.yaml:14: Deployment llm/vllm, container vllm serves `microsoft/phi-4`\n"
        "hint: choose with --model ID or --workload NAME\n"
    )
    by_model, by_workload = run("derive", "k8s", "--model", "PHI-4"), run("derive", "k8s", "--workload", "llm/vllm")
    assert (by_model.code, by_model.out) == (0, by_workload.out)
    assert "# k8s/guard.yaml:14: Deployment llm/guard, container guard serves meta-llama/Llama-Guard-3-8B." in (
        by_model.out
    )
    assert run("derive", "k8s", "--model", "nobody").code == 2
    assert run("derive", "k8s", "--workload", "nobody").code == 2


def test_values_that_manifests_do_not_agree_on_are_asked_with_their_places(
    folder: Path, run: Callable[..., Ran]
) -> None:
    (folder / "k8s" / "west.yaml").write_text(
        MANIFEST.replace("name: vllm", "name: west").replace("v0.33.0", "v0.32.0")
    )
    out = run("derive", "k8s").out
    assert '# manifests show several: "0.33.0" (k8s/vllm.yaml:12), "0.32.0" (k8s/west.yaml:12)' in out


def test_what_cannot_be_read_and_what_shows_nothing_is_no_silence(folder: Path, run: Callable[..., Ran]) -> None:
    assert run("derive").code == 2
    assert run("derive", "nothing").code == 2
    assert run("derive", "k8s", "-o", "nowhere/deploy.yaml").code == 2
    assert run("derive", "k8s", "--yes").code == 2
    (folder / "k8s" / "broken.yaml").write_text("a: [\n")
    ran = run("derive", "k8s")
    assert (ran.code, ran.out) == (4, "")
    assert "k8s/broken.yaml:2:1" in ran.err
    (folder / "other.yaml").write_text("a: 1\n")
    assert run("derive", "other.yaml").code == 3


def test_a_manifest_outside_the_repository_is_refused(
    folder: Path, tmp_path_factory: pytest.TempPathFactory, run: Callable[..., Ran]
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "vllm.yaml"
    elsewhere.write_text(MANIFEST)
    assert run("derive", str(elsewhere), "-o", str(folder / "deploy.yaml")).code == 4
    assert not (folder / "deploy.yaml").exists()


def test_a_secret_in_a_manifest_does_not_get_into_the_descriptor(folder: Path, run: Callable[..., Ran]) -> None:
    key = "sk-" + "proj-" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6"
    (folder / "k8s" / "vllm.yaml").write_text(
        MANIFEST + f"            - --api-key={key}\n          env: [{{name: HF_TOKEN, value: {key}}}]\n"
    )
    ran = run("derive", "k8s")
    assert ran.code == 0
    assert key not in ran.out


def update(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "psfpolicy", "derive", "--update", "deploy.yaml", *words]
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)


def test_without_a_terminal_an_update_is_shown_and_not_made(folder: Path) -> None:
    (folder / "deploy.yaml").write_text(DESCRIPTOR)
    ran = update()
    assert (ran.returncode, ran.stdout, ran.stderr) == (1, DIFF, "nothing was written; --yes writes it\n")
    assert (folder / "deploy.yaml").read_text() == DESCRIPTOR


@pytest.mark.measured
def test_an_update_that_is_agreed_to_is_made_once(folder: Path) -> None:
    (folder / "deploy.yaml").write_text(DESCRIPTOR)
    ran = update("--yes")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, DIFF, "wrote deploy.yaml\n")
    assert (folder / "deploy.yaml").read_text() == CHANGED
    again = update()
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "nothing to change\n")


@pytest.mark.parametrize(
    ("answer", "code", "text"), [("y\n", 0, CHANGED), ("n\n", 1, DESCRIPTOR), ("\x04", 130, DESCRIPTOR)]
)
@pytest.mark.measured
def test_on_a_terminal_the_user_is_asked(folder: Path, answer: str, code: int, text: str) -> None:
    (folder / "deploy.yaml").write_text(DESCRIPTOR)
    main, terminal = pty.openpty()
    command = [sys.executable, "-m", "psfpolicy", "derive", "--update", "deploy.yaml"]
    with subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal) as process:
        os.write(main, answer.encode())
        assert process.wait() == code
    os.close(terminal)
    os.close(main)
    assert (folder / "deploy.yaml").read_text() == text


def test_an_update_takes_the_manifests_that_are_named(folder: Path, run: Callable[..., Ran]) -> None:
    (folder / "deploy.yaml").write_text(DESCRIPTOR.replace('  evidence: ["k8s/*.yaml"] # beside it\n', ""))
    ran = run("derive", "--update", "deploy.yaml")
    assert ran.code == 2
    assert "names no evidence" in ran.err
    assert run("derive", "--update", "deploy.yaml", "k8s", "--yes").code == 0
    assert "remoteCode:   true" in (folder / "deploy.yaml").read_text()


def test_what_stands_in_a_base_is_refused_with_the_reason(folder: Path, run: Callable[..., Ran]) -> None:
    base = DESCRIPTOR.replace("kind: LLMDeployment\n", "kind: LLMDeploymentBase\n").replace("max: 1", "max: 2")
    (folder / "base.yaml").write_text(base)
    (folder / "deploy.yaml").write_text(
        "apiVersion: psfpolicy/v1\nkind: LLMDeployment\nmetadata: {extends: base.yaml}\n"
        "spec: {serving: {replicas: {min: 1}}}\n"
    )
    ran = run("derive", "--update", "deploy.yaml", "--yes")
    assert ran.code == 1
    assert "min: 2" in (folder / "deploy.yaml").read_text()
    assert (folder / "base.yaml").read_text() == base
    assert ran.err.splitlines()[0] == (
        "not changed: spec.model.remoteCode: it stands in base.yaml:9, which others may extend; change it there, "
        "or set it here"
    )


def test_a_value_that_an_alias_repeats_is_left(folder: Path, run: Callable[..., Ran]) -> None:
    aliased = DESCRIPTOR.replace("remoteCode:   false", "remoteCode: &no false").replace(
        "  purpose:\n", "  network: {telemetryOptOut: true, offlineHub: *no}\n  purpose:\n"
    )
    (folder / "deploy.yaml").write_text(aliased.replace("offlineHub: *no", "offlineHub: false"))
    assert run("derive", "--update", "deploy.yaml", "--yes").code == 0
    moved = DESCRIPTOR.replace("replicas: {min: 1, max: 1}", "replicas: {min: &n 1, max: *n}")
    (folder / "deploy.yaml").write_text(moved)
    ran = run("derive", "--update", "deploy.yaml", "--yes")
    assert ran.code == 1
    assert "spec.serving.replicas.max: it comes through an alias" in ran.err
    assert "{min: &n 1, max: *n}" in (folder / "deploy.yaml").read_text()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("words", [("-o", "x.yaml"), ("--model", "x"), ("--workload", "x")])
def test_what_does_not_go_with_an_update_is_wrong_usage(words: tuple[str, ...], run: Callable[..., Ran]) -> None:
    assert run("derive", "--update", "deploy.yaml", *words).code == 2


def test_a_descriptor_that_is_json_stays_json(folder: Path, run: Callable[..., Ran]) -> None:
    text = json.dumps(values(DESCRIPTOR), indent=1)
    (folder / "deploy.json").write_text(text)
    assert run("derive", "--update", "deploy.json", "--yes").code == 0
    assert (folder / "deploy.json").read_text() == json.dumps(values(CHANGED), indent=1)
