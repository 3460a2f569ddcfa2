"""Annotations in the log of a step."""

from __future__ import annotations

from dataclasses import replace

from psfpolicy.formats import format_named
from psfpolicy.formats.base import Style
from psfpolicy.model.report import Position, Report
from tests.unit.formats.reports import BROKEN, COMPARISON, FAIL, PARTIAL, assessment, full, place, report


def lines(shown: Report, style: Style | None = None) -> list[str]:
    return "".join(format_named("github").render(shown, style or Style())).splitlines()


def test_an_annotation_names_file_line_column_and_title_and_says_what_to_do() -> None:
    title = "input-injection-defence%3A fail%2C critical"
    message = "no guard detects `injection` (production/notes)%0Afix: Put a guard on the path"
    assert lines(report(assessment(FAIL))) == [
        "deploy/notes.yaml: production/notes: FAIL at gate standard, self-declared",
        f"::error file=deploy/notes.yaml,line=12,endLine=12,col=5,endColumn=11,title={title}::{message}",
    ]


def test_text_of_a_user_ends_no_property_and_no_line() -> None:
    odd = replace(FAIL, message="100 %0A::error::x\n::warning::y", place=place(1, file="a,b:c%.yaml"))
    (_, annotation) = lines(report(assessment(odd)))
    assert annotation.startswith("::error file=a%2Cb%3Ac%25.yaml,line=1,")
    assert "::100 %250A::error::x\\x0a::warning::y (production/notes)%0Afix: " in annotation


def test_a_file_is_named_from_the_root_of_the_repository() -> None:
    (_, annotation) = lines(report(assessment(FAIL)), Style(folder="infra"))
    assert annotation.startswith("::error file=infra/deploy/notes.yaml,")


def test_a_place_of_several_lines_has_no_columns() -> None:
    where = Position(file="a.yaml", start_line=2, start_column=3, end_line=5, end_column=1)
    (_, annotation) = lines(report(assessment(replace(FAIL, place=where))))
    assert annotation.startswith("::error file=a.yaml,line=2,endLine=5,title=")


def test_ten_are_shown_the_worst_first_and_the_rest_counted() -> None:
    many = [replace(PARTIAL, place=place(number)) for number in range(1, 31)]
    low = replace(FAIL, severity="low")
    found = lines(report(assessment(*many, low, FAIL)))[1:]
    commands = [line.split(" ")[0] for line in found]
    assert commands == ["::error", "::notice", *["::warning"] * 8, "22"]
    assert found[-1] == "22 findings more, for which a step has no annotation"


def test_what_is_new_comes_before_what_is_worse() -> None:
    there = replace(FAIL, change="existing")
    new = replace(PARTIAL, change="new")
    shown = report(assessment(there, new), comparison=replace(COMPARISON, fail_on_new=False))
    titles = [line.partition("title=")[2].partition("%")[0] for line in lines(shown) if line.startswith("::")]
    assert titles == ["input-rate-limit", "input-injection-defence"]


def test_what_is_let_pass_or_covered_is_counted_only() -> None:
    found = lines(full())
    file = "accepted.yaml of 2026-11-01, commit cccccccccccc, with 12 entries"
    assert [line for line in found if line[:1].isdigit()] == [
        "1 finding was there before: only what is new or worse holds the gate",
        f"1 of the findings do not hold the gate, since they are accepted: {file}",
        "1 finding let pass, as there before",
        "2 findings waived or accepted",
    ]
    assert [line.split("title=")[1].split("%")[0] for line in found if line.startswith("::")] == [
        "not-assessed",
        "not-assessed",
        "input-injection-defence",
        "evidence-undeclared",
        "scope-reduced",
        "scope-reduced",
        "inline-ignore",
    ]


def test_what_is_undecided_is_never_let_pass() -> None:
    broken = replace(BROKEN, change="existing")
    found = lines(report(assessment(broken, verdict="undecided"), comparison=COMPARISON))
    assert [line[:7] for line in found if line.startswith("::")] == ["::error"]
