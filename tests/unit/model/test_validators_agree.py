"""What one validator accepts, all accept: pydantic, jsonschema and jsonschema-rs.

A run decides by the fast validator alone and asks the readable one only for words, so a difference would be a
mistake without words, or words about what is no mistake.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from psfpolicy.model.closed import Closed, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def _with(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    changed = deepcopy(document)
    *parents, last = path.split(".")
    here = changed
    for key in parents:
        here = here.setdefault(key, {})
    here[last] = value
    return changed


def test_validators_accept_what_a_key_may_say(
    minimal: dict[str, Any], values_of: dict[str, dict[str, list[Any]]], accepted: Callable[[Any], bool]
) -> None:
    documents = [_with(minimal, path, value) for path, said in values_of.items() for value in said["accepted"]]
    assert [document for document in documents if not accepted(document)] == []


def test_validators_refuse_what_a_key_may_not_say(
    minimal: dict[str, Any], values_of: dict[str, dict[str, list[Any]]], accepted: Callable[[Any], bool]
) -> None:
    documents = [_with(minimal, path, value) for path, said in values_of.items() for value in said["refused"]]
    assert [document for document in documents if accepted(document)] == []


BASE = {"apiVersion": "psfpolicy/v1", "kind": "LLMDeploymentBase"}
OVERLAY = {"apiVersion": "psfpolicy/v1", "kind": "LLMDeployment", "metadata": {"extends": "../base.yaml"}}
INCOMPLETE = [
    {},
    {"spec": {}},
    {"spec": {"model": {"revision": "a"}}},
    {"spec": {"inputs": {"guards": [{"name": "a", "action": "flag"}]}}},
    {"spec": {"data": {"stores": [{"name": "a", "retentionDays": 30}]}}},
    {"spec": {"network": {"egress": {"rules": [{"name": "a", "ports": [443]}]}}}},
    {"spec": {"serving": {"location": {"country": None, "region": "aws:eu-central-1"}}}},
]
WRONG_EVEN_SO = [
    {"spec": None},
    {"spec": {"model": {"id": None}}},
    {"spec": {"modle": {}}},
    {"spec": {"inputs": {"guards": [{"action": "flag"}]}}},
    {"spec": {"inputs": {"guards": [{"name": "a", "detects": []}]}}},
    {"spec": {"inputs": {"rateLimits": [{"unit": "tokens"}]}}},
    {"spec": {"parties": [{"name": "a"}]}},
    {"spec": {"vendor": {"agreements": [{"kind": "dpa"}]}}},
    {"spec": {"serving": {"location": {}}}},
]


@pytest.mark.parametrize("document", [BASE, OVERLAY], ids=["base", "overlay"])
@pytest.mark.parametrize("said", INCOMPLETE, ids=str)
def test_what_other_files_complete_need_not_be_complete(
    document: dict[str, Any], said: dict[str, Any], accepted: Callable[[Any], bool]
) -> None:
    assert accepted(document | said)


@pytest.mark.parametrize("document", [BASE, OVERLAY], ids=["base", "overlay"])
@pytest.mark.parametrize("said", WRONG_EVEN_SO, ids=str)
def test_what_other_files_complete_is_validated_all_the_same(
    document: dict[str, Any], said: dict[str, Any], accepted: Callable[[Any], bool]
) -> None:
    assert not accepted(document | said)


@pytest.mark.parametrize(
    "document",
    [
        {},
        [],
        None,
        "LLMDeployment",
        {"apiVersion": "psfpolicy/v1"},
        {"kind": "LLMDeploymentBase"},
        OVERLAY | {"metadata": {"extends": None}},
        OVERLAY | {"metadata": {"extends": ""}},
        OVERLAY | {"metadata": {"extends": 1}},
        OVERLAY | {"metadata": "extends"},
        OVERLAY | {"kind": "LLMDeploymnt"},
        OVERLAY | {"apiVersion": "psfpolicy/v2"},
    ],
    ids=str,
)
def test_what_nothing_completes_must_be_complete(document: object, accepted: Callable[[Any], bool]) -> None:
    assert not accepted(document)


def test_no_required_key_can_be_left_out_of_a_complete_document(
    minimal: dict[str, Any], accepted: Callable[[Any], bool]
) -> None:
    assert accepted(minimal)
    assert [path for path in _paths(minimal) if accepted(_without(minimal, path))] == []


def test_only_what_says_something_by_itself_can_be_left_out(
    reference: dict[str, Any], accepted: Callable[[Any], bool]
) -> None:
    needed = [path for path in _paths(reference) if not accepted(_without(reference, path))]
    assert sorted({".".join("[]" if isinstance(key, int) else key for key in path) for path in needed}) == [
        "apiVersion",
        "kind",
        "metadata",
        "metadata.environment",
        "metadata.name",
        "spec",
        "spec.data.stores.[].kind",
        "spec.data.stores.[].location.region",
        "spec.data.stores.[].name",
        "spec.inputs.guards.[].detects",
        "spec.inputs.guards.[].name",
        "spec.inputs.rateLimits.[].limit",
        "spec.inputs.rateLimits.[].unit",
        "spec.model",
        "spec.model.fineTuning.datasets.[].name",
        "spec.model.id",
        "spec.model.weights.location.region",
        "spec.network.egress.rules.[].location.country",
        "spec.network.egress.rules.[].name",
        "spec.network.egress.rules.[].to",
        "spec.network.egress.rules.[].to.cidr",
        "spec.network.egress.rules.[].to.host",
        "spec.observability.alerts.[].name",
        "spec.observability.alerts.[].signal",
        "spec.observability.exports.[].kind",
        "spec.observability.exports.[].location.country",
        "spec.observability.exports.[].name",
        "spec.operations.duties.[].duty",
        "spec.outputs.guards.[].detects",
        "spec.outputs.guards.[].name",
        "spec.outputs.sinks.[].kind",
        "spec.outputs.sinks.[].name",
        "spec.outputs.validators.[].kind",
        "spec.outputs.validators.[].name",
        "spec.oversight.decisions.[].name",
        "spec.parties.[].id",
        "spec.purpose",
        "spec.purpose.summary",
        "spec.serving",
        "spec.serving.hosting",
        "spec.serving.location.region",
        "spec.vendor.agreements.[].kind",
        "spec.vendor.agreements.[].with",
        "spec.vendor.fallbacks.[].kind",
        "spec.vendor.fallbacks.[].name",
    ]


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Give the path of every key of a document."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ()):
        if isinstance(key, str):
            yield (*path, key)
        yield from _paths(item, (*path, key))


def _without(document: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    changed = deepcopy(document)
    del _at(changed, path[:-1])[path[-1]]
    return changed


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def _mistyped(word: str, place: int) -> str:
    at = place % len(word)
    return word[:at] + ("x" if word[at] != "x" else "y") + word[at + 1 :]


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.integers(-2, 200)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([0.0, 1.0, 2.0, 32768.0, 0.5, 1e15, 1e300])
    | st.text(max_size=5)
    | st.sampled_from(["self", "none", "DE", "EEA", "2026-09-14", "aws:eu-central-1", "production", "pii", "logs"])
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "kind", "id"]), inner),
    max_leaves=4,
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_change_of_a_descriptor_divides_the_validators(
    data: st.DataObject, reference: dict[str, Any], rest: dict[str, Any], accepted: Callable[[Any], bool]
) -> None:
    document = deepcopy(data.draw(st.sampled_from([reference, rest]), label="document"))
    *parents, last = data.draw(st.sampled_from(list(_paths(document))), label="path")
    parent = _at(document, tuple(parents))
    change = data.draw(st.sampled_from(["replace", "remove", "mistype", "wrap"]), label="change")
    old = parent.pop(last)
    match change:
        case "replace":
            parent[last] = data.draw(values, label="value")
        case "mistype":
            parent[_mistyped(str(last), data.draw(st.integers(0, 30)))] = old
        case "wrap":
            parent[last] = data.draw(st.sampled_from([[old], {"name": old}, str(old)]), label="wrapped")
    accepted(document)


class _Said(Closed):
    text: Text


def test_every_character_is_visible_to_all_validators_or_to_none() -> None:
    schema = _Said.model_json_schema()
    readable = jsonschema.Draft202012Validator(schema["properties"]["text"])
    fast = jsonschema_rs.Draft202012Validator(schema["properties"]["text"])
    characters = [chr(code) for code in (*range(0x3100), *range(0xFE00, 0x10000), 0x1F600, 0xE0001, 0x10FFFF)]
    divided = [
        character
        for character in characters
        if len({_fits(character), readable.is_valid(character), fast.is_valid(character)}) > 1
    ]
    assert divided == []


def _fits(text: str) -> bool:
    try:
        _Said(text=text)
    except ValidationError:
        return False
    return True
