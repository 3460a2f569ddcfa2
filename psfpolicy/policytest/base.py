"""What a run of tests is asked, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from pathlib import Path

    from psfpolicy.model.report import Status

Kind: TypeAlias = Literal["rule", "fixture", "control"]
"""What a case is: a rule of a `_test.rego`, a file of fixtures, or what holds for a control as a whole."""
Outcome: TypeAlias = Literal["pass", "fail", "skip"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing that is wrong, where it is."""

    message: str
    file: str | None = None
    """As the user knows it: relative to the working directory."""
    line: int = 0
    """1-based; 0 where it is about the file as a whole."""
    column: int = 0
    """1-based, in code points; 0 where it is about the line as a whole."""
    excerpt: str | None = None
    """The line."""
    notes: tuple[str, ...] = ()
    """What was found instead, and what to do."""

    @property
    def at(self) -> str:
        """Give the place and what is wrong there."""
        place = ":".join((self.file or "", *(str(number) for number in (self.line, self.column) if number)))
        return f"{place}: {self.message}" if self.file else self.message

    def lines(self) -> tuple[str, ...]:
        """Give it as lines for people, the source line with a caret."""
        shown = []
        if self.excerpt is not None and self.line:
            number = str(self.line)
            text = self.excerpt.expandtabs(1)
            shown.append(f"    {number} | {text}")
            if self.column:
                shown.append(f"    {' ' * len(number)} | {' ' * min(self.column - 1, len(text))}^")
        return (self.at, *shown, *(f"  {note}" for note in self.notes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One test, and what came of it."""

    kind: Kind
    file: str
    name: str
    """The rule, the file of fixtures or the id of the control."""
    outcome: Outcome
    troubles: tuple[Trouble, ...] = ()
    gave: tuple[tuple[str, Status], ...] = ()
    """The controls that it decides, each with the status that it shows."""
    hollow: tuple[tuple[str, Status], ...] = ()
    """What its name says that it shows, where it holds whatever the control answers."""

    def failed(self, *troubles: Trouble) -> Case:
        """Give it with more that is wrong."""
        return replace(self, outcome="fail", troubles=(*self.troubles, *troubles)) if troubles else self


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the tests reach of a control."""

    control: str
    file: str
    lines: int
    """Lines of its Rego that can be reached."""
    missed: tuple[int, ...]
    """Those that no test and no fixture reaches."""
    passing: int
    """Cases in which it passes."""
    failing: int
    """Cases in which it fails, or passes in part."""

    @property
    def percent(self) -> int:
        """Give the share that is reached, rounded down."""
        return 100 if not self.lines else (self.lines - len(self.missed)) * 100 // self.lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a run came to."""

    title: str
    """What was tested: `pack bank 1.0.0`."""
    cases: tuple[Case, ...]
    coverage: tuple[Coverage, ...]
    """Of each control under test, by id; none where only some of the tests were run."""
    engines: tuple[str, ...]
    """Names and versions of what ran them."""

    @property
    def failed(self) -> int:
        """Count the cases that failed."""
        return sum(case.outcome == "fail" for case in self.cases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be tested."""

    folder: Path
    """A pack, or a checkout of psfpolicy."""
    today: str
    """The as-of date of the fixtures, YYYY-MM-DD."""
    pattern: str | None = None
    """A regular expression that names of tests hold; None for all of them."""
