"""Files of waivers and of accepted findings: reading them, and everything that is wrong with them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from psfpolicy import schema, source
from psfpolicy.contents import bytes_of
from psfpolicy.errors import DocumentError
from psfpolicy.files import DISK
from psfpolicy.mistake import Mistake, located, shown
from psfpolicy.model.granted import LONGEST_DAYS, AcceptedEntry, AcceptedFile, Waiver
from psfpolicy.placing import position

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.files import Files
    from psfpolicy.source import Document


def read_waivers(path: str, file: str, files: Files = DISK, *, days: int = LONGEST_DAYS) -> tuple[Waiver, ...]:
    """Read a file of waivers; an empty one holds none.

    Args:
        path: Where to open it.
        file: How reports call it.
        files: Where it is read from.
        days: How long a waiver may last.

    Raises:
        OSError: It cannot be read.
        DocumentError: It is not valid; with everything that is wrong, each at its place.
    """
    return waivers_in(bytes_of(path, files), file, days=days)


def waivers_in(data: bytes, file: str, *, days: int = LONGEST_DAYS) -> tuple[Waiver, ...]:
    """Read the text of a file of waivers.

    Raises:
        DocumentError: It is not valid; with everything that is wrong, each at its place.
    """
    document = _document(data, file, "waivers-v1")
    if document is None:
        return ()
    rows: Any = document.data
    mistakes = [mistake for index, row in enumerate(rows["waivers"]) for mistake in _days(index, row, days)]
    _refuse([*mistakes, *_doubled(rows["waivers"])], document)
    return tuple(
        Waiver(
            **{key: value for key, value in row.items() if key != "reason"},
            place=position(document.locate(("waivers", index)).place),
        )
        for index, row in enumerate(rows["waivers"])
    )


def read_accepted(path: str, file: str, files: Files = DISK) -> AcceptedFile | None:
    """Read a file of accepted findings; None where it is empty.

    Args:
        path: Where to open it.
        file: How reports call it.
        files: Where it is read from.

    Raises:
        OSError: It cannot be read.
        DocumentError: It is not valid; with everything that is wrong, each at its place.
    """
    document = _document(bytes_of(path, files), file, "accepted-v1")
    if document is None:
        return None
    data: Any = document.data
    _refuse(_no_such_day(("date",), data["date"]), document)
    return AcceptedFile(
        file=file,
        date=data["date"],
        commit=data.get("commit"),
        findings=tuple(AcceptedEntry(**row) for row in data["findings"]),
    )


def _document(data: bytes, file: str, name: str) -> Document | None:
    """Give the one document of a file, which meets its schema; None for an empty file."""
    documents = source.read(data, file=file)
    for number, document in enumerate(documents):
        if number:
            hint = "put all of it into one document"
            _refuse([Mistake((), "too-many", "is the second of its file, which must hold one", hint)], document)
        found = schema.diagnostics_of(document, name)
        if found:
            raise DocumentError("the file is not valid", found)
    return documents[0] if documents else None


def _refuse(mistakes: Iterator[Mistake] | list[Mistake], document: Document) -> None:
    found = located(mistakes, document)
    if found:
        raise DocumentError("the file is not valid", found)


def _days(index: int, row: Any, most: int) -> Iterator[Mistake]:
    wrong = [mistake for key in ("created", "expires") for mistake in _no_such_day(("waivers", index, key), row[key])]
    yield from wrong
    if wrong:
        return
    path = ("waivers", index, "expires")
    lasts = (date.fromisoformat(row["expires"]) - date.fromisoformat(row["created"])).days
    if lasts < 0:
        yield Mistake(path, "ends-first", f"is {shown(row['expires'])}, before it was created")
    if lasts > most:
        hint = "choose an earlier day; a waiver that is still needed then is renewed in review"
        yield Mistake(path, "too-long", f"is {lasts} days after it was created, and at most {most} are allowed", hint)


def _no_such_day(path: tuple[str | int, ...], day: str) -> Iterator[Mistake]:
    try:
        date.fromisoformat(day)
    except ValueError:
        yield Mistake(path, "no-such-day", f"is {shown(day)}, a day that does not exist")


def _doubled(rows: Any) -> Iterator[Mistake]:
    first: dict[str, int] = {}
    for index, row in enumerate(rows):
        if row["id"] in first:
            says = f"is {shown(row['id'])}, which another waiver is called too"
            yield Mistake(("waivers", index, "id"), "duplicate-id", says, first=("waivers", first[row["id"]], "id"))
        first.setdefault(row["id"], index)
