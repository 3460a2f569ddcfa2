"""Addresses that telemetry is sent to, as a report may show them."""

from __future__ import annotations

import re

from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.source import masked

_USER = re.compile(r"(?<=//)[^/@\s]*@|^[^/@\s:]*:[^/@\s]*@")
_SCHEMES = {"https": True, "grpcs": True, "http": False}


def address(written: str) -> str:
    """Give an address without what may be a secret: who logs in, and what stands behind a question mark."""
    return masked(_USER.sub("", written.strip().partition("?")[0]))


def has_login(written: str) -> bool:
    """Say whether an address names who logs in with a password that is written there."""
    found = _USER.search(written.strip())
    name, separator, word = found[0].rstrip("@").partition(":") if found else ("", "", "")
    return bool(separator and word) and not placeholder_in(f"{name}{word}")


def encrypted(written: str) -> bool | None:
    """Say whether the scheme of an address encrypts; None where it has none that says so."""
    scheme, separator, _ = written.strip().partition("://")
    return _SCHEMES.get(scheme.lower()) if separator else None
