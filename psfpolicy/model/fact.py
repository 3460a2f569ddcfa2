"""A fact: what a manifest shows of a deployment, in the words of the descriptor, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from psfpolicy.model.place import JsonValue, Path, Place

Certainty: TypeAlias = Literal["certain", "inferred", "inconclusive"]
"""`certain`: the manifest says so. `inferred`: it follows by a rule that may be wrong. `inconclusive`: the manifest
bears on the question and does not decide it (a template, a variable, an object that is not there)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that a manifest shows, at its place."""

    path: Path
    """Where the descriptor says it: `("spec", "model", "remoteCode")`; of an item of a list, the list's path."""
    value: JsonValue
    """What the descriptor would say there, of the type that its schema has for the path. Where
    inconclusive, None, or of an item what tells it from others."""
    item: bool = False
    """The value is one item of the list at the path, and says nothing of its other items."""
    certainty: Certainty = "certain"
    reason: str = ""
    """Why it is only inferred, or not decided; empty where it is certain. No line break."""
    place: Place
    """Where it is written: the argument, the variable, the key."""
    document: int
    """0-based number of the document in its file."""
    subject: str
    """The thing that it was read from, for people: `Deployment llm/vllm, container vllm`."""
    workload: str = ""
    """The serving workload that it is about, the same text for all facts about one; empty where it is about no one."""
    reader: str
    """Name of the reader."""
    shown: str = ""
    """What is written there, for people: `--trust-remote-code`; empty where the value says it. Never a secret."""
