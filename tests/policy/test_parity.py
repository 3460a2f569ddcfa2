"""One policy, two engines: the reports that psfpolicy writes are the same bytes, but for what names the engine."""

from __future__ import annotations

import copy
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from psfpolicy import resources, source, validity
from psfpolicy.answer import read_collation, read_sizing
from psfpolicy.assess import assess
from psfpolicy.engine.opa import OpaEngine
from psfpolicy.engine.opened import opened
from psfpolicy.engine.wasm import WasmEngine
from psfpolicy.formats import format_named
from psfpolicy.formats.base import Style
from psfpolicy.gates import GateRule
from psfpolicy.model.record import jsonable
from psfpolicy.model.report import EngineInfo
from psfpolicy.model.run import Request
from psfpolicy.pipeline import check
from psfpolicy.profiles import Asked
from tests.acceptance.test_systems import ALL
from tests.descriptors import HOSTILE, Maker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psfpolicy.engine.base import Engine
    from psfpolicy.engine.serving import Serving
    from psfpolicy.model.place import JsonValue
    from psfpolicy.source import Document
    from tests.policy.conftest import Opa

ROOT = Path(__file__).parents[2]
AS_OF = "2026-11-21"
MADE = int(os.environ.get("PARITY", "300" if os.environ.get("CI") else "150"))
"""Descriptors that are made up; each costs a server a tenth of a second. `make parity` asks 5,000."""
PARTS = 10
"""Tests that they are shared out among, so that several processors may run them."""
SEED = 20261121
GATES = ("advisory", "baseline", "standard", "strict")


@pytest.fixture(scope="module")
def serving(opa: Opa) -> Iterator[Serving]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPA", opa.path)
        with opened(None) as (found, _):
            # One that is slow is no other one; the machine of a test may be busy.
            yield replace(found, timeout_seconds=60.0)


class Pair:
    """Both engines; a thread has an embedded one of its own."""

    def __init__(self, serving: Serving) -> None:
        self.server = OpaEngine(serving)
        self.server.connect()
        self._threads = threading.local()

    @property
    def embedded(self) -> WasmEngine:
        if not hasattr(self._threads, "engine"):
            self._threads.engine = WasmEngine.bundled()
        found: WasmEngine = self._threads.engine
        return found


@pytest.fixture(scope="module")
def pair(serving: Serving) -> Pair:
    return Pair(serving)


def assessed(document: Document, engine: Engine, number: int, own: dict[str, Any]) -> str:
    """Give the assessment as reports have it."""
    gate: Any = GATES[number % len(GATES)]
    found, age, _ = assess(
        document, engine, texts={}, today=AS_OF, gate=Asked(gate), requested=gate, unwaivable=(), own=own
    )
    return json.dumps([jsonable(found), jsonable(age)])


def different(pair: Pair, document: Document, number: int = 0, own: dict[str, Any] | None = None) -> str | None:
    """Give the document where the two engines do not say the same of it."""
    mine = assessed(document, pair.embedded, number, own or {})
    theirs = assessed(document, pair.server, number, own or {})
    return None if mine == theirs else json.dumps(document.data)


def documents_of(data: Any) -> Document:
    (document,) = source.read(json.dumps(data).encode(), file="made.json")
    return document


def all_alike(compare: Callable[[int], str | None], count: int) -> None:
    with ThreadPoolExecutor(3) as pool:
        found = [item for item in pool.map(compare, range(count)) if item is not None]
    assert found[:1] == [], f"{len(found)} of {count}, made with a seed from {SEED} on"


def test_every_example_gets_the_same_report(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "examples").rglob("*.yaml"))
        if "\nkind: LLMDeployment\n" in path.read_text(encoding="utf-8") and "policy-pack" not in path.parts
    ]
    for gate in ("standard", "strict"):
        request = Request(
            paths=tuple(names),
            gate=GateRule(requested=gate),
            today=AS_OF,
            generated_at=f"{AS_OF}T00:00:00Z",
        )
        reports = [check(request), check(replace(request, serving=serving))]
        assert [report.engine.name for report in reports] == ["wasm", "opa"]
        same = EngineInfo(name="", version="")
        texts = ["".join(format_named("json").render(replace(report, engine=same), Style())) for report in reports]
        assert texts[0] == texts[1]


def test_every_case_of_a_system_gets_the_same_report(pair: Pair) -> None:
    all_alike(lambda number: different(pair, ALL[number].document, number, ALL[number].own), len(ALL))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_would_break_out_of_a_message_gets_the_same_report(text: str, pair: Pair) -> None:
    (document,) = source.read((ROOT / "tests/unit/model/reference.yaml").read_bytes(), file="reference.yaml")

    def put(value: JsonValue) -> JsonValue:
        if isinstance(value, dict):
            return {
                key: text if key in {"name", "id", "owner", "host", "image"} else put(v) for key, v in value.items()
            }
        return [put(item) for item in value] if isinstance(value, list) else value

    assert different(pair, documents_of(put(document.data))) is None


SECRETS = (
    lambda text, number: f"{text} ghp_{number:036}",
    lambda text, number: f"https://me:s3cret-{number}@{text}",
    lambda _, number: f"hf_{number:034}",
)
"""What a text becomes with a literal secret in it."""


def secreted(data: Any) -> Iterator[Any]:
    """Give a descriptor with secrets wherever it may have them: a kind in each third of the places, then the next."""
    of_schema = jsonschema_rs.validator_for(json.loads(resources.schema("llm-deployment-v1")))
    for shift in range(len(SECRETS)):
        found = copy.deepcopy(data)
        for number, (holder, key) in enumerate(_texts(found)):
            plain = holder[key]
            holder[key] = SECRETS[(number + shift) % len(SECRETS)](plain, number)
            # The first is quick, and says of most what the second would.
            if not of_schema.is_valid(found) or validity.diagnostics(documents_of(found)):
                holder[key] = plain
        yield found


def _texts(value: Any) -> list[tuple[Any, Any]]:
    """Give where the texts of a value stand: what holds each, and its key or index there."""
    inside = list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ())
    return [each for key, item in inside for each in ([(value, key)] if isinstance(item, str) else _texts(item))]


def test_what_servers_see_masked_gets_the_same_report(pair: Pair) -> None:
    (document,) = source.read((ROOT / "tests/unit/model/reference.yaml").read_bytes(), file="reference.yaml")
    for number, data in enumerate(secreted(document.data)):
        assert "s3cret-" in json.dumps(data)
        assert different(pair, documents_of(data), number) is None


@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_made_up_gets_the_same_report(part: int, pair: Pair) -> None:
    maker = Maker(SEED + part)
    made = [documents_of(maker.descriptor()) for _ in range(MADE // PARTS)]

    all_alike(lambda number: different(pair, made[number], number), len(made))


def test_sizes_and_what_manifests_show_are_the_same(pair: Pair) -> None:
    maker = Maker(SEED + PARTS)
    for _ in range(20):
        question: dict[str, JsonValue] = {
            "descriptor": maker.descriptor(),
            "facts": {"evidence": [], "secrets": []},
            "catalogue": {},
            "waivers": [],
            "today": AS_OF,
            "gate": "standard",
            "parameters": {"unwaivable": [], "requireEvidence": [], "thresholds": {}, "floors": {}},
        }
        engines = (pair.embedded, pair.server)
        assert len({str(read_sizing(engine.evaluate(question, "sizing"))) for engine in engines}) == 1
        assert (
            len({str(sorted(map(str, read_collation(engine.evaluate(question, "collation"))))) for engine in engines})
            == 1
        )
