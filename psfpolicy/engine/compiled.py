"""Machine code of the policy: compiled once for each machine, and kept in the user's cache.

Compiling takes half a second, loading what was compiled five milliseconds. `Module.deserialize_file` maps the file,
which takes half of the time and memory of wasmtime's own cache. It trusts what it reads, so a file is loaded only from
a folder that nobody else can write to, and only when its content is what its name says.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING
from weakref import finalize

import wasmtime

from psfpolicy.engine.folder import trusted
from psfpolicy.engine.version import wasmtime_version
from psfpolicy.errors import ModuleError

if TYPE_CHECKING:
    from pathlib import Path

_KEPT = 4
"""How many compiled modules stay in the cache: several versions or machines may share a home folder."""


def _close(module: wasmtime.Module, engine: wasmtime.Engine) -> None:
    module.close()
    engine.close()


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Compiled:
    """Machine code of a policy, from which any number of instances can be made."""

    engine: wasmtime.Engine
    module: wasmtime.Module
    size: int
    """Bytes of the module before it was compiled; its constants take no more memory than that."""
    cache_note: str | None
    """Why it was not cached; None when it was."""

    def __post_init__(self) -> None:
        # At the end of the process wasmtime's own finalisers may find its functions gone, and say so to the user;
        # these run before that. wasmtime 46.0.1.
        finalize(self, _close, self.module, self.engine)


def compiled(wasm: bytes, cache: Path | None) -> Compiled:
    """Give the compiled module, from the cache where it is there.

    Args:
        wasm: The module in its binary format.
        cache: The folder of `folder.cache_folder`; None compiles anew.

    Raises:
        ModuleError: It is no WebAssembly module.
    """
    config = wasmtime.Config()
    config.epoch_interruption = True
    engine = wasmtime.Engine(config)
    folder, note = trusted(cache, "compiled")
    key = f"{sha256(wasm).hexdigest()[:32]}-wasmtime-{wasmtime_version()}-{sys.platform}"
    if folder and (known := _load(engine, folder, key)):
        return Compiled(engine, known, len(wasm), None)
    try:
        module = wasmtime.Module(engine, wasm) if wasm.startswith(b"\0asm") else None
    except wasmtime.WasmtimeError as error:
        reason = str(error).partition("\n")[0]
        raise ModuleError(f"the policy is damaged: {reason}", hint="install psfpolicy again") from error
    if module is None:
        raise ModuleError("the policy is no WebAssembly module", hint="install psfpolicy again")
    if folder:
        note = _save(module, folder, key)
    return Compiled(engine, module, len(wasm), note)


def _load(engine: wasmtime.Engine, folder: Path, key: str) -> wasmtime.Module | None:
    """Give the cached module; None when there is none, it is damaged, or another build of wasmtime made it."""
    for path in folder.glob(f"{key}.*.cwasm"):
        try:
            if sha256(path.read_bytes()).hexdigest() == path.name.split(".")[-2]:
                return wasmtime.Module.deserialize_file(engine, str(path))
        except (OSError, UnicodeEncodeError, wasmtime.WasmtimeError):
            continue
    return None


def _save(module: wasmtime.Module, folder: Path, key: str) -> str | None:
    """Keep a module for the next process, and say why that failed, if it did.

    The file appears whole or not at all, and is never changed: another process may have it mapped.
    """
    content = module.serialize()
    path = folder / f"{key}.{sha256(content).hexdigest()}.cwasm"
    aside = path.with_suffix(f".{os.getpid()}.part")
    try:
        aside.write_bytes(content)
        aside.replace(path)
    except OSError as error:
        return f"the compiled policy could not be kept in {folder}: {error.strerror}"
    _prune(folder)
    return None


def _prune(folder: Path) -> None:
    """Remove all but the newest compiled modules."""
    try:
        for path in sorted(folder.glob("*.cwasm"), key=lambda path: path.stat().st_mtime, reverse=True)[_KEPT:]:
            path.unlink()
    except OSError:
        # Another process was first, or (Windows) still has it mapped; the next save tries again.
        return
