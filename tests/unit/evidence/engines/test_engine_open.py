"""What is not seen may switch something on: then nothing is silent, and nothing is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Said = Callable[..., list[tuple[Any, ...]]]

OWN = "image: vllm/vllm-openai:v0.33.0"
GONE = "openVariables: the ConfigMap `gone` is not there"
SWITCH = "spec.security.hardening."
RAW = "spec.observability.runLog.rawText"
DRAFT = "spec.model.draft.id"
EXPORTS = "spec.observability.exports"
FLOWS = "spec.data.otherFlows"


def open_at(found: list[tuple[Any, ...]]) -> set[str]:
    return {each[0] for each in found if each[-1] == "inconclusive"}


def test_variables_that_are_not_seen_may_be_any_switch_that_is_a_variable(said: Said) -> None:
    found = said(f"{OWN}\ncommand: [vllm, serve, org/m]\n{GONE}\n")

    assert {path.removeprefix(SWITCH) for path in open_at(found) if path.startswith(SWITCH)} == {
        "customModules",
        "devEndpoints",
        "runtimeModelUpdates",
        "insecureSerialization",
        "profilerEndpoints",
    }
    assert RAW in open_at(found)
    assert not open_at(found) & {DRAFT, EXPORTS, FLOWS, SWITCH + "requestChatTemplates"}


def test_a_switch_that_a_variable_sets_is_known_whatever_else_is_set(said: Said) -> None:
    env = "env: [{name: VLLM_SERVER_DEV_MODE, value: '0'}, {name: VLLM_ALLOW_RUNTIME_LORA_UPDATING, value: '1'}]"

    found = said(f"{OWN}\ncommand: [vllm, serve, org/m]\n{env}\n{GONE}\n")

    assert SWITCH + "devEndpoints" not in open_at(found)
    assert [each[1:2] for each in found if each[0] == SWITCH + "runtimeModelUpdates"] == [(True,)]


@pytest.mark.parametrize("words", ["--config, /gone.yaml", "$EXTRA", "'{{ .Values.args }}'"])
def test_a_line_that_may_hold_more_may_hold_any_switch_that_is_an_argument(said: Said, words: str) -> None:
    found = said(f"{OWN}\ncommand: [vllm, serve, org/m, {words}]\n")

    assert {path.removeprefix(SWITCH) for path in open_at(found) if path.startswith(SWITCH)} == {
        "builtinTools",
        "customModules",
        "debugEndpoints",
        "localMediaPath",
        "mediaDomains",
        "openInterNodeChannel",
        "profilerEndpoints",
        "requestChatTemplates",
    }
    assert {DRAFT, EXPORTS, FLOWS, "spec.model.quantization"} <= open_at(found)


def test_what_is_given_is_not_open(said: Said) -> None:
    given = "--quantization=fp8, --speculative-model, org/d, --max-num-queued-reqs=4, --tool-server, a:1"

    found = said(f"{OWN}\ncommand: [vllm, serve, org/m, {given}, --config, /gone.yaml]\n")

    assert not open_at(found) & {"spec.model.quantization", DRAFT, "spec.serving.queue.bounded", FLOWS}


def test_a_script_that_is_not_there_may_set_everything(said: Said) -> None:
    found = said(f"{OWN}\ncommand: [/gone/start.sh]\n")

    assert {SWITCH + "devEndpoints", SWITCH + "requestChatTemplates", DRAFT, EXPORTS, RAW} <= open_at(found)


@pytest.mark.parametrize(
    "command",
    [
        "[tini, --, /gone/start.sh]",
        "[env, A=b, /gone/start.sh]",
        "[sh, -c, 'exec /gone/start.sh \"$@\"']",
        "[sh, -c, 'exec env A=b nohup /gone/start.sh']",
        "[sh, -c, '. /gone/start.sh']",
        "[sh, -c, 'cd /srv; source ./start.sh']",
    ],
)
def test_a_script_that_is_not_there_is_seen_behind_what_starts_it(said: Said, command: str) -> None:
    found = said(f"{OWN}\ncommand: {command}\n")

    assert {SWITCH + "devEndpoints", "spec.model.id", "spec.model.remoteCode"} <= open_at(found)


@pytest.mark.parametrize("how", ["exec /run.sh", ". /run.sh", "exec env A=b /run.sh -v"])
def test_a_script_that_is_there_is_read_behind_what_starts_it(said: Said, how: str) -> None:
    files = "files: {/run.sh: vllm serve org/m --trust-remote-code}"
    found = said(f"{OWN}\ncommand: [sh, -c, '{how}']\n{files}\n", "spec.model.remoteCode")

    assert [each[1] for each in found] == [True]


@pytest.mark.parametrize("command", ["[sh, -c, 'exec sleep 1']", "[tini, --, sleep, '1']", "[env]", "[sh, -c, exec]"])
def test_a_program_that_serves_nothing_is_no_server_behind_what_starts_it(said: Said, command: str) -> None:
    assert said(f"{OWN}\ncommand: {command}\n") == []


@pytest.mark.parametrize(
    "before",
    [
        ". /etc/gone.env;",
        "source /etc/gone.env;",
        "set -a; . /etc/gone.env; set +a;",
        "export $(cat /etc/gone.env | xargs);",
        "eval $(cat /etc/gone.env);",
        "env $(cat /etc/gone.env)",
        "[ -f /etc/gone.env ] && . /etc/gone.env;",
        "declare -x $NAME=1;",
    ],
)
def test_a_script_may_take_its_variables_from_elsewhere(said: Said, before: str) -> None:
    found = said(f"{OWN}\ncommand: [sh, -c, '{before} exec vllm serve org/m']\n")

    assert SWITCH + "devEndpoints" in open_at(found)


@pytest.mark.parametrize(
    "before",
    ["", ". /opt/venv/bin/activate;", "export A=$(date);", "export HOME;", "echo $X;", "env A=$B", "export A=$B;"],
)
def test_a_script_whose_variables_are_seen_leaves_no_switch_open(said: Said, before: str) -> None:
    found = said(f"{OWN}\ncommand: [sh, -c, '{before} vllm serve org/m; . /etc/later']\n")

    assert SWITCH + "devEndpoints" not in open_at(found)


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("image: lmsysorg/sglang:v0.5.23\nargs: [python3, -m, sglang.launch_server, --config, /gone.yaml]",
         SWITCH + "runtimeModelUpdates"),
        ("image: lmsysorg/sglang:v0.5.23\nargs: [python3, -m, sglang.launch_server, --config, /gone.yaml]",
         SWITCH + "requestCode"),
        (f"image: lmsysorg/sglang:v0.5.23\nargs: [python3, -m, sglang.launch_server]\n{GONE}",
         SWITCH + "debugEndpoints"),
        ("image: nvcr.io/nvidia/tritonserver:25.01-py3\ncommand: [tritonserver, $EXTRA]",
         SWITCH + "runtimeModelUpdates"),
        ("image: nvcr.io/nvidia/tritonserver:25.01-py3\ncommand: [tritonserver, $EXTRA]",
         SWITCH + "clientSharedMemory"),
        ("image: nvcr.io/nvidia/tritonserver:25.01-py3\ncommand: [tritonserver, $EXTRA]", EXPORTS),
        ("image: nvcr.io/nvidia/tritonserver:25.01-py3\ncommand: [tritonserver, --trace-config=$(TRACE)]", EXPORTS),
        (f"command: [text-generation-launcher]\n{GONE}", SWITCH + "publicTunnel"),
        (f"command: [text-generation-launcher]\n{GONE}", EXPORTS),
        (f"command: [text-generation-launcher]\n{GONE}", "spec.model.adapters"),
        (f"command: [text-generation-launcher, --model-id, org/m]\n{GONE}", "spec.model.revision"),
        (f"command: [llama-server, -hf, org/m]\n{GONE}", SWITCH + "builtinTools"),
        (f"command: [llama-server, -hf, org/m]\n{GONE}", SWITCH + "debugEndpoints"),
        (f"command: [llama-server, -hf, org/m]\n{GONE}", "spec.serving.engine.tls"),
        (f"command: [llama-server, -hf, org/m]\n{GONE}", "spec.model.maxModelLen"),
        (f"command: [llama-server, -hf, org/m, --no-agent]\n{GONE}", SWITCH + "builtinTools"),
        ("command: [trtllm-serve, org/m, --config, /gone.yaml]", SWITCH + "customModules"),
        (f"image: nvcr.io/nim/meta/llama3-8b-instruct:1.0.0\n{GONE}", SWITCH + "requestChatTemplates"),
        (f"image: nvcr.io/nim/meta/llama3-8b-instruct:1.0.0\n{GONE}", EXPORTS),
        ("image: nvcr.io/nim/meta/llama3-8b-instruct:1.0.0\nenv: [{name: NIM_PASSTHROUGH_ARGS}]",
         SWITCH + "requestChatTemplates"),
        (f"{OWN}\nargs: [org/m]\nenv: [{{name: VLLM_ADDITIONAL_ARGS}}]", SWITCH + "requestChatTemplates"),
        (f"{OWN}\nargs: [org/m]\nenv: [{{name: VLLM_DEBUG_LOG_API_SERVER_RESPONSE}}]", RAW),
        (f"{OWN}\nargs: [org/m]\nenv: [{{name: VLLM_USE_MODELSCOPE}}]", "spec.model.weights.source"),
        (f"{OWN}\nargs: [org/m, --tool-server, $(TOOLS)]", SWITCH + "builtinTools"),
    ],
)  # fmt: skip
def test_every_engine_says_what_it_may_be_given(said: Said, written: str, path: str) -> None:
    assert path in open_at(said(f"{written}\n"))


@pytest.mark.parametrize(
    "written",
    [
        f"{OWN}\ncommand: [vllm, serve, org/m]",
        "image: lmsysorg/sglang:v0.5.23\nargs: [python3, -m, sglang.launch_server, --api-key, $(KEY)]",
        "image: nvcr.io/nvidia/tritonserver:25.01-py3\ncommand: [tritonserver]",
        "command: [text-generation-launcher, --model-id, org/m]",
        "command: [llama-server, -hf, org/m]",
        "command: [trtllm-serve, org/m]",
        "image: nvcr.io/nim/meta/llama3-8b-instruct:1.0.0",
    ],
)
def test_nothing_is_open_where_all_is_seen(said: Said, written: str) -> None:
    found = open_at(said(f"{written}\n"))

    assert not [path for path in found if path.startswith((SWITCH, DRAFT, EXPORTS, FLOWS))]


def test_what_follows_an_argument_may_switch_on_again_what_it_switches_off(said: Said) -> None:
    remote = "spec.model.remoteCode"

    open_line = said(f"{OWN}\ncommand: [vllm, serve, org/m, --no-trust-remote-code, $EXTRA]\n", remote)
    whole = said(f"{OWN}\ncommand: [vllm, serve, org/m, --no-trust-remote-code]\n", remote)
    on = said(f"{OWN}\ncommand: [vllm, serve, org/m, --trust-remote-code, $EXTRA]\n", remote)

    assert [each[1:2] + each[3:] for each in (*open_line, *whole, *on)] == [(None, "inconclusive"), (False,), (True,)]


def test_a_class_of_the_engines_own_is_no_module_from_outside(said: Said) -> None:
    path = SWITCH + "customModules"

    assert said(f"{OWN}\ncommand: [vllm, serve, org/m, --worker-cls, auto, --scheduler-cls=vllm.v1.S]\n", path) == []
    assert [each[1] for each in said(f"{OWN}\ncommand: [vllm, serve, org/m, --worker-cls=acme.W]\n", path)] == [True]
