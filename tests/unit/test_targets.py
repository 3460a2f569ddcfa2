from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from psfpolicy.errors import NotAssessedError, NothingToAssessError, UsageError
from psfpolicy.targets import Target, display_name, repository_of, searched, targets

if TYPE_CHECKING:
    from pathlib import Path

DESCRIPTOR = "apiVersion: psfpolicy/v1\nkind: LLMDeployment\n"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(path: Path, text: str | bytes = DESCRIPTOR) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def names(*paths: str) -> list[str]:
    return [target.name for target in targets(paths)]


def test_named_files_come_first_in_their_order_then_those_of_folders_by_name(here: Path) -> None:
    for name in ("b.yaml", "a.yaml", "sub/d.json", "sub/c.yml"):
        written(here / name)
    assert names(".", "b.yaml") == ["b.yaml", "a.yaml", "sub/c.yml", "sub/d.json"]
    assert [target.named for target in targets([".", "b.yaml"])] == [True, False, False, False]


def test_a_file_is_a_target_once_however_it_is_named(here: Path) -> None:
    written(here / "a.yaml")
    (here / "link.yaml").symlink_to("a.yaml")
    assert names("a.yaml", "./a.yaml", str(here / "a.yaml"), "link.yaml", ".") == ["a.yaml"]


@pytest.mark.usefixtures("here")
def test_standard_input_is_a_target_without_a_folder() -> None:
    assert targets(["-", "-"]) == (Target("-", "<stdin>", named=True, stream=True),)


def test_a_pipe_is_a_target_without_a_folder(here: Path) -> None:
    os.mkfifo(here / "pipe")
    assert targets(["pipe"]) == (Target("pipe", "pipe", named=True, stream=True),)


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt",
        "plain.yaml.bak",
        ".git/a.yaml",
        ".venv/a.yaml",
        "node_modules/x/a.yaml",
        ".terraform/a.yaml",
        "__pycache__/a.yaml",
    ],
)
def test_some_files_of_a_folder_are_passed_over(name: str, here: Path) -> None:
    written(here / name)
    with pytest.raises(NothingToAssessError):
        targets(["."])


@pytest.mark.parametrize(
    "name", ["a.yaml", "a.YAML", "a.yml", "a.json", ".hidden.yaml", ".github/a.yaml", "build/a.yaml"]
)
def test_other_files_of_a_folder_are_not(name: str, here: Path) -> None:
    written(here / name)
    assert names(".") == [name]


@pytest.mark.parametrize(
    "content",
    [
        b"apiVersion: psfpolicy/v9\n",
        b"kind: LLMDeploymentBase\n",
        b"{[ psfpolicy/",
        b"\xff psfpolicy/",
        DESCRIPTOR.encode("utf-16-le"),
        DESCRIPTOR.encode("utf-16-be"),
        DESCRIPTOR.encode("utf-16"),
    ],
)
def test_a_file_that_mentions_a_descriptor_is_a_target_whatever_else_it_is(content: bytes, here: Path) -> None:
    written(here / "a.yaml", content)
    assert names(".") == ["a.yaml"]


@pytest.mark.parametrize(
    "content", [b"", b"kind: Deployment\n", b'{\n  "schema": "psfpolicy/report/v1",\n  "tool": {}\n}\n']
)
def test_a_file_that_mentions_none_and_a_report_are_no_targets(content: bytes, here: Path) -> None:
    written(here / "a.json", content)
    with pytest.raises(NothingToAssessError):
        targets(["."])


def test_a_pipe_and_a_dangling_link_in_a_folder_are_passed_over(here: Path) -> None:
    os.mkfifo(here / "pipe.yaml")
    (here / "link.yaml").symlink_to("nowhere")
    written(here / "a.yaml")
    assert names(".") == ["a.yaml"]


def test_without_a_path_the_repository_is_searched(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(here / "deploy/a.yaml")
    (here / "src").mkdir()
    monkeypatch.chdir(here / "src")
    assert names() == ["../deploy/a.yaml"]


def test_outside_a_repository_the_working_directory_is_searched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path / "a.yaml")
    written(tmp_path / "work/b.yaml")
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr("psfpolicy.targets.repository_of", lambda _start: None)
    assert names() == ["b.yaml"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("", "`` does not exist"),
        ("missing.yaml", "`missing.yaml` does not exist"),
        ("a.yaml/b", "`a.yaml/b` does not exist"),
        ("link.yaml", "`link.yaml` is no file or folder"),
        ("x" * 300, f"`{'x' * 300}` cannot be looked at: File name too long"),
        ("a\0b", "`a\0b` cannot be looked at: embedded null byte"),
    ],
)
def test_a_path_that_leads_to_no_file_or_folder_is_refused_whatever_else_is_named(
    path: str, message: str, here: Path
) -> None:
    written(here / "a.yaml")
    (here / "link.yaml").symlink_to("nowhere")
    with pytest.raises(UsageError) as raised:
        targets(["a.yaml", path])
    assert raised.value.message == message


def test_a_folder_that_cannot_be_searched_is_not_passed_over(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(here / "a.yaml")
    (here / "closed").mkdir()
    scandir = os.scandir

    def refused(path: str) -> object:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(NotAssessedError) as raised:
        targets(["."])
    assert raised.value.message == "the folder `closed` cannot be searched: Permission denied"


@pytest.mark.parametrize(
    ("path", "name"),
    [("a.yaml", "a.yaml"), ("./b/../a.yaml", "a.yaml"), ("../a.yaml", "../a.yaml"), ("a\udcff.yaml", "a\\xff.yaml")],
)
def test_a_file_is_shown_by_its_way_from_the_working_directory(path: str, name: str, here: Path) -> None:
    assert display_name(path) == name
    assert display_name(str(here / path)) == name


def test_a_repository_is_marked_by_a_folder_or_by_the_file_of_a_worktree(here: Path) -> None:
    written(here / "worktree/.git", "gitdir: elsewhere\n")
    (here / "worktree/deep").mkdir()
    (here / "sub").mkdir()
    real = os.path.realpath(here)
    assert str(repository_of(here / "sub")) == real
    assert str(repository_of(here / "worktree/deep")) == f"{real}/worktree"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a.yaml", True),
        (".", True),
        ("deploy/a.yaml", True),
        ("venv", True),
        ("venv/a.yaml", False),
        ("a/.git/b", False),
    ],
)
def test_a_search_comes_to_a_file_in_no_folder_of_tools(name: str, *, found: bool) -> None:
    assert searched(name) is found
