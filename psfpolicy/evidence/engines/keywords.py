"""From the keys of a map to an engine's options: its own configuration file, arguments that a manifest names."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psfpolicy.evidence.container import Word
from psfpolicy.evidence.engines.arguments import Argument, Line, flattened
from psfpolicy.evidence.engines.expansion import left_open
from psfpolicy.evidence.nodes import entries, text
from psfpolicy.source import Scalar, Sequence, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psfpolicy.evidence.container import Variable
    from psfpolicy.evidence.engines.arguments import Grammar
    from psfpolicy.model.place import Place
    from psfpolicy.source import Entry, Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Keywords:
    """Engine arguments that a manifest names by their keys: Ray's `engine_kwargs`, a chart's `vllmConfig`."""

    node: Node | None
    """The map of arguments; None where there is none."""
    place: Place
    """Where they are looked for: what is not said is shown there."""
    engine: str = "vllm"
    """As the descriptor names it."""
    version: str = ""
    """The engine's; empty where it is not known."""
    model: Node | None = None
    """What names the model, where the map does not."""
    words: tuple[Word, ...] = ()
    """A command line beside the map, as a chart's `extraArgs`; it wins over the map."""
    variables: Mapping[str, Variable] = field(default_factory=dict)
    """The environment of the engine."""
    partial: str = ""
    """Why there may be more arguments elsewhere; empty where there are not."""
    open_variables: str = ""
    """Why there may be more variables; empty where there are not."""
    serves: bool = False
    """Whether the engine's own server is started with them, with its endpoint; otherwise the engine alone."""


def line(node: Node | None, grammar: Grammar) -> Line:
    """Read a map as a command line: `tensor_parallel_size`, `tensor-parallel-size` and `tensorParallelSize` are one.

    A map inside gives an option for each of its keys, dotted. What is null is not given.
    """
    arguments: list[Argument] = []
    unknown: list[Word] = []
    for entry in entries(node):
        if isinstance(entry.value, Scalar) and entry.value.value is None:
            continue
        found = grammar.find(option(entry.key))
        if found is None:
            unknown.append(Word(entry.key, entry.key_place))
        name = found[0] if found else option(entry.key)[2:]
        is_negated, doubt = (found[2], found[3]) if found else (False, "")
        argument = Argument(name, entry.key, tuple(_words(entry)), entry.value.place, is_negated, doubt)
        if isinstance(entry.value, Scalar) and isinstance(entry.value.value, bool):
            argument = argument._replace(values=(), negated=is_negated == entry.value.value)
        arguments += flattened(argument)
    return Line(tuple(arguments), (), (), tuple(unknown), left_open(_keys(node)))


def option(key: str) -> str:
    """Give the option that a key names: `--tensor-parallel-size` of `tensorParallelSize`."""
    return "--" + _HUMP.sub(r"-\1", key).lower().replace("_", "-").strip("-")


def _words(entry: Entry) -> Iterator[Word]:
    node = entry.value
    if isinstance(node, Scalar):
        written = text(node) or ""
        yield Word(written, node.place, left_open(written))
    elif isinstance(node, Sequence) and all(isinstance(item, Scalar) for item in node.items):
        for item in node.items:
            written = text(item) or ""
            yield Word(written, item.place, left_open(written))
    else:
        yield Word(json.dumps(plain(node), ensure_ascii=False, default=str), node.place)


def _keys(node: Node | None) -> str:
    return " ".join(entry.key for entry in entries(node) if "{{" in entry.key)


_HUMP = re.compile(r"(?<=[a-z0-9])([A-Z])")
