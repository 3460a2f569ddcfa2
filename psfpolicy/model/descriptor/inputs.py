"""`spec.inputs`: what stands before the model."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from psfpolicy.model.closed import Closed, Count, Many, Text
from psfpolicy.model.descriptor.guard import Guard

RateUnit: TypeAlias = Literal["tokens", "requests"]
"""What a rate limit counts."""

OutOfScope: TypeAlias = Literal["reject", "answer"]
"""What happens to a request that the deployment is not for."""


class RequestSchema(Closed):
    """The shape of a request."""

    ref: Annotated[Text | None, Field(examples=["schemas/request.json"])] = None
    """Reference to the schema that requests are validated against."""
    max_tokens: Count | None = None
    """Longest input that is accepted, in tokens."""


class RateLimit(Closed):
    """A limit on how much is asked."""

    scope: Annotated[Text | None, Field(examples=["per-client"])] = None
    """Whom the limit counts for."""
    unit: RateUnit
    """What the limit counts."""
    limit: Count
    """How much is let through."""
    per: Annotated[Text | None, Field(examples=["minute"])] = None
    """Time in which it is let through."""


class InputLog(Closed):
    """The log of inputs."""

    enabled: bool | None = None
    """Whether inputs are logged."""
    pii_redaction: bool | None = None
    """Whether personal data is redacted before it is logged."""


class SystemPrompt(Closed):
    """The system prompt, and what keeps it apart from what users send."""

    versioned: bool | None = None
    """Whether the prompt is kept under version control."""
    role_separation: bool | None = None
    """Whether instructions and user text are sent in separate roles."""
    injection_regression: Annotated[Text | None, Field(examples=["ci/injection-suite"])] = None
    """Reference to a test suite that tries to override the prompt."""


class Inputs(Closed):
    """What stands before the model."""

    guards: Many[Guard] | None = None
    """Guards that read inputs; `[]` says that there are none."""
    schema_: Annotated[RequestSchema | None, Field(alias="schema")] = None
    """Shape of a request."""
    rate_limits: Many[RateLimit] | None = None
    """Limits on how much is asked; `[]` says that there are none."""
    abuse_alert: Annotated[Text | None, Field(examples=["abuse-spike"])] = None
    """Name of the alert, in `observability.alerts`, that abuse raises."""
    log: InputLog | None = None
    """Log of inputs."""
    system_prompt: SystemPrompt | None = None
    """System prompt, and what keeps it apart from what users send."""
    out_of_scope: OutOfScope | None = None
    """What happens to a request that the deployment is not for."""
