"""The configuration of NeMo Guardrails: its rails, the models that answer and judge, and where it traces to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psfpolicy.evidence.guarding.configs import Kind, bare, configurations, gathered
from psfpolicy.evidence.guarding.hosts import address
from psfpolicy.evidence.guarding.paths import EXPORTS, INPUTS, OUTPUTS
from psfpolicy.evidence.guarding.providers import Backend, backend_fact
from psfpolicy.evidence.nodes import at, flag, items, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.guarding.configs import Configuration
    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Document, Node

NAME = "nemo_guardrails"
_RAILS = (("input", INPUTS, "user"), ("retrieval", INPUTS, "retrieved"), ("output", OUTPUTS, ""))
_BASES = ("base_url", "openai_api_base", "azure_endpoint", "api_base", "endpoint")
_UNREFERRED = "nothing in it says which requests pass these rails"
_FILES = {"console": "console", "otlp": "otlp"}
_MODEL = "$model="


def _fits(root: Node) -> bool:
    if not bare(root):
        return False
    if any(at(root, "rails", stage, "flows") is not None for stage in ("input", "output", "retrieval", "dialog")):
        return True
    listed = items(at(root, "models"))
    return any(at(each, "engine") is not None and at(each, "type") is not None for each in listed)


_KIND = Kind(title="NeMo Guardrails configuration", fits=_fits, marks=("flows", "engine"), sure=("rails:", "flows:"))


def reads(document: Document) -> bool:
    """Say whether a document is a configuration of NeMo Guardrails, or holds one."""
    return any(True for _ in configurations(document, _KIND, NAME))


def facts(document: Document, project: Project) -> Iterator[Fact]:
    """Give the rails and the models of a configuration, in the order of the text."""
    yield from gathered(document, _KIND, NAME, (INPUTS, OUTPUTS), lambda each: _facts(each, project))


def _facts(configuration: Configuration, project: Project) -> Iterator[Fact]:
    root, origin = configuration.root, configuration.origin
    models = {text(at(each, "type")) or "": each for each in items(at(root, "models"))}
    yield from _backends(root, origin, project)
    for stage, path, scanned in _RAILS:
        flows = items(at(root, "rails", stage, "flows"))
        for flow in flows:
            yield from _guard(flow, path, scanned, models, origin, project)
        if flows:
            yield origin.inconclusive(path, at(root, "rails", stage, "flows") or root, _UNREFERRED)
    streaming = at(root, "rails", "output", "streaming", "stream_first")
    if streaming is not None and flag(streaming) is not False:
        yield origin.inconclusive(OUTPUTS, streaming, "tokens are sent before the output rails have judged them")
    if flag(at(root, "tracing", "enabled")) is True:
        yield from _traces(root, origin, project)


def _backends(root: Node, origin: Origin, project: Project) -> Iterator[Fact]:
    told: set[str] = set()
    for each in items(at(root, "models")):
        engine = at(each, "engine")
        if engine is None or not text(engine):
            continue
        model = _model(each)
        backend = Backend(
            name=f"{text(engine)}/{text(model)}" if model is not None and text(model) else text(engine) or "",
            where=engine,
            provider=text(engine) or "",
            base=_base(each),
        )
        fact = backend_fact(backend, origin.within(f"model {text(at(each, 'type')) or backend.name}"), project)
        if fact is not None and f"{fact.path}{fact.value}" not in told:
            told.add(f"{fact.path}{fact.value}")
            yield fact


def _model(node: Node | None) -> Node | None:
    parameters = at(node, "parameters")
    return at(node, "model") or at(parameters, "model_name") or at(parameters, "model")


def _base(node: Node | None) -> Node | None:
    return next((at(node, "parameters", key) for key in _BASES if at(node, "parameters", key) is not None), None)


def _guard(
    flow: Node, path: str, scanned: str, models: dict[str, Node], origin: Origin, project: Project
) -> Iterator[Fact]:
    written = text(flow) or ""
    name, _, chosen = written.partition(_MODEL)
    name, chosen = name.strip(), chosen.strip()
    if not name or placeholder_in(written):
        yield origin.inconclusive(path, flow, "which rail this is, is filled in elsewhere")
        return
    row = table("guards")["nemo"]["rows"].get(name, {})
    value: dict[str, Any] = {"name": name}
    value |= {key: row[key] for key in ("detects", "action") if key in row}
    if scanned == "retrieved":
        value["scans"] = [scanned]
    judge = models.get(chosen or row.get("model", ""))
    model = text(_model(judge)) or ""
    if model and not placeholder_in(model):
        value["model"] = model
    base = address(_base(judge), project)
    if not isinstance(base, str) and base.inside:
        value["hosting"] = "self"
    yield origin.within(f"rail {name}").fact(path, value, flow, item=True, shown=written)


def _traces(root: Node, origin: Origin, project: Project) -> Iterator[Fact]:
    for adapter in items(at(root, "tracing", "adapters")):
        name, exporter = at(adapter, "name"), text(at(adapter, "exporter"))
        if name is None or not text(name):
            continue
        called = text(name) or ""
        value: dict[str, Any] = {"name": called}
        if called == "FileSystem":
            value["kind"] = "file"
        elif exporter is not None and not placeholder_in(exporter):
            value["kind"] = _FILES.get(exporter, "other")
        found = address(at(adapter, "endpoint"), project)
        if not isinstance(found, str):
            value |= {"endpoint": found.url} | ({} if found.tls is None else {"tls": found.tls})
        elif value.get("kind") not in {"file", "console"}:
            yield origin.inconclusive(EXPORTS, name, f"where the adapter `{called}` sends traces is not written")
        yield origin.within(f"adapter {called}").fact(EXPORTS, value, name, item=True)
