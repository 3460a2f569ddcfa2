"""Rules that hold even where their control finds nothing: the name of one promises a case, and it shows none."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from psfpolicy.policytest.rules import CAPABILITIES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from psfpolicy.building.opa import Opa
    from psfpolicy.policytest.base import Case

_SILENT = "package {package}\n\nmetadata := rego.metadata.chain()\n\nplaces := set()\n\nfindings := set()\n"


def hollow(opa: Opa, tree: Path, cases: Sequence[Case], aside: Path) -> frozenset[str]:
    """Give the names of the rules that hold where the control that they are about finds nothing at all.

    None where the tests do not compile without what else their controls declare, such as a function.

    Args:
        opa: What runs them.
        tree: The folder of `rego`, and of `CAPABILITIES`.
        cases: What came of the rules.
        aside: A folder that is not there yet.
    """
    showing = [case for case in cases if case.outcome == "pass" and case.gave]
    if not showing:
        return frozenset()
    shutil.copytree(tree, aside)
    for id_ in sorted({id_ for case in showing for id_, _ in case.gave}):
        folder, _, name = id_.partition("-")
        control = aside / "rego/psfpolicy/controls" / folder / f"{name.replace('-', '_')}.rego"
        if control.is_file():
            package = f"psfpolicy.controls.{folder}.{name.replace('-', '_')}"
            control.write_text(_SILENT.format(package=package), encoding="utf-8")
    done = opa.ran("test", "--format", "json", "--capabilities", CAPABILITIES, "rego", folder=aside)
    try:
        rows: list[dict[str, Any]] = json.loads(done.stdout) or []
    except ValueError:
        return frozenset()
    held = {f"{row['package'].removeprefix('data.psfpolicy.')}.{row['name']}" for row in rows if _holds(row)}
    return frozenset(case.name for case in showing if case.name in held)


def _holds(row: dict[str, Any]) -> bool:
    return not row.keys() & {"fail", "error", "skip"}
