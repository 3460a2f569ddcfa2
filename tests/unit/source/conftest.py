"""Mistakes as the tables of these tests write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from psfpolicy.errors import DocumentError
from psfpolicy.source import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from psfpolicy.model.place import Diagnostic


def _written(mistake: Diagnostic) -> dict[str, str | None]:
    region = mistake.place.region
    at = f"{region.start_line}:{region.start_column}-{region.end_line}:{region.end_column}"
    return {"at": at, "code": mistake.code, "message": mistake.message, "hint": mistake.hint}


@pytest.fixture
def mistakes() -> Callable[[str | bytes, str], list[dict[str, str | None]]]:
    """Give all that is wrong with a file."""

    def found(content: str | bytes, file: str) -> list[dict[str, str | None]]:
        data = content if isinstance(content, bytes) else content.encode()
        with pytest.raises(DocumentError) as raised:
            read(data, file=file)
        return [_written(mistake) for mistake in raised.value.diagnostics]

    return found
