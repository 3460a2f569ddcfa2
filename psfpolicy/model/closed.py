r"""What every model of a user's file is made of: closed maps, and scalars that mean the same in every validator.

The models, the JSON Schemas that are generated from them, and the validators that read those must accept the same
documents. So patterns name their characters instead of relying on `\s`, `\d` or a bare `$`, which differ from one
regular expression engine to the next, and a whole number may be written `32768.0`, as in JSON Schema.
"""

from typing import Annotated, Final, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict
from pydantic.alias_generators import to_camel

WHOLE_LIMIT: Final = 999_999_999_999_999
"""The largest integer of a document: below 10^15 both engines of the policy calculate exactly."""

DECIMAL_LIMIT: Final = 999_999_999
"""The largest decimal of a document: as an integer number of millionths it still lies below `WHOLE_LIMIT`."""

T = TypeVar("T")


class Closed(BaseModel):
    """A map whose keys are all known; written in camelCase, read in snake_case, never changed."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        extra="forbid",
        frozen=True,
        # The default engine knows no look-ahead, which `whole` needs.
        regex_engine="python-re",
        strict=True,
        use_attribute_docstrings=True,
    )


def whole(pattern: str) -> str:
    """Give a pattern that must match the whole text: in Python a bare `$` also matches before a last line break."""
    return f"^{pattern}$(?!\\n)"


def _integral(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Many: TypeAlias = Annotated[tuple[T, ...], Strict(strict=False)]
"""A list; `Strict(False)` because a strict tuple refuses the lists that parsers give. Its items stay strict."""

Text: TypeAlias = Annotated[
    str,
    Field(
        # White space, control characters and marks without width declare nothing.
        pattern=r"[^\s\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u2060\ufeff]",
        json_schema_extra={"patternErrorMessage": "must not be empty; leave the key out where there is nothing to say"},
    ),
]
"""A text that declares something: at least one character that can be seen."""

Day: TypeAlias = Annotated[
    str,
    Field(
        pattern=whole("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
        json_schema_extra={"format": "date", "patternErrorMessage": "must be a day written YYYY-MM-DD"},
        examples=["2026-09-14"],
    ),
]
"""A day of the calendar, ISO 8601 (`2026-09-14`). Whether the day exists is checked elsewhere."""

Count: TypeAlias = Annotated[int, Field(ge=0, le=WHOLE_LIMIT), BeforeValidator(_integral)]
"""How many, from 0."""

OneOrMore: TypeAlias = Annotated[int, Field(ge=1, le=WHOLE_LIMIT), BeforeValidator(_integral)]
"""How many, where none makes no sense."""

UpToAYear: TypeAlias = Annotated[int, Field(ge=1, le=365), BeforeValidator(_integral)]
"""How many days, a year at most."""

Port: TypeAlias = Annotated[int, Field(ge=1, le=65535), BeforeValidator(_integral)]
"""A TCP or UDP port."""

Decimal: TypeAlias = Annotated[float, Field(ge=0, le=DECIMAL_LIMIT, allow_inf_nan=False)]
"""A quantity that need not be whole, from 0."""

Score: TypeAlias = Annotated[int, Field(ge=0, le=100), BeforeValidator(_integral)]
"""A score, from 0 to 100."""

Share: TypeAlias = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
"""A part of a whole, from 0 to 1."""

Percent: TypeAlias = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
"""A part of a hundred, from 0 to 100."""
