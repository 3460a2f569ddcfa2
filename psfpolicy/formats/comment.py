"""Markdown for a comment on a pull request, which GitHub lets have 65,536 characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.formats._page import page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.formats.base import Style
    from psfpolicy.model.report import Report

_MOST = 60_000


def render(report: Report, style: Style) -> Iterator[str]:
    """Give the page; a byte more is counted where a character takes several."""
    return page(report, style, _MOST)
