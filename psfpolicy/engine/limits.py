"""What one evaluation may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one evaluation; a descriptor of ordinary size needs a hundredth of each."""

    timeout_seconds: float = 10.0
    memory_bytes: int = 256 * 2**20
    """Of the policy's memory: question, data, and everything derived from them."""
    output_bytes: int = 64 * 2**20
    """Of the answer as JSON text."""
