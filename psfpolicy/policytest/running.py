"""The whole of a run: sources are staged, compiled and tested on both engines; each control is held to its cases."""

from __future__ import annotations

import os
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from psfpolicy import asking, resources
from psfpolicy.building.opa import Opa
from psfpolicy.engine.folder import cache_folder
from psfpolicy.engine.version import wasmtime_version
from psfpolicy.engine.wasm import WasmEngine
from psfpolicy.errors import NothingToAssessError
from psfpolicy.policytest import closure, embedded, fixtures, quick, rules
from psfpolicy.policytest.answers import Answers, answers
from psfpolicy.policytest.base import Case, Coverage, Result
from psfpolicy.policytest.compiler import refuse_mistakes
from psfpolicy.policytest.covering import covered, held_to_cases
from psfpolicy.policytest.hollow import hollow
from psfpolicy.policytest.subject import home_of, staged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from psfpolicy.policytest.base import Asked, Trouble
    from psfpolicy.policytest.rules import Ran
    from psfpolicy.policytest.subject import Subject


def run(asked: Asked) -> Result:
    """Run the tests of a pack, or of psfpolicy itself.

    Args:
        asked: What to test.

    Raises:
        UsageError: There is no pack.
        BuildError: The sources do not compile; the details say where.
        OpaMissingError: The pinned OPA is not there.
        NothingToAssessError: There is no test, or none of such a name.
    """
    opa = Opa.pinned()
    folder = home_of(asked.folder)
    with tempfile.TemporaryDirectory(prefix="psfpolicy-test-") as name:
        subject = staged(folder, opa, Path(name) / "whole")
        ran, decided, answered = _ran(opa, subject, Path(name), asked)
    cases = (*ran.cases, *decided)
    if not cases:
        raise _nothing(subject, asked)
    coverage: tuple[Coverage, ...] = ()
    if asked.pattern is None:
        coverage = covered(subject, cases, (ran.reached, *answered.reached))
        cases = (*cases, *held_to_cases(coverage, cases, subject))
    engines = (f"opa {opa.version}", f"wasm (wasmtime {wasmtime_version()})")
    return Result(title=subject.title, cases=cases, coverage=coverage, engines=engines)


def _ran(opa: Opa, subject: Subject, aside: Path, asked: Asked) -> tuple[Ran, list[Case], Answers]:
    """Run the rules and the fixtures, side by side: most of the time is that of OPA's processes."""
    paths = () if subject.whole else fixtures.files(subject.folder)
    wanted = [path for path in paths if _wanted(path.relative_to(subject.folder).as_posix(), asked)]
    own = aside / "own"
    closure.cut(subject.tree, subject.sources.own, own)
    rules.allow(own)
    with ThreadPoolExecutor(max_workers=3) as pool:
        # What does not compile is told by the first of them, whatever the others say.
        checking = pool.submit(refuse_mistakes, opa, own, subject.sources)
        needless = subject.whole or (asked.pattern is not None and not wanted)
        building = None if needless else pool.submit(quick.bundle, opa, subject)
        testing = pool.submit(_rules, opa, subject, aside, asked)
        checking.result()
        decided: list[Case] = []
        answered = Answers({}, {}, ())
        if building is not None and (files := building.result()):
            decided, answered = _fixtures(opa, subject, wanted, files, asked.today)
        return testing.result(), decided, answered


def _wanted(name: str, asked: Asked) -> bool:
    return asked.pattern is None or re.search(asked.pattern, name) is not None


def _rules(opa: Opa, subject: Subject, aside: Path, asked: Asked) -> Ran:
    """Run the rules in OPA, and those that hold in the embedded engine too."""
    if not subject.tests:
        return rules.Ran((), (), {})
    ran = rules.run(opa, aside / "own", subject.sources, pattern=asked.pattern, covering=asked.pattern is None)
    troubles = {
        rule.removeprefix("psfpolicy/").replace("/", "."): trouble
        for part in ("controls", "others")
        for rule, trouble in _elsewhere(opa, subject, aside / part, ran.rules, of_controls=part == "controls")
    }
    cases = tuple(
        case.failed(replace(troubles[case.name], file=case.file)) if case.name in troubles else case
        for case in ran.cases
    )
    if asked.pattern is None and not subject.whole:
        empty = hollow(opa, aside / "own", cases, aside / "silent")
        cases = tuple(replace(case, gave=(), hollow=case.gave) if case.name in empty else case for case in cases)
    return ran._replace(cases=cases)


def _elsewhere(
    opa: Opa, subject: Subject, aside: Path, held: Sequence[str], *, of_controls: bool
) -> Iterator[tuple[str, Trouble]]:
    """Give the rules that do not hold in the embedded engine.

    OPA 1.22.0 refuses to compile the tests of controls and those of what walks the tree of controls together: a
    reference into that tree would cover the packages of their tests.
    """
    wanted = [rule for rule in held if rule.startswith("psfpolicy/controls/") == of_controls]
    if not wanted:
        return
    tests = [name for name in subject.tests if name.startswith("rego/psfpolicy/controls/") == of_controls]
    closure.cut(subject.tree, tests, aside)
    rules.allow(aside)
    yield from embedded.not_holding(opa, aside, wanted)


def _fixtures(
    opa: Opa, subject: Subject, paths: list[Path], files: Mapping[str, bytes], today: str
) -> tuple[list[Case], Answers]:
    with _in_force(files):
        engine = WasmEngine(resources.policy_module(), resources.policy_data(), cache=_kept())
        items = [fixtures.assessed(path, engine, today) for path in paths]
        known = {info.id for info in resources.controls()}
        questions = [question for item in items for question in item.questions]
        answered = answers(opa, subject.tree, questions)
        decided, first = [], 0
        for item in items:
            made = fixtures.case(item, subject.controls, known)
            decided.append(made.failed(*fixtures.disagreeing(item, first, answered)))
            first += len(item.questions)
    return decided, answered


def _kept() -> Path | None:
    """Give a folder for machine code apart from that of `psfpolicy check`, which a day of tests would push out."""
    cache = cache_folder(os.environ)
    return None if cache is None else cache / "tests"


@contextmanager
def _in_force(files: Mapping[str, bytes]) -> Iterator[None]:
    """Put the policy under test in force, and ours again afterwards."""
    try:
        resources.use(files)
        asking.controls.cache_clear()
        yield
    finally:
        resources.use(None)
        asking.controls.cache_clear()


def _nothing(subject: Subject, asked: Asked) -> NothingToAssessError:
    if asked.pattern is not None:
        return NothingToAssessError(
            f"no test of {subject.title} has `{asked.pattern}` in its name",
            hint="names are those that a run without --run shows: rules by package and name, fixtures by file",
        )
    return NothingToAssessError(
        f"{subject.title} has no test",
        hint="write rules named test_… in <control>_test.rego, or a descriptor with `# expect:` below fixtures/",
    )
