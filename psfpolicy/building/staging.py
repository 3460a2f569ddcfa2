"""What the module does without: the texts of annotations, which `controls.json` has, and the names of its functions.

They are a fifth of its bytes and change no answer. `rego/` stays as it is; only what the compiler reads is shorter.
"""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FOR_READERS = {"title", "description", "authors", "organizations", "related_resources"}
_CUSTOM_FOR_READERS = {
    "bad",
    "criterion",
    "crosswalk",
    "crosswalk_provenance",
    "good",
    "provenance",
    "references",
    "remediation",
}
_HEAD = "# METADATA"
_MAGIC = 8
_CUSTOM_SECTION = 0


def stage(source: Path, target: Path) -> None:
    """Copy a tree of policy without its tests, and its annotations without the texts that are for readers.

    Args:
        source: The folder `rego`.
        target: Where to; it does not exist yet.
    """
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("*_test.rego"))
    for path in sorted(target.rglob("*.rego")):
        path.write_text("".join(_lines(path.read_text(encoding="utf-8"))), encoding="utf-8")


def sources_digest(source: Path) -> str:
    """Give the SHA-256 in hex of the Rego of a tree, tests left out: of what `sha256sum` prints of it, by path.

    Args:
        source: The folder `rego`.
    """
    found = {path.relative_to(source).as_posix(): path for path in source.rglob("*.rego")}
    names = sorted(name for name in found if not name.endswith("_test.rego"))
    lines = (f"{hashlib.sha256(found[name].read_bytes()).hexdigest()}  {name}\n" for name in names)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def without_custom_sections(module: bytes) -> bytes:
    """Give a WebAssembly module without its custom sections, which have no meaning (core specification, 2.5)."""
    kept = [module[:_MAGIC]]
    at = _MAGIC
    while at < len(module):
        size, content = _leb128(module, at + 1)
        if module[at] != _CUSTOM_SECTION:
            kept.append(module[at : content + size])
        at = content + size
    return b"".join(kept)


def _leb128(module: bytes, at: int) -> tuple[int, int]:
    """Give an unsigned number and where it ends."""
    value = shift = 0
    while True:
        byte = module[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def _lines(text: str) -> Iterator[str]:
    block: list[str] | None = None
    for line in text.splitlines(keepends=True):
        if block is not None and line.startswith("#"):
            block.append(line)
            continue
        if block is not None:
            yield from _shortened(block)
            block = None
        if line.rstrip() == _HEAD:
            block = []
        else:
            yield line


def _shortened(block: list[str]) -> Iterator[str]:
    annotation: dict[str, Any] = yaml.load(
        "".join(line.removeprefix("#").removeprefix(" ") for line in block), Loader=yaml.CSafeLoader
    )
    kept = {key: value for key, value in annotation.items() if key not in _FOR_READERS}
    custom = {key: value for key, value in kept.pop("custom", {}).items() if key not in _CUSTOM_FOR_READERS}
    if custom:
        kept["custom"] = custom
    if kept:
        yield f"{_HEAD}\n"
        for line in yaml.safe_dump(kept).splitlines():
            yield f"# {line}\n"
