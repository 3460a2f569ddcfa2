"""Azure Machine Learning, as its command line reads it: online deployments and endpoints, and serverless endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.container import Container, Variable
from psfpolicy.evidence.devices import machine_facts
from psfpolicy.evidence.engines import engine_facts, image_facts, serves_model
from psfpolicy.evidence.kubernetes.exposure import AUTHENTICATION, EXPOSURE
from psfpolicy.evidence.kubernetes.scaling import MAX, MIN
from psfpolicy.evidence.kubernetes.values import count, unreadable
from psfpolicy.evidence.nodes import at, entries, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.tables import table
from psfpolicy.source import Mapping, Scalar, is_placeholder, masked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Document, Node

NAME = "azure_ml"

_HOSTING = "spec.serving.hosting"
_PLATFORM = "spec.serving.platform"
_MODEL = "spec.model.id"
_EGRESS = "spec.network.egress.default"
_ELSEWHERE = "the environment and its code decide it, and are not in the evidence"
_OPEN = "no `public_network_access` is written, which is open unless the workspace says otherwise"
_OUT = "no `egress_public_network_access` is written, and the network of the workspace may keep it in"
_CUSTOM = "the name of the model in the workspace, which may be called otherwise where it comes from"


def reads(document: Document) -> bool:
    """Say whether a document is a deployment or an endpoint of Azure Machine Learning."""
    return bool(_kind(document.root))


def facts(document: Document, project: Project) -> Iterator[Fact]:
    """Give what a deployment or an endpoint shows, in the order of the text."""
    root = document.root
    kind, name = _kind(root), text(at(root, "name")) or ""
    title = " ".join(f"Azure ML {kind} {masked(name)[:80]}".split())
    origin = Origin(reader=NAME, document=document, subject=title, workload=title)
    if kind == "endpoint":
        found = list(_endpoint(root, Origin(reader=NAME, document=document, subject=title)))
    elif kind == "deployment":
        found = list(_deployment(root, origin, project))
    else:
        found = list(_serverless(root, origin))
    yield from sorted(found, key=lambda fact: fact.place.region)


def _kind(root: Node) -> str:
    """Give `deployment`, `endpoint` or `serverless endpoint`, by the schema or by keys; empty for anything else."""
    if not isinstance(root, Mapping) or at(root, "kind") is not None or at(root, "apiVersion") is not None:
        return ""
    known = table("operators")["azure"]["rows"]
    schema = text(at(root, "$schema")) or ""
    if known["host"] in schema:
        name = schema.rpartition("/")[2].partition(".")[0]
        return "deployment" if name in known["deployments"] else "endpoint" if name in known["endpoints"] else ""
    if "endpoint_name" in root.members and not root.members.keys().isdisjoint({"model", "environment"}):
        return "deployment" if "instance_type" in root.members or "instance_count" in root.members else ""
    return "serverless endpoint" if (text(at(root, "model_id")) or "").startswith("azureml://") else ""


def _deployment(root: Node, origin: Origin, project: Project) -> Iterator[Fact]:
    where = _first(root)
    yield origin.fact(_PLATFORM, "azure-ml", where)
    yield origin.inferred(_HOSTING, "cloud-managed", where, "a deployment on machines that the cloud runs")
    yield from _served(root, origin, project)
    kind = at(root, "instance_type")
    if kind is not None and text(kind):
        if _is_open(kind):
            for path in ("spec.serving.accelerators.type", "spec.serving.accelerators.count"):
                yield origin.inconclusive(path, kind, "a placeholder stands where the type of machine goes")
        else:
            yield from machine_facts(kind, origin)
    number = at(root, "instance_count")
    if number is not None and text(number) is not None:
        yield from (count(origin, path, number, key="instance_count") for path in (MIN, MAX))
    most = at(root, "request_settings", "max_concurrent_requests_per_instance")
    if most is not None and text(most) is not None:
        yield count(origin, "spec.serving.maxConcurrency", most)
    yield from _egress(root, where, origin)


def _served(root: Node, origin: Origin, project: Project) -> Iterator[Fact]:
    model, image = at(root, "model"), at(root, "environment", "image")
    found = list(_model(model, origin))
    container = _container(root, image)
    if serves_model(container):
        known = {fact.path for fact in found}
        found += (fact for fact in engine_facts(container, origin, project) if fact.path not in known or fact.value)
    elif image is not None and text(image):
        if _is_open(image):
            reason = "a placeholder stands where the image goes"
            found.append(
                origin.inconclusive("spec.serving.engine.image", image, reason, shown=masked(text(image) or ""))
            )
        else:
            found += image_facts(text(image) or "", image, origin)
    yield from found
    where = image or at(root, "environment") or model or _first(root)
    where = where if isinstance(where, Scalar) else _first(where)
    said = {fact.path[-1] for fact in found if fact.path[:2] in {("spec", "model"), ("spec", "serving")}}
    for path in (_MODEL, "spec.serving.engine.name", "spec.model.remoteCode"):
        if path.rpartition(".")[2] not in said:
            yield origin.inconclusive(path, where, _ELSEWHERE)
    yield from _secrets(root, {fact.place for fact in found if fact.path[-1] == "store"}, origin)


def _container(root: Node, image: Node | None) -> Container:
    where = image if image is not None else _first(root)
    variables = {}
    for each in entries(at(root, "environment_variables")):
        value = text(each.value)
        known = value is not None and not _is_open(each.value)
        scalar = each.value if isinstance(each.value, Scalar) else None
        variables[each.key] = (
            Variable(kind="literal", value=value, place=each.value.place, scalar=scalar)
            if known
            else Variable(kind="unknown", value=None, place=each.value.place)
        )
    return Container(
        name="",
        image=image if isinstance(image, Scalar) and text(image) and not _is_open(image) else None,
        variables=variables,
        place=where.place,
        partial="the environment may say more than is written here",
    )


def _model(model: Node | None, origin: Origin) -> Iterator[Fact]:
    address = text(model) or text(at(model, "path")) or ""
    where = model if isinstance(model, Scalar) else at(model, "path") or at(model, "name")
    if where is None:
        return
    if text(at(model, "type")) == "triton_model":
        yield origin.fact("spec.serving.engine.name", "triton", at(model, "type") or where)
    name = at(model, "name")
    if name is not None and text(name) and not _is_open(name):
        yield origin.inferred(_MODEL, text(name), name, _CUSTOM)
    else:
        yield _by_address(address, where, origin)
    if address.startswith("azureml:"):
        yield origin.fact("spec.model.weights.source", "mirror", where, shown=masked(address))
    elif address and not isinstance(model, Scalar):
        yield origin.inferred("spec.model.weights.source", "local", where, "it is uploaded from beside the file")


def _by_address(address: str, where: Node, origin: Origin) -> Fact:
    name = _named(address)
    if name:
        return origin.inferred(_MODEL, name, where, _CUSTOM, shown=masked(address))
    return origin.inconclusive(_MODEL, where, "the address names no model that is known", shown=masked(address)[:200])


def _named(address: str) -> str:
    """Give the name in the address of a model, `azureml://registries/r/models/NAME/versions/1`; empty for none."""
    plain = address.removeprefix("azureml:")
    parts = plain.split("/")
    if "models" in parts[:-1]:
        name = parts[parts.index("models") + 1]
    elif plain != address and "/" not in plain:
        name = plain.partition(":")[0].partition("@")[0]
    else:
        return ""
    return "" if placeholder_in(name) or "{" in name or is_placeholder(name) else name


def _secrets(root: Node, known: set[object], origin: Origin) -> Iterator[Fact]:
    """Give that a secret is left to what fills the file in: a variable with the name of one and a placeholder."""
    names = table("engines/hub")["secrets"]
    for each in entries(at(root, "environment_variables")):
        if each.key not in names or each.value.place in known or not text(each.value):
            continue
        if _is_open(each.value):
            reason = "a placeholder stands where the secret goes, and the deployment keeps it as plain text"
            yield origin.inconclusive("spec.security.secrets.store", each.value, reason, shown=f"{each.key}=…")
        else:
            yield origin.fact("spec.security.secrets.store", "none", each.value, shown=f"{each.key}=…")


def _egress(root: Node, where: Node, origin: Origin) -> Iterator[Fact]:
    written = at(root, "egress_public_network_access")
    word = (text(written) or "").lower()
    if written is None:
        yield origin.inconclusive(_EGRESS, where, _OUT)
    elif word in {"enabled", "disabled"}:
        yield origin.fact(_EGRESS, "deny" if word == "disabled" else "allow", written, shown=word)
    else:
        yield origin.inconclusive(_EGRESS, written, unreadable(written, "`enabled` or `disabled`"))


def _endpoint(root: Node, origin: Origin) -> Iterator[Fact]:
    where, mode = _first(root), at(root, "auth_mode")
    known = table("operators")["authentication"]["rows"]
    if mode is not None and (text(mode) or "").lower() in known:
        yield origin.fact(AUTHENTICATION, known[(text(mode) or "").lower()], mode)
    else:
        yield origin.inconclusive(AUTHENTICATION, mode or where, "how clients show who they are is not known")
    access = at(root, "public_network_access")
    word = (text(access) or "").lower()
    if access is not None and word in {"enabled", "disabled"}:
        yield origin.fact(EXPOSURE, "public" if word == "enabled" else "private", access, shown=word)
    else:
        yield origin.inferred(EXPOSURE, "public", access or where, _OPEN)
    yield from _traffic(at(root, "traffic"), origin)


def _traffic(traffic: Node | None, origin: Origin) -> Iterator[Fact]:
    """Give the share of the smaller of two deployments, which is the canary while both have some."""
    shares = [each for each in entries(traffic) if text(each.value) not in {None, "0"}]
    if len(shares) != 2:
        return
    words = [text(each.value) or "" for each in shares]
    if all(word.isascii() and word.isdigit() and len(word) <= 3 for word in words):
        least = min(shares, key=lambda each: int(text(each.value) or ""))
        reason = "the smaller share of two deployments"
        yield origin.inferred("spec.release.canary.percent", int(text(least.value) or ""), least.value, reason)


def _serverless(root: Node, origin: Origin) -> Iterator[Fact]:
    where = at(root, "model_id") or root
    address = text(where) or ""
    yield origin.fact(_PLATFORM, "azure-ml", where, shown=masked(address))
    yield origin.inferred(_HOSTING, "provider-hosted", where, "a serverless endpoint has no machines of its own")
    yield _by_address(address, where, origin)
    for path in ("spec.serving.location", EXPOSURE):
        yield origin.inconclusive(path, where, "the workspace decides it, and is not in the evidence")


def _is_open(node: Node) -> bool:
    """Say whether something is to be filled in: a variable, a template, or a word that says so of itself."""
    word = text(node) or ""
    return bool(placeholder_in(word)) or is_placeholder(word) or "placeholder" in word.lower()


def _first(node: Node) -> Node:
    """Give what stands for a map where its place is asked: the first plain value in it."""
    found = next((each.value for each in entries(node) if isinstance(each.value, Scalar)), None)
    return node if found is None else found
