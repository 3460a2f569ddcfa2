"""The tables of the catalogue: their shape, their sources, and how they hang together."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[3]
TABLES = ["countries", "regimes", "regions"]


class _UniqueKeyLoader(yaml.SafeLoader):
    """A loader that refuses a key that is used twice; PyYAML itself keeps the last one."""


def _unique(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    assert len(set(keys)) == len(keys), f"used twice: {sorted(key for key in keys if keys.count(key) > 1)}"
    return loader.construct_mapping(node, deep=True)


_UniqueKeyLoader.add_constructor("tag:yaml.org,2002:map", _unique)


def _table(name: str) -> dict[str, dict[str, Any]]:
    text = (ROOT / "rego/psfpolicy/catalogue" / name / "data.yaml").read_text(encoding="utf-8")
    rows: dict[str, dict[str, Any]] = yaml.load(text, _UniqueKeyLoader)  # noqa: S506 - a SafeLoader
    return rows


def _schema(name: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads((ROOT / f"schemas/catalogue/{name}.schema.json").read_text(encoding="utf-8"))
    return schema


def _mistakes(name: str, rows: dict[str, Any]) -> list[str]:
    return [error.message for error in jsonschema.Draft202012Validator(_schema(name)).iter_errors(rows)]


@pytest.mark.parametrize("name", TABLES)
def test_every_row_of_a_table_has_its_shape(name: str) -> None:
    assert _mistakes(name, _table(name)) == []


@pytest.mark.parametrize("name", TABLES)
def test_rows_stand_in_the_order_of_their_ids(name: str) -> None:
    assert list(_table(name)) == sorted(_table(name))


@pytest.mark.parametrize("name", TABLES)
def test_every_day_exists(name: str) -> None:
    assert [date.fromisoformat(row["as_of"]).isoformat() for row in _table(name).values()] == [
        row["as_of"] for row in _table(name).values()
    ]


@pytest.mark.parametrize("key", ["source", "as_of"])
@pytest.mark.parametrize(("name", "row"), [("countries", "DE"), ("regimes", "gdpr"), ("regions", "aws:eu-central-1")])
def test_row_without_its_source_or_day_is_refused(name: str, row: str, key: str) -> None:
    rest = {column: value for column, value in _table(name)[row].items() if column != key}

    assert _mistakes(name, {row: rest}) == [f"'{key}' is a required property"]


def test_id_used_twice_is_refused() -> None:
    with pytest.raises(AssertionError, match=r"used twice: \['DE', 'DE'\]"):
        yaml.load('"DE": {}\n"DE": {}\n', _UniqueKeyLoader)  # noqa: S506 - a SafeLoader


def test_every_region_stands_in_a_known_country() -> None:
    assert {row["country"] for row in _table("regions").values()} - set(_table("countries")) == set()


def test_all_officially_assigned_country_codes_are_there() -> None:
    assert len(_table("countries")) == 249


def test_members_of_the_union_and_of_the_economic_area() -> None:
    rows = _table("countries")

    assert " ".join(code for code, row in rows.items() if row["eu"]) == (
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
    )
    assert [code for code, row in rows.items() if row["eea"] and not row["eu"]] == ["IS", "LI", "NO"]


def test_adequacy_decisions_and_whom_they_cover() -> None:
    decisions = {code: row["adequate"]["scope"] for code, row in _table("countries").items() if "adequate" in row}

    assert decisions == {
        **dict.fromkeys(
            ["AD", "AR", "BR", "CH", "FO", "GB", "GG", "IL", "IM", "JE", "JP", "KR", "NZ", "UY"], "general"
        ),
        "CA": "commercial-organisations",
        "US": "certified-recipients",
    }


def test_adequacy_of_the_united_kingdom_ends() -> None:
    assert _table("countries")["GB"]["adequate"] == {
        "scope": "general",
        "since": "2025-12-19",
        "until": "2031-12-27",
        "source": "https://www.dpocentre.com/news/eu-renews-uk-personal-data-adequacy-decisions",
    }


def test_regions_by_cloud() -> None:
    clouds = [region.partition(":")[0] for region in _table("regions")]

    assert {cloud: clouds.count(cloud) for cloud in clouds} == {"aws": 41, "azure": 69, "gcp": 43}


@pytest.mark.parametrize(
    ("region", "country"),
    [
        ("aws:eu-central-1", "DE"),
        ("aws:eu-central-2", "CH"),
        ("aws:eu-west-2", "GB"),
        ("aws:eusc-de-east-1", "DE"),
        ("aws:me-west-1", "SA"),
        ("azure:eastasia", "HK"),
        ("azure:northeurope", "IE"),
        ("azure:westeurope", "NL"),
        ("gcp:asia-southeast3", "TH"),
        ("gcp:europe-west6", "CH"),
        ("gcp:me-west1", "IL"),
    ],
)
def test_region_whose_name_does_not_tell_its_country(region: str, country: str) -> None:
    assert _table("regions")[region]["country"] == country


def test_regions_of_separate_clouds_say_so() -> None:
    rows = _table("regions")

    assert {region: row["partition"] for region, row in rows.items() if "partition" in row} == {
        "aws:cn-north-1": "aws-cn",
        "aws:cn-northwest-1": "aws-cn",
        "aws:eusc-de-east-1": "aws-eusc",
        "aws:us-gov-east-1": "aws-us-gov",
        "aws:us-gov-west-1": "aws-us-gov",
        "azure:chinaeast": "azure-china",
        "azure:chinaeast2": "azure-china",
        "azure:chinaeast3": "azure-china",
        "azure:chinanorth": "azure-china",
        "azure:chinanorth2": "azure-china",
        "azure:chinanorth3": "azure-china",
        "azure:usdodcentral": "azure-us-government",
        "azure:usdodeast": "azure-us-government",
        "azure:usgovarizona": "azure-us-government",
        "azure:usgovtexas": "azure-us-government",
        "azure:usgovvirginia": "azure-us-government",
    }
    assert [region for region, row in rows.items() if row["government"]] == [
        "aws:us-gov-east-1",
        "aws:us-gov-west-1",
        "azure:usdodcentral",
        "azure:usdodeast",
        "azure:usgovarizona",
        "azure:usgovtexas",
        "azure:usgovvirginia",
    ]


def test_regimes_that_a_descriptor_can_name() -> None:
    assert list(_table("regimes")) == [
        "air-gapped",
        "eu-ai-act-high-risk",
        "eu-sovereign",
        "fedramp-high",
        "gdpr",
        "gdpr-strict-residency",
        "hipaa",
        "in-country",
        "itar",
        "no-third-party-egress",
        "on-prem-only",
        "uk-gdpr",
    ]
