"""Every test rule of the policy holds in OPA and in the embedded engine, and together they reach its lines."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from psfpolicy.engine.compiled import compiled
from psfpolicy.engine.instance import Instance
from psfpolicy.engine.limits import Limits
from psfpolicy.engine.watchdog import Watchdog

if TYPE_CHECKING:
    from pathlib import Path

    from tests.policy.conftest import Opa

LEAST_COVERAGE = 98
"""Percent of the lines of the policy that its tests must reach."""


@pytest.fixture(scope="module")
def rules(opa: Opa) -> list[str]:
    """Every test rule, as an entry point: `psfpolicy/lib/dates_test/test_…`."""
    done = opa.run("test", "--format", "json", "rego")
    assert done.returncode == 0, done.stdout
    return [
        f"{one['package'].removeprefix('data.').replace('.', '/')}/{one['name']}" for one in json.loads(done.stdout)
    ]


def test_the_tests_of_the_policy_reach_its_lines(opa: Opa, capsys: pytest.CaptureFixture[str]) -> None:
    done = opa.run("test", "--coverage", "--format", "json", "rego")
    report = json.loads(done.stdout)
    missed = {
        name: [line["start"]["row"] for line in file["not_covered"]]
        for name, file in report["files"].items()
        if "not_covered" in file and not name.endswith("_test.rego")
    }
    said = f"opa test: {report['coverage']:.1f} % of the lines of the policy; not reached: {missed}\n"
    with capsys.disabled():
        sys.stdout.write(said)
    assert report["coverage"] >= LEAST_COVERAGE, said


# OPA 1.22.0 refuses to compile the tests of the dispatcher and those of the controls together: its references into the
# tree of controls would cover the packages of their tests.
@pytest.mark.parametrize(
    ("within", "without", "left_out"),
    [
        ("psfpolicy/controls/", (), ("dispatch_test.rego", "gate_test.rego", "score_test.rego", "waiver_test.rego")),
        ("psfpolicy/", ("psfpolicy/controls/",), ("controls/*/*_test.rego",)),
    ],
    ids=["controls", "the rest"],
)
def test_each_test_rule_holds_in_the_embedded_engine(
    within: str,
    without: tuple[str, ...],
    left_out: tuple[str, ...],
    opa: Opa,
    tree: Path,
    tmp_path: Path,
    rules: list[str],
) -> None:
    wanted = [rule for rule in rules if rule.startswith(within) and not rule.startswith(without or ("-",))]
    shutil.copytree(tree / "rego", tmp_path / "rego")
    for pattern in left_out:
        for path in (tmp_path / "rego/psfpolicy").glob(pattern):
            path.unlink()
    module, data = opa.built(tmp_path, *wanted, ignore=())
    policy, limits = compiled(module, None), Limits()
    watchdog = Watchdog(limits.timeout_seconds, policy.engine.increment_epoch)
    instance = Instance(policy, data, limits, watchdog)
    answers = {rule: instance.evaluate(b"{}", rule) for rule in wanted}
    assert {rule: answer for rule, answer in answers.items() if answer != b'[{"result":true}]'} == {}
    assert len(wanted) > 100
