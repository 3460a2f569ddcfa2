"""A view for programs: `psfpolicy/fleet/v1`, described by `schemas/fleet-v1.schema.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.formats._escapes import json_text
from psfpolicy.model.record import jsonable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.formats.base import Style
    from psfpolicy.model.fleet import Fleet


def render(fleet: Fleet, style: Style) -> Iterator[str]:  # noqa: ARG001  # the shape does not depend on who reads
    """Give the view as one JSON document, in ASCII, so that nothing in it acts on what shows it."""
    yield json_text(jsonable(fleet), lines=True) + "\n"
