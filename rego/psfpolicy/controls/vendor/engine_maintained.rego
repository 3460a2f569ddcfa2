# METADATA
# title: An engine that is maintained
# description: |
#   An engine that gets no more releases gets no more fixes, and falls behind the models that are worth serving.
#   What the catalogue says of the engine decides: maintained passes, maintenance mode is partial, and so is an engine that the
#   catalogue does not know. An engine that is not named fails. The control does not apply to someone else's engine.
# custom:
#   provenance: ours
#   severity: low
#   remediation: |
#     Serve with an engine that is maintained:
#
#     serving:
#       engine: {name: vllm}
#   references:
#     - https://www.productionai.institute/insights/psf-domain-8-vendor-resilience
#     - https://github.com/huggingface/text-generation-inference/commit/34988476cb2836bfc85b81f2d9407f304aa5e295
#   good: |
#     serving: {hosting: on-prem, engine: {name: vllm}}
#   bad: |
#     serving: {hosting: on-prem, engine: {name: tgi}}
package psfpolicy.controls.vendor.engine_maintained

import data.psfpolicy.known
import data.psfpolicy.lib.said
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_path := ["spec", "serving", "engine", "name"]

not_applicable := "the engine is someone else's" if terms.foreign_machines(_descriptor)

rests := {["spec", "serving", "hosting"]}

places contains _path

findings contains object.union(_answer, {"path": _path, "reads": [["spec", "serving", "hosting"], _path]})

_maintained := known.engine.maintained

_answer := {"status": "pass", "message": $"{known.engine.title} is maintained"} if _maintained.status == "maintained"

else := {"status": "partial", "message": message} if {
	_maintained.status
	message := $"{known.engine.title} is in {replace(_maintained.status, "-", " ")}{_since}; wanted: an engine that is maintained{_as}"
}

else := {"status": "fail", "message": $"{said.at(_descriptor, _path)}; wanted: the name of the engine"} if {
	not _descriptor.spec.serving.engine.name
}

else := {"status": "partial", "message": message} if {
	message := $"{said.at(_descriptor, _path)}, of which the catalogue does not say whether it is maintained; wanted: {_row}"
}

_row := "an engine that it knows, or a row with `maintained` in `engines` of your own catalogue"

default _as := ""

_as := $", as {text.one_of(_maintained.instead)}" if _maintained.instead

default _since := ""

_since := $" since {_maintained.since}" if _maintained.since
