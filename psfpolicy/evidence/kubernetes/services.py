"""Services and the ports of a node: from where they let clients reach a pod."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from psfpolicy.evidence.engines import engine_facts
from psfpolicy.evidence.kubernetes.pods import containers
from psfpolicy.evidence.kubernetes.serving import selected
from psfpolicy.evidence.kubernetes.values import unreadable
from psfpolicy.evidence.kubernetes.ways import Said, Way, annotated, annotation, certificate, other_certificate
from psfpolicy.evidence.network.callers import insists_on_certificates
from psfpolicy.evidence.nodes import at, flag, items, number, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.tables import table
from psfpolicy.source import Mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.kubernetes.serving import Server
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.place import JsonValue
    from psfpolicy.source import Node

_RANGES = "service.beta.kubernetes.io/load-balancer-source-ranges"
_INSIDE = "a Service for the cluster alone; what routes to it from outside may not be in the evidence"
_NODES = "reached at the addresses of the nodes; whether those are public is not in the evidence"


def service_ways(item: Object, project: Project) -> Iterator[Way]:
    """Give the ways that a Service opens to the servers that it selects."""
    found = backing(item, project)
    if found:
        said = _exposed(item)
        if said is not None:
            given = certificate(item) or other_certificate(item)
            for server in found:
                yield _direct(item, server, said, project, given)


def backing(item: Object | None, project: Project) -> tuple[Server, ...]:
    """Give the servers that a Service selects; one without a selector selects nothing."""
    if item is None or item.group or item.kind != "Service":
        return ()
    selector = at(item.node, "spec", "selector")
    if not isinstance(selector, Mapping) or not selector.members:
        return ()
    return selected(selector, item.namespace, project)


def pod_ways(server: Server, project: Project) -> Iterator[Way]:
    """Give the ways that a pod opens itself: the network of its node, and ports of the node."""
    network = at(server.pod.spec, "hostNetwork")
    if network is not None and flag(network):
        said = Said("private", network, _NODES, "hostNetwork: true")
        yield _direct(server.pod.item, server, said, project, None)
    for port in items(at(server.node, "ports")):
        opened = at(port, "hostPort")
        if opened is not None and number(opened) and not _is_loopback(text(at(port, "hostIP"))):
            said = Said("private", opened, _NODES, f"hostPort: {number(opened)}")
            yield _direct(server.pod.item, server, said, project, None)


def _direct(item: Object, server: Server, said: Said, project: Project, given: Said | None) -> Way:
    """Give a way on which nothing stands before the pod: from outside, clients meet what the engine itself serves."""
    if said.value not in {"private", "public"}:
        return Way(item=item, server=server, exposure=said)
    own = project.once(_Engines).of(server, project)
    beside = "a container beside the engine may stand before it" if len(containers(server.pod)) > 1 else ""
    before = "what stands before the nodes may encrypt" if said.reason == _NODES else beside
    if not before and own.get("tls") is False and insists_on_certificates(server.pod, project):
        before = "the sidecar of a mesh may insist on certificates, and then nobody is let in who does not encrypt"
    tls = given
    if tls is None and own.get("tls") is False:
        tls = Said(value=False, where=said.where, reason=before, shown=said.shown)
    asked = None
    if own.get("authentication") == "none":
        lack = beside or "the engine asks for nothing; a mesh or a policy of the network may"
        asked = Said("none", said.where, lack, said.shown)
    return Way(item=item, server=server, exposure=said, tls=tls, authentication=asked)


class _Engines:
    """What engines are known to do themselves, worked out once for each server that is asked for."""

    def __init__(self, _: Project) -> None:
        self._known: dict[str, dict[str, JsonValue]] = {}

    def of(self, server: Server, project: Project) -> dict[str, JsonValue]:
        key = server.workload
        if key not in self._known:
            facts = engine_facts(server.container, server.origin(""), project)
            self._known[key] = {
                str(fact.path[-1]): fact.value
                for fact in facts
                if fact.path[:-1] == ("spec", "serving", "engine") and fact.certainty == "certain"
            }
        return self._known[key]


def _exposed(item: Object) -> Said | None:
    spec = at(item.node, "spec")
    written = at(spec, "type")
    kind = text(written) or "ClusterIP"
    where = written or at(item.node, "kind") or item.node
    outside = _external(at(spec, "externalIPs"))
    if kind == "LoadBalancer":
        return _balanced(item, where)
    if outside is not None:
        return outside
    if kind == "NodePort":
        return Said("private", where, _NODES, "type: NodePort")
    if kind == "ClusterIP":
        return Said("cluster", where, _INSIDE, "" if written is None else "type: ClusterIP")
    if kind == "ExternalName":
        return None
    return Said(None, where, unreadable(where, "a known type of Service"))


def _balanced(item: Object, where: Node) -> Said:
    """Say from where a load balancer is reached: from everywhere, unless something restricts it."""
    said = annotated(at(item.node, "metadata"), "services")
    if said is not None:
        return said
    spec = at(item.node, "spec")
    ranges = at(spec, "loadBalancerSourceRanges")
    allowed = [text(node) or "" for node in items(ranges)] or (text(annotation(item, _RANGES)) or "").split(",")
    if all(_is_private_range(each) for each in allowed):
        limits = ranges or annotation(item, _RANGES) or where
        return Said("private", limits, "only addresses of private networks may reach the load balancer")
    name = at(spec, "loadBalancerClass")
    if name is not None and text(name):
        known = table("exposure")["balancers"]["rows"].get(text(name), "public")
        return Said(known, name, "the class of the load balancer decides from where it is reached")
    return Said("public", where, shown="type: LoadBalancer")


def _external(node: Node | None) -> Said | None:
    """Say from where the widest of the addresses is reached that a Service is given beside its own."""
    found = [(text(each) or "", each) for each in items(node)]
    if not found:
        return None
    for word, each in found:
        if not _is_private_address(word):
            placeholder = placeholder_in(word)
            if placeholder:
                return Said(None, each, f"`{placeholder}` is filled in elsewhere")
            return Said("public", each, shown=f"externalIPs: {word}")
    return Said("private", found[0][1], shown=f"externalIPs: {found[0][0]}")


def _is_private_address(word: str) -> bool:
    try:
        return ip_address(word.strip()).is_private
    except ValueError:
        return False


def _is_private_range(word: str) -> bool:
    try:
        network = ip_network(word.strip(), strict=False)
    except ValueError:
        return False
    # `0.0.0.0/0` counts as private there, since its first address is.
    return network.prefixlen > 0 and network.is_private


def _is_loopback(word: str | None) -> bool:
    try:
        return ip_address(word or "").is_loopback
    except ValueError:
        return False
