"""The files that may hold a descriptor, and what each names: bases, evidence, deployments."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from psfpolicy import source
from psfpolicy.contents import bytes_of
from psfpolicy.errors import DocumentError
from psfpolicy.files import KeptElsewhereError
from psfpolicy.targets import MARKS, mentioned

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from psfpolicy.files import Files
    from psfpolicy.revision import Repository, Revision

_YAML = (":(top,icase)*.yaml", ":(top,icase)*.yml", ":(top,icase)*.json")
_ITEM = r"""(?:"[^"\\\n]*"|'[^'\n]*'|[A-Za-z0-9_./~-][^\s,\[\]{}#&|>%@`"']*)"""
_PLAIN = re.compile(
    rf"""[ ]*-?[ ]*(?:
        (?P<extends>extends):[ ]+(?P<base>{_ITEM})
        |(?P<evidence>evidence):[ ]*
            (?:\[[ ]*(?P<flow>{_ITEM}(?:[ ]*,[ ]*{_ITEM})*)[ ]*\]|(?P<block>(?:\n[ ]*-[ ]+{_ITEM}[ ]*)+))
    )(?:[ ]+\#.*|[ ]*)$
    # What follows is the next key: not one more item, and not the rest of this one.
    (?=(?:\n[ ]*(?:\#[^\n]*)?)*(?:\Z|---|[\w./"'-]+[ ]*:(?:[ \n]|\Z)))""",
    re.VERBOSE | re.MULTILINE,
)
_NAMED = re.compile(_ITEM)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LEADING = re.compile("evidence|extends")
_NAMES = re.compile(rb"""name["']?[ \t]*:([^\r\n]*)""")


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison."""

    files: Files
    revision: Revision | None
    """None for the work tree."""
    changed: frozenset[str] = frozenset()
    """Paths that differ from the other side's, relative to the root; of the work tree, all that is new to git too."""
    other: Side | None = None
    """The side that has the same files but for those that changed; None for one that is searched."""


class Holder(NamedTuple):
    """A file that may hold a descriptor."""

    extends: tuple[str, ...] = ()
    """The bases that it names, as it names them."""
    globs: tuple[str, ...] = ()
    """Its globs of evidence, relative to its folder."""
    named: bytes = b""
    """The rest of the lines on which a key ends in `name`."""
    readable: bool = True


def search_ahead(repository: Repository, revision: Revision | None) -> None:
    """Begin the search of a whole side, None for the work tree, that `holders` needs."""
    repository.search_ahead(MARKS, _YAML, revision)


@cache
def holders(repository: Repository, side: Side) -> Mapping[str, Holder]:
    """Give the files of a side that may hold a descriptor, by name relative to the root.

    A whole side is searched by git, and what it finds is read once. The other side has the same where nothing changed.
    """
    own = changed_files(repository, side.changed, side)
    if side.other is None:
        return dict(_read(repository, side, own.union(repository.mentioning(MARKS, _YAML, side.revision))))
    found = {name: item for name, item in holders(repository, side.other).items() if not within(side.changed, name)}
    return found | dict(_read(repository, side, own))


def changed_files(repository: Repository, changed: Iterable[str], side: Side) -> frozenset[str]:
    """Give those of some changed files that may hold a descriptor by their names, where links lead to.

    Of a submodule, it is what lies in it.
    """
    found: set[str] = set()
    for name in changed:
        path = os.path.join(repository.root, name)  # noqa: PTH118  # a name that is not Unicode stays as it is
        if side.files.is_folder(path):
            found.update(f"{name}/{inner}" for inner in side.files.glob("**/*", path))
        else:
            found.add(name)
    return frozenset(real(repository, side, name) for name in found if _may_name(name))


def real(repository: Repository, side: Side, name: str) -> str:
    """Give where a path leads, relative to the root; itself where it leads nowhere, or out of the repository."""
    try:
        path = os.path.join(repository.root, name)  # noqa: PTH118  # a name that is not Unicode stays as it is
        found = os.path.relpath(side.files.real(path), repository.root)
    except (OSError, ValueError):
        return name
    return name if found == ".." or found.startswith("../") else found


def within(changed: Collection[str], name: str) -> bool:
    """Say whether a path changed, or a submodule that it lies in."""
    if name in changed:
        return True
    parts = name.split("/")
    return any("/".join(parts[:end]) in changed for end in range(1, len(parts)))


def _may_name(path: str) -> bool:
    return path.lower().endswith((".yaml", ".yml", ".json"))


def _read(repository: Repository, side: Side, names: Collection[str]) -> Iterator[tuple[str, Holder]]:
    known = {} if side.revision is None else dict(side.revision.read_many(names, source.MAX_BYTES))
    for name in names:
        path = os.path.join(repository.root, name)  # noqa: PTH118  # a name that is not Unicode stays as it is
        try:
            data = known[name] if name in known else bytes_of(path, side.files)
        except KeptElsewhereError as error:
            if error.size <= source.MAX_BYTES:  # nobody has it, at either side
                yield name, Holder()
        except OSError:
            if side.files.is_file(path):
                yield name, Holder(readable=False)
        else:
            if data.startswith(_UTF_16):  # the attributes of git can make it so, with nothing of the file changed
                yield name, Holder(readable=False)
            elif mentioned(data):
                extends, globs = leads(data, path)
                yield name, Holder(tuple(extends), tuple(globs), b"\n".join(_NAMES.findall(data)))


def leads(data: bytes, path: str) -> tuple[list[str], list[str]]:
    """Give the bases and the globs that a file names.

    What is written plainly is read by its lines; anything else by the parser, which takes a hundred times longer.
    """
    if b"\\" in data:
        return _parsed(data, path)
    bases: list[str] = []
    globs: list[str] = []
    text = data.decode("utf-8", errors="replace")
    for word in _LEADING.finditer(text):
        match = _PLAIN.match(text, text.rfind("\n", 0, word.start()) + 1)
        if match is None or word.start() not in {match.start("extends"), match.start("evidence")}:
            return _parsed(data, path)
        if match["extends"]:
            bases.append(_unquoted(match["base"]))
        else:
            items = match["flow"] or re.sub(r"\n[ ]*-[ ]+", " ", match["block"])
            globs += map(_unquoted, _NAMED.findall(items))
    return bases, globs


def _unquoted(item: str) -> str:
    return item[1:-1] if item[:1] in {'"', "'"} else item


def _parsed(data: bytes, path: str) -> tuple[list[str], list[str]]:
    try:
        documents = source.read(data, file=path)
    except DocumentError:  # assessing it says so, where it changed
        return [], []
    bases: list[str] = []
    globs: list[str] = []
    for document in documents:
        whole: Any = document.data
        metadata, spec = (whole.get(key) for key in ("metadata", "spec")) if isinstance(whole, dict) else (None, None)
        extends = metadata.get("extends") if isinstance(metadata, dict) else None
        evidence = spec.get("evidence") if isinstance(spec, dict) else None
        bases += [extends] if isinstance(extends, str) else []
        globs += [item for item in evidence if isinstance(item, str)] if isinstance(evidence, list) else []
    return bases, globs
