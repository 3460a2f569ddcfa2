"""Countries, groups of countries and cloud regions: which exist, and what was probably meant by another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy import catalogue, resources
from psfpolicy.suggest import folded, listed, meant, nearest

if TYPE_CHECKING:
    from psfpolicy.catalogue import Tables

GROUPS = ("EEA", "EU", "ADEQUATE")
"""Groups of countries that a descriptor can name where it lists countries."""

_COUNTRY_SYNONYMS = {
    "England": "GB",
    "Great Britain": "GB",
    "Korea": "KR",
    "Czechia": "CZ",
    "Holland": "NL",
    "Türkiye": "TR",
    "UAE": "AE",
    "United Kingdom": "GB",
    "United States of America": "US",
    # Reserved codes of the EU's own style guide, and the three-letter and old codes that are met most.
    "EL": "GR",
    "UK": "GB",
    "GBR": "GB",
    "USA": "US",
}


def is_country(code: str, own: Tables = catalogue.NONE) -> bool:
    """Say whether a code is officially assigned in ISO 3166-1 alpha-2, or a row of the user's own."""
    return code in catalogue.rows("countries", own)


def is_region(region: str, own: Tables = catalogue.NONE) -> bool:
    """Say whether a region (`aws:eu-central-1`) is in the catalogue, or a row of the user's own."""
    return region in catalogue.rows("regions", own)


def country_hint(written: str, *, groups: bool) -> str:
    """Say what to write instead of something that is no country.

    Args:
        written: What stands there.
        groups: Groups of countries are accepted there too.
    """
    code = _countries_by_name().get(folded(written))
    if code is None and groups:
        code = next(iter(meant(written, GROUPS, slips=1 if len(written) > 2 else 0)), None)
    if code is not None:
        return f"did you mean `{code}`?"
    wanted = "write the two letters of ISO 3166-1 alpha-2, in capitals (`DE`)"
    if groups:
        return f"{wanted}, or {listed(GROUPS)}"
    return f"{wanted}; groups of countries are not accepted here" if written.upper() in GROUPS else wanted


def region_hint(written: str, own: Tables = catalogue.NONE) -> str:
    """Say what to write instead of something that is no region of the catalogue."""
    regions = catalogue.rows("regions", own)
    cloud, _, name = written.rpartition(":")
    same_cloud = [region for region in regions if region.partition(":")[0] == cloud.lower()]
    same_name = [region for region in same_cloud or regions if folded(region.partition(":")[2]) == folded(name)]
    if same_name:
        return f"did you mean {listed(same_name)}?"
    if same_cloud:
        return f"the nearest that the catalogue knows are {listed(nearest(written, same_cloud, count=3), last='and')}"
    names = meant(name, dict.fromkeys(region.partition(":")[2] for region in regions))
    likely = [region for region in regions if region.partition(":")[2] in names]
    if likely:
        return f"did you mean {listed(likely[:3])}?"
    return "write cloud and region: `aws:eu-central-1`, `azure:westeurope`, `gcp:europe-west3`"


@resources.per_policy
def _countries_by_name() -> dict[str, str]:
    """Give codes by everything that a country is called, folded; "Korea (South)" is also "South Korea"."""
    rows = resources.catalogue("countries")
    called = {name: code for code, row in rows.items() for name in (code, row["name"], _turned(row["name"]))}
    return {folded(name): code for name, code in {**called, **_COUNTRY_SYNONYMS}.items()}


def _turned(name: str) -> str:
    first, _, second = name.removesuffix(")").partition(" (")
    return f"{second} {first}"
