# METADATA
# title: Input schema
# description: |
#   A request of the wrong shape, or longer than the model reads, is cut or misread without anyone noticing.
#   Inputs must be held to a schema and to a number of tokens that the served model can read. A limit of 0 is none, and a limit
#   that cannot be compared because `model.maxModelLen` is missing does not count: partial with the other part, else fail. Nor does one
#   above what the model is known to read.
# custom:
#   criterion: PSF-1.2
#   provenance: official
#   severity: high
#   remediation: |
#     Name the schema, and a limit no higher than what the model is served with:
#
#     inputs:
#       schema: {ref: schemas/request.json, maxTokens: 8192}
#     model:
#       maxModelLen: 32768
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-1-input-governance
#   good: |
#     model: {maxModelLen: 32768}
#     inputs:
#       schema: {ref: schemas/request.json, maxTokens: 8192}
#   bad: |
#     model: {maxModelLen: 8192}
#     inputs:
#       schema: {ref: schemas/request.json, maxTokens: 32768}
package psfpolicy.controls.input.schema

import data.psfpolicy.capacity
import data.psfpolicy.lib.parts
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said

metadata := rego.metadata.chain()

_path := ["spec", "inputs", "schema"]

default _schema := {}

_schema := input.descriptor.spec.inputs.schema

_length := input.descriptor.spec.model.maxModelLen

# Rules of their own, since "not" of a comparison with an absent key is undefined.
_limited if _schema.maxTokens > 0

_lacking contains phrase if some phrase in said.unnamed(_schema, ["ref"])

_lacking contains said.at(_schema, ["maxTokens"]) if not _limited

_lacking contains "`maxTokens` has no `spec.model.maxModelLen` to stay within" if {
	_limited
	not _length
}

_lacking contains $"`maxTokens` is `{_schema.maxTokens}`, above {bound}" if bound := _above

_above := $"`spec.model.maxModelLen` of `{_length}`" if {
	_schema.maxTokens > _length
} else := $"the `{_readable}` that `{input.descriptor.spec.model.id}` reads" if {
	_length
	_schema.maxTokens > _readable
}

# What the model reads, whatever it is said to be served with.
_readable := max({capacity.model[key] | some key in ["context_length", "extended_context_length"]})

places contains _path

findings contains parts.answer({
	"path": _path,
	"lacking": _lacking,
	"of": 2,
	"met": _met,
	"wanted": "`ref` naming a schema, and `maxTokens` above 0 and at most `spec.model.maxModelLen`",
	"reads": array.flatten([paths.keys(_path, ["ref", "maxTokens"]), [["spec", "model", "maxModelLen"]], _sizes]),
})

default _sizes := []

_sizes := [["spec", "model", "id"], ["spec", "model", "base", "id"], ["spec", "model", "architecture", "contextLength"]] if {
	_above
	_schema.maxTokens <= _length
}

default _met := ""

_met := $"inputs are held to `{_schema.ref}` and to `{_schema.maxTokens}` tokens of the model's `{_length}`"
