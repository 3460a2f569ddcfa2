"""JSON for programs: `psfpolicy/report/v1`, described by `schemas/report-v1.schema.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from psfpolicy.model.record import jsonable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.formats.base import Style
    from psfpolicy.model.report import Report


def render(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001  # the shape does not depend on who reads
    """Give the report as one JSON document, in ASCII, so that nothing in it acts on what shows it."""
    encoder = json.JSONEncoder(ensure_ascii=True, allow_nan=False, indent=2)
    yield from encoder.iterencode(jsonable(report))
    yield "\n"
