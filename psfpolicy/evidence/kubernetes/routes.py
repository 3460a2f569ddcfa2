"""What routes clients to Services by host and path: Ingresses, and Routes of OpenShift."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.evidence.kubernetes.services import backing
from psfpolicy.evidence.kubernetes.values import unreadable
from psfpolicy.evidence.kubernetes.ways import (
    Said,
    Way,
    annotated,
    annotation,
    certificate,
    key_place,
    other_certificate,
)
from psfpolicy.evidence.nodes import at, items, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.source import Node

OUTSIDE = "reached from outside the cluster; whether from the internet, its controller decides"
NAMED = "the name of its class; which requests it lets pass is not read"

_CLASS = "kubernetes.io/ingress.class"


class _Backend(NamedTuple):
    name: Node
    host: Node | None


def ingress_ways(item: Object, project: Project) -> Iterator[Way]:
    """Give the ways that an Ingress opens."""
    group = at(item.node, "spec", "ingressClassName") or annotation(item, _CLASS)
    for backend in _backends(item):
        service = project.named("Service", text(backend.name) or "", item.namespace)
        for server in backing(service, project):
            yield Way(
                item=item,
                server=server,
                exposure=_reached(item, group, backend),
                tls=_encrypted(item, backend),
                gateway=Said(text(group), group, NAMED) if group is not None and _is_name(group) else None,
            )


def route_ways(item: Object, project: Project) -> Iterator[Way]:
    """Give the ways that a Route of OpenShift opens."""
    spec = at(item.node, "spec")
    for target in (at(spec, "to"), *items(at(spec, "alternateBackends"))):
        name = at(target, "name")
        if name is None or (text(at(target, "kind")) or "Service") != "Service":
            continue
        for server in backing(project.named("Service", text(name) or "", item.namespace), project):
            yield Way(item=item, server=server, exposure=Said("public", name, OUTSIDE), tls=_terminated(item))


def _is_name(node: Node) -> bool:
    return bool(text(node)) and not placeholder_in(text(node) or "")


def _backends(item: Object) -> Iterator[_Backend]:
    spec = at(item.node, "spec")
    # networking.k8s.io/v1 says `service.name`, the versions before it `serviceName`.
    for node in (at(spec, "defaultBackend"), at(spec, "backend")):
        name = at(node, "service", "name") or at(node, "serviceName")
        if name is not None:
            yield _Backend(name, None)
    for rule in items(at(spec, "rules")):
        for path in items(at(rule, "http", "paths")):
            name = at(path, "backend", "service", "name") or at(path, "backend", "serviceName")
            if name is not None:
                yield _Backend(name, at(rule, "host"))


def _reached(item: Object, group: Node | None, backend: _Backend) -> Said:
    said = annotated(at(item.node, "metadata"), "ingresses")
    if said is not None:
        return said
    known = table("exposure")["classes"]["rows"].get(text(group) or "")
    if known is not None and group is not None:
        return Said(known, group, "" if text(group) != "alb" else "the default of this class", text(group) or "")
    return Said("public", backend.name, OUTSIDE)


def _encrypted(item: Object, backend: _Backend) -> Said:
    spec = at(item.node, "spec")
    written = at(spec, "tls")
    blocks = items(written)
    host = text(backend.host) or ""
    for block in blocks:
        hosts = items(at(block, "hosts"))
        if not hosts or not host or any(_covers(text(each) or "", host) for each in hosts):
            return Said(value=True, where=block)
    said = certificate(item) or other_certificate(item)
    if said is not None:
        return said
    if blocks:
        where = backend.host or backend.name
        return Said(value=False, where=where, shown=f"`{host}` is none of the hosts below `tls`")
    if written is not None and text(written) is not None:
        return Said(None, written, unreadable(written, "a list"))
    return Said(value=False, where=key_place(item.node, "spec"), shown="no `tls`")


def _covers(pattern: str, host: str) -> bool:
    if pattern.startswith("*."):
        return host.partition(".")[2].lower() == pattern[2:].lower()
    return pattern.lower() == host.lower()


def _terminated(item: Object) -> Said:
    tls = at(item.node, "spec", "tls")
    termination, plain = at(tls, "termination"), at(tls, "insecureEdgeTerminationPolicy")
    if plain is not None and text(plain) == "Allow":
        return Said(value=False, where=plain, shown="insecureEdgeTerminationPolicy: Allow")
    if termination is not None and text(termination) in {"edge", "passthrough", "reencrypt"}:
        return Said(value=True, where=termination)
    if tls is not None and text(termination) is not None and termination is not None:
        return Said(None, termination, unreadable(termination, "a known termination"))
    return Said(value=False, where=key_place(item.node, "spec"), shown="no `tls`")
