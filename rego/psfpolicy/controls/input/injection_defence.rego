# METADATA
# title: Injection defence
# description: |
#   Text that a user sends can carry instructions that override the deployer's.
#   A guard on the path that blocks such input, and that stops the request when it is itself unavailable, is the one
#   control that works whatever the model does. A guard that reads only retrieved text or tool results does not count here,
#   nor does one that is declared off the path. Redacting is partial: an instruction cut in half may still instruct.
# custom:
#   criterion: PSF-1.1
#   provenance: official
#   severity: critical
#   remediation: |
#     Put an injection guard in front of the model, blocking and failing closed:
#
#     inputs:
#       guards:
#         - {name: prompt-guard, model: meta-llama/Llama-Prompt-Guard-2-86M, chunking: true, detects: [injection, jailbreak], action: block, onPath: true, failClosed: true, hosting: self}
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-1-input-governance
#   good: |
#     inputs:
#       guards: [{name: g, evaluation: evals/g, detects: [injection], action: block, onPath: true, failClosed: true}]
#   bad: |
#     inputs:
#       guards: [{name: g, evaluation: evals/g, detects: [injection], action: flag, onPath: true, failClosed: true}]
package psfpolicy.controls.input.injection_defence

import data.psfpolicy.guarding
import data.psfpolicy.lib.guards

metadata := rego.metadata.chain()

_answer := guards.answer(
	["spec", "inputs", "guards"],
	guarding.inputs,
	{"detects": {"injection", "jailbreak"}, "scans": "user", "actions": {"block", "escalate"}},
)

places contains _answer.path

findings contains _answer
