"""JSON for programs: `psfpolicy/report/v1`, described by `schemas/report-v1.schema.json`."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy.model.record import jsonable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.formats.base import Style
    from psfpolicy.model.report import Report

_EMPTY = '\n  "assessments": [],'


def render(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001  # the shape does not depend on who reads
    """Give the report as one JSON document, in ASCII, so that nothing in it acts on what shows it."""
    encode = json.JSONEncoder(ensure_ascii=True, allow_nan=False, indent=2).encode
    # One assessment at a time: ten thousand of them at once would take gigabytes.
    whole = jsonable(replace(report, assessments=()))
    before, after = _quiet(encode(whole)).split(_EMPTY)
    yield before + _EMPTY.removesuffix("],")
    for number, assessment in enumerate(report.assessments):
        yield ("," if number else "") + "\n    " + _quiet(encode(jsonable(assessment))).replace("\n", "\n    ")
    yield ("\n  " if report.assessments else "") + "]," + after + "\n"


def _quiet(text: str) -> str:
    """Give the same values without what a build log takes for a command wherever it stands: `##[…]`, `##vso[…]`."""
    return text.replace("##", "#\\u0023")
