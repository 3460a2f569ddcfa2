"""The services of a compose file, with what they extend, and the variables that the file is filled in with."""

from __future__ import annotations

from dataclasses import dataclass
from posixpath import basename, dirname, join, normpath
from typing import TYPE_CHECKING

from psfpolicy.evidence.engines.expansion import Expanded, compose
from psfpolicy.evidence.nodes import at, entries, entry, text
from psfpolicy.source import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    import collections.abc
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Project
    from psfpolicy.source import Document, Entry, Node, Text

# https://docs.docker.com/reference/compose-file/, read 2026-11-21: the top-level elements, and keys of a service.
_TOP = frozenset({"version", "name", "include", "services", "networks", "volumes", "configs", "secrets", "models"})
_KEYS = frozenset(
    (
        "image", "build", "command", "entrypoint", "environment", "env_file", "ports", "expose", "deploy", "depends_on",
        "volumes", "networks", "network_mode", "extends", "container_name", "restart", "healthcheck", "ipc", "gpus",
    )
)  # fmt: skip
# https://docs.docker.com/compose/how-tos/multiple-compose-files/merge/, read 2026-11-21: files that need not be named.
_FIRST = frozenset({"compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"})
_OVERRIDE = ".override."
_DEEPEST = 8
_MAPS = frozenset({"deploy", "environment", "resources", "reservations", "limits", "build", "labels", "networks"})
_ADDED = frozenset({"ports", "expose", "devices", "cap_add", "cap_drop", "volumes", "env_file", "secrets", "configs"})


@dataclass(frozen=True, slots=True)
class Service:
    """A service of a compose file."""

    document: Document
    entry: Entry
    """Its name, and what is written below it."""
    node: Node
    """What is written below it and below what it extends."""
    known: collections.abc.Mapping[str, str]
    """The variables that the file is filled in with, as far as the evidence has them."""
    partial: str
    """Why it is not whole where it stands; empty where it is."""
    lies_over: bool = False
    """It changes a service of another file, which says by itself what it shows alone."""

    @property
    def name(self) -> str:
        """Its name."""
        return self.entry.key

    @property
    def title(self) -> str:
        """What it is called, for people."""
        return " ".join(f"compose service {self.name}".split())

    def filled(self, node: Node | None) -> Expanded:
        """Give a text with its variables filled in."""
        return compose(text(node) or "", self.known)


def is_compose(document: Document) -> bool:
    """Say whether a document is a compose file: services with keys that services have, and nothing foreign above."""
    root = document.root
    found = at(root, "services")
    if not isinstance(root, Mapping) or not isinstance(found, Mapping):
        return False
    if any(key not in _TOP and not key.startswith("x-") for key in root.members):
        return False
    return any(_KEYS & each.value.members.keys() for each in found.entries if isinstance(each.value, Mapping))


def services(document: Document, project: Project) -> Iterator[Service]:
    """Give the services of a compose file in their order."""
    known = _environment(document, project)
    for each in entries(at(document.root, "services")):
        node, lack = _extended(each.value, document, project, 0)
        lack = lack or _lacks(node)
        is_override = _OVERRIDE in basename(document.file)
        below = _below(each.key, document, project) if lack or is_override else None
        if below is None:
            yield Service(document, each, node, known, lack)
        else:  # compose lays a file with this name over the other by itself, and any other where it is told to
            yield Service(document, each, _laid(below, node), known, "" if is_override else lack, lies_over=True)


def content_of(path: str, beside: Document, project: Project) -> Text | None:
    """Give the text of a file of the evidence by its path from another."""
    name = normpath(join(dirname(beside.file), path))
    for document in project.documents:
        if normpath(document.file) == name:
            return document.root.text
    return next((each for each in project.texts if normpath(each.file) == name), None)


def lines(content: Text) -> Iterator[tuple[str, Scalar]]:
    """Give the variables of an environment file; quotes are no part of a value."""
    start = 0
    for line in content.content.splitlines(keepends=True):
        name, equals, written = line.removesuffix("\n").removesuffix("\r").partition("=")
        name = name.strip().removeprefix("export ").strip()
        if equals and name and not name.startswith("#"):
            value = written.strip()
            begin = start + line.index("=") + 1 + (len(written) - len(written.lstrip()))
            closing = value.find(value[0], 1) if value[:1] in {"'", '"'} else -1
            if closing > 0:
                begin, value = begin + 1, value[1:closing]
            else:
                value = value.partition(" #")[0].rstrip()
            yield name, Scalar(value, content, begin, begin + len(value))
        start += len(line)


def _environment(document: Document, project: Project) -> dict[str, str]:
    content = content_of(".env", document, project)
    return {name: str(value.value) for name, value in lines(content)} if content is not None else {}


def _lacks(node: Node) -> str:
    if entry(node, "image") is None and entry(node, "build") is None:
        return "it names no image and builds none, so it is a part of a service"
    return ""


def _extended(node: Node, document: Document, project: Project, depth: int) -> tuple[Node, str]:
    """Lay a service over the one that it extends; say so where that is not in the evidence."""
    extends = at(node, "extends")
    if extends is None:
        return node, ""
    name, file = text(extends) or text(at(extends, "service")), text(at(extends, "file"))
    source = document if file is None else _document(file, document, project)
    base = at(source.root, "services", name or "") if source is not None else None
    if source is None or base is None or depth >= _DEEPEST:
        return node, f"what it extends, `{file or name}`, is not in the evidence"
    below, lack = _extended(base, source, project, depth + 1)
    return _laid(below, node), lack


def _below(name: str, document: Document, project: Project) -> Node | None:
    """Give the whole service of this name in another compose file of the folder; None where there is none."""
    folder = dirname(document.file)
    others = [each for each in project.documents if each is not document and dirname(each.file) == folder]
    for each in sorted(others, key=lambda each: (basename(each.file) not in _FIRST, each.file)):
        found = at(each.root, "services", name)
        if found is not None and _OVERRIDE not in basename(each.file) and is_compose(each):
            node, lack = _extended(found, each, project, 0)
            if not (lack or _lacks(node)):
                return node
    return None


def _document(file: str, document: Document, project: Project) -> Document | None:
    name = normpath(join(dirname(document.file), file))
    return next((each for each in project.documents if normpath(each.file) == name), None)


def _laid(base: Node, top: Node) -> Node:
    """Lay one service over another: maps merge, some lists add up, all else replaces."""
    if not isinstance(base, Mapping) or not isinstance(top, Mapping):
        return top
    members = dict(base.members)
    for key, over in top.members.items():
        old = members.get(key)
        if old is None or key == "extends":
            members[key] = over
        elif key in _MAPS and isinstance(old.value, Mapping) and isinstance(over.value, Mapping):
            members[key] = over._replace(value=_laid(old.value, over.value))
        elif key in _ADDED and isinstance(old.value, Sequence) and isinstance(over.value, Sequence):
            both = (*old.value.items, *over.value.items)
            members[key] = over._replace(value=over.value._replace(items=both))
        else:
            members[key] = over
    return top._replace(members=members)
