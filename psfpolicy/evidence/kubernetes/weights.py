"""Where the weights of a model come from that something else than its engine fetches: init containers, volumes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy.evidence.kubernetes.containers import container
from psfpolicy.evidence.kubernetes.downloads import downloads
from psfpolicy.evidence.kubernetes.pods import containers
from psfpolicy.evidence.nodes import at, items, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.kubernetes.downloads import Download, Said
    from psfpolicy.evidence.kubernetes.serving import Server
    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node

SOURCE = "spec.model.weights.source"
ADDRESS = "spec.model.weights.uri"
TLS = "spec.model.weights.tls"
MODEL = "spec.model.id"
REVISION = "spec.model.revision"

_NAMED = "what is fetched before it starts is taken to be what is served"


def fetched(server: Server, project: Project, origin: Origin) -> Iterator[Fact]:
    """Give where init containers, hooks, the server's own script and volumes of its pod take weights from."""
    for node in containers(server.pod, starting=True):
        made = container(node, server.pod, project)
        subject = f"{server.pod.item.title}, init container {made.name}".rstrip()
        here = replace(origin, subject=subject)
        for download in downloads(made):
            yield from _fetched(download, here)
    for node in containers(server.pod):
        hook = at(node, "lifecycle", "postStart", "exec")
        here = replace(origin, subject=f"{server.pod.item.title}, container {text(at(node, 'name'))}, postStart")
        for download in downloads(container(hook, server.pod, project)) if hook is not None else ():
            yield from _fetched(download, here)
    if server.container.script is not None:
        for download in downloads(replace(server.container, name="", image=None)):
            yield from _fetched(download, origin)
    yield from _mounted(server, origin)


def _fetched(download: Download, origin: Origin) -> Iterator[Fact]:
    if not download.source:
        yield origin.inconclusive(SOURCE, download.place, "it fetches weights by its name; where from is not known")
        return
    yield origin.fact(SOURCE, download.source, download.place)
    if download.model is not None:
        yield _named(origin, MODEL, download.model)
    if download.revision is not None:
        yield _named(origin, REVISION, download.revision)
    if download.address is not None and download.source == "mirror":
        address = download.address
        if address.unresolved or placeholder_in(address.text):
            yield origin.inconclusive(ADDRESS, address.place, _elsewhere(address))
        else:
            yield origin.fact(ADDRESS, address.text, address.place)
    if download.tls is not None:
        yield origin.fact(TLS, download.tls, download.place)


def _named(origin: Origin, path: str, word: Said) -> Fact:
    if word.unresolved or placeholder_in(word.text) or not word.text:
        return origin.inconclusive(path, word.place, _elsewhere(word))
    return origin.inferred(path, word.text, word.place, _NAMED)


def _elsewhere(word: Said) -> str:
    return f"`{word.unresolved or placeholder_in(word.text)}` is set elsewhere"


def _mounted(server: Server, origin: Origin) -> Iterator[Fact]:
    """Give the volumes that are images or buckets, where the server is given a path in them."""
    volumes = {text(at(item, "name")): item for item in items(at(server.pod.spec, "volumes"))}
    for mount in items(at(server.node, "volumeMounts")):
        volume, path = volumes.get(text(at(mount, "name"))), text(at(mount, "mountPath"))
        if volume is None or not path or not _is_used(server, path.rstrip("/")):
            continue
        reference = at(volume, "image", "reference")
        if reference is not None and text(reference):
            yield origin.fact(SOURCE, "image", reference)
            yield _written(origin, reference, text(reference) or "")
        driver = at(volume, "csi", "driver")
        row = table("downloads")["volumes"]["rows"].get(text(driver) or "")
        bucket = at(volume, "csi", "volumeAttributes", row["attribute"]) if row else None
        if row and driver is not None:
            yield origin.fact(SOURCE, "mirror", driver)
            if bucket is not None and text(bucket):
                yield _written(origin, bucket, f"{row['scheme']}://{text(bucket)}")


def _written(origin: Origin, node: Node, address: str) -> Fact:
    placeholder = placeholder_in(address)
    if placeholder:
        return origin.inconclusive(ADDRESS, node, f"`{placeholder}` is filled in elsewhere")
    return origin.fact(ADDRESS, address, node)


def _is_used(server: Server, path: str) -> bool:
    """Say whether a word or a variable of a server begins with a path, or says one behind an equals sign."""
    found = server.container
    words = [word.text.rpartition("=")[2] for word in (*(found.command or ()), *(found.arguments or ()))]
    words += [each.value or "" for each in found.variables.values()]
    script = str(found.script.value) if found.script is not None else ""
    return f"{path}/" in script or any(word == path or word.startswith(f"{path}/") for word in words)
