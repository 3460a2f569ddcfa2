"""Comments of fixtures that say what should be found: `# expect: control-id status, control-id status`.

One is for the line that it stands on, or for the next line with anything else where it stands alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from psfpolicy.policytest.base import Trouble
from psfpolicy.source.comments import comments
from psfpolicy.suggest import listed, meant

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from psfpolicy.source import Text
    from psfpolicy.source.comments import Comment

STATUSES: Final = ("pass", "partial", "fail", "not-applicable")
"""What can be expected; an error never is."""

# A colon was left out before what can only be the id of a control and a status.
_MEANT = re.compile(
    rf"#\s*expect(?:s|ed)?(?:\s*:|\s+[a-z0-9]+(?:-[a-z0-9]+)+\s+(?:{'|'.join(STATUSES)})\b)", re.IGNORECASE
)
_WHOLE = re.compile(r"#\s*expect:\s*(?P<items>\S.*)")
_ITEM = re.compile(r"(?P<control>[a-z0-9-]+)\s+(?P<status>[a-z-]+)")
_FORM: Final = "write `# expect: control-id status`, several with `,` between them"


@dataclass(frozen=True, slots=True, order=True)
class Expected:
    """One finding that should be there."""

    file: str
    line: int
    """The line that it should be found at."""
    control: str
    status: str
    said_at: int
    """The line of the comment."""


def expectations(text: Text, controls: Collection[str]) -> tuple[tuple[Expected, ...], tuple[Trouble, ...]]:
    """Give what the comments of a text expect, and the comments that say nothing that can be expected.

    Args:
        text: The text, of YAML; anything else has no comments that count.
        controls: Ids of the controls that there are.
    """
    expected: list[Expected] = []
    troubles: list[Trouble] = []
    for comment in _comments(text):
        place = text.place(comment.start, comment.start + len(comment.text)).region
        line = _line_of(text, comment, place.start_line)
        wrong = "stands over nothing" if line is None else None
        for item in _items(comment.text):
            mistake = _wrong(item, controls)
            wrong = wrong or mistake
            if line is not None and mistake is None and (found := _ITEM.fullmatch(item)):
                expected.append(Expected(text.file, line, found["control"], found["status"], place.start_line))
        if wrong is not None:
            at = {"file": text.file, "excerpt": text.line(place.start_line)}
            message = f"this expectation {wrong}"
            troubles.append(
                Trouble(message=message, line=place.start_line, column=place.start_column, notes=(_FORM,), **at)
            )
    return tuple(expected), tuple(troubles)


def _comments(text: Text) -> Iterator[Comment]:
    for word in ("xpect", "XPECT"):
        yield from (comment for comment in comments(text, word) if _MEANT.search(comment.text))


def _items(comment: str) -> list[str]:
    """Give what stands between the commas; one empty text for a comment that is not of the form."""
    whole = _WHOLE.fullmatch(comment)
    return [item.strip() for item in whole["items"].split(",")] if whole else [""]


def _line_of(text: Text, comment: Comment, line: int) -> int | None:
    if not comment.alone:
        return line
    end = text.place(len(text.content), len(text.content)).region.start_line
    below = (number for number in range(line + 1, end + 1) if text.line(number).strip())
    return next((number for number in below if not text.line(number).lstrip().startswith("#")), None)


def _wrong(item: str, controls: Collection[str]) -> str | None:
    found = _ITEM.fullmatch(item)
    if found is None:
        return "says no control and status"
    if found["control"] not in controls:
        close = meant(found["control"], sorted(controls))
        hint = f"; did you mean {listed(close)}?" if close else ""
        return f"names `{found['control']}`, which is no control{hint}"
    if found["status"] not in STATUSES:
        return f"says `{found['status']}`, which is none of {listed(STATUSES)}"
    return None
