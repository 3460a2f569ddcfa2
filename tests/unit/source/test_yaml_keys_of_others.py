"""Keys that are no strings: a mistake in what is ours, and what is written in the manifests of others."""

from __future__ import annotations

import pytest

from psfpolicy import source
from psfpolicy.errors import DocumentError


def test_a_number_as_a_key_counts_as_what_is_written() -> None:
    (document,) = source.read(b"ports:\n  8080: {mode: STRICT}\n  true: 1\n", file="a.yaml", any_keys=True)
    assert document.data == {"ports": {"8080": {"mode": "STRICT"}, "true": 1}}
    assert document.locate(("ports", "8080", "mode")).place.region.start_line == 2


@pytest.mark.parametrize("text", [b"{1: a, '1': b}", b"? \n: a\n", b"? [a]\n: b\n"])
def test_two_keys_that_are_written_alike_and_keys_that_are_none_stay_mistakes(text: bytes) -> None:
    with pytest.raises(DocumentError):
        source.read(text, file="a.yaml", any_keys=True)


def test_in_what_is_ours_it_is_a_mistake() -> None:
    with pytest.raises(DocumentError):
        source.read(b"{1: a}", file="a.yaml")
