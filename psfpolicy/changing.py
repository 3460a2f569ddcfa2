"""What has changed of one descriptor, put to the policy: the question, and the answer read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from psfpolicy.answer import agreed, one_of, read_reasons, read_reduced
from psfpolicy.engine.masking import asked
from psfpolicy.model.report import Change, Finding, Fixed, Gate, Notice, Verdict
from psfpolicy.profiles import joined

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from psfpolicy.answer import RawReduced
    from psfpolicy.engine.base import Engine
    from psfpolicy.model.place import JsonValue, Path
    from psfpolicy.model.report import Assessment, Reason
    from psfpolicy.model.run import Standing

FindingT = TypeVar("FindingT", Finding, Notice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparing:
    """What the policy is asked of a descriptor that may have changed; `policy/input.schema.json` describes it."""

    base: Assessment | None = None
    """As it was; None where it was not there."""
    same: bool = True
    """It had the identity that it has; what was found of another is not compared."""
    base_descriptor: JsonValue = None
    head: Assessment | None = None
    """As it is; None where it is not there any more."""
    head_descriptor: JsonValue = None
    gate: Gate
    """The gate that it is held against."""
    only_new: bool = False
    """Only what is new holds the gate."""
    accepted: tuple[Standing, ...] = ()
    """Findings that were accepted."""
    then: tuple[Standing, ...] = ()
    """Findings of the head as of the day of the base, or of the acceptance."""
    expired: tuple[str, ...] = ()
    """Fingerprints of findings whose waiver has run out."""
    waivers: tuple[tuple[str, str, Path], ...] = ()
    """Waivers that count: id, control and path in the base."""
    unwaivable: tuple[str, ...] = ()
    """Ids of controls that no waiver may cover."""

    def document(self) -> dict[str, JsonValue]:
        """Give the input of the policy."""
        gate = joined([self.gate.name])
        question: dict[str, Any] = {
            "gate": gate.level,
            "accepted": [_standing(item) for item in self.accepted],
            "then": [_standing(item) for item in self.then],
            "expired": list(self.expired),
            "waivers": [{"id": id_, "control": control, "path": list(path)} for id_, control, path in self.waivers],
            "parameters": {
                "onlyNew": self.only_new,
                "thresholds": self.gate.thresholds,
                "unwaivable": list(self.unwaivable),
                **_named(gate.profiles),
            },
        }
        if self.base is not None:
            question["base"] = _side(self.base, self.base_descriptor) | ({} if self.same else {"findings": []})
        if self.head is not None:
            question["head"] = _side(self.head, self.head_descriptor)
        return question


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What the policy said."""

    changes: Mapping[str, Change]
    """By fingerprint: findings of the head that are no pass."""
    aged: frozenset[str]
    """Fingerprints of findings in which only a date has aged."""
    accepted: frozenset[str]
    """Fingerprints of findings that were accepted."""
    fixed: frozenset[str]
    """Fingerprints of findings of the base that are none any more."""
    reduced: tuple[RawReduced, ...]
    """By path."""
    verdict: Verdict
    reasons: tuple[Reason, ...]
    """What stands in the way of the gate, in one order."""


def compare(question: Comparing, engine: Engine) -> Changed:
    """Ask an engine what has changed.

    Raises:
        EngineError: The policy could not be asked, or did not answer in the agreed shape.
    """
    raw: Any = asked(engine, question.document(), "change")
    with agreed():
        changed = Changed(
            changes={key: one_of(change, get_args(Change)) for key, change in raw["changes"].items()},
            aged=frozenset(raw["aged"]),
            accepted=frozenset(raw["accepted"]),
            fixed=frozenset(raw["fixed"]),
            reduced=read_reduced(raw["reduced"]),
            verdict=one_of(raw["verdict"], get_args(Verdict)),
            reasons=read_reasons(raw["reasons"]),
        )
        missing = set() if question.head is None else _open(question.head) - set(changed.changes)
        if missing:
            raise ValueError(f"{len(missing)} findings were not compared")
    return changed


def applied(assessment: Assessment, changed: Changed, before: Assessment | None) -> Assessment:
    """Give an assessment with how each of its findings compares, what was fixed, and the gate's last word."""
    gate = replace(assessment.gate, verdict=changed.verdict, reasons=changed.reasons)
    return replace(
        assessment,
        gate=gate,
        findings=tuple(
            item if item.good else replace(_marked(item, changed), aged=item.fingerprint in changed.aged)
            for item in assessment.findings
        ),
        undeclared=tuple(_marked(item, changed) for item in assessment.undeclared),
        reduced=tuple(_marked(item, changed) for item in assessment.reduced),
        fixed=() if before is None else tuple(_fixed(before, changed.fixed)),
    )


def accepting(assessment: Assessment, changed: Changed) -> Assessment:
    """Give an assessment that nothing is compared with, what was accepted marked, and the gate's last word."""
    gate = replace(assessment.gate, verdict=changed.verdict, reasons=changed.reasons)
    marks = changed.accepted
    return replace(
        assessment,
        gate=gate,
        findings=tuple(
            replace(item, accepted=True, aged=item.fingerprint in changed.aged) if item.fingerprint in marks else item
            for item in assessment.findings
        ),
        undeclared=tuple(
            replace(item, accepted=True) if item.fingerprint in marks else item for item in assessment.undeclared
        ),
    )


def _marked(item: FindingT, changed: Changed) -> FindingT:
    mark = item.fingerprint
    return replace(item, change=changed.changes.get(mark), accepted=mark in changed.accepted)


def _fixed(before: Assessment, fixed: frozenset[str]) -> Iterable[Fixed]:
    for item in before.findings:
        if item.fingerprint in fixed and not item.good:
            yield Fixed(
                control=item.control,
                status=item.status,
                severity=item.severity,
                path=item.path,
                message=item.message,
                fingerprint=item.fingerprint,
            )
    for notice in (*before.undeclared, *before.reduced):
        if notice.fingerprint in fixed:
            yield Fixed(
                control=notice.control,
                status="fail",
                severity=notice.severity,
                path=notice.path,
                message=notice.message,
                fingerprint=notice.fingerprint,
            )


def _open(assessment: Assessment) -> set[str]:
    return {item["fingerprint"] for item in _findings(assessment)}


def _side(assessment: Assessment, descriptor: JsonValue) -> dict[str, Any]:
    gate = joined([assessment.gate.name])
    return {
        "descriptor": descriptor,
        "findings": _findings(assessment),
        "reasons": [_reason(item) for item in assessment.gate.reasons],
        "verdict": assessment.gate.verdict,
        "apart": [domain.id for domain in assessment.apart],
        "unlifted": sorted(_unlifted(assessment)),
        "gate": gate.level,
        **_named(gate.profiles),
        "thresholds": dict(assessment.gate.thresholds),
        "shown": _passes(assessment, shown=True),
        "told": _passes(assessment, shown=False),
    }


def _named(profiles: tuple[str, ...]) -> dict[str, list[str]]:
    return {"profiles": list(profiles)} if profiles else {}


def _passes(assessment: Assessment, *, shown: bool) -> dict[str, str]:
    """Give the passes that manifests show, or the others, whatever the deployment is called; each with its digest."""
    return {
        f"{item.control} at {item.path}": item.digest
        for item in assessment.findings
        if item.status == "pass" and (item.assurance == "evidenced") == shown
    }


def _unlifted(assessment: Assessment) -> set[str]:
    """Give the domains whose waivers cover so much that the score stays the raw one."""
    waived = {control.domain for control in assessment.controls if control.effective == "waived"}
    return {
        domain.id
        for domain in (*assessment.domains, *assessment.apart)
        if domain.id in waived and domain.effective == domain.raw
    }


def _findings(assessment: Assessment) -> list[dict[str, Any]]:
    found = [_finding(item, item.status, item.domain) for item in assessment.findings if not item.good]
    return [*found, *(_finding(item, "fail", None) for item in (*assessment.undeclared, *assessment.reduced))]


def _finding(item: Finding | Notice, status: str, domain: str | None) -> dict[str, Any]:
    found = {"fingerprint": item.fingerprint, "control": item.control, "status": status, "digest": item.digest}
    # The policy's schema knows no null.
    return found | {key: value for key, value in {"domain": domain, "waiver": item.waiver}.items() if value is not None}


def _reason(item: Reason) -> dict[str, Any]:
    named = {
        "kind": item.kind,
        "control": item.control,
        "domain": item.domain,
        "score": item.score,
        "threshold": item.threshold,
    }
    return {key: value for key, value in named.items() if value is not None}


def _standing(item: Standing) -> dict[str, Any]:
    return {"fingerprint": item.fingerprint, "status": item.status, "digest": item.digest}
