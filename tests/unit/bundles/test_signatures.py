"""Signatures: what was not signed with the key, all of it and nothing else, is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from psfpolicy.building.opa import Opa
from psfpolicy.bundles import signatures, writing
from psfpolicy.bundles.signatures import FILE, key_of, verified
from psfpolicy.errors import BuildError, BundleError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET = b"correct horse battery staple, and more of it"
FILES = {
    ".manifest": b'{"roots": ["psfpolicy"], "revision": "1"}',
    "data.json": '{"b": 1.50, "a": [true, null, "\u2028é</>"]}'.encode(),
    "psfpolicy/a.rego": b"package psfpolicy.a\n",
}
CANONICAL = {
    ".manifest": b'{"revision":"1","roots":["psfpolicy"]}',
    "data.json": '{"a":[true,null,"\\u2028é</>"],"b":1.50}'.encode(),
    "psfpolicy/a.rego": FILES["psfpolicy/a.rego"],
}
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())


def public(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form)


def coded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def listed() -> list[dict[str, str]]:
    return [
        {"name": name, "hash": hashlib.sha256(content).hexdigest(), "algorithm": "SHA-256"}
        for name, content in CANONICAL.items()
    ]


def by_secret(text: bytes, secret: bytes = SECRET) -> bytes:
    return hmac.digest(secret, text, "sha256")


def by_rsa(text: bytes) -> bytes:
    return RSA.sign(text, padding.PKCS1v15(), hashes.SHA256())


def by_curve(text: bytes) -> bytes:
    r, s = utils.decode_dss_signature(EC.sign(text, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32) + s.to_bytes(32)


def signed(
    sign: Callable[[bytes], bytes] = by_secret, *, head: dict[str, Any] | None = None, **said: object
) -> dict[str, bytes]:
    """Give files with a signature over them, its head and its payload as they are said."""
    payload = {"files": listed(), **said}
    text = f"{coded(json.dumps(head or {'alg': 'HS256'}).encode())}.{coded(json.dumps(payload).encode())}"
    token = f"{text}.{coded(sign(text.encode()))}"
    return {**FILES, FILE: json.dumps({"signatures": [token]}).encode()}


def refusal(members: dict[str, bytes], key: bytes = SECRET) -> str:
    with pytest.raises(BundleError) as refused:
        verified(members, key_of(key, "key"))
    return refused.value.message


def test_what_was_signed_with_the_key_is_taken() -> None:
    assert verified(signed(), key_of(SECRET, "key")) == "HS256"
    assert verified(signed(by_rsa, head={"alg": "RS256"}), key_of(public(RSA), "key")) == "RS256"
    assert verified(signed(by_curve, head={"alg": "ES256"}), key_of(public(EC), "key")) == "ES256"


def test_what_is_not_signed_is_refused() -> None:
    assert refusal(FILES) == "the bundle is not signed, and the key says that it must be"


@pytest.mark.parametrize("algorithm", ["none", "None", "HS1", "", None, 5, ["HS256"], "PS256"])
def test_an_algorithm_that_proves_nothing_is_refused(algorithm: object) -> None:
    said = refusal(signed(lambda _text: b"", head={"alg": algorithm}))
    assert said == f"the bundle's signature says that it was made by `{algorithm}`, which is not accepted"


def test_another_key_is_refused() -> None:
    assert refusal(signed(), b"another secret that is as long as the first") == (
        "the bundle was not signed with this key"
    )
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert refusal(signed(by_rsa, head={"alg": "RS256"}), public(other)) == "the bundle was not signed with this key"
    curve = ec.generate_private_key(ec.SECP256R1())
    assert refusal(signed(by_curve, head={"alg": "ES256"}), public(curve)) == "the bundle was not signed with this key"


def test_a_public_key_is_never_taken_for_a_secret() -> None:
    # Whoever has the public key could sign with it, if the token were believed.
    forged = signed(lambda text: by_secret(text, public(RSA)), head={"alg": "HS256"})
    assert refusal(forged, public(RSA)) == "the bundle was signed by HS256, which is none of the kind of the key"


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [(SECRET, "RS256"), (SECRET, "ES256"), (public(RSA), "ES256"), (public(EC), "RS256"), (public(EC), "ES384")],
)
def test_an_algorithm_of_another_kind_than_the_key_is_refused(key: bytes, algorithm: str) -> None:
    assert f"signed by {algorithm}" in refusal(signed(head={"alg": algorithm}), key)


def test_a_curve_signature_of_another_length_is_refused() -> None:
    members = signed(lambda text: by_curve(text) + b"\0", head={"alg": "ES256"})
    assert refusal(members, public(EC)) == "the bundle was not signed with this key"


def test_a_changed_file_is_refused() -> None:
    for name in FILES:
        members = signed()
        members[name] = members[name].replace(b"psfpolicy", b"psfpolicx").replace(b"1.50", b"1.51")
        assert refusal(members) == f"`{name}` of the bundle is not the file that was signed"


def test_a_file_more_or_less_is_refused() -> None:
    assert refusal({**signed(), "b.rego": b""}) == "the bundle holds `b.rego`, which was not signed"
    members = signed()
    del members["data.json"]
    assert refusal(members) == "the bundle lacks `data.json`, which was signed"


def test_json_that_cannot_be_read_is_refused() -> None:
    assert refusal({**signed(), "data.json": b"{"}) == "`data.json` of the bundle is no JSON"


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"files": listed() * 2}, "names a file twice"),
        ({"files": [{"name": "a"}]}, "does not list files with their digests"),
        ({"files": None}, "does not list files with their digests"),
        ({"files": [{**row, "algorithm": "MD5"} for row in listed()]}, "does not list files with their digests"),
        ({"scope": "write"}, "was signed for the scope `write`"),
    ],
)
def test_a_payload_that_says_something_else_is_refused(said: dict[str, Any], says: str) -> None:
    assert says in refusal(signed(**said))


def test_an_extension_that_is_not_known_is_refused() -> None:
    assert "extension" in refusal(signed(head={"alg": "HS256", "crit": ["b64"]}))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"signatures": []}',
        b'{"signatures": ["a.b.c", "a.b.c"]}',
        b'{"signatures": [5]}',
        b'{"signatures": ["a.b"]}',
        b'{"signatures": ["!.!.!"]}',
        b'{"signatures": ["W10.W10.W10"]}',
        b'{"signatures": ["MQ.MQ.MQ"]}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_signature_is_refused(content: bytes) -> None:
    said = refusal({**FILES, FILE: content})
    assert "does not hold one signature" in said or "is not accepted" in said


def private(key: rsa.RSAPrivateKey) -> bytes:
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (private(RSA), "`key` is a private key"),
        (b"-----BEGIN CERTIFICATE-----", "`key` is no public key"),
        (b"short", "`key` is no public key, and too short for a secret"),
        (b"", "`key` is no public key, and too short for a secret"),
    ],
)
def test_what_is_no_key_to_check_with_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(UsageError) as refused:
        key_of(content, "key")
    assert refused.value.message == says


def test_a_public_key_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(UsageError, match="no public key that can be read"):
        verified(signed(head={"alg": "RS256"}), key_of(b"-----BEGIN PUBLIC KEY-----\nxx\n", "key"))


def test_without_its_package_a_public_key_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    with pytest.raises(UsageError) as refused:
        verified(signed(head={"alg": "RS256"}), key_of(public(RSA), "key"))
    assert refused.value.hint == signatures.INSTALL


def test_a_key_does_not_show_itself() -> None:
    assert repr(key_of(SECRET, "key")) == "Key('secret')"


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"-----BEGIN PRIVATE KEY-----" + b"x" * 40])
def test_nothing_is_signed_by_a_secret_that_no_signature_would_be_checked_with(content: bytes, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes(content)
    with pytest.raises(BuildError, match="is no secret to sign by HS384 with"):
        writing.signed(Opa("none", "0"), FILES, key=key, algorithm="HS384")


def test_a_secret_that_cannot_be_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = tmp_path / "key"
    key.write_bytes(SECRET)

    def refused(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(BuildError, match="cannot be read: Permission denied"):
        writing.signed(Opa("none", "0"), FILES, key=key, algorithm="HS256")
