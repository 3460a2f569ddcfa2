"""Which descriptors a change reaches: those whose own text changed, and those that rest on a file that did."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.globbing import OutsideError
from psfpolicy.holding import changed_files, holders, real, within

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from psfpolicy.evidence.rules import EvidenceRule
    from psfpolicy.holding import Side
    from psfpolicy.revision import Repository, Revision


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
    both = tuple(sides)
    base = next((side.revision for side in both if side.other is not None), None)
    for side in both:
        kept = base if side.revision is None else None
        # A link that leads elsewhere now is a change of what it leads to.
        moved = _Moved(repository, side, {*changed, *(real(repository, side, name) for name in changed)}, kept)
        found |= changed_files(repository, changed, side).intersection(holders(repository, side))
        found |= _dependents(tuple(_leading(repository, side)), moved)
        found |= set(_bound(moved, rules))
    return frozenset(found)


class _Moved(NamedTuple):
    """What may not be at one side what it is at the other."""

    repository: Repository
    side: Side
    changed: Collection[str]
    """Paths that differ, where links lead to too."""
    kept: Revision | None
    """The base that the work tree is compared with; None where nothing is, or another revision."""

    def has(self, name: str) -> bool:
        """Say whether a file changed, or is one of which nobody can say so."""
        return within(self.changed, name) or (
            self.kept is not None and stray(self.repository, self.side, name, self.changed, self.kept)
        )


def stray(repository: Repository, side: Side, name: str, changed: Collection[str], kept: Revision) -> bool:
    """Say whether a file of the work tree is one that git ignores: no commit says what it was.

    Args:
        repository: Where it is.
        side: The work tree.
        name: Its path, links resolved, relative to the root.
        changed: Paths that differ from a commit, with all that is new to git.
        kept: That commit.
    """
    if within(changed, name) or kept.keeps(name):
        return False
    return not os.path.normpath(name).startswith("../") and side.files.is_file(_path(repository, name))


def _bound(moved: _Moved, rules: Sequence[EvidenceRule]) -> Iterator[str]:
    """Give the files of the descriptors for which the settings name a manifest that changed."""
    for rule in rules:
        folder = os.path.abspath(rule.folder)  # noqa: PTH100  # a name that is not Unicode stays as it is
        if any(_touched(folder, pattern, moved) for pattern, _ in rule.files):
            yield from (
                name for name in holders(moved.repository, moved.side) if rule.binds(_path(moved.repository, name))
            )


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


def _dependents(leads: Sequence[_Lead], moved: _Moved) -> set[str]:
    found: set[str] = set()
    globs: dict[tuple[str, str], bool] = {}
    bases: dict[str, list[str]] = {}
    for lead in leads:
        folder = lead.name.rpartition("/")[0]
        for pattern in lead.patterns:
            if (folder, pattern) not in globs:
                globs[folder, pattern] = _touched(folder, pattern, moved)
            if globs[folder, pattern]:
                found.add(lead.name)
        for base in lead.bases:
            bases.setdefault(base, []).append(lead.name)
        if not lead.readable or any(map(moved.has, lead.bases)):
            found.add(lead.name)
    return _upwards(found, bases)


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


def _touched(folder: str, pattern: str, moved: _Moved) -> bool:
    repository, side = moved.repository, moved.side
    try:
        matched = side.files.glob(pattern, _path(repository, folder), repository.root)
    except OutsideError:  # assessing it says so
        return True
    return any(moved.has(real(repository, side, os.path.join(folder, name))) for name in matched)  # noqa: PTH118


def _path(repository: Repository, name: str) -> str:
    return os.path.join(repository.root, name)  # noqa: PTH118  # a name that is not Unicode stays as it is
