"""A line of JSON for the head of a run, for each file and for the summary: `psfpolicy/run/v1`.

A run that compares with nothing writes its lines as it goes on; this renders them from a report that is whole.
`schemas/run-v1.schema.json` describes a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.formats._escapes import json_line
from psfpolicy.model.lines import SCHEMA, RunFile, RunHead, RunSummary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psfpolicy.formats.base import Style
    from psfpolicy.model.report import Assessment, InputFile, Report, Unassessed


def render(report: Report, style: Style) -> Iterator[str]:  # noqa: ARG001  # the shape does not depend on who reads
    """Give the report line by line, in ASCII."""
    known = {item.file: item for item in report.inputs}
    told: set[str] = set()
    files = list(_files(report, known, told))
    yield line_of(
        RunHead(
            schema=SCHEMA,
            kind="head",
            tool=report.tool,
            generated_at=report.generated_at,
            as_of=report.as_of,
            day_given=report.day_given,
            policy=report.policy,
            engine=report.engine,
            gate=None,
            settings=None,
            user_rows=report.catalogue.user_rows,
            exit_zero=report.exit_zero,
            files=len(files),
            excluded=report.excluded,
            comparison=report.comparison,
        )
    )
    yield from map(line_of, files)
    yield line_of(
        RunSummary(
            schema=SCHEMA,
            kind="summary",
            interrupted=False,
            remaining=0,
            taken_over=0,
            exit_code=report.exit_code,
            summary=report.summary,
            withdrawn=(),
            catalogue=report.catalogue.as_of,
            waivers=report.waivers,
            accepted=report.accepted,
            inputs=tuple(item for item in report.inputs if item.file not in told),
        )
    )


def line_of(value: object) -> str:
    """Give a record, or JSON that holds records, as a line in ASCII, in which nothing acts on what shows it."""
    return json_line(value)


def _files(report: Report, known: dict[str, InputFile], told: set[str]) -> Iterator[RunFile]:
    """Give the lines of files by name, and note which inputs they tell of."""
    found: dict[str, tuple[list[Assessment], list[Unassessed]]] = {}
    for assessment in report.assessments:
        found.setdefault(assessment.file, ([], []))[0].append(assessment)
    for failed in report.unassessed:
        found.setdefault(failed.file, ([], []))[1].append(failed)
    for name, (assessments, failures) in sorted(found.items()):
        read = [name, *sorted({file for item in assessments for file in item.evidence} - {name})]
        told.update(read)
        yield RunFile(
            schema=SCHEMA,
            kind="file",
            file=name,
            inputs=tuple(known[file] for file in read if file in known),
            catalogue=report.catalogue.as_of if assessments else None,
            assessments=tuple(assessments),
            named_at=(),
            unassessed=_joined(failures),
            waivers=(),
        )


def _joined(failures: Sequence[Unassessed]) -> Unassessed | None:
    if not failures:
        return None
    problems = tuple(problem for failed in failures for problem in failed.problems)
    return failures[0] if len(failures) == 1 else type(failures[0])(file=failures[0].file, problems=problems)
