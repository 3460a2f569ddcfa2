"""Addresses of weights, as operators write them: `hf://org/model`, `pvc://claim/path`, `s3://bucket/path`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from psfpolicy.evidence.engines.table import hub
from psfpolicy.evidence.nodes import text
from psfpolicy.evidence.placeholders import placeholder_in
from psfpolicy.source import masked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psfpolicy.evidence.base import Origin
    from psfpolicy.model.fact import Fact
    from psfpolicy.model.place import JsonValue
    from psfpolicy.source import Node

MODEL = "spec.model.id"
REVISION = "spec.model.revision"
SOURCE = "spec.model.weights.source"
ADDRESS = "spec.model.weights.uri"
ADAPTERS = "spec.model.adapters"

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_NAMELESS = "the weights come from an address, which names no model"


def address_facts(written: Node, origin: Origin) -> Iterator[Fact]:
    """Give what the address of a model says: where its weights come from, and of a hub which model it is."""
    word = text(written) or ""
    placeholder = placeholder_in(word)
    if placeholder or not word:
        reason = f"`{placeholder}` is filled in elsewhere" if placeholder else "the address is empty"
        for path in (MODEL, SOURCE):
            yield origin.inconclusive(path, written, reason)
        return
    if not _SCHEME.match(word):
        yield from _plain(word, written, origin)
        return
    scheme, _, rest = word.partition("://")
    name, _, revision = rest.partition(":")
    source = hub()["schemes"].get(scheme.lower())
    if source == "hub" and _HUB_ID.fullmatch(name):
        yield origin.fact(MODEL, name, written, shown=word)
        yield origin.fact(SOURCE, "hub", written, shown=word)
        yield _revision(revision, written, origin, word)
        return
    # What stands behind a question mark may be a signature that lets anybody in.
    shown = masked(word.partition("?")[0])
    host = rest.partition("/")[0].rpartition("@")[2].partition(":")[0].lower()
    source = source or hub()["hosts"].get(host)
    yield origin.fact(ADDRESS, shown, written)
    if source is not None:
        yield origin.fact(SOURCE, source, written, shown=shown)
    elif scheme.lower() in {"http", "https"}:
        yield origin.inferred(SOURCE, "mirror", written, f"`{host[:80]}` is no hub that is known", shown=shown)
    else:
        yield origin.inconclusive(SOURCE, written, f"`{scheme[:20]}://` is no scheme that is known", shown=shown)
    yield origin.inconclusive(MODEL, written, _NAMELESS, shown=shown)


def adapter(name: Node | None, address: Node | None) -> dict[str, JsonValue]:
    """Give an adapter as the descriptor's list has it; of a hub's address the name on the hub."""
    found: dict[str, JsonValue] = {}
    if text(name):
        found["name"] = text(name)
    word = text(address) or ""
    if word and not placeholder_in(word):
        scheme, separator, rest = word.partition("://")
        on_hub = separator and hub()["schemes"].get(scheme.lower()) == "hub"
        plain, _, revision = rest.partition(":") if on_hub else (word.partition("?")[0], "", "")
        found["source"] = masked(plain)
        if revision:
            found["revision"] = revision
    return found


def _plain(word: str, written: Node, origin: Origin) -> Iterator[Fact]:
    if _HUB_ID.fullmatch(word):
        yield origin.fact(MODEL, word, written)
        yield origin.fact(SOURCE, "hub", written, shown=word)
    else:
        yield origin.inconclusive(MODEL, written, f"`{masked(word)[:80]}` names no model of a hub")
        yield origin.inconclusive(SOURCE, written, f"`{masked(word)[:80]}` is no address")


def _revision(revision: str, written: Node, origin: Origin, shown: str) -> Fact:
    if revision:
        return origin.fact(REVISION, revision, written, shown=shown)
    branch = hub()["default_revision"]
    return origin.inferred(REVISION, branch, written, "the address names no revision", shown=shown)
