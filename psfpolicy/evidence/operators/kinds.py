"""The kinds of resources that are read here, each with what its operator makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.operators import aibrix, dynamo, inference_service, llm_service, nim, production_stack, ray

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from psfpolicy.evidence.operators.part import Part
    from psfpolicy.evidence.project import Object, Project

KINDS: Mapping[tuple[str, str], Callable[[Object, Project], Iterator[Part]]] = {
    **inference_service.KINDS,
    **llm_service.KINDS,
    **ray.KINDS,
    **nim.KINDS,
    **aibrix.KINDS,
    **production_stack.KINDS,
    **dynamo.KINDS,
}
"""By group and kind, whatever the version."""
