"""Resources of operators that are not known: that they hold a container which serves a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.engines import image_facts, serves_model
from psfpolicy.evidence.kubernetes import objects as plain
from psfpolicy.evidence.kubernetes.containers import container
from psfpolicy.evidence.kubernetes.pods import Pod
from psfpolicy.evidence.nodes import at, entries, items, text
from psfpolicy.evidence.operators.kinds import KINDS
from psfpolicy.evidence.project import Project
from psfpolicy.source import Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Object
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node

_OPEN = ("spec.model.id", "spec.model.remoteCode", "spec.model.revision")
_MOST = 20_000
"""How many nodes of a resource are looked at."""
_NOTHING = Project(())


def is_read(item: Object) -> bool:
    """Say whether a resource is of no kind that is known, and holds a container that names an engine."""
    known = (item.group, item.kind) in KINDS or plain.is_read(item)
    if known or "." not in item.group or item.group.endswith(".k8s.io"):
        return False
    return any(True for _ in _servers(item, None))


def facts_of(item: Object, project: Project, reader: str) -> Iterator[Fact]:
    """Give that a resource serves a model, and that what its operator makes of it is not known."""
    for node in _servers(item, project):
        image = at(node, "image")
        title = f"{item.title}, container {text(at(node, 'name')) or ''}".rstrip()
        origin = Origin(reader=reader, document=item.document, subject=title, workload=title)
        where = image if image is not None else node
        reason = f"what the operator of the {item.kind} makes of it is not known"
        for fact in image_facts(text(image) or "", where, origin):
            if fact.certainty == "certain":
                yield origin.inferred(".".join(map(str, fact.path)), fact.value, where, reason)
            else:
                yield fact
        for path in _OPEN:
            yield origin.inconclusive(path, where, reason)


def _servers(item: Object, project: Project | None) -> Iterator[Node]:
    """Give the maps of a resource that are containers which serve a model."""
    pod = Pod(item, "", None, {}, "")
    waiting, seen = [item.node], 0
    while waiting and seen < _MOST:
        node = waiting.pop()
        seen += 1
        if isinstance(at(node, "image"), Scalar) and serves_model(container(node, pod, project or _NOTHING)):
            yield node
            continue
        waiting += [*(each.value for each in entries(node)), *items(node)][::-1]
