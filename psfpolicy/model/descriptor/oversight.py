"""`spec.oversight`: what the system decides by itself, and how people step in."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from psfpolicy.model.closed import Closed, Count, Day, Decimal, Many, OneOrMore, Text
from psfpolicy.model.descriptor.terms import Level

Autonomy: TypeAlias = Literal["L0", "L1", "L2", "L3", "L4"]
"""Autonomy levels of the Production Safety Framework."""

ReviewTrigger: TypeAlias = Literal[
    "irreversible", "rights-affecting", "legal", "high-value", "low-confidence", "novel-input"
]
"""What brings a decision before a person."""

Routing: TypeAlias = Literal["consequence-based", "model-signal", "none"]
"""What decides whether a person looks."""

ConfidenceSource: TypeAlias = Literal["external-scorer", "model"]
"""Who says how sure a response is."""


class Decision(Closed):
    """A decision that rests on outputs of the model."""

    name: Text
    """Name of the decision."""
    autonomy: Autonomy | None = None
    """How far the system decides by itself: from L0 (a person decides) to L4 (nobody oversees it in operation)."""
    consequence: Level | None = None
    """Harm that a wrong decision can do."""
    reversible: bool | None = None
    """Whether the decision can be undone."""
    affects_rights: bool | None = None
    """Whether it affects the rights of a person."""
    legally_required: bool | None = None
    """Whether the law asks for a person's review."""
    high_value: bool | None = None
    """Whether much money depends on it."""
    review_triggers: Many[ReviewTrigger] | None = None
    """What brings the decision before a person."""


class ReviewQueue(Closed):
    """The queue of decisions that wait for a person."""

    items_per_reviewer_hour: Count | None = None
    """Decisions that a reviewer is given in an hour."""
    sla_minutes: Count | None = None
    """Minutes within which a decision is reviewed."""


class Escalation(Closed):
    """How a case reaches someone who can decide it."""

    path: Annotated[Text | None, Field(examples=["docs/escalation.md"])] = None
    """Reference to who is asked next."""
    last_tested: Day | None = None
    """Day on which it was last tried."""


class KillSwitch(Closed):
    """What stops an agent at once."""

    last_tested: Day | None = None
    """Day on which it was last tried."""


class Agent(Closed):
    """A loop in which the model chooses the next step."""

    name: Text
    """Name of the agent."""
    max_steps: OneOrMore | None = None
    """Most steps of a run."""
    budget_usd: Decimal | None = None
    """Most that a run may cost, in US dollars."""
    kill_switch: KillSwitch | None = None
    """What stops the agent at once."""


class Override(Closed):
    """How a person sets a decision aside."""

    available: bool | None = None
    """Whether a person can set a decision aside."""
    logged: bool | None = None
    """Whether that is recorded."""


class Oversight(Closed):
    """What the system decides by itself, and how people step in."""

    decisions: Many[Decision] | None = None
    """Decisions that rest on outputs; `[]` says that there are none."""
    routing: Routing | None = None
    """What decides whether a person looks."""
    confidence_source: ConfidenceSource | None = None
    """Who says how sure a response is."""
    queue: ReviewQueue | None = None
    """Queue of decisions that wait for a person."""
    escalation: Escalation | None = None
    """How a case reaches someone who can decide it."""
    agents: Many[Agent] | None = None
    """Loops in which the model chooses the next step; `[]` says that there are none."""
    override: Override | None = None
    """How a person sets a decision aside."""
    contestability: Annotated[Text | None, Field(examples=["docs/appeals.md"])] = None
    """Reference to how a person who is affected contests a decision."""
