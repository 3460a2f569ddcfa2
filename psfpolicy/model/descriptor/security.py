"""`spec.security`: who could attack the deployment, and what stands in the way."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from psfpolicy.model.closed import Closed, Count, Day, Many, Text

Threat: TypeAlias = Literal["injection", "extraction", "exfiltration", "supply-chain", "secret-leakage", "tool-abuse"]
"""What a threat model covers."""

Tenancy: TypeAlias = Literal["single", "isolated", "shared"]
"""Who shares the deployment."""

ServiceAccount: TypeAlias = Literal["dedicated", "shared", "default"]
"""The account that serving runs under."""

ToolScope: TypeAlias = Literal["scoped", "broad", "none"]
"""How far the tools of the model reach."""


class ThreatModel(Closed):
    """The written account of who could attack, and how."""

    ref: Annotated[Text | None, Field(examples=["docs/threats.md"])] = None
    """Reference to the threat model."""
    reviewed: Day | None = None
    """Day on which it was last reviewed."""
    covers: Many[Threat] | None = None
    """What it covers."""


class LeastPrivilege(Closed):
    """What serving and its tools may do."""

    service_account: ServiceAccount | None = None
    """Account that serving runs under."""
    tools: ToolScope | None = None
    """How far the tools of the model reach; `none` says that there are no tools."""


class Secrets(Closed):
    """Where secrets are kept."""

    store: Annotated[Text | None, Field(examples=["vault"])] = None
    """Store that secrets are kept in."""
    rotation_days: Count | None = None
    """Days after which a secret is replaced."""


class SupplyChain(Closed):
    """What is known about what the image is made of."""

    sbom: bool | None = None
    """Whether there is a software bill of materials."""
    image_signature: bool | None = None
    """Whether the signature of the image is verified."""
    dependency_scan: Annotated[Text | None, Field(examples=["weekly"])] = None
    """How often dependencies are scanned for known vulnerabilities."""


class Hardening(Closed):
    """What a container and its node keep an attacker from."""

    non_root: bool | None = None
    """Whether containers run without root."""
    read_only_root_filesystem: bool | None = None
    """Whether the root filesystem of containers is read-only."""
    gpu_node_benchmark: Annotated[Text | None, Field(examples=["cis"])] = None
    """Benchmark that the nodes with accelerators are held to."""
    dev_endpoints: bool | None = None
    """Whether the engine serves its endpoints for development, such as those of `VLLM_SERVER_DEV_MODE`."""
    debug_endpoints: bool | None = None
    """Whether the engine serves endpoints for debugging."""
    profiler_endpoints: bool | None = None
    """Whether clients can start the engine's profiler."""
    open_admin_paths: bool | None = None
    """Whether the paths that administer the engine are served beside its model, without a key of their own."""
    public_tunnel: bool | None = None
    """Whether the engine opens a tunnel to itself from the internet."""
    remote_workers: bool | None = None
    """Whether the engine works with others over a channel that asks nobody who they are."""
    job_interface: bool | None = None
    """Whether an interface for jobs, such as that of Ray's dashboard, asks nobody who they are."""
    plaintext_sidecar: bool | None = None
    """Whether a proxy beside the engine serves in plain text."""
    request_code: bool | None = None
    """Whether a request can bring code along that the engine runs."""
    request_chat_templates: bool | None = None
    """Whether a request can bring its own chat template."""
    insecure_serialization: bool | None = None
    """Whether the engine unpickles what comes from outside."""
    runtime_model_updates: bool | None = None
    """Whether weights or adapters can be replaced while the engine runs."""
    custom_modules: bool | None = None
    """Whether modules from outside the engine's package run inside it."""
    builtin_tools: bool | None = None
    """Whether the engine runs tools of its own for the model."""
    client_shared_memory: bool | None = None
    """Whether clients can name regions of shared memory."""
    local_media_path: bool | None = None
    """Whether a request can name files of the machine."""


class RedTeam(Closed):
    """How the deployment is attacked on purpose."""

    suite: Annotated[Text | None, Field(examples=["garak"])] = None
    """Suite or team that attacks."""
    last_run: Day | None = None
    """Day of the last attack."""
    before_release: bool | None = None
    """Whether each release is attacked before it is served."""


class Patching(Closed):
    """How fast vulnerabilities are closed."""

    sla_days: Count | None = None
    """Days within which a vulnerability is closed."""
    owner: Text | None = None
    """Who closes it."""


class Security(Closed):
    """Who could attack the deployment, and what stands in the way."""

    threat_model: ThreatModel | None = None
    """Written account of who could attack, and how."""
    tenancy: Tenancy | None = None
    """Who shares the deployment."""
    least_privilege: LeastPrivilege | None = None
    """What serving and its tools may do."""
    secrets: Secrets | None = None
    """Where secrets are kept."""
    supply_chain: SupplyChain | None = None
    """What is known about what the image is made of."""
    hardening: Hardening | None = None
    """What a container and its node keep an attacker from."""
    red_team: RedTeam | None = None
    """How the deployment is attacked on purpose."""
    patching: Patching | None = None
    """How fast vulnerabilities are closed."""
