from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from psfpolicy.files import DISK
from psfpolicy.globbing import OutsideError, matching
from psfpolicy.revision import repository

if TYPE_CHECKING:
    from tests.scratch import Scratch

CIRCLES = [f"l{number}" for number in range(12)]


@pytest.fixture
def circles(scratch: Scratch) -> Scratch:
    """A commit with a file in a folder, and many links in circles, through which `glob` finds it without end."""
    scratch.write({"a/b/d.yaml": "d"})
    for name in CIRCLES:
        (scratch.root / name).symlink_to(".")
        (scratch.root / "a" / name).symlink_to("..")
    scratch.commit()
    return scratch


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("**/*.yaml", ["a/b/d.yaml"]),
        ("**/**/**/**/d.yaml", ["a/b/d.yaml"]),
        ("*/*/*/*/*/*/*/*/*/*/*/d.yaml", ["/a/b/d.yaml"]),
        ("l0/l1/a/b/*", ["l0/l1/a/b/d.yaml"]),
        ("./a/../a/b/d.yaml", ["./a/../a/b/d.yaml"]),
        ("a/b/..", ["a/b/.."]),
        ("a/.?", []),
        ("/a/b/*", []),
    ],
)
def test_circles_of_links_are_gone_through_once(circles: Scratch, pattern: str, found: list[str]) -> None:
    for files in (DISK, repository().revision("HEAD")):
        matched = files.glob(pattern, str(circles.root))
        assert len(matched) == len(found)
        assert all(name.endswith(end) for name, end in zip(matched, found, strict=True))


def test_a_way_without_links_is_preferred(scratch: Scratch) -> None:
    (scratch.root / "A").symlink_to("k8s")
    scratch.commit({"k8s/a.yaml": "a"})
    for files in (DISK, repository().revision("HEAD")):
        assert files.glob("*/*.yaml", str(scratch.root)) == ["k8s/a.yaml"]
        assert files.glob("A/*.yaml", str(scratch.root)) == ["A/a.yaml"]


def test_a_folder_that_cannot_be_searched_has_no_names(scratch: Scratch) -> None:
    assert DISK.names(os.path.join(scratch.root, "nowhere")) == []  # noqa: PTH118
    assert DISK.stamp("nowhere") == ()


class _Counted:
    """A tree of folders in which every folder has two more, and which says what was looked into."""

    def __init__(self) -> None:
        self.searched: list[str] = []

    def names(self, folder: str) -> list[str]:
        self.searched.append(folder)
        return ["a", "b"] if folder.count("/") < 4 else []

    def inner(self, folder: str, name: str) -> str | None:
        path = f"{folder.rstrip('/')}/{name}"
        return {"/r/out": "/x", "/r/a": "/x/a"}.get(path, path)

    def holds(self, folder: str, name: str) -> bool:
        return bool(folder and name)


@pytest.mark.parametrize("pattern", ["../**", "../../**/x.yaml", "b/../../*", "*/../../**", "out/**", "../[xyz]/a"])
def test_a_wildcard_outside_of_the_root_looks_nowhere(pattern: str) -> None:
    folders = _Counted()
    with pytest.raises(OutsideError):
        matching(pattern, "/r", folders, "/r")
    assert set(folders.searched) <= {"/r"}


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("../r/b/*", ["../r/b/a", "../r/b/b"]),  # out of it, and into it again
        ("../x", ["../x"]),  # what is named can be said to be outside
        ("*/a", ["b/a", "a/a"]),  # a link that a wildcard matches, likewise
        ("*/b/*", ["b/b/a", "b/b/b", "a/b/a", "a/b/b"]),
    ],
)
def test_what_looks_nowhere_outside_of_the_root_is_matched(pattern: str, found: list[str]) -> None:
    assert matching(pattern, "/r", _Counted(), "/r") == found
