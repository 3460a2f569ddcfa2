"""What metrics say of a deployment: from their names, and from queries for them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.evidence.observing.promql import read
from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psfpolicy.evidence.observing.promql import Metric, Query

LATENCY = "latency-p99"

_TAIL = 0.99
_SUFFIX = re.compile(r"_(?:sum|count|bucket|total)$")
_FAILED = re.compile(r"!?\W*5(?:\.|\d|x)|!?\W*(?:error|abort)", re.IGNORECASE)


class Watched(NamedTuple):
    """What a query watches."""

    signal: str
    """In the descriptor's words; empty where it has none for it, or it is not known."""
    reason: str = ""
    """Why it only may be that; empty where it is."""
    unknown: str = ""
    """What in the query is not known; empty where all of it is."""
    idle: str = ""
    """Why it can tell nothing; empty where it can."""


def watched(written: str) -> Watched:
    """Say what a query watches: the one signal that the metrics in it are about."""
    query = read(written)
    if query.open:
        return Watched("", unknown=f"`{query.open}` is filled in elsewhere")
    if not query.metrics:
        return Watched("", idle="it asks for no metric")
    if query.nullified:
        return Watched("", idle="what it compares can never be reached")
    found = [_of(metric, query) for metric in query.metrics]
    signals = {each.signal for each in found if each.signal}
    if len(signals) == 1:
        return min((each for each in found if each.signal), key=lambda each: len(each.reason))
    if len(signals) > 1:
        return Watched("", unknown="it watches more than one thing")
    return next((each for each in found if each.unknown), Watched(""))


def _of(metric: Metric, query: Query) -> Watched:
    plain = _plain(metric.name)
    if plain in _counters():
        failed = any(_FAILED.match(metric.labels.get(label, "")) for label in _counters()[plain])
        return Watched("error-rate" if failed else "")
    for block, reason in (("metrics", ""), ("near", "a part of the signal, or what stands for it")):
        signal = _rows(block).get(plain, "")
        if signal == LATENCY and (query.quantile is None or query.quantile < _TAIL):
            return Watched("")
        if signal:
            return Watched(signal, reason)
    known = metric.name.startswith((*_prefixes("engines"), *_prefixes("elsewhere")))
    if known or metric.name in table("alerts")["elsewhere"]["whole"]:
        return Watched("")
    hint = next((signal for word, signal in _hints() if word in plain), "")
    if hint:
        return Watched(hint, "the name of the metric says so")
    return Watched("", unknown=f"nothing is known of the metric `{metric.name}`")


@cache
def _rows(block: str) -> Mapping[str, str]:
    return {_plain(name): signal for signal, names in table("alerts")[block]["rows"].items() for name in names}


@cache
def _hints() -> tuple[tuple[str, str], ...]:
    rows = table("alerts")["hints"]["rows"]
    return tuple((word, signal) for signal, words in rows.items() for word in words)


@cache
def _counters() -> Mapping[str, tuple[str, ...]]:
    """Give the labels by which each counter of requests tells those that failed."""
    return {_plain(name): tuple(labels) for name, labels in table("alerts")["statuses"]["rows"].items()}


@cache
def _prefixes(block: str) -> tuple[str, ...]:
    return tuple(table("alerts")[block]["rows"])


def _plain(name: str) -> str:
    """Write a metric's name in one way: without what a histogram or a counter adds to it."""
    return _SUFFIX.sub("", name.lower())
