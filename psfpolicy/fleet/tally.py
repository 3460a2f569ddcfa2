"""The counts of a view, made while reports are read: what is kept grows with the identities of deployments alone."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from psfpolicy.errors import UsageError
from psfpolicy.fleet.counts import Borders, Controls, Domains, Engines, Licences
from psfpolicy.fleet.worst import Worst
from psfpolicy.model.fleet import Deployment, NotAssessed, Source, Superseded
from psfpolicy.model.report import VERDICTS, Overall

if TYPE_CHECKING:
    from psfpolicy.fleet.held import Entry, Opened

_FULL = 100
_LONGEST = 240
"""Characters of a name or a message that are kept."""


class Tally:
    """Counts what reports say, a report after the other, the newest first.

    Args:
        top: Rows that each list keeps at most.
    """

    def __init__(self, top: int) -> None:
        self._seen: dict[str, tuple[int, str]] = {}
        self._opened: list[Opened] = []
        self.sources: list[Source] = []
        self.verdicts: Counter[str] = Counter()
        self.gates: Counter[str] = Counter()
        self.days: set[str] = set()
        self.policies: set[str] = set()
        self.not_told = 0
        self.unassessed = 0
        """Files, those to which an interrupted run did not come too."""
        self.not_assessed = Worst[NotAssessed](top, lambda item: (item.source, item.file, item.code, item.message))
        self.deployments = Worst[Deployment](top, _worst_first)
        self.superseded = Worst[Superseded](top, lambda item: (item.id, item.source))
        self.domains = Domains()
        self.controls = Controls()
        self.borders = Borders()
        self.engines = Engines()
        self.licences = Licences(top)

    def add(self, source: Opened) -> None:
        """Count a report. Of a deployment that a newer one has counted, only that is told.

        Raises:
            UsageError: It is not what it claims to be, or it names a deployment twice, or one that another report has,
                while neither is newer, or they say that it is written elsewhere.
        """
        self._opened.append(source)
        number = len(self._opened) - 1
        found, replaced = 0, 0
        for entry in source.entries():
            if entry.kind == "interrupted":
                self._interrupted(entry.value["remaining"], source)
                continue
            if entry.kind == "unassessed":
                self._unassessed(entry.value, source)
                continue
            found += 1
            if self._is_first(entry.value["id"], entry.value["file"], number):
                self._count(entry, source)
            else:
                replaced += 1
        self.sources.append(
            Source(
                name=source.name,
                kind=source.kind,
                as_of=source.as_of,
                generated_at=source.generated_at,
                version=clipped(source.version),
                policy=clipped(source.policy),
                deployments=found,
                superseded=replaced,
                only_new=source.only_new,
            )
        )

    def _is_first(self, id_: str, file: str, number: int) -> bool:
        if id_ not in self._seen:
            self._seen[id_] = (number, file)
            return True
        before, its_file = self._seen[id_]
        this, other = self._opened[number], self._opened[before]
        if before == number:
            raise UsageError(
                f"`{this.name}` holds `{clipped(id_)}` twice", hint="write the report anew, or leave it out"
            )
        said = f"`{other.name}` and `{this.name}` both hold `{clipped(id_)}`"
        if its_file != file:
            written = f"written in `{clipped(its_file)}` in the one and in `{clipped(file)}` in the other"
            hint = "give each deployment a name of its own; where it has moved, leave the older report out"
            raise UsageError(f"{said}, {written}", hint=hint)
        if (this.as_of, this.generated_at) == (other.as_of, other.generated_at):
            raise UsageError(f"{said}, and neither is newer", hint="leave one of them out")
        self.superseded.add(
            Superseded(id=clipped(id_), source=this.name, as_of=this.as_of, newer=other.name),
        )
        return False

    def _interrupted(self, remaining: int, source: Opened) -> None:
        self.unassessed += remaining
        self.not_assessed.add(
            NotAssessed(
                source=source.name,
                file="",
                problems=1,
                code="interrupted",
                message=f"the run was interrupted before it came to {remaining} of its files",
            )
        )

    def _unassessed(self, value: dict[str, Any], source: Opened) -> None:
        self.unassessed += 1
        problems = value["problems"]
        first = problems[0] if problems else {"code": "unknown", "message": "the report does not say why"}
        self.not_assessed.add(
            NotAssessed(
                source=source.name,
                file=clipped(value["file"]),
                problems=len(problems),
                code=clipped(first["code"]),
                message=clipped(first["message"]),
            )
        )

    def _count(self, entry: Entry, source: Opened) -> None:
        deployment = _gone(entry.value, source) if entry.kind == "gone" else _deployment(entry.value, source)
        self.deployments.add(deployment)
        self.verdicts[deployment.verdict] += 1
        self.days.add(source.as_of)
        self.policies.add(source.policy)
        if deployment.gate is None:
            return
        assessment = entry.value
        self.gates[deployment.gate] += 1
        self.domains.add(assessment)
        self.controls.add(assessment)
        served = assessment.get("served")
        self.borders.add(assessment["flows"], None if served is None else served["home"])
        if served is None:
            self.not_told += 1
            return
        self.engines.add(served["engine"])
        self.licences.add(deployment.id, served["licences"])


def clipped(text: str) -> str:
    """Give a text, cut where it is long."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _deployment(value: dict[str, Any], source: Opened) -> Deployment:
    scores = [(domain["effective"]["score"], domain["id"]) for domain in value["domains"]]
    known = [score for score, _ in scores if score is not None]
    effective = Counter(control["effective"] for control in value["controls"])
    overall = value["overall"]
    return Deployment(
        id=clipped(value["id"]),
        source=source.name,
        file=clipped(value["file"]),
        as_of=source.as_of,
        gate=clipped(value["gate"]["name"]),
        verdict=value["gate"]["verdict"],
        overall=None if overall is None else Overall(score=overall["score"], band=overall["band"]),
        worst=tuple(sorted({clipped(id_) for score, id_ in scores if score != _FULL and score == min(known)}))
        if known
        else (),
        error=effective["error"],
        fail=effective["fail"],
        partial=effective["partial"],
        waived=effective["waived"],
        gone=False,
    )


def _gone(value: dict[str, Any], source: Opened) -> Deployment:
    return Deployment(
        id=clipped(value["id"]),
        source=source.name,
        file=clipped(value["file"]),
        as_of=source.as_of,
        gate=None,
        verdict=value["verdict"],
        overall=None,
        worst=(),
        error=0,
        fail=0,
        partial=0,
        waived=0,
        gone=True,
    )


def _worst_first(item: Deployment) -> tuple[int, int, str, str]:
    score = -1 if item.overall is None else item.overall.score
    return VERDICTS.index(item.verdict), score, item.id, item.source
