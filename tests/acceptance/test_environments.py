"""`metadata.extends`: a descriptor laid over bases, and everything that can be wrong with that."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran

DAY = ("--as-of", "2026-11-21")
HEAD = "apiVersion: psfpolicy/v1\n"
BASE = """\
apiVersion: psfpolicy/v1
kind: LLMDeploymentBase
metadata:
  owner: {team: ml-platform}
spec:
  purpose:
    summary: Answers questions
  model: {id: microsoft/phi-4}
  serving: {hosting: on-prem}
  network:
    ingress: {tls: false, authentication: none}
  inputs:
    guards:
      - {name: injection, evaluation: evals/it, detects: [injection], action: flag}
      - {name: hazards, evaluation: evals/it, detects: [unsafe-content], action: block, onPath: true, failClosed: true}
"""
TOP = """\
apiVersion: psfpolicy/v1
kind: LLMDeployment
metadata:
  name: assistant
  environment: production
  extends: base.yaml
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    repository = tmp_path / "repository"
    (repository / ".git").mkdir(parents=True)
    monkeypatch.chdir(repository)
    return repository


def written(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def assessed(ran: Ran) -> Any:
    (item,) = json.loads(ran.out)["assessments"]
    return item


def findings(item: Any, control: str) -> list[tuple[str, str, str, int, int]]:
    """Give status, path and place of each finding of a control."""
    return [
        (
            found["status"],
            found["path"],
            found["place"]["file"],
            found["place"]["startLine"],
            found["place"]["startColumn"],
        )
        for found in item["findings"]
        if found["control"] == control
    ]


def problems(ran: Ran) -> list[str]:
    """Give the lines of a text report that begin with a place."""
    assert ran.code == 4
    return [line.strip() for line in ran.out.splitlines() if line.startswith("  ") and not line.startswith("      ")]


def test_a_finding_points_to_the_file_and_line_where_the_value_is_written(here: Path, run: Callable[..., Ran]) -> None:
    written(here / "base.yaml", BASE)
    written(here / "deploy.yaml", TOP)
    item = assessed(run("check", *DAY, "--format", "json", "deploy.yaml"))
    assert (item["id"], item["file"]) == ("production/assistant", "deploy.yaml")
    assert findings(item, "security-endpoint-auth") == [("fail", "spec.network.ingress", "base.yaml", 11, 14)]


def test_a_value_of_the_descriptor_points_to_the_descriptor(here: Path, run: Callable[..., Ran]) -> None:
    written(here / "base.yaml", BASE)
    written(here / "deploy.yaml", TOP + "spec:\n  network:\n    ingress: {tls: true}\n")
    item = assessed(run("check", *DAY, "--format", "json", "deploy.yaml"))
    # Maps merge: `authentication: none` is still the base's.
    assert findings(item, "security-endpoint-auth") == [("fail", "spec.network.ingress", "deploy.yaml", 9, 14)]


@pytest.mark.parametrize(("spec", "file", "line"), [("spec: {regimes: []}\n", "deploy.yaml", 7), ("", "base.yaml", 5)])
def test_what_is_missing_everywhere_points_to_its_nearest_parent_the_descriptors_first(
    spec: str, file: str, line: int, here: Path, run: Callable[..., Ran]
) -> None:
    written(here / "base.yaml", BASE)
    written(here / "deploy.yaml", TOP + spec)
    item = assessed(run("check", *DAY, "--format", "json", "deploy.yaml"))
    assert findings(item, "security-threat-model") == [("fail", "spec.security.threatModel", file, line, 1)]


def test_lists_of_named_items_merge_by_name_and_others_replace(here: Path, run: Callable[..., Ran]) -> None:
    written(here / "base.yaml", BASE)
    written(
        here / "deploy.yaml",
        TOP
        + """\
spec:
  inputs:
    guards:
      - {name: injection, action: block, onPath: true, failClosed: true}
""",
    )
    item = assessed(run("check", *DAY, "--format", "json", "deploy.yaml"))
    assert findings(item, "input-injection-defence")[0][0] == "pass"
    assert findings(item, "input-content-classification")[0][0] == "pass"


def test_null_removes_what_a_base_says(here: Path, run: Callable[..., Ran]) -> None:
    written(here / "base.yaml", BASE)
    written(here / "deploy.yaml", TOP + "spec:\n  inputs: null\n  serving:\n    hosting: null\n")
    assert problems(run("check", *DAY, "deploy.yaml")) == [
        "deploy.yaml:10:14: wrong-type: `spec.serving.hosting` is empty, which is not allowed",
    ]
    written(here / "deploy.yaml", TOP + "spec:\n  inputs:\n    guards: null\n")
    item = assessed(run("check", *DAY, "--format", "json", "deploy.yaml"))
    assert [found[0] for found in findings(item, "input-injection-defence")] == ["fail"]


def test_an_empty_list_says_that_there_is_none_and_replaces(here: Path, run: Callable[..., Ran]) -> None:
    written(here / "base.yaml", BASE)
    written(here / "deploy.yaml", TOP + "spec:\n  inputs: {guards: []}\n")
    item = assessed(run("check", *DAY, "--format", "json", "deploy.yaml"))
    assert item["declaredNone"] == ["spec.inputs.guards"]
    assert [found[:3] for found in findings(item, "input-injection-defence")] == [
        ("fail", "spec.inputs.guards", "deploy.yaml")
    ]


def test_a_base_may_extend_a_base_relative_to_its_own_file(here: Path, run: Callable[..., Ran]) -> None:
    written(here / "shared/base.yaml", BASE)
    written(
        here / "shared/eu/base.yaml",
        HEAD
        + "kind: LLMDeploymentBase\nmetadata: {extends: ../base.yaml}\nspec: {serving: {hosting: self-managed-vm}}\n",
    )
    written(here / "prod/deploy.yaml", TOP.replace("base.yaml", "../shared/eu/base.yaml"))
    ran = run("check", *DAY, "--format", "json", "prod/deploy.yaml")
    assert assessed(ran)["id"] == "production/assistant"
    assert [item["file"] for item in json.loads(ran.out)["inputs"]] == [
        "prod/deploy.yaml",
        "shared/base.yaml",
        "shared/eu/base.yaml",
    ]


def test_two_environments_of_one_base_are_assessed_and_the_base_is_not(here: Path, run: Callable[..., Ran]) -> None:
    written(here / "base.yaml", BASE)
    written(here / "prod.yaml", TOP)
    written(here / "staging.yaml", TOP.replace("production", "staging"))
    found = json.loads(run("check", *DAY, "--format", "json", ".").out)
    assert [item["id"] for item in found["assessments"]] == ["production/assistant", "staging/assistant"]
    assert found["unassessed"] == []


def test_standard_input_extends_relative_to_the_working_directory(here: Path, run: Callable[..., Ran]) -> None:
    written(here / "base.yaml", BASE)
    assert assessed(run("check", *DAY, "--format", "json", "-", stdin=TOP))["file"] == "<stdin>"


def test_the_place_of_a_floor_is_the_descriptors_and_not_the_bases(here: Path, run: Callable[..., Ran]) -> None:
    written(here / "shared/base.yaml", BASE)
    written(here / "prod/deploy.yaml", TOP.replace("base.yaml", "../shared/base.yaml"))
    written(
        here / ".psfpolicy.yaml", "gates:\n  - {paths: [prod], gate: strict}\n  - {paths: [shared], gate: baseline}\n"
    )
    item = assessed(run("check", *DAY, "--gate", "advisory", "--format", "json", "prod"))
    assert item["gate"]["name"] == "strict"


def test_a_cycle_is_told_at_the_key_that_closes_it(here: Path, run: Callable[..., Ran]) -> None:
    written(here / "base.yaml", HEAD + "kind: LLMDeploymentBase\nmetadata: {extends: other.yaml}\n")
    written(here / "other.yaml", HEAD + "kind: LLMDeploymentBase\nmetadata: {extends: base.yaml}\n")
    written(here / "deploy.yaml", TOP)
    assert problems(run("check", *DAY, "deploy.yaml")) == [
        "other.yaml:3:21: extends-cycle: `base.yaml` leads back to a file that extends it",
    ]
    written(here / "self.yaml", TOP.replace("base.yaml", "self.yaml"))
    assert problems(run("check", *DAY, "self.yaml")) == [
        "self.yaml:6:12: extends-cycle: `self.yaml` leads back to a file that extends it",
    ]


def test_there_is_an_end_to_the_levels_of_bases(here: Path, run: Callable[..., Ran]) -> None:
    for level in range(1, 18):
        extends = f"metadata: {{extends: base-{level + 1}.yaml}}\n" if level < 17 else ""
        written(here / f"base-{level}.yaml", BASE.replace("metadata:\n  owner: {team: ml-platform}\n", extends))
    written(here / "deep.yaml", TOP.replace("base.yaml", "base-2.yaml"))
    written(here / "deeper.yaml", TOP.replace("base.yaml", "base-1.yaml"))
    assert run("check", *DAY, "deep.yaml").code == 1
    assert problems(run("check", *DAY, "deeper.yaml")) == [
        "base-16.yaml:3:21: extends-cycle: more than 16 levels of bases",
    ]


@pytest.mark.parametrize(
    ("extends", "problem"),
    [
        ("../outside.yaml", "extends-outside: `../outside.yaml` lies outside the repository"),
        ("link.yaml", "extends-outside: `link.yaml` lies outside the repository"),
        ("folder/outside.yaml", "extends-outside: `folder/outside.yaml` lies outside the repository"),
        ("/etc/hostname", "extends-outside: `/etc/hostname` is an absolute path"),
        ("missing.yaml", "extends-missing: `missing.yaml` is no file"),
        (".", "extends-missing: `.` is no file"),
        ("dangling.yaml", "extends-missing: `dangling.yaml` is no file"),
        ("x" * 300, f"extends-missing: `{'x' * 300}` is no file"),
        ('"a\\0b"', "extends-missing: `a\\x00b` is no file"),
        ("pipe", "extends-missing: `pipe` is no file"),
        (
            "descriptor.yaml",
            "extends-no-base: `descriptor.yaml` holds no documents with `kind: LLMDeploymentBase`, and must hold one",
        ),
        (
            "empty.yaml",
            "extends-no-base: `empty.yaml` holds no documents with `kind: LLMDeploymentBase`, and must hold one",
        ),
        ("two.yaml", "extends-no-base: `two.yaml` holds 2 documents with `kind: LLMDeploymentBase`, and must hold one"),
    ],
)
def test_what_is_no_base_of_the_repository_is_told_where_it_is_named(
    extends: str, problem: str, here: Path, run: Callable[..., Ran]
) -> None:
    written(here / "../outside.yaml", BASE)
    (here / "link.yaml").symlink_to("../outside.yaml")
    (here / "folder").symlink_to("..")
    (here / "dangling.yaml").symlink_to("nowhere.yaml")
    os.mkfifo(here / "pipe")
    written(here / "descriptor.yaml", BASE.replace("LLMDeploymentBase", "LLMDeployment"))
    written(here / "empty.yaml", "")
    written(here / "two.yaml", BASE + "---\n" + BASE)
    written(here / "deploy.yaml", TOP.replace("base.yaml", extends))
    assert problems(run("check", *DAY, "deploy.yaml")) == [f"deploy.yaml:6:12: {problem}"]


def test_without_a_repository_a_base_lies_beside_its_descriptor(
    here: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("psfpolicy.loading.repository_of", lambda _start: None)
    written(here / "base.yaml", BASE)
    written(here / "deploy.yaml", TOP)
    written(here / "prod/deploy.yaml", TOP.replace("base.yaml", "../base.yaml"))
    assert run("check", *DAY, "deploy.yaml").code == 1
    (problem,) = problems(run("check", *DAY, "prod/deploy.yaml"))
    assert problem == (
        "prod/deploy.yaml:6:12: extends-outside: "
        "`../base.yaml` lies outside this file's folder, and no repository holds both"
    )


def test_mistakes_of_the_descriptor_and_of_every_base_are_told_in_one_run(here: Path, run: Callable[..., Ran]) -> None:
    written(here / "root.yaml", BASE.replace("hosting: on-prem", "hosting: on-premises"))
    written(
        here / "base.yaml",
        HEAD + "kind: LLMDeploymentBase\nmetadata: {extends: root.yaml}\nspec: {modle: {}}\n",
    )
    written(here / "deploy.yaml", TOP + "oops: 1\n")
    assert problems(run("check", *DAY, "deploy.yaml")) == [
        "deploy.yaml:7:1: unknown-key: the document has no key `oops`",
        "base.yaml:4:8: unknown-key: `spec` has no key `modle`",
        "root.yaml:9:22: not-allowed: `spec.serving.hosting` is `on-premises`, which is not allowed",
    ]


def test_a_base_that_cannot_be_read_is_told_in_its_own_file(here: Path, run: Callable[..., Ran]) -> None:
    written(here / "base.yaml", "spec: [\n")
    written(here / "deploy.yaml", TOP)
    assert problems(run("check", *DAY, "deploy.yaml")) == [
        "base.yaml:2:1: unclosed-bracket: the file ends inside a list or map in brackets",
    ]


def test_what_does_not_agree_between_a_base_and_its_descriptor_is_told_where_it_is_written(
    here: Path, run: Callable[..., Ran]
) -> None:
    written(here / "base.yaml", BASE + "    abuseAlert: abuse\n")
    written(here / "deploy.yaml", TOP + "spec: {serving: {replicas: {min: 3, max: 2}}}\n")
    found = problems(run("check", *DAY, "deploy.yaml"))
    assert [problem.split(": ")[:2] for problem in found] == [
        ["deploy.yaml:7:34", "contradiction"],
        ["base.yaml:16:17", "unknown-name"],
    ]


def test_a_base_in_a_folder_is_validated_even_where_nothing_extends_it(here: Path, run: Callable[..., Ran]) -> None:
    written(here / "base.yaml", BASE + "oops: 1\n")
    assert problems(run("check", *DAY, ".")) == ["base.yaml:16:1: unknown-key: the document has no key `oops`"]


def test_a_base_of_many_documents_is_read_once(
    here: Path, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    plain_open = Path.open

    def counted(self: Path, *words: Any, **options: Any) -> Any:
        opened.append(self.name)
        return plain_open(self, *words, **options)

    written(here / "base.yaml", BASE)
    written(here / "deploy.yaml", "---\n".join(TOP.replace("assistant", f"assistant-{n}") for n in range(3)))
    monkeypatch.setattr(Path, "open", counted)
    assert run("check", *DAY, "deploy.yaml").code == 1
    assert opened.count("base.yaml") == 1
