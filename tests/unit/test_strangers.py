"""Names that the catalogue does not have: what is near each, and how that is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy.strangers import Stranger, asked, strangers

if TYPE_CHECKING:
    from psfpolicy.model.place import JsonValue


def described(**spec: JsonValue) -> JsonValue:
    return {"spec": spec}


def test_a_slip_in_each_place_that_names_a_row() -> None:
    data = described(
        model={
            "id": "microsoft/phi4",
            "base": {"id": "qwen/Qwen2.5-7B-Instrct"},
            "licence": {"id": "apache2"},
            "adapters": [{"name": "a"}, {"name": "b", "source": "mistralai/Codestral-22B-v1"}],
        },
        serving={"accelerators": {"type": "nvidia-h100-80"}},
        data={"pii": {"detector": {"name": "presidium"}}},
        inputs={"guards": [{"name": "g", "model": "meta-llama/LlamaGuard-3-8B"}]},
        outputs={"guards": [{"name": "h"}, {"name": "i", "model": "shieldgema"}]},
        vendor={"fallbacks": [{"name": "f", "model": "gpt-4.2"}]},
    )
    assert {path: item.near for path, item in strangers(data).items()} == {
        ("spec", "model", "id"): ("microsoft/phi-4",),
        ("spec", "model", "base", "id"): ("Qwen/Qwen2.5-7B-Instruct",),
        ("spec", "model", "licence", "id"): ("apache-2.0",),
        ("spec", "model", "adapters", 1, "source"): ("mistralai/Codestral-22B-v0.1",),
        ("spec", "serving", "accelerators", "type"): ("nvidia-h100-80gb",),
        ("spec", "data", "pii", "detector", "name"): ("presidio",),
        ("spec", "inputs", "guards", 0, "model"): ("meta-llama/Llama-Guard-3-8B",),
        ("spec", "outputs", "guards", 1, "model"): ("shieldgemma",),
        ("spec", "vendor", "fallbacks", 0, "model"): ("gpt-4.1",),
    }


@pytest.mark.parametrize(
    "id_",
    [
        "microsoft/phi-4",
        "MICROSOFT/PHI-4",
        "gaianet/phi-4-GGUF",
        "acme/notes-of-our-own",
        "",
    ],
)
def test_a_name_that_is_known_or_like_nothing_is_left_alone(id_: str) -> None:
    assert strangers(described(model={"id": id_})) == {}


def test_a_name_of_the_users_own_row_is_no_stranger() -> None:
    own: Any = {"models": {"notes": {"aliases": ["acme/phi4"]}}}
    assert strangers(described(model={"id": "Acme/phi4"}), own) == {}
    assert strangers(described(model={"id": "acme/phi5"}), own)["spec", "model", "id"].near == ("acme/phi4",)


@pytest.mark.parametrize("id_", ["https://huggingface.co/microsoft/phi-4", "s3://weights/models/microsoft/phi-4"])
def test_an_address_asks_for_the_name_that_it_ends_with(id_: str) -> None:
    assert strangers(described(model={"id": id_}))["spec", "model", "id"].near == ("microsoft/phi-4",)


@pytest.mark.parametrize(
    ("id_", "base"),
    [
        ("TheBloke/Codestral-22B-v0.1-AWQ", "mistralai/Codestral-22B-v0.1"),
        ("acme/codestral-22b-v0.1-FP8-dynamic", "mistralai/Codestral-22B-v0.1"),
        ("acme/Meta-Llama-3.1-70B-Instruct.gguf", "meta-llama/Meta-Llama-3.1-70B-Instruct"),
    ],
)
def test_a_repack_asks_for_the_model_that_it_names(id_: str, base: str) -> None:
    assert strangers(described(model={"id": id_})) == {("spec", "model", "id"): Stranger(id_, (), base)}


def test_a_repack_that_says_its_base_asks_for_nothing() -> None:
    model: JsonValue = {"id": "TheBloke/Codestral-22B-v0.1-AWQ", "base": {"id": "codestral-22b"}}
    assert strangers(described(model=model)) == {}


@pytest.mark.parametrize("id_", ["acme/Codestral-22B-v0.1-legal", "acme/AWQ", "acme/notes-AWQ"])
def test_what_adds_no_format_to_a_known_name_is_no_repack(id_: str) -> None:
    assert strangers(described(model={"id": id_})) == {}


@pytest.mark.parametrize(
    ("found", "question"),
    [
        ([Stranger("phi4", ("phi-4",), None)], "did you mean `phi-4`?"),
        ([Stranger("x", ("a", "b"), None)], "did you mean `a` or `b`?"),
        (
            [Stranger("x", ("a",), None), Stranger("y", ("b", "c"), None)],
            "did you mean `a` for `x`, and `b` or `c` for `y`?",
        ),
        (
            [Stranger("x-AWQ", (), "x"), Stranger("y", ("b",), None)],
            "did you mean `b`?; if it comes from `x`, `spec.model.base.id` can say so",
        ),
    ],
)
def test_a_question_names_what_is_near(found: list[Stranger], question: str) -> None:
    assert asked(found) == question


@pytest.mark.parametrize("data", [None, [], {"spec": []}, {"spec": {"inputs": {"guards": {}}, "model": [1]}}])
def test_another_shape_has_no_strangers(data: JsonValue) -> None:
    assert strangers(data) == {}


def test_only_the_first_strangers_are_compared_so_that_a_hostile_list_costs_nothing() -> None:
    fallbacks: list[JsonValue] = [{"name": str(index), "model": "microsoft/phi4"} for index in range(25)]
    found = strangers(described(vendor={"fallbacks": fallbacks}))
    assert list(found) == [("spec", "vendor", "fallbacks", index, "model") for index in range(20)]
