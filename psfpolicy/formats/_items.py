"""Everything in a report that is no pass, as one kind of thing, and in one order: what formats for services show."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from psfpolicy.model.report import SEVERITIES, STATUSES, Position

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.model.report import (
        Assessment,
        Change,
        Finding,
        Notice,
        Report,
        Severity,
        Shown,
        Status,
        Unassessed,
    )

NOT_ASSESSED = "not-assessed"
"""What a problem of a file is called where a finding has the id of its control."""
UNEVIDENCED = "unevidenced"
"""What a pass is called that the gate wants shown by manifests."""
UNDECIDED = "undecided"
"""What a descriptor is called that no control applies to."""

_FRESH = frozenset({"new", "worsened"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that is no pass: a finding of a control, a notice, or a problem of a file that was not assessed."""

    rule: str
    """Id of the control, kind of the notice, or `not-assessed`."""
    status: Status
    """`fail` for a notice, `error` for a problem."""
    severity: Severity
    """`critical` for a problem: nothing is known of what it hides."""
    domain: str
    """Empty for what belongs to none."""
    descriptor: str
    """`environment/name`; empty for a problem."""
    message: str
    path: str
    place: Position
    remediation: str
    fingerprint: str
    digest: str
    assurance: str = ""
    evidence: tuple[Shown, ...] = ()
    waiver: str | None = None
    accepted: bool = False
    change: Change | None = None
    aged: bool = False
    holds: bool = False
    """The gate names its control as new or worse, or as one whose waiver has run out."""

    @property
    def covered(self) -> bool:
        """A waiver or the file of accepted findings covers it."""
        return self.waiver is not None or self.accepted

    @property
    def fresh(self) -> bool:
        """It is new or worse than at the base; of a run that does not compare, nothing is."""
        return self.change in _FRESH

    @property
    def rank(self) -> tuple[bool, bool, int, int, str, int, int, str, str]:
        """What the worst comes first by: what is covered last, and what is new before what was there."""
        place = self.place
        return (
            self.covered,
            not (self.fresh or self.rule == NOT_ASSESSED),
            STATUSES.index(self.status),
            SEVERITIES.index(self.severity),
            place.file,
            place.start_line,
            place.start_column,
            self.rule,
            self.path,
        )


def items(report: Report, *, passes: bool = False, asked: bool = False) -> Iterator[Item]:
    """Give what is no pass, or with `passes` everything, in the order of the report.

    Args:
        report: The report.
        passes: Give passes, too.
        asked: Give what the gate asks beyond them, too: for formats that have no other room for it.
    """
    for failed in report.unassessed:
        yield from problems(failed)
    for assessment in report.assessments:
        yield from of_descriptor(assessment, passes=passes)
        if asked:
            yield from _beyond(assessment)
    if report.comparison is not None:
        for gone in report.comparison.vanished:
            yield of_notice(gone.notice, gone.id)


def of_descriptor(assessment: Assessment, *, passes: bool = False) -> Iterator[Item]:
    """Give what is no pass of one descriptor, or with `passes` everything."""
    held = holding(assessment)
    for finding in assessment.findings:
        if passes or not finding.good:
            yield of_finding(finding, assessment.id, holds=finding.control in held)
    for notice in (*assessment.undeclared, *assessment.reduced, *assessment.ignores):
        yield of_notice(notice, assessment.id)


def holding(assessment: Assessment) -> frozenset[str | None]:
    """Give the controls that hold the gate of a run in which only what is new does."""
    return frozenset(reason.control for reason in assessment.gate.reasons if reason.kind == "new-finding")


def of_finding(finding: Finding, descriptor: str, *, holds: bool = False) -> Item:
    """Give a finding of a control."""
    return Item(
        rule=finding.control,
        status=finding.status,
        severity=finding.severity,
        domain=finding.domain,
        descriptor=descriptor,
        message=finding.message,
        path=finding.path,
        place=finding.place,
        remediation=first_paragraph(finding.remediation),
        fingerprint=finding.fingerprint,
        digest=finding.digest,
        assurance=finding.assurance,
        evidence=tuple(shown for shown in finding.evidence if shown.bearing != "confirms"),
        waiver=finding.waiver,
        accepted=finding.accepted,
        change=finding.change,
        aged=finding.aged,
        holds=holds,
    )


def of_notice(notice: Notice, descriptor: str) -> Item:
    """Give a finding of no control."""
    return Item(
        rule=notice.control,
        status="fail",
        severity=notice.severity,
        domain="",
        descriptor=descriptor,
        message=notice.message,
        path=notice.path,
        place=notice.place,
        remediation=notice.remediation,
        fingerprint=notice.fingerprint,
        digest=notice.digest,
        waiver=notice.waiver,
        accepted=notice.accepted,
        change=notice.change,
    )


def problems(failed: Unassessed) -> Iterator[Item]:
    """Give the problems of a file that was not assessed."""
    for problem in failed.problems:
        mark = _mark(problem.code, failed.file, problem.message)
        yield Item(
            rule=NOT_ASSESSED,
            status="error",
            severity="critical",
            domain="",
            descriptor="",
            message=f"{problem.code}: {problem.message}",
            path="",
            place=problem.place or _start(failed.file),
            remediation=problem.hint or "",
            fingerprint=mark,
            digest=mark,
        )


def beyond_findings(report: Report) -> Iterator[tuple[Assessment, str, Literal["error", "warning"]]]:
    """Give each descriptor of whose verdict no finding and no notice says a reason, with the reason and its level."""
    for assessment in report.assessments:
        if assessment.gate.verdict == "undecided" and not any(item.status == "error" for item in assessment.findings):
            yield assessment, "no verdict: no control applies", "error"
        if controls := unshown(assessment):
            asked = f"gate {assessment.gate.name} asks that manifests show what passes here by its own word"
            yield assessment, f"{asked}: {', '.join(controls)}", "warning"


def _beyond(assessment: Assessment) -> Iterator[Item]:
    """Give each pass that manifests should show and none does, and the want of a verdict that no finding explains."""
    wanted = unshown(assessment)
    for finding in assessment.findings:
        if finding.control in wanted and finding.status == "pass" and finding.assurance != "evidenced":
            item = of_finding(finding, assessment.id)
            yield replace(
                item,
                rule=UNEVIDENCED,
                status="fail",
                message=f"{item.rule} passes by the descriptor's own word, and gate {assessment.gate.name} asks that "
                f"manifests show it: {item.message}",
                remediation="Name the manifest that shows it under spec.evidence",
                fingerprint=_mark(UNEVIDENCED, item.fingerprint),
                change=None,
            )
    if assessment.gate.verdict == "undecided" and not any(item.status == "error" for item in assessment.findings):
        mark = _mark(UNDECIDED, assessment.id)
        yield Item(
            rule=UNDECIDED,
            status="error",
            severity="critical",
            domain="",
            descriptor=assessment.id,
            message="no verdict: no control applies",
            path="",
            place=replace(_start(assessment.file), start_line=assessment.line, end_line=assessment.line),
            remediation="",
            fingerprint=mark,
            digest=mark,
        )


def _mark(*parts: str) -> str:
    return sha256(repr(parts).encode()).hexdigest()


def unshown(assessment: Assessment) -> tuple[str, ...]:
    """Give the controls that pass, and that a profile of the gate wants shown by manifests, which none does."""
    found = (reason.control for reason in assessment.gate.reasons if reason.kind == UNEVIDENCED)
    return tuple(control for control in found if control is not None)


def complete(report: Report) -> bool:
    """Say whether everything was assessed and decided."""
    return not report.unassessed and not report.summary.verdicts.get("undecided")


def let_pass(item: Item, report: Report) -> bool:
    """Say whether the run was told to let it pass because it was there before."""
    comparison = report.comparison
    return comparison is not None and comparison.fail_on_new and there_before(item)


def there_before(item: Item) -> bool:
    """Say whether the base has it, and nothing makes it hold the gate all the same."""
    return item.change in {"existing", "improved"} and item.status != "error" and not item.holds


def first_paragraph(remediation: str) -> str:
    """Give what to do without the example that follows it."""
    return remediation.strip().split("\n\n")[0].replace("\n", " ").rstrip(":.")


def in_repository(file: str, folder: str) -> str:
    """Give the name of a file relative to the root of its repository.

    Args:
        file: The name in the report, relative to the working directory.
        folder: The working directory, relative to the root.
    """
    return posixpath.normpath(posixpath.join(folder, file)) if folder else file


def level(item: Item) -> int:
    """Give how loud it is: 0 for an error, 1 for a warning, 2 for a note."""
    if item.status == "error":
        return 0
    loud = {"critical": 0, "high": 0, "medium": 1, "low": 2}[item.severity]
    return min(2, loud + (item.status == "partial"))


def _start(file: str) -> Position:
    return Position(file=file, start_line=1, start_column=1, end_line=1, end_column=1)
