# METADATA
# title: Content classification
# description: |
#   A request that asks for something harmful is best turned away before the model answers it.
#   A guard on the path must detect `unsafe-content` in what the user sends, block or escalate it, and stop the request when it is
#   itself unavailable. A guard that reads only retrieved text or tool results does not count here, nor one off the path.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Put a content guard in front of the model, blocking and failing closed:
#
#     inputs:
#       guards:
#         - {name: hazards, detects: [unsafe-content], action: block, onPath: true, failClosed: true}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-1-input-governance
#   good: |
#     inputs:
#       guards: [{name: g, detects: [unsafe-content], action: block, onPath: true, failClosed: true}]
#   bad: |
#     inputs:
#       guards: [{name: g, detects: [unsafe-content], action: block, onPath: true, failClosed: false}]
package psfpolicy.controls.input.content_classification

import data.psfpolicy.lib.guards

metadata := rego.metadata.chain()

_answer := guards.answer(
	["spec", "inputs", "guards"],
	[guard | some guard in input.descriptor.spec.inputs.guards],
	{"detects": {"unsafe-content"}, "scans": "user", "actions": {"block", "escalate"}},
)

places contains _answer.path

findings contains _answer
