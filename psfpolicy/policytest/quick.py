"""A pack compiled for its fixtures alone: as its bundle will be, in a third of the time.

Of our own controls nothing is read again, and nothing but the report can be asked.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from psfpolicy import resources
from psfpolicy.building.annotations import control_rows
from psfpolicy.building.compiling import module_and_data, readable, sealed
from psfpolicy.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from psfpolicy.building.opa import Opa
    from psfpolicy.policytest.subject import Subject

_CONTROLS = Path("rego/psfpolicy/controls")


def bundle(opa: Opa, subject: Subject) -> Mapping[str, bytes]:
    """Give the files of a bundle, by name.

    Raises:
        BuildError: The sources do not compile, or the annotations of a control are not complete.
    """
    try:
        rows = {row["id"]: row for row in (*resources.shipped("controls.json"), *_own_rows(opa, subject))}
        controls = readable([rows[id_] for id_ in sorted(rows)])
        files = {"controls.json": controls, **module_and_data(opa, subject.tree, ("report",))}
    except BuildError as error:
        details = tuple(subject.sources.renamed(line) for line in error.details)
        raise BuildError(error.message, hint=error.hint, details=details) from error
    return sealed(opa, subject.tree, files, "by psfpolicy test")


def _own_rows(opa: Opa, subject: Subject) -> list[dict[str, Any]]:
    """Give the rows of the controls under test, from their annotations and those of the domains."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        domains = (path.relative_to(subject.tree) for path in (subject.tree / _CONTROLS).glob("*.rego"))
        for path in (*domains, *(Path(subject.file_of(control)) for control in subject.controls)):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(subject.tree / path, folder / path)
        inspected = json.loads(opa.run("inspect", "-a", "-f", "json", "rego", folder=folder))
        return control_rows(inspected, folder)
