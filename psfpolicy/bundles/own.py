"""The policy that psfpolicy ships, as a bundle to compare others with."""

from __future__ import annotations

import json

from psfpolicy import resources
from psfpolicy.building.plain import plain_members
from psfpolicy.bundles.reading import Bundle

NAMES = ("controls.json", "data.json", "manifest.json", "policy.wasm")


def shipped() -> Bundle:
    """Give it.

    Raises:
        ModuleError: It is missing.
    """
    files = {name: resources.shipped_bytes(name) for name in NAMES}
    members = plain_members(resources.sources(), files)
    return Bundle(
        files=files,
        sources={name: content for name, content in members.items() if name.endswith(".rego")},
        digest=json.loads(files["manifest.json"])["digest"],
        file_digest="",
        algorithm=None,
        signed=False,
    )
