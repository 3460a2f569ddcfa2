"""The policy as an ordinary OPA bundle, for servers: an OPA without the runtime for WebAssembly refuses the other."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from psfpolicy.building.compiling import canonical
from psfpolicy.building.staging import stage

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOTS = ("psfpolicy",)
"""What the bundle owns of a server's `data`."""


def plain_bundle(root: Path, files: Mapping[str, bytes]) -> bytes:
    """Give an OPA bundle of the sources, a gzipped tape archive; the same bytes for the same sources.

    Args:
        root: The folder of `rego`.
        files: Those of the compiled bundle, made from the same sources.
    """
    return archive(plain_members(root, files))


def plain_members(root: Path, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give the files of an OPA bundle of the sources by name.

    `data.psfpolicy.bundle` says which policy a server holds: `{"digest": "…", "contract": 1, "controls": ["…"]}`.

    Args:
        root: The folder of `rego`.
        files: Those of the compiled bundle, made from the same sources.
    """
    manifest = json.loads(files["manifest.json"])
    data = json.loads(files["data.json"])
    data["psfpolicy"]["bundle"] = {
        "contract": manifest["contract"],
        "controls": [row["id"] for row in json.loads(files["controls.json"])],
        "digest": manifest["digest"],
    }
    members = {
        ".manifest": canonical({"revision": manifest["digest"], "roots": list(ROOTS)}),
        "data.json": canonical(data),
    }
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "rego"
        stage(root / "rego", tree)
        members |= {path.relative_to(tree).as_posix(): path.read_bytes() for path in tree.rglob("*.rego")}
    return members


def archive(members: Mapping[str, bytes]) -> bytes:
    """Give a gzipped tape archive of some files by name, without times, owners or anything else of the machine."""
    tape = io.BytesIO()
    with tarfile.open(fileobj=tape, mode="w", format=tarfile.PAX_FORMAT) as opened:
        for name in sorted(members):
            member = tarfile.TarInfo(name)
            member.size = len(members[name])
            member.mode = 0o644
            opened.addfile(member, io.BytesIO(members[name]))
    return gzip.compress(tape.getvalue(), mtime=0)
