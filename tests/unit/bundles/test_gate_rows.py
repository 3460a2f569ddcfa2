"""Gate profiles held to only adding: where a pack is read, and in a bundle whose data somebody wrote by hand."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest

from psfpolicy import resources
from psfpolicy.building import gate_rows
from psfpolicy.bundles.reading import read_bundle
from psfpolicy.errors import BundleError
from psfpolicy.formats._items import NOT_ASSESSED
from psfpolicy.model.granted import NOTICES
from psfpolicy.model.report import GATES, NoticeKind
from tests.bundles import gated

ROOT = Path(__file__).parents[3]
SOUND: dict[str, Any] = {
    "title": "What the bank asks for",
    "extends": "standard",
    "thresholds": {"PSF-1": 80, "OPS": 1, "PSF-7": 40},
    "must_pass": ["deploy-model-pinned"],
    "must_be_evidenced": ["security-weights-integrity"],
    "holds": {"fail": ["high", "medium"], "partial": ["critical"]},
    "unwaivable": ["deploy-model-pinned", "scope-reduced"],
    "source": "ours",
    "as_of": "2026-11-01",
}


def but(**changes: Any) -> dict[str, Any]:
    return {key: value for key, value in {**SOUND, **changes}.items() if value != "left out"}


def known() -> gate_rows.Known:
    infos = resources.controls()
    return gate_rows.Known({info.id for info in infos}, {info.domain for info in infos})


def test_what_only_adds_is_sound_and_loads() -> None:
    assert list(gate_rows.faults("bank", SOUND, known())) == []
    assert read_bundle(gated({"bank": SOUND})).packs[0]["rows"] == {"gates": ["bank"]}


BASES = "must be baseline, standard, strict: a gate of psfpolicy that holds"
LOOSE: list[tuple[str, Any, str]] = [
    ("bank", but(thresholds={"PSF-1": 59}), "from 60, which `standard` asks for, to 100"),
    ("bank", but(thresholds={"PSF-7": 39}), "`PSF-7` is `39`, and must be a whole number from 40, which `standard`"),
    (
        "bank",
        but(extends="baseline", thresholds={"PSF-1": -1}),
        "`PSF-1` is `-1`, and must be a whole number from 1 to",
    ),
    ("bank", but(thresholds={"OPS": 0}), "`OPS` is `0`, and must be a whole number from 1 to 100"),
    ("bank", but(thresholds={"OPS": 101}), "`OPS` is `101`"),
    ("bank", but(thresholds={"OPS": None}), "`OPS` is `None`"),
    ("bank", but(thresholds={"OPS": "60"}), "`OPS` is `60`"),
    ("bank", but(thresholds={"OPS": True}), "`OPS` is `True`"),
    ("bank", but(thresholds={"OPS": 60.5}), "`OPS` is `60.5`"),
    ("bank", but(thresholds={"PSF-9": 60}), "the domain `PSF-9`, which does not exist"),
    ("bank", but(thresholds={"psf-1": 60}), "the domain `psf-1`, which does not exist"),
    ("bank", but(thresholds=None), "`thresholds` must be a map that is not empty"),
    ("bank", but(thresholds=[["PSF-1", 80]]), "`thresholds` must be a map that is not empty"),
    ("bank", but(must_pass=["deploy-model-pined"]), "`deploy-model-pined`, which is no control of psfpolicy or of the"),
    ("bank", but(must_pass=[]), "`must_pass` must be a list of names that is not empty"),
    ("bank", but(must_pass={"deploy-model-pinned": 1}), "`must_pass` must be a list of names"),
    ("bank", but(must_pass=[7]), "`must_pass` must be a list of names"),
    ("bank", but(must_pass=["deploy-model-pinned"] * 2), "`must_pass` names `deploy-model-pinned` twice"),
    ("bank", but(must_pass=["scope-reduced"]), "`must_pass` names `scope-reduced`"),
    ("bank", but(must_be_evidenced=["none"]), "`must_be_evidenced` names `none`"),
    ("bank", but(unwaivable=["nothing"]), "`unwaivable` names `nothing`"),
    ("bank", but(holds={"pass": ["high"]}), "`holds` names the status `pass`, and knows fail, partial"),
    ("bank", but(holds={"error": ["high"]}), "`holds` names the status `error`"),
    ("bank", but(holds={"fail": ["grave"]}), "`fail` names `grave`, and knows critical, high, medium, low"),
    ("bank", but(holds={"fail": []}), "`fail` must be a list of names"),
    ("bank", but(holds={}), "`holds` must be a map that is not empty"),
    ("bank", but(extends="advisory"), f"`extends` is `advisory`, and {BASES}"),
    ("bank", but(extends="bank"), f"`extends` is `bank`, and {BASES}"),
    ("bank", but(extends="cards"), f"`extends` is `cards`, and {BASES}"),
    ("bank", but(extends=["strict"]), "`extends` is `['strict']`"),
    ("bank", but(extends="left out"), f"`extends` is `None`, and {BASES}"),
    ("bank", but(title="two\nlines"), "`title` must be one line"),
    ("bank", but(title=" "), "`title` must be one line"),
    ("bank", but(title="\u202estrict"), "`title` must be one line"),
    ("bank", but(source="left out"), "`source` must be"),
    ("bank", but(source="http://bank.example"), "`source` must be"),
    ("bank", but(as_of=20261101), "`as_of` must be"),
    ("bank", but(ignores=["deploy-model-pinned"]), "`ignores` is no key of a gate"),
    ("bank", {key: SOUND[key] for key in ("title", "extends", "source", "as_of")}, "asks for nothing: it has none of"),
    ("bank", None, "the gate `bank` is no map"),
    ("bank", [], "the gate `bank` is no map"),
    ("strict", SOUND, "`strict` is a gate of psfpolicy"),
    ("advisory", SOUND, "`advisory` is a gate of psfpolicy"),
    ("Strict", SOUND, "`Strict` is no id of a gate"),
    ("s\u0442rict", SOUND, "is no id of a gate"),
    ("strict\u200b", SOUND, "is no id of a gate"),
    ("strict ", SOUND, "is no id of a gate"),
    ("bank+strict", SOUND, "`bank+strict` is no id of a gate"),
    ("bank\n", SOUND, "is no id of a gate"),
    ("", SOUND, "`` is no id of a gate"),
    ("a" * 41, SOUND, "is no id of a gate"),
]


@pytest.mark.parametrize(("id_", "row", "says"), LOOSE)
def test_what_would_loosen_or_means_nothing_is_refused(id_: str, row: Any, says: str) -> None:
    assert says in "\n".join(gate_rows.faults(id_, row, known()))


@pytest.mark.parametrize(("id_", "row", "says"), LOOSE[:: len(LOOSE) // 6])
def test_a_bundle_that_was_edited_by_hand_is_refused(id_: str, row: Any, says: str) -> None:
    with pytest.raises(BundleError) as refused:
        read_bundle(gated({id_: row}))
    assert refused.value.message == "the bundle has gate profiles that no pack may add"
    assert says in "\n".join(refused.value.details)


def test_a_profile_that_no_pack_tells_of_is_refused() -> None:
    with pytest.raises(BundleError) as refused:
        read_bundle(gated({"bank": SOUND, "cards": SOUND}, told=["bank"]))
    assert refused.value.details == ("the gate `cards` is of no pack that the bundle names",)


def test_a_table_of_gates_that_is_no_map_is_refused() -> None:
    with pytest.raises(BundleError, match="is no map of gate profiles"):
        read_bundle(gated([], told=[]))  # type: ignore[arg-type]  # what somebody may write by hand


def test_what_packs_are_held_to_is_what_the_policy_and_the_reports_know() -> None:
    text = (ROOT / "rego/psfpolicy/gate.rego").read_text(encoding="utf-8")
    block = text[text.index("_thresholds := {") : text.index("}", text.index("_thresholds := {"))]
    least = {name: int(score) for name, score in re.findall(r'"(PSF-\d)": (\d+)', block)}
    assert {"baseline": {}, "standard": least, "strict": least} == gate_rows.LEAST
    assert gate_rows.GATES == GATES
    assert gate_rows.NOTICES == NOTICES
    assert {*gate_rows.NO_CONTROLS} == {*get_args(NoticeKind), NOT_ASSESSED}
