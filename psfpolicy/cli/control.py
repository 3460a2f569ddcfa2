"""What several commands show of the catalogue of controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from psfpolicy.resources import ControlInfo


class ControlId(click.ParamType):  # type: ignore[type-arg]  # generic in some versions of click only
    """The id of a control, completed by the shell."""

    name = "control"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002  # the signature is click's
        """Give the ids that begin as typed, with their titles."""
        from click.shell_completion import CompletionItem

        from psfpolicy import resources

        return [
            CompletionItem(info.id, help=info.title) for info in resources.controls() if info.id.startswith(incomplete)
        ]


def control_named(id_: str) -> ControlInfo:
    """Give a control by its id.

    Raises:
        UsageError: There is none; says what was probably meant.
    """
    from psfpolicy import resources
    from psfpolicy.errors import UsageError
    from psfpolicy.suggest import listed, meant

    catalogue = {info.id: info for info in resources.controls()}
    if id_ in catalogue:
        return catalogue[id_]
    close = meant(id_, catalogue) or tuple(known for known in catalogue if id_ and id_ in known)[:5]
    hint = f"did you mean {listed(close)}?" if close else "`psfpolicy controls` lists them"
    raise UsageError(f"unknown control `{id_}`", hint=hint)
