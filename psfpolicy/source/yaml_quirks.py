"""What libyaml, a parser of YAML 1.1, does otherwise than 1.2 asks, and how it is kept from doing so."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psfpolicy.source.mistakes import Mistakes
    from psfpolicy.source.text import Text

MAX_TAG_DIRECTIVES = 100
"""How many `%TAG` lines a file may have; libyaml compares each with all before it."""

_BREAKS_OF_YAML_1_1 = "\x85\u2028\u2029"
_NONCHARACTERS = range(0xFDD0, 0xFDF0)


def keep_directives_few(text: Text, mistakes: Mistakes) -> None:
    """Refuse a text with so many directives that reading them would take minutes.

    Raises:
        DocumentError: There are more than `MAX_TAG_DIRECTIVES`.
    """
    if text.content.count("\n%TAG") + text.content.count("\r%TAG") > MAX_TAG_DIRECTIVES:
        message = f"the file has more than {MAX_TAG_DIRECTIVES} `%TAG` lines"
        mistakes.stop("too-many-directives", 0, 0, message, "remove them; no tag that they could define is accepted")


def shielded(text: Text, mistakes: Mistakes) -> tuple[str, dict[int, str]]:
    """Replace the characters that libyaml, unlike YAML 1.2, takes for the end of a line.

    Returns:
        The text with a noncharacter for each, one for one, so that offsets stay; and the way back.

    Raises:
        DocumentError: No noncharacter is free.
    """
    breaks = [char for char in _BREAKS_OF_YAML_1_1 if char in text.content]
    if not breaks:
        return text.content, {}
    lowered = text.content.lower()
    # Neither the stand-in itself nor an escape of it may stand in the text, or the way back would not be certain.
    free = [code for code in _NONCHARACTERS if chr(code) not in lowered and f"{code:x}" not in lowered]
    if len(free) < len(breaks):
        offset = text.content.index(breaks[0])
        message = f"the character U+{ord(breaks[0]):04X} cannot be told from the noncharacters in this file"
        mistakes.stop("control-character", offset, offset + 1, message, "remove it")
    hidden = dict(zip(free, breaks, strict=False))
    return text.content.translate({ord(char): code for code, char in hidden.items()}), hidden
