"""Where something stands: paths in a document, regions of a file, and the two together.

"Region" is the word of SARIF 2.1.0, section 3.30; lines and columns are 1-based there and here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
"""A value of a parsed document, of a question to an engine, or of its answer."""

Path: TypeAlias = tuple[str | int, ...]
"""Keys and 0-based list indexes from the root of a document; `()` is the root itself."""


@dataclass(frozen=True, slots=True, order=True)
class Region:
    """A stretch of text: 1-based lines and columns, columns in code points, the end exclusive."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A region of a file."""

    file: str
    """The file as the user named it, or relative to the working directory; `<stdin>` for standard input."""
    region: Region
    used_at: Place | None = None
    """Where the value is used, when it is written elsewhere and comes through an alias or a merge key."""


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One thing that is wrong with an input, at its place, with what to do about it."""

    place: Place
    code: str
    """Kebab-case kind of mistake: `unknown-key`, `wrong-type`, `duplicate-key`, `syntax` …; stable, for tools."""
    message: str
    """One sentence that names what was seen and what was wanted; no line break."""
    hint: str | None = None
    """What to write instead, or where to read on; no line break."""
