"""What the kustomizations of the evidence build, and the evidence as it is seen with that in the place of its parts."""

from __future__ import annotations

from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from psfpolicy.evidence.edits import put
from psfpolicy.evidence.kustomize.generators import config_map, secret
from psfpolicy.evidence.kustomize.patches import apply, patches
from psfpolicy.evidence.kustomize.resources import GROUP, Built, Lack, Resource, resources_of
from psfpolicy.evidence.kustomize.transforms import transformed
from psfpolicy.evidence.nodes import at, entries, items, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.project import Project
from psfpolicy.source import Mapping, Scalar

if TYPE_CHECKING:
    import collections.abc

    from psfpolicy.source import Document, Node, Text

_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_PARTS = ("resources", "bases", "components")
_ELSEWHERE = ("helmCharts", "helmChartInflationGenerator", "generators", "transformers", "replacements")
_KEYS = frozenset(
    (
        *_PARTS, *_ELSEWHERE, "apiVersion", "buildMetadata", "commonAnnotations", "commonLabels", "configMapGenerator",
        "configurations", "crds", "generatorOptions", "helmGlobals", "images", "kind", "labels", "metadata",
        "namePrefix", "nameSuffix", "namespace", "openapi", "patches", "patchesJson6902", "patchesStrategicMerge",
        "replicas", "secretGenerator", "sortOptions", "validators", "vars",
    )
)  # fmt: skip
_DEEPEST = 32


def is_kustomization(document: Document) -> bool:
    """Say whether a document is a kustomization or a component of one; both may leave out what they are."""
    root = document.root
    kind, version = text(at(root, "kind")), text(at(root, "apiVersion"))
    if kind is not None:
        return kind in {"Kustomization", "Component"} and (version is None or version.startswith(f"{GROUP}/"))
    if not isinstance(root, Mapping) or version is not None:
        return False
    return bool(items(at(root, "resources")) or items(at(root, "bases"))) and _KEYS.issuperset(root.members)


@dataclass(frozen=True, slots=True)
class Build:
    """What one kustomization that no other uses builds."""

    document: Document
    built: Built
    view: Project
    """The evidence as this build leaves it: its objects, and what belongs to no kustomization."""


@dataclass(frozen=True, slots=True)
class Builds:
    """What all kustomizations of the evidence build."""

    by_root: collections.abc.Mapping[int, Build]
    """By `id` of the root of the kustomization."""
    consumed: frozenset[int]
    """`id` of the roots of the documents that went into one."""
    view: Project
    """The evidence with everything that is built in the place of what it is built of."""


def builds(project: Project) -> Builds:
    """Build every kustomization that no other uses; without one, the evidence is seen as it is."""
    makers = [document for document in project.documents if is_kustomization(document)]
    if not makers:
        return Builds({}, frozenset(), project)
    maker = _Maker(project)
    made = [(document, maker.build(document, 0)) for document in makers if not _is_component(document)]
    used = frozenset(maker.used)
    top = [(document, built) for document, built in made if id(document.root) not in used]
    consumed = frozenset(part for _, built in top for part in built.consumed)
    rest = tuple(document for document in project.documents if id(document.root) not in consumed)
    found = {}
    for document, built in top:
        own = built.documents
        found[id(document.root)] = Build(document, built, Project((*rest, *own), project.texts))
    everything = tuple(made for _, built in top for made in built.documents)
    return Builds(found, consumed, Project((*rest, *everything), project.texts))


def _is_component(document: Document) -> bool:
    return text(at(document.root, "kind")) == "Component"


class _Maker:
    """Builds kustomizations from the files of the evidence."""

    def __init__(self, project: Project) -> None:
        self.used: set[int] = set()
        """`id` of the roots of the kustomizations that others use."""
        self._texts = {normpath(each.file): each for each in project.texts}
        self._files: dict[str, list[Document]] = {}
        for document in project.documents:
            self._files.setdefault(normpath(document.file), []).append(document)
        self._at_work: set[int] = set()
        self._made: dict[int, Built] = {}

    def build(self, document: Document, depth: int) -> Built:
        key = id(document.root)
        if key not in self._made:
            built = Built()
            self._add(document, built, depth)
            self._made[key] = built
        return self._made[key]

    def _add(self, document: Document, built: Built, depth: int) -> None:
        """Do what a kustomization says, over what was built before it where it is a component."""
        key, root = id(document.root), document.root
        if key in self._at_work or depth > _DEEPEST:
            return
        self._at_work.add(key)
        # Resources are new to what a component is laid over; components are laid over all of it.
        for part in _PARTS:
            for item in items(at(root, part)):
                self._include(item, document, built, depth)
        self._generate(document, built)
        folder = dirname(document.file)
        for patch in patches(root, lambda path: self._documents(folder, path), built):
            apply(patch, built)
        built.resources = [transformed(resource, root) for resource in built.resources]
        for name in _ELSEWHERE:
            written = at(root, name)
            for item in items(written):
                built.lacks.append(Lack(item, f"what `{name}` does is not worked out here", _targets(item)))
        self._at_work.discard(key)

    def _include(self, item: Node, document: Document, built: Built, depth: int) -> None:
        path = text(item)
        if not path:
            return
        folder = dirname(document.file)
        inner = self._kustomization(folder, path)
        if inner is not None:
            self.used.add(id(inner.root))
            if _is_component(inner):
                self._add(inner, built, depth + 1)
                return
            built.take(self.build(inner, depth + 1))
            return
        found = self._documents(folder, path)
        if not found:
            built.lacks.append(Lack(item, _absent(path)))
        for each in found:
            made = resources_of(each)
            built.take(Built(list(made), consumed={id(each.root)} if made else set()))

    def _kustomization(self, folder: str, path: str) -> Document | None:
        for name in _NAMES:
            for document in self._files.get(normpath(join(folder, path, name)), ()):
                if is_kustomization(document):
                    return document
        return None

    def _documents(self, folder: str, path: str) -> tuple[Document, ...]:
        return tuple(self._files.get(normpath(join(folder, path)), ()))

    def _content(self, folder: str, path: str) -> Text | None:
        name = normpath(join(folder, path))
        found = self._files.get(name)
        return found[0].root.text if found else self._texts.get(name)

    def _generate(self, document: Document, built: Built) -> None:
        folder = dirname(document.file)
        made: list[Resource | Lack | None] = [
            config_map(item, document, lambda path: self._content(folder, path))
            for item in items(at(document.root, "configMapGenerator"))
        ]
        made += [secret(item, document) for item in items(at(document.root, "secretGenerator"))]
        for each in made:
            if isinstance(each, Lack):
                built.lacks.append(each)
            elif each is not None:
                built.resources = _generated(each, built.resources)


def _generated(made: Resource, before: list[Resource]) -> list[Resource]:
    """Give the objects with a generated one, which is laid over the one of its kind and name that is there already."""
    for index, resource in enumerate(before):
        old, new = resource.item, made.item
        if old is None or new is None or old.kind != new.kind or not made.names & resource.names:
            continue
        base = resource.document.root
        for key in ("data", "stringData"):
            for entry in entries(at(made.document.root, key)):
                base = put(base, (key, entry.key), entry.value)
        return [*before[:index], resource.with_root(base), *before[index + 1 :]]
    return [*before, made]


def _absent(path: str) -> str:
    placeholder = placeholder_in(path)
    if placeholder:
        return f"`{placeholder}` is filled in elsewhere"
    return f"`{path}` is not in the evidence"


def _targets(item: Node) -> tuple[str, ...]:
    """Give the fields that a replacement writes to."""
    return tuple(
        text(path) or ""
        for target in items(at(item, "targets"))
        for path in items(at(target, "fieldPaths"))
        if isinstance(path, Scalar)
    )
