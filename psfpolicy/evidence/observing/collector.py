"""Configurations of the OpenTelemetry Collector, wherever they are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psfpolicy.evidence.inside import embedded
from psfpolicy.evidence.nodes import at, entries, items, text
from psfpolicy.evidence.placeholders import template_in
from psfpolicy.source import Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.source import Document, Node

GROUP = "opentelemetry.io"
CHART = "values of a chart, which lays them over a configuration of its own"

_PARTS = ("receivers", "processors", "exporters", "connectors", "extensions", "service")
_WORDS = ("exporters:", "pipelines:", '"exporters"', '"pipelines"')
_SIGNALS = ("traces", "metrics", "logs")
_OVER = "another configuration of the evidence may lie over it"


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration of a collector."""

    root: Node
    """A map; a text where it is a template, or cannot be read."""
    subject: str
    """What it is, for people: `OpenTelemetryCollector obs/gateway`."""
    partial: str = ""
    """Why it may not be what the collector runs with; empty where it is."""


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A pipeline: what comes in, what is done to it, and where it goes."""

    name: str
    signal: str
    """`traces`, `metrics`, `logs`, or another that the descriptor has no word for."""
    receivers: tuple[Node, ...]
    processors: tuple[Node, ...]
    exporters: tuple[Node, ...]
    node: Node


def is_config(node: Node | None) -> bool:
    """Say whether a map is a configuration of a collector, or a part of one, by its keys."""
    if not isinstance(node, Mapping) or not node.members or not set(node.members) <= set(_PARTS):
        return False
    return isinstance(at(node, "service", "pipelines"), Mapping) or isinstance(at(node, "exporters"), Mapping)


def may_hold_config(item: Object) -> bool:
    """Say whether an object is a collector, or a ConfigMap in which something looks like the configuration of one."""
    if (item.group, item.kind) == (GROUP, "OpenTelemetryCollector"):
        return True
    return (item.group, item.kind) == ("", "ConfigMap") and any(
        _looks_like_one(each.value) for each in entries(at(item.node, "data"))
    )


def configs_of(item: Object, project: Project) -> Iterator[Config]:
    """Give the configurations that an object holds."""
    if item.group == GROUP:
        written = at(item.node, "spec", "config")
        for root in _written(written):
            yield Config(root, item.title, incomplete(root) or _undecided(item))
        return
    for each in entries(at(item.node, "data")):
        if _looks_like_one(each.value):
            for root in _written(each.value):
                lack = incomplete(root) or (_OVER if project.once(_has_parts) else "")
                yield Config(root, f"{item.title}, {each.key}", lack)


def values_configs(root: Node) -> Iterator[Config]:
    """Give the configurations in the values of a chart: at the top, or one or two levels below."""
    if at(root, "kind") is not None or not isinstance(root, Mapping):
        return
    level = [("", root)]
    for _ in range(3):
        below: list[tuple[str, Mapping]] = []
        for name, node in level:
            for key in ("config", "alternateConfig"):
                found = at(node, key)
                if is_config(found) and found is not None:
                    yield Config(found, f"Helm values `{f'{name}.{key}'.lstrip('.')}`", CHART)
            below += [(f"{name}.{each.key}", each.value) for each in entries(node) if isinstance(each.value, Mapping)]
        level = below


def plain_config(document: Document, project: Project) -> Config:
    """Give the configuration that a document is."""
    lack = incomplete(document.root) or (_OVER if project.once(_has_parts) else "")
    return Config(document.root, "Collector configuration", lack)


def pipelines(config: Config) -> tuple[Pipeline, ...]:
    """Give the pipelines of a configuration, in order."""
    return tuple(
        Pipeline(
            each.key,
            each.key.partition("/")[0],
            items(at(each.value, "receivers")),
            items(at(each.value, "processors")),
            items(at(each.value, "exporters")),
            each.value,
        )
        for each in entries(at(config.root, "service", "pipelines"))
    )


def feeding(pipeline: Pipeline, everything: tuple[Pipeline, ...], connectors: frozenset[str]) -> tuple[Pipeline, ...]:
    """Give the pipelines of the same signal that end in a connector from which a pipeline starts."""
    starts = {text(node) or "" for node in pipeline.receivers} & connectors
    if not starts:
        return ()
    return tuple(
        other
        for other in everything
        if other.signal == pipeline.signal and any(text(node) in starts for node in other.exporters)
    )


def connectors_of(config: Config) -> frozenset[str]:
    """Give the names of the connectors, which lead from one pipeline into another and not outside."""
    return frozenset(each.key for each in entries(at(config.root, "connectors")))


def incomplete(root: Node) -> str:
    """Say why a configuration is only a part of one; nothing where it is whole."""
    for part in ("receivers", "exporters"):
        if not isinstance(at(root, part), Mapping):
            return f"a configuration without `{part}` is a part of one"
    found = tuple(entries(at(root, "service", "pipelines")))
    if not found:
        return "a configuration without pipelines is a part of one"
    known = {part: {each.key for each in entries(at(root, part))} for part in _PARTS}
    for each in found:
        for kind in ("receivers", "exporters", "processors"):
            used = items(at(each.value, kind))
            if not used and kind != "processors":
                return f"the pipeline `{each.key}` names no {kind}, so this is a part of a configuration"
            for node in used:
                name = text(node) or ""
                if name not in known[kind] | (known["connectors"] if kind != "processors" else set()):
                    return f"`{name}` is used and not described, so this is a part of a configuration"
    return ""


def word(signal: str) -> str:
    """Give a signal in the descriptor's words; nothing where it has none."""
    return signal if signal in _SIGNALS else ""


def _undecided(item: Object) -> str:
    return "" if at(item.node, "spec", "args", "config") is None else _OVER


def _looks_like_one(node: Node) -> bool:
    return isinstance(node, Scalar) and isinstance(node.value, str) and any(each in node.value for each in _WORDS)


def _written(node: Node | None) -> Iterator[Node]:
    """Give a configuration that is written as a map, or as a text that holds one; the text where it cannot be read."""
    if isinstance(node, Mapping):
        yield from (node,) if is_config(node) else ()
    elif isinstance(node, Scalar) and isinstance(node.value, str):
        found = None if template_in(node.value) else embedded(node)
        if found is None and all(part in node.value for part in ("exporters:", "service:")):
            yield node
        yield from (document.root for document in found or () if is_config(document.root))


def _has_parts(project: Project) -> bool:
    """Say whether the evidence holds a configuration that is only a part of one, in a file or in a ConfigMap."""
    found = [document.root for document in project.documents if is_config(document.root)]
    for item in project.of_kind("ConfigMap"):
        for each in entries(at(item.node, "data")):
            found += _written(each.value) if _looks_like_one(each.value) else ()
    return any(incomplete(root) for root in found)
