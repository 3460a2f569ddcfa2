"""Values that do not exist, or do not go together: days, countries, regions, counts, declarations."""

from __future__ import annotations

import re
from datetime import date
from math import prod
from typing import TYPE_CHECKING

from psfpolicy import catalogue
from psfpolicy.geography import GROUPS, country_hint, is_country, is_region, region_hint
from psfpolicy.mistake import Mistake, shown
from psfpolicy.schema import keys_of_format
from psfpolicy.suggest import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.consistency.view import View
    from psfpolicy.model.place import JsonValue

_DAY = re.compile(r"([0-9]{4}-[0-9]{2})-([0-9]{2})")
_CODE = re.compile(r"[A-Z]{2}")
_REGION = re.compile(r"(?:aws|gcp|azure):[a-z0-9-]+")
_ACCELERATORS = ("spec", "serving", "accelerators")
_SERVING = ("spec", "serving")
_PARALLELISMS = ("tensorParallel", "pipelineParallel", "dataParallel")


def days_exist(view: View) -> Iterator[Mistake]:
    """Find days that no calendar has."""
    for path, day in view.texts(*keys_of_format("date")):
        match = _DAY.fullmatch(day)
        if match is not None and not _exists(day):
            says = f"is {shown(day)}, a day that does not exist"
            yield Mistake(path, "no-such-day", says, _day_hint(*match.groups()))


def countries_exist(view: View) -> Iterator[Mistake]:
    """Find codes of countries that ISO 3166-1 does not have."""
    for path, code in view.texts(*keys_of_format("country")):
        if _CODE.fullmatch(code) and not is_country(code, view.own):
            says = f"is {shown(code)}, which is no country of ISO 3166-1"
            yield Mistake(path, "unknown-country", says, country_hint(code, groups=False))
    for path, code in view.texts(*keys_of_format("area")):
        if _CODE.fullmatch(code) and code not in GROUPS and not is_country(code, view.own):
            says = f"is {shown(code)}, which is no country of ISO 3166-1 and no group of countries"
            yield Mistake(path, "unknown-country", says, country_hint(code, groups=True))


def regions_exist(view: View) -> Iterator[Mistake]:
    """Find cloud regions that the catalogue does not have: their country would be a guess."""
    for path, region in view.texts(*keys_of_format("region")):
        if _REGION.fullmatch(region) and not is_region(region, view.own):
            says = f"is {shown(region)}, which is no region that the catalogue knows"
            yield Mistake(path, "unknown-region", says, region_hint(region, view.own))


def replicas_ordered(view: View) -> Iterator[Mistake]:
    """Find a least number of replicas above the most."""
    least, most = (_count(view.at("spec", "serving", "replicas", key)) for key in ("min", "max"))
    if least is not None and most is not None and least > most:
        says = f"is {shown(least)}, more than `max`, which is {shown(most)}"
        yield Mistake(("spec", "serving", "replicas", "min"), "contradiction", says, "`min` is at most `max`")


def accelerators_multiply(view: View) -> Iterator[Mistake]:
    """Find a count of accelerators that is not the product of the parallelisms."""
    count = _count(view.at(*_ACCELERATORS, "count"))
    if count is None:
        return
    said = {key: factor for key in _PARALLELISMS if (factor := _count(view.at(*_ACCELERATORS, key))) is not None}
    product = prod(said.values())
    shares = "tensorParallel" not in said and product and count % product == 0
    if shares or product == count:
        return
    factors = " × ".join(f"`{key}` {shown(factor)}" for key, factor in said.items())
    wanted = "a multiple of that" if "tensorParallel" not in said else "that"
    says = f"is {shown(count)}, but {factors} is {shown(product)}"
    hint = f"`count` is per replica; write {wanted}, or other parallelisms"
    yield Mistake((*_ACCELERATORS, "count"), "contradiction", says, hint)


def nothing_beside_none(view: View) -> Iterator[Mistake]:
    """Find `none` in a list that names something else as well."""
    for path in (("spec", "data", "categories"), ("spec", "purpose", "euAiAct", "roles")):
        items = view.at(*path)
        if isinstance(items, list) and "none" in items and any(item != "none" for item in items):
            says = "is `none`, which contradicts the others of the list"
            yield Mistake((*path, items.index("none")), "contradiction", says, "leave out `none`, or the others")


def regimes_said_once(view: View) -> Iterator[Mistake]:
    """Find regimes beside the declaration that none is required."""
    if view.at("spec", "regimes") and view.at("spec", "regimesNotRequired") is not None:
        path = ("spec", "regimesNotRequired")
        says = "contradicts `spec.regimes`, which names some"
        yield Mistake(path, "contradiction", says, "leave out one of the two", at_key=True)


def third_parties_are_others(view: View) -> Iterator[Mistake]:
    """Find a third party that is the deploying organisation itself."""
    for path, operator in view.texts("operator"):
        *parent, _ = path
        if operator == "self" and _beside(view.data, parent, "hosting") == "third-party":
            says = "is `self`, but `hosting` beside it is `third-party`"
            yield Mistake(path, "contradiction", says, "name the party that operates it, or write `hosting: self`")


def platforms_are_of_their_hosting(view: View) -> Iterator[Mistake]:
    """Find a platform that is not what the hosting says, and one that is said to be run by the organisation itself.

    Who runs the model decides which flows leave to a third party, so that the two must not say different things.
    """
    platform, hosting = view.at(*_SERVING, "platform"), view.at(*_SERVING, "hosting")
    row = catalogue.rows("platforms", view.own).get(platform) if isinstance(platform, str) else None
    if row is None:
        return
    if isinstance(hosting, str) and hosting not in row["hosting"]:
        says = f"is {shown(platform)}, which is {listed(row['hosting'])}, but `hosting` is {shown(hosting)}"
        yield Mistake((*_SERVING, "platform"), "contradiction", says, "name the platform that the model is served on")
    if view.at(*_SERVING, "operator") == "self" and "operator" in row:
        says = f"is `self`, but {row['operator']} operates {shown(platform)}"
        yield Mistake((*_SERVING, "operator"), "contradiction", says, "name the party of `spec.parties` that it is")


def _day_hint(month: str, day: str) -> str:
    """Say what to write instead of a day that does not exist; the month is given as `2026-02`."""
    lasts = (f"{month}-{last}" for last in (31, 30, 29, 28) if last < int(day))
    last = next((last for last in lasts if _exists(last)), None)
    return "write year, month and day: `2026-11-21`" if last is None else f"the last day of that month is `{last}`"


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _count(value: JsonValue) -> int | None:
    """Give a value that is a whole number; YAML may have written it as `2.0`."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if value == value // 1 else None


def _beside(value: JsonValue, path: list[str | int], key: str) -> JsonValue:
    for step in path:
        value = value[step]  # type: ignore[index]  # the path was found in this value
    return value.get(key) if isinstance(value, dict) else None
