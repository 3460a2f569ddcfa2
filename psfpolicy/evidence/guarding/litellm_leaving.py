"""What leaves a LiteLLM proxy beside the requests that it forwards: to guards, tools and people, and what it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psfpolicy.evidence.guarding.hosts import address, opening
from psfpolicy.evidence.guarding.paths import EXPORTS, FLOWS, RAW_TEXT, RULES
from psfpolicy.evidence.nodes import at, entries, flag, items, text
from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.container import Container
    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node

_STORED = "models are added from a database too, which is not in the evidence"


def asked(root: Node, origin: Origin, project: Project) -> Iterator[Fact]:
    """Give the openings for egress that guards outside need: they are shown what users write."""
    for guard in items(at(root, "guardrails")):
        name, parameters = text(at(guard, "guardrail_name")) or "", at(guard, "litellm_params")
        if parameters is None or _is_service(parameters):
            continue
        part = origin.within(f"guardrail {name}")
        for key in table("guards")["addresses"]["rows"]:
            yield from _opened(name, at(parameters, key), part, project)


def tools(root: Node, origin: Origin, project: Project) -> Iterator[Fact]:
    """Give the tools that a proxy asks for a model, and the openings for egress that those outside need."""
    for entry in entries(at(root, "mcp_servers")):
        part, written = origin.within(f"MCP server {entry.key}"), at(entry.value, "url")
        yield part.fact(FLOWS, {"name": entry.key, "kind": "tool"}, written or entry.value, item=True)
        yield from _opened(entry.key, written, part, project)


def recorded(root: Node, origin: Origin) -> Iterator[Fact]:
    """Give what a proxy keeps of requests by itself, or tells people of them."""
    settings = at(root, "general_settings")
    verbose = at(root, "litellm_settings", "set_verbose")
    if verbose is not None and flag(verbose) is True:
        yield origin.fact(RAW_TEXT, value=True, where=verbose)
    kept = at(settings, "store_prompts_in_spend_logs")
    if kept is not None and flag(kept) is True:
        yield origin.fact(RAW_TEXT, value=True, where=kept)
    elif kept is not None and flag(kept) is None:
        yield origin.inconclusive(RAW_TEXT, kept, "whether prompts are stored is not known")
    for channel in items(at(settings, "alerting")):
        value: dict[str, Any] = {"name": text(channel) or "", "kind": "other"}
        reason = "an alert about a request may show its messages"
        yield origin.fact(EXPORTS, value, channel, item=True, certainty="inferred", reason=reason)


def told(proxy: Container, origin: Origin) -> Iterator[Fact]:
    """Give what the container of a proxy is told beside its configuration: to log all of it, or to take in more."""
    for word in (*(proxy.command or ()), *(proxy.arguments or ())):
        if word.text == "--detailed_debug":
            yield origin.fact(RAW_TEXT, value=True, where=word.place, shown=word.text)
    level = proxy.variables.get("LITELLM_LOG")
    if level is not None and level.value is None:
        yield origin.inconclusive(RAW_TEXT, level.place, "how much is logged is not known", shown="LITELLM_LOG")
    elif level is not None and (level.value or "").upper() == "DEBUG":
        yield origin.fact(RAW_TEXT, value=True, where=level.place, shown=f"LITELLM_LOG={level.value}")
    stored = proxy.variables.get("STORE_MODEL_IN_DB")
    if stored is not None and (stored.value is None or stored.value.lower() == "true"):
        yield origin.inconclusive(RULES, stored.place, _STORED, shown="STORE_MODEL_IN_DB")
    for path in (RAW_TEXT, RULES) if proxy.open_variables else ():
        yield origin.inconclusive(path, proxy.place, proxy.open_variables)


def _opened(name: str, written: Node | None, origin: Origin, project: Project) -> Iterator[Fact]:
    if written is None:
        return
    found = address(written, project)
    if isinstance(found, str):
        yield origin.inconclusive(RULES, written, found)
    elif not found.inside:
        yield opening(origin, name, written, found)


def _is_service(parameters: Node) -> bool:
    """Say whether a guard is somebody's service wherever it is asked, which is said of the guard itself."""
    row = table("guards")["litellm"]["rows"].get(text(at(parameters, "guardrail")) or "", {})
    return bool(row.get("service"))
