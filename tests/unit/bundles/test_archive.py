"""Archives from elsewhere: nothing but plain files at plain paths gets out of one, and not too much of it."""

from __future__ import annotations

import gzip
import io
import tarfile
import tracemalloc
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from psfpolicy.bundles import archive
from psfpolicy.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Callable


def packed(*rows: tuple[str, bytes, dict[str, Any]], form: int = tarfile.USTAR_FORMAT) -> bytes:
    """Give an archive of files, each with attributes of its member."""
    tape = io.BytesIO()
    with tarfile.open(fileobj=tape, mode="w", format=form) as opened:
        for name, content, attributes in rows:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            for key, value in attributes.items():
                setattr(member, key, value)
            opened.addfile(member, io.BytesIO(content))
    return gzip.compress(tape.getvalue(), mtime=0)


def refusal(data: bytes) -> str:
    with pytest.raises(BundleError) as refused:
        archive.members(data)
    return refused.value.message


def test_plain_files_are_given_by_name() -> None:
    assert archive.members(packed(("a", b"1", {}), ("b/c.rego", b"", {}))) == {"a": b"1", "b/c.rego": b""}


@pytest.mark.parametrize(
    ("name", "attributes", "says"),
    [
        ("../a", {}, "leads out of the bundle"),
        ("a/../../b", {}, "leads out of the bundle"),
        ("/etc/passwd", {}, "is an absolute path"),
        ("./a", {}, "is written in a roundabout way"),
        ("a//b", {}, "is written in a roundabout way"),
        ("a\\..\\b", {}, "is written in a roundabout way"),
        ("a\x1b[31m", {}, "is no printable name"),
        ("a", {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"}, "is a link"),
        ("a", {"type": tarfile.LNKTYPE, "linkname": "b"}, "is a link"),
        ("a", {"type": tarfile.CHRTYPE}, "is a device"),
        ("a", {"type": tarfile.FIFOTYPE}, "is a device"),
        ("a", {"type": tarfile.DIRTYPE}, "is no plain file"),
        ("a", {"type": tarfile.CONTTYPE}, "is no plain file"),
    ],
)
def test_what_is_no_plain_file_at_a_plain_path_is_refused(name: str, attributes: dict[str, Any], says: str) -> None:
    assert says in refusal(packed((name, b"", attributes)))


def test_a_name_that_is_there_twice_is_refused() -> None:
    assert refusal(packed(("a", b"1", {}), ("a", b"2", {}))) == "the bundle holds `a`, which is there twice"


def test_attributes_for_other_programs_are_refused() -> None:
    data = packed(("a", b"", {"pax_headers": {"GNU.sparse.realsize": "99"}}), form=tarfile.PAX_FORMAT)
    assert "which" in refusal(data)


def test_a_member_that_says_that_it_is_larger_than_all_is_refused() -> None:
    tape = bytearray(gzip.decompress(packed(("a", b"", {}))))
    tape[124:136] = b"77777777777\0"
    tape[148:156] = b"        "
    tape[148:156] = f"{sum(tape[:512]):06o}\0 ".encode()
    assert "larger than the bundle" in refusal(gzip.compress(bytes(tape)))


def test_a_member_that_is_cut_off_is_refused() -> None:
    tape = gzip.decompress(packed(("a", b"x" * 3_000, {}), ("b", b"x" * 2_000, {})))
    assert refusal(gzip.compress(tape[:5_000])).startswith(("the bundle is cut off", "the bundle is no tape archive"))


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_MEMBERS", 2)
    assert refusal(packed(*((str(number), b"", {}) for number in range(3)))) == "the bundle holds more than 2 files"


def test_a_bomb_is_refused_before_it_has_cost_much() -> None:
    data = gzip.compress(b"\0" * (archive.MOST_BYTES * 4))
    tracemalloc.start()
    assert refusal(data) == "the bundle unpacks to more than 64 MiB"
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < archive.MOST_BYTES * 1.2


def test_a_file_that_is_too_large_is_not_unpacked_at_all() -> None:
    assert refusal(b"\x1f\x8b" + b"x" * archive.MOST_PACKED) == "the bundle is larger than 32 MiB"


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda _data: b"", "the bundle is cut off"),
        (lambda data: data[:-20], "the bundle is cut off"),
        (lambda data: data + b"more", "the bundle has something behind its end"),
        (lambda data: data + data, "the bundle has something behind its end"),
        (lambda _data: b"PK\x03\x04", "the bundle is not compressed by gzip"),
        (lambda data: zlib.compress(gzip.decompress(data)), "the bundle is not compressed by gzip"),
        (lambda data: data[:40] + bytes([data[40] ^ 255]) + data[41:], "the bundle is not compressed by gzip"),
        (lambda _data: gzip.compress(b"x" * 2_000), "the bundle is no tape archive"),
    ],
)
def test_what_is_no_such_archive_is_refused(damage: Callable[[bytes], bytes], says: str) -> None:
    assert refusal(damage(packed(("a", b"1" * 500, {})))).startswith(says)


def test_what_is_compressed_well_is_unpacked_whole() -> None:
    content = b"\0" * (3 * 2**20 + 7)
    assert archive.members(packed(("a", content, {}))) == {"a": content}
