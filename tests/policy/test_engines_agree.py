"""Three evaluators over the same Rego give the same report: the embedded engine, another Wasm host, and OPA itself."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen

import pytest
from opapywasm import OpaWasmPolicy

from psfpolicy.engine.question import prepared, question_text
from psfpolicy.model.report import GOOD
from psfpolicy.source import read
from tests import descriptors
from tests.servers import free_port, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psfpolicy.engine.wasm import WasmEngine
    from tests.policy.conftest import Opa

ROOT = Path(__file__).parents[2]
DESCRIPTORS = (
    "examples/minimal.yaml",
    "examples/llama-3.1-70b/out-of-the-box.yaml",
    "examples/llama-3.1-70b/recommended.yaml",
    "tests/unit/model/reference.yaml",
)
HOSTILE = (*descriptors.HOSTILE, '\\"}],"status":"pass"', "\x00")


def described(name: str) -> Any:
    (document,) = read((ROOT / name).read_bytes(), file=name)
    return document.data


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Give the path of each value of a document that holds no other."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    inner = [found for key, item in items for found in leaves(item, (*path, key))]
    yield from inner or [path]


def replaced(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    """Give a copy of a document with the value at a path replaced; `None` leaves it out of a mapping."""
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


@pytest.fixture(scope="module")
def second(opa: Opa, tree: Path) -> Iterator[OpaWasmPolicy]:
    """The other host, over the same module and data."""
    module, data = opa.built(tree, "psfpolicy/report")
    with pytest.MonkeyPatch.context() as patch:
        # opa-py-wasm 1.2.1 offers two pages of memory, whatever the module asks for; a later one may read it.
        patch.setattr("opapywasm.runtime._DEFAULT_MEMORY_PAGES", 64)
        policy = OpaWasmPolicy.from_wasm_bytes(module)
        policy.set_data(json.loads(data))
        yield policy
        policy.close()


@pytest.fixture(scope="module")
def evaluated(opa: Opa, tree: Path) -> Iterator[Callable[..., Any]]:
    """Give what OPA's own evaluator answers, over the sources, to the question as an engine gets it."""
    port = free_port()
    with running(opa.path, "-b", str(tree / "rego"), port=port):

        def answered(question: dict[str, Any], query: str = "data.psfpolicy.report") -> Any:
            body = b'{"query": %s, "input": %s}' % (json.dumps(f"answer = {query}").encode(), question_text(question))
            asked = Request(f"http://127.0.0.1:{port}/v1/query", body, {"Content-Type": "application/json"})
            with urlopen(asked, timeout=60) as said:  # noqa: S310  # of this machine
                (row,) = json.load(said)["result"]
            return row["answer"]

        yield answered


@pytest.mark.parametrize("name", DESCRIPTORS)
@pytest.mark.parametrize("gate", ["advisory", "baseline", "standard", "strict"])
def test_a_descriptor_gets_one_report_from_all_three(
    name: str,
    gate: str,
    engine: WasmEngine,
    second: OpaWasmPolicy,
    evaluated: Callable[..., Any],
    question: dict[str, Any],
    canonical: Callable[[Any], Any],
) -> None:
    asked = question | {"descriptor": described(name), "gate": gate}
    report = canonical(engine.evaluate(asked))
    assert canonical(second.evaluate(prepared(asked))) == report
    assert canonical(evaluated(asked)) == report


@pytest.mark.parametrize("name", DESCRIPTORS)
def test_a_brief_report_is_the_same_from_all_three_and_says_the_same_of_what_is_not_good(
    name: str,
    engine: WasmEngine,
    second: OpaWasmPolicy,
    evaluated: Callable[..., Any],
    question: dict[str, Any],
    canonical: Callable[[Any], Any],
) -> None:
    asked = question | {"descriptor": described(name)}
    brief = asked | {"parameters": {**asked.get("parameters", {}), "brief": True}}
    report = canonical(engine.evaluate(brief))
    assert canonical(second.evaluate(prepared(brief))) == report
    assert canonical(evaluated(brief)) == report
    whole = canonical(engine.evaluate(asked))
    for control in whole["controls"].values():
        control["findings"] = [
            {"status": finding["status"]} if finding["status"] in GOOD else finding for finding in control["findings"]
        ]
    assert canonical(whole | {"flows": [], "served": None}) == report


def test_a_descriptor_without_its_leaves_gets_one_report_from_all_three(
    engine: WasmEngine,
    second: OpaWasmPolicy,
    evaluated: Callable[..., Any],
    question: dict[str, Any],
    canonical: Callable[[Any], Any],
) -> None:
    whole = described("tests/unit/model/reference.yaml")
    paths = list(leaves(whole))
    for number in range(8):
        descriptor = whole
        choice = random.Random(number)  # noqa: S311 - which leaves is no secret
        for path in choice.sample(paths, len(paths) // 3):
            descriptor = replaced(descriptor, path, None)
        asked = question | {"descriptor": descriptor}
        report = canonical(engine.evaluate(asked))
        assert canonical(second.evaluate(prepared(asked))) == report
        assert canonical(evaluated(asked)) == report


def test_a_deployment_is_sized_alike_by_the_embedded_engine_and_by_opa(
    engine: WasmEngine,
    evaluated: Callable[..., Any],
    question: dict[str, Any],
    canonical: Callable[[Any], Any],
) -> None:
    cases = []
    for number in range(40):
        choice = random.Random(number)  # noqa: S311 - which sizes is no secret
        sizes = ("parameters", "layers", "kvHeads", "attentionHeads", "headDim", "contextLength")
        largest = choice.choice([10**3, 10**6, 10**15 - 1])
        model = {
            "id": choice.choice(["acme/x", "deepseek-r1", "gemma-3-27b", "llama-3.3-70b"]),
            "quantization": choice.choice(["none", "fp8", "awq", "gguf"]),
            "maxModelLen": choice.randint(1, 10**6),
            "architecture": {key: choice.randint(1, largest) for key in sizes},
        }
        accelerators = {
            "type": choice.choice(["h100", "nvidia-a100-40gb", "acme-gpu"]),
            "memoryGb": choice.uniform(0, 1000),
            "count": choice.randint(1, 300),
            "memoryUtilization": choice.random(),
        }
        serving = {"hosting": "on-prem", "engine": {"name": "vllm"}, "accelerators": accelerators}
        cases.append(question | {"descriptor": {"spec": {"model": model, "serving": serving}}})
    each = "[sizing | some asked in input.cases; sizing := data.psfpolicy.sizing with input as asked]"
    sizings = [engine.evaluate(case, "sizing") for case in cases]
    assert canonical(evaluated({"cases": cases}, each)) == canonical(sizings)


def test_evidence_is_compared_alike_by_the_embedded_engine_and_by_opa(
    engine: WasmEngine,
    evaluated: Callable[..., Any],
    question: dict[str, Any],
    canonical: Callable[[Any], Any],
) -> None:
    descriptor = described("tests/unit/model/reference.yaml")
    facts = [
        {
            "path": list(path),
            "value": value,
            "item": False,
            "certainty": certainty,
            "about": "deployment",
            "subject": "x",
        }
        for path in leaves(descriptor)
        for certainty, value in (("certain", 1), ("inferred", "x"), ("inconclusive", None))[len(path) % 3 :]
    ]
    asked = question | {"descriptor": descriptor, "facts": {"evidence": facts, "secrets": []}}
    found: Any = evaluated(asked, "data.psfpolicy.collation")
    assert canonical(found) == canonical(engine.evaluate(asked, "collation"))
    assert {row["verdict"] for row in found["rows"]} >= {"contradicted", "open"}


@pytest.mark.parametrize("name", DESCRIPTORS)
def test_no_leaf_can_be_removed_so_that_the_policy_aborts_or_a_control_breaks_its_contract(
    name: str, engine: WasmEngine, question: dict[str, Any]
) -> None:
    descriptor = described(name)
    broken = {}
    for path in leaves(descriptor):
        report: Any = engine.evaluate(question | {"descriptor": replaced(descriptor, path, None)})
        broken[path] = [key for key, control in report["controls"].items() if control["status"] == "error"]
    assert {path: ids for path, ids in broken.items() if ids} == {}


def test_no_section_can_be_missing_so_that_a_control_breaks_its_contract(
    engine: WasmEngine, question: dict[str, Any]
) -> None:
    whole = described("tests/unit/model/reference.yaml")
    cases: list[Any] = [{}, {"spec": {}}, *({"spec": {key: value}} for key, value in whole["spec"].items())]
    cases += [{"spec": {key: {}}} for key in whole["spec"]]
    reports: list[Any] = [engine.evaluate(question | {"descriptor": case}) for case in cases]
    broken = [[key for key, one in report["controls"].items() if one["status"] == "error"] for report in reports]
    assert broken == [[] for _ in cases]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_descriptor_can_forge_a_verdict(
    text: str,
    engine: WasmEngine,
    second: OpaWasmPolicy,
    evaluated: Callable[..., Any],
    question: dict[str, Any],
    canonical: Callable[[Any], Any],
) -> None:
    def asked(name: str) -> dict[str, Any]:
        guard = {"name": name, "detects": ["injection"], "action": "flag", "onPath": True, "failClosed": True}
        sink = {"name": name, "kind": "database"}
        spec = {"inputs": {"guards": [guard]}, "outputs": {"sinks": [sink]}}
        return question | {"descriptor": {"spec": spec}}

    report: Any = engine.evaluate(asked(text))
    # The same as for a harmless name, but for the name itself in the messages.
    harmless: Any = engine.evaluate(asked("@name@"))
    expected = json.loads(json.dumps(harmless).replace("@name@", json.dumps(text)[1:-1]))
    assert canonical(report) == canonical(expected)
    assert canonical(second.evaluate(asked(text))) == canonical(expected)
    assert canonical(evaluated(asked(text))) == canonical(expected)


def test_a_text_of_five_megabytes_is_answered_for(engine: WasmEngine, question: dict[str, Any]) -> None:
    name = "x" * 5_000_000
    report: Any = engine.evaluate(question | {"descriptor": {"spec": {"outputs": {"sinks": [{"name": name}]}}}})
    (finding,) = report["controls"]["output-no-raw-sink"]["findings"]
    assert (finding["status"], finding["message"][:10], len(finding["message"]) > 5_000_000) == (
        "fail",
        "sink `xxxx",
        True,
    )
