"""The policy's answer, read into typed data and held to its contract.

Nothing is decided here. What the policy left out, or answered in another shape, becomes an error that a reader sees.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from psfpolicy.capacity import Sizing, read_capacity
from psfpolicy.errors import AnswerError
from psfpolicy.model.report import (
    GOOD,
    STATUSES,
    AdvisoryFound,
    AdvisoryStanding,
    Assurance,
    Band,
    Baseline,
    BaselineDomain,
    Bearing,
    Carried,
    CatalogueAge,
    EngineStanding,
    Evidenced,
    FlowKind,
    GateName,
    LimitStanding,
    Overall,
    Reason,
    Score,
    ServedEngine,
    Severity,
    Status,
    UserLimit,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from psfpolicy.model.collation import Bearing as Seeing
    from psfpolicy.model.collation import Standing
    from psfpolicy.model.place import JsonValue, Path
    from psfpolicy.resources import ControlInfo

_STATUSES = get_args(Status)
_ASSURANCES = get_args(Assurance)
_BEARINGS = get_args(Bearing)
_LIST = frozenset({list})
_STEPS = frozenset({str, int})


class RawFinding(NamedTuple):
    """A finding before it has a place. An answer has a hundred and more: a named tuple is made in half the time."""

    path: Path
    """Keys and indexes from the root of the descriptor."""
    status: Status
    message: str
    reads: tuple[Path, ...]
    """Paths of the values that decided, in no order."""
    waiver: str | None
    """Id of the waiver that covers it."""
    assurance: Assurance = "declared"
    """How the answer is known."""
    evidence: tuple[tuple[int, Bearing], ...] = ()
    """What facts, by their number, say of the values that decided."""


_GOOD_IN_BRIEF = {status: RawFinding((), status, "", (), None) for status in GOOD}


@dataclass(frozen=True, slots=True)
class RawUndeclared:
    """A thing that a manifest shows and the descriptor does not mention."""

    fact: int
    """Number of the fact that shows it."""
    severity: Severity
    message: str
    waiver: str | None = None
    """Id of the waiver that covers it."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """What becomes of a path before it has a place."""

    path: Path
    """Keys and indexes from the root of the descriptor; of an item that nobody declared, the list's path."""
    verdict: Standing
    facts: tuple[tuple[int, Seeing], ...]
    """What facts, by their number, say of it."""


@dataclass(frozen=True, slots=True)
class RawReduced:
    """Something that a descriptor is to be judged by and is not."""

    path: Path
    """Of what the base declared, where that was; of what the settings ask for, the list and the word."""
    message: str
    severity: Severity
    waiver: str | None
    """Id of the waiver that covers it."""
    of: tuple[str, ...] = ()
    """What it is about, where that is more than the path, sorted."""


@dataclass(frozen=True, slots=True)
class RawControl:
    """A control's answer before its findings have places."""

    status: Status
    effective: Status | Literal["waived"]
    """What the findings come to that no waiver covers."""
    findings: tuple[RawFinding, ...]
    """In no order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFlow:
    """A flow before it has a place; None is what nobody said."""

    path: Path
    """Keys and indexes from the root of the descriptor."""
    kind: FlowKind
    name: str
    carries: tuple[Carried, ...]
    country: str | None
    operator: str | None
    jurisdiction: str | None
    third_party: bool | None
    border: bool | None


@dataclass(frozen=True, slots=True)
class RawLimit:
    """A limit of users before it has a named path."""

    path: Path
    """Keys and indexes from the root of the descriptor."""
    limit: UserLimit
    """The same, its path still empty."""


@dataclass(frozen=True, slots=True)
class RawServed:
    """What a deployment is served with, before its licences have named paths."""

    home: str | None
    engine: ServedEngine
    licences: tuple[RawLimit, ...]
    """In no order."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What `data.psfpolicy.report` said of one descriptor."""

    controls: Mapping[str, RawControl]
    """By id; exactly the controls of the catalogue."""
    domains: Mapping[str, tuple[Score, Score]]
    """Raw and effective score by domain of the framework."""
    apart: Mapping[str, tuple[Score, Score]]
    """The same for each domain that is scored apart."""
    evidenced: Mapping[str, Evidenced]
    """How much of what passes manifests show, by domain of either kind; empty where there is no evidence."""
    overall_raw: Overall | None
    overall: Overall | None
    """Effective; null when nothing applies."""
    verdict: Verdict
    reasons: tuple[Reason, ...]
    """What stands in the way of the gate, in one order."""
    baseline: Baseline | None
    """The published assessment of the model; null where none is known."""
    flows: tuple[RawFlow, ...]
    """Where data goes, in no order."""
    served: RawServed | None
    """What the deployment is served with; None in a brief answer."""
    undeclared: tuple[RawUndeclared, ...]
    """By the number of the fact."""
    reduced: tuple[RawReduced, ...]
    """What lies below a floor of the settings, by path."""
    catalogue_age: CatalogueAge
    """How old the rows are that the policy judges by; the same for every descriptor of a run."""


def read_answer(
    raw: dict[str, JsonValue],
    catalogue: Mapping[str, ControlInfo],
    gate: GateName,
    profiles: tuple[str, ...] = (),
    waivers: Collection[tuple[str, str]] = (),
    *,
    brief: bool = False,
) -> Answer:
    """Read what an engine gave.

    Args:
        raw: The value of `data.psfpolicy.report`.
        catalogue: The controls that must have answered, by id. One that did not is an `error`: no verdict then.
        gate: The gate that was asked about.
        profiles: The ids of the profiles that were, sorted.
        waivers: Id and control of each waiver that counts; an answer that speaks of another is refused.
        brief: Of findings that are good, nothing was asked for but the status, and not what is served.

    Raises:
        AnswerError: The shape is not the contract's, a control answered that the catalogue does not know, or the answer
            contradicts itself.
    """
    with agreed():
        return _answer(raw, catalogue, gate, profiles, waivers, brief=brief)


def read_sizing(raw: dict[str, JsonValue]) -> Sizing:
    """Read what an engine gave when it was asked for the capacity alone.

    Args:
        raw: The value of `data.psfpolicy.sizing`.

    Raises:
        AnswerError: The shape is not the contract's.
    """
    with agreed():
        return Sizing(
            status=one_of(raw["status"], get_args(Status)),
            message=_text(raw["message"]),
            capacity=read_capacity(raw["figures"]),
        )


def read_collation(raw: dict[str, JsonValue]) -> tuple[RawRow, ...]:
    """Read what an engine gave when it was asked for what manifests show, in no order.

    Args:
        raw: The value of `data.psfpolicy.collation`.

    Raises:
        AnswerError: The shape is not the contract's.
    """
    with agreed():
        return tuple(_row(item) for item in _listed(raw["rows"]))


def _row(raw: Any) -> RawRow:
    from psfpolicy.model.collation import Bearing, Standing  # noqa: PLC0415  # few runs ask for rows

    facts = tuple((_whole(number), one_of(bearing, get_args(Bearing))) for number, bearing in raw["facts"])
    return RawRow(read_path(raw["path"]), one_of(raw["verdict"], get_args(Standing)), facts)


@contextmanager
def agreed() -> Iterator[None]:
    """Turn what reading an answer of another shape raises into the error that says so."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise AnswerError(
            f"the policy's answer is not of the agreed shape ({type(error).__name__}: {error})",
            hint="the policy and this version of psfpolicy do not belong together; install psfpolicy again",
        ) from error


def _answer(
    raw: Any,
    catalogue: Mapping[str, ControlInfo],
    gate: GateName,
    profiles: tuple[str, ...],
    waivers: Collection[tuple[str, str]],
    *,
    brief: bool,
) -> Answer:
    unknown = sorted(set(raw["controls"]) - set(catalogue))
    if unknown:
        raise ValueError(f"unknown control {', '.join(unknown)}")
    controls = {id_: _control(raw["controls"].get(id_), info, waivers, brief=brief) for id_, info in catalogue.items()}
    if raw["gate"]["name"] != gate:
        raise ValueError(f"asked for gate {gate}, answered for {raw['gate']['name']}")
    if (held := sorted(_listed(raw["gate"].get("profiles", [])))) != list(profiles):
        raise ValueError(f"asked for the gate profiles {list(profiles)}, answered for {held}")
    verdict = one_of(raw["gate"]["verdict"], _verdicts_of(gate))
    reasons = {_reason(item) for item in raw["gate"]["reasons"]}
    undecided = {id_ for id_, control in controls.items() if control.status == "error"}
    if undecided:
        verdict = "undecided"
        reasons |= {_reason({"kind": "error", "control": id_}) for id_ in undecided}
    if (verdict, bool(reasons)) in {("pass", True), ("fail", False)}:
        raise ValueError(f"the gate's verdict is {verdict}, and its {len(reasons)} reasons do not say so")
    if verdict == "pass" and (failed := _holding(controls, catalogue)):
        raise _contradiction(f"the gate's verdict is pass, and {', '.join(failed)}, which no gate lets fail, fails")
    for key, apart in (("domains", False), ("apart", True)):
        silent = {info.domain for info in catalogue.values() if info.apart is apart} - set(raw[key])
        if silent:
            raise ValueError(f"no score for {', '.join(sorted(silent))}")
    undeclared = tuple(_undeclared(id_, item) for id_, item in sorted(raw["undeclared"].items(), key=_number))
    reduced = read_reduced(raw["reduced"])
    for kind, found in (("evidence-undeclared", undeclared), ("scope-reduced", reduced)):
        if strange := sorted({item.waiver for item in found if item.waiver and (item.waiver, kind) not in waivers}):
            raise _contradiction(f"{kind} is waived by {', '.join(strange)}, which does not cover that")
    return Answer(
        controls=controls,
        domains=_scores(raw["domains"]),
        apart=_scores(raw["apart"]),
        evidenced=_evidenced({**raw["domains"], **raw["apart"]}),
        overall_raw=_overall(raw["overall"]["raw"]),
        overall=_overall(raw["overall"]["effective"]),
        verdict=verdict,
        reasons=tuple(sorted(reasons, key=_rank)),
        baseline=None if raw["baseline"] is None else _baseline(raw["baseline"]),
        flows=tuple(_flow(item) for item in _listed(raw["flows"])),
        served=None if brief and raw["served"] is None else _served(raw["served"]),
        undeclared=undeclared,
        reduced=reduced,
        catalogue_age=_age(raw["catalogue"]),
    )


def _flow(raw: Any) -> RawFlow:
    carries = {one_of(item, get_args(Carried)) for item in _listed(raw["carries"])}
    return RawFlow(
        path=read_path(raw["path"]),
        kind=one_of(raw["kind"], get_args(FlowKind)),
        name=_text(raw["name"]),
        carries=tuple(sorted(carries)),
        country=_text_or_none(raw["country"]),
        operator=_text_or_none(raw["operator"]),
        jurisdiction=_text_or_none(raw["jurisdiction"]),
        third_party=_claim_or_none(raw["thirdParty"]),
        border=_claim_or_none(raw["border"]),
    )


def _served(raw: Any) -> RawServed:
    engine = raw["engine"]
    return RawServed(
        home=_text_or_none(raw["home"]),
        engine=ServedEngine(
            name=_text_or_none(engine["name"]),
            row=_text_or_none(engine["row"]),
            title=_text_or_none(engine["title"]),
            version=_text_or_none(engine["version"]),
            tag=_text_or_none(engine["tag"]),
            standing=one_of(engine["standing"], get_args(EngineStanding)),
            advisories=tuple(sorted(map(_advisory, _listed(engine["advisories"])), key=lambda item: item.id)),
        ),
        licences=tuple(map(_limit, _listed(raw["licences"]))),
    )


def _advisory(raw: Any) -> AdvisoryFound:
    return AdvisoryFound(
        id=_text(raw["id"]),
        severity=one_of(raw["severity"], (*get_args(Severity), None)),
        standing=one_of(raw["standing"], get_args(AdvisoryStanding)),
    )


def _limit(raw: Any) -> RawLimit:
    limit = UserLimit(
        path="",
        name=_text(raw["name"]),
        licence=_text_or_none(raw["licence"]),
        title=_text_or_none(raw["title"]),
        limit=_whole_or_none(raw["limit"]),
        counted=_text_or_none(raw["counted"]),
        users=_whole_or_none(raw["users"]),
        percent=_whole_or_none(raw["percent"]),
        standing=one_of(raw["standing"], get_args(LimitStanding)),
    )
    return RawLimit(path=read_path(raw["path"]), limit=limit)


def _number(item: tuple[str, Any]) -> int:
    return int(item[0])


def _undeclared(number: str, raw: Any) -> RawUndeclared:
    severity = one_of(raw["severity"], get_args(Severity))
    waiver = _text_or_none(raw.get("waiver"))
    return RawUndeclared(fact=int(number), severity=severity, message=_text(raw["message"]), waiver=waiver)


def read_reduced(raw: Any) -> tuple[RawReduced, ...]:
    """Read what left the scope, or never was in it; in the order of the paths."""
    return tuple(sorted((_reduced(item) for item in _listed(raw)), key=lambda item: str(item.path)))


def _reduced(raw: Any) -> RawReduced:
    waiver = raw.get("waiver")
    return RawReduced(
        path=read_path(raw["path"]),
        message=_text(raw["message"]),
        severity=one_of(raw["severity"], get_args(Severity)),
        waiver=None if waiver is None else _text(waiver),
        of=tuple(sorted(_text(item) for item in _listed(raw.get("of", [])))),
    )


def _baseline(raw: Any) -> Baseline:
    return Baseline(
        model=_text(raw["model"]),
        title=_text(raw["title"]),
        of_base=one_of(raw["ofBase"], (True, False)),
        configuration=None if raw["configuration"] is None else _text(raw["configuration"]),
        overall=_whole(raw["overall"]),
        domains=tuple(
            BaselineDomain(id=_text(id_), score=_whole(domain["score"]), band=_text(domain["band"]))
            for id_, domain in sorted(raw["domains"].items())
        ),
        date=_text(raw["date"]),
        source=_text(raw["source"]),
    )


def _age(raw: Any) -> CatalogueAge:
    return CatalogueAge(
        oldest=_text(raw["oldest"]),
        newest=_text(raw["newest"]),
        days=_whole(raw["days"]),
        stale=one_of(raw["stale"], (True, False)),
    )


def _contradiction(said: str) -> AnswerError:
    return AnswerError(
        f"the policy's answer contradicts itself: {said}",
        hint="what decided is not the policy that it says it is: `psfpolicy bundle verify` holds a bundle's Rego, and "
        "a server is to run that",
    )


def _holding(controls: Mapping[str, RawControl], catalogue: Mapping[str, ControlInfo]) -> list[str]:
    """Give the controls that fail and hold every gate that can be passed, sorted."""
    return sorted(
        id_
        for id_, control in controls.items()
        if control.effective == "fail" and catalogue[id_].severity == "critical" and catalogue[id_].gated
    )


def _control(raw: Any, info: ControlInfo, waivers: Collection[tuple[str, str]], *, brief: bool) -> RawControl:
    if raw is None:
        silence = RawFinding((), "error", "the policy gave no answer for this control", (), None)
        return RawControl("error", "error", (silence,))
    if (raw["domain"], raw["apart"], raw["severity"]) != (info.domain, info.apart, info.severity):
        raise ValueError(f"{info.id} answered with another domain or severity than its catalogue's")
    findings = tuple(map(_finding_in_brief if brief else _finding, raw["findings"]))
    if not findings:
        raise ValueError(f"{info.id} answered without a finding")
    worst = min([finding.status for finding in findings], key=STATUSES.index)
    if raw["status"] != worst:
        raise ValueError(f"{info.id} is {raw['status']}, and the worst of its findings is {worst}")
    waived = [finding for finding in findings if finding.waiver is not None]
    for finding in waived:
        if (finding.waiver, info.id) not in waivers or finding.status not in {"fail", "partial"}:
            said = f"{info.id} is {finding.status}, waived by {finding.waiver}, which does not cover that"
            raise _contradiction(said)
    effective = _effective(findings) if waived else worst
    if raw["effective"] != effective:
        raise _contradiction(f"{info.id} counts as {raw['effective']}, and its findings make it {effective}")
    return RawControl(worst, effective, findings)


def _effective(findings: Sequence[RawFinding]) -> Status | Literal["waived"]:
    """Give the worst of what waivers leave of findings; `waived` where that is all that was bad."""
    left = {finding.status for finding in findings if finding.waiver is None}
    return "waived" if left <= {"pass", "not-applicable"} else min(left, key=STATUSES.index)


def _finding_in_brief(raw: Any) -> RawFinding:
    return _GOOD_IN_BRIEF.get(raw["status"]) or _finding(raw)


def _finding(raw: Any) -> RawFinding:
    waiver = raw.get("waiver")
    path, *reads = _read_paths([raw["path"], *raw["reads"]])
    return RawFinding(
        path=path,
        status=one_of(raw["status"], _STATUSES),
        message=_text(raw["message"]),
        reads=tuple(reads),
        waiver=None if waiver is None else _text(waiver),
        assurance=one_of(raw.get("assurance", "declared"), _ASSURANCES),
        evidence=tuple([(_whole(number), one_of(bearing, _BEARINGS)) for number, bearing in raw.get("evidence", ())]),
    )


def read_path(raw: Any) -> Path:
    """Read a path: a list of keys and indexes."""
    return _read_paths((raw,))[0]


def _read_paths(raw: Any) -> tuple[Path, ...]:
    # Of a thousand paths in an answer, those of a finding at once, and not step by step.
    if not _LIST.issuperset(map(type, raw)):
        raise TypeError("a path is no list")
    paths = tuple(map(tuple, raw))
    if not _STEPS.issuperset(map(type, chain.from_iterable(paths))):
        raise TypeError("a step of a path is neither a key nor a whole number")
    return paths


def _scores(raw: Any) -> dict[str, tuple[Score, Score]]:
    return {name: (_score(pair["raw"]), _score(pair["effective"])) for name, pair in raw.items()}


def _score(raw: Any) -> Score:
    return Score(
        earned=_whole(raw["earned"]),
        possible=_whole(raw["possible"]),
        score=None if raw["score"] is None else _whole(raw["score"]),
        capped=one_of(raw["capped"], (True, False)),
        band=None if raw["band"] is None else one_of(raw["band"], get_args(Band)),
    )


def _evidenced(raw: Any) -> dict[str, Evidenced]:
    shares = {name: domain["evidenced"] for name, domain in raw.items()}
    return {
        name: Evidenced(
            passes=_whole(share["passes"]),
            evidenced=_whole(share["evidenced"]),
            share=None if share["share"] is None else _whole(share["share"]),
        )
        for name, share in shares.items()
        if share is not None
    }


def _overall(raw: Any) -> Overall | None:
    return None if raw is None else Overall(score=_whole(raw["score"]), band=one_of(raw["band"], get_args(Band)))


def _reason(raw: Any) -> Reason:
    return Reason(
        kind=_text(raw["kind"]),
        control=raw.get("control"),
        domain=raw.get("domain"),
        score=raw.get("score"),
        threshold=raw.get("threshold"),
    )


def read_reasons(raw: Any) -> tuple[Reason, ...]:
    """Read what stands in the way of a gate, in one order."""
    return tuple(sorted((_reason(item) for item in raw), key=_rank))


def _rank(reason: Reason) -> tuple[str, str, str]:
    return reason.kind, reason.domain or "", reason.control or ""


def _verdicts_of(gate: GateName) -> tuple[Verdict, ...]:
    """Give what a gate may say: only `advisory` forgives."""
    return ("advisory", "undecided") if gate == "advisory" else ("pass", "fail", "undecided")


def _whole(raw: Any) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise TypeError("a number is not whole")
    return raw


def _whole_or_none(raw: Any) -> int | None:
    return None if raw is None else _whole(raw)


def _text(raw: Any) -> str:
    if not isinstance(raw, str) or not raw:
        raise TypeError("a text is missing")
    return raw


def _text_or_none(raw: Any) -> str | None:
    return None if raw is None else _text(raw)


def _claim_or_none(raw: Any) -> bool | None:
    if raw is not None and not isinstance(raw, bool):
        raise TypeError("a claim is neither true nor false nor null")
    return raw


def _listed(raw: Any) -> list[Any]:
    if not isinstance(raw, list):
        raise TypeError("a list is missing")
    return raw


def one_of(raw: Any, allowed: tuple[Any, ...]) -> Any:
    """Read one of some values."""
    if raw not in allowed:
        raise ValueError(f"{raw!r} is none of {', '.join(map(str, allowed))}")
    return raw
