"""One file, from loading to its assessments: the part of a run that several processes share out among them."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from psfpolicy.assess import assess
from psfpolicy.engine.wasm import WasmEngine
from psfpolicy.errors import EngineError
from psfpolicy.loading import Loaded, load
from psfpolicy.model.report import Assessment, Problem, Unassessed
from psfpolicy.model.run import Decided, Outcome
from psfpolicy.placing import identity, position
from psfpolicy.source import masked

if TYPE_CHECKING:
    from psfpolicy.engine.base import Engine
    from psfpolicy.evidence.gathering import Evidence
    from psfpolicy.model.report import CatalogueAge
    from psfpolicy.model.run import Request
    from psfpolicy.source import Document
    from psfpolicy.targets import Target


@cache
def _engine() -> Engine:
    """Give the engine of this process, loaded once."""
    return WasmEngine.bundled()


def assessed(target: Target, request: Request, *, packing: bool) -> Outcome:
    """Load a file, and assess each descriptor in it.

    Args:
        target: The file.
        request: What the run was asked.
        packing: Keep the assessments packed, since there are many.
    """
    loaded = load(target, request.stdin, request.own, request.evidence)
    path = None if target.stream else target.path
    decided = []
    catalogue_age: CatalogueAge | None = None
    for document, evidence in zip(loaded.documents, loaded.evidence, strict=True):
        try:
            assessment, catalogue_age = _assess(document, evidence, path, loaded, request)
        except EngineError as error:
            message = f"{masked(identity(document))}: {error.message}"
            problem = Problem(code="engine", message=message, hint=error.hint, place=None, excerpt=None)
            failure = Unassessed(file=loaded.name, problems=(problem,))
            return Outcome(loaded.name, (), loaded.inputs, unassessed=failure)
        decided.append(_decided(document, assessment, packing=packing))
    return Outcome(loaded.name, tuple(decided), loaded.inputs, catalogue_age, loaded.unassessed)


def _decided(document: Document, assessment: Assessment, *, packing: bool) -> Decided:
    if packing:
        from psfpolicy.packed import packed  # noqa: PLC0415  # a run of a few files needs none of it
    return Decided(
        id=assessment.id,
        place=position(document.locate(("metadata", "name")).place),
        verdict=assessment.gate.verdict,
        statuses=Counter(finding.status for finding in assessment.findings),
        assessment=packed(assessment) if packing else assessment,
    )


def _assess(
    document: Document, evidence: Evidence | None, path: str | None, loaded: Loaded, request: Request
) -> tuple[Assessment, CatalogueAge]:
    environment = identity(document).partition("/")[0]
    return assess(
        document,
        _engine(),
        texts=loaded.texts,
        today=request.today,
        gate=request.gate.effective(path, environment),
        requested=request.gate.requested,
        thresholds=request.gate.thresholds(path, environment),
        unwaivable=request.unwaivable,
        required_evidence=request.required_evidence,
        own=request.own,
        evidence=evidence,
    )
