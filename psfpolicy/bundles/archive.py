"""The files of a gzipped tape archive from elsewhere, within bounds, and none but plain files at plain paths."""

from __future__ import annotations

import io
import tarfile
import zlib
from typing import TYPE_CHECKING

from psfpolicy.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_PACKED = 32 * 2**20
"""Bytes of a bundle file; one of psfpolicy's own has half of one MiB."""
MOST_BYTES = 64 * 2**20
"""Bytes that it unpacks to."""
MOST_MEMBERS = 10_000
"""Files in it."""

_STEP = 2**20
_BUILD = "`psfpolicy bundle build` writes one"


def members(data: bytes) -> dict[str, bytes]:
    """Give the files of an archive by name.

    Raises:
        BundleError: It is no such archive, or is too large, or has something in it that no bundle has.
    """
    tape = _unpacked(data)
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(tape), mode="r:") as opened:
            for member in _members(opened):
                if complaint := _complaint(member, found, len(tape)):
                    raise BundleError(f"the bundle holds `{member.name}`, which {complaint}", hint=_BUILD)
                stream = opened.extractfile(member)
                content = stream.read() if stream else b""
                if len(content) != member.size:
                    raise BundleError(f"the bundle is cut off in `{member.name}`", hint="get it again")
                found[member.name] = content
    except (tarfile.TarError, ValueError, OverflowError) as error:
        raise BundleError(f"the bundle is no tape archive: {error}", hint=_BUILD) from error
    return found


def _members(opened: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    for count, member in enumerate(opened):
        if count == MOST_MEMBERS:
            raise BundleError(f"the bundle holds more than {MOST_MEMBERS:,} files", hint=_BUILD)
        yield member


def _complaint(member: tarfile.TarInfo, found: dict[str, bytes], size: int) -> str | None:
    """Say why a member is none of a bundle; None where it is."""
    parts = member.name.split("/")
    claims = {
        "is a link": not (member.issym() or member.islnk()),
        "is a device": not member.isdev(),
        "is no plain file": member.type in {tarfile.REGTYPE, tarfile.AREGTYPE} and not member.issparse(),
        "has attributes that are for other programs": not member.pax_headers,
        "is an absolute path": not member.name.startswith("/"),
        "leads out of the bundle": ".." not in parts,
        "is written in a roundabout way": all(part not in {"", "."} for part in parts) and "\\" not in member.name,
        "is no printable name": member.name.isprintable(),
        "is there twice": member.name not in found,
        "says that it is larger than the bundle": 0 <= member.size <= size,
    }
    return next((complaint for complaint, holds in claims.items() if not holds), None)


def _unpacked(data: bytes) -> bytes:
    """Give what was compressed; at most so much of it is ever in memory."""
    if len(data) > MOST_PACKED:
        raise BundleError(f"the bundle is larger than {MOST_PACKED // 2**20} MiB", hint=_BUILD)
    inflating = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    parts, size, rest = [], 0, data
    try:
        while not inflating.eof:
            part = inflating.decompress(rest, _STEP)
            size += len(part)
            if size > MOST_BYTES:
                raise BundleError(f"the bundle unpacks to more than {MOST_BYTES // 2**20} MiB", hint=_BUILD)
            parts.append(part)
            rest = inflating.unconsumed_tail
            if not part and not rest:
                break
    except zlib.error as error:
        raise BundleError(f"the bundle is not compressed by gzip: {error}", hint=_BUILD) from error
    if not inflating.eof:
        raise BundleError("the bundle is cut off", hint="get it again")
    if inflating.unused_data:
        raise BundleError("the bundle has something behind its end", hint="get it again")
    return b"".join(parts)
