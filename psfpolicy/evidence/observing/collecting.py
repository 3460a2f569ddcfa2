"""What collects metrics of a server, and what sends on what was collected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.engines import engine_facts
from psfpolicy.evidence.guarding.litellm_pods import measuring
from psfpolicy.evidence.kubernetes.secrets import STORE
from psfpolicy.evidence.kubernetes.services import backing
from psfpolicy.evidence.kubernetes.serving import alike, all_servers, selected
from psfpolicy.evidence.nodes import at, entries, flag, items, text
from psfpolicy.evidence.observing.addresses import address, encrypted, has_login
from psfpolicy.evidence.observing.exporting import EXPORTS, export_fact
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.project import labels, selects
from psfpolicy.evidence.tables import table
from psfpolicy.source import Mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.kubernetes.serving import Server
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import JsonValue
    from psfpolicy.source import Node

METRICS = "spec.observability.metrics"

_DATADOG = "datadoghq.com"
_ASKED = "the engine has metrics where it is asked for them; which of them are kept is not in the evidence"
_PROXIES = "the proxy has metrics where it is asked for them; which of them are kept is not in the evidence"
_CHART = "values of a chart: what it makes of them is not in the evidence"
_NOT_HERE = "the pods that it chooses are not in the evidence"
_DEFAULT = "no site is said, and this is where the agent sends to then"
_REMOTE = (("remoteWrite", "url"), ("remote_write", "url"))


def collects(item: Object) -> bool:
    """Say whether an object has metrics collected."""
    return _is(item, "services", "pods", "senders") or _is_agent(item)


def collected(item: Object, project: Project, origin: Origin) -> Iterator[Fact]:
    """Give what an object has collected, and where that is sent to."""
    if _is_agent(item):
        yield from _agent(at(item.node, "spec", "global"), at(item.node, "spec", "features"), item.node, origin, "")
    elif _is(item, "senders"):
        yield from remote(at(item.node, "spec"), origin, "")
    else:
        chosen = {server.workload: server for server in _chosen(item, project)}
        for server in chosen.values():
            yield from _metrics(server, item, project, origin.of(server.workload))
            yield from _beside(server, item, project, origin.of(server.workload))
        if chosen or not all_servers(project):
            yield from _managed(item, "" if chosen else _NOT_HERE, origin)


def scraped(item: Object, project: Project, servers: tuple[Server, ...], origin: Origin) -> Iterator[Fact]:
    """Give what is collected of the servers of an object whose pods are annotated for it."""
    for server in servers:
        notes = at(item.node, "spec", "template", "metadata", "annotations")
        notes = at(item.node, "metadata", "annotations") if item.kind == "Pod" else notes
        asked = at(notes, table("alerts")["charts"]["scrape"])
        path = text(at(notes, table("alerts")["charts"]["path"])) or table("alerts")["collected"]["path"]
        if asked is not None and flag(asked) and path == table("alerts")["collected"]["path"]:
            yield from _words(server, asked, project, origin.of(server.workload))


def remote(holder: Node | None, origin: Origin, partial: str) -> Iterator[Fact]:
    """Give where Prometheus sends on what it collects."""
    for key, name in _REMOTE:
        for index, each in enumerate(items(at(holder, key))):
            written = at(each, name)
            said = text(written) or ""
            title = text(at(each, "name")) or f"{key}[{index}]"
            placeholder = placeholder_in(said)
            if written is None or not said:
                continue
            if placeholder:
                reason = f"`{placeholder}` is filled in elsewhere"
                yield origin.inconclusive(EXPORTS, written, reason, item={"name": title}, shown=title)
                continue
            if has_login(said):
                yield origin.fact(STORE, "none", written, shown=f"{title}: {name}")
            value: dict[str, JsonValue] = {"name": title, "kind": "prometheus", "endpoint": address(said)}
            if encrypted(said) is not None:
                value["tls"] = encrypted(said)
            yield export_fact(origin, {**value, "carries": ["metrics"]}, written, partial)


def datadog_values(root: Node, origin: Origin) -> Iterator[Fact]:
    """Give where an agent of Datadog sends to by the values of its chart."""
    found = at(root, "datadog")
    if isinstance(found, Mapping):
        yield from _agent(found, found, found, origin, _CHART)


def is_datadog_values(root: Node) -> bool:
    """Say whether a map holds the values of Datadog's chart."""
    found = at(root, "datadog")
    keys = {each.key for each in entries(found)}
    return at(root, "kind") is None and bool(keys & {"apiKey", "apiKeyExistingSecret", "site"})


def router(root: Node, origin: Origin) -> Iterator[Fact]:
    """Give where the router of vLLM's production stack sends traces by the values of its chart."""
    settings = at(root, "routerSpec", "otel")
    written = at(settings, "endpoint")
    said = text(written) or ""
    if written is None or not said:
        return
    if placeholder_in(said):
        yield origin.inconclusive(EXPORTS, written, f"`{placeholder_in(said)}` is filled in elsewhere")
        return
    value: dict[str, JsonValue] = {"name": "routerSpec.otel", "kind": "otlp", "endpoint": address(said)}
    secure = flag(at(settings, "secure"))
    if secure is not None:
        value["tls"] = secure
    yield export_fact(origin, {**value, "carries": ["traces"]}, written, _CHART)


def _is_agent(item: Object) -> bool:
    return (item.group, item.kind) == (_DATADOG, "DatadogAgent")


def _agent(given: Node | None, features: Node | None, whole: Node, origin: Origin, partial: str) -> Iterator[Fact]:
    written = at(given, "site")
    site = text(written) or table("collector")["datadog"]["site"]
    where = written or _first(whole)
    placeholder = placeholder_in(site)
    if placeholder:
        yield origin.inconclusive(EXPORTS, where, f"`{placeholder}` is filled in elsewhere")
        return
    carries: list[JsonValue] = ["metrics"]
    if flag(at(features, "apm", "enabled")) is not False:
        carries.append("traces")
    logs = [flag(at(features, key, "enabled")) for key in ("logCollection", "logs")]
    carries += ["logs"] if True in logs else []
    endpoint = f"https://api.{site}"
    value: dict[str, JsonValue] = {"name": "datadog", "kind": "datadog", "endpoint": endpoint, "hosting": "third-party"}
    yield export_fact(
        origin, {**value, "tls": True, "carries": carries}, where, partial or ("" if written else _DEFAULT)
    )


def _managed(item: Object, partial: str, origin: Origin) -> Iterator[Fact]:
    row = table("collector")["managed"]["rows"].get(item.group)
    kind = at(item.node, "kind")
    if row is None or kind is None or item.kind not in row["kinds"]:
        return
    if partial:
        told: dict[str, JsonValue] = {"name": item.name, "endpoint": row["endpoint"]}
        shown = f"{item.kind} sends metrics to {row['endpoint']}"
        yield origin.inconclusive(EXPORTS, kind, partial, item=told, shown=shown)
        return
    value: dict[str, JsonValue] = {"name": item.name, "kind": "prometheus", "endpoint": row["endpoint"]}
    yield export_fact(origin, {**value, "hosting": "third-party", "tls": True, "carries": ["metrics"]}, kind, "")


def _chosen(item: Object, project: Project) -> tuple[Server, ...]:
    """Give the servers that a monitor chooses; one that chooses Services chooses what stands behind them."""
    selector = at(item.node, "spec", "selector")
    namespace, everywhere = item.namespace, item.kind == "ClusterPodMonitoring"
    names = {text(each) for each in items(at(item.node, "spec", "namespaceSelector", "matchNames"))}
    everywhere = everywhere or flag(at(item.node, "spec", "namespaceSelector", "any")) is True or bool(names)
    if _is(item, "services"):
        found = tuple(
            server
            for each in _services(selector, project)
            if everywhere or alike(namespace, each.namespace)
            for server in backing(each, project)
        )
    else:
        found = selected(selector, "" if everywhere else namespace, project)
    return tuple(each for each in found if not names or not each.pod.item.namespace or each.pod.item.namespace in names)


def _services(selector: Node | None, project: Project) -> Iterator[Object]:
    """Give the Services that a label selector chooses, looking only at those that have one of its labels."""
    by_label = project.once(_by_label)
    pairs = labels(at(selector, "matchLabels"))
    few = min((by_label.get(pair, []) for pair in pairs.items()), key=len, default=project.of_kind("Service"))
    yield from (each for each in few if selects(selector, each.labels))


def _by_label(project: Project) -> dict[tuple[str, str], list[Object]]:
    found: dict[tuple[str, str], list[Object]] = {}
    for item in project.of_kind("Service"):
        for pair in item.labels.items():
            found.setdefault(pair, []).append(item)
    return found


def _metrics(server: Server, item: Object, project: Project, origin: Origin) -> Iterator[Fact]:
    for key in ("endpoints", "podMetricsEndpoints"):
        for each in items(at(item.node, "spec", key)):
            path = text(at(each, "path")) or table("alerts")["collected"]["path"]
            if path == table("alerts")["collected"]["path"]:
                yield from _words(server, _first(each), project, origin)
                return


def _beside(server: Server, item: Object, project: Project, origin: Origin) -> Iterator[Fact]:
    """Give what proxies in a server's pod measure, where they are asked at a port of theirs."""
    for proxy in measuring(server.pod, project):
        ports = {text(at(port, key)) for port in items(at(proxy, "ports")) for key in ("name", "containerPort")}
        for each in items(at(item.node, "spec", "podMetricsEndpoints")):
            written = at(each, "port") or at(each, "portNumber")
            path = text(at(each, "path")) or table("alerts")["collected"]["path"]
            if written is None or text(written) not in ports or path != table("alerts")["collected"]["path"]:
                continue
            for word in table("alerts")["collected"]["rows"]["litellm"]:
                yield origin.fact(METRICS, word, written, item=True, certainty="inferred", reason=_PROXIES)


def _words(server: Server, where: Node, project: Project, origin: Origin) -> Iterator[Fact]:
    engine, measures = "", True
    for fact in engine_facts(server.container, server.origin(""), project):
        if fact.path == ("spec", "serving", "engine", "name"):
            engine = str(fact.value or "")
        elif fact.path == ("spec", "serving", "engine", "metrics"):
            measures = measures and fact.value is True
    if not measures:
        yield origin.inconclusive(METRICS, where, "as it is started the engine measures nothing, or may not")
        return
    for word in table("alerts")["collected"]["rows"].get(engine, ()):
        yield origin.fact(METRICS, word, where, item=True, certainty="inferred", reason=_ASKED)


def _first(node: Node) -> Node:
    """Give what stands for a map where its place is asked: the first value in it."""
    first = next(iter(entries(node)), None)
    return node if first is None else first.value


def _is(item: Object, *roles: str) -> bool:
    """Say whether an object's kind is one of those that the table has for a role."""
    return any(item.kind in table("alerts")["kinds"][role].get(item.group, ()) for role in roles)
