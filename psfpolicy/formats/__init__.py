"""Output formats: each module of this package but `base` is one, and is known by existing.

A module whose name begins with an underscore is what several of them share.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, cast

from psfpolicy.errors import UsageError

if TYPE_CHECKING:
    from psfpolicy.formats.base import Format


def format_names() -> tuple[str, ...]:
    """Give the names of the formats, sorted, without importing them."""
    names = (module.name for module in iter_modules(__path__))
    return tuple(sorted(name for name in names if name != "base" and not name.startswith("_")))


def format_named(name: str) -> Format:
    """Give a format.

    Raises:
        UsageError: There is none of that name.
    """
    if name not in format_names():
        raise UsageError(f"unknown format `{name}`", hint=f"known formats: {', '.join(format_names())}")
    return cast("Format", import_module(f"{__name__}.{name}"))
