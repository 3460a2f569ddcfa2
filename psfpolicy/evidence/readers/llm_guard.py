"""The scanners of an LLM Guard API, and the compose services that run it."""

from __future__ import annotations

import re
from posixpath import basename
from typing import TYPE_CHECKING, Any

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.compose.services import is_compose, services
from psfpolicy.evidence.guarding.configs import Kind, bare, configurations, gathered
from psfpolicy.evidence.guarding.hosts import address
from psfpolicy.evidence.guarding.paths import EXPORTS, INPUTS, OUTPUTS
from psfpolicy.evidence.nodes import at, items, text
from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.compose.services import Service
    from psfpolicy.evidence.guarding.configs import Configuration
    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Document, Node

NAME = "llm_guard"
_SCANNERS = (("input_scanners", INPUTS), ("output_scanners", OUTPUTS))
_ANSWERS = "an API that answers whoever asks it: what becomes of a text is its caller's affair"
_UNREFERRED = "nothing in it says which requests are sent to it, nor what becomes of those that it rejects"
_LIBRARY = "llm-guard"
_CONFIGURATION = "/app/config/scanners.yml"
# `${TRACING_EXPORTER:console}`: a variable with a default, as LLM Guard writes them.
_VARIABLE = re.compile(r"\$\{(\w+)(?::([^}]*))?\}")


def _fits(root: Node) -> bool:
    listed = [scanner for key, _ in _SCANNERS for scanner in items(at(root, key))]
    return bare(root) and any(at(scanner, "type") is not None for scanner in listed)


_KIND = Kind(title="LLM Guard configuration", fits=_fits, marks=("_scanners",), sure=("_scanners:", "type:"))


def reads(document: Document) -> bool:
    """Say whether a document names the scanners of LLM Guard, or is a compose file."""
    return is_compose(document) or any(True for _ in configurations(document, _KIND, NAME))


def facts(document: Document, project: Project) -> Iterator[Fact]:
    """Give the scanners of inputs and of outputs, or that a service has some."""
    if is_compose(document):
        for service in services(document, project):
            yield from _of_service(service, project)
        return
    yield from gathered(document, _KIND, NAME, (INPUTS, OUTPUTS), lambda each: _facts(each, project))


def _facts(configuration: Configuration, project: Project) -> Iterator[Fact]:
    root, origin = configuration.root, configuration.origin
    known = table("guards")["llm_guard"]["rows"]
    for key, path in _SCANNERS:
        scanners = items(at(root, key))
        named = [text(at(scanner, "type")) or "" for scanner in scanners]
        detects = sorted({known[name] for name in named if name in known})
        where = at(root, key)
        if where is None or not scanners:
            continue
        value: dict[str, Any] = {"name": _LIBRARY, "model": _LIBRARY} | ({"detects": detects} if detects else {})
        yield origin.fact(
            path, value, where, item=True, certainty="inferred", reason=_ANSWERS, shown=", ".join(filter(None, named))
        )
        yield origin.inconclusive(path, where, _UNREFERRED, item={"name": _LIBRARY, "model": _LIBRARY})
    exporter, variable = _set(at(root, "tracing", "exporter"))
    where = at(root, "tracing", "exporter")
    if where is None:
        return
    if variable:
        yield origin.inconclusive(
            EXPORTS, where, f"the variable `{variable}` may set another exporter than `{exporter}`"
        )
    elif exporter == "console":
        printed: dict[str, Any] = {"name": "tracing", "kind": "console"}
        yield origin.fact(EXPORTS, printed, where, item=True)
    elif exporter:
        found = address(at(root, "tracing", "endpoint"), project)
        sent: dict[str, Any] = {"name": "tracing", "kind": "otlp"}
        sent |= {} if isinstance(found, str) else {"endpoint": found.url}
        yield origin.fact(EXPORTS, sent, where, item=True, shown=exporter)


def _set(node: Node | None) -> tuple[str, str]:
    """Give a value, and the variable that it is the default of."""
    written = text(node) or ""
    found = _VARIABLE.fullmatch(written)
    return (found[2] or "", found[1]) if found else (written, "")


def _of_service(service: Service, project: Project) -> Iterator[Fact]:
    image = at(service.node, "image")
    name = service.filled(image).text if image is not None else ""
    bare_name = name.partition("@")[0].rsplit(":", 1)[0]
    mounted = next((each for each in items(at(service.node, "volumes")) if _mounts(each)), None)
    if mounted is None and not any(bare_name.endswith(row) for row in table("guards")["images"]["rows"]):
        return
    origin = Origin(reader=NAME, document=service.document, subject=service.title)
    where = mounted or image or service.entry.value
    seen = project.once(_is_configured)
    reason = (
        _UNREFERRED
        if seen
        else f"a guard's service; what it scans is in {_file(mounted)}, which is not in the evidence"
    )
    for path in (INPUTS, OUTPUTS):
        yield origin.inconclusive(path, where, reason, item={"name": _LIBRARY, "model": _LIBRARY})


def _is_configured(project: Project) -> bool:
    return any(_fits(document.root) for document in project.documents)


def _mounts(volume: Node) -> bool:
    target = text(at(volume, "target")) or (text(volume) or "").partition(":")[2].partition(":")[0]
    return target.endswith(_CONFIGURATION)


def _file(volume: Node | None) -> str:
    source = text(at(volume, "source")) or (text(volume) or "").partition(":")[0]
    return f"`{basename(source)}`" if source else "a configuration"
