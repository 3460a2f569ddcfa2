"""The service account that a model runs under, who else has it, and what it may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.kubernetes.pods import makes_pods, pods
from psfpolicy.evidence.kubernetes.serving import alike, all_servers, servers
from psfpolicy.evidence.kubernetes.ways import key_place
from psfpolicy.evidence.nodes import at, items, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.kubernetes.pods import Pod
    from psfpolicy.evidence.kubernetes.serving import Server
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node

ACCOUNT = "spec.security.leastPrivilege.serviceAccount"

_BINDINGS = frozenset({"RoleBinding", "ClusterRoleBinding"})
_RBAC = "rbac.authorization.k8s.io"


def binds(item: Object) -> bool:
    """Say whether an object gives a role to somebody."""
    return item.group == _RBAC and item.kind in _BINDINGS


def account(server: Server, project: Project, origin: Origin) -> Iterator[Fact]:
    """Give whose account a server runs under."""
    written = _written(server.pod)
    name = text(written)
    if written is None or not name:
        if not server.pod.partial:
            where = key_place(server.pod.spec, "containers") if server.pod.spec is not None else server.node
            yield origin.fact(ACCOUNT, "default", where, shown="no serviceAccountName")
        return
    placeholder = placeholder_in(name)
    if placeholder:
        yield origin.inconclusive(ACCOUNT, written, f"`{placeholder}` is filled in elsewhere")
    elif name == "default":
        yield origin.fact(ACCOUNT, "default", written)
    else:
        yield _shared_or_not(server, name, written, project, origin)


def bound(item: Object, project: Project, reader: str) -> Iterator[Fact]:
    """Give the servers whose account a binding lets do nearly everything."""
    power = _power(item, project)
    where = at(item.node, "roleRef", "name")
    if not power or where is None:
        return
    for server in all_servers(project):
        if any(_is_meant(subject, server, item) for subject in items(at(item.node, "subjects"))):
            origin = Origin(reader=reader, document=item.document, subject=item.title, workload=server.workload)
            yield origin.inconclusive(ACCOUNT, where, power, shown=text(where) or "")


def _written(pod: Pod) -> Node | None:
    named = at(pod.spec, "serviceAccountName")
    return named if text(named) else at(pod.spec, "serviceAccount")


def _shared_or_not(server: Server, name: str, written: Node, project: Project, origin: Origin) -> Fact:
    own = server.pod.item
    others = [
        item
        for item in project.once(_by_account).get(name, ())
        if item.node is not own.node and alike(item.namespace, own.namespace)
    ]
    foreign = next((item for item in others if not servers(item, project)), None)
    if foreign is not None:
        return origin.fact(ACCOUNT, "shared", written, shown=f"{name}, also of {foreign.title}")
    return origin.inferred(ACCOUNT, "dedicated", written, "nothing else of the evidence runs under it", shown=name)


def _by_account(project: Project) -> dict[str, list[Object]]:
    found: dict[str, list[Object]] = {}
    for item in project.objects:
        if makes_pods(item):
            for name in {text(_written(pod)) for pod in pods(item)}:
                found.setdefault(name or "default", []).append(item)
    return found


def _is_meant(subject: Node, server: Server, binding: Object) -> bool:
    name, namespace = text(at(subject, "name")) or "", text(at(subject, "namespace")) or binding.namespace
    home = server.pod.item.namespace
    if text(at(subject, "kind")) == "Group":
        return name in {"system:authenticated", "system:serviceaccounts", f"system:serviceaccounts:{home or namespace}"}
    own = text(_written(server.pod)) or "default"
    return text(at(subject, "kind")) == "ServiceAccount" and name == own and alike(namespace, home)


def _power(binding: Object, project: Project) -> str:
    """Say what a bound role may do beyond measure; nothing where it is not known to."""
    kind, name = text(at(binding.node, "roleRef", "kind")) or "", text(at(binding.node, "roleRef", "name")) or ""
    if name in table("secret_stores")["broad"]["rows"]:
        return f"it is bound to `{name}`, which may change nearly everything"
    role = project.named(kind, name, binding.namespace if kind == "Role" else "")
    for rule in items(at(role.node, "rules") if role is not None else None):
        verbs, resources = ({text(each) for each in items(at(rule, key))} for key in ("verbs", "resources"))
        if "*" in verbs and "*" in resources:
            return f"it is bound to the {kind} `{name}`, which may do everything to everything"
        if "*" in resources:
            return f"it is bound to the {kind} `{name}`, which reaches every kind of object"
        if resources & {"secrets"} and verbs & {"*", "get", "list", "watch"} and not items(at(rule, "resourceNames")):
            return f"it is bound to the {kind} `{name}`, which may read all secrets"
    return ""
