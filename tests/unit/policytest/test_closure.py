from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy.policytest.closure import cut

if TYPE_CHECKING:
    from pathlib import Path

TEST = "rego/psfpolicy/controls/bank/owner_test.rego"
FILES = {
    "rego/psfpolicy/report.rego": "package psfpolicy\n\nimport data.psfpolicy.dispatch\n\nreport := dispatch.all\n",
    "rego/psfpolicy/dispatch.rego": "package psfpolicy.dispatch\n\nall := data.psfpolicy.controls[_]\n",
    "rego/psfpolicy/lib/said.rego": "package psfpolicy.lib.said\n\nx := data.psfpolicy.catalogue.models.a\n",
    "rego/psfpolicy/lib/other.rego": "package psfpolicy.lib.other\n",
    "rego/psfpolicy/controls/bank.rego": "package psfpolicy.controls.bank\n",
    "rego/psfpolicy/controls/bank/owner.rego": (
        "package psfpolicy.controls.bank.owner\n\n# no data here\n"
        'x := data.psfpolicy.lib.said.x\ny := input.data["data"]\n'
    ),
    "rego/psfpolicy/controls/bank/region.rego": "package psfpolicy.controls.bank.region\n",
    "rego/psfpolicy/catalogue/models/data.yaml": "a: {}\n",
    "rego/psfpolicy/catalogue/engines/data.yaml": "a: {}\n",
}


def reached(tmp_path: Path, test: str) -> set[str]:
    for name, text in {**FILES, TEST: f"package psfpolicy.controls.bank.owner_test\n\n{test}\n"}.items():
        (tmp_path / "from" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "from" / name).write_text(text)
    cut(tmp_path / "from", [TEST], tmp_path / "to")
    return {path.relative_to(tmp_path / "to").as_posix() for path in (tmp_path / "to").rglob("*") if path.is_file()}


def test_what_the_tests_reach_is_taken_along_and_nothing_else(tmp_path: Path) -> None:
    assert reached(tmp_path, "import data.psfpolicy.controls.bank.owner as control") == {
        "rego/psfpolicy/report.rego",
        TEST,
        "rego/psfpolicy/controls/bank.rego",
        "rego/psfpolicy/controls/bank/owner.rego",
        "rego/psfpolicy/lib/said.rego",
        "rego/psfpolicy/catalogue/models/data.yaml",
    }
    assert (tmp_path / "to/rego/psfpolicy/report.rego").read_text() == "package psfpolicy\n\nreport := {}\n"


@pytest.mark.parametrize("reference", ["data.psfpolicy.report", 'data["psfpolicy"].report', "data", "data.psfpolicy"])
def test_a_reference_that_may_lead_anywhere_takes_all_along(reference: str, tmp_path: Path) -> None:
    found = reached(tmp_path, f"test_pass if {reference}")
    assert found >= {name for name in FILES if "/controls/" in name or name.endswith("dispatch.rego")}
    assert "import data.psfpolicy.dispatch" in (tmp_path / "to/rego/psfpolicy/report.rego").read_text()


def test_a_package_that_cannot_be_read_counts_as_everything(tmp_path: Path) -> None:
    (tmp_path / "from/rego/psfpolicy").mkdir(parents=True)
    (tmp_path / "from/rego/psfpolicy/odd.rego").write_text('package psfpolicy["odd"]\n')
    assert "rego/psfpolicy/odd.rego" in reached(tmp_path, "x := data.psfpolicy.lib.other")
