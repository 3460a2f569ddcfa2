"""A view as tables and sentences for people, before anything makes text or a page of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.model.fleet import (
        AdvisoryCount,
        Border,
        ControlCount,
        Deployment,
        DomainCount,
        EngineCount,
        Fleet,
        LicenceUse,
        NotAssessed,
        Source,
        Superseded,
    )

_UNKNOWN = "not known"
_ADVISORIES = 4
"""Advisories that are named beside an engine; of more the first few."""
_STANDINGS = {"provider": "a provider's own", "open": "not compared", "compared": "compared"}
_TONES = {"undecided": "error", "fail": "fail", "advisory": "advisory", "pass": "pass"}
_LIMITS = {"above": ("above", "fail"), "open": ("not known", "error"), "near": ("near", "partial")}
_KINDS = {"report": "report", "run": "run", "assessed": "assessed now"}


class Cell(NamedTuple):
    """What stands in a table; the texts of reports are not inert yet."""

    text: str
    tone: str = ""
    """`error`, `fail`, `partial`, `pass`, `advisory`, or empty: how it is marked beside its words."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column."""

    title: str
    number: bool = False
    """It holds numbers, which are aligned at their ends."""
    short: bool = False
    """It holds short words, which are not broken over lines."""


@dataclass(frozen=True, slots=True)
class Table:
    """A list of a view."""

    name: str
    """Its name in the JSON view."""
    title: str
    says: str
    """What it counts, in a sentence."""
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    """How many rows there are in all."""
    head: int = 0
    """0-based index of the column that names a row."""

    @property
    def more(self) -> str:
        """What to say of the rows that are not here."""
        return f"{counted(self.total - len(self.rows), 'more row')}; --top {self.total} shows all"


def counted(count: int, one: str, many: str = "") -> str:
    """Give a number with its noun."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def headline(fleet: Fleet) -> str:
    """Give what the view comes to, in a line."""
    summary = fleet.summary
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in summary.verdicts.items() if count)
    failed = f"; {counted(summary.unassessed, 'file')} not assessed" if summary.unassessed else ""
    return f"{counted(summary.deployments, 'deployment')}: {verdicts or 'none'}{failed}"


def notes(fleet: Fleet) -> Iterator[str]:
    """Give what must be known to read the tables."""
    summary = fleet.summary
    if summary.as_of:
        mixed = ": not all answers are of one day" if len(summary.as_of) > 1 else ""
        yield f"as of {' to '.join(summary.as_of)}{mixed}"
    gates = {gate: count for gate, count in summary.gates.items() if count}
    if gates:
        yield f"gates: {', '.join(f'{count} at {gate}' for gate, count in gates.items())}"
    if summary.policies > 1:
        yield f"decided by {summary.policies} policies: what is counted together was not asked alike"
    if summary.superseded:
        said = "a newer answer about the same deployment counts instead"
        yield f"{counted(summary.superseded, 'older answer')} left out: {said}"
    if summary.not_told:
        what = "engine, licences and country"
        yield f"{counted(summary.not_told, 'deployment')} without {what}: an older psfpolicy wrote the report"
    only_new = [source.name for source in fleet.sources if source.only_new]
    if only_new:
        yield f"findings that were there before let the gate pass in {', '.join(only_new)}"
    limits = summary.limits
    let = ", ".join(
        f"{count} {words}"
        for count, words in ((limits["below"], "below"), (limits["replaced"], "replaced by an agreement"))
        if count
    )
    if let:
        yield f"licences with a limit of users that are not listed: {let}"


def tables(fleet: Fleet) -> Iterator[Table]:
    """Give the lists that hold anything, what was not assessed first."""
    found = (
        _table(fleet, "notAssessed", tuple(map(_not_assessed, fleet.not_assessed))),
        _table(fleet, "deployments", tuple(map(_deployment, fleet.deployments))),
        _table(fleet, "domains", tuple(map(_domain, fleet.domains))),
        _table(fleet, "controls", tuple(map(_control, fleet.controls))),
        _table(fleet, "borders", tuple(map(_border, fleet.borders))),
        _table(fleet, "engines", tuple(map(_engine, fleet.engines))),
        _table(fleet, "advisories", tuple(map(_advisory, fleet.advisories))),
        _table(fleet, "licences", tuple(map(_licence, fleet.licences))),
        _table(fleet, "superseded", tuple(map(_superseded, fleet.superseded))),
        _table(fleet, "sources", tuple(map(_source, fleet.sources))),
    )
    yield from (table for table in found if table.rows)


def _table(fleet: Fleet, name: str, rows: tuple[tuple[Cell, ...], ...]) -> Table:
    title, says, head, columns = _SHAPES[name]
    alike = _alike(fleet) if name in {"notAssessed", "deployments"} else frozenset()
    kept = [at for at, column in enumerate(columns) if column.title not in alike]
    return Table(
        name,
        title,
        says,
        tuple(columns[at] for at in kept),
        tuple(tuple(row[at] for at in kept) for row in rows),
        fleet.summary.rows[name],
        kept.index(head),
    )


def _alike(fleet: Fleet) -> frozenset[str]:
    """Give the columns that would say the same of every row, which is said elsewhere."""
    summary = fleet.summary
    said = (
        ("report", summary.rows["sources"]),
        ("as of", len(summary.as_of)),
        ("gate", sum(map(bool, summary.gates.values()))),
    )
    return frozenset(title for title, count in said if count == 1)


def _numbers(*titles: str) -> tuple[Column, ...]:
    return tuple(Column(title, number=True) for title in titles)


def _shorts(*titles: str) -> tuple[Column, ...]:
    return tuple(Column(title, short=True) for title in titles)


def _words(*titles: str) -> tuple[Column, ...]:
    return tuple(map(Column, titles))


_SHAPES = {
    "notAssessed": (
        "Not assessed",
        "Files of which nobody knows how they stand.",
        0,
        _words("file", "report", "problem"),
    ),
    "deployments": (
        "Deployments, worst first",
        "Controls by what they say; the worst domains are those with the least score.",
        2,
        (
            *_shorts("verdict"),
            *_numbers("overall"),
            *_words("deployment"),
            *_numbers("error", "fail", "partial", "waived"),
            *_shorts("worst domains", "gate", "as of"),
            *_words("file", "report"),
        ),
    ),
    "domains": (
        "Domains, worst first",
        "Deployments by the band of their effective score; capped where a critical control fails.",
        0,
        (
            *_shorts("domain", "title"),
            *_numbers("Gap", "Partial", "Strong", "none", "capped", "lowest"),
            *_words("of"),
        ),
    ),
    "controls": (
        "Controls that fail most often",
        "Deployments by what the control says of them.",
        0,
        (*_shorts("control", "severity"), *_numbers("error", "fail", "partial", "pass", "waived"), *_words("asks")),
    ),
    "borders": (
        "Residency borders",
        "Flows that end in another country than the deployment's, or of which nobody can say whether they do.",
        0,
        (
            *_shorts("from", "to", "crosses"),
            *_numbers("deployments", "flows", "to third parties", "prompts or responses"),
        ),
    ),
    "engines": (
        "Engines and versions",
        "Deployments in which an advisory on the version defeats a control, or may.",
        0,
        (
            *_words("engine"),
            *_shorts("version", "image", "advisories"),
            *_numbers("deployments", "affected", "may be"),
            *_words("which"),
        ),
    ),
    "advisories": (
        "Advisories",
        "Deployments on an affected version: a control is defeated, may be, or none is.",
        0,
        (*_shorts("advisory", "engine", "severity"), *_numbers("affected", "may be", "noted")),
    ),
    "licences": (
        "Licences at their limits",
        "Users above the limit of a licence, not known, or from 80 % of it.",
        1,
        (*_shorts("limit is"), *_words("deployment", "under it", "licence"), *_numbers("users", "limit", "%")),
    ),
    "superseded": (
        "Older answers, left out",
        "Deployments of which a newer report says something else, or the same again.",
        0,
        (*_words("deployment", "report"), *_shorts("as of"), *_words("newer")),
    ),
    "sources": (
        "Where the answers come from",
        "Reports, and what was assessed for this view.",
        0,
        (*_words("report"), *_shorts("kind", "as of", "psfpolicy", "policy"), *_numbers("deployments", "left out")),
    ),
}
"""Title, what it says, the column that names a row, and the columns, by the name of the list."""


def _not_assessed(row: NotAssessed) -> tuple[Cell, ...]:
    more = f"; {row.problems - 1} more" if row.problems > 1 else ""
    return Cell(row.file), Cell(row.source), Cell(f"{row.code}: {row.message}{more}")


def _deployment(row: Deployment) -> tuple[Cell, ...]:
    score = "none" if row.overall is None else str(row.overall.score)
    return (
        Cell(f"{row.verdict}, gone" if row.gone else row.verdict, _TONES[row.verdict]),
        Cell(score),
        Cell(row.id),
        _grave(row.error, "error"),
        _grave(row.fail, "fail"),
        _grave(row.partial, "partial"),
        Cell(str(row.waived)),
        Cell(", ".join(row.worst)),
        Cell(row.gate or ""),
        Cell(row.as_of),
        Cell(row.file),
        Cell(row.source),
    )


def _domain(row: DomainCount) -> tuple[Cell, ...]:
    return (
        Cell(row.id),
        Cell(row.title),
        _grave(row.gap, "fail"),
        _grave(row.partial, "partial"),
        _grave(row.strong, "pass"),
        Cell(str(row.none)),
        _grave(row.capped, "fail"),
        Cell("" if row.lowest is None else str(row.lowest)),
        Cell(row.lowest_of or ""),
    )


def _control(row: ControlCount) -> tuple[Cell, ...]:
    return (
        Cell(row.id),
        Cell(row.severity),
        _grave(row.error, "error"),
        _grave(row.fail, "fail"),
        _grave(row.partial, "partial"),
        Cell(str(row.passed)),
        Cell(str(row.waived)),
        Cell(row.title),
    )


def _border(row: Border) -> tuple[Cell, ...]:
    return (
        Cell(row.home or _UNKNOWN),
        Cell(row.country or _UNKNOWN),
        Cell("yes", "partial") if row.known else Cell(_UNKNOWN, "error"),
        Cell(str(row.deployments)),
        Cell(str(row.flows)),
        Cell(str(row.third_party)),
        Cell(str(row.prompts)),
    )


def _engine(row: EngineCount) -> tuple[Cell, ...]:
    undeclared = "" if row.standing == "provider" else "not declared"
    named = row.advisories if len(row.advisories) <= _ADVISORIES else row.advisories[: _ADVISORIES - 1]
    more = f" and {len(row.advisories) - len(named)} more" if len(named) < len(row.advisories) else ""
    return (
        Cell(row.name or "not declared"),
        Cell(row.version or undeclared),
        Cell(row.tag or ""),
        Cell(_STANDINGS[row.standing], "error" if row.standing == "open" else ""),
        Cell(str(row.deployments)),
        _grave(row.affected, "fail"),
        _grave(row.open, "error"),
        Cell(", ".join(named) + more),
    )


def _advisory(row: AdvisoryCount) -> tuple[Cell, ...]:
    counts = row.deployments
    return (
        Cell(row.id),
        Cell(row.engine or _UNKNOWN),
        Cell(row.severity or "not said"),
        _grave(counts["affected"], "fail"),
        _grave(counts["open"], "error"),
        Cell(str(counts["noted"])),
    )


def _licence(row: LicenceUse) -> tuple[Cell, ...]:
    users, limit, percent = ("" if number is None else f"{number:,}" for number in (row.users, row.limit, row.percent))
    return (
        Cell(*_LIMITS[row.standing]),
        Cell(row.deployment),
        Cell(row.name),
        Cell(row.licence or _UNKNOWN),
        Cell(users or _UNKNOWN),
        Cell(limit or _UNKNOWN),
        Cell(percent),
    )


def _superseded(row: Superseded) -> tuple[Cell, ...]:
    return Cell(row.id), Cell(row.source), Cell(row.as_of), Cell(row.newer)


def _source(row: Source) -> tuple[Cell, ...]:
    return (
        Cell(row.name),
        Cell(_KINDS[row.kind]),
        Cell(row.as_of),
        Cell(row.version),
        Cell(row.policy[:19]),
        Cell(str(row.deployments)),
        Cell(str(row.superseded)),
    )


def _grave(count: int, tone: str) -> Cell:
    """Give a count that is marked where it is any."""
    return Cell(str(count), tone if count else "")
