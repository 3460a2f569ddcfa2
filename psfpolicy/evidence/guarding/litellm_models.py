"""The models behind a LiteLLM proxy: where requests for them go, and which take over from which."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from psfpolicy.evidence.guarding.hosts import address, opening
from psfpolicy.evidence.guarding.limits import Limit, limits
from psfpolicy.evidence.guarding.paths import FALLBACKS, RULES
from psfpolicy.evidence.guarding.providers import Backend, backend_fact, is_of, party
from psfpolicy.evidence.nodes import at, entries, items, number, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node

_SETTINGS = ("finetune_settings", "files_settings")
_ENFORCING = "enforce_model_rate_limits"
_SOME = "only some of the models have a limit of this kind"
_LOOSE = "a limit of a model's deployment: it is a quota of routing unless the router enforces it"


def backends(root: Node, origin: Origin, project: Project) -> Iterator[Fact]:
    """Give where requests leave to, each place once, where it is first met."""
    told: set[str] = set()
    for backend in (*_listed(root), *_settings(root)):
        fact = backend_fact(backend, origin.within(f"model {backend.name}"), project)
        if fact is not None and _key(fact) not in told:
            told.add(_key(fact))
            yield fact
    for endpoint in items(at(root, "general_settings", "pass_through_endpoints")):
        target, name = at(endpoint, "target"), text(at(endpoint, "path")) or "pass-through endpoint"
        found = address(target, project)
        if isinstance(found, str):
            yield origin.inconclusive(RULES, target or endpoint, found, shown=name)
        elif not found.inside and target is not None:
            fact = opening(origin, name, target, found)
            if _key(fact) not in told:
                told.add(_key(fact))
                yield fact


def _key(fact: Fact) -> str:
    """What tells one place that requests go to from another; models of one provider go to one."""
    value = fact.value
    if not isinstance(value, dict):
        return f"{fact.place}"
    if "to" in value:
        return f"{value['to']} {value.get('tls')}"
    return f"{str(value.get('name')).partition('/')[0]} {value.get('kind')} {value.get('location')}"


def _listed(root: Node) -> Iterator[Backend]:
    for entry in items(at(root, "model_list")):
        parameters = at(entry, "litellm_params")
        model = at(parameters, "model")
        if model is None or not text(model):
            continue
        name = text(model) or ""
        yield Backend(
            name=name,
            where=model,
            provider=_provider(name, parameters),
            base=at(parameters, "api_base") or at(parameters, "base_url"),
            region=at(parameters, "aws_region_name") or at(parameters, "vertex_location"),
            embeds=text(at(entry, "model_info", "mode")) == "embedding",
        )


def _provider(name: str, parameters: Node | None) -> str:
    said = text(at(parameters, "custom_llm_provider"))
    if said or "/" in name:
        return said or name.partition("/")[0]
    known = table("providers")["names"]["rows"]
    return next((provider for start, provider in known.items() if name.startswith(start)), "")


def _settings(root: Node) -> Iterator[Backend]:
    for section in _SETTINGS:
        for each in items(at(root, section)):
            provider = at(each, "custom_llm_provider")
            if provider is not None and text(provider):
                name = text(provider) or ""
                yield Backend(name=name, where=provider, provider=name, base=at(each, "api_base"))


def fallbacks(root: Node, origin: Origin, project: Project) -> Iterator[Fact]:
    """Give what takes over from a model that fails; what takes longer prompts, or what a filter refuses, does not."""
    groups: dict[str, list[Backend]] = {}
    for entry, backend in zip(_named(root), _listed(root), strict=True):
        groups.setdefault(entry, []).append(backend)
    told: set[str] = set()
    for failing, target in _targets(root):
        name = text(target)
        if not name or name in told:
            continue
        told.add(name)
        if placeholder_in(name):
            yield origin.inconclusive(FALLBACKS, target, f"`{placeholder_in(name)}` is filled in elsewhere")
        elif name not in groups:
            lack = f"the model group `{name}` is not in the configuration"
            yield origin.inconclusive(FALLBACKS, target, lack, item={"name": name})
        else:
            value = _fallback(name, groups[name], groups.get(failing, []), project)
            yield origin.fact(FALLBACKS, value, target, item=True, shown=f"{failing} → {name}")


def _named(root: Node) -> Iterator[str]:
    for entry in items(at(root, "model_list")):
        if text(at(entry, "litellm_params", "model")):
            yield text(at(entry, "model_name")) or ""


def _targets(root: Node) -> Iterator[tuple[str, Node]]:
    for section in ("litellm_settings", "router_settings"):
        for pair in items(at(root, section, "fallbacks")):
            for each in entries(pair):
                for target in items(each.value):
                    yield each.key, target
        for target in items(at(root, section, "default_fallbacks")):
            yield "any model", target


def _fallback(name: str, group: list[Backend], failing: list[Backend], project: Project) -> dict[str, Any]:
    value: dict[str, Any] = {"name": name}
    models = {_plain(backend) for backend in group}
    if len(models) == 1 and not (models & {"", "*"}):
        value["model"] = models.pop()
    takers, before = {_party(backend, project) for backend in group}, {_party(backend, project) for backend in failing}
    if takers and "" not in takers:
        value["hosting"] = "third-party"
        if before and "" not in before and not takers & before:
            value["kind"] = "second-provider"
    elif group and all(_stays(backend, project) for backend in group):
        value["hosting"] = "self"
    return value


def _plain(backend: Backend) -> str:
    """Give the model without its provider; nothing where it is filled in, or is any."""
    first, slash, rest = backend.name.partition("/")
    name = rest if slash and first == backend.provider else backend.name
    return "" if placeholder_in(name) or "*" in name else name


def _stays(backend: Backend, project: Project) -> bool:
    """Say whether a model is asked for inside the cluster."""
    found = address(backend.base, project) if backend.base is not None else ""
    return not isinstance(found, str) and found.inside


def _party(backend: Backend, project: Project) -> str:
    """Give who answers; empty where it stays in the cluster, or is not known."""
    if backend.base is not None:
        found = address(backend.base, project)
        if isinstance(found, str) or found.inside or not is_of(backend.provider, found.host):
            return ""
    return party(backend.provider)


def rate_limits(root: Node, origin: Origin) -> Iterator[Fact]:
    """Give the limits of tokens and requests: those of models, and those that new keys get."""
    checks = {text(each) for each in items(at(root, "router_settings", "optional_pre_call_checks"))}
    reason = "" if _ENFORCING in checks else _LOOSE
    found: list[Limit] = []
    loose: list[Limit] = []
    every = Counter(_named(root))
    covered: Counter[str] = Counter()
    for entry in items(at(root, "model_list")):
        for key, unit in (("tpm", "tokens"), ("rpm", "requests")):
            limit = at(entry, "litellm_params", key)
            if limit is not None:
                covered[unit] += 1
                loose.append(Limit(unit, number(limit), "minute", limit, reason))
    for each in loose:
        partly = not reason and covered[each.unit] < every.total()
        found.append(each._replace(open=_SOME) if partly else each)
    for key, unit in (("tpm_limit", "tokens"), ("rpm_limit", "requests")):
        limit = at(root, "litellm_settings", "default_key_generate_params", key)
        if limit is not None:
            found.append(Limit(unit, number(limit), "minute", limit, doubt="keys that were made before have their own"))
    yield from limits(found, origin)
