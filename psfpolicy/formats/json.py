"""JSON for programs: `psfpolicy/report/v1`, described by `schemas/report-v1.schema.json`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy.formats._escapes import json_text
from psfpolicy.model.record import jsonable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.formats.base import Style
    from psfpolicy.model.report import Report

_EMPTY = '\n  "assessments": [],'


def render(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001  # the shape does not depend on who reads
    """Give the report as one JSON document, in ASCII, so that nothing in it acts on what shows it."""
    # One assessment at a time: ten thousand of them at once would take gigabytes.
    before, after = json_text(jsonable(replace(report, assessments=())), lines=True).split(_EMPTY)
    yield before + _EMPTY.removesuffix("],")
    for number, assessment in enumerate(report.assessments):
        item = json_text(jsonable(assessment), lines=True).replace("\n", "\n    ")
        yield ("," if number else "") + "\n    " + item
    yield ("\n  " if report.assessments else "") + "]," + after + "\n"
