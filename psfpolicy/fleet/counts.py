"""One counter for each list of a view: assessments in, as their schema has them, and rows out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from psfpolicy.fleet.worst import Worst
from psfpolicy.model.fleet import (
    LIMIT_STANDINGS,
    AdvisoryCount,
    Border,
    ControlCount,
    DomainCount,
    EngineCount,
    LicenceUse,
)
from psfpolicy.model.report import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from psfpolicy.model.report import AdvisoryStanding

_ADVISORY: tuple[AdvisoryStanding, ...] = ("affected", "open", "noted", "unmet")
"""What asks for most comes first."""
_LISTED = frozenset({"above", "open", "near"})
"""Limits that ask somebody to look."""


class Domains:
    """How deployments do in each domain."""

    def __init__(self) -> None:
        self._titles: dict[str, str] = {}
        self._bands: dict[str, Counter[str | None]] = {}
        self._capped: Counter[str] = Counter()
        self._lowest: dict[str, tuple[int, str]] = {}

    def add(self, assessment: dict[str, Any]) -> None:
        """Count one assessment."""
        for domain in (*assessment["domains"], *assessment["apart"]):
            id_, score = domain["id"], domain["effective"]
            self._titles.setdefault(id_, domain["title"])
            self._bands.setdefault(id_, Counter())[score["band"]] += 1
            self._capped[id_] += score["capped"]
            if score["score"] is not None:
                mark = (score["score"], assessment["id"])
                self._lowest[id_] = min(mark, self._lowest.get(id_, mark))

    def rows(self) -> list[DomainCount]:
        """Give the domains, the most gaps first."""
        found = [self._row(id_, bands) for id_, bands in self._bands.items()]
        return sorted(found, key=lambda row: (-row.gap, -row.partial, -row.capped, row.id))

    def _row(self, id_: str, bands: Counter[str | None]) -> DomainCount:
        lowest, lowest_of = self._lowest.get(id_, (None, None))
        return DomainCount(
            id=id_,
            title=self._titles[id_],
            gap=bands["Gap"],
            partial=bands["Partial"],
            strong=bands["Strong"],
            none=bands[None],
            capped=self._capped[id_],
            lowest=lowest,
            lowest_of=lowest_of,
        )


class Controls:
    """What each control says of deployments."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, Any]] = {}
        self._found: dict[str, Counter[str]] = {}

    def add(self, assessment: dict[str, Any]) -> None:
        """Count one assessment."""
        for control in assessment["controls"]:
            self._known.setdefault(control["id"], control)
            self._found.setdefault(control["id"], Counter())[control["effective"]] += 1

    def rows(self) -> list[ControlCount]:
        """Give the controls that ask anybody to do anything, those that do so most often first."""
        rows = (self._row(self._known[id_], found) for id_, found in self._found.items())
        return sorted((row for row in rows if row.error + row.fail + row.partial + row.waived), key=_most_often)

    def _row(self, control: dict[str, Any], found: Counter[str]) -> ControlCount:
        return ControlCount(
            id=control["id"],
            title=control["title"],
            domain=control["domain"],
            severity=control["severity"],
            error=found["error"],
            fail=found["fail"],
            partial=found["partial"],
            passed=found["pass"],
            waived=found["waived"],
            not_applicable=found["not-applicable"],
        )


def _most_often(row: ControlCount) -> tuple[int, int, int, int, str]:
    return -row.error, -row.fail, -row.partial, SEVERITIES.index(row.severity), row.id


class Borders:
    """Flows over borders, and those of which nobody can say whether they cross one."""

    def __init__(self) -> None:
        self._found: dict[tuple[str | None, str | None, bool], Counter[str]] = {}

    def add(self, flows: Iterable[dict[str, Any]], home: str | None) -> None:
        """Count the flows of one deployment."""
        met = set()
        for flow in flows:
            if flow["border"] is False:
                continue
            key = (home, flow["country"], flow["border"] is True)
            counts = self._found.setdefault(key, Counter())
            met.add(key)
            counts["flows"] += 1
            counts["third party"] += flow["thirdParty"] is True
            counts["prompts"] += bool({"prompts", "responses"} & set(flow["carries"]))
        for key in met:
            self._found[key]["deployments"] += 1

    def rows(self) -> list[Border]:
        """Give the pairs of countries, what nobody can tell first."""
        found = [
            Border(
                home=home,
                country=country,
                known=known,
                deployments=counts["deployments"],
                flows=counts["flows"],
                third_party=counts["third party"],
                prompts=counts["prompts"],
            )
            for (home, country, known), counts in self._found.items()
        ]
        return sorted(
            found, key=lambda row: (row.known, -row.deployments, -row.flows, row.home or "", row.country or "")
        )


class Engines:
    """Engines in their versions, and advisories on these."""

    def __init__(self) -> None:
        self._engines: dict[tuple[str | None, ...], Counter[str]] = {}
        self._about: dict[tuple[str | None, ...], set[str]] = {}
        self._advisories: dict[tuple[str, str | None, str | None], Counter[AdvisoryStanding]] = {}

    def add(self, engine: dict[str, Any]) -> None:
        """Count the engine of one deployment."""
        name = engine["title"] or engine["name"]
        key = (name, engine["version"], engine["tag"], engine["standing"])
        counts = self._engines.setdefault(key, Counter())
        standings = {item["standing"] for item in engine["advisories"]}
        counts["deployments"] += 1
        counts["affected"] += "affected" in standings
        counts["open"] += "open" in standings and "affected" not in standings
        about = self._about.setdefault(key, set())
        for item in engine["advisories"]:
            self._advisories.setdefault((item["id"], name, item["severity"]), Counter())[item["standing"]] += 1
            if item["standing"] != "unmet":
                about.add(item["id"])

    def rows(self) -> list[EngineCount]:
        """Give the engines, the most affected first."""
        found = [self._row(key, counts) for key, counts in self._engines.items()]
        return sorted(found, key=_most_affected)

    def _row(self, key: tuple[str | None, ...], counts: Counter[str]) -> EngineCount:
        name, version, tag, standing = key
        return EngineCount(
            name=name,
            version=version,
            tag=tag,
            standing=standing,  # type: ignore[arg-type]  # the schema of the report has it so
            deployments=counts["deployments"],
            affected=counts["affected"],
            open=counts["open"],
            advisories=tuple(sorted(self._about[key])),
        )

    def advisories(self) -> list[AdvisoryCount]:
        """Give the advisories that ask anybody for anything, the most affecting first."""
        found = [
            AdvisoryCount(
                id=id_,
                engine=engine,
                severity=severity,  # type: ignore[arg-type]  # likewise
                deployments={standing: counts[standing] for standing in _ADVISORY},
            )
            for (id_, engine, severity), counts in self._advisories.items()
            if counts["affected"] + counts["open"] + counts["noted"]
        ]
        return sorted(found, key=_most_affecting)


def _most_affected(row: EngineCount) -> tuple[int, int, bool, int, str, str, str]:
    named = (row.name or "", row.version or "", row.tag or "")
    return -row.affected, -row.open, row.standing != "open", -row.deployments, *named


def _most_affecting(row: AdvisoryCount) -> tuple[int, int, int, int, str, str]:
    counts = row.deployments
    rank = len(SEVERITIES) if row.severity is None else SEVERITIES.index(row.severity)
    return -counts["affected"], -counts["open"], rank, -counts["noted"], row.id, row.engine or ""


class Licences:
    """How near users come to the limits of licences.

    Args:
        top: Rows that are kept at most.
    """

    def __init__(self, top: int) -> None:
        self.standings: Counter[str] = Counter()
        self.worst = Worst[LicenceUse](top, _nearest)

    def add(self, deployment: str, licences: Iterable[dict[str, Any]]) -> None:
        """Count the licences of one deployment: one that several things are under, once for each of their names."""
        uses = {
            LicenceUse(
                deployment=deployment,
                name=item["name"],
                licence=item["title"] or item["licence"],
                limit=item["limit"],
                users=item["users"],
                percent=item["percent"],
                standing=item["standing"],
            )
            for item in licences
        }
        for use in uses:
            self.standings[use.standing] += 1
            if use.standing in _LISTED:
                self.worst.add(use)


def _nearest(row: LicenceUse) -> tuple[int, int, str, str, str]:
    percent = -1 if row.percent is None else row.percent
    return LIMIT_STANDINGS.index(row.standing), -percent, row.deployment, row.name, row.licence or ""
