"""The schema of the policy's input, for `opa check --schema`: types of references, and nothing else.

OPA's checker looks no further where something may be null or one of several, so here nothing is; the host leaves
nulls out of the input. Paths mix keys and indexes, and waivers and catalogue rows come from files with schemas of
their own, so what is below them is anything.
"""

from typing import Final

from psfpolicy.model.report import GATES
from psfpolicy.model.schemas.deployment import deployment
from psfpolicy.model.schemas.keywords import Schema, changed, ordered

_KEPT: Final = frozenset({"$ref", "$defs", "type", "enum", "items", "properties", "additionalProperties"})


def _map(**properties: Schema) -> Schema:
    return {"type": "object", "additionalProperties": False, "properties": properties}


_PATH: Final[Schema] = {"type": "array", "items": {}}
_TEXT: Final[Schema] = {"type": "string"}
_TEXTS: Final[Schema] = {"type": "array", "items": _TEXT}
# The value is anything that a descriptor may hold.
_FACT: Final[Schema] = _map(
    path=_PATH,
    value={},
    item={"type": "boolean"},
    certainty=_TEXT,
    about=_TEXT,
    subject=_TEXT,
    filled={"type": "boolean"},
)
# Of a comparison, which is a question of its own.
_FINDING: Final[Schema] = _map(fingerprint=_TEXT, control=_TEXT, status=_TEXT, digest=_TEXT, domain=_TEXT, waiver=_TEXT)
_REASON: Final[Schema] = _map(
    kind=_TEXT, control=_TEXT, domain=_TEXT, score={"type": "integer"}, threshold={"type": "integer"}
)
_DIGESTS: Final[Schema] = {"type": "object", "additionalProperties": _TEXT}
_SIDE: Final[Schema] = _map(
    descriptor={"$ref": "#/$defs/Descriptor"},
    findings={"type": "array", "items": _FINDING},
    reasons={"type": "array", "items": _REASON},
    verdict=_TEXT,
    apart=_TEXTS,
    unlifted=_TEXTS,
    gate=_TEXT,
    profiles=_TEXTS,
    thresholds={"type": "object", "additionalProperties": {"type": "integer"}},
    shown=_DIGESTS,
    told=_DIGESTS,
)


def question() -> Schema:
    """Give the schema of the input document."""
    descriptor = changed(deployment(), _types)
    definitions = descriptor.pop("$defs")
    return {
        **_map(
            descriptor={"$ref": "#/$defs/Descriptor"},
            facts=_map(evidence={"type": "array", "items": _FACT}, secrets={"type": "array", "items": _PATH}),
            catalogue={"type": "object"},
            waivers={
                "type": "array",
                "items": _map(id={"type": "string"}, control={"type": "string"}, path=_PATH),
            },
            today={"type": "string"},
            gate={"type": "string", "enum": list(GATES)},
            base=_SIDE,
            head=_SIDE,
            accepted={"type": "array", "items": _FINDING},
            then={"type": "array", "items": _FINDING},
            expired=_TEXTS,
            parameters=_map(
                unwaivable=_TEXTS,
                requireEvidence=_TEXTS,
                profiles=_TEXTS,
                thresholds={"type": "object", "additionalProperties": {"type": "integer"}},
                floors=_map(regimes=_TEXTS, categories=_TEXTS),
                onlyNew={"type": "boolean"},
                brief={"type": "boolean"},
            ),
        ),
        "$defs": {"Descriptor": descriptor, **definitions},
    }


def _types(schema: Schema) -> Schema:
    kept = {keyword: value for keyword, value in schema.items() if keyword in _KEPT}
    if isinstance(schema.get("type"), list):
        kept["type"] = schema["type"][0]
    if "enum" in schema:
        kept["enum"] = [value for value in schema["enum"] if value is not None]
    return ordered(kept)
