"""Places, names and digests of what the policy says."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy import catalogue, source
from psfpolicy.answer import RawControl, RawFinding, RawFlow, RawUndeclared
from psfpolicy.asking import controls
from psfpolicy.evidence.files import Manifest
from psfpolicy.evidence.filling import Filled
from psfpolicy.evidence.gathering import Evidence
from psfpolicy.evidence.joining import Joined
from psfpolicy.model.fact import Fact
from psfpolicy.model.place import Place, Region
from psfpolicy.placing import Placing
from psfpolicy.source import Text

if TYPE_CHECKING:
    from psfpolicy.model.place import JsonValue, Path
    from psfpolicy.model.report import Bearing, Finding

WRITTEN = """\
apiVersion: psfpolicy/v1
kind: LLMDeployment
metadata: {name: case, environment: production}
spec:
  purpose: {summary: x}
  model: {id: a/b}
  serving: {hosting: on-prem}
"""
CODE = ("spec", "model", "remoteCode")
STORE = ("spec", "security", "secrets", "store")
EXPORTS = ("spec", "observability", "exports")
TEXTS = {
    "deploy.yaml": Text("deploy.yaml", WRITTEN),
    "k8s.yaml": Text("k8s.yaml", "one: 1\ntwo: 2\nthree: 3\n"),
}


def at(line: int) -> Place:
    return Place("k8s.yaml", Region(line, 1, line, 4))


def fact(path: Path, value: JsonValue, line: int, *, shown: str = "", reason: str = "") -> Fact:
    return Fact(
        path=path, value=value, place=at(line), document=0, subject="Deployment llm/vllm", reader="kubernetes",
        shown=shown, reason=reason,
    )  # fmt: skip


FACTS = (
    fact(CODE, value=True, line=1, shown="--trust-remote-code"),
    fact(STORE, "none", 2, shown="A=…"),
    fact(STORE, "none", 3, shown="B=…"),
    replace(fact(EXPORTS, {"name": "otel", "kind": "otlp"}, 2), item=True),
    fact(("spec", "model", "id"), "c/d", 3),
    fact(("spec", "model", "id"), None, 1, reason="a template"),
)
ABOUT = tuple(Joined(each, "deployment") for each in FACTS)
INFO = controls()["security-secrets"]


def placing_with(texts: dict[str, Text]) -> Placing:
    (document,) = source.read(WRITTEN.encode(), file="deploy.yaml")
    data: Any = deepcopy(document.data)
    data["spec"]["model"]["remoteCode"] = True
    manifests = (Manifest("k8s.yaml", "0", TEXTS["k8s.yaml"]),)
    evidence = Evidence(Filled(data, {CODE: FACTS[0]}), ABOUT, manifests, tuple(each.name for each in manifests))
    return Placing(document, texts, catalogue.NONE, masking=False, evidence=evidence)


@pytest.fixture
def placing() -> Placing:
    return placing_with(TEXTS)


def finding_of(
    placing: Placing, path: Path, *, reads: tuple[Path, ...] = (), evidence: tuple[tuple[int, Bearing], ...] = ()
) -> Finding:
    raw = RawFinding(path, "fail", "seen", reads or (path,), None, evidence=evidence)
    (found,) = placing.findings(INFO, RawControl("fail", "fail", (raw,)))
    return found


def test_what_was_filled_in_stands_in_the_manifest(placing: Placing) -> None:
    found = finding_of(placing, CODE)
    assert (found.place.file, found.place.start_line, found.missing) == ("k8s.yaml", 1, None)
    assert (found.path, found.excerpt) == ("spec.model.remoteCode", "one: 1")


def test_what_is_missing_everywhere_stands_at_its_nearest_parent(placing: Placing) -> None:
    found = finding_of(placing, ("spec", "model", "revision"))
    assert (found.place.file, found.place.start_line, found.missing) == ("deploy.yaml", 6, "revision")


def test_a_finding_about_a_fact_alone_stands_where_the_fact_does(placing: Placing) -> None:
    found = finding_of(placing, ("facts", "evidence", 3))
    assert (found.place.file, found.place.start_line) == ("k8s.yaml", 2)
    assert found.path == "evidence[Deployment llm/vllm].spec.observability.exports[otel]"
    assert finding_of(placing, ("facts", "evidence", 5)).path == "evidence[Deployment llm/vllm].spec.model.id"


def test_two_secrets_of_one_workload_are_two_findings(placing: Placing) -> None:
    first, second = (finding_of(placing, ("facts", "evidence", index)) for index in (1, 2))
    assert first.path == "evidence[Deployment llm/vllm].spec.security.secrets.store[A=…]"
    assert first.fingerprint != second.fingerprint
    assert first.digest != second.digest


def test_the_digest_follows_from_the_values_and_from_those_that_were_filled_in(placing: Placing) -> None:
    (document,) = source.read(WRITTEN.encode(), file="deploy.yaml")
    alone = Placing(document, TEXTS, catalogue.NONE, masking=False)
    assert finding_of(placing, CODE).digest != finding_of(alone, CODE).digest
    there = ("spec", "model", "id")
    assert finding_of(placing, there).digest == finding_of(alone, there).digest
    deeper = (("spec", "model", "id", 0), ("spec", "parties", 0), ("facts", "other"))
    assert len({finding_of(alone, CODE, reads=(path,)).digest for path in deeper}) == 3


def test_a_fact_beside_a_finding_is_shown_with_its_line_unless_it_confirms(placing: Placing) -> None:
    found = finding_of(placing, CODE, evidence=((0, "contradicts"), (4, "confirms"), (5, "open")))
    assert [(each.bearing, each.value, each.reason, each.excerpt) for each in found.evidence] == [
        ("contradicts", "--trust-remote-code", None, "one: 1"),
        ("confirms", "c/d", None, None),
        ("open", None, "a template", "one: 1"),
    ]


def test_the_value_of_an_item_is_shown_as_json(placing: Placing) -> None:
    found = finding_of(placing, CODE, evidence=((3, "confirms"),))
    assert [each.value for each in found.evidence] == ['{"kind": "otlp", "name": "otel"}']


def test_what_is_undeclared_is_given_by_place(placing: Placing) -> None:
    raw = (RawUndeclared(4, "critical", "a model"), RawUndeclared(3, "high", "an export"))
    found = placing.undeclared(raw)
    assert [(each.path, each.severity, each.place.start_line, each.excerpt) for each in found] == [
        ("spec.observability.exports", "high", 2, "two: 2"),
        ("spec.model.id", "critical", 3, "three: 3"),
    ]
    assert found[0].fingerprint != found[1].fingerprint


def test_a_flow_that_only_a_manifest_shows_stands_there(placing: Placing) -> None:
    raw = RawFlow(
        path=("facts", "evidence", 3),
        kind="export",
        name="otel",
        carries=("traces",),
        country=None,
        operator=None,
        jurisdiction=None,
        third_party=None,
        border=None,
    )
    (flow,) = placing.flows((raw,))
    assert (flow.place.file, flow.place.start_line) == ("k8s.yaml", 2)
    assert flow.path == "evidence[Deployment llm/vllm].spec.observability.exports[otel]"
    assert placing.manifests() == ("k8s.yaml",)


def test_without_evidence_there_is_no_fact_to_place() -> None:
    (document,) = source.read(WRITTEN.encode(), file="deploy.yaml")
    alone = Placing(document, TEXTS, catalogue.NONE, masking=False)
    assert alone.manifests() == ()
    with pytest.raises(IndexError):
        alone.undeclared((RawUndeclared(0, "high", "x"),))


def test_the_line_of_a_file_that_is_not_known_is_not_shown() -> None:
    assert finding_of(placing_with({}), CODE).excerpt is None
