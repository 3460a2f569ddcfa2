"""A question that leaves the process holds no secret, and means what it meant."""

from __future__ import annotations

import json
from typing import Any

import pytest

from psfpolicy.engine.masking import asked as asked_of
from psfpolicy.engine.masking import with_one_mask, without_secrets

TOKEN = "ghp_" + "Ab3" * 12
OTHER = "ghp_" + "Cd4" * 12
AWS = "wJalrXUtnFEMIK7MDENGbPxRfiCYzzLEKEYzzzzz"
SECRETS = {
    "a token": (TOKEN, "ghp_…[masked]"),
    "a token among words": (f"with {TOKEN}, as agreed", "with ghp_…[masked], as agreed"),
    "a password of an address": ("https://me:s3cret@host/x", "https://me:…[masked]@host/x"),
    "two in one text": (f"{TOKEN} or {OTHER}", "ghp_…[masked] or ghp_…[masked]"),
}


def asked(*words: str, **more: Any) -> dict[str, Any]:
    return {"descriptor": {"spec": {"words": list(words)}}, "today": "2026-11-21", **more}


def words_of(question: dict[str, Any]) -> list[str]:
    masked: Any = without_secrets(question)
    found: list[str] = masked["descriptor"]["spec"]["words"]
    return found


@pytest.mark.parametrize("case", SECRETS)
def test_a_secret_is_masked_wherever_it_stands(case: str) -> None:
    text, shown = SECRETS[case]
    question = asked(
        text, "as it is", facts={"evidence": [{"value": {"env": [text]}}]}, catalogue={"models": {text: 1}}
    )
    masked: Any = without_secrets(question)
    assert masked["descriptor"]["spec"]["words"] == [shown, "as it is"]
    assert masked["facts"]["evidence"][0]["value"]["env"] == [shown]
    assert masked["catalogue"]["models"] == {shown: 1}


def test_a_secret_that_its_key_alone_makes_one_is_masked_below_it() -> None:
    question: Any = {"descriptor": {"secretAccessKey": AWS, "digest": AWS}}
    assert without_secrets(question) == {"descriptor": {"secretAccessKey": "…[masked]", "digest": AWS}}


def test_a_question_without_a_secret_is_the_same_object() -> None:
    question = asked("https://host/x", "task-1", "ghp_…[masked]")
    assert without_secrets(question) is question


def test_texts_that_differ_still_do_and_those_that_are_the_same_still_are() -> None:
    assert words_of(asked(TOKEN, OTHER, TOKEN)) == ["ghp_…[masked]", "ghp_…[masked 2]", "ghp_…[masked]"]
    pretending = ["ghp_…[masked]", "ghp_…[masked 2]", "ghp_…[masked 3]"]
    for texts in ([TOKEN, OTHER, *pretending], [*pretending, OTHER, TOKEN]):
        found = words_of(asked(*texts))
        assert len(set(found)) == len(texts)
        assert TOKEN not in found
        assert OTHER not in found


def test_the_same_secret_is_masked_alike_in_every_part() -> None:
    base, head = asked(OTHER, TOKEN)["descriptor"], asked(TOKEN)["descriptor"]
    masked: Any = without_secrets({"base": {"descriptor": base}, "head": {"descriptor": head}})
    assert masked["head"]["descriptor"]["spec"]["words"] == masked["base"]["descriptor"]["spec"]["words"][1:]


def test_places_and_waivers_lead_to_what_they_led_to() -> None:
    path = ["descriptor", "labels", TOKEN]
    waivers = [{"id": "glpat-" + "a1" * 10, "control": "x", "path": ["spec"]}]
    question: Any = {"descriptor": {"labels": {TOKEN: TOKEN}}, "facts": {"secrets": [path]}, "waivers": waivers}
    masked: Any = without_secrets(question)
    (key,) = masked["descriptor"]["labels"]
    assert masked["facts"]["secrets"] == [["descriptor", "labels", key]]
    assert masked["waivers"] == waivers
    assert TOKEN not in json.dumps(masked)


def test_an_engine_gets_no_secret_and_its_answer_is_told_with_one_mask() -> None:
    class Repeating:
        name = "repeating"
        version = "1"

        def decisions(self) -> tuple[str, ...]:
            return ()

        def evaluate(self, question: dict[str, Any], rule: str = "report") -> dict[str, Any]:
            return {"said": question["descriptor"]["spec"]["words"], "rule": rule}

    words = [TOKEN, OTHER, "as it is"]
    told = {"said": ["ghp_…[masked]", "ghp_…[masked]", "as it is"], "rule": "change"}
    assert asked_of(Repeating(), asked(*words), "change") == told
    assert asked_of(Repeating(), asked("as it is"), "change") == told | {"said": ["as it is"]}


def test_an_answer_quotes_masks_as_reports_do() -> None:
    answer: Any = {"a": ["ghp_…[masked 2] and ghp_…[masked]", 7], "b": {"ghp_…[masked 2]": None, "ghp_…[masked]": "x"}}
    assert with_one_mask(answer) == {
        "a": ["ghp_…[masked] and ghp_…[masked]", 7],
        "b": {"ghp_…[masked 2]": None, "ghp_…[masked]": "x"},
    }
