"""What an engine tells of its requests: traces, and who they are sent to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from psfpolicy.source import masked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.engines.run import Run, Setting
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import JsonValue


def tracing(run: Run) -> Iterator[Fact]:
    """Give where the engine sends traces; variables of OpenTelemetry alone start no tracer."""
    given = run.table.more.get("tracing")
    if given is None:
        return
    option = given["endpoint"]
    endpoint = run.setting(option) or run.variable(option)
    switch = (run.setting(given["switch"]) or run.variable(given["switch"])) if "switch" in given else None
    if "switch" in given and (switch is None or switch.text in {"false", "0"}):
        yield from _unasked(run, given["switch"])
    elif switch is not None and endpoint is None:
        yield from _exported(run, switch, given.get("default"), switch.written)
    elif endpoint is None:
        yield from _unasked(run, option)
    else:
        yield from _exported(run, endpoint, endpoint.text, option)


def _exported(run: Run, setting: Setting, endpoint: str | None, name: str) -> Iterator[Fact]:
    if endpoint is None:
        yield run.unresolved(_EXPORTS, setting)
        yield run.unresolved(_COVERS, setting)
        return
    # What stands behind a question mark may be a token.
    address = masked(endpoint.partition("?")[0])
    found: dict[str, JsonValue] = {"name": name, "kind": "otlp", "endpoint": address, "carries": ["traces"]}
    scheme, separator, _ = endpoint.partition("://")
    if separator and scheme in {"http", "https"}:
        found["tls"] = scheme == "https"
    shown = f"{setting.written} {address}" if setting.words or setting.is_variable else setting.written
    yield run.fact(_EXPORTS, found, setting, item=True, shown=shown)
    reason = _not_delivered(run, address)
    if reason:
        yield run.unclear(_COVERS, setting, reason, shown=shown)
    else:
        yield run.fact(_COVERS, "model", setting, item=True, shown=shown)


def _not_delivered(run: Run, endpoint: str) -> str:
    """Say why no span may arrive: the engine speaks gRPC unless one variable of its own says otherwise."""
    if run.table.key != "vllm":
        return ""
    own, common = run.variable("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"), run.variable("OTEL_EXPORTER_OTLP_PROTOCOL")
    if own is not None:
        return "" if own.text in {"grpc", "http/protobuf"} else f"`{own.written}` is not known"
    if _HTTP_PORT.search(endpoint):
        return (
            "port 4318 is for HTTP, and the engine sends gRPC unless OTEL_EXPORTER_OTLP_TRACES_PROTOCOL says otherwise"
        )
    if common is not None and common.text == "http/protobuf":
        return "the engine reads OTEL_EXPORTER_OTLP_TRACES_PROTOCOL alone, so it sends gRPC"
    return ""


def _unasked(run: Run, start: str) -> Iterator[Fact]:
    """Give what bears on traces where nothing that is seen starts them."""
    is_variable = start.isupper()
    starts = start if is_variable else f"--{start}"
    lack = run.lacking(line=not is_variable, variables=is_variable or run.takes_variable(start))
    setting = run.variable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
    for path in (_EXPORTS, _COVERS):
        if setting is not None:
            reason = f"the engine starts its tracer only from `{starts}`, which is not given"
            yield run.unclear(path, setting, lack or reason, shown=setting.written)
        elif lack:
            yield run.unclear(path, run.place, lack, shown=f"no {starts}")


_EXPORTS = "spec.observability.exports"
_COVERS = "spec.observability.tracing.covers"
_HTTP_PORT = re.compile(r":4318(?:/|$)")
