"""What networks let out: security groups, firewalls, and endpoints inside a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.nodes import at, flag, items, number, text
from psfpolicy.evidence.terraform.values import EXPOSURE, absent, left, parts, unresolved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.terraform.resources import Estate, Resource
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import JsonValue
    from psfpolicy.source import Node

EGRESS = "spec.network.egress.default"

_RULES = "spec.network.egress.rules"
_ANYWHERE = frozenset({"0.0.0.0/0", "::/0", "*", "internet", "any"})
_GROUP = "aws_security_group"
_SERVING = ("aws_sagemaker_model",)
_WHOSE = "it lets traffic out to anywhere; whether the model stands behind it is not in the evidence"
_SERVICES = ("bedrock", "sagemaker")


def group_facts(resource: Resource, estate: Estate) -> Iterator[Fact]:
    """Give what a security group of AWS lets out by the rules in it."""
    rules = at(resource.body, "egress")
    if rules is not None and left(rules):
        yield from _open(rules, resource, estate, unresolved(rules))
    for each in parts(rules):
        for key in ("cidr_blocks", "ipv6_cidr_blocks"):
            yield from _targets(at(each, key), each, resource, resource, estate)


def rule_facts(resource: Resource, estate: Estate) -> Iterator[Fact]:
    """Give what a rule of a security group of AWS lets out, declared by itself."""
    if resource.type == "aws_security_group_rule" and text(at(resource.body, "type")) != "egress":
        return
    groups = estate.referred(resource, _GROUP)
    for key in ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"):
        for group in groups or (resource,):
            yield from _targets(at(resource.body, key), resource.body, resource, group, estate)


def firewall_facts(resource: Resource, estate: Estate) -> Iterator[Fact]:
    """Give what a firewall rule of Google's lets out."""
    if text(at(resource.body, "direction")) != "EGRESS" or absent(at(resource.body, "allow")):
        return
    targets = at(resource.body, "destination_ranges")
    if absent(targets):
        yield resource.origin().inconclusive(EGRESS, resource.heading, _WHOSE)
    yield from _targets(targets, resource.body, resource, resource, estate)


def security_rule_facts(resource: Resource, estate: Estate) -> Iterator[Fact]:
    """Give what a rule of a network security group of Azure's lets out."""
    body = resource.body
    if (text(at(body, "direction")) or "").lower() == "outbound" and (
        text(at(body, "access")) or ""
    ).lower() == "allow":
        for key in ("destination_address_prefix", "destination_address_prefixes"):
            yield from _targets(at(body, key), body, resource, resource, estate)


def endpoint_facts(resource: Resource, _: Estate) -> Iterator[Fact]:
    """Give that a managed service can be reached from inside a network, which does not close the other ways."""
    service = at(resource.body, "service_name")
    name = text(service) or ""
    if service is not None and any(word in name for word in _SERVICES):
        reason = "an endpoint inside the network; the service can be reached from outside as well"
        yield resource.origin().inferred(EXPOSURE, "private", service, reason, shown=name[:120])


def _targets(node: Node | None, rule: Node, resource: Resource, group: Resource, estate: Estate) -> Iterator[Fact]:
    for each in items(node) or ((node,) if node is not None and not absent(node) else ()):
        written = text(each) or ""
        if left(each):
            yield from _open(each, resource, estate, unresolved(each), group)
        elif written.lower() in _ANYWHERE:
            yield from _open(each, resource, estate, "", group)
        elif written:
            for origin in _origins(resource, group, estate):
                yield origin.fact(_RULES, _item(resource, written, rule), each, item=True)


def _open(
    where: Node, resource: Resource, estate: Estate, reason: str, group: Resource | None = None
) -> Iterator[Fact]:
    origins = tuple(_origins(resource, group or resource, estate))
    for origin in origins:
        if reason:
            yield origin.inconclusive(EGRESS, where, reason)
        else:
            yield origin.fact(EGRESS, "allow", where, shown=text(where) or "")
    if not origins and not reason and not estate.users(group or resource, *_SERVING):
        yield resource.origin().inconclusive(EGRESS, where, _WHOSE, shown=text(where) or "")


def _origins(resource: Resource, group: Resource, estate: Estate) -> Iterator[Origin]:
    """Give the origin of facts for each model that stands behind a group, but one that nothing leaves anyway."""
    for user in estate.users(group, *_SERVING):
        if user.doubts or user.open or not flag(at(user.body, "enable_network_isolation")):
            yield resource.origin(workload=user.address)


def _item(resource: Resource, cidr: str, rule: Node) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = {"name": resource.address, "to": {"cidr": cidr}}
    first, last = (number(at(rule, key)) for key in ("from_port", "to_port"))
    if first is not None and first == last and first > 0:
        found["ports"] = [first]
    return found
