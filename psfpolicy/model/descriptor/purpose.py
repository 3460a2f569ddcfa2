"""`spec.parties` and `spec.purpose`: who is involved, and what the deployment is for."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from psfpolicy.model.closed import DECIMAL_LIMIT, Closed, Count, Many, Text
from psfpolicy.model.descriptor.terms import Area, Country, Level

Use: TypeAlias = Literal["commercial", "internal", "research", "evaluation"]
"""What a licence asks about the use."""

Task: TypeAlias = Literal[
    "chat",
    "rag",
    "extraction",
    "summarisation",
    "classification",
    "translation",
    "code",
    "agents",
    "transcription",
    "vision",
    "other",
]
"""What a model is asked to do."""

Audience: TypeAlias = Literal["internal", "customer", "public"]
"""Who meets the outputs."""

Sector: TypeAlias = Literal[
    "healthcare",
    "finance",
    "government",
    "defence",
    "critical-infrastructure",
    "legal",
    "employment",
    "education",
    "general",
]
"""The field that a deployment serves; all but `general` have rules of their own."""

AiActRole: TypeAlias = Literal["provider", "deployer", "none"]
"""Roles of the EU AI Act, Article 3."""

AiActRisk: TypeAlias = Literal["minimal", "limited", "high", "prohibited"]
"""Risk classes of the EU AI Act."""

Traffic: TypeAlias = Literal["steady", "spiky", "sporadic"]
"""The course of requests over a day."""

HostingReason: TypeAlias = Literal["residency", "no-egress", "volume", "fine-tuned", "cost-certainty", "independence"]
"""Why a model is hosted by its user."""

Ratio: TypeAlias = Annotated[float, Field(ge=1, le=DECIMAL_LIMIT, allow_inf_nan=False, examples=[3])]
"""How many times something is as much as the least of it, from 1."""


class Party(Closed):
    """A legal entity other than the deploying organisation, which is `self`."""

    id: Annotated[Text, Field(examples=["aws"])]
    """Name by which the rest of the descriptor refers to the party; `self` is taken."""
    name: Annotated[Text | None, Field(examples=["Amazon Web Services EMEA SARL"])] = None
    """Full name of the legal entity."""
    jurisdiction: Country | None = None
    """Country that can compel the party: that of its ultimate parent, ISO 3166-1 alpha-2."""


class RegimesNotRequired(Closed):
    """Why no regime applies although personal data is processed."""

    reason: Text | None = None
    """Why none applies."""
    approver: Text | None = None
    """Who approved that."""


class EuAiAct(Closed):
    """The deployment under the EU AI Act."""

    roles: Many[AiActRole] | None = None
    """Roles of the deploying organisation."""
    risk: AiActRisk | None = None
    """Risk class of the use; absent is not the same as minimal."""


class Organisation(Closed):
    """The deploying organisation."""

    principal_place: Country | None = None
    """Country of its principal place of business, ISO 3166-1 alpha-2."""


class Usage(Closed):
    """How much the deployment is used."""

    monthly_active_users: Count | None = None
    """Users in a month."""
    monthly_active_users_at_model_release: Count | None = None
    """Users of licensee and affiliates in the month before the model was released, which some licences limit."""
    tokens_per_day: Count | None = None
    """Tokens in and out on an average day."""
    traffic: Traffic | None = None
    """Course of requests over a day."""
    peak_to_base: Ratio | None = None
    """Requests at the peak divided by requests at the base."""


class Purpose(Closed):
    """What the deployment is for, and for whom."""

    summary: Annotated[Text, Field(examples=["Drafts discharge notes for clinicians"])]
    """One sentence on what the deployment does."""
    use: Use | None = None
    """Kind of use, as licences ask it."""
    tasks: Many[Task] | None = None
    """What the model is asked to do."""
    audience: Audience | None = None
    """Who meets the outputs."""
    user_regions: Annotated[Many[Area] | None, Field(examples=[["EEA"], ["DE", "US"]])] = None
    """Where the users are: countries, or the groups EEA, EU, ADEQUATE."""
    sectors: Many[Sector] | None = None
    """Sectors that the deployment serves."""
    consequence: Level | None = None
    """Harm that a wrong output can do; counts as high where it is absent."""
    eu_ai_act: EuAiAct | None = None
    """The deployment under the EU AI Act."""
    organisation: Organisation | None = None
    """The deploying organisation."""
    usage: Usage | None = None
    """How much the deployment is used."""
    hosting_reason: Many[HostingReason] | None = None
    """Why the model is hosted by the organisation itself."""
