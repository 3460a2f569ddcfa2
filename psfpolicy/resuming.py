"""Going on with a run that was interrupted: what of its lines can be taken over, and why a line is believed.

A line is data from elsewhere: whoever can write the file could write a green verdict into it. So it is believed only
where the journal of this user knows it: for each line that can be taken over, the run that decided it noted a digest in
the user's own cache. It binds the line to the file, by every name; the line binds the result to the file's bytes; and
the journal belongs to one policy, engine, version, day, gate and settings.
"""

from __future__ import annotations

import json
import os
from bisect import bisect_left
from collections import Counter
from hashlib import blake2b, sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psfpolicy.engine.folder import cache_folder, trusted
from psfpolicy.errors import UsageError
from psfpolicy.inert import inert
from psfpolicy.model.lines import SCHEMA
from psfpolicy.model.record import jsonable, recorded
from psfpolicy.model.report import Assessment, CatalogueAge, InputFile, Position, WaiverUse
from psfpolicy.model.run import Decided, Outcome
from psfpolicy.packed import packed
from psfpolicy.source import MAX_BYTES
from psfpolicy.targets import display_name

if TYPE_CHECKING:
    from typing import BinaryIO

    from psfpolicy.model.lines import RunHead
    from psfpolicy.model.run import Request
    from psfpolicy.targets import Target

_ENTRY = 16
"""Bytes of the digest of a line."""
_KEPT = 8
"""Journals that stay in the cache."""
_LONGEST_HEAD = 2**24
_LONGEST_LINE = 2**28
_BESIDE_VERDICT = ("domains", "apart", "controls", "findings", "flows", "undeclared", "reduced", "ignores", "fixed")
"""Lists of an assessment that its verdict line does not need."""
_TERMS = {
    "tool": "version",
    "policy": "policy",
    "engine": "engine",
    "asOf": "as-of date",
    "gate": "gate",
    "settings": "settings, waivers, rows of the catalogue or --explain",
}
"""What must be the same for a line to be taken over, by its key in the head."""


def settings_digest(request: Request) -> str:
    """Give `sha256:` and a digest of what is asked for beside the day, the same wherever the repository lies."""
    asked: Any = jsonable(
        [
            request.gate.floors,
            request.unwaivable,
            request.required_evidence,
            request.evidence,
            request.exclusion,
            request.waivers,
            request.ignoring,
            request.accepted,
            None if request.rows is None else request.rows.digest,
            request.explain,
        ]
    )
    for item in (*asked[0], *asked[3], *filter(None, (asked[4],))):
        item["folder"] = display_name(item["folder"])
    return f"sha256:{sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()}"


class Journal:
    """Digests of the lines that runs of this user wrote under the same terms, in the user's cache.

    Args:
        head: The head of the run.
    """

    def __init__(self, head: RunHead) -> None:
        terms = json.dumps([jsonable(_terms(head)[key]) for key in _TERMS])
        folder, self.missing = trusted(cache_folder(os.environ), "runs")
        """Why there is none; None where there is one."""
        self._path = None if folder is None else folder / f"{sha256(terms.encode()).hexdigest()[:32]}.lines"
        self._file: BinaryIO | None = None
        self._known: bytes | None = None

    def note(self, target: Target, outcome: Outcome, line: str) -> None:
        """Note a line, if it can be taken over; where that fails, a later run assesses the file again."""
        if self._path is None or not _rests_on_itself(target, outcome):
            return
        try:
            if self._file is None:
                _prune(self._path.parent)
                self._file = self._path.open("ab", buffering=0)
            self._file.write(_entry(target, line.encode()))
        except OSError:
            self._path = None

    def knows(self, target: Target, line: bytes) -> bool:
        """Say whether a line was noted before this run."""
        if self._known is None:
            self._known = self._read()
        known, entry = self._known, _entry(target, line)
        found = bisect_left(range(len(known) // _ENTRY), entry, key=lambda number: _at(known, number))
        return _at(known, found) == entry

    def close(self) -> None:
        """Note no more."""
        if self._file is not None:
            self._file.close()

    def _read(self) -> bytes:
        try:
            data = b"" if self._path is None else self._path.read_bytes()
        except OSError:
            return b""
        return b"".join(sorted(_at(data, number) for number in range(len(data) // _ENTRY)))


def _at(entries: bytes, number: int) -> bytes:
    return entries[_ENTRY * number : _ENTRY * (number + 1)]


def _entry(target: Target, line: bytes) -> bytes:
    """Give the digest of a line, of what its file really is, and of whether the user named it."""
    real = os.path.relpath(os.path.realpath(target.path), os.path.realpath("."))
    how = b"named" if target.named else b"found"
    return blake2b(b"\0".join((how, os.fsencode(real), line)), digest_size=_ENTRY).digest()


def _prune(folder: Path) -> None:
    """Remove all but the newest journals, so that there is room for one more."""
    newest = sorted(folder.glob("*.lines"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in newest[_KEPT:]:
        path.unlink(missing_ok=True)


def _rests_on_itself(target: Target, outcome: Outcome) -> bool:
    """Say whether an outcome rests on nothing but the bytes of its file: on no base, no manifest, and no trouble."""
    alone = [item.file for item in outcome.inputs] == [target.name]
    return alone and bool(outcome.decided) and outcome.unassessed is None and not target.stream


def opened(path: str) -> BinaryIO:
    """Open the lines of an earlier run.

    Raises:
        UsageError: They cannot be read.
    """
    try:
        return Path(path).open("rb")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise UsageError(f"`{path}` cannot be read: {why}", hint="nothing was assessed") from error


class Earlier:
    """The lines of an interrupted run, held against the files one after the other.

    Args:
        path: The name of the file of lines.
        file: What it holds; a last line that is cut off is no line.
        head: The head of the run that goes on.
        journal: What this user's runs wrote.
        request: What the run was asked.

    Raises:
        UsageError: It holds no run, or one that was asked something else.
    """

    def __init__(self, path: str, file: BinaryIO, head: RunHead, journal: Journal, request: Request) -> None:
        self._path = path
        self._journal = journal
        self._keeping = request.keeping
        self.taken = 0
        """Lines that were taken over."""
        self.unknown = 0
        """Lines that the journal does not know, though their file is as it was."""
        self._file = file
        self._require_same(head)
        self._line = b""
        self._data: dict[str, Any] | None = None
        self._advance()

    def __call__(self, target: Target) -> Outcome | None:
        """Give what the earlier run found of a file, where it still holds; files come in the order of their names."""
        while self._data is not None and self._data["file"] < target.name:
            self._advance()
        if self._data is None or self._data["file"] != target.name:
            return None
        line, data = self._line, self._data
        self._advance()
        if not _unchanged(target, data):
            return None
        if not self._journal.knows(target, line):
            self.unknown += 1
            return None
        self.taken += 1
        return self._outcome(data, line.decode())

    def _advance(self) -> None:
        """Go on to the next line of a file, past what is none."""
        self._data = None
        while self._data is None and (line := self._file.readline(_LONGEST_LINE)).endswith(b"\n"):
            found = _parsed(line)
            if found.get("kind") == "file" and isinstance(found.get("file"), str):
                self._line, self._data = line, found

    def _require_same(self, head: RunHead) -> None:
        found = _parsed(self._file.readline(_LONGEST_HEAD))
        if (found.get("schema"), found.get("kind")) != (SCHEMA, "head"):
            raise UsageError(
                f"`{self._path}` does not begin with the head of a run",
                hint="`--resume` goes on with what `-o ndjson=FILE` wrote, or had begun to write in FILE.part",
            )
        ours = _terms(head)
        details = [
            f"  {name}: {inert(_told(found.get(key)))} there, {_told(ours[key])} now"
            for key, name in _TERMS.items()
            if found.get(key) != ours[key]
        ]
        if details:
            raise UsageError(
                f"`{self._path}` is of a run that was asked something else",
                details=tuple(details),
                hint="ask the same, with `--as-of` for its day, or begin anew without `--resume`",
            )

    def _outcome(self, data: dict[str, Any], line: str) -> Outcome:
        uses = [recorded(WaiverUse, use) for use in data["waivers"]]
        return Outcome(
            data["file"],
            tuple(
                self._decided(item, recorded(Position, place), uses)
                for item, place in zip(data["assessments"], data["namedAt"], strict=True)
            ),
            tuple(recorded(InputFile, item) for item in data["inputs"]),
            None if data["catalogue"] is None else recorded(CatalogueAge, data["catalogue"]),
            line=line,
        )

    def _decided(self, item: dict[str, Any], place: Position, uses: list[WaiverUse]) -> Decided:
        answers = (*item["findings"], *item["undeclared"])
        shown = item | {key: [] for key in _BESIDE_VERDICT} if self._keeping == "verdicts" else item
        return Decided(
            id=item["id"],
            place=place,
            file=item["file"],
            verdict=item["gate"]["verdict"],
            statuses=Counter(finding["status"] for finding in item["findings"]),
            assessment=b"" if self._keeping == "nothing" else packed(recorded(Assessment, shown)),
            waivers=tuple(use for use in uses if use.descriptor == item["id"]),
            accepted=sum(answer["accepted"] for answer in answers),
        )


def _terms(head: RunHead) -> dict[str, Any]:
    found: Any = jsonable(head)
    return {key: found[key] for key in _TERMS}


def _told(value: object) -> str:
    """Give a term of a run for a person."""
    if isinstance(value, dict):
        value = " ".join(str(item)[:19] for item in value.values())
    return (value or "nothing")[:40] if isinstance(value, str | None) else "something else"


def _parsed(line: bytes) -> dict[str, Any]:
    """Give the object of a line; an empty one where it is none."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _unchanged(target: Target, data: dict[str, Any]) -> bool:
    """Say whether a file is what a line says that it was."""
    inputs = data.get("inputs")
    if target.stream or not isinstance(inputs, list) or len(inputs) != 1:
        return False
    try:
        with Path(target.path).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError:
        return False
    return {"file": target.name, "sha256": sha256(content).hexdigest()} in inputs
