"""ConfigMaps and Secrets that a kustomization makes of literals and files."""

from __future__ import annotations

from posixpath import basename
from typing import TYPE_CHECKING

from psfpolicy.evidence.edits import entry_at, mapping, scalar
from psfpolicy.evidence.kustomize.resources import Lack, Resource
from psfpolicy.evidence.nodes import at, items, text
from psfpolicy.source import Document, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psfpolicy.source import Entry, Node, Text

UNKNOWN = "${file}"
"""The value of what comes from a file that is not in the evidence: a placeholder to every reader."""


def config_map(node: Node, document: Document, open_file: Callable[[str], Text | None]) -> Resource | Lack | None:
    """Make the ConfigMap of an entry of `configMapGenerator`, else say what it lacks; None where it has no name.

    Args:
        node: The entry.
        document: The kustomization.
        open_file: Gives the text of a file of the evidence by its path from the kustomization.
    """
    name = at(node, "name")
    if name is None or not text(name):
        return None
    found = list(_literals(node))
    for key, file, where in _files(node):
        content = open_file(file)
        if content is None:
            return Lack(where, f"`{file}`, of which a ConfigMap is made, is not in the evidence", ("configMap",))
        found.append(entry_at(key, Scalar(content.content, content, 0, len(content.content))))
    for file, where in _environments(node):
        content = open_file(file)
        if content is None:
            return Lack(where, f"`{file}`, of which a ConfigMap is made, is not in the evidence", ("configMap",))
        found += _lines(content)
    return _object("ConfigMap", "data", name, found, document)


def secret(node: Node, document: Document) -> Resource | None:
    """Make the Secret of an entry of `secretGenerator`; what its files hold stays unknown."""
    name = at(node, "name")
    if name is None or not text(name):
        return None
    found = list(_literals(node))
    found += [entry_at(key, scalar(UNKNOWN, where)) for key, _, where in _files(node)]
    found += [entry_at(basename(file), scalar(UNKNOWN, where)) for file, where in _environments(node)]
    return _object("Secret", "stringData", name, found, document)


def _object(kind: str, field: str, name: Node, found: list[Entry], document: Document) -> Resource:
    root = mapping(
        (
            entry_at("apiVersion", scalar("v1", name)),
            entry_at("kind", scalar(kind, name)),
            entry_at("metadata", mapping((entry_at("name", name),), name)),
            entry_at(field, mapping(found, name)),
        ),
        name,
    )
    return Resource(Document(document.file, root, document.index), frozenset({text(name) or ""}), id(name))


def _literals(node: Node) -> Iterator[Entry]:
    for item in items(at(node, "literals")):
        key, equals, value = (text(item) or "").partition("=")
        if isinstance(item, Scalar) and key and equals:
            if len(value) > 1 and value[0] == value[-1] and value[0] in {'"', "'"}:
                value = value[1:-1]
            yield entry_at(key, _part(item, key, value))


def _part(item: Scalar, key: str, value: str) -> Scalar:
    """Give the value of a literal where it is written, behind the equals sign."""
    content = item.text.content
    start = content.find(f"{key}=", item.start, item.end)
    at_value = content.find(value, start + len(key) + 1, item.end) if start >= 0 and value else -1
    if at_value < 0:
        return Scalar(value, item.text, item.start, item.end, item.used_at)
    return Scalar(value, item.text, at_value, at_value + len(value), item.used_at)


def _files(node: Node) -> Iterator[tuple[str, str, Node]]:
    for item in items(at(node, "files")):
        written = text(item) or ""
        key, equals, file = written.partition("=")
        if written:
            yield (key, file, item) if equals else (basename(written), written, item)


def _environments(node: Node) -> Iterator[tuple[str, Node]]:
    for item in (*items(at(node, "envs")), at(node, "env")):
        if item is not None and text(item):
            yield text(item) or "", item


def _lines(content: Text) -> Iterator[Entry]:
    """Give the variables of a file of lines `NAME=value`."""
    start = 0
    for line in content.content.splitlines(keepends=True):
        key, equals, value = line.strip().partition("=")
        if equals and key and not key.startswith("#"):
            at_value = start + line.index("=") + 1
            yield entry_at(key, Scalar(value, content, at_value, at_value + len(value)))
        start += len(line)
