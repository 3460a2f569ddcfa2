from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

import pytest

from psfpolicy.answer import RawFlow, RawRow, read_answer, read_collation, read_sizing
from psfpolicy.capacity import Capacity
from psfpolicy.errors import AnswerError
from psfpolicy.model.report import STATUSES, Baseline, BaselineDomain, CatalogueAge, Evidenced, Overall, Reason
from psfpolicy.resources import ControlInfo


def info(id_: str, *, domain: str = "PSF-1", apart: bool = False) -> ControlInfo:
    return ControlInfo(
        id=id_,
        domain=domain,
        domain_title="Input Governance",
        apart=apart,
        gated=True,
        title=id_,
        description="",
        severity="critical",
        criterion=None,
        provenance="ours",
        remediation="",
        references=(),
        good="",
        bad="",
        crosswalk={},
        crosswalk_provenance="ours",
        waivable=True,
        file="",
    )


SCORE = {"earned": 16, "possible": 16, "score": 100, "capped": False, "band": "Strong"}
RAW: dict[str, Any] = {
    "controls": {
        "input-a": {
            "domain": "PSF-1",
            "apart": False,
            "severity": "critical",
            "status": "pass",
            "effective": "pass",
            "findings": [{"path": ["spec", "a", 0], "status": "pass", "message": "good", "reads": [["spec", "a"]]}],
        }
    },
    "domains": {
        "PSF-1": {"raw": SCORE, "effective": SCORE, "evidenced": {"passes": 3, "evidenced": 2, "share": 67}},
    },
    "apart": {},
    "overall": {"raw": {"score": 100, "band": "Strong"}, "effective": None},
    "gate": {"name": "standard", "verdict": "pass", "reasons": []},
    "baseline": {
        "model": "small-one",
        "title": "Small One",
        "ofBase": True,
        "configuration": None,
        "overall": 63,
        "domains": {"PSF-2": {"score": 60, "band": "partial"}, "PSF-1": {"score": 67, "band": "strong"}},
        "date": "2026-05",
        "source": "https://example.org/small-one",
    },
    "undeclared": {},
    "reduced": [],
    "flows": [
        {
            "path": ["spec", "inputs", "guards", 0],
            "kind": "guard",
            "name": "g",
            "carries": ["responses", "prompts"],
            "country": None,
            "operator": "acme",
            "jurisdiction": "US",
            "thirdParty": True,
            "border": None,
        }
    ],
    "served": {
        "home": "DE",
        "engine": {
            "name": "vllm",
            "row": "vllm",
            "title": "vLLM",
            "version": "0.13.9",
            "tag": None,
            "standing": "compared",
            "advisories": [
                {"id": "CVE-2026-2", "severity": None, "standing": "noted"},
                {"id": "CVE-2026-1", "severity": "high", "standing": "affected"},
            ],
        },
        "licences": [
            {
                "path": ["spec", "model", "id"],
                "name": "acme/large",
                "licence": "acme-community",
                "title": "Acme Community License",
                "limit": 1000,
                "counted": None,
                "users": 900,
                "percent": 90,
                "standing": "near",
            }
        ],
    },
    "catalogue": {"oldest": "2026-11-01", "newest": "2026-11-20", "days": 20, "stale": False},
}
SIZING: dict[str, Any] = {
    "status": "fail",
    "message": "too large",
    "figures": {
        "model": "small-one",
        "format": "fp8",
        "accelerators": 1,
        "weights": 1_000,
        "spare": -50,
        "needed": {"tensorParallel": 2, "count": 2},
        "changes": [{"quantization": "fp4"}, {"tensorParallel": 2, "count": 2}],
    },
}


def changed(*path: str | int, to: object, of: dict[str, Any] = RAW) -> dict[str, Any]:
    raw = copy.deepcopy(of)
    node: Any = raw
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = to
    return raw


def test_an_answer_of_the_contract_is_read() -> None:
    answer = read_answer(RAW, {"input-a": info("input-a")}, "standard")
    (finding,) = answer.controls["input-a"].findings
    assert finding.path == ("spec", "a", 0)
    assert finding.reads == (("spec", "a"),)
    assert finding.waiver is None
    assert (answer.overall_raw, answer.overall) == (Overall(score=100, band="Strong"), None)
    assert answer.verdict == "pass"
    assert answer.evidenced == {"PSF-1": Evidenced(passes=3, evidenced=2, share=67)}
    assert answer.catalogue_age == CatalogueAge(oldest="2026-11-01", newest="2026-11-20", days=20, stale=False)


def test_a_flow_is_read_with_what_nobody_said_as_none() -> None:
    answer = read_answer(RAW, {"input-a": info("input-a")}, "standard")
    assert answer.flows == (
        RawFlow(
            path=("spec", "inputs", "guards", 0),
            kind="guard",
            name="g",
            carries=("prompts", "responses"),
            country=None,
            operator="acme",
            jurisdiction="US",
            third_party=True,
            border=None,
        ),
    )


def test_the_published_baseline_is_read_in_the_order_of_the_domains() -> None:
    answer = read_answer(RAW, {"input-a": info("input-a")}, "standard")
    assert answer.baseline == Baseline(
        model="small-one",
        title="Small One",
        of_base=True,
        configuration=None,
        overall=63,
        domains=(
            BaselineDomain(id="PSF-1", score=67, band="strong"),
            BaselineDomain(id="PSF-2", score=60, band="partial"),
        ),
        date="2026-05",
        source="https://example.org/small-one",
    )


def test_a_model_without_a_published_assessment_has_no_baseline() -> None:
    assert read_answer(changed("baseline", to=None), {"input-a": info("input-a")}, "standard").baseline is None


def test_what_is_served_with_is_read_with_advisories_by_id() -> None:
    served = read_answer(RAW, {"input-a": info("input-a")}, "standard").served
    assert served is not None
    assert (served.home, served.engine.version, served.engine.tag, served.engine.standing) == (
        "DE",
        "0.13.9",
        None,
        "compared",
    )
    assert [(item.id, item.severity, item.standing) for item in served.engine.advisories] == [
        ("CVE-2026-1", "high", "affected"),
        ("CVE-2026-2", None, "noted"),
    ]
    (item,) = served.licences
    assert (item.path, item.limit.users, item.limit.percent, item.limit.standing) == (
        ("spec", "model", "id"),
        900,
        90,
        "near",
    )


def test_a_sizing_is_read_and_what_is_not_known_is_none() -> None:
    sizing = read_sizing(SIZING)
    assert (sizing.status, sizing.message) == ("fail", "too large")
    assert sizing.capacity == Capacity(
        model="small-one",
        format="fp8",
        accelerators=1,
        weights=1_000,
        spare=-50,
        needed={"count": 2, "tensorParallel": 2},
        changes=({"count": 2, "tensorParallel": 2}, {"quantization": "fp4"}),
    )


@pytest.mark.parametrize(
    "raw",
    [
        {},
        changed("status", to="green", of=SIZING),
        changed("message", to="", of=SIZING),
        changed("figures", to=None, of=SIZING),
        changed("figures", "budget", to="72 GB", of=SIZING),
        changed("figures", "budget", to=72.5, of=SIZING),
        changed("figures", "budget", to=True, of=SIZING),
        changed("figures", "budget", to=None, of=SIZING),
        changed("figures", "model", to="", of=SIZING),
        changed("figures", "format", to=8, of=SIZING),
        changed("figures", "price", to=7, of=SIZING),
        changed("figures", "needed", to={"accelerators": 2}, of=SIZING),
        changed("figures", "needed", to=2, of=SIZING),
        changed("figures", "changes", 0, to={"quantization": 4}, of=SIZING),
        changed("figures", "changes", to=7, of=SIZING),
    ],
)
def test_a_sizing_of_another_shape_is_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(AnswerError, match="not of the agreed shape"):
        read_sizing(raw)


def test_a_control_that_did_not_answer_is_an_error_and_leaves_no_verdict() -> None:
    answer = read_answer(RAW, {"input-a": info("input-a"), "input-b": info("input-b")}, "standard")
    assert answer.controls["input-b"].status == "error"
    assert answer.controls["input-b"].findings[0].path == ()
    assert answer.verdict == "undecided"
    assert answer.reasons == (Reason(kind="error", control="input-b", domain=None, score=None, threshold=None),)


def test_a_domain_that_is_scored_apart_has_a_score_of_its_own() -> None:
    raw = changed("controls", "ops-a", to={**RAW["controls"]["input-a"], "domain": "OPS", "apart": True})
    raw["apart"] = {"OPS": {"raw": SCORE, "effective": {**SCORE, "score": 50}, "evidenced": None}}
    catalogue = {"input-a": info("input-a"), "ops-a": info("ops-a", domain="OPS", apart=True)}
    answer = read_answer(raw, catalogue, "standard")
    assert list(answer.domains) == ["PSF-1"]
    assert [(name, raw.score, effective.score) for name, (raw, effective) in answer.apart.items()] == [("OPS", 100, 50)]
    with pytest.raises(AnswerError, match="no score for OPS"):
        read_answer({**raw, "apart": {}, "domains": {**raw["domains"], **raw["apart"]}}, catalogue, "standard")


def test_a_verdict_does_not_stand_over_an_error() -> None:
    raw = changed("controls", "input-a", "status", to="error")
    raw["controls"]["input-a"]["findings"][0]["status"] = "error"
    raw["controls"]["input-a"]["effective"] = "error"
    answer = read_answer(raw, {"input-a": info("input-a")}, "standard")
    assert answer.verdict == "undecided"
    assert [reason.kind for reason in answer.reasons] == ["error"]


@pytest.mark.parametrize(
    "raw",
    [
        {},
        changed("controls", to=[]),
        changed("controls", to={"input-x": RAW["controls"]["input-a"]}),
        changed("controls", "input-a", "status", to="passed"),
        changed("controls", "input-a", "findings", to=[]),
        changed("controls", "input-a", "domain", to="PSF-2"),
        changed("controls", "input-a", "severity", to="low"),
        changed("controls", "input-a", "apart", to=True),
        changed("controls", "input-a", "findings", 0, "message", to=""),
        changed("served", to=None),
        changed("served", "home", to=""),
        changed("served", "engine", to=None),
        changed("served", "engine", "standing", to="fine"),
        changed("served", "engine", "advisories", 0, "severity", to="grave"),
        changed("served", "engine", "advisories", 0, "standing", to="met"),
        changed("served", "licences", to={}),
        changed("served", "licences", 0, "name", to=None),
        changed("served", "licences", 0, "percent", to=90.5),
        changed("served", "licences", 0, "standing", to="over"),
        changed("controls", "input-a", "findings", 0, "message", to=7),
        changed("controls", "input-a", "findings", 0, "path", to="spec.a"),
        changed("controls", "input-a", "findings", 0, "status", to="ok"),
        changed("controls", "input-a", "findings", 0, "reads", to=[7]),
        changed("controls", "input-a", "status", to="partial"),
        changed("controls", "input-a", "findings", 0, "status", to="fail"),
        changed("controls", "input-a", "findings", 0, "path", to=["spec", True]),
        changed("gate", "name", to="advisory"),
        changed("gate", "verdict", to="advisory"),
        changed("gate", "verdict", to="fail"),
        changed("gate", "verdict", to="green"),
        changed("gate", "reasons", to=[{"kind": "critical-fail", "control": "input-a"}]),
        changed("domains", to={}),
        changed("domains", "PSF-1", "raw", to=None),
        changed("domains", "PSF-1", "evidenced", to={"passes": 3, "evidenced": 2}),
        changed("apart", to=None),
        changed("apart", to={"OPS": {"raw": SCORE, "effective": None}}),
        changed("domains", "PSF-1", "raw", to={**SCORE, "score": 59.6}),
        changed("domains", "PSF-1", "raw", to={**SCORE, "capped": "no"}),
        changed("domains", "PSF-1", "raw", to={**SCORE, "band": "Great"}),
        changed("overall", to=None),
        changed("baseline", to={}),
        changed("baseline", "overall", to=63.5),
        changed("flows", to={}),
        changed("flows", 0, "path", to="spec.inputs"),
        changed("flows", 0, "kind", to="pipe"),
        changed("flows", 0, "name", to=""),
        changed("flows", 0, "carries", to="prompts"),
        changed("flows", 0, "carries", to=["secrets"]),
        changed("flows", 0, "country", to=""),
        changed("flows", 0, "operator", to=7),
        changed("flows", 0, "thirdParty", to="no"),
        changed("flows", 0, "border", to=0),
        changed("catalogue", to=None),
        changed("catalogue", "days", to="20"),
        changed("catalogue", "stale", to="no"),
    ],
)
def test_an_answer_of_another_shape_is_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(AnswerError, match="not of the agreed shape"):
        read_answer(raw, {"input-a": info("input-a")}, "standard")


def found(*findings: tuple[str, str | None], effective: str, verdict: str = "pass") -> dict[str, Any]:
    control = RAW["controls"]["input-a"]
    rows = [
        {**control["findings"][0], "path": [number], "status": status} | ({"waiver": waiver} if waiver else {})
        for number, (status, waiver) in enumerate(findings)
    ]
    worst = min((status for status, _ in findings), key=STATUSES.index)
    raw = changed("controls", "input-a", to={**control, "status": worst, "effective": effective, "findings": rows})
    reasons = [] if verdict == "pass" else [{"kind": "critical-fail", "control": "input-a"}]
    return {**raw, "gate": {"name": "standard", "verdict": verdict, "reasons": reasons}}


@pytest.mark.parametrize(
    "raw",
    [
        found(("fail", "W-1"), ("pass", None), effective="waived"),
        found(("fail", "W-1"), ("not-applicable", None), effective="waived"),
        found(("fail", "W-1"), ("partial", None), effective="partial"),
        found(("fail", "W-1"), ("fail", None), effective="fail", verdict="fail"),
    ],
)
def test_what_a_waiver_leaves_is_what_counts(raw: dict[str, Any]) -> None:
    answer = read_answer(raw, {"input-a": info("input-a")}, "standard", waivers={("W-1", "input-a")})
    assert answer.controls["input-a"].effective == raw["controls"]["input-a"]["effective"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (found(("fail", None), effective="fail"), "input-a, which no gate lets fail"),
        (found(("fail", None), effective="waived"), "its findings make it fail"),
        (found(("pass", None), effective="green"), "input-a counts as green"),
        (found(("fail", None), effective="pass"), "its findings make it fail"),
        (found(("fail", "W-1"), ("fail", None), effective="waived"), "its findings make it fail"),
        (found(("partial", None), effective="waived"), "its findings make it partial"),
        (found(("fail", "W-2"), effective="waived"), "waived by W-2, which does not cover that"),
        (found(("pass", "W-1"), effective="waived"), "waived by W-1, which does not cover that"),
        (found(("error", "W-1"), effective="waived"), "waived by W-1, which does not cover that"),
    ],
)
def test_an_answer_that_contradicts_itself_is_refused(raw: dict[str, Any], said: str) -> None:
    with pytest.raises(AnswerError, match=f"contradicts itself: .*{said}"):
        read_answer(raw, {"input-a": info("input-a")}, "standard", waivers={("W-1", "input-a"), ("W-2", "input-b")})


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (
            "evidence-undeclared",
            changed("undeclared", to={"0": {"severity": "high", "message": "a sink", "waiver": "W-1"}}),
        ),
        (
            "scope-reduced",
            changed("reduced", to=[{"path": ["spec"], "message": "less", "severity": "high", "waiver": "W-1"}]),
        ),
    ],
)
def test_what_is_found_of_no_control_is_waived_by_what_was_handed_over_alone(kind: str, raw: dict[str, Any]) -> None:
    read_answer(raw, {"input-a": info("input-a")}, "standard", waivers={("W-1", kind)})
    with pytest.raises(AnswerError, match=f"contradicts itself: {kind} is waived by W-1"):
        read_answer(raw, {"input-a": info("input-a")}, "standard", waivers={("W-1", "input-a")})


def test_what_fails_where_no_gate_asks_for_it_holds_none() -> None:
    catalogue = {"input-a": replace(info("input-a"), gated=False)}
    assert read_answer(found(("fail", None), effective="fail"), catalogue, "standard").verdict == "pass"


ROW: dict[str, Any] = {"path": ["spec", "model", "id"], "verdict": "confirmed", "facts": [[0, "confirms"]]}


def test_a_collation_is_read() -> None:
    assert read_collation({"rows": [ROW]}) == (RawRow(("spec", "model", "id"), "confirmed", ((0, "confirms"),)),)


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"rows": None},
        *({"rows": [ROW | change]} for change in ({"path": "spec"}, {"verdict": "fine"}, {"facts": [[0, "x"]]})),
    ],
    ids=str,
)
def test_a_collation_of_another_shape_is_refused(raw: dict[str, Any]) -> None:
    with pytest.raises(AnswerError):
        read_collation(raw)


def test_of_what_is_good_a_brief_answer_needs_its_status_alone() -> None:
    fail = {"path": ["spec", "a"], "status": "fail", "message": "bad", "reads": []}
    raw = changed("controls", "input-a", to={**RAW["controls"]["input-a"], "status": "fail", "effective": "fail"})
    raw["controls"]["input-a"]["findings"] = [{"status": "pass"}, fail]
    raw["gate"] = {**raw["gate"], "verdict": "fail", "reasons": [{"kind": "fail", "control": "input-a"}]}
    answer = read_answer(raw, {"input-a": info("input-a")}, "standard", brief=True)
    assert [(item.status, item.message) for item in answer.controls["input-a"].findings] == [
        ("pass", ""),
        ("fail", "bad"),
    ]
    with pytest.raises(AnswerError):
        read_answer(raw, {"input-a": info("input-a")}, "standard")


def test_a_brief_answer_need_not_say_what_is_served_with() -> None:
    raw = {**RAW, "served": None, "flows": []}
    assert read_answer(raw, {"input-a": info("input-a")}, "standard", brief=True).served is None
    assert read_answer(RAW, {"input-a": info("input-a")}, "standard", brief=True).served is not None
    with pytest.raises(AnswerError):
        read_answer(raw, {"input-a": info("input-a")}, "standard")


def test_a_brief_answer_says_everything_of_what_is_not_good() -> None:
    raw = changed("controls", "input-a", to={**RAW["controls"]["input-a"], "status": "fail", "effective": "fail"})
    raw["controls"]["input-a"]["findings"] = [{"status": "fail"}]
    with pytest.raises(AnswerError):
        read_answer(raw, {"input-a": info("input-a")}, "standard", brief=True)
