"""Readers of manifests: each module of this package is one, and is known by existing."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, cast

from psfpolicy.evidence.base import Reader, TextReader

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def readers() -> Mapping[str, Reader]:
    """Give the readers by name, in the order of their names."""
    names = sorted(module.name for module in iter_modules(__path__))
    return {name: cast("Reader", import_module(f"{__name__}.{name}")) for name in names}


@cache
def text_readers() -> Mapping[str, TextReader]:
    """Give those of the readers that also read files that are no documents, by name."""
    return {name: reader for name, reader in readers().items() if isinstance(reader, TextReader)}
