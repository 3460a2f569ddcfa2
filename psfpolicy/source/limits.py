"""How large, deep and dense a file may be, and the checks of that which cost little.

Each limit acts before the cost that it prevents: a file that breaks one is refused within a second and 200 MiB.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from psfpolicy.source.mistakes import Mistakes
from psfpolicy.source.text import Text

if TYPE_CHECKING:
    from typing import NoReturn

MAX_BYTES = 10 * 1024 * 1024
"""The largest file that is read, in bytes."""

MAX_DEPTH = 64
"""How deep maps and lists may stand in one another, through aliases too; the outermost counts 1."""

MAX_NODES = 1_000_000
"""How many keys, values, maps and lists the documents of one file may hold."""

MAX_EXPANDED_NODES = 1_000_000
"""How many nodes the documents of one file may have once each alias is replaced by what it stands for."""

MAX_DOCUMENTS = 100_000
"""How many documents one file may hold, those without content included."""

SURELY_SMALL = 200_000
"""A text of so few characters cannot hold more than `MAX_NODES`, so its nodes need no counting beforehand."""

_BYTE_ORDER_MARKS = (
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
# YAML 1.2, section 5.1, "c-printable", without a byte order mark inside the text; JSON is held to the same.
# Written as what is left out, since that compiles ten times as fast.
_NOT_PRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")


def decoded(data: bytes, *, file: str) -> Text:
    """Turn the bytes of a file into its text.

    Args:
        data: All of its bytes, at least enough of them to see that it is above `MAX_BYTES`.
        file: The name to show in places.

    Raises:
        DocumentError: Too large, not UTF-8, or with a character that no document may hold.
    """
    if len(data) > MAX_BYTES:
        Mistakes(Text(file, "")).stop(
            "too-large",
            0,
            0,
            f"the file has more than {MAX_BYTES // 1024**2} MiB",
            "a descriptor is some kilobytes; check that this is the right file, or split it",
        )
    _refuse_other_encodings(data, file)
    try:
        content = data.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse_byte(data, error.start, file)
    text = Text(file, content.removeprefix("\ufeff"))
    found = _NOT_PRINTABLE.search(text.content)
    if found:
        name = "NUL" if found[0] == "\0" else f"U+{ord(found[0]):04X}"
        Mistakes(text).stop(
            "control-character",
            found.start(),
            found.end(),
            f"the character {name} may not stand in a document",
            'remove it, or write it as an escape in double quotes, such as "\\u001b"',
        )
    return text


def too_deep(mistakes: Mistakes, start: int, end: int) -> NoReturn:
    """Refuse a document whose nesting passes `MAX_DEPTH` at a place.

    Raises:
        DocumentError: Always.
    """
    mistakes.stop(
        "too-deep",
        start,
        end,
        f"maps and lists are nested deeper than {MAX_DEPTH} levels here",
        "flatten the document; a descriptor needs about ten levels",
    )


def too_many_nodes(mistakes: Mistakes, start: int, end: int) -> NoReturn:
    """Refuse a file that holds more than `MAX_NODES`.

    Raises:
        DocumentError: Always.
    """
    mistakes.stop(
        "too-many-nodes",
        start,
        end,
        f"the file has more than {MAX_NODES:,} keys and values",
        "check that this is the right file, or split it",
    )


def _refuse_other_encodings(data: bytes, file: str) -> None:
    marked = (name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark))
    # The first character of a document is ASCII: a NUL beside it shows the wider encodings without their mark.
    unmarked = ("UTF-16 or UTF-32" for _ in (1,) if len(data) > 1 and (data[0] == 0) != (data[1] == 0))
    name = next(chain(marked, unmarked), None)
    if name:
        message = f"the file is written in {name}, and UTF-8 is wanted"
        Mistakes(Text(file, "")).stop("encoding", 0, 0, message, "save the file as UTF-8")


def _refuse_byte(data: bytes, offset: int, file: str) -> NoReturn:
    before = Text(file, data[:offset].decode("utf-8").removeprefix("\ufeff"))
    end = len(before.content)
    message = f"the byte 0x{data[offset]:02x} is not UTF-8"
    Mistakes(before).stop("encoding", end, end + 1, message, "save the file as UTF-8")
