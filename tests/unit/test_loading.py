from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from psfpolicy.loading import Loaded, load
from psfpolicy.model.report import InputFile, Position, Problem
from psfpolicy.targets import Target

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "apiVersion: psfpolicy/v1\nkind: LLMDeployment\n"
BODY = """\
metadata: {name: notes, environment: production}
spec:
  purpose: {summary: Drafts notes}
  model: {id: microsoft/phi-4}
  serving: {hosting: on-prem}
"""
VALID = HEAD + BODY


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def named(path: str) -> Target:
    return Target(path, path, named=True, stream=False)


def found(path: str) -> Target:
    return Target(path, path, named=False, stream=False)


def problems(loaded: Loaded) -> list[tuple[str, str]]:
    assert loaded.documents == ()
    assert loaded.unassessed is not None
    return [(f"{spot(problem.place)}: {problem.code}", problem.message) for problem in loaded.unassessed.problems]


def spot(place: Position | None) -> str:
    return "nowhere" if place is None else f"{place.file}:{place.start_line}:{place.start_column}"


def test_a_file_gives_its_descriptors_its_digest_and_its_text(here: Path) -> None:
    (here / "a.yaml").write_text(VALID + "---\n" + VALID.replace("notes", "other"))
    loaded = load(named("a.yaml"))
    assert [document.index for document in loaded.documents] == [0, 1]
    assert loaded.inputs == (InputFile(file="a.yaml", sha256=sha256((here / "a.yaml").read_bytes()).hexdigest()),)
    assert loaded.texts["a.yaml"].line(2) == "kind: LLMDeployment"
    assert loaded.unassessed is None


def test_standard_input_is_what_the_run_was_given() -> None:
    target = Target("-", "<stdin>", named=True, stream=True)
    assert len(load(target, VALID.encode()).documents) == 1
    assert [code for code, _ in problems(load(target, b""))] == ["<stdin>:1:1: no-descriptor"]


def test_the_text_of_a_file_is_kept_without_its_secrets(here: Path) -> None:
    secret = "hf_" + "A1b2C3d4E5" * 3 + "AbCd"
    (here / "a.yaml").write_text(f"# {secret}\n{VALID}")
    assert load(named("a.yaml")).texts["a.yaml"].line(1) == "# hf_…[masked]"


def test_a_file_that_is_too_large_is_not_read_to_its_end_and_has_no_digest(here: Path) -> None:
    (here / "a.yaml").write_bytes(b"#" * (10 * 1024**2 + 2))
    loaded = load(named("a.yaml"))
    assert problems(loaded) == [("a.yaml:1:1: too-large", "the file has more than 10 MiB")]
    assert (loaded.inputs, dict(loaded.texts)) == ((), {})


def test_a_file_that_cannot_be_opened_says_why(here: Path) -> None:
    (here / "a.yaml").mkdir()
    assert problems(load(named("a.yaml"))) == [
        ("a.yaml:1:1: unreadable", "the file cannot be read: Is a directory"),
    ]


@pytest.mark.parametrize(
    "head",
    [
        "apiVersion: psfpolicy/v1\n",
        "kind: LLMDeployment\n",
        "apiVersoin: psfpolicy/v1\nkind: LLMDeploymnt\n",
        "apiVersion: PSFPolicy/V1\n",
        "apiVersion: psfpolicy/v2\n",
        "apiVersion: v1\nkind: LLMDeploymentBase\n",
    ],
)
def test_a_document_that_means_to_be_a_descriptor_is_never_passed_over(head: str, here: Path) -> None:
    (here / "a.yaml").write_text(head + BODY)
    assert load(found("a.yaml")).unassessed is not None


@pytest.mark.parametrize(
    "text",
    [
        "# psfpolicy/v1\n",
        "apiVersion: v1\nkind: ConfigMap\ndata: {a: psfpolicy/v1}\n",
        "- psfpolicy/v1\n",
        "schema: psfpolicy/report/v1\n",
        "apiVersion: psfpol/v1\nmetadata: {}\n",
    ],
)
def test_a_document_of_somebody_else_is_left_alone_unless_it_is_named(text: str, here: Path) -> None:
    (here / "a.yaml").write_text(text)
    passed_over = load(found("a.yaml"))
    assert (passed_over.documents, passed_over.unassessed) == ((), None)
    assert load(named("a.yaml")).unassessed is not None


def test_a_descriptor_beside_other_documents_is_read(here: Path) -> None:
    (here / "a.yaml").write_text("kind: ConfigMap\n---\n" + VALID)
    assert [document.index for document in load(named("a.yaml")).documents] == [1]


def test_a_slip_in_both_words_of_a_named_file_is_still_explained(here: Path) -> None:
    (here / "a.yaml").write_text("apiVersion: psfpolcy/v1\nkind: LLMDeploymnt\n" + BODY)
    assert problems(load(named("a.yaml"))) == [
        ("a.yaml:1:13: not-allowed", "`apiVersion` is `psfpolcy/v1`, which is not allowed"),
        ("a.yaml:2:7: not-allowed", "`kind` is `LLMDeploymnt`, which is not allowed"),
    ]


def test_a_named_file_that_holds_only_a_base_is_not_assessed(here: Path) -> None:
    (here / "a.yaml").write_text("apiVersion: psfpolicy/v1\nkind: LLMDeploymentBase\n")
    assert load(found("a.yaml")).unassessed is None
    assert problems(load(named("a.yaml"))) == [
        ("a.yaml:1:1: no-descriptor", "the file holds only a base, which is never assessed alone"),
    ]


def test_mistakes_of_all_documents_are_told_and_no_descriptor_is_given(here: Path) -> None:
    (here / "a.yaml").write_text(VALID + "---\n" + VALID + "oops: 1\n---\n" + VALID + "ups: 1\n")
    assert problems(load(named("a.yaml"))) == [
        ("a.yaml:16:1: unknown-key", "the document has no key `oops`"),
        ("a.yaml:25:1: unknown-key", "the document has no key `ups`"),
    ]


def test_a_mistake_is_shown_with_its_line_and_without_secrets(here: Path) -> None:
    secret = "hf_" + "A1b2C3d4E5" * 3 + "AbCd"
    (here / "a.yaml").write_text(VALID + f"oops: {secret}\n")
    loaded = load(named("a.yaml"))
    assert loaded.unassessed is not None
    (problem,) = loaded.unassessed.problems
    assert problem == Problem(
        code="unknown-key",
        message="the document has no key `oops`",
        hint=problem.hint,
        place=Position(file="a.yaml", start_line=8, start_column=1, end_line=8, end_column=5),
        excerpt="oops: hf_…[masked]",
    )
