"""Kustomizations: what they build of the evidence, read as objects are, and what they build of more than that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.kubernetes.objects import facts_of, is_read
from psfpolicy.evidence.kubernetes.serving import servers
from psfpolicy.evidence.kustomize.build import builds, is_kustomization
from psfpolicy.evidence.operators import objects as operators
from psfpolicy.evidence.operators import unknown
from psfpolicy.evidence.project import objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.kustomize.build import Build
    from psfpolicy.evidence.kustomize.resources import Lack
    from psfpolicy.evidence.project import Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Document

NAME = "kustomize"

_ANY = ("spec.model.id", "spec.serving.engine.image")
_TOUCHED = (
    ("replicas", ("spec.serving.replicas.min", "spec.serving.replicas.max")),
    (
        "securitycontext",
        ("spec.security.hardening.nonRoot", "spec.security.hardening.readOnlyRootFilesystem"),
    ),
    ("serviceaccount", ("spec.security.leastPrivilege.serviceAccount",)),
    ("resources", ("spec.serving.accelerators.count",)),
    ("nodeselector", ("spec.serving.accelerators.type",)),
    ("affinity", ("spec.serving.accelerators.type",)),
    ("image", ("spec.serving.engine.image", "spec.serving.engine.version")),
    ("env", ("spec.model.id", "spec.network.telemetryOptOut", "spec.network.offlineHub")),
    ("args", ("spec.model.id", "spec.model.revision", "spec.model.remoteCode")),
    ("command", ("spec.model.id", "spec.model.revision", "spec.model.remoteCode")),
    ("configmap", ("spec.model.id", "spec.model.remoteCode")),
)


def reads(document: Document) -> bool:
    """Say whether a document is a kustomization, by its kind or its keys."""
    return is_kustomization(document)


def facts(document: Document, project: Project) -> Iterator[Fact]:
    """Give what the objects show that a kustomization builds; one that others use says nothing for itself."""
    build = project.once(builds).by_root.get(id(document.root))
    if build is None:
        return
    for made in build.built.documents:
        for item in objects(made):
            if is_read(item):
                yield from facts_of(item, build.view, NAME, project)
            elif operators.is_read(item):
                yield from operators.facts_of(item, build.view, NAME, project)
            elif unknown.is_read(item):
                yield from unknown.facts_of(item, build.view, NAME)
    for lack in build.built.lacks:
        yield from _lacking(lack, build)


def _lacking(lack: Lack, build: Build) -> Iterator[Fact]:
    document = build.document
    origin = Origin(reader=NAME, document=document, subject=f"Kustomization {document.file}")
    paths = _paths(lack.fields)
    touched = [
        server.workload
        for resource in build.built.resources
        if resource.names & lack.touched
        for item in objects(resource.document)
        for server in servers(item, build.view)
    ]
    if lack.touched:
        for workload in dict.fromkeys(touched):
            for path in paths:
                yield origin.of(workload).inconclusive(path, lack.where, lack.reason)
    else:
        for path in paths:
            yield origin.inconclusive(path, lack.where, lack.reason)


def _paths(fields: tuple[str, ...]) -> tuple[str, ...]:
    """Give the paths of the descriptor that changes to fields of an object bear on."""
    found = [path for field in fields for word, paths in _TOUCHED if word in field.lower() for path in paths]
    return tuple(dict.fromkeys(found)) or _ANY
