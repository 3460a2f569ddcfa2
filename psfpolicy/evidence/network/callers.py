"""How a mesh asks callers who they are: tokens that a sidecar checks, certificates that it insists on.

A RequestAuthentication refuses wrong tokens, not a request without one: only an AuthorizationPolicy asks for one.
A sidecar that insists on certificates knows who calls it, which is a gateway for all who come from outside.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.kubernetes.serving import all_servers
from psfpolicy.evidence.kubernetes.ways import key_place
from psfpolicy.evidence.network.mesh import SECURITY, chosen_by, injected
from psfpolicy.evidence.nodes import at, entries, items, text
from psfpolicy.source import Mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.kubernetes.pods import Pod
    from psfpolicy.evidence.network.selecting import Choice
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import Place
    from psfpolicy.source import Node

AUTHENTICATION = "spec.network.ingress.authentication"

_KINDS = ("AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication")
_LETTING_IN = frozenset({"DISABLE", "PERMISSIVE"})
_FROM_OUTSIDE = ("Gateway", "GRPCRoute", "HTTPRoute", "Ingress", "Route", "TCPRoute", "TLSRoute", "VirtualService")
_NO_SERVER = "no pod that serves a model is in the evidence, so nobody can tell whether it holds for one"
_TOKENS = "the sidecar of its pods checks tokens; what a gateway before it asks for is not read"
_UNASKED = "a request without a token passes, unless an AuthorizationPolicy for all of them asks for one"
_PLAIN = "callers without a certificate are let in too"
_MIXED = "more than one PeerAuthentication may hold for its pods, and they differ"
_PEERS = "any pod of the mesh has a certificate; which of them may call is not asked here"
_GATEWAY = "something lets callers in from outside, and to the sidecar all of them are the gateway"


def is_read(item: Object) -> bool:
    """Say whether an object says how callers of a mesh show who they are."""
    return item.group == SECURITY and item.kind in _KINDS


def callers(project: Project, reader: str) -> Iterator[Fact]:
    """Give how the callers of each pod that serves a model show who they are, as far as the mesh asks."""
    known = project.once(_Known)
    if not all_servers(project):
        for item in known.tokens + known.peers:
            origin = Origin(reader=reader, document=item.document, subject=item.title)
            yield origin.inconclusive(AUTHENTICATION, _place(item), _NO_SERVER)
    for server in all_servers(project):
        inside = injected(server.pod, project)
        if inside.chosen is not False:
            for fact in _of_pod(server.pod, known, inside, reader):
                yield replace(fact, workload=server.workload)


def insists_on_certificates(pod: Pod, project: Project) -> bool:
    """Say whether a sidecar of a pod may let in nobody without a certificate, and so nobody in plain text."""
    peers = project.once(_Known).peers
    held = (item for item in peers if chosen_by(item, pod).chosen is not False)
    return injected(pod, project).chosen is not False and any(_mode(item) not in _LETTING_IN for item in held)


class _Known:
    """What the evidence has of a mesh's security, and whether anything leads in from outside."""

    def __init__(self, project: Project) -> None:
        self.rules, self.peers, self.tokens = (
            tuple(item for item in project.of_kind(kind) if item.group == SECURITY) for kind in _KINDS
        )
        self.is_open = any(project.of_kind(kind) for kind in _FROM_OUTSIDE)


def _of_pod(pod: Pod, known: _Known, inside: Choice, reader: str) -> Iterator[Fact]:
    tokens = [(item, chosen_by(item, pod)) for item in known.tokens]
    tokens = [(item, choice) for item, choice in tokens if choice.chosen is not False]
    if tokens:
        item, choice = next(((each, held) for each, held in tokens if held.chosen), tokens[0])
        origin = Origin(reader=reader, document=item.document, subject=item.title)
        reason = inside.reason or choice.reason or _asked(pod, known.rules)
        if reason or not items(at(item.node, "spec", "jwtRules")):
            yield origin.inconclusive(AUTHENTICATION, _place(item), reason or _UNASKED)
        else:
            yield origin.inferred(AUTHENTICATION, "oidc", _place(item), _TOKENS)
        return
    peers = [(item, chosen_by(item, pod)) for item in known.peers]
    peers = [(item, choice) for item, choice in peers if choice.chosen is not False]
    if peers:
        item, choice = peers[-1]
        origin = Origin(reader=reader, document=item.document, subject=item.title)
        modes = {_mode(each) for each, _ in peers}
        doubts = (inside.reason, *(held.reason for _, held in peers), _MIXED if len(modes) > 1 else "")
        reason = next(filter(None, doubts), "" if modes == {"STRICT"} else _PLAIN) or (
            _GATEWAY if known.is_open else ""
        )
        if reason:
            yield origin.inconclusive(AUTHENTICATION, _place(item), reason)
        else:
            yield origin.inferred(AUTHENTICATION, "mtls", _place(item), _PEERS)


def _place(item: Object) -> Node | Place:
    spec = at(item.node, "spec")
    mode = at(spec, "mtls", "mode")
    if mode is not None:
        return mode
    return key_place(spec or item.node, "jwtRules" if item.kind == _KINDS[2] else "mtls")


def _mode(item: Object) -> str:
    """Give the mode of all ports; empty where they differ, or it is inherited."""
    spec = at(item.node, "spec")
    ports = {text(at(each.value, "mode")) for each in entries(at(spec, "portLevelMtls"))}
    mode = text(at(spec, "mtls", "mode")) or ""
    return mode if ports <= {mode} else ""


def _asked(pod: Pod, rules: tuple[Object, ...]) -> str:
    """Say why it is not shown that every request needs a token; empty where it is."""
    allowing = []
    for item in rules:
        choice = chosen_by(item, pod)
        action = text(at(item.node, "spec", "action")) or "ALLOW"
        if action == "DENY" and choice.chosen and any(map(_refuses, items(at(item.node, "spec", "rules")))):
            return ""
        if action == "ALLOW" and choice.chosen is not False:
            allowing.append((item, choice))
    unsure = next((choice.reason for _, choice in allowing if choice.chosen is None), "")
    if unsure:
        return unsure
    # A policy without rules allows nothing by itself, so the others say who may call.
    asking = [rule for item, _ in allowing for rule in items(at(item.node, "spec", "rules"))]
    return "" if asking and all(map(_wants, asking)) else _UNASKED


def _wants(rule: Node) -> bool:
    """Say whether a rule allows only who has a token."""
    sources = items(at(rule, "from"))
    return bool(sources) and all(items(at(each, "source", "requestPrincipals")) for each in sources)


def _refuses(rule: Node) -> bool:
    """Say whether a rule refuses every request without a token, whatever it asks for."""
    if not isinstance(rule, Mapping) or set(rule.members) != {"from"}:
        return False
    return any(
        [text(each) for each in items(at(source, "source", "notRequestPrincipals"))] == ["*"]
        and len(tuple(entries(at(source, "source")))) == 1
        for source in items(at(rule, "from"))
    )
