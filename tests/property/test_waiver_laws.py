"""Laws of waivers: raw scores stay, and none is granted for an error or for two findings."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from psfpolicy import source, waiving
from psfpolicy.engine.wasm import WasmEngine
from psfpolicy.model.granted import Waiver
from psfpolicy.model.report import STATUSES, Notice, Position, Status

if TYPE_CHECKING:
    from typing import Literal

DESCRIPTOR = Path(__file__).parents[2] / "examples/llama-3.1-70b/out-of-the-box.yaml"
examples = settings(max_examples=60, deadline=None)


@cache
def engine() -> WasmEngine:
    return WasmEngine.bundled()


@cache
def descriptor() -> Any:
    (document,) = source.read(DESCRIPTOR.read_bytes(), file="deploy.yaml")
    return document.data


def asked(waivers: Any) -> Any:
    return engine().evaluate(
        {
            "descriptor": descriptor(),
            "facts": {"evidence": [], "secrets": []},
            "catalogue": {},
            "waivers": waivers,
            "today": "2026-11-21",
            "gate": "standard",
            "parameters": {"unwaivable": ["input-audit-log"], "thresholds": {}, "requireEvidence": []},
        }
    )


@cache
def grantable() -> list[dict[str, Any]]:
    """Give a waiver for every finding, whatever its status."""
    controls: Any = asked([])["controls"]
    return [
        {"id": f"w{number}", "control": id_, "path": finding["path"]}
        for number, (id_, finding) in enumerate(
            (id_, finding) for id_, control in sorted(controls.items()) for finding in control["findings"]
        )
    ]


PLACE = Position(file="deploy.yaml", start_line=1, start_column=1, end_line=1, end_column=2)
NOTICE = Notice(
    control="evidence-undeclared",
    severity="high",
    message="seen",
    path="spec.data.stores",
    place=PLACE,
    excerpt=None,
    fingerprint="f",
    digest="a",
    remediation="mend",
)


def candidate(status: Status, digest: str, number: int) -> waiving.Candidate:
    item = replace(NOTICE, digest=digest, fingerprint=str(number))
    return waiving.Candidate(item, status, (("facts", "evidence", number),))


def waiver(status: Status, digest: str) -> Waiver:
    return Waiver(
        id="w",
        control="evidence-undeclared",
        descriptor="production/case",
        path="spec.data.stores",
        status=cast("Literal['fail', 'partial']", status),
        digest=digest,
        owner="platform-team",
        approver="platform-security",
        ticket="SEC-1",
        created="2026-11-21",
        expires="2026-11-21",
        place=PLACE,
    )


chosen = st.sets(st.integers(0, 2000)).map(sorted)


def some_of(numbers: list[int]) -> list[dict[str, Any]]:
    every = grantable()
    return [every[number] for number in sorted({number % len(every) for number in numbers})]


@examples
@given(numbers=chosen)
def test_a_waiver_never_changes_a_raw_score_nor_a_status(numbers: list[int]) -> None:
    bare, waived = asked([]), asked(some_of(numbers))
    for kind in ("domains", "apart"):
        assert {id_: sums["raw"] for id_, sums in waived[kind].items()} == {
            id_: sums["raw"] for id_, sums in bare[kind].items()
        }
    assert waived["overall"]["raw"] == bare["overall"]["raw"]
    assert {id_: item["status"] for id_, item in waived["controls"].items()} == {
        id_: item["status"] for id_, item in bare["controls"].items()
    }
    for id_ in ("deploy-prohibited-use", "input-audit-log"):
        assert all("waiver" not in finding for finding in waived["controls"][id_]["findings"])


@given(
    there=st.lists(st.tuples(st.sampled_from(STATUSES), st.sampled_from("ab"))),
    asked_for=st.lists(st.tuples(st.sampled_from(["fail", "partial"]), st.sampled_from("ab"))),
)
def test_no_number_of_waivers_or_comments_is_granted_for_an_error_or_for_two_findings(
    there: list[tuple[Status, str]], asked_for: list[tuple[Status, str]]
) -> None:
    found = [candidate(status, digest, number) for number, (status, digest) in enumerate(there)]
    held = [
        waiving.held(waiver(status, digest), found, today="2026-11-21", unwaivable=()) for status, digest in asked_for
    ]
    for (status, digest), item, grant in zip(
        asked_for, held, map(waiving.grants, [[item] for item in held]), strict=True
    ):
        assert (len(grant) == 1) == (there.count((status, digest)) == 1) == (item.state == "used")
        assert [each.status for each in item.found] == [status] * len(grant)


def test_every_waiver_at_once_passes_nothing_that_no_waiver_may_cover() -> None:
    answer = asked(grantable())
    assert answer["gate"]["verdict"] == "fail"
    assert {"kind": "critical-fail", "control": "deploy-prohibited-use"} in answer["gate"]["reasons"]
