"""Triton: what its table cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.engines.values import is_on
from psfpolicy.source import masked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.engines.run import Run
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import JsonValue


def facts(run: Run) -> Iterator[Fact]:
    """Give what guards its endpoints and where it sends traces; its models stand in its repository."""
    reason = "which models it serves stands in its model repository, which is not here"
    yield run.unclear("spec.model.id", run.setting("model-repository") or run.place, run.open_line or reason)
    yield from _restrictions(run)
    yield from _encryption(run)
    yield from _traces(run)


def _restrictions(run: Run) -> Iterator[Fact]:
    path, found = "spec.serving.engine.authentication", False
    for option in ("http-restricted-api", "grpc-restricted-protocol"):
        for setting in run.settings(option):
            found = True
            groups = setting.text.partition(":")[0] if setting.text else ""
            doubt = f"a header guards {groups[:80] or 'some paths'} alone"
            inferring = "inference" in groups.split(",")
            yield run.fact(path, "api-key" if inferring else "none", setting, doubt=doubt, shown=setting.written)
    if not found:
        yield run.default(path, "none", shown="no --http-restricted-api")
        open_paths = "spec.security.hardening.openAdminPaths"
        yield run.default(open_paths, value=True, shown="no --http-restricted-api and no --grpc-restricted-protocol")


def _encryption(run: Run) -> Iterator[Fact]:
    """Only gRPC has TLS; HTTP needs something before it."""
    setting = run.setting("grpc-use-ssl")
    if setting is not None and setting.text is not None and is_on("triton", setting.text):
        yield run.fact("spec.serving.engine.tls", value=True, where=setting, doubt="it is for gRPC; HTTP stays plain")
    else:
        yield run.default("spec.serving.engine.tls", value=False, shown="no --grpc-use-ssl")


def _traces(run: Run) -> Iterator[Fact]:
    settings = run.settings("trace-config")
    texts = {each.text.replace(" ", ""): each for each in settings if each.text}
    if "mode=opentelemetry" not in texts:
        unknown = next((each for each in settings if each.text is None), None)
        for path in (_EXPORTS, _COVERS):
            if unknown is not None:
                yield run.unresolved(path, unknown)
            elif run.open_line:
                yield run.unclear(path, run.place, run.open_line, shown="no --trace-config")
        return
    found: dict[str, JsonValue] = {"name": "trace-config", "kind": "otlp", "carries": ["traces"]}
    url = next((text for text in texts if text.startswith("opentelemetry,url=")), "")
    if url:
        endpoint = url.partition("=")[2].partition("?")[0]
        found |= {"endpoint": masked(endpoint)}
        found |= {"tls": endpoint.startswith("https://")} if "://" in endpoint else {}
    where = texts[url or "mode=opentelemetry"]
    yield run.fact(_EXPORTS, found, where, item=True, shown=where.written)
    yield run.fact(_COVERS, "model", where, item=True, shown=where.written)


_EXPORTS = "spec.observability.exports"
_COVERS = "spec.observability.tracing.covers"
