"""Whether a policy chooses a pod: yes, no, or not known, since a policy that is guessed to hold proves nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.evidence.nodes import at, entries, items, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.source import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    import collections.abc

    from psfpolicy.source import Node

# Labels of these domains are set by controllers when pods are made: a template without one says nothing of its pods.
_SET_LATER = (
    "argoproj.io", "istio.io", "k8s.io", "knative.dev", "kserve.io", "kubernetes.io", "openshift.io", "ray.io",
)  # fmt: skip
_SET_BY_TEAMS = frozenset({"app.kubernetes.io"})
_HASHES = frozenset(
    {
        "controller-revision-hash", "controller-uid", "job-name", "pod-template-generation", "pod-template-hash",
        "rollouts-pod-template-hash",
    }
)  # fmt: skip
NAMESPACE_LABEL = "io.kubernetes.pod.namespace"
"""The label by which Cilium knows the namespace of a pod."""


class Choice(NamedTuple):
    """Whether something is chosen."""

    chosen: bool | None
    """None where that is not known."""
    reason: str = ""
    """Why it is not known."""


YES, NO = Choice(chosen=True), Choice(chosen=False)


def all_of(choices: collections.abc.Iterable[Choice]) -> Choice:
    """Give no where one says no, else what is not known first, else yes."""
    doubt = YES
    for choice in choices:
        if choice.chosen is False:
            return choice
        if choice.chosen is None and doubt.chosen:
            doubt = choice
    return doubt


def same_namespace(policy: str, pod: str) -> Choice:
    """Say whether a policy of a namespace holds for a pod of another: one that is not said may be any."""
    found = placeholder_in(policy) or placeholder_in(pod)
    if found:
        return Choice(None, f"`{found}` is filled in elsewhere, so its namespace is not known")
    if policy == pod:
        return YES
    if not policy or not pod:
        one, other = ("it", "the pod") if pod else ("the pod", "it")
        return Choice(None, f"{one} names no namespace, and {other} is of `{policy or pod}`")
    return NO


def chooses(selector: Node | None, labels: collections.abc.Mapping[str, str], *, key: str = "podSelector") -> Choice:
    """Say whether a label selector chooses something with these labels; an empty one chooses everything.

    Args:
        selector: `matchLabels` and `matchExpressions`. Anything else is refused by the cluster, or read as it is not
            meant, so it decides nothing; what is not there may stand in another file.
        labels: Labels of the pod.
        key: The selector's key, for the reason.
    """
    if not isinstance(selector, Mapping):
        return Choice(None, f"it has no `{key}` that can be read, so it is a part of a policy")
    if not selector.members.keys() <= {"matchLabels", "matchExpressions"}:
        return Choice(None, f"`{key}` has keys that no selector has")
    pairs, expressions = at(selector, "matchLabels"), at(selector, "matchExpressions")
    if not _is_one(pairs, Mapping) or not _is_one(expressions, Sequence):
        return Choice(None, f"`{key}` cannot be read")
    wanted = [_labelled(each.key, each.value, labels) for each in entries(pairs)]
    wanted += [_expression(each, labels) for each in items(expressions)]
    malformed = next((choice for choice in wanted if choice is _MALFORMED), None)
    return malformed or all_of(wanted)


def plain_pairs(selector: Node | None) -> tuple[tuple[str, str], ...]:
    """Give the labels that a pod must have to be chosen, where its template alone says whether it has them."""
    found = ((each.key, each.value) for each in entries(at(selector, "matchLabels")))
    return tuple(
        (key, str(value.value))
        for key, value in found
        if isinstance(value, Scalar) and isinstance(value.value, str) and not _is_open(key) and ":" not in key
        and not placeholder_in(value.value)
    )  # fmt: skip


_MALFORMED = Choice(None, "its selector cannot be read")


def _is_one(node: Node | None, kind: type[Mapping | Sequence]) -> bool:
    return node is None or isinstance(node, kind) or (isinstance(node, Scalar) and node.value is None)


def _labelled(key: str, value: Node, labels: collections.abc.Mapping[str, str]) -> Choice:
    if not isinstance(value, Scalar) or not isinstance(value.value, str):
        return _MALFORMED
    return _required(key, "In", (value.value,), labels)


def _expression(node: Node, labels: collections.abc.Mapping[str, str]) -> Choice:
    key, operator = text(at(node, "key")), text(at(node, "operator"))
    values = tuple(text(each) for each in items(at(node, "values")))
    known = tuple(value for value in values if value is not None)
    if not key or operator not in _OPERATORS or len(known) != len(values) or bool(known) != _OPERATORS[operator]:
        return _MALFORMED
    return _required(key, operator, known, labels)


_OPERATORS = {"In": True, "NotIn": True, "Exists": False, "DoesNotExist": False}
"""Whether each has values."""


def _required(
    written: str, operator: str, values: tuple[str, ...], labels: collections.abc.Mapping[str, str]
) -> Choice:
    key = written.removeprefix("k8s:").removeprefix("any:")
    found = placeholder_in(key) or next(filter(None, map(placeholder_in, values)), "")
    if found:
        return Choice(None, f"`{found}` is filled in elsewhere, so nobody can tell what it selects")
    value = labels.get(key)
    if value is None and _is_open(key):
        return Choice(None, f"whether its pods have the label `{key}` is decided when they are made")
    if value is not None and placeholder_in(value):
        return Choice(None, f"the label `{key}` of its pods is filled in elsewhere")
    holds = value is not None if operator in {"Exists", "DoesNotExist"} else value in values
    return YES if holds != operator.startswith(("Not", "DoesNot")) else NO


def _is_open(key: str) -> bool:
    """Say whether a label may be set by something else than the template of a pod."""
    domain, slash, _ = key.partition("/")
    if not slash:
        return key in _HASHES or key == NAMESPACE_LABEL or key.startswith("io.cilium.") or ":" in key
    return domain not in _SET_BY_TEAMS and any(domain == each or domain.endswith(f".{each}") for each in _SET_LATER)
