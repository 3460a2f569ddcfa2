"""The evidence of one descriptor: its files found and read, its facts gathered by every reader, and joined."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy import resources
from psfpolicy.errors import DocumentError
from psfpolicy.evidence.files import matching, read
from psfpolicy.evidence.filling import Filled, filled
from psfpolicy.evidence.hiding import concealed, without_twins
from psfpolicy.evidence.joining import joined
from psfpolicy.evidence.project import Project, makes_pods, objects, pod_labels
from psfpolicy.evidence.readers import readers, text_readers
from psfpolicy.files import DISK
from psfpolicy.model.place import Diagnostic
from psfpolicy.schema.parts import fits, has_key, worded_item

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

    from psfpolicy.evidence.files import Manifest
    from psfpolicy.evidence.joining import Joined
    from psfpolicy.evidence.project import Object
    from psfpolicy.files import Files
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import JsonValue, Place
    from psfpolicy.source import Document

_KEPT = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Globs:
    """Globs of evidence, and where they count from."""

    patterns: tuple[tuple[str, Place], ...]
    """Each with the place that it is written at."""
    folder: str
    """The folder that they are relative to."""
    root: str
    """The folder that no file may lie outside of, symbolic links resolved."""
    namespace: str = ""
    """Only objects of this namespace, and those that say none; empty for all."""
    labels: tuple[tuple[str, str], ...] = ()
    """Only workloads whose pods have these labels."""
    place: Place | None = None
    """Where the namespace and the labels are written; None where neither is."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was gathered for one descriptor."""

    descriptor: Filled
    facts: tuple[Joined, ...] = ()
    manifests: tuple[Manifest, ...] = field(default=())
    """The files, in the order of their names."""
    belonging: tuple[str, ...] = ()
    """The names of those that are manifests, and have something of the deployment's namespace and labels."""

    def question(self) -> tuple[JsonValue, ...]:
        """Give the facts as the policy is asked about them."""
        filled_in = {id(fact) for fact in self.descriptor.places.values()}
        return tuple(_asked(item, is_filled=id(item.fact) in filled_in) for item in self.facts)


def gather(
    descriptor: JsonValue, globs: Sequence[Globs], naming: Callable[[str], str], files: Files = DISK
) -> Evidence:
    """Gather the evidence of a descriptor.

    Args:
        descriptor: The descriptor, valid.
        globs: Where its evidence is.
        naming: Gives the name of a file as reports show it.
        files: Where files are read from.

    Raises:
        DocumentError: A glob matches nothing or leads outside, or a file cannot be read; with every mistake.
    """
    wrong: list[Diagnostic] = []
    manifests: dict[str, Manifest] = {}
    facts: dict[Hashable, Fact] = {}
    belonging: set[str] = set()
    for group in globs:
        read_: dict[str, _File] = {}
        for pattern, place in group.patterns:
            try:
                for path in matching(pattern, group.folder, group.root, place, files):
                    file = _File(path, naming(path), files, files.stamp(path))
                    read_[file.name] = file
                    manifests[file.name] = _read(file)
            except DocumentError as error:
                wrong += error.diagnostics
        if not wrong:
            known = tuple(read_[name] for name in sorted(read_))
            shown = _shown(known, group.namespace, group.labels)
            wrong += _choosing_none(shown, group.place)
            belonging |= shown.belonging
            for fact in shown.facts:
                facts.setdefault(_key(fact), fact)
    if wrong:
        raise DocumentError("the evidence cannot be read", tuple(dict.fromkeys(wrong)))
    about = joined(tuple(facts.values()), descriptor)
    masked = concealed((manifests[name] for name in sorted(manifests)), facts.values())
    return Evidence(filled(descriptor, about), about, masked, tuple(sorted(belonging)))


def _choosing_none(shown: _Shown, place: Place | None) -> Iterator[Diagnostic]:
    """Complain where there are workloads and the namespace and the labels choose none of them."""
    if place and shown.workloads and not shown.chosen_workloads:
        said = f"the namespace and the labels choose none of the {shown.workloads} workloads in these files"
        yield Diagnostic(place, "evidence-missing", said, "a workload is chosen by the labels of its pods")


def _key(fact: Fact) -> Hashable:
    """Give what tells a fact from others; its value may be a list, which has no hash."""
    return replace(fact, value=None), repr(fact.value)


class _Shown(NamedTuple):
    """What the manifests of one group show."""

    facts: tuple[Fact, ...]
    belonging: frozenset[str]
    """The names of the files of which something is of the namespace and the labels."""
    workloads: int
    """Documents that make pods."""
    chosen_workloads: int


class _File(NamedTuple):
    """A file as it is now: what was read of it holds as long as nobody writes it anew."""

    path: str
    name: str
    files: Files
    stamp: tuple[int | str, ...]


@lru_cache(maxsize=_KEPT)
def _read(file: _File) -> Manifest:
    return read(file.path, file.name, file.files)


@resources.forgotten
@lru_cache(maxsize=64)
def _shown(files: tuple[_File, ...], namespace: str, labels: tuple[tuple[str, str], ...]) -> _Shown:
    manifests = [_read(file) for file in files]
    documents = tuple(document for manifest in manifests for document in manifest.documents)
    chosen = tuple(document for document in documents if _chosen(document, namespace, dict(labels)))
    project = Project(chosen, tuple(manifest.plain for manifest in manifests if manifest.plain))
    read_ = [fact for document in chosen for fact in _of(document, project)]
    for text in project.texts:
        for reader in text_readers().values():
            if reader.reads_text(text):
                read_ += reader.text_facts(text, project)
    of_these = {document.file for document in chosen if _is_manifest(document)}
    # What is no document at all has nothing to be chosen by.
    belonging = (each.name for each in manifests if each.plain or each.name in of_these)
    workloads = [sum(map(_makes_pods, some)) for some in (documents, chosen)]
    return _Shown(tuple(_in_words(without_twins(read_))), frozenset(belonging), *workloads)


def _is_manifest(document: Document) -> bool:
    """Say whether a document can be evidence at all: a descriptor that a glob finds is none of itself."""
    if any(item.group != "psfpolicy" for item in objects(document)):
        return True
    return any(reader.reads(document) for reader in readers().values())


def _makes_pods(document: Document) -> bool:
    return any(makes_pods(item) for item in objects(document))


def _in_words(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Give the facts that the descriptor has words for.

    What it has no key for says nothing of what it declares. A value that it has no word for, where it has the key, is
    no proof of another one: it decides nothing.
    """
    for fact in facts:
        if fact.item and (fact.certainty != "inconclusive" or fact.value is not None):
            value = worded_item(fact.path, fact.value)
            if value is not None or (fact.certainty == "inconclusive" and has_key(fact.path)):
                yield fact if value == fact.value else replace(fact, value=value)
        elif has_key(fact.path):
            if fact.certainty == "inconclusive" or fits(fact.path, fact.value):
                yield fact
            else:
                yield replace(
                    fact,
                    value=None,
                    certainty="inconclusive",
                    reason="the descriptor has no word for it",
                    shown=fact.shown or str(fact.value),
                )


def _chosen(document: Document, namespace: str, labels: Mapping[str, str]) -> bool:
    """Say whether a document is of the namespace, and what makes pods of the labels; what is no object always is.

    A list is, where one of its objects is: what else it holds may open something.
    """
    found = tuple(objects(document))
    return not found or any(_is_chosen(item, namespace, labels) for item in found)


def _is_chosen(item: Object, namespace: str, labels: Mapping[str, str]) -> bool:
    if namespace and item.namespace and item.namespace != namespace:
        return False
    return not (makes_pods(item) and any(pod_labels(item).get(key) != value for key, value in labels.items()))


def _of(document: Document, project: Project) -> Iterator[Fact]:
    for reader in readers().values():
        if reader.reads(document):
            yield from reader.facts(document, project)


def _asked(item: Joined, *, is_filled: bool) -> JsonValue:
    fact = item.fact
    return {
        "path": list(fact.path),
        "value": fact.value,
        "item": fact.item,
        "certainty": fact.certainty,
        "about": item.about,
        "subject": fact.subject,
        "filled": is_filled,
    }
