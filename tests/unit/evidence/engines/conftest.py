"""A container in few lines of YAML: image, command, args, env as Kubernetes has them, and what surrounds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest

from psfpolicy import source
from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.container import Container, Variable, Word
from psfpolicy.evidence.engines import engine_facts
from psfpolicy.evidence.engines.expansion import kubernetes
from psfpolicy.evidence.nodes import at, entries, items, text
from psfpolicy.evidence.project import Project
from psfpolicy.source import Scalar

if TYPE_CHECKING:
    from collections.abc import Callable

    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Node

SHELLS = {"sh", "bash", "/bin/sh", "/bin/bash"}


def made(written: str) -> tuple[Container, Origin, Project]:
    document = source.read(written.encode(), file="pod.yaml")[0]
    root = document.root
    variables: dict[str, Variable] = {}
    for item in items(at(root, "env")):
        value = at(item, "value")
        kind: Literal["secret", "literal", "unknown"] = "literal" if value else "unknown"
        if at(item, "valueFrom", "secretKeyRef"):
            kind = "secret"
        known = text(value) if isinstance(value, Scalar) else None
        place = (value or item).place
        scalar = value if isinstance(value, Scalar) else None
        variables[text(at(item, "name")) or ""] = Variable(kind=kind, value=known, place=place, scalar=scalar)
    command, arguments = _words(at(root, "command"), variables), _words(at(root, "args"), variables)
    words, nodes = (*(command or ()), *(arguments or ())), (*items(at(root, "command")), *items(at(root, "args")))
    index = next((index + 1 for index, word in enumerate(words) if index and word.text in {"-c", "-lc"}), 0)
    script = nodes[index] if 0 < index < len(nodes) and words[0].text in SHELLS else None
    image = at(root, "image")
    container = Container(
        name="server",
        image=image if isinstance(image, Scalar) else None,
        command=command,
        arguments=arguments,
        script=script if isinstance(script, Scalar) else None,
        variables=variables,
        files={each.key: each.value for each in entries(at(root, "files")) if isinstance(each.value, Scalar)},
        place=root.place,
        partial=text(at(root, "partial")) or "",
        open_variables=text(at(root, "openVariables")) or "",
        interpolation={each.key: text(each.value) or "" for each in entries(at(root, "interpolation"))}
        if at(root, "interpolation")
        else None,
    )
    return container, Origin(reader="test", document=document, subject="Pod server"), Project((document,))


def _words(node: Node | None, variables: dict[str, Variable]) -> tuple[Word, ...] | None:
    if node is None:
        return None
    expanded = [(item, kubernetes(text(item) or "", variables)) for item in items(node)]
    return tuple(Word(found.text, item.place, found.unresolved) for item, found in expanded)


def short(fact: Fact) -> tuple[Any, ...]:
    """Give what a fact says, with its line and column; how sure it is only where it is not certain."""
    region = fact.place.region
    said = (".".join(str(step) for step in fact.path), fact.value, f"{region.start_line}:{region.start_column}")
    return said if fact.certainty == "certain" else (*said, fact.certainty)


@pytest.fixture
def facts_of() -> Callable[..., list[Fact]]:
    """Give the facts of a container, or only those at some paths."""

    def found(written: str, *paths: str) -> list[Fact]:
        container, origin, project = made(written)
        facts = list(engine_facts(container, origin, project))
        return [fact for fact in facts if not paths or ".".join(map(str, fact.path)) in paths]

    return found


@pytest.fixture
def said(facts_of: Callable[..., list[Fact]]) -> Callable[..., list[tuple[Any, ...]]]:
    """Give what facts say at some paths, in short: path, value, line and column, certainty."""
    return lambda written, *paths: [short(fact) for fact in facts_of(written, *paths)]


@pytest.fixture
def container_of() -> Callable[[str], Container]:
    return lambda written: made(written)[0]
