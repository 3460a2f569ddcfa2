"""Secrets and keys of providers in any manifest: by their format, or by the name of their variable."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from psfpolicy.evidence.engines.table import hub
from psfpolicy.evidence.nodes import at, entries, items, text
from psfpolicy.evidence.placeholders import stands_for_secret
from psfpolicy.evidence.tables import table
from psfpolicy.source import Mapping, Scalar, Sequence, literal_secrets

if TYPE_CHECKING:
    import collections.abc
    from collections.abc import Iterator

    from psfpolicy.source import Document, Node


class Variable(NamedTuple):
    """A variable that a manifest sets, wherever it does."""

    name: str
    node: Node
    """What is written for it; its own name where its value is written elsewhere."""
    value: str | None
    """None where it is written elsewhere."""
    beside: collections.abc.Mapping[str, str | None]
    """All that are set together with it, by name."""

    @property
    def is_secret(self) -> bool:
        """Whether its name says that it holds a secret."""
        return self.name in hub()["secrets"] or bool(_SECRET.fullmatch(self.name))


def variables(document: Document) -> Iterator[Variable]:
    """Give the variables that a document sets, in the order of its text.

    Those of `env` and the like, as a map, as pairs of a name and a value, and as `NAME=value`, and the data of a
    ConfigMap. What a Secret holds is none of them.
    """
    yield from _within(document.root)


def secrets_of(document: Document) -> Iterator[tuple[str, Node]]:
    """Give the texts of a document that have the format of a secret, in its order, each with its path."""
    for path in literal_secrets(document):
        found = at(document.root, *path)
        if found is not None:
            yield ".".join(map(str, path)), found


def is_plain(value: str) -> bool:
    """Say whether what is written for a secret is the secret itself, and neither a reference nor encrypted."""
    return bool(value.strip()) and not stands_for_secret(value) and not _REFERENCE.match(value.strip())


def is_reference(value: str) -> bool:
    """Say whether what is written for a secret says where it is, or is encrypted."""
    return bool(_REFERENCE.match(value.strip()))


def provider_of(variable: Variable) -> dict[str, str] | None:
    """Give the provider that a variable holds the key of; None where it is led elsewhere, or is no key at all."""
    row = table("provider_keys")["rows"].get(variable.name)
    if row is None or any(
        _leads_away(variable.beside[name], row) for name in row["elsewhere"] if name in variable.beside
    ):
        return None
    if variable.value is not None and (not variable.value.strip() or _is_dummy(variable.value)):
        return None
    return {"id": row["id"], "name": row["name"]}


def _leads_away(address: str | None, row: dict[str, Any]) -> bool:
    """Say whether a base URL is known, and not the provider's own."""
    return bool(address) and not ("domain" in row and row["domain"] in str(address).lower())


def _is_dummy(value: str) -> bool:
    """Say whether a value is a word that stands for no key, which clients of one's own engine are given."""
    return stands_for_secret(value) and "$" not in value and "{{" not in value


def _within(node: Node) -> Iterator[Variable]:
    if isinstance(node, Mapping):
        kind = text(at(node, "kind"))
        for each in entries(node) if kind not in _SECRETS else ():
            if each.key in _HOLDERS or (kind == "ConfigMap" and each.key == "data"):
                yield from _set(each.value)
            yield from _within(each.value)
    elif isinstance(node, Sequence):
        for item in items(node):
            yield from _within(item)


def _set(node: Node) -> Iterator[Variable]:
    found = list(_listed(node)) if isinstance(node, Sequence) else list(_mapped(node))
    beside = {name: value for name, _, value in found}
    yield from (Variable(name, where, value, beside) for name, where, value in found)


def _mapped(node: Node) -> Iterator[tuple[str, Node, str | None]]:
    for each in entries(node):
        if isinstance(each.value, Scalar):
            yield each.key, each.value, text(each.value) or ""


def _listed(node: Node) -> Iterator[tuple[str, Node, str | None]]:
    for item in items(node):
        name = at(item, "name")
        if isinstance(item, Scalar):
            key, equals, value = (text(item) or "").partition("=")
            if equals:
                yield key.strip(), item, value
        elif name is not None and text(name):
            value_node = at(item, "value")
            if isinstance(value_node, Scalar):
                yield text(name) or "", value_node, text(value_node) or ""
            elif at(item, "valueFrom") is not None:
                yield text(name) or "", name, None


_HOLDERS = frozenset({"env", "environment", "extraEnv", "extraEnvs", "extraEnvVars", "envVars"})
_SECRETS = frozenset({"Secret", "SealedSecret", "ExternalSecret", "ClusterExternalSecret", "SecretProviderClass"})
_SECRET = re.compile(
    r"(?:[A-Z0-9]+_)*(?:API_KEY|API_TOKEN|ACCESS_TOKEN|AUTH_TOKEN|SECRET_KEY|SECRET_ACCESS_KEY|PASSWORD|MASTER_KEY)"
)
# A file, an address of a store, what sops has encrypted, and LiteLLM's way to name a variable.
_REFERENCE = re.compile(r"/|\./|file:|ENC\[|os\.environ/|(?:vault|arn|op|ref\+\w+|secretsmanager|ssm|gcpsm|akv):")
