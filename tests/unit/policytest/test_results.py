"""What is said of a run, and what is said of what the compiler and the engines say."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from psfpolicy.building.opa import Opa
from psfpolicy.errors import BuildError
from psfpolicy.loading import Loaded
from psfpolicy.policytest import answers, compiler, embedded, rules
from psfpolicy.policytest.advice import OTHERWISE, advice
from psfpolicy.policytest.answers import Answers
from psfpolicy.policytest.base import Case, Coverage, Result, Trouble
from psfpolicy.policytest.covering import covered, held_to_cases
from psfpolicy.policytest.fixtures import Assessed, disagreeing
from psfpolicy.policytest.hollow import hollow
from psfpolicy.policytest.rules import Reached
from psfpolicy.policytest.subject import Subject
from psfpolicy.policytest.watching import changed, state
from psfpolicy.policytest.writing import FORMATS

CONTROL = "rego/psfpolicy/controls/bank/owner.rego"


def case(name: str, *gave: tuple[str, Any], outcome: Any = "pass") -> Case:
    return Case(kind="rule", file="f_test.rego", name=name, outcome=outcome, gave=gave)


def subject(*, whole: bool = False) -> Subject:
    sources = compiler.Sources({CONTROL: Path(CONTROL)})
    here = Path()
    return Subject(title="pack x", folder=here, tree=here, sources=sources, controls=("bank-owner",), whole=whole)


RESULT = Result(
    title="pack x",
    cases=(
        case("a"),
        case("b", outcome="skip"),
        case("c").failed(
            Trouble(message="no\x1b[31m", file="f.rego", line=2, column=3, excerpt="\ta b", notes=("why",))
        ),
    ),
    coverage=(
        Coverage(control="bank-owner", file="f.rego", lines=40, missed=(3, 5, 6, 7), passing=1, failing=2),
        Coverage(control="bank-x", file="g.rego", lines=40, missed=tuple(range(1, 40, 2)), passing=1, failing=2),
    ),
    engines=("opa 1", "wasm 2"),
)


def test_the_text_shows_what_failed_what_is_not_reached_and_the_counts() -> None:
    assert "".join(FORMATS["text"](RESULT)) == (
        "FAIL c\n  f.rego:2:3: no\\x1b[31m\n      2 |  a b\n        |   ^\n    why\n\n"
        "control     reached  passes  fails  lines not reached\n"
        "bank-owner     90 %       1      2  3, 5-7\n"
        "bank-x         50 %       1      2  1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, …\n\n"
        "pack x: 3 rules, 0 fixtures, 2 controls, 1 skipped: 1 FAILED; opa 1 and wasm 2\n"
    )


def test_json_and_junit_hold_the_same() -> None:
    told = json.loads("".join(FORMATS["json"](RESULT)))
    assert (told["schema"], told["summary"]) == ("psfpolicy/test/v1", {"pass": 1, "fail": 1, "skip": 1})
    assert told["cases"][2]["troubles"][0]["line"] == 2
    (suite,) = ET.fromstring("".join(FORMATS["junit"](RESULT)))  # noqa: S314  # our own
    assert [(one.get("name"), [child.tag for child in one]) for one in suite] == [
        ("a", []),
        ("b", ["skipped"]),
        ("c", ["failure"]),
    ]


def test_a_line_is_missed_where_no_run_reaches_it_and_a_case_that_failed_shows_nothing() -> None:
    one = Reached(frozenset({(1, 1, 1, 9), (2, 1, 2, 9), (3, 1, 3, 9)}), frozenset({(2, 1, 2, 9), (3, 1, 3, 9)}))
    other = Reached(one.every, frozenset({(1, 1, 1, 9), (3, 1, 3, 9)}))
    cases = (case("a", ("bank-owner", "pass")), case("b", ("bank-owner", "fail"), outcome="fail"))
    (row,) = covered(subject(), cases, ({CONTROL: one}, {CONTROL: other}, {}))
    assert (row.lines, row.missed, row.passing, row.failing, row.percent) == (3, (3,), 1, 0, 66)
    (lacking,) = held_to_cases((row,), cases, subject(whole=True))
    assert [trouble.message for trouble in lacking.troubles] == ["no case shows `bank-owner` to fail"]


def test_names_that_promise_what_no_test_reaches_are_a_failure() -> None:
    cases = (case("a", ("bank-owner", "pass")), case("b", ("bank-owner", "partial")))
    (lacking,) = held_to_cases(covered(subject(), cases, ()), cases, subject())
    assert lacking.troubles[0].message.startswith("no test reaches a line of `bank-owner`")


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("undefined function time.parse_ns", "reads no clock"),
        ("undefined function print", "a test may print"),
        ("undefined function object.nosuch", OTHERWISE),
        ("undefined function data.psfpolicy.lib.x.f", "there is no such function"),
        ("undefined ref: input.descriptor.x", "no descriptor has such a key"),
        ("`contains` keyword is required for partial set rules", "findings contains x"),
        ("assigned var k unused", "take it out"),
    ],
)
def test_a_mistake_comes_with_what_to_write(message: str, said: str) -> None:
    assert said in (advice(message) or "")


def test_a_mistake_that_says_enough_has_no_advice() -> None:
    assert advice("something else") is None


REPORT: dict[str, Any] = {"controls": {"bank-owner": {"findings": [{"status": "pass", "path": ["a"], "message": "m"}]}}}


def differing(other: Answers) -> list[Trouble]:
    item = Assessed(file="f.yaml", loaded=Loaded("f.yaml"), questions=({},), answers=(REPORT,))
    return list(disagreeing(item, 3, other))


def test_engines_that_differ_are_told_control_by_control() -> None:
    changed_: dict[str, Any] = {"controls": {"bank-owner": {"findings": []}}}
    (trouble,) = differing(Answers({3: changed_}, {}, ()))
    assert trouble.message == "the embedded engine and OPA differ on `bank-owner`"
    assert trouble.notes[:2] == ("bank-owner: embedded: pass at ['a']: m", "bank-owner: OPA: nothing")
    (trouble,) = differing(Answers({3: {**REPORT, "overall": 1}}, {}, ()))
    assert trouble.message == "the embedded engine and OPA differ on what follows from them"
    assert differing(Answers({3: json.loads(json.dumps(REPORT))}, {}, ())) == []


def test_a_question_that_opa_does_not_answer_is_a_failure() -> None:
    assert differing(Answers({}, {3: "conflict"}, ()))[0].message == "OPA gave no answer: conflict"
    assert differing(Answers({}, {}, ()))[0].message == "OPA gave no answer: the report is undefined"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "rego/psfpolicy").mkdir(parents=True)
    return tmp_path


@pytest.fixture
def opa() -> Opa:
    found = Path(__file__).parents[3] / ".cache/opa"
    if not found.is_dir() and not os.environ.get("OPA"):
        pytest.skip("no OPA here")
    return Opa.pinned()


def write(tree: Path, text: str, name: str = "report.rego") -> None:
    (tree / "rego/psfpolicy" / name).write_text(text)


def test_one_question_that_stops_opa_takes_no_answer_of_the_others_away(opa: Opa, tree: Path) -> None:
    write(tree, "package psfpolicy\n\nreport := x if some x in input.xs\n")
    found = answers.answers(opa, tree, [{"xs": [1]}, {"xs": [1, 2]}, {"xs": []}])
    assert found.reports == {0: 1}
    assert list(found.refused) == [1]
    assert "produced conflicting values" in found.refused[1]
    assert answers.answers(opa, tree, []) == Answers({}, {}, ())


def test_rules_hold_where_they_are_skipped_printed_or_run_by_cases(opa: Opa, tree: Path) -> None:
    write(tree, "package psfpolicy\n\nreport := {}\n")
    lines = [
        "package psfpolicy.x_test",
        "",
        "test_a if true",
        "",
        "todo_test_b if false",
        "",
        'test_c if { print("said"); 1 == 2 }',
        "",
        'test_d[name] if { some name, v in {"one": 1, "two": 2}; v == 1 }',
    ]
    write(tree, "\n".join(lines), "x_test.rego")
    rules.allow(tree)
    sources = compiler.Sources({"rego/psfpolicy/x_test.rego": tree / "rego/psfpolicy/x_test.rego"})
    ran = rules.run(opa, tree, sources, pattern=None, covering=True)
    assert [(one.name, one.outcome) for one in ran.cases] == [
        ("x_test.test_a", "pass"),
        ("x_test.test_c", "fail"),
        ("x_test.test_d", "fail"),
        ("x_test.todo_test_b", "skip"),
    ]
    notes = [note for one in ran.cases for trouble in one.troubles for note in trouble.notes]
    assert {"printed: said", "it fails for the case `two`", "found:  2", "wanted: 1"} <= set(notes)
    assert ran.rules == ("psfpolicy/x_test/test_a",)
    assert dict(embedded.not_holding(opa, tree, ran.rules)) == {}


def test_rules_about_no_control_that_is_there_are_hollow_where_they_hold(opa: Opa, tree: Path) -> None:
    lines = ["package psfpolicy.controls.bank.owner_test", "", "test_pass_a if true", "", "test_of_nothing if true"]
    write(tree, "\n".join(lines), "owner_test.rego")
    rules.allow(tree)
    cases = rules.run(opa, tree, compiler.Sources({}), pattern=None, covering=False).cases
    assert hollow(opa, tree, cases, tree / "silent") == {"controls.bank.owner_test.test_pass_a"}
    assert hollow(opa, tree, cases[:1], tree / "none") == frozenset()
    assert not (tree / "none").exists()


def test_a_rule_that_holds_in_opa_alone_is_told(opa: Opa, tree: Path) -> None:
    write(tree, "package psfpolicy\n\nreport := {}\n")
    write(tree, "package psfpolicy.x_test\n\ntest_a if (1 / 3) * 3 == 1\n\ntest_b if false\n", "x_test.rego")
    rules.allow(tree)
    found = dict(embedded.not_holding(opa, tree, ["psfpolicy/x_test/test_b"]))
    assert [trouble.message for trouble in found.values()] == [
        "it holds in OPA, and does not hold in the embedded engine"
    ]
    found = dict(embedded.not_holding(opa, tree, ["psfpolicy/x_test/test_none"]))
    assert [trouble.message for trouble in found.values()] == ["the tests do not compile for the embedded engine"]


def test_a_rule_that_the_embedded_engine_stops_at_is_told_and_the_next_one_is_run(opa: Opa, tree: Path) -> None:
    write(tree, "package psfpolicy\n\nreport := {}\n")
    text = "package psfpolicy.x_test\n\ny := 1 if true\n\ny := 2 if true\n\ntest_a if y\n\ntest_b if true\n"
    write(tree, text, "x_test.rego")
    rules.allow(tree)
    found = dict(embedded.not_holding(opa, tree, ["psfpolicy/x_test/test_a", "psfpolicy/x_test/test_b"]))
    assert list(found) == ["psfpolicy/x_test/test_a"]
    assert found["psfpolicy/x_test/test_a"].message.startswith("it holds in OPA, and the embedded engine stops: ")


def test_an_error_of_a_rule_is_told(opa: Opa, tree: Path) -> None:
    write(tree, "package psfpolicy.x_test\n\ny := x if some x in [1, 2]\n\ntest_a if y\n", "x_test.rego")
    rules.allow(tree)
    ran = rules.run(opa, tree, compiler.Sources({}), pattern=None, covering=False)
    assert [trouble.message[:31] for one in ran.cases for trouble in one.troubles] == [
        "`test_a` could not be decided: "
    ]


def test_a_file_that_ends_too_early_is_shown_at_its_end(opa: Opa, tree: Path) -> None:
    write(tree, 'package psfpolicy\n\nz := {"a": 1\n\n')
    with pytest.raises(BuildError) as refused:
        compiler.refuse_syntax_errors(opa, tree)
    assert refused.value.details[0].endswith("report.rego:3:13: unexpected eof token: non-terminated object")
    write(tree, "package psfpolicy\n\nreport := 1\n")
    compiler.refuse_syntax_errors(opa, tree)


def test_a_change_is_seen_once_it_has_come_to_rest(tmp_path: Path) -> None:
    file = tmp_path / "a.rego"
    file.write_text("a")
    before, slept = state(tmp_path), []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) in {2, 3}:
            file.write_text("a" * (len(slept) + 1))

    assert changed(tmp_path, before, sleep) == state(tmp_path) != before
    assert len(slept) > 3


def test_what_tests_do_not_rest_on_is_not_looked_at(tmp_path: Path) -> None:
    for name in (".git/a.rego", "node_modules/a.yaml", "notes.txt", "fixtures/a.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    assert {Path(name).name for name, _, _ in state(tmp_path)} == {"a.yaml"}
    assert len(state(tmp_path)) == 1
