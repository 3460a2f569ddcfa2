"""YAML 1.2 with the core schema, read with libyaml: documents whose nodes know where they are written.

libyaml gives events: what stands where, without a type. Types are those of the core schema, whatever libyaml, a parser
of YAML 1.1, takes them for.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, Any

from yaml import CSafeLoader
from yaml.error import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from psfpolicy.source.bounds import bounded, span_of
from psfpolicy.source.limits import SURELY_SMALL
from psfpolicy.source.mistakes import Mistakes, quoted
from psfpolicy.source.node import Atom, Document, Entry, Mapping, Node, Scalar, Sequence, chained, used
from psfpolicy.source.scalars import SCALAR_TAGS, TAG_PREFIX, ScalarError, resolved, tagged
from psfpolicy.source.yaml_quirks import keep_directives_few, shielded
from psfpolicy.source.yaml_syntax import note_syntax_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.source.text import Text

_NO_TAG = (None, "!")
_COLLECTION_TAGS = {MappingStartEvent: f"{TAG_PREFIX}map", SequenceStartEvent: f"{TAG_PREFIX}seq"}
_KNOWN_TAGS = SCALAR_TAGS | set(_COLLECTION_TAGS.values())
_TAG = re.compile(r"!(?:<[^>]*>|[^\s,\[\]{}]*)")
_PROPERTIES = re.compile(rf"(?:(?:&[\w-]+|{_TAG.pattern})(?:\s|(?<=\s)#[^\r\n]*)*)+")


def parse(text: Text, *, any_keys: bool = False) -> tuple[Document, ...]:
    """Read the documents of a YAML text; those without any content are left out.

    Args:
        text: The text.
        any_keys: Keys may be numbers and truth values, and count as what is written.

    Raises:
        DocumentError: The text is not YAML, or has mistakes; all that were met.
    """
    mistakes = Mistakes(text)
    keep_directives_few(text, mistakes)
    content, hidden = shielded(text, mistakes)
    if len(content) > SURELY_SMALL:
        _measure(content, mistakes)
    reader = _Reader(text, bounded(CSafeLoader(content), mistakes), hidden, mistakes, any_keys=any_keys)
    documents: tuple[Document, ...] = ()
    try:
        documents = tuple(reader.documents())
    except MarkedYAMLError as error:
        note_syntax_error(error, text.content, mistakes)
    mistakes.check()
    return documents


class _Reader:
    """Builds documents from events.

    Args:
        text: The text that the events come from.
        events: Its events.
        hidden: The characters that are hidden in the events, by the code point that stands for each.
        mistakes: Where mistakes are noted; the reading goes on after each.
        any_keys: Keys may be numbers and truth values, and count as what is written.
    """

    def __init__(
        self, text: Text, events: Iterator[Any], hidden: dict[int, str], mistakes: Mistakes, *, any_keys: bool
    ) -> None:
        self._text = text
        self._content = text.content
        self._events = events
        self._hidden = hidden
        self._mistakes = mistakes
        self._any_keys = any_keys
        self._anchored: dict[str, Node | None] = {}
        self._end = 0
        """Offset behind what was read last."""

    def documents(self) -> Iterator[Document]:
        index = 0
        for event in self._events:
            if not isinstance(event, DocumentStartEvent):
                continue
            self._check_version(event)
            self._anchored = {}
            first = next(self._events)
            root = self._node(first)
            if not _is_nothing(first):
                yield Document(self._text.file, root, index)
                index += 1

    def _node(self, event: Any) -> Node:
        if type(event) is ScalarEvent:
            return self._scalar(event)
        if isinstance(event, AliasEvent):
            return self._alias(event)
        anchor = event.anchor
        if anchor:
            # Until the end has come: whatever uses the name meanwhile contains itself.
            self._anchored[anchor] = None
        node = self._mapping(event) if isinstance(event, MappingStartEvent) else self._sequence(event)
        if anchor and self._anchored[anchor] is None:
            self._anchored[anchor] = node
        return node

    def _scalar(self, event: Any) -> Scalar:
        start, end = event.start_mark.index, event.end_mark.index
        value = event.value.translate(self._hidden) if self._hidden else event.value
        atom: Atom = value
        tag, anchor, style = event.tag, event.anchor, event.style
        if tag or anchor:
            start = self._behind_properties(start, end)
        elif start == end:
            start = end = self._place_of_nothing(start)
        if style in {"|", ">"}:
            end = start + len(self._content[start:end].rstrip(" \t\r\n"))
        try:
            if tag is None:
                if event.implicit[0]:
                    atom = resolved(value)
            elif tag != "!" and self._allows_tag(event, SCALAR_TAGS):
                atom = tagged(tag, value)
        except ScalarError as error:
            self._mistakes.add(error.code, start, end, error.message, error.hint)
        self._end = end
        node = Scalar(atom, self._text, start, end)
        if anchor:
            self._anchored[anchor] = node
        return node

    def _sequence(self, event: SequenceStartEvent) -> Sequence:
        start = self._start_of(event)
        items = []
        while type(item := next(self._events)) is not SequenceEndEvent:
            items.append(self._node(item))
        self._finish(event, item)
        return Sequence(tuple(items), self._text, start, self._end)

    def _mapping(self, event: MappingStartEvent) -> Mapping:
        start = self._start_of(event)
        members: dict[str, Entry] = {}
        merged: Node | None = None
        merged_at = (0, 0)
        while type(key_event := next(self._events)) is not MappingEndEvent:
            key = self._key(key_event)
            value = self._node(next(self._events))
            if key is None:
                continue
            name = str(key.value)
            if name == "<<" and _is_merge(key_event):
                if merged is None:
                    merged, merged_at = value, (key.start, key.end)
                else:
                    self._note_duplicate(key, merged_at[0])
            elif name in members:
                self._note_duplicate(key, members[name].key_start)
            else:
                members[name] = Entry(name, key.text, key.start, key.end, value, key.used_at)
        self._finish(event, key_event)
        if merged:
            self._merge(merged, merged_at, members)
        return Mapping(members, self._text, start, self._end)

    def _key(self, event: Any) -> Scalar | None:
        """Give the key of an entry, or nothing when it cannot be one, which is noted."""
        key = self._node(event)
        if isinstance(key, Scalar) and isinstance(key.value, str):
            return key
        start, _ = span_of(event)
        if isinstance(key, Scalar):
            written = self._content[key.start : key.end]
            if self._any_keys and written and key.value is not None:
                return key._replace(value=written)
            message = f"the key {quoted(written)} is not a string" if written else "a key is wanted before the `:`"
            hint = "put it in quotes" if written else "write the key"
            self._mistakes.add("key-not-string", start, self._end, message, hint)
        elif isinstance(event, AliasEvent) and self._anchored.get(str(event.anchor)) is None:
            pass  # noted where the alias was read
        elif self._content[max(start - 1, 0) : start + 1] == "{{":
            hint = "render the template first, or put the value in quotes"
            self._mistakes.add(
                "key-not-string", start - 1, start + 1, "a template stands where a value is wanted", hint
            )
        else:
            self._mistakes.add("key-not-string", start, self._end, "a map or list is used as a key", "use a string")
        return None

    def _alias(self, event: AliasEvent) -> Node:
        start, self._end = span_of(event)
        name = str(event.anchor)
        target = self._anchored.get(name)
        if target:
            return used(target, self._text.place(start, self._end))
        if name in self._anchored:
            message = f"the alias `*{name}` stands inside what it refers to"
            self._mistakes.add("recursive-alias", start, self._end, message, "write out what is meant")
        else:
            message = f"no anchor `&{name}` stands before this alias"
            hint = "define the anchor first, or put a value that starts with `*` in quotes"
            self._mistakes.add("undefined-alias", start, self._end, message, hint)
        return Mapping({}, self._text, start, self._end)

    def _merge(self, source: Node, at: tuple[int, int], members: dict[str, Entry]) -> None:
        """Add the entries that come through a merge key to a map's own."""
        sources = (
            (source,)
            if not isinstance(source, Sequence)
            else tuple(used(item, source.used_at) for item in source.items)
        )
        for each in sources:
            if not isinstance(each, Mapping):
                hint = 'give it a map, an alias of one, or a list of them; a key of that name is written "<<"'
                self._mistakes.add("merge-not-map", *at, "the merge key `<<` takes a map or a list of maps", hint)
                return
            for entry in each.members.values():
                if entry.key not in members:
                    value, use = used(entry.value, each.used_at), chained(entry.used_at, each.used_at)
                    members[entry.key] = entry._replace(value=value, used_at=use)

    def _note_duplicate(self, key: Scalar, first: int) -> None:
        message = f"the key {quoted(str(key.value))} is given already at {self._mistakes.where(first)}"
        self._mistakes.add("duplicate-key", key.start, key.end, message, "keep one of the two")

    def _start_of(self, event: MappingStartEvent | SequenceStartEvent) -> int:
        start, _ = span_of(event)
        if event.tag not in _NO_TAG:
            self._allows_tag(event, frozenset({_COLLECTION_TAGS[type(event)]}))
        return self._behind_properties(start, len(self._content)) if event.tag or event.anchor else start

    def _finish(self, started: MappingStartEvent | SequenceStartEvent, ended: Any) -> None:
        if started.flow_style:
            _, self._end = span_of(ended)
        # libyaml ends a block where the next thing starts; it ends with its last value, which was read last.

    def _behind_properties(self, start: int, end: int) -> int:
        found = _PROPERTIES.match(self._content, start)
        return min(found.end(), end) if found else start

    def _place_of_nothing(self, offset: int) -> int:
        """Give the offset of an empty value: behind the sign that announces it, else behind what stands before."""
        return offset if self._content[offset - 1 : offset] in (":", "-", "?") else self._end

    def _allows_tag(self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent, allowed: frozenset[str]) -> bool:
        tag = str(event.tag)
        if tag in allowed:
            return True
        found = _TAG.search(self._content, span_of(event)[0])
        start, end = found.span() if found else span_of(event)
        shown = quoted(tag.replace(TAG_PREFIX, "!!", 1))
        if tag in _KNOWN_TAGS:
            self._mistakes.add(
                "tag-mismatch", start, end, f"the tag {shown} does not fit what follows", "remove the tag"
            )
        else:
            hint = "remove the tag, and write the value that is meant"
            self._mistakes.add("unknown-tag", start, end, f"the tag {shown} is not of YAML's core schema", hint)
        return False

    def _check_version(self, event: DocumentStartEvent) -> None:
        if event.version and tuple(event.version) == (1, 1):
            start, end = span_of(event)
            message = "the document asks for YAML 1.1, in which `no` and `on` are truth values"
            self._mistakes.add("yaml-version", start, end, message, "remove the line, and write `true` or `false`")


def _is_nothing(event: Any) -> bool:
    return isinstance(event, ScalarEvent) and not (event.value or event.tag or event.anchor) and event.implicit[0]


def _is_merge(event: Any) -> bool:
    return isinstance(event, ScalarEvent) and event.value == "<<" and event.tag is None and event.implicit[0]


def _measure(content: str, mistakes: Mistakes) -> None:
    """Refuse a large text that passes a limit before anything is built from it."""
    try:
        deque(bounded(CSafeLoader(content), mistakes), maxlen=0)
    except MarkedYAMLError:
        return  # noted when the text is read, together with the mistakes before it
