"""Data from elsewhere, held to the schema of reports: what is not of it is refused with its reason."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NoReturn, TypeAlias

from psfpolicy import __version__
from psfpolicy.errors import UsageError
from psfpolicy.schema import accepts, mistakes_of

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator

    from psfpolicy.model.fleet import SourceKind

REPORT = "psfpolicy/report/v1"
RUN = "psfpolicy/run/v1"
"""The schemas that are read."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_SHOWN = 3
"""Mistakes of a report that are told."""

EntryKind: TypeAlias = Literal["assessment", "unassessed", "gone", "interrupted"]


class Entry(NamedTuple):
    """One thing that a report says."""

    kind: EntryKind
    value: dict[str, Any]
    """An assessment, a file that could not be assessed, or a descriptor that is gone, as the report's schema has it; of
    an interrupted run, how many files are `remaining`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A report of which the head was read."""

    name: str
    kind: SourceKind
    as_of: str
    generated_at: str
    version: str
    """Of the psfpolicy that wrote it."""
    policy: str
    only_new: bool
    entries: Callable[[], Iterator[Entry]]
    """Reads the rest, and raises a UsageError where it is not what it claims to be, or does not end."""


def opened_as(name: str, kind: SourceKind, head: dict[str, Any], entries: Callable[[], Iterator[Entry]]) -> Opened:
    """Give a report of which the head, which is of its schema, was read."""
    if not (_DAY.fullmatch(head["asOf"]) and _INSTANT.fullmatch(head["generatedAt"])):
        refuse(name, "`asOf` is no day, or `generatedAt` no time in UTC, by which the newer of two reports is told")
    return Opened(
        name=name,
        kind=kind,
        as_of=head["asOf"],
        generated_at=head["generatedAt"],
        version=head["tool"]["version"],
        policy=head["policy"]["digest"],
        only_new=bool((head.get("comparison") or {}).get("failOnNew")),
        entries=entries,
    )


def gone(head: dict[str, Any]) -> Iterator[Entry]:
    """Give the descriptors that are there no more, where a run compares with a base."""
    for item in (head.get("comparison") or {}).get("vanished", ()):
        yield Entry("gone", item)


def require_schema(name: str, schema: object, wanted: str) -> None:
    """Refuse a file of another kind or version."""
    if schema == wanted:
        return
    if isinstance(schema, str) and schema.startswith("psfpolicy/"):
        hint = f"this is psfpolicy {__version__}, which reads `{REPORT}` and `{RUN}`"
        raise UsageError(f"`{name}` is of another version: its schema is `{schema[:80]}`", hint=hint)
    hint = "`psfpolicy check --format json` writes a report"
    raise UsageError(f"`{name}` is neither a report of psfpolicy nor a descriptor", hint=hint)


def require(name: str, value: Any, schema: str, head: dict[str, Any], line: int | None = None) -> None:
    """Hold data to a schema.

    Args:
        name: The file.
        value: The data.
        schema: The schema, or a definition of it.
        head: Says which psfpolicy wrote it.
        line: The line that it is on, where that says anything.
    """
    if accepts(value, schema):
        return
    said = sorted({f"  {'.'.join(map(str, item.path)) or 'it'} {item.says}" for item in mistakes_of(value, schema)})
    more = (f"  and {len(said) - _SHOWN} more",) if len(said) > _SHOWN else ()
    tool = head.get("tool")
    version = str(tool.get("version"))[:40] if isinstance(tool, dict) else "?"
    told = f"psfpolicy {version} wrote it, and this is {__version__}: update psfpolicy"
    where = "" if line is None else f", line {line},"
    raise UsageError(
        f"`{name}`{where} is not of the shape of `{REPORT}`",
        details=(*said[:_SHOWN], *more),
        hint="write the report anew, or leave it out" if version == __version__ else told,
    )


def require_told(name: str, summary: dict[str, Any], verdicts: Counter[str], unassessed: set[int]) -> None:
    """Refuse a report whose summary is not that of what it holds: something was taken out of it, or put in.

    Args:
        name: The file.
        summary: What it says of itself.
        verdicts: What it holds.
        unassessed: Numbers of files that could not be assessed, each of which may be told.
    """
    told = {verdict: count for verdict, count in summary["verdicts"].items() if count}
    if (told, summary["descriptors"]) != (dict(verdicts), verdicts.total()) or summary["unassessed"] not in unassessed:
        said = f"{summary['descriptors']} descriptors and {summary['unassessed']} files not assessed"
        held = f"{verdicts.total()} and {max(unassessed)}, or other verdicts"
        refuse(name, f"its summary says {said}, and it holds {held}")


def refuse(name: str, why: str, *, hint: str = "write the report anew, or leave it out") -> NoReturn:
    """Refuse a file.

    Raises:
        UsageError: Always.
    """
    raise UsageError(f"`{name}` cannot be read as a report: {why}", hint=hint)


def json_object(content: bytes) -> dict[str, Any] | None:
    """Give a JSON object; None for anything else."""
    try:
        value = _parsed(content)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def syntax(content: bytes) -> str:
    """Say why something is no JSON object."""
    try:
        _parsed(content)
    except json.JSONDecodeError as error:
        return f"line {error.lineno}, column {error.colno}: {error.msg}"
    except UnicodeDecodeError:
        return "it is not UTF-8"
    except RecursionError:
        return "it is nested too deeply"
    except ValueError as error:
        return str(error)
    return "it is no JSON object"


def _parsed(content: bytes) -> Any:
    return json.loads(content.decode(), parse_constant=_no_number)


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number of JSON")
