# METADATA
# title: Structured output
# description: |
#   Code that reads a model's answer breaks on the first answer of another shape; only a decoder held to a schema cannot give one.
#   Constrained decoding must be declared with its schema. A library without a schema constrains nothing in particular, and a
#   fine-tuned model with one is trained towards it and not held to it: both are partial. A schema without a library is not enforced.
#   The library must be one that works where the model runs, as the catalogue knows it: an engine has it built in, a client such as
#   Instructor finds OpenAI's interface there, and a provider's own way of doing it belongs to the model that it hosts. Where that is
#   not known, or the engine is not, it is partial; a provider's own way of a model that is not hosted, or that has none, fails.
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
#     serving: {hosting: on-prem, engine: {name: vllm}}
#     outputs:
#       constrainedDecoding: {library: outlines, schema: schemas/note.json}
#   bad: |
#     outputs:
#       constrainedDecoding: {library: outlines}
package psfpolicy.controls.output.structured

import data.psfpolicy.decoding
import data.psfpolicy.lib.paths
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_path := ["spec", "outputs", "constrainedDecoding"]

default _section := {}

_section := _descriptor.spec.outputs.constrainedDecoding

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

rests := {["spec", "outputs", "sinks"], ["spec", "outputs", "validators"]}

_constrained if terms.constrained_decoding(_descriptor)

_named if said.named(_section, ["schema"])

places contains _path

findings contains object.union(_answer, {"path": _path, "reads": reads}) if {
	reads := array.flatten([
		paths.keys(_path, ["library", "schema"]),
		paths.items(["spec", "outputs", "sinks"], _sinks, ["kind"]),
		paths.items(["spec", "outputs", "validators"], _validators, ["kind"]),
		decoding.support.reads,
	])
}

_answer := {"status": "fail", "message": message} if {
	decoding.support.works == "no"
	message := $"`{_section.library}` is {decoding.support.seen}; wanted: {decoding.support.wanted}"
}

else := {"status": _partly, "message": message} if {
	not _whole
	seen := text.joined([said.at(_section, [key]) | some key in ["library", "schema"]])
	message := $"in `spec.outputs.constrainedDecoding`, {seen}; wanted: `library` with one that constrains decoding, and `schema`"
}

else := {"status": "pass", "message": $"`{_section.library}` holds output to `{_section.schema}`"} if {
	decoding.support.works == "yes"
}

else := {"status": "partial", "message": message} if {
	message := $"`{_section.library}` is {decoding.support.seen}; wanted: {decoding.support.wanted}"
}

_whole if {
	_constrained
	_named
}

default _partly := "fail"

_partly := "partial" if _constrained

_partly := "partial" if {
	_section.library == "fine-tuned"
	_named
}
