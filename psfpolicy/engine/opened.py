"""Servers made ready for a run: found to serve the policy in force, or started."""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy.engine.opa import OpaEngine
from psfpolicy.engine.opa_private import private_server
from psfpolicy.engine.serving import Serving

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def opened(serving: Serving | None) -> Iterator[tuple[Serving, tuple[str, ...]]]:
    """Give servers that serve the policy in force, and what is wrong with those that are not there.

    Args:
        serving: Those that the settings name; where they name none, a private one runs until this ends.

    Raises:
        UsageError: The token is not there, or nothing to run a private server with.
        EngineError: No server is there, or one serves another policy.
    """
    if serving is not None and serving.urls:
        yield _connected(serving)
        return
    with private_server() as path:
        yield _connected(replace(serving or Serving(), socket=path))


def _connected(serving: Serving) -> tuple[Serving, tuple[str, ...]]:
    with closing(OpaEngine(serving)) as engine:
        versions, lost = engine.connect()
    return replace(serving, versions=versions), lost
