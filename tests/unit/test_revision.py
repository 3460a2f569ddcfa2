from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from psfpolicy.errors import UsageError
from psfpolicy.files import DISK, KeptElsewhereError
from psfpolicy.revision import Revision, repository
from tests.scratch import Scratch

MOST = 1_000_000
ODD = [
    "with space.yaml",
    "it's.yaml",
    'quo"te.yaml',
    "line\nbreak.yaml",
    "tab\t.yaml",
    "déjà/vu.yaml",
    "back\\slash.yaml",
]
UNREADABLE = os.fsdecode(b"caf\xe9.yaml")
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 5\n"


def at(scratch: Scratch, name: str) -> str:
    return os.path.join(os.path.realpath(scratch.root), name)  # noqa: PTH118


@pytest.mark.parametrize("name", [*ODD, UNREADABLE])
def test_a_file_of_any_name_is_read_and_seen_to_change(scratch: Scratch, name: str) -> None:
    scratch.commit({name: "one"})
    base = repository().revision("HEAD")
    scratch.commit({name: "two"})
    assert base.read(at(scratch, name), MOST) == b"one"
    assert base.is_file(at(scratch, name))
    assert repository().changed(base, repository().revision("HEAD")) == {name}
    assert repository().mentioning(["two"], (), repository().revision("HEAD")) == (name,)
    scratch.write({name: "three"})
    assert repository().changed(repository().revision("HEAD"), None) == {name}
    assert repository().mentioning(["three"], (), None) == (name,)


def test_no_more_is_read_than_is_asked_for_and_the_next_file_is_whole(scratch: Scratch) -> None:
    scratch.commit({"a": "x" * 100_000, "b": "whole"})
    base = repository().revision("HEAD")
    assert base.read("a", 10) == b"x" * 10
    assert base.read("b", MOST) == b"whole"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("nothing", "No such file"),
        ("folder", "Is a directory"),
        ("../outside", "No such file"),
        ("circle", "Too many levels"),
        ("link-out", "No such file"),
        ("link-in", "Is a directory"),
    ],
)
def test_what_is_no_file_of_the_revision_is_an_error(scratch: Scratch, path: str, says: str) -> None:
    (scratch.root.parent / "outside").write_text("not of the commit")
    scratch.root.joinpath("circle").symlink_to("elcric")
    scratch.root.joinpath("elcric").symlink_to("circle")
    scratch.root.joinpath("link-out").symlink_to(scratch.root.parent / "outside")
    scratch.root.joinpath("link-in").symlink_to("folder")
    scratch.commit({"folder/a": "a"})
    base = repository().revision("HEAD")
    with pytest.raises(OSError, match=says):
        base.read(path, MOST)
    assert not base.is_file(path)


def test_links_in_the_tree_are_followed_as_they_were(scratch: Scratch) -> None:
    scratch.root.joinpath("link").symlink_to("folder/a")
    scratch.root.joinpath("whole").symlink_to("./folder/../folder")
    scratch.root.joinpath("absolute").symlink_to(Path(at(scratch, "folder")))
    scratch.commit({"folder/a": "was"})
    base = repository().revision("HEAD")
    scratch.root.joinpath("link").unlink()
    scratch.commit({"folder/a": "is", "link": "now a file"})
    assert {base.read(name, MOST) for name in ("link", "whole/a", "absolute/a")} == {b"was"}
    assert base.is_folder("whole")
    assert base.real("link") == at(scratch, "folder/a")
    assert base.stamp("link") == base.stamp("folder/a") != ()
    assert base.stamp("nothing") == ()


def test_a_name_that_no_file_can_have_is_none(scratch: Scratch) -> None:
    scratch.commit({"a": "a"})
    base = repository().revision("HEAD")
    assert not base.is_file("a\0b")
    with pytest.raises(ValueError, match="a"):
        base.real("a\0b")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("nowhere", "check the name, or fetch it: `git fetch origin nowhere`"),
        ("--help", "check the name"),
        ("--upload-pack=touch x", "check the name"),
        ("a;b", "check the name"),
        ("HEAD:a", "check the name"),
        ("", "name another base"),
    ],
)
def test_a_name_that_is_no_commit_is_wrong_usage_and_never_an_option(scratch: Scratch, name: str, hint: str) -> None:
    scratch.commit({"a": "a"})
    with pytest.raises(UsageError, match="git knows no commit") as raised:
        repository().revision(name)
    assert raised.value.hint == hint


def test_tags_branches_and_ancestors_are_commits(scratch: Scratch) -> None:
    first = scratch.commit({"a": "a"})
    scratch.git("tag", "-a", "v1", "-m", "annotated")
    scratch.commit({"a": "b"})
    scratch.git("checkout", "-q", "--detach")
    assert {repository().revision(name).commit for name in ("v1", "HEAD~1", first[:8])} == {first}
    assert repository().date(repository().revision("v1")) == "2026-11-20"


def test_a_shallow_clone_says_what_to_fetch(scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = scratch.commit({"a": "a"})
    scratch.git("checkout", "-q", "-b", "other")
    scratch.commit({"a": "b"})
    scratch.git("checkout", "-q", "main")
    scratch.commit({"a": "c"})
    scratch.git("clone", "-q", "--depth=1", "--no-single-branch", f"file://{scratch.root}", str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    where = repository()
    with pytest.raises(UsageError) as unknown:
        where.revision(first)
    with pytest.raises(UsageError, match="no commit in common") as apart:
        where.merge_base(where.revision("origin/main"), where.revision("origin/other"))
    assert "`fetch-depth: 0`" in str(unknown.value.hint)
    assert "`fetch-depth: 0`" in str(apart.value.hint)


def test_histories_that_share_nothing_have_no_base(scratch: Scratch) -> None:
    scratch.commit({"a": "a"})
    scratch.git("checkout", "-q", "--orphan", "other")
    scratch.commit({"b": "b"})
    where = repository()
    with pytest.raises(UsageError, match="no commit in common") as raised:
        where.merge_base(where.revision("main"), where.revision("other"))
    assert raised.value.hint == "name another base"


def test_outside_a_repository_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="no git repository"):
        repository()


def test_without_git_that_is_said(scratch: Scratch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    scratch.commit({"a": "a"})
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="git is not installed"):
        repository().revision("HEAD")


def test_a_repository_of_somebody_else_is_refused_by_git_and_that_is_said(
    scratch: Scratch, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch.commit({"a": "a"})
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(UsageError, match="dubious ownership") as raised:
        repository().revision("HEAD")
    assert "safe.directory" in str(raised.value.hint)


def test_what_a_hook_says_of_its_own_repository_is_not_ours(
    scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Scratch(tmp_path / "other")
    other.start()
    other.commit({"b": "b"})
    mine = scratch.commit({"a": "a"})
    monkeypatch.setenv("GIT_DIR", str(other.root / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.root))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.root / ".git/index"))
    monkeypatch.setenv("GIT_PREFIX", "x/")
    where = repository()
    assert where.revision("HEAD").commit == mine
    assert where.changed(where.revision("HEAD"), None) == frozenset()


def test_what_is_asked_ahead_is_asked_once_and_of_no_hook(
    scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Scratch(tmp_path / "other")
    other.start()
    other.commit({"b": "word"})
    scratch.commit({"a": "word"})
    scratch.write({"new": "word"})
    told = {"GIT_DIR": str(other.root / ".git"), "GIT_WORK_TREE": str(other.root), "GIT_INDEX_FILE": "index"}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    where = repository()
    base = where.revision("HEAD")
    where.search_ahead(["word"], [], None)
    where.compare_ahead(base, None)
    assert where.mentioning(["word"], [], None) == ("a",)
    assert where.changed(base, None) == {"new"}
    assert {name: os.environ.get(name) for name in told} == told
    for name in told:
        monkeypatch.delenv(name)
    scratch.commit()  # the next question has an answer of its own
    assert (where.mentioning(["word"], [], None), where.new()) == (("a", "new"), frozenset())


def test_what_goes_wrong_ahead_is_said_where_it_is_asked(scratch: Scratch) -> None:
    scratch.commit({"a": "a"})
    where = repository()
    gone = Revision(where.root, "0" * 40)
    where.search_ahead(["word"], [], gone)
    where.compare_ahead(gone, None)
    with pytest.raises(UsageError, match="git cannot search here"):
        where.mentioning(["word"], [], gone)
    with pytest.raises(UsageError, match="`git diff` failed"):
        where.changed(gone, None)


def test_a_worktree_is_a_root_of_its_own(scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch.commit({"a": "a"})
    scratch.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    (tmp_path / "side/a").write_text("changed here")
    monkeypatch.chdir(tmp_path / "side")
    where = repository()
    assert where.root == os.path.realpath(tmp_path / "side")
    assert where.changed(where.revision("main"), None) == {"a"}
    assert where.revision("HEAD").read("a", MOST) == b"a"


def test_a_bare_repository_has_files_by_their_names(
    scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch.commit({"folder/a": "a"})
    scratch.git("clone", "-q", "--bare", str(scratch.root), str(tmp_path / "bare.git"))
    monkeypatch.chdir(tmp_path / "bare.git")
    where = repository()
    assert where.bare
    assert where.revision("main").read("folder/a", MOST) == b"a"
    assert where.revision("main").glob("**/a", where.root) == ["folder/a"]


@pytest.fixture
def outer(scratch: Scratch, tmp_path: Path) -> Scratch:
    """A repository with a submodule `sub`, whose file `a` says `inner`."""
    inner = Scratch(tmp_path / "inner")
    inner.start()
    inner.commit({"a": "inner"})
    scratch.git("submodule", "--quiet", "add", str(inner.root), "sub")
    scratch.commit()
    return scratch


def test_what_is_in_a_submodule_is_read_from_it(outer: Scratch) -> None:
    base = repository().revision("HEAD")
    Scratch(outer.root / "sub").commit({"a": "moved on", "b": "b"})
    assert base.read("sub/a", MOST) == b"inner"
    assert base.is_folder("sub")
    assert base.glob("sub/*", at(outer, "")) == ["sub/a"]
    assert repository().changed(base, None) == {"sub"}
    outer.commit()
    assert repository().changed(base, repository().revision("HEAD")) == {"sub"}
    assert repository().revision("HEAD").read("sub/a", MOST) == b"moved on"


@pytest.mark.parametrize("content", [{"a": "dirty"}, {"new": "untracked"}])
def test_a_dirty_submodule_has_changed(outer: Scratch, content: dict[str, str]) -> None:
    Scratch(outer.root / "sub").write(content)
    assert repository().changed(repository().revision("HEAD"), None) == {"sub"}


def test_a_submodule_that_is_not_here_has_no_files(
    outer: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outer.git("clone", "-q", str(outer.root), str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    assert repository().revision("HEAD").glob("sub/*", os.path.realpath(".")) == []
    assert not repository().revision("HEAD").is_file("sub/a")


def test_renamed_deleted_new_and_ignored_files(scratch: Scratch) -> None:
    scratch.commit({"old": "x" * 100, "gone": "y", ".gitignore": "ignored\n"})
    base = repository().revision("HEAD")
    (scratch.root / "old").rename(scratch.root / "renamed")
    (scratch.root / "gone").unlink()
    scratch.write({"new": "n", "ignored": "i"})
    assert repository().changed(base, None) == {"old", "renamed", "gone", "new"}


def test_carriage_returns_that_git_adds_are_no_change(scratch: Scratch) -> None:
    scratch.git("config", "core.autocrlf", "true")
    scratch.commit({"a": "one\r\ntwo\r\n"})
    base = repository().revision("HEAD")
    assert base.read("a", MOST) == b"one\ntwo\n"
    assert repository().changed(base, None) == frozenset()


@pytest.mark.parametrize("kept", [True, False])
def test_of_a_pointer_of_lfs_the_content_is_read_or_it_is_an_error(scratch: Scratch, *, kept: bool) -> None:
    digest = "ab" * 32
    scratch.commit({"a.yaml": POINTER.format(digest)})
    if kept:
        scratch.write({f".git/lfs/objects/ab/ab/{digest}": "large"})
        assert repository().revision("HEAD").read("a.yaml", MOST) == b"large"
    else:
        with pytest.raises(KeptElsewhereError, match="`git lfs pull` gets it") as raised:
            repository().revision("HEAD").read("a.yaml", MOST)
        assert raised.value.size == 5
    with pytest.raises(KeptElsewhereError, match="`git lfs pull` gets it"):
        DISK.read("a.yaml", MOST)


@pytest.mark.parametrize("oid", ["", "../../../../etc/passwd", "x" * 64])
def test_a_pointer_leads_nowhere_else(scratch: Scratch, oid: str) -> None:
    scratch.commit({"a.yaml": f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\n"})
    with pytest.raises(KeptElsewhereError) as raised:
        repository().revision("HEAD").read("a.yaml", MOST)
    assert raised.value.size == 0


@pytest.mark.skipif(sys.platform == "win32", reason="it stands in for git by a script")
def test_a_partial_clone_never_asks_its_remote(
    scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch.commit({"a": "was"})
    scratch.commit({"a": "is"})
    scratch.git("config", "uploadpack.allowFilter", "true")
    scratch.git("clone", "-q", "--filter=blob:none", f"file://{scratch.root}", str(tmp_path / "clone"))
    monkeypatch.chdir(tmp_path / "clone")
    asked = tmp_path / "asked"
    Scratch(tmp_path / "clone").git("config", "remote.origin.uploadpack", f"touch {asked}; git-upload-pack")
    base = repository().revision("HEAD~1")
    with pytest.raises(OSError, match="not in this clone"):
        base.read("a", MOST)
    assert repository().changed(base, repository().revision("HEAD")) == {"a"}
    assert not asked.exists()


def test_nothing_of_the_repository_is_written(scratch: Scratch) -> None:
    scratch.commit({"a": "a"})
    before = {path: path.stat().st_mtime_ns for path in (scratch.root / ".git").rglob("*")}
    base = repository().revision("HEAD")
    repository().changed(base, None)
    repository().mentioning(["a"], (), base)
    base.read("a", MOST)
    assert {path: path.stat().st_mtime_ns for path in (scratch.root / ".git").rglob("*")} == before


def test_a_search_that_git_cannot_make_is_an_error(scratch: Scratch) -> None:
    scratch.commit({"a": "a"})
    with pytest.raises(UsageError, match="git cannot search here"):
        repository().mentioning(["a"], (), Revision(str(scratch.root), "0" * 40))
    assert repository().mentioning(["nowhere"], (), None) == ()


@pytest.mark.parametrize("path", ["outer/r/a", "absolute/../folder/b"])
def test_a_way_out_of_the_repository_and_into_it_again_is_followed(scratch: Scratch, path: str) -> None:
    scratch.root.joinpath("outer").symlink_to("..")
    scratch.root.joinpath("absolute").symlink_to(Path(at(scratch, "folder")))
    scratch.root.joinpath("a").symlink_to("folder/b")
    scratch.commit({"folder/b": "b"})
    name = path.replace("/r/", f"/{scratch.root.name}/")
    assert repository().revision("HEAD").read(name, MOST) == b"b"


def test_a_revision_near_another_has_the_files_that_it_has_by_itself(outer: Scratch) -> None:
    outer.commit({"gone": "1", "to/link": "2", "changed": "3", "plain": "4"})
    before = repository().revision("HEAD")
    (outer.root / "gone").unlink()
    (outer.root / "to/link").unlink()
    outer.root.joinpath("to/link").symlink_to("../plain")
    Scratch(outer.root / "sub").commit({"b": "b"})
    outer.commit({"changed": "5", "new/file": "6"})
    near = repository().revision("HEAD", before)
    names = near.glob("**/*", at(outer, ""))
    assert sorted(names) == sorted(repository().revision("HEAD").glob("**/*", at(outer, "")))
    assert {"sub/b", "new/file", "to/link"} <= set(names)
    assert [near.read(name, MOST) for name in ("changed", "to/link", "sub/b")] == [b"5", b"4", b"b"]
    outer.git("rm", "-q", "-f", "sub")
    outer.commit({"sub": "a file now"})
    assert repository().revision("HEAD", near).read("sub", MOST) == b"a file now"


def test_many_are_read_at_once_but_for_those_that_need_care(outer: Scratch) -> None:
    outer.root.joinpath("link").symlink_to("a")
    outer.commit({"a": "same", "b": "same", "large": "x" * 100, "lfs": POINTER.format("ab" * 32), "odd\nname": "c"})
    head = repository().revision("HEAD")
    names = ["a", "b", "large", "lfs", "odd\nname", "link", "sub/a", "nowhere"]
    assert dict(head.read_many(names, 99)) == {"a": b"same", "b": b"same", "odd\nname": b"c"}
    assert dict(head.read_many([], 99)) == {}
