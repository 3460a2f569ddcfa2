"""Values that a manifest writes, as facts: a template, or a value of another kind, decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.nodes import flag, number, text
from psfpolicy.evidence.placeholders import placeholder_in

if TYPE_CHECKING:
    from psfpolicy.evidence.base import Origin
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node

_MOST = 999_999_999_999_999


def unreadable(node: Node, wanted: str) -> str:
    """Say why a value is not what is wanted: `a whole number`."""
    placeholder = placeholder_in(text(node) or "")
    return f"`{placeholder}` is filled in elsewhere" if placeholder else f"the value is not {wanted}"


def count(origin: Origin, path: str, node: Node, *, key: str = "") -> Fact:
    """Give a count from 1 on; nothing at all counts as 1, which is the least that a descriptor can say.

    Args:
        origin: What is read.
        path: The path of the descriptor.
        node: The value.
        key: Its key, to show where the value is 0.
    """
    value = number(node)
    if value is None or not 0 <= value <= _MOST:
        return origin.inconclusive(path, node, unreadable(node, "a whole number"))
    return origin.fact(path, max(value, 1), node, shown=f"{key}: 0".removeprefix(": ") if value == 0 else "")


def truth(origin: Origin, path: str, node: Node) -> Fact:
    """Give a truth value as Kubernetes reads it."""
    value = flag(node)
    if value is None:
        return origin.inconclusive(path, node, unreadable(node, "a truth value"))
    return origin.fact(path, value, node)
