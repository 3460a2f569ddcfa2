"""vLLM: what its table cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.engines.values import is_on, version_of
from psfpolicy.evidence.engines.weights import model_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.engines.run import Run, Setting
    from psfpolicy.model.fact import Fact


def facts(run: Run) -> Iterator[Fact]:
    """Give the model, the telemetry, the logging of requests and the tools."""
    yield from model_facts(run, run.setting("model"), "revision")
    yield from telemetry(run)
    yield from logging(run)
    yield from _tools(run)


def telemetry(run: Run) -> Iterator[Fact]:
    """Give whether usage statistics are off: the value `1` alone does it (vllm/usage/usage_lib.py).

    `DO_NOT_TRACK` counts only where `VLLM_DO_NOT_TRACK` is not set, or empty.
    """
    own, wide = run.variable("VLLM_DO_NOT_TRACK"), run.variable("DO_NOT_TRACK")
    tracked = wide if own is None or own.text == "" else own
    switches = [each for each in (run.variable("VLLM_NO_USAGE_STATS"), tracked) if each is not None]
    off = next((each for each in switches if is_on("one", each.text or "")), None)
    unknown = next((each for each in switches if each.text is None), None)
    if off is not None:
        yield run.fact(_TELEMETRY, value=True, where=off)
    elif unknown is not None:
        yield run.unresolved(_TELEMETRY, unknown)
    elif switches:
        reason = f"{switches[0].shown}: only the value 1 switches it off"
        yield run.fact(_TELEMETRY, value=False, where=switches[0], shown=reason)
    else:
        yield run.default(_TELEMETRY, value=False, shown="no VLLM_NO_USAGE_STATS", variables=True)


def logging(run: Run) -> Iterator[Fact]:
    """Give whether prompts are logged: at INFO and by default up to 0.10.0, at DEBUG since 0.11.2 (vllm PR 26713)."""
    outputs, responses = run.setting("enable-log-outputs"), run.variable(_RESPONSES)
    requests = run.setting("enable-log-requests")
    is_asked = requests is not None and requests.text == "true"
    if responses is None:
        if run.open_variables:
            yield run.unclear(_RAW, run.place, run.open_variables, shown=f"no {_RESPONSES}")
    elif responses.text is None:
        yield run.unresolved(_RAW, responses)
    elif responses.text.lower() == "true":
        yield run.fact(_RAW, value=True, where=responses)
    if outputs is not None and outputs.text == "true" and is_asked:
        yield run.fact(_RAW, value=True, where=outputs)
    if requests is not None:
        yield from _asked(run, requests)
        return
    version = version_of(run.version)
    if not version:
        reason = "whether requests are logged by default depends on the version, which is not known"
        yield run.unclear(_RAW, run.place, run.open_line or reason, shown=_NO_FLAG)
    elif version <= _LAST_TO_LOG:
        for path in (_RAW, _LOG):
            yield run.default(path, value=True, shown="no --disable-log-requests", doubt=run.version_doubt)
    else:
        doubt = "the engine logs none; what stands before it may"
        yield run.default(_RAW, value=False, shown=_NO_FLAG, doubt=doubt)


def _asked(run: Run, requests: Setting) -> Iterator[Fact]:
    level = run.setting("log-level") or run.variable("VLLM_LOGGING_LEVEL")
    version = version_of(run.version)
    if requests.text == "false":
        yield run.fact(_RAW, value=False, where=requests, doubt="the engine logs none; what stands before it may")
    elif requests.text is None:
        yield run.unresolved(_RAW, requests)
    elif (level is not None and (level.text or "").upper() == "DEBUG") or (version and version <= _PROMPTS_AT_INFO):
        for path in (_RAW, _LOG):
            yield run.fact(path, value=True, where=requests, doubt=run.version_doubt)
    elif version >= _PROMPTS_AT_DEBUG:
        reason = "requests are logged without their prompts at this level of logging"
        yield run.unclear(_RAW, requests, reason)
    else:
        reason = "whether prompts are logged at INFO depends on the version, which is not known"
        yield run.unclear(_RAW, requests, reason)
        yield run.unclear(_LOG, requests, reason)


def _tools(run: Run) -> Iterator[Fact]:
    server = run.setting("tool-server")
    if server is None or server.text is None:
        for path in (_FLOWS, _TOOLS):
            if server is not None:
                yield run.unresolved(path, server)
            elif run.open_line:
                yield run.unclear(path, run.place, run.open_line, shown="no --tool-server")
        return
    yield run.fact(_FLOWS, {"name": "tool-server", "kind": "tool"}, server, item=True)
    if server.text == "demo":
        yield run.fact(_TOOLS, value=True, where=server)


_TELEMETRY = "spec.network.telemetryOptOut"
_RAW = "spec.observability.runLog.rawText"
_LOG = "spec.inputs.log.enabled"
_FLOWS = "spec.data.otherFlows"
_TOOLS = "spec.security.hardening.builtinTools"
_RESPONSES = "VLLM_DEBUG_LOG_API_SERVER_RESPONSE"
_NO_FLAG = "no --enable-log-requests"
_LAST_TO_LOG = (0, 10, 0)
_PROMPTS_AT_INFO = (0, 11, 0)
_PROMPTS_AT_DEBUG = (0, 11, 2)
