"""Whether a model fits its accelerators, as the policy says, and the figures on which that rests.

Everything is in whole bytes of one data-parallel rank, unless it says otherwise; None where a fact is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Change: TypeAlias = "Mapping[str, str | int]"
"""What to write instead, by key of `spec.model` or `spec.serving.accelerators`; what it does not name stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """What a deployment needs of its accelerators, and what they have."""

    model: str | None = None
    """Row of the catalogue; None for a model that it lacks."""
    format: str | None = None
    """Row of the quantizations that the weights are in."""
    accelerator: str | None = None
    """Row of the catalogue; None for an accelerator that it lacks."""
    accelerators: int | None = None
    """How many one rank has."""
    ranks: int | None = None
    """Data-parallel ranks of a replica."""
    memory: int | None = None
    """Bytes of one accelerator."""
    utilization: int | None = None
    """Share of them that the engine may use, in millionths."""
    budget: int | None = None
    """Bytes of all accelerators that it may use."""
    parameters: int | None = None
    weights: int | None = None
    overhead: int | None = None
    """What comes with the weights."""
    spare: int | None = None
    """What is left for the cache; negative where the weights do not fit."""
    token: int | None = None
    """What the cache keeps of one token."""
    beyond: int | None = None
    """What it keeps of one beyond the window; as much as of any other where no layer has a window."""
    window: int | None = None
    """Tokens that a layer with a window keeps; None where no layer has one."""
    copies: int | None = None
    """How often the accelerators of a layer keep the same."""
    length: int | None = None
    """Tokens of the longest sequence."""
    sequence: int | None = None
    """What the cache keeps of one such sequence, all copies of it."""
    fits: int | None = None
    """Such sequences at once; None where the weights do not fit."""
    concurrent: int | None = None
    """The same in all ranks of a replica."""
    asked: int | None = None
    """Sequences at once that a replica is said to work on."""
    longest: int | None = None
    """Tokens of the longest sequence of which one fits."""
    needed: Change | None = None
    """The smallest form that holds the weights and one full-length sequence: `count` of a replica, parallelisms."""
    changes: tuple[Change, ...] = ()
    """Any one of them is enough, where the model does not fit; none where it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizing:
    """What the policy says of one deployment."""

    status: str
    """As of a finding."""
    message: str
    """The control's own, with the arithmetic in it."""
    capacity: Capacity


_TEXTS = frozenset({"model", "format", "accelerator", "quantization"})
_CHANGED = frozenset({"count", "tensorParallel", "pipelineParallel", "quantization", "maxModelLen"})


def read_capacity(raw: Any) -> Capacity:
    """Read the figures that the policy computed.

    Raises:
        AttributeError: They are no map.
        TypeError: A figure is of another kind, or not known here.
        ValueError: A change is of a key that is not known here.
    """
    return Capacity(**{name: _figure(name, value) for name, value in raw.items()})


def _figure(name: str, value: Any) -> Any:
    if name == "changes":
        return tuple(sorted(map(_change, value), key=tuple))
    return _change(value) if name == "needed" else _scalar(name, value)


def _change(value: Any) -> Change:
    if unknown := sorted(set(value) - _CHANGED):
        raise ValueError(f"a change of {', '.join(unknown)}")
    return {key: _scalar(key, value[key]) for key in sorted(value)}


def _scalar(name: str, value: Any) -> str | int:
    wanted: type[str | int] = str if name in _TEXTS else int
    if type(value) is not wanted or value == "":
        raise TypeError(f"{name} is another kind of value")
    return value
