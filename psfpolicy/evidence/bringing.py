"""Code that is brought into an engine when it starts: it is in no image, and nothing said of an image holds for it."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import dropwhile
from posixpath import basename, normpath
from typing import TYPE_CHECKING

from psfpolicy.evidence.inside import Stretches
from psfpolicy.evidence.kubernetes.downloads import commands
from psfpolicy.evidence.tables import table
from psfpolicy.source import Scalar, masked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.container import Container, Variable
    from psfpolicy.evidence.kubernetes.downloads import Said
    from psfpolicy.model.fact import Fact

MODULES = "spec.security.hardening.customModules"

_AT_ONCE = re.compile(
    r"(?:\b(?:ba|da|z|k|a)?sh[ \t]+(?:-\w{0,8}c[ \t]+[\"']?(?:\$\(|`)|<\()"
    r"|\b(?:source|python[\d.]{0,8})[ \t]+<\(|(?<!\S)\.[ \t]+<\(|\beval[ \t]+[\"']?(?:\$\(|`))"
    r"[ \t]*(?:curl|wget)\b"
)
"""A shell, or what it reads, that is given what a program fetches: `bash <(curl …)`, `sh -c "$(curl …)"`."""
_HOST = re.compile(r"\w{1,10}://(?:[^/\s]{0,200}@)?([\w.:-]{1,255})")
_SOURCING = frozenset({".", "source"})
_LONGEST = 120
_MOUNTED = "what is mounted there is not in the evidence, so it may be none of the image's"
_SYSTEM = "what is installed when it starts may be code that runs inside the engine"


def brought(container: Container, origin: Origin) -> Iterator[Fact]:
    """Give what code a container brings into the server that it starts: by its variables, and by its script."""
    yield from _loaded(container.variables, container, origin)
    for each in _scripts(container):
        yield from _run(each, origin)


def _scripts(container: Container) -> Iterator[Container]:
    """Give a container with each script that it runs: its own, and those of files whose text is in the evidence."""
    yield container
    for word in (*(container.command or ()), *(container.arguments or ())):
        mounted = container.files.get(word.text)
        if isinstance(mounted, Scalar):
            yield replace(container, script=mounted)


def _loaded(variables: Mapping[str, Variable], container: Container, origin: Origin) -> Iterator[Fact]:
    for name, row in table("bringing")["variables"]["rows"].items():
        variable = variables.get(name)
        if variable is None:
            continue
        if variable.value is None:
            reason = f"where `{name}` has code loaded from is not known"
            yield origin.inconclusive(MODULES, variable.place, reason, shown=name)
            continue
        paths, shown = _split(variable.value, row["separators"]), _short(f"{name}={variable.value}")
        if any(_is_brought(path, container) for path in paths):
            yield origin.fact(MODULES, value=True, where=variable.place, shown=shown)
        elif container.partial and any(_may_be_brought(path) for path in paths):
            yield origin.inconclusive(MODULES, variable.place, _MOUNTED, shown=shown)


def _split(value: str, separators: str) -> list[str]:
    for each in separators:
        value = value.replace(each, "\n")
    return value.split("\n")


def _is_brought(path: str, container: Container) -> bool:
    """Say whether a path is none of the image's: it lies in a volume, or where anything may write."""
    if not path.startswith("/"):
        return False
    found = f"{normpath(path)}/"
    return any(found.startswith(f"{each.rstrip('/')}/") for each in (*container.mounts, *_rows("writable")))


def _may_be_brought(path: str) -> bool:
    """Say whether a volume may be mounted at a path: it is none of the folders that systems keep for themselves."""
    return path.startswith("/") and not f"{normpath(path)}/".startswith(tuple(_rows("system")))


def _run(container: Container, origin: Origin) -> Iterator[Fact]:
    found = tuple(commands(container))
    for command in found:
        yield from _installed(command, origin)
    for command in _fetched_and_run(found):
        yield origin.fact(MODULES, value=True, where=command[0].place, shown=_written(command))
    script = container.script
    if script is not None:
        written = str(script.value)
        for match in _AT_ONCE.finditer(written):
            if "#" not in written[written.rfind("\n", 0, match.start()) + 1 : match.start()]:
                place = Stretches(script).place(match.start(), match.end())
                yield origin.fact(MODULES, value=True, where=place, shown=f"{match[0]} …")


def _installed(command: tuple[Said, ...], origin: Origin) -> Iterator[Fact]:
    known = table("bringing")["installers"]
    names = {basename(word.text) for word in command[:4]}
    if not {word.text for word in command} & set(known["verbs"]):
        return
    if names & set(known["rows"]["modules"]):
        yield origin.fact(MODULES, value=True, where=command[0].place, shown=_written(command))
    elif names & set(known["rows"]["system"]):
        yield origin.inconclusive(MODULES, command[0].place, _SYSTEM, shown=_written(command))


def _fetched_and_run(found: tuple[tuple[Said, ...], ...]) -> Iterator[tuple[Said, ...]]:
    """Give the commands that fetch what the next one reads as a script, and those that run what was fetched before."""
    files: set[str] = set()
    before: tuple[Said, ...] = ()
    wrappers = table("engines/programs")["wrappers"]
    for written in found:
        command = tuple(dropwhile(lambda word: basename(word.text) in wrappers, written))
        if any(basename(word.text) in _rows("fetchers") for word in command[:3]):
            files |= set(_files(command))
            before = command
            continue
        program = basename(command[0].text) if command else ""
        rest = [word.text for word in command[1:]]
        first = next((word for word in rest if not word.startswith("-")), "")
        reads = program in _rows("interpreters") or program in _SOURCING
        if before and program in _rows("interpreters") and (not first or {"-s", "-"} & set(rest)):
            yield before
        elif (reads and first and normpath(first) in files) or (command and normpath(command[0].text) in files):
            yield command
        before = ()


def _files(command: tuple[Said, ...]) -> Iterator[str]:
    """Give the files that a command fetches into, as later commands may name them."""
    options = table("bringing")["fetchers"]["outputs"]
    words = [word.text for word in command]
    for index, word in enumerate(words):
        # `-so file` among short options of curl; a file of its own name where nothing says another.
        is_output = word in options or (word[:1] == "-" and word[1:2].isalpha() and word.endswith("o"))
        if is_output and index + 1 < len(words):
            yield normpath(words[index + 1])
        elif word.startswith("--output="):
            yield normpath(word.partition("=")[2])
        elif "://" in word and basename(word.partition("?")[0]):
            yield basename(word.partition("?")[0])


def _rows(block: str) -> list[str]:
    rows: list[str] = table("bringing")[block]["rows"]
    return rows


def _written(command: tuple[Said, ...]) -> str:
    """Give a command without what may be a secret: its program, what it is told to do, hosts and paths."""
    known = table("bringing")["installers"]
    kept = {*known["verbs"], *known["rows"]["modules"], *known["rows"]["system"]}
    parts = [command[0].text]
    for word in command[1:]:
        address = _HOST.match(word.text)
        if address is not None:
            parts.append(address[1])
        elif word.text in kept or word.text.startswith(("/", "./")):
            parts.append(word.text)
    return _short(f"{' '.join(parts)} …")


def _short(text: str) -> str:
    return masked(text[:_LONGEST])
