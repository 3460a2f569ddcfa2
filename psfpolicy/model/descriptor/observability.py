"""`spec.observability`: what is recorded about each request, and who is told when it goes wrong."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from psfpolicy.model.closed import Closed, Count, Many, Share, Text
from psfpolicy.model.descriptor.flow import Flow

RunLogField: TypeAlias = Literal[
    "inputHash",
    "outputHash",
    "modelVersion",
    "latency",
    "tokens",
    "cost",
    "promptVersion",
    "guardVerdicts",
    "user",
    "tools",
]
"""What is recorded about a request."""

Propagation: TypeAlias = Literal["w3c", "b3", "xray"]
"""How a trace is handed from one service to the next."""

Traced: TypeAlias = Literal["gateway", "guards", "model", "tools", "retrieval", "sinks"]
"""What a trace covers."""

ExportKind: TypeAlias = Literal[
    "otlp", "prometheus", "datadog", "langfuse", "cloudwatch", "splunk", "file", "console", "other"
]
"""How telemetry leaves; `file` and `console` do not last."""

Metric: TypeAlias = Literal[
    "requests",
    "latency",
    "errors",
    "throughput",
    "token-usage",
    "token-usage-per-client",
    "stop-reasons",
    "queue-depth",
    "gpu-utilization",
    "kv-cache-usage",
    "time-to-first-token",
    "preemptions",
]
"""What is measured."""

Signal: TypeAlias = Literal[
    "error-rate",
    "latency-p99",
    "cost-anomaly",
    "validation-failure-rate",
    "quality-drop",
    "drift",
    "abuse",
    "gpu-utilization",
]
"""What an alert watches."""


class RunLog(Closed):
    """What is recorded about each request."""

    fields: Many[RunLogField] | None = None
    """What is recorded."""
    raw_text: bool | None = None
    """Whether prompts and responses are recorded as they are."""


class Tracing(Closed):
    """How a request is followed through the system."""

    propagation: Propagation | None = None
    """How a trace is handed from one service to the next."""
    covers: Many[Traced] | None = None
    """What a trace covers."""
    sampling: Annotated[Share | None, Field(examples=[1.0])] = None
    """Share of the requests that are traced."""
    retention_days: Count | None = None
    """Days for which traces are kept, where no store of traces says so."""


class Export(Flow):
    """A way by which telemetry leaves the deployment."""

    name: Text
    """Name of the export."""
    kind: ExportKind
    """How telemetry leaves."""
    endpoint: Annotated[Text | None, Field(examples=["https://otel.eu.example.com:4317"])] = None
    """Address that telemetry is sent to."""


class Drift(Closed):
    """How a change in inputs or outputs is noticed."""

    method: Annotated[Text | None, Field(examples=["psi"])] = None
    """Measure of the change."""
    window_days: Count | None = None
    """Days that are compared."""


class Alert(Closed):
    """What tells a person that something goes wrong."""

    name: Text
    """Name of the alert."""
    signal: Signal
    """What it watches."""
    owner: Annotated[Text | None, Field(examples=["ml-oncall"])] = None
    """Who is told."""


class Observability(Closed):
    """What is recorded about each request, and who is told when it goes wrong."""

    run_log: RunLog | None = None
    """What is recorded about each request."""
    tracing: Tracing | None = None
    """How a request is followed through the system."""
    replay_hours: Count | None = None
    """Hours that it takes to replay a recorded request, rounded up."""
    exports: Many[Export] | None = None
    """Ways by which telemetry leaves; `[]` says that there are none."""
    metrics: Many[Metric] | None = None
    """What is measured."""
    drift: Drift | None = None
    """How a change in inputs or outputs is noticed."""
    alerts: Many[Alert] | None = None
    """What tells a person that something goes wrong; `[]` says that nothing does."""
