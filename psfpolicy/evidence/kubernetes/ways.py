"""Ways by which clients reach a model, and what is said of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from psfpolicy.evidence.nodes import at, entries, entry, text
from psfpolicy.evidence.tables import table

if TYPE_CHECKING:
    from psfpolicy.evidence.kubernetes.serving import Server
    from psfpolicy.evidence.project import Object
    from psfpolicy.model.place import JsonValue, Place
    from psfpolicy.source import Node


class Said(NamedTuple):
    """What a manifest says of one question."""

    value: JsonValue
    """None where it does not decide."""
    where: Node | Place
    reason: str = ""
    """Why it is not certain, or not decided; empty where it is certain."""
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way by which clients reach a model."""

    item: Object
    """The object that opens it."""
    server: Server
    """What is reached."""
    exposure: Said
    """`cluster`, `private` or `public`."""
    tls: Said | None = None
    """Whether it is encrypted; None where that is decided elsewhere."""
    gateway: Said | None = None
    """What stands there before the engine."""
    authentication: Said | None = None
    """How clients show who they are; None where that is decided elsewhere."""


def annotation(item: Object, key: str) -> Node | None:
    """Give the value of an annotation of an object."""
    return at(item.node, "metadata", "annotations", key)


def annotated(holder: Node | None, block: str) -> Said | None:
    """Give the exposure that a known annotation states.

    Args:
        holder: What has `annotations`: the metadata of an object, or a Gateway's `infrastructure`.
        block: The block of the table that knows them.
    """
    for row in table("exposure")[block]["rows"]:
        node = at(holder, "annotations", row["annotation"])
        written = text(node)
        if node is None or not written:
            continue
        if "value" not in row or written.strip().lower() == row["value"]:
            return Said(row["exposure"], node, shown=f"{row['annotation']}: {written}")
    return None


def certificate(item: Object) -> Said | None:
    """Give the annotation by which an object gets a certificate."""
    for key in table("exposure")["certificates"]["rows"]:
        node = annotation(item, key)
        if node is not None and text(node):
            return Said(value=True, where=node, shown=key)
    return None


def other_certificate(item: Object) -> Said | None:
    """Give an annotation that is not known and speaks of certificates."""
    for each in entries(at(item.node, "metadata", "annotations")):
        name = each.key.rpartition("/")[2].lower()
        if any(word in name for word in ("cert", "ssl", "tls")) and "redirect" not in name:
            return Said(None, each.value, f"the annotation `{each.key}` may give it a certificate")
    return None


def key_place(node: Node, key: str) -> Node | Place:
    """Give the place of a key, where something is missing below it; else of the node."""
    found = entry(node, key)
    return node if found is None else found.key_place
