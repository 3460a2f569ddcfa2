"""Reading the values of resources: blocks that may be lists, what is not known yet, and where a resource stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy import resources as catalogue
from psfpolicy.evidence.engines.expansion import left_open
from psfpolicy.evidence.nodes import at, flag, number, text
from psfpolicy.evidence.tables import table
from psfpolicy.source import Mapping, Scalar, Sequence, masked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.terraform.resources import Estate, Resource
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import JsonValue
    from psfpolicy.source import Node

HOSTING = "spec.serving.hosting"
PLATFORM = "spec.serving.platform"
LOCATION = "spec.serving.location"
EXPOSURE = "spec.network.ingress.exposure"
MODEL = "spec.model.id"
PURCHASE = "spec.serving.accelerators.purchase"


def absent(node: Node | None) -> bool:
    """Say whether nothing is given: no key, null, or no block."""
    if isinstance(node, Scalar):
        return node.value is None
    return node is None or (isinstance(node, Sequence) and not node.items)


def left(node: Node | None) -> str:
    """Give the expression in a value that is not known; empty where it is."""
    return left_open(node.value) if isinstance(node, Scalar) and isinstance(node.value, str) else ""


def unresolved(node: Node | None) -> str:
    """Give why a value decides nothing."""
    return f"`{masked(left(node))[:80]}` is not known"


def parts(node: Node | None) -> tuple[Mapping, ...]:
    """Give the blocks at a key: one, several, or none."""
    if isinstance(node, Mapping):
        return (node,)
    return tuple(each for each in node.items if isinstance(each, Mapping)) if isinstance(node, Sequence) else ()


def part(node: Node | None, *path: str) -> Node | None:
    """Give what a path of keys leads to through blocks, the first of each; what is not known on the way ends it."""
    for key in path:
        if left(node):
            return node
        blocks = parts(node)
        node = at(blocks[0], key) if blocks else None
    return node


def said(
    origin: Origin, path: str, node: Node | None, *, reads: str = "text", shown: str = "", reason: str = ""
) -> Iterator[Fact]:
    """Give what a value says; that it is open where it is not known, and nothing where there is none.

    Args:
        origin: What is read.
        path: The path of the descriptor.
        node: The value.
        reads: What it is: `text`, `flag` or `number`.
        shown: What is written there.
        reason: Why it is only inferred.
    """
    if node is None or absent(node):
        return
    value: JsonValue = {"flag": flag, "number": number}.get(reads, text)(node)
    value = masked(value) if isinstance(value, str) else value
    if left(node):
        yield origin.inconclusive(path, node, unresolved(node), shown=shown)
    elif value is None or value == "":
        yield origin.inconclusive(path, node, f"the value is no {reads} that is known", shown=shown)
    elif reason:
        yield origin.inferred(path, value, node, reason, shown=shown)
    else:
        yield origin.fact(path, value, node, shown=shown)


def placed(resource: Resource, estate: Estate, origin: Origin, hosting: str, platform: str) -> Iterator[Fact]:
    """Give what runs a model and where, for a resource that serves one."""
    yield origin.fact(HOSTING, hosting, resource.heading, shown=resource.type)
    yield origin.fact(PLATFORM, platform, resource.heading, shown=resource.type)
    yield from located(resource, estate, origin)


def located(resource: Resource, estate: Estate, origin: Origin, *, reason: str = "") -> Iterator[Fact]:
    """Give the region of a resource: its own, or its provider's."""
    own = next((node for key in ("region", "location") if not absent(node := at(resource.body, key))), None)
    provider = estate.provider(resource)
    node = own if own is not None else provider.region if provider else None
    if node is None or absent(node):
        yield origin.inconclusive(
            LOCATION, resource.heading, "the region of its provider is not in the evidence", shown=resource.type
        )
        return
    cloud = table("terraform")["clouds"]["rows"].get(resource.provider.partition(".")[0], "")
    known = named_region(cloud, text(node) or "")
    if left(node):
        yield origin.inconclusive(LOCATION, node, unresolved(node))
    elif not known:
        yield origin.inconclusive(LOCATION, node, f"`{(text(node) or '')[:80]}` is no region that is known")
    else:
        doubt = next((each.reason for each in (provider.doubts if provider and own is None else ())), "")
        region: dict[str, JsonValue] = {"region": known}
        why = reason or doubt
        if why:
            yield origin.inferred(LOCATION, region, node, why)
        else:
            yield origin.fact(LOCATION, region, node)


def named_region(cloud: str, written: str) -> str:
    """Give a region as the catalogue names it; empty for one that it does not know. Azure's may have spaces."""
    name = written.strip().lower()
    found = f"{cloud}:{name.replace(' ', '') if cloud == 'azure' else name}"
    if found in catalogue.catalogue("regions"):
        return found
    zone, _, letter = found.rpartition("-")
    return zone if cloud == "gcp" and len(letter) == 1 and zone in catalogue.catalogue("regions") else ""
