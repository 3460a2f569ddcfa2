"""`spec.release`: how a change reaches users, and how it is taken back."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from psfpolicy.model.closed import Closed, Count, Day, Many, Percent, Share, Text

Prompts: TypeAlias = Literal["versioned", "unversioned"]
"""Whether prompts are kept under version control."""

RanOn: TypeAlias = Literal["served", "other"]
"""What an evaluation ran on: the revision and quantisation that is served, or something else."""

CanaryCriterion: TypeAlias = Literal["error-rate", "latency-p99", "quality", "cost", "validation-failure-rate"]
"""What a canary is judged by."""

Runbook: TypeAlias = Literal["injection", "bad-output", "capacity", "data-leak", "outage", "other"]
"""What a runbook is for."""


class EvaluationGate(Closed):
    """The evaluation that a release must pass."""

    suite: Annotated[Text | None, Field(examples=["evals/discharge"])] = None
    """Reference to the evaluation."""
    threshold: Annotated[Share | None, Field(examples=[0.92])] = None
    """Score, from 0 to 1, that a release must reach."""
    ran_on: RanOn | None = None
    """What the evaluation ran on."""


class Canary(Closed):
    """The part of the traffic that a release meets first."""

    percent: Annotated[Percent | None, Field(examples=[5])] = None
    """Percent of the traffic."""
    criteria: Many[CanaryCriterion] | None = None
    """What the canary is judged by."""


class Rollback(Closed):
    """How a release is taken back."""

    target: Annotated[Text | None, Field(examples=["previous-weights"])] = None
    """What is served instead."""
    minutes: Count | None = None
    """Minutes that it takes."""
    last_tested: Day | None = None
    """Day on which it was last tried."""


class CapacityPlan(Closed):
    """What load the deployment is planned for."""

    reviewed: Day | None = None
    """Day on which the plan was last reviewed."""
    peak_tokens_per_second: Count | None = None
    """Tokens per second at the peak that the plan allows for."""


class Upgrades(Closed):
    """How the model and engine are kept up to date."""

    cadence_days: Count | None = None
    """Days between upgrades."""
    owner: Text | None = None
    """Who upgrades."""


class Release(Closed):
    """How a change reaches users, and how it is taken back."""

    registry: Annotated[Text | None, Field(examples=["mlflow"])] = None
    """Registry of the models that were released."""
    prompts: Prompts | None = None
    """Whether prompts are kept under version control."""
    evaluation_gate: EvaluationGate | None = None
    """Evaluation that a release must pass."""
    canary: Canary | None = None
    """Part of the traffic that a release meets first."""
    rollback: Rollback | None = None
    """How a release is taken back."""
    audit_log: bool | None = None
    """Whether it is recorded who released what and when."""
    runbooks: Many[Runbook] | None = None
    """What there are runbooks for; `[]` says that there are none."""
    capacity_plan: CapacityPlan | None = None
    """What load the deployment is planned for."""
    upgrades: Upgrades | None = None
    """How the model and engine are kept up to date."""
