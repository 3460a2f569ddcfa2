"""The figures on which it rests whether a model fits its accelerators, as the policy computed them.

Everything is in whole bytes of one data-parallel rank, unless it says otherwise; None where a fact is not known.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """The fewest accelerators of a rank that hold the weights and one full-length sequence."""

    accelerators: int
    tensor_parallel: int
    pipeline_parallel: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """What a deployment needs of its accelerators, and what they have."""

    model: str | None
    """Row of the catalogue; None for a model that it lacks."""
    format: str | None
    """Row of the quantizations that the weights are in."""
    accelerator: str | None
    """Row of the catalogue; None for an accelerator that it lacks."""
    accelerators: int | None
    """How many one rank has."""
    ranks: int | None
    """Data-parallel ranks of a replica."""
    memory: int | None
    """Bytes of one accelerator."""
    utilization: int | None
    """Share of them that the engine may use, in millionths."""
    budget: int | None
    """Bytes of all accelerators that it may use."""
    parameters: int | None
    weights: int | None
    overhead: int | None
    """What comes with the weights."""
    spare: int | None
    """What is left for the cache; negative where the weights do not fit."""
    token: int | None
    """What the cache keeps of one token."""
    beyond: int | None
    """What it keeps of one beyond the window; as much as of any other where no layer has a window."""
    window: int | None
    """Tokens that a layer with a window keeps; None where no layer has one."""
    length: int | None
    """Tokens of the longest sequence."""
    sequence: int | None
    """What the cache keeps of one such sequence."""
    fits: int | None
    """Such sequences at once; None where the weights do not fit."""
    concurrent: int | None
    """The same in all ranks of a replica."""
    longest: int | None
    """Tokens of the longest sequence of which one fits."""
    needed: Needed | None
    smaller: str | None
    """The next smaller format that fits, that the accelerator calculates in, and that the engine runs."""


_TEXTS = frozenset({"model", "format", "accelerator", "smaller"})


def read_capacity(raw: Any) -> Capacity:
    """Read what the policy computed.

    Raises:
        KeyError: A figure is missing.
        TypeError: A figure is of another kind.
        ValueError: There is a figure that is not known here.
    """
    names = {field.name for field in fields(Capacity)}
    unknown = sorted(set(raw) - names)
    if unknown:
        raise ValueError(f"unknown figure {', '.join(unknown)}")
    return Capacity(**{name: _figure(name, raw[name]) for name in names})


def _figure(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "needed":
        return Needed(
            accelerators=_whole(value["accelerators"]),
            tensor_parallel=_whole(value["tensorParallel"]),
            pipeline_parallel=_whole(value["pipelineParallel"]),
        )
    if name in _TEXTS:
        if not isinstance(value, str) or not value:
            raise TypeError(f"{name} is no text")
        return value
    return _whole(value)


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("a figure is not whole")
    return value
