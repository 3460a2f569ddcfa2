"""What a control read, with its places: declared, absent, shown by a manifest, and without any secret."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy import catalogue, source
from psfpolicy.answer import RawControl, RawFinding
from psfpolicy.asking import Question, controls
from psfpolicy.explaining import explained, package, traced
from psfpolicy.placing import Placing
from psfpolicy.source import Text, masked
from psfpolicy.source.secrets import MASK
from tests.unit.test_assess import engine
from tests.unit.test_placing import CODE, EXPORTS, placing_with

if TYPE_CHECKING:
    from psfpolicy.catalogue import Tables
    from psfpolicy.model.place import JsonValue, Path
    from psfpolicy.model.report import Explained, Read
    from psfpolicy.source import Document

INFO = controls()["input-rate-limit"]
SECRET = "hf_" + "A1b2C3d4E5" * 3 + "AbCd"
AWS = "wJalrXUtnFEMIK7MDENGbPxRfiCYzzLEKEYzzzzz"
TEXT = f"""\
apiVersion: psfpolicy/v1
kind: LLMDeployment
metadata: {{name: case, environment: production, labels: {{token: "{SECRET}", secretAccessKey: "{AWS}"}}}}
spec:
  purpose: {{summary: "{"long " * 80}"}}
  model: {{id: phi-4, licence: {{id: mit}}}}
  serving: {{hosting: on-prem, location: {{region: aws:eu-central-1, country: DE}}}}
  regimes: [gdpr, air-gapped, of-our-own]
  inputs: {{guards: [{{name: scan, detects: [injection]}}]}}
"""


def document() -> Document:
    (found,) = source.read(TEXT.encode(), file="deploy.yaml")
    return found


def why(*reads: Path, own: Tables = catalogue.NONE, placing: Placing | None = None, **more: Any) -> Explained:
    placing = placing or Placing(document(), {"deploy.yaml": Text("deploy.yaml", masked(TEXT))}, own, masking=True)
    raw = RawFinding(("spec", "inputs"), more.pop("status", "fail"), "seen", reads, more.pop("waiver", None), **more)
    return explained(INFO, RawControl(raw.status, raw.status, (raw,)), placing, own, ())


def read(*path: str | int, own: Tables = catalogue.NONE, placing: Placing | None = None) -> Read:
    (found,) = why(path, own=own, placing=placing).answers[0].reads
    return found


def test_a_value_that_is_declared_is_shown_with_its_line() -> None:
    found = read("spec", "inputs", "guards", 0, "detects")
    assert (found.path, found.origin, found.value) == ("spec.inputs.guards[scan].detects", "declared", '["injection"]')
    assert (found.place.file, found.place.start_line, found.missing, found.subject) == ("deploy.yaml", 9, None, None)
    assert found.excerpt == "  inputs: {guards: [{name: scan, detects: [injection]}]}"


def test_a_key_that_is_absent_is_shown_at_its_nearest_parent() -> None:
    found = read("spec", "inputs", "guards", 0, "action")
    assert (found.origin, found.value, found.missing, found.place.start_line) == ("absent", None, "action", 9)
    assert read("spec", "network", "egress").missing == "network.egress"


def test_the_whole_descriptor_can_be_read() -> None:
    assert (read().origin, read().path) == ("declared", "")


def test_what_manifests_filled_in_stands_in_the_manifest_and_so_does_what_holds_it() -> None:
    placing = placing_with({"k8s.yaml": Text("k8s.yaml", "one: 1\n")})
    found = read(*CODE, placing=placing)
    assert (found.origin, found.value, found.subject) == ("manifest", "true", "Deployment llm/vllm")
    assert (found.place.file, found.place.start_line, found.excerpt) == ("k8s.yaml", 1, "one: 1")
    assert read(*CODE, "deeper", placing=placing).origin == "absent"
    assert read("spec", "model", "id", placing=placing).origin == "declared"


def test_a_fact_that_was_read_shows_what_its_manifest_says() -> None:
    found = read("facts", "evidence", 1, placing=placing_with({}))
    assert (found.origin, found.value, found.place.file) == ("manifest", "A=…", "k8s.yaml")
    item = read("facts", "evidence", 3, placing=placing_with({}))
    assert item.value == '{"name": "otel", "kind": "otlp"}'
    assert item.path.startswith(f"evidence[Deployment llm/vllm].{'.'.join(map(str, EXPORTS))}")


@pytest.mark.parametrize("path", [("metadata", "labels"), ("metadata", "labels", "token"), ("metadata",), ()])
def test_no_secret_is_ever_shown(path: Path) -> None:
    text = str(why(path))
    assert SECRET not in text
    assert AWS not in text


def test_a_secret_that_is_known_by_its_key_alone_is_masked() -> None:
    found = read("metadata", "labels", "secretAccessKey")
    assert (AWS in str(found), "masked" in str(found.value)) == (False, True)


def test_a_long_value_is_cut() -> None:
    value = read("spec", "purpose", "summary").value
    assert value is not None
    assert (len(value), value[-1]) == (240, "…")


def test_rows_that_a_value_names_are_told_with_day_and_source() -> None:
    (row,) = read("spec", "model", "id").rows
    assert (row.table, row.id, row.own) == ("models", "phi-4", False)
    assert row.as_of is not None
    assert row.sources[0].startswith("https://")
    assert [row.id for row in read("spec", "regimes").rows] == ["gdpr", "air-gapped"]
    assert [(row.table, row.id) for row in read("spec", "serving").rows] == [
        ("hosting", "on-prem"),
        ("regions", "aws:eu-central-1"),
        ("countries", "DE"),
    ]
    assert read("metadata", "name").rows == ()


def test_a_row_of_the_users_own_is_told_as_that() -> None:
    own = {"regimes": {"of-our-own": {"title": "Ours"}}}
    assert [(row.id, row.own, row.as_of, row.sources) for row in read("spec", "regimes", own=own).rows][-1] == (
        "of-our-own", True, None, (),
    )  # fmt: skip


def test_reads_are_told_once_and_in_the_order_of_the_document() -> None:
    paths: tuple[Path, ...] = (("spec", "regimes"), ("spec", "model", "id"), ("spec", "regimes"), ("spec", "cost"))
    assert [item.path for item in why(*paths).answers[0].reads] == ["spec.cost", "spec.model.id", "spec.regimes"]


def test_the_rules_that_held_are_named() -> None:
    name = "data.psfpolicy.controls.input.rate_limit"
    assert package(INFO) == name
    assert why().answers[0].rules == (f"{name}.findings",)
    assert why(status="not-applicable").answers[0].rules == (f"{name}.not_applicable",)
    assert why(assurance="evidenced", waiver="W-1").answers[0].rules == (
        f"{name}.findings", "data.psfpolicy.evidence.assured", "data.psfpolicy.waiver.covered",
    )  # fmt: skip


@dataclass
class Teller:
    """An engine that tells what it was asked."""

    name: str = "teller"
    version: str = "1"

    def evaluate(self, question: dict[str, JsonValue], rule: str = "report") -> dict[str, JsonValue]:
        raise NotImplementedError

    def decisions(self) -> tuple[str, ...]:
        return ()

    def trace(self, question: dict[str, JsonValue], package: str) -> tuple[str, ...]:
        return (package, json.dumps(question["descriptor"]))


def test_an_engine_that_traces_is_asked_and_its_lines_hold_no_secret() -> None:
    question = Question(descriptor=document().data, today="2026-11-21")
    package_, told = traced(INFO, question, Teller())
    assert package_ == "data.psfpolicy.controls.input.rate_limit"
    assert (AWS in told, SECRET in told) == (False, False)
    assert json.loads(told)["metadata"]["labels"] == {"token": masked(SECRET), "secretAccessKey": MASK}


def test_the_embedded_engine_tells_nothing() -> None:
    assert traced(INFO, Question(descriptor=document().data, today="2026-11-21"), engine()) == ()
