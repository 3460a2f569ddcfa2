"""What every format does: turn a report into text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psfpolicy.model.report import Report


def _nothing(_file: str) -> None:
    """Give no file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How the reader wants it: a person in a terminal, or the service that takes the report up."""

    color: bool = False
    """Colour by ANSI escapes."""
    unicode: bool = True
    """The stream can carry more than ASCII."""
    quiet: bool = False
    """The verdict lines only."""
    verbose: bool = False
    """The passes too."""
    id: str = ""
    """Keeps the reports of several uses for one commit apart; empty for the only one."""
    suppressed: bool = False
    """What a waiver or the file of accepted findings covers, too, in a format that leaves it out."""
    link: str = ""
    """Address below which the assessed files can be read, without a slash at its end; empty where there is none."""
    folder: str = ""
    """Folder that names of files are relative to, seen from the root of its repository; empty for the root."""
    read: Callable[[str], bytes | None] = _nothing
    """Gives a file as it was assessed, by its name in the report; None where it cannot be had or has changed since."""


class Format(Protocol):
    """A module of this package."""

    def render(self, report: Report, style: Style) -> Iterator[str]:
        """Give the text of a report in pieces, to be written one after the other."""
        ...
