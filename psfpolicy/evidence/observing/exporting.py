"""Where a collector sends what comes out of its pipelines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from psfpolicy.evidence.kubernetes.secrets import STORE
from psfpolicy.evidence.nodes import at, entries, entry, flag, items, text
from psfpolicy.evidence.observing.addresses import address, encrypted, has_login
from psfpolicy.evidence.observing.collector import connectors_of, pipelines, word
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.tables import table
from psfpolicy.source import Mapping, Scalar, is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.observing.collector import Config, Pipeline
    from psfpolicy.model.fact import Certainty, Fact
    from psfpolicy.model.place import JsonValue
    from psfpolicy.source import Entry, Node

EXPORTS = "spec.observability.exports"
ORDER = ("metrics", "traces", "logs")

_UNWORDED = "it takes along only signals that the descriptor has no word for"
_ASKED = "it waits to be asked for metrics, and who asks is not in the configuration"
_UNCHECKED = "with `insecure_skip_verify` nobody checks who answers"
_SITE = "no site is said, and this is where the exporter sends to then"
_NAMED = "the name of the key says that it is a secret"
_DEEPEST = 8
_TELEMETRY = "service.telemetry"
_READERS = (("metrics", "readers"), ("traces", "processors"), ("logs", "processors"))


class _Target(NamedTuple):
    """Where an exporter leads."""

    node: Node | None
    """What names it; None where nothing does."""
    settings: Node
    """The map that says how it is reached."""
    written: str


def exports(config: Config, origin: Origin) -> Iterator[Fact]:
    """Give the exporters that a pipeline uses; one that none uses exports nothing."""
    if isinstance(config.root, Scalar):
        yield origin.inconclusive(EXPORTS, config.root, "the configuration is a template, or cannot be read")
    found, connectors = pipelines(config), connectors_of(config)
    used: dict[str, list[Pipeline]] = {}
    where: dict[str, Node] = {}
    for pipeline in found:
        for node in pipeline.exporters:
            name = text(node) or ""
            if name and name not in connectors:
                used.setdefault(name, []).append(pipeline)
                where.setdefault(name, node)
    for name, by in used.items():
        described = entry(at(config.root, "exporters"), name)
        carries = {word(pipeline.signal) for pipeline in by} - {""}
        if described is None:
            reason = f"`{name}` is described in another part of the configuration"
            yield origin.inconclusive(EXPORTS, where[name], reason, item={"name": name}, shown=name)
        else:
            yield from _exporter(described, carries, config, origin)
    yield from _own(config, origin)
    if not config.partial:
        yield from _ends(found, connectors, origin)


def _own(config: Config, origin: Origin) -> Iterator[Fact]:
    """Give where a collector sends what it tells of itself, each place once."""
    found: dict[str, tuple[Node, list[JsonValue]]] = {}
    for signal, key in _READERS:
        for each in items(at(config.root, "service", "telemetry", signal, key)):
            for reader in entries(each):
                for exporter in entries(at(reader.value, "exporter")):
                    node = at(exporter.value, "endpoint")
                    if node is not None and text(node):
                        found.setdefault(text(node) or "", (node, []))[1].append(signal)
    for written, (node, carries) in found.items():
        if placeholder_in(written):
            reason = f"`{placeholder_in(written)}` is filled in elsewhere"
            yield origin.inconclusive(EXPORTS, node, reason, item={"name": _TELEMETRY}, shown=_TELEMETRY)
            continue
        value: dict[str, JsonValue] = {"name": _TELEMETRY, "kind": "otlp", "endpoint": address(written)}
        if encrypted(written) is not None:
            value["tls"] = encrypted(written)
        yield export_fact(origin, {**value, "carries": carries}, node, config.partial)


def known(name: str) -> dict[str, Any]:
    """Give what is known of an exporter by its name, `otlp/jaeger`."""
    row: dict[str, Any] = table("collector")["exporters"]["rows"].get(name.partition("/")[0], {"kind": "other"})
    return row


def keeps(name: str) -> bool:
    """Say whether an exporter sends to something that keeps what it gets."""
    return known(name)["kind"] not in {"console", "file", "none"}


def export_fact(origin: Origin, value: dict[str, JsonValue], where: Node, partial: str, shown: str = "") -> Fact:
    """Give an export as an item: certain where what says so is whole."""
    certainty: Certainty = "inferred" if partial else "certain"
    return origin.fact(EXPORTS, value, where, item=True, certainty=certainty, reason=partial, shown=shown)


def _exporter(described: Entry, carries: set[str], config: Config, origin: Origin) -> Iterator[Fact]:
    name, row = described.key, known(described.key)
    settings = described.value
    yield from _secrets(settings, name, origin, 0)
    if row["kind"] == "none" or _is_idle(settings, row):
        return
    key = _key_node(described)
    if not carries:
        yield origin.inconclusive(EXPORTS, key, _UNWORDED, item={"name": name}, shown=name)
    elif row.get("pull"):
        yield origin.inconclusive(EXPORTS, key, _ASKED, item={"name": name}, shown=name)
    else:
        for signals, target in _targets(settings, row, carries):
            yield from _sent(name, row["kind"], signals, target, key, config, origin)


def _sent(
    name: str, kind: str, signals: Sequence[str], target: _Target, key: Node, config: Config, origin: Origin
) -> Iterator[Fact]:
    value: dict[str, JsonValue] = {"name": name, "kind": kind}
    where = target.node or key
    if target.written and kind not in {"console", "file"}:
        shown = f"{name} {address(target.written)}"
        placeholder = placeholder_in(target.written)
        if placeholder:
            reason = f"`{placeholder}` is filled in elsewhere"
            yield origin.inconclusive(EXPORTS, where, reason, item={"name": name}, shown=shown)
            return
        value["endpoint"] = address(target.written)
        safe = _encrypts(target, name)
        if safe is not None:
            value["tls"] = safe
        unchecked = at(target.settings, "tls", "insecure_skip_verify")
        if unchecked is not None and flag(unchecked) is not False and safe is not False:
            value.pop("tls", None)
            told: dict[str, JsonValue] = {"name": name, "endpoint": address(target.written)}
            yield origin.inconclusive(EXPORTS, unchecked, _UNCHECKED, item=told, shown=name)
    value["carries"] = list(signals)
    # An address that nothing names is the one that follows from no site being said.
    yield export_fact(origin, value, where, config.partial or (_SITE if target.written and target.node is None else ""))


def _targets(settings: Node, row: dict[str, Any], carries: set[str]) -> Iterator[tuple[list[str], _Target]]:
    """Give where an exporter sends which signals: a key of its own for a signal goes before that for all."""
    if "site" in row:
        written = at(settings, *row["site"])
        site = text(written) or table("collector")["datadog"]["site"]
        yield [each for each in ORDER if each in carries], _Target(written, settings, f"https://api.{site}")
        return
    by_key: dict[str, list[str]] = {}
    for signal in ORDER:
        if signal in carries:
            own = row.get("endpoints", {}).get(signal, "")
            by_key.setdefault(own if text(at(settings, own)) else "", []).append(signal)
    for key, signals in by_key.items():
        inner = settings if key else _inner(settings)
        node = at(inner, key or "endpoint")
        yield signals, _Target(node, inner, text(node) or "")


def _inner(settings: Node) -> Node:
    """Give the map in which an exporter writes its address."""
    if at(settings, "endpoint") is None:
        for key in table("collector")["nested"]["rows"]:
            found = at(settings, key)
            if at(found, "endpoint") is not None and found is not None:
                return found
    return settings


def _encrypts(target: _Target, name: str) -> bool | None:
    by_scheme = encrypted(target.written)
    insecure = at(target.settings, "tls", "insecure")
    by_setting = name.partition("/")[0] in table("collector")["tls"]["rows"] and "://" not in target.written
    if insecure is None:
        whole = at(target.settings, "tls") is None or isinstance(at(target.settings, "tls"), Mapping)
        return True if by_scheme is None and by_setting and whole else by_scheme
    given = flag(insecure)
    # Where the scheme and the setting disagree, which of them counts depends on the exporter.
    if given is None or by_scheme is given:
        return False if by_scheme is False else None
    if given is False and by_scheme is None:
        # Others encrypt by their scheme or a parameter of the address, and not because they are not told to leave it.
        return True if by_setting else None
    return not given


def _is_idle(settings: Node, row: dict[str, Any]) -> bool:
    said = text(at(settings, "verbosity"))
    return "idle" in row and (said is None or said in row["idle"])


def _key_node(described: Entry) -> Node:
    """Give what stands for an exporter where its place is asked: its settings, or the first of them."""
    first = next(iter(entries(described.value)), None)
    return described.value if first is None or isinstance(first.value, Mapping) else first.value


def _secrets(node: Node, name: str, origin: Origin, depth: int) -> Iterator[Fact]:
    """Give that secrets are written in the settings of an exporter, and never which."""
    for each in entries(node) if depth < _DEEPEST else ():
        shown = f"{name}: {each.key}"
        written = text(each.value)
        if isinstance(each.value, Mapping):
            if each.key == "api" and text(at(each.value, "key")):
                yield from _secret(at(each.value, "key"), f"{name}: api.key", origin)
            yield from _secrets(each.value, name, origin, depth + 1)
        elif written and each.key.lower() in table("collector")["secrets"]["rows"]:
            yield from _secret(each.value, shown, origin)
        elif written and each.key.lower() in table("collector")["named"]["rows"]:
            yield from _secret(each.value, shown, origin, _NAMED)
        elif written and each.key.endswith("endpoint") and has_login(written):
            yield origin.fact(STORE, "none", each.value, shown=shown)


def _secret(node: Node | None, shown: str, origin: Origin, doubt: str = "") -> Iterator[Fact]:
    written = text(node) or ""
    if node is not None and (placeholder_in(written) or is_placeholder(written)):
        reason = "a placeholder stands where the secret goes; what fills it in is not in the configuration"
        yield origin.inconclusive(STORE, node, reason, shown=shown)
    elif node is not None and doubt:
        yield origin.inferred(STORE, "none", node, doubt, shown=shown)
    elif node is not None:
        yield origin.fact(STORE, "none", node, shown=shown)


def _ends(found: Sequence[Pipeline], connectors: frozenset[str], origin: Origin) -> Iterator[Fact]:
    """Give that a signal is kept by nothing, where all of its pipelines end so."""
    for signal in ORDER:
        ends = [node for each in found if each.signal == signal for node in each.exporters]
        names = {text(node) or "" for node in ends}
        if ends and not any(name in connectors or keeps(name) for name in names):
            reason = f"the pipelines of {signal} end in nothing that keeps what it is sent"
            yield origin.inconclusive(EXPORTS, ends[0], reason, shown=", ".join(sorted(names)))
