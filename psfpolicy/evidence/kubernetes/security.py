"""What the containers of a pod may do to themselves and to their node."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy.evidence.kubernetes.pods import containers
from psfpolicy.evidence.kubernetes.values import truth, unreadable
from psfpolicy.evidence.kubernetes.ways import key_place
from psfpolicy.evidence.nodes import at, flag, items, number, text
from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.kubernetes.serving import Server
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import Place
    from psfpolicy.source import Node

NON_ROOT = "spec.security.hardening.nonRoot"
READ_ONLY = "spec.security.hardening.readOnlyRootFilesystem"
BENCHMARK = "spec.security.hardening.gpuNodeBenchmark"
EGRESS = "spec.network.egress.default"
PLAIN_SIDECAR = "spec.security.hardening.plaintextSidecar"

_SECURE = "secure-proxy"
"""The switch of llm-d's sidecar that is on unless it is said to be off."""

_SHARED = "the containers of the pod reach each other's files and variables below `/proc`"
_UNSAID = "nothing says under which user it runs, so its image decides"
_BESIDE = "a container may say otherwise where the rest of the object is written"


def hardening(server: Server, origin: Origin) -> Iterator[Fact]:
    """Give under which user the containers of a server's pod run and whether they may write to their root."""
    for node in containers(server.pod):
        here = _of(server, node, origin)
        yield from _user(server, node, here)
        yield from _root(server, node, here)
    for node in containers(server.pod, starting=True):
        yield from _user(server, node, _of(server, node, origin))


def host_access(server: Server, origin: Origin) -> Iterator[Fact]:
    """Give what a pod shares with its node, which is what benchmarks of nodes ask to avoid."""
    known = table("host_access")
    for key, check in known["pod"]["rows"].items():
        node = at(server.pod.spec, key)
        if node is not None and flag(node):
            yield origin.inconclusive(BENCHMARK, node, _against(key, check), shown=f"{key}: true")
            if key == "hostNetwork":
                reason = "network policies do not bind a pod on the network of its node"
                yield origin.inconclusive(EGRESS, node, reason, shown="hostNetwork: true")
    shared = at(server.pod.spec, "shareProcessNamespace")
    if shared is not None and flag(shared):
        yield origin.inconclusive(READ_ONLY, shared, _SHARED, shown="shareProcessNamespace: true")
    for key, check in known["volume"]["rows"].items():
        for volume in items(at(server.pod.spec, "volumes")):
            path = at(volume, key, "path")
            if path is not None:
                shown = f"{key}: {text(path) or ''}"
                yield origin.inconclusive(BENCHMARK, path, _against(key, check), shown=shown)
    for node in containers(server.pod):
        yield from _by_context(at(node, "securityContext"), _of(server, node, origin))


def _by_context(context: Node | None, origin: Origin) -> Iterator[Fact]:
    """Give what the security context of a container takes of the node."""
    known = table("host_access")
    for key, check in known["container"]["rows"].items():
        written = at(context, key)
        if written is not None and flag(written):
            yield origin.inconclusive(BENCHMARK, written, _against(key, check), shown=f"{key}: true")
    for key, check in known["capability"]["rows"].items():
        for added in items(at(context, "capabilities", key)):
            if text(added) not in known["capability"]["allowed"]:
                reason = _against(f"capabilities.{key}", check)
                yield origin.inconclusive(BENCHMARK, added, reason, shown=text(added) or "")


def sidecars(server: Server, origin: Origin) -> Iterator[Fact]:
    """Give whether a proxy beside the server serves in plain text, as that of llm-d may be told to; the last counts."""
    for node in containers(server.pod):
        if node is server.node:
            continue
        written = [each for key in ("command", "args") for each in items(at(node, key)) if _is_switch(each)]
        if written:
            yield _secured(written[-1], _of(server, node, origin))


def _is_switch(node: Node) -> bool:
    return (text(node) or "").lstrip("-").partition("=")[0] == _SECURE and (text(node) or "").startswith("-")


def _secured(node: Node, origin: Origin) -> Fact:
    _, equals, word = (text(node) or "").partition("=")
    plain = {"false": True, "0": True, "f": True, "true": False, "1": False, "t": False}.get(word.lower())
    if plain is None and equals:
        return origin.inconclusive(PLAIN_SIDECAR, node, unreadable(node, "a truth value"))
    return origin.fact(PLAIN_SIDECAR, bool(plain), node)


def _against(key: str, check: str) -> str:
    return f"`{key}` is what check {check} of the CIS Kubernetes Benchmark asks to avoid"


def _of(server: Server, node: Node, origin: Origin) -> Origin:
    """Give the origin of facts about a container of the pod, be it the server or one beside it."""
    if node is server.node:
        return origin
    name = text(at(node, "name")) or ""
    beside = f"{server.pod.item.title}, container {name}".rstrip()
    return replace(origin, subject=beside)


def _said(node: Node | None) -> Node | None:
    """Give what is written, unless it is null: that says nothing."""
    return node if text(node) is not None else None


def _user(server: Server, node: Node, origin: Origin) -> Iterator[Fact]:
    own, shared = at(node, "securityContext"), at(server.pod.spec, "securityContext")
    demand = _said(at(own, "runAsNonRoot")) or _said(at(shared, "runAsNonRoot"))
    user = _said(at(own, "runAsUser")) or _said(at(shared, "runAsUser"))
    if demand is None and user is None:
        if not server.pod.partial:
            yield origin.inconclusive(NON_ROOT, _context(node), _UNSAID)
        return
    fact = _by_user(origin, demand, user)
    inherited = at(own, "runAsNonRoot") is None and at(own, "runAsUser") is None
    if server.pod.partial and inherited and fact.certainty == "certain":
        yield origin.inferred(NON_ROOT, fact.value, fact.place, _BESIDE, shown=fact.shown)
    else:
        yield fact


def _by_user(origin: Origin, demand: Node | None, user: Node | None) -> Fact:
    number_of_user = number(user)
    if user is not None and (number_of_user is None or number_of_user < 0):
        return origin.inconclusive(NON_ROOT, user, unreadable(user, "the number of a user"))
    demanded = flag(demand)
    if demand is not None and demanded is None:
        return origin.inconclusive(NON_ROOT, demand, unreadable(demand, "a truth value"))
    if demand is not None and demanded:
        if user is not None and number_of_user == 0:
            reason = "`runAsNonRoot` and the user 0 exclude each other, so it does not start"
            return origin.inconclusive(NON_ROOT, user, reason, shown="runAsUser: 0")
        return origin.fact(NON_ROOT, True, demand, shown="runAsNonRoot: true")  # noqa: FBT003  # a JSON value
    if user is not None:
        return origin.fact(NON_ROOT, number_of_user != 0, user, shown=f"runAsUser: {number_of_user}")
    where = demand if demand is not None else origin.document.root
    return origin.inconclusive(NON_ROOT, where, "root is allowed, so the user of the image decides")


def _root(server: Server, node: Node, origin: Origin) -> Iterator[Fact]:
    written = _said(at(node, "securityContext", "readOnlyRootFilesystem"))
    if written is not None:
        yield truth(origin, READ_ONLY, written)
    elif not server.pod.partial:
        yield origin.fact(READ_ONLY, False, _context(node), shown="no readOnlyRootFilesystem")  # noqa: FBT003  # a JSON value


def _context(node: Node) -> Node | Place:
    """Give the place where a container's security context is, or would be looked for."""
    where = key_place(node, "securityContext")
    return key_place(node, "name") if where is node else where
