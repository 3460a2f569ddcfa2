"""KubeRay: RayService with the applications that it serves, and RayCluster."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.edits import entry_at, mapping, put, scalar
from psfpolicy.evidence.engines.images import image
from psfpolicy.evidence.engines.values import version_of
from psfpolicy.evidence.inside import embedded
from psfpolicy.evidence.kubernetes import machines, security
from psfpolicy.evidence.kubernetes.containers import container
from psfpolicy.evidence.kubernetes.pods import Pod, containers
from psfpolicy.evidence.kubernetes.serving import Server
from psfpolicy.evidence.kubernetes.variables import Environment, environment
from psfpolicy.evidence.nodes import at, entries, items, text
from psfpolicy.evidence.operators.applications import COUNT, code, configured, models
from psfpolicy.evidence.operators.part import Part, annotated, made_object
from psfpolicy.evidence.project import labels
from psfpolicy.evidence.tables import table
from psfpolicy.source import Scalar, masked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from psfpolicy.evidence.container import Container
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import Place
    from psfpolicy.source import Node

GROUP = "ray.io"
TELEMETRY = "spec.network.telemetryOptOut"
ORCHESTRATOR = "spec.serving.orchestrator"

_SWITCH = "RAY_USAGE_STATS_ENABLED"
_UNREAD = "`serveConfigV2` is no YAML that can be read, so what is served is not known"
_UNSAID = "there is no `serveConfigV2`, so what is served is not known"
_LATER = "what is served is sent to the cluster later, and is not in the evidence"
JOBS = "spec.security.hardening.jobInterface"
_MODE = "RAY_AUTH_MODE"
_ASKS_BY_ITSELF = (2, 59)
"""The first version of Ray that may ask for a token where nothing says so (docs.ray.io, token authentication)."""
_NO_MODE = "whether Ray asks for a token where nothing says so depends on its version, which is not known or asks"
_EVERYTHING = ("spec.model.id", "spec.serving.engine.name", "spec.model.remoteCode", "spec.model.revision")


def _service(item: Object, project: Project) -> Iterator[Part]:
    spec = at(item.node, "spec")
    cluster = at(spec, "rayClusterConfig")
    written = at(spec, "serveConfigV2")
    documents = embedded(written) if isinstance(written, Scalar) and text(written) else None
    applications = items(at(documents[0].root, "applications")) if documents else ()
    known = _environment(item, cluster, project)
    if not applications:
        reason = _UNSAID if written is None else _UNREAD
        yield _part(item, cluster, "", partial(_undecided, item, written, reason), frozenset())
    for position, application in enumerate(applications):
        name = text(at(application, "name")) or str(position)
        found = models(application)
        for number, model in enumerate(found):
            called = text(at(model, "model_loading_config", "model_id")) or str(number)
            own = partial(_served, item, partial(configured, application, model, known))
            title = f"application {name}, model {called}"
            yield _part(item, cluster, title, own, frozenset({COUNT}), _built(application))
        if not found:
            own = partial(_served, item, partial(code, application))
            yield _part(item, cluster, f"application {name}", own, frozenset({COUNT}))


def _built(application: Node) -> str:
    """Say why a configuration may not be all: code of the user's builds the application of it."""
    path = text(at(application, "import_path")) or ""
    prefix = table("operators")["ray_serve"]["rows"]["prefix"]
    known = path.startswith((f"{prefix}:", f"{prefix}."))
    return "" if known else f"`{masked(path)[:120]}`, which builds the application, is code that is not read"


def _cluster(item: Object, project: Project) -> Iterator[Part]:
    spec = at(item.node, "spec")
    nobody = Origin(reader="", document=item.document, subject="")
    found = [_server(pod, node, project) for pod in _pods(item, spec) for node in containers(pod)]
    if any(_runs_engine(each) or machines.has_accelerators(each, nobody) for each in found):
        yield _part(item, spec, "", partial(_undecided, item, None, _LATER), frozenset())


def _part(
    item: Object,
    cluster: Node | None,
    name: str,
    own: Callable[[Origin], Iterator[Fact]],
    answers: frozenset[str],
    doubt: str = "",
) -> Part:
    """Give the part of an application: its engine runs in the first group of workers."""
    pods = _pods(item, cluster)
    workers = [pod for pod in pods if pod.role != "head"] or pods
    first = workers[0] if workers else None
    return Part(
        item=item,
        name=name,
        pod=first.spec if first is not None else None,
        labels=_labels(item, cluster),
        doubt=doubt,
        own=own,
        answers=answers,
        more=partial(_around, item, cluster),
        beside=tuple(_services(item, cluster)),
    )


def _labels(item: Object, cluster: Node | None) -> Node:
    """Give the labels by which Services find what answers: the workers', the head's, and the operator's own."""
    like = at(item.node, "kind") or item.node
    templates = [*(at(each, "template") for each in _groups(cluster)), at(cluster, "headGroupSpec", "template")]
    own = [each for template in templates for each in entries(at(template, "metadata", "labels"))]
    given = table("operators")["ray_labels"]["rows"]
    return mapping((*own, *(entry_at(key, scalar(value, like)) for key, value in given.items())), like)


def _groups(cluster: Node | None) -> tuple[Node, ...]:
    return items(at(cluster, "workerGroupSpecs"))


def _pods(item: Object, cluster: Node | None) -> list[Pod]:
    """Give the pods of a cluster, the head's first."""
    found = [("head", at(cluster, "headGroupSpec", "template"))]
    found += [(text(at(each, "groupName")) or "worker", at(each, "template")) for each in _groups(cluster)]
    return [
        Pod(item, role, at(template, "spec"), labels(at(template, "metadata", "labels")), "")
        for role, template in found
        if at(template, "spec") is not None
    ]


def _server(pod: Pod, node: Node, project: Project) -> Server:
    return Server(pod, node, container(node, pod, project))


def _runs_engine(server: Server) -> bool:
    reference = text(server.container.image)
    return bool(reference and image(reference).engine)


def _environment(item: Object, cluster: Node | None, project: Project) -> Environment:
    """Give the variables of the container that the engine runs in."""
    pods = _pods(item, cluster)
    workers = [pod for pod in pods if pod.role != "head"] or pods
    for pod in workers:
        for node in containers(pod):
            return environment(node, item.namespace, project)
    return Environment({}, "the pods of the cluster are not in the evidence")


def _services(item: Object, cluster: Node | None) -> Iterator[Node]:
    """Give the Services that the operator makes: one for the head, one for the applications."""
    like = at(item.node, "kind") or item.node
    head, serving = at(cluster, "headGroupSpec", "headService"), at(item.node, "spec", "serveService")
    ends = table("operators")["ray_services"]["rows"]
    for written, end in ((head, ends["head"]), (serving, ends["serving"])):
        kind = at(written, "spec", "type") or at(cluster, "headGroupSpec", "serviceType")
        made = made_object("Service", "v1", kind or like, type=kind)
        name = at(written, "metadata", "name")
        made = put(made, ("metadata", "name"), name or scalar(f"{item.name}-{end}", like))
        annotations = at(written, "metadata", "annotations")
        yield annotated(made, annotations)


def _served(item: Object, own: Callable[[Origin], Iterator[Fact]], origin: Origin) -> Iterator[Fact]:
    yield origin.fact(ORCHESTRATOR, "ray", at(item.node, "kind") or item.node)
    yield from own(origin)


def _undecided(item: Object, where: Node | None, reason: str, origin: Origin) -> Iterator[Fact]:
    kind = at(item.node, "kind") or item.node
    yield origin.fact(ORCHESTRATOR, "ray", kind)
    for path in _EVERYTHING:
        yield origin.inconclusive(path, where if where is not None else kind, reason)


def _around(item: Object, cluster: Node | None, origin: Origin, project: Project) -> Iterator[Fact]:
    """Give what the other pods of the cluster say, and what Ray itself sends and opens."""
    pods = _pods(item, cluster)
    workers = [pod for pod in pods if pod.role != "head"] or pods
    for pod in pods:
        nodes = containers(pod)
        if not nodes:
            continue
        server = _server(pod, nodes[0], project)
        here = Origin(reader=origin.reader, document=origin.document, subject=server.workload, workload=origin.workload)
        if pod is not workers[0]:
            yield from security.hardening(server, here)
            yield from security.host_access(server, here)
        if pod.role == "head":
            yield _telemetry(server, here)
    yield _jobs(item, cluster, next((pod for pod in pods if pod.role == "head"), None), origin, project)


def _jobs(item: Object, cluster: Node | None, head: Pod | None, origin: Origin, project: Project) -> Fact:
    """Give whether Ray runs the jobs of whoever reaches its dashboard, which is the same port."""
    host = at(cluster, "headGroupSpec", "rayStartParams", "dashboard-host")
    mode = at(cluster, "authOptions", "mode")
    where = host or at(cluster, "headGroupSpec") or at(item.node, "kind") or item.node
    shown = f"dashboard-host: {text(host)}" if host is not None else ""
    if host is not None and text(host) in {"127.0.0.1", "localhost"}:
        return origin.fact(JOBS, False, host, shown=shown)  # noqa: FBT003  # a JSON value
    if mode is not None:
        return _by_mode(text(mode), mode, origin, f"authOptions.mode: {text(mode)}")
    known = _server(head, containers(head)[0], project).container if head is not None and containers(head) else None
    variable = known.variables.get(_MODE) if known is not None else None
    if variable is not None:
        return _by_mode(variable.value, variable.place, origin, f"{_MODE}={variable.value}")
    return _by_version(known, at(cluster, "rayVersion"), _first_key(where), origin, shown or f"no {_MODE}")


def _by_version(head: Container | None, written: Node | None, where: Node, origin: Origin, shown: str) -> Fact:
    """Give what Ray does where nothing says whether it asks for a token."""
    of_image, said = _tagged(head.image if head is not None else None), version_of(text(written) or "")
    version = of_image or said
    if head is None or head.open_variables or not version or version >= _ASKS_BY_ITSELF:
        reason = head.open_variables if head is not None else ""
        return origin.inconclusive(JOBS, where, reason or _NO_MODE, shown=shown)
    if of_image:
        return origin.fact(JOBS, True, where, shown=shown)  # noqa: FBT003  # a JSON value
    return origin.inferred(JOBS, True, where, "`rayVersion` is taken to be the image's", shown=shown)  # noqa: FBT003  # a JSON value


def _by_mode(mode: str | None, where: Node | Place, origin: Origin, shown: str) -> Fact:
    asks = {"token": True, "disabled": False}.get(mode or "")
    if asks is None:
        return origin.inconclusive(JOBS, where, "how Ray asks for a token is not known", shown=_MODE)
    return origin.fact(JOBS, not asks, where, shown=shown)


def _tagged(reference: Node | None) -> tuple[int, ...]:
    """Give the version of Ray by the tag of its own image; nothing where it is another."""
    named = (text(reference) or "").removeprefix("docker.io/").partition("@")[0]
    return version_of(named.rpartition(":")[2]) if named.startswith("rayproject/") else ()


def _telemetry(head: Server, origin: Origin) -> Fact:
    """Give whether Ray's usage statistics are off: on unless the variable is 0 (docs.ray.io, cluster/usage-stats)."""
    variable = head.container.variables.get(_SWITCH)
    if variable is not None and variable.value is None:
        return origin.inconclusive(TELEMETRY, variable.place, f"`{_SWITCH}` is not known", shown=_SWITCH)
    if variable is not None:
        return origin.fact(TELEMETRY, variable.value == "0", variable.place, shown=f"{_SWITCH}={variable.value}")
    where = head.container.place
    if head.container.open_variables:
        return origin.inconclusive(TELEMETRY, where, head.container.open_variables, shown=f"no {_SWITCH}")
    reference = text(head.container.image) or ""
    if reference.removeprefix("docker.io/").startswith("rayproject/"):
        return origin.fact(TELEMETRY, False, where, shown=f"no {_SWITCH}")  # noqa: FBT003  # a JSON value
    reason = "the image, which is not Ray's own, may switch its usage statistics off"
    return origin.inferred(TELEMETRY, False, where, reason, shown=f"no {_SWITCH}")  # noqa: FBT003  # a JSON value


def _first_key(node: Node) -> Node:
    """Give what stands for a map where its place is asked: the first value in it that is none."""
    found: Node | None = node
    while found is not None and not isinstance(found, Scalar):
        inner = next((each.value for each in entries(found)), None)
        if inner is None:
            return found
        found = inner
    return node if found is None else found


KINDS = {(GROUP, "RayService"): _service, (GROUP, "RayCluster"): _cluster}
