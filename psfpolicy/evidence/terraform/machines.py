"""Groups of nodes: what a model in the cluster may run on. Which group it runs on is said elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy.evidence.devices import TYPE, machine, machine_facts, named_facts
from psfpolicy.evidence.nodes import at, flag, items, text
from psfpolicy.evidence.tables import table
from psfpolicy.evidence.terraform.values import (
    HOSTING,
    PLATFORM,
    PURCHASE,
    absent,
    left,
    located,
    part,
    parts,
    unresolved,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.terraform.resources import Estate, Resource
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node

_WHERE = "a group of nodes; that the model runs on it is said elsewhere"
_LABELS = {
    "aws_eks_node_group": ("eks", "eks.amazonaws.com/capacitytype"),
    "azurerm_kubernetes_cluster_node_pool": ("aks", "kubernetes.azure.com/scalesetpriority"),
    "google_container_node_pool": ("gke", ""),
}


def group_facts(resource: Resource, estate: Estate) -> Iterator[Fact]:
    """Give the accelerators of a group of nodes, and how it is paid for; nothing of a group that has none."""
    platform, label = _LABELS[resource.type]
    found = [fact for node in _kinds(resource) for fact in _accelerated(node, resource)]
    found += _attached(resource)
    if not found:
        return
    origin = resource.origin()
    yield from found
    yield origin.inferred(HOSTING, "self-managed-kubernetes", resource.heading, _WHERE, shown=resource.type)
    yield origin.inferred(PLATFORM, platform, resource.heading, _WHERE, shown=resource.type)
    if platform != "gke":
        paid = at(resource.body, "capacity_type") or at(resource.body, "priority")
        for row in table("nodes")["purchase"]["rows"] if paid is not None else ():
            if row["label"] == label and row["value"] == (text(paid) or "").lower():
                yield origin.inferred(PURCHASE, row["says"], paid or resource.heading, _WHERE, shown=text(paid) or "")
    for key in ("spot", "preemptible"):
        node = part(resource.body, "node_config", key)
        if platform == "gke" and node is not None and flag(node):
            yield origin.inferred(PURCHASE, "spot", node, _WHERE, shown=key)
    if platform == "eks":
        yield from located(resource, estate, origin, reason=_WHERE)


def _kinds(resource: Resource) -> Iterator[Node]:
    body = resource.body
    for node in (at(body, "vm_size"), part(body, "node_config", "machine_type")):
        if node is not None and not absent(node):
            yield node
    kinds = at(body, "instance_types")
    yield from items(kinds) or ((kinds,) if kinds is not None and left(kinds) else ())


def _accelerated(node: Node, resource: Resource) -> Iterator[Fact]:
    origin = resource.origin()
    if left(node):
        yield origin.inconclusive(TYPE, node, unresolved(node))
    elif machine(text(node) or "") is not None:
        for fact in machine_facts(node, origin):
            # How many a machine has is no count of a replica.
            if ".".join(map(str, fact.path)) == TYPE:
                yield _taken(fact)


def _attached(resource: Resource) -> Iterator[Fact]:
    for each in parts(part(resource.body, "node_config", "guest_accelerator")):
        kind = at(each, "type")
        if kind is not None and not absent(kind):
            yield from (_taken(fact) for fact in named_facts(kind, resource.origin()))


def _taken(fact: Fact) -> Fact:
    return replace(fact, certainty="inferred", reason=_WHERE) if fact.certainty == "certain" else fact
