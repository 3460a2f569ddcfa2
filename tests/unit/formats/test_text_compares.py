"""What text says of a run that compares with a base, and of what does not hold its gate."""

from __future__ import annotations

from dataclasses import replace

from psfpolicy.formats import format_named
from psfpolicy.formats.base import Style
from psfpolicy.model.report import Accepted, Reason, Report
from tests.unit.formats.reports import (
    BEFORE,
    BROKEN,
    COMPARISON,
    CONTRADICTED,
    FAIL,
    FIXED,
    GONE,
    IGNORE,
    NOTICE,
    PARTIAL,
    PASS,
    REDUCED,
    assessment,
    report,
)

PLAIN = replace(COMPARISON, fail_on_new=False, policy_from="head", policy_changes=(), unread=(), ignored=())


def text(shown: Report, style: Style | None = None) -> str:
    return "".join(format_named("text").render(shown, style or Style()))


def heads(shown: Report, style: Style | None = None) -> list[str]:
    """Give the first line of each finding, without its place."""
    page = text(shown, style).split("\n")
    return [line.partition(": ")[2] for line in page if line.startswith(("  deploy/", "  k8s/"))]


def test_nothing_changed_is_one_line_in_either_length() -> None:
    unchanged = report(comparison=PLAIN)
    assert text(unchanged, Style(quiet=True)) == "nothing that is assessed here has changed since main\n"
    assert text(unchanged).splitlines()[1:] == ["nothing that is assessed here has changed since main"]


def test_scores_and_verdict_stand_beside_those_of_the_base() -> None:
    lines = text(report(assessment(FAIL, before=BEFORE), comparison=PLAIN)).splitlines()
    assert lines[0] == "deploy/notes.yaml: production/notes: FAIL at gate standard, self-declared, pass at the base"
    assert lines[2].endswith(" 72  Strong, 39 without waivers, 95 -> 72")
    assert lines[3].endswith(" 50  Partial, 81 -> 50")
    assert "->" not in lines[4]


def test_a_score_that_came_or_went_says_none() -> None:
    before = replace(BEFORE, overall=None, domains=(replace(BEFORE.domains[0], id="PSF-2"),), verdict="fail")
    lines = text(report(assessment(FAIL, before=before), comparison=PLAIN)).splitlines()
    assert lines[0].endswith(", self-declared")
    assert lines[2].endswith("39 without waivers")
    assert lines[3].endswith(" 50  Partial, none -> 50")


def test_a_descriptor_that_is_new_says_so() -> None:
    lines = text(report(assessment(FAIL), comparison=PLAIN), Style(quiet=True)).splitlines()
    assert lines[0].endswith("FAIL at gate standard, self-declared, not there at the base")
    assert lines[1] == (
        "compared with main at 0123456789ab, the work tree has 2 new, 0 worsened, 0 improved, 1 existing, 1 fixed"
    )


def test_findings_say_how_they_compare_and_what_is_new_comes_first() -> None:
    item = assessment(
        replace(FAIL, change="existing"),
        replace(PARTIAL, change="worsened"),
        replace(CONTRADICTED, change="existing", aged=True, evidence=()),
        replace(FAIL, control="a", change="new", waiver="W-7"),
        replace(FAIL, control="b", change="existing", accepted=True),
        PASS,
        undeclared=(replace(NOTICE, change="new", waiver="W-8"),),
        reduced=(REDUCED,),
        ignores=(IGNORE,),
        fixed=(FIXED,),
    )
    shown = report(item, comparison=PLAIN)
    assert heads(shown) == [
        "partial  high  input-rate-limit  worsened",
        "fail  critical  input-injection-defence  existing",
        "fail  medium  data-telemetry  existing, a date in it has aged",
        "fail  critical  a  new  waived by W-7",
        "fail  critical  b  existing  accepted",
        "undeclared  critical  spec.model.id  new  waived by W-8",
        "scope reduced  critical  spec.regimes[gdpr]  new",
        "ignore  medium  spec.inputs",
    ]
    assert "\n  fixed: fail  high  data-retention-enforced  spec.data.stores[logs]\n" in text(shown)


def test_what_is_let_pass_is_counted_and_shown_by_verbose_only() -> None:
    item = assessment(
        replace(FAIL, change="existing"),
        replace(PARTIAL, change="improved"),
        replace(BROKEN, change="existing"),
        replace(CONTRADICTED, change="new", evidence=()),
        verdict="undecided",
    )
    comparison = replace(PLAIN, fail_on_new=True, changes={"existing": 2, "improved": 1})
    shown = report(item, comparison=comparison)
    assert heads(shown) == [
        "fail  medium  data-telemetry  new",
        "error  critical  output-validation  existing",
    ]
    assert "; 0 waived; 2 not shown, -v shows them\n" in text(shown)
    assert text(shown).endswith("\n3 findings were there before: only what is new or worse holds the gate\n")
    assert len(heads(shown, Style(verbose=True))) == 4


def test_what_holds_the_gate_is_shown_though_it_was_there_before() -> None:
    item = assessment(replace(FAIL, change="existing"))
    reasons = (
        Reason(kind="new-finding", control="input-injection-defence", domain=None, score=None, threshold=None),
        Reason(kind="scope-reduced", control=None, domain=None, score=None, threshold=None),
    )
    held = replace(item, gate=replace(item.gate, reasons=reasons))
    shown = report(held, comparison=replace(PLAIN, fail_on_new=True))
    assert heads(shown) == ["fail  critical  input-injection-defence  existing"]
    wanted = "mend what is new or worse: input-injection-defence; put back what has left the scope"
    assert f"  to pass standard: {wanted}\n" in text(shown)


def test_a_descriptor_that_is_gone_has_its_lines() -> None:
    shown = report(comparison=replace(PLAIN, vanished=(GONE,), head="f" * 40))
    assert text(shown, Style(quiet=True)) == (
        "deploy/gone.yaml: staging/gone: FAIL: the descriptor is gone\n"
        "compared with main at 0123456789ab, ffffffffffff has "
        "2 new, 0 worsened, 0 improved, 1 existing, 1 fixed, 1 descriptor gone\n"
    )
    assert heads(shown) == ["scope reduced  critical  new"]


def test_where_the_policy_came_from_and_what_did_not_count_is_said() -> None:
    lines = text(report(assessment(PASS, verdict="pass"), comparison=COMPARISON)).splitlines()
    assert lines[-4:] == [
        "1 finding was there before: only what is new or worse holds the gate",
        "settings, waivers and accepted findings are those of the base: changes of waivers.yaml did not count",
        "what these files hold counts as new, since they could not be assessed at the base: old.yaml",
        "git ignores these files, so the base has none of them and what they show counts as new: plan.json",
    ]
    quiet = replace(PLAIN, policy_from="base")
    last = text(report(assessment(PASS, verdict="pass"), comparison=quiet)).splitlines()[-1]
    assert last == "settings, waivers and accepted findings are those of the base"


def test_accepted_findings_are_counted() -> None:
    accepted = Accepted(file="accepted.yaml", date="2026-11-01", commit=None, entries=1, hidden=1)
    assert text(report(assessment(replace(FAIL, accepted=True)), accepted=accepted)).splitlines()[-1] == (
        "1 of the findings do not hold the gate, since they are accepted: accepted.yaml of 2026-11-01, with 1 entry"
    )
