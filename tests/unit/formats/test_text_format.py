"""Whole pages of text from reports that are made by hand."""

from __future__ import annotations

from dataclasses import replace

from psfpolicy.formats import format_named
from psfpolicy.formats.base import Style
from psfpolicy.model.report import (
    Assessment,
    Baseline,
    BaselineDomain,
    CatalogueAge,
    CatalogueInfo,
    Domain,
    Finding,
    Gate,
    Notice,
    Overall,
    OwnRows,
    Position,
    Problem,
    Reason,
    Report,
    Shown,
    Unassessed,
)
from tests.unit.formats import reports
from tests.unit.formats.reports import report, score

PLAIN = Style()


def place(line: int, start: int, end: int, *, file: str = "deploy.yaml", used_at: Position | None = None) -> Position:
    return replace(reports.place(line, file=file, used_at=used_at), start_column=start, end_column=end)


FAIL = replace(
    reports.FAIL,
    place=place(12, 5, 11),
    remediation="Put a guard on the path, fail-closed:\n\n```yaml\ninputs: {}\n```",
)
PARTIAL = replace(
    FAIL,
    control="input-rate-limit",
    status="partial",
    severity="high",
    message="limits requests, not tokens",
    place=place(14, 19, 27),
    excerpt="    rateLimits: [{unit: requests}]",
    remediation="Limit\ntokens.",
)
PASS = replace(reports.PASS, place=place(20, 5, 11))
NOT_APPLICABLE = replace(PASS, control="input-audit-log", status="not-applicable", message="nothing is logged")
ERROR = replace(FAIL, control="input-broken", status="error", message="the control broke", place=place(1, 1, 5))

STRONG = score(81)
HALF = replace(score(50), band="Partial")
CAPPED = score(39, capped=True)
NOTHING = score(None)
BASELINE = Baseline(
    model="small-one",
    title="Small One",
    of_base=False,
    configuration=None,
    overall=63,
    domains=(BaselineDomain(id="PSF-1", score=67, band="partial"), BaselineDomain(id="PSF-3", score=9, band="gap")),
    date="2026-05",
    source="https://example.org/small-one",
)


def assessment(*findings: Finding, verdict: str = "fail", reasons: tuple[Reason, ...] = ()) -> Assessment:
    domains = (Domain(id="PSF-1", title="Input Governance", raw=HALF, effective=HALF),)
    made = reports.assessment(*findings, verdict=verdict, file="deploy.yaml", domains=domains, apart=())
    return replace(made, gate=replace(made.gate, reasons=reasons))


def reason(kind: str, control: str | None = None, **rest: object) -> Reason:
    values = {"domain": None, "score": None, "threshold": None} | rest
    return Reason(kind=kind, control=control, **values)  # type: ignore[arg-type]


def text(shown: Report, style: Style = PLAIN) -> str:
    return "".join(format_named("text").render(shown, style))


FOOT = "as of 2026-11-21; policy sha256:abababababab by OPA 1.22.0; engine wasm 46.0.1; psfpolicy 1.2.3\n"


def test_a_failed_gate_says_what_is_wrong_where_and_what_would_mend_it() -> None:
    item = assessment(
        PASS,
        PARTIAL,
        FAIL,
        NOT_APPLICABLE,
        reasons=(
            reason("critical-fail", "input-injection-defence"),
            reason("domain-threshold", domain="PSF-1", score=50, threshold=60),
        ),
    )
    assert text(report(item)) == (
        """\
deploy.yaml: production/notes: FAIL at gate standard, self-declared

  PSF-1  Input Governance  ██████████░░░░░░░░░░  50  Partial
  Overall                  ██████████░░░░░░░░░░  50  Partial

  deploy.yaml:12:5: fail  critical  input-injection-defence
      no guard detects `injection`
      12 |     guards: []
         |     ^^^^^^
      fix: Put a guard on the path, fail-closed; example: psfpolicy explain input-injection-defence

  deploy.yaml:14:19: partial  high  input-rate-limit
      limits requests, not tokens
      14 |     rateLimits: [{unit: requests}]
         |                   ^^^^^^^^
      fix: Limit tokens; example: psfpolicy explain input-rate-limit

  4 findings of 4 controls: 1 fail, 1 partial, 1 pass, 1 not-applicable; 0 waived; 2 not shown, -v shows them
  to pass standard: mend the critical fails input-injection-defence; lift PSF-1 from 50 to 60

"""
        + FOOT
    )


def test_verbose_shows_what_passes_and_hides_nothing() -> None:
    item = assessment(PASS, NOT_APPLICABLE, verdict="pass")
    assert text(report(item), Style(verbose=True)) == (
        """\
deploy.yaml: production/notes: PASS at gate standard, self-declared

  PSF-1  Input Governance  ██████████░░░░░░░░░░  50  Partial
  Overall                  ██████████░░░░░░░░░░  50  Partial

  deploy.yaml:20:5: pass  high  input-schema
      declared

  deploy.yaml:20:5: not-applicable  high  input-audit-log
      nothing is logged

  2 findings of 2 controls: 1 pass, 1 not-applicable; 0 waived
  nothing stands in the way of standard

"""
        + FOOT
    )


def shown(bearing: str, line: int, **more: object) -> Shown:
    values = {"value": "--trust-remote-code", "reason": None, "excerpt": "  - --trust-remote-code"} | more
    return Shown(
        path="spec.model.remoteCode",
        bearing=bearing,  # type: ignore[arg-type]
        subject="Deployment llm/vllm",
        reader="kubernetes",
        place=place(line, 5, 24, file="k8s/vllm.yaml"),
        **values,  # type: ignore[arg-type]
    )


def test_what_manifests_show_stands_with_the_finding_and_what_nobody_declared_by_itself() -> None:
    template = shown("open", 48, value=None, reason="a template\x1b")
    evidence = (shown("contradicts", 47), template, shown("confirms", 49))
    finding = replace(FAIL, assurance="contradicted", evidence=evidence)
    export = Notice(
        control="evidence-undeclared",
        digest="1" * 64,
        severity="critical",
        message="Deployment llm/x serves `org/x`, a model that the descriptor does not mention",
        path="spec.model.id",
        place=place(3, 5, 12, file="k8s/x.yaml"),
        excerpt="  - --model",
        fingerprint="2" * 64,
        remediation="Declare it",
    )
    item = replace(
        assessment(finding, replace(PASS, assurance="evidenced"), reasons=(reason("undeclared"),)),
        evidence=("k8s/vllm.yaml", "k8s/x.yaml"),
        undeclared=(export,),
    )
    assert (
        text(report(item)).split("Partial\n")[-1]
        == """
  deploy.yaml:12:5: fail  critical  input-injection-defence
      no guard detects `injection`
      12 |     guards: []
         |     ^^^^^^
      evidence: k8s/vllm.yaml:47:5: contradicts spec.model.remoteCode: --trust-remote-code (Deployment llm/vllm)
      47 |   - --trust-remote-code
         |     ^^^^^^^^^^^^^^^^^^^
      evidence: k8s/vllm.yaml:48:5: does not decide spec.model.remoteCode (Deployment llm/vllm): a template\\x1b
      fix: Put a guard on the path, fail-closed; example: psfpolicy explain input-injection-defence

  k8s/x.yaml:3:5: undeclared  critical  spec.model.id
      Deployment llm/x serves `org/x`, a model that the descriptor does not mention
      3 |   - --model
        |     ^^^^^^^
      fix: Declare it

  2 findings of 2 controls: 1 fail, 1 pass; 0 waived; 1 not shown, -v shows them
  evidence: 2 files; 1 of 1 pass evidenced, 1 contradicted, 0 inconclusive, 1 undeclared
  manifests: k8s/vllm.yaml, k8s/x.yaml
  to pass standard: declare what is critical and undeclared, or take it away

"""
        + FOOT
    )


def test_quiet_shows_the_verdict_lines_and_the_problems() -> None:
    item = assessment(FAIL, reasons=(reason("critical-fail", "input-injection-defence"),))
    failed = Unassessed(
        file="broken.yaml",
        problems=(
            Problem(code="syntax", message="the list is not closed", hint=None, place=None, excerpt=None),
            Problem(
                code="unknown-key",
                message="`spec` has no key `modle`",
                hint="did you mean `model`?",
                place=place(3, 3, 8, file="broken.yaml"),
                excerpt="  modle: {}",
            ),
        ),
    )
    assert (
        text(report(item, unassessed=(failed,), exit_zero=True), Style(quiet=True))
        == """\
deploy.yaml: production/notes: FAIL at gate standard, self-declared
broken.yaml: NOT ASSESSED: 2 problems
  syntax: the list is not closed
  broken.yaml:3:3: unknown-key: `spec` has no key `modle`
      3 |   modle: {}
        |   ^^^^^
      hint: did you mean `model`?
exit code 0 was asked for with --exit-zero: a gate that was not passed does not show in it
"""
    )


def test_an_empty_list_is_named_as_a_declaration_that_there_is_none() -> None:
    item = replace(assessment(PASS, verdict="pass"), declared_none=("spec.parties", "spec.data.stores"))
    assert "  declared to be none: spec.parties, spec.data.stores\n" in text(report(item))


def test_scores_say_what_is_capped_waived_and_not_applicable() -> None:
    item = replace(
        assessment(PASS, verdict="pass"),
        domains=(
            Domain(id="PSF-1", title="Input Governance", raw=CAPPED, effective=CAPPED),
            Domain(id="PSF-2", title="Output Validation", raw=HALF, effective=STRONG),
            Domain(id="PSF-3", title="Data", raw=NOTHING, effective=NOTHING),
            Domain(id="PSF-4", title="Observability", raw=HALF, effective=NOTHING),
        ),
        overall=None,
    )
    lines = text(report(item)).splitlines()
    assert lines[2:7] == [
        "  PSF-1  Input Governance   ████████░░░░░░░░░░░░  39  Gap, capped: a critical control fails",
        "  PSF-2  Output Validation  ████████████████░░░░  81  Strong, 50 without waivers",
        "  PSF-3  Data               not applicable",
        "  PSF-4  Observability      waived, 50 without waivers",
        "  Overall: nothing applies",
    ]


OPERATIONS = Domain(id="OPS", title="Operations", raw=STRONG, effective=STRONG)


def test_a_domain_that_is_scored_apart_stands_below_the_overall_and_says_that_no_gate_asks_for_it() -> None:
    lines = text(report(replace(assessment(PASS, verdict="pass"), apart=(OPERATIONS,)))).splitlines()
    said = "apart from the overall; the gate does not ask for it"
    assert lines[2:5] == [
        "  PSF-1  Input Governance  ██████████░░░░░░░░░░  50  Partial",
        "  Overall                  ██████████░░░░░░░░░░  50  Partial",
        f"  OPS    Operations        ████████████████░░░░  81  Strong, {said}",
    ]


def test_a_domain_that_is_scored_apart_says_what_the_settings_ask_of_it() -> None:
    capped = replace(OPERATIONS, raw=CAPPED, effective=CAPPED)
    gate = replace(assessment().gate, thresholds={"OPS": 60})
    reasons = (reason("domain-threshold", domain="OPS", score=39, threshold=60),)
    item = replace(assessment(FAIL), apart=(capped,), baseline=BASELINE, gate=replace(gate, reasons=reasons))
    lines = text(report(item)).splitlines()
    said = "capped: a critical control fails, apart from the overall; the settings ask for 60"
    assert f"  OPS    Operations        ████████░░░░░░░░░░░░  39  Gap, {said}" in lines
    assert "  to pass standard: lift OPS from 39 to 60" in lines


def test_a_score_that_is_rounded_up_to_what_is_asked_says_that_it_is_below() -> None:
    reasons = (reason("domain-threshold", domain="PSF-5", score=90, threshold=90),)
    lines = text(report(assessment(FAIL, reasons=reasons))).splitlines()
    assert "  to pass standard: lift PSF-5 from just under 90 to 90" in lines


def test_operations_that_do_not_apply_have_no_score() -> None:
    hosted = replace(OPERATIONS, raw=NOTHING, effective=NOTHING)
    lines = text(report(replace(assessment(PASS), apart=(hosted,)))).splitlines()
    assert "  OPS    Operations        not applicable, apart from the overall; the gate does not ask for it" in lines


def test_the_published_baseline_of_the_model_stands_beside_the_scores() -> None:
    domains = (
        Domain(id="PSF-1", title="Input Governance", raw=CAPPED, effective=CAPPED),
        Domain(id="PSF-2", title="Output Validation", raw=HALF, effective=STRONG),
        Domain(id="PSF-3", title="Data Protection", raw=NOTHING, effective=NOTHING),
    )
    shown = text(report(replace(assessment(FAIL), domains=domains, baseline=BASELINE)))
    capped = "capped: a critical control fails"
    assert shown.splitlines()[2:8] == [
        "                                                               model baseline",
        f"  PSF-1  Input Governance   ████████░░░░░░░░░░░░  39  Gap       67  partial    {capped}",
        "  PSF-2  Output Validation  ████████████████░░░░  81  Strong     -             50 without waivers",
        "  PSF-3  Data Protection    not applicable                       9  gap",
        "  Overall                   ██████████░░░░░░░░░░  50  Partial   63",
        "  model baseline: published 2026-05 for Small One; it enters no score",
    ]


def test_the_baseline_of_a_base_says_so() -> None:
    baseline = replace(BASELINE, of_base=True, configuration="self-hosted")
    said = "model baseline: published 2026-05 for Small One (self-hosted), the base of what is served"
    assert f"\n  {said}; it enters no score\n" in text(report(replace(assessment(FAIL), baseline=baseline)))


def test_the_last_lines_say_how_old_the_catalogue_is() -> None:
    age = CatalogueAge(oldest="2026-11-01", newest="2026-11-20", days=20, stale=False)
    shown = text(report(catalogue=CatalogueInfo(as_of=age, user_rows=None)))
    assert shown == FOOT.replace("\n", "; catalogue of 2026-11-01 to 2026-11-20\n")


def test_a_catalogue_that_is_too_old_is_a_line_of_its_own() -> None:
    age = CatalogueAge(oldest="2026-05-25", newest="2026-05-25", days=180, stale=True)
    shown = text(report(catalogue=CatalogueInfo(as_of=age, user_rows=None)))
    assert shown == FOOT.replace("\n", "; catalogue of 2026-05-25\n") + (
        "the catalogue is 180 days old: its oldest row was read on 2026-05-25; "
        "update psfpolicy, or the rows of your own\n"
    )


def test_rows_of_the_user_are_named_with_their_digest() -> None:
    rows = OwnRows(file="rows.yaml", digest="sha256:" + "cd" * 32, rows={"models": ("a", "b"), "regimes": ("c",)})
    shown = text(report(catalogue=CatalogueInfo(as_of=None, user_rows=rows)))
    assert shown == FOOT + "rows of your own: 2 of models, 1 of regimes; rows.yaml sha256:cdcdcdcdcdcd\n"


def test_a_waived_finding_names_its_waiver_and_stands_last() -> None:
    waived = replace(FAIL, waiver="W-7")
    lines = text(report(assessment(waived, PARTIAL, verdict="pass"))).splitlines()
    heads = [line for line in lines if line.startswith("  deploy.yaml")]
    assert heads == [
        "  deploy.yaml:14:19: partial  high  input-rate-limit",
        "  deploy.yaml:12:5: fail  critical  input-injection-defence  waived by W-7",
    ]
    assert "  2 findings of 2 controls: 1 fail, 1 partial; 1 waived" in lines


def test_what_could_not_be_decided_comes_first_and_leaves_no_verdict() -> None:
    item = assessment(FAIL, ERROR, verdict="undecided", reasons=(reason("error", "input-broken"),))
    lines = text(report(item)).splitlines()
    assert lines[0] == "deploy.yaml: production/notes: UNDECIDED at gate standard, self-declared"
    heads = [line for line in lines if line.startswith("  deploy.yaml")]
    assert heads == [
        "  deploy.yaml:1:1: error  critical  input-broken",
        "  deploy.yaml:12:5: fail  critical  input-injection-defence",
    ]
    assert "  no verdict: decide input-broken" in lines


def test_nothing_that_applies_leaves_no_verdict() -> None:
    item = assessment(NOT_APPLICABLE, verdict="undecided")
    assert "  no verdict: no control applies" in text(report(item)).splitlines()


def test_advisory_says_what_standard_would_have_said() -> None:
    gate = Gate(name="advisory", requested="advisory", thresholds={}, verdict="advisory", reasons=())
    item = replace(assessment(PASS), gate=gate)
    reasons = (reason("domain-zero", domain="PSF-1", score=0),)
    failing = replace(item, gate=replace(gate, reasons=reasons))
    quiet = Style(quiet=True)
    assert text(report(item), quiet) == (
        "deploy.yaml: production/notes: ADVISORY at gate advisory, self-declared: standard would pass\n"
    )
    assert text(report(failing), quiet) == (
        "deploy.yaml: production/notes: ADVISORY at gate advisory, self-declared: standard would fail\n"
    )
    assert "  to pass standard: lift from 0 PSF-1" in text(report(failing)).splitlines()


def test_a_domain_at_0_below_its_threshold_is_named_once() -> None:
    reasons = (
        reason("domain-threshold", domain="PSF-1", score=0, threshold=60),
        reason("domain-zero", domain="PSF-1", score=0),
    )
    assert "  to pass standard: lift PSF-1 from 0 to 60" in text(report(assessment(FAIL, reasons=reasons))).splitlines()


def test_a_raised_gate_is_said_in_the_verdict_line() -> None:
    gate = Gate(name="strict", requested="standard", thresholds={}, verdict="pass", reasons=())
    assert text(report(replace(assessment(PASS), gate=gate)), Style(quiet=True)) == (
        "deploy.yaml: production/notes: PASS at gate strict "
        "(raised from standard by a floor in the settings), self-declared\n"
    )


def test_several_descriptors_end_with_a_table_worst_first() -> None:
    good = replace(
        assessment(PASS, verdict="pass"), id="staging/a", file="a.yaml", overall=Overall(score=90, band="Strong")
    )
    bad = replace(
        assessment(FAIL, PARTIAL, replace(FAIL, waiver="W-1"), reasons=(reason("critical-fail", "x"),)),
        id="staging/b",
        file="b.yaml",
        overall=Overall(score=7, band="Gap"),
    )
    worse = replace(bad, id="staging/c", file="c.yaml", overall=None)
    broken = replace(
        assessment(ERROR, verdict="undecided", reasons=(reason("error", "x"),)), id="staging/d", file="d.yaml"
    )
    failed = Unassessed(
        file="e.yaml", problems=(Problem(code="syntax", message="no", hint=None, place=None, excerpt=None),)
    )
    page = text(report(good, bad, worse, broken, unassessed=(failed,)))
    assert page[page.index("Summary") :] == (
        """\
Summary, worst first
  not assessed       e.yaml
  undecided      50  staging/d  0 fail, 0 partial  d.yaml
  fail            -  staging/c  1 fail, 1 partial  c.yaml
  fail            7  staging/b  1 fail, 1 partial  b.yaml
  pass           90  staging/a  0 fail, 0 partial  a.yaml
  4 descriptors: 1 undecided, 2 fail, 1 pass; 1 file not assessed

"""
        + FOOT
    )


def test_colour_marks_verdicts_statuses_and_bars_and_changes_no_text() -> None:
    item = assessment(FAIL, PARTIAL, reasons=(reason("critical-fail", "input-injection-defence"),))
    coloured = text(report(item), Style(color=True))
    assert (
        coloured.splitlines()[0] == "deploy.yaml: production/notes: \x1b[31mFAIL\x1b[0m at gate standard, self-declared"
    )
    assert "\x1b[33m██████████░░░░░░░░░░\x1b[0m  50  Partial" in coloured
    assert "\x1b[33mpartial\x1b[0m  high  input-rate-limit" in coloured
    plain = coloured
    for code in ("\x1b[31m", "\x1b[33m", "\x1b[2m", "\x1b[0m"):
        plain = plain.replace(code, "")
    assert plain == text(report(item))


def test_a_stream_that_carries_ascii_gets_ascii() -> None:
    page = text(report(assessment(FAIL)), Style(unicode=False))
    assert "  PSF-1  Input Governance  ##########..........  50  Partial" in page
    assert page.isascii()


def test_a_value_that_comes_through_aliases_says_where_it_is_used() -> None:
    farther = place(40, 9, 14, file="deploy.yaml")
    nearer = place(30, 7, 12, used_at=farther)
    finding = replace(FAIL, place=place(3, 10, 15, file="base.yaml", used_at=nearer), excerpt="shared: &a x")
    page = text(report(assessment(finding)))
    assert (
        """\
  base.yaml:3:10: fail  critical  input-injection-defence
      no guard detects `injection`
      3 | shared: &a x
        |          ^^^
        = used at deploy.yaml:30:7
        = used at deploy.yaml:40:9
"""
        in page
    )


def marked(excerpt: str, where: Position) -> list[str]:
    """Give the source line and the caret as they are shown."""
    page = text(report(assessment(replace(FAIL, place=where, excerpt=excerpt))))
    return page.splitlines()[7:9]


def test_the_caret_stands_below_wide_combining_and_invisible_characters() -> None:
    wide = "名前: 値段 # 日本"
    assert marked(wide, place(2, 5, 7)) == [
        "      2 | 名前: 値段 # 日本",
        "        |       ^^^^",
    ]
    combining = "cafe\u0301: naive"
    assert marked(combining, place(2, 8, 13)) == [
        "      2 | cafe\u0301: naive",
        "        |       ^^^^^",
    ]
    hidden = "a\u202eb: value"
    assert marked(hidden, place(2, 6, 11)) == [
        "      2 | a\\u202eb: value",
        "        |           ^^^^^",
    ]


def test_the_caret_of_a_value_of_several_lines_ends_with_the_first() -> None:
    several = replace(place(5, 9, 4), end_line=9)
    assert marked("  spec: {a: 1,   ", several) == [
        "      5 |   spec: {a: 1,",
        "        |         ^^^^^^",
    ]


def test_a_place_without_characters_still_has_a_caret() -> None:
    assert marked("key:", place(5, 5, 5)) == ["      5 | key:", "        |     ^"]


def test_a_place_far_to_the_right_is_shown_with_what_stands_around_it() -> None:
    line = "x" * 300 + "VALUE" + "y" * 300
    where = place(1, 301, 306)
    excerpt = line[where.excerpt_start :][:240]
    assert marked(excerpt, where) == [
        "      1 | …" + "x" * 40 + "VALUE" + "y" * 195,
        "        |  " + " " * 40 + "^^^^^",
    ]


def test_text_that_acts_on_a_terminal_or_a_build_log_is_spelt_out() -> None:
    hostile = "::error::\x1b[2J ##[group]x\u202e\n"
    finding = replace(FAIL, message=hostile, excerpt=hostile, waiver=hostile, place=replace(FAIL.place, file=hostile))
    item = replace(assessment(finding), id=hostile, file=hostile, declared_none=(hostile,))
    spelt = ":\\:error::\\x1b[2J #\\#[group]x\\u202e\\x0a"
    lines = text(report(item)).splitlines()
    assert lines[0] == f"{spelt}: {spelt}: FAIL at gate standard, self-declared"
    assert lines[5:8] == [
        f"  {spelt}:12:5: fail  critical  input-injection-defence  waived by {spelt}",
        f"      {spelt}",
        f"      12 | {spelt}",
    ]
