"""One instance of a compiled policy: JSON text in, JSON text out, within bounds.

The calls follow OPA's documentation, page "WebAssembly", ABI 1.2 and later.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING
from weakref import finalize

import wasmtime

from psfpolicy.errors import AnswerError, EvaluationError, LimitError, ModuleError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psfpolicy.engine.compiled import Compiled
    from psfpolicy.engine.limits import Limits
    from psfpolicy.engine.watchdog import Watchdog

_ENTRYPOINT = "psfpolicy/report"
_PAGE = 65536
_CHUNK = 65536
_OUT_OF_MEMORY = "opa_malloc: failed"
"""What OPA's allocator aborts with when memory.grow is refused."""

_NOT_OPA = "the policy is no module that OPA compiles"
_REPORT_IT = "this is a fault of the policy, not of the descriptor; please report it"
_REINSTALL = "install psfpolicy again"
_RECOMPILE = "compile it with policy/capabilities.json"
_SHORTEN = (
    "a descriptor of ordinary size takes milliseconds; look for lists of thousands of items or texts of megabytes"
)


class Instance:
    """An instance whose data is loaded. One that has raised is spent: its memory is in no known state.

    Args:
        policy: The compiled policy.
        data: What Rego sees as `data`, as JSON text.
        limits: Bounds of loading, and of each evaluation.
        watchdog: Raises the epoch of the policy's engine when a call takes too long.
        entrypoints: All that the module may have, and must; None for any beside the report.

    Raises:
        ModuleError: The module is none that OPA compiles, asks for a function of the host, or lacks the entry point.
        EngineError: Loading aborted, trapped, or ran over a bound.
    """

    def __init__(
        self,
        policy: Compiled,
        data: bytes,
        limits: Limits,
        watchdog: Watchdog,
        entrypoints: frozenset[str] | None = None,
    ) -> None:
        self._watchdog = watchdog
        self._limits = limits
        self._policy = policy
        self._store = wasmtime.Store(policy.engine)
        # As in `Compiled`, which this keeps open.
        finalize(self, self._store.close)
        self._store.set_limits(memory_size=limits.memory_bytes, instances=1, memories=1)
        with self._bounded():
            self._memory, imports = self._imports(policy)
            self._exports = dict(wasmtime.Instance(self._store, policy.module, imports).exports(self._store))
            self._require_contract()
            self._entrypoints = self._table("entrypoints")
            self._require_entrypoint(_ENTRYPOINT)
            self._require_no_other(entrypoints)
            self._data = self._load(data)
            self._heap = self._call("opa_heap_ptr_get")

    def evaluate(self, text: bytes, entrypoint: str = _ENTRYPOINT) -> bytes:
        """Give the answer, JSON text, to an input, JSON text.

        Raises:
            ModuleError: The policy has no such entry point.
            LimitError: A bound was hit.
            EvaluationError: The policy aborted or trapped.
            AnswerError: There is no answer, or it is not text.
        """
        rule = self._require_entrypoint(entrypoint)
        with self._bounded():
            # The evaluation's heap starts after the input, so it takes nothing from the evaluation before.
            self._write(self._heap, text)
            heap = self._heap + len(text)
            return self._read(self._call("opa_eval", 0, rule, self._data, self._heap, len(text), heap, 0))

    def _imports(self, policy: Compiled) -> tuple[wasmtime.Memory, list[wasmtime.Memory | wasmtime.Func]]:
        """Give the memory, and what the module imports: its memory, and the functions that only say what broke."""
        imports: list[wasmtime.Memory | wasmtime.Func] = []
        memory = None
        for wanted in policy.module.imports:
            kind = wanted.type
            if wanted.module == "env" and wanted.name == "memory" and isinstance(kind, wasmtime.MemoryType):
                # The memory that OPA 1.22.0 asks for does not always hold the constants of a module of some size.
                pages = kind.limits.min + -(-policy.size // _PAGE)
                memory = wasmtime.Memory(self._store, wasmtime.MemoryType(wasmtime.Limits(pages, kind.limits.max)))
                imports.append(memory)
            elif wanted.module == "env" and wanted.name in _HOST and isinstance(kind, wasmtime.FuncType):
                imports.append(wasmtime.Func(self._store, kind, _HOST[wanted.name], access_caller=True))
            else:
                name = f"{wanted.module}.{wanted.name}"
                raise ModuleError(f"the policy asks the host for `{name}`, which it does not give", hint=_RECOMPILE)
        if memory is None:
            raise ModuleError(f"{_NOT_OPA}: it imports no memory", hint=_REINSTALL)
        return memory, imports

    def _require_contract(self) -> None:
        """Require the ABI that is spoken here, and that no function of the host is wanted."""
        version = self._constant("opa_wasm_abi_version"), self._constant("opa_wasm_abi_minor_version")
        if version < (1, 2) or version[0] > 1:
            seen = ".".join(map(str, version))
            raise ModuleError(f"the policy has ABI version {seen}; wanted: 1.2 or a later 1", hint=_REINSTALL)
        if builtins := self._table("builtins"):
            names = ", ".join(f"`{name}`" for name in sorted(builtins))
            raise ModuleError(f"the policy asks the host for {names}, which it does not give", hint=_RECOMPILE)

    def _require_entrypoint(self, name: str) -> int:
        if name not in self._entrypoints:
            raise ModuleError(f"the policy has no entry point `{name}`", hint=_REINSTALL)
        return self._entrypoints[name]

    def _require_no_other(self, known: frozenset[str] | None) -> None:
        if known is None:
            return
        for name in sorted(known):
            self._require_entrypoint(name)
        if strange := sorted(self._entrypoints.keys() - known):
            names = ", ".join(f"`{name}`" for name in strange)
            raise ModuleError(f"the policy has the entry points {names}, which are not known", hint=_REINSTALL)

    def _constant(self, name: str) -> int:
        constant = self._exports.get(name)
        if not isinstance(constant, wasmtime.Global):
            raise ModuleError(f"{_NOT_OPA}: it lacks `{name}`", hint=_REINSTALL)
        return int(constant.value(self._store))

    def _table(self, function: str) -> dict[str, int]:
        """Give what a function of the module lists: names with numbers."""
        try:
            table = json.loads(self._read(self._call("opa_json_dump", self._call(function))))
        except ValueError as error:
            raise ModuleError(f"{_NOT_OPA}: `{function}` is no JSON", hint=_REINSTALL) from error
        if not isinstance(table, dict):
            raise ModuleError(f"{_NOT_OPA}: `{function}` is no object", hint=_REINSTALL)
        return table

    def _load(self, data: bytes) -> int:
        """Put the data into the module, and give its address there."""
        text = self._call("opa_malloc", len(data))
        self._write(text, data)
        address = self._call("opa_json_parse", text, len(data))
        if address == 0:
            raise ModuleError("the data of the policy is no JSON", hint=_REINSTALL)
        return address

    def _call(self, name: str, *arguments: int) -> int:
        function = self._exports.get(name)
        if not isinstance(function, wasmtime.Func):
            raise ModuleError(f"{_NOT_OPA}: it lacks `{name}`", hint=_REINSTALL)
        # An i32 comes signed; every one that is returned here is an address, or a number of a table.
        return int(function(self._store, *arguments)) & 0xFFFFFFFF

    def _write(self, address: int, content: bytes) -> None:
        missing = address + len(content) - self._memory.data_len(self._store)
        if missing > 0:
            try:
                self._memory.grow(self._store, -(-missing // _PAGE))
            except wasmtime.WasmtimeError as error:
                raise MemoryError from error
        self._memory.write(self._store, content, address)

    def _read(self, address: int) -> bytes:
        return _text(self._store, self._memory, address, self._limits.output_bytes)

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        """Stop what runs at the time limit, and turn what wasmtime raises into an error of ours."""
        self._store.set_epoch_deadline(1)
        try:
            with self._watchdog.watching():
                yield
        except MemoryError as error:
            most = self._limits.memory_bytes / 2**20
            raise LimitError(f"the policy needs more than {most:g} MiB for this descriptor", hint=_SHORTEN) from error
        except wasmtime.Trap as trap:
            if trap.trap_code == wasmtime.TrapCode.INTERRUPT:
                most_seconds = f"{self._limits.timeout_seconds:g}"
                raise LimitError(f"the policy did not answer within {most_seconds} s", hint=_SHORTEN) from trap
            reason = trap.message.strip().splitlines()[-1].strip()
            raise EvaluationError(f"the policy trapped: {reason}", hint=_REPORT_IT) from trap
        # The last two: a damaged module may export other functions under the names, or give addresses outside.
        except (wasmtime.WasmtimeError, TypeError, IndexError) as error:
            reason = str(error).partition("\n")[0]
            raise EvaluationError(f"the policy cannot be run: {reason}", hint=_REPORT_IT) from error


def _text(store: wasmtime.Store | wasmtime.Caller, memory: wasmtime.Memory, address: int, most: int) -> bytes:
    """Give the text at an address, up to its NUL; it may be of at most so many bytes."""
    text = bytearray()
    while len(text) <= most:
        at = address + len(text)
        chunk = memory.read(store, at, at + _CHUNK)
        if not chunk:
            raise AnswerError("the answer of the policy has no end", hint=_REPORT_IT)
        head, end, _ = chunk.partition(b"\0")
        text += head
        if end and len(text) <= most:
            return bytes(text)
    raise LimitError(f"the answer of the policy is larger than {most / 2**20:g} MiB", hint=_SHORTEN)


# wasmtime holds these functions in a registry of its own for as long as their store lives: one that held the instance
# would keep the memory of every spent instance until the process ends.


def _abort(caller: wasmtime.Caller, address: int) -> None:
    memory = caller.get("memory")
    message = b"for no reason that it can say"
    if isinstance(memory, wasmtime.Memory):
        message = _text(caller, memory, address, _CHUNK)
    if message == _OUT_OF_MEMORY.encode():
        raise MemoryError
    raise EvaluationError(f"the policy aborted: {message.decode(errors='replace')}", hint=_REPORT_IT)


def _silent(_caller: wasmtime.Caller, _address: int) -> None:
    """Print nothing: the policy has no `print`, and what it would show is the user's."""


def _refuse(_caller: wasmtime.Caller, *_arguments: int) -> int:
    raise EvaluationError("the policy called a function of the host, which gives none", hint=_REPORT_IT)


_HOST: dict[str | None, Callable[..., int | None]] = {
    "opa_abort": _abort,
    "opa_println": _silent,
    **{f"opa_builtin{arguments}": _refuse for arguments in range(5)},
}
