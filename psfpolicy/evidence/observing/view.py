"""The objects of a document as they are deployed: what a kustomization builds, in the place of its parts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy.evidence.kustomize.build import builds
from psfpolicy.evidence.project import objects

if TYPE_CHECKING:
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Document


def unsure(fact: Fact, lack: str) -> Fact:
    """Give a fact about an object that something unseen changes, if there is such: it is only inferred."""
    return replace(fact, certainty="inferred", reason=lack) if lack and fact.certainty == "certain" else fact


def deployed(document: Document, project: Project) -> tuple[tuple[tuple[Object, str], ...], Project]:
    """Give the objects that a document deploys, each with why it may be another, and the evidence that they stand in.

    A kustomization deploys what it builds; what goes into one deploys nothing for itself.
    """
    built = project.once(builds)
    build = built.by_root.get(id(document.root))
    if build is not None:
        found = tuple(item for made in build.built.documents for item in objects(made))
        lacks = {name: lack.reason for lack in reversed(build.built.lacks) for name in lack.touched}
        return tuple((item, lacks.get(item.name, "")) for item in found), build.view
    if id(document.root) in built.consumed:
        return (), built.view
    return tuple((item, "") for item in objects(document)), built.view
