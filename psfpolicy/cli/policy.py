"""Which policy a command asks: what `--bundle` names, what the settings pin, or the one that psfpolicy ships."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from psfpolicy.bundles.reading import Bundle
    from psfpolicy.settings import Settings


_SETTINGS = ".psfpolicy.yaml"


def _named(ctx: click.Context, _option: click.Parameter, path: str | None) -> None:
    if path is not None and not ctx.resilient_parsing and "bundle" not in ctx.obj:
        ctx.obj["bundle"] = opened(path)


bundle_option = click.option(
    "--bundle",
    envvar="PSFPOLICY_BUNDLE",
    metavar="FILE",
    expose_value=False,
    callback=_named,
    help="Ask the policy of this bundle; where the settings pin one, it must be the same.",
)
"""The option of every command that asks the policy, or shows what is in it."""


def opened(path: str | None) -> Bundle | None:
    """Give the bundle that the user named; None where none was."""
    if path is None:
        return None
    from psfpolicy.bundles.force import opened as read

    return read(path)


def settings_of(path: str | None) -> Settings:
    """Give the settings of a command, and put the policy in force that they and the command line name."""
    from psfpolicy.settings import settings_of as read

    return read(path, bundle=click.get_current_context().obj.get("bundle"))


def enforce() -> None:
    """Put the policy in force that the command line and the repository's settings name."""
    from pathlib import Path

    from psfpolicy import resources

    bundle: Bundle | None = click.get_current_context().obj.get("bundle")
    resources.use(None if bundle is None else bundle.files)
    here = Path.cwd()
    # Which of them are the repository's is for those who read them; most runs of this find none, and import nothing.
    if any(os.path.exists(folder / _SETTINGS) for folder in (here, *here.parents)):  # noqa: PTH110 - as `settings` has it
        from psfpolicy.settings import find_settings

        found = find_settings()
        if found is not None and _speaks_of_a_bundle(found):
            settings_of(None)


def _speaks_of_a_bundle(path: str) -> bool:
    """Say whether settings may pin a bundle; those that cannot be read are for their reader to complain of."""
    from pathlib import Path

    try:
        return b"bundle" in Path(path).read_bytes()
    except OSError:
        return True
