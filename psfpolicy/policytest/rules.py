"""Rules named `test_…`, run by `opa test`: what holds, what does not and where, and the lines that they reach."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from psfpolicy import resources
from psfpolicy.errors import BuildError
from psfpolicy.policytest.base import Case, Trouble
from psfpolicy.policytest.compiler import refuse_mistakes_of_tests
from psfpolicy.policytest.terms import findings_of, values_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from psfpolicy.building.opa import Opa
    from psfpolicy.model.report import Status
    from psfpolicy.policytest.compiler import Sources

Span = tuple[int, int, int, int]
"""Row and column of the first letter of a piece of Rego, and of what is behind its last."""

CAPABILITIES: Final = "test-capabilities.json"
"""The file beside `rego` that says what tests may call."""

_FOR_TESTS: Final = (
    {
        "name": "internal.test_case",
        "decl": {"args": [{"dynamic": {"type": "any"}, "type": "array"}], "type": "function"},
    },
    {
        "name": "internal.print",
        "decl": {
            "args": [{"dynamic": {"of": {"type": "any"}, "type": "set"}, "type": "array"}],
            "type": "function",
        },
    },
    {"name": "print", "decl": {"type": "function", "variadic": {"type": "any"}}},
)
"""What tests may call beside what a policy may; none of it reaches out of the process."""
_EXPLAINED: Final = 10
"""Rules that fail and are told why."""
_GIVES: Final[Mapping[str, Status]] = {"pass": "pass", "partial": "partial", "fail": "fail"}
"""What a rule named `test_<word>…` shows that its control can give."""


class Reached(NamedTuple):
    """The pieces of a file that a run could reach."""

    every: frozenset[Span]
    missed: frozenset[Span]


class Ran(NamedTuple):
    """What `opa test` came to."""

    cases: tuple[Case, ...]
    rules: tuple[str, ...]
    """The rules that hold, as entry points: `psfpolicy/controls/input/rate_limit_test/test_…`."""
    reached: Mapping[str, Reached]
    """By staged file."""


def allow(tree: Path) -> None:
    """Write what tests may call."""
    known = json.loads(resources.capabilities())
    known["builtins"] = sorted([*known["builtins"], *_FOR_TESTS], key=lambda row: str(row["name"]))
    (tree / CAPABILITIES).write_text(json.dumps(known), encoding="utf-8")


def run(opa: Opa, tree: Path, sources: Sources, *, pattern: str | None, covering: bool) -> Ran:
    """Run the rules of a tree.

    Args:
        opa: What runs them.
        tree: The folder of `rego`, and of `CAPABILITIES`.
        sources: Which of its files are the user's.
        pattern: A regular expression that names must hold; None for all.
        covering: Note the lines that are reached, which takes three times as long.

    Raises:
        BuildError: The tests do not compile.
    """
    options = ["--format", "json", "--capabilities", CAPABILITIES]
    options += ["--run", pattern] if pattern else []
    done = opa.ran("test", *options, "rego", folder=tree)
    try:
        rows: list[dict[str, Any]] = json.loads(done.stdout) or []
    except ValueError:
        refuse_mistakes_of_tests(opa, tree, sources, tree / CAPABILITIES)
        raise BuildError("opa test refused", details=tuple(f"{done.stdout}{done.stderr}".splitlines())) from None
    rows = _explained(opa, tree, rows)
    cases = tuple(sorted((_case(row, sources) for row in rows), key=lambda case: (case.file, case.name)))
    # A rule of several cases calls a function of the host, which only OPA has.
    held = tuple(sorted(_entry_point(row) for row in rows if not row.keys() & {"fail", "error", "skip", "sub_results"}))
    reached: Mapping[str, Reached] = {}
    if covering:
        report = opa.ran("test", "--coverage", "--coverage-runs", "", *options, "rego", folder=tree)
        reached = coverage_of(report.stdout)
    return Ran(cases, held, reached)


def _explained(opa: Opa, tree: Path, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the rows with the values that made some of them fail; to note those of each would take minutes."""
    failed = [f"{row['package']}.{row['name']}" for row in rows if row.get("fail")][:_EXPLAINED]
    if not failed:
        return rows
    wanted = f"^({'|'.join(map(re.escape, failed))})$"
    done = opa.ran(
        "test", "--var-values", "--format", "json", "--capabilities", CAPABILITIES, "--run", wanted, "rego", folder=tree
    )
    try:
        told = {(row["package"], row["name"]): row for row in json.loads(done.stdout)}
    except ValueError:
        return rows
    return [told.get((row["package"], row["name"]), row) for row in rows]


def coverage_of(text: str) -> Mapping[str, Reached]:
    """Read the coverage that OPA writes; nothing is reached of what it does not tell of."""
    try:
        report: dict[str, Any] = json.loads(text)
    except ValueError:
        return {}
    report = report.get("coverage", report) if isinstance(report.get("coverage"), dict) else report
    return {
        name: Reached(
            frozenset({*_spans(file.get("covered")), *_spans(file.get("not_covered"))}),
            frozenset(_spans(file.get("not_covered"))),
        )
        for name, file in report.get("files", {}).items()
    }


def _spans(rows: list[dict[str, Any]] | None) -> Iterator[Span]:
    for row in rows or []:
        start, end = row["start"], row["end"]
        yield start["row"], start.get("col", 0), end["row"], end.get("col", 0)


def _entry_point(row: dict[str, Any]) -> str:
    return f"{row['package'].removeprefix('data.').replace('.', '/')}/{row['name']}"


def _case(row: dict[str, Any], sources: Sources) -> Case:
    staged = row["location"]["file"]
    name = f"{row['package'].removeprefix('data.psfpolicy.')}.{row['name']}"
    case = Case(kind="rule", file=sources.shown(staged), name=name, outcome="pass", gave=tuple(_gave(row)))
    if row.get("skip"):
        return Case(kind="rule", file=case.file, name=name, outcome="skip")
    if row.get("fail") or row.get("error"):
        return case.failed(_trouble(row, sources))
    return case


def _gave(row: dict[str, Any]) -> Iterator[tuple[str, Status]]:
    """Give the control that a rule of the house pattern is about, and the status that its name says."""
    package = row["package"].removeprefix("data.").split(".")
    status = _GIVES.get(row["name"].split("_")[1])
    if package[:2] == ["psfpolicy", "controls"] and len(package) == 4 and status is not None:
        yield f"{package[2]}-{package[3].removesuffix('_test').replace('_', '-')}", status


def _trouble(row: dict[str, Any], sources: Sources) -> Trouble:
    staged, line = row["location"]["file"], row["location"]["row"]
    name = row["name"]
    if row.get("error"):
        error = row["error"]
        said = error.get("message", "") if isinstance(error, dict) else str(error)
        message, notes, column = f"`{name}` could not be decided: {said}", [], row["location"]["col"]
    else:
        message, notes, column = f"`{name}` does not hold", list(_why(row)), row["location"]["col"]
        failed = [event for event in row.get("trace") or [] if event["Op"] == "Fail"]
        here = [event["Location"] for event in failed if event["Location"]["file"] == staged]
        if here:
            line, column = here[-1]["row"], here[-1]["col"]
    if row.get("output"):
        printed = b64decode(row["output"]).decode("utf-8", "replace").splitlines()
        notes += [f"printed: {text}" for text in printed]
    return Trouble(
        message=message,
        file=sources.shown(staged),
        line=line,
        column=column,
        excerpt=sources.line(staged, line),
        notes=tuple(notes),
    )


def _why(row: dict[str, Any]) -> Iterator[str]:
    """Give the two sides of the comparison that failed last, and the cases that did."""
    for name, result in sorted((row.get("sub_results") or {}).items()):
        if result.get("fail"):
            yield f"it fails for the case `{name}`"
    failed = [
        event for event in reversed(row.get("trace") or []) if event["Op"] == "Fail" and event["Location"]["file"]
    ]
    for event in failed:
        if sides := values_of(event):
            yield f"found:  {sides[0]}"
            yield f"wanted: {sides[1]}"
            return
        # A comparison by `outcome.is` knows the control as a whole.
        if found := findings_of(event):
            yield from (f"found:  {finding}" for finding in found)
            return
