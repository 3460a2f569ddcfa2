"""`spec.serving`: who runs the model, on what, and where."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from psfpolicy.model.closed import Closed, Count, Decimal, OneOrMore, Share, Text
from psfpolicy.model.descriptor.flow import Location
from psfpolicy.model.descriptor.terms import PartyId

Hosting: TypeAlias = Literal[
    "on-prem",
    "self-managed-kubernetes",
    "self-managed-vm",
    "cloud-managed",
    "managed-inference",
    "provider-hosted",
    "hosted-api",
]
"""Whose machines, whose engine, whose weights; from all one's own to none."""

Platform: TypeAlias = Literal[
    "eks",
    "gke",
    "aks",
    "openshift",
    "kubernetes",
    "bare-metal",
    "vm",
    "sagemaker",
    "vertex-ai",
    "azure-ml",
    "bedrock",
    "modal",
    "replicate",
    "together",
    "fireworks",
    "anyscale",
    "openai",
    "anthropic",
    "google",
    "other",
]
"""What the model is served on."""

Orchestrator: TypeAlias = Literal["none", "ray", "kserve", "other"]
"""What spreads serving over machines."""

EngineName: TypeAlias = Literal["vllm", "tgi", "sglang", "tensorrt-llm", "triton", "nim", "llama-cpp", "other"]
"""What runs the model."""

Purchase: TypeAlias = Literal["on-demand", "reserved", "spot", "owned"]
"""How accelerators are paid for; `spot` can be withdrawn."""

ScalingMetric: TypeAlias = Literal["queue-depth", "gpu-utilization", "requests", "cpu", "none"]
"""What replicas are added for."""


class Engine(Closed):
    """What runs the model."""

    name: EngineName | None = None
    """Name of the engine."""
    version: Annotated[Text | None, Field(examples=["0.33.0"])] = None
    """Version of the engine, as text."""
    image: Annotated[Text | None, Field(examples=["vllm/vllm-openai:v0.33.0@sha256:9f86d081…"])] = None
    """Container image; a digest (`@sha256:…`) pins it."""


class Accelerators(Closed):
    """The accelerators of one replica."""

    type: Annotated[Text | None, Field(examples=["nvidia-h100-80gb"])] = None
    """Type, as the catalogue names it."""
    count: OneOrMore | None = None
    """How many one replica has: the product of the three parallelisms below."""
    tensor_parallel: OneOrMore | None = None
    """Accelerators that share each layer; what the other two leave of `count` where it is absent."""
    pipeline_parallel: OneOrMore | None = None
    """Groups that share the layers among them; 1 where it is absent."""
    data_parallel: OneOrMore | None = None
    """Copies of the model within a replica; 1 where it is absent."""
    memory_utilization: Annotated[Share | None, Field(examples=[0.9])] = None
    """Share of the accelerator's memory that the engine may use."""
    memory_gb: Decimal | None = None
    """Memory of one accelerator in GB; only for a type that the catalogue does not know."""
    purchase: Purchase | None = None
    """How the accelerators are paid for."""


class Replicas(Closed):
    """How many copies of the deployment run."""

    min: OneOrMore | None = None
    """Fewest replicas."""
    max: OneOrMore | None = None
    """Most replicas, at least `min`."""


class Autoscaling(Closed):
    """How replicas are added."""

    metric: ScalingMetric | None = None
    """What replicas are added for."""
    scale_up_seconds: Count | None = None
    """Seconds from the need to a replica that serves."""


class RequestQueue(Closed):
    """The queue of requests that wait for the model."""

    bounded: bool | None = None
    """Whether the queue refuses requests when it is full."""


class Serving(Closed):
    """Who runs the model, on what, and where."""

    hosting: Hosting
    """Whose machines, whose engine and whose weights these are."""
    platform: Platform | None = None
    """What the model is served on."""
    operator: PartyId | None = None
    """Party that runs the machines, or `self`."""
    location: Location | None = None
    """Where the model is served."""
    orchestrator: Orchestrator | None = None
    """What spreads serving over machines."""
    engine: Engine | None = None
    """What runs the model."""
    accelerators: Accelerators | None = None
    """Accelerators of one replica."""
    replicas: Replicas | None = None
    """How many copies of the deployment run."""
    autoscaling: Autoscaling | None = None
    """How replicas are added."""
    queue: RequestQueue | None = None
    """Queue of requests that wait for the model."""
    max_concurrency: OneOrMore | None = None
    """Most sequences that a replica works on at once."""
