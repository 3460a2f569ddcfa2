"""What `.psfpolicy.yaml` may say.

Command line and environment come before it, but can only raise a gate that it sets.
"""

from typing import Annotated, Literal

from pydantic import Field

from psfpolicy.model.closed import Closed, Many, OneOrMore, Score, Text, UpToAYear
from psfpolicy.model.descriptor.data import Category
from psfpolicy.model.descriptor.metadata import Environment
from psfpolicy.model.report import GateName


class GateFloor(Closed):
    """What is asked of some descriptors at least; where several floors apply, the strictest does."""

    paths: Annotated[Many[Text] | None, Field(examples=[["deploy/production/**"]])] = None
    """Globs of the descriptors that it is for, relative to the settings; all where it is absent."""
    environments: Many[Environment] | None = None
    """Environments that it is for; all where it is absent."""
    gate: GateName | None = None
    """The least gate."""
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


class Settings(Closed):
    """Settings of psfpolicy for a repository, in `.psfpolicy.yaml` at its root."""

    gate: GateName | None = None
    """The least gate of every descriptor; the command line and the environment can only raise it."""
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
