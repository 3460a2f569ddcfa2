"""Traffic extensions of GKE Gateways that ask Model Armor about requests and responses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.guarding.paths import INPUTS, OUTPUTS
from psfpolicy.evidence.inside import embedded
from psfpolicy.evidence.nodes import at, flag, items, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.project import objects
from psfpolicy.source import Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Document, Node

NAME = "model_armor"
_GUARD = "model-armor"
_SERVICE = "modelarmor."
# The event that shows a text to the guard, and the template by which it judges it.
_STAGES = (
    (INPUTS, "RequestBody", "user_prompt_template_id"),
    (OUTPUTS, "ResponseBody", "model_response_template_id"),
)
_REGION = re.compile(r"modelarmor\.([a-z0-9-]+)\.rep\.googleapis\.com")
_PATHS = re.compile(r"request\.path\s*==|request\.path\.(?:startsWith|endsWith|contains|matches)\(")
_EVERY = re.compile(r"request\.path\.startsWith\(\s*(?:'/'|\"/\")\s*\)")
_BY_GATEWAY = "requests through the Gateway pass it; whether any reach the model past it is not in the manifest"


def reads(document: Document) -> bool:
    """Say whether a document holds a traffic extension that asks Model Armor."""
    return any(any(True for _ in _extensions(item)) for item in objects(document) if _is_extension(item))


def facts(document: Document, project: Project) -> Iterator[Fact]:
    """Give the guards of inputs and of outputs that the extensions are, in the order of the text."""
    for item in objects(document):
        if _is_extension(item):
            for chain, extension, service in _extensions(item):
                yield from _of_extension(item, chain, extension, service, project)


def _is_extension(item: Object) -> bool:
    return item.group == "networking.gke.io" and item.kind == "GCPTrafficExtension"


def _extensions(item: Object) -> Iterator[tuple[Node, Node, Node]]:
    for chain in items(at(item.node, "spec", "extensionChains")):
        for extension in items(at(chain, "extensions")):
            service = at(extension, "googleAPIServiceName")
            if service is not None and (text(service) or "").startswith(_SERVICE):
                yield chain, extension, service


def _of_extension(item: Object, chain: Node, extension: Node, service: Node, project: Project) -> Iterator[Fact]:
    name = text(at(extension, "name")) or item.name
    origin = Origin(reader=NAME, document=item.document, subject=item.title).within(f"extension {name}")
    events = {text(each) for each in items(at(extension, "supportedEvents"))}
    settings = _settings(extension)
    for path, event, template in _STAGES:
        where = at(extension, "name") or service
        if event not in events:
            yield origin.inconclusive(path, at(extension, "supportedEvents") or where, f"it is not given the {event}")
            continue
        if settings is not None and not any(text(at(each, template)) for each in settings):
            yield origin.inconclusive(path, where, f"no `{template}` is set, by which it would judge")
            continue
        value = _guard(name, extension, service)
        covered = _covers(chain)
        if covered is False:
            value["onPath"] = False
        yield origin.fact(path, value, where, item=True, shown=text(service) or "")
        if not isinstance(covered, bool):
            yield origin.inconclusive(path, where, covered or _reached(item, project))
        mode = at(extension, "failOpen")
        if flag(mode) is None:
            lack = "what happens when it cannot be asked is not written, or filled in elsewhere"
            yield origin.inconclusive(path, mode or where, lack)


def _settings(extension: Node) -> tuple[Node, ...] | None:
    """Give the settings by model; None where they are not written, or cannot be read."""
    written = at(extension, "metadata", "model_armor_settings")
    found = embedded(written) if isinstance(written, Scalar) and text(written) else None
    return None if not found else items(found[0].root)


def _guard(name: str, extension: Node, service: Node) -> dict[str, Any]:
    value: dict[str, Any] = {"name": name, "model": _GUARD, "hosting": "third-party"}
    open_ = flag(at(extension, "failOpen"))
    if open_ is not None:
        value["failClosed"] = not open_
    region = _REGION.fullmatch(text(service) or "")
    return value if region is None else value | {"location": {"region": f"gcp:{region[1]}"}}


def _covers(chain: Node) -> str | bool:
    """Say that a chain leaves out paths; or why that is not known, which is nothing where it leaves out none."""
    conditions = [text(at(each, "celMatcher")) or "" for each in items(at(chain, "matchCondition", "celExpressions"))]
    if not conditions and at(chain, "matchCondition") is None:
        return ""
    if any(_EVERY.fullmatch(condition.strip()) or condition.strip() == "true" for condition in conditions):
        return ""
    if conditions and not any(map(placeholder_in, conditions)) and all(map(_PATHS.search, conditions)):
        return False
    return "which requests its conditions choose is not known"


def _reached(item: Object, project: Project) -> str:
    for target in items(at(item.node, "spec", "targetRefs")):
        name = text(at(target, "name")) or ""
        if project.named(text(at(target, "kind")) or "Gateway", name, item.namespace) is None:
            return f"the Gateway `{name}` is not in the evidence"
    return _BY_GATEWAY
