from __future__ import annotations

import pytest

from psfpolicy.policytest.expecting import expectations
from psfpolicy.source import Text

KNOWN = ("bank-owner", "bank-region")


def read(content: str) -> tuple[list[tuple[int, str, str]], list[str]]:
    expected, troubles = expectations(Text("f.yaml", content), KNOWN)
    return [(one.line, one.control, one.status) for one in expected], [trouble.at for trouble in troubles]


def test_a_comment_is_for_its_line_and_one_that_stands_alone_for_the_next_with_anything_on_it() -> None:
    content = "a: 1 # expect: bank-owner fail\n# expect: bank-region not-applicable\n\n# prose\nb: 2\n"
    assert read(content) == ([(1, "bank-owner", "fail"), (5, "bank-region", "not-applicable")], [])


def test_several_stand_in_one_comment() -> None:
    assert read("a: 1 # expect: bank-owner pass ,bank-region  partial\n") == (
        [(1, "bank-owner", "pass"), (1, "bank-region", "partial")],
        [],
    )


def test_what_stands_in_a_text_is_no_comment() -> None:
    assert read('a: "# expect: bank-owner fail"\nb: |\n  # expect: bank-owner fail\n') == ([], [])


@pytest.mark.parametrize(
    ("comment", "wrong"),
    [
        ("# expect: bank-ownr fail", "names `bank-ownr`, which is no control; did you mean `bank-owner`?"),
        ("# expect: bank-owner error", "says `error`, which is none of `pass`, `partial`, `fail` or `not-applicable`"),
        ("# expect: bank-owner", "says no control and status"),
        ("# expect:", "says no control and status"),
        ("# expects: bank-owner fail", "says no control and status"),
        ("# EXPECT: bank-owner fail", "says no control and status"),
        ("# expect: bank-owner fail,", "says no control and status"),
        ("# expect: bank-owner: fail", "says no control and status"),
        ("# expect bank-owner fail", "says no control and status"),
        ("# expected bank-owner not-applicable", "says no control and status"),
        ("# ours # expect: bank-owner fail", "says no control and status"),
    ],
)
def test_a_comment_that_expects_nothing_is_a_mistake(comment: str, wrong: str) -> None:
    assert read(f"a: 1 {comment}\n")[1] == [f"f.yaml:1:6: this expectation {wrong}"]


@pytest.mark.parametrize(
    "comment", ["# we expect all to pass", "# expect the best to fail", "# expect bank-owner soon"]
)
def test_prose_that_expects_is_no_expectation(comment: str) -> None:
    assert read(f"a: 1 {comment}\n") == ([], [])


def test_a_comment_over_nothing_is_a_mistake() -> None:
    assert read("a: 1\n# expect: bank-owner fail\n") == ([], ["f.yaml:2:1: this expectation stands over nothing"])


def test_what_is_wrong_in_a_comment_leaves_its_other_expectations() -> None:
    assert read("a: 1 # expect: nothing fail, bank-owner fail\n")[0] == [(1, "bank-owner", "fail")]
