"""Policies of Cilium: rules with a selector of their own, by names, entities and ranges, and denials that go first.

Sections without a rule do not count, and a rule without anything in it allows nothing: the other way round than in a
NetworkPolicy. Source: `Rule.Sanitize` and the API of cilium.io/v2.
"""

from __future__ import annotations

from dataclasses import replace
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
    unknown,
    unreadable,
)
from psfpolicy.evidence.nodes import at, entries, flag, items, number, text
from psfpolicy.source import Mapping, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Object
    from psfpolicy.source import Node

GROUP = "cilium.io"
CLUSTERWIDE = "CiliumClusterwideNetworkPolicy"
KINDS = frozenset({"CiliumNetworkPolicy", CLUSTERWIDE})

_WORLD = frozenset({"all", "world"})
_OUTSIDE = _WORLD | {"world-ipv4", "world-ipv6"}
_CLUSTER = "cluster"
_INSIDE = frozenset(
    {"health", "host", "ingress", "init", "kube-apiserver", "none", "remote-node", "unmanaged", _CLUSTER}
)
_PEERS = frozenset(
    {
        "toCIDR", "toCIDRSet", "toEndpoints", "toEntities", "toFQDNs", "toGroups", "toNodes", "toRequires",
        "toServices",
    }
)  # fmt: skip
_RESOLVED_LATER = {
    "toGroups": "the addresses of a group are found when it is applied",
    "toRequires": "what `toRequires` adds is not worked out here",
    "toServices": "a Service may stand for addresses outside the cluster",
}
_OF_RULE = frozenset(
    {
        "description", "egress", "egressDeny", "enableDefaultDeny", "endpointSelector", "ingress", "ingressDeny",
        "labels", "log",
    }
)  # fmt: skip
_KEYS = _PEERS | {"authentication", "icmps", "toPorts"}
_WHOLE_CLUSTER = "it opens the way to everything in the cluster, and what that passes on is not in the evidence"
_NO_ENTITY = "the value is no entity that is known"


def policies(item: Object) -> Iterator[Policy]:
    """Give what each rule of a policy says of egress; nothing for one that says nothing of it."""
    spec = at(item.node, "spec")
    for rule in (*((spec,) if spec is not None else ()), *items(at(item.node, "specs"))):
        if at(rule, "nodeSelector") is None:
            found = _policy(item, rule)
            if found is not None:
                yield found


def _policy(item: Object, rule: Node) -> Policy | None:
    allowed, denied = at(rule, "egress"), at(rule, "egressDeny")
    demand = at(rule, "enableDefaultDeny", "egress")
    demanded = flag(demand)
    base = Policy(
        item=item,
        selector=at(rule, "endpointSelector"),
        selector_key="endpointSelector",
        everywhere=item.kind == CLUSTERWIDE,
        where=key_place(rule, "egress" if allowed is not None else "egressDeny"),
        closes=True,
    )
    broken = next((each for each in (allowed, denied) if not is_list(each)), None)
    if broken is not None:
        lack = unreadable(broken, broken, "what it says of egress cannot be read")
        return replace(base, where=broken, closes=None, lack=lack.reason, openings=(lack,))
    if not items(allowed) and not items(denied):
        return None
    openings = tuple(opening for each in items(allowed) for opening in _openings(each))
    shuts = any(_shuts(each) for each in items(denied))
    base = replace(base, shuts=shuts, sees_answers=any(map(_sees, items(allowed))), openings=openings)
    if demand is not None and demanded is None and text(demand) is not None:
        lack = unreadable(demand, demand, "`enableDefaultDeny` cannot be read")
        return replace(base, closes=None, lack=lack.reason)
    if demanded is False and not shuts:
        base = replace(base, closes=False)
    return checked(base, _OF_RULE, rule)


def _openings(rule: Node) -> Iterator[Opening]:
    said = {each.key: each.value for each in entries(rule) if not is_null(each.value)}
    if (not isinstance(rule, Mapping) and not is_null(rule)) or not said.keys() <= _KEYS:
        yield unreadable(rule, rule, "the rule cannot be read")
        return
    ports = _ports(said.get("toPorts"))
    peers = {key: value for key, value in said.items() if key in _PEERS}
    if not peers:
        if items(said.get("toPorts")):
            yield outside(rule, ports)
        elif items(said.get("icmps")):
            yield outside(rule, Ports((), limited=True))
    for key, value in peers.items():
        if not items(value) and (key != "toEndpoints" or not isinstance(value, Sequence)):
            yield unreadable(value, value, f"`{key}` cannot be read")
        for each in items(value):
            yield from _of_peer(key, each, ports)


def _of_peer(key: str, node: Node, ports: Ports) -> Iterator[Opening]:
    match key:
        case "toEntities":
            yield from _of_entity(node, ports)
        case "toCIDR":
            yield from range_opening(node, ports)
        case "toCIDRSet":
            cidr = at(node, "cidr")
            if cidr is None:
                yield unknown(node, "the ranges are those of a group, which is not followed")
            else:
                yield from range_opening(cidr, ports, less=bool(items(at(node, "except"))))
        case "toFQDNs":
            name = at(node, "matchName") or at(node, "matchPattern")
            if name is None:
                yield unreadable(node, node, "neither a name nor a pattern can be read")
            else:
                yield host_opening(name, ports, needs_answers=True)
        case "toEndpoints":
            yield from _of_endpoints(node, ports)
        case _:
            if key in _RESOLVED_LATER:
                yield unknown(node, _RESOLVED_LATER[key])


def _of_entity(node: Node, ports: Ports) -> Iterator[Opening]:
    word = (text(node) or "").lower()
    if word in _OUTSIDE:
        yield outside(node, ports)
    elif word == _CLUSTER:
        if not ports.are_of_dns:
            yield Opening(where=node, kind="unknown", reason=_WHOLE_CLUSTER)
    elif word not in _INSIDE:
        yield unreadable(node, node, _NO_ENTITY)


def _of_endpoints(node: Node, ports: Ports) -> Iterator[Opening]:
    """Give what a selector of endpoints opens beyond the cluster: the world is one, by its reserved label."""
    pairs = [each.key for each in entries(at(node, "matchLabels"))]
    pairs += [text(at(each, "key")) or "" for each in items(at(node, "matchExpressions"))]
    reserved = [key for key in pairs if key.startswith("reserved")]
    for key in reserved:
        word = key.removeprefix("reserved").lstrip(":.")
        if word in _OUTSIDE:
            yield outside(node, ports)
        elif word not in _INSIDE:
            yield unknown(node, f"`{key}` is no label that is known")
    if not isinstance(node, Mapping):
        yield unreadable(node, node, "whom it names cannot be read")


def _shuts(rule: Node) -> bool:
    """Say whether a denial holds for everything outside the cluster."""
    said = {each.key for each in entries(rule) if not is_null(each.value)}
    return said == {"toEntities"} and any(text(each) in _WORLD for each in items(at(rule, "toEntities")))


def _sees(rule: Node) -> bool:
    return any(items(at(each, "rules", "dns")) for each in items(at(rule, "toPorts")))


def _ports(node: Node | None) -> Ports:
    if not items(node):
        return ANY_PORT
    found: list[tuple[int, int] | None] = []
    for group in items(node):
        ports = items(at(group, "ports"))
        if not ports:
            return ANY_PORT
        for each in ports:
            first, last = number(at(each, "port")), number(at(each, "endPort"))
            if first == 0:
                # Port 0 is all of a protocol's.
                found.append(None)
            else:
                found.append(port_range(first, last))
    return listed(found)
