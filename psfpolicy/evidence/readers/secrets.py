"""Secrets and keys of providers in manifests of any kind, whether or not what they are given to serves a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.placeholders import UNFILLED
from psfpolicy.evidence.plain import is_plain, is_reference, provider_of, secrets_of, variables
from psfpolicy.evidence.project import objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import Place
    from psfpolicy.source import Document

NAME = "secrets"

_STORE = "spec.security.secrets.store"
_KEYS = "it has a key of the provider; what it sends there is not in the evidence"


def reads(document: Document) -> bool:
    """Say whether a document holds a secret, or sets a variable that is one."""
    return any(each.is_secret or provider_of(each) for each in variables(document)) or any(secrets_of(document))


def facts(document: Document, project: Project) -> Iterator[Fact]:  # noqa: ARG001  # each stands for itself
    """Give where secrets stand as they are, and whose keys are there, in the order of the text."""
    titles = [item.title for item in objects(document)]
    origin = Origin(reader=NAME, document=document, subject=titles[0] if len(titles) == 1 else document.file)
    found: dict[Place, Fact] = {}
    for each in variables(document):
        provider = provider_of(each)
        if provider is not None:
            yield origin.fact(
                "spec.parties",
                dict(provider),
                each.node,
                item=True,
                certainty="inferred",
                reason=_KEYS,
                shown=each.name,
            )
        if each.is_secret and each.value is not None:
            shown = f"{each.name}=…"
            if is_plain(each.value):
                found[each.node.place] = origin.fact(_STORE, "none", each.node, shown=shown)
            elif each.value.strip() and not is_reference(each.value):
                found[each.node.place] = origin.inconclusive(_STORE, each.node, UNFILLED, shown=shown)
    for path, node in secrets_of(document):
        found[node.place] = origin.fact(_STORE, "none", node, shown=path)
    yield from (found[place] for place in sorted(found, key=lambda place: place.region))
