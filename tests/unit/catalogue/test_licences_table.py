"""The licences of models: what they permit, whom they count, and what they forbid."""

from __future__ import annotations

import pytest

from tests.unit.catalogue.test_catalogue_tables import _mistakes, _table

LICENCES = {
    "Llama 3 Community": "llama-3-community",
    "Llama 3.1 Community": "llama-3.1-community",
    "Llama 3.2 Community": "llama-3.2-community",
    "Llama 3.3 Community": "llama-3.3-community",
    "Llama 4 Community": "llama-4-community",
    "Gemma Terms": "gemma-terms",
    "Gemma 4": "apache-2.0",
    "Mistral Research (MRL)": "mistral-research",
    "Mistral Non-Production (MNPL)": "mistral-non-production",
    "Qwen licence (72B)": "qwen",
    "Apache-2.0": "apache-2.0",
    "MIT": "mit",
    "DeepSeek Model License 1.0": "deepseek-1.0",
}


def test_every_row_has_its_shape() -> None:
    assert _mistakes("licences", _table("licences")) == []


def test_rows_stand_in_the_order_of_their_ids() -> None:
    assert list(_table("licences")) == sorted(_table("licences"))


@pytest.mark.parametrize("key", ["source", "as_of"])
def test_row_without_its_source_or_day_is_refused(key: str) -> None:
    rest = {column: value for column, value in _table("licences")["qwen"].items() if column != key}

    assert _mistakes("licences", {"qwen": rest}) == [f"'{key}' is a required property"]


def test_limit_that_counts_before_a_release_is_refused_without_its_day() -> None:
    row = _table("licences")["llama-3.1-community"]
    limit = {"users": 700_000_000, "counts": "licensee-and-affiliates-before-release"}

    assert _mistakes("licences", {"llama-3.1-community": {**row, "user_limit": limit}}) == [
        "'released' is a required property"
    ]


def test_attribution_is_refused_without_its_words() -> None:
    row = _table("licences")["mit"]
    attribution = {"required": True, "when": "product-or-distribution"}

    assert _mistakes("licences", {"mit": {**row, "attribution": attribution}}) == ["'text' is a required property"]


def test_all_licences_are_there() -> None:
    assert set(_table("licences")) == set(LICENCES.values())


def test_a_name_leads_to_one_licence() -> None:
    names = [name.lower() for id_, row in _table("licences").items() for name in (id_, *row.get("aliases", []))]

    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_a_source_of_one_key_stands_beside_that_key() -> None:
    keys = [
        (id_, key)
        for id_, row in _table("licences").items()
        for key in row
        if key.endswith("_source") and key.removesuffix("_source") not in row
    ]

    assert keys == []


def test_licences_that_forbid_production() -> None:
    rows = _table("licences")

    assert {id_: row["uses"] for id_, row in rows.items() if not row["production_use"]} == {
        "mistral-non-production": ["research", "evaluation"],
        "mistral-research": ["research"],
    }
    assert [id_ for id_, row in rows.items() if row["commercial_use"] != ("commercial" in row["uses"])] == []


def test_limits_of_users_and_the_moment_that_they_count() -> None:
    limits = {id_: row["user_limit"] for id_, row in _table("licences").items() if "user_limit" in row}
    llama = {"users": 700_000_000, "counts": "licensee-and-affiliates-before-release"}

    assert limits == {
        "llama-3-community": {**llama, "released": "2024-04-18"},
        "llama-3.1-community": {**llama, "released": "2024-07-23"},
        "llama-3.2-community": {**llama, "released": "2024-09-25"},
        "llama-3.3-community": {**llama, "released": "2024-12-06"},
        "llama-4-community": {**llama, "released": "2025-04-05"},
        "qwen": {"users": 100_000_000, "counts": "at-any-time"},
    }


def test_words_that_a_product_has_to_show() -> None:
    rows = _table("licences")

    assert {id_: row["attribution"]["text"] for id_, row in rows.items() if row["attribution"]["required"]} == {
        "llama-3-community": "Built with Meta Llama 3",
        "llama-3.1-community": "Built with Llama",
        "llama-3.2-community": "Built with Llama",
        "llama-3.3-community": "Built with Llama",
        "llama-4-community": "Built with Llama",
    }


def test_sectors_and_uses_that_are_forbidden() -> None:
    rows = _table("licences")
    llama = ["defence", "critical-infrastructure"]
    families = ["3", "3.1", "3.2", "3.3", "4"]

    assert {id_: row["forbidden_sectors"] for id_, row in rows.items() if row.get("forbidden_sectors")} == {
        "deepseek-1.0": ["defence"],
        **{f"llama-{family}-community": llama for family in families},
    }
    assert [id_ for id_, row in rows.items() if row.get("forbids_itar")] == [
        f"llama-{family}-community" for family in families
    ]
    assert [id_ for id_, row in rows.items() if row.get("forbids_military")] == [
        "deepseek-1.0",
        *(f"llama-{family}-community" for family in families),
    ]


def test_principal_places_that_get_no_rights() -> None:
    union = {"excludes": ["EU"], "multimodal_only": True}

    assert {id_: row["territorial"] for id_, row in _table("licences").items() if "territorial" in row} == {
        "llama-3.2-community": union,
        "llama-3.3-community": union,
        "llama-4-community": union,
    }


def test_licences_that_forbid_automated_adverse_decisions() -> None:
    assert [id_ for id_, row in _table("licences").items() if row.get("forbids_automated_adverse_decisions")] == [
        "deepseek-1.0",
        "gemma-terms",
    ]
