"""From globs to files, and from files to what readers read. Whatever cannot be read is an error, never a silence."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from psfpolicy import source
from psfpolicy.contents import bytes_of
from psfpolicy.errors import DocumentError
from psfpolicy.files import DISK
from psfpolicy.globbing import OutsideError
from psfpolicy.model.place import Diagnostic, Place, Region
from psfpolicy.source import Text, masked

if TYPE_CHECKING:
    from psfpolicy.files import Files
    from psfpolicy.source import Document

TEMPLATE = re.compile(r"\{\{-?\s*(?:/\*|\.|\$|[a-z]+\s|end\b|[a-zA-Z]+\s*\()")
"""Something that Helm fills in."""
_START = Region(1, 1, 1, 1)
HCL = (".tf", ".hcl", ".tfvars")
"""How the names of files end that are HCL."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One file of evidence."""

    name: str
    """How reports call it."""
    sha256: str
    text: Text
    """Its text, secrets masked, for excerpts."""
    documents: tuple[Document, ...] = ()
    """Its documents; none where it is no YAML and no JSON."""
    plain: Text | None = None
    """Its text where it is HCL, or a template that is no YAML."""
    template: bool = False
    """It is a template of Helm's kind: values in it are not known."""


def matching(pattern: str, folder: str, root: str, place: Place, files: Files = DISK) -> tuple[str, ...]:
    """Find the files of a glob, sorted by name.

    Args:
        pattern: A glob, relative to the folder; `**` crosses folders.
        folder: The folder of the file that the glob is written in.
        root: The folder that no file may lie outside of, symbolic links resolved.
        place: Where the glob is written.
        files: Where files are read from.

    Raises:
        DocumentError: It leads outside the root, or no file matches.
    """
    if Path(pattern).is_absolute() or "\0" in pattern:
        raise _wrong(place, "evidence-outside", f"`{pattern}` is no relative path", "name files relative to this one")
    try:
        found = files.glob(pattern, folder, root)
    except OutsideError:
        raise _outside(place, pattern) from None
    paths = sorted(path for path in (os.path.join(folder, name) for name in found) if not files.is_folder(path))  # noqa: PTH118
    outside = [path for path in paths if not Path(files.real(path)).is_relative_to(root)]
    if outside:
        raise _outside(place, os.path.relpath(outside[0], folder))
    if not paths:
        hint = "a folder is written `folder/**/*.yaml`" if found else "the path is relative to this file"
        raise _wrong(place, "evidence-missing", f"`{pattern}` matches no file", hint)
    return tuple(paths)


def read(path: str, name: str, files: Files = DISK) -> Manifest:
    """Read one file.

    Args:
        path: Where to open it.
        name: How reports call it.
        files: Where files are read from.

    Raises:
        DocumentError: It cannot be read, with every mistake at its place.
    """
    try:
        data = bytes_of(path, files)
    except OSError as error:
        place = Place(name, _START)
        raise _wrong(place, "unreadable", f"the file cannot be read: {error.strerror}", None) from error
    if len(data) > source.MAX_BYTES:
        source.read(data, file=name)
    digest = sha256(data).hexdigest()
    content = data.decode("utf-8-sig", errors="replace")
    shown = Text(name, masked(content))
    if name.lower().endswith(HCL):
        from psfpolicy.evidence.terraform.secrets import hidden  # noqa: PLC0415  # most evidence has no HCL

        plain = Text(name, content)
        return Manifest(name, digest, Text(name, hidden(plain)), plain=plain)
    template = bool(TEMPLATE.search(content))
    try:
        documents = source.read(data, file=name, any_keys=True)
    except DocumentError:
        if not template:
            raise
        return Manifest(name, digest, shown, plain=Text(name, content), template=True)
    return Manifest(name, digest, shown, documents, template=template)


def _outside(place: Place, name: str) -> DocumentError:
    return _wrong(place, "evidence-outside", f"`{name}` lies outside the repository", "keep evidence inside it")


def _wrong(place: Place, code: str, message: str, hint: str | None) -> DocumentError:
    return DocumentError(message, (Diagnostic(place, code, message, hint),))
