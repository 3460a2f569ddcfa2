"""Strategic merge patches: maps merge, lists of named things merge by the name that their kind has, others replace.

The keys by which lists merge are the `patchMergeKey`s of the Kubernetes API, version 1.31.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy.evidence.edits import replaced_items, without
from psfpolicy.evidence.nodes import at, text
from psfpolicy.source import Entry, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from psfpolicy.source import Node

_DIRECTIVE = "$patch"
_IDENTITY = frozenset({"apiVersion", "kind"})
_KEYS = {
    "containers": ("name",),
    "env": ("name",),
    "ephemeralContainers": ("name",),
    "hostAliases": ("ip",),
    "imagePullSecrets": ("name",),
    "initContainers": ("name",),
    "ports": ("containerPort", "port"),
    "topologySpreadConstraints": ("topologyKey",),
    "volumeDevices": ("devicePath",),
    "volumeMounts": ("mountPath",),
    "volumes": ("name",),
}


class CannotBeMergedError(Exception):
    """A patch uses a directive that is not applied here."""


def merged(base: Node, patch: Node, *, known: bool) -> Node | None:
    """Lay a strategic merge patch over an object; None where it deletes the object.

    Args:
        base: The object.
        patch: The patch.
        known: The kind is one of the Kubernetes API, whose lists merge by key; those of any other kind replace.

    Raises:
        CannotBeMergedError: It holds a directive that is not applied here.
    """
    return _merged(base, patch, "", known=known)


def _merged(base: Node | None, patch: Node, field: str, *, known: bool) -> Node | None:
    if isinstance(patch, Mapping):
        directive = text(at(patch, _DIRECTIVE))
        if directive == "delete":
            return None
        if directive == "replace":
            return without(patch, _DIRECTIVE)
        if directive not in {None, "merge"} or any(key.startswith("$") and key != _DIRECTIVE for key in patch.members):
            raise CannotBeMergedError
        return _merged_map(base if isinstance(base, Mapping) else None, patch, known=known)
    if isinstance(patch, Sequence) and isinstance(base, Sequence) and known and field in _KEYS:
        return _merged_list(base, patch, field)
    return patch


def _merged_map(base: Mapping | None, patch: Mapping, *, known: bool) -> Mapping:
    members: dict[str, Entry] = dict(base.members) if base else {}
    for key, entry in patch.members.items():
        if key == _DIRECTIVE:
            continue
        old = members.get(key)
        if isinstance(entry.value, Scalar) and entry.value.value is None:
            members.pop(key, None)
            continue
        value = _merged(old.value if old else None, entry.value, key, known=known)
        if value is None:
            members.pop(key, None)
        elif old is not None and isinstance(value, Mapping) and isinstance(old.value, Mapping):
            # A map that both write keeps the key that the base has: that is where the object is.
            members[key] = old._replace(value=value)
        elif key not in _IDENTITY or old is None:
            members[key] = entry._replace(value=value)
    return (base or patch)._replace(members=members)


def _merged_list(base: Sequence, patch: Sequence, field: str) -> Sequence:
    if any(
        _DIRECTIVE in item.members and _name(item, field) is None for item in patch.items if isinstance(item, Mapping)
    ):
        raise CannotBeMergedError
    over = {_name(item, field): item for item in patch.items}
    kept: list[Node] = []
    known: set[str | None] = set()
    for item in base.items:
        name = _name(item, field)
        known.add(name)
        value = _merged(item, over[name], "", known=True) if name is not None and name in over else item
        kept += [value] if value is not None else []
    # What only the patch has comes first, as kustomize puts it.
    new = [_merged(None, item, "", known=True) for item in patch.items if _name(item, field) not in known]
    return replaced_items(base, [*(item for item in new if item is not None), *kept])


def _name(item: Node, field: str) -> str | None:
    for key in _KEYS[field]:
        found = text(at(item, key))
        if found is not None:
            return found
    return None
