"""Names: used once in a list, and declared where they are referred to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy import catalogue
from psfpolicy.mistake import Mistake, shown
from psfpolicy.suggest import listed, meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from psfpolicy.consistency.view import View
    from psfpolicy.model.place import Path

SELF = "self"
"""The party that the deploying organisation is; it is never declared."""
CONSTRAINED_DECODING = "constrainedDecoding"
"""What a sink names in `via` when constrained decoding stands before it."""

_DECLARE_PARTY = "declare it in `spec.parties`: `{id: …, name: …, jurisdiction: …}`"


def used_once(view: View) -> Iterator[Mistake]:
    """Find names and ids that two items of one list have: they name the item in paths, waivers and comparisons."""
    for path, items in view.lists:
        seen: dict[tuple[str, str], Path] = {}
        for index, item in enumerate(items):
            for key in ("name", "id"):
                name = item.get(key) if isinstance(item, dict) else None
                if not isinstance(name, str):
                    continue
                place = (*path, index, key)
                first = seen.setdefault((key, name), place)
                if first != place:
                    says = f"has the {key} {shown(name)} twice"
                    yield Mistake(
                        place, "duplicate-name", says, "give each item one of its own", about=path, first=first
                    )


def not_reserved(view: View) -> Iterator[Mistake]:
    """Find declared names that already mean something else."""
    for path, party in view.items("spec", "parties"):
        if party.get("id") == SELF:
            says = "is `self`, which is the deploying organisation"
            yield Mistake((*path, "id"), "reserved-name", says, "give another party an id of its own")
    for section in ("guards", "validators"):
        for path, item in view.items("spec", "outputs", section):
            if item.get("name") == CONSTRAINED_DECODING:
                says = "is `constrainedDecoding`, which means constrained decoding in the `via` of a sink"
                yield Mistake((*path, "name"), "reserved-name", says, "give it another name")


def operators_declared(view: View) -> Iterator[Mistake]:
    """Find operators that are neither a declared party nor `self`."""
    known = (*view.declared("id", "spec", "parties"), SELF)
    yield from _unresolved(view.texts("operator"), known, "a party of this document", _DECLARE_PARTY)


def contract_parties_declared(view: View) -> Iterator[Mistake]:
    """Find the other sides of agreements and transfers that are no declared party."""
    sides = [((*path, "with"), item.get("with")) for path, item in view.items("spec", "vendor", "agreements")]
    sides += [((*path, "to"), item.get("to")) for path, item in view.items("spec", "data", "transfers")]
    written = ((path, name) for path, name in sides if isinstance(name, str))
    known = view.declared("id", "spec", "parties")
    yield from _unresolved(written, known, "a party of this document", _DECLARE_PARTY)


def alerts_declared(view: View) -> Iterator[Mistake]:
    """Find references to an alert that is not in `observability.alerts`."""
    known = view.declared("name", "spec", "observability", "alerts")
    hint = "declare it in `spec.observability.alerts`: `{name: …, signal: abuse, owner: …}`"
    yield from _unresolved(view.texts("abuseAlert"), known, "an alert of `spec.observability.alerts`", hint)


def sinks_resolved(view: View) -> Iterator[Mistake]:
    """Find sinks that receive output through something that `outputs` does not declare."""
    guards = view.declared("name", "spec", "outputs", "guards")
    validators = view.declared("name", "spec", "outputs", "validators")
    known = (*guards, *validators, CONSTRAINED_DECODING)
    hint = "declare it in `spec.outputs.guards` or `spec.outputs.validators`, or write `constrainedDecoding`"
    yield from _unresolved(view.texts("via"), known, "a guard or validator of `spec.outputs`", hint)


def regimes_known(view: View) -> Iterator[Mistake]:
    """Find regimes that the catalogue does not have."""
    known = tuple(catalogue.rows("regimes", view.own))
    regimes = view.at("spec", "regimes")
    written = [
        (("spec", "regimes", index), name)
        for index, name in enumerate(regimes if isinstance(regimes, list) else ())
        if isinstance(name, str)
    ]
    yield from _unresolved(written, known, "a regime of the catalogue", f"it knows {listed(known, last='and')}")


def _unresolved(written: Iterable[tuple[Path, str]], known: tuple[str, ...], what: str, hint: str) -> Iterator[Mistake]:
    declared = frozenset(known)
    for path, name in written:
        if name not in declared:
            likely = meant(name, known)
            says = f"is {shown(name)}, which is not {what}"
            yield Mistake(path, "unknown-name", says, f"did you mean {listed(likely)}?" if likely else hint)
