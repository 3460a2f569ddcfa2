"""The part of a tree of policy that some files can reach: OPA compiles it in a fraction of the time.

What a file refers to is read from its text, and any mention of `data` counts: too much is taken along rather than too
little.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_Ref: TypeAlias = tuple[str, ...]

_PACKAGE: Final = re.compile(r"^\s*package\s+([\w.]+)\s*(?:#.*)?$", re.MULTILINE)
# Neither a key (`spec.data`) nor a text (`"data"`), and nothing in a line that is a comment as a whole.
_REFERENCE: Final = re.compile(r"""(?<![\w."'])data\b((?:\s*\.\s*\w+)*)""")
_COMMENT: Final = re.compile(r"^\s*#.*$", re.MULTILINE)
_ROOT: Final = "psfpolicy"
REPORT: Final = "rego/psfpolicy/report.rego"
"""The file of the entry points."""
_DOMAINS: Final = "rego/psfpolicy/controls"
"""Annotations of a domain reach its controls without any reference."""


class _Source(NamedTuple):
    package: _Ref
    """Empty where it cannot be told: then the file is about everything."""
    text: str


def cut(tree: Path, files: Iterable[str], target: Path) -> None:
    """Copy some files and what they reach; a report that they do not reach is an empty one, since a host asks for it.

    Args:
        tree: The folder of `rego`.
        files: Their names, relative to it.
        target: Where to; it has no `rego` yet.
    """
    for name in sorted(_reached(tree, files)):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(tree / name, target / name)
    report = target / REPORT
    if not report.exists():
        report.write_text("package psfpolicy\n\nreport := {}\n", encoding="utf-8")


def _reached(tree: Path, files: Iterable[str]) -> set[str]:
    sources = {path.relative_to(tree).as_posix(): path for path in (tree / "rego").rglob("*.*") if path.is_file()}
    texts = {name: _source(name, path) for name, path in sources.items()}
    reached = set(files) | {name for name in texts if name.rpartition("/")[0] == _DOMAINS}
    new = set(reached)
    candidates = {name for name in texts if not name.endswith("_test.rego")} - reached
    while new:
        references = {reference for name in new for reference in _references(texts[name].text)}
        # What shares a package with a file belongs to it.
        packages = {texts[name].package for name in new}
        new = {
            name
            for name in candidates
            if texts[name].package in packages or any(_meets(texts[name], reference) for reference in references)
        }
        candidates -= new
        reached |= new
    return reached


def _source(name: str, path: Path) -> _Source:
    if path.suffix != ".rego":
        return _Source(path.parent.relative_to(path.parents[len(Path(name).parts) - 2]).parts, "")
    text = path.read_text(encoding="utf-8")
    package = _PACKAGE.search(text)
    return _Source(tuple(package[1].split(".")) if package else (), text)


def _references(text: str) -> Iterator[_Ref]:
    for found in _REFERENCE.finditer(_COMMENT.sub("", text)):
        path = tuple(part.strip() for part in found[1].split(".")[1:])
        if not path or path[0] == _ROOT:
            yield path


def _meets(source: _Source, reference: _Ref) -> bool:
    package = source.package
    if not package:
        return True
    shared = min(len(package), len(reference))
    if package[:shared] != reference[:shared]:
        return False
    if len(package) >= len(reference):
        return True
    # Below a package stand its rules; and below one that is above others, those.
    rule = re.compile(rf"^\s*(?:default\s+)?{re.escape(reference[len(package)])}\b", re.MULTILINE)
    return not source.text or rule.search(source.text) is not None
