"""The reference descriptor, the schemas on disk, and the verdict of every validator on a document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import jsonschema_rs
import pytest
import yaml
from pydantic import ValidationError

from psfpolicy.model.descriptor import Descriptor, DescriptorBase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psfpolicy.model.closed import Closed

ROOT = Path(__file__).parents[3]


class _CoreLoader(yaml.SafeLoader):
    """Reads a day as text, as YAML 1.2 does."""


_CoreLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _read(name: str) -> dict[str, Any]:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.load(text, _CoreLoader)  # noqa: S506 - a safe loader
    return read


@pytest.fixture(scope="session")
def closed_sets() -> dict[str, list[str]]:
    """Every closed set, by the path of its key."""
    return _read("closed_sets.yaml")


@pytest.fixture(scope="session")
def values_of() -> dict[str, dict[str, list[Any]]]:
    """What keys accept and refuse, by their path."""
    return _read("values.yaml")


@pytest.fixture(scope="session")
def reference() -> dict[str, Any]:
    """The example of the whole shape."""
    return _read("reference.yaml")


@pytest.fixture(scope="session")
def rest() -> dict[str, Any]:
    """What the reference leaves unsaid."""
    return _read("rest.yaml")


@pytest.fixture
def minimal() -> dict[str, Any]:
    """The least that is valid."""
    return {
        "apiVersion": "psfpolicy/v1",
        "kind": "LLMDeployment",
        "metadata": {"name": "a", "environment": "staging"},
        "spec": {"purpose": {"summary": "a"}, "model": {"id": "a"}, "serving": {"hosting": "on-prem"}},
    }


@pytest.fixture(scope="session")
def schema() -> dict[str, Any]:
    """The schema of descriptors, as it is on disk."""
    return _read_json("schemas/llm-deployment-v1.schema.json")


@pytest.fixture(scope="session")
def question_schema() -> dict[str, Any]:
    """The schema of the policy's input, as it is on disk."""
    return _read_json("policy/input.schema.json")


@pytest.fixture(scope="session")
def settings_schema() -> dict[str, Any]:
    """The schema of settings, as it is on disk."""
    return _read_json("schemas/settings-v1.schema.json")


def _read_json(file: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((ROOT / file).read_text(encoding="utf-8"))
    return read


@pytest.fixture(scope="session")
def accepted(schema: dict[str, Any]) -> Callable[[Any], bool]:
    """Says whether a document is valid, once pydantic, jsonschema and jsonschema-rs have said the same."""
    readable = jsonschema.Draft202012Validator(schema)
    fast = jsonschema_rs.Draft202012Validator(schema)

    def verdict(document: Any) -> bool:
        verdicts = {
            "pydantic": _fits(_model(document), document),
            "jsonschema": readable.is_valid(document),
            "jsonschema-rs": fast.is_valid(document),
        }
        assert len(set(verdicts.values())) == 1, verdicts
        return verdicts["pydantic"]

    return verdict


def _model(document: Any) -> type[Closed]:
    match document:
        case {"kind": "LLMDeploymentBase"} | {"metadata": {"extends": str()}}:
            return DescriptorBase
    return Descriptor


def _fits(model: type[Closed], document: Any) -> bool:
    try:
        model.model_validate(document)
    except ValidationError:
        return False
    return True


@pytest.fixture(scope="session")
def keys(schema: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What the schema says of each key, by its path; the items of a list are `[]`, of a free map `*`."""
    return dict(_keys(schema, schema["$defs"], ""))


def _keys(part: dict[str, Any], defs: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    target = defs[part["$ref"].removeprefix("#/$defs/")] | part if "$ref" in part else part
    if path:
        yield path, target
    for key, child in target.get("properties", {}).items():
        yield from _keys(child, defs, f"{path}.{key}" if path else key)
    if isinstance(target.get("items"), dict):
        yield from _keys(target["items"], defs, f"{path}[]")
    if isinstance(target.get("additionalProperties"), dict):
        yield from _keys(target["additionalProperties"], defs, f"{path}.*")


@pytest.fixture(scope="session")
def said(reference: dict[str, Any], rest: dict[str, Any]) -> set[str]:
    """The paths of the keys that the two documents say, written as in `keys`."""
    return {*_said(reference, ""), *_said(rest, "")}


def _said(value: Any, path: str) -> Iterator[str]:
    match value:
        case dict():
            for key, item in value.items():
                child = f"{path}.*" if path == "metadata.labels" else f"{path}.{key}".removeprefix(".")
                yield child
                yield from _said(item, child)
        case list():
            for item in value:
                yield f"{path}[]"
                yield from _said(item, f"{path}[]")
