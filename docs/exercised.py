"""The pages of the examples, and of the systems that examples and cases exercise.

An example says at its head what it shows and what comes of it; a case of `tests/acceptance/systems` says which controls
decide about a row of the catalogue, or about a published claim. Nothing is assessed here: tests hold that both are so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from psfpolicy import catalogue
from psfpolicy.loading import load
from psfpolicy.targets import Target

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
CASES = ROOT / "tests/acceptance/systems"
VERDICT = re.compile(r"(?:Passes|Fails) (?:baseline|standard|strict)\b.*")
GUARDED = ("inputs.guards", "outputs.guards")
NAMED_AT = {
    "models": ("model.id", "model.base.id", "vendor.fallbacks.model", *(f"{guards}.model" for guards in GUARDED)),
    "licences": ("model.licence.id",),
    "engines": ("serving.engine.name", "serving.orchestrator"),
    "decoding": ("outputs.constrainedDecoding.library",),
    "guards": ("data.pii.detector.name", *(f"{guards}.model" for guards in GUARDED)),
    "hosting": ("serving.hosting",),
    "platforms": ("serving.platform",),
    "accelerators": ("serving.accelerators.type",),
    "quantizations": ("model.quantization",),
    "regimes": ("regimes",),
    "transfers": ("data.transfers.mechanism",),
    "advisories": (),
}
"""Tables of systems, with the keys below `spec` where a descriptor names a row."""


class Example(NamedTuple):
    """A descriptor below `examples/`."""

    path: str
    """Below `examples/`, without the extension."""
    shows: str
    """The first sentence of its head."""
    verdict: str
    """The last paragraph of its head."""
    spec: Any
    """The descriptor's `spec`, merged over its bases."""


def examples() -> tuple[Example, ...]:
    """Give every example, by path.

    Raises:
        ValueError: One is not valid, or does not say what comes of it.
    """
    files = sorted(path for path in EXAMPLES.rglob("*.yaml") if path.parent.name not in {"invalid", "fixtures"})
    return tuple(_example(path) for path in files if "\nkind: LLMDeployment\n" in path.read_text())


def _example(path: Path) -> Example:
    loaded = load(Target(str(path), path.name, named=True, stream=False))
    (document,) = loaded.documents
    comment = re.findall(r"^#(?: (.*))?$", path.read_text().partition("\napiVersion")[0], re.MULTILINE)
    paragraphs = [" ".join(lines.split("\n")) for lines in "\n".join(comment[1:]).strip().split("\n\n")]
    shown = re.match(r"(.+?[^.]\.)(?= [A-Z]| https:|$)", paragraphs[0])
    if shown is None or not VERDICT.fullmatch(paragraphs[-1]):
        raise ValueError(f"{path}: its head says not what it shows, or not what comes of it")
    spec = document.data["spec"]  # type: ignore[index,call-overload]
    name = path.relative_to(EXAMPLES).with_suffix("").as_posix()
    return Example(name, shown[1], paragraphs[-1], spec)


def examples_page(found: tuple[Example, ...]) -> str:
    """Give the page of the examples: what each shows, and what comes of it."""
    lines = [
        "# Examples",
        "",
        "A folder for each kind of deployment that the source material names.",
        "Beside each descriptor is the whole output of `psfpolicy check` on it, at the gate that is named here.",
        "Some lie over a base that they share: see [environments](usage.md#environments).",
        "Which system each exercises: [systems](systems.md).",
        "",
        "| example | what it shows | what comes of it |",
        "|---|---|---|",
    ]
    lines += [f"| {_link(item.path)} | {_cell(item.shows)} | {_cell(item.verdict)} |" for item in found]
    return "\n".join([*lines, ""])


def systems_page(found: tuple[Example, ...], tables: dict[str, dict[str, Any]], titles: dict[str, str]) -> str:
    """Give the page of the systems: each row of the catalogue with the examples that name it and what decides about it.

    Args:
        found: The examples.
        tables: The rows of the catalogue by table and id.
        titles: What each table is called.
    """
    lines = [
        "# Systems",
        "",
        "Every system that the catalogue knows, with the [examples](examples.md) that name it, and the case for it.",
        "The cases, and what the controls say in them, are in [tests/acceptance/systems](../tests/acceptance/systems).",
        "A test holds that what they say depends on the row.",
        "The answers to what was published are at the [end](#published-claims).",
        "",
    ]
    for table, places in NAMED_AT.items():
        lines += [f"## {titles[table].capitalize()}", "", f"Rows with sources: [{table}](catalogue/{table}.md).", ""]
        lines += _rows(table, tables[table], {item.path: set(_names(item.spec, places)) for item in found})
    lines += ["## Published claims", "", "| claim | answer | with |", "|---|---|---|"]
    lines += [
        f"| {_cell(claim)} | {_decided(case)} | {_cell('; '.join(case.get('says', ())))} |"
        for claim, case in _cases("published").items()
    ]
    return "\n".join([*lines, ""])


def _rows(table: str, rows: dict[str, Any], named: dict[str, set[str]]) -> Iterator[str]:
    cases = _cases(table)
    yield "| system | examples | its case |"
    yield "|---|---|---|"
    for id_, row in rows.items():
        names = {id_, *row.get("aliases", ()), *row.get("repacks", ())}
        shown = ", ".join(_link(path) for path, said in named.items() if said & names)
        decided = _decided(cases[id_]) if table != "platforms" else f"can be {_listed(cases[id_]['hosting'])}"
        yield f"| {_cell(catalogue.title(row))} (`{id_}`) | {shown} | {decided} |"
    yield ""


def _cases(file: str) -> dict[str, Any]:
    written = yaml.safe_load((CASES / f"{file}.yaml").read_text())
    found: dict[str, Any] = written.get("cases", written)
    return found


def _decided(case: dict[str, Any]) -> str:
    return ", ".join(f"`{control}` {status}" for control, status in case["expect"].items())


def _names(spec: object, places: tuple[str, ...]) -> Iterator[str]:
    for place in places:
        yield from _at(spec, place.split("."))


def _at(value: Any, steps: list[str]) -> Iterator[str]:
    """Give the texts at a path of keys, through every item of the lists on the way."""
    if isinstance(value, list):
        for item in value:
            yield from _at(item, steps)
    elif not steps:
        yield str(value)
    elif isinstance(value, dict) and steps[0] in value:
        yield from _at(value[steps[0]], steps[1:])


def _link(path: str) -> str:
    return f"[{path}](../examples/{path}.yaml)"


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
