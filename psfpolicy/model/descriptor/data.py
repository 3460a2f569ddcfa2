"""`spec.data`: which data is processed, on what ground, and where it comes to rest."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from psfpolicy.model.closed import Closed, Count, Day, Many, Text
from psfpolicy.model.descriptor.flow import Flow
from psfpolicy.model.descriptor.terms import Area, Country, LawfulBasis, PartyId, StoreKind

Classification: TypeAlias = Literal["public", "internal", "confidential", "restricted"]
"""How far data may be known."""

Category: TypeAlias = Literal[
    "pii",
    "phi",
    "health",
    "financial",
    "cardholder",
    "legal",
    "biometric",
    "children",
    "criminal",
    "export-controlled",
    "credentials",
    "none",
]
"""Kinds of data that rules ask about; `none` says that there is none of them."""

PreInference: TypeAlias = Literal["redact", "tokenise", "none"]
"""What happens to personal data before the model sees it."""

SpecialCategoryCondition: TypeAlias = Literal[
    "explicit-consent",
    "employment",
    "health-care",
    "public-health",
    "research",
    "legal-claims",
    "substantial-public-interest",
]
"""Conditions for special categories of data, GDPR Article 9(2)."""

TransferMechanism: TypeAlias = Literal["scc", "bcr", "dpf", "derogation"]
"""Standard clauses, binding corporate rules, EU-US Data Privacy Framework, derogation: GDPR Articles 45 to 49."""

OtherFlowKind: TypeAlias = Literal["embedding", "tool", "gateway", "judge", "reviewer", "support", "training", "other"]
"""What a flow that has no section of its own is."""


class Detector(Flow):
    """What finds personal data in prompts."""

    name: Annotated[Text | None, Field(examples=["presidio"])] = None
    """Name of the detector."""


class Justification(Closed):
    """Why personal data reaches a third party's model as it is."""

    ref: Text | None = None
    """Reference to the decision."""
    approver: Text | None = None
    """Who approved it."""
    date: Day | None = None
    """Day of the approval."""


class Pii(Closed):
    """What happens to personal data before the model sees it."""

    detector: Detector | None = None
    """What finds personal data."""
    pre_inference: PreInference | None = None
    """What is done with it."""
    justification: Justification | None = None
    """Why nothing is done with it, where nothing is."""


class Residency(Closed):
    """Where data may be."""

    allowed: Annotated[Many[Area] | None, Field(examples=[["DE", "AT"], ["EEA"]])] = None
    """Countries in which data may be, or the groups EEA, EU, ADEQUATE."""


class Retention(Closed):
    """How long data is kept where its store does not say."""

    days: Count | None = None
    """Days after which data is deleted."""
    enforced_by: Annotated[Text | None, Field(examples=["index-lifecycle"])] = None
    """What deletes it."""
    reason: Text | None = None
    """Why it is kept for longer than two years, where it is."""


class Erasure(Closed):
    """How a person's data is erased on request."""

    runbook: Annotated[Text | None, Field(examples=["docs/erasure.md"])] = None
    """Reference to the runbook."""
    covers: Many[StoreKind] | None = None
    """Kinds of store that it covers."""
    last_tested: Day | None = None
    """Day on which it was last tried."""


class Transfer(Closed):
    """A permission for data to leave the allowed countries."""

    to: PartyId
    """Party that receives the data."""
    country: Country | None = None
    """Country in which it receives the data."""
    mechanism: TransferMechanism
    """What permits the transfer."""
    certified: Day | None = None
    """Day on which the recipient was certified under the Data Privacy Framework."""
    assessment: Text | None = None
    """Reference to the transfer impact assessment."""


class Store(Flow):
    """A place where data comes to rest."""

    name: Text
    """Name of the store."""
    kind: StoreKind
    """What comes to rest in it."""
    encrypted: bool | None = None
    """Whether it is encrypted at rest."""
    retention_days: Count | None = None
    """Days after which data is deleted from it; `retention.days` where it is absent."""


class OtherFlow(Flow):
    """A flow that has no section of its own."""

    name: Text
    """Name of the flow."""
    kind: OtherFlowKind
    """What it is."""


class Data(Closed):
    """Which data is processed, on what ground, and where it comes to rest."""

    classification: Classification | None = None
    """How far the data may be known."""
    categories: Many[Category] | None = None
    """Kinds of data that rules ask about; `[]` or `[none]` says that there is none of them."""
    pii: Pii | None = None
    """What happens to personal data before the model sees it."""
    residency: Residency | None = None
    """Where data may be."""
    retention: Retention | None = None
    """How long data is kept where its store does not say."""
    erasure: Erasure | None = None
    """How a person's data is erased on request."""
    lawful_basis: LawfulBasis | None = None
    """Lawful basis for processing personal data, GDPR Article 6(1)."""
    special_category_condition: SpecialCategoryCondition | None = None
    """Condition for processing special categories of data, GDPR Article 9(2)."""
    processing_map: Annotated[Text | None, Field(examples=["docs/ropa.md"])] = None
    """Reference to the record of processing activities."""
    us_persons_only: bool | None = None
    """Whether only U.S. persons have access, which export control asks."""
    transfers: Many[Transfer] | None = None
    """Permissions for data to leave the allowed countries; `[]` says that there are none."""
    stores: Many[Store] | None = None
    """Places where data comes to rest; `[]` says that there are none."""
    other_flows: Many[OtherFlow] | None = None
    """Flows that have no section of their own; `[]` says that there are none."""
