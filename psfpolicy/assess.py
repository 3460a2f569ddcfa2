"""From one valid descriptor to its assessment: the question, the answer, and a place for everything that it says."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from psfpolicy import catalogue, resources
from psfpolicy.asking import Question, ask, controls
from psfpolicy.gates import NO_SCOPE, NO_THRESHOLDS
from psfpolicy.model.report import Assessment, CatalogueAge, Control, Domain, Gate
from psfpolicy.placing import Placing, identity
from psfpolicy.source.secrets import literal_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from psfpolicy.answer import Answer
    from psfpolicy.catalogue import Tables
    from psfpolicy.engine.base import Engine
    from psfpolicy.evidence.gathering import Evidence
    from psfpolicy.gates import Scope
    from psfpolicy.model.place import JsonValue, Path
    from psfpolicy.model.report import Evidenced, Score, Status
    from psfpolicy.profiles import Asked
    from psfpolicy.remembering import Remembering
    from psfpolicy.resources import ControlInfo
    from psfpolicy.source import Document, Text
    from psfpolicy.waiving import Grant

    Granting = Callable[[Assessment, Mapping[str, Sequence[Path]]], tuple[Grant, ...]]


class Assessed(NamedTuple):
    """What a descriptor came to."""

    assessment: Assessment
    catalogue_age: CatalogueAge
    """How old the rows are that the policy judged by."""
    statuses: Mapping[str, int]
    """How many findings have each status, whether or not the assessment shows them."""


def assess(  # noqa: PLR0913  # one for each thing that a run may be told
    document: Document,
    engine: Engine,
    *,
    texts: Mapping[str, Text],
    today: str,
    gate: Asked,
    requested: str,
    unwaivable: tuple[str, ...],
    thresholds: Mapping[str, int] = NO_THRESHOLDS,
    scope: Scope = NO_SCOPE,
    own: Tables = catalogue.NONE,
    required_evidence: tuple[str, ...] = (),
    evidence: Evidence | None = None,
    granting: Granting | None = None,
    remembering: Remembering | None = None,
    explaining: str | None = None,
    brief: bool = False,
) -> Assessed:
    """Assess one descriptor that is known to be valid.

    Args:
        document: The descriptor, merged over its bases.
        engine: What evaluates the policy.
        texts: The text of every file that the document's values are written in, secrets masked, for excerpts.
        today: The as-of date, YYYY-MM-DD.
        gate: The gate to hold it against, with profiles.
        requested: The gate that the user asked for, where a floor has raised it.
        unwaivable: Ids of controls that no waiver may cover.
        thresholds: Least scores beside the gate's own, by domain, those of profiles among them.
        scope: Words that the settings ask it to declare.
        own: The user's own rows of the catalogue.
        required_evidence: Ids of controls whose pass must be evidenced.
        evidence: What manifests show of it.
        granting: Told the assessment without waivers, and the paths of its findings as the policy knows them, gives the
            waivers that count; the policy is asked again where there are any.
        remembering: Gives what the engine has said already; None to ask it each time.
        explaining: The control whose answer is to be explained, by its id; None for none.
        brief: Give no more than the verdict rests on: no finding that is a pass or not applicable, no flows, nothing of
            what it is served with.

    Raises:
        EngineError: The policy could not be asked, or did not answer in the agreed shape.
    """
    secrets = literal_secrets(document)
    question = Question(
        descriptor=document.data if evidence is None else evidence.descriptor.data,
        today=today,
        gate=gate.level,
        profiles=gate.profiles,
        evidence=() if evidence is None else evidence.question(),
        secrets=tuple(secrets),
        unwaivable=unwaivable,
        required_evidence=required_evidence,
        thresholds=thresholds,
        scope=scope,
        own=own,
        # A server may log what it says, which is then all that there is to say.
        brief=brief and explaining is None and remembering is not None,
    )
    answer = _asked(question, engine, remembering)
    placing = Placing(document, texts, own, masking=bool(secrets), evidence=evidence)
    held = Gate(
        name=gate.name,
        requested=requested,
        thresholds=dict(sorted(thresholds.items())),
        verdict=answer.verdict,
        reasons=answer.reasons,
    )
    found = _assessment(document, answer, placing, held, brief=brief)
    waivers = () if granting is None else granting(found, placing.steps)
    if waivers:
        question = replace(question, waivers=waivers)
        answer = _asked(question, engine, remembering)
        held = replace(held, verdict=answer.verdict, reasons=answer.reasons)
        found = _assessment(document, answer, placing, held, brief=brief)
    if explaining is not None:
        from psfpolicy.explaining import explained, traced  # noqa: PLC0415  # few runs are asked to

        info = controls()[explaining]
        trace = traced(info, question, engine)
        found = replace(found, explained=explained(info, answer.controls[explaining], placing, own, trace))
    statuses: Counter[str] = Counter(item.status for control in answer.controls.values() for item in control.findings)
    return Assessed(found, answer.catalogue_age, statuses)


def _asked(question: Question, engine: Engine, remembering: Remembering | None) -> Answer:
    return ask(question, engine) if remembering is None else remembering.ask(question)


def _assessment(document: Document, answer: Answer, placing: Placing, gate: Gate, *, brief: bool) -> Assessment:
    ranked = [(info, answer.controls[info.id]) for info in _ranked()]
    findings = [finding for info, raw in ranked for finding in placing.findings(info, raw, brief=brief)]
    titles = {info.domain: info.domain_title for info, _ in ranked}
    return Assessment(
        id=placing.shown(identity(document)),
        file=document.file,
        document=document.index,
        line=document.locate(()).place.region.start_line,
        gate=gate,
        overall=answer.overall,
        overall_raw=answer.overall_raw,
        domains=_domains(answer.domains, answer.evidenced, titles),
        apart=_domains(answer.apart, answer.evidenced, titles),
        controls=tuple(_control(info.id, raw.status, raw.effective) for info, raw in ranked),
        findings=tuple(findings),
        baseline=answer.baseline,
        flows=() if brief else placing.flows(answer.flows),
        evidence=placing.manifests(),
        undeclared=placing.undeclared(answer.undeclared),
        reduced=placing.reduced(answer.reduced),
        declared_none=() if brief else placing.named(_declared_none(document.data, ())),
        served=None if brief or answer.served is None else placing.served(answer.served),
    )


def _domains(
    scores: Mapping[str, tuple[Score, Score]], evidenced: Mapping[str, Evidenced], titles: Mapping[str, str]
) -> tuple[Domain, ...]:
    return tuple(
        Domain(id=name, title=titles.get(name, name), raw=raw, effective=effective, evidenced=evidenced.get(name))
        for name, (raw, effective) in sorted(scores.items())
    )


@resources.per_policy
def _ranked() -> tuple[ControlInfo, ...]:
    """Give the controls in the order of a report."""
    return tuple(sorted(controls().values(), key=lambda info: info.rank))


@resources.per_policy
def _control(id_: str, status: Status, effective: Any) -> Control:
    """Give what a report says of a control; the descriptors of a run share it."""
    info = controls()[id_]
    return Control(
        id=info.id,
        title=info.title,
        domain=info.domain,
        criterion=info.criterion,
        severity=info.severity,
        status=status,
        effective=effective,
    )


def _declared_none(value: JsonValue, path: Path) -> Iterator[Path]:
    """Give the paths of the empty lists in a map or a list."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if item == []:
            yield (*path, key)
        elif isinstance(item, (dict, list)):
            yield from _declared_none(item, (*path, key))
