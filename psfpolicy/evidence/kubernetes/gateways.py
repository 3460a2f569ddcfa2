"""Routes of the Gateway API, and the listeners of the Gateways that they hang on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.kubernetes.routes import NAMED, OUTSIDE
from psfpolicy.evidence.kubernetes.services import backing
from psfpolicy.evidence.kubernetes.serving import selected
from psfpolicy.evidence.kubernetes.ways import Said, Way, annotated
from psfpolicy.evidence.nodes import at, items, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.kubernetes.serving import Server
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.source import Node

GROUP = "gateway.networking.k8s.io"
_POOLS = frozenset({"inference.networking.k8s.io", "inference.networking.x-k8s.io"})
_HANDED_ON = "the Gateway's controller hands the annotation on to its load balancer, where it makes one"
_ENCRYPTED = frozenset({"HTTPS", "TLS"})


def gateway_ways(item: Object, project: Project) -> Iterator[Way]:
    """Give the ways that a route opens, one for each server and parent."""
    found = route_servers(item, project)
    for parent in items(at(item.node, "spec", "parentRefs")):
        name = at(parent, "name")
        if name is None or (text(at(parent, "kind")) or "Gateway") != "Gateway":
            continue
        for server in found.values():
            yield from _through(parent, name, item, server, project)


def route_servers(item: Object, project: Project) -> dict[str, Server]:
    """Give the servers that a route leads to, by what facts about them name."""
    return {
        server.workload: server for rule in items(at(item.node, "spec", "rules")) for server in _of(rule, item, project)
    }


def _of(rule: Node, item: Object, project: Project) -> Iterator[Server]:
    for backend in items(at(rule, "backendRefs")):
        kind, name = text(at(backend, "kind")) or "Service", text(at(backend, "name")) or ""
        target = project.named(kind, name, text(at(backend, "namespace")) or item.namespace)
        if target is not None and target.group in _POOLS:
            selector = at(target.node, "spec", "selector")
            yield from selected(selector, target.namespace, project) if selector is not None else ()
        else:
            yield from backing(target, project)


def _through(parent: Node, name: Node, item: Object, server: Server, project: Project) -> Iterator[Way]:
    namespace = text(at(parent, "namespace")) or item.namespace
    gateway = project.named("Gateway", text(name) or "", namespace)
    if gateway is None or gateway.group != GROUP:
        called = placeholder_in(text(name) or "") or text(name)
        lack = Said(None, name, f"the Gateway `{called}` is not in the evidence")
        given = Said(text(name), name, "the name of the Gateway, which is not in the evidence")
        known = given if text(name) and not placeholder_in(text(name) or "") else None
        yield Way(item=item, server=server, exposure=lack, tls=lack, gateway=known)
        return
    group = at(gateway.node, "spec", "gatewayClassName")
    known = Said(text(group), name, NAMED) if text(group) and not placeholder_in(text(group) or "") else None
    listeners = [each for each in items(at(gateway.node, "spec", "listeners")) if _hangs(parent, each)]
    for said in _encryption(item, name, listeners):
        yield Way(item=item, server=server, exposure=_reached(gateway, group, name), tls=said, gateway=known)


def _hangs(parent: Node, listener: Node) -> bool:
    """Say whether a route hangs on a listener: on all of them, unless it names one or its port."""
    section, port = text(at(parent, "sectionName")), text(at(parent, "port"))
    return (not section or section == text(at(listener, "name"))) and (not port or port == text(at(listener, "port")))


def _reached(gateway: Object, group: Node | None, name: Node) -> Said:
    known = table("exposure")["classes"]["rows"].get(text(group) or "")
    if known is not None:
        return Said(known, name, shown=f"gatewayClassName: {text(group)}")
    said = annotated(at(gateway.node, "spec", "infrastructure"), "services")
    if said is not None:
        return said._replace(reason=_HANDED_ON)
    return Said("public", name, OUTSIDE)


def _encryption(item: Object, name: Node, listeners: list[Node]) -> Iterator[Said | None]:
    """Say of each kind of listener whether it encrypts; once that it is not known, where there is none."""
    if item.kind == "TLSRoute":
        yield Said(value=True, where=name, shown="TLSRoute")
        return
    found: dict[bool, Node] = {}
    for listener in listeners:
        protocol = text(at(listener, "protocol"))
        if protocol in _ENCRYPTED or protocol == "HTTP":
            found.setdefault(protocol != "HTTP", listener)
    for encrypted, listener in found.items():
        where = at(listener, "protocol") or listener
        yield Said(value=encrypted, where=where, shown=f"listener {text(at(listener, 'name')) or ''}".rstrip())
    if not found:
        yield None if listeners else Said(None, name, "no listener of the Gateway fits the route")
