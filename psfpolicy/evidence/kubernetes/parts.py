"""Parts of what serves a model: patches that name no image and no command, and the workers of a group of pods."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.engines import Keywords, engine_facts, keyword_facts, serves_model
from psfpolicy.evidence.engines.images import image
from psfpolicy.evidence.kubernetes import machines, security
from psfpolicy.evidence.kubernetes.containers import container
from psfpolicy.evidence.kubernetes.pods import containers, pods
from psfpolicy.evidence.kubernetes.serving import Server
from psfpolicy.evidence.nodes import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.kubernetes.pods import Pod
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact

_ENDING = frozenset({"CronJob", "Job"})
_UNKNOWN = "it has accelerators, and nothing says what it runs on them"


def part_facts(item: Object, project: Project, reader: str) -> Iterator[Fact]:
    """Give what a patch says of containers that serve a model by their names; what it leaves out proves nothing."""
    for pod in pods(item):
        if pod.partial:
            yield from _of_pod(pod, project, reader)


def _of_pod(pod: Pod, project: Project, reader: str) -> Iterator[Fact]:
    nodes = containers(pod)
    for node in nodes:
        made = container(node, pod, project)
        engine = "" if made.image is not None else _engine(made.name) or _engine(pod.item.name)
        if engine:
            server = Server(pod, node, made)
            yield from engine_part_facts(server, engine, server.origin(reader))
    if not nodes and _engine(pod.item.name):
        title = pod.item.title
        yield from machines.labels(
            pod, Origin(reader=reader, document=pod.item.document, subject=title, workload=title)
        )


def engine_part_facts(server: Server, engine: str, origin: Origin) -> Iterator[Fact]:
    """Give what a container says whose image names no engine; what it leaves out proves nothing."""
    made, pod = server.container, server.pod
    if engine and (made.arguments or made.variables):
        given = Keywords(
            node=None,
            place=made.arguments[0].place if made.arguments else made.place,
            engine=engine,
            words=made.arguments or (),
            variables=made.variables,
            partial=pod.partial,
            open_variables=made.open_variables,
            serves=True,
        )
        yield from keyword_facts(given, origin)
    yield from machines.accelerators(server, origin)
    yield from machines.labels(pod, origin)
    yield from security.hardening(server, origin)
    yield from security.host_access(server, origin)


def unknown_facts(item: Object, project: Project, reader: str) -> Iterator[Fact]:
    """Give that a container has accelerators and nothing says what it runs on them, where it runs for ever."""
    if item.kind in _ENDING:
        return
    for pod in pods(item):
        for node in () if pod.partial else containers(pod):
            made = container(node, pod, project)
            server = Server(pod, node, made)
            origin = server.origin(reader)
            if made.image is not None and machines.has_accelerators(server, origin):
                for path in ("spec.serving.engine.name", "spec.model.id"):
                    yield origin.inconclusive(path, made.image, _UNKNOWN, shown=text(made.image) or "")


def worker_facts(server: Server, project: Project, origin: Origin) -> Iterator[Fact]:
    """Give what the workers beside a leader are told for certain: the replica is as open as its most open pod."""
    if server.pod.role != "leader":
        return
    worker = next((pod for pod in pods(server.pod.item) if pod.role == "worker"), None)
    if worker is None or worker.spec is server.pod.spec:
        return
    for node in containers(worker):
        beside = Server(worker, node, container(node, worker, project))
        if serves_model(beside.container):
            here = replace(origin, subject=beside.workload)
            for fact in engine_facts(beside.container, here, project):
                if fact.certainty == "certain" and fact.shown.startswith("-"):
                    yield fact


def _engine(name: str) -> str:
    """Give the engine that a name says: `vllm-decode`; empty where it says none, or something beside one."""
    return image(name).engine if name else ""
