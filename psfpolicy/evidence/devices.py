"""Which accelerators a replica has, and how many: by resources, labels of nodes, types of machines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from psfpolicy import resources as catalogue
from psfpolicy.evidence.engines.expansion import left_open
from psfpolicy.evidence.nodes import at, entries, entry, items, number, text
from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psfpolicy.evidence.base import Origin
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Entry, Node

TYPE = "spec.serving.accelerators.type"
COUNT = "spec.serving.accelerators.count"


@dataclass(frozen=True, slots=True)
class Machine:
    """The accelerators of a type of machine."""

    type: str
    """As the catalogue names it; empty where it is not known."""
    count: int
    """0 where it is not known."""


def resource_facts(resources: Node | None, origin: Origin) -> Iterator[Fact]:
    """Give how many accelerators a container has, by its `resources`: limits, or where there are none, requests.

    Args:
        resources: The map with `limits`, `requests` and `claims`.
        origin: What is read.
    """
    for key in ("limits", "requests"):
        found = [each for each in entries(at(resources, key)) if _is_accelerator(each.key)]
        if found:
            yield from (fact for each in found for fact in _counted(each, origin))
            break
    claims = entry(resources, "claims")
    if claims is not None and items(claims.value):
        reason = "a claim of devices: what it asks for stands in the claim"
        yield origin.inconclusive(COUNT, claims.key_place, reason, shown="claims")


def label_facts(labels: Node | None, origin: Origin) -> Iterator[Fact]:
    """Give the type of the accelerators, by the labels that a node must have: a `nodeSelector`.

    Args:
        labels: A map of labels.
        origin: What is read.
    """
    for each in entries(labels):
        yield from label_fact(each.key, each.value, origin)


def label_fact(key: str, value: Node, origin: Origin) -> Iterator[Fact]:
    """Give the type of the accelerators, by one label that a node must have; nothing for one that says nothing of it.

    Args:
        key: The label's name.
        value: What it must be: the item of `values` of an expression with `In`.
        origin: What is read.
    """
    row = table("devices")["labels"].get(key)
    written = text(value)
    if row is None or written is None:
        return
    shown = f"{key}={written}"[:_LONGEST]
    if left_open(written):
        yield origin.inconclusive(TYPE, value, f"`{left_open(written)[:80]}` is not known", shown=shown)
    elif row["says"] == "machine":
        known = machine(written)
        if known is not None and known.type:
            yield origin.fact(TYPE, known.type, value, shown=shown)
        elif known is not None:
            yield origin.inconclusive(
                TYPE, value, f"machines of type `{written[:80]}` have accelerators of unclear size"
            )
    elif row["says"] == "guess":
        found = type_of(written) or _family_in(written)
        if found:
            yield origin.inferred(
                TYPE, found, value, "somebody chose this name; it is taken to say the type", shown=shown
            )
    else:
        yield from _product(written, value, origin, shown)


def named_facts(name: Node, origin: Origin) -> Iterator[Fact]:
    """Give the type of the accelerators, by the name that a manifest gives them: Ray's `accelerator_type`, `H100`.

    Args:
        name: The name.
        origin: What is read.
    """
    written = text(name)
    if written is None:
        return
    if left_open(written):
        yield origin.inconclusive(TYPE, name, f"`{left_open(written)[:80]}` is not known")
    elif written.strip().casefold() in table("devices")["bare"]:
        reason = "the name does not say which size of it"
        yield origin.inferred(TYPE, type_of(written), name, reason, shown=written[:_LONGEST])
    else:
        yield from _product(written, name, origin, written[:_LONGEST])


def machine_facts(name: Node, origin: Origin) -> Iterator[Fact]:
    """Give the accelerators of a replica that has a machine of its own: an endpoint of SageMaker, of Azure ML.

    Args:
        name: The machine's type: `ml.g5.12xlarge`, `Standard_NC48ads_A100_v4`.
        origin: What is read.
    """
    written = text(name)
    if written is None:
        return
    if left_open(written):
        for path in (TYPE, COUNT):
            yield origin.inconclusive(path, name, f"`{left_open(written)[:80]}` is not known")
        return
    known = machine(written)
    if known is None:
        return
    if known.type:
        yield origin.fact(TYPE, known.type, name, shown=written[:_LONGEST])
    else:
        yield origin.inconclusive(
            TYPE, name, "sources differ on the memory of its accelerators", shown=written[:_LONGEST]
        )
    if known.count:
        yield origin.fact(COUNT, known.count, name, shown=written[:_LONGEST])


def machine(name: str) -> Machine | None:
    """Give the accelerators of a type of machine; None where it is not known to have any."""
    plain = name.strip().lower().removeprefix("ml.")
    row = table("devices")["named_machines"]["rows"].get(plain)
    if row is not None:
        return Machine(row.get("type", ""), row["count"])
    family, _, size = plain.partition(".") if "." in plain else plain.rpartition("-")
    found = _families().get(family) or _families().get(plain)
    if found is None:
        return None
    if found.get("counted"):
        digits = _COUNTED.fullmatch(size)
        return Machine(found["type"], int(digits[1]) if digits else 0)
    sizes: Mapping[str, int] = found["sizes"]
    return Machine(found["type"], sizes.get(size, sizes.get("*", 0)) if size and family in _families() else 0)


def type_of(name: str) -> str:
    """Give the accelerator that a product's name means, as the catalogue names it; empty where it is not known."""
    plain = name.strip().casefold()
    known = _aliases().get(plain)
    if known:
        return known
    rows = table("devices")["products"]["rows"]
    found = next((row["type"] for row in rows if re.search(row["pattern"], plain)), "none")
    return "" if found == "none" else str(found)


def _family_in(name: str) -> str:
    """Give the accelerator of the family of machines that a name holds: `g5-gpu-karpenter`; empty where none."""
    found = {row["type"] for word in re.split("[^a-z0-9]+", name.casefold()) if (row := _families().get(word))}
    return str(found.pop()) if len(found) == 1 else ""


def _product(written: str, value: Node, origin: Origin, shown: str) -> Iterator[Fact]:
    known = type_of(written)
    if known and _SHARED.search(written):
        yield origin.inferred(TYPE, known, value, "it is a part of one, or one that several share", shown=shown)
    elif known:
        yield origin.fact(TYPE, known, value, shown=shown)
    elif "a100" in written.casefold():
        yield origin.inconclusive(TYPE, value, "there are two sizes of it: 40 and 80 GB", shown=shown)
    else:
        reason = "the catalogue does not know this accelerator; it is named as the label names it"
        yield origin.inferred(TYPE, written.strip().lower(), value, reason, shown=shown)


def _is_accelerator(name: str) -> bool:
    known = table("devices")
    return name.strip() in known["resources"] or any(name.strip().startswith(start) for start in known["slices"])


def _counted(each: Entry, origin: Origin) -> Iterator[Fact]:
    name = each.key.strip()
    row = table("devices")["resources"].get(name, {"slice": True})
    written, count = text(each.value) or "", number(each.value)
    shown = f"{name}: {written}"[:_LONGEST]
    if left_open(written) or count is None:
        reason = f"`{(left_open(written) or written)[:80]}` is no number that is known"
        yield origin.inconclusive(COUNT, each.value, reason, shown=shown)
    elif count > 0 and row.get("slice"):
        yield origin.inconclusive(COUNT, each.value, "each is a part of an accelerator", shown=shown)
    elif count > 0:
        yield origin.fact(COUNT, count, each.value, shown=shown)


@cache
def _families() -> Mapping[str, dict[str, Any]]:
    return {row["family"]: row for row in table("devices")["machines"]}


@catalogue.per_policy
def _aliases() -> Mapping[str, str]:
    rows = catalogue.catalogue("accelerators")
    names = {alias.casefold(): name for name, row in rows.items() for alias in row.get("aliases", ())}
    return names | {name.casefold(): name for name in rows}


_LONGEST = 120
_COUNTED = re.compile(r"(\d{1,3})g(?:-.*)?")
_SHARED = re.compile(r"(?i)-SHARED$|-MIG-")
