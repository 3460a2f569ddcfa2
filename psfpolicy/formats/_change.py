"""The words for how a run compares with a base, and for what does not hold its gate; the same in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.inert import inert

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psfpolicy.model.report import Assessment, Comparison, Domain, Finding, Notice, Report

_MOST = 10
"""Files that a sentence names."""
_SHOWN = 12
"""Characters of a commit that are shown."""


def marks(item: Finding | Notice, *, aged: bool = False) -> Iterator[str]:
    """Give what stands behind a finding: how it compares, and what covers it."""
    if item.change is not None:
        yield f"{item.change}, a date in it has aged" if aged else item.change
    if item.waiver is not None:
        yield f"waived by {inert(item.waiver)}"
    if item.accepted:
        yield "accepted"


def then(assessment: Assessment, report: Report) -> str:
    """Give what a verdict was at the base, where it was another; empty where nothing is compared."""
    if report.comparison is None:
        return ""
    if assessment.before is None:
        return "not there at the base"
    was = assessment.before.verdict
    return "" if was == assessment.gate.verdict else f"{was} at the base"


def scores_before(assessment: Assessment) -> dict[str, int | None]:
    """Give the effective scores at the base by domain; empty where there was none."""
    before = assessment.before
    return {} if before is None else {domain.id: domain.effective.score for domain in (*before.domains, *before.apart)}


def moved(domain: Domain, before: dict[str, int | None]) -> str:
    """Give how the score of a domain has moved; empty where it has not."""
    return _moved(before[domain.id], domain.effective.score) if domain.id in before else ""


def overall_moved(assessment: Assessment) -> str:
    """Give how the overall score has moved; empty where it has not."""
    was, now = assessment.before, assessment.overall
    if was is None:
        return ""
    return _moved(None if was.overall is None else was.overall.score, None if now is None else now.score)


def _moved(was: int | None, now: int | None) -> str:
    return "" if was == now else f"{_score(was)} -> {_score(now)}"


def _score(score: int | None) -> str:
    return "none" if score is None else str(score)


def told(report: Report, quoted: Callable[[str], str]) -> Iterator[str]:
    """Give the sentences about a run that compares or knows accepted findings.

    Args:
        report: The run.
        quoted: Makes a name that a user chose harmless.
    """
    if report.comparison is not None:
        yield from _compared(report, report.comparison, quoted)
    accepted = report.accepted
    if accepted is not None:
        commit = f", commit {quoted(accepted.commit[:_SHOWN])}" if accepted.commit else ""
        hidden = f"{accepted.hidden} of the findings do not hold the gate, since they are accepted"
        file = f"{quoted(accepted.file)} of {quoted(accepted.date)}{commit}"
        yield f"{hidden}: {file}, with {counted(accepted.entries, 'entry', 'entries')}"


def _compared(report: Report, comparison: Comparison, quoted: Callable[[str], str]) -> Iterator[str]:
    base = quoted(comparison.base)
    if not (report.assessments or report.unassessed or comparison.vanished):
        yield f"nothing that is assessed here has changed since {base}"
    else:
        counts = ", ".join(f"{number} {change}" for change, number in comparison.changes.items())
        gone = f", {counted(len(comparison.vanished), 'descriptor')} gone" if comparison.vanished else ""
        head = "the work tree" if comparison.head is None else quoted(comparison.head[:_SHOWN])
        yield f"compared with {base} at {quoted(comparison.merge_base[:_SHOWN])}, {head} has {counts}{gone}"
    let = comparison.changes.get("existing", 0) + comparison.changes.get("improved", 0)
    if comparison.fail_on_new and let:
        was = "was" if let == 1 else "were"
        yield f"{counted(let, 'finding')} {was} there before: only what is new or worse holds the gate"
    if comparison.policy_changes:
        files = _named(comparison.policy_changes, quoted)
        yield f"settings, waivers and accepted findings are those of the base: changes of {files} did not count"
    elif comparison.policy_from == "base":
        yield "settings, waivers and accepted findings are those of the base"
    if comparison.unread:
        files = _named(comparison.unread, quoted)
        yield f"what these files hold counts as new, since they could not be assessed at the base: {files}"
    if comparison.ignored:
        files = _named(comparison.ignored, quoted)
        yield f"git ignores these files, so the base has none of them and what they show counts as new: {files}"


def _named(files: tuple[str, ...], quoted: Callable[[str], str]) -> str:
    more = f" and {len(files) - _MOST} more" if len(files) > _MOST else ""
    return ", ".join(map(quoted, files[:_MOST])) + more


def counted(number: int, what: str, several: str = "") -> str:
    """Give a number of things: `1 file`, `2 files`."""
    return f"{number} {what if number == 1 else several or f'{what}s'}"
