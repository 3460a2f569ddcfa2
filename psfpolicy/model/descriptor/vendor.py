"""`spec.vendor`: on whom the deployment depends, and what is done when they fail."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from psfpolicy.model.closed import Closed, Count, Day, Many, Text
from psfpolicy.model.descriptor.flow import Flow
from psfpolicy.model.descriptor.terms import PartyId

FallbackKind: TypeAlias = Literal["smaller-model", "second-provider", "degraded-mode", "previous-version"]
"""What takes over when the model is not available."""

AgreementKind: TypeAlias = Literal["sla", "dpa", "baa", "licence"]
"""Service levels, data processing, HIPAA business associate, licence."""


class Fallback(Flow):
    """What takes over when the model is not available."""

    name: Text
    """Name of the fallback."""
    kind: FallbackKind
    """What it is."""
    model: Annotated[Text | None, Field(examples=["meta-llama/Llama-3.1-8B-Instruct"])] = None
    """Model that it serves."""
    last_tested: Day | None = None
    """Day on which it was last tried."""


class Deprecation(Closed):
    """What is done when a model is withdrawn."""

    tracked: bool | None = None
    """Whether announcements are followed."""
    playbook: Annotated[Text | None, Field(examples=["docs/migration.md"])] = None
    """Reference to how the model is replaced."""
    notice_days: Count | None = None
    """Days of notice that the provider owes."""


class Agreement(Closed):
    """A contract with a party."""

    kind: AgreementKind
    """What it is about."""
    with_: Annotated[PartyId, Field(alias="with")]
    """Party that it is with."""
    ref: Annotated[Text | None, Field(examples=["legal/dpa.pdf"])] = None
    """Reference to the contract."""
    expires: Day | None = None
    """Last day on which it is in force."""


class Vendor(Closed):
    """On whom the deployment depends, and what is done when they fail."""

    abstraction_layer: Annotated[Text | None, Field(examples=["litellm"])] = None
    """What lets a model be replaced without changing its callers."""
    fallbacks: Many[Fallback] | None = None
    """What takes over when the model is not available; `[]` says that nothing does."""
    deprecation: Deprecation | None = None
    """What is done when a model is withdrawn."""
    agreements: Many[Agreement] | None = None
    """Contracts with parties; `[]` says that there are none."""
    exit_plan: Annotated[Text | None, Field(examples=["docs/exit.md"])] = None
    """Reference to how the vendor is left."""
    weights_mirrored: bool | None = None
    """Whether the organisation keeps its own copy of the weights."""
