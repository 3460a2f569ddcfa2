"""The first of many, in little memory."""

from __future__ import annotations

from bisect import insort
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

ItemT = TypeVar("ItemT")


class Worst(Generic[ItemT]):
    """Keeps the first of all items that it is given, whatever their order, and counts the rest.

    Args:
        most: How many are kept.
        rank: Gives what items are sorted by; no two items have the same.
    """

    def __init__(self, most: int, rank: Callable[[ItemT], tuple[Any, ...]]) -> None:
        self._most = most
        self._rank = rank
        self._kept: list[ItemT] = []
        self.total = 0

    def add(self, item: ItemT) -> None:
        """Take one more."""
        self.total += 1
        if len(self._kept) < self._most or self._rank(item) < self._rank(self._kept[-1]):
            insort(self._kept, item, key=self._rank)
            del self._kept[self._most :]

    @property
    def kept(self) -> tuple[ItemT, ...]:
        """The first ones, in order."""
        return tuple(self._kept)
