"""A descriptor as a whole."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from psfpolicy.model.closed import Closed, Many, Text
from psfpolicy.model.descriptor.cost import Cost
from psfpolicy.model.descriptor.data import Data
from psfpolicy.model.descriptor.inputs import Inputs
from psfpolicy.model.descriptor.metadata import Metadata
from psfpolicy.model.descriptor.model import Model
from psfpolicy.model.descriptor.network import Network
from psfpolicy.model.descriptor.observability import Observability
from psfpolicy.model.descriptor.operations import Operations
from psfpolicy.model.descriptor.outputs import Outputs
from psfpolicy.model.descriptor.oversight import Oversight
from psfpolicy.model.descriptor.partial import partial
from psfpolicy.model.descriptor.purpose import Party, Purpose, RegimesNotRequired
from psfpolicy.model.descriptor.release import Release
from psfpolicy.model.descriptor.security import Security
from psfpolicy.model.descriptor.serving import Serving
from psfpolicy.model.descriptor.vendor import Vendor

ApiVersion: TypeAlias = Literal["psfpolicy/v1"]
"""Versions of the descriptor that are known."""


class Spec(Closed):
    """What is deployed; a section that is absent is not provided, an empty list says "none"."""

    parties: Many[Party] | None = None
    """Legal entities other than the deploying organisation, which is `self`; `[]` says that there are none."""
    purpose: Purpose
    """What the deployment is for, and for whom."""
    regimes: Annotated[Many[Text] | None, Field(examples=[["gdpr-strict-residency", "hipaa"]])] = None
    """Rules on where data may be and who may have it, by their names in the catalogue."""
    regimes_not_required: RegimesNotRequired | None = None
    """Why no regime applies although personal data is processed."""
    model: Model
    """Which weights are served."""
    serving: Serving
    """Who runs the model, on what, and where."""
    inputs: Inputs | None = None
    """What stands before the model."""
    outputs: Outputs | None = None
    """What stands between the model and whatever acts on its outputs."""
    data: Data | None = None
    """Which data is processed, on what ground, and where it comes to rest."""
    network: Network | None = None
    """Who reaches the deployment, and what it reaches."""
    observability: Observability | None = None
    """What is recorded about each request, and who is told when it goes wrong."""
    release: Release | None = None
    """How a change reaches users, and how it is taken back."""
    oversight: Oversight | None = None
    """What the system decides by itself, and how people step in."""
    security: Security | None = None
    """Who could attack the deployment, and what stands in the way."""
    vendor: Vendor | None = None
    """On whom the deployment depends, and what is done when they fail."""
    operations: Operations | None = None
    """Who does the work that serving a model brings."""
    cost: Cost | None = None
    """What serving costs, and what the same would cost elsewhere."""
    evidence: Annotated[Many[Text] | None, Field(examples=[["k8s/**/*.yaml", "otel/collector.yaml"]])] = None
    """Manifests that show what is declared: globs relative to this file, never outside the repository."""


class Descriptor(Closed):
    """What is deployed, as the team that runs it says it."""

    api_version: ApiVersion
    """Version of the shape of this document."""
    kind: Literal["LLMDeployment"]
    """What this document describes; an `LLMDeploymentBase` is never assessed alone."""
    metadata: Metadata
    """Which deployment this is."""
    spec: Spec
    """What is deployed."""


DescriptorBase: type[Closed] = partial(Descriptor, kind=Literal["LLMDeployment", "LLMDeploymentBase"])
"""A file that need not be complete: a base, or a deployment that extends one.

Nothing is required but `apiVersion`, `kind`, and what list items are told apart by.
"""
