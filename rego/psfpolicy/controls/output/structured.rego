# METADATA
# title: Structured output
# description: |
#   Code that reads a model's answer breaks on the first answer of another shape; only a decoder held to a schema cannot give one.
#   Constrained decoding must be declared with its schema. A library without a schema constrains nothing in particular, and a
#   fine-tuned model with one is trained towards it and not held to it: both are partial. A schema without a library is not enforced.
#   The library must be one that works where the model runs, as the catalogue knows it: an engine has it built in, a client such as
#   Instructor finds OpenAI's interface there, and a provider's own way of doing it belongs to the model that it hosts. Where that is
#   not known, or the engine is not, it is partial.
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

import data.psfpolicy.known
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
		[where | _constrained; some where in _where],
	])
}

_engine := ["spec", "serving", "engine", "name"]

_library := known.resolve("decoding", _section.library)

# Where it is seen whether a library works there.
default _where := []

_where := [["spec", "serving", "engine", "name"]] if _library.runs_in in {"engine", "client"}

_where := [["spec", "serving", "hosting"], ["spec", "model", "id"], ["spec", "model", "base", "id"]] if _library.runs_in == "provider"

_supported if {
	_library.runs_in == "engine"
	_library.id in known.engine.structured_output
}

_supported if {
	_library.runs_in == "client"
	known.engine.openai_compatible == true
}

_supported if {
	_library.runs_in == "provider"
	terms.third_party_run(_descriptor)
	known.model.native_structured_output == true
}

default _status := "fail"

_status := "pass" if {
	_constrained
	_named
	_supported
}

_status := "partial" if {
	_constrained
	not _pass
}

_status := "partial" if {
	_section.library == "fine-tuned"
	_named
}

_pass if {
	_named
	_supported
}

_message := $"`{_section.library}` holds output to `{_section.schema}`" if _status == "pass"

_message := $"`{_section.library}` is not known to work {_there}; wanted: {_one}" if {
	_status == "partial"
	_constrained
	_named
}

else := $"in `spec.outputs.constrainedDecoding`, {seen}; wanted: `library` with one that constrains decoding, and `schema`" if {
	_status != "pass"
	seen := text.joined([said.at(_section, [key]) | some key in ["library", "schema"]])
}

_there := "where the model runs: `spec.serving.hosting` is no provider's, or the model is not known for it" if _library.runs_in == "provider"

else := $"in {known.engine.title}" if known.engine

else := $"where the model runs: {said.at(_descriptor, _engine)}, which the catalogue does not know"

_one := $"one of {text.one_of(known.engine.structured_output)}" if count(known.engine.structured_output) > 0

else := "a library that the engine is known to have, or a row with `structured_output` in `engines` of your own catalogue"
