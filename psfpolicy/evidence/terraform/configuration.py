"""Configurations in HCL: the resources of a folder, with the variables and locals in them as far as they are known."""

from __future__ import annotations

import re
from itertools import islice
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.evidence.nodes import at, flag, number, text
from psfpolicy.evidence.terraform.hcl import opaque, parsed
from psfpolicy.evidence.terraform.resources import Doubt, Estate, Provider, Resource
from psfpolicy.source import Document, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Project
    from psfpolicy.evidence.terraform.hcl import Block
    from psfpolicy.source import Node, Text

CONFIGURATION = (".tf",)
VALUES = (".tfvars",)

_REFERENCE = re.compile(r"(?<!\$)\$\{(var|local)\.([^\W\d][\w-]*)\}")
_NAMED = re.compile(r"(?<![\w.-])(?:data\.)?([a-z0-9]+_\w+)\.([^\W\d][\w-]*)")
_LOCAL = re.compile(r"(?<![\w.-])local\.([^\W\d][\w-]*)")
_MOST_STEPS = 20
_MOST_NODES = 2_000
_LONGEST = 4_000


class Known(NamedTuple):
    """What a variable or a local is."""

    node: Node
    doubt: str
    """Why it may be something else; empty where it may not."""


class _Given(NamedTuple):
    node: Node
    by: str


class Folder:
    """The files of one folder, which Terraform reads as one module."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.blocks: list[tuple[Block, Document]] = []
        self.given: dict[str, list[_Given]] = {}
        self.callers: dict[str, list[_Given]] = {}
        self.calls: list[str] = []
        """Of each call of it in the evidence, why it may not be there; empty where it will."""
        self.locals: dict[str, Node] = {}
        self.variables: dict[str, Mapping] = {}
        self.values: dict[tuple[str, str], Known | None] = {}
        """What variables and locals were found to be."""
        self.depth = 0
        """How many of them are being looked up inside one another."""
        self._referred: dict[str, frozenset[str]] = {}

    def take(self, block: Block, document: Document) -> None:
        """Take a block of one of its files."""
        self.blocks.append((block, document))
        if block.kind == "locals":
            self.locals |= {each.key: each.value for each in block.body.entries}
        elif block.kind == "variable" and block.labels:
            self.variables[block.labels[0]] = block.body

    def known(self, kind: str, name: str) -> Known | None:
        """Give what a variable or a local is; None where it is not known."""
        if kind == "local":
            return Known(self.locals[name], "") if name in self.locals else None
        body = self.variables.get(name)
        if flag(at(body, "sensitive")):
            return None
        for given in (self.given.get(name, []), self.callers.get(name, [])):
            if given:
                same = all(_alike(each.node, given[0].node) for each in given)
                reason = f"`var.{name}` is set in {given[0].by}, and may be set otherwise when it is applied"
                return Known(given[0].node, reason) if same else None
        default = at(body, "default")
        if default is None or (isinstance(default, Scalar) and default.value is None):
            return None
        return Known(default, f"the default of `var.{name}`, which may be set elsewhere")

    def names_in(self, source: str, steps: int = _MOST_STEPS) -> Iterator[str]:
        """Give the resources that stand in a piece of text, and those in the locals that it uses."""
        yield from (f"{found[1]}.{found[2]}" for found in _NAMED.finditer(source))
        for found in _LOCAL.finditer(source):
            name = found[1]
            if name in self.locals and steps:
                if name not in self._referred:
                    self._referred[name] = frozenset()
                    self._referred[name] = frozenset(self.names_in(_source(self.locals[name]), steps - 1))
                yield from self._referred[name]


def configured(project: Project) -> Estate:
    """Give the resources of all configurations of the evidence."""
    return Estate(
        (resource for folder in folders(project).values() for resource in _resources(folder)),
        (provider for folder in folders(project).values() for provider in _providers(folder)),
        project,
    )


def folders(project: Project) -> dict[str, Folder]:
    """Give the modules of the evidence by their folder."""
    return project.once(_folders)


def called_folder(block: Block, document: Document) -> str:
    """Give the folder of the module that is called; empty where it is no folder."""
    source = text(at(block.body, "source")) or ""
    return normpath(join(dirname(document.file), source)) if source.startswith(("./", "../")) else ""


def _folders(project: Project) -> dict[str, Folder]:
    found: dict[str, Folder] = {}
    for each in project.texts:
        if each.file.lower().endswith(CONFIGURATION):
            folder = found.setdefault(normpath(dirname(each.file) or "."), Folder(dirname(each.file)))
            file = parsed(each)
            document = Document(each.file, file.root, 0)
            for block in file.blocks:
                folder.take(block, document)
    for each in project.texts:
        if each.file.lower().endswith(VALUES):
            _give(each, found)
    for folder in tuple(found.values()):
        for block, document in folder.blocks:
            target = found.get(called_folder(block, document)) if block.kind == "module" else None
            if target is not None:
                target.calls.append(_conditional(block.body))
                by = f"the call of `module.{' '.join(block.labels)}`"
                for value in block.body.entries:
                    target.callers.setdefault(value.key, []).append(_Given(_foreign(value.value), by))
    return found


def _foreign(node: Node) -> Node:
    """Give what a module is called with; a reference in it means something else there, and is left open."""
    if any(isinstance(each, Scalar) and "${" in str(each.value) for each in _nodes(node)):
        return Scalar(opaque("given by the caller"), node.text, node.start, node.end)
    return node


def _give(text_: Text, found: dict[str, Folder]) -> None:
    """Give the values of a file to the nearest folder above it that has a configuration."""
    folder = normpath(dirname(text_.file) or ".")
    while folder not in found and folder not in {".", "/", ""}:
        folder = normpath(dirname(folder) or ".")
    if folder in found:
        for value in parsed(text_).root.entries:
            found[folder].given.setdefault(value.key, []).append(_Given(value.value, text_.file))


def _resources(folder: Folder) -> Iterator[Resource]:
    seen: dict[tuple[str, ...], int] = {}
    for block, _ in folder.blocks:
        seen[block.labels] = seen.get(block.labels, 0) + (block.kind == "resource")
    for block, document in folder.blocks:
        if block.kind != "resource" or len(block.labels) != 2:
            continue
        body, doubts = resolved(block.body, folder)
        count = at(body, "count")
        if not isinstance(body, Mapping) or (number(count) == 0 and not doubts):
            continue
        twice = "it is declared twice: one of the two lies over the other" if seen[block.labels] > 1 else ""
        kind, name = block.labels
        yield Resource(
            type=kind,
            name=name,
            address=f"{kind}.{name}",
            body=body,
            heading=block.heading,
            document=document,
            module=folder.name,
            refers=frozenset(folder.names_in(_source(block.body))) - {f"{kind}.{name}"},
            provider=_key(text(at(body, "provider")) or "") or kind.partition("_")[0],
            open=twice or _conditional(block.body) or (min(folder.calls) if folder.calls else ""),
            doubts=doubts,
        )


def _conditional(body: Mapping) -> str:
    for key in ("count", "for_each"):
        value = at(body, key)
        if value is not None and (key == "for_each" or not number(value)):
            return f"`{key}` decides whether it is there, and what decides that is not in the evidence"
    return ""


def _providers(folder: Folder) -> Iterator[Provider]:
    for block, _ in folder.blocks:
        if block.kind == "provider" and block.labels:
            alias = text(at(block.body, "alias"))
            body, doubts = resolved(block.body, folder)
            key = f"{block.labels[0]}.{alias}" if alias else block.labels[0]
            yield Provider(key, folder.name, at(body, "region"), doubts)


def resolved(node: Node, folder: Folder) -> tuple[Node, tuple[Doubt, ...]]:
    """Give a node in which variables and locals are replaced as far as they are known, and what is not sure of it."""
    doubts: list[Doubt] = []
    return _replaced(node, folder, doubts), tuple(doubts)


def _replaced(node: Node, folder: Folder, doubts: list[Doubt]) -> Node:
    if isinstance(node, Mapping):
        members = {each.key: each._replace(value=_replaced(each.value, folder, doubts)) for each in node.entries}
        return node._replace(members=members)
    if isinstance(node, Sequence):
        return node._replace(items=tuple(_replaced(each, folder, doubts) for each in node.items))
    return _filled(node, folder, doubts)


def _filled(node: Scalar, folder: Folder, doubts: list[Doubt]) -> Node:
    if not isinstance(node.value, str) or "${" not in node.value:
        return node
    whole = _REFERENCE.fullmatch(node.value)
    if whole is None:
        written = _REFERENCE.sub(lambda found: _word(found, node, folder, doubts), node.value)
        return node._replace(value=written) if len(written) <= _LONGEST else node
    known = _value(whole[1], whole[2], folder)
    if known is None or any(True for _ in islice(_nodes(known.node), _MOST_NODES, None)):
        return node
    if known.doubt:
        doubts += (Doubt(place, known.doubt) for place in (node.place, known.node.place))
    if isinstance(known.node, Scalar):
        return known.node._replace(text=node.text, start=node.start, end=node.end)
    return known.node


def _word(found: re.Match[str], user: Scalar, folder: Folder, doubts: list[Doubt]) -> str:
    known = _value(found[1], found[2], folder)
    word = None if known is None else text(known.node)
    if known is None or word is None or len(word) > _LONGEST:
        return found[0]
    doubts += [Doubt(user.place, known.doubt)] if known.doubt else []
    return word


def _value(kind: str, name: str, folder: Folder) -> Known | None:
    """Give what a variable or a local is, with what is in it replaced; None where it is not known, or holds itself."""
    if (kind, name) not in folder.values and folder.depth < _MOST_STEPS:
        folder.values[kind, name] = None
        folder.depth += 1
        known, doubts = folder.known(kind, name), list[Doubt]()
        if known is not None:
            node = _replaced(known.node, folder, doubts)
            folder.values[kind, name] = Known(node, known.doubt or (doubts[0].reason if doubts else ""))
        folder.depth -= 1
    return folder.values.get((kind, name))


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, Mapping):
        for each in node.entries:
            yield from _nodes(each.value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _nodes(item)


def _key(written: str) -> str:
    return written.removeprefix("${").removesuffix("}")


def _source(node: Node) -> str:
    return node.text.content[node.start : node.end]


def _alike(one: Node, other: Node) -> bool:
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        return one.value == other.value
    return _source(one) == _source(other)
