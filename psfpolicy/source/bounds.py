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


def span_of(event: Any) -> tuple[int, int]:
    """Give the offsets of an event in the text: of its first character, and behind its last.

    Args:
        event: An event of libyaml, which always has its marks; PyYAML's types say that it may not.
    """
    return event.start_mark.index, event.end_mark.index


def bounded(loader: CSafeLoader, mistakes: Mistakes) -> Iterator[Any]:
    """Give the events of a text, and stop where it passes a limit.

    Args:
        loader: A loader at the start of the text.
        mistakes: Where a passed limit is noted.

    Raises:
        DocumentError: A limit is passed.
        yaml.YAMLError: The text is not YAML from here on.
    """
    # Up to a million times around, so all that only anchors need is kept away from the rest.
    nodes = documents = depth = 0
    anchors = _Anchors()
    pull: Callable[[], Any] = loader.get_event
    for event in iter(pull, None):
        kind = type(event)
        if kind is ScalarEvent:
            nodes += 1
            if event.anchor:
                anchors.sizes[event.anchor] = (1, 0)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            depth += 1
            if event.anchor or anchors.around:
                anchors.open(event.anchor, depth, nodes)
            nodes += 1
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            if anchors.around:
                anchors.close(depth, nodes)
            depth -= 1
        elif kind is AliasEvent:
            nodes += 1
            anchors.use(event.anchor, depth)
        elif kind is DocumentStartEvent:
            documents += 1
            anchors.sizes.clear()
        if nodes > anchors.limit or depth > MAX_DEPTH or anchors.depth > MAX_DEPTH or documents > MAX_DOCUMENTS:
            _refuse(event, nodes, documents, max(depth, anchors.depth), mistakes)
        yield event


class _Open:
    """A map or list with an anchor whose end has not come yet."""

    __slots__ = ("deepest", "depth", "expanded_before", "name")

    def __init__(self, name: str, depth: int, expanded_before: int) -> None:
        self.name = name
        self.depth = depth
        self.deepest = depth
        """The depth of the deepest map or list in it so far."""
        self.expanded_before = expanded_before


class _Anchors:
    """What each anchor of a document stands for: so aliases are counted for what they expand to, without expanding."""

    def __init__(self) -> None:
        self.sizes: dict[str, tuple[int, int]] = {}
        """How many nodes and how many levels each name stands for."""
        self.around: list[_Open] = []
        self.limit = MAX_NODES
        """How many nodes may be met before those that aliases stand for make too many."""
        self.depth = 0
        """How deep the last alias reaches."""
        self._expansion = 0

    def open(self, name: str | None, depth: int, nodes: int) -> None:
        if name:
            # From here to its end the name stands for nothing that can be used.
            self.sizes.pop(name, None)
            self.around.append(_Open(name, depth, nodes + self._expansion))
        else:
            self.around[-1].deepest = max(self.around[-1].deepest, depth)

    def close(self, depth: int, nodes: int) -> None:
        if self.around[-1].depth != depth:
            return
        ended = self.around.pop()
        # The name may have been given anew inside, and the later meaning holds.
        self.sizes.setdefault(ended.name, (nodes + self._expansion - ended.expanded_before, ended.deepest - depth + 1))
        if self.around:
            self.around[-1].deepest = max(self.around[-1].deepest, ended.deepest)

    def use(self, name: str, depth: int) -> None:
        size, height = self.sizes.get(name, (1, 0))
        self._expansion += size - 1
        self.limit = min(MAX_NODES, MAX_EXPANDED_NODES - self._expansion)
        self.depth = depth + height
        if self.around:
            self.around[-1].deepest = max(self.around[-1].deepest, self.depth)


def _refuse(event: Any, nodes: int, documents: int, depth: int, mistakes: Mistakes) -> NoReturn:
    if depth > MAX_DEPTH:
        too_deep(mistakes, *span_of(event))
    if documents > MAX_DOCUMENTS:
        message = f"the file has more than {MAX_DOCUMENTS:,} documents"
        mistakes.stop("too-many-documents", *span_of(event), message, "split the file")
    if nodes > MAX_NODES:
        too_many_nodes(mistakes, *span_of(event))
    message = f"the aliases up to here stand for more than {MAX_EXPANDED_NODES:,} keys and values"
    hint = "write out what is meant, or use fewer aliases of aliases"
    mistakes.stop("too-many-aliases", *span_of(event), message, hint)
