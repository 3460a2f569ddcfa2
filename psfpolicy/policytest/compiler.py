"""What OPA's compiler says of sources: in the user's own files, with the line, a caret and what to write instead."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psfpolicy import resources
from psfpolicy.errors import BuildError
from psfpolicy.policytest.advice import advice
from psfpolicy.policytest.base import Trouble
from psfpolicy.targets import display_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psfpolicy.building.opa import Opa

_MOST = 20
"""Mistakes that are shown of one compilation."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Which staged file is which of the user's."""

    own: Mapping[str, Path]
    """The user's files by the staged name, `rego/psfpolicy/…`."""

    def shown(self, name: str) -> str:
        """Give the name of a staged file as the user knows it; another one is part of psfpolicy."""
        name = name.removeprefix("./")
        return display_name(str(self.own[name])) if name in self.own else f"psfpolicy: {name}"

    def line(self, name: str, row: int) -> str | None:
        """Give a line of one of the user's files, 1-based; None where there is none."""
        lines = self._lines(name)
        return lines[row - 1] if 0 < row <= len(lines) else None

    def renamed(self, line: str) -> str:
        """Give a line of a message that begins with a staged name with the name that the user knows."""
        name, sign, rest = line.partition(":")
        return f"{self.shown(name)}{sign}{rest}" if name in self.own else line

    def length(self, name: str) -> int:
        """Count the lines of one of the user's files, up to the last with anything on it; 0 for another file."""
        return len(self._lines(name))

    def _lines(self, name: str) -> list[str]:
        path = self.own.get(name.removeprefix("./"))
        try:
            return [] if path is None else path.read_text(encoding="utf-8").rstrip().split("\n")
        except (OSError, UnicodeDecodeError):
            return []


def refuse_mistakes(opa: Opa, tree: Path, sources: Sources) -> None:
    """Hold sources to strict checks: against the schema of the input, and without functions of a host.

    Raises:
        BuildError: They do not hold; the details show each mistake.
    """
    with tempfile.TemporaryDirectory() as name:
        aside = Path(name)
        (aside / "capabilities.json").write_bytes(resources.capabilities())
        (aside / "input.schema.json").write_bytes(resources.input_schema())
        options = ("--capabilities", str(aside / "capabilities.json"), "--schema", str(aside / "input.schema.json"))
        _check(opa, tree, sources, "--strict", *options, "--ignore", "*_test.rego")


def refuse_mistakes_of_tests(opa: Opa, tree: Path, sources: Sources, capabilities: Path) -> None:
    """Hold sources and their tests to what `opa test` compiles.

    Raises:
        BuildError: They do not compile; the details show each mistake.
    """
    _check(opa, tree, sources, "--capabilities", str(capabilities))


def refuse_syntax_errors(opa: Opa, folder: Path) -> None:
    """Show the mistakes of files that do not parse.

    Raises:
        BuildError: There are some.
    """
    own = {path.relative_to(folder).as_posix(): path for path in (folder / "rego").rglob("*.rego")}
    _check(opa, folder, Sources(own), only="rego_parse_error")


def _check(opa: Opa, tree: Path, sources: Sources, *options: str, only: str = "") -> None:
    done = opa.ran("check", "--format", "json", "--max-errors", str(_MOST), *options, "rego", folder=tree)
    if done.returncode == 0:
        return
    text = f"{done.stdout}{done.stderr}"
    try:
        errors: list[dict[str, Any]] = json.loads(text)["errors"]
    except (ValueError, KeyError, TypeError):
        errors = [{"message": line} for line in text.splitlines()]
    errors = [error for error in errors if error.get("code", "").startswith(only)]
    if errors:
        troubles = sorted((_trouble(error, sources) for error in errors), key=lambda it: (it.file or "", it.line))
        mistakes = "1 mistake" if len(troubles) == 1 else f"{len(troubles)} mistakes"
        details = tuple(line for trouble in troubles for line in trouble.lines())
        raise BuildError(f"the policy does not compile: {mistakes}", details=details)


def _trouble(error: dict[str, Any], sources: Sources) -> Trouble:
    message = str(error["message"]).replace("internal.print", "print")
    said = advice(message)
    notes = () if said is None else (said,)
    location = error.get("location")
    if not location or not location.get("file"):
        return Trouble(message=message, notes=notes)
    row, column = int(location["row"]), int(location["col"])
    last = sources.length(location["file"])
    if last and row > last:
        # The compiler names a line behind the last one where a file ends too early.
        row, column = last, len(sources.line(location["file"], last) or "") + 1
    line = sources.line(location["file"], row)
    return Trouble(
        message=message,
        file=sources.shown(location["file"]),
        line=row,
        column=column,
        excerpt=line,
        notes=notes,
    )
