"""Models on SageMaker: their containers, their network, and the endpoints that they stand behind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy.evidence.container import Container, Variable
from psfpolicy.evidence.devices import COUNT, TYPE, machine_facts
from psfpolicy.evidence.engines import engine_facts, serves_model
from psfpolicy.evidence.engines.table import hub
from psfpolicy.evidence.nodes import at, entries, flag, text
from psfpolicy.evidence.tables import table
from psfpolicy.evidence.terraform.network import EGRESS
from psfpolicy.evidence.terraform.values import MODEL, absent, left, part, parts, placed, said, unresolved
from psfpolicy.source import Mapping, Scalar, is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.terraform.resources import Estate, Resource
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import JsonValue
    from psfpolicy.source import Entry

MODELS = "aws_sagemaker_model"
STORE = "spec.security.secrets.store"

_IMAGE = "spec.serving.engine.image"
_REPLICAS = "spec.serving.replicas"
_STORES = "spec.data.stores"
_RAW = "spec.observability.runLog.rawText"
_ADDRESSES = ("s3://", "/")
_HEEDED = "whether the image heeds the variable is not in the evidence"
_TARGET = "aws_appautoscaling_target"


def model_facts(resource: Resource, estate: Estate) -> Iterator[Fact]:
    """Give what a model shows: what it is, what runs it, and what it may reach."""
    origin = resource.origin(workload=resource.address)
    yield from placed(resource, estate, origin, "cloud-managed", "sagemaker")
    for key in ("primary_container", "container"):
        if left(at(resource.body, key)):
            yield origin.inconclusive(MODEL, resource.heading, unresolved(at(resource.body, key)))
        for each in parts(at(resource.body, key)):
            yield from _contained(each, resource, estate, origin)
    yield from _reached(resource, estate, origin)


def configuration_facts(resource: Resource, estate: Estate) -> Iterator[Fact]:
    """Give what the variants of an endpoint run on, and what is kept of their traffic."""
    variants = at(resource.body, "production_variants")
    if left(variants):
        for path in (TYPE, COUNT):
            yield resource.origin().inconclusive(path, resource.heading, unresolved(variants))
    scaled = estate.once(
        ("scaled", resource.module), lambda: any(_is_sagemakers(each) for each in estate.of_type(resource, _TARGET))
    )
    for each in parts(variants):
        yield from _variant(each, resource.origin(workload=_served(each, resource, estate)), scaled=scaled)
    yield from _captured(resource)


def endpoint_facts(resource: Resource, _: Estate) -> Iterator[Fact]:
    """Give how much of the traffic a new version gets first."""
    routing = ("deployment_config", "blue_green_update_policy", "traffic_routing_configuration")
    size = part(resource.body, *routing, "canary_size")
    if text(part(resource.body, *routing, "type")) == "CANARY" and text(part(size, "type")) == "CAPACITY_PERCENT":
        yield from said(resource.origin(), "spec.release.canary.percent", part(size, "value"), reads="number")


def target_facts(resource: Resource, _: Estate) -> Iterator[Fact]:
    """Give how many instances an endpoint is scaled to."""
    if _is_sagemakers(resource):
        for key, path in (("min_capacity", f"{_REPLICAS}.min"), ("max_capacity", f"{_REPLICAS}.max")):
            yield from said(resource.origin(), path, at(resource.body, key), reads="number")


def _contained(node: Mapping, resource: Resource, estate: Estate, origin: Origin) -> Iterator[Fact]:
    image, variables = at(node, "image"), at(node, "environment")
    made = Container(
        name="",
        image=image if isinstance(image, Scalar) and text(image) else None,
        variables={each.key: _variable(each) for each in entries(variables)},
        place=resource.heading.place,
        open_variables=unresolved(variables) if left(variables) else "",
    )
    known = [fact for each in entries(variables) for fact in _said_by(each, origin)]
    paths = {fact.path for fact in known}
    yield from known
    if serves_model(made):
        for fact in engine_facts(made, origin, estate.project):
            if fact.path not in paths:
                doubt = resource.doubts[0].reason if resource.doubts and fact.certainty == "certain" else ""
                yield replace(fact, certainty="inferred", reason=doubt) if doubt else fact
    else:
        yield from said(origin, _IMAGE, image)
    if left(variables) and not any(fact.path[-1] == "id" for fact in known):
        yield origin.inconclusive(MODEL, variables or resource.heading, unresolved(variables))
    uri = at(node, "model_data_url") or part(node, "model_data_source", "s3_data_source", "s3_uri")
    if uri is not None and not absent(uri):
        yield from said(origin, "spec.model.weights.uri", uri)
        if not left(uri):
            yield origin.fact("spec.model.weights.source", "mirror", uri, shown=text(uri) or "")


def _variable(each: Entry) -> Variable:
    known = isinstance(each.value, Scalar) and not left(each.value)
    return Variable(
        kind="literal" if known else "unknown",
        value=text(each.value) if known else None,
        place=each.value.place,
        scalar=each.value if isinstance(each.value, Scalar) else None,
    )


def _said_by(each: Entry, origin: Origin) -> Iterator[Fact]:
    row = table("terraform")["sagemaker"]["rows"].get(each.key)
    if row is not None and row["path"] == MODEL and (text(each.value) or "").startswith(_ADDRESSES):
        yield from said(origin, "spec.model.weights.uri", each.value)
        yield origin.inconclusive(MODEL, each.value, "the address of the weights does not say which model they are")
    elif row is not None:
        # What is unsafe is meant; what is safe holds if the image heeds the variable.
        doubt = "" if row["path"] == MODEL or flag(each.value) else _HEEDED
        shown = f"{each.key}=…" if left(each.value) else ""
        yield from said(origin, row["path"], each.value, reads=row["reads"], shown=shown, reason=doubt)
    elif each.key in hub()["secrets"] and text(each.value):
        shown = f"{each.key}=…"
        if left(each.value) or is_placeholder(text(each.value) or ""):
            reason = "what fills the secret in is not in the evidence"
            yield origin.inconclusive(STORE, each.value, reason, shown=shown)
        else:
            yield origin.fact(STORE, "none", each.value, shown=shown)


def _reached(resource: Resource, estate: Estate, origin: Origin) -> Iterator[Fact]:
    isolated, network = (at(resource.body, key) for key in ("enable_network_isolation", "vpc_config"))
    if isolated is not None and left(isolated):
        yield origin.inconclusive(EGRESS, isolated, unresolved(isolated))
    elif isolated is not None and flag(isolated):
        yield origin.fact(EGRESS, "deny", isolated, shown="enable_network_isolation")
    elif network is not None and left(network):
        yield origin.inconclusive(EGRESS, network, unresolved(network))
    elif network is None or absent(network):
        where = isolated if isolated is not None and not absent(isolated) else resource.heading
        yield origin.fact(EGRESS, "allow", where, shown="no vpc_config, no enable_network_isolation")
    elif not estate.referred(resource, "aws_security_group"):
        where = part(network, "security_group_ids") or network
        yield origin.inconclusive(EGRESS, where, "the security groups of the model are not in the evidence")


def _variant(node: Mapping, origin: Origin, *, scaled: bool) -> Iterator[Fact]:
    kind, count = at(node, "instance_type"), at(node, "initial_instance_count")
    if kind is not None and not absent(kind):
        yield from machine_facts(kind, origin)
    if not scaled:
        yield from said(origin, f"{_REPLICAS}.min", count, reads="number")


def _served(variant: Mapping, resource: Resource, estate: Estate) -> str:
    """Give the model that a variant serves; empty where several may be meant."""
    found = estate.called(resource, "name", text(at(variant, "model_name")) or "", MODELS)
    found = found or estate.referred(resource, MODELS)
    return found[0].address if len(found) == 1 else ""


def _captured(resource: Resource) -> Iterator[Fact]:
    origin, capture = resource.origin(), at(resource.body, "data_capture_config")
    if capture is not None and left(capture):
        yield origin.inconclusive(_STORES, capture, unresolved(capture))
    for each in parts(capture):
        enabled, target = at(each, "enable_capture"), at(each, "destination_s3_uri")
        if enabled is None or flag(enabled) is False or target is None:
            continue
        if flag(enabled) is None or left(target):
            yield origin.inconclusive(_STORES, target, unresolved(target if left(target) else enabled))
        else:
            item: dict[str, JsonValue] = {"name": text(target) or "", "kind": "prompts"}
            key = at(each, "kms_key_id")
            if not absent(key):
                item["encrypted"] = True
            yield origin.fact(_STORES, item, target, item=True)
        yield from (origin.fact(_RAW, value=True, where=enabled, shown="enable_capture") for _ in (1,) if flag(enabled))


def _is_sagemakers(resource: Resource) -> bool:
    return text(at(resource.body, "service_namespace")) == "sagemaker"
