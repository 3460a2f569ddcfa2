"""Sources to the files of a bundle: the module, its data, the catalogue of its controls, and digests of them.

Two builds by the pinned OPA are byte-identical, wherever they are made.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from psfpolicy import resources
from psfpolicy.building.annotations import control_rows
from psfpolicy.building.staging import sources_digest, stage, without_custom_sections
from psfpolicy.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psfpolicy.building.opa import Opa

CONTRACT = 1
"""Version of the agreement between policy and host on the shapes of question and report."""

ENTRY_POINTS = ("report", "sizing", "collation", "change")
"""Rules of `data.psfpolicy` that a host asks for."""


def bundle(opa: Opa, root: Path, generated: str) -> dict[str, bytes]:
    """Give the content of each file of a bundle, by name.

    Args:
        opa: What compiles it.
        root: The folder of `rego`.
        generated: What the manifest says of its making.

    Raises:
        BuildError: The sources do not compile, or the annotations of a control are not complete.
    """
    compiled = module_and_data(opa, root)
    inspected = json.loads(opa.run("inspect", "-a", "-f", "json", "rego", folder=root))
    return sealed(opa, root, {"controls.json": readable(control_rows(inspected, root)), **compiled}, generated)


def module_and_data(opa: Opa, root: Path, entry_points: tuple[str, ...] = ENTRY_POINTS) -> dict[str, bytes]:
    """Give the compiled policy and its data, by the names of their files.

    Args:
        opa: What compiles it.
        root: The folder of `rego`.
        entry_points: What can be asked of it.

    Raises:
        BuildError: The sources do not compile.
    """
    members = _compiled(opa, root, entry_points)
    module = without_custom_sections(members["/policy.wasm"])
    _require_valid(module)
    return {"data.json": canonical(json.loads(members["/data.json"])), "policy.wasm": module}


def sealed(opa: Opa, root: Path, files: Mapping[str, bytes], generated: str) -> dict[str, bytes]:
    """Give the files of a bundle, and beside them the manifest with their digests.

    Args:
        opa: What compiled them.
        root: The folder of `rego`.
        files: The catalogue of controls, the data and the module.
        generated: What the manifest says of its making.
    """
    digests = {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}
    # The lines that `sha256sum controls.json data.json policy.wasm` prints, so that anyone can check the digest.
    listing = "".join(f"{digest}  {name}\n" for name, digest in digests.items())
    manifest = {
        "generated": generated,
        "contract": CONTRACT,
        "digest": hashlib.sha256(listing.encode()).hexdigest(),
        "opa": opa.version,
        "sources": sources_digest(root / "rego"),
        "files": digests,
    }
    return {**files, "manifest.json": readable(manifest)}


def canonical(value: object) -> bytes:
    """Give JSON as one line."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def readable(value: object) -> bytes:
    """Give JSON in lines."""
    return json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False).encode() + b"\n"


def members_of(archive: bytes) -> Mapping[str, bytes]:
    """Give the files of an archive that OPA wrote, by their names: `/policy.wasm`."""
    members = {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        for member in opened:
            if stream := opened.extractfile(member):
                members[member.name] = stream.read()
    return members


def _compiled(opa: Opa, root: Path, entry_points: tuple[str, ...]) -> Mapping[str, bytes]:
    named = (word for name in entry_points for word in ("-e", f"psfpolicy/{name}"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stage(root / "rego", folder / "rego")
        (folder / "capabilities.json").write_bytes(resources.capabilities())
        # All paths are relative to that folder, so that none of this machine gets into the module.
        options = ("-b", "--prune-unused", "--capabilities", "capabilities.json", "-t", "wasm", *named)
        opa.run("build", *options, "-o", "bundle.tar.gz", "rego", folder=folder)
        return members_of((folder / "bundle.tar.gz").read_bytes())


def _require_valid(module: bytes) -> None:
    """Raise a `BuildError` for a module that no host would load: some references make OPA 1.22.0 write one."""
    import wasmtime  # noqa: PLC0415 - 40 ms that only a build spends

    try:
        wasmtime.Module.validate(wasmtime.Engine(), module)
    except wasmtime.WasmtimeError as error:
        raise BuildError(f"opa build wrote a module that is not valid: {error}") from error
