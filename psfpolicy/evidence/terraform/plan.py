"""Plans and states as `terraform show -json` writes them: what will be there, and what of it is not known yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.edits import entry_at
from psfpolicy.evidence.nodes import at, entries, items, text
from psfpolicy.evidence.terraform.resources import Estate, Provider, Resource
from psfpolicy.source import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.project import Project
    from psfpolicy.source import Document, Node

_MAJORS = frozenset({"0", "1"})
UNKNOWN = "${known after apply}"
HIDDEN = "${sensitive}"


def is_plan(document: Document) -> bool:
    """Say whether a document is a plan or a state of Terraform's."""
    root = document.root
    version = at(root, "format_version") is not None and at(root, "terraform_version") is not None
    return version and any(at(root, *path) is not None for path in _ROOTS)


def known_format(document: Document) -> bool:
    """Say whether a plan is of a format that is known here."""
    return (text(at(document.root, "format_version")) or "").partition(".")[0] in _MAJORS


def of_plan(document: Document, project: Project) -> Estate:
    """Give the resources of a plan; those that it deletes are not among them."""
    root = document.root
    changes = {text(at(each, "address")) or "": at(each, "change") for each in items(at(root, "resource_changes"))}
    configured = dict(_configured(at(root, "configuration", "root_module"), ""))
    found = [
        _resource(each, module, changes, configured, document)
        for path in _ROOTS
        for module, each in _planned(at(root, *path), "")
    ]
    return Estate(filter(None, found), _providers(root), project)


_ROOTS = (("planned_values", "root_module"), ("values", "root_module"))


def _planned(module: Node | None, name: str) -> Iterator[tuple[str, Node]]:
    for each in items(at(module, "resources")):
        if text(at(each, "mode")) == "managed":
            yield name, each
    for inner in items(at(module, "child_modules")):
        yield from _planned(inner, text(at(inner, "address")) or name)


def _configured(module: Node | None, name: str) -> Iterator[tuple[tuple[str, str], Node]]:
    for each in items(at(module, "resources")):
        yield (name, text(at(each, "address")) or ""), each
    for call in entries(at(module, "module_calls")):
        yield from _configured(at(call.value, "module"), f"{name}.module.{call.key}".removeprefix("."))


def _resource(
    node: Node,
    module: str,
    changes: dict[str, Node | None],
    configured: dict[tuple[str, str], Node],
    document: Document,
) -> Resource | None:
    kind, name, address = (text(at(node, key)) or "" for key in ("type", "name", "address"))
    heading, values = at(node, "address"), at(node, "values")
    if not isinstance(heading, Scalar) or not isinstance(values, Mapping) or not kind:
        return None
    change = changes.get(address)
    values = _overlaid(values, at(change, "after_unknown"), UNKNOWN)
    for hidden in (at(change, "after_sensitive"), at(node, "sensitive_values")):
        values = _overlaid(values, hidden, HIDDEN)
    if not isinstance(values, Mapping):
        return None
    said = configured.get((_without_indexes(module), f"{kind}.{name}"))
    key = (text(at(said, "provider_config_key")) or "").rpartition(":")[2]
    return Resource(
        type=kind,
        name=name,
        address=address,
        body=values,
        heading=heading,
        document=document,
        module=module,
        refers=frozenset(_references(at(said, "expressions"))),
        provider=key or kind.partition("_")[0],
    )


def _overlaid(values: Node, marks: Node | None, instead: str) -> Node:
    """Give values in which a text stands for each that is marked with `true`, at the place of its mark."""
    if isinstance(marks, Scalar):
        return Scalar(instead, marks.text, marks.start, marks.end) if marks.value is True else values
    if isinstance(marks, Mapping) and isinstance(values, Mapping):
        members = dict(values.members)
        for each in marks.entries:
            old = members.get(each.key)
            if old is not None:
                members[each.key] = old._replace(value=_overlaid(old.value, each.value, instead))
            elif isinstance(each.value, Scalar) and each.value.value is True:
                members[each.key] = entry_at(each.key, _overlaid(each.value, each.value, instead))
        return values._replace(members=members)
    if isinstance(marks, Sequence) and isinstance(values, Sequence):
        known = (*marks.items, *(None for _ in values.items))
        return values._replace(
            items=tuple(_overlaid(each, known[index], instead) for index, each in enumerate(values.items))
        )
    return values


def _references(node: Node | None) -> Iterator[str]:
    if isinstance(node, Mapping):
        for each in node.entries:
            if each.key == "references":
                yield from filter(None, (_named(text(name) or "") for name in items(each.value)))
            else:
                yield from _references(each.value)
    for item in items(node):
        yield from _references(item)


def _named(reference: str) -> str:
    kind, _, rest = reference.partition(".")
    name = rest.partition(".")[0].partition("[")[0]
    return f"{kind}.{name}" if "_" in kind and name else ""


def _without_indexes(module: str) -> str:
    return ".".join(step.partition("[")[0] for step in module.split("."))


def _providers(root: Node) -> Iterator[Provider]:
    """Give the providers of the root, for every module that hands none on itself."""
    modules = {""} | {name for path in _ROOTS for name, _ in _planned(at(root, *path), "")}
    for each in entries(at(root, "configuration", "provider_config")):
        said = at(each.value, "expressions", "region")
        region = at(said, "constant_value")
        if region is None:
            names = [text(item) or "" for item in items(at(said, "references"))]
            region = next((at(root, "variables", name[4:], "value") for name in names if name.startswith("var.")), None)
        if said is not None and region is None:
            region = Scalar(UNKNOWN, said.text, said.start, said.end)
        for module in sorted(modules):
            yield Provider(each.key.rpartition(":")[2], module, region)
