"""The configuration of a LiteLLM proxy, in a file of its own or in a ConfigMap."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.guarding import litellm_guards, litellm_leaving, litellm_models
from psfpolicy.evidence.guarding.configs import Configuration, bare, configurations, gathered
from psfpolicy.evidence.guarding.litellm_pods import KIND, started
from psfpolicy.evidence.guarding.paths import ABSTRACTION, EXPORTS, INPUTS, OUTPUTS, RULES, TELEMETRY
from psfpolicy.evidence.nodes import at, flag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Document, Node

NAME = "litellm"
_VALUES = "values of a chart, which other values may be laid over"


def reads(document: Document) -> bool:
    """Say whether a document is the configuration of a LiteLLM proxy, or holds one."""
    return _values(document) is not None or any(True for _ in configurations(document, KIND, NAME))


def _values(document: Document) -> Node | None:
    """Give the configuration among the values of LiteLLM's own chart."""
    found = at(document.root, "proxy_config")
    return found if found is not None and bare(document.root) and KIND.fits(found) else None


def facts(document: Document, project: Project) -> Iterator[Fact]:
    """Give where a proxy sends requests, what guards and logs them, and who may send some; in the order of the text."""
    values = _values(document)
    if values is not None:
        origin = Origin(reader=NAME, document=document, subject="Helm values `proxy_config`")
        for fact in sorted(_facts(Configuration(values, origin), project), key=lambda fact: fact.place.region):
            yield replace(fact, certainty="inferred", reason=_VALUES) if fact.certainty == "certain" else fact
    yield from gathered(document, KIND, NAME, (RULES, INPUTS, OUTPUTS, EXPORTS), lambda each: _facts(each, project))
    for configuration in configurations(document, KIND, NAME):
        for pod, proxy in started(configuration, project):
            subject = f"{pod.item.title}, container {proxy.name}"
            yield from litellm_leaving.told(proxy, Origin(reader=NAME, document=pod.item.document, subject=subject))


def _facts(configuration: Configuration, project: Project) -> Iterator[Fact]:
    root, origin = configuration.root, configuration.origin
    yield from litellm_models.backends(root, origin, project)
    yield from litellm_models.fallbacks(root, origin, project)
    yield from litellm_models.rate_limits(root, origin)
    yield from litellm_guards.guards(configuration, project)
    yield from litellm_guards.exports(root, origin, project)
    yield from litellm_leaving.asked(root, origin, project)
    yield from litellm_leaving.tools(root, origin, project)
    yield from litellm_leaving.recorded(root, origin)
    yield from litellm_guards.caches(root, origin)
    yield from litellm_guards.literal_keys(root, origin, project)
    included = at(root, "include")
    if included is not None:
        yield origin.inconclusive(RULES, included, "other files are included, which may say more")
    stored = at(root, "general_settings", "store_model_in_db")
    if stored is not None and flag(stored) is True:
        yield origin.inconclusive(RULES, stored, "models are added from a database too, which is not in the evidence")
    if at(root, "model_list") is not None:
        yield from litellm_guards.authentication(root, origin)
        reason = "a proxy with this configuration; whether the callers use it is not in it"
        yield origin.inferred(ABSTRACTION, "litellm", at(root, "model_list") or root, reason)
    told = at(root, "litellm_settings", "telemetry")
    if told is not None and flag(told) is True:
        yield origin.inferred(TELEMETRY, value=False, where=told, reason="old versions report then")
