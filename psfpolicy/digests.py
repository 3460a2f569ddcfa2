"""Digests of what the policy says: of where a finding is, and of the values that decided it.

SHA-256 over JSON in ASCII, the keys of maps in their order. Two that are equal say that nothing has changed.
"""

from __future__ import annotations

import json
from hashlib import sha256
from json.encoder import encode_basestring_ascii
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import JsonValue, Path

    Reading: TypeAlias = Callable[[Path], tuple[str, list[JsonValue]]]

_canonical = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode


class Digests:
    """Digests for the findings of one descriptor; what several of them read is written once.

    Args:
        deployment: `environment/name`.
    """

    def __init__(self, deployment: str) -> None:
        self._deployment = _canonical(deployment)
        self._read: dict[Path, tuple[str, str]] = {}
        """Paths as they are written, and JSON of that with the values there."""

    def fingerprint(self, control: str, path: str) -> str:
        """Give what a finding is known by.

        Args:
            control: The id of its control.
            path: Its path, written for people.
        """
        # As `digest` of the list of the three.
        return _hashed(f"[{encode_basestring_ascii(control)},{self._deployment},{encode_basestring_ascii(path)}]")

    def decided_by(self, reads: Sequence[Path], reading: Reading, against: Sequence[Fact]) -> str:
        """Give the digest of what decided a finding.

        Args:
            reads: Paths of the values that were read, in any order.
            reading: Gives a path as it is written for people, and the one value there, or nothing.
            against: The facts that do not confirm what is declared.
        """
        # Few findings have any.
        facts = sorted([".".join(map(str, f.path)), plain(f.value), f.subject] for f in against) if against else ()
        # Two paths may be written alike: of an item without a name, and of its index.
        known = self._read
        values = dict([known.get(path) or self._told(path, reading) for path in reads])
        return _hashed(f"[{','.join([*map(_canonical, facts), *[values[name] for name in sorted(values)]])}]")

    def _told(self, path: Path, reading: Reading) -> tuple[str, str]:
        name, values = reading(path)
        told = self._read[path] = name, f"[{','.join(map(_written, [name, *values]))}]"
        return told


def _written(value: JsonValue) -> str:
    # Most values are texts, which need no encoder of their own.
    return encode_basestring_ascii(value) if isinstance(value, str) else _canonical(value)


def digest(value: JsonValue) -> str:
    """Give the digest of a value."""
    return _hashed(_canonical(value))


def _hashed(text: str) -> str:
    return sha256(text.encode("ascii")).hexdigest()


def plain(value: JsonValue) -> str:
    """Give a value as text: a string as it is, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def values_at(value: JsonValue, path: Path) -> list[JsonValue]:
    """Give the one value at a path, or nothing: a value that is absent is not one that is null."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str) and step in value:  # noqa: SIM114  # joined, mypy loses the types
            value = value[step]
        elif isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
            value = value[step]
        else:
            return []
    return [value]
