"""The embedded engine: the policy as OPA compiles it to WebAssembly, run by wasmtime in this process."""

from __future__ import annotations

import json
import os
from functools import partial
from typing import TYPE_CHECKING, NoReturn, get_args

from psfpolicy import resources
from psfpolicy.engine.base import Rule
from psfpolicy.engine.folder import cache_folder
from psfpolicy.engine.limits import Limits
from psfpolicy.engine.question import question_text
from psfpolicy.engine.version import wasmtime_version
from psfpolicy.engine.watchdog import Watchdog
from psfpolicy.errors import AnswerError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from psfpolicy.engine.instance import Instance
    from psfpolicy.model.place import JsonValue

_HINT = "this is a fault of the policy, not of the descriptor; please report it"


class WasmEngine:
    """An `Engine`: a compiled policy and its data, loaded at the first question and kept for the next ones.

    Not for use by several threads at once. wasmtime is imported at the first question, since that takes 35 ms.

    Args:
        module: What `opa build -t wasm` compiled, with an entry point `psfpolicy/…` for each rule and no host function.
        data: What Rego sees as `data`, as JSON text.
        cache: The folder for compiled code, `cache_folder` names the user's; None compiles in each process.
        limits: Bounds of each evaluation.
        rules: What the module must answer, and nothing else; None for any rules, the report among them.
    """

    def __init__(
        self,
        module: bytes,
        data: bytes,
        *,
        cache: Path | None = None,
        limits: Limits | None = None,
        rules: tuple[str, ...] | None = None,
    ) -> None:
        self._entrypoints = None if rules is None else frozenset(f"psfpolicy/{rule}" for rule in rules)
        self._wasm = module
        self._data = data
        self._cache = cache
        self._limits = limits or Limits()
        self._program: Callable[[], Instance] | None = None
        self._instance: Instance | None = None
        self._cache_note: str | None = None

    @classmethod
    def bundled(cls, *, limits: Limits | None = None) -> WasmEngine:
        """Give the engine of the policy in force, with the user's cache.

        Raises:
            ModuleError: The bundle is missing or damaged.
        """
        cache = cache_folder(os.environ)
        return cls(resources.policy_module(), resources.policy_data(), cache=cache, limits=limits, rules=get_args(Rule))

    @property
    def name(self) -> str:
        """`wasm`."""
        return "wasm"

    @property
    def version(self) -> str:
        """The version of wasmtime."""
        return wasmtime_version()

    @property
    def cache_note(self) -> str | None:
        """Why the compiled policy was not cached; None when it was, or before the first question."""
        return self._cache_note

    def decisions(self) -> tuple[str, ...]:
        """Give nothing: what is asked of this engine is logged nowhere."""
        return ()

    def evaluate(self, question: dict[str, JsonValue], rule: Rule = "report") -> dict[str, JsonValue]:
        """Give the policy's answer on one input document.

        After an error the next question gets a fresh instance: what was wrong with one descriptor does not reach
        another.
        """
        return self.answered(question_text(question), rule)

    def answered(self, text: bytes, rule: Rule) -> dict[str, JsonValue]:
        """Give the policy's answer to the text of a question; see `evaluate`."""
        instance = self._ready()
        self._instance = None
        answer = instance.evaluate(text, f"psfpolicy/{rule}")
        self._instance = instance
        return _result(answer, rule)

    def _ready(self) -> Instance:
        if self._program is None:
            self._program = self._compiled()
        return self._instance or self._program()

    def _compiled(self) -> Callable[[], Instance]:
        """Compile the policy, and give what makes an instance of it."""
        from psfpolicy.engine import compiled, instance  # noqa: PLC0415 - as above

        policy = compiled.compiled(self._wasm, self._cache)
        self._cache_note = policy.cache_note
        watchdog = Watchdog(self._limits.timeout_seconds, policy.engine.increment_epoch)
        return partial(instance.Instance, policy, self._data, self._limits, watchdog, self._entrypoints)


def _result(answer: bytes, rule: Rule) -> dict[str, JsonValue]:
    """Give the one result of an answer.

    Raises:
        AnswerError: It is not `[{"result": {…}}]`.
    """
    try:
        parsed: JsonValue = json.loads(answer, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise AnswerError("the answer of the policy is no JSON", hint=_HINT) from error
    match parsed:
        case [{"result": dict(result), **rest}] if not rest:
            return result
        case []:
            raise AnswerError(f"the policy gave no {rule}: `data.psfpolicy.{rule}` is undefined", hint=_HINT)
        case _:
            raise AnswerError(f"the answer of the policy is not one {rule}", hint=_HINT)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)
