"""The content of a file that is going to be read as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.files import DISK
from psfpolicy.source import MAX_BYTES

if TYPE_CHECKING:
    from psfpolicy.files import Files


def bytes_of(path: str, files: Files = DISK) -> bytes:
    """Give the content of a file; of one that is too large, enough that the reader sees it.

    Args:
        path: Where to open it.
        files: Where it is read from.

    Raises:
        OSError: It cannot be read.
        KeptElsewhereError: Only a pointer to the content is there.
    """
    return files.read(path, MAX_BYTES + 1)
