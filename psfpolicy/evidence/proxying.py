"""Proxies through which a container is told to send what it sends: they see it, wherever it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.guarding.hosts import address, opening
from psfpolicy.evidence.guarding.paths import RULES
from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.container import Container
    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Fact


def proxied(container: Container, origin: Origin, project: Project) -> Iterator[Fact]:
    """Give the openings for egress that proxies outside need, each proxy once."""
    told: set[str] = set()
    for name in table("bringing")["proxies"]["rows"]:
        variable = container.variables.get(name)
        if variable is None or variable.value == "":
            continue
        found = address(variable.scalar, project) if variable.scalar is not None else "its value is not in the evidence"
        if isinstance(found, str):
            reason = f"`{name}` leads what is sent through a proxy: {found}"
            yield origin.inconclusive(RULES, variable.place, reason, shown=name)
        elif not found.inside and found.host not in told and variable.scalar is not None:
            told.add(found.host)
            yield opening(origin, name, variable.scalar, found, shown=f"{name} to {found.url}")
