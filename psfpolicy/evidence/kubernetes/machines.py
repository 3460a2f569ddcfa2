"""What a replica runs on: its accelerators, and what the labels of the nodes that it asks for say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy import resources as catalogue
from psfpolicy.evidence.devices import COUNT, label_fact, resource_facts
from psfpolicy.evidence.kubernetes.pods import containers, pods
from psfpolicy.evidence.kubernetes.values import unreadable
from psfpolicy.evidence.nodes import at, entries, items, number, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.kubernetes.pods import Pod
    from psfpolicy.evidence.kubernetes.serving import Server
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import JsonValue
    from psfpolicy.source import Node

PURCHASE = "spec.serving.accelerators.purchase"
PLATFORM = "spec.serving.platform"
LOCATION = "spec.serving.location"

NODE_TERMS = ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")
"""Where a pod says which nodes it must be on."""


def accelerators(server: Server, origin: Origin) -> Iterator[Fact]:
    """Give how many accelerators a replica has: those of the container, or of all pods of a group."""
    own = tuple(resource_facts(at(server.node, "resources"), origin))
    if server.pod.role != "leader":
        yield from own
        return
    size = at(server.pod.item.node, "spec", "leaderWorkerTemplate", "size")
    pods_in_group = number(size) if size is not None else 1
    if pods_in_group is None or pods_in_group < 1:
        if size is not None:
            yield origin.inconclusive(COUNT, size, unreadable(size, "a whole number"))
        return
    yield from _of_group(server, origin, own, pods_in_group, size)


def labels(pod: Pod, origin: Origin) -> Iterator[Fact]:
    """Give what the labels say of the nodes that a pod must run on; the platform that several show, once."""
    platforms: set[str] = set()
    for fact in _labels(pod, origin):
        if fact.path[-1] != "platform" or str(fact.value) not in platforms:
            yield fact
        platforms.add(str(fact.value))


def _labels(pod: Pod, origin: Origin) -> Iterator[Fact]:
    for each in entries(at(pod.spec, "nodeSelector")):
        yield from _labelled(each.key, each.value, origin)
    terms = items(at(pod.spec, *NODE_TERMS))
    for term in terms:
        for expression in items(at(term, "matchExpressions")):
            key, values = text(at(expression, "key")), items(at(expression, "values"))
            if key and text(at(expression, "operator")) == "In" and values:
                yield from _chosen(key, values, origin, alone=len(terms) == 1)


def has_accelerators(server: Server, origin: Origin) -> bool:
    """Say whether a container asks for accelerators."""
    return any(True for _ in resource_facts(at(server.node, "resources"), origin))


def _of_group(server: Server, origin: Origin, own: tuple[Fact, ...], size: int, where: Node | None) -> Iterator[Fact]:
    """Give the accelerators of a group of pods together, which is one replica."""
    if size == 1 or where is None:
        yield from own
        return
    worker = next((pod for pod in pods(server.pod.item) if pod.role == "worker"), server.pod)
    others = [fact for node in containers(worker) for fact in resource_facts(at(node, "resources"), origin)]
    counts = [fact.value for fact in (*own, *others)]
    if not counts:
        return
    if not all(isinstance(count, int) for count in counts):
        yield from (fact for fact in (*own, *others) if fact.value is None)
        return
    leads, follows = (sum(fact.value for fact in part if isinstance(fact.value, int)) for part in (own, others))
    shown = f"{leads} and {size - 1} × {follows} in a group of {size}"
    yield origin.fact(COUNT, max(leads + (size - 1) * follows, 1), where, shown=shown)


def _chosen(key: str, values: tuple[Node, ...], origin: Origin, *, alone: bool) -> Iterator[Fact]:
    """Give what a label says that may have several values: what all of them say, or that they differ."""
    found = [fact for value in values for fact in _labelled(key, value, origin)]
    said = {(fact.path, str(fact.value)) for fact in found}
    if len(said) == len({fact.path for fact in found}) and (alone or not found):
        yield from found[: len(said)]
        return
    for path in dict.fromkeys(fact.path for fact in found):
        reason = "the nodes may be of several kinds, and this is one of them"
        yield origin.inconclusive(".".join(map(str, path)), values[0], reason, shown=f"{key}={text(values[0]) or ''}")


def _labelled(key: str, value: Node, origin: Origin) -> Iterator[Fact]:
    yield from label_fact(key, value, origin)
    known, written = table("nodes"), text(value) or ""
    shown = f"{key}={written}"[:200]
    for row in known["purchase"]["rows"]:
        if key.lower() == row["label"] and written.lower() == row["value"]:
            yield origin.fact(PURCHASE, row["says"], value, shown=shown)
    for start, platform in known["platforms"]["rows"].items():
        if key.startswith(start):
            yield origin.inferred(PLATFORM, platform, value, "nodes have this label there", shown=shown)
    if key in known["regions"]["rows"] and written:
        yield _located(written, value, origin)


def _located(written: str, value: Node, origin: Origin) -> Fact:
    placeholder = placeholder_in(written)
    if placeholder:
        return origin.inconclusive(LOCATION, value, f"`{placeholder}` is filled in elsewhere")
    found = [name for name in catalogue.catalogue("regions") if name.partition(":")[2] == written]
    if len(found) != 1:
        return origin.inconclusive(LOCATION, value, f"`{written[:80]}` is no region of one cloud alone that is known")
    region: dict[str, JsonValue] = {"region": found[0]}
    return origin.fact(LOCATION, region, value)
