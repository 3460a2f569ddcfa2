"""Which policy is in force: the one that psfpolicy ships, or a bundle that the user or the settings name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psfpolicy import resources
from psfpolicy.bundles import archive
from psfpolicy.bundles.reading import Bundle, read_bundle
from psfpolicy.bundles.signatures import Key, key_of
from psfpolicy.errors import BundleError, SettingsError, UsageError
from psfpolicy.files import DISK

if TYPE_CHECKING:
    from psfpolicy.files import Files

_MOST_KEY = 64 * 2**10
_PINNED = re.compile(r"(?:sha256:)?([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Pin:
    """The bundle that settings name."""

    path: str
    """The file."""
    digest: str
    """SHA-256 in hex of the policy that it must hold."""
    key: str | None = None
    """The file of the key that it must be signed with; None where it need not be."""


def opened(path: str, *, digest: str | None = None, key: str | None = None, files: Files = DISK) -> Bundle:
    """Read the bundle in a file.

    Args:
        path: The file.
        digest: The digest that it must have, in hex, with or without `sha256:`; None for any.
        key: The file of the key that it must be signed with; None where it need not be.
        files: Where both are read from.

    Raises:
        BundleError: It cannot be read, is not the pinned one, or cannot be trusted.
        UsageError: The digest is none, or the key cannot be read.
    """
    wanted = None if digest is None else _PINNED.fullmatch(digest)
    if digest is not None and wanted is None:
        raise UsageError(f"`{digest}` is no digest", hint="`psfpolicy bundle inspect` shows it: sha256: and 64 digits")
    held = _key(key, files) if key is not None else None
    try:
        data = _of(path, files).read(path, archive.MOST_PACKED + 1)
    except OSError as error:
        raise BundleError(f"the bundle `{path}` cannot be read: {error.strerror}") from error
    try:
        return read_bundle(data, digest=wanted[1] if wanted else None, key=held)
    except BundleError as error:
        raise BundleError(f"`{path}`: {error.message}", hint=error.hint, details=error.details) from error


def enforce(pin: Pin | None, named: Bundle | None, files: Files = DISK) -> None:
    """Put a bundle in force for the whole process: that of the settings, else the one that the user named, else ours.

    Args:
        pin: What the settings name; nothing else takes its place.
        named: What the user named.
        files: Where the file of the pin is read from.

    Raises:
        BundleError: What the settings name cannot be read, is not the pinned one, or cannot be trusted.
        SettingsError: The user named another than the settings.
    """
    bundle = named
    if pin is not None:
        if named is not None and named.digest != pin.digest:
            raise SettingsError(
                f"the settings pin the bundle sha256:{pin.digest}, and sha256:{named.digest} was named",
                hint="what the settings pin is what decides here; pin the other there, or leave out `--bundle`",
            )
        # Read anew even where the user named the same: the settings may ask for a signature.
        bundle = opened(pin.path, digest=pin.digest, key=pin.key, files=files)
    put(bundle)


def put(bundle: Bundle | None) -> None:
    """Put a bundle in force for the whole process; None for the policy that psfpolicy ships."""
    resources.use(None if bundle is None else bundle.files)


def _of(path: str, files: Files) -> Files:
    """Give where a file is read from: one that lies outside of the repository is the same at every revision."""
    return files if files.is_file(path) else DISK


def _key(path: str, files: Files) -> Key:
    try:
        content = _of(path, files).read(path, _MOST_KEY)
    except OSError as error:
        raise UsageError(f"the key `{path}` cannot be read: {error.strerror}") from error
    return key_of(content, path)
