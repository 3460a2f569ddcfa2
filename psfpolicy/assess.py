"""From one valid descriptor to its assessment: the question, the answer, and a place for everything that it says."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from psfpolicy import resources
from psfpolicy.answer import Answer, RawControl, RawFinding, read_answer
from psfpolicy.model.report import Assessment, Control, Domain, Finding, Gate, GateName, Position
from psfpolicy.source.secrets import literal_secrets, masked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psfpolicy.engine.base import Engine
    from psfpolicy.model.place import JsonValue, Path, Place
    from psfpolicy.resources import ControlInfo
    from psfpolicy.source import Document, Text

_EXCERPT_LENGTH = 240


def assess(
    document: Document,
    engine: Engine,
    *,
    texts: Mapping[str, Text],
    today: str,
    gate: GateName,
    requested: GateName,
    unwaivable: tuple[str, ...],
) -> tuple[Assessment, tuple[str, ...]]:
    """Assess one descriptor that is known to be valid.

    Args:
        document: The descriptor, merged over its bases.
        engine: What evaluates the policy.
        texts: The text of every file that the document's values are written in, for excerpts.
        today: The as-of date, YYYY-MM-DD.
        gate: The gate to hold it against.
        requested: The gate that the user asked for, where a floor has raised it.
        unwaivable: Ids of controls that no waiver may cover.

    Returns:
        The assessment, and the areas that no control of the policy decides yet.

    Raises:
        EngineError: The policy could not be asked, or did not answer in the agreed shape.
    """
    question: dict[str, JsonValue] = {
        "descriptor": document.data,
        "facts": {"evidence": [], "secrets": [list(path) for path in literal_secrets(document)]},
        "catalogue": {},
        "waivers": [],
        "today": today,
        "gate": gate,
        "parameters": {"unwaivable": list(unwaivable)},
    }
    answer = read_answer(engine.evaluate(question), _catalogue(), gate)
    return _assessment(document, answer, texts, gate, requested), answer.not_assessed


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
    """Give the first line of a place, secrets masked; None where its text is not known."""
    text = texts.get(place.file)
    return None if text is None else masked(text.line(place.region.start_line))[:_EXCERPT_LENGTH]


@cache
def _catalogue() -> Mapping[str, ControlInfo]:
    return {info.id: info for info in resources.controls()}


def _assessment(
    document: Document,
    answer: Answer,
    texts: Mapping[str, Text],
    gate: GateName,
    requested: GateName,
) -> Assessment:
    catalogue = sorted(_catalogue().values(), key=lambda info: (info.domain, info.id))
    deployment = identity(document)
    findings = [
        finding
        for info in catalogue
        for finding in _findings(document, deployment, info, answer.controls[info.id], texts)
    ]
    titles = {info.domain: info.domain_title for info in catalogue}
    return Assessment(
        id=deployment,
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
        controls=tuple(_control(info, answer.controls[info.id]) for info in catalogue),
        findings=tuple(findings),
        declared_none=tuple(_declared_none(document.data, ())),
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


def _findings(
    document: Document,
    deployment: str,
    info: ControlInfo,
    raw: RawControl,
    texts: Mapping[str, Text],
) -> list[Finding]:
    found = []
    for item in raw.findings:
        located = document.locate(item.path)
        path = document.named(item.path)
        found.append(
            Finding(
                control=info.id,
                status=item.status,
                severity=info.severity,
                domain=info.domain,
                message=masked(item.message),
                path=path,
                missing=".".join(str(step) for step in located.missing) or None,
                place=position(located.place),
                excerpt=excerpt(located.place, texts),
                assurance="declared",
                fingerprint=_digest([info.id, deployment, path]),
                digest=_digest(_values_read(document, item)),
                waiver=item.waiver,
                remediation="" if item.status in {"pass", "not-applicable"} else info.remediation,
            )
        )
    return sorted(found, key=lambda finding: (finding.place.start_line, finding.place.start_column, finding.path))


def _values_read(document: Document, finding: RawFinding) -> JsonValue:
    return [[document.named(path), *_value_at(document.data, path)] for path in finding.reads]


def _value_at(value: JsonValue, path: Path) -> list[JsonValue]:
    """Give the one value at a path, or nothing: a value that is absent is not one that is null."""
    for step in path:
        if isinstance(value, dict) and step in value:
            value = value[step]  # type: ignore[index]  # a step that is a key is a string
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return []
    return [value]


def _digest(value: JsonValue) -> str:
    text = json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def _declared_none(value: JsonValue, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _declared_none(item, (*path, key))
    elif value == []:
        yield ".".join(path)
