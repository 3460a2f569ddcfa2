"""From where a service of compose can be reached, and what it reaches."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING

from psfpolicy.evidence.compose.services import content_of
from psfpolicy.evidence.nodes import at, entries, flag, items, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.compose.services import Service
    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Entry, Node

EXPOSURE = "spec.network.ingress.exposure"
TLS = "spec.network.ingress.tls"
AUTHENTICATION = "spec.network.ingress.authentication"
EGRESS = "spec.network.egress.default"

_EVERYWHERE = "published at every address of the host; whether the internet reaches those is not in the evidence"
_HOST = "on the network of its host; whether the internet reaches that is not in the evidence"
_INSIDE = "nothing publishes it beyond the host here; another file may"
_NOT_HERE = "a file that is included is not in the evidence: its services may publish this one, or reach further"
_OPEN = "a network of Docker lets everything out, unless the host restricts it"
_UNASKED = "the engine asks for nothing; what stands before its host may"
_WIDTH = {"cluster": 0, "private": 1, "public": 2}


def exposed(service: Service, origin: Origin, *, plain: bool, unasked: bool) -> Iterator[Fact]:
    """Give from where a service can be reached: the widest of what its ports and its network open.

    Args:
        service: The service.
        origin: What is read.
        plain: What it serves is known not to be encrypted, so nothing encrypts what a port of it publishes.
        unasked: It is known not to ask who clients are, so nothing asks those that come through a port of it.
    """
    found = [_published(port, service, origin) for port in items(at(service.node, "ports"))]
    mode = at(service.node, "network_mode")
    if mode is not None and text(mode) == "host":
        found.append(origin.inferred(EXPOSURE, "public", mode, _HOST, shown="network_mode: host"))
    if not found and not service.partial:
        before = next(_before(service), None)
        if before is None:
            found.append(origin.inferred(EXPOSURE, "cluster", service.entry.key_place, _INSIDE))
        else:
            reason = f"`{before.key}` publishes a port and names it, so that it may pass requests on to it"
            found.append(origin.inconclusive(EXPOSURE, before.key_place, reason))
    widest = max((_WIDTH.get(str(fact.value), 0) for fact in found), default=0)
    for fact in found:
        if _WIDTH.get(str(fact.value), widest) >= widest:
            yield fact
            if plain and fact.value in {"private", "public"}:
                yield origin.fact(TLS, False, fact.place, shown=fact.shown)  # noqa: FBT003  # a JSON value
            if unasked and fact.value in {"private", "public"}:
                yield origin.inferred(AUTHENTICATION, "none", fact.place, _UNASKED, shown=fact.shown)


def included(service: Service, origin: Origin, project: Project) -> Iterator[Fact]:
    """Give that a file which is included and is not in the evidence may publish more than is seen."""
    written = at(service.document.root, "include")
    for each in items(written) or (() if written is None else (written,)):
        for path in (each,) if text(each) is not None else _paths(at(each, "path")):
            if content_of(service.filled(path).text, service.document, project) is None:
                for about in (EXPOSURE, EGRESS):
                    yield origin.inconclusive(about, path, _NOT_HERE, shown=f"include: {text(path)}")


def _paths(node: Node | None) -> tuple[Node, ...]:
    return items(node) or (() if node is None else (node,))


def _before(service: Service) -> Iterator[Entry]:
    """Give the services of the file that publish a port and name another as a host."""
    named = re.compile(rf"(?<![\w.-]){re.escape(service.name)}:\d")
    for each in entries(at(service.document.root, "services")):
        published = at(each.value, "ports") is not None or text(at(each.value, "network_mode")) == "host"
        if each.key != service.name and published:
            said = [each.value.text.content[node.start : node.end] for node in _settings(each.value)]
            if any(named.search(part) for part in said):
                yield each


def _settings(node: Node) -> Iterator[Node]:
    for key in ("command", "entrypoint", "environment", "labels"):
        found = at(node, key)
        yield from () if found is None else (found,)


def reached(service: Service, origin: Origin) -> Iterator[Fact]:
    """Give whether a service reaches what lies outside its networks."""
    mode = at(service.node, "network_mode")
    if mode is not None and text(mode):
        yield _by_mode(mode, origin)
        return
    written = at(service.node, "networks")
    names = [each.key for each in entries(written)] or [text(item) or "" for item in items(written)]
    if not names and service.partial:
        return
    where = written or service.entry.value
    closed: list[Node] = []
    for name in names or ["default"]:
        network = at(service.document.root, "networks", name)
        internal = at(network, "internal")
        if internal is not None and flag(internal):
            closed.append(internal)
        elif flag(at(network, "external")) or (network is None and names and name != "default"):
            reason = f"the network `{name}` is not described in this file"
            yield origin.inconclusive(EGRESS, where, reason)
            return
        else:
            place = service.entry.key_place if written is None else where
            yield origin.inferred(EGRESS, "allow", place, _OPEN)
            return
    yield origin.fact(EGRESS, "deny", closed[0], shown="internal: true")


def _by_mode(mode: Node, origin: Origin) -> Fact:
    match text(mode):
        case "none":
            return origin.fact(EGRESS, "deny", mode, shown="network_mode: none")
        case "host" | "bridge":
            return origin.inferred(EGRESS, "allow", mode, _OPEN, shown=f"network_mode: {text(mode)}")
        case _:
            return origin.inconclusive(EGRESS, mode, "the network of something else, which is not followed")


def _published(port: Node, service: Service, origin: Origin) -> Fact:
    address = at(port, "host_ip")
    if text(port) is None:
        published = at(port, "published")
        shown = f"published: {text(published)}" if text(published) else "published"
        filled = service.filled(address)
        where = address or published or port
        written = filled.text
    else:
        filled = service.filled(port)
        where, shown = port, text(port) or ""
        written = _address(filled.text)
    if filled.unresolved and ("$" in written or "{{" in written):
        return origin.inconclusive(EXPOSURE, where, f"`{filled.unresolved}` is set elsewhere", shown=shown)
    value, reason = _reach(written)
    if filled.assumed and value != "public":
        reason = f"the default of `{filled.assumed}`, which may be set elsewhere"
    if reason:
        return origin.inferred(EXPOSURE, value, where, reason, shown=shown)
    return origin.fact(EXPOSURE, value, where, shown=shown)


def _address(port: str) -> str:
    """Give the address of the host in the short form of a port: `127.0.0.1:8000:80`; empty where it names none."""
    if port.startswith("["):
        return port[1:].partition("]")[0]
    address, colon, _ = port.rpartition(":")[0].rpartition(":")
    return address if colon else ""


def _reach(address: str) -> tuple[str, str]:
    """Say from where an address of the host is reached, and why that is not certain."""
    try:
        known = ip_address(address.strip())
    except ValueError:
        known = None
    if known is None or known.is_unspecified:
        return "public", _EVERYWHERE
    if known.is_loopback:
        return "cluster", "published for the host alone; what stands before it there is not in the evidence"
    return ("private", "") if known.is_private else ("public", "")
