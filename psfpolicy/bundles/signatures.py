"""Signatures of bundles, as OPA makes and checks them: a JSON Web Token over digests of the files, in one more file.

The key decides how the token must be signed, never the token: one that names another algorithm is refused, so that a
public key is never taken for a secret. (OPA, "Bundles", section "Signing"; RFC 7515; RFC 7518, section 3.)
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from psfpolicy.errors import BundleError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = ".signatures.json"
"""The file of a bundle that holds its signature."""
LEAST_SECRET = 32
"""Bytes of a secret (RFC 7518, section 3.2)."""

_SIZES = {"256": "sha256", "384": "sha384", "512": "sha512"}
_ALGORITHM = re.compile(r"(HS|RS|ES)(256|384|512)")
_DIGESTS = {"SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
_STRUCTURED = {".manifest", "data.json"}
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
INSTALL = "install `psfpolicy[signing]`: keys of RSA and EC need the package `cryptography`"
"""What to do where a key cannot be read without it."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a signature is checked with."""

    kind: Literal["secret", "public"]
    content: bytes

    def __repr__(self) -> str:
        """Keep a secret out of whatever shows this."""
        return f"Key({self.kind!r})"


def key_of(content: bytes, name: str) -> Key:
    """Give the key that a file holds: a public key in PEM, or else the secret that its bytes are.

    Args:
        content: What the file holds.
        name: What messages call it.

    Raises:
        UsageError: It is a private key, or a secret too short to keep.
    """
    if b"-----BEGIN" in content:
        if b"PRIVATE KEY" in content:
            raise UsageError(f"`{name}` is a private key", hint="a bundle is checked with the public key of it")
        if b"-----BEGIN PUBLIC KEY" not in content and b"-----BEGIN RSA PUBLIC KEY" not in content:
            raise UsageError(f"`{name}` is no public key", hint="`openssl pkey -in KEY -pubout` writes it")
        return Key("public", content)
    if len(content) < LEAST_SECRET:
        least = f"a secret has {LEAST_SECRET} bytes at least (RFC 7518, section 3.2)"
        raise UsageError(f"`{name}` is no public key, and too short for a secret", hint=least)
    return Key("secret", content)


def verified(members: Mapping[str, bytes], key: Key) -> str:
    """Hold the files of a bundle against its signature.

    Args:
        members: All of its files, by name.
        key: What it was signed with, or the public half of that.

    Returns:
        The algorithm: `RS256`.

    Raises:
        BundleError: It is not signed, not with this key, or its files are not those that were signed.
        UsageError: The key is none, or the package that reads it is not installed.
    """
    if FILE not in members:
        raise BundleError("the bundle is not signed, and the key says that it must be", hint="get a signed one")
    head, payload, signature, signed = _token(members[FILE])
    algorithm = head.get("alg")
    if not isinstance(algorithm, str) or not _ALGORITHM.fullmatch(algorithm):
        raise BundleError(f"the bundle's signature says that it was made by `{algorithm}`, which is not accepted")
    if head.get("crit"):
        raise BundleError("the bundle's signature asks for an extension that is not known")
    if not _holds(key, algorithm, signed, signature):
        raise BundleError("the bundle was not signed with this key", hint="ask where it comes from; do not use it")
    _hold(members, payload)
    return algorithm


def _token(content: bytes) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    """Give head, payload and signature of the one token, and what was signed."""
    try:
        (token,) = json.loads(content)["signatures"]
        head, payload, signature = (str(part) for part in token.split("."))
        parsed = [dict(json.loads(_decoded(part))) for part in (head, payload)]
        return parsed[0], parsed[1], _decoded(signature), f"{head}.{payload}".encode()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BundleError(f"`{FILE}` of the bundle does not hold one signature") from error


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error


def _holds(key: Key, algorithm: str, signed: bytes, signature: bytes) -> bool:
    if key.kind == "secret":
        if not algorithm.startswith("HS"):
            raise BundleError(f"the bundle was signed by {algorithm}, and the key is a secret, which only HS256 uses")
        return hmac.compare_digest(hmac.digest(key.content, signed, _SIZES[algorithm[2:]]), signature)
    return _public_holds(key.content, algorithm, signed, signature)


def _public_holds(pem: bytes, algorithm: str, signed: bytes, signature: bytes) -> bool:
    try:
        # 25 ms, that only bundles signed so cost.
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415
        from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
        from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils  # noqa: PLC0415
    except ImportError as error:
        raise UsageError("the key of the bundle cannot be read", hint=INSTALL) from error
    try:
        public = serialization.load_pem_public_key(pem)
    except ValueError as error:
        raise UsageError("the key of the bundle is no public key that can be read") from error
    size = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}[algorithm[2:]]
    try:
        if isinstance(public, rsa.RSAPublicKey) and algorithm.startswith("RS"):
            public.verify(signature, signed, padding.PKCS1v15(), size)
            return True
        if isinstance(public, ec.EllipticCurvePublicKey) and _CURVES.get(public.curve.name) == algorithm:
            half = (public.curve.key_size + 7) // 8
            if len(signature) != 2 * half:
                return False
            r, s = (int.from_bytes(part) for part in (signature[:half], signature[half:]))
            public.verify(utils.encode_dss_signature(r, s), signed, ec.ECDSA(size))
            return True
    except InvalidSignature:
        return False
    raise BundleError(f"the bundle was signed by {algorithm}, which is none of the kind of the key")


def _hold(members: Mapping[str, bytes], payload: Mapping[str, Any]) -> None:
    """Hold files against the digests that were signed: all of them, and no other."""
    if payload.get("scope"):
        raise BundleError(f"the bundle was signed for the scope `{payload['scope']}`, which is not that of psfpolicy")
    try:
        signed = {str(item["name"]): (_DIGESTS[item["algorithm"]], str(item["hash"])) for item in payload["files"]}
        doubled = len(signed) != len(payload["files"])
    except (KeyError, TypeError) as error:
        raise BundleError("the bundle's signature does not list files with their digests") from error
    if doubled:
        raise BundleError("the bundle's signature names a file twice")
    there = members.keys() - {FILE}
    for name in sorted(there - signed.keys()):
        raise BundleError(f"the bundle holds `{name}`, which was not signed")
    for name in sorted(signed.keys() - there):
        raise BundleError(f"the bundle lacks `{name}`, which was signed")
    for name, (size, digest) in sorted(signed.items()):
        if not hmac.compare_digest(_digest(name, members[name], size), digest):
            raise BundleError(f"`{name}` of the bundle is not the file that was signed")


def _digest(name: str, content: bytes, size: str) -> str:
    """Give the digest of a file as OPA takes it: of JSON that it loads, over the value and not over its spelling."""
    if name.rpartition("/")[2] in _STRUCTURED:
        try:
            value = json.loads(content, parse_int=_Spelt, parse_float=_Spelt)
        except (ValueError, RecursionError) as error:
            raise BundleError(f"`{name}` of the bundle is no JSON") from error
        content = _canonical(value).encode()
    return hashlib.new(size, content).hexdigest()


class _Spelt(str):
    """A number, as it is written: OPA keeps its spelling."""

    __slots__ = ()


def _canonical(value: object) -> str:
    """Give JSON as OPA's digests have it (v1/bundle/hash.go): keys sorted, no spaces, numbers as they are written."""
    if isinstance(value, _Spelt):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{_canonical(key)}:{_canonical(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_canonical, value)) + "]"
    # Go escapes the two line ends of Unicode, which JavaScript once could not read.
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
