"""Git itself: what it says, and the content that it keeps; the only user of GitPython."""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import Future
from errno import EREMOTE
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any

from git import GitCommandError, GitCommandNotFound, InvalidGitRepositoryError, NoSuchPathError, Repo

from psfpolicy.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "", "LC_ALL": "C", "TZ": "UTC"}
"""What a partial clone lacks is not fetched."""
_OF_A_HOOK = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR")
"""What git tells a hook of the repository that it runs for; the one that is asked about here is that of a folder."""
_NEEDED = "comparing with a base needs it"
_WHOLE = "a whole clone has everything: `git clone` without `--filter`"
_AT_ONCE = 256


class FailedError(Exception):
    """Git said no: with its exit code, where it came to one, and why."""

    def __init__(self, status: object, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why
        """What it said last, after a colon; empty where it said nothing."""


opened: dict[str, Repo] = {}
"""The repositories of this process by a folder in each; one that is asked for content keeps a process of git."""


def _open(folder: str) -> Repo:
    if folder not in opened:
        with _of_no_hook:
            opened[folder] = Repo(folder, search_parent_directories=True)
        opened[folder].git.update_environment(**_QUIET)
    return opened[folder]


class _OfNoHook:
    """Hides from git what a hook was told, for as long as anyone asks.

    GitPython hands on the environment of this process, and can add to it only. To say `GIT_DIR` anew instead would tell
    git to trust the repository, whoever owns it.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._asking = 0
        self._hidden: dict[str, str] = {}

    def __enter__(self) -> None:
        with self._lock:
            self._asking += 1
            self._hidden |= {name: os.environ.pop(name) for name in _OF_A_HOOK if name in os.environ}

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._asking -= 1
            if not self._asking:
                os.environ.update(self._hidden)
                self._hidden.clear()


_of_no_hook = _OfNoHook()


def root_of(folder: str) -> tuple[str, bool]:
    """Give the work tree that a folder lies in, of a bare repository its own folder, and whether it is bare.

    Raises:
        UsageError: It lies in none.
    """
    try:
        repo = _open(folder)
    except (InvalidGitRepositoryError, NoSuchPathError) as error:
        raise UsageError("this folder lies in no git repository", hint=_NEEDED) from error
    return os.path.realpath(repo.working_tree_dir or repo.git_dir), bool(repo.bare)


def kept_by(root: str) -> str:
    """Give the folder in which a repository keeps what all of its worktrees share."""
    return str(_open(root).common_dir)


def git(root: str, *words: str, **more: Any) -> bytes:
    """Run git, and give what it says.

    Raises:
        UsageError: It is not installed, or refuses the repository as somebody else's.
        FailedError: It fails.
    """
    repo = _open(root)
    try:
        with _of_no_hook:
            command = ["git", "-C", root, *words]
            said: bytes = repo.git.execute(command, stdout_as_string=False, strip_newline_in_stdout=False, **more)
            return said
    except GitCommandNotFound as error:
        raise UsageError("git is not installed", hint=_NEEDED) from error
    except GitCommandError as error:
        if "dubious ownership" not in str(error.stderr):
            raise FailedError(error.status, _because(error)) from error
        hint = f"git wants to be told that it may be trusted: `git config --global --add safe.directory {root}`"
        raise UsageError(
            "git refuses this repository for its dubious ownership: it is another user's", hint=hint
        ) from error


def begun(root: str, *words: str) -> Future[bytes]:
    """Run git beside what else goes on; the result is what `git` gives, or raises."""
    _open(root)
    found: Future[bytes] = Future()
    # Nobody waits for an answer that is not needed any more.
    Thread(target=_answer, args=(found, root, words), daemon=True).start()
    return found


def _answer(found: Future[bytes], root: str, words: Sequence[str]) -> None:
    try:
        said = git(root, *words)
    except Exception as error:  # noqa: BLE001  # who asks for the result gets it
        found.set_exception(error)
    else:
        found.set_result(said)


def told(root: str, *words: str, ask: Callable[..., bytes] = git, **more: Any) -> bytes:
    """Run git where nothing should go wrong, and give what it says.

    Raises:
        UsageError: It went wrong.
    """
    try:
        return ask(root, *words, **more)
    except FailedError as error:
        raise UsageError(f"`git {words[0]}` failed{error.why}", hint=_WHOLE) from error


def blob(root: str, digest: str, most: int) -> bytes:
    """Give the content of a file, at most so many bytes of it.

    Raises:
        OSError: This clone does not have it.
    """
    repo = _open(root)
    try:
        with _of_no_hook:
            stream = repo.odb.stream(bytes.fromhex(digest))
        data: bytes = stream.read(most)
        stream.read()  # the process that gives it gives the next one after it
    except (ValueError, GitCommandNotFound, OSError) as error:
        repo.git.clear_cache()  # that process has ended, and another one is to answer the next question
        raise OSError(EREMOTE, f"its content is not in this clone; {_WHOLE}") from error
    return data


def blobs(root: str, digests: Sequence[str], most: int) -> Iterator[tuple[str, bytes]]:
    """Give the contents of many files, without those that this clone does not have or that are larger than that."""
    sizes = _asked(root, digests, "--batch-check=%(objectsize)").decode().split("\n")
    wanted = [digest for digest, size in zip(digests, sizes, strict=False) if size.isdigit() and int(size) <= most]
    for start in range(0, len(wanted), _AT_ONCE):
        found = _asked(root, wanted[start : start + _AT_ONCE], "--batch=%(objectname) %(objectsize)")
        at = 0
        while at < len(found):
            end = found.index(b"\n", at)
            name, size = found[at:end].decode().split(" ")
            at = end + 1 + int(size) + 1
            yield name, found[end + 1 : at - 1]


def _asked(root: str, digests: Sequence[str], how: str) -> bytes:
    with tempfile.TemporaryFile() as questions:
        questions.write("".join(f"{digest}\n" for digest in digests).encode())
        questions.seek(0)
        return told(root, "cat-file", how, istream=questions)


def names(output: bytes) -> list[str]:
    """Give the names that git ends by a byte of zero."""
    return [name for name in os.fsdecode(output).split("\0") if name]


def _because(error: GitCommandError) -> str:
    said = str(error.stderr).strip().removeprefix("stderr: ").strip("' \n")
    return f": {said.splitlines()[-1]}" if said else ""
