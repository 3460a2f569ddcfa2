"""What the objects of an Envoy AI Gateway refer to: backends by name, routes by their gateways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psfpolicy.evidence.guarding.hosts import Address, address, is_inside
from psfpolicy.evidence.kubernetes.gateways import GROUP as GATEWAY_API
from psfpolicy.evidence.kubernetes.gateways import route_servers
from psfpolicy.evidence.kubernetes.serving import alike
from psfpolicy.evidence.nodes import at, items, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.source import Node

AI = "aigateway.envoyproxy.io"
GATEWAY = "gateway.envoyproxy.io"
_ROUTES = frozenset({"AIGatewayRoute", "HTTPRoute"})


def endpoints(backend: Object, project: Project) -> Iterator[tuple[Node, Address | str]]:
    """Give the addresses of a Backend with what names each; or why one is not known."""
    for endpoint in items(at(backend.node, "spec", "endpoints")):
        node = at(endpoint, "fqdn", "hostname") or at(endpoint, "ip", "address")
        if node is None:
            if at(endpoint, "unix") is None:
                yield endpoint, "no host and no address is written"
            continue
        found = address(node, project)
        if isinstance(found, Address):
            secure = _is_encrypted(backend, project)
            found = Address(found.host, is_inside(found.host, project), tls=True if secure else None)
        yield node, found


def _is_encrypted(backend: Object, project: Project) -> bool:
    if at(backend.node, "spec", "tls") is not None:
        return True
    return any(alike(space, backend.namespace) for space in project.once(_encrypted).get(backend.name, ()))


def _encrypted(project: Project) -> dict[str, list[str]]:
    """Give the namespaces of policies that encrypt the way to a Backend, by its name."""
    found: dict[str, list[str]] = {}
    for policy in project.of_kind("BackendTLSPolicy"):
        for target in items(at(policy.node, "spec", "targetRefs")):
            if text(at(target, "kind")) == "Backend":
                found.setdefault(text(at(target, "name")) or "", []).append(policy.namespace)
    return found


def upstream(reference: Node, namespace: str, project: Project) -> Object | None:
    """Give the Backend that a route's reference to an AIServiceBackend leads to; None where the evidence lacks it."""
    service = project.named("AIServiceBackend", text(at(reference, "name")) or "", namespace)
    if service is None:
        return None
    inner = at(service.node, "spec", "backendRef")
    if text(at(inner, "kind")) != "Backend":
        return None
    return project.named("Backend", text(at(inner, "name")) or "", service.namespace)


@dataclass(frozen=True, slots=True)
class Route:
    """A route to models, as far as limits ask."""

    name: str
    """With its own namespace."""
    namespace: str
    """Where a policy on it stands."""
    costs: Mapping[str, str]
    """What it counts: `OutputToken`, by the key of the metadata that it is written to."""


def routes(target: Node, namespace: str, project: Project) -> tuple[Route, ...]:
    """Give the routes that a policy on a Gateway or on a route holds for."""
    kind, name = text(at(target, "kind")) or "", text(at(target, "name")) or ""
    # A route to models is made into an HTTPRoute of its name.
    found = project.once(_routes).get((kind if kind not in _ROUTES else "AIGatewayRoute", name), ())
    return tuple(route for route in found if alike(route.namespace, namespace))


def _routes(project: Project) -> dict[tuple[str, str], list[Route]]:
    found: dict[tuple[str, str], list[Route]] = {}
    for item in project.of_kind("AIGatewayRoute"):
        costs = {
            text(at(cost, "metadataKey")) or "": text(at(cost, "type")) or ""
            for cost in items(at(item.node, "spec", "llmRequestCosts"))
        }
        title = item.title
        route = Route(title, item.namespace, costs)
        found.setdefault(("AIGatewayRoute", item.name), []).append(route)
        for parent in items(at(item.node, "spec", "parentRefs")):
            key = text(at(parent, "kind")) or "Gateway", text(at(parent, "name")) or ""
            # A parent in another namespace: a policy there holds for the route.
            space = text(at(parent, "namespace")) or item.namespace
            found.setdefault(key, []).append(Route(title, space, costs))
    for item in project.of_kind("HTTPRoute"):
        if item.group != GATEWAY_API or not route_servers(item, project):
            continue
        found.setdefault(("AIGatewayRoute", item.name), []).append(Route(item.title, item.namespace, {}))
        for parent in items(at(item.node, "spec", "parentRefs")):
            key = text(at(parent, "kind")) or "Gateway", text(at(parent, "name")) or ""
            space = text(at(parent, "namespace")) or item.namespace
            found.setdefault(key, []).append(Route(item.title, space, {}))
    return found


def are_all_covered(policy: Object, project: Project) -> bool:
    """Say whether a policy holds for every route to models, all listeners of their Gateways included."""
    attached = targets(policy)
    if any(at(target, "sectionName") is not None for target in attached):
        return False
    covered = {route.name for target in attached for route in routes(target, policy.namespace, project)}
    return covered == {route.name for found in project.once(_routes).values() for route in found}


def gives_way(policy: Object, project: Project) -> bool:
    """Say whether a policy takes the place of one of its kind on the Gateway: the one on a route counts alone."""
    on_route = any(
        text(at(target, "kind")) in _ROUTES and routes(target, policy.namespace, project) for target in targets(policy)
    )
    return on_route and len(project.of_kind(policy.kind)) > 1


def targets(policy: Object) -> tuple[Node, ...]:
    """Give what a policy is attached to."""
    one = at(policy.node, "spec", "targetRef")
    return items(at(policy.node, "spec", "targetRefs")) or (() if one is None else (one,))


def is_used(proxy: Object, project: Project) -> bool:
    """Say whether a Gateway, or a class of them, takes its settings from an EnvoyProxy."""
    return proxy.name in project.once(_settings)


def _settings(project: Project) -> frozenset[str]:
    found = [at(item.node, "spec", "infrastructure", "parametersRef") for item in project.of_kind("Gateway")]
    found += [at(item.node, "spec", "parametersRef") for item in project.of_kind("GatewayClass")]
    return frozenset(text(at(each, "name")) or "" for each in found if text(at(each, "kind")) == "EnvoyProxy")


def metadata_keys(project: Project) -> frozenset[str]:
    """Give the keys under which some route counts tokens."""
    return project.once(_metadata_keys)


def _metadata_keys(project: Project) -> frozenset[str]:
    every = (route for found in project.once(_routes).values() for route in found)
    return frozenset(key for route in every for key, kind in route.costs.items() if kind.endswith("Token"))
