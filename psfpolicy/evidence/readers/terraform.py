"""Terraform: plans and states as JSON, and configurations in HCL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.nodes import at, entries, text
from psfpolicy.evidence.tables import table
from psfpolicy.evidence.terraform.plan import is_plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Project
    from psfpolicy.evidence.terraform.hcl import Block
    from psfpolicy.evidence.terraform.resources import Estate, Resource
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Document, Text

NAME = "terraform"

_FILES = (".tf", ".tfvars")


def reads(document: Document) -> bool:
    """Say whether a document is a plan or a state."""
    return is_plan(document)


def facts(document: Document, project: Project) -> Iterator[Fact]:
    """Give what the resources of a plan show, in their order."""
    from psfpolicy.evidence.terraform.plan import known_format, of_plan  # noqa: PLC0415  # as in `text_facts`

    if not known_format(document):
        origin = Origin(reader=NAME, document=document, subject="plan")
        where = at(document.root, "format_version") or document.root
        reason = f"a plan of format `{(text(where) or '')[:20]}`, which is not known here"
        yield origin.inconclusive("spec.serving.hosting", where, reason)
        return
    estate = of_plan(document, project)
    for resource in estate.resources:
        yield from _of(resource, estate)


def reads_text(file: Text) -> bool:
    """Say whether a file is a configuration of Terraform's, or holds values of its variables."""
    return file.file.lower().endswith(_FILES)


def text_facts(file: Text, project: Project) -> Iterator[Fact]:
    """Give what a file of a configuration shows, in the order of the text.

    What a configuration leaves open or takes from a variable, a plan of the same resource decides.
    """
    # Most evidence has no Terraform in it, and does not pay for its parser and its resources.
    from psfpolicy.evidence.terraform.configuration import configured  # noqa: PLC0415
    from psfpolicy.evidence.terraform.hcl import parsed  # noqa: PLC0415
    from psfpolicy.evidence.terraform.secrets import secret_facts  # noqa: PLC0415

    estate, planned = project.once(configured), project.once(_planned)
    found = list(secret_facts(file))
    known = {(fact.path, fact.place) for fact in found}
    for resource in project.once(_by_file).get(file.file, ()):
        for fact in _of(resource, estate):
            decided = fact.certainty != "certain" and f"{resource.type}.{resource.name}" in planned
            if not decided and (fact.path, fact.place) not in known:
                found.append(fact)
    for block in parsed(file).blocks:
        if block.kind == "module":
            found += _called(block, file, project)
    yield from sorted(found, key=lambda fact: fact.place)


def _of(resource: Resource, estate: Estate) -> Iterator[Fact]:
    from psfpolicy.evidence.terraform.kinds import READS  # noqa: PLC0415
    from psfpolicy.evidence.terraform.resources import weighed  # noqa: PLC0415

    read = READS.get(resource.type)
    if read is not None:
        yield from weighed(read(resource, estate), resource)


def _by_file(project: Project) -> dict[str, list[Resource]]:
    from psfpolicy.evidence.terraform.configuration import configured  # noqa: PLC0415

    found: dict[str, list[Resource]] = {}
    for resource in project.once(configured).resources:
        found.setdefault(resource.document.file, []).append(resource)
    return found


def _planned(project: Project) -> frozenset[str]:
    from psfpolicy.evidence.terraform.plan import of_plan  # noqa: PLC0415

    plans = (of_plan(document, project) for document in project.documents if is_plan(document))
    return frozenset(f"{each.type}.{each.name}" for plan in plans for each in plan.resources)


def _called(block: Block, file: Text, project: Project) -> Iterator[Fact]:
    """Give what the call of a module bears on that is not in the evidence."""
    from psfpolicy.evidence.terraform.configuration import called_folder, folders  # noqa: PLC0415
    from psfpolicy.source import Document  # noqa: PLC0415

    document = Document(file.file, block.body, 0)
    if called_folder(block, document) in folders(project):
        return
    origin = Origin(reader=NAME, document=document, subject=str(block.heading.value))
    for each in entries(block.body):
        for path in table("terraform")["arguments"]["rows"].get(each.key, ()):
            yield origin.inconclusive(
                path, each.value, "the module that is called is not in the evidence", shown=each.key
            )
