"""The table of domains of providers, which leads to the machines or the service of another."""

from __future__ import annotations

from tests.unit.catalogue.test_catalogue_tables import _mistakes, _table
from tests.unit.catalogue.test_serving_tables import _descriptor


def test_every_row_has_its_shape_and_stands_in_order() -> None:
    assert _mistakes("domains", _table("domains")) == []
    assert list(_table("domains")) == sorted(_table("domains"))


def test_row_without_its_source_is_refused() -> None:
    row = {"provider": "Example", "as_of": "2026-11-20"}

    assert _mistakes("domains", {"example.com": row}) == ["'source' is a required property"]


def test_domains_of_the_clouds_that_have_regions_are_there() -> None:
    assert {"amazonaws.com", "windows.net", "googleapis.com"} - set(_table("domains")) == set()


def test_kinds_of_exports_that_lead_to_one_are_those_that_a_descriptor_can_name() -> None:
    leading = {kind for row in _table("domains").values() for kind in row.get("exports", [])}

    assert leading == {"cloudwatch", "datadog"}
    assert leading <= _descriptor("Export", "kind")


def test_domains_where_only_their_provider_answers() -> None:
    assert {id_ for id_, row in _table("domains").items() if row.get("service")} == {
        "anthropic.com",
        "cloud.langfuse.com",
        "datadoghq.com",
        "datadoghq.eu",
        "ddog-gov.com",
        "huggingface.co",
        "openai.com",
        "together.ai",
        "together.xyz",
    }
