"""`spec.operations`: who does the work that serving a model brings."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from psfpolicy.model.closed import Closed, Count, Day, Many, Text

DutyKind: TypeAlias = Literal["capacity-planning", "model-upgrades", "monitoring", "security-patching", "cost"]
"""The five duties that hosting a model brings."""


class Duty(Closed):
    """Work that comes round."""

    duty: DutyKind
    """What the work is."""
    owner: Annotated[Text | None, Field(examples=["ml-platform"])] = None
    """Who does it."""
    cadence_days: Count | None = None
    """Days after which it comes round."""
    reviewed: Day | None = None
    """Day on which it was last done."""


class Operations(Closed):
    """Who does the work that serving a model brings."""

    owner: Annotated[Text | None, Field(examples=["ml-platform"])] = None
    """Who owns serving."""
    on_call: Annotated[Text | None, Field(examples=["docs/rota.md"])] = None
    """Reference to the rota of who is on call."""
    duties: Many[Duty] | None = None
    """Work that comes round; `[]` says that nobody does any."""
