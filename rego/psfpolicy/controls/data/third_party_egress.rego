# METADATA
# title: No data to third parties
# description: |
#   What has gone to another company is kept, read and handed over by its rules; a contract limits that, and takes nothing back.
#   Each flow that carries prompts, responses, logs or traces is judged. One that a third party operates is partial with a DPA in
#   force, and a BAA as well where `phi` is declared, and fails without. Under a regime such as `no-third-party-egress` or
#   `on-prem-only` no agreement helps, and under the second the party that rents out the machines counts, which is otherwise a
#   processor of what it stores and carries. A flow that nobody is said to run fails, and so does a service of another party that is
#   said to be run by `self`: leaving a key out must not be worth more than saying who it is. A regime that the catalogue does not know may object, so the control then applies.
# custom:
#   provenance: assessment
#   severity: critical
#   remediation: |
#     Run it yourself, or say who runs it and agree on how the data is processed:
#
#     inputs:
#       guards: [{name: injection, detects: [injection], hosting: self}]
#   references:
#     - https://www.productionai.institute/certify/framework
#     - https://www.productionai.institute/insights/llama-3-1-70b-psf-assessment
#   good: |
#     inputs:
#       guards: [{name: injection, detects: [injection], hosting: self}]
#   bad: |
#     inputs:
#       guards: [{name: injection, detects: [injection], hosting: third-party}]
package psfpolicy.controls.data.third_party_egress

import data.psfpolicy.barred
import data.psfpolicy.contracts
import data.psfpolicy.flows
import data.psfpolicy.lib.terms
import data.psfpolicy.lib.text
import data.psfpolicy.residency

metadata := rego.metadata.chain()

not_applicable := "the data is `public` and not personal, and no declared regime objects to third parties" if {
	input.descriptor.spec.data.classification == "public"
	terms.no_personal_data(input.descriptor)
	count(residency.unknown) == 0
	count(barred.asking) == 0
}

rests := {["spec", "data", "categories"], ["spec", "data", "classification"], ["spec", "regimes"]}

places contains ["spec", "serving"] if count(_verdicts) == 0

places contains path if {
	some state, _ in _verdicts
	some path, _ in flows.sharing[state]
}

findings := [finding |
	some state, verdict in _verdicts
	some path, flow in flows.sharing[state]
	finding := {
		"path": path,
		"status": verdict.status,
		"message": $"{flow.subject} {verdict.told}",
		"reads": array.flatten([flow.what, flow.who, _general, verdict.reads]),
	}
] if {
	count(_verdicts) > 0
} else := [{"path": ["spec", "serving"], "status": "fail", "message": message, "reads": [["spec", "serving"]]}] if {
	message := "`spec.serving` is missing, so that no flow is known; wanted: who runs the model"
}

_general := [
	["spec", "data", "classification"], ["spec", "data", "categories"],
	["spec", "regimes"], ["spec", "serving", "hosting"], ["spec", "serving", "operator"],
]

_verdicts[state] := {"status": status, "told": $"carries {text.all_of(state.carries)}{told}", "reads": reads} if {
	some state in flows.states
	count(flows.data_of(state)) > 0
	[status, told, reads] := _answer(state.role, state, object.get(barred.regimes, [state], set()))
}

_answer("self", _, _) := ["pass", " and is run by `self`", []]

_answer(null, state, _) := ["fail", $", and {state.unsaid}; wanted: its `operator`, one of `spec.parties`{_or_own(state)}", []]

# What is said to be run by `self` already needs no such advice.
_or_own(state) := "" if state.unsaid != flows.nobody

_or_own(state) := $", or {_own[state.served]}" if state.unsaid == flows.nobody

_answer(role, state, objecting) := ["fail", $" to {_whom(state)}, and under {text.all_of(objecting)} no agreement mends that; wanted: one's own", []] if {
	role in ["processor", "third-party"]
	count(objecting) > 0
}

_answer("processor", state, objecting) := ["pass", $" and is run on machines of {_whom(state)}", []] if count(objecting) == 0

_answer("third-party", state, objecting) := [_status(lacking), told, contracts.reads] if {
	count(objecting) == 0
	party := state.operator
	kinds := {"dpa"} | {"baa" | terms.has_category(input.descriptor, "phi")}
	lacking := contracts.lacking(party, kinds)
	told := $" to the third party `{party}`: {text.joined(contracts.told(party, kinds))}; wanted: {_own[state.served]}{_or(lacking)}"
}

_own := {true: "a model that is run here", false: "`hosting: self`"}

_whom(state) := $"`{state.operator}`" if state.operator != null

_whom(state) := "a party that is not said" if state.operator == null

_status(lacking) := "partial" if count(lacking) == 0

_status(lacking) := "fail" if count(lacking) > 0

_or(lacking) := "" if count(lacking) == 0

_or(lacking) := $", or at least {text.all_of(lacking)} in force" if count(lacking) > 0
