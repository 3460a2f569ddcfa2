"""Markdown for the summary of a job, which may hold a mebibyte for a step; `comment` is the same in a smaller size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.formats._page import page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.formats.base import Style
    from psfpolicy.model.report import Report

_MOST = 900 * 1024


def render(report: Report, style: Style) -> Iterator[str]:
    """Give the page."""
    return page(report, style, _MOST)
