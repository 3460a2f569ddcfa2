"""A staged tree, held to what our own sources are held to; what is wrong is said of the files that the user wrote."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psfpolicy import resources
from psfpolicy.building.annotations import control_rows
from psfpolicy.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psfpolicy.building.opa import Opa
    from psfpolicy.building.packs import Pack

_COUNTED = re.compile(r"[0-9]+ errors? occurred: ?")
_SEVERITIES = ("low", "medium", "high", "critical")


def checked(opa: Opa, target: Path, packs: Sequence[Pack]) -> list[dict[str, Any]]:
    """Hold a staged tree to strict checks, against the schema of the input and without functions of a host.

    Args:
        opa: What checks it.
        target: The folder of `rego`, as `packs.staged` wrote it.
        packs: What was staged.

    Returns:
        The rows of its controls.

    Raises:
        BuildError: It does not compile, its annotations are not complete, or an override makes light of what it
            replaces; the details say where.
    """
    try:
        _check(opa, target)
        inspected = json.loads(opa.run("inspect", "-a", "-f", "json", "rego", folder=target))
        rows = control_rows(inspected, target)
    except BuildError as error:
        raise placed(error, packs) from error
    if light := tuple(_light(rows, packs)):
        raise BuildError("an override makes light of the control that it replaces", details=light)
    return rows


def placed(error: BuildError, packs: Sequence[Pack]) -> BuildError:
    """Give an error with the files that the user wrote in the place of the staged ones."""
    own = {name: (pack.folder / name).as_posix() for pack in packs for name in (*pack.files, *pack.tests)}
    details = []
    for told in error.details:
        line = told[len(counted[0]) :] if (counted := _COUNTED.match(told)) else told
        name = next((name for name in own if line.startswith(f"{name}:")), None)
        if line:
            details.append(line if name is None else line.replace(name, own[name], 1))
    return BuildError(error.message, hint=error.hint, details=tuple(details))


def _check(opa: Opa, target: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        aside = Path(name)
        (aside / "capabilities.json").write_bytes(resources.capabilities())
        (aside / "input.schema.json").write_bytes(resources.input_schema())
        options = ["--capabilities", str(aside / "capabilities.json"), "--schema", str(aside / "input.schema.json")]
        opa.run("check", "--strict", *options, "--ignore", "*_test.rego", "rego", folder=target)


def _light(rows: Sequence[dict[str, Any]], packs: Sequence[Pack]) -> Iterator[str]:
    """Say which overrides weigh less than what they replace, or may be waived where that may not."""
    before = {row["id"]: row for row in resources.shipped("controls.json")}
    now = {row["id"]: row for row in rows}
    for pack in packs:
        for id_ in pack.overrides:
            was, row = before[id_], now[id_]
            path = (pack.folder / row["file"]).as_posix()
            if _SEVERITIES.index(row["severity"]) < _SEVERITIES.index(was["severity"]):
                least = was["severity"]
                yield f"{path}: the severity of what replaces `{id_}` is {row['severity']}, and is {least} at least"
            if row["waivable"] and not was["waivable"]:
                yield f"{path}: `{id_}` is not waivable, and what replaces it is"
