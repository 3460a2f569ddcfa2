"""How many replicas a resource asks for: a count, or the bounds of what scales it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.kubernetes.scaling import MAX, MIN
from psfpolicy.evidence.kubernetes.values import count
from psfpolicy.evidence.nodes import at, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node


def counted(origin: Origin, written: Node, key: str = "replicas") -> Iterator[Fact]:
    """Give the bounds that one count says, which is both."""
    yield from (count(origin, path, written, key=key) for path in (MIN, MAX))


def bounds(origin: Origin, scaling: Node | None, keys: tuple[str, str], where: Node, lack: str) -> Iterator[Fact]:
    """Give the bounds of what scales a resource.

    Args:
        origin: What is read.
        scaling: The map that has them.
        keys: The keys of the least and of the most.
        where: What shows that it is scaled.
        lack: What holds where a bound is not written.
    """
    for key, path in zip(keys, (MIN, MAX), strict=True):
        bound = at(scaling, key)
        if bound is not None and text(bound) is not None:
            yield count(origin, path, bound, key=key)
        else:
            yield origin.inconclusive(path, where, f"no `{key}`{lack}")
