"""All documents of one deployment's evidence: the objects of a cluster by kind and name, and what refers to what."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar, cast

from psfpolicy.evidence.nodes import at, entries, items, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from psfpolicy.model.place import Place
    from psfpolicy.source import Document, Node, Text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Object:
    """An object of Kubernetes' kind: it has `apiVersion` and `kind`."""

    document: Document
    node: Node
    """The object itself; an item of a `List` stands inside the document's root."""
    group: str
    """`apps` of `apps/v1`; empty for the core."""
    kind: str
    namespace: str
    """Empty where none is said."""
    name: str
    """Empty where none is said, or it is generated."""
    labels: Mapping[str, str]

    @property
    def title(self) -> str:
        """What it is called, for people: `Deployment llm/vllm`."""
        place = f"{self.namespace}/{self.name}" if self.namespace else self.name
        return " ".join(f"{self.kind} {place}".split())


class Project:
    """Everything that was read for a deployment.

    Args:
        documents: The documents of all files, in the order of the files' names.
        texts: Files that are no YAML and no JSON, such as HCL, by name.
    """

    def __init__(self, documents: tuple[Document, ...], texts: tuple[Text, ...] = ()) -> None:
        self.documents = documents
        self.texts = texts
        self._made: dict[object, object] = {}

    def once(self, make: Callable[[Project], T]) -> T:
        """Give what a function works out from all documents, worked out once."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("T", self._made[make])

    @cached_property
    def objects(self) -> tuple[Object, ...]:
        """The objects of every document, those inside a `List` among them."""
        return tuple(found for document in self.documents for found in objects(document))

    def document_of(self, place: Place, otherwise: int) -> int:
        """Give the number of the document that a place lies in, in its file; another where that is not known."""
        starts = self._starts.get(place.file, ())
        index = bisect_right(starts, place.region.start_line, key=lambda start: start[0]) - 1
        return starts[index][1] if index >= 0 else otherwise

    @cached_property
    def _starts(self) -> dict[str, list[tuple[int, int]]]:
        found: dict[str, list[tuple[int, int]]] = {}
        for document in self.documents:
            line = document.root.place.region.start_line
            found.setdefault(document.file, []).append((line, document.index))
        return {file: sorted(starts) for file, starts in found.items()}

    def named(self, kind: str, name: str, namespace: str = "") -> Object | None:
        """Give the object of a kind and a name; None where it is not there, or there are several.

        An object that says no namespace may stand in any: it is taken where no other fits better.
        """
        found = self._named.get((kind, name), [])
        exact = [item for item in found if item.namespace == namespace]
        loose = exact or [item for item in found if not item.namespace or not namespace]
        return loose[0] if len(loose) == 1 else None

    def of_kind(self, *kinds: str) -> tuple[Object, ...]:
        """Give the objects of some kinds, in order."""
        if len(kinds) == 1:
            return tuple(self._kinds.get(kinds[0], ()))
        return tuple(item for item in self.objects if item.kind in kinds)

    @cached_property
    def _named(self) -> dict[tuple[str, str], list[Object]]:
        found: dict[tuple[str, str], list[Object]] = {}
        for item in self.objects:
            found.setdefault((item.kind, item.name), []).append(item)
        return found

    @cached_property
    def _kinds(self) -> dict[str, list[Object]]:
        found: dict[str, list[Object]] = {}
        for item in self.objects:
            found.setdefault(item.kind, []).append(item)
        return found

    def selected(self, selector: Node | None, namespace: str, *kinds: str) -> tuple[Object, ...]:
        """Give the objects of some kinds in a namespace whose pods a label selector chooses.

        Args:
            selector: `matchLabels` and `matchExpressions`, or the plain map of a Service; empty chooses all.
            namespace: Only objects of this namespace, and those that say none.
            kinds: Kinds that make pods.
        """
        return tuple(
            item
            for item in self.of_kind(*kinds)
            if (not namespace or not item.namespace or item.namespace == namespace)
            and selects(selector, pod_labels(item))
        )


def objects(document: Document) -> Iterator[Object]:
    """Give the objects that a document holds: itself, or the items of a `List`; none where it is no object."""
    yield from _objects(document, document.root)


def _objects(document: Document, node: Node) -> Iterator[Object]:
    kind, version = text(at(node, "kind")), text(at(node, "apiVersion"))
    if kind is None or version is None:
        return
    if kind.endswith("List") and at(node, "items") is not None:
        for item in items(at(node, "items")):
            yield from _objects(document, item)
        return
    group = version.partition("/")[0] if "/" in version else ""
    yield Object(
        document=document,
        node=node,
        group=group,
        kind=kind,
        namespace=text(at(node, "metadata", "namespace")) or "",
        name=text(at(node, "metadata", "name")) or "",
        labels=labels(at(node, "metadata", "labels")),
    )


def labels(node: Node | None) -> Mapping[str, str]:
    """Give a map of labels; values that are no text are left out."""
    found = {item.key: text(item.value) for item in entries(node)}
    return {key: value for key, value in found.items() if value is not None}


def makes_pods(item: Object) -> bool:
    """Say whether an object is a pod or makes some."""
    return item.kind == "Pod" or any(at(item.node, *path) is not None for path in _TEMPLATES)


def pod_labels(item: Object) -> Mapping[str, str]:
    """Give the labels of the pods that an object makes; of a Pod, its own."""
    if item.kind == "Pod":
        return item.labels
    for path in _TEMPLATES:
        template = at(item.node, *path)
        if template is not None:
            return labels(at(template, "metadata", "labels"))
    return item.labels


_TEMPLATES = (
    ("spec", "template"),
    ("spec", "jobTemplate", "spec", "template"),
    ("spec", "leaderWorkerTemplate", "leaderTemplate"),
    ("spec", "leaderWorkerTemplate", "workerTemplate"),
)


def selects(selector: Node | None, chosen: Mapping[str, str]) -> bool:
    """Say whether a label selector chooses something with these labels; an empty one chooses everything."""
    matching = at(selector, "matchLabels")
    plain = matching if matching is not None or at(selector, "matchExpressions") is not None else selector
    if any(chosen.get(key) != value for key, value in labels(plain).items()):
        return False
    return all(_expression(item, chosen) for item in items(at(selector, "matchExpressions")))


def _expression(node: Node, chosen: Mapping[str, str]) -> bool:
    key, operator = text(at(node, "key")) or "", text(at(node, "operator"))
    values = {text(item) for item in items(at(node, "values"))}
    match operator:
        case "In":
            return chosen.get(key) in values
        case "NotIn":
            return chosen.get(key) not in values
        case "Exists":
            return key in chosen
        case "DoesNotExist":
            return key not in chosen
        case _:
            return False
