"""From the reference of an image to the engine in it and its version."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from psfpolicy.evidence.engines.expansion import left_open
from psfpolicy.evidence.tables import table
from psfpolicy.source import masked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import Place
    from psfpolicy.source import Node


class Image(NamedTuple):
    """What the reference of an image says."""

    reference: str
    repository: str
    """With its registry, without tag and digest: `docker.io/vllm/vllm-openai`."""
    tag: str
    """Empty where there is none."""
    digest: str
    """`sha256:…`; empty where there is none."""
    unresolved: str
    """The variable or template in it; empty where there is none."""
    engine: str = ""
    """As the descriptor names it; empty where it is not known to serve a model."""
    engine_doubt: str = ""
    """Why the engine is only inferred."""
    version: str = ""
    """The engine's; empty where it is not known."""
    version_doubt: str = ""
    """Why the version is only inferred, or where it is empty, why it is not known."""
    is_server: bool = False
    """Its entry point is the engine's server."""
    is_own: bool = False
    """It is the image of the engine's makers, in the registry where they publish it."""
    table: str = ""
    """The table of its flags, where the engine's name does not lead to it."""
    model: str = ""
    """The model that it is made for."""


@lru_cache(maxsize=1_024)
def image(reference: str) -> Image:
    """Read the reference of an image, `registry/path:tag@sha256:…`; its parts may be missing or templates."""
    found = _split(reference)
    if found.unresolved and left_open(found.repository.rpartition("/")[2]):
        return _by_variable(found)
    for row in table("images")["images"]:
        exact, mirrored = _fits(row["image"], found.repository)
        if exact or mirrored:
            return _known(found, row, is_own=exact)
    return _by_name(found)


def image_facts(reference: str, where: Node | Place, origin: Origin) -> Iterator[Fact]:
    """Give what an image says of the engine: its name, its version and the image itself.

    Args:
        reference: As it is written; `repository:tag` where a chart's values say the two apart.
        where: What says it.
        origin: What is read.
    """
    found = image(reference)
    shown = masked(reference)
    if found.unresolved:
        reason = f"`{masked(found.unresolved)}` in the image is not known"
        yield origin.inconclusive("spec.serving.engine.image", where, reason, shown=shown)
    else:
        yield origin.fact("spec.serving.engine.image", shown, where)
    if found.engine and found.engine_doubt:
        yield origin.inferred("spec.serving.engine.name", found.engine, where, found.engine_doubt, shown=shown)
    elif found.engine:
        yield origin.fact("spec.serving.engine.name", found.engine, where, shown=shown)
    if found.engine and not found.version:
        yield origin.inconclusive("spec.serving.engine.version", where, found.version_doubt, shown=shown)
    elif found.engine and found.version_doubt:
        yield origin.inferred("spec.serving.engine.version", found.version, where, found.version_doubt, shown=shown)
    elif found.engine:
        yield origin.fact("spec.serving.engine.version", found.version, where, shown=shown)


def _split(reference: str) -> Image:
    name, _, digest = reference.strip().partition("@")
    # A colon inside of `${A:-b}` and the one before a registry's port are not the tag's.
    found = _TAG.search(name)
    repository, tag = (name[: found.start()], found["tag"]) if found else (name, "")
    first, slash, _ = repository.partition("/")
    if not slash or not (set(first) & set(".:$<{") or first == "localhost"):
        repository = f"docker.io/{repository}"
    repository = repository.replace("index.docker.io/", "docker.io/", 1).replace("docker.io/library/", "docker.io/", 1)
    return Image(reference, repository, tag, digest, left_open(reference))


def _fits(pattern: str, repository: str) -> tuple[bool, bool]:
    """Say whether a repository is the one of a pattern, and whether it is the same name in another registry."""
    if pattern.endswith("*"):
        start = pattern.removesuffix("*")
        inner = start.partition("/")[2]
        return repository.startswith(start), bool(inner) and inner.count("/") > 0 and f"/{inner}" in repository
    exact = repository == pattern
    return exact, not exact and repository.endswith("/" + pattern.partition("/")[2])


def _known(found: Image, row: dict[str, Any], *, is_own: bool) -> Image:
    name = f"{found.repository}:{found.tag}"
    elsewhere = "" if is_own else f"the image has the name of `{row['image']}` in another registry"
    model = re.search(row["model"], found.repository) if "model" in row else None
    version, doubt = "", _no_version(found)
    if "counts" in row:
        doubt = f"the image's tags count {row['counts']}, not the engine"
        version, doubt = _embedded(found, row["engine"]) or (version, doubt)
    elif "version" in row and not left_open(found.tag):
        match = re.search(row["version"], name)
        if match:
            parts = match.groupdict()
            version = parts.get("version") or f"{parts['major']}.{parts['minor']}"
            doubt = elsewhere
    return found._replace(
        engine=row["engine"],
        engine_doubt=elsewhere,
        version=version,
        version_doubt=doubt,
        is_server=bool(row.get("server")) or bool(re.search(row.get("server_tag", "^$(?!)"), found.tag)),
        is_own=is_own,
        table=row.get("table", ""),
        model=model["model"] if model else "",
    )


def _by_name(found: Image) -> Image:
    last = found.repository.rpartition("/")[2].lower()
    if set(_PART.split(last)) & set(table("images")["others"]):
        return found
    engine = next((engine for name, engine in table("images")["names"].items() if name in last), "")
    if not engine:
        return found
    doubt = "the engine follows from the name of an image that is not its makers'"
    embedded = _embedded(found, engine)
    tagged = _RELEASE.match(found.tag)
    if embedded is None and tagged and not found.unresolved:
        embedded = tagged["version"], "the version is the tag of an image that is not the engine's own"
    version, reason = embedded or ("", _no_version(found))
    return found._replace(engine=engine, engine_doubt=doubt, version=version, version_doubt=reason)


def _by_variable(found: Image) -> Image:
    parts = set(_PART.split(found.reference.lower()))
    engine = next((engine for name, engine in table("images")["variables"].items() if name in parts), "")
    if not engine or parts & set(table("images")["others"]):
        return found
    doubt = "the engine follows from the name of a variable in the image"
    return found._replace(engine=engine, engine_doubt=doubt, version_doubt=_no_version(found))


def _embedded(found: Image, engine: str) -> tuple[str, str] | None:
    pattern = table("images")["versions"].get(engine)
    match = re.search(pattern, f"{found.repository.rpartition('/')[2]}:{found.tag}") if pattern else None
    return (match["version"], "the version stands in the image's name") if match else None


def _no_version(found: Image) -> str:
    if left_open(found.tag):
        return f"`{masked(left_open(found.tag))}` in the image is not known"
    if not found.tag:
        return "the image has a digest and no tag" if found.digest else "the image has no tag, so the version floats"
    return f"the tag `{masked(found.tag)}` names no version"


_TAG = re.compile(r":(?P<tag>[^:/@]*(?:\$\{[^}]*\}[^:/@]*)*)$")
_PART = re.compile(r"[^a-z0-9]+")
_RELEASE = re.compile(r"v?(?P<version>\d+\.\d+\.\d+(?:\.\d+)?)(?![\d.])")
