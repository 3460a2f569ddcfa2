"""Descriptors that a run has met, by identity, in about thirty bytes each: it may meet a hundred thousand."""

from __future__ import annotations

from array import array
from hashlib import blake2b
from typing import NamedTuple, TypeAlias

_FIRST_SLOTS = 1 << 10
_Form: TypeAlias = tuple[int, int, int, int, int]


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
        """Of each first: numbers of its file, of its form, and its own."""
        self._forms: list[_Form] = []
        """Where in a file descriptors are named, and what they came to: there are far fewer than descriptors."""
        self._numbers: dict[_Form, int] = {}
        self._slots = array("I", bytes(4 * max(_FIRST_SLOTS, 1 << (2 * expected).bit_length())))
        """Numbers of keys, from 1; 0 is free. Open addressing, at most half full."""

    def meet(self, identity: str, spot: Spot) -> Spot | None:
        """Give where the identity was met before; None where this is the first, which is kept."""
        key = int.from_bytes(blake2b(identity.encode(errors="surrogatepass"), digest_size=8).digest(), "big")
        slot = self._slot(key)
        if number := self._slots[slot]:
            file, form, own = self._rows[3 * (number - 1) : 3 * number]
            return Spot(file, *self._forms[form], own)
        self._keys.append(key)
        self._rows.extend((spot.file, self._form(spot[1:-1]), spot.number))
        self._slots[slot] = len(self._keys)
        if 2 * len(self._keys) > len(self._slots):
            self._grow()
        return None

    def _form(self, form: _Form) -> int:
        if form not in self._numbers:
            self._numbers[form] = len(self._forms)
            self._forms.append(form)
        return self._numbers[form]

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
