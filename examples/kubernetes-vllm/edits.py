"""Tries edits of one line to the manifests beside this file, and says which controls turn red at that line.

    python edits.py [NAME…]

Nothing here is changed: each edit is made in a copy. The exit code is 1 where an edit turns other controls than
`edits.yaml` says, or elsewhere than at its line.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HERE = Path(__file__).resolve().parent
GREEN = {"pass", "not-applicable"}


def main(names: Sequence[str]) -> int:
    """Try the edits, all of them or those that are named, and give the exit code."""
    edits = yaml.safe_load((HERE / "edits.yaml").read_text(encoding="utf-8"))
    strange = set(names) - {edit["name"] for edit in edits}
    if strange:
        print(f"no edit is called {', '.join(sorted(strange))}; `edits.yaml` has their names", file=sys.stderr)
        return 2
    before = turned(HERE, "", 0)
    wrong = bool(before)
    if wrong:
        print(f"red without any edit: {told(before)}")
    for edit in edits:
        if not names or edit["name"] in names:
            wrong = not tried(edit) or wrong
    return int(wrong)


def tried(edit: dict[str, Any]) -> bool:
    """Try an edit in a copy, print what comes of it, and say whether that is what it should turn."""
    with TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(HERE, Path(folder, "copy")))
        file = copy / edit["file"]
        lines = file.read_text(encoding="utf-8").splitlines()
        if lines.count(edit["before"]) != 1:
            print(f"{edit['name']}: `{edit['file']}` does not have the line once: {edit['before'].strip()}")
            return False
        line = lines.index(edit["before"])
        lines[line] = edit["after"]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        found = turned(copy, edit["file"], line + 1)
    print(f"{edit['name']}: {edit['file']}:{line + 1}: {edit['after'].strip()}")
    print(f"    turns {told(found) or 'nothing'}")
    wanted = dict.fromkeys(edit["turns"], True)
    if found != wanted:
        print(f"    wanted: {told(wanted)}")
    return found == wanted


def told(controls: dict[str, bool]) -> str:
    """Name controls, and those among them that do not point to the line."""
    return ", ".join(name if here else f"{name} (not at the line)" for name, here in sorted(controls.items()))


def turned(folder: Path, file: str, line: int) -> dict[str, bool]:
    """Give the controls that are red, and whether what each says points to a line of a file."""
    command = [sys.executable, "-m", "psfpolicy", "check", "deploy.yaml", "--gate", "strict", "--as-of", "2026-11-21"]
    ran = subprocess.run(  # noqa: S603  # this interpreter and fixed words
        [*command, "--format", "json", "--settings", ".psfpolicy.yaml"],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if ran.returncode > 1:
        sys.exit(f"psfpolicy cannot check it: {ran.stdout}{ran.stderr}")
    (assessment,) = json.loads(ran.stdout)["assessments"]
    found: dict[str, bool] = {}
    for name, places in red(assessment):
        here = any(place["file"] == file and place["startLine"] <= line <= place["endLine"] for place in places)
        found[name] = found.get(name, False) or here
    return found


def red(assessment: dict[str, Any]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Give what is not green, each with the places that it points to."""
    for finding in assessment["findings"]:
        if finding["status"] not in GREEN:
            yield finding["control"], [finding["place"], *(shown["place"] for shown in finding["evidence"])]
    for thing in assessment["undeclared"]:
        yield "evidence-undeclared", [thing["place"]]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
