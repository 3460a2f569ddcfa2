"""Descriptors that say in comments which findings they should give, assessed by both engines."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from psfpolicy.assess import assess
from psfpolicy.errors import EngineError
from psfpolicy.loading import Loaded, load
from psfpolicy.placing import identity
from psfpolicy.policytest.answers import canonical
from psfpolicy.policytest.base import Case, Trouble
from psfpolicy.policytest.expecting import expectations
from psfpolicy.profiles import Asked
from psfpolicy.targets import Target, display_name, mentions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from psfpolicy.engine.base import Engine, Rule
    from psfpolicy.model.place import JsonValue
    from psfpolicy.model.report import Assessment, Finding, Status
    from psfpolicy.policytest.answers import Answers
    from psfpolicy.policytest.expecting import Expected

FOLDER: Final = "fixtures"
"""Where they stand in a pack."""

_SUFFIXES: Final = {".yaml", ".yml", ".json"}
_BAD: Final = {"fail", "partial", "error"}
_MOST: Final = 5


@dataclass
class _Recording:
    """An engine that keeps what it was asked, and what it answered."""

    engine: Engine
    questions: list[dict[str, JsonValue]] = field(default_factory=list)
    answers: list[dict[str, JsonValue]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.engine.name

    @property
    def version(self) -> str:
        return self.engine.version

    def evaluate(self, question: dict[str, JsonValue], rule: Rule = "report") -> dict[str, JsonValue]:
        answer = self.engine.evaluate(question, rule)
        self.questions.append(question)
        self.answers.append(answer)
        return answer

    def decisions(self) -> tuple[str, ...]:
        return self.engine.decisions()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """One file of fixtures, as the embedded engine decided it."""

    file: str
    loaded: Loaded
    assessments: tuple[Assessment, ...] = ()
    questions: tuple[dict[str, JsonValue], ...] = ()
    answers: tuple[dict[str, JsonValue], ...] = ()
    troubles: tuple[Trouble, ...] = ()
    """Why it could not be decided."""


def files(folder: Path) -> tuple[Path, ...]:
    """Give the files that hold descriptors, sorted; what they name beside them is no fixture."""
    found = (path for path in (folder / FOLDER).rglob("*") if path.suffix.lower() in _SUFFIXES and path.is_file())
    return tuple(sorted(path for path in found if mentions(str(path))))


def assessed(path: Path, engine: Engine, today: str) -> Assessed:
    """Assess the descriptors of a file; a file of bases alone has none.

    Args:
        path: The file.
        engine: The embedded engine.
        today: The as-of date.
    """
    name = display_name(str(path))
    loaded = load(Target(str(path), name, named=False, stream=False))
    if loaded.unassessed is not None:
        troubles = tuple(
            Trouble(
                message=problem.message,
                file=problem.place.file if problem.place else name,
                line=problem.place.start_line if problem.place else 0,
                column=problem.place.start_column if problem.place else 0,
                excerpt=problem.excerpt,
                notes=() if problem.hint is None else (problem.hint,),
            )
            for problem in loaded.unassessed.problems
        )
        return Assessed(file=name, loaded=loaded, troubles=troubles)
    recording = _Recording(engine)
    found = []
    for document, evidence in zip(loaded.documents, loaded.evidence, strict=True):
        try:
            assessment, *_ = assess(
                document,
                recording,
                texts=loaded.texts,
                today=today,
                gate=Asked("strict"),
                requested="strict",
                unwaivable=(),
                evidence=evidence,
            )
        except EngineError as error:
            said = f"{identity(document)}: the embedded engine gave no answer: {error.message}"
            return Assessed(file=name, loaded=loaded, troubles=(Trouble(message=said, file=name),))
        found.append(assessment)
    return Assessed(
        file=name,
        loaded=loaded,
        assessments=tuple(found),
        questions=tuple(recording.questions),
        answers=tuple(recording.answers),
    )


def case(item: Assessed, tested: Collection[str], known: Collection[str]) -> Case:
    """Hold what was found against what was expected.

    Args:
        item: What the embedded engine decided.
        tested: Ids of the controls under test: what nobody expects of them is wrong.
        known: Ids of the controls that there are.
    """
    if not item.troubles and not item.loaded.documents:
        # Bases alone, whose comments are held against what extends them.
        return Case(kind="fixture", file=item.file, name=item.file, outcome="skip")
    made = Case(kind="fixture", file=item.file, name=item.file, outcome="pass").failed(*item.troubles)
    read = [expectations(text, known) for _, text in sorted(item.loaded.texts.items())]
    made = made.failed(*(trouble for _, troubles in read for trouble in troubles))
    if item.troubles:
        return made
    expected = {one for ones, _ in read for one in ones}
    findings = [finding for assessment in item.assessments for finding in assessment.findings]
    made = made.failed(*_missing(item, expected, findings), *_unexpected(item, expected, findings, tested))
    gave: list[tuple[str, Status]] = [
        (control.id, control.status) for each in item.assessments for control in each.controls if control.id in tested
    ]
    return replace(made, gave=tuple(gave))


def disagreeing(item: Assessed, first: int, answers: Answers) -> Iterator[Trouble]:
    """Give what OPA answers otherwise than the embedded engine.

    Args:
        item: What the embedded engine decided.
        first: The number of its first question.
        answers: What OPA answered.
    """
    for number, embedded in enumerate(item.answers, start=first):
        other = answers.reports.get(number)
        if not isinstance(other, dict):
            said = answers.refused.get(number, "the report is undefined")
            yield Trouble(message=f"OPA gave no answer: {said}", file=item.file)
            continue
        here, there = canonical(embedded), canonical(other)
        if here != there:
            yield from _differing(here, there, item.file)


def _differing(here: JsonValue, there: JsonValue, file: str) -> Iterator[Trouble]:
    one, other = (side.get("controls") if isinstance(side, dict) else None for side in (here, there))
    one, other = one if isinstance(one, dict) else {}, other if isinstance(other, dict) else {}
    named = [id_ for id_ in sorted({*one, *other}) if one.get(id_) != other.get(id_)]
    notes = tuple(
        f"{id_}: {side}: {_said(answer)}"
        for id_ in named[:_MOST]
        for side, answer in (("embedded", one.get(id_)), ("OPA", other.get(id_)))
    )
    about = ", ".join(f"`{id_}`" for id_ in named[:_MOST]) or "what follows from them"
    advice = 'docs/development.md, "Rego that gives the same answer everywhere", has what engines differ in'
    yield Trouble(message=f"the embedded engine and OPA differ on {about}", file=file, notes=(*notes, advice))


def _said(answer: JsonValue) -> str:
    findings = answer.get("findings") if isinstance(answer, dict) else None
    rows = [row for row in findings if isinstance(row, dict)] if isinstance(findings, list) else []
    return "; ".join(f"{row.get('status')} at {row.get('path')}: {row.get('message')}" for row in rows) or "nothing"


def _missing(item: Assessed, expected: Collection[Expected], findings: Sequence[Finding]) -> Iterator[Trouble]:
    there = {(one.place.file, one.place.start_line, one.control, one.status) for one in findings}
    for one in sorted(expected):
        if (one.file, one.line, one.control, one.status) in there:
            continue
        text = item.loaded.texts[one.file]
        yield Trouble(
            message=f"`{one.control}` should be {one.status} here",
            file=one.file,
            line=one.line,
            excerpt=text.line(one.line),
            notes=tuple(_instead(one, findings)),
        )


def _instead(one: Expected, findings: Sequence[Finding]) -> Iterator[str]:
    """Say what was found of the control: here first, then where else."""
    found = [finding for finding in findings if finding.control == one.control]
    if not found:
        yield "nothing of it was found"
    nearest = sorted(
        found,
        key=lambda it: (it.place.file != one.file, it.status != one.status, abs(it.place.start_line - one.line)),
    )
    for finding in nearest[:_MOST]:
        here = (finding.place.file, finding.place.start_line) == (one.file, one.line)
        where = "here" if here else f"at {finding.place.file}:{finding.place.start_line}"
        yield f"found {where}: {finding.status}: {finding.message}"
    if len(found) > _MOST:
        yield f"and {len(found) - _MOST} more"


def _unexpected(
    item: Assessed, expected: Collection[Expected], findings: Sequence[Finding], tested: Collection[str]
) -> Iterator[Trouble]:
    said = {(one.file, one.line, one.control, one.status) for one in expected}
    about = {(one.file, one.line, one.control) for one in expected}
    for finding in sorted(findings, key=_by_place):
        place = finding.place
        key = (place.file, place.start_line, finding.control)
        if finding.status not in _BAD or (*key, finding.status) in said:
            continue
        # Of what a comment here names with another status, that failure tells; an error is always one.
        if finding.status != "error" and (finding.control not in tested or key in about):
            continue
        text = item.loaded.texts.get(place.file)
        yield Trouble(
            message=f"`{finding.control}` is {finding.status} here, and no comment expects it: {finding.message}",
            file=place.file,
            line=place.start_line,
            column=place.start_column,
            excerpt=None if text is None else text.line(place.start_line),
            notes=()
            if finding.status == "error"
            else (f"write `# expect: {finding.control} {finding.status}` at the end of the line, if it should be",),
        )


def _by_place(finding: Finding) -> tuple[str, int, int, str, str]:
    place = finding.place
    return place.file, place.start_line, place.start_column, finding.control, finding.path
