"""Docker compose: the services of a file that serve a model. A file that lies over another is read as a part of one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.bringing import brought
from psfpolicy.evidence.compose import network, runtime
from psfpolicy.evidence.compose.containers import assumed_image, container, hooks
from psfpolicy.evidence.compose.services import is_compose, services
from psfpolicy.evidence.engines import engine_facts, serves_model
from psfpolicy.evidence.proxying import proxied

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.compose.services import Service
    from psfpolicy.evidence.container import Container
    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Document

NAME = "compose"

_TLS = ("spec", "serving", "engine", "tls")
_AUTHENTICATION = ("spec", "serving", "engine", "authentication")


def reads(document: Document) -> bool:
    """Say whether a document is a compose file."""
    return is_compose(document)


def facts(document: Document, project: Project) -> Iterator[Fact]:
    """Give what the services show that serve a model, in the order of the text; other files come last."""
    for service in services(document, project):
        found = container(service, project)
        if serves_model(found):
            file = document.file
            ordered = sorted(
                _facts(service, found, project), key=lambda fact: (fact.place.file != file, fact.place.region)
            )
            for fact in ordered:
                if not service.lies_over or fact.place.file == file:
                    yield replace(fact, document=project.document_of(fact.place, fact.document))


def _facts(service: Service, found: Container, project: Project) -> Iterator[Fact]:
    origin = Origin(reader=NAME, document=service.document, subject=service.title, workload=service.title)
    of_engine = tuple(_of_engine(service, found, origin, project))
    known = [(fact.path, fact.value) for fact in of_engine if fact.certainty == "certain"]
    plain, unasked = (_TLS, False) in known, (_AUTHENTICATION, "none") in known
    yield from of_engine
    yield from brought(found, origin)
    for made in hooks(service, found):
        yield from brought(made, origin)
    yield from proxied(found, origin, project)
    yield from runtime.accelerators(service, origin)
    yield from runtime.replicas(service, origin)
    yield from runtime.hardening(service, origin)
    yield from network.exposed(service, origin, plain=plain, unasked=unasked)
    yield from network.included(service, origin, project)
    yield from network.reached(service, origin)


def _of_engine(service: Service, found: Container, origin: Origin, project: Project) -> Iterator[Fact]:
    """Give what the engine shows; of an image with a default in it no more than that."""
    assumed = assumed_image(service)
    for fact in engine_facts(found, origin, project):
        at_image = found.image is not None and fact.place == found.image.place
        if assumed and at_image and fact.certainty == "certain":
            reason = f"the default of `{assumed}`, which may be set elsewhere"
            yield replace(fact, certainty="inferred", reason=reason)
        else:
            yield fact
