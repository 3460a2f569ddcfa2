"""A guard: what reads inputs or outputs and acts on what it detects."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from psfpolicy.model.closed import Many, Text
from psfpolicy.model.descriptor.flow import Flow

Detection: TypeAlias = Literal[
    "injection", "jailbreak", "unsafe-content", "out-of-scope", "pii", "secrets", "toxicity", "hallucination"
]
"""What a guard can detect."""

Scanned: TypeAlias = Literal["user", "retrieved", "tool", "code"]
"""Where text that a guard reads comes from."""

GuardAction: TypeAlias = Literal["block", "escalate", "redact", "flag"]
"""What a guard does when it detects something; `flag` lets it through."""


class Guard(Flow):
    """What reads inputs or outputs and acts on what it detects."""

    name: Text
    """Name of the guard."""
    model: Annotated[Text | None, Field(examples=["meta-llama/Llama-Guard-3-8B"])] = None
    """Model or library that detects, as the catalogue names it."""
    evaluation: Annotated[Text | None, Field(examples=["evals/pii-out"])] = None
    """Reference to how its detection was measured here."""
    detects: Annotated[Many[Detection], Field(min_length=1)]
    """What it detects."""
    scans: Many[Scanned] | None = None
    """Where the text that it reads comes from; `user` where it is absent."""
    action: GuardAction | None = None
    """What it does when it detects something."""
    on_path: bool | None = None
    """Whether every request waits for its verdict."""
    fail_closed: bool | None = None
    """Whether a request is stopped when the guard is unavailable."""
    chunking: bool | None = None
    """Whether text longer than its context is read in pieces."""
