"""One file, from loading to its assessments: the part of a run that several processes share out among them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy import resources
from psfpolicy.asking import Overheard
from psfpolicy.assess import assess
from psfpolicy.changing import Comparing, accepting, compare
from psfpolicy.engine.masking import without_secrets
from psfpolicy.engine.wasm import WasmEngine
from psfpolicy.errors import EngineError, NotAssessedError
from psfpolicy.excusing import Excused
from psfpolicy.loading import Loaded, load
from psfpolicy.model.report import Assessment, Problem, Unassessed
from psfpolicy.model.run import Decided, Outcome, Standing
from psfpolicy.placing import identity, position
from psfpolicy.remembering import Remembering
from psfpolicy.source import masked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psfpolicy.assess import Assessed
    from psfpolicy.engine.base import Engine
    from psfpolicy.engine.serving import Serving
    from psfpolicy.evidence.gathering import Evidence
    from psfpolicy.model.place import JsonValue
    from psfpolicy.model.report import CatalogueAge
    from psfpolicy.model.run import Request
    from psfpolicy.profiles import Asked
    from psfpolicy.source import Document
    from psfpolicy.targets import Target


@resources.per_policy
def engine(serving: Serving | None = None) -> Engine:
    """Give the engine of this process, loaded once.

    Args:
        serving: Where OPA serves the policy; None for the embedded engine.
    """
    if serving is None:
        return _embedded()
    from psfpolicy.engine.opa import OpaEngine  # noqa: PLC0415  # imports the HTTP client, which only this needs

    return OpaEngine(serving)


@resources.per_policy
def _embedded() -> WasmEngine:
    return WasmEngine.bundled()


@resources.per_policy
def _remembering() -> Remembering:
    return Remembering(_embedded())


def assessed(target: Target, request: Request) -> Outcome:
    """Load a file, and assess each descriptor in it.

    Args:
        target: The file.
        request: What the run was asked.
    """
    loaded = load(target, request.stdin, request.own, request.evidence, files=request.files)
    path = None if target.stream else target.path
    decided = []
    catalogue_age: CatalogueAge | None = None
    asking = engine(request.serving)
    for document, evidence in zip(loaded.documents, loaded.evidence, strict=True):
        asking.decisions()  # those of another descriptor
        asked = _asked(document, evidence, loaded, path, request)
        barring = _barring(asked, request)
        excused = Excused(document, loaded.texts, barring)
        try:
            assessment, catalogue_age, statuses = _assess(asked, barring, excused)
            assessment = _accepted(assessment, excused, asked, barring)
        except EngineError as error:
            message = f"{masked(identity(document))}: {error.message}"
            problem = Problem(code="engine", message=message, hint=error.hint, place=None, excerpt=None)
            failure = Unassessed(file=loaded.name, problems=(problem,))
            return Outcome(loaded.name, (), loaded.inputs, unassessed=failure)
        assessment = replace(excused.noticed(assessment), decisions=asking.decisions())
        found = _decided(document, assessment, statuses, excused)
        if request.compare is not None:
            found = replace(found, descriptor=document.data)
        if request.then is not None and standing(assessment):
            then, *_ = _assess(asked, replace(request, today=request.then))
            found = replace(found, then=standing(then))
        decided.append(found)
    return Outcome(loaded.name, tuple(decided), loaded.inputs, catalogue_age, loaded.unassessed)


def questions(target: Target, request: Request) -> tuple[dict[str, JsonValue], ...]:
    """Give what an engine is asked of each descriptor of a file; the answer to it is that of an assessment.

    Raises:
        NotAssessedError: The file cannot be read, or is not valid.
        EngineError: Which waivers count could not be found out.
    """
    loaded = load(target, request.stdin, request.own, request.evidence, files=request.files)
    if loaded.unassessed is not None:
        first, *more = loaded.unassessed.problems
        raise NotAssessedError(
            f"`{loaded.name}` could not be read: {first.message}",
            hint="`psfpolicy check` shows all that is wrong",
            details=tuple(problem.message for problem in more),
        )
    path = None if target.stream else target.path
    found = []
    for document, evidence in zip(loaded.documents, loaded.evidence, strict=True):
        overheard = Overheard(engine(request.serving))
        asked = _asked(document, evidence, loaded, path, request)
        barring = _barring(asked, request)
        _assess(asked, barring, Excused(document, loaded.texts, barring), by=overheard)
        found.append(without_secrets(overheard.question))
    return tuple(found)


def standing(assessment: Assessment) -> tuple[Standing, ...]:
    """Give the findings of an assessment that are no pass, what is undeclared, and what lies below a floor."""
    findings = [Standing(item.fingerprint, item.status, item.digest) for item in assessment.findings if not item.good]
    notices = (*assessment.undeclared, *assessment.reduced)
    return (*findings, *(Standing(item.fingerprint, "fail", item.digest) for item in notices))


class _Asked(NamedTuple):
    """A descriptor and what it rests on."""

    document: Document
    evidence: Evidence | None
    path: str | None
    """Its file; None for standard input."""
    loaded: Loaded
    environment: str
    gate: Asked


def _asked(document: Document, evidence: Evidence | None, loaded: Loaded, path: str | None, request: Request) -> _Asked:
    environment = identity(document).partition("/")[0]
    gate = request.gate.effective(path, environment)
    return _Asked(document, evidence, path, loaded, environment, gate)


def _barring(asked: _Asked, request: Request) -> Request:
    """Give what is asked of a descriptor, with what the profiles of its gate let no waiver cover."""
    more = asked.gate.unwaivable
    return replace(request, unwaivable=tuple(dict.fromkeys((*request.unwaivable, *more)))) if more else request


def _accepted(assessment: Assessment, excused: Excused, asked: _Asked, request: Request) -> Assessment:
    """Let what was accepted hold no gate; where the run compares, that comes with the comparison."""
    entries = accepted_of(assessment, request)
    if not entries or request.accepted is None or request.compare is not None:
        return assessment
    partial = {item.fingerprint for item in entries if item.status == "partial"}
    aged = any(item.status == "fail" and item.fingerprint in partial for item in assessment.findings)
    then: tuple[Standing, ...] = ()
    if aged and request.accepted.date < request.today:
        then = standing(_assess(asked, replace(request, today=request.accepted.date)).assessment)
    question = Comparing(
        head=assessment,
        head_descriptor=asked.document.data,
        gate=assessment.gate,
        accepted=entries,
        then=then,
        expired=excused.lapsed,
        unwaivable=request.unwaivable,
    )
    return accepting(assessment, compare(question, engine(request.serving)))


def accepted_of(assessment: Assessment, request: Request) -> tuple[Standing, ...]:
    """Give the accepted findings of a descriptor that it still has; each must be what its entry says that it is."""
    if request.accepted is None:
        return ()
    found = {item.fingerprint: (assessment.id, item.control, item.path) for item in assessment.answers}
    return tuple(
        Standing(item.fingerprint, item.status, item.digest)
        for item in request.accepted.findings
        if found.get(item.fingerprint) == (item.descriptor, item.control, item.path)
    )


def _decided(document: Document, assessment: Assessment, statuses: Mapping[str, int], excused: Excused) -> Decided:
    return Decided(
        id=assessment.id,
        file=assessment.file,
        place=position(document.locate(("metadata", "name")).place),
        verdict=assessment.gate.verdict,
        statuses=statuses,
        assessment=assessment,
        waivers=excused.uses(assessment),
        expired=excused.lapsed,
        accepted=sum(item.accepted for item in assessment.answers),
    )


def _assess(asked: _Asked, request: Request, excused: Excused | None = None, *, by: Engine | None = None) -> Assessed:
    return assess(
        asked.document,
        by or engine(request.serving),
        # Each question to a server is a decision of its own, which it may log.
        remembering=_remembering() if by is None and request.serving is None else None,
        texts=asked.loaded.texts,
        today=request.today,
        gate=asked.gate,
        requested=request.gate.requested,
        thresholds=request.gate.thresholds(asked.path, asked.environment, asked.gate.thresholds),
        scope=request.gate.scope(asked.path, asked.environment),
        unwaivable=request.unwaivable,
        required_evidence=request.required_evidence,
        own=request.own,
        evidence=asked.evidence,
        granting=excused.granted if excused else None,
        explaining=request.explain,
        brief=request.brief,
    )
