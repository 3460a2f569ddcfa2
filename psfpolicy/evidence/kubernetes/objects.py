"""What an object shows: of the servers in its own pods, or of those that it scales, exposes or protects."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy.evidence.bringing import brought
from psfpolicy.evidence.engines import engine_facts
from psfpolicy.evidence.kubernetes import accounts, exposure, leading, machines, scaling, secrets, security, weights
from psfpolicy.evidence.kubernetes.containers import container
from psfpolicy.evidence.kubernetes.parts import part_facts, unknown_facts, worker_facts
from psfpolicy.evidence.kubernetes.pods import containers, makes_pods
from psfpolicy.evidence.kubernetes.serving import servers
from psfpolicy.evidence.nodes import at, text
from psfpolicy.evidence.proxying import proxied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.kubernetes.serving import Server
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import Path

_SOURCE = ("spec", "model", "weights", "source")
_ADDRESS = ("spec", "model", "weights", "uri")
_MODEL = ("spec", "model", "id")


def is_read(item: Object) -> bool:
    """Say whether an object is of a kind that may show something of a model that is served."""
    return (
        makes_pods(item)
        or leading.leads(item)
        or exposure.opens(item)
        or scaling.autoscales(item)
        or scaling.is_budget(item)
        or accounts.binds(item)
        or secrets.holds_secrets(item)
    )


def facts_of(item: Object, project: Project, reader: str, files: Project) -> Iterator[Fact]:
    """Give what an object shows, in the order of the text; what stands in other files comes last.

    Args:
        item: The object.
        project: The evidence that it stands in, as far as it is built.
        reader: The name of the reader.
        files: The evidence as its files have it, which is where places are.
    """
    file = item.document.file
    found = sorted(_facts(item, project, reader), key=lambda fact: (fact.place.file != file, fact.place.region))
    yield from (replace(fact, document=files.document_of(fact.place, fact.document)) for fact in found)


def _facts(item: Object, project: Project, reader: str) -> Iterator[Fact]:
    if makes_pods(item):
        found = servers(item, project)
        for server in found:
            yield from _of_server(server, project, server.origin(reader))
        if not found:
            yield from part_facts(item, project, reader)
            yield from unknown_facts(item, project, reader)
    yield from exposure.exposed(item, project, reader)
    yield from leading.led_outside(item, project, reader)
    if scaling.autoscales(item):
        yield from scaling.autoscaled(item, project, reader)
    elif scaling.is_budget(item):
        yield from scaling.budget(item, project, reader)
    elif accounts.binds(item):
        yield from accounts.bound(item, project, reader)
    elif secrets.holds_secrets(item):
        yield from secrets.kept(item, project, reader)


def _is_answered(fact: Fact, known: set[Path]) -> bool:
    """Say whether the engine only names a path in the container, where it is known what put the weights there.

    A path is where the engine finds what something else has fetched; it is not where that comes from.
    """
    if fact.path == _SOURCE:
        return _SOURCE in known and fact.value in {None, "local"}
    if fact.path == _ADDRESS:
        return _SOURCE in known and str(fact.value).startswith(("/", "."))
    return fact.path == _MODEL and _MODEL in known and fact.value is None


def _led(server: Server, project: Project, origin: Origin) -> Iterator[Fact]:
    """Give what code is brought into a server, and the proxies that the containers of its pod send through."""
    yield from brought(server.container, origin)
    for key in ("postStart", "preStop"):
        hook = at(server.node, "lifecycle", key, "exec")
        if hook is not None:
            made = replace(container(hook, server.pod, project), variables={})
            yield from brought(made, origin.within(key))
    for node in containers(server.pod):
        named = f"{server.pod.item.title}, container {text(at(node, 'name'))}"
        yield from proxied(container(node, server.pod, project), replace(origin, subject=named), project)


def _of_server(server: Server, project: Project, origin: Origin) -> Iterator[Fact]:
    fetched = tuple(weights.fetched(server, project, origin))
    known = {fact.path for fact in fetched}
    yield from (fact for fact in engine_facts(server.container, origin, project) if not _is_answered(fact, known))
    yield from fetched
    yield from worker_facts(server, project, origin)
    yield from _led(server, project, origin)
    yield from machines.accelerators(server, origin)
    yield from machines.labels(server.pod, origin)
    yield from scaling.own_count(server, project, origin)
    yield from security.hardening(server, origin)
    yield from security.host_access(server, origin)
    yield from security.sidecars(server, origin)
    yield from accounts.account(server, project, origin)
    yield from secrets.referred(server, project, origin)
