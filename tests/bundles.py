"""Bundles that no OPA had to build: of the policy that is shipped, with a pack that is said to be in it."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from psfpolicy import resources
from psfpolicy.building.compiling import canonical, readable
from psfpolicy.building.plain import archive, plain_members
from psfpolicy.bundles.own import NAMES
from psfpolicy.bundles.reading import MODULE, PACKS, listing_digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OVERRIDDEN = "input-injection-defence"
"""The control that the pack is said to override."""


@cache
def members(*, packed: bool = True) -> dict[str, bytes]:
    """Give the files of a bundle by name.

    Args:
        packed: A pack is said to be in it.
    """
    files = {name: resources.shipped_bytes(name) for name in NAMES}
    plain = plain_members(resources.sources(), files)
    if packed:
        about = {"name": "bank", "version": "1.0.0", "description": "Rules of a bank.", "digest": "0" * 64}
        lists: dict[str, list[str]] = {"controls": [OVERRIDDEN], "overrides": [OVERRIDDEN]}
        sources = {name: content for name, content in plain.items() if name.endswith(".rego")}
        files[PACKS] = readable({"packs": [{**about, **lists}], "sources": listing_digest(sources)})
        files["manifest.json"] = manifest(files)
        plain = plain_members(resources.sources(), files)
    beside = {name: files[name] for name in ("controls.json", "manifest.json", *([PACKS] if packed else []))}
    return {**plain, **beside, MODULE: files["policy.wasm"]}


def gated(rows: Mapping[str, object], told: Sequence[str] | None = None) -> bytes:
    """Give a bundle file whose data holds gate profiles, of one piece as far as digests go.

    Args:
        rows: The profiles by id.
        told: The ids that its pack says that it adds; None for all of them.
    """
    held = members()
    data = json.loads(held["data.json"])
    del data["psfpolicy"]["bundle"]
    data["psfpolicy"]["catalogue"]["gates"] = rows
    about = json.loads(held[PACKS])
    about["packs"][0]["rows"] = {"gates": sorted(rows if told is None else told)}
    files = {"controls.json": held["controls.json"], "policy.wasm": held[MODULE], PACKS: readable(about)}
    files |= {"data.json": canonical(data), "manifest.json": held["manifest.json"]}
    files["manifest.json"] = manifest(files)
    plain = plain_members(resources.sources(), files)
    beside = {name: files[name] for name in ("controls.json", "manifest.json", PACKS)}
    return archive({**plain, **beside, MODULE: files["policy.wasm"]})


def manifest(files: Mapping[str, bytes], **said: object) -> bytes:
    """Give a manifest that names some files of a policy, with the digests that they have."""
    decided = {name: content for name, content in files.items() if name != "manifest.json"}
    named = {name: sha256(content).hexdigest() for name, content in decided.items()}
    row = json.loads(files["manifest.json"]) | {"files": named, "digest": listing_digest(decided)}
    return readable({**row, **said})


def bundle(changes: Mapping[str, bytes | None] | None = None, *, packed: bool = True) -> bytes:
    """Give a bundle file, with some of its files changed; None for one that is left out."""
    found = {**members(packed=packed), **(changes or {})}
    return archive({name: content for name, content in found.items() if content is not None})
