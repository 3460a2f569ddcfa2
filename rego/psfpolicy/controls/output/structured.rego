# METADATA
# title: Structured output
# description: |
#   Code that reads a model's answer breaks on the first answer of another shape; only a decoder held to a schema cannot give one.
#   Constrained decoding must be declared with its schema. A library without a schema constrains nothing in particular, and a
#   fine-tuned model with one is trained towards it and not held to it: both are partial. A schema without a library is not enforced.
#   The control applies unless sinks are listed, each of them is a `ui`, and neither a schema nor a validator of kind `schema` is named.
# custom:
#   criterion: PSF-2.1
#   provenance: official
#   severity: high
#   remediation: |
#     Name the library that constrains decoding, and the schema that it enforces:
#
#     outputs:
#       constrainedDecoding: {library: outlines, schema: schemas/note.json}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-2-output-validation
#   good: |
#     outputs:
#       constrainedDecoding: {library: outlines, schema: schemas/note.json}
#   bad: |
#     outputs:
#       constrainedDecoding: {library: outlines}
package psfpolicy.controls.output.structured

import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

_descriptor := object.get(input, "descriptor", {})

_path := ["spec", "outputs", "constrainedDecoding"]

_section := {key: value | some key, value in _descriptor.spec.outputs.constrainedDecoding}

_sinks := [sink | some sink in _descriptor.spec.outputs.sinks]

_validators := [validator | some validator in _descriptor.spec.outputs.validators]

_schema_claimed if _section.schema

_schema_claimed if {
	some validator in _validators
	validator.kind == "schema"
}

not_applicable := "every sink in `spec.outputs.sinks` is a `ui`, and no schema is claimed" if {
	{object.get(sink, "kind", "unsaid") | some sink in _sinks} == {"ui"}
	not _schema_claimed
}

_constrained if terms.constrained_decoding(_descriptor)

_named if said.named(_section, ["schema"])

places contains _path

findings contains {"path": _path, "status": _status, "message": _message, "reads": reads} if {
	reads := array.flatten([
		paths.keys(_path, ["library", "schema"]),
		paths.items(["spec", "outputs", "sinks"], _sinks, ["kind"]),
		paths.items(["spec", "outputs", "validators"], _validators, ["kind"]),
	])
}

default _status := "fail"

_status := "pass" if {
	_constrained
	_named
}

_status := "partial" if {
	_constrained
	not _named
}

_status := "partial" if {
	_section.library == "fine-tuned"
	_named
}

_message := $"`{_section.library}` holds output to `{_section.schema}`" if _status == "pass"

_message := $"in `spec.outputs.constrainedDecoding`, {seen}; wanted: `library` with one that constrains decoding, and `schema`" if {
	_status != "pass"
	seen := text.joined([said.at(_section, [key]) | some key in ["library", "schema"]])
}
