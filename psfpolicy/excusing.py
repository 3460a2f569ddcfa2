"""What lets findings of one descriptor stand, held against them: waivers of a file, and comments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy import waiving
from psfpolicy.ignoring import held, ignores, notice
from psfpolicy.model.granted import REDUCED
from psfpolicy.placing import identity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psfpolicy.ignoring import Ignore
    from psfpolicy.model.place import Path
    from psfpolicy.model.report import Assessment, WaiverUse
    from psfpolicy.model.run import Request
    from psfpolicy.source import Document, Text
    from psfpolicy.waiving import Grant, Held


class Excused:
    """The waivers of a file, and the comments, that are for one descriptor.

    Args:
        document: The descriptor.
        texts: The text of every file that it rests on, by name.
        request: What the run was asked.
    """

    def __init__(self, document: Document, texts: Mapping[str, Text], request: Request) -> None:
        self._document = document
        self._texts = texts
        self._request = request
        self._id = identity(document)
        self._waivers = [item for item in request.waivers if item.descriptor == self._id]
        how = request.ignoring
        self._ignores = () if how is None else ignores(document, texts, how, request.today)
        self._held: list[Held] = []
        self._commented: list[tuple[Ignore, Held]] = []
        self.lapsed: tuple[str, ...] = ()
        """Fingerprints of findings whose waiver has run out."""

    def __bool__(self) -> bool:
        return bool(self._waivers or self._ignores)

    def granted(self, assessment: Assessment, steps: Mapping[str, Sequence[Path]]) -> tuple[Grant, ...]:
        """Give the waivers that count; see `assess`."""
        today, unwaivable = self._request.today, self._request.unwaivable
        found = waiving.candidates(assessment, steps, self._document)
        # What left the scope is known where the base is.
        self._waivers = [item for item in self._waivers if item.control != REDUCED or waiving.is_for(item, found)]
        self._held = [waiving.held(item, found, today=today, unwaivable=unwaivable) for item in self._waivers]
        self._commented = [
            (item, held(item, found, assessment.id, today=today, unwaivable=unwaivable))
            for item in self._ignores
            if not item.wrong
        ]
        self.lapsed = waiving.lapsed([*self._held, *(each for _, each in self._commented)])
        return waiving.grants([*self._held, *(each for _, each in self._commented)])

    def uses(self, assessment: Assessment) -> tuple[WaiverUse, ...]:
        """Say what became of each, of comments those that are for a finding."""
        covered = {item.fingerprint: item.waiver for item in (*assessment.answers, *assessment.reduced)}
        told = [*self._held, *(each for _, each in self._commented if each.state != "unused")]
        return waiving.uses(told, covered, self._request.today)

    def noticed(self, assessment: Assessment) -> Assessment:
        """Give an assessment with the comments that ignore nothing."""
        wrong = [
            notice(item, assessment.id, item.wrong, item.hint, self._texts) for item in self._ignores if item.wrong
        ]
        idle = [
            notice(item, assessment.id, f"ignores nothing: {each.message}", "Take it out", self._texts)
            for item, each in self._commented
            if each.state not in {"used", "expired"} and not (item.shared and each.state == "unused")
        ]
        found = sorted((*wrong, *idle), key=lambda item: (item.place.file, item.place.start_line))
        return replace(assessment, ignores=tuple(found)) if found else assessment
