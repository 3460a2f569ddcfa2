"""The environment of a container: literal values, and those from ConfigMaps, Secrets and the pod itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from psfpolicy.evidence.container import Variable
from psfpolicy.evidence.engines.expansion import kubernetes
from psfpolicy.evidence.nodes import at, entries, entry, flag, items, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.source import Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psfpolicy.evidence.project import Project
    from psfpolicy.source import Node

_REFERENCE = re.compile(r"\$\$|\$\([^()\s]+\)")


@dataclass(frozen=True, slots=True)
class Environment:
    """The variables of a container."""

    variables: Mapping[str, Variable]
    """By name; a later declaration replaces an earlier one."""
    missing: str
    """What may set more of them and is not in the evidence; empty where nothing does."""


def environment(node: Node, namespace: str, project: Project) -> Environment:
    """Read `env` and `envFrom` of a container; what `env` says replaces what `envFrom` gives."""
    found: dict[str, Variable] = {}
    missing = ""
    for source in items(at(node, "envFrom")):
        more, lack = _imported(source, namespace, project)
        found.update(more)
        missing = missing or lack
    for item in items(at(node, "env")):
        name = text(at(item, "name"))
        if name:
            found[name] = _declared(item, namespace, project, found)
    return Environment(found, missing)


def expanded(word: str, variables: Mapping[str, Variable]) -> tuple[str, str]:
    """Replace `$(NAME)` as Kubernetes does, and say what in the result has a value that is not known.

    Returns:
        The text, in which an unknown reference stays as it is; and the first reference, variable or template in it
        that is not known, empty where all is.
    """
    if "$" not in word and "{{" not in word:
        return word, ""
    found = kubernetes(word, variables)
    # Behind an escaped dollar sign stands what the program is meant to see, not a variable of ours.
    return found.text, found.unresolved or placeholder_in(_REFERENCE.sub("", word))


def _declared(item: Node, namespace: str, project: Project, earlier: Mapping[str, Variable]) -> Variable:
    place = item.place
    source = at(item, "valueFrom")
    if source is None:
        return _literal(item, earlier)
    reference = at(source, "configMapKeyRef")
    if reference is not None:
        return _configured(reference, namespace, project, item)
    if at(source, "secretKeyRef") is not None:
        return Variable(kind="secret", value=None, place=place)
    if at(source, "fieldRef") is not None or at(source, "resourceFieldRef") is not None:
        return Variable(kind="field", value=None, place=place)
    return Variable(kind="unknown", value=None, place=place)


def _literal(item: Node, earlier: Mapping[str, Variable]) -> Variable:
    written = at(item, "value")
    place = item.place if written is None else written.place
    if entry(item, "value") is None or (written is not None and text(written) is None):
        # No value, or null, is the empty text; a map or a list is nothing that Kubernetes would take.
        empty = entry(item, "value") is None or isinstance(written, Scalar)
        return Variable(kind="literal" if empty else "unknown", value="" if empty else None, place=place)
    value, unknown = expanded(text(written) or "", earlier)
    if unknown:
        return Variable(kind=_kind_of(unknown, earlier), value=None, place=place)
    return Variable(kind="literal", value=value, place=place, scalar=_scalar(written))


def _scalar(written: Node | None) -> Scalar | None:
    return written if isinstance(written, Scalar) else None


def _kind_of(reference: str, earlier: Mapping[str, Variable]) -> Literal["secret", "unknown"]:
    known = earlier.get(reference)
    return "secret" if known is not None and known.kind == "secret" else "unknown"


def _configured(reference: Node, namespace: str, project: Project, item: Node) -> Variable:
    name, key = text(at(reference, "name")) or "", text(at(reference, "key")) or ""
    config = project.named("ConfigMap", name, namespace)
    written = at(config.node, "data", key) if config is not None else None
    value = text(written)
    if written is None or value is None or placeholder_in(value):
        return Variable(kind="unknown", value=None, place=item.place)
    return Variable(kind="config", value=value, place=written.place, scalar=_scalar(written))


def _imported(source: Node, namespace: str, project: Project) -> tuple[dict[str, Variable], str]:
    prefix = text(at(source, "prefix")) or ""
    for key, kind in (("configMapRef", "ConfigMap"), ("secretRef", "Secret")):
        reference = at(source, key)
        if reference is None:
            continue
        name = text(at(reference, "name")) or ""
        known = project.named(kind, name, namespace)
        if known is None:
            optional = ", optional" if flag(at(reference, "optional")) else ""
            return {}, f"the {kind} `{name}`{optional}, from which variables come, is not in the evidence"
        if kind == "Secret":
            held = (*entries(at(known.node, "data")), *entries(at(known.node, "stringData")))
            return {prefix + item.key: Variable(kind="secret", value=None, place=source.place) for item in held}, ""
        return {prefix + item.key: _from_map(item.value) for item in entries(at(known.node, "data"))}, ""
    return {}, "variables come from something that is not known"


def _from_map(written: Node) -> Variable:
    value = text(written)
    if value is None or placeholder_in(value):
        return Variable(kind="unknown", value=None, place=written.place)
    return Variable(kind="config", value=value, place=written.place, scalar=_scalar(written))
