# METADATA
# title: Fallback that was tried
# description: |
#   A fallback that was never tried is a hope: on the day, its quota, its prompts or its network rules are not ready.
#   The best fallback of any kind decides: tested within 180 days passes, tested longer ago or never is partial, and a test that lies
#   in the future fails. Its own flow must satisfy the declared regimes, also while it is not used: what the controls of residency say
#   of it, or a regime that bars third parties, counts here with the same status. A smaller model that is the model served, or a
#   second provider that is the one who runs the model already, is no fallback, and one that does not say which it is counts in part.
#   An empty list declares that there is none, and fails.
# custom:
#   provenance: guide
#   severity: high
#   remediation: |
#     Name what takes over when the vendor fails, and switch to it twice a year:
#
#     parties: [{id: other-cloud, name: Other Cloud GmbH, jurisdiction: DE}]
#     vendor:
#       fallbacks: [{name: other-cloud, kind: second-provider, model: llama-3.3-70b, operator: other-cloud, lastTested: 2026-09-14}]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/psf-domain-8-vendor-resilience
#   good: |
#     vendor:
#       fallbacks: [{name: small-model, kind: smaller-model, model: meta-llama/Llama-3.1-8B-Instruct, lastTested: 2026-09-14}]
#   bad: |
#     vendor:
#       fallbacks: [{name: small-model, kind: smaller-model, model: meta-llama/Llama-3.1-8B-Instruct, lastTested: 2025-09-14}]
package psfpolicy.controls.vendor.fallback

import data.psfpolicy.barred
import data.psfpolicy.controls.residency.agreements
import data.psfpolicy.controls.residency.egress_closed
import data.psfpolicy.controls.residency.location
import data.psfpolicy.controls.residency.operator
import data.psfpolicy.controls.residency.transfer
import data.psfpolicy.flows
import data.psfpolicy.lib.fallbacks
import data.psfpolicy.lib.status
import data.psfpolicy.lib.text
import data.psfpolicy.standins

metadata := rego.metadata.chain()

_answer := fallbacks.answer(object.get(input, "descriptor", {}), {
	"kinds": {"smaller-model", "second-provider", "degraded-mode", "previous-version"},
	"states": {"recent"},
	"wanted": "`lastTested` within 180 days",
	"today": input.today,
	"flaws": object.union(_flaws, standins.same),
})

places contains _answer.path

findings contains _answer

# What the controls of residency object to in each fallback's own flow.
_objections[finding.path[3]] contains {"control": control, "status": finding.status, "reads": finding.reads} if {
	some control, findings in {
		"residency-agreements": agreements.findings,
		"residency-egress-closed": egress_closed.findings,
		"residency-location": location.findings,
		"residency-operator": operator.findings,
		"residency-transfer": transfer.findings,
	}
	some finding in findings
	finding.path[2] == "fallbacks"
}

_objections[flow.path[3]] contains {"control": "data-third-party-egress", "status": "fail", "reads": flow.who} if {
	some flow in flows.all
	flow.kind == "fallback"
	barred.regimes[flow.state]
}

_flaws[index] := {"status": _worst(objecting), "told": told, "wanted": wanted, "reads": reads} if {
	some index, answers in _objections
	objecting := [answer | some answer in answers; answer.status != "pass"]
	told := _told({answer.control | some answer in objecting})
	wanted := {"a flow of its own that the regimes accept" | count(objecting) > 0}
	reads := sort({read | some answer in answers; some read in answer.reads})
}

_worst(objecting) := status.worst({"pass"} | {answer.status | some answer in objecting})

_told(controls) := "" if count(controls) == 0

_told(controls) := $", and {text.all_of(controls)} objects to its own flow" if count(controls) == 1

_told(controls) := $", and {text.all_of(controls)} object to its own flow" if count(controls) > 1
