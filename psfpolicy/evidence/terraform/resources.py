"""Resources, whether they come from a configuration or from a plan, and what they refer to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.nodes import at, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import Place
    from psfpolicy.source import Document, Mapping, Node, Scalar

T = TypeVar("T")

NAME = "terraform"


class Doubt(NamedTuple):
    """A value that was found elsewhere and may be another."""

    place: Place
    """Where it is used."""
    reason: str


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Resource:
    """A resource that will be there, or may be."""

    type: str
    name: str
    address: str
    """What Terraform calls it, for people: `module.llm.aws_sagemaker_model.this[0]`."""
    body: Mapping
    heading: Scalar
    """What stands for it where its place is asked."""
    document: Document
    module: str
    """What it is declared in, the same text for all of one module."""
    refers: frozenset[str]
    """The resources that it refers to: `aws_sagemaker_model.this`."""
    provider: str
    """Key of its provider: `aws`, or `aws.frankfurt` with an alias."""
    open: str = ""
    """Why it may not be there; empty where it will."""
    doubts: tuple[Doubt, ...] = ()

    def origin(self, *, workload: str = "") -> Origin:
        """Give the origin of facts about it."""
        return Origin(reader=NAME, document=self.document, subject=self.address, workload=workload)


class Provider(NamedTuple):
    """The settings of a provider."""

    key: str
    module: str
    region: Node | None
    """None where it says none: it is set outside Terraform."""
    doubts: tuple[Doubt, ...] = ()


class Estate:
    """All resources of one configuration or one plan, by what they are looked up by."""

    def __init__(self, resources: Iterable[Resource], providers: Iterable[Provider], project: Project) -> None:
        self.resources = tuple(resources)
        self.project = project
        self._made: dict[tuple[str, ...], object] = {}
        self._providers: dict[tuple[str, str], list[Provider]] = {}
        self._by_name: dict[tuple[str, str], list[Resource]] = {}
        self._by_type: dict[tuple[str, str], list[Resource]] = {}
        self._users: dict[tuple[str, str], list[Resource]] = {}
        for provider in providers:
            self._providers.setdefault((provider.module, provider.key), []).append(provider)
        for each in self.resources:
            self._by_name.setdefault((each.module, f"{each.type}.{each.name}"), []).append(each)
            self._by_type.setdefault((each.module, each.type), []).append(each)
            for name in each.refers:
                self._users.setdefault((each.module, name), []).append(each)

    def referred(self, resource: Resource, *types: str) -> tuple[Resource, ...]:
        """Give the resources of some types that one refers to."""
        wanted = sorted(name for name in resource.refers if name.partition(".")[0] in types)
        return tuple(each for name in wanted for each in self._by_name.get((resource.module, name), ()))

    def users(self, resource: Resource, *types: str) -> tuple[Resource, ...]:
        """Give the resources of some types that refer to one."""
        found = self._users.get((resource.module, f"{resource.type}.{resource.name}"), ())
        return tuple(each for each in found if each.type in types)

    def of_type(self, like: Resource, *types: str) -> tuple[Resource, ...]:
        """Give the resources of some types in the module of one."""
        return tuple(each for kind in types for each in self._by_type.get((like.module, kind), ()))

    def called(self, resource: Resource, key: str, value: str, *types: str) -> tuple[Resource, ...]:
        """Give the resources of some types in the module of one that have a plain value at a key."""
        known = self.once(("called", resource.module, key, *types), lambda: self._called(resource, key, types))
        return tuple(known.get(value, ())) if value else ()

    def once(self, key: tuple[str, ...], make: Callable[[], T]) -> T:
        """Give what is worked out once for all that ask by a key."""
        if key not in self._made:
            self._made[key] = make()
        return cast("T", self._made[key])

    def _called(self, like: Resource, key: str, types: tuple[str, ...]) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for each in self.of_type(like, *types):
            found.setdefault(text(at(each.body, key)) or "", []).append(each)
        return found

    def provider(self, resource: Resource) -> Provider | None:
        """Give the provider of a resource; None where it is not there, or there are several."""
        found = self._providers.get((resource.module, resource.provider), [])
        return found[0] if len(found) == 1 else None


def weighed(facts: Iterable[Fact], resource: Resource) -> Iterator[Fact]:
    """Give facts as sure as the resource is, and as the values are that they were read from."""
    for fact in facts:
        if fact.certainty == "inconclusive":
            yield fact
        elif resource.open:
            yield replace(fact, value=None, item=False, certainty="inconclusive", reason=resource.open, shown="")
        else:
            found = next((doubt for doubt in resource.doubts if _within(fact.place, doubt.place)), None)
            if found is not None and fact.certainty == "certain":
                yield replace(fact, certainty="inferred", reason=found.reason)
            else:
                yield fact


def doubt_in(resource: Resource, *nodes: Node | None) -> str:
    """Give why one of some values of a resource may be another; empty where none may."""
    places = [node.place for node in nodes if node is not None]
    found = (doubt.reason for doubt in resource.doubts if any(_within(doubt.place, place) for place in places))
    return next(found, "")


def _within(inner: Place, outer: Place) -> bool:
    one, other = inner.region, outer.region
    return inner.file == outer.file and (
        (other.start_line, other.start_column) <= (one.start_line, one.start_column)
        and (one.end_line, one.end_column) <= (other.end_line, other.end_column)
    )
