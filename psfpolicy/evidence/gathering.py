"""The evidence of one descriptor: its files found and read, its facts gathered by every reader, and joined."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.errors import DocumentError
from psfpolicy.evidence.files import matching, read
from psfpolicy.evidence.filling import Filled, filled
from psfpolicy.evidence.helm.templates import template_facts
from psfpolicy.evidence.joining import joined
from psfpolicy.evidence.project import Project, makes_pods, objects, pod_labels
from psfpolicy.evidence.readers import readers
from psfpolicy.schema.parts import fits, has_key, worded_item

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from psfpolicy.evidence.files import Manifest
    from psfpolicy.evidence.joining import Joined
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import Diagnostic, JsonValue, Place
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


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was gathered for one descriptor."""

    descriptor: Filled
    facts: tuple[Joined, ...] = ()
    manifests: tuple[Manifest, ...] = field(default=())
    """The files, in the order of their names."""

    def question(self) -> tuple[JsonValue, ...]:
        """Give the facts as the policy is asked about them."""
        return tuple(_asked(item) for item in self.facts)


def gather(descriptor: JsonValue, globs: Sequence[Globs], naming: Callable[[str], str]) -> Evidence:
    """Gather the evidence of a descriptor.

    Args:
        descriptor: The descriptor, valid.
        globs: Where its evidence is.
        naming: Gives the name of a file as reports show it.

    Raises:
        DocumentError: A glob matches nothing or leads outside, or a file cannot be read; with every mistake.
    """
    wrong: list[Diagnostic] = []
    manifests: dict[str, Manifest] = {}
    facts: list[Fact] = []
    for group in globs:
        files: dict[str, _File] = {}
        for pattern, place in group.patterns:
            try:
                for path in matching(pattern, group.folder, group.root, place):
                    file = _File(path, naming(path), _stamp(path))
                    files[file.name] = file
                    manifests[file.name] = _read(file)
            except DocumentError as error:
                wrong += error.diagnostics
        if not wrong:
            known = tuple(files[name] for name in sorted(files))
            facts += (fact for fact in _facts(known, group.namespace, group.labels) if fact not in facts)
    if wrong:
        raise DocumentError("the evidence cannot be read", tuple(dict.fromkeys(wrong)))
    about = joined(facts, descriptor)
    return Evidence(filled(descriptor, about), about, tuple(manifests[name] for name in sorted(manifests)))


class _File(NamedTuple):
    """A file as it is now: what was read of it holds as long as nobody writes it anew."""

    path: str
    name: str
    stamp: tuple[int, ...]


def _stamp(path: str) -> tuple[int, ...]:
    try:
        found = Path(path).stat()
    except OSError:  # reading it says what is wrong
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


@lru_cache(maxsize=_KEPT)
def _read(file: _File) -> Manifest:
    return read(file.path, file.name)


@lru_cache(maxsize=64)
def _facts(files: tuple[_File, ...], namespace: str, labels: tuple[tuple[str, str], ...]) -> tuple[Fact, ...]:
    manifests = [_read(file) for file in files]
    documents = tuple(document for manifest in manifests for document in manifest.documents)
    chosen = tuple(document for document in documents if _chosen(document, namespace, dict(labels)))
    project = Project(chosen, tuple(manifest.plain for manifest in manifests if manifest.plain))
    read_ = [fact for document in chosen for fact in _of(document, project)]
    for manifest in manifests:
        if manifest.template and manifest.plain:
            read_ += template_facts(manifest.plain)
    return tuple(_in_words(read_))


def _in_words(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Give the facts that the descriptor has words for.

    What it has no key for says nothing of what it declares. A value that it has no word for, where it has the key, is
    no proof of another one: it decides nothing.
    """
    for fact in facts:
        if fact.item:
            value = worded_item(fact.path, fact.value)
            if value is not None:
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
    """Say whether a document is of the namespace, and what makes pods of the labels; what is no object always is."""
    for item in objects(document):
        if namespace and item.namespace and item.namespace != namespace:
            return False
        if makes_pods(item) and any(pod_labels(item).get(key) != value for key, value in labels.items()):
            return False
    return True


def _of(document: Document, project: Project) -> Iterator[Fact]:
    for reader in readers().values():
        if reader.reads(document):
            yield from reader.facts(document, project)


def _asked(item: Joined) -> JsonValue:
    fact = item.fact
    return {
        "path": list(fact.path),
        "value": fact.value,
        "item": fact.item,
        "certainty": fact.certainty,
        "about": item.about,
        "subject": fact.subject,
    }
