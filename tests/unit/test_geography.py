"""Countries and regions, and what was meant by others."""

from __future__ import annotations

import pytest

from psfpolicy.geography import country_hint, is_country, is_region, region_hint


def test_country_is_known_by_its_assigned_code() -> None:
    assert is_country("NO")
    assert not is_country("UK")
    assert not is_country("EU")
    assert not is_country("no")


def test_region_is_known_with_its_cloud() -> None:
    assert is_region("aws:eu-central-1")
    assert not is_region("gcp:eu-central-1")
    assert not is_region("eu-central-1")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("UK", "GB"),
        ("EL", "GR"),
        ("de", "DE"),
        ("Germany", "DE"),
        ("United Kingdom", "GB"),
        ("USA", "US"),
        ("South Korea", "KR"),
    ],
)
def test_country_in_another_form_is_recognised(written: str, code: str) -> None:
    assert country_hint(written, groups=False) == f"did you mean `{code}`?"


def test_unknown_country_is_asked_for_by_its_code() -> None:
    assert country_hint("XX", groups=False) == "write the two letters of ISO 3166-1 alpha-2, in capitals (`DE`)"


def test_group_where_one_country_is_wanted_is_refused_by_name() -> None:
    assert country_hint("EEA", groups=False) == (
        "write the two letters of ISO 3166-1 alpha-2, in capitals (`DE`); groups of countries are not accepted here"
    )


@pytest.mark.parametrize(("written", "group"), [("EAA", "EEA"), ("eea", "EEA"), ("eu", "EU"), ("adequat", "ADEQUATE")])
def test_group_of_countries_is_recognised_where_groups_are_accepted(written: str, group: str) -> None:
    assert country_hint(written, groups=True) == f"did you mean `{group}`?"


def test_unknown_country_or_group_is_asked_for_by_code_or_group() -> None:
    assert country_hint("EX", groups=True) == (
        "write the two letters of ISO 3166-1 alpha-2, in capitals (`DE`), or `EEA`, `EU` or `ADEQUATE`"
    )


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("eu-central-1", "did you mean `aws:eu-central-1`?"),
        ("westeurope", "did you mean `azure:westeurope`?"),
        ("azure:West Europe", "did you mean `azure:westeurope`?"),
        ("amazon:eu-central-1", "did you mean `aws:eu-central-1`?"),
        ("aws:us-east1", "did you mean `aws:us-east-1`?"),
        ("us-east1", "did you mean `aws:us-east-1` or `gcp:us-east1`?"),
        ("eu-centrl-1", "did you mean `aws:eu-central-1`?"),
        (
            "aws:eu-west-9",
            "the nearest that the catalogue knows are `aws:eu-west-1`, `aws:eu-west-2` and `aws:eu-west-3`",
        ),
        ("frankfurt", "write cloud and region: `aws:eu-central-1`, `azure:westeurope`, `gcp:europe-west3`"),
    ],
)
def test_region_in_another_form_is_recognised(written: str, hint: str) -> None:
    assert region_hint(written) == hint
