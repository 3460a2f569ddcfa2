"""Many assessments in little memory: each is packed, and kept in a file without a name, until it is shown."""

from __future__ import annotations

import pickle
import zlib
from array import array
from collections.abc import Sequence
from dataclasses import replace
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, overload
from weakref import finalize

from psfpolicy.errors import ReportError

if TYPE_CHECKING:
    from collections.abc import Container

    from psfpolicy.model.report import Assessment
    from psfpolicy.model.run import Outcome, Request

_IN_MEMORY = 2**18
"""Bytes that are kept before there is a file."""


def kept(outcome: Outcome, request: Request, *, packing: bool) -> Outcome:
    """Give what is kept of an outcome: its line, where lines are wanted, and as much of its assessments as is shown.

    Args:
        outcome: What a file came to.
        request: What the run was asked.
        packing: There are many, so that the assessments are packed.
    """
    line = _line(outcome) if request.lines else None
    if request.keeping == "whole" and not packing:
        return replace(outcome, line=line)
    shown = {"whole": unpacked, "verdicts": _verdict}.get(request.keeping)
    decided = tuple(
        replace(item, assessment=packed(shown(item.assessment)) if shown else b"") for item in outcome.decided
    )
    return replace(outcome, decided=decided, line=line)


def _line(outcome: Outcome) -> str:
    # A run that writes no lines needs none of it.
    from psfpolicy.formats.ndjson import line_of  # noqa: PLC0415
    from psfpolicy.model.lines import SCHEMA, RunFile  # noqa: PLC0415

    return line_of(
        RunFile(
            schema=SCHEMA,
            kind="file",
            file=outcome.name,
            inputs=outcome.inputs,
            catalogue=outcome.catalogue_age,
            assessments=tuple(unpacked(item.assessment) for item in outcome.decided),
            named_at=tuple(item.place for item in outcome.decided),
            unassessed=outcome.unassessed,
            waivers=tuple(use for item in outcome.decided for use in item.waivers),
        )
    )


def _verdict(item: Assessment | bytes) -> Assessment:
    """Give an assessment with no more than its verdict line needs."""
    return replace(
        unpacked(item),
        domains=(),
        apart=(),
        controls=(),
        findings=(),
        baseline=None,
        flows=(),
        undeclared=(),
        declared_none=(),
        reduced=(),
        ignores=(),
        fixed=(),
    )


def packed(assessment: Assessment) -> bytes:
    """Give an assessment in about a twentieth of its memory."""
    return zlib.compress(pickle.dumps(assessment, pickle.HIGHEST_PROTOCOL), level=1)


def unpacked(item: Assessment | bytes) -> Assessment:
    """Give an assessment that may be packed, by `packed`: nothing else is ever unpickled."""
    if not isinstance(item, bytes):
        return item
    assessment: Assessment = pickle.loads(zlib.decompress(item))  # noqa: S301  # our own, see above
    return assessment


class Packed(Sequence["Assessment"]):
    """Assessments that are unpacked one at a time.

    They are kept in a temporary file that has no name, once they are more than a few, and `packed` gave each, in this
    process or in one that it started: nothing else is ever unpickled.

    Args:
        items: Packed assessments.

    Raises:
        ReportError: They cannot be kept.
    """

    def __init__(self, items: Sequence[bytes] = ()) -> None:
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # open as long as this is
        finalize(self, self._file.close)
        self._ends = array("Q", [0])
        self._shown: Sequence[int] = range(0)
        for item in items:
            self.append(item)

    def append(self, item: bytes) -> None:
        """Keep one more, at the end."""
        try:
            self._file.seek(self._ends[-1])
            self._file.write(item)
        except OSError as error:
            raise ReportError(
                f"the folder for temporary files cannot keep what was assessed: {error.strerror}",
                hint="make room there, or name another with TMPDIR; a run that writes `ndjson` alone needs none",
            ) from error
        self._ends.append(self._ends[-1] + len(item))
        self._shown = range(len(self._ends) - 1)

    def without(self, numbers: Container[int]) -> Packed:
        """Leave some out, by their numbers from 0; nothing is appended after that."""
        self._shown = array("Q", [number for number in self._shown if number not in numbers])
        return self

    def __len__(self) -> int:
        return len(self._shown)

    @overload
    def __getitem__(self, index: int) -> Assessment: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Assessment, ...]: ...

    def __getitem__(self, index: int | slice) -> Assessment | tuple[Assessment, ...]:
        if isinstance(index, slice):
            return tuple(self[number] for number in range(*index.indices(len(self))))
        number = self._shown[index]
        self._file.seek(self._ends[number])
        return unpacked(self._file.read(self._ends[number + 1] - self._ends[number]))
