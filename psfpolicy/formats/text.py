"""Text for a person in a terminal, readable without colour.

For each descriptor: the verdict in one line; the domain scores, with the model's published baseline beside them, and
those that are scored apart; the findings that are not passes, worst first, with what evidence says against them; what
manifests show and nobody declared; the counts; and what would have to change for the gate to pass. Where a run compares
with a base, what was another there stands beside it, and what is new comes first. Nothing is hidden without a line that
says how many.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.formats._change import counted, marks, moved, overall_moved, scores_before, then, told
from psfpolicy.formats._explained import explained
from psfpolicy.formats._items import holding, let_pass, of_finding
from psfpolicy.formats._waivers import waivers
from psfpolicy.inert import inert
from psfpolicy.model.report import GATES, SEVERITIES, STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from psfpolicy.formats.base import Style
    from psfpolicy.model.report import (
        Assessment,
        Baseline,
        CatalogueInfo,
        Domain,
        Finding,
        Gate,
        Notice,
        Pack,
        Position,
        Problem,
        Reason,
        Report,
        Shown,
        Unassessed,
        Vanished,
    )

_BAR = 20
_METER = _BAR + 13
"""Columns of a bar with its score and band."""
_MANIFESTS = 6
"""Manifests that are named; of more the first few."""
_COLORS = {
    "fail": "31",
    "error": "35",
    "undecided": "35",
    "partial": "33",
    "pass": "32",
    "advisory": "36",
    "not-applicable": "2",
    "dim": "2",
}
_VERDICT_ORDER = ("undecided", "fail", "advisory", "pass")


def render(report: Report, style: Style) -> Iterator[str]:
    """Give the report as text, line by line."""
    page = _Page(report, style)
    lines = page.verdicts() if style.quiet else page.whole()
    for line in lines:
        yield line.rstrip() + "\n"


class _Page:
    """One report being written."""

    def __init__(self, report: Report, style: Style) -> None:
        self._report = report
        self._style = style

    def verdicts(self) -> Iterator[str]:
        """Give one line for each descriptor, and each problem of a file that could not be assessed."""
        for item in self._report.assessments:
            yield self._verdict(item)
            if item.explained is not None:
                yield from explained(item, item.explained, self)
        for failed in self._report.unassessed:
            yield from self._unassessed(failed)
        for gone in self._vanished():
            yield self._gone(gone)
        yield from self._told()

    def whole(self) -> Iterator[str]:
        """Give everything."""
        rows = []
        for item in self._report.assessments:
            yield from self._assessment(item)
            yield ""
            rows.append(_row(item))
        for failed in self._report.unassessed:
            yield from self._unassessed(failed)
            yield ""
        for gone in self._vanished():
            yield self._gone(gone)
            yield ""
            yield from self._notice(gone.notice)
        if len(rows) + len(self._report.unassessed) > 1:
            yield from self._table(sorted(rows))
            yield ""
        report = self._report
        yield self.paint(
            "dim",
            inert(
                f"as of {report.as_of}; policy {report.policy.digest[:19]} by OPA {report.policy.opa_version}; "
                f"engine {report.engine.name} {report.engine.version}; {report.tool.name} {report.tool.version}"
                f"{_read_on(report.catalogue)}"
            ).rstrip(),
        )
        yield from self._packs()
        yield from self._catalogue(report.catalogue)
        yield from waivers(report)
        yield from self._told()

    def _packs(self) -> Iterator[str]:
        for pack in self._report.policy.packs:
            replaced = f"; overrides {', '.join(pack.overrides)}" if pack.overrides else ""
            yield inert(f"pack {pack.name} {pack.version} {pack.digest[:19]}: {_controls_of(pack)}{replaced}")

    def _catalogue(self, catalogue: CatalogueInfo) -> Iterator[str]:
        own, age = catalogue.user_rows, catalogue.as_of
        if own is not None:
            counts = ", ".join(f"{len(ids)} of {table}" for table, ids in own.rows.items()) or "none"
            yield inert(f"rows of your own: {counts}; {own.file} {own.digest[:19]}")
        if age is not None and age.stale:
            said = f"the catalogue is {age.days} days old: its oldest row was read on {age.oldest}"
            yield self.paint("partial", inert(f"{said}; update psfpolicy, or the rows of your own"))

    def _vanished(self) -> tuple[Vanished, ...]:
        return () if self._report.comparison is None else self._report.comparison.vanished

    def _gone(self, gone: Vanished) -> str:
        word = self.paint(gone.verdict, gone.verdict.upper())
        return f"{inert(gone.file)}: {inert(gone.id)}: {word}: the descriptor is gone"

    def _told(self) -> Iterator[str]:
        yield from told(self._report, inert)
        if self._report.exit_zero:
            yield "exit code 0 was asked for with --exit-zero: a gate that was not passed does not show in it"

    def _verdict(self, item: Assessment) -> str:
        verdict = item.gate.verdict
        word = self.paint(verdict, verdict.upper())
        raised = (
            f" (raised from {inert(item.gate.requested)} by a floor in the settings)"
            if item.gate.name != item.gate.requested
            else ""
        )
        alone = "" if item.evidence else ", self-declared"
        was = then(item, self._report)
        before = f", {was}" if was else ""
        said = ""
        if verdict == "advisory":
            said = ": standard would " + ("fail" if item.gate.reasons else "pass")
        day = f", as of {inert(self._report.as_of)}" if self._report.day_given else ""
        named = f"{inert(item.file)}: {inert(item.id)}"
        return f"{named}: {word} at gate {inert(item.gate.name)}{raised}{alone}{day}{before}{said}"

    def _assessment(self, item: Assessment) -> Iterator[str]:
        yield self._verdict(item)
        yield ""
        yield from self._scores(item)
        yield ""
        shown = self._listed(item)
        for finding in sorted(shown, key=_worst_first):
            yield from self._finding(finding)
        for thing in sorted((*item.undeclared, *item.reduced, *item.ignores), key=_gravest_first):
            yield from self._notice(thing)
        yield from self._fixed(item)
        yield from self._counts(item, len(shown))
        yield from self._way_to_green(item)
        if item.explained is not None:
            yield ""
            yield from explained(item, item.explained, self)

    def _scores(self, item: Assessment) -> Iterator[str]:
        width = max((len(inert(domain.title)) for domain in (*item.domains, *item.apart)), default=0)
        beside = _beside(item.baseline)
        if beside:
            yield f"  {'':<{width + 7}}  {'':<{_METER}}  model baseline"
        before = scores_before(item)
        for domain in item.domains:
            yield self._score(domain, width, beside, *filter(None, (moved(domain, before),)))
        if item.overall is None:
            yield "  Overall: nothing applies"
        else:
            published = f"  {item.baseline.overall:>3}" if item.baseline is not None else ""
            line = f"  {'Overall':<{width + 7}}  {self._meter(item.overall.score, item.overall.band)}{published}"
            yield ", ".join(filter(None, (line.rstrip(), overall_moved(item))))
        for domain in item.apart:
            gone_to = filter(None, (moved(domain, before),))
            yield self._score(domain, width, {}, *gone_to, _standing(domain.id, item.gate))
        if item.baseline is not None:
            yield f"  {_told(item.baseline)}"

    def _score(self, domain: Domain, width: int, beside: dict[str, str], *more: str) -> str:
        meter, *remarks = (*self._bar(domain), *more)
        shown = ", ".join((meter.rstrip(), *remarks))
        if beside:
            shown = f"{meter}  {beside.get(domain.id, '  -'):<14}  {', '.join(remarks)}"
        return f"  {inert(domain.id):<5}  {inert(domain.title):<{width}}  {shown}"

    def _bar(self, domain: Domain) -> list[str]:
        """Give the bar of a domain, as wide as every other, and what is to be said of it."""
        effective, raw = domain.effective, domain.raw
        if effective.score is None or effective.band is None:
            said = "not applicable" if raw.score is None else f"waived, {raw.score} without waivers"
            return [f"{said:<{_METER}}"]
        remarks = [self._meter(effective.score, effective.band)]
        if raw.score != effective.score:
            remarks.append(f"{raw.score} without waivers")
        if effective.capped:
            remarks.append("capped: a critical control fails")
        if domain.evidenced is not None and domain.evidenced.passes:
            remarks.append(f"{domain.evidenced.evidenced} of {domain.evidenced.passes} passes evidenced")
        return remarks

    def _meter(self, score: int, band: str) -> str:
        full, empty = ("█", "░") if self._style.unicode else ("#", ".")
        cells = (score * _BAR + 50) // 100
        color = {"Strong": "pass", "Partial": "partial"}.get(band, "fail")
        return f"{self.paint(color, full * cells + empty * (_BAR - cells))} {score:>3}  {band:<7}"

    def _listed(self, item: Assessment) -> list[Finding]:
        """Give what is shown: without -v neither what passes nor what was there before and is let pass for that."""
        held = holding(item)
        return [
            finding
            for finding in item.findings
            if self._style.verbose
            or not (finding.good or let_pass(of_finding(finding, item.id, holds=finding.control in held), self._report))
        ]

    def _fixed(self, item: Assessment) -> Iterator[str]:
        for fixed in item.fixed:
            word = self.paint("pass", "fixed")
            yield f"  {word}: {fixed.status}  {fixed.severity}  {inert(fixed.control)}  {inert(fixed.path)}"
        if item.fixed:
            yield ""

    def _finding(self, finding: Finding) -> Iterator[str]:
        head = f"{self.paint(finding.status, finding.status)}  {finding.severity}  {inert(finding.control)}"
        yield "  ".join((f"  {_spot(finding.place)}: {head}", *marks(finding, aged=finding.aged)))
        yield f"      {inert(finding.message)}"
        yield from self.source(finding.place, finding.excerpt)
        for shown in finding.evidence:
            yield from self._shown(shown)
        if not finding.good:
            advice = finding.remediation.strip().split("\n\n")[0].replace("\n", " ").rstrip(":.")
            yield f"      fix: {inert(advice)}; example: psfpolicy explain {inert(finding.control)}"
        yield ""

    def _shown(self, shown: Shown) -> Iterator[str]:
        """Give what stands in the way in a manifest; what confirms is told by `--format json`."""
        if shown.bearing == "confirms":
            return
        said = f"{_BEARINGS[shown.bearing]} {shown.path}"
        seen = f": {shown.value}" if shown.value else ""
        reason = f": {shown.reason}" if shown.reason else ""
        yield f"      evidence: {_spot(shown.place)}: {inert(f'{said}{seen} ({shown.subject}){reason}')}"
        if shown.bearing == "contradicts":
            yield from self.source(shown.place, shown.excerpt)

    def _notice(self, thing: Notice) -> Iterator[str]:
        named = (f"  {_spot(thing.place)}: {self.paint('fail', _NOTICES[thing.control])}", thing.severity)
        yield "  ".join((*named, *filter(None, (inert(thing.path),)), *marks(thing)))
        yield f"      {inert(thing.message)}"
        yield from self.source(thing.place, thing.excerpt)
        yield f"      fix: {inert(thing.remediation)}"
        yield ""

    def _ignored(self, comment: Notice) -> Iterator[str]:
        """Give a comment that ignores nothing; the line that it is in says the rest."""
        yield f"  {_spot(comment.place)}: {self.paint('partial', 'ignored comment')}  {comment.severity}"
        yield f"      {inert(comment.message)}"
        yield f"      fix: {inert(comment.remediation)}"
        yield ""

    def spot(self, place: Position) -> str:
        """Give a place as `file:line:column`."""
        return _spot(place)

    def source(self, place: Position, excerpt: str | None) -> Iterator[str]:
        """Give the line of a place, with a caret below it."""
        if excerpt is None:
            return
        number = str(place.start_line)
        cut = ("…" if self._style.unicode else "...") if place.excerpt_start else ""
        yield f"      {number} | {cut}{inert(excerpt)}"
        yield f"      {' ' * len(number)} | {' ' * len(cut)}{_caret(place, excerpt)}"
        use = place.used_at
        while use is not None:
            yield f"      {' ' * len(number)} = used at {_spot(use)}"
            use = use.used_at

    def _counts(self, item: Assessment, shown: int) -> Iterator[str]:
        statuses = [finding.status for finding in item.findings]
        counts = ", ".join(f"{statuses.count(status)} {status}" for status in STATUSES if status in statuses)
        waived = sum(finding.waiver is not None for finding in item.findings)
        accepted = sum(each.accepted for each in item.answers)
        let = f"{waived} waived" + (f", {accepted} accepted" if accepted else "")
        hidden = len(item.findings) - shown
        more = f"; {hidden} not shown, -v shows them" if hidden else ""
        known = f"{counted(len(statuses), 'finding')} of {counted(len(item.controls), 'control')}"
        yield f"  {known}: {counts}; {let}{more}"
        if item.evidence:
            yield f"  {_evidenced(item)}"
            yield f"  {_belonging(item.evidence, everything=self._style.verbose)}"
        if item.declared_none:
            yield f"  declared to be none: {inert(', '.join(item.declared_none))}"

    def _way_to_green(self, item: Assessment) -> Iterator[str]:
        reasons = item.gate.reasons
        name = "standard" if item.gate.name == "advisory" else inert(item.gate.name)
        if item.gate.verdict == "undecided":
            yield f"  no verdict: {self._wants(reasons) or 'no control applies'}"
        elif reasons:
            yield f"  to pass {name}: {self._wants(reasons)}"
        else:
            yield f"  nothing stands in the way of {name}"

    def _wants(self, reasons: Iterable[Reason]) -> str:
        wants: dict[str, list[str]] = {}
        reasons = tuple(reasons)
        lifted = {reason.domain for reason in reasons if reason.threshold is not None}
        for reason in reasons:
            # A domain that must reach its threshold need not be told to leave 0 as well.
            if reason.kind == "domain-zero" and reason.domain in lifted:
                continue
            wants.setdefault(reason.kind, []).append(_subject(reason))
        return "; ".join(
            inert(f"{_WANTED.get(kind, kind)} {', '.join(subjects)}".rstrip()) for kind, subjects in wants.items()
        )

    def _unassessed(self, failed: Unassessed) -> Iterator[str]:
        word = self.paint("error", "NOT ASSESSED")
        yield f"{inert(failed.file)}: {word}: {counted(len(failed.problems), 'problem')}"
        for problem in failed.problems:
            yield from self._problem(problem)

    def _problem(self, problem: Problem) -> Iterator[str]:
        spot = f"{_spot(problem.place)}: " if problem.place else ""
        yield f"  {spot}{inert(problem.code)}: {inert(problem.message)}"
        if problem.place:
            yield from self.source(problem.place, problem.excerpt)
        if problem.hint:
            yield f"      hint: {inert(problem.hint)}"

    def _table(self, rows: list[_Row]) -> Iterator[str]:
        yield "Summary, worst first"
        for failed in self._report.unassessed:
            yield f"  {self.paint('error', 'not assessed')}       {inert(failed.file)}"
        for row in rows:
            label = self.paint(row.verdict, f"{row.verdict:<12}")
            score = "  -" if row.score < 0 else f"{row.score:>3}"
            yield f"  {label}  {score}  {inert(row.id)}  {row.fails} fail, {row.partials} partial  {inert(row.file)}"
        counts = self._report.summary
        verdicts = ", ".join(f"{count} {inert(name)}" for name, count in counts.verdicts.items() if count)
        failed_files = f"; {counted(counts.unassessed, 'file')} not assessed" if counts.unassessed else ""
        yield f"  {counted(counts.descriptors, 'descriptor')}: {verdicts or 'none'}{failed_files}"

    def paint(self, color: str, text: str) -> str:
        """Give a text in a colour, where the reader wants any."""
        return f"\x1b[{_COLORS[color]}m{text}\x1b[0m" if self._style.color else text


def _controls_of(pack: Pack) -> str:
    return counted(len(pack.controls), "control")


def _beside(baseline: Baseline | None) -> dict[str, str]:
    """Give what stands beside the domains, by their ids."""
    domains = () if baseline is None else baseline.domains
    return {domain.id: inert(f"{domain.score:>3}  {domain.band}") for domain in domains}


def _standing(domain: str, gate: Gate) -> str:
    """Give what a score that stands apart is good for."""
    threshold = gate.thresholds.get(domain)
    asking = "the settings ask" if gate.name in GATES else "the gate or the settings ask"
    asked = "the gate does not ask for it" if threshold is None else f"{asking} for {threshold}"
    return f"apart from the overall; {asked}"


def _told(baseline: Baseline) -> str:
    configuration = f" ({baseline.configuration})" if baseline.configuration else ""
    base = ", the base of what is served" if baseline.of_base else ""
    said = f"model baseline: published {baseline.date} for {baseline.title}{configuration}{base}; it enters no score"
    return inert(said)


def _evidenced(item: Assessment) -> str:
    """Give how much of what passes manifests show, and what they speak against."""
    passes = [finding for finding in item.findings if finding.status == "pass"]
    proved = sum(finding.assurance == "evidenced" for finding in passes)
    known = Counter(finding.assurance for finding in item.findings)
    more = f", {len(item.undeclared)} undeclared" if item.undeclared else ""
    return (
        f"evidence: {counted(len(item.evidence), 'file')}; {proved} of {counted(len(passes), 'pass', 'passes')} "
        f"evidenced, {known['contradicted']} contradicted, {known['inconclusive']} inconclusive{more}"
    )


def _belonging(files: tuple[str, ...], *, everything: bool) -> str:
    """Give the manifests that belong to the deployment."""
    shown = files if everything or len(files) <= _MANIFESTS else files[: _MANIFESTS - 1]
    more = f" and {len(files) - len(shown)} more, -v shows them" if len(shown) < len(files) else ""
    return inert(f"manifests: {', '.join(shown)}{more}")


def _read_on(catalogue: CatalogueInfo) -> str:
    age = catalogue.as_of
    if age is None:
        return ""
    return f"; catalogue of {age.oldest}" + (f" to {age.newest}" if age.newest != age.oldest else "")


class _Row(NamedTuple):
    """A line of the summary; sorted by what comes first, the worst stand on top."""

    rank: int
    score: int
    id: str
    file: str
    verdict: str
    fails: int
    partials: int


def _row(item: Assessment) -> _Row:
    open_ = Counter(finding.status for finding in item.findings if not finding.waiver)
    return _Row(
        rank=_VERDICT_ORDER.index(item.gate.verdict),
        score=-1 if item.overall is None else item.overall.score,
        id=item.id,
        file=item.file,
        verdict=item.gate.verdict,
        fails=open_["fail"],
        partials=open_["partial"],
    )


_NOTICES = {
    "evidence-undeclared": "undeclared",
    "scope-reduced": "scope reduced",
    "inline-ignore": "ignore",
}

_BEARINGS = {"contradicts": "contradicts", "open": "does not decide"}

_WANTED = {
    "error": "decide",
    "critical-fail": "mend the critical fails",
    "critical-partial": "complete the critical partials",
    "fail": "mend the fails",
    "partial": "complete the partials",
    "must-pass": "mend what must pass:",
    "unevidenced": "let manifests show",
    "new-finding": "mend what is new or worse:",
    "scope-reduced": "put back what has left the scope",
    "undeclared": "declare what is critical and undeclared, or take it away",
    "domain-threshold": "lift",
    "domain-zero": "lift from 0",
}


def _subject(reason: Reason) -> str:
    if reason.threshold is not None:
        # A score is compared before it is rounded.
        short = "just under " if reason.score == reason.threshold else ""
        return f"{reason.domain} from {short}{reason.score} to {reason.threshold}"
    return reason.control or reason.domain or ""


def _worst_first(finding: Finding) -> tuple[bool, bool, int, int, str, int, int, str]:
    place = finding.place
    return (
        finding.waiver is not None or finding.accepted,
        finding.change not in {"new", "worsened"},
        STATUSES.index(finding.status),
        SEVERITIES.index(finding.severity),
        place.file,
        place.start_line,
        place.start_column,
        finding.control,
    )


def _gravest_first(thing: Notice) -> tuple[int, str, int, int, str]:
    place = thing.place
    return SEVERITIES.index(thing.severity), place.file, place.start_line, place.start_column, thing.path


def _spot(place: Position) -> str:
    return f"{inert(place.file)}:{place.start_line}:{place.start_column}"


def _caret(place: Position, excerpt: str) -> str:
    start = place.start_column - 1 - place.excerpt_start
    end = place.end_column - 1 - place.excerpt_start if place.end_line == place.start_line else len(excerpt)
    before, marked = excerpt[:start], excerpt[start : max(end, start + 1)]
    return " " * _columns(before) + "^" * max(1, _columns(marked.rstrip()))


def _columns(text: str) -> int:
    return sum(_width(character) for character in inert(text))


def _width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me"}:  # stands over the one before
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
