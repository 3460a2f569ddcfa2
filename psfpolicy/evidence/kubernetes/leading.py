"""Services that have no pods and lead out of the cluster: what is sent to a name inside leaves it all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.guarding.hosts import address, opening
from psfpolicy.evidence.kubernetes.serving import alike, all_servers
from psfpolicy.evidence.nodes import at, items, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node

_RULES = "spec.network.egress.rules"
_SERVICE = "kubernetes.io/service-name"
_KINDS = frozenset({("", "Endpoints"), ("discovery.k8s.io", "EndpointSlice")})


def leads(item: Object) -> bool:
    """Say whether an object says where a Service without pods leads."""
    return (item.group, item.kind) in _KINDS


def led_outside(item: Object, project: Project, reader: str) -> Iterator[Fact]:
    """Give the openings for egress that a Service needs beside a server, each target once."""
    found = tuple(_targets(item))
    if not found or not any(alike(item.namespace, server.pod.item.namespace) for server in all_servers(project)):
        return
    origin = Origin(reader=reader, document=item.document, subject=item.title)
    name = item.labels.get(_SERVICE, item.name)
    told: set[str] = set()
    for node in found:
        target = address(node, project)
        if isinstance(target, str):
            yield origin.inconclusive(_RULES, node, target)
        elif not target.inside and target.host not in told:
            told.add(target.host)
            yield opening(origin, name, node, target, shown=f"{name} leads to {target.host}")


def _targets(item: Object) -> Iterator[Node]:
    spec = at(item.node, "spec")
    if (item.group, item.kind) == ("", "Service") and text(at(spec, "type")) == "ExternalName":
        named = at(spec, "externalName")
        yield from () if named is None else (named,)
    elif (item.group, item.kind) == ("", "Endpoints"):
        for subset in items(at(item.node, "subsets")):
            for each in items(at(subset, "addresses")):
                named = at(each, "ip")
                yield from () if named is None else (named,)
    elif leads(item):
        for endpoint in items(at(item.node, "endpoints")):
            yield from items(at(endpoint, "addresses"))
