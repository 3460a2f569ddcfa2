"""The policy that psfpolicy ships, as a bundle to compare others with, and to hold another build of it against."""

from __future__ import annotations

import json

from psfpolicy import resources
from psfpolicy.building.plain import plain_members
from psfpolicy.bundles.reading import PACKS, Bundle, listing_digest
from psfpolicy.errors import BundleError

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


def rego_held(bundle: Bundle) -> bool:
    """Say whether the Rego of a bundle, which servers run, is known to be that of its policy.

    The digest of a policy without packs does not cover it: that of psfpolicy's own is compared with what was installed.

    Raises:
        BundleError: It is another than that of the policy whose digest the bundle has.
    """
    if PACKS in bundle.files or bundle.algorithm:
        return True
    ours = shipped()
    if bundle.digest != ours.digest:
        return False
    if listing_digest(bundle.sources) != listing_digest(ours.sources):
        raise BundleError(
            "the Rego of the bundle, which servers run, is not that of the policy whose digest it has",
            hint="get it again",
        )
    return True
