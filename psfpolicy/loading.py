"""From paths to descriptors: finding files, reading them, laying environments over their bases, and validating.

This is the only layer that opens the user's files. Everything that is wrong becomes an `Unassessed` with its places.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from psfpolicy import source, validity
from psfpolicy.assess import excerpt, position
from psfpolicy.errors import DocumentError, NotAssessedError, NothingToAssessError, UsageError
from psfpolicy.model.place import Diagnostic, Place, Region
from psfpolicy.model.report import InputFile, Problem, Unassessed
from psfpolicy.source import Text, masked, overlay

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import NoReturn

    from psfpolicy.source import Document

STDIN = "-"
"""The path that stands for standard input."""
STDIN_NAME = source.STANDARD_INPUT
"""What standard input is called in places."""
KINDS = ("LLMDeployment", "LLMDeploymentBase")
"""Kinds of document that psfpolicy knows; a base is validated and never assessed alone."""

_SUFFIXES = (".yaml", ".yml", ".json")
_WORDS = ("psfpolicy/", "LLMDeployment")
# UTF-16, in either order of bytes, is refused by the reader; passed over it would be one descriptor less.
_MARKS = (*(word.encode() for word in _WORDS), *(word.encode("utf-16-le")[:-1] for word in _WORDS))
_REPORT = re.compile(rb'\s*\{\s*"schema": "psfpolicy/report/')
_SKIPPED = {".git", ".hg", ".svn", ".tox", ".terraform", ".venv", "venv", "node_modules", "__pycache__"}
_MAX_LEVELS = 16
_START = Region(1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Target:
    """A file to assess."""

    path: str
    """Where to open it; `-` for standard input."""
    name: str
    """How reports call it: relative to the working directory, with forward slashes."""
    named: bool
    """The user named it, so that a file without a descriptor is an error and not another file."""
    stream: bool
    """Standard input, a pipe or a device: it stands in no folder."""


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
    unassessed: Unassessed | None = None
    """What is wrong, if anything is."""


def targets(paths: Sequence[str]) -> tuple[Target, ...]:
    """Find the files to assess.

    Args:
        paths: Files, folders and `-`, as the user named them; empty for the repository of the working directory.

    Returns:
        Each file once, named ones first in their order, then those of folders by name.

    Raises:
        UsageError: A path does not exist, or is neither a file nor a folder.
        NothingToAssessError: The folders hold no file that mentions a descriptor.
        NotAssessedError: A folder cannot be searched.
    """
    asked = paths or (str(_repository(Path.cwd()) or "."),)
    kinds = {path: _mode(path) for path in asked}
    found: dict[str, Target] = {}
    for path in (path for path in asked if not stat.S_ISDIR(kinds[path])):
        known = STDIN if path == STDIN else os.path.realpath(path)
        name = STDIN_NAME if path == STDIN else display_name(path)
        found.setdefault(known, Target(path, name, named=True, stream=not stat.S_ISREG(kinds[path])))
    for folder in (path for path in asked if stat.S_ISDIR(kinds[path])):
        for path in sorted(_mentioning(folder)):
            found.setdefault(os.path.realpath(path), Target(path, display_name(path), named=False, stream=False))
    if not found:
        raise NothingToAssessError(
            "no descriptor found: no file here has `apiVersion: psfpolicy/v1`",
            hint="`psfpolicy init` writes one to start from",
        )
    return tuple(found.values())


def display_name(path: str) -> str:
    """Give the name of a file as reports show it: relative to the working directory, never absolute, and Unicode."""
    try:
        name = Path(os.path.relpath(path)).as_posix()
    except ValueError:  # another drive, on Windows
        name = Path(path).name
    return os.fsencode(name).decode(errors="backslashreplace")


def load(target: Target, stdin: bytes | None = None) -> Loaded:
    """Read one file and validate its descriptors.

    Args:
        target: The file.
        stdin: What standard input held, for the target that stands for it.

    Returns:
        Its descriptors; or, where anything in the file is wrong, everything that is wrong, and no descriptor.
    """
    reading = _Reading(stdin)
    try:
        documents = tuple(reading.descriptors(target))
    except DocumentError as error:
        problems = tuple(_problem(item, reading.texts) for item in error.diagnostics)
        return Loaded(
            target.name,
            texts=reading.texts,
            inputs=tuple(reading.inputs),
            unassessed=Unassessed(file=target.name, problems=problems),
        )
    return Loaded(target.name, documents, reading.texts, tuple(reading.inputs))


class _Reading:
    """One file being read, with the bases that it extends."""

    def __init__(self, stdin: bytes | None) -> None:
        self._stdin = stdin
        self.texts: dict[str, Text] = {}
        self.inputs: list[InputFile] = []

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
            raise DocumentError("the file is not valid", tuple(mistakes))
        if target.named and not merged:
            raise _single(
                target.name,
                "no-descriptor",
                "the file holds only a base, which is never assessed alone",
                "assess a descriptor that extends it",
            )
        yield from merged

    def _read(self, path: str, name: str) -> tuple[Document, ...]:
        data = self._bytes(path, name)
        if len(data) <= source.MAX_BYTES:
            self.inputs.append(InputFile(file=name, sha256=sha256(data).hexdigest()))
            # Masked as a whole: a key that spans lines is not known by one of them.
            self.texts[name] = Text(name, masked(data.decode("utf-8-sig", errors="replace")))
        return source.read(data, file=name)

    def _bytes(self, path: str, name: str) -> bytes:
        if path == STDIN:
            return self._stdin or b""
        try:
            with Path(path).open("rb") as file:
                # One byte more than is allowed shows that the file is too large without reading all of it.
                return file.read(source.MAX_BYTES + 1)
        except OSError as error:
            raise _single(name, "unreadable", f"the file cannot be read: {error.strerror}", None) from error

    def _validated(self, document: Document, target: Target) -> Document | None:
        """Give the descriptor merged over its bases; None for a valid base."""
        extends = _extends(document)
        if _kind(document) == KINDS[1]:
            _raise_if_any(validity.diagnostics(document, partial=True))
            return None
        if extends is None:
            _raise_if_any(validity.diagnostics(document))
            return document
        _raise_if_any(validity.diagnostics(document, partial=True))
        seen = (os.path.realpath(target.path),)
        whole = overlay(self._base(document, extends, target.path, seen), document)
        _raise_if_any(validity.diagnostics(whole))
        return whole

    def _base(self, document: Document, extends: str, path: str, seen: tuple[str, ...]) -> Document:
        """Give the base that a document extends, itself merged over its own."""
        place = document.locate(("metadata", "extends")).place
        folder = Path.cwd() if path == STDIN else Path(path).parent
        base_path = os.path.realpath(folder / extends)
        root = _repository(folder) or Path(os.path.realpath(folder))
        if not Path(base_path).is_relative_to(root):
            raise _at(place, "extends-outside", f"`{extends}` lies outside the repository", "keep bases in it")
        if base_path in seen:
            raise _at(place, "extends-cycle", f"`{extends}` extends this document in turn", "break the cycle")
        if len(seen) > _MAX_LEVELS:
            raise _at(place, "extends-cycle", f"more than {_MAX_LEVELS} levels of bases", "flatten them")
        if not Path(base_path).is_file():
            raise _at(place, "extends-missing", f"`{extends}` is no file", "the path is relative to this file")
        name = display_name(base_path)
        bases = [item for item in self._read(base_path, name) if _kind(item) == KINDS[1]]
        if len(bases) != 1:
            raise _at(
                place,
                "extends-no-base",
                f"`{extends}` holds {len(bases) or 'no'} documents with `kind: {KINDS[1]}`, and must hold one",
                None,
            )
        base = bases[0]
        above = _extends(base)
        _raise_if_any(validity.diagnostics(base, partial=True))
        if above is None:
            return base
        return overlay(self._base(base, above, base_path, (*seen, base_path)), base)


def _mentioning(folder: str) -> Iterator[str]:
    """Give the files below a folder that mention a descriptor; what cannot be read is left for the reader to report."""
    for root, folders, files in os.walk(folder, onerror=_unsearchable):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        for name in files:
            path = os.path.join(root, name)  # noqa: PTH118  # a name that is not Unicode stays as it is
            if name.lower().endswith(_SUFFIXES) and os.path.isfile(path) and _mentions(path):  # noqa: PTH113  # likewise
                yield path


def _unsearchable(error: OSError) -> NoReturn:
    raise NotAssessedError(
        f"the folder `{display_name(str(error.filename))}` cannot be searched: {error.strerror}",
        hint="it may hold a descriptor; name the files and folders to assess",
    ) from error


def _mentions(path: str) -> bool:
    try:
        with Path(path).open("rb") as file:
            data = file.read(source.MAX_BYTES + 1)
    except OSError:
        return True
    return any(mark in data for mark in _MARKS) and not _REPORT.match(data)


def _mode(path: str) -> int:
    """Give what kind of file a path leads to.

    Raises:
        UsageError: To none, or to one that cannot be read from.
    """
    hint = "nothing was assessed; check the spelling, and the working directory"
    if path == STDIN:
        return stat.S_IFIFO
    try:
        mode = Path(path).stat().st_mode if path else 0
    except (FileNotFoundError, NotADirectoryError):
        mode = 0
    except (OSError, ValueError) as error:
        raise UsageError(f"`{path}` cannot be looked at: {getattr(error, 'strerror', error)}", hint=hint) from error
    if stat.S_ISDIR(mode) or stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or stat.S_ISCHR(mode):
        return mode
    missing = not path or not os.path.lexists(path)
    raise UsageError(f"`{path}` does not exist" if missing else f"`{path}` is no file or folder", hint=hint)


def _repository(start: Path) -> Path | None:
    """Give the root of the git work tree that a folder lies in; a file `.git` marks a worktree or a submodule."""
    resolved = Path(os.path.realpath(start))
    return next((folder for folder in (resolved, *resolved.parents) if (folder / ".git").exists()), None)


def _claims(document: Document, *, named: bool) -> bool:
    """Say whether a document means to be one of ours, even with a mistake in its `apiVersion` or `kind`."""
    data = document.data
    if not isinstance(data, dict):
        return False
    texts = [value for value in data.values() if isinstance(value, str)]
    ours = any(text in KINDS or text.lower().startswith("psfpolicy/") for text in texts)
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
