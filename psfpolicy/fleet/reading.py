"""What earlier runs found, read from their reports.

Whether a file is a report is decided by what is in it. A JSON report is read whole; the lines of a run one by one.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from psfpolicy.errors import UsageError
from psfpolicy.fleet.held import (
    REPORT,
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
from psfpolicy.fleet.lines import opened_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.fleet.held import Opened

MAX_REPORT = 128 * 1024 * 1024
"""Bytes of a JSON report."""

_NAMED = re.compile(rb'"schema"\s*:\s*"psfpolicy/(?:report|run)/')
_HEAD_BYTES = 4096


def opened(name: str, stream: IO[bytes]) -> Opened | bytes:
    """Read as much of a file as says what it is.

    Args:
        name: What to call it.
        stream: Its bytes, from the start; the lines of a run are read from it later.

    Returns:
        The report, or what was read of a file that is none: it may be a descriptor.

    Raises:
        UsageError: It claims to be a report and is none, or is larger than is read.
    """
    first = stream.readline(MAX_REPORT + 1)
    if not first.lstrip().startswith(b"{"):
        return first
    line = json_object(first)
    if line is not None and str(line.get("schema")).startswith("psfpolicy/run/"):
        return opened_run(name, line, stream)
    content = first + stream.read(MAX_REPORT + 1 - len(first))
    if len(content) > MAX_REPORT:
        hint = "write it with `psfpolicy check --format ndjson`, which is read line by line"
        raise UsageError(f"`{name}` has more than {MAX_REPORT // 1024**2} MiB", hint=hint)
    found = line if len(content) == len(first) else json_object(content)
    if found is None:
        if _NAMED.search(content[:_HEAD_BYTES]):
            refuse(name, f"it is truncated or damaged: {syntax(content)}")
        return content
    return content if "apiVersion" in found else _report(name, found)


def opened_file(path: str, name: str) -> Opened | None:
    """Read the head of a file, which is read once more for the rest: of many reports, one is in memory at a time.

    Args:
        path: Where it is.
        name: What to call it.

    Returns:
        The report; None for a file that is none.

    Raises:
        UsageError: It cannot be read, or claims to be a report and is none.
    """
    try:
        with Path(path).open("rb") as stream:
            if not stream.seekable():
                hint = "give it on standard input, as `-`"
                raise UsageError(f"`{name}` is no file that can be read twice", hint=hint)
            found = opened(name, stream)
    except OSError as error:
        raise _unread(name, error) from error
    return None if isinstance(found, bytes) else replace(found, entries=partial(_again, path, found))


def _again(path: str, before: Opened) -> Iterator[Entry]:
    try:
        with Path(path).open("rb") as stream:
            found = opened(before.name, stream)
            if isinstance(found, bytes) or replace(found, entries=before.entries) != before:
                refuse(before.name, "it was written anew while it was read", hint="run it again")
            yield from found.entries()
    except OSError as error:
        raise _unread(before.name, error) from error


def _unread(name: str, error: OSError) -> UsageError:
    return UsageError(f"`{name}` cannot be read: {error.strerror}", hint="nothing was counted")


def _report(name: str, found: dict[str, Any]) -> Opened:
    require_schema(name, found.get("schema"), REPORT)
    require(name, found, "report-v1", found)
    verdicts = Counter(item["gate"]["verdict"] for item in found["assessments"])
    require_told(name, found["summary"], verdicts, {len(found["unassessed"])})
    return opened_as(name, "report", found, lambda: _entries(found))


def _entries(found: dict[str, Any]) -> Iterator[Entry]:
    for item in found["unassessed"]:
        yield Entry("unassessed", item)
    for item in found["assessments"]:
        yield Entry("assessment", item)
    yield from gone(found)
