"""Names that readers know: images, flags, instance types, hosts. Each table is a YAML file of this folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, cast

from psfpolicy import source

_FOLDER = Path(__file__).parent


@cache
def table(name: str) -> dict[str, Any]:
    """Give a table, read once; do not change it.

    Args:
        name: Its file below this folder, without the extension: `engines/vllm`.
    """
    path = _FOLDER / f"{name}.yaml"
    return cast("dict[str, Any]", source.read(path.read_bytes(), file=path.name)[0].data)
