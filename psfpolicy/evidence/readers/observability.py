"""What is told of a deployment: where collectors and agents send it, who is alerted, and what is measured."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin
from psfpolicy.evidence.kubernetes.pods import makes_pods
from psfpolicy.evidence.kubernetes.serving import servers
from psfpolicy.evidence.kustomize.build import is_kustomization
from psfpolicy.evidence.nodes import at
from psfpolicy.evidence.observing import alerts, collecting, collector, exporting, processing
from psfpolicy.evidence.observing.view import deployed, unsure
from psfpolicy.evidence.project import objects
from psfpolicy.source import Mapping, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.observing.collector import Config
    from psfpolicy.evidence.project import Object, Project
    from psfpolicy.model.fact import Fact
    from psfpolicy.source import Document, Node

NAME = "observability"

_CHART = "values of a chart: what it makes of them is not in the evidence"
_PROMETHEUS = frozenset({"scrape_configs", "remote_write", "rule_files", "alerting", "scrape_config_files"})
_CHARTS = ((), ("prometheus",), ("kube-prometheus-stack",), ("grafana-agent",))
_HOLDERS = ((), ("prometheusSpec",), ("prometheus", "prometheusSpec"), ("server",), ("config",))


def reads(document: Document) -> bool:
    """Say whether a document holds a collector, rules, what collects metrics, or pods that ask to be measured."""
    root = document.root
    if not isinstance(root, Mapping):
        return False
    if "kind" in root.members:
        return is_kustomization(document) or any(_is_read(item) for item in objects(document))
    return (
        collector.is_config(root)
        or alerts.has_groups(root)
        or _is_prometheus(root)
        or is_kustomization(document)
        or collecting.is_datadog_values(root)
        or any(True for _ in collector.values_configs(root))
        or any(True for _ in alerts.values_rules(root))
        or any(True for _ in _remotes(root))
        or at(root, "routerSpec", "otel") is not None
    )


def facts(document: Document, project: Project) -> Iterator[Fact]:
    """Give what a document shows of what is told, in the order of the text."""
    found = list(_facts(document, project))
    file = document.file
    for fact in sorted(found, key=lambda fact: (fact.place.file != file, fact.place.region)):
        yield replace(fact, document=project.document_of(fact.place, fact.document))


def _facts(document: Document, project: Project) -> Iterator[Fact]:
    items, view = deployed(document, project)
    for item, lack in items:
        origin = Origin(reader=NAME, document=document, subject=item.title)
        yield from (unsure(fact, lack) for fact in _of_object(item, view, origin))
    root = document.root
    if at(root, "kind") is None and not items:
        yield from _of_file(document, project, view)


def _of_object(item: Object, view: Project, origin: Origin) -> Iterator[Fact]:
    if collector.may_hold_config(item):
        for config in collector.configs_of(item, view):
            yield from _of_config(config, view, origin)
    if alerts.is_rules(item) or alerts.may_hold_rules(item):
        for holder in alerts.rules_of(item):
            yield from alerts.alerts(holder, origin)
    if collecting.collects(item):
        yield from collecting.collected(item, view, origin)
    elif makes_pods(item):
        yield from collecting.scraped(item, view, servers(item, view), origin)


def _of_file(document: Document, project: Project, view: Project) -> Iterator[Fact]:
    root = document.root
    values = Origin(reader=NAME, document=document, subject="Helm values")
    if collector.is_config(root):
        yield from _of_config(collector.plain_config(document, project), view, values)
        return
    if alerts.has_groups(root):
        yield from alerts.alerts(root, replace(values, subject="Rules of Prometheus"))
    if _is_prometheus(root):
        yield from collecting.remote(root, replace(values, subject="Configuration of Prometheus"), "")
    else:
        for holder in _remotes(root):
            yield from collecting.remote(holder, values, _CHART)
    for config in collector.values_configs(root):
        yield from _of_config(config, view, values)
    for holder in alerts.values_rules(root):
        yield from alerts.alerts(holder, values, chart=True)
    yield from collecting.router(root, values)
    if collecting.is_datadog_values(root):
        yield from collecting.datadog_values(root, values)


def _of_config(config: Config, project: Project, origin: Origin) -> Iterator[Fact]:
    origin = replace(origin, subject=config.subject)
    yield from exporting.exports(config, origin)
    yield from processing.sampling(config, project, origin)
    yield from processing.redaction(config, origin)
    yield from processing.retention(config, origin)


def _is_read(item: Object) -> bool:
    return (
        collector.may_hold_config(item)
        or alerts.is_rules(item)
        or alerts.may_hold_rules(item)
        or collecting.collects(item)
        or makes_pods(item)
    )


def _is_prometheus(root: Node) -> bool:
    return (
        isinstance(root, Mapping)
        and bool(_PROMETHEUS & set(root.members))
        and isinstance(at(root, "scrape_configs") or at(root, "remote_write"), Sequence)
    )


def _remotes(root: Node) -> Iterator[Node]:
    """Give the maps in the values of a chart that say where Prometheus sends to."""
    holders = (at(root, *chart, *path) for chart in _CHARTS for path in _HOLDERS)
    found = {id(holder): holder for holder in holders if holder is not None}
    for holder in found.values():
        if any(isinstance(at(holder, key), Sequence) for key in ("remoteWrite", "remote_write")):
            yield holder
