"""What a file of waivers, and a file of accepted findings, may say."""

from typing import Annotated, Literal

from pydantic import Field

from psfpolicy.model.closed import Closed, Day, Many, Text, whole

_Digest = Annotated[
    str,
    Field(
        pattern=whole("[0-9a-f]{64}"),
        json_schema_extra={"patternErrorMessage": "must be a SHA-256 in 64 small hexadecimal digits"},
    ),
]
_Status = Literal["fail", "partial"]


class Waiver(Closed):
    """Leave for one finding until a day.

    The names in it are no signatures: who really approved it is who reviewed the file.
    """

    id: Annotated[
        str,
        Field(
            pattern=whole("[A-Za-z0-9][A-Za-z0-9._-]*"),
            json_schema_extra={"patternErrorMessage": "must be letters, digits, `.`, `_` and `-`"},
            examples=["otel-us-2026"],
        ),
    ]
    """What it is called; no two of a file are called the same."""
    control: Annotated[Text, Field(examples=["residency-region-pinned", "evidence-undeclared"])]
    """Id of the control whose finding it is for, or `evidence-undeclared`, `scope-reduced`."""
    descriptor: Annotated[Text, Field(examples=["production/support"])]
    """The deployment, `environment/name`."""
    path: Annotated[str, Field(examples=["spec.observability.exports[otel].endpoint"])]
    """Path of the finding as reports write it, or the named item that it lies in; empty for the descriptor itself."""
    status: _Status
    """What the finding was when it was waived; of what has no status, `fail`."""
    digest: _Digest
    """The finding's `digest` when it was waived: with other values it is another finding."""
    reason: Text
    """Why it may stand until then."""
    owner: Annotated[Text, Field(examples=["platform-team"])]
    """Who answers for it."""
    approver: Annotated[Text, Field(examples=["platform-security"])]
    """Who approved it; another than the owner."""
    ticket: Annotated[Text, Field(examples=["SEC-1042"])]
    """Where it is tracked."""
    created: Day
    """First day on which it counts."""
    expires: Day
    """Last day on which it counts; at most 365 days after it was created, and at most the settings' `waiverDays`."""


class Waivers(Closed):
    """Waivers of psfpolicy for a repository, in `waivers.yaml` beside its settings."""

    waivers: Many[Waiver]
    """The waivers, in any order."""


class AcceptedFinding(Closed):
    """One finding that was there when the findings were accepted."""

    descriptor: Text
    """The deployment, `environment/name`."""
    control: Text
    """Id of the control, or `evidence-undeclared`."""
    path: str
    """Path of the finding, as reports write it."""
    status: _Status
    """What it was."""
    fingerprint: _Digest
    """Its fingerprint: which finding it is."""
    digest: _Digest
    """Its digest: with other values it is another finding."""


class AcceptedFindings(Closed):
    """Accepted findings of a repository; written by `psfpolicy accepted write`, which only ever takes away from it."""

    date: Day
    """Day on which they were accepted."""
    commit: Annotated[
        str | None,
        Field(
            pattern=whole("[0-9a-f]{40}([0-9a-f]{24})?"),
            json_schema_extra={"patternErrorMessage": "must be the id of a commit, in full"},
        ),
    ] = None
    """Commit that was checked out on that day, in full."""
    findings: Many[AcceptedFinding]
    """The findings, by descriptor, control and path."""
