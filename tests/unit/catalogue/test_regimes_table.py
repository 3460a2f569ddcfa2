"""The tables of regimes and transfer mechanisms: what each objects to, and that all it names exists."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.catalogue.test_advisories_table import _at
from tests.unit.catalogue.test_catalogue_tables import _mistakes, _table
from tests.unit.catalogue.test_serving_tables import _descriptor

GROUPS = {"ADEQUATE", "EEA", "EU"}
DATA = ["logs", "metrics", "prompts", "responses", "traces"]
CONTENT = ["logs", "prompts", "responses", "traces"]


def _areas(row: dict[str, Any]) -> set[str]:
    lists = [row.get("locations", {}).get("allowed", [])]
    lists += [row.get("operators", {}).get(key, []) for key in ("required", "excluded")]
    lists += [cause["places"] for cause in row.get("implied_by", [])]
    return {area for areas in lists for area in areas}


def test_areas_are_countries_or_groups() -> None:
    named = {area for row in _table("regimes").values() for area in _areas(row)}

    assert named - GROUPS - set(_table("countries")) == set()


def test_mechanisms_are_those_that_a_descriptor_can_name() -> None:
    assert set(_table("transfers")) == _descriptor("Transfer", "mechanism")


def test_mechanisms_that_a_regime_permits_can_carry_a_standing_flow() -> None:
    transfers = _table("transfers")
    permitted = {mechanism for row in _table("regimes").values() for mechanism in row.get("mechanisms", [])}

    assert permitted == {mechanism for mechanism, row in transfers.items() if row["standing"]}
    assert set(transfers) - permitted == {"derogation"}


def test_certification_is_asked_of_recipients_in_the_united_states() -> None:
    rows = _table("transfers")

    assert {id_: row["countries"] for id_, row in rows.items() if "certified" in row["needs"]} == {"dpf": ["US"]}
    assert _table("countries")["US"]["adequate"]["scope"] == "certified-recipients"


def test_duties_and_regimes_that_a_regime_names_exist() -> None:
    rows = _table("regimes")

    assert {duty for row in rows.values() for duty in row.get("duties", [])} - set(_table("duties")) == set()
    assert {other for row in rows.values() for other in row.get("answers", [])} - set(rows) == set()


def test_regime_applies_from_the_day_of_its_duty() -> None:
    row = _table("regimes")["eu-ai-act-high-risk"]

    assert {row["applies_from"]} == {_table("duties")[duty]["applies_from"] for duty in row["duties"]}


def test_partitions_and_services_that_a_regime_lists_exist() -> None:
    known: dict[str, set[str]] = {}
    for region, row in _table("regions").items():
        known.setdefault(region.partition(":")[0], set()).add(row.get("partition", "commercial"))
    listed = [row["locations"] for row in _table("regimes").values() if "partitions" in row.get("locations", {})]

    assert [
        (cloud, partition)
        for locations in listed
        for cloud, partitions in locations["partitions"].items()
        for partition in partitions
        if partition not in known[cloud]
    ] == []
    assert {service for locations in listed for service in locations["services"]} - set(_table("platforms")) == set()


def test_settings_are_keys_and_values_of_a_descriptor() -> None:
    for row in _table("regimes").values():
        for setting in row.get("settings", []):
            assert set(setting["in"]) <= set(_at(setting["path"]).get("enum", [True, False]))


@pytest.mark.parametrize(
    ("regime", "locations"),
    [
        ("air-gapped", None),
        ("eu-ai-act-high-risk", None),
        ("eu-sovereign", {"allowed": ["EEA"]}),
        ("gdpr", {"allowed": ["ADEQUATE", "EEA"], "adequacy_scopes": ["commercial-organisations", "general"]}),
        ("gdpr-strict-residency", {"allowed": ["EEA"]}),
        ("hipaa", None),
        ("in-country", {"as_declared": True}),
        ("itar", {"allowed": ["US"]}),
        ("no-third-party-egress", None),
        ("on-prem-only", {"premises": "own"}),
    ],
)
def test_where_a_regime_lets_data_be(regime: str, locations: dict[str, Any] | None) -> None:
    assert _table("regimes")[regime].get("locations") == locations


@pytest.mark.parametrize("country", ["CH", "DE", "GB", "IS", "NO"])
def test_countries_in_europe_under_the_united_kingdoms_law(country: str) -> None:
    allowed = _table("regimes")["uk-gdpr"]["locations"]["allowed"]

    assert country in allowed or ("EEA" in allowed and _table("countries")[country]["eea"])


@pytest.mark.parametrize("country", ["BR", "IN", "US"])
def test_countries_that_the_united_kingdom_has_not_found_adequate(country: str) -> None:
    assert country not in _table("regimes")["uk-gdpr"]["locations"]["allowed"]


def test_regimes_that_permit_a_mechanism() -> None:
    rows = _table("regimes")

    assert {id_: row["mechanisms"] for id_, row in rows.items() if row.get("mechanisms")} == {
        "gdpr": ["bcr", "dpf", "scc"],
        "uk-gdpr": ["bcr", "dpf", "scc"],
    }
    assert [id_ for id_, row in rows.items() if "locations" in row and "mechanisms" not in row] == []


def test_regimes_that_ask_who_operates() -> None:
    assert {id_: row["operators"] for id_, row in _table("regimes").items() if "operators" in row} == {
        "eu-sovereign": {"required": ["EEA"], "processors": "counted"},
        "itar": {"required": ["US"], "processors": "counted"},
    }


def test_regimes_under_which_no_agreement_helps() -> None:
    assert {id_: row["third_parties"] for id_, row in _table("regimes").items() if "third_parties" in row} == {
        "no-third-party-egress": {"agreement_helps": False, "processors": "exempt"},
        "on-prem-only": {"agreement_helps": False, "processors": "counted"},
    }


def test_agreements_that_a_regime_asks() -> None:
    assert {id_: row["agreements"]["kinds"] for id_, row in _table("regimes").items() if "agreements" in row} == {
        "gdpr": ["dpa"],
        "gdpr-strict-residency": ["dpa"],
        "hipaa": ["baa"],
        "uk-gdpr": ["dpa"],
    }


def test_weights_are_data_to_no_regime_but_two() -> None:
    assert [id_ for id_, row in _table("regimes").items() if "weights" in row["carries"]] == ["air-gapped", "itar"]


@pytest.mark.parametrize(
    ("regime", "carries"),
    [("gdpr", DATA), ("hipaa", CONTENT), ("no-third-party-egress", CONTENT), ("on-prem-only", DATA)],
)
def test_flows_that_a_regime_speaks_of(regime: str, carries: list[str]) -> None:
    assert _table("regimes")[regime]["carries"] == carries


def test_regimes_that_data_and_places_ask_for() -> None:
    assert {id_: row["implied_by"] for id_, row in _table("regimes").items() if "implied_by" in row} == {
        "gdpr": [{"data": "personal", "of": ["organisation", "users"], "places": ["EEA"]}],
        "hipaa": [
            {"data": "phi", "of": ["operators", "organisation", "users"], "places": ["US"]},
            {"data": "personal", "of": ["organisation", "users"], "places": ["US"], "sectors": ["healthcare"]},
        ],
        "uk-gdpr": [{"data": "personal", "of": ["organisation", "users"], "places": ["GB"]}],
    }


def test_objection_without_the_flows_it_speaks_of_is_refused() -> None:
    row = {key: value for key, value in _table("regimes")["eu-sovereign"].items() if key != "carries"}

    assert _mistakes("regimes", {"eu-sovereign": row}) == [
        "'carries' is a dependency of 'locations'",
        "'carries' is a dependency of 'operators'",
    ]
