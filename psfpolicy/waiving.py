"""What becomes of waivers in a run: which finding each is for, whether it counts on the day, and what is said of it.

The policy decides what a waiver does to a score and a gate; here it is found which one finding it was granted for.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy import resources
from psfpolicy.model.granted import NOTICES, REDUCED, Waiver
from psfpolicy.model.report import WaiverUse
from psfpolicy.suggest import listed, meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from psfpolicy.model.place import Path
    from psfpolicy.model.report import Assessment, Finding, Notice, Status, WaiverState
    from psfpolicy.model.run import Request
    from psfpolicy.source import Document


class Grant(NamedTuple):
    """A waiver as the policy is told of it."""

    id: str
    control: str
    path: Path


@dataclass(frozen=True, slots=True)
class Candidate:
    """A finding that a waiver may be for."""

    item: Finding | Notice
    status: Status
    steps: tuple[Path, ...]
    """Its path as the policy knows it; several where reports cannot tell it from another."""
    lines: frozenset[tuple[str, int]] = frozenset()
    """File and line of it, and of its key."""


@dataclass(frozen=True, slots=True)
class Held:
    """A waiver held against the findings of a run."""

    waiver: Waiver
    state: WaiverState
    """`used` where it covers its finding, if the policy lets it."""
    message: str = ""
    found: tuple[Candidate, ...] = ()
    """What it was granted for; of one that has run out, all that is at its place."""


def candidates(
    assessment: Assessment, steps: Mapping[str, Sequence[Path]], document: Document
) -> tuple[Candidate, ...]:
    """Give what may be waived: findings that are no pass, what is undeclared, and what a floor asks for.

    Args:
        assessment: The assessment, before any waiver.
        steps: Paths as the policy knows them, by fingerprint.
        document: The descriptor.
    """
    found = [(item, item.status) for item in assessment.findings if not item.good]
    notices: list[tuple[Finding | Notice, Status]] = [
        (item, "fail") for item in (*assessment.undeclared, *assessment.reduced)
    ]
    return tuple(
        Candidate(
            item, status, tuple(steps[item.fingerprint]), frozenset(_lines(item, steps[item.fingerprint], document))
        )
        for item, status in (*found, *notices)
    )


def _lines(item: Finding | Notice, steps: Sequence[Path], document: Document) -> Iterator[tuple[str, int]]:
    yield item.place.file, item.place.start_line
    for path in steps:
        key = document.locate_key(path)
        if key.file == item.place.file:
            yield key.file, key.region.start_line


def is_for(waiver: Waiver, found: Iterable[Candidate]) -> bool:
    """Say whether one of some findings is what a waiver is for."""
    return any(item.item.control == waiver.control and _lies_in(item, waiver.path) for item in found)


def held(waiver: Waiver, found: Iterable[Candidate], *, today: str, unwaivable: Sequence[str]) -> Held:
    """Hold a waiver of a file against the findings of its descriptor."""
    there = tuple(item for item in found if item.item.control == waiver.control and _lies_in(item, waiver.path))
    barred = barring(waiver, today=today, unwaivable=unwaivable)
    if barred is not None:
        return Held(waiver, *barred, there if barred[0] == "expired" else ())
    if not there:
        return Held(waiver, "unused", "nothing that it is for is found any more; it can be taken out")
    meant_ = tuple(item for item in there if (item.status, item.item.digest) == (waiver.status, waiver.digest))
    if not meant_:
        return Held(waiver, "outdated", _outdated(waiver, there))
    return chosen(waiver, meant_)


def chosen(waiver: Waiver, found: tuple[Candidate, ...]) -> Held:
    """Let a waiver that counts cover its finding, where that is one and no other."""
    if len(found) > 1 or len(found[0].steps) > 1:
        number = max(len(found), *(len(item.steps) for item in found))
        return Held(waiver, "ambiguous", f"{number} findings of `{waiver.control}` are what it says; it covers none")
    return Held(waiver, "used", "", found)


def barring(waiver: Waiver, *, today: str, unwaivable: Sequence[str]) -> tuple[WaiverState, str] | None:
    """Say why a waiver does not count on a day, whatever it is for; None where it does."""
    waivable = {info.id: info.waivable for info in resources.controls()} | dict.fromkeys(NOTICES, True)
    if waiver.control not in waivable:
        close = meant(waiver.control, waivable)
        asked = f"; did you mean {listed(close)}?" if close else ""
        return "unknown-control", f"no control is called `{waiver.control}`{asked}"
    if waiver.owner and _alike(waiver.owner) == _alike(waiver.approver):
        return "self-approved", "its owner approved it; another has to"
    if waiver.control in unwaivable or not waivable[waiver.control]:
        return "unwaivable", f"no waiver may cover `{waiver.control}`"
    if waiver.expires < today:
        return "expired", f"it ran out on {waiver.expires}"
    if waiver.created > today:
        return "not-yet-valid", f"it counts from {waiver.created} on"
    return None


def grants(found: Iterable[Held]) -> tuple[Grant, ...]:
    """Give what the policy is told: the waivers that cover their finding."""
    return tuple(
        Grant(item.waiver.id, item.waiver.control, item.found[0].steps[0]) for item in found if item.state == "used"
    )


def lapsed(found: Iterable[Held]) -> tuple[str, ...]:
    """Give the fingerprints of findings whose waiver has run out."""
    marks = {each.item.fingerprint for item in found if item.state == "expired" for each in item.found}
    return tuple(sorted(marks))


def uses(found: Iterable[Held], covered: Mapping[str, str | None], today: str) -> tuple[WaiverUse, ...]:
    """Say what became of waivers.

    Args:
        found: The waivers, held against the findings.
        covered: The waiver that the policy marked each finding with, by fingerprint.
        today: The as-of date.
    """
    return tuple(
        use(item.waiver, "unwaivable", "the policy lets no waiver cover this finding", today)
        if item.state == "used" and covered.get(item.found[0].item.fingerprint) is None
        else use(item.waiver, item.state, item.message, today)
        for item in found
    )


def use(waiver: Waiver, state: WaiverState, message: str, today: str) -> WaiverUse:
    """Give a waiver as a report shows it."""
    return WaiverUse(
        id=waiver.id,
        control=waiver.control,
        descriptor=waiver.descriptor,
        owner=waiver.owner,
        approver=waiver.approver,
        ticket=waiver.ticket,
        expires=waiver.expires,
        days_left=(date.fromisoformat(waiver.expires) - date.fromisoformat(today)).days,
        state=state,
        message=message,
        place=waiver.place,
    )


def gathered(request: Request, found: Iterable[WaiverUse], *, whole: bool) -> tuple[WaiverUse, ...]:
    """Give every waiver that a run knew, by id.

    Args:
        request: What was asked.
        found: Those whose descriptor was assessed.
        whole: The run looked at everything, so that a descriptor which it did not meet is not there.
    """
    # A comment in a manifest may be for several descriptors.
    told = {(item.id, item.descriptor): item for item in found}
    for waiver in request.waivers:
        key = (waiver.id, waiver.descriptor)
        if key not in told:
            told[key] = use(waiver, *_unmet(waiver, request, whole=whole), request.today)
    return tuple(told[key] for key in sorted(told))


def _unmet(waiver: Waiver, request: Request, *, whole: bool) -> tuple[WaiverState, str]:
    barred = barring(waiver, today=request.today, unwaivable=request.unwaivable)
    if barred is not None:
        return barred
    if waiver.control == REDUCED:
        return "not-assessed", "it is for a comparison with `--base` that reaches its descriptor"
    if whole:
        return "unused", f"there is no descriptor `{waiver.descriptor}`"
    return "not-assessed", "its descriptor is not part of this run"


def _lies_in(item: Candidate, path: str) -> bool:
    """Say whether a finding is at a path, or in the named item that the path leads to."""
    where = item.item.path
    return where == path or (path.endswith("]") and where.startswith((f"{path}.", f"{path}[")))


def _outdated(waiver: Waiver, there: Sequence[Candidate]) -> str:
    statuses = Counter(item.status for item in there)
    if waiver.status not in statuses:
        return f"the finding is `{min(statuses)}` now, and was `{waiver.status}` when it was waived"
    return "the values that decided are others than when it was waived"


def _alike(name: str) -> str:
    """Give a name as two are compared: without regard to case, blanks and what cannot be seen."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) != "Cf")
