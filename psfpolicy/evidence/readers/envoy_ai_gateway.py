"""Envoy AI Gateway: where its backends are, which take over, what it limits, asks of callers, and logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.guarding.envoy import (
    AI,
    GATEWAY,
    are_all_covered,
    endpoints,
    gives_way,
    is_used,
    metadata_keys,
    routes,
    targets,
    upstream,
)
from psfpolicy.evidence.guarding.envoy_limits import rate_limits
from psfpolicy.evidence.guarding.hosts import opening
from psfpolicy.evidence.guarding.paths import AUTHENTICATION, EXPORTS, FALLBACKS, FLOWS, RECORDED, RULES
from psfpolicy.evidence.nodes import at, entries, flag, items, number, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.project import objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Document, Node

NAME = "envoy_ai_gateway"
_POOL = "InferencePool"
_DYNAMIC = "DYNAMIC_METADATA(io.envoy.ai_gateway:"
_ASKED = {"jwt": "oidc", "oidc": "oidc", "apiKeyAuth": "api-key"}


def reads(document: Document) -> bool:
    """Say whether a document holds an object of the Envoy AI Gateway, or one of Envoy Gateway that bears on it."""
    return any((item.group, item.kind) in _READERS for item in objects(document))


def facts(document: Document, project: Project) -> Iterator[Fact]:
    """Give what the objects of a document show, in the order of the text."""
    for item in objects(document):
        shows = _READERS.get((item.group, item.kind))
        if shows is not None:
            origin = Origin(reader=NAME, document=document, subject=item.title)
            yield from sorted(shows(item, origin, project), key=lambda fact: fact.place.region)


def _backend(item: Object, origin: Origin, project: Project) -> Iterator[Fact]:
    for node, found in endpoints(item, project):
        if isinstance(found, str):
            yield origin.inconclusive(RULES, node, found)
        elif not found.inside:
            yield opening(origin, item.name or found.host, node, found)


def _service(item: Object, origin: Origin, project: Project) -> Iterator[Fact]:
    reference = at(item.node, "spec", "backendRef")
    name = at(reference, "name")
    if name is None or text(at(reference, "kind")) != "Backend":
        return
    if project.named("Backend", text(name) or "", item.namespace) is None:
        yield origin.inconclusive(RULES, name, f"the Backend `{text(name)}` is not in the evidence")


def _route(item: Object, origin: Origin, project: Project) -> Iterator[Fact]:
    for rule in items(at(item.node, "spec", "rules")):
        references = [each for each in items(at(rule, "backendRefs")) if text(at(each, "kind")) != _POOL]
        for reference in references:
            name = at(reference, "name")
            if name is None or not text(name):
                continue
            called = text(name) or ""
            if project.named("AIServiceBackend", called, item.namespace) is None:
                yield origin.inconclusive(FLOWS, name, f"the backend `{called}` is not in the evidence")
            if (number(at(reference, "priority")) or 0) > 0:
                yield _fallback(reference, name, references, item, origin, project)


def _fallback(
    reference: Node, name: Node, references: list[Node], item: Object, origin: Origin, project: Project
) -> Fact:
    """Give a backend that takes over from those of a smaller number."""
    value: dict[str, Any] = {"name": text(name)}
    model = text(at(reference, "modelNameOverride"))
    if model and not placeholder_in(model):
        value["model"] = model
    own = _hosts(reference, item, project)
    first = [each for each in references if (number(at(each, "priority")) or 0) == 0]
    before = set().union(*(_hosts(each, item, project) for each in first))
    if own and before and not own & before:
        value["kind"] = "second-provider"
    return origin.fact(FALLBACKS, value, name, item=True, shown=f"priority: {text(at(reference, 'priority'))}")


def _hosts(reference: Node, item: Object, project: Project) -> set[str]:
    """Give the hosts outside that a backend leads to; none where any of them is not known or is inside."""
    found = upstream(reference, item.namespace, project)
    every = [each for _, each in endpoints(found, project)] if found is not None else []
    known = {each.host for each in every if not isinstance(each, str) and not each.inside}
    return known if len(known) == len(every) else set()


def _limits(item: Object, origin: Origin, project: Project) -> Iterator[Fact]:
    yield from rate_limits(item, origin, project)


def _security(item: Object, origin: Origin, project: Project) -> Iterator[Fact]:
    """Give what a SecurityPolicy asks of callers, where it is on the way to a model."""
    if not any(routes(target, item.namespace, project) for target in targets(item)):
        return
    for key, word in _ASKED.items():
        asked = at(item.node, "spec", key)
        if asked is None:
            continue
        if key == "jwt" and flag(at(asked, "optional")) not in {None, False}:
            where = at(asked, "optional") or asked
            yield origin.inconclusive(AUTHENTICATION, where, "a request without a token is let through")
        elif not are_all_covered(item, project):
            reason = "there are routes to models, or listeners, that the policy does not hold for"
            yield origin.inconclusive(AUTHENTICATION, asked, reason)
        else:
            yield origin.fact(AUTHENTICATION, word, asked, shown=key)
        return
    elsewhere = at(item.node, "spec", "extAuth")
    if elsewhere is not None:
        yield origin.inconclusive(AUTHENTICATION, elsewhere, "another service decides whom it lets through")
    elif gives_way(item, project):
        where = at(item.node, "metadata", "name") or item.node
        yield origin.inconclusive(
            AUTHENTICATION, where, "it takes the place of a policy on the Gateway, and asks nothing"
        )


def _proxy(item: Object, origin: Origin, project: Project) -> Iterator[Fact]:
    known = metadata_keys(project)
    for setting in items(at(item.node, "spec", "telemetry", "accessLog", "settings")):
        for field in entries(at(setting, "format", "json")):
            written = text(field.value) or ""
            _, found, rest = written.partition(_DYNAMIC)
            if not found or rest.partition(")")[0] not in known:
                continue
            if is_used(item, project):
                yield origin.fact(RECORDED, "tokens", field.value, item=True, shown=field.key)
            else:
                yield origin.inconclusive(RECORDED, field.value, "no Gateway in the evidence uses these settings")
            break
        for sink in items(at(setting, "sinks")):
            yield from _sink(sink, item, origin)


def _sink(sink: Node, item: Object, origin: Origin) -> Iterator[Fact]:
    kind = at(sink, "type")
    if kind is None or text(kind) == "File":
        return
    host, port = at(sink, "openTelemetry", "host"), text(at(sink, "openTelemetry", "port"))
    value: dict[str, Any] = {"name": item.name or "access-log", "kind": "otlp", "carries": ["logs"]}
    if host is not None and text(host) and not placeholder_in(text(host) or ""):
        value["endpoint"] = f"{text(host)}:{port}" if port else text(host)
    if text(kind) == "OpenTelemetry" and "endpoint" in value:
        yield origin.fact(EXPORTS, value, host or kind, item=True)
    else:
        yield origin.inconclusive(EXPORTS, kind, "where access logs are sent to is not written here")


_READERS = {
    (AI, "AIGatewayRoute"): _route,
    (AI, "AIServiceBackend"): _service,
    (GATEWAY, "Backend"): _backend,
    (GATEWAY, "BackendTrafficPolicy"): _limits,
    (GATEWAY, "EnvoyProxy"): _proxy,
    (GATEWAY, "SecurityPolicy"): _security,
}
