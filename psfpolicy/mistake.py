"""A mistake in a document by its path, and its way to a diagnostic with a place."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from psfpolicy.model.place import Diagnostic
from psfpolicy.source.secrets import masked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psfpolicy.model.place import JsonValue, Path, Place
    from psfpolicy.source import Document

MOST_MISTAKES = 1000
"""Mistakes of one document that are explained; the rest is only said to be there, so that its cost stays bounded."""

_LONGEST_VALUE = 60
_LONGEST_PATH = 160


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong with a document."""

    path: Path
    """What is wrong: a value, or a key that is unknown or missing."""
    code: str
    """Kind of mistake, as in `Diagnostic.code`."""
    says: str
    """The rest of the sentence that begins with what the mistake is about: "is `5`, and must be text"."""
    hint: str | None = None
    """What to write instead, and what the key means."""
    about: Path | None = None
    """What the sentence begins with, where that is not `path`."""
    at_key: bool = False
    """The key itself is wrong, so that its own region is the place."""
    first: Path | None = None
    """Where the same thing stands already; its line is said at the end of the sentence."""


def located(mistakes: Iterable[Mistake], document: Document) -> tuple[Diagnostic, ...]:
    """Give mistakes as diagnostics, in the order of the document: its own file first, then its bases by name.

    After `MOST_MISTAKES` the last one says that there are more.
    """
    first = tuple(islice(mistakes, MOST_MISTAKES + 1))
    found = {_diagnostic(mistake, document) for mistake in first[:MOST_MISTAKES]}
    ordered = sorted(found, key=lambda diagnostic: _order(diagnostic, document.file))
    return (*ordered, _and_more(document)) if len(first) > MOST_MISTAKES else tuple(ordered)


def shown(value: JsonValue) -> str:
    """Give a value as messages quote it: on one line, secrets masked, cut when it is long."""
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, list):
        return "a list"
    if not isinstance(value, str):
        return "`null`" if value is None else f"`{str(value).lower()[:_LONGEST_VALUE]}`"
    # Masked before it is cut, because half a secret is no longer known as one.
    text = _on_one_line(masked(value[: 50 * _LONGEST_VALUE]))
    return f"`{text}`" if len(text) <= _LONGEST_VALUE else f"`{text[: _LONGEST_VALUE - 1]}…`"


def _and_more(document: Document) -> Diagnostic:
    place = document.locate(()).place
    message = f"the document has more than {MOST_MISTAKES} mistakes, and the others are not shown"
    return Diagnostic(place, "too-many-mistakes", message, "put these right and look again")


def _on_one_line(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _diagnostic(mistake: Mistake, document: Document) -> Diagnostic:
    place = document.locate_key(mistake.path) if mistake.at_key else document.locate(mistake.path).place
    message = f"{_subject(document, mistake.path if mistake.about is None else mistake.about)} {mistake.says}"
    if mistake.first is not None:
        message += f"; the first is at {_line(document.locate(mistake.first).place, place.file)}"
    return Diagnostic(place=place, code=mistake.code, message=message, hint=mistake.hint)


def _subject(document: Document, path: Path) -> str:
    """Give a path as messages name it: quoted, on one line, the end of it when it is long."""
    if not path:
        return "the document"
    text = _on_one_line(document.named(path))
    return f"`{text}`" if len(text) <= _LONGEST_PATH else f"`…{text[1 - _LONGEST_PATH :]}`"


def _line(place: Place, file: str) -> str:
    line = place.region.start_line
    return f"line {line}" if place.file == file else f"{place.file}:{line}"


def _order(diagnostic: Diagnostic, file: str) -> tuple[bool, str, int, int, str, str]:
    place = diagnostic.place
    region = place.region
    return place.file != file, place.file, region.start_line, region.start_column, diagnostic.code, diagnostic.message
