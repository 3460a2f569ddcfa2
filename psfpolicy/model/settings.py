"""What `.psfpolicy.yaml` may say.

Command line and environment come before it, but can only raise a gate that it sets.
"""

from typing import Annotated, Literal

from pydantic import Field

from psfpolicy.model.closed import Closed, Many, OneOrMore, Score, Text, UpToAYear, whole
from psfpolicy.model.descriptor.data import Category
from psfpolicy.model.descriptor.metadata import Environment
from psfpolicy.model.report import GATES


class GateFloor(Closed):
    """What is asked of some descriptors at least; where several floors apply, the strictest does."""

    paths: Annotated[Many[Text] | None, Field(examples=[["deploy/production/**"]])] = None
    """Globs of the descriptors that it is for, relative to the settings; all where it is absent."""
    environments: Many[Environment] | None = None
    """Environments that it is for; all where it is absent."""
    gate: Annotated[Text | None, Field(examples=list(GATES))] = None
    """The least gate, or a gate profile of the bundle, whose conditions then hold whatever else is asked for."""
    thresholds: Annotated[dict[str, Score] | None, Field(examples=[{"OPS": 60}])] = None
    """Least scores by domain, whatever the gate; of several floors the highest counts."""
    regimes: Annotated[Many[Text] | None, Field(examples=[["gdpr"]])] = None
    """Regimes that must be among those that a descriptor declares."""
    categories: Annotated[Many[Category] | None, Field(examples=[["phi"]])] = None
    """Categories of data that must be among those that a descriptor declares."""


class EvidenceRule(Closed):
    """Manifests that are evidence of some descriptors."""

    descriptors: Annotated[Many[Text] | None, Field(examples=[["deploy/production/**"]])] = None
    """Globs of the descriptors that they belong to, relative to the settings; all where it is absent."""
    files: Annotated[Many[Text], Field(examples=[["k8s/**/*.yaml"]], min_length=1)]
    """Globs of the manifests, relative to the settings, never outside the repository."""
    namespace: Annotated[Text | None, Field(examples=["llm"])] = None
    """Only objects of this namespace, and those that name none."""
    selector: Annotated[dict[str, Text] | None, Field(examples=[{"app": "vllm"}])] = None
    """Only workloads whose pods have these labels."""


class OpaServer(Closed):
    """OPA servers that serve the policy."""

    url: Annotated[Text | None, Field(examples=["https://opa.example.org:8181"])] = None
    """Address of the server: scheme, host and port; `http` for this machine alone."""
    urls: Annotated[Many[Text] | None, Field(examples=[["https://opa-1.example.org", "https://opa-2.example.org"]])] = (
        None
    )
    """Addresses of several servers of the same policy, which share the work and stand in for one another."""
    token_env: Annotated[Text | None, Field(pattern=whole("[A-Za-z_][A-Za-z0-9_]*"), examples=["OPA_TOKEN"])] = None
    """Name of the environment variable that holds the bearer token."""
    ca: Annotated[Text | None, Field(examples=["opa-ca.pem"])] = None
    """File of the certificates that a server's must go back to, PEM, relative to the settings."""
    client_cert: Annotated[Text | None, Field(examples=["/etc/psfpolicy/client.pem"])] = None
    """File of this client's certificate and key, PEM, relative to the settings."""
    timeout_seconds: OneOrMore | None = None
    """How long one question may take; 10 where it is absent."""
    package: Annotated[
        Text | None, Field(pattern=whole(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*"), examples=["psfpolicy"])
    ] = None
    """Package below which the rules of the policy are asked; `psfpolicy` where it is absent."""


class Bundle(Closed):
    """A bundle that decides in the place of the policy that psfpolicy ships."""

    file: Annotated[Text, Field(examples=["policy/bank.tar.gz"])]
    """The file, relative to the settings, as `psfpolicy bundle build` writes it."""
    digest: Annotated[
        str,
        Field(
            pattern=whole("sha256:[0-9a-f]{64}"),
            json_schema_extra={
                "patternErrorMessage": "must be sha256: and 64 digits, as `psfpolicy bundle inspect` shows"
            },
        ),
    ]
    """Digest of the policy in it; a file with another is refused."""
    key: Annotated[Text | None, Field(examples=["policy/bank.pub"])] = None
    """File of the public key, in PEM, or of the secret that it must be signed with, relative to the settings."""


class Settings(Closed):
    """Settings of psfpolicy for a repository, in `.psfpolicy.yaml` at its root."""

    gate: Annotated[Text | None, Field(examples=list(GATES))] = None
    """The least gate of every descriptor, or a gate profile of the bundle; the command line and the environment can
    only raise it."""
    gates: Many[GateFloor] | None = None
    """Higher floors for some descriptors."""
    thresholds: Annotated[dict[str, Score] | None, Field(examples=[{"OPS": 60}])] = None
    """Least scores of every descriptor by domain, whatever the gate, beside what the gate asks. Without one for it the
    operations score (`OPS`) gates nothing."""
    regimes: Annotated[Many[Text] | None, Field(examples=[["gdpr"]])] = None
    """Regimes that must be among those that every descriptor declares."""
    categories: Annotated[Many[Category] | None, Field(examples=[["phi"]])] = None
    """Categories of data that must be among those that every descriptor declares."""
    unwaivable: Annotated[Many[Text] | None, Field(examples=[["deploy-model-pinned"]])] = None
    """Ids that no waiver covers, of controls, or `scope-reduced`, `evidence-undeclared`, `inline-ignore`."""
    require_evidence: Annotated[Many[Text] | None, Field(examples=[["security-weights-integrity"]])] = None
    """Ids of controls that pass only where manifests show what they ask for."""
    evidence: Many[EvidenceRule] | None = None
    """Manifests of many descriptors, beside those that each names under `spec.evidence`."""
    catalogue: Annotated[Text | None, Field(examples=["psfpolicy-catalogue.yaml"])] = None
    """File of your own rows of the catalogue, relative to the settings: `{models: {id: row}, regimes: {id: row}}`."""
    bundle: Bundle | None = None
    """Policy that decides in the place of the one that psfpolicy ships; the command line cannot name another."""
    exclude: Annotated[Many[Text] | None, Field(examples=[["tests/fixtures/**"]])] = None
    """Globs of files that are not assessed, relative to the settings, found or named; the report says which."""
    waivers: Annotated[Text | None, Field(examples=["waivers.yaml"])] = None
    """File of waivers, relative to the settings; without it `waivers.yaml` beside them, where there is one."""
    waiver_days: UpToAYear | None = None
    """Days that a waiver may last, at most; 365 where it is absent."""
    inline_ignores: Literal["allow", "forbid"] | Many[Text] | None = None
    """Whether comments (`# psfpolicy: ignore[…]`) may waive findings: `allow`, `forbid`, or the ids of the controls
    whose findings they may; `forbid` where it is absent."""
    accepted: Annotated[Text | None, Field(examples=["psfpolicy-accepted.json"])] = None
    """File of accepted findings, relative to the settings; `psfpolicy accepted write` makes it."""
    engine: Literal["wasm", "opa"] | None = None
    """What evaluates the policy: the embedded engine, or OPA servers; `opa` cannot be switched off elsewhere."""
    opa: OpaServer | None = None
    """Servers for the engine `opa`; without it a private one runs for as long as psfpolicy does."""
    format: Annotated[Text | None, Field(examples=["text", "json"])] = None
    """Format of the report on standard output."""
    output: Annotated[Many[Text] | None, Field(examples=[["json=report.json"]])] = None
    """Further reports, each written `FORMAT=FILE`; `-` is standard output."""
    color: Literal["auto", "always", "never"] | None = None
    """Whether the text report is coloured; `auto` does so on a terminal."""
    jobs: OneOrMore | None = None
    """Processes that assess at once."""
    quiet: bool | None = None
    """Whether the text report is the verdict lines only."""
    verbose: bool | None = None
    """Whether the text report shows what passed, too."""
