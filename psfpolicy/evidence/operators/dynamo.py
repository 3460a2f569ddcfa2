"""NVIDIA Dynamo: DynamoGraphDeployment, and the deployment of one component."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from psfpolicy.evidence.edits import entry_at, mapping, put
from psfpolicy.evidence.engines import Keywords, keyword_facts
from psfpolicy.evidence.kubernetes.scaling import MAX, MIN
from psfpolicy.evidence.kubernetes.values import count
from psfpolicy.evidence.kubernetes.variables import environment
from psfpolicy.evidence.nodes import at, entries, items, number, text
from psfpolicy.evidence.operators.counting import counted
from psfpolicy.evidence.operators.part import (
    BY_OPERATOR,
    Part,
    chosen,
    container_of,
    limited,
    listed,
    pod_of,
    with_variables,
)
from psfpolicy.evidence.operators.production_stack import words
from psfpolicy.evidence.tables import table
from psfpolicy.source import Mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Entry, Node

GROUP = "nvidia.com"

_GROUPED = "several nodes are one replica, and how many accelerators those have is the operator's to work out"


def _graph(item: Object, project: Project) -> Iterator[Part]:
    spec = at(item.node, "spec")
    shared = at(spec, "envs")
    for each in entries(at(spec, "services")):
        yield from _component(item, each.key, each.value, shared, project)
    for node in items(at(spec, "components")):
        yield from _component(item, text(at(node, "name")) or "", node, shared, project)


def _alone(item: Object, project: Project) -> Iterator[Part]:
    spec = at(item.node, "spec")
    if spec is not None:
        yield from _component(item, "", spec, None, project)


def _component(item: Object, name: str, node: Node, shared: Node | None, project: Project) -> Iterator[Part]:
    pod = at(node, "podTemplate", "spec")
    if pod is None:
        pod = _pod(node, shared)
    main = _main(pod)
    engine = _engine(main)
    kind = text(at(node, "componentType")) or text(at(node, "type")) or ""
    if not engine and (pod is None or kind.lower() in table("operators")["dynamo_others"]["rows"]):
        return
    own = partial(_own, node, main, engine, item.namespace, project)
    yield Part(
        item=item,
        name=name,
        pod=pod,
        labels=at(node, "podTemplate", "metadata", "labels"),
        own=own,
        lack=BY_OPERATOR,
        engine=engine,
        serves=bool(engine),
    )


def _main(pod: Node | None) -> Node | None:
    found = items(at(pod, "containers"))
    return next((each for each in found if text(at(each, "name")) == "main"), found[0] if found else None)


def _pod(node: Node, shared: Node | None) -> Node | None:
    """Give the pod of a service as the first version of the API writes it."""
    extra = at(node, "extraPodSpec")
    main = at(extra, "mainContainer")
    if not isinstance(main, Mapping):
        return None
    first = next(iter(main.entries), None)
    like = main if first is None else first.value
    found: list[Entry] = [each for each in main.entries if each.key not in {"name", "env", "envFrom", "resources"}]
    env = (*items(shared), *items(at(node, "envs")), *items(at(main, "env")))
    found.append(entry_at("env", with_variables(None, env, like)))
    secret = at(node, "envFromSecret")
    sources = list(items(at(main, "envFrom")))
    if secret is not None and text(secret):
        sources.append(put(mapping((), secret), ("secretRef", "name"), secret))
    found.append(entry_at("envFrom", listed(sources, like)))
    resources = _resources(at(node, "resources")) or at(main, "resources")
    if resources is not None:
        found.append(entry_at("resources", resources))
    keys = [key for key in table("operators")["pod_keys"]["rows"] if key != "containers"]
    return pod_of(container_of("main", like, found), chosen(extra, keys), items(at(extra, "containers")))


def _resources(written: Node | None) -> Node | None:
    """Give resources as a container has them: `gpu` is the accelerator of NVIDIA, unless `gpuType` says another."""
    for key in ("limits", "requests"):
        amount = at(written, key, "gpu")
        if amount is not None and text(amount) is not None:
            name = text(at(written, key, "gpuType")) or "nvidia.com/gpu"
            return limited(name, amount)
    return written


def _engine(main: Node | None) -> str:
    """Give the engine whose module a container starts: `python3 -m dynamo.vllm`."""
    known = table("operators")["dynamo"]["rows"]
    said = [text(each) or "" for each in (*items(at(main, "command")), *items(at(main, "args")))]
    found = (known[word] for line in said for word in line.split() if word in known)
    return next(found, "")


def _own(
    node: Node, main: Node | None, engine: str, namespace: str, project: Project, origin: Origin
) -> Iterator[Fact]:
    if engine and main is not None:
        yield from _arguments(main, engine, namespace, project, origin)
    nodes = at(node, "multinode", "nodeCount")
    if nodes is not None and (number(nodes) or 2) > 1:
        yield origin.inconclusive("spec.serving.accelerators.count", nodes, _GROUPED)
    written = at(node, "replicas")
    scaling = at(node, "autoscaling")
    if isinstance(scaling, Mapping) and text(at(scaling, "enabled")) not in {None, "false"}:
        for key, path in (("minReplicas", MIN), ("maxReplicas", MAX)):
            bound = at(scaling, key)
            where = bound or at(scaling, "enabled") or scaling
            if bound is not None and text(bound) is not None:
                yield count(origin, path, bound, key=key)
            else:
                yield origin.inconclusive(path, where, f"no `{key}`: the operator's own default holds")
    elif written is not None and text(written) is not None:
        yield from counted(origin, written)


def _arguments(main: Node, engine: str, namespace: str, project: Project, origin: Origin) -> Iterator[Fact]:
    given = words(listed((*items(at(main, "command")), *items(at(main, "args"))), main))
    modules = table("operators")["dynamo"]["rows"]
    index = next((index for index, word in enumerate(given) if word.text in modules), None)
    known = environment(main, namespace, project)
    where = given[0] if given else None
    if where is None:
        return
    place = where.place if index is None else given[index].place
    if index is None:
        yield origin.inconclusive(
            "spec.model.id", place, "the engine is started in a script that is not worked out here"
        )
        return
    yield origin.fact("spec.serving.engine.name", engine, place, shown=given[index].text)
    yield from keyword_facts(
        Keywords(
            node=None,
            place=place,
            engine=engine,
            words=given[index + 1 :],
            variables=known.variables,
            partial="Dynamo starts the engine with arguments of its own beside these",
            open_variables=known.missing,
        ),
        origin,
    )


KINDS = {
    (GROUP, "DynamoGraphDeployment"): _graph,
    (GROUP, "DynamoComponentDeployment"): _alone,
}
