"""Names: used once in a list, and declared where they are referred to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy import resources
from psfpolicy.mistake import Mistake, shown
from psfpolicy.suggest import listed, meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from psfpolicy.consistency.view import View
    from psfpolicy.model.place import JsonValue, Path

SELF = "self"
"""The party that the deploying organisation is; it is never declared."""
CONSTRAINED_DECODING = "constrainedDecoding"
"""What a sink names in `via` when constrained decoding stands before it."""


def used_once(view: View) -> Iterator[Mistake]:
    """Find names (or ids) that two items of one list have: they name the item in paths, waivers and comparisons."""
    for path, items in view.lists:
        seen: dict[str, Path] = {}
        for index, item in enumerate(items):
            key, name = _name(item)
            if name in seen:
                message = f"the {key} {shown(name)} is used twice in `{view.named(path)}`"
                hint = "give each item one of its own"
                yield Mistake((*path, index, key), "duplicate-name", message, hint, first=seen[name])
            elif name is not None:
                seen[name] = (*path, index, key)


def not_reserved(view: View) -> Iterator[Mistake]:
    """Find declared names that already mean something else."""
    for path, party in view.items("spec", "parties"):
        if party.get("id") == SELF:
            message = "`self` is the deploying organisation and cannot be the id of another party"
            yield Mistake((*path, "id"), "reserved-name", message, "give the party an id of its own")
    for section in ("guards", "validators"):
        for path, item in view.items("spec", "outputs", section):
            if item.get("name") == CONSTRAINED_DECODING:
                message = "`constrainedDecoding` in the `via` of a sink means constrained decoding, and cannot be a name"
                yield Mistake((*path, "name"), "reserved-name", message, "give it a name of its own")


def parties_declared(view: View) -> Iterator[Mistake]:
    """Find operators, and the other sides of agreements and transfers, that are no declared party."""
    parties = view.names("spec", "parties")
    hint = "declare it in `spec.parties`: `{id: …, name: …, jurisdiction: …}`"
    yield from _unresolved(view.texts("operator"), (*parties, SELF), "a party of this document", hint)
    others = [(path, value) for path, value in view.texts("with", "to") if _names_other_party(path)]
    yield from _unresolved(others, parties, "a party of this document", hint)


def alerts_declared(view: View) -> Iterator[Mistake]:
    """Find references to an alert that is not in `observability.alerts`."""
    alerts = view.names("spec", "observability", "alerts")
    hint = "declare it in `spec.observability.alerts`: `{name: …, signal: abuse, owner: …}`"
    yield from _unresolved(view.texts("abuseAlert"), alerts, "an alert of `spec.observability.alerts`", hint)


def sinks_resolved(view: View) -> Iterator[Mistake]:
    """Find sinks that receive output through something that `outputs` does not declare."""
    declared = (*view.names("spec", "outputs", "guards"), *view.names("spec", "outputs", "validators"))
    hint = "declare it in `spec.outputs.guards` or `spec.outputs.validators`, or write `constrainedDecoding`"
    known = (*declared, CONSTRAINED_DECODING)
    yield from _unresolved(view.texts("via"), known, "a guard or validator of `spec.outputs`", hint)


def regimes_known(view: View) -> Iterator[Mistake]:
    """Find regimes that the catalogue does not have."""
    known = tuple(resources.catalogue("regimes"))
    written = ((path, value) for path, value in view.texts("regimes") if path[:-1] == ("spec", "regimes"))
    yield from _unresolved(written, known, "a regime of the catalogue", f"the catalogue knows {listed(known, last='and')}")


def _names_other_party(path: Path) -> bool:
    return path[-1] == "with" or path[:3] == ("spec", "data", "transfers")


def _unresolved(written: Iterable[tuple[Path, str]], known: tuple[str, ...], what: str, hint: str) -> Iterator[Mistake]:
    for path, name in written:
        if name not in known:
            likely = meant(name, known)
            suggestion = f"did you mean {listed(likely)}?" if likely else hint
            yield Mistake(path, "unknown-name", f"{shown(name)} is not {what}", suggestion)


def _name(item: JsonValue) -> tuple[str, str | None]:
    for key in ("name", "id"):
        name = item.get(key) if isinstance(item, dict) else None
        if isinstance(name, str):
            return key, name
    return "name", None
