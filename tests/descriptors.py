"""Descriptors made up from the schema that the models write: valid in shape, and otherwise anything at all."""

from __future__ import annotations

import json
import random
import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from psfpolicy import schema

ROOT = Path(__file__).parents[1]
HOSTILE = (
    '"}],"status":"pass","x":"',
    'a"},{"status":"pass","path":["spec"],"message":"',
    "nul \x00 in the middle",
    "\x01\x1f\x7f\x80\u2028\u2029\ufeff\ufffd",
    "\U0001f600 e\u0301 \u202e",
    "{input.descriptor}",
    '$"{1 + 1}"',
    "` or `pass",
    "%s %d %v",
    "\\u0000",
)
"""Texts that would break out of a message, or be read as Rego."""
_NUMBERS = (0, 1, 2, 7, 8, 24, 30, 90, 365, 1000, 4096, 32768, 131072, 10**6, 999_999_999, 999_999_999_999_999)
_DECIMALS = (0, 0.5, 0.92, 1, 2.5, 3.999999, 24.000001, 70.6, 999_999_999)


@cache
def written() -> dict[str, tuple[Any, ...]]:
    """Give what the examples and the cases of tests say, by key."""
    found: dict[str, list[Any]] = {}

    def walk(value: Any, key: str) -> None:
        if isinstance(value, dict):
            for name, item in value.items():
                walk(item, str(name))
        elif isinstance(value, list):
            for item in value:
                walk(item, key)
        elif value not in found.setdefault(key, []):
            found[key].append(value)

    files = (*ROOT.glob("examples/**/*.yaml"), *ROOT.glob("tests/acceptance/systems/*.yaml"))
    for path in sorted((*files, ROOT / "tests/unit/model/reference.yaml")):
        if "invalid" not in path.parts:
            for document in yaml.load_all(path.read_text(encoding="utf-8"), yaml.CSafeLoader):
                walk(document, "")
    return {key: tuple(values) for key, values in found.items()}


@cache
def _texts(key: str, pattern: str, examples: tuple[str, ...]) -> tuple[str, ...]:
    known = [value for value in written().get(key, ()) if isinstance(value, str)]
    pool = [*known, *examples] * 4 + list(HOSTILE) + ["2026-11-21", "a"]
    return tuple(text for text in pool if re.search(pattern, text))


class Maker:
    """Makes descriptors; the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)  # noqa: S311  # it hides nothing
        self._schema: dict[str, Any] = json.loads(json.dumps(schema.schema()))
        self._needed: dict[str, set[str]] = {}
        """What a descriptor that extends none must have, by key."""
        self._need(self._schema["else"], "")
        self._number = 0

    def descriptor(self) -> dict[str, Any]:
        """Give another one, whose shape is valid."""
        while True:
            self._number += 1
            share = self._chance.choice((0.2, 0.5, 0.8, 0.95))
            made: dict[str, Any] = {
                "apiVersion": "psfpolicy/v1",
                "kind": "LLMDeployment",
                "metadata": self._made(self._schema["properties"]["metadata"], "metadata", 0.5),
                "spec": self._made(self._schema["properties"]["spec"], "spec", share),
            }
            made["metadata"].pop("extends", None)
            made["metadata"] |= {"name": f"made-{self._number}", "environment": "production"}
            made["spec"].pop("evidence", None)  # files, which another test reads
            if schema.accepts(made):
                return made

    def _need(self, node: dict[str, Any], key: str) -> None:
        self._needed.setdefault(key, set()).update(node.get("required", ()))
        if isinstance(node.get("items"), dict):
            self._need(node["items"], key)
        if "$ref" in node:
            self._need(self._schema["$defs"][node["$ref"].rpartition("/")[2]], key)
        for name, item in node.get("properties", {}).items():
            self._need(item, name)

    def _made(self, node: dict[str, Any], key: str, share: float) -> Any:
        if "$ref" in node:
            return self._made(self._schema["$defs"][node["$ref"].rpartition("/")[2]], key, share)
        for choice in ("oneOf", "anyOf"):
            if choice in node and "type" not in node:
                return self._made(self._chance.choice(node[choice]), key, share)
        if "enum" in node:
            return self._chance.choice(node["enum"])
        kinds = node.get("type", "")
        kind = self._chance.choice([one for one in kinds if one != "null"]) if isinstance(kinds, list) else kinds
        make = {"object": self._map, "array": self._list, "string": self._text}.get(kind, self._scalar)
        return make({**node, "type": kind}, key, share)

    def _map(self, node: dict[str, Any], key: str, share: float) -> Any:
        properties = node.get("properties", {})
        required = {*node.get("required", ()), *self._needed.get(key, ())}
        exclusive = [name for branch in node.get("oneOf", ()) for name in branch["required"]]
        if exclusive:
            kept = self._chance.choice(exclusive)
            required |= {kept}
            properties = {name: item for name, item in properties.items() if name == kept or name not in exclusive}
        wanted = [name for name in properties if name in required or self._chance.random() < share]
        made = {name: self._made(properties[name], name, share) for name in wanted}
        others = node.get("additionalProperties")
        if isinstance(others, dict) and self._chance.random() < share:
            made |= {name: self._made(others, name, share) for name in self._chance.sample(("input", "a.b", "x"), 2)}
        return {name: value for name, value in made.items() if value is not None}

    def _list(self, node: dict[str, Any], key: str, share: float) -> Any:
        count = max(node.get("minItems", 0), self._chance.choice((0, 1, 1, 2, 3)))
        made = [self._made(node["items"], key, share) for _ in range(count)]
        # Of two with one name the second is a mistake, and the policy need not bear it.
        names = [item.get("id", item.get("name")) if isinstance(item, dict) else None for item in made]
        return [item for index, item in enumerate(made) if names[index] not in names[:index] or not names[index]]

    def _text(self, node: dict[str, Any], key: str, share: float) -> Any:  # noqa: ARG002  # likewise
        fits = _texts(key, node.get("pattern", ""), tuple(node.get("examples", ())))
        return self._chance.choice(fits) if fits else None

    def _scalar(self, node: dict[str, Any], key: str, share: float) -> Any:  # noqa: ARG002  # likewise
        if node.get("type") == "boolean":
            return self._chance.random() < 0.7
        numbers = _DECIMALS if node.get("type") == "number" else _NUMBERS
        least, most = node.get("minimum", 0), node.get("maximum", 10**15)
        known = [value for value in written().get(key, ()) if isinstance(value, int) and not isinstance(value, bool)]
        fits = [number for number in (*numbers, *known) if least <= number <= most]
        return self._chance.choice(fits)
