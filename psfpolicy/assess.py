"""From one valid descriptor to its assessment: the question, the answer, and a place for everything that it says."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from psfpolicy import catalogue
from psfpolicy.asking import Question, ask, controls
from psfpolicy.gates import NO_THRESHOLDS
from psfpolicy.model.report import (
    LONGEST_EXCERPT,
    Assessment,
    CatalogueAge,
    Control,
    Domain,
    Finding,
    Flow,
    Gate,
    GateName,
    Position,
)
from psfpolicy.source.secrets import literal_secrets, masked
from psfpolicy.strangers import asked, strangers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psfpolicy.answer import Answer, RawControl, RawFinding, RawFlow
    from psfpolicy.catalogue import Tables
    from psfpolicy.engine.base import Engine
    from psfpolicy.model.place import JsonValue, Path, Place
    from psfpolicy.model.report import Score
    from psfpolicy.resources import ControlInfo
    from psfpolicy.source import Document, Text

_CANONICAL = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def assess(
    document: Document,
    engine: Engine,
    *,
    texts: Mapping[str, Text],
    today: str,
    gate: GateName,
    requested: GateName,
    unwaivable: tuple[str, ...],
    thresholds: Mapping[str, int] = NO_THRESHOLDS,
    own: Tables = catalogue.NONE,
) -> tuple[Assessment, CatalogueAge]:
    """Assess one descriptor that is known to be valid.

    Args:
        document: The descriptor, merged over its bases.
        engine: What evaluates the policy.
        texts: The text of every file that the document's values are written in, secrets masked, for excerpts.
        today: The as-of date, YYYY-MM-DD.
        gate: The gate to hold it against.
        requested: The gate that the user asked for, where a floor has raised it.
        unwaivable: Ids of controls that no waiver may cover.
        thresholds: Least scores beside the gate's own, by domain.
        own: The user's own rows of the catalogue.

    Returns:
        The assessment, and how old the rows are that the policy judged by.

    Raises:
        EngineError: The policy could not be asked, or did not answer in the agreed shape.
    """
    secrets = literal_secrets(document)
    question = Question(
        descriptor=document.data,
        today=today,
        gate=gate,
        secrets=tuple(secrets),
        unwaivable=unwaivable,
        thresholds=thresholds,
        own=own,
    )
    answer = ask(question, engine)
    placing = _Placing(document, texts, own, masking=bool(secrets))
    held = Gate(
        name=gate,
        requested=requested,
        thresholds=dict(sorted(thresholds.items())),
        verdict=answer.verdict,
        reasons=answer.reasons,
    )
    return _assessment(document, answer, placing, held), answer.catalogue_age


def identity(document: Document) -> str:
    """Give `environment/name`, what a deployment is known by."""
    metadata = document.data["metadata"]  # type: ignore[index, call-overload]  # a valid descriptor has it
    return f"{metadata['environment']}/{metadata['name']}"  # type: ignore[index, call-overload]


def position(place: Place) -> Position:
    """Give a place as reports show it."""
    region = place.region
    return Position(
        file=place.file,
        start_line=region.start_line,
        start_column=region.start_column,
        end_line=region.end_line,
        end_column=region.end_column,
        used_at=None if place.used_at is None else position(place.used_at),
    )


def excerpt(place: Place, texts: Mapping[str, Text]) -> str | None:
    """Give the first line of a place, of a long one the stretch around it; None where its text is not known."""
    text = texts.get(place.file)
    if text is None:
        return None
    start = position(place).excerpt_start
    return text.line(place.region.start_line)[start : start + LONGEST_EXCERPT]


def _assessment(document: Document, answer: Answer, placing: _Placing, gate: Gate) -> Assessment:
    infos = sorted(controls().values(), key=lambda info: info.rank)
    findings = [finding for info in infos for finding in placing.findings(info, answer.controls[info.id])]
    titles = {info.domain: info.domain_title for info in infos}
    return Assessment(
        id=placing.shown(identity(document)),
        file=document.file,
        document=document.index,
        line=document.locate(()).place.region.start_line,
        gate=gate,
        overall=answer.overall,
        overall_raw=answer.overall_raw,
        domains=_domains(answer.domains, titles),
        apart=_domains(answer.apart, titles),
        controls=tuple(_control(info, answer.controls[info.id]) for info in infos),
        findings=tuple(findings),
        baseline=answer.baseline,
        flows=placing.flows(answer.flows),
        declared_none=tuple(placing.shown(document.named(path)) for path in _declared_none(document.data, ())),
    )


def _domains(scores: Mapping[str, tuple[Score, Score]], titles: Mapping[str, str]) -> tuple[Domain, ...]:
    return tuple(
        Domain(id=name, title=titles.get(name, name), raw=raw, effective=effective)
        for name, (raw, effective) in sorted(scores.items())
    )


def _control(info: ControlInfo, raw: RawControl) -> Control:
    return Control(
        id=info.id,
        title=info.title,
        domain=info.domain,
        criterion=info.criterion,
        severity=info.severity,
        status=raw.status,
        effective=raw.effective,
    )


class _Placing:
    """Gives the findings of one descriptor their places, names and digests."""

    def __init__(self, document: Document, texts: Mapping[str, Text], own: Tables, *, masking: bool) -> None:
        self._document = document
        self._strangers = strangers(document.data, own)
        self._texts = texts
        self._deployment = identity(document)
        # A descriptor without a secret has nothing that a text could repeat.
        self.shown = masked if masking else str
        """Gives a text without the descriptor's secrets."""

    def findings(self, info: ControlInfo, raw: RawControl) -> list[Finding]:
        """Give the findings of a control, in the order of the document."""
        found = [self._finding(info, item) for item in raw.findings]
        return sorted(found, key=lambda finding: (finding.place.start_line, finding.place.start_column, finding.path))

    def flows(self, raw: tuple[RawFlow, ...]) -> tuple[Flow, ...]:
        """Give the flows in the order of the document."""
        found = [self._flow(item) for item in raw]
        return tuple(sorted(found, key=lambda flow: (flow.place.start_line, flow.place.start_column, flow.path)))

    def _flow(self, item: RawFlow) -> Flow:
        return Flow(
            path=self.shown(self._document.named(item.path)),
            kind=item.kind,
            name=self.shown(item.name),
            carries=item.carries,
            country=item.country,
            operator=None if item.operator is None else self.shown(item.operator),
            jurisdiction=item.jurisdiction,
            third_party=item.third_party,
            border=item.border,
            place=position(self._document.locate(item.path).place),
        )

    def _finding(self, info: ControlInfo, item: RawFinding) -> Finding:
        located = self._document.locate(item.path)
        path = self._document.named(item.path)
        good = item.status in {"pass", "not-applicable"}
        return Finding(
            control=info.id,
            status=item.status,
            severity=info.severity,
            domain=info.domain,
            message=self.shown(item.message if good else self._hinted(item)),
            path=self.shown(path),
            missing=".".join(str(step) for step in located.missing) or None,
            place=position(located.place),
            excerpt=None if good else excerpt(located.place, self._texts),
            assurance="declared",
            fingerprint=_digest([info.id, self._deployment, path]),
            digest=_digest(self._values_read(item)),
            waiver=item.waiver,
            remediation="" if good else info.remediation,
        )

    def _hinted(self, item: RawFinding) -> str:
        """Give the message, with what was probably meant by a name in it that the catalogue does not have."""
        found = {
            path: stranger
            for path in item.reads
            if (stranger := self._strangers.get(path)) is not None and f"`{stranger.name}`" in item.message
        }
        return f"{item.message}; {asked([found[path] for path in sorted(found, key=str)])}" if found else item.message

    def _values_read(self, finding: RawFinding) -> JsonValue:
        values = {self._document.named(path): _values_at(self._document.data, path) for path in finding.reads}
        return [[path, *found] for path, found in sorted(values.items())]


def _values_at(value: JsonValue, path: Path) -> list[JsonValue]:
    """Give the one value at a path, or nothing: a value that is absent is not one that is null."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str) and step in value:  # noqa: SIM114  # joined, mypy loses the types
            value = value[step]
        elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
            value = value[step]
        else:
            return []
    return [value]


def _digest(value: JsonValue) -> str:
    return sha256(_CANONICAL.encode(value).encode()).hexdigest()


def _declared_none(value: JsonValue, path: Path) -> Iterator[Path]:
    if value == []:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from _declared_none(item, (*path, key))
