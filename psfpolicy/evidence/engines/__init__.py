"""Model servers: what their images, flags, variables and configuration files say, in the descriptor's terms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.engines.images import image_facts
from psfpolicy.evidence.engines.keywords import Keywords
from psfpolicy.evidence.engines.launch import launches
from psfpolicy.evidence.engines.serving import container_facts, keyword_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.evidence.container import Container
    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Fact

__all__ = ["Keywords", "engine_facts", "image_facts", "keyword_facts", "serves_model"]


def serves_model(container: Container) -> bool:
    """Say whether a container is a model server: it starts one, or its image is one's and nothing else is started."""
    found = launches(container)
    return bool(found.launches or found.unknown)


def engine_facts(container: Container, origin: Origin, project: Project) -> Iterator[Fact]:  # noqa: ARG001 (as readers)
    """Give what a container says of the model that it serves, in the order of the text; nothing of another container.

    Args:
        container: A container, as a reader of manifests found it.
        origin: What is read: the container, of its workload.
        project: The evidence; what a container needs of it stands in the container already.
    """
    found = launches(container)
    if found.launches or found.unknown:
        yield from container_facts(container, found, origin)
