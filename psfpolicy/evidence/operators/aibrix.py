"""AIBrix: StormServices, RoleSets and fleets of pods by role, and adapters of a model."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from psfpolicy.evidence.kubernetes.scaling import MAX, MIN
from psfpolicy.evidence.kubernetes.values import unreadable
from psfpolicy.evidence.nodes import at, items, number, text
from psfpolicy.evidence.operators.part import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node

GROUP = "orchestration.aibrix.ai"

_PRODUCT = "the roles of each replica together; in a pool they are counted another way"
_MOST = 1_000_000


def _storm_service(item: Object, _: Project) -> Iterator[Part]:
    spec = at(item.node, "spec")
    yield from _roles(item, at(spec, "template", "spec", "roles"), at(spec, "replicas"))


def _role_set(item: Object, _: Project) -> Iterator[Part]:
    yield from _roles(item, at(item.node, "spec", "roles"), None)


def _roles(item: Object, roles: Node | None, sets: Node | None) -> Iterator[Part]:
    for number_of_role, role in enumerate(items(roles)):
        name = text(at(role, "name")) or str(number_of_role)
        template = at(role, "template")
        yield Part(
            item=item,
            name=f"role {name}",
            pod=at(template, "spec"),
            labels=at(template, "metadata", "labels"),
            own=partial(_replicas, role, sets),
            serves=False,
        )


def _replicas(role: Node, sets: Node | None, origin: Origin) -> Iterator[Fact]:
    written = at(role, "replicas")
    where = written or sets or at(role, "name") or role
    each, times = _count(written), _count(sets)
    for path in (MIN, MAX):
        if each is None or times is None:
            wrong = written if each is None else sets
            yield origin.inconclusive(path, wrong or where, unreadable(wrong or where, "a whole number"))
        else:
            shown = f"{times} × {each}"
            yield origin.inferred(path, max(each * times, 1), where, _PRODUCT, shown=shown)


def _count(node: Node | None) -> int | None:
    """Give a count; what is not written is 1, which is the API's default."""
    if text(node) is None:
        return 1
    value = number(node)
    return value if value is not None and 0 <= value <= _MOST else None


KINDS = {(GROUP, "StormService"): _storm_service, (GROUP, "RoleSet"): _role_set}
