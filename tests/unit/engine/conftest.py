"""Modules written by hand: each is what OPA compiles but for the one thing that a test is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import wasmtime

from psfpolicy.engine.limits import Limits
from psfpolicy.engine.wasm import WasmEngine

if TYPE_CHECKING:
    from collections.abc import Callable

_PARTS = {
    "imports": "",
    "abort": '(import "env" "opa_abort" (func $abort (param i32)))',
    "memory": '(import "env" "memory" (memory $memory 2))',
    "export": '(export "memory" (memory $memory))',
    "major": '(global (export "opa_wasm_abi_version") i32 (i32.const 1))',
    "minor": '(global (export "opa_wasm_abi_minor_version") i32 (i32.const 3))',
    "malloc": '(func (export "opa_malloc") (param i32) (result i32) (i32.const 8192))',
    "parse": '(func (export "opa_json_parse") (param i32 i32) (result i32) (i32.const 1))',
    "dump": '(func (export "opa_json_dump") (param i32) (result i32) (local.get 0))',
    "heap": '(func (export "opa_heap_ptr_get") (result i32) (i32.const 16384))',
    "builtins": '(func (export "builtins") (result i32) (i32.const 64))',
    "builtins_text": '(data (i32.const 64) "{}\\00")',
    "entrypoints": '(func (export "entrypoints") (result i32) (i32.const 128))',
    "entrypoints_text": '(data (i32.const 128) "{\\22psfpolicy/report\\22: 0}\\00")',
    "start": "",
    "answer": '(data (i32.const 1024) "[{\\22result\\22: {\\22a\\22: 1}}]\\00")',
    "parameters": "(param i32 i32 i32 i32 i32 i32 i32)",
    "eval": "(i32.const 1024)",
}


@pytest.fixture
def module() -> Callable[..., bytes]:
    """Give a module that answers `{"a": 1}` to everything, with the parts replaced that a test names."""

    def built(**parts: str) -> bytes:
        used = _PARTS | parts
        used["eval"] = f'(func (export "opa_eval") {used.pop("parameters")} (result i32) {used["eval"]})'
        text = "\n".join(["(module", *used.values(), ")"])
        return bytes(wasmtime.wat2wasm(text))

    return built


@pytest.fixture
def engine_of(module: Callable[..., bytes]) -> Callable[..., WasmEngine]:
    """Give an engine over such a module, with bounds that are soon reached."""

    def made(limits: Limits | None = None, data: bytes = b"{}", **parts: str) -> WasmEngine:
        small = Limits(timeout_seconds=0.2, memory_bytes=2**20, output_bytes=2**17)
        return WasmEngine(module(**parts), data, limits=limits or small)

    return made
