"""Configurations of guards and gateways: a document of their own, or a text in a ConfigMap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.inside import embedded
from psfpolicy.evidence.nodes import at, entries, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.project import objects
from psfpolicy.source import Mapping, Scalar, is_placeholder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psfpolicy.evidence.project import Object
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Document, Node

_UNREADABLE = "the configuration is filled in elsewhere, or is no YAML"
_ENVIRONMENT = "os.environ/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of configuration."""

    title: str
    """What it is called, for people."""
    fits: Callable[[Node], bool]
    """Whether a map is one."""
    marks: tuple[str, ...]
    """Words that every one of them has one of: a text without is not looked into."""
    sure: tuple[str, ...]
    """Words that a text which cannot be read has all of, if it is one."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """A configuration, wherever it is written."""

    root: Node
    origin: Origin
    item: Object | None = None
    """The ConfigMap that it is in; None where it is a document of its own."""
    whole: bool = True
    """False for a text that is one by its words, and cannot be read."""


def configurations(document: Document, kind: Kind, reader: str) -> Iterator[Configuration]:
    """Give the configurations of a kind that a document holds, in their order."""
    if kind.fits(document.root):
        yield Configuration(document.root, Origin(reader=reader, document=document, subject=kind.title))
        return
    for item in objects(document):
        for each in entries(at(item.node, "data")) if item.kind == "ConfigMap" and not item.group else ():
            written = text(each.value) or ""
            if not isinstance(each.value, Scalar) or not any(mark in written for mark in kind.marks):
                continue
            origin = Origin(reader=reader, document=document, subject=f"{item.title}, {each.key}")
            found = embedded(each.value)
            if found is None and all(word in written for word in kind.sure):
                yield Configuration(each.value, origin, item, whole=False)
            for inner in found or ():
                if kind.fits(inner.root):
                    yield Configuration(inner.root, origin, item)


def gathered(
    document: Document,
    kind: Kind,
    reader: str,
    open_paths: tuple[str, ...],
    facts_of: Callable[[Configuration], Iterator[Fact]],
) -> Iterator[Fact]:
    """Give the facts of the configurations of a kind that a document holds, in the order of the text.

    Args:
        document: The document.
        kind: The kind.
        reader: The reader's name.
        open_paths: The paths of the descriptor that a configuration which cannot be read leaves open.
        facts_of: Gives what one configuration says.
    """
    for configuration in configurations(document, kind, reader):
        if configuration.whole:
            yield from sorted(facts_of(configuration), key=lambda fact: fact.place.region)
        else:
            for path in open_paths:
                yield configuration.origin.inconclusive(path, configuration.root, _UNREADABLE)


def bare(node: Node | None) -> bool:
    """Say whether a node is a map that is no object of Kubernetes and no compose file."""
    return isinstance(node, Mapping) and not node.members.keys() & {"apiVersion", "kind", "services"}


def open_reason(node: Node | None) -> str:
    """Say why the value of a node is not known where it stands; empty where it is."""
    word = text(node)
    if word is None:
        return "no value is written"
    if word.startswith(_ENVIRONMENT):
        return f"the variable `{word.removeprefix(_ENVIRONMENT)}` is not in the evidence"
    filled = placeholder_in(word)
    if filled:
        return f"`{filled}` is filled in elsewhere"
    return "a placeholder stands where the value goes" if is_placeholder(word) else ""
