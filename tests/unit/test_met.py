"""Descriptors that a run has met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy import met
from psfpolicy.met import Met, Spot

if TYPE_CHECKING:
    import pytest


def spot(number: int) -> Spot:
    return Spot(number, number + 1, 3, number + 1, 9, number % 5, 2 * number)


def test_the_first_of_an_identity_is_given_to_every_later_one() -> None:
    found = Met()
    assert found.meet("production/a", spot(1)) is None
    assert found.meet("production/b", spot(2)) is None
    assert found.meet("production/a", spot(3)) == spot(1)
    assert found.meet("production/a", spot(4)) == spot(1)
    assert found.meet("production/b", spot(5)) == spot(2)


def test_none_of_ten_thousand_is_lost_and_none_is_taken_for_another() -> None:
    found = Met()
    assert [found.meet(f"production/{number}", spot(number)) for number in range(10_000)] == [None] * 10_000
    assert [found.meet(f"production/{number}", spot(0)) for number in range(10_000)] == [
        spot(number) for number in range(10_000)
    ]


def test_identities_whose_keys_share_a_slot_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    class Digest:
        def __init__(self, data: bytes, *, digest_size: int) -> None:
            assert digest_size == 8
            self._value = len(data) << 20  # all in slot 0 of a small table

        def digest(self) -> bytes:
            return self._value.to_bytes(8, "big")

    monkeypatch.setattr(met, "blake2b", Digest)
    found = Met()
    for number in range(1, 600):
        assert found.meet("x" * number, spot(number)) is None
    assert found.meet("x" * 7, spot(0)) == spot(7)
    assert found.meet("x" * 599, spot(0)) == spot(599)


def test_half_of_a_surrogate_pair_is_an_identity_too() -> None:
    found = Met()
    assert found.meet("production/\ud800", spot(1)) is None
    assert found.meet("production/\ud801", spot(2)) is None
    assert found.meet("production/\ud800", spot(3)) == spot(1)
