"""The events of a YAML text, one at a time, for as long as the text keeps within the limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from psfpolicy.source.limits import MAX_DEPTH, MAX_EXPANDED_NODES, MAX_NODES, too_deep, too_many_nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from yaml.cyaml import CSafeLoader

    from psfpolicy.source.mistakes import Mistakes


class _Open:
    """A map or list whose end has not come yet."""

    __slots__ = ("anchor", "expanded_before", "height")

    def __init__(self, anchor: str | None, expanded_before: int) -> None:
        self.anchor = anchor
        self.expanded_before = expanded_before
        self.height = 1
        """How many levels it has so far, itself included."""


def span_of(event: Any) -> tuple[int, int]:
    """Give the offsets of an event in the text: of its first character, and behind its last.

    Args:
        event: An event of libyaml, which always has its marks; PyYAML's types say that it may not.
    """
    return event.start_mark.index, event.end_mark.index


def bounded(loader: CSafeLoader, mistakes: Mistakes) -> Iterator[Any]:
    """Give the events of a text, and stop where it passes a limit.

    What an alias would expand to is counted without expanding it: an anchor remembers how many nodes and levels it
    stands for.

    Args:
        loader: A loader at the start of the text.
        mistakes: Where a passed limit is noted.

    Raises:
        DocumentError: A limit is passed.
        yaml.YAMLError: The text is not YAML from here on.
    """
    nodes = expanded = 0
    around: list[_Open] = []
    anchored: dict[str, tuple[int, int]] = {}
    pull: Callable[[], Any] = loader.get_event
    for event in iter(pull, None):
        kind = type(event)
        if kind is ScalarEvent:
            nodes += 1
            expanded += 1
            if event.anchor:
                anchored[event.anchor] = (1, 0)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            nodes += 1
            around.append(_Open(event.anchor, expanded))
            expanded += 1
            # From here to its end the name stands for nothing that can be used.
            anchored.pop(event.anchor, None)
            _keep_depth(len(around), event, mistakes)
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            ended = around.pop()
            if around:
                around[-1].height = max(around[-1].height, ended.height + 1)
            if ended.anchor:
                anchored.setdefault(ended.anchor, (expanded - ended.expanded_before, ended.height))
        elif kind is AliasEvent:
            nodes += 1
            size, height = anchored.get(event.anchor, (1, 0))
            expanded += size
            if around:
                around[-1].height = max(around[-1].height, height + 1)
            _keep_depth(len(around) + height, event, mistakes)
        elif kind is DocumentStartEvent:
            anchored.clear()
        if nodes > MAX_NODES:
            too_many_nodes(mistakes, *span_of(event))
        if expanded > MAX_EXPANDED_NODES:
            _too_much_expansion(event, mistakes)
        yield event


def _keep_depth(depth: int, event: Any, mistakes: Mistakes) -> None:
    if depth > MAX_DEPTH:
        too_deep(mistakes, *span_of(event))


def _too_much_expansion(event: Any, mistakes: Mistakes) -> None:
    mistakes.stop(
        "too-many-aliases",
        *span_of(event),
        f"the aliases up to here stand for more than {MAX_EXPANDED_NODES:,} keys and values",
        "write out what is meant, or use fewer aliases of aliases",
    )
