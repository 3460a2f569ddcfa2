"""What tells two bundles apart: controls, their code, rows, packs; what they answer is for those who ask them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from psfpolicy.bundles.reading import Bundle


@dataclass(frozen=True, slots=True)
class ChangedControl:
    """A control that is in both bundles, and is not the same in them."""

    id: str
    metadata: tuple[str, ...]
    """Keys of its row that differ: `severity`."""
    code: bool
    """Whether its own Rego differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What the second of two bundles has that the first has not, and the other way round."""

    added: tuple[str, ...]
    """Ids of controls."""
    removed: tuple[str, ...]
    changed: tuple[ChangedControl, ...]
    sources: tuple[str, ...]
    """Files of Rego that are no control's own, and differ, likewise: any control may rest on them."""
    rows: tuple[str, ...]
    """Rows of the catalogue that differ, likewise."""
    packs: tuple[str, ...]
    """Packs that differ, with their versions: `+bank 1.0.0`, `-…` and `~…`."""

    @property
    def empty(self) -> bool:
        """Nothing tells them apart."""
        return not any((self.added, self.removed, self.changed, self.sources, self.rows, self.packs))


def difference(before: Bundle, after: Bundle) -> Difference:
    """Give what tells two bundles apart."""
    was = {row["id"]: row for row in before.controls}
    now = {row["id"]: row for row in after.controls}
    own = {_source(row) for row in (*was.values(), *now.values())}
    changed = []
    for id_ in sorted(was.keys() & now.keys()):
        keys = sorted(key for key in was[id_].keys() | now[id_].keys() if was[id_].get(key) != now[id_].get(key))
        code = before.sources.get(_source(was[id_])) != after.sources.get(_source(now[id_]))
        if keys or code:
            changed.append(ChangedControl(id_, tuple(keys), code))
    shared = [{name: bundle.sources[name] for name in bundle.sources.keys() - own} for bundle in (before, after)]
    return Difference(
        added=tuple(sorted(now.keys() - was.keys())),
        removed=tuple(sorted(was.keys() - now.keys())),
        changed=tuple(changed),
        sources=_signed(*shared),
        rows=_signed(_rows(before), _rows(after)),
        packs=_signed(_packs(before), _packs(after)),
    )


def _source(row: Mapping[str, Any]) -> str:
    return str(row["file"]).removeprefix("rego/")


def _rows(bundle: Bundle) -> dict[str, Any]:
    tables = json.loads(bundle.files["data.json"]).get("psfpolicy", {}).get("catalogue", {})
    return {f"{table}/{id_}": row for table, rows in tables.items() for id_, row in rows.items()}


def _packs(bundle: Bundle) -> dict[str, Any]:
    return {f"{pack['name']} {pack['version']}": pack["digest"] for pack in bundle.packs}


def _signed(was: Mapping[str, Any], now: Mapping[str, Any]) -> tuple[str, ...]:
    """Give what was added, removed and changed, each with its sign, by name."""
    found = [(name, "+" if name not in was else "-" if name not in now else "~") for name in was.keys() | now.keys()]
    return tuple(f"{sign}{name}" for name, sign in sorted(found) if sign != "~" or was[name] != now[name])
