"""The embedded engine answers, or says in a typed error why it cannot."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import weakref
from importlib import metadata
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy import resources
from psfpolicy.engine.limits import Limits
from psfpolicy.engine.wasm import WasmEngine
from psfpolicy.errors import AnswerError, EngineError, EvaluationError, LimitError, ModuleError

if TYPE_CHECKING:
    from collections.abc import Callable

    from psfpolicy.engine.base import Engine

REPORT_IT = "this is a fault of the policy, not of the descriptor; please report it"
REINSTALL = "install psfpolicy again"
RECOMPILE = "compile it with policy/capabilities.json"
LONG = "a descriptor of ordinary size takes milliseconds; look for lists of thousands of items or texts of megabytes"


def text(address: int, content: str) -> str:
    """Give a data segment that holds a text and its NUL."""
    escaped = "".join(f"\\{byte:02x}" for byte in content.encode())
    return f'(data (i32.const {address}) "{escaped}\\00")'


def said(error: pytest.ExceptionInfo[EngineError]) -> tuple[type[EngineError], str, str | None]:
    return type(error.value), error.value.message, error.value.hint


@pytest.fixture
def question() -> dict[str, Any]:
    return {"descriptor": {"spec": {}}, "waivers": [], "today": "2026-11-21", "gate": "standard", "parameters": {}}


def test_an_engine_says_what_it_is() -> None:
    engine: Engine = WasmEngine(b"", b"")
    assert (engine.name, engine.version) == ("wasm", metadata.version("wasmtime"))


def test_the_report_is_what_the_module_answers(engine_of: Callable[..., WasmEngine]) -> None:
    assert engine_of().evaluate({}) == {"a": 1}


def test_the_bundled_policy_answers_for_each_control_of_its_catalogue(question: dict[str, Any]) -> None:
    report: Any = WasmEngine.bundled().evaluate(question)
    assert sorted(report["controls"]) == [control.id for control in resources.controls()]
    assert (report["gate"]["name"], report["gate"]["verdict"]) == ("standard", "fail")


def test_the_capacity_is_asked_alone(question: dict[str, Any]) -> None:
    sizing: Any = WasmEngine.bundled().evaluate(question, "sizing")
    assert sorted(sizing) == ["figures", "message", "status"]
    assert sizing["status"] == "partial"


def test_a_module_that_cannot_be_asked_for_the_capacity_says_so(engine_of: Callable[..., WasmEngine]) -> None:
    engine = engine_of()
    assert engine.evaluate({}) == {"a": 1}
    with pytest.raises(ModuleError) as error:
        engine.evaluate({}, "sizing")
    assert said(error) == (ModuleError, "the policy has no entry point `psfpolicy/sizing`", REINSTALL)
    assert engine.evaluate({}) == {"a": 1}


def test_an_unknown_gate_has_no_report(question: dict[str, Any]) -> None:
    with pytest.raises(AnswerError) as error:
        WasmEngine.bundled().evaluate(question | {"gate": "lenient"})
    assert said(error) == (AnswerError, "the policy gave no report: `data.psfpolicy.report` is undefined", REPORT_IT)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the policy is no WebAssembly module"),
        (b"# not WebAssembly", "the policy is no WebAssembly module"),
        (b"(module)", "the policy is no WebAssembly module"),
        (b"\x00asm", "the policy is damaged: "),
        (b"\x00asm\x02\x00\x00\x00", "the policy is damaged: "),
    ],
    ids=["empty", "text", "wat", "magic alone", "another version"],
)
def test_what_is_no_module_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(ModuleError) as error:
        WasmEngine(content, b"{}").evaluate({})
    assert (error.value.message[: len(message)], error.value.hint) == (message, REINSTALL)


@pytest.mark.parametrize("length", [9, 100, 1_000, 10_000, 100_000, -1])
def test_a_truncated_policy_is_refused(length: int, question: dict[str, Any]) -> None:
    with pytest.raises(ModuleError) as error:
        WasmEngine(resources.policy_module()[:length], resources.policy_data()).evaluate(question)
    assert (error.value.message.partition(":")[0], error.value.hint) == ("the policy is damaged", REINSTALL)


@pytest.mark.parametrize("position", [*range(0, 60, 7), *range(300, 200_000, 20_011)])
def test_a_flipped_bit_never_gets_past_the_digest(
    position: int, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("bundle")
    for path in resources.BUNDLE.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    content = bytearray((folder / "policy.wasm").read_bytes())
    content[position] ^= 1
    (folder / "policy.wasm").write_bytes(content)
    monkeypatch.setattr(resources, "BUNDLE", folder)
    resources.policy_module.cache_clear()
    with pytest.raises(ModuleError) as error:
        WasmEngine.bundled()
    assert error.value.message == "`policy.wasm` of the bundled policy is not the one that its manifest names"


@pytest.mark.parametrize("position", range(8, 2_000, 41))
def test_a_module_with_a_flipped_bit_raises_nothing_but_engine_errors(
    position: int, module: Callable[..., bytes]
) -> None:
    content = bytearray(module())
    content[position % len(content)] ^= 1 << position % 8
    engine = WasmEngine(bytes(content), b"{}", limits=Limits(timeout_seconds=0.2, memory_bytes=2**20))
    assert outcome(engine) in {"EngineError", '{"a": 1}', None}


def outcome(engine: WasmEngine) -> str | None:
    """Give the kind of what an engine comes to; None for another report."""
    try:
        report = json.dumps(engine.evaluate({}))
    except EngineError:
        return "EngineError"
    return report if report == '{"a": 1}' else None


@pytest.mark.parametrize(
    ("parts", "message", "hint"),
    [
        (
            {"imports": '(import "env" "http_send" (func (param i32) (result i32)))'},
            "the policy asks the host for `env.http_send`, which it does not give",
            RECOMPILE,
        ),
        (
            {"imports": '(import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))'},
            "the policy asks the host for `wasi_snapshot_preview1.fd_write`, which it does not give",
            RECOMPILE,
        ),
        (
            {"imports": '(import "env" "memory" (func))', "memory": "(memory $memory 2)"},
            "the policy asks the host for `env.memory`, which it does not give",
            RECOMPILE,
        ),
        (
            {"builtins_text": text(64, '{"sprintf": 0, "http.send": 1}')},
            "the policy asks the host for `http.send`, `sprintf`, which it does not give",
            RECOMPILE,
        ),
        (
            {"memory": "(memory $memory 2)"},
            "the policy is no module that OPA compiles: it imports no memory",
            REINSTALL,
        ),
        ({"major": ""}, "the policy is no module that OPA compiles: it lacks `opa_wasm_abi_version`", REINSTALL),
        ({"heap": ""}, "the policy is no module that OPA compiles: it lacks `opa_heap_ptr_get`", REINSTALL),
        (
            {"heap": '(global (export "opa_heap_ptr_get") i32 (i32.const 1))'},
            "the policy is no module that OPA compiles: it lacks `opa_heap_ptr_get`",
            REINSTALL,
        ),
        (
            {"minor": '(global (export "opa_wasm_abi_minor_version") i32 (i32.const 1))'},
            "the policy has ABI version 1.1; wanted: 1.2 or a later 1",
            REINSTALL,
        ),
        (
            {"major": '(global (export "opa_wasm_abi_version") i32 (i32.const 2))'},
            "the policy has ABI version 2.3; wanted: 1.2 or a later 1",
            REINSTALL,
        ),
        (
            {"entrypoints_text": text(128, '{"other/report": 0}')},
            "the policy has no entry point `psfpolicy/report`",
            REINSTALL,
        ),
        (
            {"entrypoints_text": text(128, "psfpolicy/report")},
            "the policy is no module that OPA compiles: `entrypoints` is no JSON",
            REINSTALL,
        ),
        (
            {"builtins_text": text(64, "[]")},
            "the policy is no module that OPA compiles: `builtins` is no object",
            REINSTALL,
        ),
        (
            {"parse": '(func (export "opa_json_parse") (param i32 i32) (result i32) (i32.const 0))'},
            "the data of the policy is no JSON",
            REINSTALL,
        ),
    ],
    ids=[
        "host function",
        "wasi",
        "memory that is a function",
        "builtins",
        "no memory",
        "no version",
        "no heap",
        "heap that is no function",
        "older ABI",
        "newer ABI",
        "no entry point",
        "entry points that are no JSON",
        "builtins that are no object",
        "data that is no JSON",
    ],
)
def test_a_module_that_is_not_the_policy_is_refused_at_load(
    parts: dict[str, str], message: str, hint: str, engine_of: Callable[..., WasmEngine]
) -> None:
    with pytest.raises(ModuleError) as error:
        engine_of(**parts).evaluate({})
    assert said(error) == (ModuleError, message, hint)


def test_what_opa_compiles_may_import_its_five_hooks_and_is_refused_when_it_calls_one(
    engine_of: Callable[..., WasmEngine],
) -> None:
    hook = '(import "env" "opa_builtin0" (func $hook (param i32 i32) (result i32)))'
    assert engine_of(imports=hook).evaluate({}) == {"a": 1}
    with pytest.raises(EvaluationError) as error:
        engine_of(imports=hook, eval="(call $hook (i32.const 0) (i32.const 0))").evaluate({})
    assert said(error) == (EvaluationError, "the policy called a function of the host, which gives none", REPORT_IT)


def test_what_a_module_prints_is_not_shown(
    engine_of: Callable[..., WasmEngine], capfd: pytest.CaptureFixture[str]
) -> None:
    hook = '(import "env" "opa_println" (func $print (param i32)))'
    engine_of(imports=hook, eval="(call $print (i32.const 1024)) (i32.const 1024)").evaluate({})
    assert tuple(capfd.readouterr()) == ("", "")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("", "the answer of the policy is no JSON"),
        ('[{"result": {}', "the answer of the policy is no JSON"),
        ('[{"result": {"a": NaN}}]', "the answer of the policy is no JSON"),
        ("[" * 100_000, "the answer of the policy is no JSON"),
        ("[]", "the policy gave no report: `data.psfpolicy.report` is undefined"),
        ("{}", "the answer of the policy is not one report"),
        ("null", "the answer of the policy is not one report"),
        ('[{"result": 1}]', "the answer of the policy is not one report"),
        ('[{"result": true}]', "the answer of the policy is not one report"),
        ('[{"result": [{}]}]', "the answer of the policy is not one report"),
        ('[{"result": {}}, {"result": {}}]', "the answer of the policy is not one report"),
        ('[{"result": {}, "more": 1}]', "the answer of the policy is not one report"),
        ('[{"other": {}}]', "the answer of the policy is not one report"),
    ],
)
def test_an_answer_that_is_not_one_report_is_an_error(
    answer: str, message: str, engine_of: Callable[..., WasmEngine]
) -> None:
    with pytest.raises(AnswerError) as error:
        engine_of(
            answer=text(24576, answer), memory='(import "env" "memory" (memory $memory 4))', eval="(i32.const 24576)"
        ).evaluate({})
    assert said(error) == (AnswerError, message, REPORT_IT)


def test_an_answer_that_is_not_utf8_is_an_error(engine_of: Callable[..., WasmEngine]) -> None:
    with pytest.raises(AnswerError) as error:
        engine_of(answer='(data (i32.const 1024) "[{\\22result\\22: {\\22\\ff\\22: 1}}]\\00")').evaluate({})
    assert error.value.message == "the answer of the policy is no JSON"


def test_an_answer_outside_the_memory_is_an_error(engine_of: Callable[..., WasmEngine]) -> None:
    with pytest.raises(AnswerError) as error:
        engine_of(eval="(i32.const -8)").evaluate({})
    assert said(error) == (AnswerError, "the answer of the policy has no end", REPORT_IT)


def test_an_answer_without_an_end_is_an_error(engine_of: Callable[..., WasmEngine]) -> None:
    length = "(i32.mul (i32.sub (memory.size) (i32.const 1)) (i32.const 65536))"
    fill = f"(memory.fill (i32.const 65536) (i32.const 65) {length})"
    with pytest.raises(AnswerError) as error:
        engine_of(limits=Limits(), eval=f"{fill} (i32.const 65536)").evaluate({})
    assert said(error) == (AnswerError, "the answer of the policy has no end", REPORT_IT)


def test_an_answer_above_the_bound_is_an_error(engine_of: Callable[..., WasmEngine]) -> None:
    fill = "(memory.fill (i32.const 32768) (i32.const 32) (i32.const 131073))"
    limits = Limits(output_bytes=2**17)
    with pytest.raises(LimitError) as error:
        engine_of(
            limits=limits, memory='(import "env" "memory" (memory $memory 4))', eval=f"{fill} (i32.const 32768)"
        ).evaluate({})
    assert said(error) == (LimitError, "the answer of the policy is larger than 0.125 MiB", LONG)


def test_an_answer_at_the_bound_is_read(engine_of: Callable[..., WasmEngine]) -> None:
    answer = '[{"result": {"a": 1}}]'.ljust(100)
    engine = engine_of(limits=Limits(output_bytes=len(answer)), answer=text(1024, answer))
    assert engine.evaluate({}) == {"a": 1}
    with pytest.raises(LimitError):
        engine_of(limits=Limits(output_bytes=len(answer) - 1), answer=text(1024, answer)).evaluate({})


def test_an_abort_says_what_the_policy_said(engine_of: Callable[..., WasmEngine]) -> None:
    message = text(2048, "rego/psfpolicy/x.rego:6:1: var assignment conflict")
    with pytest.raises(EvaluationError) as error:
        engine_of(start=message, eval="(call $abort (i32.const 2048)) (i32.const 1024)").evaluate({})
    assert said(error) == (
        EvaluationError,
        "the policy aborted: rego/psfpolicy/x.rego:6:1: var assignment conflict",
        REPORT_IT,
    )


def test_an_abort_that_cannot_be_read_is_an_error(engine_of: Callable[..., WasmEngine]) -> None:
    with pytest.raises(EvaluationError) as error:
        engine_of(export="", eval="(call $abort (i32.const 2048)) (i32.const 1024)").evaluate({})
    assert said(error) == (EvaluationError, "the policy aborted: for no reason that it can say", REPORT_IT)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"parameters": "(param i32)"}, "the policy cannot be run: too many parameters provided: given 7, expected 1"),
        ({"heap": '(func (export "opa_heap_ptr_get"))'}, "the policy cannot be run: int() argument must be"),
    ],
    ids=["other parameters", "no result"],
)
def test_a_function_of_another_shape_is_an_error(
    parts: dict[str, str], message: str, engine_of: Callable[..., WasmEngine]
) -> None:
    with pytest.raises(EvaluationError) as error:
        engine_of(**parts).evaluate({})
    assert (error.value.message[: len(message)], error.value.hint) == (message, REPORT_IT)


def test_a_trap_is_an_error(engine_of: Callable[..., WasmEngine]) -> None:
    with pytest.raises(EvaluationError) as error:
        engine_of(eval="unreachable").evaluate({})
    assert said(error) == (
        EvaluationError,
        "the policy trapped: wasm trap: wasm `unreachable` instruction executed",
        REPORT_IT,
    )


def test_an_endless_recursion_is_an_error(engine_of: Callable[..., WasmEngine]) -> None:
    with pytest.raises(EvaluationError) as error:
        engine_of(
            start="(func $again (result i32) (i32.add (call $again) (i32.const 1)))", eval="(call $again)"
        ).evaluate({})
    assert said(error) == (EvaluationError, "the policy trapped: wasm trap: call stack exhausted", REPORT_IT)


def test_an_endless_evaluation_is_stopped(engine_of: Callable[..., WasmEngine]) -> None:
    with pytest.raises(LimitError) as error:
        engine_of(eval="(loop $l (br $l)) (i32.const 1024)").evaluate({})
    assert said(error) == (LimitError, "the policy did not answer within 0.2 s", LONG)


@pytest.mark.parametrize("part", ["builtins", "entrypoints", "heap", "malloc", "parse"])
def test_an_endless_load_is_stopped(part: str, engine_of: Callable[..., WasmEngine]) -> None:
    names = {"heap": "opa_heap_ptr_get", "malloc": "opa_malloc", "parse": "opa_json_parse"}
    parameters = {"malloc": "(param i32)", "parse": "(param i32 i32)"}
    endless = (
        f'(func (export "{names.get(part, part)}") {parameters.get(part, "")} (result i32)'
        " (loop $l (br $l)) (i32.const 0))"
    )
    with pytest.raises(LimitError) as error:
        engine_of(**{part: endless}).evaluate({})
    assert said(error) == (LimitError, "the policy did not answer within 0.2 s", LONG)


def test_an_endless_start_is_stopped(engine_of: Callable[..., WasmEngine]) -> None:
    with pytest.raises(LimitError) as error:
        engine_of(start="(func $s (loop $l (br $l))) (start $s)").evaluate({})
    assert said(error) == (LimitError, "the policy did not answer within 0.2 s", LONG)


def test_memory_cannot_grow_past_its_bound(engine_of: Callable[..., WasmEngine]) -> None:
    # OPA's allocator aborts when it is refused more.
    message = text(2048, "opa_malloc: failed")
    grow = "(if (i32.eq (memory.grow (i32.const 100)) (i32.const -1)) (then (call $abort (i32.const 2048))))"
    with pytest.raises(LimitError) as error:
        engine_of(start=message, eval=f"{grow} (i32.const 1024)").evaluate({})
    assert said(error) == (LimitError, "the policy needs more than 1 MiB for this descriptor", LONG)


def test_a_question_above_the_bound_is_refused(engine_of: Callable[..., WasmEngine]) -> None:
    with pytest.raises(LimitError) as error:
        engine_of().evaluate({"text": "x" * 2**20})
    assert said(error) == (LimitError, "the policy needs more than 1 MiB for this descriptor", LONG)


def test_data_above_the_bound_are_refused(engine_of: Callable[..., WasmEngine]) -> None:
    with pytest.raises(LimitError) as error:
        engine_of(data=b'"' + b"x" * 2**20 + b'"').evaluate({})
    assert said(error) == (LimitError, "the policy needs more than 1 MiB for this descriptor", LONG)


def test_after_an_error_the_next_question_gets_a_fresh_instance(engine_of: Callable[..., WasmEngine]) -> None:
    # Traps for a question of more than two bytes, after it has spoilt the answer.
    spoil = "(if (i32.gt_u (local.get 4) (i32.const 2)) (then (i32.store8 (i32.const 1024) (i32.const 0)) unreachable))"
    engine = engine_of(eval=f"{spoil} (i32.const 1024)")
    for _ in range(3):
        with pytest.raises(EvaluationError):
            engine.evaluate({"a": 1})
        assert engine.evaluate({}) == {"a": 1}


def test_an_instance_is_kept_between_questions(engine_of: Callable[..., WasmEngine]) -> None:
    engine = engine_of()
    engine.evaluate({})
    first = engine._instance
    engine.evaluate({})
    assert engine._instance is first is not None


def test_a_spent_instance_is_freed(engine_of: Callable[..., WasmEngine]) -> None:
    engine = engine_of(eval="(if (i32.gt_u (local.get 4) (i32.const 2)) (then unreachable)) (i32.const 1024)")
    engine.evaluate({})
    store = weakref.ref(engine._instance._store) if engine._instance else None
    with pytest.raises(EvaluationError):
        engine.evaluate({"a": 1})
    gc.collect()
    assert store is not None
    assert store() is None


def test_many_questions_take_no_more_memory_than_one(question: dict[str, Any]) -> None:
    engine = WasmEngine.bundled()
    engine.evaluate(question)
    instance = engine._instance
    assert instance is not None
    size = instance._memory.data_len(instance._store)
    for _ in range(200):
        engine.evaluate(question)
    assert instance._memory.data_len(instance._store) == size


AT_THE_END = """
import atexit
import sys

def tell():
    instance = engine._instance
    for part in (instance._store, instance._policy.module, instance._policy.engine):
        try:
            part.ptr()
        except ValueError as error:
            sys.stdout.write(f"{type(part).__name__} {error}; ")

atexit.register(tell)
from psfpolicy.engine.wasm import WasmEngine
engine = WasmEngine.bundled()
engine.evaluate({"today": "2026-11-21", "gate": "standard", "descriptor": {"spec": {}}})
"""


def test_what_wasmtime_holds_is_closed_before_the_process_ends() -> None:
    done = subprocess.run([sys.executable, "-c", AT_THE_END], capture_output=True, text=True, check=False)
    closed = "Store already closed; Module already closed; Engine already closed; "
    assert (done.returncode, done.stdout, done.stderr) == (0, closed, "")
