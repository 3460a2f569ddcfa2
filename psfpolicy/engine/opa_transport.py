"""One connection to an OPA server, within bounds: no proxy, no redirect, a deadline for all of it, so many bytes."""

from __future__ import annotations

import socket
from contextlib import suppress
from ssl import SSLEOFError
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from opa_client.opa import OpaClient  # type: ignore[import-untyped]  # version 3.0.0 has no marker of types
from requests import ConnectionError, HTTPError  # noqa: A004  # not the builtin one
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from psfpolicy.engine.watchdog import Watchdog
from psfpolicy.errors import LimitError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from requests import Response

    from psfpolicy.engine.serving import Serving

_CHUNK = 65536
_PORTS = {"https": 443, "http": 80}


class Line:
    """A connection, kept from one question to the next; for one thread.

    Args:
        serving: How to ask.
        url: The server; None for the private one.
        output_bytes: How large an answer may be, decoded.
    """

    def __init__(self, serving: Serving, url: str | None, output_bytes: int) -> None:
        self.output_bytes = output_bytes
        self.cut_off = False
        """The deadline passed while the last question was under way."""
        self.response: Response | None = None
        """What the last question was answered with, whatever became of it."""
        self._socket: socket.socket | None = None
        self._watchdog = Watchdog(serving.timeout_seconds, self._cut)
        self._client = _client(serving, url)
        session = self._client._session  # noqa: SLF001  # opa-python-client 3.0.0 has no options for what follows
        session.trust_env = False  # `.netrc`, proxies and REQUESTS_CA_BUNDLE would override token and certificates
        session.max_redirects = 0  # a token must not travel to another host
        session.hooks["response"].append(self._bound)
        for scheme in ("http://", "https://"):
            session.mount(scheme, _Adapter(self, serving))

    def asked(self, package: str, rule: str, question: dict[str, Any], options: dict[str, str]) -> Any:
        """Give the JSON of the answer to one question.

        Raises:
            LimitError: The answer is too large.
            requests.RequestException, OSError, ValueError: There is none; `opa_failures` says what each means.
        """
        self.cut_off = False
        self.response = None
        try:
            with self._watchdog.watching():
                body = self._client.query_rule(question, package, rule, options)
            self._require_answer()
        except BaseException:
            self._drop()
            raise
        return body

    def healthy(self) -> bool:
        """Say whether the server says that it is well and has its bundles.

        Raises:
            requests.ConnectionError: It says nothing.
        """
        self.cut_off = False
        self.response = None
        with self._watchdog.watching():
            well = bool(self._client.check_health({"bundles": "true"}))
        self._require_response()
        return well

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close_connection()

    def connected(self, made: socket.socket) -> None:
        """Take note of what to cut at the deadline.

        Raises:
            TimeoutError: It has passed.
        """
        self._socket = made
        if self.cut_off:
            raise TimeoutError

    def _drop(self) -> None:
        """Close the connection of an answer that was not read to its end."""
        if self.response is not None:
            self.response.close()

    def _require_answer(self) -> None:
        """Raise for what the client, which raises from 400 on, takes for an answer."""
        if self.response is not None and self.response.status_code != 200:
            raise HTTPError(response=self.response)

    def _require_response(self) -> None:
        """Raise where there was none, which the client does not."""
        if self.response is None:
            raise ConnectionError

    def _cut(self) -> None:
        self.cut_off = True
        if self._socket is not None:
            with suppress(OSError):
                # Not the method of a socket with TLS, which would first clear what another thread reads with.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def _bound(self, response: Response, **_: object) -> Response:
        self.response = response
        response.raw = _Bounded(response.raw, self.output_bytes)
        return response


class _Bounded:
    """A response of urllib3 that ends with an error where it is too large, packed or not."""

    def __init__(self, raw: Any, most: int) -> None:
        self._raw = raw
        self._most = most

    def stream(self, _: int, *, decode_content: bool) -> Iterator[bytes]:
        """See urllib3."""
        size = 0
        for chunk in self._raw.stream(_CHUNK, decode_content=decode_content):
            size += len(chunk)
            if size > self._most:
                raise LimitError(
                    f"the server's answer is larger than {self._most / 2**20:g} MiB",
                    hint="a report takes a hundredth of it: look at what answers at this address",
                )
            yield chunk

    def close(self) -> None:
        """See urllib3."""
        self._raw.close()

    def release_conn(self) -> None:
        """See urllib3."""
        self._raw.release_conn()


def _client(serving: Serving, url: str | None) -> OpaClient:
    parts = urlsplit(url or "http://localhost")
    host = parts.hostname or ""
    return OpaClient(
        host=f"[{host}]" if ":" in host else host,
        port=parts.port or _PORTS[parts.scheme],
        ssl=parts.scheme == "https",
        cert=serving.client_cert if parts.scheme == "https" else None,
        # What OPA would pack, this machine or a near one would unpack.
        headers={"Accept-Encoding": "identity"},
        token=serving.token(),
        retries=0,
        timeout=serving.timeout_seconds,
    )


class _Adapter(HTTPAdapter):
    """Makes connections that tell their line of their sockets, or go to a socket of this machine."""

    def __init__(self, line: Line, serving: Serving) -> None:
        self._line = line
        self._serving = serving
        super().__init__()

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """See requests."""
        super().init_poolmanager(*arguments, **options)
        plain, tls = _connections(self._line, self._serving)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = plain

        class TlsPool(HTTPSConnectionPool):
            ConnectionCls = tls

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}


def _connections(line: Line, serving: Serving) -> tuple[type[HTTPConnection], type[HTTPSConnection]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            if serving.socket is None:
                return super()._new_conn()
            made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            made.settimeout(self.timeout if isinstance(self.timeout, float | int) else None)
            try:
                made.connect(serving.socket)
            except OSError:
                made.close()
                raise
            return made

        def connect(self) -> None:
            super().connect()
            line.connected(self.sock)

    class Tls(HTTPSConnection):
        def connect(self) -> None:
            if serving.ca is not None:
                self.ca_certs, self.ca_cert_data = None, serving.ca
            super().connect()
            line.connected(self.sock)

        def send(self, data: Any) -> None:
            try:
                super().send(data)
            except SSLEOFError as error:
                # A server that does not take this client's certificate says so, and ends the connection. Where this is
                # a broken pipe, urllib3 goes on to read what it said.
                raise BrokenPipeError from error

    return Plain, Tls
