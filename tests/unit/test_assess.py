from __future__ import annotations

import gc
import weakref
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from psfpolicy import source
from psfpolicy.assess import assess
from psfpolicy.engine.wasm import WasmEngine
from psfpolicy.model.place import Place, Region
from psfpolicy.model.report import Assessment, Finding, Position
from psfpolicy.placing import excerpt, identity, position
from psfpolicy.profiles import Asked
from psfpolicy.remembering import Remembering
from psfpolicy.source import Document, Text, masked

ROOT = Path(__file__).parents[2]
MINIMAL = (ROOT / "examples/minimal.yaml").read_text()
EXAMPLES = sorted(
    path
    for path in (ROOT / "examples").rglob("*.yaml")
    if "invalid" not in path.parts and "kind: LLMDeployment\n" in path.read_text(errors="replace")
)
SECRET = "hf_" + "A1b2C3d4E5" * 3 + "AbCd"


@cache
def engine() -> WasmEngine:
    return WasmEngine.bundled()


def assessed(text: str) -> Assessment:
    (document,) = source.read(text.encode(), file="deploy.yaml")
    return assessed_as(document, text)


def assessed_as(document: Document, text: str) -> Assessment:
    texts = {"deploy.yaml": Text("deploy.yaml", masked(text))}
    assessment, *_ = assess(
        document, engine(), texts=texts, today="2026-11-21", gate=Asked("standard"), requested="standard", unwaivable=()
    )
    return assessment


def finding(text: str, control: str) -> Finding:
    (found,) = [item for item in assessed(text).findings if item.control == control]
    return found


def test_a_deployment_is_known_by_its_environment_and_name() -> None:
    (document,) = source.read(MINIMAL.encode(), file="deploy.yaml")
    assert identity(document) == "production/assistant"


def test_an_assessment_says_where_its_document_begins() -> None:
    item = assessed("# a comment\n\n" + MINIMAL)
    assert (item.id, item.file, item.document, item.line) == ("production/assistant", "deploy.yaml", 0, 8)


def test_every_empty_list_is_named_wherever_it_stands() -> None:
    text = MINIMAL + "  regimes: []\n  oversight:\n    decisions: [{name: answer, autonomy: L0, reviewTriggers: []}]\n"
    assert assessed(text).declared_none == ("spec.regimes", "spec.oversight.decisions[answer].reviewTriggers")


def test_a_fingerprint_survives_edits_elsewhere_and_tells_deployments_apart() -> None:
    plain = finding(MINIMAL, "security-threat-model").fingerprint
    moved = "# moved\n" + MINIMAL.replace("handbook", "manual") + "  regimes: []\n"
    assert finding(moved, "security-threat-model").fingerprint == plain
    assert finding(MINIMAL.replace("name: assistant", "name: other"), "security-threat-model").fingerprint != plain


INGRESS = MINIMAL + "  network:\n    ingress: {tls: true, authentication: api-key, exposure: private}\n"


def test_a_digest_covers_what_the_control_read_and_nothing_else() -> None:
    plain = finding(INGRESS, "security-endpoint-auth")
    unread = finding(INGRESS.replace("exposure: private", "exposure: cluster"), "security-endpoint-auth")
    read = finding(INGRESS.replace("tls: true", "tls: false"), "security-endpoint-auth")
    assert plain.status != "pass"
    assert (unread.digest, unread.fingerprint) == (plain.digest, plain.fingerprint)
    assert (read.digest == plain.digest, read.fingerprint) == (False, plain.fingerprint)


def test_what_passes_has_neither_excerpt_nor_remediation() -> None:
    passed = finding(INGRESS.replace("api-key", "oidc"), "security-endpoint-auth")
    assert (passed.status, passed.excerpt, passed.remediation) == ("pass", None, "")
    failed = finding(INGRESS.replace("api-key", "none"), "security-endpoint-auth")
    assert (failed.status, failed.excerpt) == (
        "fail",
        "    ingress: {tls: true, authentication: none, exposure: private}",
    )


def test_a_missing_key_points_at_its_nearest_parent_and_is_named() -> None:
    found = finding(MINIMAL, "security-threat-model")
    assert (found.path, found.missing) == ("spec.security.threatModel", "security.threatModel")
    assert (found.place, found.excerpt) == (
        Position(file="deploy.yaml", start_line=11, start_column=1, end_line=11, end_column=5),
        "spec:",
    )


def test_a_secret_is_shown_nowhere_not_even_in_a_name() -> None:
    text = MINIMAL.replace("name: assistant", f"name: {SECRET}") + (
        f"  oversight:\n    decisions: [{{name: {SECRET}, autonomy: L0, reviewTriggers: []}}]\n"
    )
    item = assessed(text)
    assert item.id == "production/hf_…[masked]"
    assert item.declared_none == ("spec.oversight.decisions[hf_…[masked]].reviewTriggers",)
    assert SECRET not in repr(item)


def test_a_secret_is_not_shown_in_what_is_served_with_either() -> None:
    text = MINIMAL + f"  vendor:\n    fallbacks: [{{name: f, kind: smaller-model, model: acme/{SECRET}}}]\n"
    served = assessed(text).served
    assert served is not None
    assert [item.name for item in served.licences if item.path == "spec.vendor.fallbacks[f]"] == ["acme/hf_…[masked]"]
    assert SECRET not in repr(served)


@pytest.mark.parametrize(
    ("line", "column", "shown"),
    [
        ("short", 1, "short"),
        ("x" * 500, 1, "x" * 240),
        ("x" * 199 + "VALUE" + "y" * 500, 200, "x" * 199 + "VALUE" + "y" * 36),
        ("x" * 200 + "VALUE" + "y" * 500, 201, "x" * 40 + "VALUE" + "y" * 195),
        ("x" * 800 + "VALUE", 801, "x" * 40 + "VALUE"),
    ],
)
def test_an_excerpt_of_a_long_line_is_what_stands_around_the_place(line: str, column: int, shown: str) -> None:
    place = Place("deploy.yaml", Region(1, column, 1, column + 5))
    assert excerpt(place, {"deploy.yaml": Text("deploy.yaml", line)}) == shown


def test_a_file_whose_text_is_not_known_has_no_excerpt() -> None:
    assert excerpt(Place("other.yaml", Region(1, 1, 1, 1)), {}) is None


def test_a_place_of_use_is_kept_with_the_place() -> None:
    use = Place("a.yaml", Region(7, 3, 7, 5))
    assert position(Place("b.yaml", Region(1, 2, 3, 4), use)) == Position(
        file="b.yaml",
        start_line=1,
        start_column=2,
        end_line=3,
        end_column=4,
        used_at=Position(file="a.yaml", start_line=7, start_column=3, end_line=7, end_column=5),
    )


def test_a_descriptor_is_let_go_of_when_it_is_assessed_and_not_when_cycles_are_looked_for() -> None:
    (document,) = source.read(MINIMAL.encode(), file="deploy.yaml")
    kept = weakref.ref(document)
    gc.disable()
    try:
        assert assessed_as(document, MINIMAL).findings
        del document
        assert kept() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.relative_to(ROOT / "examples")))
def test_a_brief_answer_leads_to_the_same_as_a_whole_one(path: Path) -> None:
    for document in source.read(path.read_bytes(), file=path.name):
        asked: Any = {"texts": {}, "today": "2026-11-21", "gate": Asked("strict"), "requested": "strict"}
        brief = assess(document, engine(), **asked, unwaivable=(), brief=True, remembering=Remembering(engine()))
        assert brief == assess(document, engine(), **asked, unwaivable=(), brief=True)


def test_what_is_good_is_asked_for_where_it_is_shown_or_explained() -> None:
    (document,) = source.read(MINIMAL.encode(), file="deploy.yaml")
    asked: Any = {"texts": {}, "today": "2026-11-21", "gate": Asked("strict"), "requested": "strict", "unwaivable": ()}
    remembering = Remembering(engine())
    options: list[dict[str, Any]] = [{}, {"brief": True, "explaining": "deploy-prohibited-use"}]
    for more in options:
        found = assess(document, engine(), **asked, remembering=remembering, **more)
        assert found == assess(document, engine(), **asked, **more)
