"""Where servers may be: TLS, or this machine; no secret in an address."""

from __future__ import annotations

import pytest

from psfpolicy.engine.serving import address_mistake, masked_address


@pytest.mark.parametrize(
    "url",
    ["https://opa.example.org", "https://opa:8181/", "http://localhost:8181", "http://127.9.0.1", "http://[::1]:8181"],
)
def test_tls_or_this_machine_is_an_address(url: str) -> None:
    assert address_mistake(url) is None


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://opa.example.org", "plain http is for this machine alone"),
        ("http://localhost.example.org", "plain http is for this machine alone"),
        ("http://10.0.0.1", "plain http is for this machine alone"),
        ("https://me:secret@opa.example.org", "holds a name or a password"),
        ("https://opa.example.org/opa", "more than host and port"),
        ("https://opa.example.org?x=1", "more than host and port"),
        ("https://opa.example.org:port", "is no address: "),
        ("ftp://opa.example.org", "no address that begins with https://"),
        ("opa.example.org", "no address that begins with https://"),
        ("https://", "no address that begins with https://"),
    ],
)
def test_anything_else_is_none(url: str, says: str) -> None:
    assert says in (address_mistake(url) or "")


def test_a_password_is_not_shown() -> None:
    assert masked_address("https://me:secret@opa.example.org") == "https://…@opa.example.org"
    assert masked_address("https://opa.example.org") == "https://opa.example.org"
