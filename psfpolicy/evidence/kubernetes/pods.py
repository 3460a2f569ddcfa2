"""The pods that objects make: one pod specification for each template, whatever the kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psfpolicy.evidence.nodes import at, entry, items, text
from psfpolicy.evidence.project import labels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.source import Node

_SPEC = ("spec", "template")
_GROUP = "spec", "leaderWorkerTemplate"
_TEMPLATES: dict[tuple[str, str], tuple[str, ...]] = {
    ("", "Pod"): (),
    ("", "PodTemplate"): ("template",),
    ("", "ReplicationController"): _SPEC,
    ("apps", "DaemonSet"): _SPEC,
    ("apps", "Deployment"): _SPEC,
    ("apps", "ReplicaSet"): _SPEC,
    ("apps", "StatefulSet"): _SPEC,
    ("extensions", "DaemonSet"): _SPEC,
    ("extensions", "Deployment"): _SPEC,
    ("argoproj.io", "Rollout"): _SPEC,
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
    ("batch", "Job"): _SPEC,
    ("leaderworkerset.x-k8s.io", "LeaderWorkerSet"): (*_GROUP, "workerTemplate"),
    ("serving.knative.dev", "Service"): _SPEC,
}
_SELECTING = frozenset({"DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"})
_NAME_OF_SET = "leaderworkerset.sigs.k8s.io/name"
_INDEX_IN_GROUP = "leaderworkerset.sigs.k8s.io/worker-index"


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod that an object makes, in as many copies as it says."""

    item: Object
    """The object."""
    role: str
    """`leader` or `worker` in a group of pods; empty where all pods are alike."""
    spec: Node | None
    """Its specification; None where none is written."""
    labels: Mapping[str, str]
    partial: str
    """Why the object is not whole where it stands (a patch); empty where it is whole."""
    metadata: Node | None = None
    """Its labels and annotations as they are written; None where there are none."""


def makes_pods(item: Object) -> bool:
    """Say whether an object makes pods."""
    return (item.group, item.kind) in _TEMPLATES


def pods(item: Object) -> tuple[Pod, ...]:
    """Give the pods that an object makes, a group's leader first; none where it makes none."""
    path = _TEMPLATES.get((item.group, item.kind))
    if path is None:
        return ()
    if item.kind != "LeaderWorkerSet":
        return (_pod(item, at(item.node, *path), "", {}),)
    worker = at(item.node, *path)
    leader = at(item.node, *_GROUP, "leaderTemplate")
    # Without a template of its own the leader is a worker with another index.
    return (
        _pod(item, worker if leader is None else leader, "leader", {_NAME_OF_SET: item.name, _INDEX_IN_GROUP: "0"}),
        _pod(item, worker, "worker", {_NAME_OF_SET: item.name}),
    )


def containers(pod: Pod, *, starting: bool = False) -> tuple[Node, ...]:
    """Give the containers of a pod that run as long as it does, or those that only run before.

    Args:
        pod: A pod.
        starting: Give the init containers that end; those that restart always run as long as the others.
    """
    first = items(at(pod.spec, "initContainers"))
    if starting:
        return tuple(node for node in first if not _lasts(node))
    return (*items(at(pod.spec, "containers")), *(node for node in first if _lasts(node)))


def template_of(item: Object, project: Project) -> Object:
    """Give the object whose template a Rollout uses: another where it refers to one that is in the evidence."""
    reference = at(item.node, "spec", "workloadRef")
    if item.kind != "Rollout" or reference is None:
        return item
    kind, name = text(at(reference, "kind")) or "Deployment", text(at(reference, "name")) or ""
    return project.named(kind, name, item.namespace) or item


def _pod(item: Object, template: Node | None, role: str, given: Mapping[str, str]) -> Pod:
    spec = at(template, "spec")
    own = labels(at(template, "metadata", "labels"))
    return Pod(item, role, spec, {**own, **given}, _lacks(item, spec), at(template, "metadata"))


def _lasts(node: Node) -> bool:
    return text(at(node, "restartPolicy")) == "Always"


def _lacks(item: Object, spec: Node | None) -> str:
    if item.group == "apps" and item.kind in _SELECTING and at(item.node, "spec", "selector") is None:
        return f"this {item.kind} has no `spec.selector`, so it is a part of one"
    found = items(at(spec, "containers"))
    if not found:
        return f"this {item.kind} has no containers, so it is a part of one"
    if any(entry(node, "image") is None for node in found):
        return f"a container of this {item.kind} has no image, so it is a part of one"
    return ""
