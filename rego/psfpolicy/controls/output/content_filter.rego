# METADATA
# title: Content filter
# description: |
#   Harmful output hurts whoever reads it, whatever the request was.
#   A guard on the path must detect `unsafe-content` in the output, block or redact it, and hold the output back when it is itself
#   unavailable. The control does not apply to an internal audience with low consequence, when both are declared.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Put a content guard behind the model, blocking and failing closed:
#
#     outputs:
#       guards:
#         - {name: hazards-out, model: meta-llama/Llama-Guard-3-8B, detects: [unsafe-content], action: block, onPath: true, failClosed: true}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-2-output-validation
#   good: |
#     outputs:
#       guards: [{name: g, evaluation: evals/g, detects: [unsafe-content], action: block, onPath: true, failClosed: true}]
#   bad: |
#     outputs:
#       guards: [{name: g, evaluation: evals/g, detects: [unsafe-content], action: flag, onPath: true, failClosed: true}]
package psfpolicy.controls.output.content_filter

import data.psfpolicy.guarding
import data.psfpolicy.lib.guards
import data.psfpolicy.lib.terms

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_answer := guards.answer(
	["spec", "outputs", "guards"],
	guarding.outputs,
	{"detects": {"unsafe-content"}, "actions": {"block", "redact"}},
)

not_applicable := "`spec.purpose` declares `audience: internal` and `consequence: low`" if {
	_descriptor.spec.purpose.audience == "internal"
	terms.consequence(_descriptor) == "low"
}

rests := {["spec", "purpose", "audience"], ["spec", "purpose", "consequence"]}

places contains _answer.path

findings contains object.union(_answer, {"reads": reads}) if {
	reads := array.concat(_answer.reads, [["spec", "purpose", "audience"], ["spec", "purpose", "consequence"]])
}
