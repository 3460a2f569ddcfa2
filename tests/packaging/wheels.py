"""Wheels made from what is installed, so that an environment can be built without the network."""

from __future__ import annotations

import re
from email.parser import Parser
from importlib.metadata import Distribution, distribution
from typing import TYPE_CHECKING
from zipfile import ZipFile

from packaging.requirements import Requirement

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_OF_AN_INSTALLATION = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"}


def write_wheels(requirements: Iterable[str], into: Path) -> None:
    """Write a wheel for each requirement, and for all that it requires here."""
    waiting = [Requirement(text) for text in requirements]
    done: set[str] = set()
    while waiting:
        wanted = waiting.pop()
        name = re.sub(r"[-_.]+", "_", wanted.name).lower()
        if name in done or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        done.add(name)
        found = distribution(wanted.name)
        waiting += [Requirement(text) for text in found.requires or ()]
        _write(found, name, into)


def _write(found: Distribution, name: str, into: Path) -> None:
    about = Parser().parsestr(found.read_text("WHEEL") or "")
    tags = [tag.split("-") for tag in about.get_all("Tag") or ()]
    tag = "-".join(".".join(dict.fromkeys(parts)) for parts in zip(*tags, strict=True))
    # Programs lie outside, and are made anew from the entry points.
    files = [file for file in found.files or () if ".." not in file.parts and file.suffix != ".pyc"]
    kept = [file for file in files if not (".dist-info" in file.parts[0] and file.name in _OF_AN_INSTALLATION)]
    record = next(file for file in files if file.name == "RECORD" and ".dist-info" in file.parts[0]).as_posix()
    with ZipFile(into / f"{name}-{found.version}-{tag}.whl", "w") as archive:
        for file in kept:
            archive.write(str(found.locate_file(file)), file.as_posix())
        archive.writestr(record, "".join(f"{path},,\n" for path in [*(file.as_posix() for file in kept), record]))
