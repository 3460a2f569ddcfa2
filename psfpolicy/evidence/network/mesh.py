"""A mesh of Istio: whether its sidecars let through what they do not know, and the hosts that they know."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.evidence.inside import embedded
from psfpolicy.evidence.network.policies import ANY_PORT, Opening, Ports, host_opening, listed, port_range, unknown
from psfpolicy.evidence.network.selecting import NO, YES, Choice, all_of, chooses, same_namespace
from psfpolicy.evidence.nodes import at, entries, items, number, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.project import labels
from psfpolicy.source import Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from psfpolicy.evidence.kubernetes.pods import Pod
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.place import Place
    from psfpolicy.source import Node

NETWORKING, SECURITY = "networking.istio.io", "security.istio.io"
ROOT = "istio-system"
"""The namespace whose objects hold for the whole mesh, unless its configuration names another."""
CLOSED, OPEN = "REGISTRY_ONLY", "ALLOW_ANY"

_INJECT = "sidecar.istio.io/inject"
_AROUND = ("traffic.sidecar.istio.io/", "sidecar.istio.io/interceptionMode", "ambient.istio.io/", "inject.istio.io/")
_OF_CLUSTER = (".local", ".svc", ".internal")


class Mode(NamedTuple):
    """What happens to traffic to hosts that the mesh does not know."""

    value: str
    """`REGISTRY_ONLY` or `ALLOW_ANY`; empty where it is not known."""
    where: Node | Place
    item: Object
    reason: str = ""


def is_read(item: Object) -> bool:
    """Say whether an object configures what a mesh lets out."""
    return configuration(item) is not None or (item.group, item.kind) in {
        (NETWORKING, "ServiceEntry"),
        (NETWORKING, "Sidecar"),
    }


def configuration(item: Object) -> Node | None:
    """Give the part of an object that configures a whole mesh; None for any other object."""
    match item.group, item.kind:
        case "", "ConfigMap":
            found = at(item.node, "data", "mesh")
            return found if isinstance(found, Scalar) and isinstance(found.value, str) else None
        case "install.istio.io", "IstioOperator":
            return at(item.node, "spec", "meshConfig")
        case "sailoperator.io", "Istio":
            return at(item.node, "spec", "values", "meshConfig")
    return None


def mode_of(pod: Pod, project: Project) -> Mode | None:
    """Give what the mesh does with unknown hosts, for a pod: by its Sidecar, else by the mesh; None where none says."""
    found: dict[int, list[Mode | None]] = {}
    for item in project.of_kind("Sidecar"):
        mode = _own(item)
        selector = at(item.node, "spec", "workloadSelector", "labels")
        choice = _chosen(item, selector, pod) if item.group == NETWORKING else NO
        if choice.chosen is None:
            where = at(item.node, "kind") or item.node
            return mode._replace(value="", reason=choice.reason) if mode else Mode("", where, item, choice.reason)
        if choice.chosen:
            rank = 0 if selector is not None else 1 if item.namespace == pod.item.namespace else 2
            found.setdefault(rank, []).append(mode)
    # The nearest one holds alone: where it says nothing the mesh decides, whatever one further off says.
    own = _one(found[min(found)]) if found else None
    return own or _one(project.once(_of_mesh))


def modes(project: Project) -> tuple[Mode, ...]:
    """Give what all meshes and Sidecars of the evidence say."""
    own = [_own(item) for item in project.of_kind("Sidecar") if item.group == NETWORKING]
    return tuple(mode for mode in (*project.once(_of_mesh), *own) if mode is not None)


def _one(found: list[Mode | None]) -> Mode | None:
    known = [mode for mode in found if mode is not None]
    if len({mode and mode.value for mode in found}) > 1:
        return known[0]._replace(value="", reason="the evidence has more than one configuration of a mesh")
    return known[0] if known else None


def _of_mesh(project: Project) -> list[Mode | None]:
    return [mode for item in project.of_kind("ConfigMap", "IstioOperator", "Istio") for mode in _configured(item)]


def _configured(item: Object) -> Iterator[Mode | None]:
    node = configuration(item)
    if node is not None and item.kind == "ConfigMap" and not item.name.startswith("istio"):
        if "outboundTrafficPolicy" in (text(node) or ""):
            yield Mode("", node, item, "whether it is the configuration of a mesh its name does not say")
        return
    if isinstance(node, Scalar):
        parts = embedded(node) or ()
        node = parts[0].root if len(parts) == 1 else node
        if not isinstance(node, Mapping):
            if placeholder_in(text(node) or "") or "outboundTrafficPolicy" in (text(node) or ""):
                yield Mode("", node, item, "the configuration of the mesh cannot be read")
            return
    policy = at(node, "outboundTrafficPolicy")
    if node is not None:
        yield None if policy is None else _mode(policy, item)


def _own(item: Object) -> Mode | None:
    policy = at(item.node, "spec", "outboundTrafficPolicy")
    return None if policy is None else _mode(policy, item)


def _mode(policy: Node, item: Object) -> Mode:
    node = at(policy, "mode")
    word = text(node) or ""
    if node is None or word not in {CLOSED, OPEN}:
        placeholder = placeholder_in(word)
        reason = f"`{placeholder}` is filled in elsewhere" if placeholder else "its mode cannot be read"
        return Mode("", policy if node is None else node, item, reason)
    return Mode(word, node, item)


def injected(pod: Pod, project: Project) -> Choice:
    """Say whether a pod gets a sidecar, by its own label or its namespace's."""
    annotations = at(pod.metadata, "annotations")
    own = pod.labels.get(_INJECT) or text(at(annotations, _INJECT))
    if own is not None:
        return {"true": YES, "false": NO}.get(own.lower(), Choice(None, f"`{_INJECT}` cannot be read"))
    space = project.named("Namespace", pod.item.namespace) if pod.item.namespace else None
    if space is None:
        return Choice(None, "whether its pods get a sidecar is not in the evidence")
    word = space.labels.get("istio-injection")
    if word == "disabled":
        return NO
    if word == "enabled" or space.labels.get("istio.io/rev"):
        return YES
    return Choice(None, "neither its pods nor their namespace ask for a sidecar")


def around(pod: Pod) -> str:
    """Give the annotation that leads some traffic around the sidecar of a pod; empty for none."""
    written = at(pod.metadata, "annotations")
    return next((each.key for each in entries(written) if each.key.startswith(_AROUND)), "")


def _chosen(item: Object, selector: Node | None, pod: Pod) -> Choice:
    space = YES if item.namespace == ROOT else same_namespace(item.namespace, pod.item.namespace)
    if selector is None:
        return space
    wrapped = labels(selector)
    if not wrapped or len(wrapped) != len(tuple(entries(selector))):
        return Choice(None, "its selector cannot be read")
    own = same_namespace(item.namespace, pod.item.namespace)
    return all_of((own, *(selects_pair(pair, pod) for pair in wrapped.items())))


def selects_pair(pair: tuple[str, str], pod: Pod) -> Choice:
    """Say whether a pod has a label."""
    key, value = pair
    own = pod.labels.get(key)
    if placeholder_in(value) or placeholder_in(own or ""):
        return Choice(None, f"the label `{key}` is filled in elsewhere")
    return YES if own == value else NO


def chosen_by(item: Object, pod: Pod) -> Choice:
    """Say whether an object of the mesh's security holds for a pod: by labels, else for its namespace or the mesh."""
    if at(item.node, "spec", "targetRef") is not None or at(item.node, "spec", "targetRefs") is not None:
        return Choice(None, "it is attached to a gateway or a Service, which is not followed")
    space = YES if item.namespace == ROOT else same_namespace(item.namespace, pod.item.namespace)
    selector = at(item.node, "spec", "selector")
    return space if selector is None else all_of((space, chooses(selector, pod.labels, key="selector")))


def known_hosts(item: Object, namespaces: Collection[str] | None) -> Iterator[Opening]:
    """Give the hosts outside that an object makes known to the mesh, and the addresses behind them.

    Args:
        item: A ServiceEntry or a Sidecar.
        namespaces: Only where pods of one of these see it; None for any.
    """
    if (item.group, item.kind) == (NETWORKING, "ServiceEntry"):
        if _is_visible(item, namespaces):
            yield from _of_entry(at(item.node, "spec"))
    elif (item.group, item.kind) == (NETWORKING, "Sidecar") and _holds_in(item, namespaces):
        for listener in items(at(item.node, "spec", "egress")):
            for host in items(at(listener, "hosts")):
                name = (text(host) or "").partition("/")[2]
                if "." in name and not name.endswith(_OF_CLUSTER) and not name.startswith("~"):
                    found = host_opening(host, ANY_PORT)
                    yield found if found.kind == "unknown" else Opening(where=host, kind="host", to=name)


def aliases(project: Project) -> Iterator[tuple[Object, Opening]]:
    """Give the hosts that Services stand for by name, where a mesh is configured: it knows those too."""
    for item in project.of_kind("Service") if modes(project) else ():
        spec = at(item.node, "spec")
        node = at(spec, "externalName") if text(at(spec, "type")) == "ExternalName" else None
        if node is not None and not (text(node) or "").endswith(_OF_CLUSTER):
            yield item, host_opening(node, ANY_PORT)


def _holds_in(item: Object, namespaces: Collection[str] | None) -> bool:
    if namespaces is None or item.namespace == ROOT:
        return namespaces is None or bool(namespaces)
    return any(same_namespace(item.namespace, each).chosen is not False for each in namespaces)


def _is_visible(item: Object, namespaces: Collection[str] | None) -> bool:
    if namespaces is None:
        return True
    wanted = [text(each) or "" for each in items(at(item.node, "spec", "exportTo"))] or ["*"]
    if "*" in wanted or any(map(placeholder_in, wanted)):
        return bool(namespaces)
    own = any(same_namespace(item.namespace, each).chosen is not False for each in namespaces)
    return (own and "." in wanted) or any(each in wanted for each in namespaces)


def _of_entry(spec: Node | None) -> Iterator[Opening]:
    # Without a location an entry is outside the mesh.
    if text(at(spec, "location")) == "MESH_INTERNAL":
        return
    ports = _ports(at(spec, "ports"))
    for host in items(at(spec, "hosts")):
        yield host_opening(host, ports)
    # The name of a host says nothing where other addresses are given for it.
    if text(at(spec, "resolution")) in {None, "NONE"}:
        for address in items(at(spec, "addresses")):
            yield _address(address, ports)
    for endpoint in items(at(spec, "endpoints")):
        node = at(endpoint, "address")
        if node is not None:
            yield _address(node, ports)


def _address(node: Node, ports: Ports) -> Opening:
    written = text(node) or ""
    try:
        return Opening(where=node, kind="cidr", to=str(ip_network(written.strip(), strict=False)), ports=ports)
    except ValueError:
        if written.startswith("unix://"):
            return unknown(node, "a socket of the machine")
        return host_opening(node, ports)


def _ports(node: Node | None) -> Ports:
    return listed([port_range(number(at(each, "number")), None) for each in items(node)])
