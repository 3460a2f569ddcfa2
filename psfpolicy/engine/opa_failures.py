"""What it means when a server gives no answer: for each cause one message, and what to do about it."""

from __future__ import annotations

import json
import re
import ssl
from contextlib import suppress
from socket import gaierror
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import IncompleteRead, NewConnectionError, ReadTimeoutError

from psfpolicy.errors import AnswerError, EngineError, EvaluationError, LimitError, ServerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_QUOTED = 300
"""Characters of a server's own words that a message quotes."""
_LONGEST_WAIT_SECONDS = 5.0
_POLICY = (
    "the server needs psfpolicy's OPA bundle, and `/v1/data` and `/health` must be reachable; see docs/opa-server.md"
)
_UP = "is it running, and is the address in the settings right?"
_CERTIFICATES = {
    9: ("is not valid yet", "is a clock wrong, the server's or that of this machine?"),
    10: ("has expired", "renew the server's certificate"),
    18: ("is signed by itself", "name it in the settings, `opa: {ca: FILE}`, if it is the right one"),
    19: ("goes back to an authority that is not known here", "name it in the settings: `opa: {ca: FILE}`"),
    20: ("goes back to an authority that is not known here", "name it in the settings: `opa: {ca: FILE}`"),
    62: ("is for another host", "use the name that the certificate is for"),
    64: ("is for another host", "use the name that the certificate is for"),
}
"""What is wrong with a certificate, by OpenSSL's `X509_V_ERR_…`, and what to do."""

_ALERTS = {
    "CERTIFICATE_REQUIRED": (
        "wants a certificate of this client",
        "name it in the settings: `opa: {clientCert: FILE}`",
    ),
    "UNKNOWN_CA": (
        "does not know the authority that signed this client's certificate",
        "`clientCert` must be of an authority that the server was given",
    ),
    "CERTIFICATE_EXPIRED": ("does not take this client's certificate, which has expired", "renew `clientCert`"),
    "BAD_CERTIFICATE": (
        "does not take this client's certificate, or wants one",
        "does `clientCert` name one that is for clients, and of an authority that the server was given?",
    ),
}
"""What a server says of the certificate of a client, by the alert of TLS (RFC 8446, section 6), and what to do."""


_REFUSALS: dict[int, tuple[type[EngineError], str, str]] = {
    401: (
        ServerError,
        "does not know who asks",
        "`opa: {tokenEnv: …}` names the environment variable of a token that it accepts",
    ),
    403: (
        ServerError,
        "does not allow this client to ask",
        "its authorization policy must allow POST below `/v1/data/psfpolicy` and GET `/health`",
    ),
    404: (ServerError, "has no such path", _POLICY),
    500: (EvaluationError, "failed to evaluate the policy", "see the server's log"),
}
"""What a status of HTTP means, and what to do."""


class LostError(ServerError):
    """A server that could not be reached; another may answer."""


class BusyError(ServerError):
    """A server that answers that it has too much to do.

    Args:
        message: One sentence.
        hint: What to do about it.
        wait_seconds: How long it asks to be left alone.
    """

    def __init__(self, message: str, *, hint: str, wait_seconds: float) -> None:
        super().__init__(message, hint=hint)
        self.wait_seconds = wait_seconds


def failure(error: Exception, name: str, response: requests.Response | None) -> EngineError:
    """Give what an exception of the client means.

    Args:
        error: What was raised while a question was under way.
        name: What the server is called.
        response: What the server answered, where it did.
    """
    if isinstance(error, EngineError):
        return error
    if isinstance(error, requests.TooManyRedirects):
        return _redirected(name, response)
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return _refused(error.response, name)
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return AnswerError(f"the answer of {name} cannot be unpacked", hint=_POLICY)
    # Of its own kind, or not, by what the client happened to read it with.
    if response is not None and isinstance(error, ValueError | RecursionError):
        return _no_json(response, name)
    return _unreachable(error, name)


def is_slow(error: Exception) -> bool:
    """Say whether a server took the question, and sent nothing for too long."""
    return any(isinstance(cause, requests.ReadTimeout | ReadTimeoutError) for cause in _causes(error, 0))


def too_slow(name: str, seconds: float) -> LimitError:
    """Give the error of a question that a live server does not answer in time."""
    return LimitError(
        f"{name} did not answer within {seconds:g} s",
        hint="`opa: {timeoutSeconds: …}` in the settings waits longer; look for lists of thousands of items",
    )


def quoted(text: str) -> str:
    """Give some words of a server on one line, cut where they are long."""
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED else f"{line[:_QUOTED]}…"


def _redirected(name: str, response: requests.Response | None) -> ServerError:
    where = urlsplit(response.headers.get("Location", "")).netloc if response is not None else ""
    return ServerError(
        f"{name} sends on to {f'`{where}`' if where else 'another address'}, and redirects are not followed",
        hint="a token must not travel to another host: name the last address in the settings",
    )


def _refused(response: requests.Response, name: str) -> EngineError:
    status = response.status_code
    said = _own_error(response)
    tail = f": {said}" if said else ""
    if status in {429, 503}:
        return BusyError(
            f"{name} has too much to do, or is not ready (HTTP {status}{tail})",
            hint="ask it less at once (`--jobs`), or give it more processors",
            wait_seconds=_wait_seconds(response),
        )
    if status in {502, 504}:
        return LostError(f"what is between here and {name} does not reach it (HTTP {status})", hint=_UP)
    kind, says, hint = _REFUSALS.get(status, (ServerError, "refuses the question", _POLICY))
    return kind(f"{name} {says} (HTTP {status}{tail})", hint=hint)


def _wait_seconds(response: requests.Response) -> float:
    with suppress(ValueError):
        return min(max(float(response.headers.get("Retry-After", "0")), 0.0), _LONGEST_WAIT_SECONDS)
    return 0.0


def _own_error(response: requests.Response) -> str:
    """Give what OPA says of an error: `{"code": …, "message": …, "errors": [{"message", "location"}]}`."""
    try:
        body: Any = json.loads(response.content)
    except (ValueError, RecursionError):
        return f"an HTML page{_title(response.text)}" if _is_page(response) else ""
    if not isinstance(body, dict):
        return ""
    said = [str(body.get("message") or body.get("code") or "")]
    for item in body.get("errors") or ():
        if isinstance(item, dict):
            where = item.get("location")
            place = f"{where.get('file')}:{where.get('row')}: " if isinstance(where, dict) else ""
            said.append(f"{place}{item.get('message')}")
    return quoted("; ".join(filter(None, said)))


def _no_json(response: requests.Response, name: str) -> AnswerError:
    if _is_page(response):
        return AnswerError(
            f"an HTML page answers in the place of {name}{_title(response.text)}",
            hint="a proxy, or a page to log in, stands between: name an address that leads to OPA itself",
        )
    return AnswerError(f"the answer of {name} is no JSON: it begins `{quoted(response.text[:60])}`", hint=_POLICY)


def _is_page(response: requests.Response) -> bool:
    return response.content.lstrip()[:1] == b"<"


def _title(text: str) -> str:
    found = re.search(r"<title[^>]{0,99}>([^<]{1,99})", text[:100_000], re.IGNORECASE)
    return f", `{quoted(found[1])}`" if found else ""


def _unreachable(error: Exception, name: str) -> EngineError:
    causes = list(_causes(error, 0))
    for kind, of in _REASONS:
        found = next((cause for cause in causes if isinstance(cause, kind)), None)
        if found is not None:
            says, hint = of(found)
            return LostError(says.format(name), hint=hint)
    if isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return LostError(f"the connection to {name} broke off", hint=_UP)
    return ServerError(f"{name} cannot be asked: {quoted(str(error))}", hint="are `ca` and `clientCert` files of PEM?")


def _certificate(error: Any) -> tuple[str, str | None]:
    says, hint = _CERTIFICATES.get(error.verify_code, ("is refused", "the server's log may say more"))
    return f"the certificate of {{}} {says}", hint


def _tls(error: Any) -> tuple[str, str | None]:
    reason = quoted(str(error.reason or "it ends the connection")).replace("{", "").replace("}", "")
    alert = reason.partition("_ALERT_")[2]
    if alert in _ALERTS:
        return f"{{}} {_ALERTS[alert][0]}", _ALERTS[alert][1]
    return f"no TLS with {{}}: {reason}", "does it speak https there, and does it take this client's certificate?"


_REASONS: tuple[tuple[type[BaseException], Callable[[Any], tuple[str, str | None]]], ...] = (
    (ssl.SSLCertVerificationError, _certificate),
    (gaierror, lambda _: ("the host of {} is not known", "is the name right?")),
    (IncompleteRead, lambda error: (f"the answer of {{}} broke off after {error.partial} bytes", _UP)),
    (ssl.SSLError, _tls),
    (requests.exceptions.ConnectTimeout, lambda _: ("{} does not take the connection in time", _UP)),
    (ConnectionRefusedError, lambda _: ("nothing answers at {}: connection refused", _UP)),
    (FileNotFoundError, lambda _: ("{} is not there any more", _UP)),
    (NewConnectionError, lambda _: ("{} cannot be reached", _UP)),
)
"""What is looked for among the causes of an exception, in this order, and what each means."""


def _causes(error: BaseException, depth: int) -> Iterator[BaseException]:
    """Give an exception and what it was raised for, as requests and urllib3 wrap it."""
    yield error
    if depth < 8:
        inner = (*error.args, error.__cause__, error.__context__, getattr(error, "reason", None))
        for cause in inner:
            if isinstance(cause, BaseException):
                yield from _causes(cause, depth + 1)
