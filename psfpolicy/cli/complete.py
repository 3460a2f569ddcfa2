"""What the shell completes where the words are not known before the program runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click


def formats(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Give the formats that begin as typed."""
    from psfpolicy.formats import format_names

    return [name for name in format_names() if name.startswith(incomplete)]


def schemas(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Give the schemas that begin as typed."""
    from psfpolicy import resources

    return [name for name in resources.schema_names() if name.startswith(incomplete)]


def domains(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Give the domains that begin as typed."""
    from psfpolicy import resources

    return sorted({info.domain for info in resources.controls() if info.domain.startswith(incomplete)})
