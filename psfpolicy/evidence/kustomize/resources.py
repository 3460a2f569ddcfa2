"""The objects that a kustomization works on, and what of it cannot be worked out from the evidence."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from psfpolicy.evidence.project import objects
from psfpolicy.source import Document

if TYPE_CHECKING:
    from psfpolicy.evidence.project import Object
    from psfpolicy.model.place import Place
    from psfpolicy.source import Node

GROUP = "kustomize.config.k8s.io"

# Groups of the Kubernetes API itself: others end in a domain of their own, or in `.k8s.io` as their projects' do.
_BUILT_IN = frozenset({"", "apps", "autoscaling", "batch", "extensions", "networking.k8s.io", "policy"})


@dataclass(frozen=True, slots=True)
class Resource:
    """An object on its way through a kustomization."""

    document: Document
    """The object alone, as far as it is built; its file and number are those that it comes from."""
    names: frozenset[str]
    """Every name that it has had on its way."""
    origin: int
    """`id` of the node that it was when it was read: one object goes into a build once, whatever ways lead to it."""

    @property
    def item(self) -> Object | None:
        """The object; None where it no longer is one."""
        return next(iter(objects(self.document)), None)

    @property
    def is_built_in(self) -> bool:
        """Whether its kind is one of the Kubernetes API, whose lists are known."""
        return self.item is not None and self.item.group in _BUILT_IN

    def with_root(self, root: Node) -> Resource:
        """Give it with another content."""
        return replace(self, document=Document(self.document.file, root, self.document.index))


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that a kustomization does and that is not done here."""

    where: Node | Place
    reason: str
    fields: tuple[str, ...] = ()
    """The fields of objects that it may change, as paths; empty for any."""
    touched: frozenset[str] = frozenset()
    """Names of the objects that it may change; empty for those that are not in the evidence."""


@dataclass(slots=True)
class Built:
    """What a kustomization came to."""

    resources: list[Resource] = field(default_factory=list)
    lacks: list[Lack] = field(default_factory=list)
    consumed: set[int] = field(default_factory=set)
    """`id` of the roots of the documents that went into it: they are read as what was built of them, or not at all."""

    loose: list[Document] = field(default_factory=list)
    """Patches of objects that are not in the evidence."""

    @property
    def documents(self) -> tuple[Document, ...]:
        """Everything that can be read of it."""
        return (*(resource.document for resource in self.resources), *self.loose)

    def take(self, other: Built) -> None:
        """Add what another kustomization came to, without what is there already."""
        known = {resource.origin for resource in self.resources}
        self.resources += [resource for resource in other.resources if resource.origin not in known]
        self.lacks += [lack for lack in other.lacks if lack not in self.lacks]
        self.loose += [document for document in other.loose if document not in self.loose]
        self.consumed |= other.consumed


def resources_of(document: Document) -> tuple[Resource, ...]:
    """Give the objects of a document, each for itself."""
    return tuple(
        Resource(Document(item.document.file, item.node, item.document.index), frozenset({item.name}), id(item.node))
        for item in objects(document)
    )
