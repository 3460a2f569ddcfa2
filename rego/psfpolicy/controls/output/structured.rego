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

import data.psfpolicy.lib.declared
import data.psfpolicy.lib.decoding
import data.psfpolicy.lib.parts

metadata := rego.metadata.chain()

_path := ["spec", "outputs", "constrainedDecoding"]

_section := {key: value | some key, value in input.descriptor.spec.outputs.constrainedDecoding}

_sink_kinds := {object.get(sink, "kind", "unsaid") | some sink in input.descriptor.spec.outputs.sinks}

_schema_claimed if _section.schema

_schema_claimed if {
	some validator in input.descriptor.spec.outputs.validators
	validator.kind == "schema"
}

not_applicable := "every sink in `spec.outputs.sinks` is a `ui`, and no schema is claimed" if {
	_sink_kinds == {"ui"}
	not _schema_claimed
}

_constrained if decoding.constrained(input.descriptor)

_named if declared.named(_section.schema)

places contains _path

findings contains {"path": _path, "status": _status, "message": _message, "reads": reads} if {
	reads := array.concat(
		[array.concat(_path, ["library"]), array.concat(_path, ["schema"])],
		array.concat(_kinds("sinks"), _kinds("validators")),
	)
}

_kinds(list) := [["spec", "outputs", list, index, "kind"] | some index, _ in input.descriptor.spec.outputs[list]]

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
	seen := concat(" and ", [parts.seen(_section, "library"), parts.seen(_section, "schema")])
}
