from __future__ import annotations

from dataclasses import replace

import pytest

from psfpolicy import waiving
from psfpolicy.model.granted import Waiver
from psfpolicy.model.report import Notice, Position

TODAY = "2026-11-21"
PLACE = Position(file="waivers.yaml", start_line=2, start_column=5, end_line=9, end_column=9)
WAIVER = Waiver(
    id="w1",
    control="evidence-undeclared",
    descriptor="production/case",
    path="spec.data.stores",
    status="fail",
    digest="d",
    owner="platform-team",
    approver="platform-security",
    ticket="SEC-1",
    created="2026-11-01",
    expires="2026-12-01",
    place=PLACE,
)
NOTICE = Notice(
    control="evidence-undeclared",
    severity="high",
    message="seen",
    path="spec.data.stores",
    place=PLACE,
    excerpt=None,
    fingerprint="f",
    digest="d",
    remediation="mend",
)


def found(path: str = "spec.data.stores", digest: str = "d", steps: int = 1) -> waiving.Candidate:
    paths = tuple(("facts", "evidence", number) for number in range(steps))
    return waiving.Candidate(replace(NOTICE, path=path, digest=digest), "fail", paths)


def held(waiver: Waiver, *there: waiving.Candidate) -> waiving.Held:
    return waiving.held(waiver, there, today=TODAY, unwaivable=())


@pytest.mark.parametrize(
    ("written", "path", "state"),
    [
        ("spec.data.stores[a]", "spec.data.stores[a]", "used"),
        ("spec.data.stores[a]", "spec.data.stores[a].location", "used"),
        ("spec.data.stores[a]", "spec.data.stores[a][b]", "used"),
        ("spec.data.stores[a]", "spec.data.stores[ab]", "unused"),
        ("spec.data.stores", "spec.data.stores[a]", "unused"),
        ("spec.data", "spec.data.stores", "unused"),
        ("", "", "used"),
        ("", "spec", "unused"),
    ],
)
def test_a_path_is_a_finding_or_a_named_item(written: str, path: str, state: str) -> None:
    assert held(replace(WAIVER, path=written), found(path)).state == state


def test_findings_that_reports_cannot_tell_apart_are_not_covered() -> None:
    assert held(WAIVER, found(), found()).state == "ambiguous"
    assert held(WAIVER, found(steps=2)).state == "ambiguous"
    assert waiving.grants([held(WAIVER, found(), found())]) == ()


def test_one_of_several_at_a_place_is_told_by_its_digest() -> None:
    chosen = held(WAIVER, found(digest="e"), found())
    assert (chosen.state, chosen.found) == ("used", (found(),))


def test_one_that_has_run_out_gives_what_is_at_its_place_and_no_leave() -> None:
    late = waiving.held(WAIVER, [found(digest="e")], today="2026-12-02", unwaivable=())
    assert (late.state, waiving.lapsed([late]), waiving.grants([late])) == ("expired", ("f",), ())


def test_what_the_policy_does_not_mark_is_not_said_to_be_waived() -> None:
    (use,) = waiving.uses([held(WAIVER, found())], {"f": None}, TODAY)
    assert (use.state, use.days_left) == ("unwaivable", 10)
    (use,) = waiving.uses([held(WAIVER, found())], {"f": "w1"}, TODAY)
    assert use.state == "used"


@pytest.mark.parametrize(
    ("owner", "approver"),
    [("a b", "ab"), ("Team", "TEAM"), ("\uff34eam", "team"), ("te\u00adam", "team"), ("STRASSE", "straße")],
)
def test_an_owner_who_is_the_approver_is_known_however_the_name_is_written(owner: str, approver: str) -> None:
    assert held(replace(WAIVER, owner=owner, approver=approver), found()).state == "self-approved"


def test_settings_may_protect_a_notice() -> None:
    state = waiving.held(WAIVER, [found()], today=TODAY, unwaivable=("evidence-undeclared",)).state
    assert state == "unwaivable"
