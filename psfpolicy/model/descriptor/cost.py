"""`spec.cost`: what serving costs, and what the same would cost elsewhere."""

from typing import Annotated, TypeAlias

from pydantic import Field

from psfpolicy.model.closed import Closed, Decimal, Share, whole

Currency: TypeAlias = Annotated[
    str,
    Field(
        pattern=whole("[A-Z]{3}"),
        json_schema_extra={"patternErrorMessage": "must be an ISO 4217 code such as USD"},
        examples=["USD", "EUR"],
    ),
]
"""A currency, ISO 4217."""


class Cost(Closed):
    """What serving costs, and what the same would cost elsewhere."""

    gpu_hour: Annotated[Decimal | None, Field(examples=[2.5])] = None
    """Price of one accelerator for one hour, in `currency`."""
    hosted_price_per_million_tokens: Annotated[Decimal | None, Field(examples=[0.4])] = None
    """Price of a million tokens of the same model at a provider, in `currency`."""
    currency: Currency | None = None
    """Currency of the prices, ISO 4217."""
    target_utilization: Annotated[Share | None, Field(examples=[0.6])] = None
    """Share of the time in which the accelerators are meant to be busy."""
