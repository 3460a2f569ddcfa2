"""Which of the workloads that manifests show a descriptor is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psfpolicy.errors import UsageError
from psfpolicy.suggest import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import Place

_MODEL = ("spec", "model", "id")


@dataclass(frozen=True, slots=True)
class Workload:
    """Something that serves a model."""

    name: str
    """What all facts about it name."""
    model: str | None
    """The model that it serves; None where no manifest says."""
    place: Place
    """Where that, or anything of it, is written."""


def workloads(facts: Sequence[Fact]) -> tuple[Workload, ...]:
    """Give the workloads that facts are about, in their order."""
    found: dict[str, Workload] = {}
    for fact in facts:
        known = found.get(fact.workload)
        if fact.workload and (known is None or known.model is None):
            model = fact.value if fact.path == _MODEL and isinstance(fact.value, str) else None
            if known is None or model is not None:
                found[fact.workload] = Workload(fact.workload, model, fact.place)
    return tuple(found.values())


def chosen(found: Sequence[Workload], *, workload: str | None = None, model: str | None = None) -> tuple[Workload, ...]:
    """Give the workloads that one descriptor is about: those that serve one model.

    One that serves a model which no manifest names may serve another than the rest. Several of them are one deployment
    where the user chose them by a name that they share.

    Args:
        found: Those that the manifests show.
        workload: A part of the name of one, as the user wrote it.
        model: The model, with or without the name of its maker.

    Raises:
        UsageError: There are several models, and nobody chose; or what was chosen is not there.
    """
    kept = [item for item in found if workload is None or workload.casefold() in item.name.casefold()]
    if workload is not None and not kept:
        raise _choice(f"no workload in these manifests is called `{workload}`", found)
    if model is not None:
        kept = [item for item in kept if item.model is not None and _is(item.model, model)]
        if not kept:
            raise _choice(f"no workload in these manifests serves `{model}`", found)
    models = {item.model.casefold() for item in kept if item.model is not None}
    unknown = [item for item in kept if item.model is None]
    if len(models) > 1 or (len(models) + len(unknown) > 1 and workload is None):
        raise _choice("the manifests may serve several models, and a descriptor describes one", kept)
    return tuple(kept)


def _is(served: str, asked: str) -> bool:
    return asked.casefold() in {served.casefold(), served.rpartition("/")[2].casefold()}


def _choice(message: str, found: Sequence[Workload]) -> UsageError:
    details = [
        f"  {item.place.file}:{item.place.region.start_line}: {item.name} serves "
        f"{listed([item.model]) if item.model else 'a model that no manifest names'}"
        for item in found
    ]
    return UsageError(message, details=tuple(details), hint="choose with --model ID or --workload NAME")
