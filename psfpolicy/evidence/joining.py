"""Which facts are about the deployment itself, which about a part that it names, and which about something else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import JsonValue

About: TypeAlias = Literal["deployment", "part", "other"]
"""`part`: a model that the descriptor names in another role, such as a guard; `other`: one that it does not name."""

_MODEL = ("spec", "model", "id")
_STORE = ("spec", "security", "secrets", "store")
_UNKNOWN = "which model it serves is not known, and another serves the one that is declared"
_PARTS = (
    ("spec", "inputs", "guards", "model"),
    ("spec", "outputs", "guards", "model"),
    ("spec", "outputs", "validators", "model"),
    ("spec", "outputs", "validators", "name"),
    ("spec", "data", "otherFlows", "name"),
    ("spec", "data", "pii", "detector", "name"),
    ("spec", "vendor", "fallbacks", "model"),
    ("spec", "model", "adapters", "source"),
    ("spec", "model", "adapters", "name"),
)


@dataclass(frozen=True, slots=True)
class Joined:
    """A fact, and what it is about."""

    fact: Fact
    about: About


def joined(facts: Sequence[Fact], descriptor: JsonValue) -> tuple[Joined, ...]:
    """Say of each fact what it is about.

    A workload is the deployment's where it serves the model that is declared. Where none does, every workload is that
    serves no model of another role: then the manifests contradict the declared model. Beside one that serves it, one of
    which nobody knows what it serves is only taken to be the deployment's, unless it has the deployment's name.

    Args:
        facts: In order.
        descriptor: The descriptor.
    """
    models: dict[str, set[str]] = {}
    for fact in facts:
        if fact.workload:
            served = models.setdefault(fact.workload, set())
            if fact.path == _MODEL and isinstance(fact.value, str):
                served.add(fact.value.casefold())
    declared = {name.casefold() for name in _texts(descriptor, _MODEL)}
    parts = {name.casefold() for path in _PARTS for name in _texts(descriptor, path)}
    found = any(served & declared for served in models.values())
    about = {workload: _about(served, declared, parts, found=found) for workload, served in models.items()}
    own = {name.casefold() for name in _texts(descriptor, ("metadata", "name"))}
    guessed = {workload for workload, served in models.items() if found and not served and _name(workload) not in own}
    return tuple(
        Joined(_guessed(fact) if fact.workload in guessed else fact, about.get(fact.workload, "deployment"))
        for fact in facts
    )


def _name(workload: str) -> str:
    """Give the name of the object in what facts call a workload: `vllm` of `Deployment llm/vllm, container engine`."""
    return workload.partition(",")[0].rpartition(" ")[2].rpartition("/")[2].casefold()


def _guessed(fact: Fact) -> Fact:
    # A secret that stands in a manifest does, whatever it is for.
    if fact.certainty != "certain" or fact.path == _STORE:
        return fact
    return replace(fact, certainty="inferred", reason=_UNKNOWN)


def _about(served: set[str], declared: set[str], parts: set[str], *, found: bool) -> About:
    if not served or served & declared:
        return "deployment"
    if served <= parts:
        return "part"
    return "other" if found else "deployment"


def _texts(value: JsonValue, path: tuple[str, ...]) -> Iterator[str]:
    """Give the texts that a path leads to, through every item of a list on its way."""
    if isinstance(value, list):
        for item in value:
            yield from _texts(item, path)
    elif path:
        if isinstance(value, dict) and path[0] in value:
            yield from _texts(value[path[0]], path[1:])
    elif isinstance(value, str):
        yield value
