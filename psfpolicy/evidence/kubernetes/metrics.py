"""What an autoscaler measures, in the descriptor's words: from the names of metrics, and from queries for them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from psfpolicy.source import Node

_PREFERRED = ("queue-depth", "requests", "gpu-utilization", "cpu")
_SUFFIX = re.compile(r"_(?:sum|count|bucket|total)$")
_TYPE = re.compile(r"\|(?:gauge|counter|histogram|summary|unknown|delta|cumulative)(?:[:/].*)?$")
_ADDRESSES = ("prometheus.googleapis.com|", "prometheus.googleapis.com/")
_COMMENT = re.compile(r"#[^\n]*")
_TEXT = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`")
_MATCHERS = re.compile(r"\{[^{}]*\}|\[[^\[\]]*\]")
_GROUPING = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^()]*\)", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w:.])[a-zA-Z_:][\w:]*(?!\s*\(|[\w:])")
_WORDS = frozenset({"and", "or", "unless", "bool", "offset", "by", "without", "atan2", "inf", "nan", "start", "end"})
_LONGEST_QUERY = 10_000


@dataclass(frozen=True, slots=True)
class Measured:
    """One thing that an autoscaler measures."""

    node: Node
    """What names it."""
    metric: str
    """In the descriptor's words; empty where that is not known."""
    engine: bool = False
    """Its name is one of an engine's metrics."""
    guessed: bool = False
    """A word in its name says what it measures."""


def named(name: str, node: Node) -> Measured:
    """Say what a metric is by its name, however an adapter writes it."""
    plain = _plain(name)
    known, engine = _known().get(plain, ""), plain.startswith(_engines())
    if known or engine:
        return Measured(node, known, engine)
    hint = next((metric for word, metric in _hints() if word in plain), "")
    return Measured(node, hint, guessed=bool(hint))


def queried(query: str, node: Node) -> Measured:
    """Say what a query of Prometheus measures: the one thing that all the metrics in it are."""
    rest = _COMMENT.sub(" ", _TEXT.sub(" ", query[:_LONGEST_QUERY]))
    rest = _GROUPING.sub(" ", _MATCHERS.sub(" ", rest))
    found = [named(name, node) for name in _NAME.findall(rest) if name.lower() not in _WORDS]
    kinds = {measured.metric for measured in found}
    engine, guessed = (any(values) for values in ((each.engine for each in found), (each.guessed for each in found)))
    return Measured(node, kinds.pop() if len(kinds) == 1 else "", engine, guessed)


def triggered(kind: str, node: Node) -> Measured:
    """Say what a scaler of KEDA measures by its kind."""
    known = {name: metric for metric, names in table("scaling")["triggers"]["rows"].items() for name in names}
    return Measured(node, known.get(kind, ""))


def best(found: Iterable[Measured]) -> Measured | None:
    """Give the one of several that says soonest that replicas are missing: the largest of their answers counts."""
    order = {metric: rank for rank, metric in enumerate(_PREFERRED)}
    return min(found, key=lambda measured: order.get(measured.metric, len(order)), default=None)


@cache
def _known() -> Mapping[str, str]:
    return {_plain(name): metric for metric, names in table("scaling")["metrics"]["rows"].items() for name in names}


@cache
def _hints() -> tuple[tuple[str, str], ...]:
    rows = table("scaling")["hints"]["rows"]
    return tuple((word, metric) for metric, words in rows.items() for word in words)


@cache
def _engines() -> tuple[str, ...]:
    return tuple(_plain(prefix) for prefix in table("scaling")["engines"]["rows"])


def _plain(name: str) -> str:
    """Write a metric's name in one way: no address before it, no type behind it, underscores only."""
    bare = _TYPE.sub(
        "", name.strip().removeprefix("prometheus.googleapis.com|").removeprefix("prometheus.googleapis.com/")
    )
    return _SUFFIX.sub("", bare.replace(":", "_").replace("|", "_").replace("/", "_").lower())
