"""Which descriptors a change reaches: those whose own text changed, and those that rest on a file that did."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.holding import changed_files, holders, real, within

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from psfpolicy.evidence.rules import EvidenceRule
    from psfpolicy.holding import Side
    from psfpolicy.revision import Repository


def reached(
    repository: Repository, changed: Collection[str], sides: Iterable[Side], rules: Sequence[EvidenceRule] = ()
) -> frozenset[str]:
    """Give the files, relative to the root, that hold a descriptor whose verdict the changes may move.

    Args:
        repository: Where they are.
        changed: Paths that differ, relative to the root.
        sides: The base and the head: what leads from one file to another is looked for in both.
        rules: Manifests that the settings name for descriptors.
    """
    found: set[str] = set()
    for side in sides:
        # A link that leads elsewhere now is a change of what it leads to.
        moved = {*changed, *(real(repository, side, name) for name in changed)}
        found |= changed_files(repository, changed, side).intersection(holders(repository, side))
        found |= _dependents(tuple(_leading(repository, side)), moved, repository, side)
        found |= set(_bound(repository, moved, side, rules))
    return frozenset(found)


def _bound(
    repository: Repository, changed: Collection[str], side: Side, rules: Sequence[EvidenceRule]
) -> Iterator[str]:
    """Give the files of the descriptors for which the settings name a manifest that changed."""
    for rule in rules:
        folder = os.path.abspath(rule.folder)  # noqa: PTH100  # a name that is not Unicode stays as it is
        if any(_touched(folder, pattern, changed, repository, side) for pattern, _ in rule.files):
            yield from (name for name in holders(repository, side) if rule.binds(_path(repository, name)))


def every(repository: Repository, sides: Iterable[Side]) -> frozenset[str]:
    """Give all files that may hold a descriptor, relative to the root."""
    return frozenset(name for side in sides for name in holders(repository, side))


def namesakes(repository: Repository, names: Collection[str], side: Side) -> frozenset[str]:
    """Give the files, relative to the root, that may hold a descriptor with one of some values of `metadata.name`.

    A file that writes its name in an unusual way (escaped, or over several lines) is missed.
    """
    if not names:
        return frozenset()
    forms = {form for name in names for form in (name, json.dumps(name)[1:-1], name.replace("'", "''"))}
    words = b"|".join(re.escape(os.fsencode(form)) for form in sorted(forms))
    written = re.compile(rb"(?<![A-Za-z0-9_.-])(?:%b)(?![A-Za-z0-9_.-])" % words)
    known = holders(repository, side)
    bases: dict[str, list[str]] = {}
    for lead in _leading(repository, side):
        for base in lead.bases:
            bases.setdefault(base, []).append(lead.name)
    return frozenset(_upwards({name for name, holder in known.items() if written.search(holder.named)}, bases))


class _Lead(NamedTuple):
    """What a file that may hold a descriptor rests on."""

    name: str
    """Relative to the root."""
    bases: tuple[str, ...]
    """What it extends, links resolved, relative to the root."""
    patterns: tuple[str, ...]
    """Its globs of evidence, relative to its folder."""
    readable: bool = True


def _leading(repository: Repository, side: Side) -> Iterator[_Lead]:
    """Give the files that may hold a descriptor and rest on others, or on nobody knows what."""
    for name, holder in holders(repository, side).items():
        if holder.extends or holder.globs or not holder.readable:
            folder = name.rpartition("/")[0]
            bases = (real(repository, side, os.path.join(folder, base)) for base in holder.extends)  # noqa: PTH118
            yield _Lead(name, tuple(bases), holder.globs, holder.readable)


def _dependents(leads: Sequence[_Lead], changed: Collection[str], repository: Repository, side: Side) -> set[str]:
    moved: set[str] = set()
    globs: dict[tuple[str, str], bool] = {}
    bases: dict[str, list[str]] = {}
    for lead in leads:
        folder = lead.name.rpartition("/")[0]
        for pattern in lead.patterns:
            if (folder, pattern) not in globs:
                globs[folder, pattern] = _touched(folder, pattern, changed, repository, side)
            if globs[folder, pattern]:
                moved.add(lead.name)
        for base in lead.bases:
            bases.setdefault(base, []).append(lead.name)
        if not lead.readable or any(within(changed, base) for base in lead.bases):
            moved.add(lead.name)
    return _upwards(moved, bases)


def _upwards(moved: set[str], bases: Mapping[str, list[str]]) -> set[str]:
    """Give what moved, and all that extends it."""
    waiting = list(moved)
    found = set(moved)
    while waiting:
        for name in bases.get(waiting.pop(), ()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def _touched(folder: str, pattern: str, changed: Collection[str], repository: Repository, side: Side) -> bool:
    matched = side.files.glob(pattern, _path(repository, folder))
    return any(within(changed, real(repository, side, os.path.join(folder, name))) for name in matched)  # noqa: PTH118


def _path(repository: Repository, name: str) -> str:
    return os.path.join(repository.root, name)  # noqa: PTH118  # a name that is not Unicode stays as it is
