"""Rate limits of Envoy Gateway: one counts tokens where what it takes off is what a route has counted of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.guarding.envoy import are_all_covered, gives_way, routes, targets
from psfpolicy.evidence.guarding.limits import Limit, limits
from psfpolicy.evidence.guarding.paths import LIMITS
from psfpolicy.evidence.nodes import at, items, number, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.guarding.envoy import Route
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node

_NAMESPACE = "io.envoy.ai_gateway"
_BY_HEADER = "requests without the header by which clients are told apart are not counted"
_CHOSEN = "it holds for requests of the clients that it chooses"
_SOME = "there are routes to models that it does not hold for"
_OTHER = "the type of the policy's rate limit is another"
_LOCAL = "each replica of the gateway counts by itself"


def rate_limits(policy: Object, origin: Origin, project: Project) -> Iterator[Fact]:
    """Give the rate limits of a BackendTrafficPolicy."""
    attached = [routes(target, policy.namespace, project) for target in targets(policy)]
    found = tuple(route for each in attached for route in each)
    section = at(policy.node, "spec", "rateLimit")
    rules = [(kind, rule) for kind in ("global", "local") for rule in items(at(section, kind, "rules"))]
    if not rules and gives_way(policy, project):
        where = at(policy.node, "metadata", "name") or policy.node
        yield origin.inconclusive(LIMITS, where, "it takes the place of a policy on the Gateway, and limits nothing")
    some = "" if are_all_covered(policy, project) else _SOME
    chosen = (text(at(section, "type")) or "").lower()
    limited = [
        limit._replace(open=limit.open or some or ("" if kind == chosen else _OTHER))
        for kind, limit in ((kind, _limit(rule, found, is_local=kind == "local")) for kind, rule in rules)
    ]
    yield from limits(limited, origin)


def _limit(rule: Node, found: tuple[Route, ...], *, is_local: bool) -> Limit:
    node = at(rule, "limit", "requests")
    where = node or rule
    unit, reason = _unit(rule, found)
    if not found:
        reason = "no route to a model that the policy is attached to is in the evidence"
    amount = number(node)
    lasting = (text(at(rule, "limit", "unit")) or "").lower()
    selectors = items(at(rule, "clientSelectors"))
    if selectors and not all(map(_is_distinct, selectors)):
        reason = reason or _CHOSEN
    by_header = any(items(at(selector, "headers")) for selector in selectors)
    doubt = _BY_HEADER if by_header else _LOCAL if is_local else ""
    return Limit(unit, amount, lasting, where, reason, doubt)


def _unit(rule: Node, found: tuple[Route, ...]) -> tuple[str, str]:
    """Give what a rule counts; and why it may count nothing."""
    source = at(rule, "cost", "response")
    if text(at(source, "from")) != "Metadata":
        asked = at(rule, "cost", "request")
        if text(at(asked, "from")) == "Metadata" or number(at(asked, "number")) == 0:
            return "requests", "what a request costs is not known"
        return "requests", ""
    key = text(at(source, "metadata", "key")) or ""
    if text(at(source, "metadata", "namespace")) != _NAMESPACE:
        return "tokens", "the metadata that it counts are not the AI Gateway's"
    kinds = {route.costs.get(key, "") for route in found}
    if "" in kinds:
        return "tokens", f"a route does not write `{key}`, which it counts"
    if not all(kind.endswith("Token") for kind in kinds):
        return "tokens", f"`{key}` is worked out by an expression"
    return "tokens", ""


def _is_distinct(selector: Node) -> bool:
    """Say whether a selector only tells clients apart, and chooses all that can be told apart."""
    headers = items(at(selector, "headers"))
    addresses = at(selector, "sourceCIDR")
    if addresses is not None and text(at(addresses, "type")) != "Distinct":
        return False
    return bool(headers or addresses) and all(text(at(header, "type")) == "Distinct" for header in headers)
