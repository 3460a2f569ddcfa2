"""The events of a YAML text, one at a time, for as long as the text keeps within the limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from psfpolicy.source.limits import MAX_DEPTH, MAX_DOCUMENTS, MAX_EXPANDED_NODES, MAX_NODES, too_deep, too_many_nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from yaml.cyaml import CSafeLoader

    from psfpolicy.source.mistakes import Mistakes


class _Open:
    """A map or list with an anchor whose end has not come yet."""

    __slots__ = ("anchor", "deepest", "depth", "expanded_before")

    def __init__(self, anchor: str, depth: int, expanded_before: int) -> None:
        self.anchor = anchor
        self.depth = depth
        self.deepest = depth
        """The depth of the deepest map or list in it so far."""
        self.expanded_before = expanded_before


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
    # Up to a million times around, so everything that only anchors need is kept away from the rest.
    nodes = expansion = documents = depth = 0
    limit = MAX_NODES
    around: list[_Open] = []
    anchored: dict[str, tuple[int, int]] = {}
    pull: Callable[[], Any] = loader.get_event
    for event in iter(pull, None):
        kind = type(event)
        if kind is ScalarEvent:
            nodes += 1
            if event.anchor:
                anchored[event.anchor] = (1, 0)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            depth += 1
            if depth > MAX_DEPTH:
                too_deep(mistakes, *span_of(event))
            if event.anchor:
                # From here to its end the name stands for nothing that can be used.
                anchored.pop(event.anchor, None)
                around.append(_Open(event.anchor, depth, nodes + expansion))
            elif around and depth > around[-1].deepest:
                around[-1].deepest = depth
            nodes += 1
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            if around and around[-1].depth == depth:
                _close(around, anchored, nodes + expansion)
            depth -= 1
        elif kind is AliasEvent:
            nodes += 1
            size, height = anchored.get(event.anchor, (1, 0))
            expansion += size - 1
            limit = min(MAX_NODES, MAX_EXPANDED_NODES - expansion)
            if depth + height > MAX_DEPTH:
                too_deep(mistakes, *span_of(event))
            if around:
                around[-1].deepest = max(around[-1].deepest, depth + height)
        elif kind is DocumentStartEvent:
            anchored.clear()
            documents += 1
        if nodes > limit or documents > MAX_DOCUMENTS:
            _refuse(event, nodes, documents, mistakes)
        yield event


def _close(around: list[_Open], anchored: dict[str, tuple[int, int]], expanded: int) -> None:
    """Note what the anchor of the innermost open map or list stands for, unless the name has a newer meaning."""
    ended = around.pop()
    anchored.setdefault(ended.anchor, (expanded - ended.expanded_before, ended.deepest - ended.depth + 1))
    if around:
        around[-1].deepest = max(around[-1].deepest, ended.deepest)


def _refuse(event: Any, nodes: int, documents: int, mistakes: Mistakes) -> NoReturn:
    if documents > MAX_DOCUMENTS:
        message = f"the file has more than {MAX_DOCUMENTS:,} documents"
        mistakes.stop("too-many-documents", *span_of(event), message, "split the file")
    if nodes > MAX_NODES:
        too_many_nodes(mistakes, *span_of(event))
    message = f"the aliases up to here stand for more than {MAX_EXPANDED_NODES:,} keys and values"
    hint = "write out what is meant, or use fewer aliases of aliases"
    mistakes.stop("too-many-aliases", *span_of(event), message, hint)
