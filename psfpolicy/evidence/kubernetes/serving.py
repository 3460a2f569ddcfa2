"""The containers that serve a model, and the text by which all facts about one name it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.engines import serves_model
from psfpolicy.evidence.kubernetes.containers import container
from psfpolicy.evidence.kubernetes.pods import containers, makes_pods, pods, template_of
from psfpolicy.evidence.nodes import at
from psfpolicy.evidence.project import labels, selects

if TYPE_CHECKING:
    from psfpolicy.evidence.container import Container
    from psfpolicy.evidence.kubernetes.pods import Pod
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.source import Node


@dataclass(frozen=True, slots=True)
class Server:
    """A container that serves a model."""

    pod: Pod
    node: Node
    container: Container

    @property
    def workload(self) -> str:
        """What all facts about it name: `Deployment llm/vllm, container vllm`."""
        return f"{self.pod.item.title}, {self.part}"

    @property
    def part(self) -> str:
        """What it is called within its object."""
        return " ".join(f"{self.pod.role} container {self.container.name}".split())

    def origin(self, reader: str) -> Origin:
        """Give the origin of facts about it."""
        return Origin(reader=reader, document=self.pod.item.document, subject=self.workload, workload=self.workload)


def servers(item: Object, project: Project) -> tuple[Server, ...]:
    """Give the containers of an object that serve a model.

    Of a group of pods those of the leader, unless only the workers have any. A Rollout that uses the template of
    another object has none: they are the other's.
    """
    known = project.once(_Servers)
    return known.of(item, project)


def all_servers(project: Project) -> tuple[Server, ...]:
    """Give every container of the evidence that serves a model."""
    return project.once(_everywhere)


def selected(selector: Node | None, namespace: str, project: Project) -> tuple[Server, ...]:
    """Give the servers in a namespace whose pods a label selector chooses; an empty one chooses all."""
    asked = at(selector, "matchLabels")
    pairs = labels(selector if asked is None and at(selector, "matchExpressions") is None else asked)
    by_label = project.once(_by_label)
    # The fewest that one of the labels leaves are looked at; each pod that is chosen has all of them.
    candidates = min((by_label.get(pair, []) for pair in pairs.items()), key=len, default=all_servers(project))
    return tuple(
        server
        for server in candidates
        if alike(namespace, server.pod.item.namespace) and selects(selector, server.pod.labels)
    )


def alike(namespace: str, other: str) -> bool:
    """Say whether two namespaces may be one: one that is not said may be any."""
    return not namespace or not other or namespace == other


class _Servers:
    """The servers of objects, worked out once for each."""

    def __init__(self, _: Project) -> None:
        self._known: dict[int, tuple[Server, ...]] = {}

    def of(self, item: Object, project: Project) -> tuple[Server, ...]:
        key = id(item.node)
        if key not in self._known:
            self._known[key] = _servers(item, project)
        return self._known[key]


def _by_label(project: Project) -> dict[tuple[str, str], list[Server]]:
    found: dict[tuple[str, str], list[Server]] = {}
    for server in all_servers(project):
        for pair in server.pod.labels.items():
            found.setdefault(pair, []).append(server)
    return found


def _everywhere(project: Project) -> tuple[Server, ...]:
    return tuple(server for item in project.objects if makes_pods(item) for server in servers(item, project))


def _servers(item: Object, project: Project) -> tuple[Server, ...]:
    if at(item.node, "spec", "workloadRef") is not None and template_of(item, project).node is not item.node:
        return ()
    for pod in pods(item):
        made = ((node, container(node, pod, project)) for node in containers(pod))
        found = tuple(Server(pod, node, each) for node, each in made if serves_model(each))
        if found:
            return found
    return ()
