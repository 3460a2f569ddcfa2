"""What leaves the pods that serve a model: the union of all policies that select them, and then the mesh.

A pod that several policies select may do what any of them allows. It is denied the rest where one of them says so. What
is not sure to select a pod, or cannot be read, leaves that open: it may be the policy that opens more.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.kubernetes.pods import pods
from psfpolicy.evidence.kubernetes.serving import all_servers
from psfpolicy.evidence.kubernetes.ways import key_place
from psfpolicy.evidence.network import cilium, cluster, mesh
from psfpolicy.evidence.network.selecting import (
    NAMESPACE_LABEL,
    YES,
    Choice,
    all_of,
    chooses,
    plain_pairs,
    same_namespace,
)
from psfpolicy.evidence.nodes import at, flag, text
from psfpolicy.evidence.placeholders import placeholder_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from psfpolicy.evidence.kubernetes.pods import Pod
    from psfpolicy.evidence.network.policies import Opening, Policy
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact

DEFAULT = "spec.network.egress.default"
RULES = "spec.network.egress.rules"

_NO_SERVER = "no pod that serves a model is in the evidence, so nobody can tell whether it selects one"
_UNSELECTED = "no policy of the evidence selects its pods for egress; one that is not among it may"
_MAY_BE_UNBOUND = "policies do not bind a pod on the network of its node, and whether it is there is not known"
_NO_ANSWERS = "it opens nothing until a rule for DNS lets Cilium see the answers, and none of the evidence does"
_OF_MESH = "a sidecar binds what passes through it, and a process may lead other traffic around it"
_KNOWN = "a host that the mesh knows; which of its pods reach it is not said"
_ANY_HOST = "the mesh lets out what it does not know; something else may not"
_VERSIONS = {cluster.NETWORKING: {"networking.k8s.io/v1"}, cilium.GROUP: {"cilium.io/v2"}}


@dataclass(frozen=True, slots=True)
class _Held:
    """A policy, and whether it holds for a pod."""

    policy: Policy
    choice: Choice


def is_policy(item: Object) -> bool:
    """Say whether an object is a policy of the network."""
    return (
        (item.group, item.kind) in {(cluster.NETWORKING, "NetworkPolicy"), (cluster.GKE, "FQDNNetworkPolicy")}
        or (item.group == cilium.GROUP and item.kind in cilium.KINDS)
        or cluster.is_other(item)
    )


def egress(project: Project, reader: str) -> Iterator[Fact]:
    """Give what the policies of the evidence let out of each pod that serves a model, and what the mesh does."""
    found = project.once(_Policies)
    servers = all_servers(project)
    if not servers:
        yield from _of_no_server(project, reader)
    seeing: set[str] = set()
    for server in servers:
        for pod in pods(server.pod.item):
            origin = Origin(
                reader=reader, document=pod.item.document, subject=server.workload, workload=server.workload
            )
            held = [_undecided(each, pod.partial) for each in found.for_pod(pod)]
            yield from _of_pod(pod, held, project, origin)
            closed = any(each.choice.chosen and each.policy.closes for each in held)
            if not closed and mesh.injected(pod, project).chosen is not False:
                seeing.add(pod.item.namespace)
    yield from _of_mesh(seeing, project, reader)


class _Policies:
    """The policies of the evidence, by what a pod must have to be selected."""

    def __init__(self, project: Project) -> None:
        made = [policy for item in project.objects for policy in _of(item)]
        names = Counter(_key(item) for item in project.objects if is_policy(item))
        self.all = tuple(replace(policy, doubt=policy.doubt or _doubt(policy.item, names)) for policy in made)
        self.any = any(map(is_policy, project.objects))
        self._found: dict[tuple[str, tuple[str, str] | None], list[Policy]] = {}
        for policy in self.all:
            pairs = () if policy.doubt else plain_pairs(policy.selector)
            space = "" if policy.everywhere or placeholder_in(policy.item.namespace) else policy.item.namespace
            self._found.setdefault((space, pairs[0] if pairs else None), []).append(policy)

    def for_pod(self, pod: Pod) -> Iterator[_Held]:
        """Give those that hold for a pod, or may."""
        space = pod.item.namespace
        candidates: Iterable[Policy] = self.all
        if space and not any(map(placeholder_in, (space, *pod.labels.values()))):
            keys = [(each, pair) for each in ("", space) for pair in (None, *pod.labels.items())]
            candidates = [policy for key in keys for policy in self._found.get(key, ())]
        for policy in candidates:
            choice = _holds(policy, pod)
            if choice.chosen is not False:
                yield _Held(policy, choice)


def _of(item: Object) -> Iterator[Policy]:
    made = None
    if (item.group, item.kind) == (cluster.NETWORKING, "NetworkPolicy"):
        made = cluster.network_policy(item)
    elif (item.group, item.kind) == (cluster.GKE, "FQDNNetworkPolicy"):
        made = cluster.fqdn_policy(item)
    elif item.group == cilium.GROUP and item.kind in cilium.KINDS:
        yield from cilium.policies(item)
    elif cluster.is_other(item):
        made = cluster.other_policy(item)
    if made is not None:
        yield made


def _key(item: Object) -> tuple[str, str, str, str]:
    return item.group, item.kind, item.namespace, item.name


def _doubt(item: Object, names: Mapping[tuple[str, str, str, str], int]) -> str:
    if not item.name:
        return "" if text(at(item.node, "metadata", "generateName")) else "it has no name, so it is a part of a policy"
    if placeholder_in(item.name):
        return f"`{placeholder_in(item.name)}` is filled in elsewhere, so it may replace another policy"
    version = text(at(item.node, "apiVersion"))
    if version not in _VERSIONS.get(item.group, {version}):
        return f"`{version}` is no version that its kind has"
    return "the evidence has another one of this name, and only one of them is there" if names[_key(item)] > 1 else ""


def _holds(policy: Policy, pod: Pod) -> Choice:
    space = YES if policy.everywhere else same_namespace(policy.item.namespace, pod.item.namespace)
    if policy.doubt:
        return all_of((space, Choice(None, policy.doubt)))
    chosen = pod.labels
    if pod.item.namespace and policy.selector_key == "endpointSelector":
        chosen = {**pod.labels, NAMESPACE_LABEL: pod.item.namespace}
    return all_of((space, chooses(policy.selector, chosen, key=policy.selector_key)))


def _of_pod(pod: Pod, held: list[_Held], project: Project, origin: Origin) -> Iterator[Fact]:
    network = at(pod.spec, "hostNetwork")
    if network is not None and text(network) is not None and flag(network) is not False:
        # Where it is known to be, the reader of Kubernetes says so.
        if flag(network) is None:
            yield origin.inconclusive(DEFAULT, network, _MAY_BE_UNBOUND)
        return
    sure = [each.policy for each in held if each.choice.chosen]
    closing = [policy for policy in sure if policy.closes]
    yield from _doubtful(held, origin, closed=bool(closing))
    if closing:
        yield from _closed(closing, sure, origin)
    else:
        yield from _opened(sure, origin)
        if not any(_bears(each) for each in held) and not pod.partial:
            yield from _unbound(pod, project, origin)


def _undecided(held: _Held, reason: str) -> _Held:
    """Give a policy as one of which it is not known whether it holds, for a reason; as it is, for none."""
    return _Held(held.policy, Choice(None, reason)) if reason and held.choice.chosen else held


def _bears(held: _Held) -> bool:
    """Say whether a policy leaves open whether the rest is denied."""
    return held.policy.closes is None or (held.choice.chosen is None and held.policy.closes)


def _about(policy: Policy, origin: Origin) -> Origin:
    return replace(origin, document=policy.item.document, subject=policy.item.title)


def _doubtful(held: list[_Held], origin: Origin, *, closed: bool) -> Iterator[Fact]:
    for each in held:
        policy, here = each.policy, _about(each.policy, origin)
        wide = any(opening.kind in {"everything", "unknown"} for opening in policy.openings)
        if each.choice.chosen is None:
            if wide or (not closed and policy.closes is not False):
                yield here.inconclusive(DEFAULT, policy.where, each.choice.reason)
            for opening in policy.openings:
                yield _undecided_rule(opening, policy.item.name, here, each.choice.reason)
        elif policy.closes is None and not closed:
            yield here.inconclusive(DEFAULT, policy.where, policy.lack)


def _closed(closing: list[Policy], sure: list[Policy], origin: Origin) -> Iterator[Fact]:
    """Give that what no policy names is denied, unless one of them allows everything."""
    shut = next((policy for policy in sure if policy.shuts), None)
    if shut is not None:
        yield _about(shut, origin).fact(DEFAULT, "deny", shut.where)
        return
    wide = [each for policy in sure for each in policy.openings if each.kind == "everything"]
    if all(opening.reason for opening in wide):
        first = min(closing, key=lambda policy: policy.item.title)
        yield _about(first, origin).fact(DEFAULT, "deny", first.where)
    yield from _opened(sure, origin)


def _opened(sure: list[Policy], origin: Origin) -> Iterator[Fact]:
    if any(policy.shuts for policy in sure):
        return
    answered = any(policy.sees_answers for policy in sure)
    for policy in sure:
        here = _about(policy, origin)
        for opening in policy.openings:
            yield _of_opening(opening, policy.item.name, here, answered=answered)
            if opening.templated:
                yield here.inconclusive(DEFAULT, opening.where, opening.reason)


def _of_opening(opening: Opening, name: str, origin: Origin, *, answered: bool) -> Fact:
    if opening.kind == "everything":
        if opening.reason:
            return origin.inconclusive(DEFAULT, opening.where, opening.reason)
        return origin.fact(DEFAULT, "allow", opening.where)
    if opening.kind == "unknown":
        return _undecided_rule(opening, name, origin, opening.reason)
    if opening.needs_answers and not answered:
        return _undecided_rule(opening, name, origin, _NO_ANSWERS)
    item = opening.item(name)
    if opening.reason:
        return replace(origin.inferred(RULES, item, opening.where, opening.reason), item=True)
    return origin.fact(RULES, item, opening.where, item=True)


def _undecided_rule(opening: Opening, name: str, origin: Origin, reason: str) -> Fact:
    told = opening.item(name) if opening.kind in {"cidr", "host"} else None
    return replace(origin.inconclusive(RULES, opening.where, reason, item=told, shown=opening.to), item=True)


def _unbound(pod: Pod, project: Project, origin: Origin) -> Iterator[Fact]:
    """Give what a mesh does with a pod that no policy closes; without one, that it is open."""
    mode = mesh.mode_of(pod, project)
    inside = mesh.injected(pod, project)
    if mode is not None and inside.chosen is not False:
        yield _of_mode(mode, pod, inside, replace(origin, document=mode.item.document, subject=mode.item.title))
    elif project.once(_Policies).any:
        where = key_place(pod.metadata, "labels") if pod.metadata is not None else pod.item.node
        yield origin.inferred(DEFAULT, "allow", where, _UNSELECTED)


def _of_mode(mode: mesh.Mode, pod: Pod, inside: Choice, origin: Origin) -> Fact:
    shown = f"mode: {mode.value}" if mode.value else ""
    passed = mesh.around(pod)
    if mode.value == mesh.OPEN:
        return origin.inferred(DEFAULT, "allow", mode.where, _ANY_HOST, shown=shown)
    if not mode.value:
        return origin.inconclusive(DEFAULT, mode.where, mode.reason)
    if inside.chosen is None or passed:
        reason = f"`{passed}` leads traffic around the sidecar" if passed else inside.reason
        return origin.inconclusive(DEFAULT, mode.where, reason, shown=shown)
    return origin.inferred(DEFAULT, "deny", mode.where, _OF_MESH, shown=shown)


def _of_no_server(project: Project, reader: str) -> Iterator[Fact]:
    """Give what bears on egress where nobody can tell on whose."""
    for policy in project.once(_Policies).all:
        origin = Origin(reader=reader, document=policy.item.document, subject=policy.item.title)
        yield origin.inconclusive(DEFAULT, policy.where, _NO_SERVER)
        for opening in policy.openings:
            if opening.kind != "everything":
                reason = opening.reason or _NO_SERVER
                yield _undecided_rule(opening, policy.item.name, origin, reason)
    for mode in mesh.modes(project):
        origin = Origin(reader=reader, document=mode.item.document, subject=mode.item.title)
        yield origin.inconclusive(DEFAULT, mode.where, mode.reason or _NO_SERVER, shown=mode.value)
    yield from _of_mesh(None, project, reader)


def _of_mesh(namespaces: set[str] | None, project: Project, reader: str) -> Iterator[Fact]:
    """Give the hosts that pods of some namespaces find in the mesh, or of any; no policy closes these pods."""
    known = (*project.of_kind("ServiceEntry"), *project.of_kind("Sidecar"))
    found = [(item, opening) for item in known for opening in mesh.known_hosts(item, namespaces)]
    found += mesh.aliases(project) if namespaces else ()
    for item, opening in found:
        origin = Origin(reader=reader, document=item.document, subject=item.title)
        reason = opening.reason or _KNOWN
        yield _of_opening(replace(opening, reason=reason), item.name, origin, answered=True)
