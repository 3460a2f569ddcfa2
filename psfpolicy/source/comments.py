"""Comments of a YAML text, by position: a `#` in quotes or in a block scalar begins none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from yaml import CSafeLoader
from yaml.error import YAMLError
from yaml.tokens import ScalarToken

from psfpolicy.errors import DocumentError
from psfpolicy.source.mistakes import Mistakes
from psfpolicy.source.yaml_quirks import keep_directives_few, shielded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.source.text import Text

_BLOCK = ("|", ">")
_BREAK = re.compile(r"[\r\n]")


class Comment(NamedTuple):
    """A comment."""

    text: str
    """From the `#` to the end of its line."""
    start: int
    """Offset of the `#`."""
    alone: bool
    """Nothing else stands on its line."""


def comments(text: Text, word: str) -> tuple[Comment, ...]:
    """Give the comments of a text that hold a word, in their order; none where it is no YAML.

    Args:
        text: The text.
        word: What is looked for; a text without it is not read at all.
    """
    if word not in text.content:
        return ()
    try:
        strings = tuple(_strings(text))
    except (YAMLError, DocumentError):  # who reads the file says so; what stands in it waives nothing
        return ()
    return tuple(_comments(text.content, word, strings))


def _comments(content: str, word: str, strings: tuple[tuple[int, int], ...]) -> Iterator[Comment]:
    offset, behind = 0, 0
    while (found := content.find("#", offset)) >= 0:
        while behind < len(strings) and strings[behind][1] <= found:
            behind += 1
        if behind < len(strings) and strings[behind][0] <= found:
            offset = strings[behind][1]
            continue
        line = max(content.rfind("\n", 0, found), content.rfind("\r", 0, found)) + 1
        ends = _BREAK.search(content, found)
        offset = ends.start() if ends else len(content)
        before = content[line:found]
        if (not before or before[-1] in " \t") and word in content[found:offset]:
            yield Comment(content[found:offset].rstrip(), found, not before.strip())


def _strings(text: Text) -> Iterator[tuple[int, int]]:
    """Give where scalars stand; of a block scalar what is below its first line."""
    mistakes = Mistakes(text)
    keep_directives_few(text, mistakes)
    content, _ = shielded(text, mistakes)
    loader = CSafeLoader(content)
    try:
        while loader.check_token():
            token = loader.get_token()
            if isinstance(token, ScalarToken):
                start, end = token.start_mark.index, token.end_mark.index
                head = _BREAK.search(text.content, start) if token.style in _BLOCK else None
                yield (head.start() if head else start), end
    finally:
        loader.dispose()
