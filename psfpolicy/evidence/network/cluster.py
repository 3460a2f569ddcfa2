"""NetworkPolicies of Kubernetes, FQDNNetworkPolicies of GKE, and kinds of policies that are not read further.

What is not written is defaulted as the API does: without `policyTypes` a policy is one for egress only where it has a
rule for it, and with `Egress` among them no rule is all denied, an empty one all allowed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.kubernetes.ways import key_place
from psfpolicy.evidence.network.policies import (
    ANY_PORT,
    Opening,
    Policy,
    Ports,
    checked,
    host_opening,
    is_list,
    is_null,
    listed,
    outside,
    port_range,
    range_opening,
    unreadable,
)
from psfpolicy.evidence.nodes import at, items, number, text
from psfpolicy.source import Mapping, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Object
    from psfpolicy.source import Node

NETWORKING, GKE = "networking.k8s.io", "networking.gke.io"
_WHOLE_CLUSTER = "it opens the way to every pod of the cluster, and what those pass on is not in the evidence"
_ALONE = "an FQDNNetworkPolicy allows; that nothing else is allowed another policy has to say"
_UNREAD = "a policy of a kind that is not read here may open or close more"
_KEYS = frozenset({"egress", "ingress", "podSelector", "policyTypes"})
_OTHERS = frozenset(
    {
        ("crd.antrea.io", "ClusterNetworkPolicy"),
        ("crd.antrea.io", "NetworkPolicy"),
        ("crd.projectcalico.org", "GlobalNetworkPolicy"),
        ("crd.projectcalico.org", "NetworkPolicy"),
        ("extensions", "NetworkPolicy"),
        ("k8s.ovn.org", "EgressFirewall"),
        ("policy.networking.k8s.io", "AdminNetworkPolicy"),
        ("policy.networking.k8s.io", "BaselineAdminNetworkPolicy"),
        ("policy.networking.k8s.io", "ClusterNetworkPolicy"),
        ("projectcalico.org", "GlobalNetworkPolicy"),
        ("projectcalico.org", "NetworkPolicy"),
    }
)
_OF_CLUSTER = frozenset(
    {"AdminNetworkPolicy", "BaselineAdminNetworkPolicy", "ClusterNetworkPolicy", "GlobalNetworkPolicy"}
)


def is_other(item: Object) -> bool:
    """Say whether an object is a policy of a kind that is known and not read."""
    return (item.group, item.kind) in _OTHERS


def network_policy(item: Object) -> Policy | None:
    """Give what a NetworkPolicy says of egress; None where it says nothing of it."""
    spec = at(item.node, "spec")
    types, rules = at(spec, "policyTypes"), at(spec, "egress")
    words = [text(each) for each in items(types)]
    readable = all(is_list(each) for each in (types, rules)) and set(words) <= {"Ingress", "Egress"}
    if readable and not ("Egress" in words if words else items(rules)):
        return None
    named = next((each for each in items(types) if text(each) == "Egress"), None)
    where = named if rules is None and named is not None else key_place(spec or item.node, "egress")
    found = [opening for rule in items(rules) for opening in _openings(rule)]
    if not readable:
        where = types if types is not None and set(words) - {"Ingress", "Egress"} else rules or types or item.node
        wrong = next((each for each in items(types) if text(each) not in {"Ingress", "Egress"}), where)
        lack = unreadable(where, wrong, "what it says of egress cannot be read")
        return Policy(
            item=item,
            selector=at(spec, "podSelector"),
            where=where,
            closes=None,
            lack=lack.reason,
            openings=(*found, lack),
        )
    made = Policy(item=item, selector=at(spec, "podSelector"), where=where, closes=True, openings=tuple(found))
    return checked(made, _KEYS, spec)


def fqdn_policy(item: Object) -> Policy:
    """Give what an FQDNNetworkPolicy opens."""
    spec = at(item.node, "spec")
    found: list[Opening] = []
    for rule in items(at(spec, "egress")):
        ports = _ports(at(rule, "ports"))
        for match in items(at(rule, "matches")):
            node = at(match, "name") or at(match, "pattern")
            reason = "neither a name nor a pattern can be read"
            found.append(host_opening(node, ports) if node is not None else unreadable(match, match, reason))
    where = key_place(spec or item.node, "egress")
    return Policy(
        item=item, selector=at(spec, "podSelector"), where=where, closes=None, lack=_ALONE, openings=tuple(found)
    )


def other_policy(item: Object) -> Policy | None:
    """Give that a policy of a kind that is not read bears on egress; None where it does not."""
    spec = at(item.node, "spec")
    where = at(spec, "egress")
    if where is None:
        where = next((each for each in items(at(spec, "types")) if text(each) == "Egress"), None)
    if where is None:
        return None
    return Policy(
        item=item,
        selector=None,
        everywhere=item.kind in _OF_CLUSTER,
        where=where,
        closes=None,
        lack=_UNREAD,
        openings=(Opening(where=where, kind="unknown", reason=_UNREAD),),
        doubt=_UNREAD,
    )


def _openings(rule: Node) -> Iterator[Opening]:
    """Give what a rule opens beyond the cluster; nothing where it names pods."""
    peers, written = at(rule, "to"), at(rule, "ports")
    if is_null(rule):
        yield outside(rule, ANY_PORT)
        return
    strange = not isinstance(rule, Mapping) or not rule.members.keys() <= {"to", "ports"}
    if strange or not is_list(peers) or not is_list(written):
        # What the cluster does not know it refuses or drops, and a rule that is left empty allows all.
        wrong = next((each for each in (rule, peers, written) if text(each)), rule)
        yield unreadable(rule, wrong, "the rule cannot be read")
        yield Opening(where=rule, kind="everything", reason="a rule that cannot be read may allow everything")
        return
    ports = _ports(written)
    if not items(peers):
        yield outside(rule, ports)
    for peer in items(peers):
        yield from _of_peer(peer, ports)


def _of_peer(peer: Node, ports: Ports) -> Iterator[Opening]:
    block, pods, spaces = at(peer, "ipBlock"), at(peer, "podSelector"), at(peer, "namespaceSelector")
    if isinstance(block, Mapping):
        cidr = at(block, "cidr")
        if cidr is None:
            yield unreadable(block, block, "it names no range")
        else:
            yield from range_opening(cidr, ports, less=bool(items(at(block, "except"))))
    elif isinstance(spaces, Mapping):
        all_pods = not isinstance(pods, Mapping) or _is_empty(pods)
        if all_pods and _is_empty(spaces) and not ports.are_of_dns:
            yield Opening(where=spaces, kind="unknown", reason=_WHOLE_CLUSTER)
    elif not isinstance(pods, Mapping):
        wrong = next((each for each in (peer, block, pods) if text(each)), peer)
        yield unreadable(peer, wrong, "whom it names cannot be read")


def _is_empty(selector: Mapping) -> bool:
    return all(
        is_null(each.value)
        or (isinstance(each.value, Mapping) and not each.value.members)
        or (isinstance(each.value, Sequence) and not each.value.items)
        for each in selector.entries
    )


def _ports(node: Node | None) -> Ports:
    if not items(node):
        return ANY_PORT
    found: list[tuple[int, int] | None] = []
    for each in items(node):
        first = at(each, "port")
        if first is None or is_null(first):
            found.append(None)
            continue
        last = at(each, "endPort")
        found.append(None if last is not None and number(last) is None else port_range(number(first), number(last)))
    return listed(found)
