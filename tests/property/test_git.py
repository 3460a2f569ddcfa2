"""Laws of git: a revision looks as its work tree does, and what a file names is never missed."""

from __future__ import annotations

import glob
import json
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from psfpolicy import source
from psfpolicy.errors import DocumentError
from psfpolicy.files import DISK
from psfpolicy.holding import leads
from psfpolicy.revision import repository
from tests.scratch import ENVIRONMENT, Scratch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psfpolicy.files import Files

NAMES = st.sampled_from(["a", "b", ".c", "d.yaml", "[e]", "f g", "é", "A"])
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
LINKS = st.dictionaries(
    PATHS, st.sampled_from([".", "..", "./b", "a", "../a", "nowhere", "../A", "d.yaml", "/nowhere"]), max_size=4
)
PARTS = st.sampled_from(
    [
        "a",
        "b",
        ".c",
        "*",
        "**",
        "?",
        ".*",
        "*.yaml",
        "[ab]",
        "[!a]",
        "[[]e]",
        "..",
        ".",
        "",
        "é",
        "A*",
        "a**",
        "[",
        "d.yaml",
    ]
)
# What goes up and then everywhere would walk what else is on the machine.
PATTERNS = (
    st.lists(PARTS, min_size=1, max_size=4).map("/".join).filter(lambda text: not (".." in text and "**" in text))
)
SPELLINGS = [
    "spec: {{evidence: [{0}]}}",
    "spec:\n  evidence: [{0}, {0}] # why",
    "spec:\n  evidence:\n    - {0}\n    - b.yaml\n",
    "spec:\n  evidence:\n  - {0}\n",
    "spec:\n  evidence:\n    # why\n    - {0}\n",
    "spec:\n  evidence:\n    - {0}\n\n    - late.yaml\n",
    "spec:\n  evidence: [\n    {0},\n    b.yaml,\n  ]\n",
    "spec:\n  evidence: &e\n    - {0}\n",
    "spec:\n  evidence: !!seq [{0}]\n",
    "spec:\n  ? evidence\n  : [{0}]\n",
    "spec:\n  evidence :\n    - {0}\n",
    "spec:\n  'evidence': [{0}]\n",
    'spec:\n  "ev\\u0069dence": [{0}]\n',
    "x: &m\n  evidence: [{0}]\nspec:\n  <<: *m\n",
    "x: &i {0}\nspec:\n  evidence: [*i]\n",
    "spec:\n  evidence:\n    - >-\n      {0}\n",
    "spec:\n  evidence:\n    - a.yaml\n    - |-\n      {0}\n",
    "spec:\n  evidence:\n    - a.yaml # evidence: x\n    -   {0}\n",
    "spec:\n  evidence:\n    - a\n      {0}\n",
    "metadata:\n  extends: a\n    {0}\n",
    "metadata: {{extends: {0}}}",
    "metadata:\n  extends: {0}\n",
    "metadata:\n  extends:\n    {0}\n",
    "metadata:\n  extends: &b {0}\n",
    "metadata:\n  extends: >-\n    {0}\n",
    "metadata:\n  extends: {0} # why\nspec:\n  evidence: [{0}]\n",
    "---\nmetadata:\n  extends: {0}\n---\nmetadata:\n  extends: c.yaml\n",
]
ITEMS = st.sampled_from(
    [
        "a.yaml",
        "'a b.yaml'",
        '"k8s/**/*.yaml"',
        "k8s/*.yaml",
        "../a.yaml",
        "it's.yaml",
        "'it''s'",
        '"q\\x61"',
        "a#b",
        "a:b",
        "~",
        "1",
    ]
)


@pytest.fixture(autouse=True)
def _apart(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def _made(folder: Path, paths: set[str], links: dict[str, str]) -> None:
    """Write what of a drawn tree can stand beside the rest."""
    for name in sorted(paths):
        path = folder / name
        if not any(parent.is_file() for parent in path.parents) and not path.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)
    for name, aim in sorted(links.items()):
        path = folder / name
        if not os.path.lexists(path) and path.parent.is_dir():
            path.symlink_to(aim)


def _matched(files: Files, folder: Path, pattern: str) -> list[str]:
    """Give what a pattern matches and is no folder: folders are no evidence."""
    found = files.glob(pattern, str(folder))
    assert len(found) == len(set(found))
    return sorted(name for name in found if not files.is_folder(os.path.join(folder, name)))  # noqa: PTH118


@settings(
    max_examples=80,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(paths=st.sets(PATHS, min_size=1, max_size=8), links=LINKS, patterns=st.lists(PATTERNS, min_size=8, max_size=16))
@example(
    paths={"a/b/d.yaml", "a/.c/d.yaml", "b"},
    links={},
    patterns=["**/d.yaml", "**", "a/**", "**/.c/*", "a/../b", "a/b/"],
)
@example(paths={"a/b/d.yaml"}, links={"b": "b"}, patterns=["**/d.yaml", "**/b", "*/*/*", "b", "b/*"])
@example(
    paths={"a/b/d.yaml"}, links={"b": "a", "A": "nowhere"}, patterns=["**/*.yaml", "b/*/d.yaml", "A", "*", "b/../b"]
)
@example(
    paths={"a/b/d.yaml"},
    links={"a/a": ".", "a/A": ".", "b": "..", "é": "."},
    patterns=["**/*.yaml", "**/**/**/d.yaml", "*/*/*/*/*/*/*/*", "../**/d.yaml"],
)
def test_a_glob_gives_the_same_of_a_commit_as_of_its_work_tree(
    paths: set[str], links: dict[str, str], patterns: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        scratch = Scratch(Path(os.path.realpath(folder)) / "r")
        scratch.start()
        _made(scratch.root, paths, links)
        scratch.commit()
        files = repository(str(scratch.root)).revision("HEAD")
        for pattern in patterns:
            of_commit, of_disk = (
                _real(
                    scratch.root,
                    [name for name in _matched(side, scratch.root, pattern) if _committed(scratch.root, name)],
                )
                for side in (files, DISK)
            )
            assert (pattern, of_commit) == (pattern, of_disk)


@settings(max_examples=100, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(paths=st.sets(PATHS, min_size=1, max_size=8), patterns=st.lists(PATTERNS, min_size=8, max_size=16))
def test_without_links_a_glob_gives_what_the_standard_library_gives(paths: set[str], patterns: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(os.path.realpath(folder))
        _made(root, paths, {})
        for pattern in patterns:
            # Of an absolute one, and behind an empty part, the standard library takes no root.
            pattern = re.sub(r"/+", "/", pattern).lstrip("/")  # noqa: PLW2901
            names = glob.glob(pattern, root_dir=root, recursive=True)  # noqa: PTH207  # as it has it
            theirs = {name for name in names if not name.endswith("/") and (root / name).is_file()}
            assert (pattern, _matched(DISK, root, pattern)) == (pattern, sorted(theirs))


def _real(root: Path, names: Iterable[str]) -> set[str]:
    return {os.path.realpath(root / name) for name in names}


def _committed(root: Path, name: str) -> bool:
    """Say whether a path, and all on its way, is in the repository and no part of git's own folder."""
    path = Path(os.path.realpath(root / name))
    return path.is_relative_to(root) and ".git" not in Path(os.path.normpath(name)).parts and ".git" not in path.parts


def _named(data: bytes) -> tuple[set[str], set[str]]:
    """Give what the parser finds: bases and globs."""
    bases: set[str] = set()
    globs: set[str] = set()
    for document in source.read(data, file="d.yaml"):
        whole: Any = document.data
        base = (whole.get("metadata") or {}).get("extends")
        bases |= {base} if isinstance(base, str) else set()
        globs |= {item for item in (whole.get("spec") or {}).get("evidence") or () if isinstance(item, str)}
    return bases, globs


@settings(deadline=None, max_examples=300)
@given(spelling=st.sampled_from(SPELLINGS), item=ITEMS, crlf=st.booleans(), mark=st.booleans())
def test_what_a_file_names_is_found_however_it_is_written(spelling: str, item: str, *, crlf: bool, mark: bool) -> None:
    text = spelling.format(item)
    data = (("\ufeff" if mark else "") + (text.replace("\n", "\r\n") if crlf else text)).encode()
    try:
        bases, globs = _named(data)
    except (DocumentError, AttributeError):
        return
    found = leads(data, "d.yaml")
    assert bases <= set(found[0])
    assert globs <= set(found[1])


@given(items=st.lists(st.text(max_size=8), max_size=3))
def test_what_json_names_is_found(items: list[str]) -> None:
    data = json.dumps({"spec": {"evidence": items}}).encode()
    assert set(items) <= set(leads(data, "d.json")[1])
