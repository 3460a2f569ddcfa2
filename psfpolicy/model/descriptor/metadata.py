"""`metadata`: which deployment this is, and who answers for it."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from psfpolicy.model.closed import Closed, Text

Environment: TypeAlias = Literal["development", "staging", "production"]
"""The stage that a deployment serves."""


class Owner(Closed):
    """Who answers for a deployment."""

    team: Text | None = None
    """Team that runs it."""
    contact: Annotated[Text | None, Field(examples=["#ml-platform-oncall", "ml-platform@example.com"])] = None
    """Where the team can be reached: a channel, an address, a rota."""


class Metadata(Closed):
    """Which deployment this is; environment and name are its identity."""

    name: Annotated[Text, Field(examples=["clinical-notes"])]
    """Name of the deployment, unique in its environment."""
    environment: Environment
    """Stage that the deployment serves."""
    owner: Owner | None = None
    """Who answers for the deployment."""
    labels: Annotated[dict[str, Text | None] | None, Field(examples=[{"costCentre": "4711"}])] = None
    """Labels of your own, as text; no control of psfpolicy reads them."""
    extends: Annotated[Text | None, Field(examples=["../base.yaml"])] = None
    """Path of the descriptor that this one is laid over, relative to this file and inside the repository."""
