"""Readers of manifests: each module of this package is one, and is known by existing."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psfpolicy.evidence.base import Reader


@cache
def readers() -> Mapping[str, Reader]:
    """Give the readers by name, in the order of their names."""
    names = sorted(module.name for module in iter_modules(__path__))
    return {name: cast("Reader", import_module(f"{__name__}.{name}")) for name in names}
