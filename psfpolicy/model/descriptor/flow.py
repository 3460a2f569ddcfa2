"""A flow: a way by which data leaves the serving process or comes to rest, with who runs it and where."""

from typing import Annotated, Self, cast

from pydantic import ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from psfpolicy.model.closed import Closed, Many
from psfpolicy.model.descriptor.terms import Carried, Country, Operator, PartyId, Premises, Region


def _exactly_one(schema: JsonDict) -> None:
    """Say of a map with two keys that exactly one is needed; a key that is null is not said."""
    first, second = (_said(key) for key in _properties(schema))
    # Where the map itself may be null, null must match one branch, so only one of them asks for a map.
    schema["oneOf"] = [{"type": "object", **first}, second]


def _said(key: str) -> JsonDict:
    return {"required": [key], "properties": {key: {"not": {"type": "null"}}}}


def _own_keys_first(schema: JsonDict) -> None:
    """List the keys of a kind of flow before those that every flow has."""
    shared = {field.alias for field in Flow.model_fields.values()}
    schema["properties"] = dict(sorted(_properties(schema).items(), key=lambda item: item[0] in shared))


def _properties(schema: JsonDict) -> JsonDict:
    return cast("JsonDict", schema["properties"])


class Alternative(Closed):
    """A map that says exactly one of its two keys."""

    model_config = ConfigDict(json_schema_extra=_exactly_one)

    @model_validator(mode="after")
    def _one_is_said(self) -> Self:
        if sum(value is not None for _, value in self) != 1:
            raise ValueError("exactly one of " + ", ".join(type(self).model_fields) + " is needed")
        return self


class Location(Alternative):
    """Where the bytes are: a country, or a cloud region that the catalogue maps to one."""

    country: Country | None = None
    """Country in which the bytes are, ISO 3166-1 alpha-2."""
    region: Region | None = None
    """Cloud region in which the bytes are, written `<cloud>:<region>` with the cloud aws, gcp or azure."""


class Flow(Closed):
    """Who runs a flow, where, and what it takes along."""

    model_config = ConfigDict(json_schema_extra=_own_keys_first)

    hosting: Operator | None = None
    """Who runs it; `self` also says that `operator` is `self`."""
    operator: PartyId | None = None
    """Party that runs it; unknown where neither this nor `hosting: self` says so and the target lies outside."""
    location: Location | None = None
    """Where its bytes are; the serving location where the operator is `self`, otherwise unknown."""
    premises: Premises | None = None
    """Whose premises it stands on."""
    tls: bool | None = None
    """Whether the way there is encrypted with TLS."""
    carries: Annotated[Many[Carried] | None, Field(examples=[["traces", "metrics"]])] = None
    """What it takes along; prompts and responses where it is absent."""
