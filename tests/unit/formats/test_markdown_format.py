"""The page for the summary of a job and for a comment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from psfpolicy.formats import format_named
from psfpolicy.formats.base import Style
from psfpolicy.model.report import Overall, Position, Report
from tests.unit.formats.reports import (
    BROKEN,
    COMPARISON,
    FAIL,
    PARTIAL,
    PASS,
    WAIVER,
    assessment,
    full,
    place,
    report,
)


def page(shown: Report, style: Style | None = None, name: str = "markdown") -> str:
    return "".join(format_named(name).render(shown, style or Style()))


FOOT = "\n`psfpolicy` `1.2.3`, policy `sha256:abababababab`, as of `2026-11-21`\n"


def test_a_whole_page(update_snapshots: bool) -> None:
    expected = Path(__file__).parent / "full.md"
    text = page(full(), Style(id="eu", link="https://git.example/o/r/blob/abc"))
    if update_snapshots:
        expected.write_text(text)
    assert text == expected.read_text()


def test_nothing_changed_is_a_page_that_says_so() -> None:
    unchanged = replace(
        COMPARISON, changes={}, policy_from="head", policy_changes=(), unread=(), ignored=(), head="f" * 40
    )
    assert page(report(comparison=unchanged)) == (
        "<!-- psfpolicy  -->\n## psfpolicy: nothing changed\n\n"
        "Nothing that is assessed here has changed since `main`.\n" + FOOT
    )


def heading(shown: Report) -> str:
    return page(shown).split("\n")[1].removeprefix("## psfpolicy: ")


def test_the_heading_is_the_worst_verdict() -> None:
    passed, failed = assessment(PASS, verdict="pass"), assessment(FAIL)
    advice = assessment(FAIL, verdict="advisory")
    assert heading(report(passed)) == "the gate was passed"
    assert heading(report(passed, advice)) == "advice"
    assert heading(report(passed, failed)) == "the gate was not passed"
    assert heading(report(failed, assessment(BROKEN, verdict="undecided"))) == "not everything could be assessed"
    assert heading(report()) == "nothing to assess"


def test_without_a_comparison_every_finding_is_listed_once_and_several_descriptors_are_told_apart() -> None:
    other = assessment(PARTIAL, PASS, verdict="pass", id="staging/notes", overall=None, overall_raw=None)
    text = page(report(assessment(FAIL), other))
    assert "### Findings\n\n- **fail, critical** `input-injection-defence` at `deploy/notes.yaml:12:5` of" in text
    assert "` of `staging/notes`<br>\n" in text
    assert "\n#### `production/notes`\n\n| domain | | score | |\n" in text
    assert "| `staging/notes` | standard | **pass** | none | 1 partial |" in text
    assert "before" not in text


def test_the_effective_score_stands_beside_the_raw_one() -> None:
    item = assessment(replace(FAIL, waiver="W-7"), verdict="pass", overall_raw=Overall(score=39, band="Gap"))
    text = page(report(item, waivers=(replace(WAIVER, days_left=1),)))
    assert "| `production/notes` | standard | **pass** | 50, 39 without waivers | none |" in text
    assert "\n### Waived and accepted\n\n- **fail, critical** `input-injection-defence`" in text
    assert "has 1 day left" in text


def test_a_link_spans_the_lines_of_its_place_and_leads_into_the_repository_only() -> None:
    style = Style(link="https://git.example/(o)/r", folder="infra")
    where = Position(file="a b.yaml", start_line=2, start_column=3, end_line=5, end_column=1)
    outside = replace(FAIL, place=place(1, file="../../x.yaml"))
    given = replace(FAIL, place=place(1, file="<stdin>"))
    text = page(report(assessment(replace(FAIL, place=where), outside, given)), style)
    assert "at [`a b.yaml:2:3`](https://git.example/%28o%29/r/infra/a%20b.yaml#L2-L5)<br>" in text
    assert "at `../../x.yaml:1:5`<br>" in text


def test_a_page_that_is_too_long_is_cut_by_whole_findings_and_says_so() -> None:
    many = [replace(FAIL, message="é" * 200, path=f"spec.{number}") for number in range(9_000)]
    other = [replace(PARTIAL, change="existing", path=f"spec.{number}") for number in range(2_000)]
    shown = report(assessment(*many, *other), comparison=replace(COMPARISON, fail_on_new=False))
    for name, most in (("markdown", 900 * 1024), ("comment", 60_000)):
        text = page(shown, name=name)
        assert most * 0.5 < len(text.encode()) < most
        listed = text.count("`input-injection-defence`")
        assert f"\n{9_000 - listed} more are not shown here.\n" in text
        assert text.count("  Fix: ") == text.count("- **")
        assert text.endswith(FOOT)


def test_thousands_of_descriptors_leave_room_for_the_findings() -> None:
    items = [assessment(FAIL, id=f"production/n{number:05}") for number in range(2_000)]
    text = page(report(*items), name="comment")
    assert len(text) < 60_000
    assert "### Descriptors" in text
    assert "### Domains" in text
    assert text.count("- **fail, critical**") > 20


def test_a_sentence_names_ten_files_at_most() -> None:
    unread = tuple(f"f{number}.yaml" for number in range(12))
    assert "`f9.yaml` and 2 more.\n" in page(report(assessment(FAIL), comparison=replace(COMPARISON, unread=unread)))
