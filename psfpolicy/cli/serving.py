"""Which engine a run asks, and the servers that it needs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.engine.serving import Serving
    from psfpolicy.settings import Settings

_SAID = {ParameterSource.COMMANDLINE: "--engine", ParameterSource.ENVIRONMENT: "PSFPOLICY_ENGINE"}


@contextmanager
def served(engine: str, settings: Settings) -> Iterator[Serving | None]:
    """Give where OPA serves the policy, once it is known to be the policy in force; None for the embedded engine.

    Args:
        engine: What was asked for, by the option or its variable; the command's context says by which.
        settings: They may require servers.

    Raises:
        UsageError: The settings require servers, and the user asks for another engine.
        EngineError: No server is there, or one serves another policy.
    """
    if engine == "wasm" and not settings.servers_only:
        yield None
        return
    source = click.get_current_context().get_parameter_source("engine")
    if engine == "wasm" and (said := _SAID.get(source or ParameterSource.DEFAULT)):
        from psfpolicy.errors import UsageError

        raise UsageError(
            f"the settings ask for the engine `opa`, and {said} for `wasm`",
            hint="what the settings require cannot be switched off: leave it out; nothing was assessed",
        )
    from psfpolicy.engine.opened import opened
    from psfpolicy.inert import inert

    with opened(settings.serving) as (serving, lost):
        for message in lost:
            click.echo(f"psfpolicy: {inert(message)}; the other servers are asked", err=True)
        yield serving
