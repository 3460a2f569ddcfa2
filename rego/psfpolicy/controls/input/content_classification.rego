# METADATA
# title: Content classification
# description: |
#   A request that asks for something harmful is best turned away before the model answers it.
#   A guard on the path must detect `unsafe-content` in what the user sends, block or escalate it, and stop the request when it is
#   itself unavailable. The native moderation of a model behind a hosted API does as well, where the catalogue or the user's own knows of
#   it; of one whose moderation is not known, the guard decides. A guard that reads only retrieved text or tool results does not count
#   here, nor one off the path.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Put a content guard in front of the model, blocking and failing closed:
#
#     inputs:
#       guards:
#         - {name: hazards, model: meta-llama/Llama-Guard-3-8B, chunking: true, detects: [unsafe-content], action: block, onPath: true, failClosed: true}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-1-input-governance
#   good: |
#     inputs:
#       guards: [{name: g, evaluation: evals/g, detects: [unsafe-content], action: block, onPath: true, failClosed: true}]
#   bad: |
#     inputs:
#       guards: [{name: g, evaluation: evals/g, detects: [unsafe-content], action: block, onPath: true, failClosed: false}]
package psfpolicy.controls.input.content_classification

import data.psfpolicy.guarding
import data.psfpolicy.known
import data.psfpolicy.lib.guards
import data.psfpolicy.lib.terms

metadata := rego.metadata.chain()

_guard := guards.answer(
	["spec", "inputs", "guards"],
	guarding.inputs,
	{"detects": {"unsafe-content"}, "scans": "user", "actions": {"block", "escalate"}},
)

_model := ["spec", "model", "id"]

_moderated if {
	terms.hosted_api(input.descriptor)
	known.model.native_moderation == true
}

# A guard that counts in full comes first; whatever falls short of it, the provider's moderation makes up for.
_answer := {"path": _model, "status": "pass", "message": message, "reads": reads} if {
	_guard.status != "pass"
	_moderated
	message := $"{known.model.title} moderates what it is asked, behind its hosted API"
	reads := array.concat([_model, ["spec", "serving", "hosting"]], _guard.reads)
}

else := object.union(_guard, {"message": message, "reads": reads}) if {
	_guard.status != "pass"
	terms.hosted_api(input.descriptor)
	not known.model.native_moderation == false
	id := object.get(input.descriptor.spec, ["model", "id"], "the model")
	message := $"{_guard.message}; or a row with `native_moderation` of `{id}` in `models` of your own catalogue"
	reads := array.concat([_model, ["spec", "serving", "hosting"]], _guard.reads)
}

else := _guard

places contains _answer.path

findings contains _answer
