"""Reports in, one view out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy import __version__
from psfpolicy.errors import NothingToAssessError
from psfpolicy.fleet.held import Entry, Opened
from psfpolicy.fleet.tally import Tally
from psfpolicy.model.fleet import LIMIT_STANDINGS, Fleet, FleetSummary
from psfpolicy.model.record import jsonable
from psfpolicy.model.report import GATES, VERDICTS, Tool

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from psfpolicy.model.report import Report

ASSESSED = "<assessed>"
"""What descriptors are called that were assessed for a view."""


def of_report(report: Report) -> Opened:
    """Give a report of this process as if it had been read."""
    return Opened(
        name=ASSESSED,
        kind="assessed",
        as_of=report.as_of,
        generated_at=report.generated_at,
        version=report.tool.version,
        policy=report.policy.digest,
        only_new=False,
        entries=lambda: _entries(report),
    )


def _entries(report: Report) -> Iterator[Entry]:
    # One assessment at a time: ten thousand of them at once would take gigabytes.
    for failed in report.unassessed:
        yield Entry("unassessed", _map(failed))
    for assessment in report.assessments:
        yield Entry("assessment", _map(assessment))


def _map(value: object) -> dict[str, Any]:
    found: Any = jsonable(value)
    return dict(found)


def viewed(sources: Iterable[Opened], top: int) -> Fleet:
    """Count what reports say.

    Args:
        sources: The reports, in any order.
        top: Rows that each list has at most.

    Raises:
        UsageError: A report is not what it claims to be, or two cannot be told apart.
        NothingToAssessError: There is nothing in them.
    """
    tally = Tally(top)
    newest_first = sorted(sorted(sources, key=lambda source: source.name), key=_age, reverse=True)
    for source in newest_first:
        tally.add(source)
    if not tally.deployments.total and not tally.unassessed:
        says = "the reports hold no deployment" if newest_first else "there is no report"
        raise NothingToAssessError(says, hint="`psfpolicy check` says what it looked at")
    return _fleet(tally, top)


def _age(source: Opened) -> tuple[str, str]:
    return source.as_of, source.generated_at


def _fleet(tally: Tally, top: int) -> Fleet:
    domains, controls, borders = tally.domains.rows(), tally.controls.rows(), tally.borders.rows()
    engines, advisories = tally.engines.rows(), tally.engines.advisories()
    days = sorted(tally.days)
    sources = sorted(tally.sources, key=lambda source: source.name)
    rows = {
        "notAssessed": tally.not_assessed.total,
        "deployments": tally.deployments.total,
        "domains": len(domains),
        "controls": len(controls),
        "borders": len(borders),
        "engines": len(engines),
        "advisories": len(advisories),
        "licences": tally.licences.worst.total,
        "superseded": tally.superseded.total,
        "sources": len(sources),
    }
    return Fleet(
        schema="psfpolicy/fleet/v1",
        tool=Tool(name="psfpolicy", version=__version__),
        exit_code=_exit_code(tally),
        summary=FleetSummary(
            deployments=tally.deployments.total,
            unassessed=tally.unassessed,
            verdicts={verdict: tally.verdicts[verdict] for verdict in VERDICTS},
            gates={gate: tally.gates[gate] for gate in (*GATES, *sorted(tally.gates.keys() - set(GATES)))},
            as_of=tuple(dict.fromkeys((*days[:1], *days[-1:]))),
            policies=len(tally.policies),
            superseded=tally.superseded.total,
            not_told=tally.not_told,
            limits={standing: tally.licences.standings[standing] for standing in LIMIT_STANDINGS},
            rows=rows,
        ),
        not_assessed=tally.not_assessed.kept,
        deployments=tally.deployments.kept,
        domains=tuple(domains[:top]),
        controls=tuple(controls[:top]),
        borders=tuple(borders[:top]),
        engines=tuple(engines[:top]),
        advisories=tuple(advisories[:top]),
        licences=tally.licences.worst.kept,
        superseded=tally.superseded.kept,
        sources=tuple(sources[:top]),
    )


def _exit_code(tally: Tally) -> int:
    if tally.unassessed or tally.verdicts["undecided"]:
        return 4
    return 1 if tally.verdicts["fail"] else 0
