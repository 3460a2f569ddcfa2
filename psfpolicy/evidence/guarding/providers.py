"""Who answers a request for a model: by the provider that is named, and the address that stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psfpolicy.evidence.guarding.hosts import Address, address, opening
from psfpolicy.evidence.guarding.paths import FLOWS, RULES
from psfpolicy.evidence.nodes import text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node

_DEFAULT = "the provider's own address, unless a variable sets another"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """A model behind a gateway."""

    name: str
    """What the manifest calls it: `azure/gpt-4o`."""
    where: Node
    """What names it."""
    provider: str
    """In the software's own words; empty where none is said."""
    base: Node | None = None
    """The address that it is asked at; None where none is written."""
    region: Node | None = None
    embeds: bool = False


def backend_fact(backend: Backend, origin: Origin, project: Project) -> Fact | None:
    """Give where the requests for a model go; None where they stay in the cluster."""
    if placeholder_in(backend.name):
        return origin.inconclusive(FLOWS, backend.where, f"`{placeholder_in(backend.name)}` is filled in elsewhere")
    if backend.base is not None:
        found = address(backend.base, project)
        if isinstance(found, str):
            return origin.inconclusive(RULES, backend.base, found, shown=backend.name)
        return None if found.inside else opening(origin, backend.name, backend.base, found, shown=backend.name)
    row = table("providers")["providers"]["rows"].get(backend.provider)
    if row is None:
        known = f"where `{backend.provider or backend.name}` is asked is not written, and not known"
        return origin.inconclusive(FLOWS, backend.where, known, shown=backend.name)
    if "host" in row:
        return opening(
            origin, backend.name, backend.where, Address(row["host"], inside=False, tls=True), reason=_DEFAULT
        )
    value: dict[str, Any] = {
        "name": backend.name,
        "kind": "embedding" if backend.embeds else "other",
        "hosting": "third-party",
    }
    region = text(backend.region)
    if region and "cloud" in row and not placeholder_in(region) and "/" not in region:
        value["location"] = {"region": f"{row['cloud']}:{region}"}
    return origin.fact(FLOWS, value, backend.where, item=True, certainty="inferred", reason=_DEFAULT)


def party(provider: str) -> str:
    """Give who a provider is; empty where that is not known."""
    row = table("providers")["providers"]["rows"].get(provider)
    return "" if row is None else str(row["party"])


def is_of(provider: str, host: str) -> bool:
    """Say whether a host is the provider's: anybody may speak the protocol of one that has an address for all."""
    row = table("providers")["providers"]["rows"].get(provider, {})
    return bool(row.get("host", host) == host)
