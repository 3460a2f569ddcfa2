"""What a LiteLLM proxy does with requests besides forwarding them: guards, logs, keys, caches."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from psfpolicy.evidence.guarding.configs import open_reason
from psfpolicy.evidence.guarding.hosts import address
from psfpolicy.evidence.guarding.litellm_pods import reached_past
from psfpolicy.evidence.guarding.paths import AUTHENTICATION, EXPORTS, INPUTS, OUTPUTS, RAW_TEXT, SECRETS, STORES
from psfpolicy.evidence.nodes import at, entries, flag, items, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.tables import table
from psfpolicy.source import Scalar, masked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.guarding.configs import Configuration
    from psfpolicy.evidence.network.admitting import Admitted
    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import Place
    from psfpolicy.source import Node

_PATHS = {"input": INPUTS, "output": OUTPUTS}
_PASSING = "requests to pass-through endpoints pass no guard unless one is named there"
_AROUND = "lets clients get at the engine past the proxy"
_MORE = "a policy of the network that is not in the evidence may let clients in past the proxy"
_PUBLIC = "LiteLLMRoutes.public_routes"
_CALLBACKS = ("callbacks", "success_callback", "failure_callback", "service_callback")


def guards(configuration: Configuration, project: Project) -> Iterator[Fact]:
    """Give the guards of requests and of responses, with what is said of how they act."""
    root, origin = configuration.root, configuration.origin
    past: Admitted | None = None
    named = _named_by_models(root)
    passing = bool(items(at(root, "general_settings", "pass_through_endpoints")))
    for guard in items(at(root, "guardrails")):
        name, parameters = at(guard, "guardrail_name"), at(guard, "litellm_params")
        if name is None or not text(name) or parameters is None:
            continue
        part = origin.within(f"guardrail {text(name)}")
        mode = at(parameters, "mode")
        modes = [text(each) or "" for each in (items(mode) or ([mode] if mode is not None else []))]
        known = table("guards")["modes"]["rows"]
        stages = {_PATHS[stage]: None for each in modes for stage in known.get(each, {}).get("stages", ())}
        if not stages or any(each not in known for each in modes):
            for path in (INPUTS, OUTPUTS):
                reason = "when the guard runs is not written, or not known"
                yield part.inconclusive(path, mode or name, reason, item=_told(text(name) or "", parameters))
            continue
        everywhere = _runs_always(parameters, text(name) or "", named)
        for path in stages:
            value = _guard(text(name) or "", parameters, modes, path, project)
            if everywhere and not passing:
                past = past or reached_past(configuration, project)
            if everywhere is False:
                value["onPath"] = False
            elif past is not None and past.past is False:
                value["onPath"] = True
            where: Node | Place = _weakening(parameters, value) or name
            here, shown = part, f"mode: {', '.join(modes)}"
            if everywhere and past is not None and past.past and past.where is not None and past.policy is not None:
                value["onPath"] = False
                here, where = replace(part, document=past.policy.document), past.where
                shown = f"{past.policy.title} {_AROUND}"
            if value.get("onPath"):
                met = _told(text(name) or "", parameters) | {"onPath": value.pop("onPath")}
                unseen = _known(parameters).get("passes")
                reason = f"{unseen} may go by it unseen" if unseen else _MORE
                yield part.fact(path, met, name, item=True, certainty="inferred", reason=reason, shown=shown)
            yield here.fact(path, value, where, item=True, shown=shown)
            if everywhere is None:
                at_, reason = at(parameters, "default_on") or name, "whether it always runs is not known"
                yield part.inconclusive(path, at_, reason, item=_told(text(name) or "", parameters))
            elif everywhere and (past is None or past.past is None):
                reason = _PASSING if passing or past is None else past.reason
                yield part.inconclusive(path, name, reason, item=_told(text(name) or "", parameters))


def _told(name: str, parameters: Node) -> dict[str, Any]:
    """Give what tells a guard from others."""
    known = _known(parameters)
    return {"name": name} | ({"model": known["model"]} if "model" in known else {})


def _known(parameters: Node) -> dict[str, Any]:
    row: dict[str, Any] = table("guards")["litellm"]["rows"].get(text(at(parameters, "guardrail")) or "", {})
    return row


def _guard(name: str, parameters: Node, modes: list[str], path: str, project: Project) -> dict[str, Any]:
    known = _known(parameters)
    asked = address(at(parameters, known["address"]), project) if "address" in known else ""
    value: dict[str, Any] = {"name": name}
    value |= {key: known[key] for key in ("model", "detects") if key in known}
    if known.get("service"):
        value["hosting"] = "third-party"
    elif not isinstance(asked, str) and asked.inside:
        value["hosting"] = "self"
    rows = [table("guards")["modes"]["rows"][mode] for mode in modes]
    if not any(path in map(_PATHS.get, row["stages"]) for row in rows if not row.get("late")):
        value["action"] = "flag"
    else:
        value |= _action(parameters) or _blocking(at(parameters, "optional_params", known.get("blocks", "")), known)
    closed = _closes(parameters)
    closed = known.get("closed") if closed is None else closed
    return value if closed is None else value | {"failClosed": closed}


def _closes(parameters: Node) -> bool | None:
    """Say whether a guard that cannot be asked stops requests; None where nothing says so to a guard that heeds it."""
    rows, guard = table("guards")["failing"]["rows"], text(at(parameters, "guardrail")) or ""
    said = [
        closed
        for key, row in rows.items()
        if guard in row["guards"]
        and (closed := row["closed"].get((text(at(parameters, key)) or "").lower())) is not None
    ]
    return None if not said else all(said)


def _action(parameters: Node) -> dict[str, str]:
    """Give what becomes of what is detected, where the configuration says one thing for all of it."""
    said = {text(each.value) or "" for each in entries(at(parameters, "pii_entities_config"))}
    known = table("guards")["actions"]["rows"]
    return {"action": known[said.pop()]} if len(said) == 1 and said <= known.keys() else {}


def _blocking(written: Node | None, known: Mapping[str, Any]) -> dict[str, str]:
    """Give what a guard does that blocks unless it is told not to; nothing where that is not known."""
    blocks = True if written is None else flag(written)
    return {} if "blocks" not in known or blocks is None else {"action": "block" if blocks else "flag"}


def _weakening(parameters: Node, value: dict[str, Any]) -> Node | None:
    """Give what makes a guard let through what it detects; None where nothing that is written does."""
    known = table("guards")["litellm"]["rows"].get(text(at(parameters, "guardrail")) or "", {})
    written = at(parameters, "optional_params", known.get("blocks", ""))
    return written if value.get("action") == "flag" and flag(written) is False else None


def _named_by_models(root: Node) -> list[set[str]]:
    return [
        {text(each) or "" for each in items(at(entry, "litellm_params", "guardrails"))}
        for entry in items(at(root, "model_list"))
    ]


def _runs_always(parameters: Node, name: str, named: list[set[str]]) -> bool | None:
    """Say whether a guard runs without being asked for; None where that is not known."""
    written = at(parameters, "default_on")
    always = flag(written)
    if always is None and text(written):
        return None
    return bool(always) or (bool(named) and all(name in guards for guards in named))


def exports(root: Node, origin: Origin, project: Project) -> Iterator[Fact]:
    """Give the callbacks that send requests and responses away, each kind and address once."""
    settings = at(root, "litellm_settings")
    told: set[str] = set()
    for holder in (settings, *items(at(settings, "default_team_settings"))):
        for key in _CALLBACKS:
            for callback in items(at(holder, key)) or _one(at(holder, key)):
                for fact in _export(callback, holder, root, origin, project):
                    if f"{fact.value}{fact.reason}" not in told:
                        told.add(f"{fact.value}{fact.reason}")
                        yield fact
    silent = at(settings, "turn_off_message_logging")
    if told and flag(silent) is not True:
        where = silent or at(settings)
        if where is not None:
            reason = "callbacks are given messages unless that is turned off"
            yield origin.inferred(RAW_TEXT, value=True, where=where, reason=reason)


def _one(node: Node | None) -> tuple[Node, ...]:
    return (node,) if isinstance(node, Scalar) and text(node) else ()


def _export(callback: Node, holder: Node | None, root: Node, origin: Origin, project: Project) -> Iterator[Fact]:
    name = text(callback) or ""
    known = table("guards")["callbacks"]
    if not name or name in known["inward"]:
        return
    if placeholder_in(name) or "." in name:
        yield origin.inconclusive(EXPORTS, callback, f"what the callback `{name}` sends, and where to, is not known")
        return
    row = known["rows"].get(name)
    value: dict[str, Any] = {"name": name, "kind": "other" if row is None else row["kind"]}
    if row is None:
        yield origin.fact(
            EXPORTS, value, callback, item=True, certainty="inferred", reason="a callback that is not known"
        )
        return
    named = (at(root, "environment_variables", each) for each in row.get("hosts", ()))
    written = at(holder, row.get("parameter", "")) or next((each for each in named if each is not None), None)
    found = address(written, project) if written is not None else "no address is written"
    if not isinstance(found, str):
        value |= {"endpoint": found.url} | ({} if found.tls is None else {"tls": found.tls})
        yield origin.fact(EXPORTS, value, callback, item=True, shown=f"{name} to {found.url}")
    elif written is None and "default" in row:
        value["endpoint"] = row["default"]
        reason = "the address that it has unless a variable sets another"
        yield origin.fact(EXPORTS, value, callback, item=True, certainty="inferred", reason=reason)
    else:
        yield origin.fact(EXPORTS, value, callback, item=True)
        if "hosts" in row:
            yield origin.inconclusive(
                EXPORTS, written or callback, f"where {name} sends to is not known: {found}", item={"name": name}
            )


def caches(root: Node, origin: Origin) -> Iterator[Fact]:
    """Give the cache of responses, where there is one."""
    settings = at(root, "litellm_settings")
    switch = at(settings, "cache")
    if flag(switch) is not True or switch is None:
        return
    kind = text(at(settings, "cache_params", "type")) or "redis"
    if not placeholder_in(kind):
        value: dict[str, Any] = {"name": kind, "kind": "cache"}
        yield origin.fact(STORES, value, switch, item=True, shown="cache: true")


def authentication(root: Node, origin: Origin) -> Iterator[Fact]:
    """Give what a caller must show: a key, a token, or nothing where that is not known."""
    settings = at(root, "general_settings")
    for endpoint in items(at(settings, "pass_through_endpoints")):
        if flag(at(endpoint, "auth")) is not True:
            where = at(endpoint, "path") or endpoint
            yield origin.inconclusive(
                AUTHENTICATION, where, "nothing says that this pass-through endpoint asks for a key"
            )
    for route in items(at(settings, "public_routes")):
        if text(route) != _PUBLIC:
            yield origin.inconclusive(AUTHENTICATION, route, "callers of this route are asked for nothing")
    if at(settings, "custom_auth") is not None:
        yield origin.inconclusive(AUTHENTICATION, at(settings, "custom_auth") or root, "code of one's own decides")
        return
    tokens = at(settings, "enable_jwt_auth")
    if tokens is not None and flag(tokens) is True:
        yield origin.fact(AUTHENTICATION, "oidc", tokens)
        return
    key = at(settings, "master_key")
    if key is None or not text(key):
        where = key or settings or root
        yield origin.inconclusive(AUTHENTICATION, where, "no `master_key` is written; a variable may set it")
    elif (text(key) or "").startswith("os.environ/"):
        yield origin.inferred(
            AUTHENTICATION, "api-key", key, "the key is a variable's, which is not in the evidence", shown="master_key"
        )
    elif open_reason(key):
        yield origin.inconclusive(AUTHENTICATION, key, "a placeholder stands where the key goes", shown="master_key")
    else:
        yield origin.fact(AUTHENTICATION, "api-key", key, shown="master_key")


def literal_keys(root: Node, origin: Origin, project: Project) -> Iterator[Fact]:
    """Give the keys that are written in the configuration: where, and never what.

    What a backend in the cluster is given is often no key, since it asks for none: there, what looks like one counts.
    """
    models = [at(entry, "litellm_params") for entry in items(at(root, "model_list"))]
    holders = [at(guard, "litellm_params") for guard in items(at(root, "guardrails"))]
    holders += items(at(root, "litellm_settings", "default_team_settings"))
    holders += [at(root, "router_settings"), at(root, "litellm_settings", "cache_params")]
    found = [("master_key", at(root, "general_settings", "master_key"))]
    keys = table("guards")["secrets"]["rows"]
    found += [(key, at(holder, key)) for holder in holders for key in keys]
    for parameters in models:
        base = address(at(parameters, "api_base"), project)
        inside = not isinstance(base, str) and base.inside
        for key in keys:
            node = at(parameters, key)
            if not inside or masked(text(node) or "") != (text(node) or ""):
                found.append((key, node))
    for key, node in found:
        if node is not None and text(node) and not open_reason(node):
            yield origin.fact(SECRETS, "none", node, shown=key)
