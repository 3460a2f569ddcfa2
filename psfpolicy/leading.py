"""What named files lead to: a descriptor to itself, evidence and a base to every descriptor that rests on it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from psfpolicy import source
from psfpolicy.contents import bytes_of
from psfpolicy.errors import DocumentError
from psfpolicy.files import DISK
from psfpolicy.holding import Side, search_ahead
from psfpolicy.reaching import every, reached
from psfpolicy.targets import Target, display_name, targets

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psfpolicy.evidence.rules import EvidenceRule
    from psfpolicy.revision import Repository


def led_to(paths: Sequence[str], policy: Iterable[str], rules: Sequence[EvidenceRule] = ()) -> tuple[Target, ...]:
    """Find the files to assess where some that are named may be neither a descriptor nor evidence of one.

    Args:
        paths: Files, folders and `-`; empty for the repository of the working directory.
        policy: Paths of the settings and of what they name, which lead to every descriptor.
        rules: Manifests that the settings name for descriptors.

    Raises:
        UsageError: A path does not exist; or a named file may be evidence, and no repository says of what.
    """
    if not paths:
        return targets(paths)
    found = targets(paths)
    files = [target for target in found if target.named and not target.stream]
    kept = {os.path.realpath(target.path): target for target in found if target not in files}
    unsure = []
    for target in files:
        if _leads_to_itself(target.path):
            kept[os.path.realpath(target.path)] = target
        else:
            unsure.append(target)
    if unsure:
        for path in _rests_on(unsure, policy, rules):
            kept.setdefault(os.path.realpath(path), Target(path, display_name(path), named=False, stream=False))
    return tuple(kept.values())


def _rests_on(named: Sequence[Target], policy: Iterable[str], rules: Sequence[EvidenceRule]) -> list[str]:
    # A run on descriptors alone does not pay for git.
    from psfpolicy.revision import repository  # noqa: PLC0415

    where = repository()
    search_ahead(where, None)
    names = {_within(where, target.path) for target in named}
    sides = (Side(DISK, None, where.new()),)
    decides = {_within(where, path) for path in policy}
    found = reached(where, names, sides, rules) if decides.isdisjoint(names) else every(where, sides)
    return [os.path.join(where.root, name) for name in sorted(found)]  # noqa: PTH118  # a name may be no Unicode


def _within(where: Repository, path: str) -> str:
    return os.path.relpath(os.path.realpath(path), where.root)


def _leads_to_itself(path: str) -> bool:
    """Say whether a file holds descriptors and nothing else, so that nothing else can rest on it."""
    try:
        documents = source.read(bytes_of(path), file=path)
    except (DocumentError, OSError):
        return False
    return bool(documents) and all(_is_descriptor(document.data) for document in documents)


def _is_descriptor(data: Any) -> bool:
    return isinstance(data, dict) and data.get("kind") == "LLMDeployment" and data.get("apiVersion") == "psfpolicy/v1"
