"""Closed sets and scalars that more than one section of a descriptor uses."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from psfpolicy.model.closed import Text, whole

Level: TypeAlias = Literal["low", "medium", "high"]
"""How much harm a wrong output does."""

Operator: TypeAlias = Literal["self", "third-party"]
"""Who runs something: the deploying organisation, or another."""

Premises: TypeAlias = Literal["own", "other"]
"""Whose premises something stands on."""

Carried: TypeAlias = Literal["metrics", "traces", "logs", "prompts", "responses", "weights"]
"""What a flow takes along."""

StoreKind: TypeAlias = Literal["logs", "traces", "metrics", "vector-store", "cache", "backups", "prompts", "datasets"]
"""What comes to rest in a store."""

LawfulBasis: TypeAlias = Literal[
    "consent", "contract", "legal-obligation", "vital-interests", "public-task", "legitimate-interests"
]
"""The lawful bases of GDPR, Article 6(1)."""

Country: TypeAlias = Annotated[
    str,
    Field(
        pattern=whole("[A-Z]{2}"),
        json_schema_extra={"format": "country", "patternErrorMessage": "must be an ISO 3166-1 alpha-2 code such as DE"},
        examples=["DE", "US"],
    ),
]
"""A country, ISO 3166-1 alpha-2. Whether it is assigned is checked elsewhere."""

Region: TypeAlias = Annotated[
    str,
    Field(
        pattern=whole("(aws|gcp|azure):[a-z0-9-]+"),
        json_schema_extra={
            "format": "region",
            "patternErrorMessage": "must be <cloud>:<region> with the cloud aws, gcp or azure",
        },
        examples=["aws:eu-central-1", "gcp:europe-west3", "azure:germanywestcentral"],
    ),
]
"""A region of a cloud. Whether it exists is checked elsewhere."""

Area: TypeAlias = Annotated[
    str,
    Field(
        pattern=whole("([A-Z]{2}|EEA|ADEQUATE)"),
        json_schema_extra={
            "format": "area",
            "patternErrorMessage": "must be an ISO 3166-1 alpha-2 code, or one of EEA, EU, ADEQUATE",
        },
        examples=["DE", "EEA", "EU", "ADEQUATE"],
    ),
]
"""A country, or a group of countries: EEA, EU, or ADEQUATE (those with an adequacy decision of the EU)."""

PartyId: TypeAlias = Annotated[Text, Field(json_schema_extra={"format": "party"}, examples=["self", "aws"])]
"""The `id` of one of `parties`, or `self`. Whether it is declared is checked elsewhere."""
