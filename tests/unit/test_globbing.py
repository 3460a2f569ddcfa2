from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from psfpolicy.files import DISK
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
