"""From where a model can be reached, over all ways to it: the widest counts, since the others add nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.kubernetes.gateways import GROUP, gateway_ways
from psfpolicy.evidence.kubernetes.routes import ingress_ways, route_ways
from psfpolicy.evidence.kubernetes.services import pod_ways, service_ways
from psfpolicy.evidence.kubernetes.serving import all_servers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psfpolicy.evidence.kubernetes.ways import Said, Way
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact

EXPOSURE = "spec.network.ingress.exposure"
TLS = "spec.network.ingress.tls"
GATEWAY = "spec.network.ingress.gateway"
AUTHENTICATION = "spec.network.ingress.authentication"

_WIDTH = {"cluster": 0, "private": 1, "public": 2}
_OPENING: dict[tuple[str, str], Callable[[Object, Project], Iterator[Way]]] = {
    ("", "Service"): service_ways,
    ("networking.k8s.io", "Ingress"): ingress_ways,
    ("extensions", "Ingress"): ingress_ways,
    ("route.openshift.io", "Route"): route_ways,
    **{(GROUP, f"{protocol}Route"): gateway_ways for protocol in ("HTTP", "GRPC", "TLS", "TCP")},
}


def opens(item: Object) -> bool:
    """Say whether an object is of a kind that may let clients reach a model."""
    return (item.group, item.kind) in _OPENING


def exposed(item: Object, project: Project, reader: str) -> Iterator[Fact]:
    """Give what an object says of the ways that it opens itself, at the place in its file."""
    for way in project.once(_ways).get(id(item.node), ()):
        origin = Origin(reader=reader, document=item.document, subject=item.title, workload=way.server.workload)
        widest = project.once(_widest).get(way.server.workload, 0)
        if _WIDTH.get(str(way.exposure.value), widest) >= widest:
            yield _fact(origin, EXPOSURE, way.exposure)
        for path, said in ((TLS, way.tls), (GATEWAY, way.gateway), (AUTHENTICATION, way.authentication)):
            if said is not None:
                yield _fact(origin, path, said)


def _ways(project: Project) -> dict[int, list[Way]]:
    found: dict[int, list[Way]] = {}
    for item in project.objects:
        if opens(item):
            for way in _OPENING[item.group, item.kind](item, project):
                found.setdefault(id(item.node), []).append(way)
    for server in all_servers(project):
        for way in pod_ways(server, project):
            found.setdefault(id(server.pod.item.node), []).append(way)
    return found


def _widest(project: Project) -> dict[str, int]:
    widths: dict[str, int] = {}
    for ways in project.once(_ways).values():
        for way in ways:
            width = _WIDTH.get(str(way.exposure.value), 0)
            widths[way.server.workload] = max(width, widths.get(way.server.workload, 0))
    return widths


def _fact(origin: Origin, path: str, said: Said) -> Fact:
    if said.value is None:
        return origin.inconclusive(path, said.where, said.reason, shown=said.shown)
    if said.reason:
        return origin.inferred(path, said.value, said.where, said.reason, shown=said.shown)
    return origin.fact(path, said.value, said.where, shown=said.shown)
