"""A policy of the network, whatever its kind: whether it denies what it does not name, and what it names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import ip_network
from typing import TYPE_CHECKING, Literal, NamedTuple

from psfpolicy.evidence.nodes import entries, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.source import Scalar, Sequence

if TYPE_CHECKING:
    from psfpolicy.evidence.project import Object
    from psfpolicy.model.place import JsonValue, Place
    from psfpolicy.source import Node

EVERYWHERE = "0.0.0.0/0"
_ALL = frozenset({EVERYWHERE, "::/0"})
_WIDEST_LIST = 64
_NO_RANGE = "the value is not a range of addresses"
_NO_HOST = "the value is not the name of a host"
_WIDER = "the pattern stands for fewer names"


class Ports(NamedTuple):
    """Ports that a rule opens."""

    numbers: tuple[int, ...] = ()
    """Empty where they are too many to say, or not all known."""
    limited: bool = False
    """The rule names ports, so that it does not open everything."""

    @property
    def are_of_dns(self) -> bool:
        """Whether they are those of DNS alone."""
        return bool(self.numbers) and _DNS_PORTS.issuperset(self.numbers)


_DNS_PORTS = frozenset({53, 5353})
ANY_PORT = Ports()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Something that a policy lets out of a pod, and out of the cluster."""

    where: Node | Place
    kind: Literal["cidr", "host", "everything", "unknown"]
    """`everything`: whatever leads out of the cluster. `unknown`: the manifest does not decide what."""
    to: str = ""
    ports: Ports = ANY_PORT
    reason: str = ""
    """Why it is only inferred, or what is not known."""
    templated: bool = False
    """What it opens is filled in elsewhere, so that it may be everything."""
    refused: bool = False
    """No cluster takes a policy with this in it, so that the whole policy may not be there."""
    needs_answers: bool = False
    """It opens nothing unless a rule for DNS lets the cluster see the answers."""

    def item(self, name: str) -> JsonValue:
        """Give it as a rule of the descriptor.

        Args:
            name: The name of its policy.
        """
        numbers: list[JsonValue] = list(self.ports.numbers)
        rule: dict[str, JsonValue] = {"name": f"{name} to {self.to}", "to": {self.kind: self.to}}
        return {**rule, "ports": numbers} if numbers else rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What one policy, or one rule of a policy with several, says of egress."""

    item: Object
    selector: Node | None
    selector_key: str = "podSelector"
    everywhere: bool = False
    """It holds for all namespaces."""
    where: Node | Place
    """What makes it one for egress."""
    closes: bool | None
    """Whether what no policy names is denied to the pods that it selects; None where that is not known."""
    shuts: bool = False
    """Nothing leaves the cluster, whatever other policies open."""
    sees_answers: bool = False
    """It has a rule by which Cilium sees the answers of DNS."""
    openings: tuple[Opening, ...] = ()
    lack: str = ""
    """Why it is not known whether it closes."""
    doubt: str = ""
    """Why it may not hold at all: another one of the same name, no name."""


def is_null(node: Node) -> bool:
    """Say whether a node says nothing."""
    return isinstance(node, Scalar) and node.value is None


def is_list(node: Node | None) -> bool:
    """Say whether a node is a list, or says nothing."""
    return node is None or isinstance(node, Sequence) or is_null(node)


def range_opening(node: Node, ports: Ports, *, less: bool = False) -> tuple[Opening, ...]:
    """Give what a range of addresses opens: all of them is everything, unless only some ports are opened.

    Args:
        node: The range.
        ports: The ports.
        less: Parts of the range are left out, which a descriptor cannot say.
    """
    written = text(node) or ""
    try:
        # Without a prefix it is no range to a cluster, though it is one to Python.
        known = str(ip_network(written.strip(), strict=False)) if "/" in written else ""
    except ValueError:
        known = ""
    if not known:
        return (unreadable(node, node, _NO_RANGE),)
    reason = "less the ranges below `except`" if less else ""
    found = Opening(where=node, kind="cidr", to=known, ports=ports, reason=reason)
    if known in _ALL and not less and not ports.limited:
        return found, Opening(where=node, kind="everything")
    return (found,)


def host_opening(node: Node, ports: Ports, *, needs_answers: bool = False) -> Opening:
    """Give what the name of a host opens, or a pattern: every name below what comes behind its last star."""
    written = (text(node) or "").strip().rstrip(".")
    if not written or placeholder_in(written) or any(sign.isspace() for sign in written):
        return unreadable(node, node, _NO_HOST)
    host, reason = written, ""
    if "*" in written:
        labels = written.split(".")
        last = max(index for index, label in enumerate(labels) if "*" in label)
        host = ".".join(["*", *labels[last + 1 :]])
        reason = "" if host == written else _WIDER
    return Opening(where=node, kind="host", to=host, ports=ports, reason=reason, needs_answers=needs_answers)


def outside(where: Node | Place, ports: Ports) -> Opening:
    """Give what a rule opens that leads anywhere."""
    if ports.limited:
        return Opening(where=where, kind="cidr", to=EVERYWHERE, ports=ports)
    return Opening(where=where, kind="everything")


def unknown(where: Node | Place, reason: str) -> Opening:
    """Give an opening of which something is not known that a manifest cannot say."""
    return Opening(where=where, kind="unknown", reason=reason)


def unreadable(where: Node, written: Node | None, reason: str) -> Opening:
    """Give an opening that a template leaves open, or that no cluster takes as it is written.

    Args:
        where: Its place.
        written: What cannot be read.
        reason: Why not.
    """
    placeholder = placeholder_in(text(written) or "")
    if placeholder:
        reason = f"`{placeholder}` is filled in elsewhere"
        return Opening(where=where, kind="unknown", reason=reason, templated=True)
    return Opening(where=where, kind="unknown", reason=reason, refused=True)


def checked(policy: Policy, known: frozenset[str], spec: Node | None) -> Policy:
    """Give a policy as one that may not be there, where a cluster would refuse it.

    Args:
        policy: The policy.
        known: The keys that its specification may have.
        spec: Its specification.
    """
    strange = [each.key for each in entries(spec) if each.key not in known]
    reason = f"`{strange[0]}` is no key of it" if strange else ""
    reason = next((each.reason for each in policy.openings if each.refused), reason)
    if not reason:
        return policy
    return replace(policy, closes=None, shuts=False, lack=f"{reason}, so the cluster may refuse the policy")


def listed(ranges: list[tuple[int, int] | None]) -> Ports:
    """Give ports from their first and last numbers, None where one is not known."""
    known = [each for each in ranges if each is not None]
    total = sum(last - first + 1 for first, last in known)
    if len(known) != len(ranges) or total > _WIDEST_LIST:
        return Ports((), limited=True)
    return Ports(tuple(sorted({port for first, last in known for port in range(first, last + 1)})), limited=True)


def port_range(first: int | None, last: int | None) -> tuple[int, int] | None:
    """Give the numbers of a range of ports; None where they are none."""
    end = first if last is None else last
    return (first, end) if first is not None and end is not None and 1 <= first <= end <= _LAST else None


_LAST = 65_535
