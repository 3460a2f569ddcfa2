"""From one valid descriptor to its assessment: the question, the answer, and a place for everything that it says."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from psfpolicy import catalogue, resources
from psfpolicy.answer import Answer, OfPolicy, RawControl, RawFinding, RawFlow, read_answer
from psfpolicy.model.report import (
    LONGEST_EXCERPT,
    Assessment,
    Control,
    Domain,
    Finding,
    Flow,
    Gate,
    GateName,
    Position,
)
from psfpolicy.source.secrets import literal_secrets, masked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psfpolicy.catalogue import Tables
    from psfpolicy.engine.base import Engine
    from psfpolicy.model.place import JsonValue, Path, Place
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
    own: Tables = catalogue.NONE,
) -> tuple[Assessment, OfPolicy]:
    """Assess one descriptor that is known to be valid.

    Args:
        document: The descriptor, merged over its bases.
        engine: What evaluates the policy.
        texts: The text of every file that the document's values are written in, secrets masked, for excerpts.
        today: The as-of date, YYYY-MM-DD.
        gate: The gate to hold it against.
        requested: The gate that the user asked for, where a floor has raised it.
        unwaivable: Ids of controls that no waiver may cover.
        own: The user's own rows of the catalogue.

    Returns:
        The assessment, and what the policy says of itself.

    Raises:
        EngineError: The policy could not be asked, or did not answer in the agreed shape.
    """
    secrets = literal_secrets(document)
    question: dict[str, JsonValue] = {
        "descriptor": document.data,
        "facts": {"evidence": [], "secrets": [list(path) for path in secrets]},
        "catalogue": {table: dict(rows) for table, rows in own.items()},
        "waivers": [],
        "today": today,
        "gate": gate,
        "parameters": {"unwaivable": list(unwaivable)},
    }
    answer = read_answer(engine.evaluate(question), _controls(), gate)
    placing = _Placing(document, texts, masking=bool(secrets))
    return _assessment(document, answer, placing, gate, requested), answer.of_policy


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


@cache
def _controls() -> Mapping[str, ControlInfo]:
    return {info.id: info for info in resources.controls()}


def _assessment(
    document: Document,
    answer: Answer,
    placing: _Placing,
    gate: GateName,
    requested: GateName,
) -> Assessment:
    infos = sorted(_controls().values(), key=lambda info: (info.domain, info.id))
    findings = [finding for info in infos for finding in placing.findings(info, answer.controls[info.id])]
    titles = {info.domain: info.domain_title for info in infos}
    return Assessment(
        id=placing.shown(identity(document)),
        file=document.file,
        document=document.index,
        line=document.locate(()).place.region.start_line,
        gate=Gate(name=gate, requested=requested, verdict=answer.verdict, reasons=answer.reasons),
        overall=answer.overall,
        overall_raw=answer.overall_raw,
        domains=tuple(
            Domain(id=name, title=titles.get(name, name), raw=raw, effective=effective)
            for name, (raw, effective) in sorted(answer.domains.items())
        ),
        controls=tuple(_control(info, answer.controls[info.id]) for info in infos),
        findings=tuple(findings),
        baseline=answer.baseline,
        flows=placing.flows(answer.flows),
        declared_none=tuple(placing.shown(document.named(path)) for path in _declared_none(document.data, ())),
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

    def __init__(self, document: Document, texts: Mapping[str, Text], *, masking: bool) -> None:
        self._document = document
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
            message=self.shown(item.message),
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
