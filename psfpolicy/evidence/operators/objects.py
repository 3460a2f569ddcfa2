"""What the resource of an operator shows: of the pods that are made of it, and what it says beside them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from psfpolicy.evidence.base import Origin, on_one_line
from psfpolicy.evidence.engines import image_facts
from psfpolicy.evidence.kubernetes import accounts, exposure, objects, scaling, secrets, security
from psfpolicy.evidence.kubernetes.containers import container
from psfpolicy.evidence.kubernetes.parts import engine_part_facts
from psfpolicy.evidence.kubernetes.pods import containers, pods
from psfpolicy.evidence.kubernetes.serving import Server, selected, servers
from psfpolicy.evidence.kustomize.build import builds
from psfpolicy.evidence.nodes import at
from psfpolicy.evidence.operators.kinds import KINDS
from psfpolicy.evidence.operators.part import documents
from psfpolicy.evidence.project import Project
from psfpolicy.evidence.project import objects as objects_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from psfpolicy.evidence.operators.part import Part
    from psfpolicy.evidence.project import Object
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import Path
    from psfpolicy.source import Document, Node

_MODEL = ("spec", "model", "id")
_SOURCE = ("spec", "model", "weights", "source")
_ADDRESS = ("spec", "model", "weights", "uri")
_STORE = ("spec", "security", "secrets", "store")
_IMAGE = "spec.serving.engine.image"
_PART_OF_ONE = "so it is a part of one"
_ENGINE = ("spec", "serving", "engine", "name")
_TAKEN = " is taken to start "
_OF_POD = (
    security.NON_ROOT,
    security.READ_ONLY,
    accounts.ACCOUNT,
    "spec.model.revision",
    "spec.network.telemetryOptOut",
    "spec.network.offlineHub",
)
_OF_ENGINE = ("spec.model.id", "spec.serving.engine.name", "spec.model.remoteCode")
_UNSAID = "what the container starts is not known"


@dataclass(frozen=True, slots=True)
class Made:
    """A part, and the object that it is read as."""

    part: Part
    item: Object


@dataclass(frozen=True, slots=True)
class _Seen:
    """The evidence with what operators make of it."""

    project: Project
    parts: Mapping[int, list[Made]]
    """By `id` of the resource."""
    ways: Mapping[str, list[Fact]]
    """What Services, routes and bindings say of the parts, by the workload that they name."""


def is_read(item: Object) -> bool:
    """Say whether an object is a resource of an operator that serves models."""
    return (item.group, item.kind) in KINDS


def facts_of(item: Object, project: Project, reader: str, files: Project) -> Iterator[Fact]:
    """Give what a resource shows, in the order of the text; what stands in other files comes last.

    Args:
        item: The resource.
        project: The evidence that it stands in, as far as it is built.
        reader: The name of the reader.
        files: The evidence as its files have it, which is where places are.
    """
    seen = project.once(_seen)
    found = [fact for made in seen.parts.get(id(item.node), ()) for fact in _of(made, seen, reader)]
    file = item.document.file
    found.sort(key=lambda fact: (fact.place.file != file, fact.place.region))
    yield from (replace(fact, document=files.document_of(fact.place, fact.document)) for fact in found)


def facts_of_parts(parts: Iterable[Part], reader: str) -> Iterator[Fact]:
    """Give what parts show that stand alone, such as those of the values of a chart."""
    seen = _with(parts, Project(()))
    for found in seen.parts.values():
        for made in found:
            yield from _of(made, seen, reader)


def _seen(project: Project) -> _Seen:
    read = (item for item in project.objects if is_read(item))
    return _with((part for item in read for part in KINDS[item.group, item.kind](item, project)), project)


def _with(given: Iterable[Part], project: Project) -> _Seen:
    """Give evidence with parts made into objects beside it."""
    parts: dict[int, list[Made]] = defaultdict(list)
    made: list[Document] = []
    for number, part in enumerate(given):
        own = tuple(documents(part, f"part-{number}."))
        made += own
        parts[id(part.item.node)] += [Made(part, each) for each in objects_in(own[0])]
    titles = {each.item.title: each for found in parts.values() for each in found}
    view = Project((*project.documents, *made), project.texts)
    return _Seen(view, parts, _ways(view, titles, {id(document.root) for document in made}))


def _ways(view: Project, titles: Mapping[str, Made], made: set[int]) -> Mapping[str, list[Fact]]:
    """Give what Services, routes and bindings say of parts; a Service that an operator makes, only what is written."""
    found: dict[str, list[Fact]] = defaultdict(list)
    for item in view.objects if titles else ():
        facts: Iterable[Fact] = ()
        if id(item.node) in made and item.kind == "Service" and at(item.node, "spec", "type") is None:
            continue
        if exposure.opens(item):
            facts = exposure.exposed(item, view, "")
        elif accounts.binds(item):
            facts = accounts.bound(item, view, "")
        for fact in facts:
            part = titles.get(fact.workload.rpartition(", ")[0])
            if part is not None:
                own = id(item.node) in made
                found[fact.workload].append(replace(fact, subject=part.item.title) if own else fact)
    return found


def _of(made: Made, seen: _Seen, reader: str) -> Iterator[Fact]:
    part, item = made.part, made.item
    view = seen.project
    found = servers(item, view)
    inner = list(objects.facts_of(item, view, reader, view))
    if not found and not part.serves:
        yield from _read(inner, made, reader)
        return
    first = found[0] if found else _first(item, view)
    if not found and first is not None:
        inner += _unknown(first, part, view, reader)
    workload = _called(first.workload, made) if first is not None else part.title
    origin = Origin(reader=reader, document=part.item.document, subject=workload, workload=workload)
    for server in found:
        inner += seen.ways.get(server.workload, ())
    own = [*part.own(origin), *_scaled(part, view, origin)]
    known = {fact.path for fact in own}
    answered = {tuple(path.split(".")) for path in part.answers} & known
    read = (fact for fact in _read(inner, made, reader) if fact.path not in answered)
    own += (fact for fact in read if not _is_answered(fact, known))
    own += part.more(origin, view)
    own += _open(part, first, own, origin)
    once = {(fact.path, repr(fact.value), fact.place, fact.reason, fact.shown, fact.subject): fact for fact in own}
    yield from (_doubted(fact, part.doubt) for fact in once.values())


def _first(item: Object, view: Project) -> Server | None:
    """Give the container that an operator runs its engine in, where nothing in it says so: the first."""
    for pod in pods(item):
        for node in containers(pod):
            return Server(pod, node, container(node, pod, view))
    return None


def _unknown(server: Server, part: Part, view: Project, reader: str) -> Iterator[Fact]:
    """Give what a container says in which nothing tells the engine: of the pod, and to the engine that is likely."""
    here = server.origin(reader)
    plain = list(engine_part_facts(server, "", here))
    yield from plain
    if part.engine:
        said = (fact for fact in engine_part_facts(server, part.engine, here) if fact not in plain)
        yield from (_doubted(fact, part.guess) for fact in said)
    yield from accounts.account(server, view, here)
    yield from secrets.referred(server, view, here)


def _called(text: str, made: Made) -> str:
    return text.replace(made.item.title, made.part.title, 1)


def _read(facts: Iterable[Fact], made: Made, reader: str) -> Iterator[Fact]:
    """Give facts about an object that was made as facts about the resource that it was made of."""
    for fact in facts:
        reason = fact.reason
        if _PART_OF_ONE in reason:
            reason = on_one_line(made.part.lack)
        certainty = fact.certainty
        if made.part.engine and not made.part.guess and _TAKEN in reason:
            # That the image starts the engine is doubted; that the operator does is not.
            reason, certainty = "", "certain"
        yield replace(
            fact,
            subject=_called(fact.subject, made),
            workload=_called(fact.workload, made),
            certainty=certainty,
            reason=reason,
            reader=reader,
        )


def _is_answered(fact: Fact, known: set[Path]) -> bool:
    """Say whether a fact only says that nothing is written, or names a path, where the resource says it."""
    if fact.path == _ADDRESS:
        return _SOURCE in known and str(fact.value).startswith(("/", "."))
    if fact.path not in known:
        return False
    if fact.path == _SOURCE:
        return fact.value in {None, "local"}
    if fact.path in {_MODEL, _ENGINE}:
        return fact.value is None
    return fact.shown.startswith("no ") or (fact.value is None and not fact.shown)


def _scaled(part: Part, view: Project, origin: Origin) -> Iterator[Fact]:
    item = part.item
    for scaler in scaling.scalers_of(item.kind, item.name, item.namespace, view):
        here = replace(origin, document=scaler.document, subject=scaler.title)
        yield from scaling.scaled(scaler, here)


def _open(part: Part, first: Server | None, found: list[Fact], origin: Origin) -> Iterator[Fact]:
    """Give what is left open where nothing speaks of it: no model is served in silence."""
    known = {".".join(map(str, fact.path)) for fact in found}
    image = first.container.image if first is not None else None
    if _IMAGE not in known and image is not None:
        yield from (fact for fact in image_facts(str(image.value), image, origin) if fact.path[-1] == "image")
        known.add(_IMAGE)
    for path in (*_OF_ENGINE, *((_IMAGE, *_OF_POD) if part.lack else ())):
        if path not in known:
            yield origin.inconclusive(path, part.where, part.lack or _UNSAID)


def _doubted(fact: Fact, doubt: str) -> Fact:
    # A secret that is written is written, whatever becomes of it.
    if not doubt or fact.certainty != "certain" or (fact.path == _STORE and fact.value == "none"):
        return fact
    return replace(fact, certainty="inferred", reason=on_one_line(doubt))


def chosen_workloads(selector: Node | None, namespace: str, project: Project) -> tuple[str, ...]:
    """Give the workloads whose pods a label selector chooses, those that operators make among them."""
    seen = project.once(_seen)
    titles = {made.item.title: made for parts in seen.parts.values() for made in parts}
    found = []
    for server in selected(selector, namespace, seen.project):
        made = titles.get(server.pod.item.title)
        found.append(server.workload if made is None else _called(server.workload, made))
    return tuple(dict.fromkeys(found))


def holds(document: Document, group: str) -> bool:
    """Say whether a document holds a resource of an operator, by its group."""
    return any(item.group == group and is_read(item) for item in objects_in(document))


def facts_in(document: Document, project: Project, group: str, reader: str) -> Iterator[Fact]:
    """Give what the resources of a group show; what goes into a kustomization shows nothing for itself."""
    built = project.once(builds)
    if id(document.root) in built.consumed:
        return
    for item in objects_in(document):
        if item.group == group and is_read(item):
            yield from facts_of(item, built.view, reader, project)
