"""A run that compares: what a change reaches, assessed at the base and at the head, and held against each other."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from psfpolicy import pipeline, resources, waiving
from psfpolicy.changing import Comparing, applied, compare
from psfpolicy.digests import digest, values_at
from psfpolicy.errors import BundleError, UsageError
from psfpolicy.files import DISK
from psfpolicy.holding import Side, real, search_ahead
from psfpolicy.loading import load
from psfpolicy.model.granted import REDUCED
from psfpolicy.model.report import Before, Comparison, Notice, Vanished
from psfpolicy.packed import packed, unpacked
from psfpolicy.placing import Placing, identity, position
from psfpolicy.profiles import joined
from psfpolicy.reaching import every, namesakes, reached, stray
from psfpolicy.reporting import reported
from psfpolicy.revision import repository
from psfpolicy.settings import Settings, settings_of
from psfpolicy.source import MAX_BYTES
from psfpolicy.targets import Target, display_name, parted, searched
from psfpolicy.worker import accepted_of, engine, standing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from psfpolicy.answer import RawReduced
    from psfpolicy.bundles.reading import Bundle
    from psfpolicy.changing import Changed
    from psfpolicy.files import Files
    from psfpolicy.model.report import Assessment, Report, WaiverUse
    from psfpolicy.model.run import Compare, Decided, Outcome, Request
    from psfpolicy.revision import Repository, Revision
    from psfpolicy.source import Document

_MEND = "Put it back as it was; where that is really over, waive this with an owner and an approver"


@dataclass(frozen=True, slots=True)
class Between:
    """What is compared, and how."""

    how: Compare
    where: Repository
    tip: Revision
    """What the user named as the base."""
    base: Revision
    """The last commit that it has in common with the head."""
    head: Revision | None
    """None for the work tree."""

    @property
    def files(self) -> Files:
        """The files that are assessed."""
        return self.head or DISK


def check(
    request: Request, between: Between, *, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> Report:
    """Assess every descriptor that the changes since a base reach, and say what is new of it.

    Args:
        request: What to assess, and how.
        between: What to compare.
        progress: Told the files done and the files in all, as the run goes on.

    Raises:
        UsageError: A path is at neither side, or git cannot say what changed.
        ModuleError: The policy cannot be loaded.
    """
    run = _Run(request, between)
    outcomes, vanished = run.outcomes(progress)
    report = reported(request, outcomes, run.comparison(outcomes, vanished), uses=run.uses)
    return replace(report, excluded=run.excluded)


def policy(how: Compare, settings: str | None, bundle: Bundle | None = None) -> tuple[Settings, Between]:
    """Give the settings of a run that compares, from the side that it takes its policy from, and what it compares.

    Both sides are read: a change of the settings must be valid even where it does not count yet. What the base has only
    matters where the policy is its, so that a change can put it right.

    Args:
        how: What to compare with.
        settings: The file that the user named; None for the repository's.
        bundle: What the user named as well; None for none.

    Raises:
        UsageError: There is no such revision, no repository, or nothing that two revisions have in common.
        BundleError: The bundle that they pin is not there, is another, or cannot be trusted.
        SettingsError: The settings of a side cannot be read or are not valid.
    """
    between = _between(how)
    before = _before_policy(how, settings, between.tip, bundle)
    in_force = resources.in_force()
    now = settings_of(settings, between.files, bundle)
    if how.policy_from == "base":
        resources.use(in_force)
    files = tuple(sorted({*before.files, *now.files}))
    moved = tuple(path for path in files if _read(path, between.tip) != _read(path, between.files))
    ignored = tuple(map(display_name, moved)) if how.policy_from == "base" else ()
    said = replace(how, policy_files=files, policy_changes=ignored, excluded=before.exclusion)
    return (before if how.policy_from == "base" else now), replace(between, how=said)


def _between(how: Compare) -> Between:
    """Give what is compared; what takes git long is begun, to be there when it is needed."""
    where = repository()
    if how.head is None:
        if where.bare:
            raise UsageError("a bare repository has no work tree", hint="name the revision to assess: `--head REF`")
        search_ahead(where, None)
    tip = where.revision(how.base)
    head = None if how.head is None else where.revision(how.head, tip)
    if head is not None:
        search_ahead(where, head)
    base = where.merge_base(tip, head or where.revision("HEAD"))
    where.compare_ahead(base, head)
    return Between(how, where, tip, base, head)


def _before_policy(how: Compare, settings: str | None, base: Files, bundle: Bundle | None) -> Settings:
    if not _has(settings, base):
        resources.use(None if bundle is None else bundle.files)
        return Settings()
    try:
        return settings_of(settings, base, bundle)
    except (UsageError, BundleError):
        if how.policy_from == "base":
            raise
        return Settings()


def _has(path: str | None, files: Files) -> bool:
    """Say whether a side has the settings that the user named; one that named none gets what there is."""
    return path is None or files.is_file(path)


def _read(path: str, files: Files) -> bytes | None:
    try:
        return files.read(path, MAX_BYTES)
    except OSError:
        return None


@dataclass(frozen=True, slots=True)
class _Pair:
    """A descriptor as it was and as it is; None where it was not there."""

    before: Decided | None
    now: Decided
    same: bool = True
    """It has the identity that it had."""


class _Run:
    """One comparison."""

    def __init__(self, request: Request, between: Between) -> None:
        how, base, head = between.how, between.base, between.head
        self._how = how
        self._where = between.where
        self._base = base
        self._head = head
        day = self._where.date(base)
        ignoring = request.ignoring
        if ignoring is not None and how.policy_from == "base":
            ignoring = replace(ignoring, base=base)
        self._now = replace(
            request,
            files=between.files,
            then=day if day < request.today else None,
            compare=how,
            ignoring=ignoring,
        )
        self._before = replace(request, files=base, compare=how, exclusion=how.excluded, explain=None)
        self._changed = self._where.changed(base, head)
        self._side = Side(self._now.files, head, self._changed)
        self._folders = [self._within(path) for path in request.paths] or ["."]
        self._unread: tuple[str, ...] = ()
        self._ignored: tuple[str, ...] = ()
        self.excluded: tuple[str, ...] = ()
        """Names of files that the settings exclude."""
        self.uses: list[WaiverUse] = []
        """What became of waivers for what left the scope."""

    def outcomes(self, progress: Callable[[int, int], None]) -> tuple[list[Outcome], list[Vanished]]:
        """Give what the files of the head came to, each finding compared, and the descriptors that are gone."""
        names = self._names()
        now, then = self._assessed(names, progress)
        others = set(self._described_elsewhere(names, now, then))
        if others:
            now, then = self._assessed(sorted(others.union(names)), progress)
        self._unread = tuple(outcome.name for outcome in then if outcome.unassessed)
        self._ignored = tuple(
            sorted({item.file for outcome in now for item in outcome.inputs if self._is_stray(item.file)})
        )
        before = {item.id: item for outcome in then for item in outcome.decided}
        pairs = _pairs(before, {item.id: item for outcome in now for item in outcome.decided})
        compared = [
            replace(outcome, decided=tuple(self._compared(pairs[item.id]) for item in outcome.decided))
            for outcome in now
        ]
        met = {pair.before.id for pair in pairs.values() if pair.before is not None}
        # What could not be assessed may still hold what seems to be gone.
        lost = {outcome.name for outcome in now if outcome.unassessed}
        gone = [item for id_, item in sorted(before.items()) if id_ not in met and item.place.file not in lost]
        return compared, [self._vanished(item) for item in gone]

    def _assessed(
        self, names: Sequence[str], progress: Callable[[int, int], None]
    ) -> tuple[list[Outcome], list[Outcome]]:
        found, self.excluded = parted(self._targets(names, self._now), self._now.exclusion)
        was, _ = parted(self._targets(names, self._before), self._before.exclusion)
        now = pipeline.assessed(found, self._now, progress)
        return now, pipeline.assessed(was, self._before, lambda _done, _all: None)

    def _described_elsewhere(
        self, names: Sequence[str], now: Sequence[Outcome], then: Sequence[Outcome]
    ) -> Iterator[str]:
        """Give files that no change reaches and that describe what an assessed file does, or did."""
        wanted = {item.id for outcome in (*now, *then) for item in outcome.decided}
        known = namesakes(self._where, {id_.partition("/")[2] for id_ in wanted}, self._side)
        for name in filter(self._looked_at, known.difference(names)):
            (target,) = self._targets([name], self._now)
            found = load(target, None, self._now.own, files=self._now.files, gathering=False)
            if any(identity(document) in wanted for document in found.documents):
                yield name

    def comparison(self, outcomes: Sequence[Outcome], vanished: Sequence[Vanished]) -> Comparison:
        """Give what the report says of the comparison as a whole."""
        counts: Counter[str] = Counter()
        for outcome in outcomes:
            for item in outcome.decided:
                counts.update(item.changes)
        return Comparison(
            base=self._how.base,
            merge_base=self._base.commit,
            head=None if self._head is None else self._head.commit,
            policy_from=self._how.policy_from,
            policy_changes=self._how.policy_changes,
            fail_on_new=self._how.fail_on_new,
            changes={
                "new": counts["new"],
                "worsened": counts["worsened"],
                "improved": counts["improved"],
                "existing": counts["existing"],
                "fixed": counts["fixed"],
            },
            vanished=tuple(vanished),
            unread=self._unread,
            ignored=self._ignored,
        )

    def _names(self) -> list[str]:
        """Give the files that the changes reach, of those that the user named, relative to the root; sorted."""
        changed = self._changed
        sides = (Side(self._base, self._base, changed, self._side), self._side)
        policy = {os.path.relpath(os.path.realpath(path), self._where.root) for path in self._how.policy_files}
        everything = self._how.policy_from == "head" and not policy.isdisjoint(changed)
        found = every(self._where, sides) if everything else reached(self._where, changed, sides, self._now.evidence)
        return sorted(filter(self._looked_at, found))

    def _is_stray(self, file: str) -> bool:
        """Say whether a file that was read is one that git ignores."""
        if self._head is not None:
            return False
        name = real(self._where, self._side, os.path.relpath(os.path.abspath(file), self._where.root))  # noqa: PTH100  # a name that is not Unicode stays as it is
        return stray(self._where, self._side, name, self._changed, self._base)

    def _looked_at(self, name: str) -> bool:
        """Say whether a run without a base would find a file: what moves to where none does has left the scope."""
        return any(_below(name, folder) and searched(os.path.relpath(name, folder)) for folder in self._folders)

    def _within(self, path: str) -> str:
        """Give what the user named, relative to the root.

        Raises:
            UsageError: Neither side has it.
        """
        if not any(files.is_file(path) or files.is_folder(path) for files in (self._now.files, self._base)):
            hint = "nothing was assessed; check the spelling, and the working directory"
            raise UsageError(f"`{path}` exists neither here nor at the base", hint=hint)
        return os.path.relpath(os.path.realpath(path), self._where.root)

    def _targets(self, names: Sequence[str], request: Request) -> Iterator[Target]:
        for name in names:
            path = os.path.join(self._where.root, name)  # noqa: PTH118  # a name that is not Unicode stays as it is
            if request.files.is_file(path):
                yield Target(path, display_name(path), named=False, stream=False)

    def _compared(self, pair: _Pair) -> Decided:
        now, before = pair.now, pair.before
        assessment = unpacked(now.assessment)
        was = None if before is None else unpacked(before.assessment)
        asked = Comparing(
            base=was,
            same=pair.same,
            base_descriptor=None if before is None else before.descriptor,
            head=assessment,
            head_descriptor=now.descriptor,
            gate=assessment.gate,
            only_new=self._how.fail_on_new,
            then=standing(assessment) if self._now.then is None else now.then,
            accepted=accepted_of(assessment, self._now),
            expired=now.expired,
            unwaivable=self._now.unwaivable,
        )
        changed = compare(asked, engine(self._now.serving))
        reduced: tuple[Notice, ...] = ()
        if before is not None:
            reduced = tuple(self._reduced(changed, before, now))
            changed, reduced = self._waived(now.id, asked, changed, reduced, {use.id for use in now.waivers})
        found = applied(assessment, changed, was if pair.same else None)
        if was is not None:
            reduced = (*found.reduced, *reduced)
            found = replace(found, before=_before(was), reduced=reduced)
        return replace(
            now,
            verdict=found.gate.verdict,
            changes=_counted(found),
            accepted=sum(item.accepted for item in found.answers),
            assessment=packed(found) if isinstance(now.assessment, bytes) else found,
        )

    def _waived(
        self,
        deployment: str,
        asked: Comparing,
        changed: Changed,
        notices: tuple[Notice, ...],
        told: Collection[str] = (),
    ) -> tuple[Changed, tuple[Notice, ...]]:
        """Ask again with the waivers for what left the scope of a deployment, where there are any that count.

        Args:
            deployment: Its identity.
            asked: What was asked.
            changed: What was answered.
            notices: What left the scope.
            told: Ids of waivers that were for something else.
        """
        today, unwaivable = self._now.today, (*self._now.unwaivable, *joined([asked.gate.name]).unwaivable)
        paths = [item.path for item in changed.reduced]
        found = [waiving.Candidate(item, "fail", (path,)) for item, path in zip(notices, paths, strict=True)]
        held = [
            waiving.held(item, found, today=today, unwaivable=unwaivable)
            for item in self._now.waivers
            if item.control == REDUCED and item.descriptor == deployment and item.id not in told
        ]
        granted = waiving.grants(held)
        if granted:
            changed = compare(replace(asked, waivers=granted), engine(self._now.serving))
            notices = tuple(
                replace(item, waiver=again.waiver) for item, again in zip(notices, changed.reduced, strict=True)
            )
        self.uses += waiving.uses(held, {item.fingerprint: item.waiver for item in notices}, today)
        return changed, notices

    def _reduced(self, changed: Changed, before: Decided, now: Decided) -> Iterator[Notice]:
        """Give what left the scope, each where it is looked for now."""
        if not changed.reduced:
            return
        was, _ = self._document(before, self._before)
        document, placing = self._document(now, self._now)
        for item in changed.reduced:
            path = _named(was, item)
            where = item.path if isinstance(item.path[-1], str) else item.path[:-1]
            place = document.locate(where).place
            yield Notice(
                control="scope-reduced",
                severity=item.severity,
                message=placing.shown(item.message),
                path=placing.shown(path),
                place=position(place),
                excerpt=placing.excerpt(place),
                fingerprint=digest(["scope-reduced", now.id, path]),
                digest=digest([*values_at(was.data, item.path), *item.of]),
                remediation=_MEND,
                waiver=item.waiver,
                change="new",
            )

    def _document(self, item: Decided, request: Request) -> tuple[Document, Placing]:
        path = os.path.abspath(item.file)  # noqa: PTH100  # a name that is not Unicode stays as it is
        loaded = load(
            Target(path, item.file, named=False, stream=False), None, request.own, request.evidence, files=request.files
        )
        document = next(document for document in loaded.documents if identity(document) == item.id)
        return document, Placing(document, loaded.texts, request.own, masking=True)

    def _vanished(self, item: Decided) -> Vanished:
        was = unpacked(item.assessment)
        asked = Comparing(
            base=was,
            base_descriptor=item.descriptor,
            gate=was.gate,
            only_new=self._how.fail_on_new,
            unwaivable=self._now.unwaivable,
        )
        changed = compare(asked, engine(self._now.serving))
        (gone,) = changed.reduced
        notice = Notice(
            control="scope-reduced",
            severity=gone.severity,
            message=f"`{item.id}`: {gone.message}",
            path="",
            place=item.place,
            excerpt=None,
            fingerprint=digest(["scope-reduced", item.id, ""]),
            digest=digest(None),
            remediation=_MEND,
            waiver=gone.waiver,
            change="new",
        )
        changed, (notice,) = self._waived(item.id, asked, changed, (notice,))
        return Vanished(id=item.id, file=item.file, notice=notice, verdict=changed.verdict)


def _pairs(before: Mapping[str, Decided], now: Mapping[str, Decided]) -> dict[str, _Pair]:
    """Say which descriptor was which: by identity, else by name in another environment, else the one of its file."""
    found = {id_: _Pair(before.get(id_), item) for id_, item in now.items()}
    free = {id_: item for id_, item in before.items() if id_ not in now}
    for alike in (_name, _file):
        for id_, pair in found.items():
            if pair.before is None:
                others = [item for item in free.values() if alike(item) == alike(pair.now)]
                rivals = [
                    other for other in found.values() if other.before is None and alike(other.now) == alike(pair.now)
                ]
                if len(others) == len(rivals) == 1:
                    found[id_] = _Pair(free.pop(others[0].id), pair.now, same=False)
    return found


def _name(item: Decided) -> str:
    return item.id.partition("/")[2]


def _file(item: Decided) -> str:
    return item.file


def _named(document: Document, item: RawReduced) -> str:
    """Write a path for people; a word of a list by itself, since its place among the others says nothing."""
    word = values_at(document.data, item.path)[0]
    if isinstance(word, str) and isinstance(item.path[-1], int):
        return f"{document.named(item.path[:-1])}[{word}]"
    return document.named(item.path)


def _before(was: Assessment) -> Before:
    return Before(file=was.file, verdict=was.gate.verdict, overall=was.overall, domains=was.domains, apart=was.apart)


def _counted(item: Assessment) -> Counter[str]:
    findings = [found.change for found in item.findings]
    notices = [found.change for found in (*item.undeclared, *item.reduced)]
    return Counter([*filter(None, (*findings, *notices)), *("fixed" for _ in item.fixed)])


def _below(name: str, folder: str) -> bool:
    return folder in {".", name} or name.startswith(f"{folder}/")
