"""A descriptor from manifests."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from psfpolicy import catalogue, consistency, schema, source
from psfpolicy.deriving.choosing import chosen, workloads
from psfpolicy.deriving.gathered import evidence_of, patterns
from psfpolicy.deriving.settling import Settled, comment, settled
from psfpolicy.deriving.writing import descriptor
from psfpolicy.errors import NotAssessedError, NothingToAssessError
from psfpolicy.evidence.project import objects
from psfpolicy.schema.parts import choices_at, rank

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set

    from psfpolicy.catalogue import Tables
    from psfpolicy.deriving.choosing import Workload
    from psfpolicy.deriving.settling import Settlement
    from psfpolicy.evidence.gathering import Evidence
    from psfpolicy.mistake import Mistake
    from psfpolicy.model.place import JsonValue, Path

_HOSTING = ("spec", "serving", "hosting")
_MODEL = ("spec", "model", "id")
_PLATFORM = ("spec", "serving", "platform")
_LEAST_HOSTING = "hosted-api"
"""The hosting that satisfies nothing by itself."""
_ROUNDS = 100
_VALUES = "Helm values"
"""How the names of workloads begin that a chart makes of its values."""


def derived(
    paths: Sequence[str],
    folder: str,
    *,
    workload: str | None = None,
    model: str | None = None,
    own: Tables = catalogue.NONE,
) -> str:
    """Derive the text of a descriptor.

    Args:
        paths: Manifests: files, folders and globs.
        folder: The folder that the descriptor is for.
        workload: Which workload it is about, by a part of its name.
        model: Which model it is about.
        own: The user's own rows of the catalogue.

    Raises:
        UsageError: A path does not exist, or there are several models and nobody chose.
        NothingToAssessError: No manifest shows anything.
        NotAssessedError: A manifest cannot be read.
    """
    globs = patterns(paths, folder)
    evidence = evidence_of({}, globs, folder)
    facts = [item.fact for item in evidence.facts]
    if not facts:
        raise NothingToAssessError(
            "nothing in these files is a manifest that shows how a model is served",
            hint="`psfpolicy init` writes a descriptor to start from",
        )
    served = workloads(facts)
    kept = chosen(served, workload=workload, model=model)
    names = {"", *(item.name for item in kept)}
    known = settled((fact for fact in facts if fact.workload in names), folder)
    known.values["spec", "evidence"] = Settled(list(globs), "")
    needed = least(kept, is_in_cluster=_is_in_cluster(names, evidence))
    return _valid(known, needed, [_remark(item) for item in served if item not in kept], own)


def _complete(known: Settlement, needed: Mapping[Path, Settled]) -> None:
    """Put what a descriptor must say and no manifest does."""
    for path, value in needed.items():
        if path not in known.values:
            notes = known.notes.pop(path, [])
            asked = Settled(value.value, "; ".join((value.source, *notes)))
            known.values[path] = asked
    if known.values[_HOSTING] == needed[_HOSTING]:
        _fit_hosting(known)


def _fit_hosting(known: Settlement) -> None:
    """Say the hosting that goes with the model and the platform, where those that are shown allow not every one."""
    wanted, platform = known.values[_HOSTING], known.values.get(_PLATFORM)
    for hosting in dict.fromkeys((wanted.value, _LEAST_HOSTING, *choices_at(_HOSTING))):
        serving: dict[str, JsonValue] = {"hosting": hosting}
        if platform is not None:
            serving["platform"] = platform.value
        data: JsonValue = {"spec": {"model": {"id": known.values[_MODEL].value}, "serving": serving}}
        (document,) = source.read(json.dumps(data).encode(), file="serving.json")
        if not any(consistency.mistakes(document)):
            if hosting != wanted.value:
                why = "the model" if platform is None else f"the platform, {platform.source}"
                known.values[_HOSTING] = Settled(hosting, f"inferred from {why}")
            return


def least(kept: Sequence[Workload], *, is_in_cluster: bool) -> dict[Path, Settled]:
    """Give the least that a descriptor must say, with what to ask about it: what satisfies no control by itself.

    Args:
        kept: The workloads that it is about.
        is_in_cluster: Kubernetes runs one of them.
    """
    return {
        ("metadata", "name"): _name(kept),
        ("metadata", "environment"): Settled(
            "production",
            "asked: no manifest says it, and production is asked the most: development | staging | production",
        ),
        ("spec", "purpose", "summary"): Settled("Not said yet", "asked: what does it do, in a sentence?"),
        ("spec", "model", "id"): Settled("unknown", "asked: which model is served?"),
        ("spec", "serving", "hosting"): _hosting(kept, is_in_cluster=is_in_cluster),
    }


def _name(kept: Sequence[Workload]) -> Settled:
    if not kept:
        return Settled("deployment", "asked: what is the deployment called?")
    title = kept[0].name.partition(",")[0]
    name = title.rpartition("/")[2].rpartition(" ")[2].strip("`")
    return Settled(name or "deployment", f"inferred from the name of {comment(title)}")


def _is_in_cluster(names: Set[str], evidence: Evidence) -> bool:
    """Say whether Kubernetes runs one of some workloads: one is read from an object of it, whatever its kind."""
    own = [item.fact for item in evidence.facts if item.fact.workload and item.fact.workload in names]
    if any(fact.workload.startswith(_VALUES) for fact in own):
        return True
    read = {(fact.place.file, fact.document) for fact in own}
    documents = (document for manifest in evidence.manifests for document in manifest.documents)
    return any((each.file, each.index) in read and any(objects(each)) for each in documents)


def _hosting(kept: Sequence[Workload], *, is_in_cluster: bool) -> Settled:
    """Give whose machines these are: no manifest says it, so that it is what leaves no control out."""
    where = "on-prem | self-managed-kubernetes | self-managed-vm | cloud-managed | managed-inference | …"
    if is_in_cluster:
        return Settled(
            "self-managed-kubernetes", f"inferred from the kind of the workload; whose machines are they? {where}"
        )
    if kept:
        return Settled("self-managed-vm", f"inferred from the kind of the workload; whose machines are they? {where}")
    return Settled(_LEAST_HOSTING, f"asked: no manifest here serves a model; who does? {where}")


def _remark(other: Workload) -> str:
    model = "a model that no manifest names" if other.model is None else other.model
    spot = f"{other.place.file}:{other.place.region.start_line}"
    return comment(
        f"{spot}: {other.name} serves {model}. A guard, a fallback, or a deployment with a descriptor of its own?"
    )


def _valid(known: Settlement, needed: Mapping[Path, Settled], remarks: Sequence[str], own: Tables) -> str:
    """Write a descriptor that is valid: what its rules refuse becomes a question."""
    for _ in range(_ROUNDS):
        _complete(known, needed)
        text = descriptor(known, remarks)
        wrong = tuple(_mistakes(text, own))
        if not wrong:
            return text
        if not _refused(known, wrong):
            break
    raise NotAssessedError(
        "no valid descriptor can be derived from these manifests",
        details=tuple(f"  {'.'.join(map(str, item.path))} {item.says}" for item in wrong),
    )


def _refused(known: Settlement, wrong: Sequence[Mistake]) -> bool:
    """Turn what is wrong into questions, each item of a list once; say whether there was anything to turn."""
    reasons: dict[Path, str] = {}
    for mistake in wrong:
        item = next((depth for depth, step in enumerate(mistake.path, 1) if isinstance(step, int)), len(mistake.path))
        reasons.setdefault(mistake.path[:item], mistake.says)
    # The last items first: the numbers of those before them stay.
    turned = [known.refuse(path, reasons[path]) for path in sorted(reasons, key=rank, reverse=True)]
    return any(turned)


def _mistakes(text: str, own: Tables) -> Iterator[Mistake]:
    (document,) = source.read(text.encode(), file="deploy.yaml")
    of_shape = schema.mistakes(document)
    yield from of_shape
    yield from consistency.mistakes(document, of_shape, own)
