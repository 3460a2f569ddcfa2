"""Models on Vertex AI and on Azure, and who can reach them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.devices import COUNT, machine_facts, named_facts
from psfpolicy.evidence.nodes import at, flag, text
from psfpolicy.evidence.tables import table
from psfpolicy.evidence.terraform.values import (
    EXPOSURE,
    HOSTING,
    LOCATION,
    MODEL,
    PLATFORM,
    absent,
    left,
    located,
    part,
    said,
    unresolved,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.terraform.resources import Estate, Resource
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import Place

ACCOUNT = "azurerm_cognitive_account"

_TWO_KINDS = "the platform has models of its own and models that are brought to it"
_OWN_SETTING = "a setting of the workspace; an endpoint in it has one of its own"
_PUBLIC = "nothing ties the endpoint to a network"


def vertex_facts(resource: Resource, estate: Estate) -> Iterator[Fact]:
    """Give where an endpoint of Vertex AI stands, and who can reach it."""
    origin = resource.origin()
    yield from _vertex(resource, estate, origin)
    for key in ("network", "private_service_connect_config"):
        node = at(resource.body, key)
        if not absent(node) and node is not None:
            # An expression names some network, whichever it is; in a plan it will be one.
            yield origin.inferred(EXPOSURE, "private", _at_key(resource, key), f"the endpoint has `{key}`", shown=key)
            return
    yield origin.inferred(EXPOSURE, "public", resource.heading, _PUBLIC, shown=resource.type)


def garden_facts(resource: Resource, estate: Estate) -> Iterator[Fact]:
    """Give which model of the Model Garden is deployed, and on what."""
    origin, body = resource.origin(workload=resource.address), resource.body
    yield from _vertex(resource, estate, origin)
    yield from said(origin, MODEL, at(body, "hugging_face_model_id"))
    garden = at(body, "publisher_model_name")
    if garden is not None and not absent(garden):
        reason = "the Model Garden has names of its own"
        if left(garden):
            yield origin.inconclusive(MODEL, garden, unresolved(garden))
        else:
            name = (text(garden) or "").rpartition("/")[2].rpartition("@")[2]
            yield origin.inferred(MODEL, name, garden, reason, shown=text(garden) or "")
    dedicated = part(body, "deploy_config", "dedicated_resources")
    if left(dedicated):
        yield origin.inconclusive(COUNT, dedicated or resource.heading, unresolved(dedicated))
        return
    kind = part(dedicated, "machine_spec", "accelerator_type")
    machine = part(dedicated, "machine_spec", "machine_type")
    if kind is not None and not absent(kind):
        yield from named_facts(kind, origin)
        yield from said(origin, COUNT, part(dedicated, "machine_spec", "accelerator_count"), reads="number")
    elif machine is not None:
        yield from machine_facts(machine, origin)
    for key in ("min", "max"):
        yield from said(origin, f"spec.serving.replicas.{key}", part(dedicated, f"{key}_replica_count"), reads="number")


def workspace_facts(resource: Resource, estate: Estate) -> Iterator[Fact]:
    """Give where a workspace of Azure Machine Learning stands, and whether it can be reached from outside."""
    origin = resource.origin()
    yield origin.fact(PLATFORM, "azure-ml", resource.heading, shown=resource.type)
    yield origin.inferred(HOSTING, "cloud-managed", resource.heading, _TWO_KINDS, shown=resource.type)
    yield from located(resource, estate, origin)
    public = at(resource.body, "public_network_access_enabled")
    if public is None or absent(public):
        reason = "`public_network_access_enabled` is not given, and its default depends on the provider's version"
        yield origin.inconclusive(EXPOSURE, resource.heading, reason)
    else:
        yield from _reachable(resource, origin, _OWN_SETTING)


def account_facts(resource: Resource, estate: Estate) -> Iterator[Fact]:
    """Give where an account of Azure OpenAI stands, and whether it can be reached from outside."""
    if text(at(resource.body, "kind")) not in {"OpenAI", "AIServices"}:
        return
    origin = resource.origin()
    yield from located(resource, estate, origin)
    yield from _reachable(resource, origin, "")


def deployment_facts(resource: Resource, estate: Estate) -> Iterator[Fact]:
    """Give which model a deployment of Azure OpenAI serves, and where it is processed."""
    origin, body = resource.origin(workload=resource.address), resource.body
    yield from said(origin, MODEL, part(body, "model", "name"))
    yield from said(origin, "spec.model.version", part(body, "model", "version"))
    yield origin.fact(HOSTING, "provider-hosted", resource.heading, shown=resource.type)
    kind = part(body, "sku", "name") or part(body, "scale", "type")
    if kind is not None and left(kind):
        yield origin.inconclusive(LOCATION, kind, unresolved(kind))
    elif kind is not None and (text(kind) or "").startswith(tuple(table("terraform")["skus"]["rows"])):
        reason = f"`{text(kind)}` lets Azure choose among regions"
        yield origin.inconclusive(LOCATION, kind, reason, shown=text(kind) or "")
    elif not estate.referred(resource, ACCOUNT):
        yield origin.inconclusive(LOCATION, resource.heading, "the account is not in the evidence")


def _vertex(resource: Resource, estate: Estate, origin: Origin) -> Iterator[Fact]:
    yield origin.fact(PLATFORM, "vertex-ai", resource.heading, shown=resource.type)
    yield origin.fact(HOSTING, "cloud-managed", resource.heading, shown=resource.type)
    yield from located(resource, estate, origin)


def _reachable(resource: Resource, origin: Origin, reason: str) -> Iterator[Fact]:
    public = at(resource.body, "public_network_access_enabled")
    if public is None or absent(public):
        return
    known, shown = flag(public), "public_network_access_enabled"
    if known is None:
        yield origin.inconclusive(EXPOSURE, public, unresolved(public))
    elif reason:
        yield origin.inferred(EXPOSURE, "public" if known else "private", public, reason, shown=shown)
    else:
        yield origin.fact(EXPOSURE, "public" if known else "private", public, shown=shown)


def _at_key(resource: Resource, key: str) -> Place:
    return resource.body.members[key].key_place
