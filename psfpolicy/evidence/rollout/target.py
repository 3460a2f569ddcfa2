"""The servers that a rollout releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.kubernetes.pods import makes_pods, pods
from psfpolicy.evidence.kubernetes.serving import all_servers, servers
from psfpolicy.evidence.nodes import at, text
from psfpolicy.evidence.placeholders import placeholder_in

if TYPE_CHECKING:
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.source import Node

_SERVES_NONE = "nothing says that its pods serve a model"


def released(item: Object, reference: Node | None, project: Project) -> tuple[tuple[str, ...], str] | None:
    """Give the workloads that an object releases, and why it is not known that they are; None where it releases others.

    Args:
        item: The object that says how.
        reference: What it releases, by kind and name; None for its own pods.
        project: The evidence.
    """
    target: Object | None = item
    if reference is not None:
        kind, name = text(at(reference, "kind")) or "Deployment", text(at(reference, "name")) or ""
        placeholder = placeholder_in(name)
        target = project.named(kind, name, item.namespace)
        if target is None or placeholder:
            return ("",), f"the {kind} `{placeholder or name}` is not in the evidence"
    if target is None or not makes_pods(target):
        return ("",), _SERVES_NONE
    found = tuple(server.workload for server in servers(target, project))
    if found:
        return found, ""
    partial = any(pod.partial for pod in pods(target))
    return None if all_servers(project) and not partial else (("",), _SERVES_NONE)
