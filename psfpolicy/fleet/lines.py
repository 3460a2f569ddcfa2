"""The lines of a run, `psfpolicy/run/v1`, one at a time: a head, a line for each file, a summary."""

from __future__ import annotations

from collections import Counter
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from psfpolicy.fleet.held import (
    RUN,
    Entry,
    gone,
    json_object,
    opened_as,
    refuse,
    require,
    require_schema,
    require_told,
    syntax,
)
from psfpolicy.schema import accepts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.fleet.held import Opened

MAX_LINE = 16 * 1024 * 1024
"""Bytes of a line; of these there may be any number."""
_NEAR_END = 64 * 1024


class _Withdrawn(NamedTuple):
    """An assessment of an earlier line that does not count: a later file describes the same deployment."""

    id: str
    file: str


def opened_run(name: str, head: dict[str, Any], stream: IO[bytes]) -> Opened:
    """Give a run of which the first line was read; its other lines are read from the stream later.

    Raises:
        UsageError: The line is no head.
    """
    require_schema(name, head.get("schema"), RUN)
    if head.get("kind") != "head":
        refuse(name, "it begins in the middle of a run: its first line is no head")
    known = accepts(head.get("tool"), "report-v1#Tool") and accepts(head.get("policy"), "report-v1#Policy")
    if not (known and isinstance(head.get("asOf"), str) and isinstance(head.get("generatedAt"), str)):
        refuse(name, "its head does not say what wrote it, for which day, and by which policy")
    if head.get("comparison") is not None:
        require(name, head["comparison"], "report-v1#Comparison", head, 1)
    return opened_as(name, "run", head, lambda: _lines(name, head, stream))


def _lines(name: str, head: dict[str, Any], stream: IO[bytes]) -> Iterator[Entry]:
    """Read the lines but the head, and hold the summary against them."""
    withdrawn = _foretold(name, stream)
    verdicts: Counter[str] = Counter()
    failed: set[str] = set()
    number = 1
    yield from gone(head)
    while raw := stream.readline(MAX_LINE + 1):
        number += 1
        line = _line(name, raw, number)
        if line.get("kind") == "summary":
            if stream.read(1):
                refuse(name, f"something follows its summary, which is line {number}")
            yield from _ended(name, line, head, (number, withdrawn, verdicts, failed))
            return
        for entry in _of_file(name, line, head, number):
            if entry.kind == "unassessed":
                failed.add(entry.value["file"])
            elif (entry.value["id"], entry.value["file"]) in (withdrawn or ()):
                continue
            else:
                verdicts[entry.value["gate"]["verdict"]] += 1
            yield entry
    refuse(name, f"it is truncated: no summary follows line {number}", hint="run it to its end, or resume it")


def _line(name: str, raw: bytes, number: int) -> dict[str, Any]:
    if len(raw) > MAX_LINE:
        refuse(name, f"line {number} has more than {MAX_LINE // 1024**2} MiB")
    line = json_object(raw)
    if line is None:
        refuse(name, f"line {number} is truncated or damaged: {syntax(raw)}", hint="run it to its end, or resume it")
    require_schema(name, line.get("schema"), RUN)
    return line


def _of_file(name: str, line: dict[str, Any], head: dict[str, Any], number: int) -> Iterator[Entry]:
    """Read what became of one file."""
    assessments = line.get("assessments")
    if line.get("kind") != "file" or not isinstance(assessments, list):
        refuse(name, f"line {number} is neither about a file nor a summary")
    if line.get("unassessed") is not None:
        require(name, line["unassessed"], "report-v1#Unassessed", head, number)
        yield Entry("unassessed", line["unassessed"])
    for item in assessments:
        require(name, item, "report-v1#Assessment", head, number)
        yield Entry("assessment", item)


def _ended(
    name: str,
    line: dict[str, Any],
    head: dict[str, Any],
    read: tuple[int, set[_Withdrawn] | None, Counter[str], set[str]],
) -> Iterator[Entry]:
    """Hold the summary against what was read, and tell what only it tells."""
    number, foretold, verdicts, failed = read
    require(name, line.get("summary"), "report-v1#Summary", head, number)
    withdrawn = _withdrawn(name, line)
    if withdrawn and foretold is None:
        says = f"it withdraws {len(withdrawn)} of its assessments at its end, when they are counted"
        refuse(name, says, hint="give it as a file, the end of which can be read first")
    files = {item.file for item in withdrawn} - failed
    require_told(name, line["summary"], verdicts, {len(failed), len(failed) + len(files)})
    for file in sorted(files):
        ids = ", ".join(sorted(f"`{item.id}`" for item in withdrawn if item.file == file))
        yield Entry("unassessed", _failed(file, "duplicate-identity", f"{ids} is described in another file too"))
    remaining = line.get("remaining")
    if line.get("interrupted") is not False or remaining != 0:
        count = remaining if isinstance(remaining, int) and remaining > 0 else 1
        yield Entry("interrupted", {"remaining": count})


def _failed(file: str, code: str, message: str) -> dict[str, Any]:
    return {"file": file, "problems": [{"code": code, "message": message}]}


def _foretold(name: str, stream: IO[bytes]) -> set[_Withdrawn] | None:
    """Read at the end of a run what it withdraws; None where that cannot be read before the rest."""
    if not stream.seekable():
        return None
    here = stream.tell()
    line = json_object(_last_line(stream))
    stream.seek(here)
    # A run that has no summary is refused where its lines end.
    return set() if line is None or line.get("kind") != "summary" else _withdrawn(name, line)


def _last_line(stream: IO[bytes]) -> bytes:
    size, length = stream.seek(0, 2), _NEAR_END
    while True:
        stream.seek(max(size - length, 0))
        before, newline, last = stream.read(length).rstrip(b"\n").rpartition(b"\n")
        if newline or before or length >= min(size, MAX_LINE):
            return last
        length *= 8


def _withdrawn(name: str, line: dict[str, Any]) -> set[_Withdrawn]:
    found = line.get("withdrawn")
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        refuse(name, "its summary does not say which of its assessments it withdraws")
    return {_Withdrawn(str(item.get("id")), str(item.get("file"))) for item in found}
