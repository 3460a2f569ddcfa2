"""Tracing as KServe's LLMInferenceService switches it on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.nodes import at, flag, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.tables import table
from psfpolicy.source import Mapping, masked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node

_SAMPLING = "spec.observability.tracing.sampling"
_EXPORTS = "spec.observability.exports"
_PARENT = "what calls the server may have decided before"
_SAMPLER = "no `sampler` is written, and the one of KServe's own configuration is not in the evidence"


def tracing_facts(tracing: Node | None, origin: Origin) -> Iterator[Fact]:
    """Give where traces go, and how many of them."""
    if not isinstance(tracing, Mapping) or flag(at(tracing, "enabled")) is False:
        return
    endpoint, share = at(tracing, "exporterEndpoint"), at(tracing, "samplerArg")
    word = text(endpoint) or ""
    if endpoint is not None and placeholder_in(word):
        yield origin.inconclusive(_EXPORTS, endpoint, f"`{placeholder_in(word)}` is filled in elsewhere")
    elif endpoint is not None and word:
        yield origin.fact(
            _EXPORTS,
            {"name": "traces", "kind": "otlp", "endpoint": masked(word), "carries": ["traces"]},
            endpoint,
            item=True,
        )
    if share is not None and text(share):
        yield _sampled(at(tracing, "sampler"), share, origin)


def _sampled(sampler: Node | None, share: Node, origin: Origin) -> Fact:
    """Give how many requests are traced, which only some samplers take from their argument."""
    value, name = _share(text(share) or ""), text(sampler)
    if name and name not in table("collector")["samplers"]["shares"]:
        return origin.inconclusive(_SAMPLING, sampler or share, f"`{name[:80]}` heeds no share, or is not known")
    if value is None:
        return origin.inconclusive(_SAMPLING, share, "the value is not a share between 0 and 1")
    if name == table("collector")["samplers"]["alone"]:
        return origin.fact(_SAMPLING, value, share)
    return origin.inferred(_SAMPLING, value, share, _PARENT if name else _SAMPLER)


def _share(word: str) -> float | None:
    try:
        value = float(word)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None
