"""Amazon Bedrock: agents and their models, guardrails, knowledge bases, and the log of what models are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.nodes import at, flag, text
from psfpolicy.evidence.tables import table
from psfpolicy.evidence.terraform.resources import doubt_in
from psfpolicy.evidence.terraform.values import LOCATION, MODEL, absent, left, part, parts, placed, said, unresolved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.terraform.resources import Estate, Resource
    from psfpolicy.model.fact import Certainty, Fact
    from psfpolicy.model.place import JsonValue
    from psfpolicy.source import Mapping, Node

GUARDRAILS = ("aws_bedrock_guardrail", "awscc_bedrock_guardrail")

_AGENTS = ("aws_bedrockagent_agent", "awscc_bedrock_agent")
_GUARD = "bedrock-guardrails"
_STAGES = {"spec.inputs.guards": "input", "spec.outputs.guards": "output"}
_STORES = "spec.data.stores"
_EXPORTS = "spec.observability.exports"
_RAW = "spec.observability.runLog.rawText"
_FLOWS = "spec.data.otherFlows"
_ACTIONS = {"BLOCK": "block", "ANONYMIZE": "redact"}
_POLICIES = (
    (("content_policy_config",), "filters_config"),
    (("contextual_grounding_policy_config",), "filters_config"),
    (("sensitive_information_policy_config",), "pii_entities_config"),
    (("sensitive_information_policy_config",), "regexes_config"),
    (("topic_policy_config",), "topics_config"),
    (("word_policy_config",), "managed_word_lists_config"),
)


def agent_facts(resource: Resource, estate: Estate) -> Iterator[Fact]:
    """Give which model an agent asks, and whether a guardrail stands before it."""
    origin = resource.origin(workload=resource.address)
    yield from _asked(at(resource.body, "foundation_model"), resource, estate, origin)
    guarded = at(resource.body, "guardrail_configuration")
    if left(guarded) or not absent(guarded):
        found = estate.referred(resource, *GUARDRAILS)
        for path in _STAGES if not found and guarded is not None else ():
            yield origin.inconclusive(path, guarded or resource.heading, "the guardrail is not in the evidence")


def throughput_facts(resource: Resource, estate: Estate) -> Iterator[Fact]:
    """Give which model provisioned throughput is of."""
    origin = resource.origin(workload=resource.address)
    yield from _asked(at(resource.body, "model_arn"), resource, estate, origin)


def guardrail_facts(resource: Resource, estate: Estate) -> Iterator[Fact]:
    """Give what a guardrail detects, before the model and behind it."""
    origin, name = resource.origin(), at(resource.body, "name")
    on_path = _on_path(resource, estate)
    for path, stage in _STAGES.items():
        found: set[str] = set()
        actions: set[str] = set()
        unknown: Node | None = None
        for where, key in _POLICIES:
            node = part(resource.body, *where, key)
            unknown = unknown or (node if left(node) else None)
            for rule in parts(node):
                detected, action, missing = _detects(rule, key, stage)
                unknown = unknown or missing
                found |= detected
                actions |= {action} if detected else set()
        if not absent(part(resource.body, "word_policy_config", "words_config")):
            actions |= {"block"}
        if unknown is not None:
            yield origin.inconclusive(path, unknown, unresolved(unknown))
        elif found:
            item: dict[str, JsonValue] = {"name": _named(name, resource), "model": _GUARD}
            item["detects"] = [*sorted(found)]
            if len(actions) == 1:
                item["action"] = actions.pop()
            if on_path is not None:
                item["onPath"] = on_path
            doubt = doubt_in(resource, *(at(resource.body, where[0]) for where, _ in _POLICIES))
            certainty: Certainty = "inferred" if doubt else "certain"
            yield origin.fact(path, item, resource.heading, item=True, certainty=certainty, reason=doubt)


def logging_facts(resource: Resource, _: Estate) -> Iterator[Fact]:
    """Give where prompts and responses of every call in the region are kept."""
    origin = resource.origin()
    config = at(resource.body, "logging_config")
    for each in parts(config):
        texts = at(each, "text_data_delivery_enabled")
        if left(texts):
            yield origin.inconclusive(_RAW, texts or config or resource.heading, unresolved(texts))
        elif flag(texts) is False:
            continue
        else:
            where = resource.heading if texts is None or absent(texts) else texts
            yield origin.fact(_RAW, value=True, where=where, shown="text_data_delivery_enabled")
        for path, key in (
            (("s3_config",), "bucket_name"),
            (("cloudwatch_config",), "log_group_name"),
            (("cloudwatch_config", "large_data_delivery_s3_config"), "bucket_name"),
        ):
            target = part(each, *path, key)
            if target is None or absent(target):
                continue
            yield from _kept(target, resource, origin)
            if key == "log_group_name" and not left(target):
                export: dict[str, JsonValue] = {"name": text(target) or "", "kind": "cloudwatch"}
                export["carries"] = ["prompts", "responses"]
                yield origin.fact(_EXPORTS, export, target, item=True)
    if left(config):
        yield origin.inconclusive(_STORES, config or resource.heading, unresolved(config))


def knowledge_facts(resource: Resource, _: Estate) -> Iterator[Fact]:
    """Give where a knowledge base keeps its vectors, and what makes them."""
    origin, name = resource.origin(), at(resource.body, "name")
    storage = at(resource.body, "storage_configuration")
    kind = part(storage, "type")
    item: dict[str, JsonValue] = {"name": _named(name, resource), "kind": "vector-store"}
    if left(storage) or left(kind):
        node = storage if left(storage) else kind
        yield origin.inconclusive(_STORES, node or resource.heading, unresolved(node))
    elif not absent(storage):
        if not absent(part(storage, "pinecone_configuration")):
            item["hosting"] = "third-party"
        yield origin.fact(_STORES, item, resource.heading, item=True, shown=text(kind) or "")
    embedding = part(
        resource.body, "knowledge_base_configuration", "vector_knowledge_base_configuration", "embedding_model_arn"
    )
    if embedding is not None and not absent(embedding):
        if left(embedding):
            yield origin.inconclusive(_FLOWS, embedding, unresolved(embedding))
        else:
            flow: dict[str, JsonValue] = {"name": _model(text(embedding) or ""), "kind": "embedding"}
            yield origin.fact(_FLOWS, flow, embedding, item=True)


def _asked(node: Node | None, resource: Resource, estate: Estate, origin: Origin) -> Iterator[Fact]:
    facts = tuple(placed(resource, estate, origin, "provider-hosted", "bedrock"))
    if node is None or absent(node) or left(node):
        yield from facts
        yield from said(origin, MODEL, node)
        return
    model = _model(text(node) or "")
    yield origin.fact(MODEL, model, node, shown=text(node) or "")
    profile = model.partition(".")[0] if model.count(".") > 1 else ""
    across = profile in table("terraform")["profiles"]["rows"]
    yield from (fact for fact in facts if not across or ".".join(map(str, fact.path)) != LOCATION)
    if across:
        reason = f"the inference profile `{profile}.` lets Bedrock choose among regions"
        yield origin.inconclusive(LOCATION, node, reason, shown=model)


def _model(written: str) -> str:
    """Give the id of a model that is named by it, or by an ARN."""
    return written.rpartition("/")[2] if written.startswith("arn:") else written


def _detects(rule: Mapping, key: str, stage: str) -> tuple[set[str], str, Node | None]:
    """Give what a rule of a guardrail detects at a stage, what it does then, and what in it is not known."""
    kind, enabled = at(rule, "type"), at(rule, f"{stage}_enabled")
    decisive = [at(rule, f"{stage}_strength"), at(rule, f"{stage}_action") or at(rule, "action"), enabled]
    names: set[str]
    if key in {"pii_entities_config", "regexes_config"}:
        names = {"pii"} if key == "pii_entities_config" else set()
    else:
        decisive.append(kind)
        names = set(table("terraform")["filters"]["rows"].get(text(kind) or "", ()))
    unknown = next((node for node in decisive if left(node)), None)
    strength, action = text(decisive[0]), text(decisive[1])
    if flag(enabled) is False or action == "NONE":
        return set(), "", unknown
    if key == "filters_config":
        grounding = at(rule, "threshold") is not None
        if grounding and stage == "input":
            return set(), "", unknown
        if not grounding and strength in {None, "NONE"}:
            return set(), "", unknown
    return names, _ACTIONS.get(action or "BLOCK", ""), unknown


def _on_path(resource: Resource, estate: Estate) -> bool | None:
    """Say whether every agent beside a guardrail names it; None where that is not known, or there is no agent."""
    count, past = estate.once(("agents", resource.module), lambda: _agents(resource, estate))
    if not count or past is None:
        return None
    if past:
        return False
    return True if len(estate.users(resource, *_AGENTS)) == count else None


def _agents(resource: Resource, estate: Estate) -> tuple[int, bool | None]:
    """Give how many agents there are, and whether one names no guardrail; None where one may not be there."""
    agents = estate.of_type(resource, *_AGENTS)
    past = any(absent(at(each.body, "guardrail_configuration")) for each in agents)
    return len(agents), None if any(each.open for each in agents) else past


def _kept(target: Node, resource: Resource, origin: Origin) -> Iterator[Fact]:
    if left(target):
        yield origin.inconclusive(_STORES, target, unresolved(target))
    else:
        store: dict[str, JsonValue] = {"name": text(target) or resource.address, "kind": "prompts"}
        yield origin.fact(_STORES, store, target, item=True)


def _named(name: Node | None, resource: Resource) -> str:
    return resource.address if absent(name) or left(name) else text(name) or resource.address
