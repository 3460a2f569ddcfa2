"""A repository: its revisions, what differs between them, and where something is written."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psfpolicy.errors import UsageError
from psfpolicy.revision.reading import Revision
from psfpolicy.revision.running import FailedError, begun, git, names, root_of, told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./-]*")
_SEARCH = ("--threads=1", "-F", "-z", "-l", "-a", "--full-name")
"""Several threads wait for each other longer than one takes."""
_DIFFERENCE = ("-z", "--name-only", "--no-renames", "--no-ext-diff", "--no-textconv", "--ignore-submodules=none")
_SHALLOW = "the clone is shallow: fetch its history, in a workflow with `fetch-depth: 0`"


def repository(start: str = ".") -> Repository:
    """Give the repository that a folder lies in.

    Raises:
        UsageError: There is none, or it cannot be read.
    """
    root, bare = root_of(os.path.realpath(start))
    return Repository(root, bare=bare)


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository on this machine."""

    root: str
    """The work tree, symbolic links resolved; of a bare repository, its own folder."""
    bare: bool
    """It has no work tree."""
    _asked: dict[tuple[str, ...], Future[bytes]] = field(default_factory=dict, compare=False, repr=False)
    """What git was asked ahead, by its words; each answer is for one question."""

    def revision(self, name: str, near: Revision | None = None) -> Revision:
        """Give the revision that a name stands for: a branch, a tag, a commit, `HEAD~2`.

        Args:
            name: What the user calls it.
            near: One that is read too, and has mostly the same files.

        Raises:
            UsageError: There is none, or the clone does not hold it.
        """
        try:
            found = git(self.root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        except FailedError as error:
            raise UsageError(f"git knows no commit `{name}` here{error.why}", hint=self._remedy(name)) from error
        return self._by(found, near)

    def merge_base(self, one: Revision, other: Revision) -> Revision:
        """Give the last commit that two have in common.

        Raises:
            UsageError: They have none, or the clone does not hold it.
        """
        try:
            found = git(self.root, "merge-base", one.commit, other.commit)
        except FailedError as error:
            says = f"`{one.commit[:12]}` and `{other.commit[:12]}` have no commit in common here{error.why}"
            raise UsageError(says, hint=self._remedy("")) from error
        return self._by(found, one)

    def _by(self, said: bytes, near: Revision | None) -> Revision:
        commit = said.decode().strip()
        return Revision(self.root, commit, "" if near is None or near.commit == commit else near.commit)

    def changed(self, base: Revision, head: Revision | None) -> frozenset[str]:
        """Give the paths that differ between a revision and another, or the work tree, relative to the root.

        A renamed file gives both its names; a changed submodule its folder; of the work tree, files that are new to
        git count, except those that it ignores.
        """
        found = told(self.root, *_difference(base, head), ask=self._git)
        return frozenset(names(found)) | (self.new() if head is None else frozenset())

    def new(self) -> frozenset[str]:
        """Give the files of the work tree that are new to git, except those that it ignores, relative to the root."""
        return frozenset(names(told(self.root, *self._others, ask=self._git)))

    @property
    def _others(self) -> tuple[str, ...]:
        return ("ls-files", "-z", "--others", "--exclude-standard", "--full-name", "--", self.root)

    def mentioning(self, words: Sequence[str], among: Sequence[str], revision: Revision | None) -> tuple[str, ...]:
        """Give the files that hold one of some words, by name, relative to the root.

        Args:
            words: What is looked for, as it is.
            among: Pathspecs from the root.
            revision: Where to look; None for the work tree, of which what is new to git is left out.
        """
        try:
            found = self._git(self.root, *_search(words, among, revision))
        except FailedError as error:
            if error.status == 1:  # none
                return ()
            raise UsageError(f"git cannot search here{error.why}") from error
        prefix = "" if revision is None else f"{revision.commit}:"
        return tuple(sorted(name.removeprefix(prefix) for name in names(found)))

    def search_ahead(self, words: Sequence[str], among: Sequence[str], revision: Revision | None) -> None:
        """Begin what `mentioning` will be asked, and of the work tree what is new."""
        self._ahead(*_search(words, among, revision))
        if revision is None:
            self._ahead(*self._others)

    def compare_ahead(self, base: Revision, head: Revision | None) -> None:
        """Begin what `changed` will be asked."""
        self._ahead(*_difference(base, head))

    def _ahead(self, *words: str) -> None:
        self._asked[words] = begun(self.root, *words)

    def _git(self, root: str, *words: str) -> bytes:
        asked = self._asked.pop(words, None)
        return git(root, *words) if asked is None else asked.result()

    def date(self, revision: Revision) -> str:
        """Give the day of a commit, YYYY-MM-DD, UTC."""
        return (
            told(self.root, "log", "-1", "--date=format-local:%Y-%m-%d", "--format=%cd", revision.commit)
            .decode()
            .strip()
        )

    def _remedy(self, name: str) -> str:
        if told(self.root, "rev-parse", "--is-shallow-repository").strip() == b"true":
            return _SHALLOW
        if not name:
            return "name another base"
        # A command that is shown may be copied: nothing in it may be an option, or a command of its own.
        fetched = f", or fetch it: `git fetch origin {name}`" if _PLAIN_NAME.fullmatch(name) else ""
        return f"check the name{fetched}"


def _difference(base: Revision, head: Revision | None) -> tuple[str, ...]:
    revisions = (base.commit,) if head is None else (base.commit, head.commit)
    return ("diff", *_DIFFERENCE, *revisions, "--")


def _search(words: Sequence[str], among: Sequence[str], revision: Revision | None) -> tuple[str, ...]:
    patterns = [part for word in words for part in ("-e", word)]
    where = () if revision is None else (revision.commit,)
    return ("grep", *_SEARCH, *patterns, *where, "--", *(among or (":(top)",)))
