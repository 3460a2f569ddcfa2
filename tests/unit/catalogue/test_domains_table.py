"""The table of domains that a provider shares among its customers."""

from __future__ import annotations

from tests.unit.catalogue.test_catalogue_tables import _mistakes, _table


def test_every_row_has_its_shape_and_stands_in_order() -> None:
    assert _mistakes("domains", _table("domains")) == []
    assert list(_table("domains")) == sorted(_table("domains"))


def test_row_without_its_source_is_refused() -> None:
    row = {"provider": "Example", "as_of": "2026-11-20"}

    assert _mistakes("domains", {"example.com": row}) == ["'source' is a required property"]


def test_domains_of_the_clouds_that_have_regions_are_there() -> None:
    assert {"amazonaws.com", "windows.net", "googleapis.com"} - set(_table("domains")) == set()
