"""Where an OPA serves the policy, and how it is asked; importing this imports no HTTP client."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from psfpolicy.errors import UsageError

PACKAGE = "psfpolicy"
"""The package of the policy on a server, where nobody says another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """Where an OPA serves the policy, and how it is asked. It holds no secret, only where one is."""

    urls: tuple[str, ...] = ()
    """Addresses of servers that serve the same policy; empty for a private server."""
    token_env: str | None = None
    """Name of the environment variable that holds the bearer token; None for none."""
    ca: str | None = None
    """Certificates that a server's must go back to, PEM; None for those that `certifi` brings."""
    client_cert: str | None = None
    """Path of a PEM file with the certificate and the key of this client."""
    timeout_seconds: float = 10.0
    """How long one question may take, from connecting to the last byte of the answer."""
    package: str = PACKAGE
    """Package below which the rules of the policy are asked."""
    socket: str | None = None
    """Path of the socket of a private server, once it runs."""
    versions: tuple[str, ...] = ()
    """Versions of OPA that the servers said they are, once they were asked."""

    def token(self) -> str | None:
        """Give the bearer token.

        Raises:
            UsageError: The variable is not there, or holds what no header can.
        """
        if self.token_env is None:
            return None
        token = os.environ.get(self.token_env, "").strip()
        if not token:
            raise UsageError(
                f"the environment variable `{self.token_env}`, which should hold the token for OPA, is not set",
                hint="set it, or leave `tokenEnv` out of the settings where the server asks for no token",
            )
        if not all("!" <= letter <= "~" for letter in token):
            raise UsageError(
                f"the environment variable `{self.token_env}` holds white space, or more than ASCII: no token",
                hint="set it to the token alone, without `Bearer`",
            )
        return token


def address_mistake(url: str) -> str | None:
    """Say what is wrong with the address of a server; None where nothing is."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"it is no address: {error}"
    if parts.scheme not in {"https", "http"} or not host:
        return "it is no address that begins with https:// and names a host"
    if parts.username is not None or parts.password is not None:
        return "it holds a name or a password, which reports would show; `tokenEnv` names where a token is"
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        return "it says more than host and port; OPA is asked at `/v1/data` and `/health` of its host"
    if parts.scheme == "http" and not is_loopback(host):
        return "plain http is for this machine alone (`localhost`, 127.0.0.1, ::1); elsewhere it takes https"
    return None


def masked_address(url: str) -> str:
    """Give an address without the name and the password that it may hold."""
    before, at, after = url.rpartition("@")
    return f"{before.partition('//')[0]}//…@{after}" if at else url


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine, by its name or number alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
