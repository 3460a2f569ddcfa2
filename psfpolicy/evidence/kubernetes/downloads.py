"""Commands that fetch weights: what they fetch, where from, and which revision."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.evidence.engines.shell import statements
from psfpolicy.evidence.inside import Stretches
from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.container import Container
    from psfpolicy.model.place import Place

_CALL = re.compile(r"\b(\w{1,40})\(\s{0,40}(?:repo_id\s{0,10}=\s{0,10})?[\"']([^\"'\n]{1,200})[\"']")
_ADDRESS = re.compile(r"([a-z0-9]{1,8})://([^\s/?#]{0,255})")
_REVISION = "--revision"


class Said(NamedTuple):
    """A word of a command."""

    text: str
    place: Place
    unresolved: str


class Download(NamedTuple):
    """Weights that are fetched."""

    source: str
    """As the descriptor has it: `hub`, `mirror`, `local`; empty where it is not known."""
    place: Place
    """What shows it."""
    model: Said | None = None
    """The model's name on its hub."""
    revision: Said | None = None
    address: Said | None = None
    tls: bool | None = None


def downloads(container: Container) -> Iterator[Download]:
    """Give what a container fetches that are weights; one of which only the name says so, without where from."""
    found = False
    for command in commands(container):
        for download in _of(command):
            found = True
            yield download
    named = f"{container.name} {container.image.value if container.image else ''}".lower()
    if not found and any(word in named for word in _rows("names")):
        yield Download("", container.image.place if container.image else container.place)


def _rows(block: str) -> list[str]:
    rows: list[str] = table("downloads")[block]["rows"]
    return rows


def commands(container: Container) -> Iterator[tuple[Said, ...]]:
    """Give the commands of a container: those of its script, or else its command line."""
    if container.script is not None:
        places = Stretches(container.script)
        for statement in statements(str(container.script.value), container.variables):
            yield tuple(
                Said(
                    word.text,
                    places.place(word.start, word.end)
                    if word.start >= 0 and not word.variable
                    else container.script.place,
                    word.unresolved,
                )
                for word in statement.words
            )
        return
    words = (*(container.command or ()), *(container.arguments or ()))
    yield tuple(Said(word.text, word.place, word.unresolved) for word in words)


def _of(command: tuple[Said, ...]) -> Iterator[Download]:
    names = [word.text.rpartition("/")[2] for word in command]
    for row in table("downloads")["hubs"]["rows"]:
        if row["program"] in names and row["verb"] in names:
            yield _from_hub(command, names.index(row["verb"]), row.get("option", ""))
            return
    for word in command:
        for call, model in _CALL.findall(word.text):
            if call in _rows("calls"):
                yield Download("hub", word.place, Said(model, word.place, ""))
                return
    programs = table("downloads")["copies"]["rows"]
    fetches = any(name in programs["weights"] for name in names[:3])
    anything = any(name in programs["anything"] for name in names[:3])
    initializes = not fetches and not anything and len(command) in {1, 2} and "://" in command[0].text
    if fetches or anything or initializes:
        yield from _copied(command, names, strict=anything and not fetches)


def _from_hub(command: tuple[Said, ...], verb: int, option: str) -> Download:
    after = command[verb + 1 :]
    model = _option(after, option) if option else None
    if model is None and after and not after[0].text.startswith("-"):
        model = after[0]
    return Download("hub", (model or command[verb]).place, model, _option(after, _REVISION))


def _option(words: tuple[Said, ...], name: str) -> Said | None:
    """Give the value of an option, the last where it is repeated."""
    found: Said | None = None
    for index, word in enumerate(words):
        if word.text == name and index + 1 < len(words):
            found = words[index + 1]
        elif word.text.startswith(f"{name}="):
            found = word._replace(text=word.text[len(name) + 1 :])
    return found


def _copied(command: tuple[Said, ...], names: list[str], *, strict: bool) -> Iterator[Download]:
    for word in command:
        address = _ADDRESS.match(word.text)
        if address is None or address[1] not in table("downloads")["schemes"]["rows"]:
            continue
        hub = address[2].lower() in _rows("hosts") or address[1] == "hf"
        weights = word.text.partition("?")[0].lower().endswith(tuple(_rows("endings")))
        if strict and not weights and not (hub and "git" in names):
            continue
        row = table("downloads")["schemes"]["rows"][address[1]]
        model = None
        if hub:
            parts = word.text.removeprefix(address[0]).strip("/").split("/") if address[1] != "hf" else ()
            name = "/".join(parts[:2]) if parts else word.text.removeprefix("hf://")
            model = word._replace(text=name.removesuffix(".git")) if "/" in name else None
        yield Download("hub" if hub else row["source"], word.place, model, None, word, row.get("tls"))
        return
