"""The pods in which a LiteLLM proxy stands before an engine, and whether anything gets at the engine past it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.guarding.configs import Configuration, Kind, bare, configurations
from psfpolicy.evidence.guarding.hosts import address
from psfpolicy.evidence.kubernetes.containers import container
from psfpolicy.evidence.kubernetes.pods import containers, pods
from psfpolicy.evidence.kubernetes.serving import alike, all_servers
from psfpolicy.evidence.network.admitting import Admitted, admitted
from psfpolicy.evidence.nodes import at, items, text
from psfpolicy.source import masked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.container import Container
    from psfpolicy.evidence.kubernetes.pods import Pod
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.source import Node

_PROMETHEUS = "prometheus"
_CALLBACKS = ("callbacks", "success_callback")
_BY_PROXY = "requests through the proxy pass it; whether any reach the model past the proxy is not in the configuration"
_CONFIG = frozenset({"--config", "-c"})
_OWN = frozenset({"127.0.0.1", "::1", "localhost"})


def _fits(root: Node) -> bool:
    if not bare(root):
        return False
    listed = (*items(at(root, "model_list")), *items(at(root, "guardrails")))
    return at(root, "litellm_settings") is not None or any(at(each, "litellm_params") is not None for each in listed)


KIND = Kind(title="LiteLLM configuration", fits=_fits, marks=("litellm_",), sure=("litellm_params:", "model:"))
"""How the configuration of a proxy is known."""


def measuring(pod: Pod, project: Project) -> tuple[Node, ...]:
    """Give the containers of a pod that are proxies and have metrics of what passes them."""
    found = (_proxy(pod, item) for item in project.once(_measured))
    return tuple(each for each in found if each is not None)


def _measured(project: Project) -> tuple[Object, ...]:
    """Give the ConfigMaps of the proxies that have metrics."""
    return tuple(
        each.item
        for document in {id(item.document): item.document for item in project.of_kind("ConfigMap")}.values()
        for each in configurations(document, KIND, "")
        if each.item is not None and each.whole and _has_metrics(each.root)
    )


def _has_metrics(root: Node) -> bool:
    written = [at(root, "litellm_settings", key) for key in _CALLBACKS]
    return any(text(each) == _PROMETHEUS for node in written for each in (*items(node), node))


def started(configuration: Configuration, project: Project) -> Iterator[tuple[Pod, Container]]:
    """Give the containers that a configuration in a ConfigMap is mounted into, with their pods."""
    item = configuration.item
    for made in project.objects if item is not None else ():
        for pod in pods(made):
            proxy = None if item is None else _proxy(pod, item)
            if proxy is not None:
                yield pod, container(proxy, pod, project)


def reached_past(configuration: Configuration, project: Project) -> Admitted:
    """Say whether clients get at a model past the proxy of a configuration.

    They do not where every pod that serves a model has the proxy in it, the proxy asks the engine beside it, and
    policies of the network let clients in to the proxy alone.
    """
    item = configuration.item
    serving = {id(server.pod.item.node): server.pod for server in all_servers(project)}
    if item is None or not serving or not _asks_beside(configuration.root, project):
        return Admitted(None, _BY_PROXY)
    found = []
    for pod in serving.values():
        proxy = _proxy(pod, item)
        if proxy is None or any(server.node is proxy for server in all_servers(project)):
            return Admitted(None, _BY_PROXY)
        other = _other_file(container(proxy, pod, project))
        if other:
            return Admitted(None, other)
        found.append(admitted(pod, proxy, project))
    unknown = next((each for each in found if each.past is None), None)
    if unknown is not None and not any(each.past for each in found):
        return Admitted(None, f"whether clients get at the engine past the proxy is not known: {unknown.reason}")
    return next((each for each in found if each.past), found[0])


def _other_file(proxy: Container) -> str:
    """Say that a proxy is started with a configuration that is not in the evidence; empty where it is."""
    words = (*(proxy.command or ()), *(proxy.arguments or ()))
    for index, word in enumerate(words):
        option, equals, value = word.text.partition("=")
        named = value if equals else words[index + 1].text if index + 1 < len(words) else ""
        if option in _CONFIG and named not in proxy.files:
            return f"`{masked(named)[:80]}`, which the proxy is started with, is not in the evidence"
    return ""


def _asks_beside(root: Node, project: Project) -> bool:
    """Say whether some model of a proxy is asked for in the proxy's own pod."""
    bases = [address(at(each, "litellm_params", "api_base"), project) for each in items(at(root, "model_list"))]
    return any(not isinstance(base, str) and base.host in _OWN for base in bases)


def _proxy(pod: Pod, item: Object) -> Node | None:
    """Give the container of a pod that a ConfigMap is mounted into."""
    if not alike(pod.item.namespace, item.namespace):
        return None
    volumes = items(at(pod.spec, "volumes"))
    names = {text(at(each, "name")) for each in volumes if text(at(each, "configMap", "name")) == item.name}
    for each in containers(pod):
        if any(text(at(mount, "name")) in names for mount in items(at(each, "volumeMounts"))):
            return each
    return None
