from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from psfpolicy.errors import NothingToAssessError, UsageError
from psfpolicy.fleet.held import Entry, Opened
from psfpolicy.fleet.view import viewed
from psfpolicy.fleet.worst import Worst
from psfpolicy.model.record import jsonable
from psfpolicy.model.report import Unassessed
from psfpolicy.schema import schema
from tests.unit.fleet.made import ENGINE, FLOW, LIMIT, SERVED, deployment, scored, source
from tests.unit.formats.reports import COMPARISON, GONE, PROBLEM

if TYPE_CHECKING:
    from psfpolicy.model.fleet import Fleet
    from psfpolicy.model.report import Verdict

FAILED = Unassessed(file="broken.yaml", problems=(PROBLEM, PROBLEM))


def view(*sources: Opened, top: int = 20) -> Fleet:
    return viewed(sources, top)


def test_the_order_of_the_reports_changes_nothing() -> None:
    sources = [source(deployment(name), name=name, as_of=f"2026-11-0{day}") for day, name in enumerate("abc", start=1)]
    assert view(*sources) == view(*reversed(sources))


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [(["pass"], 0), (["advisory", "pass"], 0), (["pass", "fail"], 1), (["fail", "undecided"], 4)],
)
def test_the_exit_code_is_that_of_the_worst_verdict(verdicts: list[Verdict], code: int) -> None:
    found = view(source(*(deployment(str(number), verdict) for number, verdict in enumerate(verdicts))))
    assert found.exit_code == code
    assert found.summary.deployments == len(verdicts)


def test_what_was_not_assessed_wins_over_every_verdict() -> None:
    found = view(source(deployment("a"), unassessed=(FAILED,)))
    assert (found.exit_code, found.summary.unassessed) == (4, 1)
    (row,) = found.not_assessed
    assert (row.file, row.problems, row.code, row.message) == ("broken.yaml", 2, PROBLEM.code, PROBLEM.message)
    assert view(source(unassessed=(FAILED,))).summary.as_of == ()


def test_a_file_without_a_problem_is_not_assessed_either() -> None:
    (row,) = view(source(unassessed=(Unassessed(file="x.yaml", problems=()),))).not_assessed
    assert row.message == "the report does not say why"


def test_an_interrupted_run_lacks_as_many_files_as_it_says() -> None:
    opened = replace(source(), entries=lambda: iter([Entry("interrupted", {"remaining": 7})]))
    found = view(opened)
    assert (found.exit_code, found.summary.unassessed, len(found.not_assessed)) == (4, 7, 1)


def test_nothing_at_all_is_nothing_to_show() -> None:
    with pytest.raises(NothingToAssessError, match="the reports hold no deployment"):
        view(source())
    with pytest.raises(NothingToAssessError, match="there is no report"):
        view()


def test_a_descriptor_that_is_gone_fails_where_its_gate_says_so() -> None:
    found = view(source(), replace(source(), name="r", entries=lambda: iter([Entry("gone", dict(_json(GONE)))])))
    assert (found.exit_code, found.summary.deployments) == (1, 1)
    (row,) = found.deployments
    assert (row.gone, row.gate, row.overall) == (True, None, None)


def _json(value: object) -> Any:
    return jsonable(value)


def test_deployments_stand_undecided_first_then_by_score() -> None:
    items = [
        deployment("good", "pass"),
        replace(deployment("none"), overall=None),
        deployment("bad"),
        deployment("open", "undecided"),
    ]
    found = view(source(*items))
    assert [row.id for row in found.deployments] == [
        "production/open",
        "production/none",
        "production/bad",
        "production/good",
    ]


def test_a_deployment_says_what_its_controls_say_and_its_worst_domains() -> None:
    item = deployment("a")
    controls = tuple(
        replace(item.controls[0], id=name, effective=name) for name in ("error", "fail", "partial", "waived", "pass")
    )
    domains = tuple(
        replace(scored(item, value).domains[0], id=name) for name, value in zip("abcd", (39, 80, 39, None), strict=True)
    )
    found = view(source(replace(item, controls=controls, domains=domains)))
    (row,) = found.deployments
    assert (row.error, row.fail, row.partial, row.waived) == (1, 1, 1, 1)
    assert row.worst == ("a", "c")
    assert view(source(scored(item, 100))).deployments[0].worst == ()
    assert view(source(scored(item, None))).deployments[0].worst == ()


def test_domains_are_counted_by_band_the_most_gaps_first() -> None:
    items = [
        scored(deployment("a"), 80),
        scored(deployment("b"), 10),
        scored(deployment("c"), 10),
        scored(deployment("d"), None),
    ]
    found = view(source(*items))
    first, second = found.domains
    assert (first.id, first.gap, first.partial, first.strong, first.none) == ("PSF-1", 2, 0, 1, 1)
    assert (first.lowest, first.lowest_of) == (10, "production/b")
    assert (second.id, second.none, second.lowest, second.lowest_of) == ("OPS", 4, None, None)


def test_controls_stand_by_how_often_they_fail_and_those_that_pass_are_left_out() -> None:
    def item(name: str, **says: Any) -> Any:
        made = deployment(name)
        return replace(
            made, controls=tuple(replace(made.controls[0], id=id_, effective=is_) for id_, is_ in says.items())
        )

    found = view(
        source(
            item("a", one="fail", two="fail", three="pass", four="error", five="waived"),
            item("b", one="partial", two="fail", three="not-applicable", four="pass", five="pass"),
        )
    )
    assert [row.id for row in found.controls] == ["four", "two", "one", "five"]
    assert [(row.error, row.fail, row.partial, row.passed, row.waived) for row in found.controls] == [
        (1, 0, 0, 1, 0),
        (0, 2, 0, 0, 0),
        (0, 1, 1, 0, 0),
        (0, 0, 0, 1, 1),
    ]


def test_flows_over_borders_are_counted_and_what_nobody_can_tell_stands_first() -> None:
    home = replace(FLOW, border=False, country="DE")
    unsaid = replace(FLOW, border=None, country=None, third_party=None)
    weights = replace(FLOW, carries=("weights",), third_party=False)
    found = view(
        source(
            deployment("a", flows=(FLOW, weights, home)),
            deployment("b", flows=(FLOW,)),
            deployment("c", flows=(unsaid,)),
        )
    )
    shown = [
        (row.home, row.country, row.known, row.deployments, row.flows, row.third_party, row.prompts)
        for row in found.borders
    ]
    assert shown == [("DE", None, False, 1, 1, 0, 1), ("DE", "US", True, 2, 3, 2, 2)]


def test_engines_are_counted_by_version_the_affected_first() -> None:
    clean = replace(SERVED, engine=replace(ENGINE, version="0.33.0", advisories=()))
    unsaid = replace(
        SERVED, engine=replace(ENGINE, name=None, title=None, version=None, standing="open", advisories=())
    )
    maybe = replace(ENGINE.advisories[0], standing="open")
    open_ = replace(SERVED, engine=replace(ENGINE, version="0.12.0", advisories=(maybe,)))
    served = (clean, clean, unsaid, open_, SERVED)
    found = view(source(*(deployment(str(number), served=item) for number, item in enumerate(served))))
    assert [(row.name, row.version, row.deployments, row.affected, row.open) for row in found.engines] == [
        ("vLLM", "0.11.0", 1, 1, 0),
        ("vLLM", "0.12.0", 1, 0, 1),
        (None, None, 1, 0, 0),
        ("vLLM", "0.33.0", 2, 0, 0),
    ]
    assert found.engines[0].advisories == ("CVE-1", "CVE-3")
    assert [(row.id, row.deployments) for row in found.advisories] == [
        ("CVE-1", {"affected": 1, "open": 1, "noted": 0, "unmet": 0}),
        ("CVE-3", {"affected": 0, "open": 0, "noted": 1, "unmet": 0}),
    ]


def test_licences_at_their_limits_are_listed_and_the_others_counted() -> None:
    limits = (
        LIMIT,
        replace(LIMIT, path="spec.inputs.guards[g]"),
        replace(LIMIT, name="over", users=2_000_000, percent=200, standing="above"),
        replace(LIMIT, name="own", licence=None, title=None, limit=None, users=None, percent=None, standing="open"),
        replace(LIMIT, name="small", users=1, percent=0, standing="below"),
        replace(LIMIT, name="agreed", standing="replaced"),
    )
    found = view(source(deployment("a", served=replace(SERVED, licences=limits))))
    assert [(row.name, row.standing, row.percent) for row in found.licences] == [
        ("over", "above", 200),
        ("own", "open", None),
        ("acme/large", "near", 90),
    ]
    assert found.summary.limits == {"above": 1, "open": 1, "near": 1, "below": 1, "replaced": 1}


def test_a_report_that_does_not_tell_what_is_served_is_counted_as_that() -> None:
    found = view(source(deployment("a", served=None)))
    assert (found.summary.not_told, found.engines, found.licences) == (1, (), ())
    assert found.borders[0].home is None


def test_the_newer_of_two_answers_counts_and_the_older_is_told() -> None:
    old = source(deployment("a", "pass"), name="old", as_of="2026-11-20")
    new = source(deployment("a"), name="new")
    for found in (view(old, new), view(new, old)):
        assert found.summary.verdicts == {"undecided": 0, "fail": 1, "advisory": 0, "pass": 0}
        assert found.summary.as_of == ("2026-11-21",)
        assert [(row.id, row.source, row.newer) for row in found.superseded] == [("production/a", "old", "new")]
        assert [(row.name, row.deployments, row.superseded) for row in found.sources] == [("new", 1, 0), ("old", 1, 1)]


def test_of_two_answers_of_one_day_the_later_counts() -> None:
    late = source(deployment("a"), name="late", generated_at="2026-11-21T00:00:01Z")
    assert view(source(deployment("a", "pass"), name="early"), late).exit_code == 1


def test_two_answers_of_one_time_are_refused() -> None:
    with pytest.raises(UsageError, match="`a` and `b` both hold `production/x`, and neither is newer"):
        view(source(deployment("x"), name="b"), source(deployment("x", "pass"), name="a"))


def test_a_newer_answer_that_is_written_elsewhere_hides_nothing() -> None:
    old = source(deployment("x"), name="old", as_of="2026-11-20")
    new = source(replace(deployment("x", "pass"), file="other.yaml"), name="new")
    with pytest.raises(UsageError, match=r"written in `other\.yaml` in the one and in `x\.yaml` in the other"):
        view(old, new)


def test_a_report_that_names_a_deployment_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="holds `production/x` twice"):
        view(source(deployment("x"), deployment("x", "pass")))


def test_lists_are_cut_and_say_how_many_there_are() -> None:
    items = [deployment(f"{number:03}") for number in range(50)]
    found = view(source(*items, unassessed=(FAILED, replace(FAILED, file="other.yaml"))), top=1)
    assert [row.id for row in found.deployments] == ["production/000"]
    assert [row.file for row in found.not_assessed] == ["broken.yaml"]
    assert len(found.licences) == 1
    rows = found.summary.rows
    assert (rows["deployments"], rows["notAssessed"], rows["licences"], rows["domains"]) == (50, 2, 50, 2)
    assert found.summary.verdicts["fail"] == 50


def test_the_first_of_many_are_kept_whatever_their_order() -> None:
    kept = Worst[int](3, lambda item: (item,))
    for number in (5, 3, 9, 1, 7, 2):
        kept.add(number)
    assert (kept.kept, kept.total) == ((1, 2, 3), 6)


def test_a_long_name_is_cut() -> None:
    found = view(source(replace(deployment("x"), id="x" * 1000)))
    assert found.deployments[0].id == "x" * 239 + "…"


def test_a_view_is_of_its_schema() -> None:
    compared = source(
        deployment("a"), deployment("b", "undecided", served=None), unassessed=(FAILED,), comparison=COMPARISON
    )
    older = source(deployment("a"), name="older", as_of="2026-11-20")
    validator = jsonschema_rs.validator_for(schema("fleet-v1"))
    validator.validate(_json(view(compared, older)))
