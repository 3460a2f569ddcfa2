"""What is written into files of waivers and of accepted findings."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple

from psfpolicy import source
from psfpolicy.errors import UsageError
from psfpolicy.model.granted import AcceptedEntry
from psfpolicy.model.report import GOOD
from psfpolicy.source import Mapping, Sequence
from psfpolicy.waivers import waivers_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from psfpolicy.model.granted import AcceptedFile
    from psfpolicy.model.report import Assessment, Finding, Notice, Report, Status

_INDENT = "  "
_PLAIN = "quote it, or write it into the file yourself"


class Found(NamedTuple):
    """A finding that a waiver can be written for."""

    descriptor: str
    control: str
    path: str
    status: str
    digest: str
    fingerprint: str


def found_in(report: Any) -> tuple[Found, ...]:
    """Give the findings of a report, as JSON has it, that are no pass, and what is undeclared or has left the scope.

    Raises:
        KeyError, TypeError, AttributeError: It is no report.
    """
    found = []
    for item in report["assessments"]:
        open_ = [each for each in item["findings"] if each["status"] not in GOOD]
        notices = [*item["undeclared"], *item.get("reduced", ())]
        found += [_found(item["id"], each, each["status"]) for each in open_]
        found += [_found(item["id"], each, "fail") for each in notices]
    comparison = report.get("comparison") or {}
    found += [_found(gone["id"], gone["notice"], "fail") for gone in comparison.get("vanished", ())]
    return tuple(found)


def _found(descriptor: str, item: Any, status: str) -> Found:
    found = Found(descriptor, item["control"], item["path"], status, item["digest"], item["fingerprint"])
    if not all(isinstance(part, str) for part in found):
        raise TypeError(found)
    return found


def picked(prefix: str, found: Iterable[Found]) -> Found:
    """Give the one finding whose fingerprint begins so.

    Raises:
        UsageError: There is none, or several, or it cannot be waived.
    """
    fitting = [item for item in found if prefix and item.fingerprint.startswith(prefix.lower())]
    if not fitting:
        hint = "`psfpolicy check --format json` gives each finding's; one that passes needs no waiver"
        raise UsageError(f"no finding has a fingerprint that begins with `{prefix}`", hint=hint)
    if len(fitting) > 1:
        raise UsageError(f"{len(fitting)} findings have a fingerprint that begins with `{prefix}`", hint="give more")
    if fitting[0].status == "error":
        raise UsageError(f"`{prefix}` could not be decided, and no waiver covers an error", hint="mend what it says")
    return fitting[0]


def appended(data: bytes, file: str, entries: Iterable[dict[str, str]], *, days: int) -> str:
    """Give the text of a file of waivers with more of them at its end; what stands there stays as it is.

    Args:
        data: The file; empty for a new one.
        file: Its name.
        entries: The waivers.
        days: How long one may last.

    Raises:
        DocumentError: The file, or one of the new waivers, is not valid.
        UsageError: The file is written so that nothing can be added at its end.
    """
    before = waivers_in(data, file, days=days)
    text = data.decode("utf-8-sig")
    documents = source.read(data, file=file)
    if not documents:
        whole = text + ("" if not text or text.endswith("\n") else "\n") + "waivers:\n" + _block(entries, _INDENT)
    else:
        start, end, indent = _list_of(documents[0], text, file)
        whole = text[:start] + _block(entries, indent, text[:start]) + text[end:]
    after = waivers_in(whole.encode(), file, days=days)
    if [item.id for item in before] != [item.id for item in after[: len(before)]]:
        raise UsageError(f"`{file}` is written so that nothing can be added to it", hint=_PLAIN)
    return whole


def _list_of(document: source.Document, text: str, file: str) -> tuple[int, int, str]:
    """Give the stretch of a text that new items of the list take, and their indentation."""
    assert isinstance(document.root, Mapping)  # noqa: S101  # it met its schema
    listed = document.root.members["waivers"].value
    assert isinstance(listed, Sequence)  # noqa: S101  # likewise
    if not listed.items:
        return listed.start, listed.end, _INDENT
    line = text.rfind("\n", 0, listed.start) + 1
    indent = text[line : listed.start]
    last = text.find("\n", listed.end)
    if text[listed.start] != "-" or indent.strip():
        raise UsageError(f"`{file}` does not write each waiver as an item of its own lines", hint=_PLAIN)
    end = len(text) if last < 0 else last + 1
    return end, end, indent


def _block(entries: Iterable[dict[str, str]], indent: str, before: str = "\n") -> str:
    lines = "" if before.endswith(("\n", "\r")) else "\n"
    for entry in entries:
        for number, (key, value) in enumerate(entry.items()):
            lead = "- " if number == 0 else _INDENT
            lines += f"{indent}{lead}{key}: {json.dumps(value, ensure_ascii=False)}\n"
    return lines.replace("\n", "\r\n") if before.endswith("\r\n") else lines


def accepted_now(report: Report) -> tuple[AcceptedEntry, ...]:
    """Give the findings of a report that can be accepted: those that are no pass, no error and not waived."""
    found = [entry for item in report.assessments for entry in _acceptable(item)]
    return tuple(sorted(found, key=lambda item: (item.descriptor, item.control, item.path, item.fingerprint)))


def _acceptable(item: Assessment) -> Iterator[AcceptedEntry]:
    for each, status in _with_status(item):
        if each.waiver is None and (status == "fail" or status == "partial"):  # noqa: PLR1714  # so mypy narrows it
            yield AcceptedEntry(
                descriptor=item.id,
                control=each.control,
                path=each.path,
                status=status,
                fingerprint=each.fingerprint,
                digest=each.digest,
            )


def _with_status(item: Assessment) -> Iterator[tuple[Finding | Notice, Status]]:
    yield from ((each, each.status) for each in item.findings)
    yield from ((each, "fail") for each in item.undeclared)


def shrunk(file: AcceptedFile, report: Report) -> tuple[AcceptedEntry, ...]:
    """Give what is left of accepted findings: those that are still found with the same values."""
    open_ = {
        (item.id, each.control, each.path, each.fingerprint, each.digest)
        for item in report.assessments
        for each, status in _with_status(item)
        if status in {"fail", "partial", "error"}
    }
    return tuple(
        item
        for item in file.findings
        if (item.descriptor, item.control, item.path, item.fingerprint, item.digest) in open_
    )


def accepted_text(date: str, commit: str | None, findings: Iterable[AcceptedEntry]) -> str:
    """Give the text of a file of accepted findings, one a line, so that a change of it shows which."""
    head = {"date": date} if commit is None else {"date": date, "commit": commit}
    lines = [json.dumps(asdict(item), ensure_ascii=True) for item in findings]
    opening = "".join(f"  {json.dumps(key)}: {json.dumps(value)},\n" for key, value in head.items())
    listed = "".join(f"\n    {line}{',' if number < len(lines) else ''}" for number, line in enumerate(lines, 1))
    return "{\n" + opening + '  "findings": [' + listed + ("\n  ]\n}\n" if lines else "]\n}\n")
