"""What the processors of a collector do to what passes: how many requests are traced, and what is taken out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.evidence.kubernetes.serving import all_servers
from psfpolicy.evidence.nodes import at, items, text
from psfpolicy.evidence.observing.collector import connectors_of, feeding, pipelines
from psfpolicy.evidence.observing.exporting import keeps
from psfpolicy.evidence.tables import table
from psfpolicy.source import Mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.observing.collector import Config, Pipeline
    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Certainty, Fact
    from psfpolicy.source import Node

SAMPLING = "spec.observability.tracing.sampling"
RETENTION = "spec.observability.tracing.retentionDays"
REDACTION = "spec.inputs.log.piiRedaction"

_ALL = "no processor of the collector leaves a request out; whether what sends to it does is not in the configuration"
_DIFFER = "pipelines sample differently"
_REDACTS = "a processor of the pipeline takes out what its settings name; whether that is all is not in them"
_KEPT = "no processor of the pipeline takes anything out; whether what sends to it does is not in the configuration"
_CHANGES = "what the processor changes is not known to be all that tells of a person"
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,9})?")
_MOST_PATHS = 64
_HOURS = re.compile(r"(\d{1,7})h")
_MADE = "tables are made with it; those that are there keep what they were made with"


class _Share(NamedTuple):
    """How many of the requests a pipeline keeps."""

    value: float | None
    """None where it is not known."""
    node: Node
    reason: str = ""


def sampling(config: Config, project: Project, origin: Origin) -> Iterator[Fact]:
    """Give the share of requests whose traces are kept, by every way to what keeps them."""
    shares = [_kept(way, config) for way in _ways(config, "traces")]
    if not shares:
        return
    unknown = next((share for share in shares if share.value is None), None)
    least = min(shares, key=lambda share: -1 if share.value is None else share.value)
    if unknown is not None:
        yield origin.inconclusive(SAMPLING, unknown.node, unknown.reason)
    elif any(share.value != least.value for share in shares):
        yield origin.inconclusive(SAMPLING, least.node, _DIFFER)
    elif least.value != 1:
        certainty: Certainty = "inferred" if config.partial else "certain"
        yield origin.fact(SAMPLING, least.value, least.node, certainty=certainty, reason=config.partial)
    elif not config.partial:
        before = project.once(_sampler)
        if before:
            yield origin.inconclusive(SAMPLING, least.node, f"{before} may leave requests out before the collector")
        else:
            yield origin.inferred(SAMPLING, 1, least.node, _ALL)


def redaction(config: Config, origin: Origin) -> Iterator[Fact]:
    """Give whether what is logged of persons is taken out, on every way by which logs leave."""
    ways = _ways(config, "logs")
    if not ways or config.partial:
        return
    found = [[node for pipeline in way for node in pipeline.processors] for way in ways]
    bare = next((way[-1] for way, nodes in zip(ways, found, strict=True) if not any(_changes(n) for n in nodes)), None)
    if bare is not None:
        yield origin.inconclusive(REDACTION, bare.exporters[0], _KEPT)
        return
    for nodes in found:
        if not any(_redacts(node, config) for node in nodes):
            yield origin.inconclusive(REDACTION, next(node for node in nodes if _changes(node)), _CHANGES)
            return
    first = next(node for node in found[0] if _redacts(node, config))
    yield origin.inferred(REDACTION, True, first, _REDACTS)  # noqa: FBT003  # the value


def retention(config: Config, origin: Origin) -> Iterator[Fact]:
    """Give for how long the traces are kept that an exporter writes."""
    for way in _ways(config, "traces"):
        for node in way[-1].exporters:
            name = text(node) or ""
            key = table("collector")["retention"]["rows"].get(name.partition("/")[0], "")
            written = at(config.root, "exporters", name, key)
            hours = _HOURS.match(text(written) or "")
            if written is not None and hours:
                reason = config.partial or _MADE
                yield origin.inferred(RETENTION, int(hours[1]) // 24, written, reason, shown=f"{key}: {text(written)}")


def _sampler(project: Project) -> str:
    """Give the first thing of the evidence that samples before a collector does; nothing where none does."""
    known = table("collector")["samplers"]["rows"]
    for item in project.of_kind("Instrumentation"):
        if at(item.node, "spec", "sampler") is not None and text(at(item.node, "spec", "sampler", "type")) not in known:
            return item.title
    for server in all_servers(project):
        variable = server.container.variables.get("OTEL_TRACES_SAMPLER")
        if variable is not None and variable.value not in known:
            return f"`OTEL_TRACES_SAMPLER` of {server.workload}"
    return ""


def _ways(config: Config, signal: str) -> list[tuple[Pipeline, ...]]:
    """Give the ways by which a signal leaves to what keeps it: its pipelines, the first first."""
    found, connectors = pipelines(config), connectors_of(config)
    last = [
        each
        for each in found
        if each.signal == signal
        and any((name := text(node) or "") not in connectors and keeps(name) for node in each.exporters)
    ]
    ways: list[tuple[Pipeline, ...]] = []
    open_: list[tuple[Pipeline, ...]] = [(pipeline,) for pipeline in last]
    while open_ and len(ways) + len(open_) <= _MOST_PATHS:
        way = open_.pop(0)
        before = feeding(way[0], found, connectors)
        # A pipeline that others feed may also be fed from outside.
        if not before or any((text(node) or "") not in connectors for node in way[0].receivers):
            ways.append(way)
        open_ += [(other, *way) for other in before if other not in way]
    return ways + open_


def _kept(way: tuple[Pipeline, ...], config: Config) -> _Share:
    share = 1.0
    where: Node = way[-1].exporters[0]
    for pipeline in way:
        for node in pipeline.processors:
            found = _share(node, config)
            if found.value is None:
                return found
            if found.value < 1:
                share, where = share * found.value, found.node
    return _Share(int(share) if share in {0, 1} else round(share, 9), where)


def _share(node: Node, config: Config) -> _Share:
    name = text(node) or ""
    kind = name.partition("/")[0]
    row = table("collector")["sampling"]["rows"].get(kind)
    settings = at(config.root, "processors", name)
    if row is None and kind in table("collector")["keeping"]["rows"]:
        return _Share(1, node)
    if row is None:
        return _Share(None, node, f"nothing is known of what `{name}` leaves out")
    if "share" in row:
        return _percent(at(settings, row["share"]), node, name)
    if "all" in row and isinstance(settings, Mapping):
        kinds = [text(at(each, "type")) for each in items(at(settings, "policies"))]
        if kinds == [row["all"]]:
            return _Share(1, node)
    return _Share(None, node, f"`{name}` decides by what is in a trace whether it is kept")


def _percent(written: Node | None, node: Node, name: str) -> _Share:
    said = text(written) or ""
    if written is None or not _NUMBER.fullmatch(said) or float(said) > 100:  # percent
        return _Share(None, written or node, f"`{name}` does not say how many it keeps")
    return _Share(float(said) / 100, written)


def _changes(node: Node) -> bool:
    return (text(node) or "").partition("/")[0] in table("collector")["redaction"]["rows"]


def _redacts(node: Node, config: Config) -> bool:
    name = text(node) or ""
    settings = at(config.root, "processors", name)
    made_for_it = table("collector")["redaction"]["rows"].get(name.partition("/")[0], False)
    # Without a list of values or of keys the processor lets everything through, or is told to.
    named = items(at(settings, "blocked_values")) or items(at(settings, "blocked_key_patterns"))
    limited = bool(items(at(settings, "allowed_keys"))) and text(at(settings, "allow_all_keys")) != "true"
    return bool(made_for_it and (named or limited))
