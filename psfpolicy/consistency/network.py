"""What has to be well formed for a policy to judge it: networks, hosts, addresses, paths of other files."""

from __future__ import annotations

import re
from ipaddress import IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from psfpolicy.mistake import Mistake, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.consistency.view import View
    from psfpolicy.model.place import JsonValue, Path

ADDRESS_KEYS = ("endpoint", "uri")
"""Keys that hold an address."""

_PREFIX = re.compile(r"[^/]+/(?:0|[1-9][0-9]{0,2})")
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_MAPPED = IPv6Network("::ffff:0:0/96")


def networks_exist(view: View) -> Iterator[Mistake]:
    """Find CIDRs that are none, or that OPA and its compiled form read differently (IPv4-mapped IPv6)."""
    for path, cidr in view.texts("cidr"):
        found = _network_mistake(cidr)
        if found is not None:
            says, hint = found
            yield Mistake(path, "no-cidr", f"is {shown(cidr)}, {says}", hint)


def hosts_well_formed(view: View) -> Iterator[Mistake]:
    """Find hosts that are no host name (RFC 1123; `*` alone or as the first label is a wildcard)."""
    for path, host in view.texts("host"):
        name = host.removesuffix(".")
        labels = name.split(".")
        if labels[0] == "*":
            labels = labels[1:]
        if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels) or _is_address(host):
            yield Mistake(path, "no-host", f"is {shown(host)}, which is no host name", _host_hint(host))


def addresses_parse(view: View) -> Iterator[Mistake]:
    """Find addresses with a scheme that no reader would understand; a path or `host:port` is left alone."""
    for path, address in view.texts(*ADDRESS_KEYS):
        if "://" not in address:
            continue
        try:
            parts = urlsplit(address)
            readable = bool(parts.scheme) and (bool(parts.hostname) or parts.scheme == "file") and parts.port != 0
        except ValueError:
            readable = False
        if not readable or any(character.isspace() for character in address):
            hint = "write scheme, host and port: `https://otel.example.com:4317`"
            yield Mistake(path, "no-address", f"is {shown(address)}, which is no address", hint)


def paths_relative(view: View) -> Iterator[Mistake]:
    """Find paths of other files that do not start from this one: they would mean something else elsewhere."""
    written: list[tuple[Path, JsonValue]] = [(("metadata", "extends"), view.at("metadata", "extends"))]
    evidence = view.at("spec", "evidence")
    if isinstance(evidence, list):
        written += [(("spec", "evidence", index), item) for index, item in enumerate(evidence)]
    for path, value in written:
        if isinstance(value, str) and (value.startswith(("/", "~", "\\")) or _DRIVE.match(value)):
            says = f"is {shown(value)}, which is not relative to this file"
            yield Mistake(path, "absolute-path", says, "write the path from this file's folder: `../base.yaml`")
        elif isinstance(value, str) and "\\" in value:
            says = f"is {shown(value)}, which has backslashes"
            yield Mistake(path, "absolute-path", says, "write forward slashes on every system")


def _network_mistake(cidr: str) -> tuple[str, str] | None:
    """Give what is wrong with a CIDR, and what to write."""
    try:
        network = ip_network("" if "%" in cidr else cidr, strict=False)  # a zone (RFC 4007) means nothing elsewhere
    except ValueError:
        return "which is no CIDR", "write a network and the length of its prefix: `10.20.0.0/16`"
    if "/" not in cidr:
        return "an address without the length of its prefix", f"write `{network}`"
    if not _PREFIX.fullmatch(cidr):
        return "which is no CIDR", f"write `{network}`"
    if isinstance(network, IPv6Network) and network.subnet_of(_MAPPED):
        address = network.network_address.ipv4_mapped
        return "an IPv4 network written as IPv6", f"write `{address}/{network.prefixlen - 96}`"
    if ip_address(cidr.partition("/")[0]) != network.network_address:
        return "an address inside the network, not the network", f"write `{network}`"
    return None


def _is_address(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _host_hint(host: str) -> str:
    if _is_address(host):
        return f"write an address as a network: `cidr: {ip_network(host.strip('[]'))}`"
    if not host.isascii():
        return "write the name as it is registered, in ASCII (`xn--…`)"
    if "://" in host or "/" in host or ":" in host:
        return "write the name alone: no scheme, port or path"
    return "write letters, digits, `-` and `.`; `*.` at the start stands for any name below"
