"""Whom NetworkPolicies let in to a pod, and so whether clients meet the proxy in it and not the engine behind."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.evidence.kubernetes.pods import containers
from psfpolicy.evidence.kubernetes.ways import key_place
from psfpolicy.evidence.network import cilium, cluster
from psfpolicy.evidence.network.policies import is_list, port_range
from psfpolicy.evidence.network.selecting import all_of, chooses, same_namespace
from psfpolicy.evidence.nodes import at, entries, flag, items, number, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.tables import table
from psfpolicy.source import Mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.kubernetes.pods import Pod
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.place import Place
    from psfpolicy.source import Node

_KIND = "NetworkPolicy"
_VERSION = f"{cluster.NETWORKING}/v1"
_NAME = "app.kubernetes.io/name"
_NO_POLICY = "no NetworkPolicy of the evidence closes its pods to what comes in"
_OF_NODE = "it is on the network of its node, or has a port of it, which policies do not bind"
_OTHER_KIND = "a policy of a kind that is not read here may let in more"
_TYPES = frozenset({"Ingress", "Egress"})
_UNREADABLE = "whom a rule lets in cannot be read"
_ELSEWHERE = "it lets others in at a port of which nothing says who listens there"


class Admitted(NamedTuple):
    """Whether clients get at an engine past the proxy in its pod."""

    past: bool | None
    """None where that is not known."""
    reason: str = ""
    """Why it is not known; empty where it is."""
    where: Node | Place | None = None
    """What lets them in."""
    policy: Object | None = None
    """Whose rule that is."""


def admitted(pod: Pod, proxy: Node, project: Project) -> Admitted:
    """Say whether clients get at what else is in a pod than its proxy.

    Only what collects metrics may: engines give theirs at the port at which they answer.

    Args:
        pod: The pod.
        proxy: The proxy's container in it.
        project: The evidence.
    """
    if flag(at(pod.spec, "hostNetwork")) not in {None, False} or _ports_of_node(pod):
        return Admitted(None, _OF_NODE)
    if pod.partial or any(map(_may_admit, project.objects)):
        return Admitted(None, pod.partial or _OTHER_KIND)
    doors = _declared(proxy) - _taken(pod, proxy)
    closing = False
    for item in _policies(project):
        choice = all_of(
            (
                same_namespace(item.namespace, pod.item.namespace),
                chooses(at(item.node, "spec", "podSelector"), pod.labels),
            )
        )
        lack = choice.reason or _doubt(item, project)
        if choice.chosen is False or not _is_for_ingress(item):
            continue
        if lack or not _is_readable(item):
            return Admitted(None, lack or _UNREADABLE)
        closing = True
        for rule in items(at(item.node, "spec", "ingress")):
            found = _of_rule(rule, item, doors, _taken(pod, proxy))
            if found is not None:
                return found
    return Admitted(past=False) if closing else Admitted(None, _NO_POLICY)


def _ports_of_node(pod: Pod) -> bool:
    return any(at(port, "hostPort") is not None for each in containers(pod) for port in items(at(each, "ports")))


def _may_admit(item: Object) -> bool:
    return cluster.is_other(item) or (item.group == cilium.GROUP and item.kind in cilium.KINDS)


def _policies(project: Project) -> Iterator[Object]:
    yield from (item for item in project.of_kind(_KIND) if item.group == cluster.NETWORKING)


def _doubt(item: Object, project: Project) -> str:
    if text(at(item.node, "apiVersion")) != _VERSION or not item.name or placeholder_in(item.name):
        return "a policy without a name and version that are known may not be there"
    twins = project.once(_names)[item.namespace, item.name]
    return "the evidence has another policy of this name, and only one of them is there" if twins > 1 else ""


def _names(project: Project) -> Counter[tuple[str, str]]:
    return Counter((item.namespace, item.name) for item in _policies(project))


def _is_for_ingress(item: Object) -> bool:
    """Say whether a policy is one for what comes in: all are, unless they say otherwise."""
    types = [text(each) for each in items(at(item.node, "spec", "policyTypes"))]
    return types != ["Egress"]


def _is_readable(item: Object) -> bool:
    """Say whether what a policy lets in is written here, and is what a cluster takes."""
    types, rules = at(item.node, "spec", "policyTypes"), at(item.node, "spec", "ingress")
    return is_list(types) and is_list(rules) and {text(each) for each in items(types)} <= _TYPES


def _declared(container: Node) -> frozenset[str]:
    """Give the ports that a container declares, by number and by name."""
    ports = items(at(container, "ports"))
    return frozenset(found for port in ports for key in ("name", "containerPort") if (found := text(at(port, key))))


def _taken(pod: Pod, proxy: Node) -> frozenset[str]:
    return frozenset().union(*(_declared(each) for each in containers(pod) if each is not proxy))


def _of_rule(rule: Node, item: Object, doors: frozenset[str], behind: frozenset[str]) -> Admitted | None:
    """Give what a rule lets clients get at beside the proxy; None where it lets them get at nothing else."""
    whole = isinstance(rule, Mapping) and rule.members.keys() <= {"from", "ports"}
    if not whole or not all(is_list(at(rule, key)) for key in ("from", "ports")):
        return Admitted(None, _UNREADABLE)
    peers = items(at(rule, "from"))
    if peers and all(map(_collects, peers)):
        return None
    who = key_place(rule, "from" if peers else "ports")
    written = items(at(rule, "ports"))
    if not written:
        return Admitted(past=True, where=who, policy=item)
    return next((found for port in written if (found := _of_port(port, item, doors, behind)) is not None), None)


def _of_port(node: Node, item: Object, doors: frozenset[str], behind: frozenset[str]) -> Admitted | None:
    found = _port(node)
    if found & behind:
        return Admitted(past=True, where=at(node, "port") or node, policy=item)
    if found and found <= doors:
        return None
    return Admitted(None, _ELSEWHERE if found else _UNREADABLE)


def _port(node: Node) -> frozenset[str]:
    """Give the ports that a rule names, by number or name; none where they cannot be read."""
    written, last = at(node, "port"), at(node, "endPort")
    said = text(written) or ""
    if number(written) is None:
        return frozenset() if not said or placeholder_in(said) or last is not None else frozenset({said})
    found = None if last is not None and number(last) is None else port_range(number(written), number(last))
    return frozenset() if found is None else frozenset(str(port) for port in range(found[0], found[1] + 1))


def _collects(peer: Node) -> bool:
    """Say whether a peer is what collects metrics, by the label that its operator gives it."""
    wanted = {each.key: text(each.value) for each in entries(at(peer, "podSelector", "matchLabels"))}
    return wanted.get(_NAME) in table("collector")["scrapers"]["rows"]
