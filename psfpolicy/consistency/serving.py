"""What is said to run here, and what the catalogue knows to run at its maker alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psfpolicy import catalogue
from psfpolicy.mistake import Mistake, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from psfpolicy.consistency.view import View
    from psfpolicy.model.place import JsonValue, Path

_SERVING = ("spec", "serving")


def hosted_models_run_at_their_maker(view: View) -> Iterator[Mistake]:
    """Find a model that its maker's API alone offers, and that is said to run on the team's own engine."""
    hosting = view.at(*_SERVING, "hosting")
    model = view.at("spec", "model", "id")
    ours = catalogue.rows("hosting").get(str(hosting), {}).get("self_run")
    if ours and isinstance(model, str) and _offered(model, view):
        says = f"is {shown(model)}, which its maker's API alone offers, but `spec.serving.hosting` is {shown(hosting)}"
        hint = "write the `hosting` of that API, or the model that runs here"
        yield Mistake(("spec", "model", "id"), "contradiction", says, hint)
    for path, fallback in view.items("spec", "vendor", "fallbacks"):
        name = fallback.get("model")
        if isinstance(name, str) and _offered(name, view):
            yield from _said_ours(path, fallback, f"{shown(name)} is offered by its maker's API alone")


def services_run_at_their_provider(view: View) -> Iterator[Mistake]:
    """Find a guard or detector that is somebody's service, and that is said to be run by the team itself."""
    detector = view.at("spec", "data", "pii", "detector")
    things: list[tuple[Path, dict[str, JsonValue], str]] = [
        (path, guard, "model")
        for section in (("spec", "inputs", "guards"), ("spec", "outputs", "guards"))
        for path, guard in view.items(*section)
    ]
    if isinstance(detector, dict):
        things.append((("spec", "data", "pii", "detector"), detector, "name"))
    for path, thing, key in things:
        name = thing.get(key)
        row = _row("guards", name, view) if isinstance(name, str) else {}
        if row.get("hosting") == "third-party":
            yield from _said_ours(path, thing, f"{shown(name)} is a service of {row.get('operator', 'its provider')}")


def _said_ours(path: Path, thing: Mapping[str, JsonValue], why: str) -> Iterator[Mistake]:
    for key in ("hosting", "operator"):
        if thing.get(key) == "self":
            hint = "write `hosting: third-party`" if key == "hosting" else "name the party that runs it"
            yield Mistake((*path, key), "contradiction", f"is `self`, but {why}", hint)


def _offered(name: str, view: View) -> bool:
    row = _row("models", name, view)
    return row.get("hosted") is True and "licence" not in row


def _row(table: str, name: str, view: View) -> Mapping[str, JsonValue]:
    id_ = catalogue.resolved(table, name, view.own)
    return {} if id_ is None else catalogue.rows(table, view.own)[id_]
