"""Values of Helm charts that serve models. What a chart makes of them is not in them, so nothing here is certain."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.devices import COUNT, named_facts
from psfpolicy.evidence.helm.templates import is_template, template_facts
from psfpolicy.evidence.helm.values import autoscaling, blocks, count, model, objects_of, path_at
from psfpolicy.evidence.kubernetes import scaling
from psfpolicy.evidence.kubernetes.objects import facts_of
from psfpolicy.evidence.kubernetes.serving import all_servers
from psfpolicy.evidence.nodes import at, entries, items, number, text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.evidence.project import Project, objects
from psfpolicy.evidence.tables import table
from psfpolicy.source import Mapping, is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.helm.values import Block
    from psfpolicy.model.fact import Certainty, Fact
    from psfpolicy.source import Document, Node, Text

NAME = "helm_values"

_REASON = "values of a chart: what it makes of them is not in the evidence"
_PART = "so it is a part of one"
_MODEL = ("spec", "model", "id")


def reads(document: Document) -> bool:
    """Say whether a document holds the values of a chart that serves a model."""
    return bool(tuple(_charts(document.root))) or any(True for _ in _serving(document))


def facts(document: Document, project: Project) -> Iterator[Fact]:  # noqa: ARG001  # values refer to nothing
    """Give what values say of the models that they serve, in the order of the text."""
    found = [fact for chart, when in _charts(document.root) for fact in _of_chart(chart, when, document)]
    for block, view in _serving(document):
        found += _of_block(block, view, document)
    yield from sorted(found, key=lambda fact: fact.place.region)


def reads_text(text: Text) -> bool:
    """Say whether a file is a template of a chart, which is no YAML before it is filled in."""
    return is_template(text)


def text_facts(text: Text, project: Project) -> Iterator[Fact]:  # noqa: ARG001  # a template refers to nothing
    """Give what a template leaves open."""
    yield from template_facts(text)


def _serving(document: Document) -> Iterator[tuple[Block, Project]]:
    for block in blocks(document.root):
        view = Project(objects_of(block, document))
        if all_servers(view):
            yield block, view


def _of_block(block: Block, view: Project, document: Document) -> Iterator[Fact]:
    subject = f"Helm values `{block.name}`" if block.name else "Helm values"
    origin = Origin(reader=NAME, document=document, subject=subject, workload=subject)
    named = model(block)
    if named is not None and text(named):
        yield _value(origin, "spec.model.id", named)
    counted = count(block)
    if counted is not None:
        yield _value(origin, COUNT, counted)
    replaced = [item for made in view.documents for item in objects(made)]
    for item in replaced:
        for fact in facts_of(item, view, NAME, view):
            if (named is not None and fact.path == _MODEL and fact.value is None) or fact.shown == "no metrics":
                continue
            reason = fact.reason if fact.reason and _PART not in fact.reason else _REASON
            certainty = "inferred" if fact.certainty == "certain" else fact.certainty
            yield replace(
                fact, subject=subject, workload=subject, reason=reason, certainty=certainty, document=document.index
            )
    for key, metric in table("helm")["metrics"]["rows"].items():
        written = at(autoscaling(block), key)
        if written is not None and (text(written) or isinstance(written, Mapping)):
            yield origin.inferred(scaling.METRIC, metric, written, _REASON, shown=f"autoscaling.{key}")


def _charts(root: Node) -> Iterator[tuple[dict[str, Any], Node]]:
    if not isinstance(root, Mapping) or at(root, "kind") is not None:
        return
    for chart in table("helm")["charts"]["rows"]:
        when = path_at(root, chart["when"])
        if when is not None and ("values" not in chart or text(when) in chart["values"]):
            yield chart, when


def _of_chart(chart: dict[str, Any], when: Node, document: Document) -> Iterator[Fact]:
    subject = f"Helm values of {chart['name']}"
    origin = Origin(reader=NAME, document=document, subject=subject, workload=subject)
    for path, key in chart["facts"].items():
        written = path_at(document.root, key)
        if written is not None and text(written):
            yield _value(origin, path, written)
    products = items(path_at(document.root, chart["products"])) if "products" in chart else ()
    for fact in named_facts(products[0], origin) if products else ():
        certainty: Certainty = "inferred" if fact.certainty == "certain" else fact.certainty
        yield replace(fact, certainty=certainty, reason=fact.reason or _REASON)
    for path, value in chart.get("says", {}).items():
        yield origin.inferred(path, value, _key(when), f"values of a chart for {chart['name']}")
    for path, reason in chart.get("open", {}).items():
        yield origin.inconclusive(path, when, reason)
    for cloud, key in chart.get("regions", {}).items():
        written = path_at(document.root, key)
        if written is not None and text(written) and not placeholder_in(text(written) or ""):
            region: dict[str, Any] = {"region": f"{cloud}:{text(written)}"}
            yield origin.inferred("spec.serving.location", region, written, _REASON)


def _key(node: Node) -> Node:
    """Give what stands for a map where its place is asked: the first value in it."""
    first = next(iter(entries(node)), None)
    return node if first is None else _key(first.value)


def _value(origin: Origin, path: str, written: Node) -> Fact:
    word = text(written) or ""
    whole = number(written)
    if placeholder_in(word) or (whole is None and is_placeholder(word)):
        return origin.inconclusive(path, written, "a placeholder stands where the value goes")
    if path.startswith("spec.serving.accelerators."):
        if whole is None or whole < 1:
            return origin.inconclusive(path, written, "the value is not a whole number")
        return origin.inferred(path, whole, written, _REASON)
    return origin.inferred(path, word, written, _REASON)
