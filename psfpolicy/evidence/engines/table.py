"""The tables of engines: which flag or variable says what, in the descriptor's terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from psfpolicy.evidence.engines.arguments import Grammar
from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psfpolicy.evidence.engines.arguments import Takes
    from psfpolicy.model.place import JsonValue

ENGINES = ("vllm", "tgi", "sglang", "triton", "tensorrt_llm", "nim", "llama_cpp", "tei")
"""The names of the tables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one option, or one variable, says."""

    name: str = ""
    """The option's, without dashes; empty where it is a variable alone."""
    env: tuple[str, ...] = ()
    """Variables that set it; an argument wins over them."""
    path: str = ""
    """Where the descriptor says it; empty where other code decides."""
    kind: str = "text"
    """How its value maps: `as` in the table."""
    words: Mapping[str, JsonValue] = field(default_factory=dict)
    inferred: Mapping[str, JsonValue] = field(default_factory=dict)
    """Words that only suggest a value."""
    truth: str = "words"
    """Which values of a variable switch it on."""
    has_default: bool = False
    default: JsonValue = None
    """What holds where nothing is said; where it depends on the version, maps with `value`, `since`, `until`."""
    suggests: str = ""
    """Why the default is only inferred."""
    suggests_value: str = ""
    """Why any value of it is only inferred."""
    absent: str = ""
    """Why nothing is decided where nothing is said."""
    is_secret: bool = False
    is_notable: bool = False
    """Only what differs from the default is a fact."""
    removed: str = ""
    """The version that no longer has it."""
    instead: str = ""

    @property
    def written(self) -> str:
        """What people know it by: `--tensor-parallel-size`, or the variable."""
        return f"--{self.name}" if self.name else self.env[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """An engine."""

    key: str
    """The table's name: `tensorrt_llm`."""
    engine: str
    """As the descriptor names it: `tensorrt-llm`."""
    title: str
    rows: tuple[Row, ...]
    grammar: Grammar
    launchers: tuple[tuple[str, ...], ...]
    """Words that start its server."""
    more: Mapping[str, Any]
    """The parts of the table that are not about single options."""

    @property
    def names(self) -> Mapping[str, Row]:
        """The rows by the option's name."""
        return {row.name: row for row in self.rows if row.name}


@cache
def engine(key: str) -> Table:
    """Give the table of an engine, made once.

    Args:
        key: One of `ENGINES`.
    """
    data = table(f"engines/{key}")
    truth = data.get("truth", "words")
    rows = tuple(_row(row, truth, in_capitals=bool(data.get("variables"))) for row in data["options"])
    return Table(
        key=key,
        engine=data["engine"],
        title=data["title"],
        rows=rows,
        grammar=_grammar(data),
        launchers=tuple(tuple(words.split()) for words in data["launchers"]),
        more=data,
    )


@cache
def key_of(name: str) -> str:
    """Give the table of an engine that the descriptor names so; empty where it has none."""
    return next((key for key in ENGINES if table(f"engines/{key}")["engine"] == name != "other"), "")


def hub() -> dict[str, Any]:
    """Give what every engine takes that loads its weights from a hub."""
    return table("engines/hub")


def _row(data: dict[str, Any], truth: str, *, in_capitals: bool) -> Row:
    name = data.get("name", "")
    own = (name.replace("-", "_").upper(),) if in_capitals and name else ()
    return Row(
        name=name,
        env=(*data.get("env", ()), *own),
        path=data.get("path", ""),
        kind=data.get("as", "text"),
        words=data.get("words", {}),
        inferred=data.get("inferred", {}),
        truth=data.get("truth", truth),
        has_default="default" in data,
        default=data.get("default"),
        suggests=data.get("suggests", ""),
        suggests_value=data.get("suggests_value", ""),
        absent=data.get("absent", ""),
        is_secret=data.get("secret", False),
        is_notable=data.get("notable", False),
        removed=data.get("removed", ""),
        instead=data.get("instead", ""),
    )


def _grammar(data: dict[str, Any]) -> Grammar:
    syntax, known = data["grammar"], data.get("known", {})
    inverses: dict[str, str] = data.get("inverses", {})
    options: dict[str, tuple[str, Takes]] = {}
    for takes in ("switch", "value", "optional", "many"):
        for flag in cast("str", known.get(takes, "")).split():
            if flag not in inverses:
                options[flag] = flag.lstrip("-"), takes
    options |= {alias: options[flag] for alias, flag in known.get("aliases", {}).items() if flag in options}
    return Grammar(
        options,
        inverses,
        has_underscores=syntax.get("underscores", False),
        has_negations=syntax.get("negations", False),
        has_abbreviations=syntax.get("abbreviations", False),
    )
