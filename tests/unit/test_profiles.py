"""Names of gates and of profiles: what several ask for together, and what is said of one that is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy import resources
from psfpolicy.bundles.reading import read_bundle
from psfpolicy.gates import GateFloor, GateRule
from psfpolicy.profiles import Asked, complaint, joined, profiles
from tests.bundles import gated
from tests.unit.bundles.test_gate_rows import but

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = {
    "bank": but(thresholds={"PSF-1": 80, "OPS": 50}, unwaivable=["deploy-model-pinned"]),
    "cards": but(extends="baseline", thresholds={"OPS": 70}, unwaivable=["scope-reduced"]),
}


@pytest.fixture
def in_force() -> Iterator[None]:
    """The profiles of a bundle."""
    resources.use(read_bundle(gated(ROWS)).files)
    yield
    resources.use(None)


@pytest.mark.usefixtures("in_force")
@pytest.mark.parametrize(
    ("names", "asked", "called"),
    [
        (("standard",), Asked("standard"), "standard"),
        (("advisory", "strict", "baseline"), Asked("strict"), "strict"),
        (("bank",), Asked("standard", ("bank",)), "bank"),
        (("advisory", "bank"), Asked("standard", ("bank",)), "bank"),
        (("baseline", "bank"), Asked("standard", ("bank",)), "bank"),
        (("strict", "bank"), Asked("strict", ("bank",)), "bank+strict"),
        (("cards", "bank"), Asked("standard", ("bank", "cards")), "bank+cards"),
        (("cards", "standard"), Asked("standard", ("cards",)), "cards+standard"),
        (("cards", "bank", "strict"), Asked("strict", ("bank", "cards")), "bank+cards+strict"),
    ],
)
def test_names_ask_for_the_highest_gate_and_for_every_profile(
    names: tuple[str, ...], asked: Asked, called: str
) -> None:
    assert joined(names) == asked
    assert asked.name == called
    assert joined([called]) == asked


@pytest.mark.usefixtures("in_force")
def test_a_floor_that_names_a_profile_holds_with_all_it_asks_for_under_a_higher_gate() -> None:
    floors = (GateFloor(gate="bank", environments=("production",), thresholds={"PSF-1": 70}), GateFloor(gate="cards"))
    rule = GateRule(requested="strict", floors=floors)
    gate = rule.effective("a.yaml", "production")
    assert gate == Asked("strict", ("bank", "cards"))
    assert rule.thresholds("a.yaml", "production", gate.thresholds) == {"PSF-1": 80, "OPS": 70}
    assert gate.unwaivable == ("deploy-model-pinned", "scope-reduced")
    assert GateRule(requested="advisory", floors=floors).effective("a.yaml", "staging") == Asked("baseline", ("cards",))


@pytest.mark.usefixtures("in_force")
def test_a_name_that_is_not_known_is_told_with_what_is() -> None:
    assert complaint("bank") is None
    assert complaint("strict") is None
    assert complaint("bnak") == (
        "no gate is called `bnak`",
        "did you mean `bank`? known gates: advisory, baseline, standard, strict, bank, cards",
    )
    assert complaint("bank+strict") is not None
    assert complaint("Bank") is not None


def test_without_a_pack_there_is_no_profile() -> None:
    assert profiles() == {}
    assert complaint("bank") == ("no gate is called `bank`", "known gates: advisory, baseline, standard, strict")
    assert joined(["baseline"]).thresholds == {}
