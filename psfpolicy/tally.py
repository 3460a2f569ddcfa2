"""What a run comes to, counted file by file, so that it need not remember the files."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.met import Met, Spot
from psfpolicy.model.report import STATUSES, InputFile, Position, Problem, Summary, Unassessed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psfpolicy.model.lines import Withdrawn
    from psfpolicy.model.report import Assessment, CatalogueAge, Verdict, WaiverUse
    from psfpolicy.model.run import Decided, Outcome, Request
    from psfpolicy.packed import Packed
    from psfpolicy.targets import Row


class _Count(NamedTuple):
    """What one descriptor adds to the counts."""

    verdict: Verdict
    statuses: tuple[int, ...]
    """Findings by status, in the order of `STATUSES`."""
    accepted: int


class Tally:
    """The counts of a run, and as much of what it assessed as its reports show.

    Two descriptors of one identity are told apart: nobody could say which one a verdict is about, so neither counts.

    Args:
        request: What the run was asked.
        found: Its files.
    """

    def __init__(self, request: Request, found: Row) -> None:
        self._found = found
        self._keeping = request.keeping
        self._waived = {(item.id, item.descriptor) for item in request.waivers}
        self._met = Met(len(found))
        self._counts: list[_Count] = []
        """There are far fewer than descriptors."""
        self._numbers: dict[_Count, int] = {}
        self._sum: Counter[tuple[str, str]] = Counter()
        self._descriptors = 0
        self._packed: Packed | None = None
        self._plain: list[Assessment] = []
        self._gone: set[int] = set()
        """Numbers of descriptors that do not count."""
        self._spots: dict[str, dict[Spot, Position]] = {}
        """Where descriptors of one identity were met, in the order of the run."""
        self._withdrawn: list[tuple[Spot, str]] = []
        self._failures: dict[int, Unassessed] = {}
        self._failed = 0
        self._uses: list[tuple[int, WaiverUse]] = []
        self._inputs: dict[InputFile, None] = {}
        self.catalogue_age: CatalogueAge | None = None
        """How old the rows are that decided; None where nothing was decided."""
        self.files = 0
        """Files that were counted."""
        self.empty = True
        """No file held a descriptor."""

    def add(self, outcome: Outcome) -> str:
        """Count what the next file came to, and give its line, where lines are wanted."""
        number = self.files
        self.files += 1
        first = self._descriptors
        self._descriptors += len(outcome.decided)
        spots = [
            Spot(number, *_region(item.place, outcome.name), self._counted(item), first + index)
            for index, item in enumerate(outcome.decided)
        ]
        earlier = [self._met.meet(item.id, spot) for item, spot in zip(outcome.decided, spots, strict=True)]
        shared = {item.id: spot for item, spot in zip(outcome.decided, earlier, strict=True) if spot is not None}
        for item, spot in zip(outcome.decided, spots, strict=True):
            self._keep(item, spot, counting=item.id not in shared)
            if item.id in shared:
                self._clash(item, spot, shared[item.id])
        self.catalogue_age = self.catalogue_age or outcome.catalogue_age
        self.empty = self.empty and not outcome.decided and outcome.unassessed is None
        if self._keeping == "whole":
            self._inputs |= dict.fromkeys(outcome.inputs)
        if outcome.unassessed is not None:
            self._failed += 1
            if self._keeping != "nothing":
                self._failures[number] = outcome.unassessed
        line = outcome.line or ""
        return self._mended(line, outcome, spots, shared) if line and shared else line

    def summary(self) -> Summary:
        """Give the counts."""
        return Summary(
            descriptors=self._descriptors - len(self._gone),
            unassessed=self._failed + len({spot.file for spots in self._spots.values() for spot in spots}),
            verdicts={name: self._sum["verdict", name] for name in ("undecided", "fail", "advisory", "pass")},
            statuses={name: self._sum["status", name] for name in STATUSES},
        )

    @property
    def accepted(self) -> int:
        """Findings that were accepted."""
        return self._sum["accepted", ""]

    @property
    def uses(self) -> tuple[WaiverUse, ...]:
        """What became of waivers; where the report does not show them all, of those of the file."""
        return tuple(use for number, use in self._uses if number not in self._gone)

    @property
    def inputs(self) -> tuple[InputFile, ...]:
        """The files that were read, by name, where the report shows them."""
        return tuple(sorted(self._inputs, key=lambda item: item.file))

    def assessments(self) -> Sequence[Assessment]:
        """Give the assessments that count, as much of them as is kept; nothing is added after that."""
        if self._packed is not None:
            return self._packed.without(self._gone) if self._gone else self._packed
        return tuple(item for number, item in enumerate(self._plain) if number not in self._gone)

    def unassessed(self) -> tuple[Unassessed, ...]:
        """Give the files that could not be fully assessed, by name, where the report shows them."""
        if self._keeping == "nothing":
            return ()
        problems: dict[int, list[tuple[Spot, Problem]]] = {}
        for id_, spots in self._spots.items():
            for spot, place in spots.items():
                problems.setdefault(spot.file, []).append((spot, self._problem(id_, place, spots)))
        clashing = {
            file: Unassessed(file=self._found[file].name, problems=tuple(problem for _, problem in sorted(found)))
            for file, found in problems.items()
        }
        return tuple(item for _, item in sorted((self._failures | clashing).items()))

    def withdrawn(self) -> tuple[Withdrawn, ...]:
        """Give the assessments on earlier lines that do not count, by file."""
        from psfpolicy.model.lines import Withdrawn  # noqa: PLC0415  # a run that writes no lines needs none of it

        return tuple(
            Withdrawn(id=id_, file=self._found[spot.file].name, line=spot.start_line)
            for spot, id_ in sorted(self._withdrawn)
        )

    def _counted(self, item: Decided) -> int:
        count = _Count(item.verdict, tuple(item.statuses.get(name, 0) for name in STATUSES), item.accepted)
        if count not in self._numbers:
            self._numbers[count] = len(self._counts)
            self._counts.append(count)
        return self._numbers[count]

    def _sum_up(self, count: _Count, sign: int) -> None:
        self._sum["verdict", count.verdict] += sign
        self._sum["accepted", ""] += sign * count.accepted
        for name, found in zip(STATUSES, count.statuses, strict=True):
            self._sum["status", name] += sign * found

    def _keep(self, item: Decided, spot: Spot, *, counting: bool) -> None:
        if counting:
            self._sum_up(self._counts[spot.tally], 1)
        else:
            self._gone.add(spot.number)
        shows_all = self._keeping == "whole"
        self._uses += [
            (spot.number, use) for use in item.waivers if shows_all or (use.id, use.descriptor) in self._waived
        ]
        if self._keeping == "nothing":
            return
        if isinstance(item.assessment, bytes):
            if self._packed is None:
                from psfpolicy.packed import Packed  # noqa: PLC0415  # a run of a few files needs none of it

                self._packed = Packed()
            self._packed.append(item.assessment)
        else:
            self._plain.append(item.assessment)

    def _clash(self, item: Decided, spot: Spot, first: Spot) -> None:
        """Note a descriptor of an identity that others have, too; the first of them on an earlier line is withdrawn."""
        spots = self._spots.setdefault(item.id, {})
        if not spots and first.file < spot.file:
            name = self._found[first.file].name
            spots[first] = Position(
                file=name,
                start_line=first.start_line,
                start_column=first.start_column,
                end_line=first.end_line,
                end_column=first.end_column,
            )
            self._gone.add(first.number)
            self._withdrawn.append((first, item.id))
            self._sum_up(self._counts[first.tally], -1)
        spots[spot] = item.place

    def _problem(self, id_: str, place: Position, spots: dict[Spot, Position]) -> Problem:
        listed = ", ".join(f"{item.file}:{item.start_line}" for item in spots.values())
        return Problem(
            code="duplicate-identity",
            message=f"`{id_}` is described more than once: {listed}",
            hint="give each deployment its own `metadata.name` within an environment",
            place=place,
            excerpt=None,
        )

    def _mended(self, line: str, outcome: Outcome, spots: Sequence[Spot], shared: dict[str, Spot]) -> str:
        """Give the line of a file without what others describe, too."""
        from psfpolicy.formats.ndjson import line_of  # noqa: PLC0415  # as above

        data = json.loads(line)
        kept = [index for index, item in enumerate(outcome.decided) if item.id not in shared]
        problems = []
        for item, spot in zip(outcome.decided, spots, strict=True):
            if item.id in shared:
                known = self._spots[item.id]
                told = {other: place for other, place in known.items() if other in {next(iter(known)), spot}}
                problems.append(self._problem(item.id, item.place, told))
        data["assessments"] = [data["assessments"][index] for index in kept]
        data["namedAt"] = [data["namedAt"][index] for index in kept]
        data["waivers"] = [use for index in kept for use in outcome.decided[index].waivers]
        data["unassessed"] = Unassessed(file=outcome.name, problems=tuple(problems))
        return line_of(data)


def _region(place: Position, file: str) -> tuple[int, int, int, int]:
    """Give where a name stands in a file; its beginning, where the name is written in a base."""
    if place.file != file:
        return 1, 1, 1, 1
    return place.start_line, place.start_column, place.end_line, place.end_column
