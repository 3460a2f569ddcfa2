"""Comments that ignore a finding: `# psfpolicy: ignore[control-id] until=2027-01-31 reason`.

One counts for the line that it stands on, or for the line below it where it stands alone.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from psfpolicy import resources, source
from psfpolicy.digests import digest
from psfpolicy.model.granted import NOTICES, REDUCED, Waiver
from psfpolicy.model.report import Notice
from psfpolicy.placing import excerpt, position
from psfpolicy.source import Text
from psfpolicy.suggest import listed, meant
from psfpolicy.waiving import Held, barring, chosen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from psfpolicy.files import Files
    from psfpolicy.model.granted import Ignoring
    from psfpolicy.model.place import Place
    from psfpolicy.source import Document
    from psfpolicy.source.comments import Comment
    from psfpolicy.waiving import Candidate

_WORD = "psfpolicy"
_MEANT = re.compile(r"#\s*psfpolicy:\s*ignore\b", re.IGNORECASE)
_WHOLE = re.compile(
    r"#\s*psfpolicy:\s*ignore\[(?P<control>[a-z0-9-]+)\]\s+until=(?P<until>[0-9]{4}-[0-9]{2}-[0-9]{2})\s+(?P<reason>\S.*)"
)
_FORM = "write `# psfpolicy: ignore[control-id] until=YYYY-MM-DD reason`"
_MOST_LINES = 50
"""Comments of one stretch that may stand over a line."""
_BOUNDARY = re.compile(r"^---(?=\s|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Ignore:
    """A comment that means to ignore a finding."""

    text: str
    """From the `#` on, blanks at the end left out."""
    place: Place
    line: int
    """The line that it is about."""
    shared: bool
    """It stands in a file that several descriptors may rest on, so that it need not be for this one."""
    control: str = ""
    until: str = ""
    wrong: str = ""
    """Why it does not count, whatever it is for; empty where it does."""
    hint: str = ""


def ignores(document: Document, texts: Mapping[str, Text], how: Ignoring, today: str) -> tuple[Ignore, ...]:
    """Give the comments that mean to ignore a finding, in the files that a descriptor rests on, by file and line.

    Args:
        document: The descriptor.
        texts: The text of every file that it rests on, by name.
        how: Which comments may.
        today: The as-of date.
    """
    found = []
    for name, text in sorted(texts.items()):
        if name.lower().endswith((".json", ".tf", ".hcl", ".tfvars")):
            continue
        comments = tuple(_comments(text))
        if not comments:
            continue
        at_base = None if how.base is None else _at_base(name, how.base)
        here = Counter(comment.text for comment in comments)
        own = _lines_of(document, text) if name == document.file else None
        for comment in comments:
            item = _read(text, comment, how, today, shared=own is None)
            added = at_base is not None and here[comment.text] > at_base[comment.text]
            if added and not item.wrong:
                item = replace(item, wrong="is not at the base, whose policy holds", hint="it counts once it is merged")
            if own is None or item.place.region.start_line in own:
                found.append(item)
    return tuple(found)


def held(item: Ignore, found: Sequence[Candidate], deployment: str, *, today: str, unwaivable: Sequence[str]) -> Held:
    """Hold a comment that may count against the findings of its descriptor."""
    waiver = Waiver(
        id=f"inline:{item.place.file}:{item.place.region.start_line}",
        control=item.control,
        descriptor=deployment,
        path="",
        status="fail",
        digest="",
        owner="",
        approver="",
        ticket="",
        created=today,
        expires=item.until,
        place=position(item.place),
    )
    there = tuple(each for each in found if each.item.control == item.control and _about(item, each))
    barred = barring(waiver, today=today, unwaivable=unwaivable)
    if barred is not None:
        return Held(waiver, *barred, there if barred[0] == "expired" else ())
    open_ = tuple(each for each in there if each.status in {"fail", "partial"})
    if not open_:
        return Held(waiver, "unused", f"nothing of `{item.control}` is found at line {item.line}")
    return chosen(waiver, open_)


def notice(item: Ignore, deployment: str, message: str, hint: str, texts: Mapping[str, Text]) -> Notice:
    """Give what a report says of a comment that ignores nothing."""
    return Notice(
        control="inline-ignore",
        severity="medium",
        message=f"the comment `{item.text if len(item.text) <= 100 else item.text[:99] + '…'}` {message}",
        path="",
        place=position(item.place),
        excerpt=excerpt(item.place, texts),
        fingerprint=digest(["inline-ignore", deployment, item.place.file, item.text]),
        digest=digest(item.text),
        remediation=hint,
    )


def _comments(text: Text) -> Iterator[Comment]:
    if _MEANT.search(text.content) is None:
        return
    # Few files have any, and a run without them does not pay for the scanner.
    from psfpolicy.source.comments import comments  # noqa: PLC0415

    yield from (comment for comment in comments(text, _WORD) if _MEANT.match(comment.text))


def _read(text: Text, comment: Comment, how: Ignoring, today: str, *, shared: bool) -> Ignore:
    place = text.place(comment.start, comment.start + len(comment.text))
    line = place.region.start_line
    if comment.alone:
        below = range(line + 1, line + _MOST_LINES)
        line = next((number for number in below if not text.line(number).lstrip().startswith("#")), line)
    item = Ignore(comment.text, place, line, shared)
    whole = _WHOLE.fullmatch(comment.text)
    if whole is None:
        return replace(item, wrong="says no control, no day or no reason", hint=_FORM)
    item = replace(item, control=whole["control"], until=whole["until"])
    if how.controls is not None and item.control not in how.controls:
        known = "the settings allow none" if not how.controls else f"they allow {listed(how.controls, last='and')}"
        return replace(item, wrong=f"is not allowed by the settings: {known}", hint="grant a waiver instead")
    return _refused(item, how, today)


def _refused(item: Ignore, how: Ignoring, today: str) -> Ignore:
    known = (*(info.id for info in resources.controls()), *(kind for kind in NOTICES if kind != REDUCED))
    if item.control not in known:
        close = meant(item.control, known)
        hint = f"did you mean {listed(close)}?" if close else _FORM
        return replace(item, wrong=f"names `{item.control}`, which is no control", hint=hint)
    try:
        left = (date.fromisoformat(item.until) - date.fromisoformat(today)).days
    except ValueError:
        return replace(item, wrong=f"says `{item.until}`, a day that does not exist", hint=_FORM)
    if left > how.days:
        wrong = f"lasts {left} days more, and at most {how.days} are allowed"
        return replace(item, wrong=wrong, hint="choose an earlier day")
    return item


def _about(item: Ignore, candidate: Candidate) -> bool:
    return (item.place.file, item.line) in candidate.lines


def _at_base(name: str, files: Files) -> Counter[str]:
    """Count the comments of a file as the base has it."""
    try:
        data = files.read(name, source.MAX_BYTES)
    except (OSError, ValueError):
        return Counter()
    return Counter(comment.text for comment in _comments(Text(name, data.decode("utf-8-sig", errors="replace"))))


def _lines_of(document: Document, text: Text) -> range:
    """Give the lines of a file that belong to a document, and not to another."""
    start = document.root.place.region.start_line
    end = text.place(len(text.content), len(text.content)).region.start_line
    bounds = [text.place(found.start(), found.start()).region.start_line for found in _BOUNDARY.finditer(text.content)]
    first = max((line for line in bounds if line <= start), default=1)
    return range(first, min((line for line in bounds if line > start), default=end + 1))
