"""Whether a document meets its schema, and if not, every mistake at its place."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from psfpolicy import resources
from psfpolicy.mistake import Mistake, located

if TYPE_CHECKING:
    from psfpolicy.model.place import Diagnostic, JsonValue
    from psfpolicy.source import Document

NAME = "llm-deployment-v1"
"""The schema of descriptors, as `psfpolicy schema` knows it."""


def diagnostics(document: Document, *, partial: bool = False) -> tuple[Diagnostic, ...]:
    """Give every mistake of a document, in the order of the document; none when it is valid.

    Args:
        document: One document, as it stands in its file or merged over its bases.
        partial: Another document completes it, so that what only a whole descriptor needs may be absent. A document
            with `metadata.extends` and one of kind `LLMDeploymentBase` are partial by themselves.
    """
    found = mistakes(document, partial=partial)
    return located(found, document) if found else ()


def diagnostics_of(document: Document, name: str) -> tuple[Diagnostic, ...]:
    """Give every mistake of a document of another kind, in the order of the document; none when it is valid.

    Args:
        document: The document.
        name: The schema that it is held to, as `psfpolicy schema` knows it: `settings-v1`.
    """
    return located(mistakes_of(document.data, name), document)


def mistakes_of(data: JsonValue, name: str) -> tuple[Mistake, ...]:
    """Give every mistake of data of another kind, by path and in no order; none when it is valid.

    Args:
        data: The data.
        name: The schema that it is held to, as `psfpolicy schema` knows it: `catalogue/models`.
    """
    if accepts(data, name):
        return ()
    from psfpolicy.schema.explain import explained  # noqa: PLC0415  # valid data needs none of it
    from psfpolicy.schema.tree import Tree  # noqa: PLC0415  # likewise

    return tuple(explained(Tree(schema(name)), data))


def mistakes(document: Document, *, partial: bool = False) -> tuple[Mistake, ...]:
    """Give what `diagnostics` gives, by path and in no order."""
    data = _as_base(document.data) if partial else document.data
    if accepts(data):
        return ()
    from psfpolicy.schema.explain import explained  # noqa: PLC0415  # a valid document needs none of it
    from psfpolicy.schema.head import intended  # noqa: PLC0415  # likewise
    from psfpolicy.schema.tree import Tree  # noqa: PLC0415  # likewise

    tree = Tree(schema())
    meant, slips = intended(data, tree)
    found = explained(tree, data)
    if not slips:
        return tuple(found)
    below = () if accepts(meant) else explained(tree, meant)
    return (*(mistake for mistake in found if mistake.path in slips), *below)


def accepts(data: JsonValue, name: str = NAME) -> bool:
    """Say whether data meets a schema, without saying why not."""
    try:
        return _validator(name).is_valid(data)
    except ValueError:  # not a JSON value after all: a lone surrogate, a number that is not finite
        return False


@cache
def schema(name: str = NAME) -> dict[str, Any]:
    """Give a schema as a value, or one of its definitions: `report-v1#Assessment`."""
    file, _, part = name.partition("#")
    parsed: dict[str, Any] = json.loads(resources.schema(file))
    return {"$ref": f"#/$defs/{part}", "$defs": parsed["$defs"]} if part else parsed


@cache
def keys_of_format(name: str) -> tuple[str, ...]:
    """Give the keys of descriptors whose value, or each item of whose list, is of a format: `date`, `country`."""
    keys = (
        key
        for section in schema()["$defs"].values()
        for key, value in section.get("properties", {}).items()
        if name in (value.get("format"), value.get("items", {}).get("format"))
    )
    return tuple(dict.fromkeys(keys))


@cache
def _validator(name: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(schema(name), validate_formats=False)


def _as_base(data: JsonValue) -> JsonValue:
    if isinstance(data, dict) and data.get("kind") == "LLMDeployment":
        return {**data, "kind": "LLMDeploymentBase"}
    return data
