# METADATA
# title: Personal data in outputs
# description: |
#   A model repeats what stood in its context and what it remembers of its training, other people's data included.
#   A guard on the path of every response that blocks or redacts personal data, and stops the response when it is itself
#   unavailable, is the last place to hold it back. An action of `escalate` counts in part: a person then reads the data.
# custom:
#   provenance: assessment
#   severity: critical
#   remediation: |
#     Put a guard for personal data behind the model, redacting or blocking and failing closed:
#
#     outputs:
#       guards:
#         - {name: pii-out, model: presidio, evaluation: evals/pii-out, detects: [pii], action: redact, onPath: true, failClosed: true, hosting: self}
#   references:
#     - https://www.productionai.institute/insights/llama-3-1-70b-psf-assessment
#     - https://www.productionai.institute/certify/framework
#     - https://productionai.institute/insights/psf-domain-3-data-protection
#   good: |
#     data:
#       categories: [pii]
#     outputs:
#       guards: [{name: g, evaluation: evals/g, detects: [pii], action: redact, onPath: true, failClosed: true}]
#   bad: |
#     data:
#       categories: [pii]
#     outputs:
#       guards: [{name: g, evaluation: evals/g, detects: [pii], action: flag, onPath: true, failClosed: true}]
package psfpolicy.controls.data.pii_in_outputs

import data.psfpolicy.guarding
import data.psfpolicy.lib.guards
import data.psfpolicy.lib.terms

metadata := rego.metadata.chain()

default _descriptor := {}

_descriptor := input.descriptor

_answer := guards.answer(
	["spec", "outputs", "guards"],
	guarding.outputs,
	{"detects": {"pii"}, "actions": {"block", "redact"}},
)

not_applicable := "`spec.data.categories` declares no personal data" if terms.no_personal_data(_descriptor)

rests := {["spec", "data", "categories"]}

places contains _answer.path

findings contains object.union(_answer, {"reads": array.concat([["spec", "data", "categories"]], _answer.reads)})
