from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy.gates import GateFloor, GateRule

if TYPE_CHECKING:
    from psfpolicy.model.report import GateName


@pytest.mark.parametrize(
    ("requested", "floors", "expected"),
    [
        ("standard", (), "standard"),
        ("advisory", (GateFloor(gate="baseline"),), "baseline"),
        ("strict", (GateFloor(gate="baseline"),), "strict"),
        ("baseline", (GateFloor(gate="strict", environments=("staging",)),), "baseline"),
        ("baseline", (GateFloor(gate="strict", environments=("production",)),), "strict"),
        ("baseline", (GateFloor(gate="strict", paths=("test/*",)),), "baseline"),
        ("baseline", (GateFloor(gate="strict", paths=("test/*", "prod/*")),), "strict"),
        ("baseline", (GateFloor(gate="strict", paths=("prod/*",), environments=("staging",)),), "baseline"),
        ("advisory", (GateFloor(gate="standard"), GateFloor(gate="strict", paths=("prod/eu/*",))), "strict"),
    ],
)
def test_the_highest_of_the_request_and_the_floors_that_bind_holds(
    requested: GateName, floors: tuple[GateFloor, ...], expected: GateName
) -> None:
    rule = GateRule(requested=requested, floors=floors)
    assert rule.effective("prod/eu/deploy.yaml", "production") == expected


def test_globs_are_relative_to_the_settings() -> None:
    rule = GateRule(requested="baseline", floors=(GateFloor(gate="strict", paths=("eu/*",), folder="prod"),))
    assert rule.effective("prod/eu/deploy.yaml", "staging") == "strict"
    assert rule.effective("eu/deploy.yaml", "staging") == "baseline"


def test_standard_input_cannot_slip_from_under_a_floor() -> None:
    rule = GateRule(requested="advisory", floors=(GateFloor(gate="strict", paths=("prod/*",)),))
    assert rule.effective(None, "staging") == "strict"
