"""What a run of tests came to: for people, as JSON, as JUnit XML."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from psfpolicy.formats._escapes import json_text
from psfpolicy.formats._suites import FOOT, HEAD, SuiteCase, suite
from psfpolicy.inert import inert

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from psfpolicy.model.place import JsonValue
    from psfpolicy.policytest.base import Case, Coverage, Result, Trouble

_SCHEMA: Final = "psfpolicy/test/v1"
_SHOWN: Final = 12


def text(result: Result) -> Iterator[str]:
    """Give what failed, what is reached of each control that is not shown whole, and the counts."""
    for case in result.cases:
        if case.outcome == "fail":
            yield f"FAIL {inert(case.name)}\n"
            for trouble in case.troubles:
                yield from (f"  {inert(line)}\n" for line in trouble.lines())
            yield "\n"
    if result.coverage:
        yield from _coverage(result.coverage)
    yield f"{_counts(result)}\n"


def _coverage(rows: tuple[Coverage, ...]) -> Iterator[str]:
    width = max(len(row.control) for row in rows)
    yield f"{'control':<{width}}  reached  passes  fails  lines not reached\n"
    for row in rows:
        missed = _ranges(row.missed)
        yield (
            f"{row.control:<{width}}  {row.percent:>5} %  {row.passing:>6}  {row.failing:>5}  {missed}".rstrip() + "\n"
        )
    yield "\n"


def _ranges(lines: tuple[int, ...]) -> str:
    """Give lines as `3, 7-9`, as many as are of use."""
    found = []
    for _, group in groupby(enumerate(lines), key=lambda item: item[1] - item[0]):
        run = [line for _, line in group]
        found.append(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}")
    return ", ".join((*found[:_SHOWN], *(["…"] if len(found) > _SHOWN else [])))


def _counts(result: Result) -> str:
    kinds = {kind: sum(case.kind == kind for case in result.cases) for kind in ("rule", "fixture")}
    skipped = sum(case.outcome == "skip" for case in result.cases)
    parts = [_of(kinds["rule"], "rule"), _of(kinds["fixture"], "fixture")]
    parts += [_of(len(result.coverage), "control")] if result.coverage else []
    parts += [f"{skipped} skipped"] if skipped else []
    verdict = f"{result.failed} FAILED" if result.failed else "all passed"
    return inert(f"{result.title}: {', '.join(parts)}: {verdict}; {' and '.join(result.engines)}")


def _of(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def json(result: Result) -> Iterator[str]:
    """Give everything, as `psfpolicy/test/v1`."""
    cases: list[JsonValue] = [
        {
            "kind": case.kind,
            "file": case.file,
            "name": case.name,
            "outcome": case.outcome,
            "gave": [{"control": control, "status": status} for control, status in case.gave],
            "troubles": [_trouble(trouble) for trouble in case.troubles],
        }
        for case in result.cases
    ]
    coverage: list[JsonValue] = [
        {
            "control": row.control,
            "file": row.file,
            "lines": row.lines,
            "missed": list(row.missed),
            "percent": row.percent,
            "passing": row.passing,
            "failing": row.failing,
        }
        for row in result.coverage
    ]
    outcomes = [case.outcome for case in result.cases]
    whole: JsonValue = {
        "schema": _SCHEMA,
        "title": result.title,
        "engines": list(result.engines),
        "summary": {"pass": outcomes.count("pass"), "fail": outcomes.count("fail"), "skip": outcomes.count("skip")},
        "cases": cases,
        "coverage": coverage,
    }
    yield json_text(whole, lines=True) + "\n"


def _trouble(trouble: Trouble) -> JsonValue:
    return {
        "message": trouble.message,
        "file": trouble.file,
        "line": trouble.line or None,
        "column": trouble.column or None,
        "notes": list(trouble.notes),
    }


def junit(result: Result) -> Iterator[str]:
    """Give a suite for each file, a case for each rule, file of fixtures, and control that lacks a case."""
    yield HEAD
    by_file: dict[str, list[Case]] = {}
    for case in result.cases:
        by_file.setdefault(case.file, []).append(case)
    for file, cases in sorted(by_file.items()):
        yield from suite(file, file, map(_of_suite, cases))
    yield FOOT


def _of_suite(case: Case) -> SuiteCase:
    if case.outcome == "skip":
        return SuiteCase(case.name, "skipped", said=("named todo_test_…, or a file of bases alone",))
    if case.outcome == "fail":
        return SuiteCase(case.name, "failure", case.kind, tuple(line for one in case.troubles for line in one.lines()))
    return SuiteCase(case.name)


FORMATS: Final[Mapping[str, Callable[[Result], Iterator[str]]]] = {"text": text, "json": json, "junit": junit}
"""What writes a result, by the name of the format."""
