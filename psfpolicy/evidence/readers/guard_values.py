"""Values of OPEA's charts that switch on a guard, or send prompts to a model outside the chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.guarding.configs import bare, open_reason
from psfpolicy.evidence.guarding.hosts import address, opening
from psfpolicy.evidence.guarding.paths import INPUTS, RULES, SECRETS
from psfpolicy.evidence.nodes import at, flag, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Document, Node

NAME = "guard_values"
_CHART = "guardrails-usvc"
_OUTSIDE = "externalLLM"
_MODEL = "SAFETY_GUARD_MODEL_ID"
_VALUES = "values of a chart: what it makes of them is not in the evidence"
_UNREFERRED = "which requests the chart sends through the guard is not in its values"


def reads(document: Document) -> bool:
    """Say whether a document holds values with a guard of OPEA's, or with a model outside the chart."""
    root = document.root
    return bare(root) and (_guard(root) is not None or flag(at(root, _OUTSIDE, "enabled")) is True)


def facts(document: Document, project: Project) -> Iterator[Fact]:
    """Give the guard, and the way to the model outside, in the order of the text."""
    yield from sorted(_facts(document, project), key=lambda fact: fact.place.region)


def _guard(root: Node) -> Node | None:
    """Give the values of the guard: those of a chart that contains it, where it is on, or its own."""
    part = at(root, _CHART)
    if part is not None:
        return part if flag(at(part, "enabled")) is True else None
    return root if at(root, _MODEL) is not None else None


def _facts(document: Document, project: Project) -> Iterator[Fact]:
    root = document.root
    origin = Origin(reader=NAME, document=document, subject=f"Helm values `{_CHART}`")
    guard = _guard(root)
    if guard is not None:
        model = at(guard, _MODEL)
        value: dict[str, Any] = {"name": _CHART, "detects": ["unsafe-content"]}
        if model is not None and not open_reason(model):
            value["model"] = text(model)
        where = model or at(guard, "enabled") or guard
        yield origin.fact(INPUTS, value, where, item=True, certainty="inferred", reason=_VALUES)
        yield origin.inconclusive(INPUTS, where, _UNREFERRED)
    if flag(at(root, _OUTSIDE, "enabled")) is True:
        yield from _outside(root, document, project)


def _outside(root: Node, document: Document, project: Project) -> Iterator[Fact]:
    origin = Origin(reader=NAME, document=document, subject=f"Helm values `{_OUTSIDE}`")
    host, key = at(root, _OUTSIDE, "LLM_SERVER_HOST"), at(root, _OUTSIDE, "OPENAI_API_KEY")
    found = address(host, project)
    if isinstance(found, str):
        yield origin.inconclusive(RULES, host or at(root, _OUTSIDE, "enabled") or root, found)
    elif host is not None and not found.inside:
        yield opening(origin, _OUTSIDE, host, found, reason=_VALUES)
    if key is not None and text(key):
        reason = open_reason(key)
        if reason:
            yield origin.inconclusive(SECRETS, key, reason, shown="OPENAI_API_KEY")
        else:
            yield origin.inferred(SECRETS, "none", key, _VALUES, shown="OPENAI_API_KEY")
