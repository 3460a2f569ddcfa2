"""What the tests reach of each control, and whether each has a case that passes and one that fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.policytest.base import Case, Coverage, Trouble

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from psfpolicy.policytest.rules import Reached
    from psfpolicy.policytest.subject import Subject


def covered(subject: Subject, cases: Sequence[Case], runs: Sequence[Mapping[str, Reached]]) -> tuple[Coverage, ...]:
    """Give what some runs reach of each control together.

    Args:
        subject: What was tested.
        cases: What came of it; one that failed shows nothing of a control.
        runs: What each run reached, by staged file.
    """
    gave = [item for case in cases if case.outcome == "pass" for item in case.gave]
    found = []
    for control in subject.controls:
        staged = subject.file_of(control)
        lines, missed = _lines([reached[staged] for reached in runs if staged in reached])
        statuses = [status for id_, status in gave if id_ == control]
        found.append(
            Coverage(
                control=control,
                file=subject.sources.shown(staged),
                lines=lines,
                missed=missed,
                passing=statuses.count("pass"),
                failing=statuses.count("fail") + statuses.count("partial"),
            )
        )
    return tuple(found)


def held_to_cases(coverage: Sequence[Coverage], cases: Sequence[Case], subject: Subject) -> Iterator[Case]:
    """Give a failure for each control that no case shows to pass, or none to fail."""
    for item in coverage:
        lacking = [word for word, count in (("pass", item.passing), ("fail", item.failing)) if not count]
        unreached = item.lines == len(item.missed)
        if not lacking and not unreached:
            continue
        message = f"no case shows `{item.control}` to {' or to '.join(lacking)}"
        if not lacking:
            message = f"no test reaches a line of `{item.control}`: the names of its tests say what they do not show"
        folder, _, name = item.control.partition("-")
        tests = f"rego/psfpolicy/controls/{folder}/{name.replace('-', '_')}_test.rego"
        notes = tuple(
            f"write a rule `test_{word}_…` in {tests}"
            + ("" if subject.whole else f", or a fixture in which it is {word}")
            for word in lacking
        )
        hollow = tuple(
            f"`{case.name.rpartition('.')[2]}` shows nothing: it holds where `{item.control}` finds nothing at all"
            for case in cases
            if item.control in dict(case.hollow)
        )
        trouble = Trouble(message=message, file=item.file, notes=(*hollow, *notes))
        yield Case(kind="control", file=item.file, name=item.control, outcome="fail", troubles=(trouble,))


def _lines(reached: Sequence[Reached]) -> tuple[int, tuple[int, ...]]:
    """Count the lines that can be reached, and give those that no run reaches."""
    if not reached:
        return 0, ()
    every = {span[0] for item in reached for span in item.every}
    missed = frozenset.intersection(*(item.missed for item in reached))
    return len(every), tuple(sorted({span[0] for span in missed}))
