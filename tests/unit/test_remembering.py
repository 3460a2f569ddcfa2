from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy import resources, source
from psfpolicy.asking import Question, ask
from psfpolicy.engine.wasm import WasmEngine
from psfpolicy.errors import EngineError
from psfpolicy.remembering import Remembering

if TYPE_CHECKING:
    from psfpolicy.engine.base import Rule
    from psfpolicy.model.place import JsonValue

ROOT = Path(__file__).parents[2]
MINIMAL = (ROOT / "examples/minimal.yaml").read_text()
EXAMPLES = sorted(
    path
    for path in (ROOT / "examples").rglob("*.yaml")
    if "invalid" not in path.parts and "kind: LLMDeployment\n" in path.read_text(errors="replace")
)
_METADATA = re.compile(r'(?:\.metadata|"metadata")(?!\.environment\b|, "environment")')
_OF_A_CONTROL = re.compile(r"data\.psfpolicy\.controls[^\n]*\.metadata|(?:control|exports|rego)\.metadata")


@cache
def engine() -> WasmEngine:
    return WasmEngine.bundled()


class Counting(WasmEngine):
    """The policy that psfpolicy ships, and how often it was asked."""

    def __init__(self) -> None:
        super().__init__(resources.policy_module(), resources.policy_data())
        self.asked: list[bytes] = []

    def answered(self, text: bytes, rule: Rule) -> dict[str, JsonValue]:
        self.asked.append(text)
        return engine().answered(text, rule)


def question(text: str, **other: Any) -> Question:
    (document,) = source.read(text.encode(), file="deploy.yaml")
    return Question(descriptor=document.data, today="2026-11-21", **other)


def test_two_deployments_that_differ_in_their_names_alone_are_judged_once() -> None:
    counting = Counting()
    remembering = Remembering(counting)
    first = remembering.ask(question(MINIMAL))
    assert remembering.ask(question(MINIMAL.replace("name: assistant", "name: other"))) is first
    assert len(counting.asked) == 1
    assert b"assistant" not in counting.asked[0].partition(b'"spec"')[0]


@pytest.mark.parametrize(
    "other",
    [
        question(MINIMAL.replace("environment: production", "environment: development")),
        question(MINIMAL + "  regimes: []\n"),
        question(MINIMAL, gate="strict"),
        question(MINIMAL, waivers=(("w-1", "security-threat-model", ("spec",)),)),
        Question(descriptor=question(MINIMAL).descriptor, today="2027-11-21"),
    ],
)
def test_whatever_else_differs_is_judged_anew(other: Question) -> None:
    counting = Counting()
    remembering = Remembering(counting)
    remembering.ask(question(MINIMAL))
    assert remembering.ask(other) == ask(other, engine())
    assert len(counting.asked) == 2


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: str(path.relative_to(ROOT / "examples")))
def test_the_policy_says_of_every_example_what_it_says_when_it_knows_the_names(path: Path) -> None:
    for document in source.read(path.read_bytes(), file=path.name):
        asked = Question(descriptor=document.data, today="2026-11-21", gate="strict")
        assert Remembering(engine()).ask(asked) == ask(asked, engine())


def test_the_policy_reads_nothing_of_the_metadata_but_the_environment() -> None:
    """What is not told to the policy may not be asked for by it: a new rule on it has to be told to `remembering`."""
    for path in (ROOT / "rego").rglob("*.rego"):
        if path.name.endswith("_test.rego") or path.name == "comparison.rego":  # asked with another question
            continue
        for line in path.read_text().splitlines():
            asked = "" if line.lstrip().startswith("#") else _OF_A_CONTROL.sub("", line.replace('"metadata": [', ""))
            assert not _METADATA.search(asked), f"{path}: {line}"


def test_a_policy_with_packs_is_told_every_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "in_force", dict)
    counting = Counting()
    remembering = Remembering(counting)
    remembering.ask(question(MINIMAL))
    remembering.ask(question(MINIMAL.replace("name: assistant", "name: other")))
    assert [b'"name":"assistant"' in text for text in counting.asked] == [True, False]


def test_a_question_that_holds_more_than_a_descriptor_is_put_as_ever() -> None:
    asked = question(MINIMAL, secrets=(("spec", "serving", "engine", "name"),))
    counting = Counting()
    remembering = Remembering(counting)
    assert [remembering.ask(asked), remembering.ask(asked)] == [ask(asked, engine())] * 2
    assert len(counting.asked) == 2


def test_only_the_latest_answers_are_kept() -> None:
    counting = Counting()
    remembering = Remembering(counting)
    days = [f"2026-10-{day:02}" for day in range(1, 10)]
    for day in (*days, days[-1], days[0]):
        remembering.ask(Question(descriptor=question(MINIMAL).descriptor, today=day))
    assert len(counting.asked) == len(days) + 1


def test_an_error_is_not_remembered() -> None:
    counting = Counting()
    remembering = Remembering(counting)
    for _ in range(2):
        with pytest.raises(EngineError):
            remembering.ask(Question(descriptor={"spec": "\ud800"}, today="2026-11-21"))
    assert remembering.ask(question(MINIMAL)) == ask(question(MINIMAL), engine())


@pytest.mark.parametrize("descriptor", [None, "text", [], {}, {"metadata": None}, {"metadata": "production"}])
def test_what_is_no_descriptor_is_put_to_the_policy_as_it_is(descriptor: JsonValue) -> None:
    asked = Question(descriptor=descriptor, today="2026-11-21")

    def said(answering: Any) -> Any:
        try:
            return answering()
        except EngineError as error:
            return str(error)

    assert said(lambda: Remembering(engine()).ask(asked)) == said(lambda: ask(asked, engine()))
