"""Where secrets come from: written in a manifest, or fetched from a store. A value is looked at, and never kept."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error
from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.kubernetes.serving import Server, alike, all_servers
from psfpolicy.evidence.nodes import at, entries, entry, items, text
from psfpolicy.evidence.placeholders import UNFILLED, stands_for_secret
from psfpolicy.evidence.tables import table
from psfpolicy.source import masked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Entry, Node

STORE = "spec.security.secrets.store"

_CALLED = "what the object calls it; the descriptor may call it otherwise"
_MOST_DECODED = 100_000


def holds_secrets(item: Object) -> bool:
    """Say whether an object holds secrets, or says where they come from."""
    return (item.group, item.kind) in _READERS


def kept(item: Object, project: Project, reader: str) -> Iterator[Fact]:
    """Give where the secrets of an object come from, for each server that uses them, or for none alone."""
    users = project.once(_users)
    found = (server for name in _made(item) for server in users.get(name, ()))
    about = {server.workload for server in found if alike(server.pod.item.namespace, item.namespace)}
    for workload in sorted(about) or [""]:
        origin = Origin(reader=reader, document=item.document, subject=item.title, workload=workload)
        yield from _READERS[item.group, item.kind](item, project, origin)


def referred(server: Server, project: Project, origin: Origin) -> Iterator[Fact]:
    """Give the first Secret that a server's container uses and nothing of the evidence makes."""
    makers = project.once(_makers)
    for name, node in _references(server.node):
        if not any(alike(item.namespace, server.pod.item.namespace) for item in makers.get(name, ())):
            yield origin.inconclusive(STORE, node, f"the Secret `{name}` is not in the evidence, nor what fills it")
            return


def _makers(project: Project) -> dict[str, list[Object]]:
    found: dict[str, list[Object]] = {}
    for item in project.objects:
        for name in _made(item) if holds_secrets(item) else ():
            found.setdefault(name, []).append(item)
    return found


def _users(project: Project) -> dict[str, list[Server]]:
    found: dict[str, list[Server]] = {}
    for server in all_servers(project):
        for name in _used(server):
            found.setdefault(name, []).append(server)
    return found


def _made(item: Object) -> set[str]:
    """Give the names of the Secrets that an object is or makes."""
    target = text(at(item.node, "spec", "target", "name")) or text(
        at(item.node, "spec", "template", "metadata", "name")
    )
    mounted = {text(at(each, "secretName")) or "" for each in items(at(item.node, "spec", "secretObjects"))}
    return {target or item.name, item.name, *mounted} - {""}


def _used(server: Server) -> set[str]:
    """Give the names of the Secrets and of the classes of them that a server's pod uses."""
    found = {name for name, _ in _references(server.node)}
    for volume in items(at(server.pod.spec, "volumes")):
        found.add(text(at(volume, "secret", "secretName")) or "")
        found.add(text(at(volume, "csi", "volumeAttributes", "secretProviderClass")) or "")
    return found - {""}


def _references(node: Node) -> Iterator[tuple[str, Node]]:
    for path, holders in (
        (("valueFrom", "secretKeyRef", "name"), at(node, "env")),
        (("secretRef", "name"), at(node, "envFrom")),
    ):
        for holder in items(holders):
            name = at(holder, *path)
            if name is not None and text(name):
                yield text(name) or "", name


def _literal(item: Object, _: Project, origin: Origin) -> Iterator[Fact]:
    if at(item.document.root, "sops") is not None or at(item.node, "sops") is not None:
        where = entry(item.node, "sops")
        yield origin.inferred(STORE, "sops", item.node if where is None else where.key_place, _CALLED)
        return
    for key in ("data", "stringData"):
        for each in entries(at(item.node, key)):
            yield from _value(each, key, origin)


def _value(each: Entry, key: str, origin: Origin) -> Iterator[Fact]:
    written = text(each.value) or ""
    plain = _decoded(written) if key == "data" else written
    if each.key.lower() in table("secret_stores")["harmless"]["rows"] and masked(plain) == plain:
        return
    shown = f"{key}.{each.key}"
    if stands_for_secret(plain) or stands_for_secret(written):
        yield origin.inconclusive(STORE, each.value, UNFILLED, shown=shown)
    else:
        yield origin.fact(STORE, "none", each.value, shown=shown)


def _decoded(written: str) -> str:
    try:
        return b64decode(written[:_MOST_DECODED], validate=False).decode("utf-8", errors="replace")
    except (Error, ValueError):
        return written


def _external(item: Object, project: Project, origin: Origin) -> Iterator[Fact]:
    reference = at(item.node, "spec", "secretStoreRef")
    name = at(reference, "name")
    if name is None:
        return
    kind = text(at(reference, "kind")) or "SecretStore"
    store = project.named(kind, text(name) or "", item.namespace if kind == "SecretStore" else "")
    providers = tuple(entries(at(store.node, "spec", "provider"))) if store is not None else ()
    if len(providers) != 1:
        yield origin.inconclusive(STORE, name, f"the {kind} `{text(name)}` is not in the evidence")
        return
    given = providers[0].key
    called = table("secret_stores")["external"]["rows"].get(given, given)
    if given == "aws" and text(at(providers[0].value, "service")) == "ParameterStore":
        called = "aws-parameter-store"
    yield origin.inferred(STORE, called, name, _CALLED, shown=f"{kind} {text(name)}")


def _sealed(item: Object, _: Project, origin: Origin) -> Iterator[Fact]:
    where = at(item.node, "kind") or item.node
    yield origin.inferred(STORE, "sealed-secrets", where, _CALLED)


def _provided(item: Object, _: Project, origin: Origin) -> Iterator[Fact]:
    provider = at(item.node, "spec", "provider")
    if provider is not None and text(provider):
        given = text(provider) or ""
        yield origin.inferred(STORE, table("secret_stores")["mounted"]["rows"].get(given, given), provider, _CALLED)


_READERS = {
    ("", "Secret"): _literal,
    ("external-secrets.io", "ExternalSecret"): _external,
    ("bitnami.com", "SealedSecret"): _sealed,
    ("secrets-store.csi.x-k8s.io", "SecretProviderClass"): _provided,
}
