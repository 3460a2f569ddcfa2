"""Packs to a bundle: inspected, staged with our sources, checked, compiled, and signed by the pinned OPA."""

from __future__ import annotations

import json
import tempfile
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from psfpolicy.building.checking import checked, placed
from psfpolicy.building.compiling import bundle, readable
from psfpolicy.building.packs import staged
from psfpolicy.building.plain import archive, plain_members
from psfpolicy.bundles.reading import MODULE, PACKS, listing_digest
from psfpolicy.bundles.signatures import FILE, LEAST_SECRET
from psfpolicy.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from psfpolicy.building.opa import Opa
    from psfpolicy.building.packs import Pack

ALGORITHMS = ("HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
"""What a bundle can be signed by."""

_GENERATED = "by psfpolicy bundle build"


def built(opa: Opa, packs: Sequence[Pack]) -> dict[str, bytes]:
    """Give the files of a bundle by name.

    Args:
        opa: What compiles it.
        packs: What is in it beside our policy; in any order.

    Raises:
        BuildError: Two packs declare the same, or they do not compile.
    """
    packs = sorted(packs, key=lambda pack: pack.name)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        staged(packs, root)
        checked(opa, root, packs)
        try:
            files = bundle(opa, root, _GENERATED)
        except BuildError as error:
            raise placed(error, packs) from error
        plain = plain_members(root, files)
        if packs:
            files = _with_packs(files, packs, plain)
            plain = plain_members(root, files)
    controls = {name: files[name] for name in ("controls.json", "manifest.json")}
    beside = {PACKS: files[PACKS]} if packs else {}
    return {**plain, **controls, **beside, MODULE: files["policy.wasm"]}


def packed(members: Mapping[str, bytes]) -> bytes:
    """Give the files of a bundle as one file: the same bytes for the same files."""
    return archive(members)


def signed(opa: Opa, members: Mapping[str, bytes], *, key: Path, algorithm: str) -> dict[str, bytes]:
    """Give the files of a bundle with a signature of all of them.

    Args:
        opa: What signs.
        members: The files.
        key: The file of the private key in PEM, or of the secret.
        algorithm: One of `ALGORITHMS`.

    Raises:
        BuildError: OPA cannot sign with that key.
    """
    if not key.is_file():
        raise BuildError(f"`{key}` is no file", hint="the private key in PEM, or the secret, is in a file")
    if algorithm.startswith("HS") and not _secret(key):
        hint = f"a secret has {LEAST_SECRET} bytes at least (RFC 7518, section 3.2), and is no key in PEM"
        raise BuildError(f"`{key}` is no secret to sign by {algorithm} with", hint=hint)
    plain = {name: content for name, content in members.items() if name != FILE}
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name) / "tree"
        for member, content in plain.items():
            path = tree / member
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        try:
            options = ("--signing-key", str(key.absolute()), "--signing-alg", algorithm, "-o", name)
            opa.run("sign", *options, "--bundle", ".", folder=tree)
        except BuildError as error:
            # What OPA says may quote the key.
            hint = "HS… takes a secret, RS… a private key of RSA in PEM, ES… one of its curve"
            raise BuildError(f"opa cannot sign by {algorithm} with `{key}`", hint=hint) from error
        return {**plain, FILE: (Path(name) / FILE).read_bytes()}


def _secret(key: Path) -> bool:
    """Say whether a file holds what psfpolicy checks a signature by a secret with."""
    try:
        content = key.read_bytes()
    except OSError as error:
        raise BuildError(f"`{key}` cannot be read: {error.strerror}") from error
    return len(content) >= LEAST_SECRET and b"-----BEGIN" not in content


def _with_packs(files: Mapping[str, bytes], packs: Sequence[Pack], plain: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give the files of the policy with what it says of its packs, which its digest covers."""
    sources = {name: content for name, content in plain.items() if name.endswith(".rego")}
    about = {"packs": [_told(pack) for pack in packs], "sources": listing_digest(sources)}
    manifest = json.loads(files["manifest.json"])
    decided = {name: content for name, content in files.items() if name != "manifest.json"} | {PACKS: readable(about)}
    manifest["files"] = {name: sha256(content).hexdigest() for name, content in sorted(decided.items())}
    manifest["digest"] = listing_digest(decided)
    return {**decided, "manifest.json": readable(manifest)}


def _told(pack: Pack) -> dict[str, Any]:
    return {
        "name": pack.name,
        "version": pack.version,
        "description": pack.description,
        "digest": pack.digest,
        "overrides": list(pack.overrides),
        "controls": list(pack.controls),
        "domains": sorted(set(pack.domains.values())),
        "rows": {table: sorted(rows) for table, rows in sorted(pack.rows.items())},
    }
