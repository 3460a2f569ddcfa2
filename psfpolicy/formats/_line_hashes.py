"""The hashes by which GitHub knows a line of a file again, `primaryLocationLineHash`.

A hash is taken over the first hundred UTF-16 code units from the start of a line onwards, blanks and tabs left out,
every line break one line feed, the end of the file 65535 and then zeros: a polynomial of base 37 modulo 2 to the 64.
Behind a colon stands which line with that hash it is. The rules are those of `src/fingerprints.ts` in
github/codeql-action, whose uploader compares what it finds in a report with what it computes.
"""

from __future__ import annotations

from array import array
from collections import Counter
from itertools import accumulate

_WINDOW = 100
_BASE = 37
_MASK = 2**64 - 1
_OUT = pow(_BASE, _WINDOW, 2**64)
_END = 65535
_LINE_FEED = 10


def line_hashes(data: bytes) -> list[str]:
    """Give the hash of each line of a file, the first line first; what is not UTF-8 counts as U+FFFD."""
    text = data.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    units = array("H")
    units.frombytes(text.replace(" ", "").replace("\t", "").encode("utf-16-le"))
    if array("H", b"\1\0")[0] != 1:  # pragma: no cover  # a processor that puts the high byte first
        units.byteswap()
    starts = [0, *(place + 1 for place, unit in enumerate(units) if unit == _LINE_FEED)]
    units.append(_END)
    units.extend([0] * _WINDOW)
    sums = list(accumulate(units, lambda sum_, unit: (sum_ * _BASE + unit) & _MASK, initial=0))
    seen: Counter[str] = Counter()
    found = []
    for start in starts:
        value = f"{(sums[start + _WINDOW] - sums[start] * _OUT) & _MASK:x}"
        seen[value] += 1
        found.append(f"{value}:{seen[value]}")
    return found
