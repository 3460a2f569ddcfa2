"""Many assessments in little memory: a run over ten thousand descriptors keeps each one packed until it is shown."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from psfpolicy.model.report import Assessment


def packed(assessment: Assessment) -> bytes:
    """Give an assessment in about a twentieth of its memory."""
    return zlib.compress(pickle.dumps(assessment, pickle.HIGHEST_PROTOCOL), level=1)


def unpacked(item: Assessment | bytes) -> Assessment:
    """Give an assessment that may be packed, by `packed`: nothing else is ever unpickled."""
    if not isinstance(item, bytes):
        return item
    assessment: Assessment = pickle.loads(zlib.decompress(item))  # noqa: S301  # our own, see above
    return assessment


class Packed(Sequence["Assessment"]):
    """Assessments that are unpacked one at a time.

    Args:
        items: What `packed` gave, in this process or in one that it started: nothing else is ever unpickled.
    """

    def __init__(self, items: Sequence[bytes]) -> None:
        self._items = tuple(items)

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> Assessment: ...

    @overload
    def __getitem__(self, index: slice) -> Packed: ...

    def __getitem__(self, index: int | slice) -> Assessment | Packed:
        if isinstance(index, slice):
            return Packed(self._items[index])
        return unpacked(self._items[index])
