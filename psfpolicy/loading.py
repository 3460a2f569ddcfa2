"""From files to descriptors: reading them, laying environments over their bases, and validating.

No other layer reads the user's descriptors. Everything that is wrong becomes an `Unassessed` with its places.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psfpolicy import catalogue, source, validity
from psfpolicy.contents import bytes_of
from psfpolicy.errors import DocumentError
from psfpolicy.files import DISK
from psfpolicy.model.place import Diagnostic, Place, Region
from psfpolicy.model.report import InputFile, Problem, Unassessed
from psfpolicy.placing import excerpt, position
from psfpolicy.source import Text, masked, overlay
from psfpolicy.source.secrets import MASK
from psfpolicy.targets import STDIN, display_name, repository_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from psfpolicy.catalogue import Tables
    from psfpolicy.evidence.gathering import Evidence
    from psfpolicy.evidence.rules import EvidenceRule
    from psfpolicy.files import Files
    from psfpolicy.source import Document
    from psfpolicy.targets import Target

KINDS = ("LLMDeployment", "LLMDeploymentBase")
"""Kinds of document that psfpolicy knows; a base is validated and never assessed alone."""

_MAX_LEVELS = 16
_START = Region(1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one file gave."""

    name: str
    """How reports call the file."""
    documents: tuple[Document, ...] = ()
    """Valid descriptors, each merged over its bases; none where the file has a problem."""
    texts: Mapping[str, Text] = field(default_factory=dict)
    """The text of each file that was read, by its name."""
    inputs: tuple[InputFile, ...] = ()
    """Each file that was read."""
    evidence: tuple[Evidence | None, ...] = ()
    """What manifests show of each descriptor, in the same order; None where it names none."""
    unassessed: Unassessed | None = None
    """What is wrong, if anything is."""


def load(
    target: Target,
    stdin: bytes | None = None,
    own: Tables = catalogue.NONE,
    rules: Sequence[EvidenceRule] = (),
    content: bytes | None = None,
    files: Files = DISK,
    *,
    gathering: bool = True,
) -> Loaded:
    """Read one file and validate its descriptors.

    Args:
        target: The file.
        stdin: What standard input held, for the target that stands for it.
        own: The user's own rows of the catalogue, which a descriptor may name.
        rules: Manifests that the settings name for descriptors.
        content: What the file is taken to hold; None for what it does.
        files: Where it and what it names are read from.
        gathering: Read the evidence that the descriptors name too.

    Returns:
        Its descriptors; or, where anything in the file is wrong, everything that is wrong, and no descriptor.
    """
    held = {STDIN: stdin or b""}
    if content is not None:
        held[target.path] = content
    reading = _Reading(held, own, files)
    try:
        documents = tuple(reading.descriptors(target))
        evidence = tuple(reading.evidence(document, target, rules) if gathering else None for document in documents)
    except DocumentError as error:
        problems = tuple(_problem(item, reading.texts) for item in error.diagnostics)
        return Loaded(
            target.name,
            texts=reading.texts,
            inputs=tuple(reading.inputs),
            unassessed=Unassessed(file=target.name, problems=problems),
        )
    return Loaded(target.name, documents, reading.texts, tuple(reading.inputs), evidence)


class _Reading:
    """One file being read, with the bases that it extends."""

    def __init__(self, held: Mapping[str, bytes], own: Tables, files: Files) -> None:
        self._held = held
        self._own = own
        self._files = files
        self.texts: dict[str, Text] = {}
        self.inputs: list[InputFile] = []
        self._bases: dict[str, tuple[Document, ...]] = {}
        self._paths: dict[str, str] = {}

    def descriptors(self, target: Target) -> Iterator[Document]:
        """Give the valid descriptors of a file.

        Raises:
            DocumentError: With everything that is wrong in the file.
        """
        claimed = [
            document for document in self._read(target.path, target.name) if _claims(document, named=target.named)
        ]
        if not claimed and target.named:
            raise _single(
                target.name,
                "no-descriptor",
                "the file holds no descriptor: no document has `apiVersion: psfpolicy/v1` and `kind: LLMDeployment`",
                "name the descriptor's file, or write one with `psfpolicy init`",
            )
        mistakes: list[Diagnostic] = []
        merged: list[Document] = []
        for document in claimed:
            try:
                whole = self._validated(document, target)
            except DocumentError as error:
                mistakes.extend(error.diagnostics)
                continue
            if whole is not None:
                merged.append(whole)
        if mistakes:
            # Two documents may extend the same base, whose mistakes are said once.
            raise DocumentError("the file is not valid", tuple(dict.fromkeys(mistakes)))
        if target.named and not merged:
            raise _single(
                target.name,
                "no-descriptor",
                "the file holds only a base, which is never assessed alone",
                "assess a descriptor that extends it",
            )
        yield from merged

    def evidence(self, document: Document, target: Target, rules: Sequence[EvidenceRule]) -> Evidence | None:
        """Give what manifests show of a descriptor; None where neither it nor the settings name any.

        Raises:
            DocumentError: They are not there or cannot be read.
        """
        data: Any = document.data
        patterns = data["spec"].get("evidence") or ()
        bound = [rule for rule in rules if rule.binds(None if target.stream else target.path)]
        if not patterns and not bound:
            return None
        # A run without evidence does not pay for its readers.
        from psfpolicy.evidence.gathering import Globs, gather  # noqa: PLC0415

        globs = [
            Globs(
                patterns=rule.files,
                folder=rule.folder,
                root=_root(Path(rule.folder)),
                namespace=rule.namespace,
                labels=rule.labels,
                place=rule.place,
            )
            for rule in bound
        ]
        if patterns:
            # Relative to the file that names them, which may be a base.
            places = [document.locate(("spec", "evidence", index)).place for index in range(len(patterns))]
            written_in = self._paths.get(places[0].file, target.path)
            folder = Path.cwd() if target.stream else Path(written_in).parent
            named = tuple(zip(patterns, places, strict=True))
            globs.insert(0, Globs(patterns=named, folder=str(folder), root=_root(folder)))
        found = gather(document.data, globs, display_name, self._files)
        for manifest in found.manifests:
            known = self.texts.get(manifest.name)
            # Beside other files more of the same one may be known to be a secret.
            if known is None or known.content.count(MASK) < manifest.text.content.count(MASK):
                self.texts[manifest.name] = manifest.text
            self.inputs.append(InputFile(file=manifest.name, sha256=manifest.sha256))
        return found

    def _read(self, path: str, name: str) -> tuple[Document, ...]:
        self._paths[name] = path
        data = self._bytes(path, name)
        if len(data) <= source.MAX_BYTES:
            self.inputs.append(InputFile(file=name, sha256=sha256(data).hexdigest()))
            # Masked as a whole: a key that spans lines is not known by one of them.
            self.texts[name] = Text(name, masked(data.decode("utf-8-sig", errors="replace")))
        return source.read(data, file=name)

    def _bytes(self, path: str, name: str) -> bytes:
        if path in self._held:
            return self._held[path]
        try:
            return bytes_of(path, self._files)
        except OSError as error:
            raise _single(name, "unreadable", f"the file cannot be read: {error.strerror}", None) from error

    def _validated(self, document: Document, target: Target) -> Document | None:
        """Give the descriptor merged over its bases; None for a valid base."""
        if _kind(document) == KINDS[1]:
            _raise_if_any(validity.diagnostics(document, partial=True))
            return None
        if _extends(document) is not None:
            folder = Path.cwd() if target.stream else Path(target.path).parent
            document = self._merged(document, folder, (self._files.real(target.path),))
        _raise_if_any(validity.diagnostics(document, own=self._own))
        return document

    def _merged(self, document: Document, folder: Path, seen: tuple[str, ...]) -> Document:
        """Give a document laid over its bases.

        Args:
            document: A document that may extend another.
            folder: The folder of its file.
            seen: The files that led to it, its own the last.

        Raises:
            DocumentError: With what is wrong in the document, and in all of its bases.
        """
        wrong = [*validity.diagnostics(document, partial=True)]
        extends = _extends(document)
        base = None
        if extends is not None:
            try:
                path = _base_path(document, extends, folder, seen, self._files)
                base = self._merged(self._base(document, extends, path), Path(path).parent, (*seen, path))
            except DocumentError as error:
                wrong.extend(error.diagnostics)
        _raise_if_any(wrong)
        return document if base is None else overlay(base, document)

    def _base(self, document: Document, extends: str, path: str) -> Document:
        """Give the base that a file holds."""
        if path not in self._bases:
            self._bases[path] = tuple(item for item in self._read(path, display_name(path)) if _kind(item) == KINDS[1])
        found = self._bases[path]
        if len(found) != 1:
            raise _at(
                document.locate(("metadata", "extends")).place,
                "extends-no-base",
                f"`{extends}` holds {len(found) or 'no'} documents with `kind: {KINDS[1]}`, and must hold one",
                None,
            )
        return found[0]


def _base_path(document: Document, extends: str, folder: Path, seen: tuple[str, ...], files: Files) -> str:
    """Give the file that a document extends, symbolic links resolved.

    Raises:
        DocumentError: It may not be extended, or is none.
    """
    place = document.locate(("metadata", "extends")).place
    if Path(extends).is_absolute():
        raise _at(place, "extends-outside", f"`{extends}` is an absolute path", "name the base relative to this file")
    try:
        path = files.real(str(folder / extends))
    except (OSError, ValueError):  # no file can have such a name
        path = ""
    root = repository_of(folder)
    if path and not Path(path).is_relative_to(root or os.path.realpath(folder)):
        where = "the repository" if root else "this file's folder, and no repository holds both"
        raise _at(place, "extends-outside", f"`{extends}` lies outside {where}", "keep the base beside what extends it")
    if path in seen:
        raise _at(place, "extends-cycle", f"`{extends}` leads back to a file that extends it", "break the cycle")
    if len(seen) > _MAX_LEVELS:
        raise _at(place, "extends-cycle", f"more than {_MAX_LEVELS} levels of bases", "flatten them")
    if not files.is_file(path):
        raise _at(place, "extends-missing", f"`{extends}` is no file", "the path is relative to this file")
    return path


def _root(folder: Path) -> str:
    """Give the folder that no evidence may lie outside of."""
    return str(repository_of(folder) or os.path.realpath(folder))


def _claims(document: Document, *, named: bool) -> bool:
    """Say whether a document means to be one of ours, even with a mistake in its `apiVersion` or `kind`."""
    data = document.data
    if not isinstance(data, dict):
        return False
    texts = [value for value in data.values() if isinstance(value, str)]
    # A report says `psfpolicy/report/v1`, and is none.
    ours = any(text in KINDS or (text.lower().startswith("psfpolicy/") and text.count("/") == 1) for text in texts)
    near = named and any(key in data for key in ("spec", "metadata")) and _near(texts)
    return ours or near


def _near(texts: Iterable[str]) -> bool:
    return any(text.lower().startswith(("psfpol", "llmdeploy")) for text in texts)


def _kind(document: Document) -> object:
    return document.data.get("kind") if isinstance(document.data, dict) else None


def _extends(document: Document) -> str | None:
    metadata = document.data.get("metadata") if isinstance(document.data, dict) else None
    extends = metadata.get("extends") if isinstance(metadata, dict) else None
    return extends if isinstance(extends, str) and extends else None


def _raise_if_any(diagnostics: Sequence[Diagnostic]) -> None:
    if diagnostics:
        raise DocumentError("the document is not valid", tuple(diagnostics))


def _single(name: str, code: str, message: str, hint: str | None) -> DocumentError:
    return _at(Place(name, _START), code, message, hint)


def _at(place: Place, code: str, message: str, hint: str | None) -> DocumentError:
    return DocumentError(message, (Diagnostic(place, code, message, hint),))


def _problem(item: Diagnostic, texts: Mapping[str, Text]) -> Problem:
    return Problem(
        code=item.code,
        message=masked(item.message),
        hint=item.hint,
        place=position(item.place),
        excerpt=excerpt(item.place, texts),
    )
