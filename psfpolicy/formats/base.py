"""What every format does: turn a report into text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.model.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a person wants to read; formats for programs pay no attention to it."""

    color: bool = False
    """Colour by ANSI escapes."""
    unicode: bool = True
    """The stream can carry more than ASCII."""
    quiet: bool = False
    """The verdict lines only."""
    verbose: bool = False
    """The passes too."""


class Format(Protocol):
    """A module of this package."""

    def render(self, report: Report, style: Style) -> Iterator[str]:
        """Give the text of a report in pieces, to be written one after the other."""
        ...
