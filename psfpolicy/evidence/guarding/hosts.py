"""Addresses that gateways and guards send to, and whether they lead out of the cluster."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from psfpolicy.evidence.guarding.configs import open_reason
from psfpolicy.evidence.guarding.paths import RULES
from psfpolicy.evidence.nodes import at, text

if TYPE_CHECKING:
    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Certainty, Fact
    from psfpolicy.source import Node

_LOCAL = (".svc", ".cluster.local", ".localhost")
_OWN = frozenset({"localhost", "host.docker.internal"})
_ENCRYPTED = {"http": False, "https": True, "grpc": False, "grpcs": True, "ws": False, "wss": True}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a request goes."""

    host: str
    """A name in lower case, or an IP address."""
    inside: bool
    """It stays within the cluster or the machine."""
    tls: bool | None = None
    """As the scheme says it; None where none is written."""
    url: str = ""
    """Scheme, host and port, without the rest: a name and a password may stand before the host."""

    @property
    def target(self) -> dict[str, Any]:
        """What an egress rule to it opens."""
        try:
            found = ip_address(self.host)
        except ValueError:
            return {"host": self.host}
        return {"cidr": f"{found}/{found.max_prefixlen}"}


def address(node: Node | None, project: Project) -> Address | str:
    """Give the address that is written; or why it is not known."""
    reason = open_reason(node)
    word = (text(node) or "").strip()
    if reason:
        return reason
    try:
        parts = urlsplit(word if "://" in word else f"//{word}")
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return "the value is not an address"
    if not host or any(character.isspace() for character in host):
        return "the value is not an address"
    host = _led(host, project)
    shown = f"[{host}]" if ":" in host else host
    url = f"{parts.scheme}://{shown}".removeprefix("://") + (f":{port}" if port is not None else "")
    return Address(host, is_inside(host, project), _ENCRYPTED.get(parts.scheme), url)


def is_inside(host: str, project: Project) -> bool:
    """Say whether a host is one of the cluster's or of the machine's own."""
    try:
        found = ip_address(host)
    except ValueError:
        pass
    else:
        return found.is_private or found.is_loopback or found.is_unspecified
    if host in _OWN or "." not in host or host.endswith(_LOCAL):
        return True
    return host.count(".") == 1 and _service(host, project) is not None


def _service(host: str, project: Project) -> Object | None:
    """Give the Service that a name of the cluster leads to: `vllm`, `vllm.llm`, `vllm.llm.svc.cluster.local`."""
    name, _, rest = host.partition(".")
    namespace, _, suffix = rest.partition(".")
    return None if suffix and not f".{suffix}".endswith(_LOCAL) else project.named("Service", name, namespace)


def _led(host: str, project: Project) -> str:
    """Give the name that a host stands for: a Service may stand for any other."""
    found = _service(host, project)
    if found is None or text(at(found.node, "spec", "type")) != "ExternalName":
        return host
    return (text(at(found.node, "spec", "externalName")) or host).lower().rstrip(".")


def opening(origin: Origin, name: str, where: Node, found: Address, *, reason: str = "", shown: str = "") -> Fact:
    """Give the opening for egress that an address outside needs; inferred where there is a reason to doubt it."""
    value: dict[str, Any] = {"name": name, "to": found.target}
    if found.tls is not None:
        value["tls"] = found.tls
    certainty: Certainty = "inferred" if reason else "certain"
    return origin.fact(RULES, value, where, item=True, certainty=certainty, reason=reason, shown=shown)
