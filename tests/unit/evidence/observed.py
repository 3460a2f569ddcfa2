"""Reading manifests with one reader, and showing the facts as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy import source
from psfpolicy.evidence.project import Project

if TYPE_CHECKING:
    from psfpolicy.evidence.base import Reader
    from psfpolicy.model.fact import Fact


def read(reader: Reader, *texts: str) -> list[Fact]:
    """Give the facts of manifests, each a file of its own: `0.yaml`, `1.yaml`."""
    parts = [source.read(text.encode(), file=f"{index}.yaml") for index, text in enumerate(texts)]
    documents = tuple(document for part in parts for document in part)
    project = Project(documents)
    return [fact for each in documents if reader.reads(each) for fact in reader.facts(each, project)]


def lines(facts: list[Fact], *prefixes: str) -> list[str]:
    """Write the facts below some paths as lines: path, value, how sure, place."""
    return [_line(fact) for fact in facts if ".".join(map(str, fact.path)).startswith(prefixes or ("spec",))]


def reasons(facts: list[Fact], *prefixes: str) -> list[str]:
    """Give why facts are not certain."""
    return [fact.reason for fact in facts if ".".join(map(str, fact.path)).startswith(prefixes or ("spec",))]


def _line(fact: Fact) -> str:
    region = fact.place.region
    value = fact.value
    if isinstance(value, dict):
        value = " ".join(f"{key}={_plain(inner)}" for key, inner in value.items())
    where = f"{region.start_line}:{region.start_column}"
    file = "" if fact.place.file == "0.yaml" else f"{fact.place.file}:"
    return f"{fact.path[-1]} {_plain(value)} {fact.certainty} {file}{where}"


def _plain(value: object) -> object:
    return ",".join(map(str, value)) if isinstance(value, list) else value
