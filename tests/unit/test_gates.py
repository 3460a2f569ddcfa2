from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy.gates import GateFloor, GateRule

if TYPE_CHECKING:
    from pathlib import Path

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
    assert rule.effective("prod/eu/deploy.yaml", "production").name == expected


@pytest.mark.parametrize(
    ("glob", "bound"),
    [
        ("prod/*", {"prod/a.yaml", "prod/eu/b.yaml"}),
        ("prod/**", {"prod/a.yaml", "prod/eu/b.yaml"}),
        ("prod/**/*.yaml", {"prod/a.yaml", "prod/eu/b.yaml"}),
        ("**/b.yaml", {"prod/eu/b.yaml", "b.yaml"}),
        ("prod", {"prod/a.yaml", "prod/eu/b.yaml"}),
        ("prod/", {"prod/a.yaml", "prod/eu/b.yaml"}),
        ("./prod/a.yaml", {"prod/a.yaml"}),
        ("/prod/eu", {"prod/eu/b.yaml"}),
        (".", {"prod/a.yaml", "prod/eu/b.yaml", "b.yaml"}),
        ("*.yml", set()),
        ("PROD/*", set()),
    ],
)
def test_a_glob_binds_whatever_any_reading_of_it_binds(glob: str, bound: set[str]) -> None:
    rule = GateRule(requested="baseline", floors=(GateFloor(gate="strict", paths=(glob,)),))
    files = ("prod/a.yaml", "prod/eu/b.yaml", "b.yaml")
    assert {file for file in files if rule.effective(file, "staging").name == "strict"} == bound


def test_the_highest_threshold_of_the_floors_that_bind_holds_domain_by_domain() -> None:
    floors = (
        GateFloor(thresholds={"OPS": 40, "PSF-7": 60}),
        GateFloor(gate="strict", thresholds={"OPS": 70}, paths=("prod/*",)),
        GateFloor(thresholds={"OPS": 90}, environments=("staging",)),
        GateFloor(thresholds={"OPS": 10, "PSF-8": 50}),
    )
    rule = GateRule(requested="baseline", floors=floors)
    assert rule.thresholds("prod/deploy.yaml", "production") == {"OPS": 70, "PSF-7": 60, "PSF-8": 50}
    assert rule.thresholds("test/deploy.yaml", "production") == {"OPS": 40, "PSF-7": 60, "PSF-8": 50}
    assert rule.thresholds(None, "staging") == {"OPS": 90, "PSF-7": 60, "PSF-8": 50}
    assert rule.effective("test/deploy.yaml", "production").name == "baseline"
    assert GateRule().thresholds("deploy.yaml", "production") == {}


def test_a_link_does_not_slip_from_under_the_floor_of_its_target(tmp_path: Path) -> None:
    (tmp_path / "prod").mkdir()
    (tmp_path / "prod/a.yaml").write_text("")
    (tmp_path / "link.yaml").symlink_to("prod/a.yaml")
    floor = GateFloor(gate="strict", paths=("prod/*",), folder=str(tmp_path))
    assert GateRule(requested="baseline", floors=(floor,)).effective(str(tmp_path / "link.yaml"), "x").name == "strict"


def test_globs_are_relative_to_the_settings() -> None:
    rule = GateRule(requested="baseline", floors=(GateFloor(gate="strict", paths=("eu/*",), folder="prod"),))
    assert rule.effective("prod/eu/deploy.yaml", "staging").name == "strict"
    assert rule.effective("eu/deploy.yaml", "staging").name == "baseline"


def test_standard_input_cannot_slip_from_under_a_floor() -> None:
    rule = GateRule(requested="advisory", floors=(GateFloor(gate="strict", paths=("prod/*",)),))
    assert rule.effective(None, "staging").name == "strict"


def test_the_words_of_all_the_floors_that_bind_must_be_declared() -> None:
    floors = (
        GateFloor(scope={"regimes": ("gdpr",)}),
        GateFloor(scope={"regimes": ("hipaa", "gdpr"), "categories": ("phi",)}, paths=("prod/*",)),
        GateFloor(scope={"categories": ("pii",)}, environments=("staging",)),
    )
    rule = GateRule(floors=floors)
    assert rule.scope("prod/a.yaml", "production") == {"regimes": ("gdpr", "hipaa"), "categories": ("phi",)}
    assert rule.scope("test/a.yaml", "production") == {"regimes": ("gdpr",)}
    assert rule.scope(None, "staging") == {"regimes": ("gdpr", "hipaa"), "categories": ("phi", "pii")}
