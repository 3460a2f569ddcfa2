"""The schema of descriptors: one for complete documents, and for those that other files complete."""

from typing import Final

from psfpolicy.model.descriptor import Descriptor, DescriptorBase
from psfpolicy.model.schemas.keywords import Schema, readable

_LET_OFF: Final[Schema] = {
    "anyOf": [
        {"required": ["kind"], "properties": {"kind": {"enum": ["LLMDeploymentBase"]}}},
        {
            "required": ["metadata"],
            "properties": {
                "metadata": {
                    "type": "object",
                    "required": ["extends"],
                    "properties": {"extends": {"type": "string"}},
                }
            },
        },
    ]
}
"""Documents that need not be complete: a base, and a deployment that extends one."""

_EXAMPLE: Final = {
    "apiVersion": "psfpolicy/v1",
    "kind": "LLMDeployment",
    "metadata": {"name": "clinical-notes", "environment": "production"},
    "spec": {
        "purpose": {"summary": "Drafts discharge notes for clinicians"},
        "model": {"id": "meta-llama/Llama-3.3-70B-Instruct"},
        "serving": {"hosting": "self-managed-kubernetes"},
    },
}


def deployment() -> Schema:
    """Give the schema of a file of kind LLMDeployment or LLMDeploymentBase.

    Its shape is that of documents that need not be complete; what a complete one needs beyond is in `else`, where it
    is a list of required keys and nothing else, so that no key is described twice.
    """
    shape = DescriptorBase.model_json_schema()
    complete = Descriptor.model_json_schema()
    demands = _demands(complete, shape, complete["$defs"], shape["$defs"])
    return readable(shape | {"if": _LET_OFF, "else": demands, "examples": [_EXAMPLE]})


def _demands(complete: Schema, shape: Schema, complete_defs: Schema, shape_defs: Schema) -> Schema:
    """Give what one schema requires beyond another that differs from it in nothing else."""
    complete, shape = _target(complete, complete_defs), _target(shape, shape_defs)
    demands: Schema = {}
    already = shape.get("required", [])
    if missing := [key for key in complete.get("required", []) if key not in already]:
        demands["required"] = missing
    below = {
        key: _demands(part, shape["properties"][key], complete_defs, shape_defs)
        for key, part in complete.get("properties", {}).items()
    }
    if wanted := {key: part for key, part in below.items() if part}:
        demands["properties"] = wanted
    if "items" in complete and (of_items := _demands(complete["items"], shape["items"], complete_defs, shape_defs)):
        demands["items"] = of_items
    return demands


def _target(schema: Schema, defs: Schema) -> Schema:
    """Follow a reference, and look past null."""
    something = schema.get("anyOf", [schema])[0]
    if "$ref" in something:
        return _target(defs[something["$ref"].rpartition("/")[2]], defs)
    return dict(something)
