"""Suites and cases of JUnit XML, as Jenkins and GitLab read them."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final, Literal

from psfpolicy.inert import inert

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="psfpolicy">\n'
"""What stands before the suites."""
FOOT: Final = "</testsuites>\n"
"""What stands behind them."""


@dataclass(frozen=True, slots=True)
class SuiteCase:
    """One case: what it is called and what came of it."""

    name: str
    outcome: Literal["error", "failure", "skipped", ""] = ""
    """Empty for a pass."""
    kind: str = ""
    said: tuple[str, ...] = ()
    """One line each; the first is the message."""


def suite(name: str, file: str, cases: Iterable[SuiteCase]) -> Iterator[str]:
    """Give a suite.

    Args:
        name: What it is called.
        file: The file that it is about.
        cases: What is in it.
    """
    listed = list(cases)
    outcomes = [case.outcome for case in listed]
    counts = {"tests": len(listed), "failures": outcomes.count("failure"), "errors": outcomes.count("error")}
    counts["skipped"] = outcomes.count("skipped")
    shown = " ".join(f'{what}="{number}"' for what, number in counts.items())
    yield f"  <testsuite name={_quoted(name)} {shown} file={_quoted(file)}>\n"
    for case in listed:
        yield from _written(case, name)
    yield "  </testsuite>\n"


def _written(case: SuiteCase, name: str) -> Iterator[str]:
    # GitLab calls the suite what the class is called, and tells cases apart by both names.
    head = f"    <testcase classname={_quoted(name)} name={_quoted(case.name)}"
    if not case.outcome:
        yield f"{head}/>\n"
        return
    kind = f" type={_quoted(case.kind)}" if case.kind else ""
    body = "\n".join(escape(inert(line)) for line in case.said)
    yield f"{head}>\n      <{case.outcome}{kind} message={_quoted(case.said[0])}>{body}</{case.outcome}>\n"
    yield "    </testcase>\n"


def _quoted(text: str) -> str:
    return f'"{escape(inert(text))}"'
