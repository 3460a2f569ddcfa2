"""A pod that an operator makes of a resource, as an object of Kubernetes' own that says the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psfpolicy.evidence.edits import entry_at, mapping, put, scalar
from psfpolicy.evidence.nodes import at, items
from psfpolicy.source import Document, Mapping, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Entry, Node

BY_OPERATOR = "the operator makes the pod, and adds to what is written here"
"""Why a pod may have more than its resource writes."""
LABEL = "psfpolicy/part"
"""The label by which Services that are made beside a pod choose it."""


def _nothing(_: Origin) -> Iterator[Fact]:
    yield from ()


def _no_more(_: Origin, __: Project) -> Iterator[Fact]:
    yield from ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A pod of a resource that serves a model, and what the resource says of it outside of the pod."""

    item: Object
    """The resource."""
    name: str = ""
    """What the part is called within the resource; empty where there is but one."""
    pod: Node | None = None
    """Its specification; None where the resource has none."""
    labels: Node | None = None
    """The labels of the pod, as far as they are written."""
    own: Callable[[Origin], Iterator[Fact]] = field(default=_nothing)
    """What the resource says outside of the pod. It is asked before the engine: what it says is not open any more."""
    answers: frozenset[str] = frozenset()
    """Paths of which the resource decides everything, whatever the pod says."""
    more: Callable[[Origin, Project], Iterator[Fact]] = field(default=_no_more)
    """What other pods of the resource say, which counts beside what this one says."""
    beside: tuple[Node, ...] = ()
    """Objects that the operator makes beside the pod: Services without a selector, and Ingresses."""
    lack: str = ""
    """Why the pod may have more than is written; empty where it is whole. Then nothing follows from what is absent."""
    doubt: str = ""
    """Why all that it says is only inferred: it is a template, and nothing of the evidence uses it."""
    engine: str = ""
    """The engine that the operator runs, where no image says one."""
    guess: str = ""
    """Why the engine is only a guess; empty where the operator runs it for certain."""
    serves: bool = True
    """The resource exists to serve a model; otherwise it does where one of its containers serves one."""

    @property
    def title(self) -> str:
        """What it is called, for people: `LLMInferenceService llm/qwen, prefill`."""
        return f"{self.item.title}, {self.name}" if self.name else self.item.title

    @property
    def where(self) -> Node:
        """What shows that the resource is there at all."""
        return at(self.item.node, "kind") or self.item.node


def documents(part: Part, name: str) -> Iterator[Document]:
    """Give the objects that a part is read as, the pod's first.

    Args:
        part: The part.
        name: A name that nothing else in the evidence has.
    """
    document, like = part.item.document, part.where
    labels = put(part.labels if isinstance(part.labels, Mapping) else mapping((), like), (LABEL,), scalar(name, like))
    # A template is whole as it stands; a Deployment without a selector is a part of one.
    version, kind, path = (
        ("apps/v1", "Deployment", ("spec", "template")) if part.lack else ("v1", "PodTemplate", ("template",))
    )
    root = _object(version, kind, name, part)
    root = put(root, (*path, "metadata", "labels"), labels)
    root = put(root, (*path, "spec"), part.pod if isinstance(part.pod, Mapping) else mapping((), like))
    yield Document(document.file, root, document.index)
    for made in part.beside:
        if at(made, "kind") is not None:
            yield Document(document.file, _beside(made, name, part), document.index)


def made_object(kind: str, version: str, like: Node, **spec: Node | None) -> Node:
    """Give an object with a specification; keys that are None are left out."""
    root = mapping((entry_at("apiVersion", scalar(version, like)), entry_at("kind", scalar(kind, like))), like)
    found: Node = root
    for key, value in spec.items():
        if value is not None:
            found = put(found, ("spec", key), value)
    return found


def annotated(made: Node, annotations: Node | None) -> Node:
    """Give an object with the annotations that a resource writes for it, if it does."""
    return made if annotations is None else put(made, ("metadata", "annotations"), annotations)


def limited(kind: str, amount: Node) -> Mapping:
    """Give the resources of a container that has some devices of a kind."""
    return mapping((entry_at("limits", mapping((entry_at(kind, amount),), amount)),), amount)


def listed(nodes: Iterable[Node], like: Node) -> Sequence:
    """Give a list that is written nowhere."""
    return Sequence(tuple(nodes), like.text, like.start, like.end, like.used_at)


def chosen(node: Node | None, keys: Iterable[str]) -> Iterator[Entry]:
    """Give the entries of a map with some keys, in the order of the keys."""
    members = node.members if isinstance(node, Mapping) else {}
    yield from (members[key] for key in keys if key in members)


def container_of(name: str, like: Node, entries: Iterable[Entry]) -> Mapping:
    """Give a container with a name that the operator gives it."""
    return mapping((entry_at("name", scalar(name, like)), *entries), like)


def pod_of(container: Mapping, entries: Iterable[Entry] = (), more: Iterable[Node] = ()) -> Mapping:
    """Give the specification of a pod of one container, and others beside it."""
    return mapping((entry_at("containers", listed((container, *more), container)), *entries), container)


def variable(name: str, value: str, like: Node) -> Mapping:
    """Give a variable that an operator sets."""
    return mapping((entry_at("name", scalar(name, like)), entry_at("value", scalar(value, like))), like)


def secret_variable(name: str, secret: Node, key: str) -> Mapping:
    """Give a variable that an operator takes from a Secret that a resource names."""
    root: Node = mapping((entry_at("name", scalar(name, secret)),), secret)
    root = put(root, ("valueFrom", "secretKeyRef", "name"), secret)
    root = put(root, ("valueFrom", "secretKeyRef", "key"), scalar(key, secret))
    return root if isinstance(root, Mapping) else mapping((), secret)


def with_variables(written: Node | None, more: Iterable[Node], like: Node) -> Sequence:
    """Give a list of variables with those before it that an operator sets."""
    return listed((*more, *items(written)), like)


def _object(version: str, kind: str, name: str, part: Part) -> Node:
    like = part.where
    root = made_object(kind, version, like)
    root = put(root, ("metadata", "name"), scalar(name, like))
    namespace = at(part.item.node, "metadata", "namespace")
    return root if namespace is None else put(root, ("metadata", "namespace"), namespace)


def _beside(made: Node, name: str, part: Part) -> Node:
    like = at(made, "kind") or made
    root = made
    if at(root, "metadata", "name") is None:
        root = put(root, ("metadata", "name"), scalar(name, like))
    namespace = at(part.item.node, "metadata", "namespace")
    if namespace is not None:
        root = put(root, ("metadata", "namespace"), namespace)
    if at(made, "spec", "defaultBackend") is not None:
        return put(root, ("spec", "defaultBackend", "service", "name"), scalar(name, like))
    return put(root, ("spec", "selector"), mapping((entry_at(LABEL, scalar(name, like)),), like))
