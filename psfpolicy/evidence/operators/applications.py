"""Applications of Ray Serve: models that are configured, and the user's own code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from psfpolicy.evidence.container import Variable
from psfpolicy.evidence.devices import COUNT, named_facts
from psfpolicy.evidence.engines import Keywords, keyword_facts
from psfpolicy.evidence.kubernetes.scaling import MAX, METRIC, MIN
from psfpolicy.evidence.kubernetes.values import unreadable
from psfpolicy.evidence.nodes import at, entries, items, number, text
from psfpolicy.evidence.operators.addresses import ADAPTERS, MODEL, REVISION, address_facts
from psfpolicy.evidence.operators.counting import bounds, counted
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.source import Mapping, Scalar, masked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Map

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.kubernetes.variables import Environment
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node

__all__ = ["COUNT", "code", "configured", "models"]

ENGINE = "spec.serving.engine.name"
VERSION = "spec.serving.engine.version"
REMOTE_CODE = "spec.model.remoteCode"

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
_NAMES = ("MODEL_ID", "MODEL_NAME", "MODEL", "HF_MODEL_ID")
_PINNED = re.compile(r"vllm(?:\[[\w,-]*\])?==(?P<version>\d+\.\d+\.\d+(?:\.?post\d+)?)")
_MOST = 100_000
_WORKERS = "Ray gives each worker of the engine one accelerator"
_MANY = "the application has several deployments, and which of them holds the model is not known"


def models(application: Node) -> tuple[Node, ...]:
    """Give the configurations of models that an application is given: `llm_configs`, or one for each phase."""
    arguments = at(application, "args")
    listed = items(at(arguments, "llm_configs"))
    single = (at(arguments, key) for key in ("llm_config", "prefill_config", "decode_config"))
    return (*listed, *(each for each in single if each is not None))


def configured(application: Node, model: Node, environment: Environment, origin: Origin) -> Iterator[Fact]:
    """Give what the configuration of a model says."""
    if not isinstance(model, Mapping):
        reason = "the configuration of the model stands in a file that is not in the evidence"
        for path in (MODEL, ENGINE, REMOTE_CODE, REVISION):
            yield origin.inconclusive(path, model, reason, shown=masked(text(model) or "")[:200])
        return
    loading, kwargs = at(model, "model_loading_config"), at(model, "engine_kwargs")
    named, source = at(loading, "model_id"), at(loading, "model_source")
    bucket = at(source, "bucket_uri")
    where = _said(named) or _said(loading) or model
    word = named if source is None else source
    variables = {**environment.variables, **_variables(application), **_variables(model)}
    facts = keyword_facts(
        Keywords(
            node=kwargs,
            place=where.place,
            model=None if bucket is not None else word,
            variables=variables,
            open_variables=environment.missing,
            partial=_missing(kwargs),
        ),
        origin,
    )
    adapted = at(model, "lora_config", "dynamic_lora_loading_path") is not None
    left = {"id", "source", "uri"} if bucket is not None else set()
    left |= {"adapters"} if adapted else set()
    yield from (fact for fact in facts if fact.path[-1] not in left)
    if bucket is not None:
        yield from address_facts(bucket, origin)
    elif word is None:
        yield origin.inconclusive(MODEL, where, "nothing names the model")
    yield from _of_engine(model, where, origin)
    yield from _adapters(at(model, "lora_config"), origin)
    kind = at(model, "accelerator_type")
    if kind is not None:
        yield from named_facts(kind, origin)
    yield _count(model, kwargs, where, origin)
    yield from _replicas(at(model, "deployment_config"), where, origin)


def code(application: Node, origin: Origin) -> Iterator[Fact]:
    """Give what an application says whose code is the user's: names of variables, and what it leaves open."""
    imported = at(application, "import_path")
    where = _said(imported) or _said(application) or application
    called = masked(text(imported) or "")[:120]
    written = at(application, "runtime_env", "working_dir")
    beside = f", which comes from `{masked((text(written) or '').partition('?')[0])[:200]}`" if text(written) else ""
    reason = f"the code of the application, `{called}`{beside}, is not read: it decides this"
    variables = _variables(application)
    found = next((variables[name] for name in _NAMES if name in variables), None)
    if found is not None and found.value and _HUB_ID.fullmatch(found.value):
        guess = "the name of a variable says so; the code that reads it is not read"
        yield origin.inferred(MODEL, found.value, found.place, guess)
    else:
        yield origin.inconclusive(MODEL, where, reason)
    pinned = _pinned(application)
    if pinned is not None:
        node, version = pinned
        by = "the application installs it for itself; its code may use another"
        yield origin.inferred(ENGINE, "vllm", node, by)
        yield origin.inferred(VERSION, version, node, by)
    else:
        yield origin.inconclusive(ENGINE, where, reason)
    for path in (REMOTE_CODE, REVISION, "spec.serving.accelerators.tensorParallel"):
        yield origin.inconclusive(path, where, reason)
    yield from _of_deployments(application, where, reason, origin)


def _said(node: Node | None) -> Node | None:
    """Give a node whose place is one line: of a map its first value."""
    if isinstance(node, Scalar) or node is None:
        return node
    return next((_said(each.value) for each in entries(node)), node)


def _missing(kwargs: Node | None) -> str:
    if kwargs is not None and not isinstance(kwargs, Mapping) and text(kwargs) is not None:
        return "the arguments of the engine are written in a way that is not known"
    return ""


def _variables(node: Node) -> Map[str, Variable]:
    """Give the variables that `runtime_env` sets."""
    found = {}
    for each in entries(at(node, "runtime_env", "env_vars")):
        value = text(each.value)
        known = value is not None and not placeholder_in(value)
        scalar = each.value if isinstance(each.value, Scalar) else None
        found[each.key] = (
            Variable(kind="literal", value=value, place=each.value.place, scalar=scalar)
            if known
            else Variable(kind="unknown", value=None, place=each.value.place)
        )
    return found


def _of_engine(model: Node, where: Node, origin: Origin) -> Iterator[Fact]:
    engine = at(model, "llm_engine")
    if engine is None or (text(engine) or "").lower() == "vllm":
        reason = "vLLM is the engine that Ray Serve has for models"
        if engine is None:
            yield origin.inferred(ENGINE, "vllm", where, reason)
        else:
            yield origin.fact(ENGINE, "vllm", engine)
    else:
        yield origin.inconclusive(ENGINE, engine, unreadable(engine, "an engine that is known"))


def _adapters(lora: Node | None, origin: Origin) -> Iterator[Fact]:
    path = at(lora, "dynamic_lora_loading_path")
    if path is not None and text(path):
        reason = "adapters are loaded from there while it runs; none is named here"
        yield origin.inconclusive(ADAPTERS, path, reason, shown=masked((text(path) or "").partition("?")[0]))


def _count(model: Node, kwargs: Node | None, where: Node, origin: Origin) -> Fact:
    """Give how many accelerators a replica has: one for each worker of the engine."""
    total, first = 1, None
    for key in ("tensor_parallel_size", "pipeline_parallel_size"):
        written = at(kwargs, key)
        if written is None or text(written) is None:
            continue
        each = number(written)
        if each is None or not 1 <= each <= _MOST:
            return origin.inconclusive(COUNT, written, unreadable(written, "a whole number"))
        total, first = total * each, first or written
    placed = at(model, "placement_group_config") or at(model, "resources_per_bundle")
    if placed is not None:
        return origin.inconclusive(COUNT, _said(placed) or placed, "the resources of its workers are set one by one")
    return origin.inferred(COUNT, total, first or where, _WORKERS)


def _of_deployments(application: Node, where: Node, reason: str, origin: Origin) -> Iterator[Fact]:
    found = items(at(application, "deployments"))
    if len(found) != 1:
        why = _MANY if found else reason
        for path in (MIN, MAX, COUNT):
            yield origin.inconclusive(path, where, why)
        return
    yield from _replicas(found[0], _said(found[0]) or found[0], origin)
    accelerators = at(found[0], "ray_actor_options", "num_gpus")
    whole = number(accelerators)
    if accelerators is not None and whole is not None and 1 <= whole <= _MOST:
        yield origin.inferred(COUNT, whole, accelerators, "the code may start more workers than this one")
    else:
        yield origin.inconclusive(COUNT, accelerators or where, reason)


def _replicas(deployment: Node | None, where: Node, origin: Origin) -> Iterator[Fact]:
    scaling, fixed = at(deployment, "autoscaling_config"), at(deployment, "num_replicas")
    if isinstance(scaling, Mapping) or text(fixed) == "auto":
        yield from bounds(origin, scaling, ("min_replicas", "max_replicas"), where, ": Ray's own default holds")
        shown = next((node for key in _TARGETS if (node := at(scaling, key)) is not None), None)
        if shown is not None:
            yield origin.fact(METRIC, "requests", shown, shown="ongoing requests of each replica")
        else:
            yield origin.inferred(
                METRIC, "requests", _said(scaling) or where, "Ray Serve adds replicas by ongoing requests"
            )
    elif fixed is not None and text(fixed) is not None:
        yield from counted(origin, fixed, "num_replicas")
    else:
        for path in (MIN, MAX):
            yield origin.inferred(path, 1, where, "nothing says how many replicas there are, which is 1 in Ray Serve")


def _pinned(application: Node) -> tuple[Node, str] | None:
    """Give the version of vLLM that an application installs, and where it says so."""
    written = at(application, "runtime_env", "pip")
    for node in items(written) or items(at(written, "packages")):
        match = _PINNED.fullmatch((text(node) or "").replace(" ", ""))
        if match:
            return node, match["version"]
    return None


_TARGETS = ("target_ongoing_requests", "target_num_ongoing_requests_per_replica")
