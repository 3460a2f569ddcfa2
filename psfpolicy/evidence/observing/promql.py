"""Queries of Prometheus, as far as it takes to say what they measure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psfpolicy.evidence.placeholders import template_in

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOKEN = re.compile(
    r"(?P<space>\s+|#[^\n]*)"
    r"|(?P<text>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`)"
    r"|(?P<name>[a-zA-Z_:][\w:.]*)"
    r"|(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?\w*)"
    r"|(?P<sign>==|!=|=~|!~|>=|<=|.)",
    re.DOTALL,
)
_WORDS = frozenset({"and", "or", "unless", "bool", "offset", "atan2", "inf", "nan", "start", "end"})
_GROUPING = frozenset({"by", "without", "on", "ignoring", "group_left", "group_right"})
_COMPARISONS = frozenset({"==", "!=", ">", "<", ">=", "<="})
_MATCHES = frozenset({"=", "!=", "=~", "!~"})
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric that a query reads, and the labels by which it chooses."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    """Values by label, as they are written; a negative match begins with `!`."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a query reads, and how."""

    metrics: tuple[Metric, ...]
    compares: bool
    """It compares with something, so that it is not always true."""
    quantile: float | None
    """The greatest quantile that it asks for; None where it asks for none."""
    open: str
    """The template in it that may be the name of a metric; empty where there is none."""
    nullified: bool
    """It multiplies with nothing, or compares with what nothing is above."""


def read(written: str) -> Query:
    """Read a query."""
    reading = _Reading()
    parts = [
        (match.lastgroup or "", match[0]) for match in _TOKEN.finditer(written[:_LONGEST]) if match.lastgroup != "space"
    ]
    for index, (kind, part) in enumerate(parts):
        following = parts[index + 1][1] if index + 1 < len(parts) else ""
        reading.take(kind, part, following)
    bare = re.sub(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`", "", written[:_LONGEST])
    return Query(
        metrics=tuple(Metric(name, labels) for name, labels in reading.metrics if name),
        compares=reading.compares,
        quantile=max(reading.quantiles, default=None),
        open=template_in(bare),
        nullified=bool(_NULL.search(bare)),
    )


_NULL = re.compile(r"\*\s*0(?:\.0*)?(?![\w.])|(?:>=?|==)\s*(?:bool\s+)?\+?inf\b", re.IGNORECASE)


class _Reading:
    """Reads a query part by part."""

    def __init__(self) -> None:
        self.metrics: list[tuple[str, dict[str, str]]] = []
        self.compares = False
        self.quantiles: list[float] = []
        self._inside = ""
        """The bracket that it is inside of where no metric can stand: `{`, `[`, or `(` of a grouping."""
        self._grouping = False
        self._asked = 0
        """How many parts ago a quantile was asked for; 0 for none."""
        self._label = ("", "")
        self._named = False
        """The last part was the name of a metric."""

    def take(self, kind: str, part: str, following: str) -> None:
        if self._inside:
            self._skip(kind, part)
        elif part in {"{", "["} or (part == "(" and self._grouping):
            self._open(part)
        elif kind == "name":
            self._name(part, following)
        elif kind == "number" and self._asked:
            self._quantile(part)
        elif part in _COMPARISONS:
            self.compares = True
        self._grouping = kind == "name" and part.lower() in _GROUPING
        self._named = not self._inside and kind == "name" and bool(self.metrics) and self.metrics[-1][0] == part
        self._asked = self._asked - 1 if self._asked else 0

    def _open(self, part: str) -> None:
        self._inside = part
        if part == "{" and not self._named:
            self.metrics.append(("", {}))

    def _skip(self, kind: str, part: str) -> None:
        if part == {"{": "}", "[": "]", "(": ")"}[self._inside]:
            self._inside = ""
        elif self._inside == "{":
            self._match(kind, part)

    def _match(self, kind: str, part: str) -> None:
        if kind == "name":
            self._label = (part, "")
        elif part in _MATCHES:
            self._label = (self._label[0], "!" if part.startswith("!") else "=")
        elif kind == "text" and self._label[1]:
            name, labels = self.metrics[-1]
            value = part[1:-1]
            labels[self._label[0]] = f"!{value}" if self._label[1] == "!" else value
            if self._label == ("__name__", "=") and not name:
                self.metrics[-1] = (value, labels)

    def _name(self, part: str, following: str) -> None:
        lowered = part.lower()
        if following.lower() in {"(", "by", "without"}:
            if lowered in {"histogram_quantile", "quantile_over_time", "quantile"}:
                self._asked = 3
        elif lowered not in _WORDS and lowered not in _GROUPING:
            self.metrics.append((part, {}))

    def _quantile(self, part: str) -> None:
        try:
            self.quantiles.append(float(part))
        except ValueError:
            return
