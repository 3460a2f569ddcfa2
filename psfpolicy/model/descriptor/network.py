"""`spec.network`: who reaches the deployment, and what it reaches."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from psfpolicy.model.closed import Closed, Many, Port, Text
from psfpolicy.model.descriptor.flow import Alternative, Flow

EgressDefault: TypeAlias = Literal["deny", "allow"]
"""What happens to traffic that no rule names."""

Authentication: TypeAlias = Literal["none", "api-key", "oidc", "mtls", "iam"]
"""How clients show who they are."""

Exposure: TypeAlias = Literal["cluster", "private", "public"]
"""From where the deployment can be reached."""

Cidr: TypeAlias = Annotated[Text, Field(json_schema_extra={"format": "cidr"}, examples=["10.20.0.0/16", "fd00::/8"])]
"""A range of IPv4 or IPv6 addresses, in CIDR notation. Whether it is one is checked elsewhere."""


class Target(Alternative):
    """What an egress rule opens: a range of addresses, or a host."""

    cidr: Cidr | None = None
    """Range of IPv4 or IPv6 addresses, in CIDR notation."""
    host: Annotated[Text | None, Field(examples=["weights.eu.example.com"])] = None
    """Name of a host; `*.` in front stands for every name below."""


class EgressRule(Flow):
    """Traffic that may leave the deployment."""

    name: Text
    """Name of the rule."""
    to: Target
    """What the rule opens."""
    ports: Annotated[Many[Port] | None, Field(examples=[[443]])] = None
    """Ports that the rule opens."""
    purpose: Annotated[Text | None, Field(examples=["tracing"])] = None
    """What the traffic is for."""


class Egress(Closed):
    """What the deployment reaches."""

    default: EgressDefault | None = None
    """What happens to traffic that no rule names."""
    rules: Many[EgressRule] | None = None
    """Traffic that may leave; `[]` says that none may."""


class Ingress(Closed):
    """Who reaches the deployment."""

    tls: bool | None = None
    """Whether the endpoint is served over TLS."""
    authentication: Authentication | None = None
    """How clients show who they are."""
    gateway: Annotated[Text | None, Field(examples=["envoy"])] = None
    """Gateway that stands before the engine."""
    exposure: Exposure | None = None
    """From where the endpoint can be reached."""


class Network(Closed):
    """Who reaches the deployment, and what it reaches."""

    egress: Egress | None = None
    """What the deployment reaches."""
    ingress: Ingress | None = None
    """Who reaches the deployment."""
    telemetry_opt_out: bool | None = None
    """Whether the engine's usage statistics are switched off."""
    offline_hub: bool | None = None
    """Whether the engine is kept from contacting the model hub."""
