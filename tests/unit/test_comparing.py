from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy.comparing import check, policy
from psfpolicy.errors import UsageError
from psfpolicy.gates import GateRule
from psfpolicy.model.run import Compare, Request
from tests.conftest import AS_OF
from tests.scratch import DESCRIPTOR, Scratch, named

if TYPE_CHECKING:
    from psfpolicy.model.report import Finding, Report

PATCHING = "  security: {patching: {%s}}\n"
PARTIAL = DESCRIPTOR + PATCHING % "slaDays: 60, owner: platform-security"
FAILS = DESCRIPTOR + PATCHING % "slaDays: 60"


def compared(*, today: str = AS_OF, paths: tuple[str, ...] = (), **how: Any) -> Report:
    wanted = Compare(base="HEAD", **how)
    settings, between = policy(wanted, None)
    gate = GateRule(requested="standard", floors=settings.floors)
    request = Request(paths=paths, gate=gate, today=today, generated_at=f"{today}T00:00:00Z")
    return check(request, between)


def patching(report: Report) -> Finding:
    (assessment,) = report.assessments
    (finding,) = [item for item in assessment.findings if item.control == "security-patching" and item.change]
    return finding


@pytest.mark.parametrize(
    ("was", "is_", "change", "held"), [(PARTIAL, FAILS, "worsened", True), (FAILS, PARTIAL, "improved", False)]
)
def test_what_gets_worse_holds_the_gate_and_what_gets_better_does_not(
    scratch: Scratch, was: str, is_: str, change: str, *, held: bool
) -> None:
    scratch.commit({"a.yaml": was})
    scratch.write({"a.yaml": is_})
    report = compared(fail_on_new=True)
    assert report.comparison is not None
    assert patching(report).change == change
    assert {key: count for key, count in report.comparison.changes.items() if count and key != "existing"} == {
        change: 1
    }
    (assessment,) = report.assessments
    assert ("new-finding" in {reason.kind for reason in assessment.gate.reasons}) is held


def test_the_day_of_the_base_is_asked_only_where_a_finding_stands(scratch: Scratch) -> None:
    scratch.commit({"a.yaml": PARTIAL}, GIT_COMMITTER_DATE="2026-01-01T12:00:00Z")
    scratch.write({"a.yaml": PARTIAL + "# more\n"})
    finding = patching(compared())
    assert (finding.change, finding.aged) == ("existing", False)


def test_a_descriptor_in_another_environment_is_the_same_one_with_all_its_findings_new(scratch: Scratch) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR})
    scratch.write({"a.yaml": DESCRIPTOR.replace("environment: production", "environment: staging")})
    report = compared()
    assert report.comparison is not None
    assert (report.comparison.vanished, report.comparison.changes["existing"]) == ((), 0)
    (assessment,) = report.assessments
    assert [(item.control, item.severity) for item in assessment.reduced] == [("scope-reduced", "critical")]


def test_of_two_that_may_be_the_one_that_was_there_neither_is(scratch: Scratch) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR})
    scratch.write({"a.yaml": f"{named('one')}---\n{named('two')}"})
    report = compared()
    assert report.comparison is not None
    assert [item.id for item in report.comparison.vanished] == ["production/case"]
    assert len(report.assessments) == 2


def test_a_word_that_leaves_a_list_is_named_by_itself(scratch: Scratch) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR.replace("regimes: [gdpr]", "regimes: [eu-sovereign, gdpr]")})
    scratch.write({"a.yaml": DESCRIPTOR})
    (assessment,) = compared().assessments
    assert [item.path for item in assessment.reduced] == ["spec.regimes[eu-sovereign]"]


def test_of_many_files_the_assessments_are_packed_and_compared_all_the_same(scratch: Scratch) -> None:
    scratch.commit({f"{number}.yaml": named(f"case-{number}") for number in range(40)})
    scratch.write({f"{number}.yaml": named(f"case-{number}") + "# more\n" for number in range(40)})
    report = compared()
    assert report.comparison is not None
    assert report.summary.descriptors == 40
    assert [count > 0 for count in report.comparison.changes.values()] == [False, False, False, True, False]


def test_another_file_of_the_same_name_that_is_another_deployment_is_left_alone(scratch: Scratch) -> None:
    scratch.commit(
        {"a.yaml": DESCRIPTOR, "b.yaml": DESCRIPTOR.replace("environment: production", "environment: staging")}
    )
    scratch.write({"a.yaml": DESCRIPTOR + "# more\n"})
    report = compared()
    assert [item.file for item in report.assessments] == ["a.yaml"]


def test_only_what_was_named_is_assessed_and_a_name_of_neither_side_is_wrong(scratch: Scratch) -> None:
    scratch.commit({"a/a.yaml": DESCRIPTOR, "b/b.yaml": named("other")})
    scratch.write({"a/a.yaml": DESCRIPTOR + "# more\n", "b/b.yaml": named("other") + "# more\n"})
    assert [item.file for item in compared(paths=("a",)).assessments] == ["a/a.yaml"]
    with pytest.raises(UsageError, match="neither here nor at the base"):
        compared(paths=("c",))


def test_settings_that_only_the_head_has_wait_where_the_policy_is_that_of_the_base(scratch: Scratch) -> None:
    scratch.commit({"a.yaml": DESCRIPTOR})
    scratch.write({".psfpolicy.yaml": "gate: strict\n", "rows.yaml": "models: {}\n"})
    settings, between = policy(Compare(base="HEAD", policy_from="base"), None)
    assert (settings.floors, between.how.policy_changes) == ((), (".psfpolicy.yaml",))
    settings, between = policy(Compare(base="HEAD"), str(scratch.root / ".psfpolicy.yaml"))
    assert (len(settings.floors) > 0, between.how.policy_changes) == (True, ())
