"""Descriptors that a run has met, by identity: about forty bytes each, since a run may meet a hundred thousand."""

from __future__ import annotations

from array import array
from hashlib import blake2b
from typing import NamedTuple

_FIRST_SLOTS = 1 << 10


class Spot(NamedTuple):
    """Where a descriptor was met, and what it came to, as numbers."""

    file: int
    """Number of its file in the run."""
    start_line: int
    """Of its name in the file, as in a `Position`; so are the next three."""
    start_column: int
    end_line: int
    end_column: int
    tally: int
    """Number of its verdict and counts, in a table of the caller's."""
    number: int
    """Its own number in the run."""


class Met:
    """The first descriptor of each identity.

    Identities are known by 64 bits of a digest. Two that share them would be taken for one: an error that nobody made,
    and never a verdict.

    Args:
        expected: About how many there will be.
    """

    def __init__(self, expected: int = 0) -> None:
        self._keys = array("Q")
        self._rows = array("I")
        self._slots = array("I", bytes(4 * max(_FIRST_SLOTS, 1 << (2 * expected).bit_length())))
        """Numbers of keys, from 1; 0 is free. Open addressing, at most half full."""

    def meet(self, identity: str, spot: Spot) -> Spot | None:
        """Give where the identity was met before; None where this is the first, which is kept."""
        key = int.from_bytes(blake2b(identity.encode(errors="surrogatepass"), digest_size=8).digest(), "big")
        slot = self._slot(key)
        if number := self._slots[slot]:
            start = (number - 1) * len(Spot._fields)
            return Spot(*self._rows[start : start + len(Spot._fields)])
        self._keys.append(key)
        self._rows.extend(spot)
        self._slots[slot] = len(self._keys)
        if 2 * len(self._keys) > len(self._slots):
            self._grow()
        return None

    def _slot(self, key: int) -> int:
        last = len(self._slots) - 1
        slot = key & last
        while (number := self._slots[slot]) and self._keys[number - 1] != key:
            slot = (slot + 1) & last
        return slot

    def _grow(self) -> None:
        self._slots = array("I", bytes(8 * len(self._slots)))
        for number, key in enumerate(self._keys, start=1):
            self._slots[self._slot(key)] = number
