"""The patches of a kustomization: which objects they mean, and what becomes of those."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.evidence.inside import embedded
from psfpolicy.evidence.kustomize.merging import CannotBeMergedError, merged
from psfpolicy.evidence.kustomize.pointers import CannotBeAppliedError, patched, pointers
from psfpolicy.evidence.kustomize.resources import Built, Lack, Resource, resources_of
from psfpolicy.evidence.nodes import at, items, text
from psfpolicy.evidence.project import labels
from psfpolicy.source import Document, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psfpolicy.source import Node

_PLAIN = re.compile(r"[\w./ -]*(?:\.\*[\w./ -]*){0,3}")


class Patch(NamedTuple):
    """One patch, with what it is meant for."""

    root: Node
    target: Node | None
    """What selects the objects; None where the patch names its object itself."""
    where: Node
    """Where the kustomization names it."""
    document: Document | None = None
    """The document that it is, where that is one of the evidence."""

    @property
    def file(self) -> str:
        """The file that it is written in."""
        return self.root.text.file


def patches(kustomization: Node, documents: Callable[[str], tuple[Document, ...]], built: Built) -> Iterator[Patch]:
    """Give the patches of a kustomization in the order in which they are applied, and note those that lack.

    Args:
        kustomization: The root of the kustomization.
        documents: Gives the documents of a file of the evidence by its path from the kustomization.
        built: Where it is noted what lacks.
    """
    for item in items(at(kustomization, "patchesStrategicMerge")):
        yield from _written(item, item, None, documents, built)
    for item in (*items(at(kustomization, "patches")), *items(at(kustomization, "patchesJson6902"))):
        target = at(item, "target")
        for key in ("patch", "path"):
            content = at(item, key)
            if content is not None and text(content):
                yield from _written(content, item, target, documents, built)
                break


def apply(patch: Patch, built: Built) -> None:
    """Apply a patch to every object that it means."""
    selects = _selector(patch)
    if selects is None:
        names = frozenset(name for resource in built.resources for name in resource.names)
        lack = "which objects the patch is for is not worked out here"
        built.lacks.append(Lack(patch.where, lack, _changing(patch), names))
        return
    kept: list[Resource] = []
    hit = False
    for resource in built.resources:
        fits = selects(resource)
        hit = hit or fits
        changed = _changed(resource, patch, built) if fits else resource
        kept += [changed] if changed is not None else []
    built.resources = kept
    if not hit:
        _unused(patch, built)
    elif patch.document is not None:
        built.consumed.add(id(patch.document.root))


def _unused(patch: Patch, built: Built) -> None:
    """Keep a patch of an object that is not in the evidence: by itself it says as much as any other part of one.

    One that is a file of its own is read as such, and so is not kept.
    """
    if isinstance(patch.root, Sequence):
        lack = "the patch is for an object that is not in the evidence"
        built.lacks.append(Lack(patch.where, lack, pointers(patch.root)))
    elif patch.document is None:
        built.loose += [resource.document for resource in resources_of(Document(patch.file, patch.root, 0))]


def _changed(resource: Resource, patch: Patch, built: Built) -> Resource | None:
    """Give an object as a patch leaves it; None where it deletes it."""
    try:
        if isinstance(patch.root, Sequence):
            return resource.with_root(patched(resource.document.root, patch.root))
        root = merged(resource.document.root, patch.root, known=resource.is_built_in)
    except (CannotBeAppliedError, CannotBeMergedError):
        lack = "the patch does not fit the object, or says something that is not worked out here"
        built.lacks.append(Lack(patch.where, lack, _changing(patch), resource.names))
        return resource
    return None if root is None else resource.with_root(root)


def _written(
    content: Node,
    where: Node,
    target: Node | None,
    documents: Callable[[str], tuple[Document, ...]],
    built: Built,
) -> Iterator[Patch]:
    """Give the patches that a text is, or that the file which it names holds."""
    written = text(content) or ""
    if isinstance(content, Scalar) and ("\n" in written or written.lstrip()[:1] in {"[", "{"} or ": " in written):
        found = embedded(content)
        if not found:
            built.lacks.append(Lack(where, "the patch is no YAML and no JSON", (), _all(built)))
        for document in found or ():
            yield Patch(document.root, target, content)
        return
    known = documents(written)
    if not known:
        built.lacks.append(Lack(content, f"the patch `{written}` is not in the evidence", (), _all(built)))
    for document in known:
        yield Patch(document.root, target, content, document)


def _all(built: Built) -> frozenset[str]:
    return frozenset(name for resource in built.resources for name in resource.names)


def _selector(patch: Patch) -> Callable[[Resource], bool] | None:
    """Give what says whether a patch means an object; None where its target cannot be worked out."""
    target = patch.target
    if target is None:
        kind, name = text(at(patch.root, "kind")), text(at(patch.root, "metadata", "name"))
        return lambda resource: resource.item is not None and resource.item.kind == kind and name in resource.names
    kinds, names = _pattern(text(at(target, "kind"))), _pattern(text(at(target, "name")))
    groups, chosen = _pattern(text(at(target, "group"))), _equalities(text(at(target, "labelSelector")))
    if kinds is None or names is None or groups is None or chosen is None:
        return None
    if any(at(target, key) is not None for key in ("annotationSelector", "namespace")):
        return None

    def selects(resource: Resource) -> bool:
        item = resource.item
        return (
            item is not None
            and bool(kinds.fullmatch(item.kind) and groups.fullmatch(item.group))
            and any(names.fullmatch(name) for name in resource.names)
            and all(labels(at(item.node, "metadata", "labels")).get(key) == value for key, value in chosen.items())
        )

    return selects


def _pattern(written: str | None) -> re.Pattern[str] | None:
    """Give the pattern of a target, which is a regular expression; None where it is more than names and `.*`."""
    if written is None or written == "":
        return re.compile(".*")
    bare = written.removeprefix("^").removesuffix("$")
    if not _PLAIN.fullmatch(bare):
        return None
    return re.compile(".*".join(re.escape(part) for part in bare.split(".*")))


def _equalities(written: str | None) -> dict[str, str] | None:
    found: dict[str, str] = {}
    for part in (written or "").split(","):
        key, equals, value = part.partition("=")
        if equals and not key.rstrip().endswith("!"):
            found[key.strip()] = value.removeprefix("=").strip()
        elif part.strip():
            return None
    return found


def _changing(patch: Patch) -> tuple[str, ...]:
    """Give the fields that a patch is about, as paths."""
    return pointers(patch.root) if isinstance(patch.root, Sequence) else tuple(_fields(patch.root, ""))


def _fields(node: Node, path: str) -> Iterator[str]:
    if isinstance(node, Mapping):
        for entry in node.entries:
            yield from _fields(entry.value, f"{path}/{entry.key}")
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _fields(item, path)
    else:
        yield path
