"""`spec.outputs`: what stands between the model and whatever acts on its outputs."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from psfpolicy.model.closed import Closed, Many, Share, Text
from psfpolicy.model.descriptor.flow import Flow
from psfpolicy.model.descriptor.guard import Guard

DecodingLibrary: TypeAlias = Literal[
    "outlines",
    "guidance",
    "instructor",
    "xgrammar",
    "lm-format-enforcer",
    "provider-native",
    "fine-tuned",
    "none",
]
"""What holds a model to a schema while it writes."""

ValidationMode: TypeAlias = Literal["every-response", "sampled", "none"]
"""Which responses are validated."""

OnFailure: TypeAlias = Literal["fallback", "retry", "escalate", "reject", "none"]
"""What happens to a response that fails validation."""

ValidatorKind: TypeAlias = Literal["schema", "rules", "human", "model"]
"""What validates a response; `model` is a judge."""

SemanticCheck: TypeAlias = Literal["grounding", "consistency", "range", "completeness", "judge"]
"""What is checked of the meaning of a response."""

SinkKind: TypeAlias = Literal["database", "api", "ui", "queue", "file"]
"""What receives outputs."""


class ConstrainedDecoding(Closed):
    """What holds the model to a schema while it writes."""

    library: DecodingLibrary | None = None
    """Library that constrains decoding."""
    schema_: Annotated[Text | None, Field(alias="schema", examples=["schemas/note.json"])] = None
    """Reference to the schema that outputs are held to."""


class Validation(Closed):
    """How responses are validated."""

    mode: ValidationMode | None = None
    """Which responses are validated."""
    on_failure: OnFailure | None = None
    """What happens to a response that fails."""


class Validator(Flow):
    """What validates responses."""

    name: Text
    """Name of the validator."""
    kind: ValidatorKind
    """What it validates by."""


class Sink(Flow):
    """What receives outputs."""

    name: Text
    """Name of the sink."""
    kind: SinkKind
    """What it is."""
    via: Annotated[Text | None, Field(examples=["note-validator", "constrainedDecoding"])] = None
    """What stands before it: `constrainedDecoding`, or the name of an output guard or validator."""


class Quality(Closed):
    """How the quality of responses is followed."""

    metric: Annotated[Text | None, Field(examples=["judge-score"])] = None
    """What is measured."""
    sample_rate: Annotated[Share | None, Field(examples=[0.05])] = None
    """Share of the responses that are measured."""
    trend: bool | None = None
    """Whether the measure is followed over time."""


class Outputs(Closed):
    """What stands between the model and whatever acts on its outputs."""

    constrained_decoding: ConstrainedDecoding | None = None
    """What holds the model to a schema while it writes."""
    validation: Validation | None = None
    """How responses are validated."""
    validators: Many[Validator] | None = None
    """What validates responses; `[]` says that there is none."""
    guards: Many[Guard] | None = None
    """Guards that read outputs; `[]` says that there are none."""
    semantic_checks: Many[SemanticCheck] | None = None
    """What is checked of the meaning of a response."""
    sinks: Many[Sink] | None = None
    """What receives outputs; `[]` says that nothing does."""
    quality: Quality | None = None
    """How the quality of responses is followed."""
